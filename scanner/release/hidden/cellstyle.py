"""Which cell formats make a cell's text impossible to see, and which make a number a date (ECMA-376 18.8)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.release.hidden.parts import tree

_BUILT_IN_DATES = frozenset({14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47})
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_THEME = {"0": "FFFFFF", "1": "000000"}
"""Theme colours 0 and 1 are the window's background and text (Office's own themes keep them white and black)."""
_INDEXED = {"0": "000000", "1": "FFFFFF", "8": "000000", "9": "FFFFFF", "64": "000000", "65": "FFFFFF"}


@dataclasses.dataclass(frozen=True, slots=True)
class CellStyle:
    invisible: bool = False
    date: bool = False
    code: str = "General"
    bold: bool = False
    wrap: bool = False


PLAIN = CellStyle()


def hides_everything(code: str) -> bool:
    """True for `;;;`: three empty sections show neither numbers nor text."""
    sections = code.split(";")
    return len(sections) >= 4 and not any(s.strip() for s in sections[:4])


def is_date(code: str) -> bool:
    bare = _QUOTED.sub("", code)
    return bool(_DATE_LETTERS.search(bare)) and not re.search(r"general|[#?]", bare, re.IGNORECASE)


def serial_to_date(serial: float, base_1904: bool) -> str:
    """An Excel serial number as ISO text; the number itself where it is out of range."""
    start = dt.datetime(1904, 1, 1) if base_1904 else dt.datetime(1899, 12, 30)
    try:
        when = start + dt.timedelta(days=serial)
    except OverflowError:
        return repr(serial)
    when = (when + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return when.date().isoformat() if when.time() == dt.time() else when.isoformat(" ")


def styles_of(package: Package) -> list[CellStyle]:
    """One style for each index that cells refer to (`s`)."""
    if "xl/styles.xml" not in package.names:
        return []
    root = tree(package, "xl/styles.xml")
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter("{*}numFmt")}
    fonts = [_font(e) for e in _children(root, "fonts")]
    fills = [_fill(e) for e in _children(root, "fills")]
    out = []
    for xf in _children(root, "cellXfs"):
        number = xf.get("numFmtId", "0")
        code = codes.get(number, "")
        colour, size, bold = _at(fonts, xf.get("fontId"), ("000000", 11.0, False))
        fill = _at(fills, xf.get("fillId"), "FFFFFF")
        unseen = hides_everything(code) or (colour is not None and colour == fill) or size < 1.5
        dated = is_date(code) if code else number.isdigit() and int(number) in _BUILT_IN_DATES
        wrap = any(local(c.tag) == "alignment" and c.get("wrapText") in ("1", "true") for c in xf)
        out.append(CellStyle(unseen, dated, code or _BUILT_IN.get(number, "General"), bold, wrap))
    return out


_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "14": "dd/mm/yyyy",
             "22": "dd/mm/yyyy hh:mm", "20": "hh:mm", "21": "hh:mm:ss", "49": "@"}  # fmt: skip


def _children(root: Any, name: str) -> list[Any]:
    parent = next((e for e in root if local(e.tag) == name), None)
    return [] if parent is None else [e for e in parent if isinstance(e.tag, str)]


def _at(items: list[Any], index: str | None, default: Any) -> Any:
    return items[int(index)] if index and index.isdigit() and int(index) < len(items) else default


def _font(element: Any) -> tuple[str | None, float, bool]:
    colour: str | None = "000000"
    size, bold = 11.0, False
    for child in element:
        name = local(child.tag)
        if name == "color":
            colour = _colour(child)
        elif name == "sz":
            size = float(child.get("val", "11"))
        elif name == "b":
            bold = child.get("val", "1") not in ("0", "false")
    return colour, size, bold


def _fill(element: Any) -> str | None:
    """The colour behind the text; white where there is none, None where it cannot be told (patterns)."""
    for pattern in element.iter("{*}patternFill"):
        kind = pattern.get("patternType", "none")
        if kind == "none":
            return "FFFFFF"
        if kind == "solid":
            front = next((c for c in pattern if local(c.tag) == "fgColor"), None)
            return "FFFFFF" if front is None else _colour(front) or "?"
        return "?"
    return "FFFFFF" if len(element) == 0 else "?"


def _colour(element: Any) -> str | None:
    """RRGGBB, `theme:N:tint` for what only equals itself, or None for automatic."""
    if element.get("auto") in ("1", "true"):
        return "000000"
    rgb = element.get("rgb")
    if rgb:
        return str(rgb[-6:]).upper()
    tint = element.get("tint", "")
    if element.get("theme") is not None:
        theme = str(element.get("theme"))
        flat = not tint or float(tint) == 0
        return _THEME[theme] if flat and theme in _THEME else f"theme:{theme}:{tint}"
    if element.get("indexed") is not None:
        return _INDEXED.get(str(element.get("indexed")), f"indexed:{element.get('indexed')}")
    return None
