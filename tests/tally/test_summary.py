"""Holdings and summaries: presence, sensitivity, estimates, and what "not found" is worth."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import (
    Context,
    Gap,
    GapReason,
    Inspected,
    Place,
    PlaceTally,
    Presence,
    Sampled,
    Sensitivity,
    Stage,
    Stratum,
    TypeTally,
    UnitResult,
)
from scanner.tally import StoreTally, bounds, sketch

CONTEXT = Context(today=dt.date(2026, 1, 1))
KEY = b"k" * 32
TABLE = Place((("table", "people"),))
WHOLE = (Stratum("", 1, 1),)


def tally(name: str, values: int = 50, **kw: object) -> TypeTally:
    digests = sketch.build(sketch.digest(f"{name}{n}", KEY) for n in range(values))
    return TypeTally(name, values, sketch=digests, **kw)  # type: ignore[arg-type]


def result(key: str, *types: TypeTally, column: str = "c", **kw: object) -> UnitResult:
    columns = {(f"{column}{n}" if column else "", t.entity_type): t for n, t in enumerate(types)}
    places = (PlaceTally(TABLE, 100, 50, columns),) if types else ()
    return UnitResult(key, "store", tallies=places, bytes_read=10, **kw)  # type: ignore[arg-type]


def summarise(*results: UnitResult, strata: tuple[Stratum, ...] = WHOLE, context: Context = CONTEXT):  # type: ignore[no-untyped-def]
    store = StoreTally("store")
    for item in results:
        store.add(item)
    return store.summarise(strata, (), context)


def test_nothing_read_is_not_nothing_found() -> None:
    summary, holdings = summarise(result("u", read=False), strata=(Stratum("", 1, 0),))
    assert not holdings
    assert summary.inspected is Inspected.NONE
    assert summary.personal is Presence.NOT_ASSESSED
    assert summary.sensitivity is None
    assert not summary.bound_reached


def test_an_empty_store_was_read_whole() -> None:
    summary, _ = summarise(strata=(Stratum("", 0, 0),))
    assert (summary.inspected, summary.personal) == (Inspected.ALL, Presence.NOT_FOUND)
    assert summary.bound_reached


@pytest.mark.parametrize(
    ("types", "band"),
    [
        ([tally("PERSON")], Sensitivity.S1),
        ([tally("UK_NINO")], Sensitivity.S2),
        ([tally("DATE_OF_BIRTH"), tally("ADDRESS")], Sensitivity.S2),
        ([tally("DATE_OF_BIRTH"), tally("PERSON")], Sensitivity.S1),
        ([tally("HEALTH")], Sensitivity.S3),
        ([tally("HEALTH", possible=True)], Sensitivity.S2),
        ([tally("CRIMINAL_OFFENCE")], Sensitivity.S3),
    ],
)
def test_sensitivity(types: list[TypeTally], band: Sensitivity) -> None:
    summary, (holding,) = summarise(result("u", *types))
    assert holding.sensitivity is band
    assert summary.sensitivity is band


def test_types_that_say_nothing_of_a_person_make_no_holding() -> None:
    summary, holdings = summarise(result("u", tally("DATE_TIME"), tally("URL")))
    assert not holdings
    assert summary.personal is Presence.NOT_FOUND


def test_one_guess_in_running_text_is_only_possible() -> None:
    summary, (holding,) = summarise(result("u", tally("PERSON", 1), column=""))
    assert holding.types[0].presence is Presence.POSSIBLE
    assert summary.personal is Presence.POSSIBLE
    _, (corroborated,) = summarise(result("u", tally("PERSON", 3), column=""))
    assert corroborated.types[0].presence is Presence.YES


def test_test_data_is_counted_apart_unless_told() -> None:
    tests = result("u", tally("UK_NHS", 50, test_range=48))
    summary, (holding,) = summarise(tests)
    assert holding.mostly_test_data
    assert holding.test_range_share == 0.96
    assert summary.personal is Presence.NOT_FOUND
    assert summary.sensitivity is Sensitivity.S0
    real, _ = summarise(tests, context=Context(dt.date(2026, 1, 1), treat_test_data_as_real=True))
    assert real.personal is Presence.YES
    assert real.sensitivity is Sensitivity.S2


def test_a_sample_scales_up_and_says_so() -> None:
    sampled = Sampled(41_000, 300, True)
    _, (holding,) = summarise(result("u", tally("UK_NINO"), sampled=sampled))
    assert holding.records.low == 50
    assert holding.records.high > 41_000 / 300 * 50
    assert holding.coverage == "300 of about 41,000 rows"
    assert holding.individuals.low == 50


def test_a_gap_keeps_the_store_open() -> None:
    gap = Gap("store", Stage.EXTRACT, GapReason.ENCRYPTED, "a password is needed")
    summary, _ = summarise(result("a"), result("b", gaps=(gap,), read=False), strata=(Stratum("", 2, 1),))
    assert not summary.bound_reached
    assert summary.inspected is Inspected.SAMPLED
    assert "could not be read" in summary.note


def test_what_is_left_out_by_choice_does_not_undo_the_bound() -> None:
    store = StoreTally("store")
    store.add(result("a"))
    left_out = Gap("store", Stage.LIST, GapReason.EXCLUDED, "excluded by the DPO: published")
    summary, _ = store.summarise(WHOLE, (left_out,), CONTEXT)
    assert summary.bound_reached
    assert summary.inspected is Inspected.SAMPLED


@pytest.mark.parametrize(
    ("read", "population", "random", "bound"),
    [
        (10, 10, True, 0.0),
        (10, 10, False, 0.0),
        (3000, 10**6, True, 3 / (3000 * 0.9)),
        (1, 10, True, 1.0),
        (3000, 10**6, False, None),
        (0, 10, True, None),
        (3000, None, True, 3 / (3000 * 0.9)),
    ],
)
def test_rule_of_three(read: int, population: int | None, random: bool, bound: float | None) -> None:
    assert bounds.not_found(read, population, random, 0.9) == bound


def test_the_default_sample_reaches_the_default_bound() -> None:
    summary, _ = summarise(result("u"), strata=(Stratum("", 10**6, 4000),))
    assert summary.bound_reached
    assert summary.bound == pytest.approx(1 / 1200)


def test_first_rows_give_no_bound() -> None:
    summary, _ = summarise(result("u", sampled=Sampled(10**6, 5000, False)))
    assert summary.bound is None
    assert not summary.bound_reached


@given(st.permutations(range(6)))
@settings(max_examples=40, deadline=None)
def test_the_order_of_results_does_not_matter(order: list[int]) -> None:
    results = [
        result(f"u{n}", tally("UK_NINO", 30 + n, shapes={"AA######A": n + 1}), tally("PERSON", 5 * n + 1))
        for n in range(6)
    ]
    assert summarise(*(results[n] for n in order)) == summarise(*results)


def test_the_same_person_in_two_files_counts_once() -> None:
    places = [Place((("object", name),)) for name in ("a.csv", "b.csv")]
    store = StoreTally("store")
    for place, key in zip(places, itertools.count(), strict=False):
        store.add(
            UnitResult(
                str(key), "store", tallies=(PlaceTally(place, 50, 50, {("n", "UK_NINO"): tally("UK_NINO")}),)
            )
        )
    summary, _ = store.summarise((Stratum("", 2, 2),), (), CONTEXT)
    assert (summary.individuals.low, summary.individuals.high) == (50, 100)
