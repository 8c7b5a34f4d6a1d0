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
from scanner.contracts import Content, Fragment, Limits
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason, Place, Span

_FOLDED = (GapReason.UNSUPPORTED, GapReason.LIMIT, GapReason.ENCRYPTED, GapReason.MISSING_EXTRA)
_PLAIN_NAMES = {
    "image": "an image (text in pictures is not read)",
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


def splittable(media_type: str) -> bool:
    """True if a span of such a file can be read without the rest."""
    extractor = _extractors().get(media_type)
    if extractor is None:
        return False
    only = getattr(extractor, "splittable_types", None)
    return media_type in only if only is not None else bool(extractor.splittable)


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
    return Content(file, name, place, size, limits, head, span)


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
        yield from _read(dataclasses.replace(inner, depth=depth), allowance)

    try:
        kind = media_type(content)
        if kind == sniff.EMPTY:
            return
        if kind in sniff.ENCRYPTED:
            raise ReadError(GapReason.ENCRYPTED, "protected by a password or key")
        extractor = _extractors().get(kind)
        if extractor is None:
            raise ReadError(GapReason.UNSUPPORTED, f"cannot read {_describe(kind)}")
        yield from extractor().extract(dataclasses.replace(content, nested=nested))
    except ReadError as error:
        yield _gap_of(content, error)
    except MissingExtra as error:
        yield gap(content, GapReason.MISSING_EXTRA, f"{error.what} needs an extra package", error.install)


def _describe(kind: str) -> str:
    if kind == sniff.BINARY:
        return "this binary format (not recognised)"
    plain = _PLAIN_NAMES.get(kind.partition("/")[0])
    return f"{kind}: {plain}" if plain else kind


def _gap_of(content: Content, error: ReadError) -> Gap:
    return gap(content, error.reason, error.detail, error.remedy, size=content.size or 0)
