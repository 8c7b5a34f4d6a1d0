"""Objects embedded in legacy Office documents: packaged files and modern documents are descended into."""

from __future__ import annotations

import io
from collections.abc import Iterator

from scanner.common.compound import Compound, native_file
from scanner.common.extracting import gap
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

_FILES = ("Package", "\x01Ole10Native", "CONTENTS")
_LEGACY = ("Workbook", "Book", "WordDocument", "PowerPoint Document")


def embedded(compound: Compound) -> Iterator[Fragment | Gap]:
    """Files inside the document's storages, and a gap for objects that cannot be taken out whole."""
    content = compound.content
    allowance = Allowance.of(content.limits)
    for path in compound.names:
        if len(path) < 2:
            continue
        if path[-1] in _LEGACY:
            yield gap(content, GapReason.UNSUPPORTED, "an embedded document of a legacy format")
        elif path[-1] in _FILES:
            try:
                data = compound.stream(*path)
            except ReadError as error:
                yield gap(content, error.reason, error.detail, error.remedy)
                continue
            name, body = native_file(data) if path[-1] == "\x01Ole10Native" else ("object", data)
            yield from read_member(content, Member(name, io.BytesIO(body).read, len(body)), allowance)
