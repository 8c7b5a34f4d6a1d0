"""Cells that a spreadsheet cannot take for anything but what they are.

A text that begins like a formula (`= + - @`, also full-width and after spaces), a tab, CR or
NUL gets a leading apostrophe (OWASP ASVS 5.0, 1.2.10). So does a text that a spreadsheet would
turn into a number or date: long digit strings, leading zeros, `12E5`, `1-2`. Newlines
become spaces; control characters and direction overrides, which make a name look like
another, become `�`. Numbers come from typed fields only and are never quoted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from scanner.common.shown import clean as clean

Cell = str | int | float | bool | dt.date | None

GUARD = "'"
_FORMULA = "=+-@＝＋－＠﹢﹣﹦﹫−"
_FIRST = "\t\r\0"
_MANGLED = re.compile(r"\d{12,}|0\d+|\d+[eE][+-]?\d+|\d{1,2}[-/]\d{1,4}([-/]\d{1,4})?")


def cell(value: Cell) -> str:
    """The text to write for a value. Unknown (None) is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return guarded(value)


def guarded(text: str) -> str:
    """`clean` text that a spreadsheet shows as it is."""
    shown = clean(text)
    visible = shown.lstrip("�").strip()
    while visible[:1] == "�":
        visible = visible.lstrip("�").strip()
    formula = visible[:1] in _FORMULA and bool(visible)
    if formula or (text and text[0] in _FIRST) or _MANGLED.fullmatch(visible):
        return GUARD + shown
    return shown


def unguarded(text: str) -> str:
    """What `guarded` made of a text, undone; for reading back what people wrote."""
    if text.startswith(GUARD) and guarded(text[1:]) == text:
        return text[1:]
    return text


def listed(items: Iterable[str]) -> str:
    """Several texts in one cell."""
    return "; ".join(items)


def shortened(text: str, longest: int = 300) -> str:
    """At most `longest` characters, cut between words."""
    text = " ".join(clean(text).split())
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:.") + "…"
