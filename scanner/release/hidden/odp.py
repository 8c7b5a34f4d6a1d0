"""ODP: slides as shown, speaker notes, hidden slides and objects off the slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.common.xmlread import local
from scanner.release.hidden import odf, odf_asides, parts
from scanner.release.hidden.odf import points
from scanner.release.pieces import Found, Looking, TextPiece, Where


def look(looking: Looking) -> Iterator[Found]:
    package, root, styles = odf.load(looking)
    size = page_size(parts.tree(package, "styles.xml")) if "styles.xml" in package.names else (793.7, 595.3)
    unseen = hidden_pages(root)
    for number, page in enumerate(slides(root), 1):
        looking.count("slides")
        hidden = parts.attribute(page, "style-name") in unseen
        where = Where.of("slide {}", number).plus(" (hidden)" if hidden else "")
        yield from _slide(page, where, "hidden slide" if hidden else "", size, styles)
    yield from odf.notes_in(root, lambda _: Where.of("comment"))
    yield from odf_asides.asides(root)
    yield from odf.beside(package, looking)


def slides(root: Any) -> list[Any]:
    return list(root.iter("{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}page"))


def hidden_pages(root: Any) -> set[str]:
    return {
        parts.attribute(style, "name")
        for style in root.iter("{*}style")
        for p in style
        if isinstance(p.tag, str) and parts.attribute(p, "visibility") == "hidden"
    }


def page_size(styles: Any) -> tuple[float, float]:
    for element in styles.iter("{*}page-layout-properties"):
        width, height = parts.attribute(element, "page-width"), parts.attribute(element, "page-height")
        if width and height:
            return points(width), points(height)
    return 793.7, 595.3


def off_slide(shape: Any, size: tuple[float, float]) -> bool:
    values = {local(k): str(v) for k, v in shape.attrib.items()}
    if not {"x", "y", "width", "height"} <= set(values):
        return False
    x, y, width, height = (points(values[k]) for k in ("x", "y", "width", "height"))
    return x >= size[0] or y >= size[1] or x + width <= 0 or y + height <= 0


def _slide(
    page: Any, where: Where, hidden: str, size: tuple[float, float], styles: odf.Styles
) -> Iterator[Found]:
    lines: list[str] = []
    for shape in page:
        if not isinstance(shape.tag, str) or local(shape.tag) == "annotation":
            continue
        text = "\n".join(odf.text_of(p) for p in shape.iter("{*}p", "{*}h"))
        if not text.strip():
            continue
        if local(shape.tag) == "notes":
            yield TextPiece(where.plus(", speaker notes"), text, "notes")
        elif off_slide(shape, size):
            yield TextPiece(where.plus(", off-slide object"), text, "hidden object")
        elif (
            parts.attribute(shape, "display") == "none"
            or parts.attribute(shape, "style-name") in styles.undisplayed
        ):
            yield TextPiece(where.plus(", hidden object"), text, "hidden object")
        else:
            lines.append(text)
    if lines:
        yield TextPiece(where, "\n".join(lines), hidden)
