"""Files at the limits: `python benchmarks/format_limits.py` writes their table in docs/formats.md.

An archive of a million members, archives ten levels deep, decompression bombs and a text of a gigabyte are made in a temporary
folder and read as a scan reads them, each in a process of its own: what came of it, CPU seconds, and the peak of memory.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "formats.md"
START, END = "<!-- limits:start -->", "<!-- limits:end -->"
NOTE = b"Please write to ada@example.com.\n"


def million_zip(path: pathlib.Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(1_000_000):
            archive.writestr(zipfile.ZipInfo(f"{i // 1000}/{i}.txt"), NOTE)


def deep(levels: int) -> Callable[[pathlib.Path], None]:
    def make(path: pathlib.Path) -> None:
        data = NOTE
        for level in range(levels):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{level}.zip" if level else "letter.txt", data)
            data = out.getvalue()
        path.write_bytes(data)

    return make


def ratio_bomb(path: pathlib.Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.txt", NOTE)
        with archive.open("zeros.txt", "w", force_zip64=True) as member:
            for _ in range(4096):
                member.write(bytes(1024 * 1024))


def gzip_bomb(path: pathlib.Path) -> None:
    with gzip.open(path, "wb", 9) as file:
        for _ in range(2048):
            file.write(bytes(1024 * 1024))


def nested_bomb(path: pathlib.Path) -> None:
    """Archives of archives: each level ten times as wide, no member suspicious by itself."""
    import random

    data = random.Random(1).randbytes(200_000).hex().encode()
    for level in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if level else zipfile.ZIP_DEFLATED) as archive:
            for i in range(10):
                archive.writestr(f"{i}.zip" if level else f"{i}.txt", data)
        data = out.getvalue() if level == 0 else data
        if level:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
                for i in range(10):
                    archive.writestr(f"{i}.zip", data)
            data = packed.getvalue()
    path.write_bytes(data)


def long_text(path: pathlib.Path) -> None:
    block = (NOTE + b"nothing to see in this line of the log, nor in the next\n" * 40) * 400
    with path.open("wb") as file:
        for _ in range(2**30 // len(block)):
            file.write(block)


CASES: dict[str, tuple[str, Callable[[pathlib.Path], None]]] = {
    "ZIP of a million members": ("x.zip", million_zip),
    "ZIP in ZIP, ten levels": ("x.zip", deep(10)),
    "ZIP in ZIP, twelve levels": ("x.zip", deep(12)),
    "ZIP with a member of 4 GB of zeros": ("x.zip", ratio_bomb),
    "GZ of 2 GB of zeros": ("x.log.gz", gzip_bomb),
    "ZIPs in ZIPs, 40 GB in all": ("x.zip", nested_bomb),
    "Log of 1 GB, all of it": ("x.log", long_text),
}


def measure(path: pathlib.Path) -> dict[str, object]:
    from scanner.contents import open_content, read_content
    from scanner.contracts import Limits
    from scanner.model import Gap, Place

    began, fragments, gaps = time.process_time(), 0, []
    with path.open("rb") as file:
        for item in read_content(
            open_content(file, path.name, Place((("object", "x"),)), path.stat().st_size, Limits())
        ):
            if isinstance(item, Gap):
                gaps.append(f"{item.reason.name}: {item.detail}")
            else:
                fragments += 1
    status = pathlib.Path("/proc/self/status").read_text("ascii", "replace")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return {"fragments": fragments, "gaps": gaps, "seconds": time.process_time() - began, "peak": peak}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    lines = ["| File | Size, MB | What came of it | CPU s | Peak memory, MiB |", "|---|--:|---|--:|--:|"]
    for what, (name, make) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, name)
            make(path)
            size = path.stat().st_size / 1e6
            done = subprocess.run(
                [sys.executable, __file__, "--measure", path], capture_output=True, text=True, check=True
            )
        said = json.loads(done.stdout)
        came = f"{said['fragments']:,} texts read"
        if said["gaps"]:
            came += "; " + "; ".join(dict.fromkeys(said["gaps"]))
        lines.append(f"| {what} | {size:,.1f} | {came} | {said['seconds']:.1f} | {said['peak']:.0f} |")
        print(lines[-1], flush=True)
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    made = "\n".join(lines)
    PAGE.write_text(f"{before}{START}\n{made}\n{END}{rest.partition(END)[2]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
