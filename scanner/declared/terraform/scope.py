"""What names stand for while an expression is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Names(Protocol):
    """What an expression may refer to."""

    def lookup(self, root: str, steps: list[Any]) -> tuple[Any, list[Any]]:
        """The value that the first names stand for, and the steps that are still to be taken."""
        ...

    def file(self, path: str) -> Any:
        """Text of a file beside the code, or Unknown."""
        ...


class Scope:
    """Names, and those that an enclosing `for` or `dynamic` adds."""

    __slots__ = ("extra", "names")

    def __init__(self, names: Names, extra: Mapping[str, Any] | None = None) -> None:
        self.names, self.extra = names, extra or {}

    def plus(self, **more: Any) -> Scope:
        return Scope(self.names, {**self.extra, **more})
