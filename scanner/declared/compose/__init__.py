"""Docker Compose files to declared stores: databases in containers, with their ports and passwords."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

__all__ = ["claims", "declared"]

_NAME = re.compile(r"(?:docker-)?compose(?:[.\-_][\w.\-]*)?\.ya?ml\Z|[\w.\-]*[.\-_]compose\.ya?ml\Z", re.I)
_SERVICES = re.compile(rb"(?m)^services\s*:")


def claims(path: str, head: bytes) -> bool:
    """By its name as Compose looks for it, or by `services:` with images or builds under it."""
    if not path.lower().endswith((".yaml", ".yml")):
        return False
    if _NAME.fullmatch(path.rpartition("/")[2]):
        return True
    return _SERVICES.search(head) is not None and re.search(rb"(?m)^\s+(?:image|build)\s*:", head) is not None


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the files (relative to `folder`) declare, and what did not parse."""
    from scanner.declared.compose.services import Project, read
    from scanner.declared.located import Broken

    found: list[DeclaredStore] = []
    gaps: list[Gap] = []
    documents = {}
    for file in files:
        try:
            documents[file] = read(folder / file)
        except Broken as error:
            gaps.append(_gap(file, GapReason.CORRUPT, f"{file}:{error.line}:{error.column}: {error.what}"))
        except (OSError, UnicodeDecodeError):
            gaps.append(_gap(file, GapReason.UNSUPPORTED, "the file is no UTF-8 text or cannot be opened"))
    for file, document in documents.items():
        if document is not None:
            found += Project(folder, file, document, documents).stores()
    return tuple(found), tuple(gaps)


def _gap(file: str, reason: GapReason, detail: str) -> Gap:
    place = Place((("object", file),))
    return Gap(file, Stage.READ, reason, detail, place, "correct the file and check again")
