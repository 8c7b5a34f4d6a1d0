"""Sheets of the workbook about a period: maturity, key figures, what came and went, evidence tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from scanner.model import Severity
from scanner.reporters.cells import Cell
from scanner.reporters.view import day


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """One sheet: numbers stay numbers, everything else is a text."""

    name: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Sequence[Sequence[Cell]]


def tables(period: Any) -> Iterator[Table]:
    """In the order of the workbook; none without a period."""
    if period is None:
        return
    yield Table(
        "Maturity",
        ("domain", "title", "core", "level", "could_be", "low", "high", "coverage", "pass", "fail", "unknown",
         "stores", "small_n", "what_would_raise_it", "note"),
        (9, 28, 7, 7, 9, 8, 8, 9, 7, 7, 9, 8, 9, 90, 50),
        [
            (d.id, d.title, d.core, d.level, d.could_be, d.low, d.high, d.coverage, d.passed, d.failed, d.unknown,
             d.stores, d.small, "; ".join(d.raises).replace("`", ""), d.note)
            for d in period.profile.domains
        ],
    )  # fmt: skip
    yield Table(
        "Key figures",
        ("kpi", "title", "value", "numerator", "denominator", "low", "high", "before", "better", "target", "target_met",
         "small_n", "remarks", "formula"),
        (7, 42, 12, 12, 12, 10, 10, 10, 8, 26, 11, 9, 60, 90),
        [_figure(figure) for figure in period.figures],
    )  # fmt: skip
    bands = sorted(Severity, reverse=True)
    yield Table(
        "Over time",
        ("scan", "date", *(f"open_{band.label.lower()}" for band in bands), "covered", "rules_changed"),
        (32, 12, *(14,) * len(bands), 10, 14),
        [
            (p.run_id, day(p.at), *(p.open.get(band, 0) for band in bands), p.covered, p.breaks)
            for p in period.points
        ],
    )
    if period.asked:
        yield Table(
            "Came and went",
            ("what", "date", "severity", "rule_id", "rule_title", "store", "place", "now", "finding_id"),
            (14, 12, 10, 10, 60, 50, 40, 16, 24),
            [
                _change(name, change)
                for name, changes in (
                    ("first seen and open", period.opened), ("closed", period.closed), ("came back", period.came_back),
                )
                for change in changes
            ],
        )  # fmt: skip
    yield Table(
        "CAF evidence",
        ("caf_version", "outcome", "title", "evidence", "pass", "fail", "unknown", "stores", "rules",
         "what_it_is_about", "what_it_does_not_show"),
        (12, 9, 42, 34, 7, 7, 9, 8, 40, 70, 70),
        [
            (r.caf_version, r.outcome, r.title, r.evidence, r.passed, r.failed, r.unknown, r.stores,
             " ".join(r.rules), r.shows, r.not_shown)
            for r in period.caf
        ],
    )  # fmt: skip
    yield Table(
        "DMA evidence",
        ("topic", "evidence", "what_it_is_about", "what_it_does_not_show"),
        (42, 110, 70, 70),
        [(r.topic, r.evidence, r.shows, r.not_shown) for r in period.dma],
    )


def _figure(figure: Any) -> tuple[Cell, ...]:
    kpi = figure.kpi
    remarks = [f"not available: {kpi.why}" if kpi.value is None else "", kpi.note, *kpi.detail]
    return (
        kpi.id, kpi.title, kpi.value, kpi.numerator, kpi.denominator, kpi.low, kpi.high, figure.before,
        kpi.direction, kpi.target_text, {True: "met", False: "not met", None: ""}[kpi.met], kpi.small_n,
        "; ".join(part for part in remarks if part), kpi.formula,
    )  # fmt: skip


def _change(what: str, change: Any) -> tuple[Cell, ...]:
    finding, entry = change.entry.finding, change.entry
    if finding is None:
        return what, day(change.at), "", "", "", "", "", entry.observed.value, entry.fingerprint
    place = "" if finding.place.is_store else finding.place.text
    severity = finding.severity.label if finding.severity is not None else ""
    return (
        what, day(change.at), severity, finding.rule_id, finding.title, finding.subject_id, place,
        entry.observed.value, entry.fingerprint,
    )  # fmt: skip
