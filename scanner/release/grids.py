"""A sheet, judged whole, and every hit given to what hides its cell.

The whole table is asked at once, hidden columns beside visible ones: a column of surnames that
nobody sees is recognised by its neighbours, and an address column counts because of the names
beside it, wherever those are.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from scanner.collect import hits_of
from scanner.common.sheetxml import column_letters
from scanner.common.tabular import SAMPLE_ROWS, Layout, find_layout, unique_names
from scanner.contracts import Detects
from scanner.model import ColumnResult, entity
from scanner.release import weighing
from scanner.release.pieces import Grid, Where, safe_name
from scanner.release.results import Seen
from scanner.release.tallying import Tally

BATCH = 20_000
"""Rows judged at once."""
_COUNTS = re.compile(
    r"\b(count|counts|number|no|total|totals|percent|percentage|rate|headcount|volume|sum|average|mean|median|fte"
    r"|people|persons|staff|incidents|recorded|value|n)\b|%|#",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?$|[-–*c~]$")
_MISSED = 200
"""Rows with something hidden up to which each is read as text besides."""
_RECORDS = 10
"""Rows from which a table without names can be one of single cases."""


@dataclasses.dataclass(slots=True)
class Judged:
    """One grid's result: what leaves (`seen`), and what is visible, to be added up over the file."""

    seen: list[Seen]
    visible: Tally


@dataclasses.dataclass(slots=True)
class _Hit:
    name: str
    value: str
    row: int
    column: int
    form_only: bool = False


class _Table:
    def __init__(self, used: list[int]) -> None:
        self.used = used
        """Column of the grid for each column that is judged."""
        self.persons: dict[tuple[str, int], list[str]] = {}
        """(hiding, row) to the parts of a name in it."""
        self.anchors: dict[str, Tally] = {}
        """By hiding: what singles somebody out."""
        self.weak: dict[str, Tally] = {}
        self.waiting: list[_Hit] = []
        """Counts only where the row, or the table, is about people."""
        self.anchor_rows: set[int] = set()
        self.attribute_columns: set[int] = set()
        self.counted = False
        """True if a column holds counts: the table is a statistic."""


def judge(grid: Grid, detector: Detects) -> Judged:
    """Everything personal in a grid, by how it is hidden."""
    table = _Table(_used(grid))
    layout = _layout(grid, table.used)
    loose = [*grid.rows[: layout.titles]] if layout else grid.rows
    _read_loosely(grid, loose, detector, table)
    if layout is not None:
        for columns, numbers in _batches(grid, layout, table.used):
            for name, cells in columns.items():
                table.counted = table.counted or (_COUNTS.search(name) is not None and _numeric(cells))
            _read_batch(grid, detector.columns(columns), columns, numbers, table)
        _read_missed(grid, detector, table)
    return _settle(grid, table, layout)


def _used(grid: Grid) -> list[int]:
    """Columns with anything in them: empty ones between two blocks would make a table look ragged."""
    if grid.header is not None:
        return list(range(max(len(grid.header), max((len(cells) for _, cells in grid.rows), default=0))))
    return sorted({column for _, cells in grid.rows for column, cell in enumerate(cells) if cell})


def _packed(cells: Sequence[str], used: Sequence[int]) -> list[str]:
    width = len(cells)
    return [cells[c] if c < width else "" for c in used]


def _layout(grid: Grid, used: Sequence[int]) -> Layout | None:
    """Where the table begins; None for what is too small to be one."""
    if grid.header is not None:
        return Layout(0, False, unique_names(grid.header, len(grid.header))) if grid.rows else None
    if len(grid.rows) < 2 or (len(used) < 2 and len(grid.rows) < 3):
        return None
    return find_layout([_packed(cells, used) for _, cells in grid.rows[:SAMPLE_ROWS]])


def _batches(
    grid: Grid, layout: Layout, used: Sequence[int]
) -> Iterator[tuple[dict[str, list[str | None]], list[int]]]:
    rows = grid.rows[layout.first_data :]
    names = unique_names(layout.names, max(len(used), len(layout.names)))
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        columns: dict[str, list[str | None]] = {}
        for name, at in zip(names, used, strict=False):
            columns[name] = [cells[at] or None if at < len(cells) else None for _, cells in part]
        yield columns, [number for number, _ in part]


def _numeric(cells: Sequence[str | None]) -> bool:
    filled = [c.strip() for c in cells[:200] if c and c.strip()]
    return bool(filled) and sum(_NUMBER.match(c) is not None for c in filled) >= 0.8 * len(filled)


