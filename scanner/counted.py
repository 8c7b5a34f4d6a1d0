"""The different values of a column as shapes and a sketch, all at a stroke."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scanner.common import buffers, shapes
from scanner.tally import sketch

_KEPT = np.array([chr(c).isalnum() and c < 128 for c in range(256)])
_FOLDED = np.array([ord(chr(c).lower()) if c < 128 else c for c in range(256)], dtype=np.uint8)
_SIGNS = np.array(
    [ord(shapes.shape(f"x{chr(c)}x")[1]) if c < 128 else 32 for c in range(256)], dtype=np.uint8
)


def sketch_of(values: Any, key: bytes) -> bytes:
    """The sketch of what distinct values are when spelling is disregarded. `values`: an Arrow string array."""
    raw, starts = buffers.keep(values, np.arange(256) < 128)
    if len(raw) < int(buffers.buffer_of(values)[1][-1]):
        values = pa.array([shapes.normalise(v) for v in values.to_pylist()], pa.string())
        return sketch.of_many(*buffers.buffer_of(values), key)
    raw, starts = buffers.keep(values, _KEPT)
    return sketch.of_many(_FOLDED[raw], starts, key)


def shapes_of(values: Any, numbers: npt.ArrayLike) -> Counter[str]:
    """How often each shape comes. `numbers`: how often each value does."""
    numbers = np.asarray(numbers, dtype=np.int64)
    raw, starts = buffers.buffer_of(values)
    if len(raw) and int(raw.max()) >= 128:
        return _one_by_one(values, numbers)
    sizes = starts[1:] - starts[:-1]
    first, last = raw[starts[:-1][sizes > 0]], raw[starts[1:][sizes > 0] - 1]
    if (first <= 32).any() or (last <= 32).any():
        return _one_by_one(values, numbers)
    short = (sizes <= shapes.LONGEST) & (sizes > 0)
    drawn = buffers.strings(_SIGNS[raw], starts)
    if not short.all():
        drawn, numbers = drawn.filter(buffers.truths(short)), numbers[short]
    encoded = drawn.dictionary_encode()
    counted = np.bincount(np.asarray(encoded.indices), weights=numbers, minlength=len(encoded.dictionary))
    return Counter(dict(zip(encoded.dictionary.to_pylist(), counted.astype(int).tolist(), strict=True)))


def _one_by_one(values: Any, numbers: npt.NDArray[np.int64]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, number in zip(values.to_pylist(), numbers.tolist(), strict=True):
        if form := shapes.shape(value):
            found[form] += number
    return found
