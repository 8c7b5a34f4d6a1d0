"""Days of the calendar, many at a stroke, are those that are read one by one."""

from __future__ import annotations

import random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.columns.calendar import are_days
from scanner.columns.dates import parse
from scanner.columns.strings import Strings

_FORM = st.sampled_from(
    ["{d:02}/{m:02}/{y:04}", "{y:04}-{m:02}-{d:02}", "{m:02}.{d:02}.{y:04}", "{d}-{m}-{y}", "{y:04}{m:02}{d:02}",
     "{y:04}-{m:02}-{d:02} 10:31:07", "{y:04}-{m:02}-{d:02}T10:31", "{d:02} {m:02} {y:04}", "{y:04}/{m:02}/{d:02}"]
)  # fmt: skip
_DAY = st.builds(
    lambda form, d, m, y: form.format(d=d, m=m, y=y),
    _FORM, st.integers(0, 32), st.integers(0, 14), st.sampled_from([1849, 1850, 1900, 1999, 2000, 2024, 2150, 2151]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_DAY, st.text(max_size=12)), max_size=60))
def test_same_days(values: list[str]) -> None:
    values = [value for value in values if value]
    held = Strings(pa.array(values, pa.string()))
    assert are_days(held).tolist() == [parse(value) is not None for value in values]


def test_all_days_of_a_century() -> None:
    rng = random.Random(3)
    values = [
        f"{rng.randrange(0, 33):02}/{rng.randrange(0, 14):02}/{rng.randrange(1890, 2010)}"
        for _ in range(5_000)
    ]
    assert are_days(Strings(pa.array(values))).tolist() == [parse(value) is not None for value in values]
