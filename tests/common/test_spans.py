"""Spans answer as a look at each of them does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.common.spans import Spans

_SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda p: (p[0], p[0] + p[1])), max_size=8
)


@given(_SPANS, st.integers(0, 36), st.integers(1, 5))
def test_touch_and_hold(spans: list[tuple[int, int]], start: int, size: int) -> None:
    covered = {place for a, b in spans for place in range(a, b)}
    asked = range(start, start + size)
    assert Spans(spans).touch(start, start + size) == any(place in covered for place in asked)
    if Spans(spans).hold(start, start + size):
        assert all(place in covered for place in asked)
    assert all(Spans(spans).hold(a, b) for a, b in spans)


def test_none() -> None:
    assert not Spans([])
    assert not Spans([]).touch(0, 5)
    assert not Spans([]).hold(0, 5)
