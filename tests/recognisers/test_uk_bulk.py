"""Checks of many values at once agree with the same checks one by one."""

from __future__ import annotations

import random
import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.contracts import Identifier
from scanner.recognisers.uk import SPECS, checks

BULK = [s.identifier for s in SPECS if s.identifier.check_many is not None]
_PLAIN = st.characters(min_codepoint=32, max_codepoint=126, include_characters="£")


def _ids() -> list[str]:
    return [f"{i.entity_type}-{n}" for n, i in enumerate(BULK)]


@pytest.mark.parametrize("identifier", BULK, ids=_ids())
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_same_verdicts(identifier: Identifier, data: st.DataObject) -> None:
    one = st.from_regex(rf"(?:{identifier.pattern})", fullmatch=True, alphabet=_PLAIN)
    values = data.draw(st.lists(one, min_size=0, max_size=40))
    assert identifier.check is not None and identifier.check_many is not None
    assert list(identifier.check_many(values)) == [identifier.check(v) for v in values]
    if identifier.test_range is not None and identifier.test_many is not None:
        assert list(identifier.test_many(values)) == [identifier.test_range(v) for v in values]


@pytest.mark.parametrize("width", [6, 9, 10, 11, 12, 15, 16])
def test_same_verdicts_on_digits_of_one_length(width: int) -> None:
    rng = random.Random(width)
    values = [f"{rng.randrange(10**width):0{width}}" for _ in range(4_000)] + ["1" * width, "0" * width]
    for identifier in BULK:
        formed = [v for v in values if re.fullmatch(identifier.pattern, v)]
        assert identifier.check is not None and identifier.check_many is not None
        assert list(identifier.check_many(formed)) == [identifier.check(v) for v in formed]


def _plan(value: str) -> bool:
    """What libphonenumber itself says."""
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(value, None)))
    except phonenumbers.NumberParseException:
        return False


@pytest.mark.parametrize(
    "first", ["", "7", "1", "2", "3", "8", "9", "1481", "1534", "1624", "7624", "7911", "800", "18002", "55"]
)
def test_the_plan_is_libphonenumbers(first: str) -> None:
    rng = random.Random(first)
    for width in (9, 10):
        for _ in range(150):
            rest = width - len(first)
            d = first + f"{rng.randrange(10**rest):0{rest}}"
            if d[0] == "0" or d[-7:] == d[-1] * 7 or checks.phone_test("0" + d):
                continue
            assert checks.phone("0" + d) == _plan("+44" + d), f"a number of {width} digits beginning {d[:5]}"
