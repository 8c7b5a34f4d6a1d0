"""What a family finds in a file: pieces of content, each with its place and how it is hidden.

Pieces hold values and never leave the worker process; `results` are what leaves.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence

from scanner.common.names import reduce_name
from scanner.common.shown import clean
from scanner.contracts import Content
from scanner.model import Gap, GapReason, Stage

_DIGITS = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"\d{5}")
_MOST_DIGITS = 7
"""`Q1 2024-25` has so many; a date of birth has more, or another identifier, a longer number."""


def safe_name(name: str) -> str:
    """A sheet's, slide's or file's name as it may leave the operator's terminal.

    Names of people and identifiers are reduced; `Sheet2` and `Q1 2024` stay as they are.
    """
    reduced = reduce_name(name)
    only_digits = reduced == _DIGITS.sub("#", name)
    if only_digits and sum(map(str.isdigit, name)) <= _MOST_DIGITS and not _LONG_NUMBER.search(name):
        return name
    return reduced


@dataclasses.dataclass(frozen=True, slots=True)
class Where:
    """A place in a file, in words: for the operator's own terminal, and with names reduced."""

    text: str = ""
    shown: str = ""

    @classmethod
    def of(cls, template: str, *names: object) -> Where:
        """`Where.of("sheet “{}”, row {}", "Staff", 12)`: texts are reduced in `shown`, numbers are not."""
        said = [clean(n) if isinstance(n, str) else n for n in names]
        return cls(
            template.format(*said),
            template.format(*(safe_name(n) if isinstance(n, str) else n for n in said)),
        )

    def then(self, inner: Where, sep: str = " › ") -> Where:
        if not self.text or not inner.text:
            return self if self.text else inner
        return Where(f"{self.text}{sep}{inner.text}", f"{self.shown}{sep}{inner.shown}")

    def plus(self, words: str) -> Where:
        return Where(self.text + words, self.shown + words)


NOWHERE = Where()


@dataclasses.dataclass(slots=True, repr=False)
class TextPiece:
    """Running text at one place. `hiding` is a key of `HIDINGS`, or "" for what a reader sees."""

    where: Where
    text: str
    hiding: str = ""


@dataclasses.dataclass(slots=True, repr=False)
class Grid:
    """A sheet or another table with positions: rows of cells, and which of them a reader cannot see."""

    where: Where
    rows: list[tuple[int, list[str]]]
    """(row number as people count, cells from column A); rows without any text are left out."""
    hiding: str = ""
    """Set where the whole grid is hidden."""
    note: str = ""
    """How, in words, where the hiding's own title does not say enough (`zero width`)."""
    hidden_rows: dict[int, str] = dataclasses.field(default_factory=dict)
    """Row number to hiding key."""
    hidden_columns: dict[int, str] = dataclasses.field(default_factory=dict)
    """Column index from 0 to hiding key."""
    hidden_cells: dict[tuple[int, int], str] = dataclasses.field(default_factory=dict)
    header: Sequence[str] | None = None
    """Column names where the format itself states them (pivot caches)."""
    lettered: bool = True
    """True if columns are called A, B, …; False if they are fields."""

    def hidden_by(self, row: int, column: int) -> str:
        """The hiding key of one cell, "" if a reader sees it."""
        return (
            self.hiding
            or self.hidden_columns.get(column)
            or self.hidden_rows.get(row)
            or self.hidden_cells.get((row, column))
            or ""
        )

    @property
    def partly_hidden(self) -> bool:
        return bool(self.hidden_rows or self.hidden_columns or self.hidden_cells)


@dataclasses.dataclass(slots=True, repr=False)
class Presence:
    """Something that matters by being there, whatever a detector says of it."""

    where: Where
    hiding: str
    level: str
    """`fail`, `warn` or `note` for the public audience."""
    detail: str
    """One sentence, no values."""
    kind: str = ""
    """`author` for names in metadata; `personal` for what is about a person by its nature (GPS)."""


Piece = TextPiece | Grid | Presence
Found = Piece | Gap
Deeper = Callable[[str, bytes, Where, str], Iterator[Found]]
"""(name, bytes, place, hiding) of a file inside the file."""


def gap_at(where: Where, reason: GapReason, detail: str, remedy: str = "") -> Gap:
    """A part that was not checked. The place goes before the detail."""
    text = f"{where.shown}: {detail}" if where.shown else detail
    return Gap("", Stage.EXTRACT, reason, text, remedy=remedy)


@dataclasses.dataclass(slots=True)
class Looking:
    """What a family is given besides the content."""

    content: Content
    deeper: Deeper
    inventory: dict[str, int]
    """What is inside, for the verdict's first line: `sheets` → 3; families add to it."""
    ocr: bool = True
    temporary: list[str] = dataclasses.field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        self.inventory[what] = self.inventory.get(what, 0) + number
