"""What a check prints: one module a format, found by its name, loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from scanner.check.outcome import Outcome

FORMATS = ("text", "jsonl", "sarif", "github", "junit", "markdown")

Printer = Callable[[Outcome], str]


def printer(name: str) -> Printer:
    """The function that turns an outcome into one of `FORMATS`."""
    made: Printer = importlib.import_module(f"scanner.check.formats.{name}").render
    return made
