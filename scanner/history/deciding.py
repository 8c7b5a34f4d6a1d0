"""Recording decisions in the tables, and reading them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scanner.errors import ConfigError
from scanner.history.decided import Decision, accepted_text
from scanner.history.rows import moment, moment_text, storable
from scanner.history.tables import decisions, findings
from scanner.model import Workflow

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PAGE = 500
"""Names in one IN list; SQLite takes a limited number of parameters."""


def record(connection: Connection, made: Sequence[Decision]) -> list[Decision]:
    """Add decisions, all or none, and give them back with their numbers.

    Raises ConfigError if a finding is not known, or an acceptance has no end or no reason.
    """
    for decision in made:
        if decision.field == "workflow" and decision.value == Workflow.ACCEPTED.value:
            if decision.expires is None:
                raise ConfigError("an accepted finding needs the date until which it is accepted")
            if not decision.by:
                raise ConfigError("an accepted finding needs the role that accepts it")
    subjects = sorted({decision.subject for decision in made})
    # An update first: SQLite then waits for its turn, instead of failing when a transaction
    # that began by reading wants to write; PostgreSQL locks the rows, so numbers are not given twice.
    known: set[str] = set()
    for page in _pages(subjects):
        mine = findings.c.fingerprint.in_(page)
        connection.execute(findings.update().where(mine).values(fingerprint=findings.c.fingerprint))
        known.update(connection.execute(sa.select(findings.c.fingerprint).where(mine)).scalars())
    unknown = [subject for subject in subjects if subject not in known]
    if unknown:
        raise ConfigError(*(f"the history holds no finding {subject}" for subject in unknown))
    numbers: dict[str, int] = {}
    for page in _pages(subjects):
        query = sa.select(decisions.c.subject, sa.func.max(decisions.c.number))
        for subject, number in connection.execute(
            query.where(decisions.c.subject.in_(page)).group_by(decisions.c.subject)
        ):
            numbers[subject] = int(number)
    rows = []
    for decision in made:
        numbers[decision.subject] = numbers.get(decision.subject, 0) + 1
        rows.append(_row(decision, numbers[decision.subject]))
        if decision.field == "workflow":
            connection.execute(_current(decision))
    if rows:
        connection.execute(decisions.insert(), rows)
    return [_decision(row) for row in rows]


def _pages(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[start : start + _PAGE] for start in range(0, len(names), _PAGE)]


def _row(decision: Decision, number: int) -> dict[str, Any]:
    return {
        "subject": decision.subject,
        "number": number,
        "at": moment_text(decision.at),
        "by": storable(decision.by),
        "field": decision.field,
        "value": storable(decision.value),
        "reason": storable(decision.reason),
        "expires": decision.expires.isoformat() if decision.expires is not None else None,
    }


def _current(decision: Decision) -> Any:
    """The state in force, also in the finding's own row, for whoever queries it there."""
    accepted = decision.value == Workflow.ACCEPTED.value
    return (
        findings.update()
        .where(findings.c.fingerprint == decision.subject)
        .values(
            workflow=Workflow(decision.value).value,
            workflow_by=storable(accepted_text(decision) if accepted else decision.by),
            acceptance_expires=decision.expires.isoformat() if decision.expires is not None else None,
        )
    )


def _decision(row: Any) -> Decision:
    given = dict(row)
    expires = given["expires"]
    return Decision(
        subject=given["subject"],
        number=given["number"],
        at=moment(given["at"]),
        by=given["by"],
        field=given["field"],
        value=given["value"],
        reason=given["reason"],
        expires=dt.date.fromisoformat(expires) if expires else None,
    )


def read(connection: Connection, subject: str | None = None) -> list[Decision]:
    """Every decision, or those of one finding, in order."""
    query = sa.select(decisions).order_by(decisions.c.subject, decisions.c.number)
    if subject is not None:
        query = query.where(decisions.c.subject == subject)
    return [_decision(row) for row in connection.execute(query).mappings()]
