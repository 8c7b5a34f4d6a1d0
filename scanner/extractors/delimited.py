"""CSV, TSV and their cousins, as found in the wild.

The standard library's `csv` reads on where stricter readers stop (ragged rows, stray
quotes). Rows are transposed into columns a batch at a time.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from typing import ClassVar

from scanner.common.dialect import Dialect, parse, sniff_dialect, whole_lines
from scanner.common.encoding import Encoding, detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.sniff import CSV, HEAD, TSV
from scanner.common.tables import BATCH_CELLS, BATCH_CHARS, Batches
from scanner.common.tabular import SAMPLE_ROWS, Layout, find_layout
from scanner.contracts import Content, Fragment, TableFragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 1024 * 1024
"""Bytes read at once."""
FIELD_LIMIT = 1024 * 1024
"""Characters after which a quoted cell is taken for one stray quote."""
RECORD_LINES = 1000
"""Lines after which a quoted cell is taken for one stray quote."""
MAX_STRAYS = 50
"""Stray quotes repaired before quotes are taken as ordinary characters."""


class DelimitedExtractor:
    name: ClassVar[str] = "delimited"
    media_types: ClassVar[tuple[str, ...]] = (CSV, TSV)
    splittable: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        csv.field_size_limit(FIELD_LIMIT)
        cut = len(content.head) - len(content.head) % encoding.unit
        sample = whole_lines(encoding.decode(content.head[encoding.bom : cut]), len(content.head) < HEAD)
        dialect, skip = _dialect(sample)
        rows = parse(sample, dialect)[skip:]
        layout = find_layout(rows[:SAMPLE_ROWS])
        yield from _Reading(content, encoding, dialect, layout, skip).run()


def _dialect(sample: str) -> tuple[Dialect, int]:
    """The dialect, and 1 if the first line is Excel's `sep=;` declaration."""
    first = sample[:8].splitlines()[:1]
    if first and first[0].lower().startswith("sep=") and len(first[0]) == 5:
        return Dialect(first[0][4]), 1
    return sniff_dialect(sample) or Dialect(","), 0


class _Lines:
    """The lines of the content, remembering those of the record being read."""

    def __init__(self, content: Content, encoding: Encoding) -> None:
        self._blocks = line_blocks(content, encoding, BLOCK)
        self.pending: list[str] = []
        """Lines handed out since the last whole record; whoever takes the record clears it."""
        self.chars = 0
        self.held_at_end: int | None = None
        """Lines pending when the span's end was crossed; None before."""

    def __iter__(self) -> Iterator[str]:
        pending = self.pending
        for text, beyond in self._blocks:
            if beyond and self.held_at_end is None:
                self.held_at_end = len(pending)
            if "\0" in text:
                text = text.replace("\0", "")
            self.chars += len(text)
            for line in io.StringIO(text, newline=""):
                pending.append(line)
                yield line

    def again(self, lines: Sequence[str]) -> Iterator[str]:
        """Hands lines out a second time."""
        for line in lines:
            self.pending.append(line)
            yield line


class _Reading:
    """One pass over one content (or one span of it)."""

    def __init__(
        self, content: Content, encoding: Encoding, dialect: Dialect, layout: Layout, skip: int
    ) -> None:
        self.content, self.dialect, self.layout, self.skip = content, dialect, layout, skip
        self.at_start = content.span is None or content.span.start <= encoding.bom
        self.lines = _Lines(content, encoding)
        self.batches = Batches(layout.names, content.place, content.limits.cell_chars, dialect.delimiter)

    def run(self) -> Iterator[Fragment | Gap]:
        rows = self._rows()
        if self.at_start:
            above = list(itertools.islice(rows, self.skip + self.layout.first_data))
            titles = above[self.skip : self.skip + self.layout.titles]
            text = "\n".join(" ".join(filter(None, row)) for row in titles).strip()
            if text:
                yield TextFragment(text, self.content.place)
        for batch in self._batches(rows):
            yield self.batches.table(batch)
        if not self.batches.first_row and self.at_start and self.layout.header:
            yield TableFragment(dict.fromkeys(self.batches.names, ()), self.content.place)
        if self.batches.cut:
            most = self.content.limits.cell_chars
            yield gap(
                self.content,
                GapReason.LIMIT,
                f"cells longer than {most:,} characters were cut",
                "raise limits.cell_chars",
            )

    def _rows(self) -> Iterator[list[str]]:
        """Records, blank lines as empty lists. Ends with the record that the span's end falls in."""
        lines = self.lines
        pending, strays = lines.pending, 0
        feed = iter(lines)
        if not self.at_start:
            feed, inside = self._synchronised(feed)
            if inside:
                next(self._reader(feed), None)
                pending.clear()
        reader = self._reader(feed)
        while True:
            try:
                for row in reader:
                    if lines.held_at_end is not None:
                        if lines.held_at_end:
                            yield row
                        return
                    if len(pending) > RECORD_LINES and strays < MAX_STRAYS:
                        break
                    yield row
                    pending.clear()
                else:
                    return
            except csv.Error:
                pass
            # A quote that nothing closes has swallowed what follows: read its line with
            # quotes as ordinary characters and go on from the next.
            first, rest = pending[0], pending[1:]
            pending.clear()
            strays += 1
            yield self._unquoted(first)
            feed = itertools.chain(lines.again(rest), feed)
            if strays >= MAX_STRAYS:
                reader = iter(csv.reader(feed, delimiter=self.dialect.delimiter, quoting=csv.QUOTE_NONE))
            else:
                reader = self._reader(feed)

    def _reader(self, feed: Iterator[str]) -> Iterator[list[str]]:
        form = self.dialect
        return csv.reader(
            feed, delimiter=form.delimiter, quotechar=form.quotechar, escapechar=form.escapechar
        )

    def _unquoted(self, line: str) -> list[str]:
        return line.rstrip("\r\n").split(self.dialect.delimiter)

    def _synchronised(self, feed: Iterator[str]) -> tuple[Iterator[str], bool]:
        """A span may start inside a quoted cell: whichever reading gives even rows is right."""
        first = list(itertools.islice(feed, 100))
        self.lines.pending.clear()
        held, self.lines.held_at_end = self.lines.held_at_end, None
        text = "".join(first)
        inside = False
        if self.dialect.quotechar in text and held is None:
            outside_rows = parse(text, self.dialect)[:-1]
            inside_rows = parse(self.dialect.quotechar + text, self.dialect)[1:-1]
            inside = self._evenness(inside_rows) > self._evenness(outside_rows) + 0.2
        if inside and first:
            first[0] = self.dialect.quotechar + first[0]
        return itertools.chain(self.lines.again(first), feed), inside

    def _evenness(self, rows: Sequence[Sequence[str]]) -> float:
        return sum(len(row) == self.dialect.width for row in rows) / len(rows) if rows else 0.0

    def _batches(self, rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
        most = max(1, min(self.content.limits.batch_rows, BATCH_CELLS // len(self.batches.names)))
        lines, batch = self.lines, list[list[str]]()
        mark = lines.chars
        for row in rows:
            if row:
                batch.append(row)
                if len(batch) >= most or lines.chars - mark > BATCH_CHARS:
                    yield batch
                    batch, mark = [], lines.chars
        if batch:
            yield batch
