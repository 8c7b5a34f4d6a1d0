"""Tables whose columns stand under one another, without a delimiter.

A column edge is a position that is blank in nearly every line and is followed by text in
many. Prose has no such positions over more than a few lines.
"""

from __future__ import annotations

from collections.abc import Sequence

SAMPLE = 200
"""Lines looked at."""
_BLANK = 0.98
"""Share of lines blank at a position for it to part two columns (a long value may run over)."""


def columns(sample: str) -> list[int]:
    """Where each column starts; [] if the text is no such table."""
    lines = [line.rstrip() for line in sample.splitlines()[:SAMPLE]]
    return edges([line for line in lines if line])


def edges(lines: Sequence[str]) -> list[int]:
    """Column starts of lines without blank ones; [] if they are no table."""
    if len(lines) < 3 or any("\t" in line for line in lines):
        return []
    width = max(map(len, lines))
    usual = sorted(map(len, lines))[len(lines) // 2]
    # Cells may be missing at a line's end, but lines of a table are about as long as one another.
    if width > 2000 or usual < 12 or sum(len(line) >= 0.6 * usual for line in lines) < 0.9 * len(lines):
        return []
    padded = [line.ljust(width) for line in lines]
    blank = [sum(line[i] == " " for line in padded) >= _BLANK * len(lines) for i in range(width)]
    starts = [0] if not blank[0] else []
    for i in range(1, width):
        if blank[i - 1] and not blank[i] and _begins(padded, i):
            starts.append(i)
    gaps = [_gap(blank, start) for start in starts[1:]]
    # One blank between words that happen to stand under one another is not a column edge.
    if len(starts) < 3 or sum(gap >= 2 for gap in gaps) < 0.5 * len(gaps):
        return []
    return starts


def _begins(lines: Sequence[str], at: int) -> bool:
    return sum(line[at] != " " for line in lines) >= 0.3 * len(lines)


def _gap(blank: Sequence[bool], start: int) -> int:
    count = 0
    while start - 1 - count >= 0 and blank[start - 1 - count]:
        count += 1
    return count


def cells(line: str, starts: Sequence[int]) -> list[str]:
    """The line's cells; what stands before the first column belongs to it."""
    ends = [*starts[1:], max(len(line), starts[-1])]
    return [
        line[start if i else 0 : end].strip() for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
