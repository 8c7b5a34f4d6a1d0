"""Writing a finished run into the tables, in one transaction."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scanner.history.over_time import OPEN_STATES
from scanner.history.rows import finding_row, moment_text, pack_report, storable
from scanner.history.tables import (
    ci,
    decisions,
    findings,
    held_units,
    insert,
    journal,
    runs,
    stores,
    transitions,
)
from scanner.model import Inspected, Report, Workflow

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _upsert(connection: Connection, table: sa.Table, rows: list[dict[str, Any]], newer: str = "") -> None:
    """Insert or replace the columns given; with `newer`, only if that column is no earlier."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = insert(table, connection.dialect)
    # The workflow is given for the insert, and never replaced: it belongs to people.
    kept = {*keys, "workflow"}
    changed = {name: statement.excluded[name] for name in rows[0] if name not in kept}
    where = table.c[newer] <= statement.excluded[newer] if newer else None
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where), rows)


def save(connection: Connection, report: Report) -> None:
    # The first statement writes: SQLite then waits for its turn at once, instead of
    # failing when a transaction that began by reading wants to write.
    _save_run(connection, report)
    _save_findings(connection, report)
    _save_stores(connection, report)
    _save_held_units(connection, report)
    if report.run.complete:
        connection.execute(journal.delete().where(journal.c.run_id == report.run.id))


def _save_run(connection: Connection, report: Report) -> None:
    run = report.run
    row = {
        "id": run.id,
        "state": "finished" if run.complete else "stopped",
        "started": moment_text(run.started),
        "touched": moment_text(run.finished),
        "finished": moment_text(run.finished),
        "complete": run.complete,
        "exit_code": report.exit_code,
        "tool_version": run.tool_version,
        "config_digest": run.config_digest,
        "rulepack_digest": run.rulepack_digest,
        "seed": run.seed,
        "targets": json.dumps(run.targets),
        "report": pack_report(report),
    }
    _upsert(connection, runs, [row])


def _save_findings(connection: Connection, report: Report) -> None:
    current = {finding.fingerprint: finding for finding in report.findings}
    rows = []
    for entry in report.history.values():
        if entry.finding is None:
            entry = dataclasses.replace(entry, finding=current[entry.fingerprint])
        rows.append(finding_row(entry) | {"workflow": Workflow.NEW.value})
    query = sa.select(findings.c.fingerprint, findings.c.observed)
    before = {row.fingerprint: row.observed for row in connection.execute(query)}
    # A run that did not check a finding must not undo what another run, of another scope,
    # has learnt of it since this one loaded the history.
    _upsert(connection, findings, rows, newer="last_checked")
    at = moment_text(report.run.finished)
    after = {row.fingerprint: row.observed for row in connection.execute(query)}
    changed = [
        {
            "run_id": report.run.id,
            "fingerprint": row["fingerprint"],
            "at": at,
            "before": before.get(row["fingerprint"]),
            "after": after[row["fingerprint"]],
        }
        for row in rows
        if before.get(row["fingerprint"]) != after[row["fingerprint"]]
    ]
    _upsert(connection, transitions, changed)


def _save_stores(connection: Connection, report: Report) -> None:
    at = moment_text(report.run.finished)
    known = {row.id: row.aliases for row in connection.execute(sa.select(stores.c.id, stores.c.aliases))}
    rows = []
    for store in report.stores:
        name = storable(store.id)
        # A name once seen is remembered: the next run may see the store by that name only.
        aliases = {*json.loads(known.get(name, "[]")), *store.aliases} - {store.id}
        rows.append(
            {
                "id": name,
                "scope_id": storable(store.scope_id),
                "aliases": json.dumps(sorted(aliases)),
                "last_seen": at,
            }
        )
    _upsert(connection, stores, rows)


def _save_held_units(connection: Connection, report: Report) -> None:
    at = sa.literal(moment_text(report.run.finished), sa.Text)
    mine = journal.c.run_id == report.run.id
    # By the journal's key: asked store by store, 10,000 held units took half a minute.
    same = sa.and_(
        mine, journal.c.unit_key == held_units.c.unit_key, journal.c.store_id == held_units.c.store_id
    )
    empty = sa.exists().where(same, journal.c.read, sa.not_(journal.c.holds))
    connection.execute(held_units.delete().where(empty))
    for name in _read_whole(report):
        gone = sa.not_(sa.exists().where(same))
        connection.execute(held_units.delete().where(held_units.c.store_id == name, gone))
    holding = sa.select(journal.c.store_id, journal.c.unit_key, at).where(mine, journal.c.holds)
    statement = insert(held_units, connection.dialect).from_select(
        ["store_id", "unit_key", "last_seen"], holding
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["store_id", "unit_key"], set_={"last_seen": statement.excluded.last_seen}
        )
    )


def _read_whole(report: Report) -> Iterable[str]:
    for summary in report.summaries:
        if report.run.complete and summary.inspected is Inspected.ALL:
            yield storable(summary.store_id)


def forget(connection: Connection, before: str) -> int:
    old = sa.select(runs.c.id).where(runs.c.touched < before)
    connection.execute(journal.delete().where(journal.c.run_id.in_(old)))
    connection.execute(transitions.delete().where(transitions.c.at < before))
    closed = findings.c.observed.not_in([state.value for state in OPEN_STATES])
    connection.execute(findings.delete().where(closed, findings.c.last_checked < before))
    connection.execute(ci.delete().where(ci.c.at < before))
    left = sa.select(findings.c.fingerprint)
    connection.execute(decisions.delete().where(decisions.c.subject.not_in(left)))
    return int(connection.execute(runs.delete().where(runs.c.touched < before)).rowcount)


def drop(connection: Connection, run_ids: Iterable[str]) -> int:
    """Delete runs with their reports; findings and their changes of state stay."""
    deleted = 0
    for run_id in run_ids:
        connection.execute(journal.delete().where(journal.c.run_id == run_id))
        deleted += int(connection.execute(runs.delete().where(runs.c.id == run_id)).rowcount)
    return deleted
