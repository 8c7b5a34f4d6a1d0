"""One file to one `FileResult`: runs in the worker process, the only place with content."""

from __future__ import annotations

import errno
from pathlib import Path

from scanner.contracts import Detects
from scanner.errors import ReadError
from scanner.model import Gap, GapReason
from scanner.release.judging import Judge
from scanner.release.looking import look
from scanner.release.pieces import Where, gap_at
from scanner.release.results import FileResult, Seen


def inspect(path: Path, shown: str, detector: Detects) -> FileResult:
    """Look through one file. `shown`: its name as the operator gave it. Never raises for what a file holds."""
    judge = Judge(detector)
    inventory: dict[str, int] = {}
    kind, size = "", 0
    seen: tuple[Seen, ...] = ()
    gaps: list[Gap] = []
    try:
        size = path.stat().st_size
        for piece in look(path, inventory):
            if isinstance(piece, str):
                kind = piece
            else:
                judge.take(piece)
        seen = judge.finish()
    except ReadError as error:
        gaps.append(gap_at(Where(), error.reason, error.detail, error.remedy))
    except OSError as error:
        gaps.append(os_gap(error))
    except MemoryError:
        gaps.append(gap_at(Where(), GapReason.LIMIT, "needs more memory than there is"))
    except Exception as error:  # noqa: BLE001 - the one boundary: a bug costs one file, and says so
        detail = f"dpscan failed on it ({type(error).__name__})"
        gaps.append(gap_at(Where(), GapReason.FAULT, detail, "please report it with the file's format"))
    # What was seen before a fault counts: a leak found is a leak.
    seen = seen or judge.found()
    return FileResult(
        shown,
        kind,
        inventory,
        seen,
        (*judge.gaps, *gaps),
        judge.contacts,
        judge.names,
        size,
        Where.of("{}", path.name),
    )


def os_gap(error: OSError) -> Gap:
    """A file that the system will not give: most often it is open in the program that made it."""
    if isinstance(error, PermissionError) or getattr(error, "winerror", None) in (32, 33):
        return gap_at(Where(), GapReason.DENIED, "cannot be opened: no permission, or open in another program",
                      "close it there and run again")  # fmt: skip
    if error.errno == errno.ENOENT:
        return gap_at(Where(), GapReason.VANISHED, "is not there any more")
    return gap_at(
        Where(), GapReason.UNREACHABLE, f"reading failed: {(error.strerror or 'i/o error').lower()}"
    )
