"""The history's tables. Imported only when a history is opened (SQLAlchemy takes half a second).

Moments are stored as ISO 8601 text in UTC with microseconds: it sorts, and means the same
in SQLite and PostgreSQL. Records are stored as compressed JSON (`model.codec`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()

schema = Table(
    "dpscan_schema",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("applied", Text, nullable=False),
)

about = Table(
    "dpscan_about",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "dpscan_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),  # running, stopped, finished, abandoned
    Column("started", Text, nullable=False),
    Column("touched", Text, nullable=False),  # last sign of life
    Column("finished", Text),
    Column("complete", Boolean),
    Column("exit_code", Integer),
    Column("tool_version", Text, nullable=False),
    Column("config_digest", Text, nullable=False),
    Column("rulepack_digest", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("targets", Text, nullable=False),  # JSON list
    Column("report", LargeBinary),
)

journal = Table(
    "dpscan_journal",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("unit_key", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("store_id", Text, nullable=False),
    Column("read", Boolean, nullable=False),
    Column("holds", Boolean, nullable=False),  # something personal was found in it
    Column("result", LargeBinary, nullable=False),
    Index("dpscan_journal_position", "run_id", "position"),
)

findings = Table(
    "dpscan_findings",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("severity", Text),
    Column("observed", Text, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("workflow_by", Text),
    Column("acceptance_expires", Text),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("last_checked", Text, nullable=False),
    Column("times_reopened", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("due", Text),
    Column("finding", LargeBinary, nullable=False),
)

transitions = Table(
    "dpscan_transitions",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("before", Text),  # NULL: first seen
    Column("after", Text, nullable=False),
)

stores = Table(
    "dpscan_stores",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope_id", Text, nullable=False),
    Column("aliases", Text, nullable=False),  # JSON list
    Column("last_seen", Text, nullable=False),
)

held_units = Table(
    "dpscan_held_units",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("unit_key", Text, primary_key=True),
    Column("last_seen", Text, nullable=False),
)

decisions = Table(
    "dpscan_decisions",
    metadata,
    # A finding's fingerprint. Rows are only ever added; the latest of a field is in force.
    Column("subject", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # 1, 2, 3, … for each subject
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),  # a role
    Column("field", Text, nullable=False),  # workflow, due, assigned, notes, triage, comment
    Column("value", Text, nullable=False),  # empty: withdrawn
    Column("reason", Text, nullable=False),
    Column("expires", Text),
)


ci = Table(
    "dpscan_ci",
    metadata,
    Column("repository", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    Column("blocked", Boolean, nullable=False),  # the build failed
    Column("fail_on", Text, nullable=False),
    Column("violations", LargeBinary, nullable=False),  # fingerprint to rule and severity
)


def insert(table: Table, dialect: Dialect) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT (the same in both)."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
