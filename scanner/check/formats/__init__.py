"""What a check prints: one module a format, found by its name, loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.check.outcome import Outcome

FORMATS = ("text", "sarif", "junit", "gitlab", "github", "markdown", "jsonl")

Printer = Callable[["Outcome"], str]


def printer(name: str) -> Printer:
    """The function that turns an outcome into one of `FORMATS`."""
    made: Printer = importlib.import_module(f"scanner.check.formats.{name}").render
    return made
