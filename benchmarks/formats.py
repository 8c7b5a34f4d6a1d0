"""How fast each format is read: `python benchmarks/formats.py [--megabytes 8] [NAME…]` writes the table of speeds in docs/formats.md.

For each format a file of about `--megabytes` is made (synthetic people), and three things are measured in CPU seconds, each in
a process of its own: the bare library reading it to strings; dpscan reading it to fragments; dpscan reading it and detecting
what is in it. Subprocesses (the OCR engine) count. Speeds are of the file's size as it lies on the disk.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from format_files import MAKERS  # noqa: E402
from format_libraries import LIBRARIES  # noqa: E402

PAGE = ROOT / "docs" / "formats.md"
START, END = "<!-- speed:start -->", "<!-- speed:end -->"


def _cpu() -> float:
    """CPU seconds of this process and of those it started."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measure(what: str, name: str, path: str) -> dict[str, float]:
    """CPU seconds of one reading, imports and the detector's warm-up left out."""
    from scanner import Detector
    from scanner.collect import Collector
    from scanner.contents import open_content, read_content
    from scanner.contracts import Limits
    from scanner.model import Gap, Place

    small = pathlib.Path(path).parent / "small" / pathlib.Path(path).name
    detector = Detector()
    detector.columns({"email": ["ada@example.com"] * 50, "name": ["Ada Synthetic"] * 50})
    detector.text(["Please write to Ada Synthetic at ada@example.com."] * 20)

    def ours(file: pathlib.Path, detect: bool) -> int:
        pages = 0
        collector = Collector(detector, b"k" * 32)
        limits = Limits(ocr_pages=10_000)
        with file.open("rb") as opened:
            for item in read_content(
                open_content(opened, file.name, Place((("object", name),)), file.stat().st_size, limits)
            ):
                assert not isinstance(item, Gap), item.detail
                pages += any(kind == "page" for kind, _ in item.place.steps)
                if detect:
                    collector.add(item)
        collector.tallies()
        return pages

    if what == "library":
        LIBRARIES[name](small)
        began = _cpu()
        LIBRARIES[name](pathlib.Path(path))
        return {"seconds": _cpu() - began, "pages": 0}
    ours(small, what == "detect")
    began = _cpu()
    pages = ours(pathlib.Path(path), what == "detect")
    return {"seconds": _cpu() - began, "pages": pages}


def _apart(what: str, name: str, path: pathlib.Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", what, name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}, {what}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def row(name: str, megabytes: float, folder: pathlib.Path) -> str:
    maker = MAKERS[name]
    path, small = folder / f"file{maker.suffix}", folder / "small" / f"file{maker.suffix}"
    small.parent.mkdir()
    path.write_bytes(maker.make(megabytes))
    small.write_bytes(maker.make(0.02))
    size = path.stat().st_size / 1e6
    library = _apart("library", name, path) if name in LIBRARIES else None
    read, detect = _apart("read", name, path), _apart("detect", name, path)
    pages = read["pages"] if maker.pages else 0

    def speed(measured: dict[str, float]) -> str:
        seconds = max(measured["seconds"], 0.001)
        said = f"{size / seconds:,.1f} MB/s" if not pages or size / seconds >= 0.1 else ""
        return ", ".join(filter(None, (said, f"{pages / seconds:,.1f} pages/s" if pages else "")))

    bare = f"{maker.reader}: {speed(library)}" if library else "–"
    times = f"{detect['seconds'] / max(library['seconds'], 0.001):.1f} ×" if library else "–"
    return f"| {name} | {size:.1f} | {bare} | {speed(read)} | {speed(detect)} | {times} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="formats (default: all, and the page is written)")
    parser.add_argument("--megabytes", type=float, default=8.0)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*options.measure)))
        return 0
    lines = ["| Format | MB | Bare library | dpscan, reading | dpscan, reading and detecting | of the library's time |",
             "|---|--:|---|---|---|--:|"]  # fmt: skip
    for name in options.names or MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(row(name, options.megabytes, pathlib.Path(folder)))
        print(lines[-1], flush=True)
    if not options.names:
        before, _, rest = PAGE.read_text("utf-8").partition(START)
        made = "\n".join(lines)
        PAGE.write_text(f"{before}{START}\n{made}\n{END}{rest.partition(END)[2]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
