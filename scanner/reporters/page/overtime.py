"""What pages and workbook show of a period: key figures in words, and its lines over time.

Takes a `scanner.maturity.Period` and computes nothing of its own; reporters do not import what made it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from scanner.model import Severity
from scanner.reporters.page import charts
from scanner.reporters.page.charts import Line

GRAVE = (Severity.CRITICAL, Severity.HIGH)
BOARD = ("K1", "K3", "K5", "K6", "K7", "K12", "K19", "K22")
"""Key figures on the board's page: at most one line each."""


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One key figure, in words."""

    id: str
    title: str
    formula: str
    now: str
    counted: str
    """Numerator and denominator: `41 of 52`."""
    bounds: str
    """How far it could be otherwise, where something is not known."""
    before: str
    target: str
    met: str
    remarks: str
    """Small n, why it is not available, notes."""
    detail: tuple[str, ...]
    trend: Markup


def rows(period: Any, only: Sequence[str] = ()) -> list[Row]:
    """Key figures in order; `only`: these."""
    chosen = [f for f in period.figures if not only or f.kpi.id in only]
    breaks = [point.breaks for point in period.points]
    return [_row(figure, breaks) for figure in chosen]


def _row(figure: Any, breaks: Sequence[bool]) -> Row:
    kpi = figure.kpi
    said = [
        f"not available: {kpi.why}" if kpi.value is None else "",
        "small n" if kpi.small_n else "",
        kpi.note,
    ]
    before, now = number(kpi.kind, figure.before), number(kpi.kind, kpi.value)
    return Row(
        kpi.id,
        kpi.title,
        kpi.formula,
        now or "not available",
        counted(kpi),
        bounds(kpi),
        before or "–",
        kpi.target_text,
        {True: "met", False: "not met", None: ""}[kpi.met],
        "; ".join(part for part in said if part),
        tuple(kpi.detail),
        charts.spark(
            f"{kpi.title}: {before or 'not available'} to {now or 'not available'}", figure.trend, breaks
        ),
    )


def number(kind: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0%}" if kind == "share" else f"{value:.1f} days" if kind == "days" else f"{value:,.0f}"


def counted(kpi: Any) -> str:
    if kpi.kind != "share" or kpi.numerator is None or kpi.denominator is None:
        return ""
    return f"{kpi.numerator:,.0f} of {kpi.denominator:,.0f}"


def bounds(kpi: Any) -> str:
    if kpi.value is None or kpi.low is None or kpi.high is None or kpi.low == kpi.high:
        return ""
    if kpi.kind == "share":
        return f"at best {number('share', kpi.high if kpi.direction == 'up' else kpi.low)}"
    return f"up to {number(kpi.kind, kpi.high)}"


def index_line(period: Any) -> Markup:
    """The mean of all domains after each run."""
    points = period.profile.trend
    if len(points) < 2:
        return Markup("")
    return charts.over_time(
        "Index", [p.at.date() for p in points], [Line("index", [p.index for p in points])],
        [p.breaks for p in points], 100.0,
    )  # fmt: skip


def findings_line(period: Any) -> Markup:
    """Findings open after each run: all, and Critical and High."""
    points = period.points
    if len(points) < 2:
        return Markup("")
    every = [float(sum(p.open.values())) for p in points]
    grave = [float(sum(p.open.get(severity, 0) for severity in GRAVE)) for p in points]
    lines = [Line("all", every), Line("Critical and High", grave, dashed=True)]
    return charts.over_time(
        "Open findings",
        [p.at.date() for p in points],
        lines,
        [p.breaks for p in points],
        max(every, default=0.0),
    )


def sentences(period: Any) -> list[str]:
    """What a period came to, for people."""
    out = [
        f"{period.runs:,} scans. {len(period.opened):,} findings are new and open, {len(period.closed):,} were closed, "
        f"{len(period.came_back):,} came back; {period.still_open:,} were open all along."
    ]
    if period.began is not None:
        was, now = period.began, period.profile
        out.append(
            f"Observed maturity went from level {was.headline} to level {now.headline}, the index from "
            f"{_index(was)} to {_index(now)}."
        )
    if period.breaks:
        days = ", ".join(day.isoformat() for day in period.breaks)
        out.append(f"The rules changed on {days}: figures from before and after do not compare.")
    return out


def _index(profile: Any) -> str:
    return "not reckoned" if profile.index is None else f"{profile.index:.0f}"


def severities(changes: Iterable[Any]) -> str:
    """`2 Critical, 5 High`, worst first."""
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for change in changes:
        finding = change.entry.finding
        if finding is not None and finding.severity is not None:
            counts[finding.severity] += 1
    return ", ".join(f"{count:,} {severity.label}" for severity, count in counts.items() if count) or "none"
