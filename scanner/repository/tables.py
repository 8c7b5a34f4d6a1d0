"""Rows and columns out of the files in which repositories keep records.

A file that does not parse as what its name says gives no table; its text is looked at all the same.
Nothing is loaded that can run code.
"""

from __future__ import annotations

import csv
import dataclasses
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.repository.kinds import Kind

FEWEST = 3
"""Rows from which a list of records is judged as a table."""
_DEEPEST = 12
_MOST_COLUMNS = 200


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Columns of equal length, and where in the text they begin. Its repr shows sizes only."""

    columns: Mapping[str, Sequence[str | None]]
    start: int = 0
    """Offset in the text before which no cell of it stands."""

    @property
    def rows(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)

    def __repr__(self) -> str:
        return f"<table, {self.rows} rows of {len(self.columns)} columns>"


def tables(kind: Kind, text: str) -> Iterator[Table]:
    """Every table in a text of this kind."""
    if kind is Kind.DELIMITED:
        yield from _delimited(text)
    elif kind is Kind.JSON:
        yield from _records(_json(text))
    elif kind is Kind.JSON_LINES:
        lines = (_json(line) for line in text.splitlines() if line.strip())
        yield from _records([line for line in lines if isinstance(line, dict)])
    elif kind is Kind.YAML:
        yield from _yaml(text)
    elif kind is Kind.SQL:
        from scanner.repository import sql

        for name, rows, start in sql.rows(text):
            yield from _of_rows(name, rows, start)
    elif kind is Kind.NOTEBOOK:
        yield from _notebook(text)


def _of_rows(header: Sequence[str], rows: Sequence[Sequence[str | None]], start: int = 0) -> Iterator[Table]:
    width = min(_MOST_COLUMNS, max(map(len, rows), default=0))
    if len(rows) < FEWEST or not width:
        return
    names = [header[i] if i < len(header) and header[i] else f"column_{i}" for i in range(width)]
    names = [f"{name}_{i}" if name in names[:i] else name for i, name in enumerate(names)]
    columns = {name: [row[i] if i < len(row) else None for row in rows] for i, name in enumerate(names)}
    yield Table(columns, start)


def _delimited(text: str) -> Iterator[Table]:
    head = text[:20_000]
    delimiter = max(",\t;|", key=lambda d: min(head.partition("\n")[0].count(d), 1_000))
    try:
        rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if any(row)]
    except csv.Error:
        return
    if not rows:
        return
    # A first row with a figure in it is no header.
    header = rows[0] if not any(re.search(r"\d{3}|@", cell) for cell in rows[0]) else []
    body = [[cell or None for cell in row] for row in rows[1 if header else 0 :]]
    yield from _of_rows([cell.strip() for cell in header], body)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _yaml(text: str) -> Iterator[Table]:
    import yaml  # only where a repository has such files

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents = list(yaml.load_all(text, Loader=loader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return  # templates and tags of other languages: the text pass still sees them
    for document in documents:
        yield from _records(document)


def _records(tree: Any, depth: int = 0) -> Iterator[Table]:
    """Lists of mappings anywhere in a tree; mappings of mappings too, whose keys are then ids."""
    if depth > _DEEPEST:
        return
    if isinstance(tree, list):
        records = [item for item in tree if isinstance(item, dict)]
        if len(records) >= FEWEST:
            yield from _flattened(records)
        for item in tree if len(records) < FEWEST else _inner(records):
            yield from _records(item, depth + 1)
    elif isinstance(tree, dict):
        values = [value for value in tree.values() if isinstance(value, dict)]
        if len(values) >= FEWEST and len(values) == len(tree) and _alike(values):
            yield from _flattened(values)
            values = []
        for value in tree.values():
            if isinstance(value, list) or (isinstance(value, dict) and values):
                yield from _records(value, depth + 1)


def _alike(values: Sequence[dict[str, Any]]) -> bool:
    first = set(values[0])
    return bool(first) and all(len(first & set(value)) * 2 >= len(first) for value in values[:20])


def _inner(records: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """Lists inside records are tables of their own."""
    for record in records:
        yield from (value for value in record.values() if isinstance(value, list) and value)


def _flattened(records: Sequence[dict[str, Any]]) -> Iterator[Table]:
    rows = [dict(_fields(record, "")) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))[:_MOST_COLUMNS]
    if names and _about_people(names, rows):
        yield Table({name: [row.get(name) for row in rows] for name in names})


_PERSONAL = re.compile(
    r"(?:first|last|full|given|family|middle|maiden|customer|patient|employee|staff|person)[ _-]?names?|"
    r"surname|forename|birth|(?<![a-z])dob(?![a-z])|e-?mail|phone|mobile|post_?-?code|(?:home|postal|street)_?address|"
    r"(?<![a-z])nino(?![a-z])|national_?insurance|nhs|patient|passport|(?<![a-z])gender|ethnic|religio|diagnos|medical|"
    r"sort_?code|account_?n(?:o|um)|(?<![a-z])iban|salary|prison|pupil|student|claimant",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"(?:\d[ -]?){9,11}|[^\s@]+@[^\s@]+\.\w+|[A-Z]{2}(?: ?\d\d){3} ?[A-D]|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|"
    r"(?!2008-10-17)(?:19\d\d|200\d)-\d\d-\d\d"
)
"""A cell that is a number of ten digits or so, an address, a date before 2010 (later ones are versions)."""
_LOOKED_AT = 50


def _about_people(names: Sequence[str], rows: Sequence[Mapping[str, str | None]]) -> bool:
    """A cheap first look: code is full of lists of settings, and judging columns takes its time."""
    if "apiVersion" in names:
        return False  # resources of a template
    if any(_PERSONAL.search(name) for name in names):
        return True
    return any(_VALUE.fullmatch(value) for row in rows[:_LOOKED_AT] for value in row.values() if value)


def _fields(record: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, str | None]]:
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and prefix.count(".") < 4:
            yield from _fields(value, f"{name}.")
        elif isinstance(value, str):
            yield name, value or None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield name, str(value)
        elif hasattr(value, "isoformat"):  # YAML reads dates
            yield name, str(value.isoformat())


_ROW = re.compile(r"<tr\b.*?</tr>", re.S | re.I)
_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.S | re.I)


def _notebook(text: str) -> Iterator[Table]:
    """The data frames that a notebook shows: `text/html` of its outputs."""
    tree = _json(text)
    cells = tree.get("cells") if isinstance(tree, dict) else None
    for cell in cells if isinstance(cells, list) else ():
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            shown = data.get("text/html") if isinstance(data, dict) else None
            page = "".join(shown) if isinstance(shown, list) else shown
            if isinstance(page, str) and "<td" in page:
                rows = [
                    [html.unescape(c).strip() or None for c in _CELL.findall(r)] for r in _ROW.findall(page)
                ]
                rows = [row for row in rows if row]
                if rows:
                    yield from _of_rows([name or "" for name in rows[0]], rows[1:])
