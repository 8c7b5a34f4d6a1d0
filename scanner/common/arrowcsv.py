"""A block of delimited text to columns by Arrow, many times as fast as row by row.

Arrow cuts records as Python's `csv` does (a differential test holds them together), with
three exceptions that are told apart here: rows of another width come back as they are, a
record that the block's end cuts off is given back, and what looks like a stray quote (cells
of very many lines, rows of the wrong width that span lines) is refused: `None`, and the
caller reads the block row by row.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from scanner.common import buffers
from scanner.common.cells import Cells
from scanner.common.dialect import Dialect


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """One block, cut into columns."""

    columns: list[Any]
    """An Arrow dictionary array for each column, of the rows of the usual width; null = empty."""
    odd: list[tuple[int, list[str]]]
    """Rows of another width: where they stand among all rows, and their cells."""
    rest: str
    """The start of a record that goes on in the next block."""

    @property
    def rows(self) -> int:
        return len(self.columns[0]) + len(self.odd)


def read_block(text: str, dialect: Dialect, width: int, longest: int, most_lines: int) -> Block | None:
    """The records of a text that starts at a record's start, or None where Python must read it.

    `longest`: characters of a cell beyond which a quote is taken for a stray one; `most_lines`:
    lines of a record likewise.
    """
    if width < 2 or dialect.escapechar or not dialect.delimiter.isascii():
        return None
    odd: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        odd.append((row.number - 1, row.text))
        return "skip"

    names = [str(i) for i in range(width)]
    raw = text.encode()
    try:
        table = pacsv.read_csv(
            pa.BufferReader(raw),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(raw) + 1, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quotechar,
                newlines_in_values=True,
                invalid_row_handler=keep,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns = [column.combine_chunks() for column in table.columns]
    returns = text.count("\r")
    lines = text.count("\n") + (returns - text.count("\r\n") if returns else 0) + (text[-1:] not in "\r\n")
    rest, many = "", lines > len(columns[0]) + len(odd)
    if many and (any("\n" in row or "\r" in row for _, row in odd) or _lines(columns) > most_lines):
        return None
    if many or dialect.quotechar in text:
        if _longest(columns) > longest:
            return None
        found = _whole(columns, odd, text, dialect.quotechar)
        if found is None:
            return None
        columns, rest = found
    return Block(columns, [(place, _cells(row, dialect)) for place, row in odd], rest)


def _whole(
    columns: list[Any], odd: list[tuple[int, str]], text: str, quote: str
) -> tuple[list[Any], str] | None:
    """The same without the record that the block's end cuts, and that record; None where quotes are astray."""
    count = len(columns[0])
    if odd and odd[-1][0] == count + len(odd) - 1:
        return None if quote in odd[-1][1] else (columns, "")
    last = columns[-1][-1].as_py() if count else None
    if last is None or last[-1] not in "\r\n":
        return columns, ""
    if text.rstrip("\r\n")[-2:] in ("\n" + quote, "\r" + quote):
        return columns, ""  # a whole cell whose last line is blank
    # The text ended inside a quoted cell: that cell has the last line end in it.
    if text.count("\r") > text.count("\r\n"):
        return None
    newlines = sum((column[-1].as_py() or "").count("\n") for column in columns)
    at = len(text)
    for _ in range(newlines + 1):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return None
    return [column[:-1] for column in columns], text[at + 1 :]


def _lines(columns: Sequence[Any]) -> int:
    """At least as many line ends as any record has inside."""
    return sum(_most(pc.count_substring(column.dictionary, "\n")) for column in columns)


def _longest(columns: Sequence[Any]) -> int:
    """Most bytes that a cell has."""
    return max(_most(pc.binary_length(column.dictionary)) for column in columns)


def _most(numbers: Any) -> int:
    return pc.max(numbers).as_py() or 0


def _cells(row: str, dialect: Dialect) -> list[str]:
    reader = csv.reader(
        io.StringIO(row, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quotechar
    )
    return next(reader, [])


def merged(
    columns: dict[str, Any], odd: dict[str, Sequence[str | None]], places: Sequence[int]
) -> dict[str, Any]:
    """Columns of the usual rows and columns of the odd ones (which stand at `places` of the whole) as one."""
    usual = len(next(iter(columns.values())))
    total = usual + len(places)
    taken = np.zeros(total, dtype=np.bool_)
    taken[list(places)] = True
    order = np.empty(total, dtype=np.int64)
    order[~taken] = np.arange(usual)
    order[taken] = np.arange(usual, total)
    found = {}
    for name, cells in odd.items():
        own = columns.get(name)
        strings = pa.nulls(usual, pa.string()) if own is None else own.cast(pa.string())
        both = pa.concat_arrays([strings, Cells.of(cells).array])
        found[name] = both.take(buffers.places(order))
    return found
