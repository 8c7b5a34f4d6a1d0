"""CloudFormation and SAM templates, in YAML and JSON, to declared stores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scanner.declared.cloudformation.joining import stores
from scanner.declared.cloudformation.load import claims, looks, nested_in, read, read_text
from scanner.declared.located import Broken
from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

__all__ = ["claims", "declared"]


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the templates `files` (relative to `folder`) declare, and what did not parse."""
    documents: list[tuple[str, object]] = []
    gaps: list[Gap] = []
    for file in files:
        text = read_text(folder / file)
        if text is None:
            detail = "the template is too large, is no UTF-8 text or cannot be opened"
            gaps.append(_gap(file, detail, GapReason.UNSUPPORTED))
            continue
        try:
            documents.extend((file, document) for document in read(text))
        except Broken as error:
            gaps.append(_gap(file, f"{file}:{error.line}:{error.column}: {error.what}", GapReason.CORRUPT))
    inner = {name for file, document in documents for name in nested_in(file, document)}
    found: list[DeclaredStore] = []
    for file, document in documents:
        if file in inner:
            continue  # judged from the stack that uses it, with the parameters given there
        for resources in looks(folder, file, document):
            found.extend(stores(resources))
    return tuple(found), tuple(gaps)


def _gap(file: str, detail: str, reason: GapReason) -> Gap:
    return Gap(
        file, Stage.READ, reason, detail, Place((("object", file),)), "correct the file and check again"
    )
