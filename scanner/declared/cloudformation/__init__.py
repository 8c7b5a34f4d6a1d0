"""CloudFormation and SAM templates, in YAML and JSON, to declared stores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

__all__ = ["claims", "declared"]

_HEAD = re.compile(
    rb"AWSTemplateFormatVersion|AWS::Serverless|[\"']?Type[\"']?\s*:\s*[\"']?(?:AWS|Alexa|Custom)::"
)
_PARAMETERS = re.compile(
    rb"(?m)^\s*[\"']?Parameters[\"']?\s*:.*?[\"']?Type[\"']?\s*:\s*[\"']?(?:String|Number|CommaDelimitedList|List<)",
    re.S,
)
"""Templates may begin with many parameters, resources following later than the head that is seen."""


def claims(path: str, head: bytes) -> bool:
    """Whether a file looks like a template: its suffix and the words that only templates have."""
    if not path.lower().endswith((".yaml", ".yml", ".json", ".template")):
        return False
    return _HEAD.search(head) is not None or _PARAMETERS.search(head) is not None


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the templates `files` (relative to `folder`) declare, and what did not parse."""
    # Here, so that asking whose a file is stays cheap where there is no template.
    from scanner.declared.cloudformation.joining import stores
    from scanner.declared.cloudformation.load import looks, nested_in, read, read_text
    from scanner.declared.located import Broken

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
            gaps.append(_gap(file, str(error), GapReason.CORRUPT))
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
