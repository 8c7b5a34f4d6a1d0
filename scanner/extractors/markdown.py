"""Markdown: pipe tables as tables, the rest as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.sniff import MARKDOWN
from scanner.common.tables import RowCollector
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 64 * 1024
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")


class MarkdownExtractor:
    name: ClassVar[str] = "markdown"
    media_types: ClassVar[tuple[str, ...]] = (MARKDOWN,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        page = _Page(content)
        for text, _ in line_blocks(content, encoding, BLOCK, max_line=4 * BLOCK):
            for line in text.replace("\0", "").splitlines():
                yield from page.line(line)
        yield from page.finish()
        if page.cut:
            yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")


class _Page:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._text: list[str] = []
        self._chars = 0
        self._table: RowCollector | None = None
        self.cut = False

    def line(self, line: str) -> Iterator[Fragment]:
        if self._table is not None:
            if "|" in line:
                yield from self._table.add(_cells(line))
                return
            yield from self._end_table()
        if "|" in line and _RULE.match(line) and self._text and "|" in self._text[-1]:
            header = self._text.pop()
            yield from self._give()
            self._table = RowCollector(self._content.place, self._content.limits)
            yield from self._table.add(_cells(header))
            return
        self._text.append(line)
        self._chars += len(line)
        if self._chars > BLOCK and "|" not in line:
            yield from self._give()

    def finish(self) -> Iterator[Fragment]:
        if self._table is not None:
            yield from self._end_table()
        yield from self._give()

    def _end_table(self) -> Iterator[Fragment]:
        assert self._table is not None
        yield from self._table.finish()
        self.cut = self.cut or self._table.cut
        self._table = None

    def _give(self) -> Iterator[Fragment]:
        text = "\n".join(self._text)
        self._text, self._chars = [], 0
        for start in range(0, len(text), 4 * BLOCK):
            if text[start : start + 4 * BLOCK].strip():
                yield TextFragment(text[start : start + 4 * BLOCK], self._content.place)


def _cells(line: str) -> list[str]:
    inner = line.strip()
    inner = inner[1:] if inner.startswith("|") else inner
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.replace("\\|", "|").strip() for cell in _PIPE.split(inner)]
