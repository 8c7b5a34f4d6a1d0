"""Jupyter notebooks (nbformat 3 and 4): code, notes, and what is often forgotten, the stored outputs.

Printed results are text, tables of data frames are tables, pictures are descended into.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import gap, read_up_to
from scanner.common.html import Page
from scanner.common.sniff import NOTEBOOK
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

WHOLE = 64 * 1024 * 1024
"""Bytes of one notebook, which is held while it is read."""
BLOCK = 64 * 1024


class NotebookExtractor:
    name: ClassVar[str] = "notebook"
    media_types: ClassVar[tuple[str, ...]] = (NOTEBOOK,)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        content.file.seek(0)
        raw = read_up_to(content.file, WHOLE + 1)
        encoding = detect(raw[:65536])
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        text = encoding.decode(raw[encoding.bom : WHOLE])
        if len(raw) > WHOLE:
            yield from _text(content, text)
            raise ReadError(
                GapReason.LIMIT, f"a notebook larger than {WHOLE:,} bytes: its first part was read as text"
            )
        try:
            book = json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            yield from _text(content, text)
            raise ReadError(GapReason.CORRUPT, "not valid JSON, or cut off; it was read as text") from error
        yield from _Book(content).read(book)


def _text(content: Content, text: str, place: str = "") -> Iterator[Fragment]:
    where = content.place.child("part", place) if place else content.place
    text = text.replace("\0", "")
    for start in range(0, len(text), BLOCK):
        if text[start : start + BLOCK].strip():
            yield TextFragment(text[start : start + BLOCK], where)


class _Book:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._allowance = Allowance.of(content.limits)
        self._pictures = 0

    def read(self, book: Any) -> Iterator[Fragment | Gap]:
        if not isinstance(book, dict):
            raise ReadError(GapReason.CORRUPT, "not a notebook")
        sheets = book.get("worksheets")
        cells = book.get("cells") if not isinstance(sheets, list) else [
            cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))
        ]  # fmt: skip
        for cell in _list(cells):
            if isinstance(cell, dict):
                yield from self._cell(cell)
        yield from _text(self._content, "\n".join(_words(book.get("metadata"))), "properties")

    def _cell(self, cell: dict[str, Any]) -> Iterator[Fragment | Gap]:
        yield from _text(self._content, _joined(cell.get("source", cell.get("input"))))
        for name, bundle in _items(cell.get("attachments")):
            for kind, data in _items(bundle):
                yield from self._data(kind, data, name)
        for output in _list(cell.get("outputs")):
            if isinstance(output, dict):
                yield from self._output(output)

    def _output(self, output: dict[str, Any]) -> Iterator[Fragment | Gap]:
        for key in ("text", "traceback"):
            yield from _text(self._content, _joined(output.get(key)), "output")
        data = output.get("data", output)
        html = _joined(data.get("text/html", data.get("html"))) if isinstance(data, dict) else ""
        if html.strip():
            page = Page(self._content.place.child("part", "output"), self._content.limits)
            for start in range(0, len(html), BLOCK):
                yield from page.feed(html[start : start + BLOCK])
            yield from page.close()
        for kind, value in _items(data):
            # The plain form of a table says the same again, less clearly.
            if kind == "text/html" or (kind == "text/plain" and "<table" in html):
                continue
            if "/" in kind or kind in ("png", "jpeg", "svg", "json"):
                yield from self._data(kind, value, "output")

    def _data(self, kind: str, value: Any, name: str) -> Iterator[Fragment | Gap]:
        text = value if isinstance(value, str) else _joined(value)
        if kind.startswith("text/") or "json" in kind or "xml" in kind or kind == "svg":
            yield from _text(self._content, text or "\n".join(_words(value)), "output")
            return
        try:
            raw = base64.b64decode(text.encode("ascii", "ignore"))
        except (binascii.Error, ValueError):
            yield gap(self._content, GapReason.CORRUPT, "a picture in the notebook is damaged")
            return
        if raw:
            self._pictures += 1
            member = Member(f"{name}-{self._pictures}", io.BytesIO(raw).read, len(raw))
            yield from read_member(self._content, member, self._allowance)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _joined(value: Any) -> str:
    """Text as notebooks keep it: one string, or a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _words(value: Any) -> list[str]:
    """Every string in a small nested value, with its key."""
    words: list[str] = []
    stack: list[tuple[str, Any]] = [("", value)]
    while stack and len(words) < 10_000:
        key, item = stack.pop()
        if isinstance(item, dict):
            stack.extend((str(k), v) for k, v in item.items())
        elif isinstance(item, list):
            stack.extend((key, v) for v in item)
        elif isinstance(item, (str, int, float)) and str(item).strip():
            words.append(f"{key}: {item}" if key else str(item))
    return sorted(words)
