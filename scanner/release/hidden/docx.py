"""DOCX: the page, and what stands behind it (ECMA-376 part 1, 17)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.release.hidden import docxlook, parts
from scanner.release.hidden.leftover import leftover
from scanner.release.hidden.links import links
from scanner.release.pieces import Found, Grid, Looking, Presence, TextPiece, Where

BLOCK = 64 * 1024
_LABELS = {"tracked changes": "tracked deletion", "hidden text": "hidden text", "field code": "field code",
           "covered text": "blacked-out text", "invisible text": "text that cannot be seen"}  # fmt: skip


def look(looking: Looking) -> Iterator[Found]:
    package = Package(looking.content)
    formats = docxlook.Formats(package)
    for name, where in _bodies(package):
        root = parts.tree(package, name)
        body = Body(root, where, formats)
        yield from body.read()
        yield from links(package, name, root, where)
        looking.count("tables", body.tables)
        if name == "word/document.xml":
            looking.count("paragraphs", body.paragraphs)
    yield from _comments(package)
    yield from _people(package)
    yield from _settings(package)
    yield from parts.custom_xml(package)
    yield from parts.properties(package)
    yield from parts.macros(package)
    yield from parts.embedded(package, looking, ("word/embeddings/", "word/afchunk"), _behind(package))
    yield from parts.pictures(package, looking, "word/media/")
    yield from leftover(package)


def _bodies(package: Package) -> Iterator[tuple[str, Where]]:
    if "word/document.xml" in package.names:
        yield "word/document.xml", Where()
    for prefix, label in (("word/header", "page header"), ("word/footer", "page footer"),
                          ("word/footnotes", "footnotes"), ("word/endnotes", "endnotes")):  # fmt: skip
        for name in package.matching(prefix):
            yield name, Where.of(label)
    for name in package.matching("word/charts/chart"):
        yield name, Where.of("chart {}", posixpath.basename(name))
    for name in package.matching("word/glossary/document"):
        yield name, Where.of("building blocks (glossary)")


class Body:
    """One part with running text: paragraphs and tables, each run given to what hides it."""

    def __init__(self, root: Any, where: Where, formats: docxlook.Formats) -> None:
        self._root, self._where, self._formats = root, where, formats
        self.paragraphs = self.tables = 0
        self._authors: set[str] = set()

    def read(self) -> Iterator[Found]:
        visible: list[str] = []
        size = 0
        hidden = "previous version" if self._where.text.startswith("building blocks") else ""
        for block in self._blocks(self._root):
            if local(block.tag) == "tbl":
                yield from self._table(block, hidden)
                continue
            self.paragraphs += 1
            text = ""
            for hiding, part in self._runs(block):
                if not hiding:
                    text += part
                elif part.strip():
                    label = _LABELS.get(hiding, hiding)
                    yield TextPiece(self._at(f"{label}, paragraph {self.paragraphs:,}"), part, hiding)
            if text.strip():
                visible.append(text)
                size += len(text)
            if size > BLOCK:
                yield TextPiece(self._at("the text"), "\n".join(visible), hidden)
                visible, size = [], 0
        if visible:
            yield TextPiece(self._at("the text"), "\n".join(visible), hidden)
        yield from self._rest()

    def _at(self, words: str) -> Where:
        return self._where.then(Where(words, words), ", ")

    def _rest(self) -> Iterator[Found]:
        for name in self._authors:
            yield from parts.author(self._at("tracked changes"), name, "the author of a tracked change")
        for element in self._root.iter("{*}docPr"):
            if element.get("descr"):
                yield TextPiece(
                    self._at("alternative text of a picture"), element.get("descr"), "alternative text"
                )
        yield from self._choices()
        boxes = docxlook.dark_boxes(self._root)
        if boxes:
            many = f"{boxes} black boxes lie" if boxes > 1 else "a black box lies"
            yield Presence(
                self._at("in front of the text"),
                "covered text",
                "warn",
                f"{many} in front of the text; what is under can be copied",
            )
        values = "\n".join(
            v.text or "" for v in self._root.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}v")
        )
        if values:
            yield TextPiece(self._at("values of a chart"), values)
        if any(True for e in self._root.iter("{*}srcRect") if any(int(v or 0) > 1000 for v in e.attrib.values() if v.lstrip("-").isdigit())):  # fmt: skip
            yield Presence(
                self._at("a cropped picture"), "cropped", "note", "the part cut off may still be in the file"
            )

    def _choices(self) -> Iterator[Found]:
        """What drop-down lists offer, help texts of form fields, and names of bookmarks."""
        texts = [
            parts.attribute(e, "displayText") or parts.attribute(e, "value")
            for e in self._root.iter("{*}listItem")
        ]
        texts += [
            parts.attribute(e, "val") for e in self._root.iter("{*}listEntry", "{*}helpText", "{*}statusText", "{*}default")
        ]  # fmt: skip
        yield TextPiece(
            self._at("drop-down lists and prompts"), "\n".join(dict.fromkeys(texts)), "validation"
        )
        names = [parts.attribute(e, "name") for e in self._root.iter("{*}bookmarkStart")]
        words = "\n".join(n.replace("_", " ") for n in names if not n.startswith("_"))
        yield TextPiece(self._at("names of bookmarks"), words, "defined names")

    def _blocks(self, parent: Any) -> Iterator[Any]:
        """Paragraphs and outermost tables in reading order; text boxes after the paragraph that holds them."""
        for child in parent:
            if not isinstance(child.tag, str):
                continue
            name = local(child.tag)
            if name in ("p", "tbl"):
                yield child
                if name == "p":
                    for box in child.iter("{*}txbxContent"):
                        if not any(local(a.tag) == "Fallback" for a in box.iterancestors()):
                            yield from self._blocks(box)
            elif name not in ("Fallback", "sectPr"):
                yield from self._blocks(child)

    def _runs(self, paragraph: Any) -> Iterator[tuple[str, str]]:
        """(hiding, text) of a paragraph's runs, text boxes left to themselves."""
        yield from self._inside(paragraph, "")

    def _inside(self, parent: Any, hiding: str) -> Iterator[tuple[str, str]]:
        for child in parent:
            if not isinstance(child.tag, str):
                continue
            name = local(child.tag)
            if name in ("del", "moveFrom"):
                self._note_author(child)
                yield from self._inside(child, "tracked changes")
            elif name in ("ins", "moveTo"):
                self._note_author(child)
                yield from self._inside(child, hiding)
            elif name == "r":
                yield from self._run(child, hiding)
            elif name == "fldSimple":
                yield "field code", parts.attribute(child, "instr")
                yield from self._inside(child, hiding)
            elif name not in ("pPr", "txbxContent", "Fallback", "p", "tbl"):
                yield from self._inside(child, hiding)

    def _note_author(self, element: Any) -> None:
        self._authors.add(parts.attribute(element, "author"))

    def _run(self, run: Any, hiding: str) -> Iterator[tuple[str, str]]:
        own = hiding or self._formats.hiding(run)
        for child in run:
            name = local(child.tag)
            if name in ("t", "delText"):
                yield ("tracked changes" if name == "delText" else own), child.text or ""
            elif name in ("tab", "br", "cr"):
                yield own, "\t" if name == "tab" else "\n"
            elif name in ("instrText", "delInstrText"):
                text = child.text or ""
                if not re.match(
                    r"\s*(PAGE|NUMPAGES|TOC|REF|PAGEREF|HYPERLINK|SEQ|DATE|TIME|STYLEREF|FORM\w+)\b", text
                ):
                    yield "field code", text

    def _table(self, table: Any, hidden: str) -> Iterator[Found]:
        self.tables += 1
        where = self._at(f"table {self.tables}")
        grid = Grid(where, [], hidden, lettered=False)
        number = 0
        for row in table.iter("{*}tr"):
            number += 1
            cells: list[str] = []
            for column, cell in enumerate(c for c in row if local(c.tag) == "tc"):
                shown, unseen, why = "", "", ""
                for paragraph in cell.iter("{*}p"):
                    for hiding, part in self._runs(paragraph):
                        if hiding:
                            unseen, why = unseen + part, hiding
                        else:
                            shown += part
                    shown += "\n"
                if not shown.strip() and unseen.strip():
                    grid.hidden_cells[number, column] = why
                    cells.append(unseen.strip())
                    continue
                cells.append(shown.strip())
                if unseen.strip():
                    yield TextPiece(where.plus(f", row {number}, {why}"), unseen, why)
            if docxlook.row_hidden(row):
                grid.hidden_rows[number] = "hidden rows"
            if any(cells):
                grid.rows.append((number, cells))
        yield grid


