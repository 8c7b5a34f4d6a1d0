"""Distinct counts: exact when few, within the bound when many, the same in any order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tally import sketch

KEY = b"k" * 32
DIGESTS = st.lists(st.integers(0, 5000).map(lambda n: sketch.digest(str(n), KEY)), max_size=3000)


@given(DIGESTS, DIGESTS, DIGESTS)
@settings(max_examples=30, deadline=None)
def test_merge_is_associative_and_commutative(a: list[bytes], b: list[bytes], c: list[bytes]) -> None:
    one, two, three = map(sketch.build, (a, b, c))
    whole = sketch.build(a + b + c)
    assert sketch.merge(sketch.merge(one, two), three) == whole
    assert sketch.merge(three, sketch.merge(two, one)) == whole


def test_few_are_counted_exactly() -> None:
    counted = sketch.estimate(sketch.build(sketch.digest(str(n % 700), KEY) for n in range(5000)))
    assert (counted.low, counted.high, counted.method) == (700, 700, "counted")


def test_many_lie_within_the_bounds() -> None:
    inside = 0
    for trial in range(20):
        key = bytes([trial]) * 32
        found = sketch.estimate(sketch.build(sketch.digest(str(n), key) for n in range(20_000)))
        inside += found.low <= 20_000 <= found.high
    assert inside >= 17, "95 % bounds hold in most trials"


def test_digests_of_two_keys_differ() -> None:
    assert sketch.digest("QQ123456C", b"a" * 32) != sketch.digest("QQ123456C", b"b" * 32)
