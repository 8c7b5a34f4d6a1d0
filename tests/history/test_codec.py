"""Model records survive storing; nothing but the closed set of types goes in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import types
import typing
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scanner.model
from scanner.history import advance
from scanner.history.over_time import Observation
from scanner.model import Evidence, Finding, Holding, Place, PlaceTally, Report, Store, TypeTally, UnitResult
from scanner.model.codec import CodecError, from_plain, pack, to_plain, unpack
from tests.history.sample import BUCKET, NOON, full_report

TEXT = st.text(max_size=8)  # includes astral characters, controls; lone surrogates are added below
AWKWARD = st.one_of(TEXT, st.sampled_from(["\udc80\udcff", "\0", "=1+1", "‮abc", "é\n"]))
UTC = st.datetimes(min_value=dt.datetime(1970, 1, 1), timezones=st.just(dt.UTC))


def strategy(kind: Any) -> st.SearchStrategy[Any]:
    """Records of any model type, from its hints."""
    plain = {bool: st.booleans(), int: st.integers(), str: AWKWARD, bytes: st.binary(max_size=9)}
    plain[float] = st.floats(allow_nan=False, allow_infinity=False)
    if kind in plain:
        return plain[kind]
    if kind is dt.datetime:
        return UTC
    if kind is dt.date:
        return st.dates()
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{f.name: strategy(hints[f.name]) for f in dataclasses.fields(kind)})
    if isinstance(kind, type):
        return st.sampled_from(list(kind))  # an enumeration
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*(st.none() if a is type(None) else strategy(a) for a in arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(strategy(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(strategy(argument) for argument in arguments))
    if origin is frozenset:
        return st.frozensets(strategy(arguments[0]), max_size=2)
    assert origin is Mapping
    return st.dictionaries(*(strategy(argument) for argument in arguments), max_size=2)


QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", [UnitResult, Finding, Holding, Evidence, Store])
def test_round_trip(kind: type) -> None:
    @QUICK
    @given(strategy(kind))
    def check(record: Any) -> None:
        assert unpack(kind, pack(record)) == record

    check()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy(Report))
def test_round_trip_of_a_report(report: Report) -> None:
    assert unpack(Report, pack(report)) == report


_NEVER_STORED = (scanner.model.EntityType, scanner.model.CellHits, scanner.model.ColumnResult)
"""A table of the code's own, and what columns hold while one unit is examined: rows as any sequence."""


def test_every_model_record_can_be_stored() -> None:
    things = vars(scanner.model).values()
    kinds = [thing for thing in things if isinstance(thing, type) and dataclasses.is_dataclass(thing)]
    assert len(kinds) > 20
    for kind in kinds:
        if kind not in _NEVER_STORED:
            _check_one(kind)


def _check_one(kind: Any) -> None:
    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy(kind))
    def check(record: Any) -> None:
        assert from_plain(kind, to_plain(record)) == record

    check()


def test_equal_records_give_equal_bytes() -> None:
    one = TypeTally("UK_NINO", shapes={"AA": 1, "BB": 2})
    other = TypeTally("UK_NINO", shapes={"BB": 2, "AA": 1})
    assert pack(one) == pack(other)
    tally = PlaceTally(Place(), columns={("b", "X"): one, ("a", "X"): other})
    again = PlaceTally(Place(), columns={("a", "X"): other, ("b", "X"): one})
    assert pack(tally) == pack(again)


def test_times_are_stored_in_utc() -> None:
    summer = dt.datetime(2026, 7, 1, 13, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    unit = UnitResult("k", "s", modified=summer)
    assert to_plain(unit)["modified"] == "2026-07-01T12:00:00+00:00"
    assert unpack(UnitResult, pack(unit)).modified == summer


def test_a_full_report_with_history() -> None:
    first = full_report()
    history = advance({}, Observation.of(first, ["OBJ-01"], {}))
    report = dataclasses.replace(first, history=history)
    assert unpack(Report, pack(report)) == report


def test_older_and_newer_data_is_read() -> None:
    plain = to_plain(BUCKET)
    del plain["attributes"]  # a field with a default that older versions did not write
    plain["colour"] = "a field of a newer version"
    assert from_plain(Store, plain) == BUCKET


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"origin": "beneath"}, "Store.origin: not a Origin"),
        ({"name": 7}, "Store.name: expected str"),
        ({"aliases": "a"}, "Store.aliases: expected a list"),
        ({"created": "yesterday"}, "Store.created: not a datetime"),
    ],
)
def test_damaged_data_is_named_without_being_quoted(change: dict[str, Any], says: str) -> None:
    with pytest.raises(CodecError, match=says) as caught:
        from_plain(Store, to_plain(BUCKET) | change)
    assert "yesterday" not in str(caught.value) and "beneath" not in str(caught.value)


def test_missing_required_field_and_rubbish() -> None:
    with pytest.raises(CodecError, match="a field is missing"):
        from_plain(Store, {"id": "x"})
    with pytest.raises(CodecError, match="damaged"):
        unpack(Store, b"rubbish")
    with pytest.raises(CodecError, match="expected an object"):
        from_plain(Store, json.loads("[]"))


def test_unknown_types_are_refused() -> None:
    with pytest.raises(TypeError, match="does not know"):
        to_plain(object())
    assert NOON.tzinfo is dt.UTC
