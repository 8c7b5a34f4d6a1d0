"""Web pages as a stream: tables, visible text, and what a reader would not see."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from scanner.common.tables import RowCollector
from scanner.contracts import Fragment, Limits, TextFragment
from scanner.model import Place

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BREAKS = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header "
    "hr legend li main nav ol option p pre section title tr ul table".split()
)
_SILENT = frozenset({"style"})
_HIDDEN = frozenset({"script", "template", "noscript"})
_BLOCK = 64 * 1024
_MAX_TABLES = 30
"""Nesting of tables beyond which cells are plain text."""


class _Table:
    def __init__(self, rows: RowCollector) -> None:
        self.rows = rows
        self.row: list[str] | None = None
        self.cell: list[str] | None = None


class Page:
    """Feed it text; it gives out fragments. The parser is lxml's, which forgives everything."""

    def __init__(self, place: Place, limits: Limits) -> None:
        from lxml import etree

        self._place, self._limits = place, limits
        self._out: list[Fragment] = []
        self._visible: list[str] = []
        self._unseen: list[str] = []
        self._chars = 0
        self._hidden_from = 0
        """Depth of the element that hides what is in it; 0 if none."""
        self._silent_from = 0
        self._depth = 0
        self._tables: list[_Table] = []
        self.cut = False
        self._parser = etree.HTMLParser(target=self._target(), no_network=True, huge_tree=False)

    def _target(self) -> Any:
        page = self

        class Target:
            """lxml's parser-target interface."""

            def start(self, tag: str, attributes: dict[str, str]) -> None:
                page._start(tag, attributes)

            def end(self, tag: str) -> None:
                page._end(tag)

            def data(self, text: str) -> None:
                page._data(text)

            def comment(self, text: str) -> None:
                page._unsee(text)

            def close(self) -> None:
                pass

        return Target()

    def feed(self, text: str) -> Iterator[Fragment]:
        from lxml import etree

        try:
            self._parser.feed(text)
        except (etree.LxmlError, ValueError, AssertionError):
            # lxml gave up on this page: its words still count.
            self._visible.append(text)
        yield from self._drain()

    def close(self) -> Iterator[Fragment]:
        from lxml import etree

        # An empty or broken page: what was seen was seen.
        with contextlib.suppress(etree.LxmlError, ValueError, AssertionError):
            self._parser.close()
        while self._tables:
            self._end_table()
        yield from self._drain(everything=True)

    def _drain(self, everything: bool = False) -> Iterator[Fragment]:
        out, self._out = self._out, []
        yield from out
        if self._chars > _BLOCK or everything:
            for words, hidden in ((self._visible, False), (self._unseen, True)):
                text = "".join(words).strip()
                if text:
                    yield TextFragment(text, self._place, hidden)
            self._visible, self._unseen, self._chars = [], [], 0

    def _unsee(self, text: str) -> None:
        if text and text.strip():
            self._unseen.append(text.strip() + "\n")
            self._chars += len(text)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.lower()
        if tag in _BREAKS:
            self._data("\n")
        self._attributes(tag, attributes)
        if tag in _VOID:
            return
        self._depth += 1
        if not self._hidden_from and (tag in _HIDDEN or _is_hidden(attributes)):
            self._hidden_from = self._depth
        if not self._silent_from and tag in _SILENT:
            self._silent_from = self._depth
        if tag == "table" and len(self._tables) < _MAX_TABLES:
            self._tables.append(_Table(RowCollector(self._place, self._limits, bool(self._hidden_from))))
        elif self._tables:
            table = self._tables[-1]
            if tag == "tr":
                self._end_row(table)
                table.row = []
            elif tag in ("td", "th"):
                self._end_cell(table)
                if table.row is None:
                    table.row = []
                table.cell = []

    def _attributes(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("input", "textarea", "option", "button") and attributes.get("value"):
            if attributes.get("type", "").lower() == "hidden":
                self._unsee(attributes["value"])
            else:
                self._data(f" {attributes['value']} ")
        elif tag == "img" and attributes.get("alt"):
            self._data(f" {attributes['alt']} ")
        elif tag == "meta" and attributes.get("content"):
            self._unsee(attributes["content"])
        elif tag == "a" and attributes.get("href", "").lower().startswith(("mailto:", "tel:")):
            self._unsee(attributes["href"].partition(":")[2])
        for name, value in attributes.items():
            if name.startswith("data-") and len(value) > 2:
                self._unsee(value)

    def _end(self, tag: str) -> None:
        tag = tag.lower()
        if tag in _VOID:
            return
        if tag in _BREAKS:
            self._data("\n")
        if self._tables:
            table = self._tables[-1]
            if tag in ("td", "th"):
                self._end_cell(table)
            elif tag == "tr":
                self._end_row(table)
            elif tag == "table":
                self._end_table()
        if self._hidden_from == self._depth:
            self._hidden_from = 0
        if self._silent_from == self._depth:
            self._silent_from = 0
        self._depth = max(0, self._depth - 1)

    def _end_cell(self, table: _Table) -> None:
        if table.cell is not None and table.row is not None:
            table.row.append(" ".join("".join(table.cell).split()))
        table.cell = None

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row:
            self._out.extend(table.rows.add(table.row))
        table.row = None

    def _end_table(self) -> None:
        table = self._tables.pop()
        self._end_row(table)
        self._out.extend(table.rows.finish())
        self.cut = self.cut or table.rows.cut

    def _data(self, text: str) -> None:
        if self._silent_from:
            return
        table = self._tables[-1] if self._tables else None
        if self._hidden_from and not (table and table.cell is not None):
            self._unsee(text)
        elif table is not None and table.cell is not None:
            table.cell.append(text)
        else:
            self._visible.append(text)
            self._chars += len(text)


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style", "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style
