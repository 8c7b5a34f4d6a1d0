"""Everything in this process: the default for few units, and the one to debug with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from scanner.contracts import Outcome
from scanner.model import Unit
from scanner.runners.loop import Examines, examine_all


class SerialRunner:
    name: ClassVar[str] = "serial"

    def __init__(self, make: Callable[[Any], Examines], workers: int = 1) -> None:  # noqa: ARG002 - one shape
        self._make = make

    def map(self, job: Any, units: Iterable[Unit]) -> Iterator[Outcome]:
        examiner = self._make(job)
        try:
            yield from examine_all(examiner, units)
        finally:
            examiner.close()

    def close(self) -> None:
        """Holds nothing between maps."""
