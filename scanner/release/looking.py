"""Open a file, find out what it is, and let the family that knows it say what is in it.

What no family knows is read by the product's own extractors, so that everything `scan`
can read can be released or stopped. Files inside files come back through the same door,
on one shared allowance.
"""

from __future__ import annotations

import dataclasses
import importlib
import io
import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from scanner.common import sniff
from scanner.common.containers import archive_comment
from scanner.contents import extractor_for, media_type, open_content
from scanner.contracts import Content, Limits, TableFragment, TextFragment
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason, Place
from scanner.release.pieces import Found, Grid, Looking, Piece, TextPiece, Where, gap_at

_FAMILIES = {
    sniff.XLSX: "xlsx", sniff.XLSB: "xlsb", sniff.XLS: "xls", sniff.ODS: "ods", sniff.ODT: "odt", sniff.ODP: "odp",
    sniff.DOCX: "docx", sniff.PPTX: "pptx", sniff.PDF: "pdf", sniff.CSV: "delimited", sniff.TSV: "delimited",
    "image/png": "image", "image/jpeg": "image", "image/tiff": "image", "image/gif": "image", "image/bmp": "image",
    "image/webp": "image", "image/heic": "image", "image/heif": "image", "image/avif": "image",
}  # fmt: skip
_ZIPPED = frozenset(
    {sniff.ZIP, sniff.XLSX, sniff.XLSB, sniff.ODS, sniff.ODT, sniff.ODP, sniff.DOCX, sniff.PPTX}
)
_SEEN_IN_PART = {sniff.DOC: "DOCX", sniff.PPT: "PPTX"}
"""Formats of which all text is read, but not how it is formatted."""
OCR_PAGES = 50
"""Pictures and scanned pages of one file whose text is recognised."""
LIMITS = Limits(archive_members=20_000, object_bytes=512 * 1024 * 1024, ocr_pages=OCR_PAGES)


@dataclasses.dataclass(slots=True)
class _Allowance:
    """What everything inside one file may use together."""

    members: int = LIMITS.archive_members
    bytes: int = LIMITS.archive_bytes


def look(path: Path, inventory: dict[str, int]) -> Iterator[Found | str]:
    """First the media type, then every piece of the file. Raises OSError, ReadError."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        content = open_content(file, path.name, Place(), size, LIMITS)
        yield media_type(content)
        yield from _look(content, inventory, _Allowance())


def _look(content: Content, inventory: dict[str, int], allowance: _Allowance) -> Iterator[Found]:
    """Everything in one content; what cannot be read is a gap. Never raises ReadError."""
    try:
        kind = media_type(content)
        if kind == sniff.EMPTY:
            return
        if kind in sniff.ENCRYPTED:
            raise ReadError(GapReason.ENCRYPTED, "protected by a password")
        looking = Looking(content, _deeper(content, allowance), inventory)
        family = _FAMILIES.get(kind)
        if kind in _ZIPPED:
            yield TextPiece(Where.of("comment of the archive"), archive_comment(content.file), "hidden part")
        if family is None:
            yield from _by_extractor(looking, kind, _nested(content, inventory, allowance))
            return
        look_family: Callable[[Looking], Iterator[Found]] = importlib.import_module(
            f"scanner.release.hidden.{family}"
        ).look
        yield from look_family(looking)
    except ReadError as error:
        yield gap_at(Where(), error.reason, error.detail, error.remedy)
    except MissingExtra as error:
        yield gap_at(Where(), GapReason.MISSING_EXTRA, str(error), error.install)


def _deeper(content: Content, allowance: _Allowance) -> Callable[[str, bytes, Where, str], Iterator[Found]]:
    def deeper(name: str, data: bytes, where: Where, hiding: str) -> Iterator[Found]:
        if not data:
            return
        inner = open_content(
            cast(BinaryIO, io.BytesIO(data)), posixpath.basename(name), Place(), len(data), content.limits
        )
        yield from _inside(
            dataclasses.replace(inner, budget=content.budget), where, hiding, content.depth, allowance
        )

    return deeper


def _nested(
    content: Content, inventory: dict[str, int], allowance: _Allowance
) -> Callable[[Content], Iterator[Any]]:
    def nested(inner: Content) -> Iterator[Found]:
        inventory["files inside"] = inventory.get("files inside", 0) + 1
        shared = dataclasses.replace(inner, budget=content.budget)
        yield from _inside(shared, Where.of("{}", inner.name), "", content.depth, allowance)

    return nested


def _inside(inner: Content, where: Where, hiding: str, depth: int, allowance: _Allowance) -> Iterator[Found]:
    allowance.members -= 1
    allowance.bytes -= inner.size or 0
    if depth + 1 > inner.limits.archive_depth:
        yield gap_at(where, GapReason.LIMIT, "files nested too deeply")
    elif allowance.members < 0 or allowance.bytes < 0:
        yield gap_at(where, GapReason.LIMIT, "more files inside than are opened", "release them one by one")
    else:
        for piece in _look(dataclasses.replace(inner, depth=depth + 1), {}, allowance):
            yield placed(piece, where, hiding)


def placed(piece: Found, where: Where, hiding: str) -> Found:
    """The piece of an inner file as a piece of the outer one."""
    if isinstance(piece, Gap):
        detail = f"{where.shown}: {piece.detail}" if where.shown else piece.detail
        return dataclasses.replace(piece, detail=detail)
    piece.where = where.then(piece.where)
    if hiding and not piece.hiding:
        piece.hiding = hiding
    return piece


def _by_extractor(looking: Looking, kind: str, nested: Callable[[Content], Iterator[Any]]) -> Iterator[Found]:
    extractor = extractor_for(kind)
    if extractor is None:
        raise ReadError(GapReason.UNSUPPORTED, f"cannot look inside {kind}", "check it by hand")
    # What `nested` gives passes through the extractor untouched, so it may be pieces already.
    for item in extractor().extract(dataclasses.replace(looking.content, nested=nested)):
        if isinstance(item, TextFragment):
            yield TextPiece(
                _text_where(item.place, looking.content.place),
                item.text,
                "hidden part" if item.hidden else "",
            )
        elif isinstance(item, TableFragment):
            yield _grid(item, looking.content.place)
        elif isinstance(item, Gap):
            yield item
        else:
            yield cast(Piece, item)
    if kind in _SEEN_IN_PART:
        yield gap_at(Where(), GapReason.UNSUPPORTED, "what is hidden in this old format cannot be told from what is seen",
                     f"save it as {_SEEN_IN_PART[kind]} and check that")  # fmt: skip


def _grid(item: TableFragment, outer: Place) -> Grid:
    columns = list(item.columns.values())
    rows = [
        (item.first_row + i + 1, [column[i] or "" if i < len(column) else "" for column in columns])
        for i in range(item.rows)
    ]
    where = _where(item.place, outer)
    where = where if where.text else Where.of("the table")
    return Grid(where, rows, "hidden part" if item.hidden else "", header=list(item.columns), lettered=False)


def _text_where(place: Place, outer: Place) -> Where:
    where = _where(place, outer)
    return where if where.text else Where.of("the text")


def _where(place: Place, outer: Place) -> Where:
    where = Where()
    for kind, name in place.steps[len(outer.steps) :]:
        label = kind if kind in ("sheet", "page", "part") else ""
        where = where.then(Where.of(f"{label} {{}}".strip() if label != "sheet" else "sheet “{}”", name))
    return where
