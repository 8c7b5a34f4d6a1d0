"""What families of clean copies share: the error, and the list of what was done."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable


class CannotFix(Exception):
    """No clean copy can be made; the message says why and what to do, and holds no content."""


DAMAGE: tuple[type[Exception], ...] = (
    ValueError, TypeError, AttributeError, IndexError, KeyError, RuntimeError, OverflowError, AssertionError, SyntaxError,
    ZeroDivisionError, struct.error,
)  # fmt: skip
"""What reading libraries raise half-way through a file that is damaged but opened all the same. (lxml's own
errors are SyntaxErrors, pikepdf's RuntimeErrors or ValueErrors.)"""


@dataclasses.dataclass(slots=True)
class Done:
    """What a clean copy lost: told to the operator, in the order it happened."""

    removed: dict[str, int] = dataclasses.field(default_factory=dict)
    left: list[str] = dataclasses.field(default_factory=list)
    """What a reader saw and the copy lacks, or what stayed."""
    personal: Callable[[str], bool] = lambda _: True
    """True if a text tells of somebody; for texts that are kept where they do not."""

    def remove(self, what: str, count: int = 1) -> None:
        if count:
            self.removed[what] = self.removed.get(what, 0) + count

    def lines(self) -> tuple[str, ...]:
        return tuple(f"{what} ({count:,})" if count > 1 else what for what, count in self.removed.items())
