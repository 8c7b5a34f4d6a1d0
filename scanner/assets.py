"""The department's asset register as a CSV or XLSX file: what it says of stores, row by row.

Columns are the keys of a `register:` entry (`store` is required and may be a glob); other columns
are left alone, since registers have many. An empty cell says nothing. Pure: bytes in, entries out.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Mapping
from typing import Any

from scanner.desk import dates, sheet
from scanner.errors import ConfigError, Problem

KEY = "store"
ALIASES: Mapping[str, str] = {
    "store_locator": "store",
    "information_asset_owner": "owner",
    "classification_declared": "classification",
    "categories_of_personal_data": "declared_categories",
}
"""Names of findings.csv and holdings.csv, so that a column can be copied over."""
_FLAGS = ("intended_public", "system_of_record")
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_NUMBERS = ("retention_days",)
_DATES = ("intended_public_date", "access_reviewed", "restore_tested")
_LISTS = ("declared_categories",)

Numbered = tuple[int, dict[str, Any]]
"""Row number in the file, and what it says."""


def read(content: bytes, name: str, known: Collection[str]) -> list[Numbered]:
    """Entries in the order of the file. `known`: keys of an entry.

    Raises ConfigError naming every row and column that cannot be read, never what is in it.
    """
    key = next((alias for alias in ("store_locator",) if alias.encode() in content[:4096].lower()), KEY)
    table = sheet.read(content, key, name)
    columns = {column: ALIASES.get(column, column) for column in table.columns}
    if "holding_id" in columns:
        # A holdings.csv: what was found in a store is not what its register declares.
        columns.pop("categories_of_personal_data", None)
    problems = [
        Problem(f"is not known; is {near[0]!r} meant?", name, 1, key=column)
        for column, field in columns.items()
        if field not in known and (near := difflib.get_close_matches(column, known, 1, cutoff=0.8))
    ]
    wanted = [field for field in columns.values() if field in known]
    problems += [
        Problem("is there twice, under two names", name, 1, key=field)
        for field in sorted({field for field in wanted if wanted.count(field) > 1})
    ]
    order = dates.month_first([], [row.cells.get(c, "") for row in table.rows for c in _DATES])
    if order is None:
        problems.append(Problem("mixes dates with the day first and the month first", name, 1, key=_DATES[0]))
    entries: list[Numbered] = []
    for row in table.rows:
        said: dict[str, Any] = {}
        for column, field in columns.items():
            cell = " ".join(row.cells.get(column, "").split()).removeprefix("'")
            if field not in known or not cell:
                continue
            value = _value(field, cell, bool(order))
            if value is None:
                problems.append(Problem(f"expected {_expected(field)}", name, row.number, key=column))
            else:
                said[field] = value
        if KEY not in said:
            problems.append(Problem("is empty: the row says nothing of any store", name, row.number, key=key))
        entries.append((row.number, said))
    if problems:
        raise ConfigError(*problems)
    return entries


def _value(field: str, cell: str, month_first: bool) -> Any:
    if field in _FLAGS:
        word = cell.lower()
        return True if word in _YES else False if word in _NO else None
    if field in _NUMBERS:
        digits = cell.replace(",", "").removesuffix(".0")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None
    if field in _DATES:
        date: dt.date | None = dates.read(cell, month_first)
        return date
    if field in _LISTS:
        return tuple(part.strip() for part in cell.split(";") if part.strip())
    return cell


def _expected(field: str) -> str:
    if field in _FLAGS:
        return "yes or no"
    if field in _NUMBERS:
        return "a whole number"
    return "a date such as 2026-01-31"
