"""Findings over time as episodes: opened, due, closed. Read from the runs' own histories.

A finding that was fixed and came back is a second episode. What was only not looked at stays open.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence

from scanner.model import FindingHistory, Observed, Report, Severity, Workflow

OPEN = frozenset({Observed.OPEN, Observed.REOPENED, Observed.NOT_RECHECKED})


@dataclasses.dataclass(slots=True)
class Episode:
    """One time that a finding was open."""

    fingerprint: str
    rule_id: str
    subject_id: str
    severity: Severity | None
    opened: dt.datetime
    due: dt.date | None
    closed: dt.datetime | None = None
    reopened: bool = False
    """It came back after this episode was closed."""

    def days(self, as_of: dt.datetime) -> float:
        """Days from opened to closed, or to `as_of` while it is open."""
        return ((self.closed or as_of) - self.opened).total_seconds() / 86_400


class Episodes:
    """Give it reports in the order of time."""

    def __init__(self) -> None:
        self.all: list[Episode] = []
        self._open: dict[str, Episode] = {}
        self._last: dict[str, Episode] = {}
        self.standings: dict[str, FindingHistory] = {}
        """Every finding as last known."""

    def add(self, report: Report) -> None:
        at = report.run.finished
        for fingerprint, entry in report.history.items():
            self.standings[fingerprint] = entry
            running = self._open.get(fingerprint)
            if entry.observed in OPEN:
                if running is None:
                    running = self._begin(entry, at)
                running.due = entry.due
                if entry.finding is not None:
                    running.severity = entry.finding.severity
            elif running is not None:
                running.closed = at
                del self._open[fingerprint]

    def _begin(self, entry: FindingHistory, at: dt.datetime) -> Episode:
        before = self._last.get(entry.fingerprint)
        if before is not None:
            before.reopened = True
        opened = at if before is not None or entry.times_reopened else entry.first_seen
        finding = entry.finding
        episode = Episode(
            entry.fingerprint,
            finding.rule_id if finding is not None else "",
            finding.subject_id if finding is not None else "",
            finding.severity if finding is not None else None,
            opened,
            entry.due,
        )
        self.all.append(episode)
        self._open[entry.fingerprint] = self._last[entry.fingerprint] = episode
        return episode


def decided(
    seen: Mapping[str, FindingHistory], since: Mapping[str, FindingHistory] | None
) -> dict[str, FindingHistory]:
    """Findings as the runs left them, with what people decided `since`. A waiver of the configuration
    is known to the run alone, so it stands where nobody has decided otherwise."""
    out = dict(seen)
    for fingerprint, entry in (since or {}).items():
        before = seen.get(fingerprint)
        waived = before is not None and before.workflow is Workflow.ACCEPTED
        if not (waived and entry.workflow is Workflow.NEW):
            out[fingerprint] = entry
    return out


@dataclasses.dataclass(frozen=True, slots=True)
class Speed:
    """How long findings of one severity took to close, in days."""

    severity: Severity
    closed: int
    mean: float | None
    median: float | None
    p90: float | None
    still_open: int
    oldest_open: float | None
    """Age of the oldest still open."""


def remediation(
    episodes: Iterable[Episode], as_of: dt.datetime, since: dt.datetime, excused: frozenset[str]
) -> tuple[Speed, ...]:
    """By severity, Critical first; closed since `since`. `excused`: open but accepted."""
    out = []
    listed = list(episodes)
    for severity in sorted(Severity, reverse=True):
        mine = [e for e in listed if e.severity is severity]
        took = sorted(e.days(as_of) for e in mine if e.closed is not None and since < e.closed <= as_of)
        waiting = [e.days(as_of) for e in mine if e.closed is None and e.fingerprint not in excused]
        out.append(
            Speed(
                severity,
                len(took),
                statistics.fmean(took) if took else None,
                statistics.median(took) if took else None,
                quantile(took, 0.9) if took else None,
                len(waiting),
                max(waiting, default=None),
            )
        )
    return tuple(out)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -int(-(len(ordered) * share) // 1)
    return ordered[max(1, rank) - 1]


def within_sla(
    episodes: Iterable[Episode], as_of: dt.datetime, since: dt.datetime, excused: frozenset[str]
) -> tuple[int, int]:
    """(closed in time, all that fell due or were closed in the period). Accepted ones are left out
    while they are open; Info is never due."""
    met = total = 0
    for episode in episodes:
        due = episode.due
        if due is None:
            continue
        if episode.closed is not None:
            if since < episode.closed <= as_of:
                total += 1
                met += episode.closed.date() <= due
        elif due < as_of.date() and episode.fingerprint not in excused:
            total += 1
    return met, total


def recurrence(episodes: Iterable[Episode], as_of: dt.datetime, since: dt.datetime) -> tuple[int, int]:
    """(came back, closed) of those closed in the period."""
    closed = [e for e in episodes if e.closed is not None and since < e.closed <= as_of]
    return sum(e.reopened for e in closed), len(closed)


def accepted(standings: Mapping[str, FindingHistory], as_of: dt.date) -> frozenset[str]:
    """Fingerprints of findings whose acceptance is in force."""
    return frozenset(
        fingerprint
        for fingerprint, entry in standings.items()
        if entry.workflow is Workflow.ACCEPTED
        and (entry.acceptance_expires is None or entry.acceptance_expires >= as_of)
    )
