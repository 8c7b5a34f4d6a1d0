"""PPTX: slides as shown, and notes, hidden slides, off-slide and covered objects, embedded workbooks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.release.hidden import parts, pptxlook
from scanner.release.hidden.leftover import leftover
from scanner.release.hidden.links import links
from scanner.release.pieces import Found, Grid, Looking, Presence, TextPiece, Where

_Box = tuple[int, int, int, int]
"""left, top, right, bottom in English Metric Units."""


def look(looking: Looking) -> Iterator[Found]:
    package = Package(looking.content)
    size = slide_size(package)
    for number, (name, hidden) in enumerate(slides(package), 1):
        looking.count("slides")
        where = Where.of("slide {}", number).plus(" (hidden)" if hidden else "")
        yield from _slide(package, name, where, "hidden slide" if hidden else "", size)
        yield from _notes(package, name, where)
    yield from _comments(package)
    for name in (
        *package.matching("ppt/slideMasters/slideMaster"),
        *package.matching("ppt/slideLayouts/slideLayout"),
    ):
        text = "\n".join(paragraphs(parts.tree(package, name)))
        yield TextPiece(Where.of("slide master"), text)
    for name in package.matching("ppt/tags/"):
        values = "\n".join(str(t.get("val", "")) for t in parts.tree(package, name).iter("{*}tag"))
        yield TextPiece(Where.of("tags"), values, "custom xml")
    yield from parts.custom_xml(package)
    yield from parts.properties(package)
    yield from parts.macros(package)
    yield from parts.embedded(package, looking, ("ppt/embeddings/",), _behind(package))
    yield from parts.pictures(package, looking, "ppt/media/")
    yield from leftover(package)


def slides(package: Package) -> list[tuple[str, bool]]:
    """(part, hidden) in the order shown."""
    name = "ppt/presentation.xml"
    if name not in package.names:
        return []
    rels = parts.relations(package, name)
    found = []
    for element in parts.tree(package, name).iter("{*}sldId"):
        # `id` stands twice: as a number, and with a prefix as the relationship.
        relation = next((str(v) for k, v in element.attrib.items() if local(k) == "id" and k != "id"), "")
        target = rels.get(relation, ("", "", False))[1]
        if target in package.names:
            found.append((target, is_hidden(parts.tree(package, target))))
    return found


def is_hidden(root: Any) -> bool:
    return root.get("show") in ("0", "false")


def slide_size(package: Package) -> tuple[int, int]:
    if "ppt/presentation.xml" in package.names:
        for element in parts.tree(package, "ppt/presentation.xml").iter("{*}sldSz"):
            return int(element.get("cx", "0")), int(element.get("cy", "0"))
    return 9_144_000, 6_858_000


def paragraphs(element: Any) -> list[str]:
    found = []
    for paragraph in element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        text = "".join(
            "\n" if local(e.tag) == "br" else e.text or "" for e in paragraph.iter("{*}t", "{*}br")
        )
        if text.strip():
            found.append(text)
    return found


def top_shapes(root: Any) -> list[Any]:
    """The slide's outermost objects, back to front."""
    tree = next(root.iter("{*}spTree"), None)
    if tree is None:
        return []
    return [c for c in tree if local(c.tag) in ("sp", "pic", "graphicFrame", "grpSp", "cxnSp")]


def box(shape: Any) -> _Box | None:
    for child in shape:
        name = local(child.tag)
        holder = child if name == "xfrm" else next((c for c in child if local(c.tag) == "xfrm"), None) if name in (
            "spPr", "grpSpPr") else None  # fmt: skip
        if holder is None:
            continue
        off = next((c for c in holder if local(c.tag) == "off"), None)
        ext = next((c for c in holder if local(c.tag) == "ext"), None)
        if off is not None and ext is not None:
            x, y = int(off.get("x", "0")), int(off.get("y", "0"))
            return x, y, x + int(ext.get("cx", "0")), y + int(ext.get("cy", "0"))
    return None


def hiding_of(shape: Any, above: list[Any], size: tuple[int, int]) -> str:
    """How an object is kept from view: switched off, off the slide, or under something opaque."""
    properties = next(shape.iter("{*}cNvPr"), None)
    if properties is not None and properties.get("hidden") in ("1", "true"):
        return "hidden object"
    own = box(shape)
    if own is None:
        return ""
    if own[2] <= 0 or own[3] <= 0 or own[0] >= size[0] or own[1] >= size[1]:
        return "hidden object"
    for other in above:
        cover = box(other)
        if (
            cover
            and cover[0] <= own[0]
            and cover[1] <= own[1]
            and cover[2] >= own[2]
            and cover[3] >= own[3]
            and _opaque(other)
        ):
            return "covered text"
    return ""


def _opaque(shape: Any) -> bool:
    if local(shape.tag) == "pic":
        return True
    if local(shape.tag) != "sp" or paragraphs(shape):
        return False
    fill = next((c for p in shape if local(p.tag) == "spPr" for c in p if local(c.tag) == "solidFill"), None)
    return fill is not None and not any(True for _ in fill.iter("{*}alpha"))


