"""The key figures run by run, for trend lines. Pure: no clock, nothing read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.maturity.domains import Reference
from scanner.maturity.episodes import Episodes, decided
from scanner.maturity.kpi_table import DEFINITIONS
from scanner.maturity.kpis import Made
from scanner.maturity.picture import Picture
from scanner.maturity.profile import in_order
from scanner.model import CiRun, FindingHistory, Report


def series(
    reports: Sequence[Report],
    reference: Reference,
    standings: Mapping[str, FindingHistory] | None = None,
    ci: Sequence[CiRun] = (),
    at_most: int | None = None,
) -> dict[str, tuple[float | None, ...]]:
    """Each figure after each run, in order of time: for trend lines. `at_most`: after so many runs
    only, evenly chosen, the last among them."""
    picture, episodes = Picture(standings), Episodes()
    out: dict[str, list[float | None]] = {definition.id: [] for definition in DEFINITIONS}
    ordered = in_order(reports, None)
    chosen = evenly(len(ordered), at_most)
    for number, report in enumerate(ordered):
        picture.add(report)
        episodes.add(report)
        if number not in chosen:
            continue
        known = decided(episodes.standings, standings)
        for kpi in Made(picture, episodes, reference, report.run.finished, known, "", ci).all():
            out[kpi.id].append(kpi.value)
    return {id: tuple(values) for id, values in out.items()}


def evenly(count: int, at_most: int | None) -> frozenset[int]:
    """Positions of `at_most` of `count` things, spread evenly, the last always among them."""
    if at_most is None or count <= at_most:
        return frozenset(range(count))
    return frozenset(count - 1 - round(step * (count - 1) / (at_most - 1)) for step in range(at_most))
