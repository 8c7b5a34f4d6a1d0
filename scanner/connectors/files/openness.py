"""Which files and folders every local account can read or write, as far as it can be seen."""

from __future__ import annotations

import dataclasses
import os
import stat
from pathlib import Path

from scanner.connectors.files.walk import Entry, Kind, Unseen, walk


@dataclasses.dataclass
class Openness:
    read: int = 0
    write: int = 0
    total: int = 0
    unseen: int = 0
    """Folders that others may enter and this account cannot list, and names that it cannot ask about."""


def openness(root: Path) -> Openness:
    """Counts over root and all below it; a folder closed to others hides what is in it. Raises OSError
    if the root itself cannot be seen."""
    found = Openness()
    status = root.stat()
    _count(found, status.st_mode)
    open_folders = {str(root)} if status.st_mode & stat.S_IXOTH else set()
    if not stat.S_ISDIR(status.st_mode):
        return found
    for item in walk(root):
        if isinstance(item, Unseen):
            # What is inside may be open to all; a folder closed to others is closed whatever is in it.
            inside = item.path if item.folder is not None else os.path.dirname(item.path)  # noqa: PTH120 - per file
            enterable = item.folder is None or bool(item.folder.st_mode & stat.S_IXOTH)
            found.unseen += enterable and inside in open_folders
        elif isinstance(item, Entry) and item.kind is not Kind.LINK:
            # (A link's bits mean nothing; what it points to counts where it lies.)
            mode = item.status.st_mode
            if os.path.dirname(item.path) not in open_folders:  # noqa: PTH120 - per file: Path costs seconds
                found.total += 1
                continue
            if item.kind is Kind.FOLDER and mode & stat.S_IXOTH:
                # Without the search bit the entries inside cannot be reached, whatever their bits.
                open_folders.add(item.path)
            _count(found, mode)
    return found


def _count(found: Openness, mode: int) -> None:
    found.total += 1
    found.read += bool(mode & stat.S_IROTH)
    # In a sticky folder (/tmp) others cannot replace files, yet they can add some.
    found.write += bool(mode & stat.S_IWOTH)