def _read_batch(
    grid: Grid,
    results: dict[str, ColumnResult],
    columns: dict[str, list[str | None]],
    numbers: Sequence[int],
    table: _Table,
) -> None:
    for index, (column, result) in enumerate(results.items()):
        cells = columns[column]
        for name, hits in hits_of(result, cells).items():
            if not entity(name).personal:
                continue
            if (
                weighing.needs_company(name) and name == result.entity_type
            ) or name in result.special_categories:
                table.attribute_columns.add(table.used[index])
            spans = hits.spans
            form_only = weighing.form_only(name, hits.validated > 0, name == result.entity_type)
            for position, at in enumerate(hits.rows):
                cell = cells[at] or ""
                value = cell[slice(*spans[position])] if spans else cell
                if value:
                    _take(grid, table, _Hit(name, value, numbers[at], table.used[index], form_only))


def _take(grid: Grid, table: _Table, hit: _Hit) -> None:
    name = hit.name
    hiding = grid.hidden_by(hit.row, hit.column)
    if (
        hit.form_only
        or weighing.technical(name)
        or (name == "EMAIL_ADDRESS" and weighing.is_role_mailbox(hit.value))
    ):
        _add(table.weak, hiding, hit)
    elif weighing.needs_company(name) or (name == "PHONE_NUMBER" and not weighing.is_mobile(hit.value)):
        table.waiting.append(hit)
    else:
        table.anchor_rows.add(hit.row)
        if name == "PERSON":
            table.persons.setdefault((hiding, hit.row), []).append(hit.value)
        _add(table.anchors, hiding, hit)


def _add(tallies: dict[str, Tally], hiding: str, hit: _Hit) -> None:
    tally = tallies.setdefault(hiding, Tally())
    tally.add(hit.name, (hit.value,))
    tally.rows.add(hit.row)
    tally.columns.add(hit.column)


def _read_loosely(
    grid: Grid, rows: Sequence[tuple[int, list[str]]], detector: Detects, table: _Table
) -> None:
    """Title lines and what is too small to be a table: read as running text."""
    texts: list[str] = []
    starts: list[tuple[int, int, int]] = []
    length = 0
    for number, cells in rows:
        for column, cell in enumerate(cells):
            if cell and cell.strip():
                starts.append((length, number, column))
                texts.append(cell)
                length += len(cell) + 1
    if not texts:
        return
    text = "\n".join(texts)
    strong, weak = weighing.split(text, detector.text([text])[0])
    for hits, tallies in ((strong, table.anchors), (weak, table.weak)):
        for found in hits:
            _, row, column = max(s for s in starts if s[0] <= found.start)
            hit = _Hit(found.entity_type, text[found.start : found.end], row, column)
            _add(tallies, grid.hidden_by(row, column), hit)


def _read_missed(grid: Grid, detector: Detects, table: _Table) -> None:
    """A few hidden cells under a column of something else are no column: their rows are read as text too.

    A name alone does not count here, for what is hidden are often words of lists.
    """
    lines: list[tuple[int, str, str]] = []
    for number, cells in grid.rows if grid.partly_hidden and not grid.hiding else ():
        if number in table.anchor_rows:
            continue
        unseen: dict[str, list[str]] = {}
        for column, cell in enumerate(cells):
            hiding = grid.hidden_by(number, column) if cell.strip() else ""
            if hiding:
                unseen.setdefault(hiding, []).append(cell)
        lines += [(number, hiding, " ".join(said)) for hiding, said in unseen.items()]
        if len(lines) > _MISSED:
            return  # so many are a column, and were judged as one
    if not lines:
        return
    found = detector.text([text for _, _, text in lines])
    for (number, hiding, text), hits in zip(lines, found, strict=True):
        strong, _ = weighing.split(text, hits)
        if all(hit.entity_type == "PERSON" for hit in strong):
            continue
        for hit in strong:
            tally = table.anchors.setdefault(hiding, Tally())
            tally.add(hit.entity_type, (text[hit.start : hit.end],))
            tally.rows.add(number)


def _settle(grid: Grid, table: _Table, layout: Layout | None) -> Judged:
    """Decide on what was waiting, and put it all in words."""
    records = _single_cases(grid, table, layout)
    for hit in table.waiting:
        hiding = grid.hidden_by(hit.row, hit.column)
        counts = hit.row in table.anchor_rows or (records and hiding != "")
        _add(table.anchors if counts else table.weak, hiding, hit)
    for (hiding, _), parts in table.persons.items():
        table.anchors[hiding].name(parts)
    seen = [
        _seen(grid, hiding, table.anchors.get(hiding, Tally()), table.weak.get(hiding, Tally()))
        for hiding in sorted({*table.anchors, *table.weak, *_hidings(grid)})
    ]
    if records and "" in table.weak and "" not in table.anchors:
        where = grid.where
        seen.append(
            Seen(
                where,
                "",
                detail="rows look like single cases: people without their names",
                level="warn",
                kind="records",
            )
        )
    return Judged(seen, table.anchors.get("", Tally()))