def _comments(package: Package) -> Iterator[Found]:
    for name in package.matching("word/comments"):
        if posixpath.basename(name) != "comments.xml":
            continue
        for number, comment in enumerate(parts.tree(package, name).iter("{*}comment"), 1):
            yield TextPiece(Where.of("comment {}", number), parts.words(comment, "t"), "comments")
            yield from parts.author(
                Where.of("comments"), parts.attribute(comment, "author"), "the author of a comment"
            )


def _people(package: Package) -> Iterator[Found]:
    """Who took part in editing: kept beside the comments, and after them ([MS-DOCX] 2.5.3.5)."""
    if "word/people.xml" in package.names:
        for person in parts.tree(package, "word/people.xml").iter("{*}person"):
            name = parts.attribute(person, "author")
            yield from parts.author(Where.of("comments"), name, "the author of a comment")


def _settings(package: Package) -> Iterator[Found]:
    """Document variables and mail-merge sources."""
    if "word/settings.xml" not in package.names:
        return
    root = parts.tree(package, "word/settings.xml")
    variables = "\n".join(parts.attribute(v, "val") for v in root.iter("{*}docVar"))
    if variables:
        yield TextPiece(Where.of("document variables"), variables, "properties")
    merge = [
        parts.attribute(e, "val")
        for m in root.iter("{*}mailMerge")
        for e in m.iter()
        if parts.attribute(e, "val")
    ]
    if merge:
        yield from parts.connection(Where.of("mail-merge source"), "\n".join(merge))
    for _, target, outside in parts.relations(package, "word/settings.xml").values():
        if outside:
            yield from parts.user_path(Where.of("document template"), target)


def _behind(package: Package) -> dict[str, Where]:
    found: dict[str, Where] = {}
    for number, chart in enumerate(package.matching("word/charts/chart"), 1):
        for target in parts.related(package, chart, "package"):
            found[target] = Where.of("workbook behind chart {}", number)
    return found
