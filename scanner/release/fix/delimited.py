"""A clean CSV: the visible table, without comment lines and what lies far from it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from scanner.common.encoding import detect
from scanner.common.extracting import read_whole
from scanner.contracts import Content
from scanner.release.fix.clean import CannotFix, Done
from scanner.release.hidden.delimited import PADDED, read_table
from scanner.release.hidden.far import FAR_CELLS, FAR_LINES, mark_far
from scanner.release.pieces import Grid, Where


def write(content: Content, out: Path, done: Done) -> None:
    raw = read_whole(content)
    encoding = detect(content.head)
    if encoding is None:
        raise CannotFix("it is no text in any encoding known")
    table = read_table(raw, encoding)
    grid = Grid(Where(), table.rows)
    mark_far(grid, FAR_LINES, FAR_CELLS)
    done.remove("comment lines", len(table.comments))
    done.remove("rows far below the table", len(grid.hidden_rows))
    done.remove("columns far beside the table", len(grid.hidden_columns))
    newline = "\r\n" if "\r\n".encode(encoding.name) in content.head else "\n"
    with out.open("wb") as file:
        file.write(raw[: encoding.bom])
    with out.open("a", encoding=encoding.name, errors="replace", newline="") as text:
        writer = csv.writer(
            text, delimiter=table.dialect.delimiter, quotechar=table.dialect.quotechar, lineterminator=newline
        )
        width = _width(grid)
        for number, cells in table.rows:
            if number not in grid.hidden_rows:
                writer.writerow(
                    [
                        _short(cell, done)
                        for c, cell in enumerate(cells[:width])
                        if c not in grid.hidden_columns
                    ]
                )


def _width(grid: Grid) -> int:
    """Columns up to the last that holds something a reader sees."""
    used = {
        c
        for _, cells in grid.rows
        for c, cell in enumerate(cells)
        if cell.strip() and c not in grid.hidden_columns
    }
    return max(used, default=-1) + 1


def _short(cell: str, done: Done) -> str:
    if len(cell) > 60:
        match = PADDED.search(cell)
        if match:
            done.remove("text behind long blanks in a cell")
            return re.sub(r"\s+$", "", cell[: match.start()])
    return cell
