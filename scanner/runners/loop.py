"""Examine units one after another while a prefetch thread opens the next one.

Both runners use it: the serial one in this process, the other in each of its workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, Protocol

from scanner.contracts import Outcome
from scanner.model import Gap, Unit, UnitResult

HEAD = 8 * 1024 * 1024


class Examines(Protocol):
    """What a runner needs of `examine.Examiner`."""

    def fetch(self, unit: Unit) -> BinaryIO | Gap | None: ...

    def examine(self, unit: Unit, fetched: BinaryIO | Gap | None = None) -> UnitResult: ...

    def close(self) -> None: ...


def examine_all(examiner: Examines, units: Iterable[Unit | None]) -> Iterator[Outcome]:
    """Outcomes in the order of the units. At most two units are open at any time.

    A None among the units says "no other unit is here yet": examine what is waiting.
    """
    waiting: tuple[Unit, Future[Any]] | None = None
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="dpscan-prefetch") as pool:
        try:
            for unit in units:
                following = (unit, pool.submit(_fetch, examiner, unit)) if unit is not None else None
                current, waiting = waiting, following
                if current is not None:
                    yield _finish(examiner, current)
            if waiting is not None:
                last, waiting = waiting, None
                yield _finish(examiner, last)
        finally:
            if waiting is not None:
                _close(waiting[1])


def _fetch(examiner: Examines, unit: Unit) -> BinaryIO | Gap | None:
    """Open the unit and, if it is small, have its bytes here before they are needed."""
    opened = examiner.fetch(unit)
    if opened is None or isinstance(opened, Gap):
        return opened
    if unit.size is not None and 0 < unit.size <= HEAD:
        # Reading the first byte makes a ranged reader fetch its block now, in this thread.
        opened.seek(0)
        opened.read(1)
        opened.seek(0)
    return opened


def _finish(examiner: Examines, waiting: tuple[Unit, Future[Any]]) -> Outcome:
    unit, future = waiting
    error = future.exception()
    # A fetch that failed is tried once more inside `examine`, where failing becomes a gap.
    return Outcome(unit, examiner.examine(unit, None if error else future.result()))


def _close(future: Future[Any]) -> None:
    if future.cancel():
        return
    if future.exception() is None and hasattr(future.result(), "close"):
        future.result().close()
