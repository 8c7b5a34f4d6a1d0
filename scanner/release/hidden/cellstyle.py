"""Which cell formats make a cell's text impossible to see, and which make a number a date (ECMA-376 18.8)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.release.hidden.colours import alike, colour
from scanner.release.hidden.numberformat import hides_number, hides_text, is_date, may_hide
from scanner.release.hidden.parts import tree

_BUILT_IN_DATES = frozenset({14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47})
_SMALLEST = 1.5
"""Points under which a font is a line of dust."""


@dataclasses.dataclass(frozen=True, slots=True)
class CellStyle:
    invisible: bool = False
    """Nothing in such a cell can be seen: its colours or its size."""
    date: bool = False
    code: str = "General"
    bold: bool = False
    wrap: bool = False
    front: str | None = "000000"
    back: str | None = "FFFFFF"
    masks: bool = False
    """Its number format can hide a value."""

    def hides(self, number: float | None) -> bool:
        """True if a cell with this number (None: with text) cannot be seen."""
        if self.invisible or not self.masks:
            return self.invisible
        return hides_text(self.code) if number is None else hides_number(self.code, number)


@dataclasses.dataclass(frozen=True, slots=True)
class Overlay:
    """What a conditional format changes (a `dxf`, ECMA-376 18.8.14); "" leaves it as it is."""

    front: str | None = None
    back: str | None = None
    code: str = ""

    def hides(self, style: CellStyle, number: float | None) -> bool:
        if self.code and (hides_text(self.code) if number is None else hides_number(self.code, number)):
            return True
        if self.front is None and self.back is None:
            return False
        return alike(self.front or style.front, self.back or style.back)


PLAIN = CellStyle()


def serial_to_date(serial: float, base_1904: bool) -> str:
    """An Excel serial number as ISO text; the number itself where it is out of range."""
    start = dt.datetime(1904, 1, 1) if base_1904 else dt.datetime(1899, 12, 30)
    try:
        when = start + dt.timedelta(days=serial)
    except OverflowError:
        return repr(serial)
    when = (when + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return when.date().isoformat() if when.time() == dt.time() else when.isoformat(" ")


def styles_of(package: Package) -> tuple[list[CellStyle], list[Overlay]]:
    """One style for each index that cells refer to (`s`), and one overlay for each `dxfId`."""
    if "xl/styles.xml" not in package.names:
        return [], []
    root = tree(package, "xl/styles.xml")
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter("{*}numFmt")}
    fonts = [_font(e) for e in _children(root, "fonts")]
    fills = [_fill(e) for e in _children(root, "fills")]
    out = []
    for xf in _children(root, "cellXfs"):
        number = xf.get("numFmtId", "0")
        font = _at(fonts, xf.get("fontId"), ("000000", 11.0, False))
        back = _at(fills, xf.get("fillId"), "FFFFFF")
        wrap = any(local(c.tag) == "alignment" and c.get("wrapText") in ("1", "true") for c in xf)
        out.append(style_of(number, codes.get(number, ""), font, back, wrap))
    return out, [_overlay(e) for e in _children(root, "dxfs")]


def style_of(
    number: str, code: str, font: tuple[str | None, float, bool], back: str | None, wrap: bool
) -> CellStyle:
    """`number`: a number format's; `code`: what it says, "" for one that is built in; `font`: colour, points, bold."""
    front, size, bold = font
    dated = is_date(code) if code else number.isdigit() and int(number) in _BUILT_IN_DATES
    unseen = alike(front, back) or size < _SMALLEST
    shown = code or _BUILT_IN.get(number, "General")
    return CellStyle(unseen, dated, shown, bold, wrap, front, back, may_hide(code))


def _overlay(element: Any) -> Overlay:
    front = next((colour(c) for c in element.iterfind("{*}font/{*}color")), None)
    # In an overlay the background is the colour of a solid fill (18.8.32).
    back = next((colour(c) for c in element.iterfind("{*}fill/{*}patternFill/{*}bgColor")), None)
    code = next((c.get("formatCode", "") for c in element.iterfind("{*}numFmt")), "")
    return Overlay(front, back, code)


_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "14": "dd/mm/yyyy",
             "22": "dd/mm/yyyy hh:mm", "20": "hh:mm", "21": "hh:mm:ss", "49": "@"}  # fmt: skip


def _children(root: Any, name: str) -> list[Any]:
    parent = next((e for e in root if local(e.tag) == name), None)
    return [] if parent is None else [e for e in parent if isinstance(e.tag, str)]


def _at(items: list[Any], index: str | None, default: Any) -> Any:
    return items[int(index)] if index and index.isdigit() and int(index) < len(items) else default


def _font(element: Any) -> tuple[str | None, float, bool]:
    front: str | None = "000000"
    size, bold = 11.0, False
    for child in element:
        name = local(child.tag)
        if name == "color":
            front = colour(child)
        elif name == "sz":
            size = float(child.get("val", "11"))
        elif name == "b":
            bold = child.get("val", "1") not in ("0", "false")
    return front, size, bold


def _fill(element: Any) -> str | None:
    """The colour behind the text; white where there is none, `?` where it cannot be told (patterns)."""
    for pattern in element.iter("{*}patternFill"):
        kind = pattern.get("patternType", "none")
        if kind == "none":
            return "FFFFFF"
        if kind == "solid":
            front = next((c for c in pattern if local(c.tag) == "fgColor"), None)
            return "FFFFFF" if front is None else colour(front) or "?"
        return "?"
    return "FFFFFF" if len(element) == 0 else "?"
