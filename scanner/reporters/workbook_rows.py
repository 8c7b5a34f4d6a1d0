"""Rows of the large sheets, written as XML at once: four times as fast as cell by cell.

XlsxWriter keeps the rows of a sheet in a file of its own until the workbook is closed ("constant
memory"); rows go there as ECMA-376 wants them (part 1, 18.3.1.4 and 18.3.1.73). Every text is an inline
string, so that no cell is a formula, a link or a guessed number.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from scanner.reporters.cells import Cell, clean, guarded

LONGEST = 32_767
"""Characters of a cell (Excel's limit)."""
_EPOCH = dt.date(1899, 12, 30)
_LOOKS_ESCAPED = re.compile(r"(_x[0-9A-Fa-f]{4}_)")


class Rows:
    """The rows under the header of one sheet."""

    def __init__(self, sheet: Any, names: Sequence[str], text: Any, quoted: Any, date: Any) -> None:
        """`text`, `quoted`, `date`: the formats of a text, of one that begins like a formula, of a date."""
        self._sheet, self._names = sheet, names
        self._letters = [_letters(number) for number in range(len(names))]
        self._text, self._date = text._get_xf_index(), date._get_xf_index()
        self._string = _inline(self._text, quoted._get_xf_index())
        sheet._write_single_row(1)  # the header; what follows is ours
        self._write: Callable[[str], object] = sheet.row_data_fh.write

    def add(self, number: int, row: Mapping[str, Cell]) -> None:
        """Row `number`, 0-based as XlsxWriter counts (the header is 0)."""
        line = number + 1
        cells = []
        for letters, name in zip(self._letters, self._names, strict=True):
            value = row.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, str):
                cells.append(f'<c r="{letters}{line}" {self._string(value)}')
            elif isinstance(value, bool):
                cells.append(f'<c r="{letters}{line}" {self._string("yes" if value else "no")}')
            elif isinstance(value, dt.date):
                cells.append(f'<c r="{letters}{line}" s="{self._date}"><v>{(value - _EPOCH).days}</v></c>')
            else:
                cells.append(f'<c r="{letters}{line}" s="{self._text}"><v>{value:.16G}</v></c>')
        self._write(f'<row r="{line}">{"".join(cells)}</row>')
        self._sheet.dim_rowmax = number


def _inline(plain: int, quoted: int) -> Callable[[str], str]:
    """Text to the rest of its cell's XML. Most texts stand in many rows."""

    @functools.lru_cache(maxsize=50_000)
    def made(value: str) -> str:
        text = clean(value)
        if len(text) > LONGEST:
            text = text[: LONGEST - 1] + "…"
        style = plain if guarded(text) == text else quoted
        space = ' xml:space="preserve"' if text != text.strip() else ""
        shown = _LOOKS_ESCAPED.sub(r"_x005F\1", escape(text, quote=False))
        return f's="{style}" t="inlineStr"><is><t{space}>{shown}</t></is></c>'

    return made


def _letters(number: int) -> str:
    """0 to `A`, 26 to `AA`."""
    out = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out
