"""ARM templates (JSON) and Bicep files to declared stores."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

if TYPE_CHECKING:
    from scanner.declared.arm.bicep import Declaration
    from scanner.declared.located import Broken

__all__ = ["claims", "declared"]

_SCHEMA = re.compile(rb"schema\.management\.azure\.com/schemas/[^\"]*deploymentTemplate", re.I)
_TYPE = re.compile(rb"\"type\"\s*:\s*\"Microsoft\.[A-Za-z]+/", re.I)
_LARGEST = 8 * 1024 * 1024
"""Bytes of a template read; Azure itself takes 4 MB."""


def claims(path: str, head: bytes) -> bool:
    """Whether a file is Bicep, or JSON that looks like a template for Azure."""
    lower = path.lower()
    if lower.endswith((".bicep", ".bicepparam")):
        return True
    if not lower.endswith((".json", ".jsonc")):
        return False
    if _SCHEMA.search(head) is not None:
        return True
    return _TYPE.search(head) is not None and b'"resources"' in head


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the templates `files` (relative to `folder`) declare, and what did not parse."""
    # Here, so that asking whose a file is stays cheap where there is no template.
    from scanner.declared.arm import bicep_resources, template
    from scanner.declared.arm.bicep import read_bicep
    from scanner.declared.arm.joining import stores
    from scanner.declared.arm.parameters import given_to
    from scanner.declared.located import Broken, read_json

    found: list[DeclaredStore] = []
    gaps: list[Gap] = []
    bicep: dict[str, list[Declaration]] = {}
    for file in files:
        text = _text(folder / file)
        if text is None:
            detail = "the template is too large, is no UTF-8 text or cannot be opened"
            gaps.append(_gap(file, detail, GapReason.UNSUPPORTED))
        elif file.lower().endswith(".bicepparam"):
            gaps.extend(_broken(file, error) for error in read_bicep(text)[1])
        elif file.lower().endswith(".bicep"):
            declarations, broken = read_bicep(text)
            gaps.extend(_broken(file, error) for error in broken)
            bicep[file] = declarations
        else:
            try:
                tree = read_json(text)
            except Broken as error:
                gaps.append(_broken(file, error))
                continue
            found.extend(stores(template.resources(tree, file, given_to(folder, file))))
    inner = {
        name for file, declarations in bicep.items() for name in bicep_resources.modules(declarations, file)
    }
    for file, declarations in bicep.items():
        if file in inner:
            continue  # judged from the file that uses it, with the parameters given there
        values = given_to(folder, file)
        found.extend(
            stores(bicep_resources.resources(declarations, file, lambda path: _inside(folder, path), values))
        )
    return tuple(found), tuple(gaps)


def _inside(folder: Path, path: str) -> str | None:
    if path.startswith("..") or posixpath.isabs(path):
        return None
    return _text(folder / path)


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _broken(file: str, error: Broken) -> Gap:
    return _gap(file, str(error), GapReason.CORRUPT)


def _gap(file: str, detail: str, reason: GapReason) -> Gap:
    return Gap(
        file, Stage.READ, reason, detail, Place((("object", file),)), "correct the file and check again"
    )
