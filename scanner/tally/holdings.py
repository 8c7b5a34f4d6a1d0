"""Merged tallies to holdings: types, presence, sensitivity, and estimates with bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.model import (
    Estimate,
    Holding,
    HoldingType,
    PlaceTally,
    Presence,
    Sampled,
    Sensitivity,
    TypeTally,
    entity,
)
from scanner.tally import sketch
from scanner.tally.merge import top

# A names model guesses: this many different values before a guess in running text counts.
_CORROBORATION = 3
# Identifiers whose combination with a date of birth singles a person out.
_WHERE = frozenset({"ADDRESS", "UK_POSTCODE"})


def holding(
    store_id: str, tally: PlaceTally, samples: Sequence[Sampled], treat_test_data_as_real: bool
) -> Holding | None:
    """The holding at one place; None if nothing personal was seen there."""
    types = tuple(_type(column, item) for (column, _), item in sorted(tally.columns.items()))
    types = tuple(t for t in types if entity(t.entity_type).personal)
    if not types:
        return None
    values = sum(t.values for t in types if entity(t.entity_type).identifies)
    tests = sum(t.test_range_share * t.values for t in types if entity(t.entity_type).identifies)
    share = tests / values if values else 0.0
    mostly_test = share > 0.5
    scale = _scale(samples)
    return Holding(
        store_id=store_id,
        place=tally.place,
        types=types,
        sensitivity=Sensitivity.S0 if mostly_test and not treat_test_data_as_real else _sensitivity(types),
        records_examined=tally.records,
        records=_scaled(tally.personal_records, scale),
        individuals=_individuals(types, tally, scale),
        special_categories=_special(types),
        criminal_offence=_strongest(t.presence for t in types if entity(t.entity_type).offence),
        test_range_share=round(share, 4),
        mostly_test_data=mostly_test,
        oldest=tally.oldest,
        newest=tally.newest,
        free_text=tally.free_text,
        hidden=any(t.hidden for t in types),
        coverage=_coverage(tally, samples),
    )


def _type(column: str, tally: TypeTally) -> HoldingType:
    distinct = sketch.estimate(tally.sketch)
    sure = not tally.possible and (bool(column) or tally.validated or distinct.low >= _CORROBORATION)
    return HoldingType(
        entity_type=tally.entity_type,
        column=column,
        values=tally.values,
        validated=tally.validated,
        distinct=distinct,
        shape=top(tally.shapes),
        presence=Presence.YES if sure else Presence.POSSIBLE,
        test_range_share=round(tally.test_range / tally.values, 4) if tally.values else 0.0,
        hidden=tally.hidden,
        score=round(tally.score, 3),
    )


def _sensitivity(types: Sequence[HoldingType]) -> Sensitivity:
    """The band of the highest type; a possible Article 9/10 mention counts as S2, not S3."""
    band = Sensitivity.S1
    for item in types:
        own = entity(item.entity_type).sensitivity
        if item.presence is Presence.POSSIBLE and own is Sensitivity.S3:
            own = Sensitivity.S2
        band = max(band, own)
    names = {t.entity_type for t in types}
    if "DATE_OF_BIRTH" in names and names & _WHERE:
        band = max(band, Sensitivity.S2)
    return band


def _special(types: Sequence[HoldingType]) -> Mapping[str, Presence]:
    found: dict[str, Presence] = {}
    for item in types:
        category = entity(item.entity_type).special
        if category and found.get(category) is not Presence.YES:
            found[category] = item.presence
    return dict(sorted(found.items()))


def _strongest(presences: object) -> Presence:
    seen = set(presences)  # type: ignore[call-overload]
    return (
        Presence.YES
        if Presence.YES in seen
        else Presence.POSSIBLE
        if Presence.POSSIBLE in seen
        else Presence.NOT_FOUND
    )


def _individuals(types: Sequence[HoldingType], tally: PlaceTally, scale: float | None) -> Estimate:
    """People: at least the best-counted identifier's distinct values; at most one a record."""
    sure = [t for t in types if entity(t.entity_type).identifies and t.presence is Presence.YES]
    records = _scaled(tally.personal_records, scale)
    if not sure:
        return Estimate(0, records.high, "not estimated")
    counted = [t.distinct for t in sure]
    # One person is written in many ways: names count only where nothing better does.
    better = [t.distinct for t in sure if t.entity_type != "PERSON"] or counted
    low = max(d.low for d in better)
    high = max(d.high for d in counted)
    if scale is None or scale > 1:
        return Estimate(low, max(low, records.high), "scaled")
    return Estimate(low, high, "sketched" if low != high else "counted")


def _scale(samples: Sequence[Sampled]) -> float | None:
    """Population ÷ read over the units this place was seen in; None if a population is unknown."""
    population, read = 0, 0
    for sample in samples:
        if sample.population is None:
            return None
        population, read = population + sample.population, read + sample.read
    return population / read if read else 1.0


def _scaled(seen: int, scale: float | None) -> Estimate:
    """Seen at least; at most the sample's share scaled up, with a 95 % Poisson margin."""
    if scale is not None and scale <= 1:
        return Estimate(seen, seen)
    if scale is None:
        return Estimate(seen, seen, "not estimated")
    margin = seen + 1.96 * seen**0.5 + 3
    return Estimate(seen, round(margin * scale), "scaled")


def _coverage(tally: PlaceTally, samples: Sequence[Sampled]) -> str:
    sampled = [s for s in samples if not s.complete]
    if sampled and all(s.population is not None for s in samples):
        of = sum(s.population or 0 for s in samples)
        return f"{sum(s.read for s in samples):,} of about {of:,} {sampled[0].what}"
    if sampled:
        return f"{sum(s.read for s in samples):,} {sampled[0].what}, of an unknown number"
    files = f"{tally.parts:,} files, " if tally.parts > 1 else ""
    return f"{files}all {tally.records:,} records"
