"""Runs of `dpscan check` in CI, as they were reported back: how changes were stopped before they went live."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from scanner.history.rows import moment, moment_text
from scanner.model import CiRun, Severity

if TYPE_CHECKING:
    from sqlalchemy import Connection


def record(connection: Connection, run: CiRun) -> None:
    """Store one; the same repository and moment again replaces it."""
    from scanner.history.tables import ci, insert

    packed = {key: [rule, severity.name] for key, (rule, severity) in sorted(run.violations.items())}
    values = {
        "blocked": run.blocked,
        "fail_on": run.fail_on.name,
        "violations": zlib.compress(json.dumps(packed).encode("ascii")),
    }
    statement = insert(ci, connection.dialect).values(
        repository=run.repository, at=moment_text(run.at), **values
    )
    connection.execute(statement.on_conflict_do_update(index_elements=["repository", "at"], set_=values))


def read(connection: Connection) -> list[CiRun]:
    """All of them, oldest first."""
    from scanner.history.tables import ci

    return [
        CiRun(row.repository, moment(row.at), row.blocked, Severity[row.fail_on], _violations(row.violations))
        for row in connection.execute(ci.select().order_by(ci.c.at, ci.c.repository))
    ]


def _violations(packed: bytes) -> dict[str, tuple[str, Severity]]:
    plain = json.loads(zlib.decompress(packed))
    return {key: (rule, Severity[severity]) for key, (rule, severity) in plain.items()}
