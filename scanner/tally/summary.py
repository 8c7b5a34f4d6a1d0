"""One summary per store, always: nothing read is not nothing found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scanner.model import (
    Context,
    Estimate,
    Gap,
    Holding,
    Inspected,
    Place,
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
from scanner.tally.merge import by_place

NOT_READ = (Stage.ENUMERATE, Stage.LIST, Stage.READ, Stage.EXTRACT, Stage.DETECT)


def summarise(
    store_id: str,
    results: Sequence[UnitResult],
    strata: Sequence[Stratum],
    gaps: Iterable[Gap],
    context: Context,
) -> tuple[StoreSummary, tuple[Holding, ...]]:
    """Results and populations of one store to its summary and holdings.

    `gaps` are those of enumerating and listing the store; the units carry their own.
    """
    results = sorted(results, key=lambda result: result.unit_key)
    samples_at = _samples(results)
    holdings = tuple(
        found
        for place, tally in by_place(results).items()
        if (found := holding(store_id, tally, samples_at.get(place, ()), context.treat_test_data_as_real))
    )
    samples = [result.sampled for result in results if result.sampled is not None]
    missed = [g for r in results for g in r.gaps] + [g for g in gaps if g.stage in NOT_READ]
    suffered = [gap for gap in missed if not gap.reason.chosen]
    left_out = [gap for gap in missed if gap.reason.chosen]
    read = [result for result in results if result.read]
    bound = bounds.worst(strata, samples, context.recall)
    inspected = _inspected(read, strata, samples, suffered + left_out)
    reached = (
        inspected is not Inspected.NONE and not suffered and bound is not None and bound <= context.bound
    )
    real = [h for h in holdings if context.treat_test_data_as_real or not h.mostly_test_data]
    return (
        StoreSummary(
            store_id=store_id,
            inspected=inspected,
            bound_reached=reached,
            bound=bound,
            strata=tuple(strata),
            sensitivity=_sensitivity(real, inspected),
            personal=_personal(real, inspected),
            records=_sum([h.records for h in real]),
            individuals=_individuals(results, real),
            test_range_share=_test_share(holdings),
            mostly_test_data=bool(holdings) and not [h for h in holdings if not h.mostly_test_data],
            bytes_total=sum(stratum.bytes for stratum in strata),
            bytes_read=sum(result.bytes_read for result in results),
            oldest=min((h.oldest for h in holdings if h.oldest), default=None),
            newest=max((h.newest for h in holdings if h.newest), default=None),
            note=_note(inspected, bound, suffered, left_out, real),
        ),
        holdings,
    )


def _samples(results: Sequence[UnitResult]) -> Mapping[Place, tuple[Sampled, ...]]:
    found: dict[Place, list[Sampled]] = {}
    for result in results:
        if result.sampled is not None:
            for tally in result.tallies:
                found.setdefault(tally.place, []).append(result.sampled)
    return {place: tuple(samples) for place, samples in found.items()}


def _inspected(
    read: Sequence[UnitResult], strata: Sequence[Stratum], samples: Sequence[Sampled], gaps: Sequence[Gap]
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


def _individuals(results: Sequence[UnitResult], holdings: Sequence[Holding]) -> Estimate:
    """Distinct people over the whole store: the same person in two files counts once.

    The low bound is the identifier with most distinct values; the high bound adds up the
    places, as if nobody appeared twice.
    """
    kept = {h.place for h in holdings}
    merged: dict[str, bytes] = {}
    for result in results:
        for tally in result.tallies:
            if tally.place in kept:
                for item in tally.columns.values():
                    if entity(item.entity_type).identifies and not item.possible:
                        known = merged.get(item.entity_type, b"")
                        merged[item.entity_type] = sketch.merge(known, item.sketch)
    low = max((sketch.estimate(s).low for s in merged.values()), default=0)
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
