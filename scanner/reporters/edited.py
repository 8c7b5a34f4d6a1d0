"""Somebody's edits in an earlier report are never overwritten: the file is put beside, under a name of its own.

What was written last is known by a record in the folder (`.dpscan-written.json`: file name to SHA-256). A
file that is there and is not as it was written was edited, or is somebody else's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from scanner.common.private import write_atomically

RECORD = ".dpscan-written.json"
MARK = ".edited-"
"""In the name of every file that was put beside."""


def put_beside(folder: Path, names: Iterable[str]) -> list[str]:
    """Rename the files of these names that were edited; the new paths. The others may be overwritten."""
    written = _record(folder)
    kept = []
    for name in names:
        path = folder / name
        if path.exists() and written.get(name) != digest(path):
            beside = _free(path)
            path.rename(beside)
            kept.append(str(beside))
    return kept


def note(folder: Path, paths: Iterable[str | Path]) -> str:
    """Remember these files as they are now: as written, or as taken in by `dpscan import`. Gives the
    path of the record."""
    written = _record(folder) | {Path(path).name: digest(Path(path)) for path in paths}
    write_atomically(folder / RECORD, json.dumps(written, indent=1, sort_keys=True).encode("utf-8"))
    return str(folder / RECORD)


def taken_in(path: Path) -> None:
    """The edits of this report are in the history: it may be overwritten now."""
    if path.name in _record(path.parent):
        note(path.parent, [path])


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _free(path: Path) -> Path:
    """`findings.edited-20260302-0915.csv`, by when it was last saved; numbered where that is taken."""
    saved = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    stem = f"{path.stem}{MARK}{saved:%Y%m%d-%H%M}"
    number, beside = 1, path.with_name(f"{stem}{path.suffix}")
    while beside.exists():
        number += 1
        beside = path.with_name(f"{stem}-{number}{path.suffix}")
    return beside
