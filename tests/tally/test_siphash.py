"""SipHash-2-4 against its published vectors, and many at a stroke against one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tally import siphash, sketch

KEY = bytes(range(16))
# The first of the vectors in the authors' reference implementation: the message is 0, 1, 2, …
VECTORS = {0: 0x726FDB47DD0E0E31, 1: 0x74F839C593DC67FD, 8: 0x93F5F5799A932462, 15: 0xA129CA6149BE45E5}


def test_published_vectors() -> None:
    for size, wanted in VECTORS.items():
        assert siphash.digest(bytes(range(size)), KEY) == wanted


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=60), st.binary(min_size=16, max_size=16))
def test_many_at_a_stroke(messages: list[bytes], key: bytes) -> None:
    raw = np.frombuffer(b"".join(messages), dtype=np.uint8)
    starts = np.cumsum([0, *map(len, messages)]).astype(np.int64)
    assert siphash.digests(raw, starts, key).tolist() == [siphash.digest(m, key) for m in messages]


def test_the_same_sketch_either_way() -> None:
    values = [f"AB{n:06}C" for n in range(3_000)] * 2
    raw = np.frombuffer("".join(values).encode(), dtype=np.uint8)
    starts = np.arange(0, 9 * len(values) + 1, 9)
    key = b"k" * 32
    assert sketch.of_many(raw, starts, key) == sketch.build(sketch.digest(v, key) for v in values)
