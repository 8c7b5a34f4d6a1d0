"""Expressions over many values at once, by RE2 (in Arrow) where it reads them as Python does.

The two engines agree on plain ASCII; values with other characters, and expressions that RE2
does not know, go through Python one by one. So what is found never depends on how many
values there are.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.columns.strings import Strings, Truth

MANY = 160
"""Values from which a pass over all of them is cheaper than one by one."""

_PYTHONIC = re.compile(r"\\[sSAZpPuUNx0-9]|(?<!\\)\(\?(?!:)|\$|\^")
"""Where the two engines may differ even on plain ASCII: blanks (Python's are more), look-around, anchors."""


@functools.lru_cache(maxsize=512)
def _shared(pattern: str) -> bool:
    """True if RE2 compiles the expression and means the same by it for plain ASCII."""
    if re.search(r"\\[sS]", pattern) or _PYTHONIC.search(re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", pattern)):
        return False
    try:
        pc.match_substring_regex(pa.array([""], pa.string()), f"^(?:{pattern})$")
    except pa.ArrowInvalid:
        return False
    return True


@functools.lru_cache(maxsize=512)
def compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE if ignore_case else 0)


def matching(values: Strings, pattern: str, ignore_case: bool) -> Truth:
    """Which of the values the expression matches as a whole."""
    whole = compiled(pattern, ignore_case)
    if len(values) < MANY or not _shared(pattern):
        return np.array([whole.fullmatch(v) is not None for v in values], dtype=np.bool_)
    hit = np.array(pc.match_substring_regex(values.array, f"^(?:{pattern})$", ignore_case=ignore_case))
    if not values.all_ascii:
        strange = np.flatnonzero(~values.ascii)
        hit[strange] = [whole.fullmatch(v) is not None for v in values.at(strange)]
    return hit


def some(shapes: Sequence[str], pattern: str) -> list[bool]:
    """For each shape, whether a relaxed expression (`shapes.relaxed`) matches it as a whole."""
    try:
        hit = pc.match_substring_regex(pa.array(shapes, pa.string()), f"^(?:{pattern})$")
    except pa.ArrowInvalid:
        return [True] * len(shapes)
    found: list[bool] = hit.to_pylist()
    return found
