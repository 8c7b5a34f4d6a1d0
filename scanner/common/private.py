"""Files and folders that only their owner may read.

History and reports are an attacker's map of the department (DESIGN, promise 10):
files are created with mode 0600 and folders with 0700, whatever the umask says.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(path: Path, marks: Container[str] | None = None) -> Path:
    """Create `path` (and parents) with mode 0700 and give it back.

    A folder that was there already is closed to others too, but only if it is plainly for
    this purpose: where `marks` is given, it must be empty or hold a file of such a name
    (`--output .` must not change the mode of somebody's working folder). Shared folders
    (sticky bit, such as `/tmp`) and other people's are left as they are: the files inside
    are 0600 in any case. Raises OSError if it cannot be created.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    if missing:
        path.chmod(FOLDER_MODE)
    elif marks is None or _is_for_this(path, marks):
        found = path.stat()
        ours = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        if ours and found.st_mode & 0o077 and not found.st_mode & 0o1000:
            path.chmod(FOLDER_MODE)
    return path


def _is_for_this(folder: Path, marks: Container[str]) -> bool:
    names = [entry.name for entry in folder.iterdir()]
    return not names or any(name in marks for name in names)


def touch(path: Path) -> None:
    """Make sure that a file exists and that only its owner may read it."""
    flags = os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        if hasattr(os, "fchmod") and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, mode 0600; a reader sees the old file or the new one whole."""
    # mkstemp creates with 0600; same folder, because rename does not cross file systems.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
