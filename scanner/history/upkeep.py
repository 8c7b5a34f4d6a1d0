"""How large a history is, and giving space back after runs were deleted."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scanner.history import tables

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How much a history holds."""

    bytes: int
    """On disk, with what is free for re-use."""
    free: int
    """Bytes free for re-use (SQLite; 0 for PostgreSQL)."""
    reports: int
    """Bytes of stored reports."""
    rows: dict[str, int]
    """Rows of each table."""


def size(engine: Engine) -> Size:
    with engine.connect() as connection:
        rows = {
            table.name.removeprefix("dpscan_"): int(
                connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            )
            for table in tables.metadata.sorted_tables
        }
        stored = connection.execute(sa.select(sa.func.sum(sa.func.length(tables.runs.c.report)))).scalar()
        if engine.dialect.name == "sqlite":
            page = int(connection.execute(sa.text("PRAGMA page_size")).scalar_one())
            pages = int(connection.execute(sa.text("PRAGMA page_count")).scalar_one())
            free = int(connection.execute(sa.text("PRAGMA freelist_count")).scalar_one()) * page
            log = Path(f"{engine.url.database}-wal")
            total = page * pages + (log.stat().st_size if log.exists() else 0)
        else:
            free = 0
            asked = sa.text("SELECT pg_total_relation_size(CAST(CAST(:name AS text) AS regclass))")
            total = sum(
                int(connection.execute(asked, {"name": table.name}).scalar_one())
                for table in tables.metadata.sorted_tables
            )
    return Size(total, free, int(stored or 0), rows)


def compact(engine: Engine) -> None:
    """Give free space back to the disk. PostgreSQL does so itself (autovacuum)."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM"))
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
