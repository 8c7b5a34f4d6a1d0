"""Which cells of an XLSX sheet lie under something: a merged cell, a picture, a filled box, a conditional format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from scanner.common.sheetxml import column_index
from scanner.common.xmlread import local
from scanner.release.hidden.cellstyle import Overlay

Area = tuple[int, int, int, int]
"""(top row, left column, bottom row, right column), rows from 1, columns from 0, all included."""
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
_ROW_EMU, _COLUMN_EMU = 190_500, 609_600
"""Height and width of a cell nobody has sized, in English Metric Units (20 and 64 pixels)."""
_SEEN_THROUGH = 90_000
"""Opacity, in thousandths of a per cent, under which a filling lets the text be read."""
_HARMLESS = re.compile(r"IS(ERR|NA|BLANK|TEXT|NUMBER)|=\s*(0|\"\")", re.IGNORECASE)
_ALWAYS = frozenset({"expression", "cellIs", "notContainsBlanks", "notContainsErrors", "containsText", "beginsWith",
                     "endsWith", "notContainsText"})  # fmt: skip


def area(reference: str) -> Area | None:
    """`B2:C9` as numbers; None for what is no range of cells."""
    match = _RANGE.match(reference)
    if match is None:
        return None
    top, left = int(match[2]), column_index(match[1])
    bottom, right = (int(match[4]), column_index(match[3])) if match[3] else (top, left)
    return top, left, bottom, right


def under(cells: dict[int, dict[int, Any]], place: Area) -> Iterator[tuple[int, int]]:
    """The filled cells of an area."""
    top, left, bottom, right = place
    rows = range(top, bottom + 1) if bottom - top < len(cells) else [r for r in cells if top <= r <= bottom]
    for row in rows:
        for column in cells.get(row, ()):
            if left <= column <= right:
                yield row, column


def merged_over(cells: dict[int, dict[int, Any]], merged: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Cells whose value a merged cell keeps out of sight; the first one's own value is what shows."""
    for reference in merged:
        place = area(reference)
        if place is None:
            continue
        first = cells.get(place[0], {}).get(place[1])
        for row, column in under(cells, place):
            cell = cells[row][column]
            if cell is not first and (first is None or cell.text != first.text):
                yield row, column


def covers(drawing: Any) -> Iterator[Area]:
    """Areas of cells wholly under a picture or a filled shape of a drawing (20.5.2.33)."""
    for anchor in drawing:
        if local(anchor.tag) not in ("twoCellAnchor", "oneCellAnchor"):
            continue
        shapes = [c for c in anchor if local(c.tag) in ("pic", "sp")]
        if not any(_opaque(shape) for shape in shapes):
            continue
        start = next((c for c in anchor if local(c.tag) == "from"), None)
        if start is None:
            continue
        left, x = _corner(start, "col")
        top, y = _corner(start, "row")
        end = next((c for c in anchor if local(c.tag) == "to"), None)
        if end is not None:
            right, x_end = _corner(end, "col")
            bottom, y_end = _corner(end, "row")
        else:
            size = next((c for c in anchor if local(c.tag) == "ext"), None)
            right, x_end = divmod(_number(size, "cx") + left * _COLUMN_EMU + x, _COLUMN_EMU)
            bottom, y_end = divmod(_number(size, "cy") + top * _ROW_EMU + y, _ROW_EMU)
        # A cell of which more than half is seen is not covered.
        first_row, first_column = top + (y > _ROW_EMU // 2), left + (x > _COLUMN_EMU // 2)
        last_row, last_column = bottom - (y_end < _ROW_EMU // 2), right - (x_end < _COLUMN_EMU // 2)
        if last_row >= first_row and last_column >= first_column:
            yield first_row + 1, first_column, last_row + 1, last_column


def _corner(element: Any, what: str) -> tuple[int, int]:
    found = {local(c.tag): (c.text or "").strip() for c in element}
    return _integer(found.get(what)), _integer(found.get(f"{what}Off"))


def _number(element: Any, name: str) -> int:
    return 0 if element is None else _integer(element.get(name))


def _integer(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isascii() and text.lstrip("-").isdigit() else 0


def _opaque(shape: Any) -> bool:
    properties = next((e for e in shape.iter("{*}cNvPr")), None)
    if properties is not None and properties.get("hidden") in ("1", "true"):
        return False
    if local(shape.tag) == "pic":
        return next(shape.iter("{*}alphaModFix"), None) is None
    own = next((c for c in shape if local(c.tag) == "spPr"), None)
    for child in () if own is None else own:
        name = local(child.tag)
        if name in ("solidFill", "pattFill", "gradFill", "blipFill"):
            return all(_integer(a.get("val")) >= _SEEN_THROUGH for a in child.iter("{*}alpha"))
        if name == "noFill":
            return False
    return any(_integer(e.get("idx")) > 0 for e in shape.iter("{*}fillRef"))


def overlaid(element: Any, overlays: list[Overlay]) -> list[tuple[Area, Overlay]]:
    """The areas of one `conditionalFormatting` whose rules could hide text (18.3.1.18).

    Whether a condition holds is not reckoned: what it can hide counts as hidden, but for those
    that only keep errors, blanks and zeros out of sight.
    """
    found = []
    for rule in element.iter("{*}cfRule"):
        index = rule.get("dxfId", "")
        says = " ".join(f.text or "" for f in rule.iter("{*}formula"))
        if rule.get("type") in _ALWAYS and index.isdigit() and int(index) < len(overlays) and not _HARMLESS.search(says):  # fmt: skip
            overlay = overlays[int(index)]
            if overlay.front or overlay.code:
                places = (area(r) for r in element.get("sqref", "").split())
                found += [(place, overlay) for place in places if place is not None]
    return found
