"""Whether a run of a Word document can be seen: hidden, too small, or of its ground's colour (ECMA-376 part 1, 17.3, 17.7)."""

from __future__ import annotations

from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.release.hidden import parts
from scanner.release.hidden.colours import alike

_OFF = ("0", "false", "off", "none")
_TINY = 4
"""Half-points up to which letters are dust."""
_FLAT = 40
"""Twentieths of a point up to which a table row of exact height shows nothing."""
_DARK = 0x50
"""Of 255 in every channel: under it a ground is a black bar, and what is on it was meant to be gone."""
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_MOST_STYLES = 30
"""Styles made of styles that are followed: a circle ends here."""


def is_on(element: Any) -> bool:
    return parts.attribute(element, "val", "true") not in _OFF


def row_hidden(row: Any) -> bool:
    """A table row that is hidden, or of exact height next to nothing."""
    for properties in row:
        if local(properties.tag) != "trPr":
            continue
        for child in properties:
            if local(child.tag) == "hidden" and is_on(child):
                return True
            height = parts.attribute(child, "val", "400")
            if (
                local(child.tag) == "trHeight"
                and parts.attribute(child, "hRule") == "exact"
                and height.isdigit()
            ):
                return int(height) <= _FLAT
    return False


class Formats:
    """The styles of a document, asked run by run."""

    def __init__(self, package: Package) -> None:
        self._styles: dict[str, Any] = {}
        self._default = ""
        self._base: Any = None
        if "word/styles.xml" in package.names:
            root = parts.tree(package, "word/styles.xml")
            self._base = next(root.iterfind("{*}docDefaults/{*}rPrDefault/{*}rPr"), None)
            for style in root.iter("{*}style"):
                name = parts.attribute(style, "styleId")
                self._styles[name] = style
                if parts.attribute(style, "type") == "paragraph" and parts.attribute(style, "default") == "1":
                    self._default = name

    def hiding(self, run: Any) -> str:
        """`hidden text`, `invisible text`, `covered text`, or "" for what a reader sees."""
        paragraph = next((a for a in run.iterancestors() if local(a.tag) == "p"), None)
        layers = self._layers(run, paragraph)
        vanish = _first(layers, "vanish")
        special = _first(layers, "specVanish")
        if (vanish is not None and is_on(vanish)) or (special is not None and is_on(special)):
            return "hidden text"
        size = _first(layers, "sz")
        points = "22" if size is None else parts.attribute(size, "val", "22")
        if points.isdigit() and int(points) <= _TINY:
            return "invisible text"
        colour = _first(layers, "color")
        front = None if colour is None else parts.attribute(colour, "val", "auto").upper()
        highlight = _first(layers, "highlight")
        marked = _HIGHLIGHTS.get("" if highlight is None else parts.attribute(highlight, "val"), "")
        if front in (None, "AUTO"):
            # Word turns automatic letters white on dark shading, not under its highlighter.
            return "covered text" if marked == "000000" else ""
        ground = marked or self._ground(layers, paragraph)
        if ground is None or not alike(front, ground):
            return ""
        return (
            "covered text" if all(int(ground[i : i + 2], 16) < _DARK for i in (0, 2, 4)) else "invisible text"
        )

    def _layers(self, run: Any, paragraph: Any) -> list[Any]:
        """Run properties from the run's own to the document's defaults."""
        own = next((c for c in run if local(c.tag) == "rPr"), None)
        layers = [] if own is None else [own]
        character = None if own is None else next((c for c in own if local(c.tag) == "rStyle"), None)
        if character is not None:
            layers += self._chain(parts.attribute(character, "val"), "rPr")
        layers += self._chain(self._style_of(paragraph), "rPr")
        return layers if self._base is None else [*layers, self._base]

    def _style_of(self, paragraph: Any) -> str:
        if paragraph is None:
            return self._default
        named = next(paragraph.iterfind("{*}pPr/{*}pStyle"), None)
        return self._default if named is None else parts.attribute(named, "val")

    def _chain(self, name: str, kind: str) -> list[Any]:
        """Properties of a style and of those it is made of."""
        found = []
        for _ in range(_MOST_STYLES):
            style = self._styles.get(name)
            if style is None:
                break
            found += [c for c in style if local(c.tag) == kind]
            name = next((parts.attribute(c, "val") for c in style if local(c.tag) == "basedOn"), "")
        return found

    def _ground(self, layers: list[Any], paragraph: Any) -> str | None:
        """RRGGBB behind a run; None where it cannot be told (a table's style, a text box)."""
        around = [] if paragraph is None else [c for c in paragraph if local(c.tag) == "pPr"]
        for layer in (*layers, *around, *self._chain(self._style_of(paragraph), "pPr")):
            filled = _fill(layer)
            if filled:
                return filled
        for ancestor in () if paragraph is None else paragraph.iterancestors():
            name = local(ancestor.tag)
            if name == "tc":
                filled = next((f for f in (_fill(p) for p in ancestor if local(p.tag) == "tcPr") if f), "")
                if filled:
                    return filled
            elif name == "tbl":
                if next(ancestor.iterfind("{*}tblPr/{*}tblStyle"), None) is not None:
                    return None
            elif name == "txbxContent":
                return None
        return "FFFFFF"


def _first(layers: list[Any], name: str) -> Any:
    return next((c for layer in layers for c in layer if local(c.tag) == name), None)


def _fill(properties: Any) -> str:
    """The colour of a `shd` among these properties; "" for none."""
    for child in properties:
        if local(child.tag) == "shd":
            solid = parts.attribute(child, "val") == "solid"
            value = parts.attribute(child, "color" if solid else "fill", "auto").upper()
            if len(value) == 6 and all(c in "0123456789ABCDEF" for c in value):
                return value
    return ""


def dark_boxes(root: Any) -> int:
    """Black shapes without words that lie in front of the text: drawn redactions.

    What is under one only the program that lays out the page can tell.
    """
    found = 0
    for anchor in root.iter("{*}anchor"):
        if anchor.get("behindDoc") in ("1", "true") or any(
            local(a.tag) == "Fallback" for a in anchor.iterancestors()
        ):
            continue
        fills = anchor.iterfind(".//{*}spPr/{*}solidFill/{*}srgbClr")
        if any(_black(f.get("val", "")) for f in fills) and not parts.words(anchor, "t").strip():
            found += 1
    for shape in root.iter("{urn:schemas-microsoft-com:vml}rect", "{urn:schemas-microsoft-com:vml}shape"):
        if any(local(a.tag) == "Fallback" for a in shape.iterancestors()) or parts.words(shape, "t").strip():
            continue
        colour = shape.get("fillcolor", "").partition(" ")[0]
        in_front = "absolute" in shape.get("style", "") and "z-index:-" not in shape.get("style", "")
        found += in_front and shape.get("filled", "t") not in ("f", "false") and (
            colour == "black" or _black(colour.removeprefix("#"))
        )  # fmt: skip
    return found


def _black(colour: str) -> bool:
    if len(colour) == 3:
        colour = "".join(2 * c for c in colour)
    try:
        return len(colour) == 6 and all(int(colour[i : i + 2], 16) < _DARK for i in (0, 2, 4))
    except ValueError:
        return False
