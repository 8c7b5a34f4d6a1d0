"""Pivot caches: the copy of the source data that a pivot table keeps, as the table it was (ECMA-376 18.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import discard, events, local
from scanner.model import GapReason
from scanner.release.hidden import parts
from scanner.release.pieces import Found, Grid, Where, gap_at

MAX_VALUES = 5_000_000


def pivot_caches(package: Package, sheet_of: dict[str, str]) -> Iterator[Found]:
    shown = _shown_on(package, sheet_of)
    for number, name in enumerate(package.matching("xl/pivotCache/pivotCacheDefinition"), 1):
        where = Where.of("pivot cache {}", number)
        if name in shown:
            where = where.then(Where.of("(behind the pivot table on sheet “{}”)", shown[name]), " ")
        fields, shared = _definition(package, name)
        records = parts.related(package, name, "pivotCacheRecords")
        rows: list[tuple[int, list[str]]] = []
        values = 0
        for part in records:
            for row in _records(package, part, shared):
                values += len(row)
                rows.append((len(rows) + 1, row))
                if values > MAX_VALUES:
                    yield gap_at(where, GapReason.LIMIT, f"more than {MAX_VALUES:,} values")
                    break
        if rows:
            yield Grid(where, rows, "pivot cache", header=fields, lettered=False)
        else:
            longest = max(map(len, shared), default=0)
            rows = [(i + 1, [s[i] if i < len(s) else "" for s in shared]) for i in range(longest)]
            if rows:
                yield Grid(
                    where.plus(", lists of values"), rows, "pivot cache", header=fields, lettered=False
                )


def _shown_on(package: Package, sheet_of: dict[str, str]) -> dict[str, str]:
    found = {}
    for part, sheet in sheet_of.items():
        if part not in package.names:
            continue
        for table in parts.related(package, part, "pivotTable"):
            for cache in parts.related(package, table, "pivotCacheDefinition"):
                found[cache] = sheet
    return found


def _definition(package: Package, name: str) -> tuple[list[str], list[list[str]]]:
    """Field names, and each field's list of shared values."""
    fields: list[str] = []
    shared: list[list[str]] = []
    for field in parts.tree(package, name).iter("{*}cacheField"):
        fields.append(field.get("name", ""))
        items = next((c for c in field if local(c.tag) == "sharedItems"), None)
        shared.append([] if items is None else [_value(i) for i in items if isinstance(i.tag, str)])
    return fields, shared


def _records(package: Package, part: str, shared: list[list[str]]) -> Iterator[list[str]]:
    with package.open(part) as stream:
        for _, element in events(stream, only="r"):
            yield [_item(item, shared[i] if i < len(shared) else []) for i, item in enumerate(element)]
            discard(element)


def _item(item: Any, shared: list[str]) -> str:
    if local(item.tag) != "x":
        return _value(item)
    index = item.get("v", "")
    return shared[int(index)] if index.isdigit() and int(index) < len(shared) else ""


def _value(item: Any) -> str:
    value = item.get("v", "")
    if local(item.tag) == "d":
        return str(value).removesuffix("T00:00:00")
    return str(value) if local(item.tag) in ("s", "n", "b") else ""