class Grounds:
    """What lies behind the objects of one slide: its background, and what its layout and master draw."""

    def __init__(self, package: Package, name: str, slide: Any) -> None:
        layout = next(iter(parts.related(package, name, "slideLayout")), "")
        master = next(iter(parts.related(package, layout, "slideMaster")), "") if layout else ""
        roots = [parts.tree(package, part) if part else None for part in (layout, master)]
        self._colour = pptxlook.background(slide, *roots)
        self._drawn = [
            box(s) for root in roots if root is not None for s in top_shapes(root)
            if local(s.tag) == "pic" or (next(s.iter("{*}ph"), None) is None and pptxlook.may_fill(s))
        ]  # fmt: skip

    def unseen(self, shape: Any, before: list[Any]) -> list[Any]:
        """Runs of a shape that nobody can read; `before`: the slide's objects behind it."""
        if local(shape.tag) != "sp":
            return []
        behind = [box(s) for s in before if local(s.tag) != "sp" or pptxlook.may_fill(s)]
        return pptxlook.unseen(shape, self._colour, box(shape), [*self._drawn, *behind])


def _slide(package: Package, name: str, where: Where, hidden: str, size: tuple[int, int]) -> Iterator[Found]:
    root = parts.tree(package, name)
    grounds = Grounds(package, name, root)
    shapes = top_shapes(root)
    lines: list[str] = []
    yield from links(package, name, root, where, hidden)
    for index, shape in enumerate(shapes):
        hiding = hidden or hiding_of(shape, shapes[index + 1 :], size)
        tables = list(shape.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}tbl"))
        label = (
            ""
            if not hiding or hidden
            else ", covered object"
            if hiding == "covered text"
            else ", off-slide or hidden object"
        )
        for table in tables:
            rows = [
                (i, ["\n".join(paragraphs(cell)) for cell in row if local(cell.tag) == "tc"])
                for i, row in enumerate(table.iter("{*}tr"), 1)
            ]
            yield Grid(where.plus(f"{label}, table"), rows, hiding, lettered=False)
        if not hiding:
            lost = grounds.unseen(shape, shapes[:index])
            if lost:
                said = "\n".join("".join(e.text or "" for e in run.iter("{*}t")) for run in lost)
                yield TextPiece(where.plus(", text that cannot be seen"), said, "invisible text")
            for run in lost:
                run.getparent().remove(run)
        text = "\n".join(paragraphs(shape)) if not tables else ""
        if hiding and text:
            yield TextPiece(where.plus(label), text, hiding)
        elif text:
            lines.append(text)
        for element in shape.iter("{*}cNvPr"):
            if element.get("descr"):
                yield TextPiece(where.plus(", alternative text"), element.get("descr"), "alternative text")
        if any(
            any(v.isdigit() and int(v) > 1000 for v in e.attrib.values()) for e in shape.iter("{*}srcRect")
        ):
            yield Presence(
                where.plus(", cropped picture"),
                "cropped",
                "note",
                "the part cut off may still be in the file",
            )
    if lines:
        yield TextPiece(where, "\n".join(lines), hidden)
    for chart in parts.related(package, name, "chart"):
        values = "\n".join(v.text or "" for v in parts.tree(package, chart).iter("{*}v"))
        yield TextPiece(where.plus(", chart"), values, hidden)


def _notes(package: Package, slide: str, where: Where) -> Iterator[Found]:
    for name in parts.related(package, slide, "notesSlide"):
        text = []
        for shape in top_shapes(parts.tree(package, name)):
            kind = next((e.get("type", "") for e in shape.iter("{*}ph")), "")
            if kind not in ("sldNum", "dt", "hdr", "ftr", "sldImg"):
                text += paragraphs(shape)
        if text:
            yield TextPiece(where.plus(", speaker notes"), "\n".join(text), "notes")


def _comments(package: Package) -> Iterator[Found]:
    for number, name in enumerate(package.matching("ppt/comments/"), 1):
        root = parts.tree(package, name)
        text = "\n".join(e.text or "" for e in root.iter("{*}text", "{*}t"))
        yield TextPiece(Where.of("comments {}", number), text, "comments")
    for name in (*package.matching("ppt/commentAuthors"), *package.matching("ppt/authors")):
        for element in parts.tree(package, name).iter("{*}cmAuthor", "{*}author"):
            yield from parts.author(Where.of("comments"), element.get("name", ""), "the author of a comment")


def _behind(package: Package) -> dict[str, Where]:
    found: dict[str, Where] = {}
    for number, (name, _) in enumerate(slides(package), 1):
        for chart in parts.related(package, name, "chart"):
            for target in parts.related(package, chart, "package"):
                found[target] = Where.of("slide {}", number).plus(", workbook behind a chart")
        for kind in ("package", "oleObject"):
            for target in parts.related(package, name, kind):
                found[target] = Where.of("slide {}", number).plus(
                    f", embedded object {posixpath.basename(target)}"
                )
    return found
