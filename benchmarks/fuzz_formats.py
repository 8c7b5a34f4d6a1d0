"""Mutated files of every format, read as a scan reads them: `python benchmarks/fuzz_formats.py [--each 170] [NAME…]`.

Each sample of `tests/extractors` is damaged `--each` times with the seeds `NAME/0`, `NAME/1`, … (the same for everybody), and
`--megabytes` times blown up to a megabyte. Workers are processes: a crash, a hang or an exception costs one file, and its name
and seed are printed, so that `--one NAME SEED` repeats it. Exit 1 if there was any.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import select
import subprocess
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SECONDS = 30
"""CPU seconds one small file may take."""
_SILENCE = 240
"""Seconds without a word after which a worker is taken to hang."""


@dataclasses.dataclass
class Tally:
    """What became of one format's mutated files."""

    files: int = 0
    slowest: float = 0.0
    peak_mib: float = 0.0
    faults: list[str] = dataclasses.field(default_factory=list)


def names() -> list[str]:
    from tests.extractors import samples, samples_more

    return [*samples.GOOD, *samples.ENCRYPTED, *samples_more.NAMED, *samples_more.PICTURES]


def sample(name: str) -> bytes:
    from tests.extractors import samples, samples_more

    return {**samples.GOOD, **samples.ENCRYPTED, **samples_more.NAMED, **samples_more.PICTURES}[name]()


def _read(name: str, seed: str, large: bool) -> float:
    """CPU seconds. Raises what the reader should not."""
    from scanner.contracts import Limits
    from tests.extractors import mutations
    from tests.extractors.reading import read

    data = (mutations.megabyte if large else mutations.mutated)(sample(name), seed)
    limits = Limits(archive_bytes=64 * 1024 * 1024, object_bytes=16 * 1024 * 1024, ocr_pages=1)
    began = time.process_time()
    # every second time without its name, so that only the content tells what it is
    read(data, name if hash_free(seed) else "file", limits)
    return time.process_time() - began


def hash_free(seed: str) -> bool:
    return sum(seed.encode()) % 2 == 0


def worker(name: str, first: int, count: int, large: bool) -> None:
    """One line for each file: its number, CPU seconds, peak memory; or the exception."""
    from scanner.deadline import Deadline, UnitTimeout

    for number in range(first, first + count):
        seed = f"{name}/{number}" + ("/1MB" if large else "")
        said: dict[str, object] = {"number": number}
        try:
            with Deadline(SECONDS):
                said["seconds"] = _read(name, seed, large)
        except UnitTimeout:
            said["fault"] = f"hung for {SECONDS} s"
        except BaseException as error:  # noqa: BLE001 - what nobody expects is what is looked for
            where = traceback.extract_tb(error.__traceback__)[-1]
            said["fault"] = f"{type(error).__name__} in {pathlib.Path(where.filename).name}:{where.lineno}"
        status = pathlib.Path("/proc/self/status").read_text("ascii", "replace")
        said["peak"] = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        print(json.dumps(said), flush=True)


def fuzz(name: str, count: int, large: bool) -> Tally:
    """`count` mutated files of one sample, in worker processes."""
    tally, at = Tally(), 0
    while at < count:
        command = [sys.executable, __file__, "--worker", name, str(at), str(count - at), str(int(large))]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        while at < count:
            ready, _, _ = select.select([process.stdout], [], [], _SILENCE)
            line = process.stdout.readline() if ready else ""
            if not line:
                break
            said = json.loads(line)
            at = said["number"] + 1
            tally.files += 1
            tally.slowest = max(tally.slowest, said.get("seconds", 0.0))
            tally.peak_mib = max(tally.peak_mib, said["peak"])
            if "fault" in said:
                tally.faults.append(f"{name} {said['number']}: {said['fault']}")
        process.kill()
        code = process.wait()
        if at < count:
            tally.faults.append(f"{name} {at}: {'crashed' if ready else 'hung'} (exit {code})")
            tally.files += 1
            at += 1
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="samples (default: all)")
    parser.add_argument("--each", type=int, default=170, help="mutated files of each sample")
    parser.add_argument(
        "--megabytes", type=int, default=5, help="mutated files of one megabyte of each sample"
    )
    parser.add_argument(
        "--one", nargs=2, metavar=("NAME", "NUMBER"), help="repeat one file here, with its traceback"
    )
    parser.add_argument("--large", action="store_true", help="with --one: the megabyte variant")
    parser.add_argument("--out", type=pathlib.Path, help="write the tallies as JSON")
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        name, first, count, large = options.worker
        worker(name, int(first), int(count), large == "1")
        return 0
    if options.one:
        name, number = options.one
        print(f"{_read(name, f'{name}/{number}' + ('/1MB' if options.large else ''), options.large):.2f} s")
        return 0
    tallies: dict[str, dict[str, object]] = {}
    faults: list[str] = []
    for name in options.names or names():
        small, large = fuzz(name, options.each, False), fuzz(name, options.megabytes, True)
        tallies[name] = {"small": dataclasses.asdict(small), "large": dataclasses.asdict(large)}
        faults += small.faults + large.faults
        print(f"{name}: {small.files} + {large.files} files, slowest {small.slowest:.1f} s and {large.slowest:.1f} s, "
              f"peak {max(small.peak_mib, large.peak_mib):.0f} MiB, {len(small.faults) + len(large.faults)} faults",
              flush=True)  # fmt: skip
        for fault in small.faults + large.faults:
            print("   ", fault, flush=True)
    total = sum(t[k]["files"] for t in tallies.values() for k in ("small", "large"))  # type: ignore[index]
    print(f"{total:,} files, {len(faults)} faults")
    if options.out:
        options.out.write_text(json.dumps(tallies, indent=1), "utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
