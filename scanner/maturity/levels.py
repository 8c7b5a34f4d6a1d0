"""From a score to a level: gates that add up, each with what is still missing to pass it.

The names of the levels are those of published models (CNIL, the Data Maturity Assessment for
Government, AICPA/CICA); the thresholds are dpscan's own and come from no standard.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

TITLES = ("Not assessed", "Ad hoc", "Repeatable", "Defined", "Managed", "Optimised")
HIGHEST = 5

LOW = {2: 0.40, 3: 0.70, 4: 0.90, 5: 0.98}
COVERAGE = {2: 0.60, 3: 0.80, 4: 0.90, 5: 0.98}
SCANS, SCANS_DAYS = 3, 90
OWNED = 0.80
CRITICAL_DAYS = 7
IN_SLA = 0.90
GATED_REPOSITORIES = 0.80
HELD_DAYS = 180
RECURRENCE = 0.02


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the gates beside the score look at. None: not known, which passes no gate."""

    runs: int
    """Completed scans at all."""
    scan_days: int
    """Days of the last 90 with a completed scan."""
    pack_approved: bool
    """The pack of the last run is the one that a named role has approved."""
    owned: float | None
    """Share of stores with personal data that have an owner; unknown counts as none."""
    oldest_critical: float | None
    """Age in days of the domain's oldest open Critical finding; None if there is none."""
    in_sla: float | None
    gated: float | None
    """Share of declared repositories whose changes are checked in CI."""
    held: bool
    """Low and coverage of level 5 held for 180 days."""
    recurrence: float | None
    reviewed: bool
    """An independent review is attested and current."""


def level(low: float, coverage: float, facts: Facts) -> int:
    """The highest level all of whose gates, and those below it, are passed."""
    if not facts.runs:
        return 0
    reached = 1
    for candidate in range(2, HIGHEST + 1):
        if any(True for _ in unmet(candidate, low, coverage, facts)):
            break
        reached = candidate
    return reached


def unmet(candidate: int, low: float, coverage: float, facts: Facts) -> Iterator[str]:
    """What keeps a domain from this level, one sentence each, for people."""
    if candidate == 1:
        if not facts.runs:
            yield "complete a scan"
        return
    if low < LOW[candidate]:
        yield f"raise the score from {low:.2f} to {LOW[candidate]:.2f}"
    if coverage < COVERAGE[candidate]:
        yield f"raise coverage from {coverage:.0%} to {COVERAGE[candidate]:.0%}"
    if candidate == 2 and facts.scan_days < SCANS:
        yield f"scan on {SCANS} days within {SCANS_DAYS} (now {facts.scan_days})"
    if candidate == 3:
        yield from _defined(facts)
    if candidate == 4:
        yield from _managed(facts)
    if candidate == 5:
        yield from _optimised(facts)


def _defined(facts: Facts) -> Iterator[str]:
    if not facts.pack_approved:
        yield "have a named role approve the rule pack in use (`rule_pack` in the attestations file)"
    if facts.owned is None or facts.owned < OWNED:
        now = "not known" if facts.owned is None else f"now {facts.owned:.0%}"
        yield f"name owners for {OWNED:.0%} of the stores with personal data ({now})"
    if facts.oldest_critical is not None and facts.oldest_critical > CRITICAL_DAYS:
        yield (
            f"close Critical findings within {CRITICAL_DAYS} days (one is open for {facts.oldest_critical:.0f})"
        )


def _managed(facts: Facts) -> Iterator[str]:
    if facts.in_sla is None or facts.in_sla < IN_SLA:
        now = "nothing fell due" if facts.in_sla is None else f"now {facts.in_sla:.0%}"
        yield f"close {IN_SLA:.0%} of findings in time over {SCANS_DAYS} days ({now})"
    if facts.gated is None or facts.gated < GATED_REPOSITORIES:
        now = "no CI run has reported back" if facts.gated is None else f"now {facts.gated:.0%}"
        yield f"check changes of {GATED_REPOSITORIES:.0%} of the declared repositories in CI ({now})"


def _optimised(facts: Facts) -> Iterator[str]:
    if not facts.held:
        yield f"hold this for {HELD_DAYS} days under one rule pack"
    if facts.recurrence is None or facts.recurrence > RECURRENCE:
        now = "nothing was closed" if facts.recurrence is None else f"now {facts.recurrence:.0%}"
        yield f"let no more than {RECURRENCE:.0%} of closed findings come back ({now})"
    if not facts.reviewed:
        yield "attest an independent review in the last twelve months"
