"""Bringing a history up to the version this program writes.

A new history is created at the latest version from `tables`; an older one is taken there
step by step. To change the tables: change `tables.py`, raise `LATEST`, add the step to
`STEPS` (SQL that both SQLite and PostgreSQL take), and a test that opens an old file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scanner.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import Connection

LATEST = 3


def _two(connection: Connection) -> None:
    """Decisions get a table of their own, with who and when; earlier ones are carried over."""
    from sqlalchemy import text

    connection.execute(
        text(
            "CREATE TABLE dpscan_decisions (subject TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, "
            '"by" TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL, expires TEXT, '
            "PRIMARY KEY (subject, number))"
        )
    )
    # Version 1 did not keep when: the last check is the closest that is known. The reason was
    # part of the role's text (`role: reason`) and stays there.
    connection.execute(
        text(
            "INSERT INTO dpscan_decisions "
            "SELECT fingerprint, 1, last_checked, COALESCE(workflow_by, ''), 'workflow', workflow, '', "
            "acceptance_expires FROM dpscan_findings WHERE workflow <> 'new'"
        )
    )


def _three(connection: Connection) -> None:
    """What CI reported back."""
    from sqlalchemy import text

    blob = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    connection.execute(
        text(
            "CREATE TABLE dpscan_ci (repository TEXT NOT NULL, at TEXT NOT NULL, blocked BOOLEAN NOT NULL, "
            f"fail_on TEXT NOT NULL, violations {blob} NOT NULL, PRIMARY KEY (repository, at))"
        )
    )


STEPS: Mapping[int, Callable[[Connection], None]] = {2: _two, 3: _three}
"""Version to the function that takes a history from the version before to it. Version 1 is
the first, so there is no step to it."""


def migrate(connection: Connection) -> None:
    """Create or upgrade. The caller holds the lock and commits.

    Raises ConfigError if a newer dpscan has written the history.
    """
    import sqlalchemy as sa

    from scanner.history import tables

    if not sa.inspect(connection).has_table(tables.schema.name):
        tables.metadata.create_all(connection)
        _stamp(connection, LATEST)
        return
    found = connection.execute(sa.select(sa.func.max(tables.schema.c.version))).scalar()
    version = int(found or 0)
    if version > LATEST:
        raise ConfigError(
            f"the history was written by a newer dpscan (its version {version}, this program "
            f"writes {LATEST}): upgrade dpscan on this machine"
        )
    for step in range(version + 1, LATEST + 1):
        STEPS[step](connection)
        _stamp(connection, step)


def _stamp(connection: Connection, version: int) -> None:
    from scanner.history import tables

    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    connection.execute(tables.schema.insert().values(version=version, applied=now))
