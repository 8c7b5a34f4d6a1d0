"""Expressions over many values at once, by RE2 (in Arrow) where it reads them as Python does.

The two engines agree on plain ASCII; values with other characters, and expressions that RE2
does not know, go through Python one by one. So what is found never depends on how many
values there are.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

MANY = 64
"""Values from which a pass over all of them is cheaper than one by one."""

_PYTHONIC = re.compile(r"\\[bBdDwWsSAZpPuUNx0-9]|\(\?(?!:)|\$|\^|(?<!\\)\.")
"""Where the two engines may differ: Unicode classes, look-around, anchors, any character."""


@functools.lru_cache(maxsize=512)
def _shared(pattern: str) -> bool:
    """True if RE2 compiles the expression and means the same by it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if _PYTHONIC.search(re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", pattern)):
        return False
    if re.search(r"\\[wWdDsSbB]", pattern):
        return False
    try:
        pc.match_substring_regex(pa.array([""], pa.string()), f"^(?:{pattern})$")
    except pa.ArrowInvalid:
        return False
    return True


def matching(values: Sequence[str], pattern: str, ignore_case: bool) -> list[str]:
    """The values that the expression matches as a whole, in order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(values) >= MANY and _shared(pattern) and "".join(values).isascii():
        array = pa.array(values, pa.string())
        hit = pc.match_substring_regex(array, f"^(?:{pattern})$", ignore_case=ignore_case)
        if hit.true_count == len(values):
            return list(values)
        return [v for v, yes in zip(values, hit.to_pylist(), strict=True) if yes]
    compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    return [v for v in values if compiled.fullmatch(v)]


def some(shapes: Sequence[str], pattern: str) -> list[bool]:
    """For each shape, whether a relaxed expression (`shapes.relaxed`) matches it as a whole."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        hit = pc.match_substring_regex(pa.array(shapes, pa.string()), f"^(?:{pattern})$")
    except pa.ArrowInvalid:
        return [True] * len(shapes)
    found: list[bool] = hit.to_pylist()
    return found
