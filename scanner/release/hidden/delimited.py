"""CSV and its cousins: rows and columns far beyond the table, comment lines, text behind long blanks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from scanner.common.dialect import Dialect, sniff_dialect, whole_lines
from scanner.common.encoding import Encoding, detect
from scanner.common.extracting import read_whole
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden.far import FAR_CELLS, FAR_LINES, mark_far
from scanner.release.hidden.sheets import MAX_CELLS
from scanner.release.pieces import Found, Grid, Looking, TextPiece, Where, gap_at

_COMMENT = re.compile(r"\s*(#|//|--|;;|%%|rem\b)", re.IGNORECASE)
PADDED = re.compile(r"[ \t\u00a0]{60,}\S|(?:\r?\n[ \t]*){6,}\S")
FIELD_LIMIT = 1024 * 1024


def look(looking: Looking) -> Iterator[Found]:
    content = looking.content
    raw = read_whole(content)
    encoding = detect(content.head)
    if encoding is None:
        raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
    table = read_table(raw, encoding)
    looking.count("rows", len(table.rows))
    if table.comments:
        lines = [number for number, _ in table.comments]
        where = (
            Where.of("comment lines {}–{}", lines[0], lines[-1])
            if len(lines) > 1
            else Where.of("comment line {}", lines[0])
        )
        yield TextPiece(where, "\n".join(text for _, text in table.comments), "comment lines")
    grid = Grid(Where.of("the table"), table.rows)
    mark_far(grid, FAR_LINES, FAR_CELLS)
    for number, cells in table.rows:
        for column, cell in enumerate(cells):
            if len(cell) > 60 and PADDED.search(cell):
                grid.hidden_cells[number, column] = "far cells"
    yield grid
    if table.cut:
        yield gap_at(Where(), GapReason.LIMIT, f"more than {MAX_CELLS:,} cells", "split the file")


class Table:
    """A text table with line numbers; what is blank is left out, comments are apart."""

    def __init__(self, dialect: Dialect, encoding: Encoding) -> None:
        self.dialect, self.encoding = dialect, encoding
        self.rows: list[tuple[int, list[str]]] = []
        self.comments: list[tuple[int, str]] = []
        self.cut = False


def read_table(raw: bytes, encoding: Encoding) -> Table:
    text = encoding.decode(raw[encoding.bom :]).replace("\0", "")
    sample = whole_lines(text[:65536], len(text) <= 65536)
    bare = "\n".join(line for line in sample.splitlines() if not line.lstrip().startswith(("#", "//")))
    dialect = sniff_dialect(bare) or Dialect(",")
    table = Table(dialect, encoding)
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quotechar,
        escapechar=dialect.escapechar,
    )  # fmt: skip
    cells, line = 0, 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return table
        except csv.Error as error:
            raise ReadError(
                GapReason.CORRUPT, f"line {line}: a cell longer than {FIELD_LIMIT:,} characters"
            ) from error
        if not any(cell.strip() for cell in row):
            continue
        if _COMMENT.match(row[0]):
            table.comments.append((line, dialect.delimiter.join(row)))
            continue
        table.rows.append((line, row))
        cells += len(row)
        if cells > MAX_CELLS:
            table.cut = True
            return table
