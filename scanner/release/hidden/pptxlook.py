"""Whether a run of text on a slide has the colour of what is behind it, or next to no size (ECMA-376 part 1, 20.1, 21.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scanner.common.xmlread import local
from scanner.release.hidden.colours import alike

_SCHEME = {"bg1": "FFFFFF", "lt1": "FFFFFF", "tx1": "000000", "dk1": "000000"}
"""As Office's themes have them."""
_TINY = 200
"""Hundredths of a point up to which letters are dust."""
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Box = tuple[int, int, int, int]


def solid(holder: Any) -> str | None:
    """The colour of a `solidFill` directly inside; None for none, or one that is changed or seen through."""
    fill = None if holder is None else next((c for c in holder if local(c.tag) == "solidFill"), None)
    if fill is None or not len(fill) or len(fill[0]):
        return None
    value = fill[0].get("val", "")
    return str(value).upper() if local(fill[0].tag) == "srgbClr" else _SCHEME.get(value)


def background(slide: Any, layout: Any, master: Any) -> str | None:
    """RRGGBB behind a slide's objects; None where it is a picture, a blend or a theme's own."""
    for root in (slide, layout, master):
        ground = None if root is None else next(root.iterfind("{*}cSld/{*}bg"), None)
        if ground is None:
            continue
        for child in ground:
            if local(child.tag) == "bgPr":
                return solid(child)
            if local(child.tag) == "bgRef":
                # 1001 is the first, plain filling of a theme's list.
                named = child[0].get("val", "") if len(child) else ""
                return _SCHEME.get(named) if child.get("idx") == "1001" else None
    return "FFFFFF"


def may_fill(shape: Any) -> bool:
    """True unless an object surely lets the slide be seen through it."""
    properties = next((c for c in shape if local(c.tag) == "spPr"), None)
    if properties is None:
        return True
    kinds = {local(c.tag) for c in properties}
    if "noFill" in kinds:
        return False
    return bool(kinds & {"solidFill", "gradFill", "blipFill", "pattFill", "grpFill"}) or any(
        local(c.tag) == "style" for c in shape
    )


def overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def unseen(shape: Any, ground: str | None, own: Box | None, below: Iterable[Box | None]) -> list[Any]:
    """The runs (`a:r`) of a shape that nobody can read. `below`: boxes of filled objects behind it."""
    properties = next((c for c in shape if local(c.tag) == "spPr"), None)
    fill = solid(properties)
    if fill is None and properties is not None:
        kinds = {local(c.tag) for c in properties}
        covered = own is None or any(other is None or overlaps(own, other) for other in below)
        if kinds & {"solidFill", "gradFill", "blipFill", "pattFill", "grpFill"} or covered:
            ground = None
    else:
        ground = fill
    # A style of the shape's own (`p:style`) fills it unless it says otherwise.
    if fill is None and next((c for c in shape if local(c.tag) == "style"), None) is not None:
        ground = None
    found = []
    for run in shape.iter(f"{_A}r"):
        own_properties = next((c for c in run if local(c.tag) == "rPr"), None)
        size = "" if own_properties is None else own_properties.get("sz", "")
        if (size.isdigit() and int(size) <= _TINY) or alike(solid(own_properties), ground):
            found.append(run)
    return found
