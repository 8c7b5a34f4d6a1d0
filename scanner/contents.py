"""From bytes to fragments: find out what a file is, and let the extractor for it read it.

Members of archives and attachments of mails come back through the same door, one level
deeper, on one shared allowance: however a bomb is nested, all of it together costs no more
than one archive may.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from scanner import plugins
from scanner.common import sniff
from scanner.common.extracting import Watched, gap, read_up_to
from scanner.contracts import Content, FormatCap, Fragment, Limits, PageBudget, TableFragment, TextFragment
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason, Place, Span

_FOLDED = (
    GapReason.UNSUPPORTED,
    GapReason.LIMIT,
    GapReason.ENCRYPTED,
    GapReason.MISSING_EXTRA,
    GapReason.COSTLY,
)
_PLAIN_NAMES = {
    "image": "an image of a rare kind",
    "audio": "a sound recording",
    "video": "a video",
}


@dataclasses.dataclass(slots=True)
class _Allowance:
    """What all nested contents of one object may use together."""

    members: int
    bytes: int

    def take(self, content: Content) -> None:
        self.members -= 1
        self.bytes -= content.size or 0
        if self.members < 0:
            raise ReadError(
                GapReason.LIMIT, "too many members, nested archives counted", "raise limits.archive_members"
            )
        if self.bytes < 0:
            raise ReadError(
                GapReason.LIMIT,
                "too many unpacked bytes, nested archives counted",
                "raise limits.archive_bytes",
            )


@functools.cache
def _extractors() -> Mapping[str, type[Any]]:
    """Media type to extractor. Extractor modules are light: they import their libraries when used."""
    found: dict[str, type[Any]] = {}
    for name in plugins.available("extractors"):
        try:
            extractor = plugins.load("extractors", name)
        except MissingExtra:
            continue  # it cannot say which types it would read; they show as unsupported
        for kind in extractor.media_types:
            found.setdefault(kind, extractor)
    return found


def extractor_for(media_type: str) -> type[Any] | None:
    """The installed extractor of a type, for callers that place its fragments themselves."""
    return _extractors().get(media_type)


def splittable(media_type: str) -> bool:
    """True if a span of such a file can be read without the rest."""
    extractor = _extractors().get(media_type)
    if extractor is None:
        return False
    only = getattr(extractor, "splittable_types", None)
    return media_type in only if only is not None else bool(extractor.splittable)


def streamed(media_type: str) -> bool:
    """True if files of any size are read piece by piece."""
    return bool(getattr(_extractors().get(media_type), "streamed", False))


def most_bytes(media_type: str, limits: Limits) -> int:
    """The largest file of this type that is read in one piece."""
    cap = _cap(_extractors().get(media_type), limits)
    return limits.object_bytes if cap.bytes is None else cap.bytes


def _cap(extractor: type[Any] | None, limits: Limits) -> FormatCap:
    return limits.formats.get(getattr(extractor, "name", ""), FormatCap())


def open_content(
    file: BinaryIO,
    name: str,
    place: Place,
    size: int | None,
    limits: Limits,
    span: Span | None = None,
) -> Content:
    """Reads the head (at most 64 KiB) and leaves the file at 0. Raises what `file.read` raises."""
    file.seek(0)
    head = read_up_to(file, sniff.HEAD)
    file.seek(0)
    return Content(file, name, place, size, limits, head, span, budget=PageBudget(limits.ocr_pages))


def media_type(content: Content) -> str:
    """The content's type; reads the directory of a ZIP or OLE file where the head is not enough."""
    kind = sniff.media_type(content.head, content.name)
    if kind in (sniff.ZIP, sniff.OLE) and (content.size is None or content.size > len(content.head)):
        # libraries may rename what `read` raises: the first real cause is kept
        watched = Watched(content.file)
        kind = sniff.refine(kind, watched)  # type: ignore[arg-type]
        watched.check()
    return kind


