"""Stretches of a text, asked by place: as quickly among thousands as among few."""

from __future__ import annotations

import bisect
from collections.abc import Iterable


class Spans:
    """Stretches from a start to before an end; those that overlap are taken together."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def touch(self, start: int, end: int) -> bool:
        """Is any character from `start` to before `end` in one of them?"""
        at = bisect.bisect_left(self._starts, end)
        return at > 0 and self._ends[at - 1] > start

    def hold(self, start: int, end: int) -> bool:
        """Is every character from `start` to before `end` in one of them?"""
        at = bisect.bisect_right(self._starts, start)
        return at > 0 and self._ends[at - 1] >= end
