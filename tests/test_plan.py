"""Choosing units: by seed, in bounded memory, with exclusions named."""

from __future__ import annotations

import random

import pytest
from pydantic import ValidationError

from scanner.common import digests
from scanner.config import Exclusion
from scanner.model import Gap, GapReason, Place, Stage, Store, Unit, UnitResult
from scanner.plan import excluded_by, interleave, plan

STORE = Store("aws:s3:::b", "scope", "bucket", "aws", "b", ("arn:aws:s3:::b",), tags={"team": "hr"})
KEY = b"k" * 32


def units(count: int, stratum: str = "") -> list[Unit]:
    return [
        Unit(f"{stratum}{n}", STORE.id, "t", Place((("object", f"dir/{n}.csv"),)), size=n, stratum=stratum)
        for n in range(count)
    ]


def chosen(listed: list[Unit | Gap], seed: str = "s", objects: int | None = 10, **kw: object) -> list[str]:
    made = plan(STORE, listed, seed=seed, objects=objects, key=KEY,
                always=kw.get("always", frozenset()), exclusions=kw.get("exclusions", ()))  # type: ignore[arg-type]  # fmt: skip
    return [unit.id for unit in made.units]


def test_the_seed_chooses_whatever_the_order_of_listing() -> None:
    listed: list[Unit | Gap] = [*units(500)]
    shuffled = random.Random(1).sample(listed, len(listed))
    assert chosen(listed) == chosen(shuffled)
    assert chosen(listed) != chosen(listed, seed="other")
    assert len(chosen(listed)) == 10


def test_all_are_read_where_few_or_when_asked() -> None:
    assert len(chosen([*units(10)])) == 10
    assert len(chosen([*units(500)], objects=None)) == 500


def test_every_table_is_read() -> None:
    listed: list[Unit | Gap] = [unit for n in range(30) for unit in units(1, f"table{n}-")]
    assert len(chosen(listed, objects=5)) == 30


def test_what_held_something_before_is_read_again_but_not_counted() -> None:
    listed = units(500)
    outside = next(u for u in listed if u.id not in chosen([*listed]))
    always = frozenset({digests.unit_key(KEY, outside)})
    made = plan(STORE, listed, seed="s", objects=10, always=always, key=KEY, exclusions=())
    assert outside.id in [unit.id for unit in made.units]
    for unit in made.units:
        made.count(UnitResult(digests.unit_key(KEY, unit), STORE.id))
    (stratum,) = made.strata()
    assert (stratum.population, stratum.read) == (500, 10)


def test_what_was_not_drawn_is_a_gap() -> None:
    made = plan(STORE, units(500), seed="s", objects=10, always=frozenset(), key=KEY, exclusions=())
    (gap,) = made.gaps
    assert (gap.reason, gap.count) == (GapReason.SAMPLED_OUT, 490)


def test_listing_gaps_pass_through() -> None:
    gap = Gap(STORE.id, Stage.LIST, GapReason.COSTLY, "in Glacier", count=7)
    made = plan(STORE, [gap, *units(3)], seed="s", objects=10, always=frozenset(), key=KEY, exclusions=())
    assert made.gaps == [gap]


def test_exclusions_say_who_and_why() -> None:
    rules = (Exclusion(prefix="dir/1", by="DPO", reason="published"),)
    made = plan(STORE, units(20), seed="s", objects=None, always=frozenset(), key=KEY, exclusions=rules)
    assert len(made.units) == 9
    (gap,) = made.gaps
    assert (gap.reason, gap.count, gap.detail) == (GapReason.EXCLUDED, 11, "excluded by DPO: published")
    assert sum(made.population.values()) == 9


def test_conditions_of_an_exclusion_must_all_hold() -> None:
    def fits(unit: Unit | None = None, **conditions: object) -> bool:
        rule = Exclusion(by="x", reason="y", **conditions)  # type: ignore[arg-type]
        return excluded_by((rule,), STORE, unit) is not None

    big, small = units(20)[19], units(20)[1]
    assert fits(store="aws:s3:::b")
    assert fits(store="arn:*")
    assert not fits(store="aws:s3:::c")
    assert fits(tag="team=hr")
    assert fits(tag="team")
    assert not fits(tag="team=it")
    assert fits(big, larger_than=10, type="*.csv")
    assert not fits(small, larger_than=10, type="*.csv")
    assert not fits(big, larger_than=10, type="*.iso")
    assert not fits(big, larger_than=10, store="other")
    assert not fits(store="aws:s3:::b", larger_than=10), "a condition on objects does not take out the store"
    with pytest.raises(ValidationError, match="says nothing to leave out"):
        fits()
    with pytest.raises(ValidationError, match="says nothing to leave out"):
        fits(store=None)


def test_stores_take_turns() -> None:
    a, b = units(3), units(2, "x")
    assert [u.id for u in interleave([iter(a), iter(b)])] == ["0", "x0", "1", "x1", "2"]
