"""A period of runs as reports show it: figures at its end and on the way, what came and what went.

Pure: no clock, nothing read. `since` and `until` are days in UTC, both within the period.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from scanner.maturity.attestations import Attestations
from scanner.maturity.caf import CafEvidence, caf_evidence
from scanner.maturity.dma import DmaEvidence, dma_evidence
from scanner.maturity.domains import Reference
from scanner.maturity.episodes import OPEN
from scanner.maturity.kpi_table import Kpi
from scanner.maturity.kpis import kpis
from scanner.maturity.profile import Profile, in_order, profile
from scanner.maturity.trend import evenly, series
from scanner.model import CiRun, FindingHistory, Report, Severity, Workflow

POINTS = 60
"""Points of a trend line, at most."""


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A key figure with where it came from."""

    kpi: Kpi
    before: float | None
    """At the first run of the period; None where it was not available."""
    trend: tuple[float | None, ...]
    """At each of `Period.points`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """How things stood after one run."""

    run_id: str
    at: dt.datetime
    open: Mapping[Severity, int]
    """Findings open then (accepted and false positive ones left out)."""
    covered: float | None
    """Share of stores covered."""
    breaks: bool
    """Other rules than in the run before."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A finding that came or went in the period."""

    entry: FindingHistory
    at: dt.datetime
    """The run that saw it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """Runs from `since` to `until`."""

    since: dt.date
    until: dt.date
    asked: bool
    """A beginning was asked for: what came and went since then is shown too."""
    runs: int
    points: tuple[Point, ...]
    breaks: tuple[dt.date, ...]
    """Days on which the rule pack changed: figures before and after do not compare."""
    profile: Profile
    began: Profile | None
    """As it stood after the first run; None where there is one run only."""
    figures: tuple[Figure, ...]
    opened: tuple[Change, ...]
    """First seen in the period, and open ever since."""
    closed: tuple[Change, ...]
    """Fixed or gone, and not open again at the end."""
    came_back: tuple[Change, ...]
    """Open again after they had been closed."""
    still_open: int
    """Open at the start and at the end."""
    caf: tuple[CafEvidence, ...]
    dma: tuple[DmaEvidence, ...]


def period(
    reports: Iterable[Report],
    reference: Reference,
    attestations: Attestations | None = None,
    *,
    since: dt.date | None = None,
    until: dt.datetime | None = None,
    standings: Mapping[str, FindingHistory] | None = None,
    ci: Sequence[CiRun] = (),
) -> Period | None:
    """What to show of the runs from `since` (or the first) until then; None without any run.

    Runs before `since` count as what went before: figures look back over their own periods.
    """
    known = in_order(reports, until)
    inside = [r for r in known if since is None or r.run.finished.date() >= since]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    moment = until or last.run.finished
    now = profile(known, reference, attestations, as_of=moment, standings=standings, ci=ci)
    began = None
    if len(inside) > 1:
        start = first.run.finished
        began = profile(known, reference, attestations, as_of=start, standings=standings, ci=ci)
    at_end = kpis(known, reference, as_of=moment, standings=standings, ci=ci)
    lines = series(known, reference, standings, ci, len(inside) if len(inside) <= POINTS else None)
    chosen = sorted(evenly(len(inside), POINTS))
    opened, closed, came_back, still_open = _changes(inside, known)
    return Period(
        since=since or first.run.finished.date(),
        until=moment.date(),
        asked=since is not None,
        runs=len(inside),
        points=tuple(_point(inside, n) for n in chosen),
        breaks=tuple(r.run.finished.date() for n, r in enumerate(inside) if _breaks(inside, n)),
        profile=dataclasses.replace(now, trend=now.trend[len(known) - len(inside) :]),
        began=began,
        figures=tuple(_figure(kpi, lines[kpi.id][-len(inside) :], chosen) for kpi in at_end),
        opened=opened,
        closed=closed,
        came_back=came_back,
        still_open=still_open,
        caf=caf_evidence(known, reference, as_of=moment, standings=standings),
        dma=dma_evidence(now, at_end),
    )


def _figure(kpi: Kpi, values: Sequence[float | None], chosen: Sequence[int]) -> Figure:
    if len(values) > len(chosen):
        values = [values[n] for n in chosen]
    return Figure(kpi, values[0] if len(values) > 1 else None, tuple(values))


def _breaks(runs: Sequence[Report], number: int) -> bool:
    return number > 0 and runs[number - 1].run.rulepack_digest != runs[number].run.rulepack_digest


def _point(runs: Sequence[Report], number: int) -> Point:
    report = runs[number]
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for entry in report.history.values():
        severity = entry.finding.severity if entry.finding is not None else None
        if entry.observed in OPEN and severity is not None and entry.workflow not in _SET_ASIDE:
            counts[severity] += 1
    return Point(
        report.run.id, report.run.finished, counts, report.coverage.stores_share, _breaks(runs, number)
    )


_SET_ASIDE = frozenset({Workflow.ACCEPTED, Workflow.FALSE_POSITIVE})

_Changes = tuple[tuple[Change, ...], tuple[Change, ...], tuple[Change, ...], int]


def _changes(inside: Sequence[Report], known: Sequence[Report]) -> _Changes:
    """(opened, closed, came back, open all along). What a run does not tell of stands as last told."""
    begun = inside[0].run.finished
    was_open: dict[str, bool] = {}
    for report in known:
        if report.run.finished < begun:
            was_open |= {key: entry.observed in OPEN for key, entry in report.history.items()}
    last: dict[str, Change] = {}
    ever_open: set[str] = set()
    ever_closed: set[str] = set()
    for report in inside:
        for key, entry in report.history.items():
            (ever_open if entry.observed in OPEN else ever_closed).add(key)
            before = last.get(key)
            turned = before is None or (before.entry.observed in OPEN) is not (entry.observed in OPEN)
            last[key] = Change(entry, report.run.finished if before is None or turned else before.at)
    opened, closed, came_back, still = [], [], [], 0
    for key, change in last.items():
        if change.entry.observed not in OPEN:
            if was_open.get(key) or key in ever_open:
                closed.append(change)
        elif key in ever_closed or was_open.get(key) is False:
            came_back.append(change)
        elif key not in was_open:
            opened.append(change)
        else:
            still += 1
    return _sorted(opened), _sorted(closed), _sorted(came_back), still


def _sorted(changes: Iterable[Change]) -> tuple[Change, ...]:
    def order(change: Change) -> tuple[object, ...]:
        finding = change.entry.finding
        severity = finding.severity if finding is not None else None
        return (-int(severity or 0), change.at, change.entry.fingerprint)

    return tuple(sorted(changes, key=order))
