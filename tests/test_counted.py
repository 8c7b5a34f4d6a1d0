"""Values counted at a stroke give the shapes and sketches of values counted one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.common import shapes
from scanner.common.cells import Cells
from scanner.counted import shapes_of, sketch_of
from scanner.tally import sketch

KEY = b"k" * 32
_VALUE = st.one_of(
    st.from_regex(r"[A-Z]{2}[ -]?[0-9]{6}[A-D]?", fullmatch=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_VALUE, max_size=50))
def test_as_one_by_one(values: list[str]) -> None:
    counts = Counter(values)
    array, numbers = pa.array(list(counts), pa.string()), np.array(list(counts.values()), dtype=np.int64)
    wanted: Counter[str] = Counter()
    for value, number in counts.items():
        if form := shapes.shape(value):
            wanted[form] += number
    assert shapes_of(array, numbers) == wanted
    digests = {sketch.digest(shapes.normalise(value), KEY) for value in counts}
    assert sketch_of(array, KEY) == sketch.build(digests)


def test_cells_of_some_rows() -> None:
    cells = Cells.of(["a", None, "b", "a", "", "c", "a"])
    values, numbers = cells.counted([0, 2, 3])
    assert dict(zip(values.to_pylist(), numbers.tolist(), strict=True)) == {"a": 2, "b": 1}
    assert list(cells) == ["a", None, "b", "a", None, "c", "a"]
    assert cells[2:4] == ["b", "a"]
    assert cells[4] is None
    assert cells.characters == 5
    assert Cells.of(["half \ud800 pair"])[0] == "half \ufffd pair"
