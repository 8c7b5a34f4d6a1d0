"""A walk through a folder that never leaves it, and says what it did not see."""

from __future__ import annotations

import dataclasses
import enum
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from scanner.connectors.files.mounts import kernel_folders

OWN_REPORTS = "dpscan-report"


class Kind(enum.Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    SPECIAL = "pipe, socket or device"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    path: str
    kind: Kind
    status: os.stat_result


@dataclasses.dataclass(frozen=True, slots=True)
class Unseen:
    """A folder that could not be listed, or a name whose facts could not be asked for."""

    path: str
    error: OSError
    folder: os.stat_result | None
    """Of the folder that could not be listed (None: of a name)."""


class Left(enum.Enum):
    """Folders left out on purpose."""

    OWN_REPORTS = "dpscan's own reports are not scanned"
    KERNEL = "file systems that the kernel makes up are not scanned"


def walk(root: Path) -> Iterator[Entry | Unseen | Left]:
    """Everything below `root` in a fixed order, parents first, without following links.

    An own stack instead of recursion: a share can be nested deeper than Python's stack.
    """
    made_up = kernel_folders()
    stack: list[tuple[str, os.stat_result | None]] = [(str(root), None)]
    while stack:
        folder, status = stack.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Unseen(folder, error, status if status is not None else _status(folder))
            continue
        below: list[tuple[str, os.stat_result | None]] = []
        for found in entries:
            try:
                entry = _entry(found)
            except FileNotFoundError:
                continue  # gone between listing and asking: never was part of the population
            except OSError as error:
                yield Unseen(found.path, error, None)
                continue
            if entry.kind is Kind.FOLDER:
                if found.name == OWN_REPORTS:
                    yield Left.OWN_REPORTS
                    continue
                if found.path in made_up:
                    yield Left.KERNEL
                    continue
                below.append((found.path, entry.status))
            yield entry
        stack.extend(reversed(below))


def _entry(found: os.DirEntry[str]) -> Entry:
    status = found.stat(follow_symlinks=False)
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return Entry(found.path, Kind.FILE, status)
    if stat.S_ISDIR(mode):
        return Entry(found.path, Kind.FOLDER, status)
    return Entry(found.path, Kind.LINK if stat.S_ISLNK(mode) else Kind.SPECIAL, status)


def _status(folder: str) -> os.stat_result | None:
    try:
        return Path(folder).stat()
    except OSError:
        return None
