"""What the history said when a row was exported, and what it says now."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from scanner.history import Decision, overlay
from scanner.model import FindingHistory, Registration, Report, Workflow

Loader = Callable[[str], Report | None]
"""Run id (or `latest`) to its report; None where it is not kept."""


@dataclasses.dataclass(frozen=True, slots=True)
class Exported:
    """One row as it left."""

    entry: FindingHistory
    revision: int | None
    """Decisions in force then; None if that cannot be told (the column or the run is gone)."""
    registration: Registration | None
    """What the register said of its store then (now, if the run is not kept)."""
    kept: bool = True
    """Whether the run that wrote the row is still in the history."""


class Records:
    """Findings as they stand, their decisions, and stored reports (loaded once each, one kept)."""

    def __init__(
        self,
        findings: Mapping[str, FindingHistory],
        decisions: Mapping[str, Sequence[Decision]],
        load: Loader,
    ) -> None:
        self.findings, self.decisions = findings, decisions
        self._load = load
        self._reports: dict[str, Report | None] = {}

    def report(self, run_id: str) -> Report | None:
        if run_id not in self._reports:
            self._reports[run_id] = self._load(run_id)
        return self._reports[run_id]

    def exported(self, fingerprint: str, run_id: str, revision: int | None) -> Exported:
        """The finding as it was when the row was written. `fingerprint` must be known."""
        made = self.decisions.get(fingerprint, ())
        if revision is not None and not 0 <= revision <= len(made):
            revision = None  # of another history, or overwritten
        report = self.report(run_id) if run_id else None
        entry = report.history.get(fingerprint) if report is not None else None
        if entry is None:
            entry = undecided(self.findings[fingerprint])
            entry = overlay(entry, made[: revision or 0])
        elif revision is None:
            revision = entry.revision
        else:
            entry = overlay(entry, made[:revision])
        return Exported(entry, revision, self._registration(fingerprint, report), report is not None)

    def _registration(self, fingerprint: str, report: Report | None) -> Registration | None:
        finding = self.findings[fingerprint].finding
        report = report or self.report("latest")
        if finding is None or report is None:
            return None
        return report.context.registration(finding.subject_id)

    def last(self, fingerprint: str, field: str, revision: int | None = None) -> Decision | None:
        """The decision in force on a field, now or at a revision."""
        made = self.decisions.get(fingerprint, ())
        for decision in reversed(made if revision is None else made[:revision]):
            if decision.field == field:
                return decision
        return None


def undecided(entry: FindingHistory) -> FindingHistory:
    """The entry as scans alone would have it."""
    return dataclasses.replace(
        entry,
        workflow=Workflow.NEW,
        accepted_by=None,
        acceptance_expires=None,
        decided_by=None,
        decided_at=None,
        assigned_to=None,
        dpo_notes="",
        notes_before=(),
        triage="",
        due=entry.due_by_rule if entry.due_set else entry.due,
        due_by_rule=None,
        due_set=False,
        revision=0,
    )


def refreshed(report: Report, decisions: Mapping[str, Sequence[Decision]], today: dt.date) -> Report:
    """A stored report with what has been decided since; acceptances that have run out are open again."""
    from scanner.decisions import apply_waivers

    history = {
        fingerprint: overlay(entry, decisions.get(fingerprint, ()))
        for fingerprint, entry in report.history.items()
    }
    return dataclasses.replace(report, history=apply_waivers(history, (), today))
