"""The terminal as it is written to: names come from stores, and must arrive as they are and do nothing.

A table can be called `[final]`, a file can have an escape sequence in its name: neither is markup,
and neither may move the cursor. Styles are given beside a text (`styled`), never inside it.
"""

from __future__ import annotations

import os
from typing import Any

from rich.console import Console
from rich.text import Text

from scanner.reporters.cells import clean

_FILE_WIDTH = 120
"""Columns where nobody says how many there are: files, pipes and logs are wider than a terminal of old."""


class Terminal(Console):
    """A console that takes texts literally. Colour only on terminals; NO_COLOR is honoured."""

    def __init__(self, **how: Any) -> None:
        """`how`: as rich's own."""
        super().__init__(highlight=False, markup=False, emoji=False, **how)
        if "width" not in how and "COLUMNS" not in os.environ and not self.is_terminal:
            self.width = _FILE_WIDTH

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(printable(text), **how)


def printable(text: str) -> str:
    """The lines of a text without characters that are not to be seen."""
    return text if text.isprintable() else "\n".join(clean(line) for line in text.split("\n"))


def styled(*parts: str | tuple[str, str]) -> Text:
    """Texts one after another, each with its style where it has one: `styled("a ", ("b", "bold"))`."""
    return Text.assemble(
        *(printable(part) if isinstance(part, str) else (printable(part[0]), part[1]) for part in parts)
    )
