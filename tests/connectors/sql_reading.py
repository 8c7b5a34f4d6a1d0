"""Helpers of the SQL connector's tests. All data is synthetic."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from scanner.connectors.sql import SqlConnector, SqlOptions
from scanner.contracts import Access, Ask, Limits, TableFragment
from scanner.model import Evidence, Gap, Sampled, Scope, Store, Unit

PASSWORD = "DPSCAN_TEST_READER_PASSWORD"
"""Variable that holds the reader's password in these tests."""


def connect(
    url: str, *, ca: str | None = None, limits: Limits | None = None, target: str = "test", **options: Any
) -> SqlConnector:
    if not url.startswith("sqlite"):
        options.setdefault("password", f"env:{PASSWORD}")
    access = Access(target, limits or Limits(), "dpscan/test", ca_bundle=ca)
    return SqlConnector(SqlOptions(url=url, **options), access)


def only_scope(connector: SqlConnector) -> Scope:
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope), scope
    return scope


def only_store(connector: SqlConnector) -> Store:
    (store,) = connector.stores(only_scope(connector))
    assert isinstance(store, Store), store
    return store


def facts(connector: SqlConnector) -> tuple[dict[tuple[str, str], Evidence], list[Gap]]:
    """Evidence of the one store by (safeguard, place), and the gaps met."""
    stated = list(connector.evidence(only_store(connector)))
    gaps = [item for item in stated if isinstance(item, Gap)]
    return {(e.safeguard, e.place.text): e for e in stated if isinstance(e, Evidence)}, gaps


def listing(connector: SqlConnector, ask: Ask | None = None) -> tuple[dict[str, Unit], list[Gap]]:
    listed = list(connector.units(only_store(connector), ask or Ask(seed="one")))
    units = {item.place.steps[-1][1]: item for item in listed if isinstance(item, Unit)}
    return units, [item for item in listed if isinstance(item, Gap)]


@dataclasses.dataclass
class Reading:
    columns: dict[str, list[str | None]]
    types: dict[str, str]
    sampled: Sampled | None
    gaps: list[Gap]
    batches: int

    @property
    def rows(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)


def read(connector: SqlConnector, table: str, ask: Ask | None = None) -> Reading:
    units, _ = listing(connector, ask)
    return read_unit(connector, units[table])


def read_unit(connector: SqlConnector, unit: Unit) -> Reading:
    reading = Reading({}, {}, None, [], 0)
    first_row = 0
    for item in connector.batches(unit):
        if isinstance(item, Gap):
            reading.gaps.append(item)
        elif isinstance(item, Sampled):
            assert reading.sampled is None, "one Sampled at most"
            reading.sampled = item
        else:
            assert isinstance(item, TableFragment)
            assert item.first_row == first_row
            assert item.place == unit.place
            first_row += item.rows
            reading.batches += 1
            reading.types.update(item.declared_types)
            for name, cells in item.columns.items():
                _extend(reading.columns.setdefault(name, []), cells)
    return reading


def _extend(column: list[str | None], cells: Sequence[str | None]) -> None:
    assert all(cell is None or isinstance(cell, str) for cell in cells)
    column.extend(cells)
