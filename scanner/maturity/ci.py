"""What continuous integration reported back: changes that were stopped before they went live."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from scanner.maturity.domains import Reference
from scanner.model import CiRun, FindingHistory, Severity

PERIOD = dt.timedelta(days=90)


@dataclasses.dataclass(frozen=True, slots=True)
class Stopped:
    """Violations of one period."""

    blocked: int
    """Seen in a build that failed for their severity, each counted once."""
    live: int
    """First seen in live stores, of rules that code could have been asked and at or above the same severity."""
    repositories: int
    """Repositories that reported."""

    @property
    def share(self) -> float | None:
        total = self.blocked + self.live
        return self.blocked / total if total else None


def stopped(
    runs: Iterable[CiRun], standings: Mapping[str, FindingHistory], reference: Reference, at: dt.datetime
) -> Stopped | None:
    """None where no repository reported in the period."""
    recent = [run for run in runs if at - PERIOD < run.at <= at]
    if not recent:
        return None
    lowest = min(run.fail_on for run in recent)
    blocked = {
        (run.repository, fingerprint)
        for run in recent
        if run.blocked
        for fingerprint, (_, severity) in run.violations.items()
        if severity >= run.fail_on
    }
    asked = {control.rule_id for control in reference.controls if control.declarable}
    live = sum(
        at - PERIOD < entry.first_seen <= at
        and entry.finding is not None
        and entry.finding.rule_id in asked
        and (entry.finding.severity or Severity.INFO) >= lowest
        for entry in standings.values()
    )
    return Stopped(len(blocked), live, len({run.repository for run in recent}))


def gated(runs: Iterable[CiRun], declared: Iterable[str], at: dt.datetime) -> float | None:
    """Share of the declared repositories that reported in the period; None where none is declared."""
    names = set(declared)
    seen = {run.repository for run in runs if at - PERIOD < run.at <= at}
    return len(names & seen) / len(names) if names else None
