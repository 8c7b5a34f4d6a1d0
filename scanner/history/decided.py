"""What people decided about a finding, laid over what scans saw of it. Pure functions.

Decisions are only ever added; for each field the latest is in force. `revision` counts
those of one finding, so that a file exported at revision 3 can be compared with what was
in force at revision 3 (`scanner.desk`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from scanner.history.over_time import london_date, opened_on
from scanner.model import FindingHistory, Workflow

FIELDS = ("workflow", "due", "assigned", "notes", "triage", "comment")
LONGEST = 10_000
"""Characters of one text."""


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """One thing that somebody decided or wrote."""

    subject: str
    """Fingerprint of the finding."""
    number: int
    """1, 2, 3, … for each finding; 0 before it is recorded."""
    at: dt.datetime
    """UTC."""
    by: str
    """A role, not a person's name, where that will do."""
    field: str
    """One of `FIELDS`."""
    value: str
    """Workflow value, ISO date or text; empty: withdrawn."""
    reason: str = ""
    expires: dt.date | None = None
    """For an acceptance."""


def overlay(entry: FindingHistory, decisions: Iterable[Decision]) -> FindingHistory:
    """The entry with these decisions (in order) in force, those it has already left out."""
    for decision in decisions:
        if decision.number > entry.revision:
            entry = dataclasses.replace(_with(entry, decision), revision=decision.number)
    return entry


def _with(entry: FindingHistory, decision: Decision) -> FindingHistory:
    if decision.field == "workflow":
        return _with_workflow(entry, decision)
    if decision.field == "due":
        return _with_due(entry, decision)
    if decision.field == "assigned":
        return dataclasses.replace(entry, assigned_to=decision.value or None)
    if decision.field == "notes":
        before = tuple(dict.fromkeys((*entry.notes_before, entry.dpo_notes)))
        return dataclasses.replace(
            entry, dpo_notes=decision.value, notes_before=tuple(text for text in before if text)
        )
    if decision.field == "triage":
        return dataclasses.replace(entry, triage=decision.value)
    return entry  # comments are read by themselves


def _with_workflow(entry: FindingHistory, decision: Decision) -> FindingHistory:
    workflow = Workflow(decision.value)
    accepted = workflow is Workflow.ACCEPTED
    return dataclasses.replace(
        entry,
        workflow=workflow,
        decided_by=decision.by,
        decided_at=decision.at,
        accepted_by=accepted_text(decision) if accepted else None,
        acceptance_expires=decision.expires if accepted else None,
    )


def accepted_text(decision: Decision) -> str:
    """`role: reason`, as for a waiver of the configuration."""
    return f"{decision.by}: {decision.reason}" if decision.reason else decision.by


def _with_due(entry: FindingHistory, decision: Decision) -> FindingHistory:
    by_rule = entry.due_by_rule if entry.due_set else entry.due
    plain = dataclasses.replace(entry, due=by_rule)
    # Agreed before it was fixed and came back: it does not bind any more.
    outdated = entry.times_reopened > 0 and london_date(decision.at) < opened_on(
        dataclasses.replace(plain, due_set=False, due_by_rule=None)
    )
    if not decision.value or outdated:
        return dataclasses.replace(entry, due=by_rule, due_by_rule=None, due_set=False)
    return dataclasses.replace(
        entry, due=dt.date.fromisoformat(decision.value), due_by_rule=by_rule, due_set=True
    )


def by_subject(decisions: Sequence[Decision]) -> dict[str, list[Decision]]:
    """Decisions of each finding, in order."""
    found: dict[str, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda d: (d.subject, d.number)):
        found.setdefault(decision.subject, []).append(decision)
    return found
