"""ODT: the page, and hidden sections, paragraphs and runs, tracked changes and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.common.xmlread import local
from scanner.release.hidden import odf, odf_asides, parts
from scanner.release.pieces import Found, Grid, Looking, TextPiece, Where


def look(looking: Looking) -> Iterator[Found]:
    package, root, styles = odf.load(looking)
    body = next(root.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}body"), root)
    yield from flow(body, Where(), styles)
    looking.count("paragraphs", sum(1 for _ in body.iter("{*}p", "{*}h")))
    yield from odf.headings(package)
    yield from odf_asides.asides(root)
    notes = list(root.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"))
    numbers = {id(note): number for number, note in enumerate(notes, 1)}
    yield from odf.notes_in(root, lambda note: Where.of("comment {}", numbers.get(id(note), 1)))
    yield from odf.changes(root)
    yield from odf.beside(package, looking)


def flow(body: Any, where: Where, styles: odf.Styles, hiding: str = "") -> Iterator[Found]:
    """Paragraphs and tables in reading order, each by what hides it."""
    visible: list[str] = []
    number = tables = 0
    for element in _blocks(body):
        if local(element.tag) == "table":
            tables += 1
            yield _table(element, where.then(Where.of("table {}", tables), ", "), styles, hiding)
            continue
        number += 1
        why = hiding or hidden_around(element, styles)
        text = odf.text_of(element)
        at = where.then(Where.of("paragraph {}", number), ", ")
        if why:
            yield TextPiece(at, text, why)
            continue
        unseen = [
            s for s in element.iter("{*}span", "{*}a") if styles.hiding(parts.attribute(s, "style-name"))
        ]
        for span in unseen:
            part = odf.text_of(span)
            yield TextPiece(at, part, styles.hiding(parts.attribute(span, "style-name")))
            text = text.replace(part, " ", 1)
        for field in element.iter("{*}hidden-text", "{*}hidden-paragraph"):
            said = parts.attribute(field, "string-value") or odf.text_of(field)
            yield TextPiece(at, said, "hidden text")
        if text.strip():
            visible.append(text)
    if visible:
        yield TextPiece(where.then(Where.of("the text"), ", "), "\n".join(visible), hiding)


def _blocks(body: Any) -> Iterator[Any]:
    for child in body:
        if not isinstance(child.tag, str):
            continue
        name = local(child.tag)
        if name in ("p", "h", "table"):
            yield child
            if name != "table":
                for box in child.iter("{*}text-box"):
                    yield from _blocks(box)
        elif name not in ("tracked-changes", "annotation", "forms"):
            yield from _blocks(child)


def hidden_around(element: Any, styles: odf.Styles) -> str:
    own = styles.hiding(parts.attribute(element, "style-name"))
    if own:
        return own
    for ancestor in element.iterancestors():
        if local(ancestor.tag) == "section" and parts.attribute(ancestor, "display") in ("none", "condition"):
            return "hidden text"
    return "hidden text" if any(True for _ in element.iter("{*}hidden-paragraph")) else ""


def _table(table: Any, where: Where, styles: odf.Styles, hiding: str) -> Grid:
    rows = []
    for number, row in enumerate(table.iter("{*}table-row"), 1):
        cells = [
            "\n".join(odf.text_of(p) for p in c.iter("{*}p", "{*}h"))
            for c in row
            if local(c.tag) == "table-cell"
        ]
        if any(cells):
            rows.append((number, cells))
    return Grid(where, rows, hiding or hidden_around(table, styles), lettered=False)
