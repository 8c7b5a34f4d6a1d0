"""Synthetic rows for stores: test-range identifiers of invented people."""

from __future__ import annotations

from collections.abc import Sequence

from tests.department import generator

PEOPLE = generator().people(99, 120)
COLUMNS = ("full_name", "nino", "nhs_no", "email", "health_condition")


def rows(count: int = 60) -> list[tuple[str, ...]]:
    return [
        (p.name, p.nino, p.nhs, p.email, ("asthma", "epilepsy", "type 2 diabetes")[n % 3])
        for n, p in enumerate(PEOPLE[:count])
    ]


def as_csv(count: int = 60) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(row) for row in rows(count))]
    return ("\r\n".join(lines) + "\r\n").encode()


def create_table(name: str, key: str = "") -> str:
    return f"CREATE TABLE {name} ({key}{', '.join(f'{c} varchar(80)' for c in COLUMNS)})"


def insert(name: str, values: Sequence[tuple[str, ...]]) -> str:
    literals = ",".join("(" + ",".join(f"'{v}'" for v in row) + ")" for row in values)
    return f"INSERT INTO {name} ({', '.join(COLUMNS)}) VALUES {literals}"
