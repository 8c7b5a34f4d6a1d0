"""Nested records (JSON, Avro, XML) as flat tables.

A record becomes one row; nested objects give dotted columns (`address.postcode`), lists of
scalars are joined into one cell, and lists of objects become rows of a table of their own,
whose columns carry the path (`members.email`). An object keyed by data (a register keyed by
e-mail address, say) becomes rows too, with its keys in a column `key`: otherwise personal
values would turn into column names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.common.tabular import MAX_NAME, looks_like_value
from scanner.contracts import Limits, TableFragment
from scanner.model import Place

MAX_KEYS = 200
"""Distinct keys at one level beyond which the keys are data."""
WIDE_KEYS = 2_000
"""The same for records of a list that all have the same keys (wide exports)."""
MAX_DEPTH = 60
BATCH_CHARS = 8 * 1024 * 1024
BATCH_CELLS = 500_000
JOIN = "; "


class Records:
    """Collects rows by path and gives them out as table fragments."""

    def __init__(self, place: Place, limits: Limits) -> None:
        self._place, self._limits = place, limits
        self._rows: dict[str, list[dict[str, str]]] = {}
        self._given: dict[str, int] = {}
        self._keys: dict[str, set[str]] = {}
        self._seen: dict[str, int] = {}
        self._maps: set[str] = set()
        self._full: list[str] = []
        self._chars = 0
        self._cells: dict[str, int] = {}
        self.cut = False
        """True if a cell was cut at `limits.cell_chars`."""
        self.too_deep = False

    def add(self, value: Any, path: str = "", element: bool = False) -> Iterator[TableFragment]:
        """Takes one value (of dicts, lists and scalars) found at `path`; gives out batches that became full.

        `element`: the value is one of a list, so more like it will follow.
        """
        self._value(value, path, element, 0)
        if self._full or self._chars > BATCH_CHARS:
            paths = list(self._rows) if self._chars > BATCH_CHARS else self._full
            self._full = []
            for full in paths:
                yield from self._flush(full)
            if self._chars > BATCH_CHARS:
                self._chars = 0

    def flush(self) -> Iterator[TableFragment]:
        """Gives out what is left."""
        for path in list(self._rows):
            yield from self._flush(path)

    def _value(self, value: Any, path: str, element: bool, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.too_deep = True
        elif isinstance(value, dict):
            row: dict[str, str] = {}
            self._rows.setdefault(path, [])  # so that it comes before the tables inside it
            self._object(value, path, row, element, depth)
            if row:
                self._put(path, row)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self._value(item, path, True, depth + 1)
        else:
            text = self._text(value)
            if text:
                self._put(path, {path or "value": text})

    def _object(
        self, value: dict[Any, Any], path: str, row: dict[str, str], element: bool, depth: int
    ) -> None:
        if depth > MAX_DEPTH:
            self.too_deep = True
            return
        if self._is_map(value, path, element):
            self._map(value, path, depth)
            return
        prefix = f"{path}." if path else ""
        for key, item in value.items():
            name = prefix + str(key)[:MAX_NAME]
            if isinstance(item, str):
                if item:
                    row[name] = item if len(item) <= self._limits.cell_chars else self._text(item)
            elif item is None:
                continue
            elif isinstance(item, dict):
                self._object(item, name, row, element, depth + 1)
            elif isinstance(item, (list, tuple)):
                scalars = [self._text(x) for x in item if not isinstance(x, (dict, list, tuple))]
                if any(scalars):
                    row[name] = self._text(JOIN.join(filter(None, scalars)))
                for x in item:
                    if isinstance(x, (dict, list, tuple)):
                        self._value(x, name, True, depth + 1)
            else:
                text = self._text(item)
                if text:
                    row[name] = text

    def _is_map(self, value: dict[Any, Any], path: str, element: bool) -> bool:
        if path in self._maps:
            return True
        keys = self._keys.setdefault(path, set())
        if value.keys() <= keys:
            return False
        seen = self._seen[path] = self._seen.get(path, 0) + 1
        fresh = value.keys() - keys
        keys.update(map(str, fresh))
        probe = list(fresh)[:20]
        if sum(looks_like_value(str(key)) for key in probe) > 0.5 * len(probe) or _alike(value):
            self._maps.add(path)
            return True
        if len(keys) <= MAX_KEYS:
            return False
        alike = element and len(keys) <= WIDE_KEYS and (seen == 1 or len(value) >= 0.8 * len(keys))
        if not alike:
            self._maps.add(path)
        return not alike

    def _map(self, value: dict[Any, Any], path: str, depth: int) -> None:
        prefix = f"{path}." if path else ""
        for key, item in value.items():
            row = {f"{prefix}key": self._text(str(key))}
            if isinstance(item, dict):
                # Every entry is an object of the same kind: its level is named as one.
                self._object(item, f"{prefix}entry", row, True, depth + 1)
            elif isinstance(item, (list, tuple)) and any(isinstance(x, (dict, list, tuple)) for x in item):
                self._value(item, f"{prefix}entry", True, depth + 1)
            else:
                items = item if isinstance(item, (list, tuple)) else (item,)
                text = self._text(JOIN.join(filter(None, map(self._text, items))))
                if text:
                    row[f"{prefix}value"] = text
            self._put(f"{path}\0map", row)

    def _text(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, bytes):
            text = value.decode("utf-8", "replace")
        else:
            try:
                text = value if isinstance(value, str) else str(value)
            except ValueError:  # an integer of more digits than Python prints
                text = "0"
        if len(text) > self._limits.cell_chars:
            self.cut = True
            return text[: self._limits.cell_chars]
        return text

    def _put(self, table: str, row: dict[str, str]) -> None:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        self._chars += sum(map(len, row.values())) + 50 * len(row)
        cells = self._cells[table] = self._cells.get(table, 0) + len(row)
        if len(rows) == self._limits.batch_rows or (cells >= BATCH_CELLS and table not in self._full):
            self._full.append(table)

    def _flush(self, table: str) -> Iterator[TableFragment]:
        rows = self._rows.pop(table, [])
        self._cells.pop(table, None)
        # Rows of one path may differ in keys; a sparse union of many would be mostly holes.
        while rows:
            names: dict[str, None] = {}
            taken = 0
            for row in rows[: self._limits.batch_rows]:
                if names and len(names.keys() | row.keys()) * (taken + 1) > 4 * BATCH_CELLS:
                    break
                names.update(dict.fromkeys(row))
                taken += 1
            part, rows = rows[:taken], rows[taken:]
            first = self._given.get(table, 0)
            self._given[table] = first + taken
            yield TableFragment(
                {name: [row.get(name) for row in part] for name in names}, self._place, first_row=first
            )


def _alike(value: dict[Any, Any]) -> bool:
    """True for an object whose entries are all objects of one kind: a register keyed by something."""
    entries = list(value.values())[:50]
    if len(entries) < 3 and not (len(entries) == 2 and any(" " in str(key) for key in value)):
        return False
    if not all(isinstance(entry, dict) and entry for entry in entries):
        return False
    common = set.intersection(*(set(entry) for entry in entries))
    return len(common) >= 0.5 * len(set.union(*(set(entry) for entry in entries)))
