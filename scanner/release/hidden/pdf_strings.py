"""Words in the objects of a PDF that no page draws: links, bookmarks, descriptions, scripts, signatures (ISO 32000-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from scanner.model import GapReason
from scanner.release.hidden import parts
from scanner.release.pieces import Found, TextPiece, Where, gap_at

MAX_OBJECTS = 400_000
_DEEPEST = 12
_DESCRIBED = ("/Alt", "/ActualText", "/E", "/TU")
_PLACES = {
    "link": ("addresses of links", ""),
    "bookmark": ("bookmarks", ""),
    "described": ("descriptions of pictures and other parts", "alternative text"),
    "script": ("scripts", "macro"),
    "private": ("private data of the program that made it", "hidden part"),
    "signature": ("signatures", "properties"),
}
"""Kind to (place, hiding key): what a reader sees in a side panel or under the mouse is seen."""


class _Words:
    def __init__(self) -> None:
        self.found: dict[str, dict[str, None]] = {kind: {} for kind in _PLACES}
        self.signers: dict[str, None] = {}

    def add(self, kind: str, value: Any) -> None:
        import pikepdf

        if isinstance(value, pikepdf.Stream):
            text = bytes(value.read_bytes()).decode("utf-8", "replace")
        elif isinstance(value, pikepdf.String):
            text = str(value)
        else:
            return
        if text.strip():
            self.found[kind][text.strip()] = None


def strings(document: Any) -> Iterator[Found]:
    """`document`: an open pikepdf document. Every object is looked at once."""
    import pikepdf

    words = _Words()
    for number, item in enumerate(document.objects):
        if number >= MAX_OBJECTS:
            yield gap_at(Where(), GapReason.LIMIT, f"more than {MAX_OBJECTS:,} objects", "print to a new PDF")
            break
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)):
            _read(item, words, 0)
    for name in words.signers:
        yield from parts.author(Where.of("signatures"), name, "the name of a signature")
    for kind, (place, hiding) in _PLACES.items():
        yield TextPiece(Where.of(place), "\n".join(words.found[kind]), hiding)


def _read(item: Any, words: _Words, depth: int) -> None:
    """One object and the direct ones inside it; those with numbers of their own come by themselves."""
    import pikepdf

    if depth > _DEEPEST:
        return
    if isinstance(item, pikepdf.Array):
        for child in item:
            if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect:
                _read(child, words, depth + 1)
        return
    outline = "/Parent" in item and any(key in item for key in ("/Dest", "/A", "/Prev", "/Next", "/First"))
    signature = item.get("/Type") == "/Sig" or "/ByteRange" in item
    for key, value in item.items():
        if key == "/PieceInfo":
            _all(value, words, depth)
        elif key == "/URI" and isinstance(value, pikepdf.String):
            words.found["link"][unquote(str(value)).removeprefix("mailto:")] = None
        elif key == "/Title" and outline:
            words.add("bookmark", value)
        elif key in _DESCRIBED:
            words.add("described", value)
        elif key == "/JS":
            words.add("script", value)
        elif signature and key == "/Name" and isinstance(value, pikepdf.String):
            words.signers[str(value)] = None
        elif signature and key in ("/ContactInfo", "/Location", "/Reason"):
            words.add("signature", value)
        elif isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect:
            _read(value, words, depth + 1)


def _all(item: Any, words: _Words, depth: int) -> None:
    """Every string below."""
    import pikepdf

    if depth > _DEEPEST:
        return
    if isinstance(item, pikepdf.String):
        if str(item).isprintable() and not str(item).startswith("D:"):
            words.add("private", item)
    elif isinstance(item, pikepdf.Array):
        for child in item:
            _all(child, words, depth + 1)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for child in item.values():
            _all(child, words, depth + 1)
