"""CSV, TSV and their cousins, as found in the wild.

Arrow cuts whole blocks into columns (`common.arrowcsv`). Where quotes are astray, escaped or
reach over very many lines, the standard library's `csv` reads the block row by row: it goes
on where stricter readers stop. Nothing is lost either way.
"""

from __future__ import annotations

import collections
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from scanner.common.dialect import Dialect, parse, sniff_dialect, whole_lines
from scanner.common.encoding import Encoding, detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.sniff import CSV, HEAD, TSV
from scanner.common.tables import BATCH_CELLS, BATCH_CHARS, Batches
from scanner.common.tabular import SAMPLE_ROWS, Layout, find_layout
from scanner.contracts import Content, Fragment, TableFragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

if TYPE_CHECKING:
    from scanner.common.arrowcsv import Block

    Chunk = list[list[str]] | Block

BLOCK = 10 * 1024 * 1024
"""Bytes read at once."""
PIECE = 1024 * 1024
"""Characters of a block that are read row by row at once."""
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


class _Reading:
    """One pass over one content (or one span of it).

    Arrow reads a block in columns. One that it does not read, or not surely as it was meant, is
    read in pieces: a piece whose records are all of one line in one go; where a record spans
    lines (or a stray quote makes it seem so), row by row, with the lines of the record at
    hand so that a stray quote can be undone.
    """

    def __init__(
        self, content: Content, encoding: Encoding, dialect: Dialect, layout: Layout, skip: int
    ) -> None:
        self.content, self.dialect, self.layout, self.skip = content, dialect, layout, skip
        self.at_start = content.span is None or content.span.start <= encoding.bom
        self.batches = Batches(layout.names, content.place, content.limits.cell_chars, dialect.delimiter)
        self.blocks = line_blocks(content, encoding, BLOCK)
        self.width = len(self.batches.names)
        """Cells of a usual row."""
        self.pieces: collections.deque[str] = collections.deque()
        """What is left of a block that is read row by row."""
        self.rest = ""
        """The start of a record that the last block cut off."""
        self.pending: list[str] = []
        """Lines handed out since the last whole record."""
        self.ended = False
        """True once a line after the last was asked for: the record that did so is not closed."""
        self.past_span = False
        self.strays = 0
        self.long_cells = False
        """True once a line was met that could hold a cell to be cut."""
        self.chars = 0
        """Characters read so far."""

    def run(self) -> Iterator[Fragment | Gap]:
        chunks = self._chunks()
        if self.at_start:
            above, chunks = _take(chunks, self.skip + self.layout.first_data)
            titles = above[self.skip : self.skip + self.layout.titles]
            text = "\n".join(" ".join(filter(None, row)) for row in titles).strip()
            if text:
                yield TextFragment(text, self.content.place)
        for batch in self._batched(chunks):
            if isinstance(batch, list):
                yield self.batches.table(batch, self.long_cells)
            else:
                yield from self._tables(batch)
                del batch
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

    def _tables(self, block: Block) -> Iterator[Fragment]:
        """A block's columns, in batches of the size allowed."""
        from scanner.common.arrowcsv import merged
        from scanner.common.cells import Cells, empty

        columns = dict(zip(self.batches.names, map(self._cut, block.columns), strict=False))
        odd = [(place, row) for place, row in block.odd if row]
        if odd:
            columns = merged(columns, self.batches.columns([row for _, row in odd]), [p for p, _ in odd])
        rows = block.rows
        if not rows:
            return
        for name in self.batches.names[len(columns) :]:
            columns[name] = empty(rows)
        most = max(1, self.content.limits.batch_rows)
        for start in range(0, rows, most):
            part = {name: array[start : start + most] for name, array in columns.items()}
            yield self.batches.fragment(
                {name: Cells(array) for name, array in part.items()}, min(most, rows - start)
            )

    def _cut(self, array: Any) -> Any:
        """No cell longer than allowed."""
        import pyarrow as pa
        import pyarrow.compute as pc

        most = self.content.limits.cell_chars
        if (pc.max(pc.binary_length(array.dictionary)).as_py() or 0) <= most:
            return array
        cells = array.cast(pa.string())
        self.batches.cut |= (pc.max(pc.utf8_length(cells)).as_py() or 0) > most
        return pc.utf8_slice_codeunits(cells, 0, most)

    def _batched(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        most = max(1, min(self.content.limits.batch_rows, BATCH_CELLS // len(self.batches.names)))
        batch: list[list[str]] = []
        mark = self.chars
        for chunk in chunks:
            if not isinstance(chunk, list):
                if batch:
                    yield batch
                    batch = []
                mark = self.chars
                yield chunk
                continue
            batch += [row for row in chunk if row] if [] in chunk else chunk
            while len(batch) >= most:
                yield batch[:most]
                batch = batch[most:]
            if self.chars - mark > BATCH_CHARS:
                mark = self.chars
                if batch:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def _next_block(self) -> str | None:
        """The next piece or block inside the span, or past it if a record is still open; None at the end."""
        if self.pieces:
            return self.pieces.popleft()
        block = None if self.past_span and not self.pending else next(self.blocks, None)
        if block is None:
            rest, self.rest = self.rest, ""
            return rest or None
        text, self.past_span = block
        if self.past_span and not self.pending:
            return None
        self.chars += len(text)
        text, self.rest = self.rest + text, ""
        return text.replace("\0", "") if "\0" in text else text

    def _chunks(self) -> Iterator[Chunk]:
        """Records, in lists (blank lines as empty lists) or cut into columns."""
        text = self._next_block()
        if text is not None and not self.at_start and self._starts_inside(text):
            rows = self._one_by_one(self.dialect.quotechar + text)
            first = next(rows, [])
            yield first[1:]  # the end of a record whose start belongs to the span before
            yield from rows
            text = self._next_block()
        count = self.skip + self.layout.first_data
        if text is not None and self.at_start and count:
            above, text = self._above(text, count)
            if above:
                yield above
            else:
                yield from self._by_rows(text)
                text = self._next_block()
        while text is not None:
            block = self._in_columns(text) if text else None
            if block is not None:
                self.rest = block.rest
                text = ""
                yield block
            else:
                yield from self._by_rows(text)
            text = self._next_block()

    def _by_rows(self, text: str) -> Iterator[list[list[str]]]:
        """A block row by row, and what follows as far as its last record leads."""
        self.pieces.extend(_pieces(text))
        while self.pieces:
            yield from self._in_rows(self.pieces.popleft())

    def _above(self, text: str, count: int) -> tuple[list[list[str]], str]:
        """The first records (titles and header) and what follows them; no records if they are not all here."""
        lines = io.StringIO(text[:HEAD], newline="")
        used = 0

        def feed() -> Iterator[str]:
            nonlocal used
            for line in lines:
                used += len(line)
                yield line

        try:
            rows = list(itertools.islice(self._reader(feed()), count))
        except csv.Error:
            return [], text
        return (rows, text[used:]) if len(rows) == count and used < HEAD else ([], text)

    def _in_columns(self, text: str) -> Block | None:
        """The block cut by Arrow, or None if it is to be read row by row."""
        from scanner.common.arrowcsv import read_block

        if self.strays >= MAX_STRAYS or self.past_span:
            return None
        block = read_block(text, self.dialect, self.width, FIELD_LIMIT, RECORD_LINES)
        if block is None or not block.rest:
            return block
        more = self.content.span is None and len(block.rest) < len(text)
        return block if more else None

    def _in_rows(self, text: str) -> Iterator[list[list[str]]]:
        whole = self._in_one_go(text)
        if whole is None:
            yield from self._one_by_one(text)
        else:
            yield whole

    def _in_one_go(self, text: str) -> list[list[str]] | None:
        """The block's records, or None if some record has more than one line."""
        if self.dialect.escapechar or self.strays >= MAX_STRAYS:
            return None
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.dialect.delimiter,
            quotechar=self.dialect.quotechar,
        )
        try:
            rows = list(reader)
        except csv.Error:
            return None
        if len(rows) != reader.line_num or (rows and rows[-1] and rows[-1][-1][-1:] in ("\n", "\r")):
            return None  # records of several lines, or one that the block's end cuts
        if not self.long_cells:
            self.long_cells = max(map(len, text.split("\n"))) > self.content.limits.cell_chars
        return rows

    def _one_by_one(self, text: str) -> Iterator[list[list[str]]]:
        """Records from this block on, to the first block end that is also a record's end."""
        pending, self.ended, self.long_cells = self.pending, False, True
        feed: Iterator[str] = itertools.chain(self._lines(text), self._end())
        reader = self._reader(feed)
        rows: list[list[str]] = []
        mark = self.chars
        while True:
            try:
                for row in reader:
                    open_ended = len(pending) > RECORD_LINES or self.ended
                    if open_ended and self.strays < MAX_STRAYS:
                        break
                    rows.append(row)
                    pending.clear()
                    if len(rows) >= 1000 or self.chars - mark > BATCH_CHARS:
                        yield rows
                        rows, mark = [], self.chars
                else:
                    break
            except csv.Error:
                pass
            # A quote that nothing closes has swallowed what follows: read its line with
            # quotes as ordinary characters and go on from the next.
            first, rest = pending[0], pending[1:]
            pending.clear()
            self.strays += 1
            self.ended = False
            rows.append(first.rstrip("\r\n").split(self.dialect.delimiter))
            feed = itertools.chain(self._again(rest), feed, self._end())
            reader = self._reader(feed)
        if rows:
            yield rows

    def _reader(self, feed: Iterator[str]) -> Iterator[list[str]]:
        form = self.dialect
        if self.strays >= MAX_STRAYS:
            return iter(csv.reader(feed, delimiter=form.delimiter, quoting=csv.QUOTE_NONE))
        return csv.reader(
            feed, delimiter=form.delimiter, quotechar=form.quotechar, escapechar=form.escapechar
        )

    def _lines(self, text: str | None) -> Iterator[str]:
        while text is not None:
            for line in io.StringIO(text, newline=""):
                if self.past_span and not self.pending:
                    return
                self.pending.append(line)
                yield line
            if not self.pending:
                return
            text = self._next_block()

    def _again(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            self.pending.append(line)
            yield line

    def _end(self) -> Iterator[str]:
        """No lines; chained behind the others."""
        self.ended = bool(self.pending)
        yield from ()

    def _starts_inside(self, text: str) -> bool:
        """A span may start inside a quoted cell: whichever reading gives even rows is right."""
        quote = self.dialect.quotechar
        sample = text[:HEAD]
        if quote not in sample:
            return False
        outside = parse(sample, self.dialect, 100)[:-1]
        inside = parse(quote + sample, self.dialect, 100)[1:-1]
        return self._evenness(inside) > self._evenness(outside) + 0.2

    def _evenness(self, rows: Sequence[Sequence[str]]) -> float:
        return sum(len(row) == self.dialect.width for row in rows) / len(rows) if rows else 0.0


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of about `PIECE` characters that end at line ends."""
    start = 0
    while len(text) - start > PIECE:
        end = text.find("\n", start + PIECE) + 1
        if not end:
            break
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _take(chunks: Iterator[Chunk], count: int) -> tuple[list[list[str]], Iterator[Chunk]]:
    """The first `count` records, and the rest."""
    taken: list[list[str]] = []
    while len(taken) < count:
        chunk = next(chunks, None)
        if chunk is None:
            break
        if not isinstance(chunk, list):
            return taken, itertools.chain([chunk], chunks)
        taken += chunk
    return taken[:count], itertools.chain([taken[count:]], chunks)
