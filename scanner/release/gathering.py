"""Which files a command line names: files as given, folders walked, lock files left out."""

from __future__ import annotations

import dataclasses
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from scanner.errors import ConfigError

LOCKS = ("~$", ".~lock.")
"""Beginnings of names that Office and LibreOffice give to the lock beside an open file."""
_NOISE = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclasses.dataclass(slots=True)
class Gathered:
    files: list[tuple[Path, str]]
    """(path to open, name as the operator gave it)."""
    skipped: list[str]


def gather(names: Iterable[str], leave_out: Iterable[Path] = ()) -> Gathered:
    """Raises ConfigError for a name that is not there."""
    out = Gathered([], [])
    missing = []
    avoid = {p.resolve() for p in leave_out}
    for name in names:
        path = Path(name)
        if not path.exists():
            missing.append(f"{name}: no such file or folder")
        elif path.is_dir():
            for found in sorted(_walk(path)):
                if not any(found.resolve().is_relative_to(a) for a in avoid):
                    _take(out, found)
        else:
            _take(out, path)
    if missing:
        raise ConfigError(*missing)
    return out


def _walk(folder: Path) -> Iterator[Path]:
    """Every ordinary file below; links to folders are not followed, so there is no circle."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        folders[:] = [f for f in folders if f not in (".git", "__MACOSX")]
        yield from (Path(root) / name for name in names)


def _take(out: Gathered, path: Path) -> None:
    name = path.name
    if name.startswith(LOCKS):
        other = name.removeprefix("~$") if name.startswith("~$") else name.removeprefix(".~lock.").rstrip("#")
        out.skipped.append(
            f"{path}: the lock of “{other}”, which is open in another program: close it there and run again"
        )
    elif name in _NOISE:
        out.skipped.append(f"{path}: written by the file manager, not part of the release")
    elif _is_odd(path):
        out.skipped.append(f"{path}: not an ordinary file")
    else:
        out.files.append((long_path(path), str(path)))


def _is_odd(path: Path) -> bool:
    """True for pipes, sockets and devices: opening one could wait for ever."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # opening it will say why not
    return not stat.S_ISREG(mode)


def long_path(path: Path) -> Path:
    """On Windows, the form that may be longer than 260 characters."""
    if sys.platform == "win32":
        full = str(path.resolve())
        if len(full) >= 248 and not full.startswith("\\\\?\\"):
            return Path("\\\\?\\UNC\\" + full[2:] if full.startswith("\\\\") else "\\\\?\\" + full)
    return path