def _single_cases(grid: Grid, table: _Table, layout: Layout | None) -> bool:
    """True for rows about single people without a name: several attributes, no counts, and the same
    combination more than once (a statistic has each combination once)."""
    if layout is None or table.counted or len(table.attribute_columns) < 2 or table.anchor_rows:
        return False
    rows = grid.rows[layout.first_data :]
    wanted = sorted(table.attribute_columns)
    combinations = {tuple(cells[i] if i < len(cells) else "" for i in wanted) for _, cells in rows}
    return len(rows) >= _RECORDS and len(combinations) < len(rows)


def _hidings(grid: Grid) -> set[str]:
    """Every way in which something in this grid is hidden, whether or not people are in it."""
    if grid.hiding:
        return {grid.hiding} if grid.rows else set()
    found = {*grid.hidden_cells.values()}
    for number, cells in grid.rows:
        if number in grid.hidden_rows:
            found.add(grid.hidden_rows[number])
        if grid.hidden_columns:
            found.update(
                hiding
                for column, hiding in grid.hidden_columns.items()
                if column < len(cells) and cells[column]
            )
    return found


def _seen(grid: Grid, hiding: str, strong: Tally, weak: Tally) -> Seen:
    both = Tally()
    both.merge(strong if strong.values else weak)
    size = len(grid.rows)
    if not both.values and hiding and not grid.hiding:
        both.rows, both.columns = _extent(grid, hiding)
        size = len(both.rows)
    return Seen(
        _place(grid, hiding, both),
        hiding,
        strong.counts(),
        weak.counts(),
        len(strong.rows),
        size,
        strong.people,
    )


def _extent(grid: Grid, hiding: str) -> tuple[set[int], set[int]]:
    """Rows and columns that are hidden so, where nothing was recognised in them."""
    rows: set[int] = set()
    columns: set[int] = set()
    if hiding in grid.hidden_columns.values():
        columns = {c for c, h in grid.hidden_columns.items() if h == hiding}
        rows = {n for n, cells in grid.rows if any(c < len(cells) and cells[c] for c in columns)}
    elif hiding in grid.hidden_rows.values():
        rows = {n for n, _ in grid.rows if grid.hidden_rows.get(n) == hiding}
    else:
        cells = [at for at, h in grid.hidden_cells.items() if h == hiding]
        rows, columns = {r for r, _ in cells}, {c for _, c in cells}
    return rows, columns


_BY_COLUMN = {"hidden columns": " (hidden)", "zero-width columns": " (zero width)"}
_BY_ROW = {"hidden rows": " (hidden)", "zero-height rows": " (zero height)", "filtered rows": " (filtered out)",
           "invisible cells": " (text cannot be seen)", "covered cells": " (under a picture, box or merged cell)",
           "far cells": " (far from the table)"}  # fmt: skip


def _place(grid: Grid, hiding: str, tally: Tally) -> Where:
    """`sheet “List”, columns C–D (hidden), rows 2–9`."""
    own = "" if grid.hiding else hiding
    where = grid.where
    if tally.columns:
        where = where.then(_columns(grid, sorted(tally.columns)), ", ").plus(_BY_COLUMN.get(own, ""))
    if tally.rows:
        where = where.plus(f", {spans('row', sorted(tally.rows))}")
    return where.plus(_BY_ROW.get(own, ""))


def _columns(grid: Grid, columns: Sequence[int]) -> Where:
    if grid.lettered:
        return Where.of("{}", _Plain(letter_spans(columns)))
    if grid.header is None:
        return Where.of("{}", _Plain(spans("column", [c + 1 for c in columns])))
    names = [grid.header[c] if c < len(grid.header) else f"column {c + 1}" for c in columns]
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return Where(
        "fields " + ", ".join(f"“{n}”" for n in names[:6]) + more,
        "fields " + ", ".join(f"“{safe_name(n)}”" for n in names[:6]) + more,
    )


class _Plain:
    """Words of our own: nothing in them to reduce."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __str__(self) -> str:
        return self._words

    __format__ = object.__format__


def letter_spans(columns: Sequence[int]) -> str:
    """[0, 1, 2, 4] becomes `columns A–C, E`."""
    return _ranges("column", [(a, b) for a, b in _runs(columns)], column_letters)


def spans(what: str, numbers: Sequence[int]) -> str:
    """[12, 13, 14] becomes `rows 12–14`; scattered ones are cut after three, with a count."""
    runs = list(_runs(numbers))
    if len(runs) > 3:
        return f"{what}s {numbers[0]:,}–{numbers[-1]:,} ({len(numbers):,} of them)"
    return _ranges(what, runs, lambda n: f"{n:,}")


def _ranges(what: str, runs: Sequence[tuple[int, int]], word: object) -> str:
    assert callable(word)
    several = len(runs) > 1 or any(a != b for a, b in runs)
    parts = [word(a) if a == b else f"{word(a)}–{word(b)}" for a, b in runs]
    return f"{what}{'s' * several} {', '.join(parts)}"


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = last = None
    for number in numbers:
        if start is None or last is None:
            start = last = number
        elif number == last + 1:
            last = number
        else:
            yield start, last
            start = last = number
    if start is not None and last is not None:
        yield start, last