def read_content(content: Content) -> Iterator[Fragment | Gap]:
    """Everything that can be had from the content, and a gap for whatever cannot.

    Gaps have no subject yet (the caller knows the store). Like gaps of many members are
    folded into one with a count. Never raises ReadError.
    """
    allowance = _Allowance(content.limits.archive_members, content.limits.archive_bytes)
    folded: dict[tuple[GapReason, str], Gap] = {}
    for item in _read(content, allowance):
        if isinstance(item, Gap) and item.reason in _FOLDED:
            key = (item.reason, item.detail)
            before = folded.get(key)
            folded[key] = item if before is None else _folded(before, item, content.place)
        else:
            yield item
    yield from folded.values()


def _folded(one: Gap, other: Gap, place: Place) -> Gap:
    return dataclasses.replace(one, place=place, count=one.count + other.count, bytes=one.bytes + other.bytes)


def _read(content: Content, allowance: _Allowance) -> Iterator[Fragment | Gap]:
    def nested(inner: Content) -> Iterator[Fragment | Gap]:
        depth = content.depth + 1
        if depth > content.limits.archive_depth:
            yield gap(
                inner,
                GapReason.LIMIT,
                "archives nested too deeply",
                "raise limits.archive_depth",
                size=inner.size or 0,
            )
            return
        try:
            allowance.take(inner)
        except ReadError as error:
            yield _gap_of(inner, error)
            return
        yield from _read(dataclasses.replace(inner, depth=depth, budget=content.budget), allowance)

    try:
        kind = media_type(content)
        if kind == sniff.EMPTY:
            return
        if kind in sniff.ENCRYPTED:
            raise ReadError(GapReason.ENCRYPTED, "protected by a password or key")
        extractor = _extractors().get(kind)
        if extractor is None:
            raise ReadError(GapReason.UNSUPPORTED, f"cannot read {_describe(kind)}")
        yield from _capped(extractor, dataclasses.replace(content, nested=nested))
    except ReadError as error:
        yield _gap_of(content, error)
    except MissingExtra as error:
        yield gap(content, GapReason.MISSING_EXTRA, str(error), error.install)


def _capped(extractor: type[Any], content: Content) -> Iterator[Fragment | Gap]:
    """What the extractor gives, up to the format's cap; past it the part read is told to be a part."""
    cap = _cap(extractor, content.limits)
    if cap == FormatCap():
        yield from extractor().extract(content)
        return
    if cap.bytes is not None:
        limits = dataclasses.replace(content.limits, object_bytes=cap.bytes)
        content = dataclasses.replace(content, limits=limits)
        if (content.size or 0) > cap.bytes and content.span is None:
            if not splittable(media_type(content)):
                raise _over(extractor, "bytes", cap.bytes)
            content = dataclasses.replace(content, span=Span(0, cap.bytes))
            yield _gap_of(content, _over(extractor, "bytes", cap.bytes))
    rows = chars = 0
    pages: set[Place] = set()
    for item in extractor().extract(content):
        if isinstance(item, TableFragment):
            rows += item.rows
        elif isinstance(item, TextFragment):
            chars += len(item.text)
        pages.update([item.place] if item.place.steps and item.place.steps[-1][0] == "page" else [])
        for what, count, most in (
            ("pages", len(pages), cap.pages),
            ("rows", rows, cap.rows),
            ("chars", chars, cap.chars),
        ):
            if most is not None and count > most:
                if what == "rows" and isinstance(item, TableFragment):
                    keep = item.rows - (count - most)
                    yield dataclasses.replace(item, columns={k: v[:keep] for k, v in item.columns.items()})
                raise _over(extractor, what, most)
        yield item


def _over(extractor: type[Any], what: str, most: int) -> ReadError:
    words = {"chars": "characters"}.get(what, what)
    return ReadError(
        GapReason.LIMIT,
        f"{extractor.name}: more than {most:,} {words}, the most that is read of one file",
        f"raise limits.formats.{extractor.name}.{what}",
    )


def _describe(kind: str) -> str:
    if kind == sniff.BINARY:
        return "this binary format (not recognised)"
    plain = _PLAIN_NAMES.get(kind.partition("/")[0])
    return f"{kind}: {plain}" if plain else kind


def _gap_of(content: Content, error: ReadError) -> Gap:
    return gap(content, error.reason, error.detail, error.remedy, size=content.size or 0)
