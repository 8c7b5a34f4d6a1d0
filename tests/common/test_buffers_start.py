"""What handing arrays to Arrow must not load."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa

from scanner.common import buffers


def test_places_and_truths_are_what_arrow_makes_of_them():
    assert buffers.places([3, 1, 2]).to_pylist() == [3, 1, 2]
    assert buffers.places(np.array([], dtype=np.int64)).type == pa.int64()
    mask = np.array([True, False, True] * 7)
    assert buffers.truths(mask).to_pylist() == mask.tolist()
    assert pa.array(["a", "b", "c"]).filter(buffers.truths(np.array([True, False, True]))).to_pylist() == [
        "a",
        "c",
    ]


def test_a_table_is_judged_without_masked_arrays():
    """`pyarrow.array` of a NumPy array imports `numpy.ma`: a twentieth of a second of every start."""
    code = (
        "import sys; from scanner.detector import Detector; d = Detector(names=True); "
        "d.columns({'Surname': ['Okonkwo', ' Mellor', None] * 9, 'Born': ['1980-05-17', '', '1971-01-02'] * 9}); "
        "sys.exit('numpy.ma' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
