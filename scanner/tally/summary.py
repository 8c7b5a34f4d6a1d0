"""One summary per store, always: nothing read is not nothing found."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from scanner.model import (
    Context,
    Estimate,
    Gap,
    Holding,
    Inspected,
    Place,
    PlaceTally,
    Presence,
    Sampled,
    Sensitivity,
    Stage,
    StoreSummary,
    Stratum,
    UnitResult,
    entity,
)
from scanner.tally import bounds, sketch
from scanner.tally.holdings import holding
from scanner.tally.merge import add_places

NOT_READ = (Stage.ENUMERATE, Stage.LIST, Stage.READ, Stage.EXTRACT, Stage.DETECT)


class StoreTally:
    """Takes the results of one store in any order; keeps counts, never the results."""

    def __init__(self, store_id: str) -> None:
        self.store_id = store_id
        self.gaps: list[Gap] = []
        self.units_read = 0
        self.bytes_read = 0
        self.samples: list[Sampled] = []
        self._places: dict[Place, PlaceTally] = {}
        self._samples_at: dict[Place, list[Sampled]] = {}

    def add(self, result: UnitResult) -> None:
        """Merge one unit's result. The order of calls does not matter."""
        self.gaps += [dataclasses.replace(gap, subject_id=self.store_id) for gap in result.gaps]
        self.units_read += result.read
        self.bytes_read += result.bytes_read
        if result.sampled is not None:
            self.samples.append(result.sampled)
            for tally in result.tallies:
                self._samples_at.setdefault(tally.place, []).append(result.sampled)
        add_places(self._places, result)

    @property
    def places(self) -> frozenset[Place]:
        """Containers that were looked at, whether or not they held anything."""
        return frozenset(self._places)

    def summarise(
        self, strata: Sequence[Stratum], gaps: Iterable[Gap], context: Context
    ) -> tuple[StoreSummary, tuple[Holding, ...]]:
        """Summary and holdings. `gaps` are those of enumerating and listing the store."""
        places = dict(sorted(self._places.items()))
        holdings = tuple(
            found
            for place, tally in places.items()
            if (
                found := holding(
                    self.store_id, tally, self._samples_at.get(place, ()), context.treat_test_data_as_real
                )
            )
        )
        missed = self.gaps + [gap for gap in gaps if gap.stage in NOT_READ]
        suffered = [gap for gap in missed if not gap.reason.chosen]
        left_out = [gap for gap in missed if gap.reason.chosen]
        bound = bounds.worst(strata, self.samples, context.recall)
        inspected = _inspected(self.units_read, strata, self.samples, suffered + left_out)
        sure = bound is not None and bound <= context.bound
        real = [h for h in holdings if context.treat_test_data_as_real or not h.mostly_test_data]
        summary = StoreSummary(
            store_id=self.store_id,
            inspected=inspected,
            bound_reached=inspected is not Inspected.NONE and not suffered and sure,
            bound=bound,
            strata=tuple(strata),
            sensitivity=_sensitivity(real, inspected),
            personal=_personal(real, inspected),
            records=_sum([h.records for h in real]),
            individuals=_individuals(places.values(), real),
            test_range_share=_test_share(holdings),
            mostly_test_data=bool(holdings) and all(h.mostly_test_data for h in holdings),
            bytes_total=sum(stratum.bytes for stratum in strata),
            bytes_read=self.bytes_read,
            oldest=min((h.oldest for h in holdings if h.oldest), default=None),
            newest=max((h.newest for h in holdings if h.newest), default=None),
            note=_note(inspected, bound, suffered, left_out, real),
        )
        return summary, holdings


def _inspected(
    read: int, strata: Sequence[Stratum], samples: Sequence[Sampled], gaps: Sequence[Gap]
) -> Inspected:
    population = sum(stratum.population for stratum in strata)
    if not read and (population or gaps or not strata):
        return Inspected.NONE
    whole = all(s.read >= s.population for s in strata) and all(s.complete for s in samples)
    return Inspected.ALL if whole and not gaps else Inspected.SAMPLED


def _sensitivity(holdings: Sequence[Holding], inspected: Inspected) -> Sensitivity | None:
    if holdings:
        return max(h.sensitivity for h in holdings)
    return None if inspected is Inspected.NONE else Sensitivity.S0


def _personal(holdings: Sequence[Holding], inspected: Inspected) -> Presence:
    seen = {t.presence for h in holdings for t in h.types}
    if Presence.YES in seen:
        return Presence.YES
    if Presence.POSSIBLE in seen:
        return Presence.POSSIBLE
    return Presence.NOT_ASSESSED if inspected is Inspected.NONE else Presence.NOT_FOUND


def _individuals(places: Iterable[PlaceTally], holdings: Sequence[Holding]) -> Estimate:
    """Distinct people over the whole store: the same person in two files counts once.

    The low bound is the identifier with most distinct values; the high bound adds up the
    places, as if nobody appeared twice.
    """
    kept = {h.place for h in holdings}
    merged: dict[str, bytes] = {}
    named = 0
    for tally in places:
        if tally.place in kept:
            for item in tally.columns.values():
                if item.possible or not entity(item.entity_type).identifies:
                    continue
                if item.entity_type == "PERSON":
                    # One person is written in many ways: adding up spellings would invent people.
                    named = max(named, sketch.estimate(item.sketch).low)
                else:
                    known = merged.get(item.entity_type, b"")
                    merged[item.entity_type] = sketch.merge(known, item.sketch)
    low = max([named, *(sketch.estimate(s).low for s in merged.values())])
    return Estimate(
        low, max(low, sum(h.individuals.high for h in holdings)), "sketched" if low else "counted"
    )


def _sum(estimates: Sequence[Estimate]) -> Estimate:
    scaled = any(e.method == "scaled" for e in estimates)
    return Estimate(
        sum(e.low for e in estimates), sum(e.high for e in estimates), "scaled" if scaled else "counted"
    )


def _test_share(holdings: Sequence[Holding]) -> float:
    weights = [max(1, h.records.low) for h in holdings]
    total = sum(weights)
    shares = (h.test_range_share * w for h, w in zip(holdings, weights, strict=True))
    return round(sum(shares) / total, 4) if total else 0.0


def _note(
    inspected: Inspected,
    bound: float | None,
    suffered: Sequence[Gap],
    left_out: Sequence[Gap],
    holdings: Sequence[Holding],
) -> str:
    """One sentence on what was looked at; "not found" never reads as "clean"."""
    if inspected is Inspected.NONE:
        return "Not inspected: nothing could be read."
    parts = []
    if not holdings:
        if inspected is Inspected.ALL:
            parts.append("Everything was read and no personal data was recognised")
        elif bound:
            parts.append(f"Nothing recognised in a random sample: at most {bound:.2%} of units (95 % sure)")
        else:
            parts.append("Nothing recognised in what was read")
    elif inspected is Inspected.ALL:
        parts.append("Everything was read")
    else:
        parts.append("Part was read")
    if suffered:
        parts.append(f"{sum(g.count for g in suffered):,} parts could not be read")
    if left_out:
        parts.append(f"{sum(g.count for g in left_out):,} parts were left out by choice")
    return "; ".join(parts) + "."
