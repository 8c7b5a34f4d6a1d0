"""A clean ODS, ODT or ODP: `content.xml` without what a reader does not see, and no part beside it but pictures."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import Any

from scanner.common import sniff
from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.contents import media_type
from scanner.contracts import Content
from scanner.errors import ReadError
from scanner.release.fix.clean import CannotFix, Done
from scanner.release.fix.image import clean_picture
from scanner.release.fix.opc import remove
from scanner.release.hidden import odf, odp, ods, odt, parts
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.pieces import Grid, Where

_DATE = (2000, 1, 1, 0, 0, 0)
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_GONE = {
    "annotation": "comments", "annotation-end": "", "tracked-changes": "tracked changes (accepted: deletions are gone)",
    "change": "", "change-start": "", "change-end": "", "named-expressions": "defined names",
    "database-ranges": "database ranges and filters", "data-pilot-tables": "pivot tables' settings", "dde-links": "links with their cached values",
    "dde-connection-decls": "", "scripts": "macros", "event-listeners": "", "forms": "", "consolidation": "",
    "content-validations": "validity lists", "label-ranges": "", "calculation-settings": "", "hidden-text": "hidden text",
    "hidden-paragraph": "hidden text",
}  # fmt: skip


def write(content: Content, out: Path, done: Done) -> None:
    package = Package(content)
    kind = media_type(content)
    root = parts.tree(package, "content.xml")
    sheet = parts.tree(package, "styles.xml") if "styles.xml" in package.names else None
    styles = odf.Styles([root] if sheet is None else [root, sheet])
    if kind == sniff.ODS:
        _sheets(root, styles, done)
    elif kind == sniff.ODP:
        _slides(root, sheet, styles, done)
    _texts(root, styles, done)
    for tree in [root] if sheet is None else [root, sheet]:
        _strip(tree, done)
    _objects(root, done)
    done.remove("document properties, settings, previews, macros and earlier versions")
    _pack(package, kind, root, sheet, out)


def _strip(root: Any, done: Done) -> None:
    for element in list(root.iter(*(f"{{*}}{n}" for n in _GONE))):
        words = _GONE[local(element.tag)]
        # Programs write many of these empty: their loss is none.
        told = bool(len(element)) or bool(element.attrib) or bool(element.text)
        remove(element)
        if words and told:
            done.remove(words)


def _sheets(root: Any, styles: odf.Styles, done: Done) -> None:
    tables = ods.sheet_tables(root)
    kept = 0
    for table in tables:
        name = parts.attribute(table, "name")
        external = any(local(c.tag) == "table-source" for c in table) or name.startswith("'file:")
        if ods.is_hidden(table, styles) or external:
            done.remove("links with their cached values" if external else "hidden sheets")
            remove(table)
            continue
        kept += 1
        _table(table, styles, done)
    if not kept:
        raise CannotFix("it has no visible sheet")
    done.left.append("formulas became values; hidden rows and columns closed up")


def _table(table: Any, styles: odf.Styles, done: Done) -> None:
    grid = ods.read_table(table, styles, Where())
    mark_far(grid, FAR_ROWS, FAR_COLUMNS)
    columns = _drop_columns(table, grid)
    number, rows = 1, 0
    for row in list(table.iter(f"{_TABLE}table-row")):
        repeats = _repeats(row, "number-rows-repeated")
        if ods.row_hiding(row, styles) or grid.hidden_rows.get(number):
            remove(row)
            rows += repeats if repeats < 10_000 else 1
        else:
            _clean_row(row, grid, number, done)
        number += repeats
    done.remove("hidden rows", rows)
    done.remove("hidden columns", columns)


def _repeats(element: Any, name: str) -> int:
    value = parts.attribute(element, name, "1")
    return int(value) if value.isdigit() else 1


def _set_repeats(element: Any, name: str, count: int) -> None:
    key = f"{_TABLE}{name}"
    if count > 1:
        element.set(key, str(count))
    elif key in element.attrib:
        del element.attrib[key]


def _drop_columns(table: Any, grid: Grid) -> int:
    index = dropped = 0
    for column in list(table.iter(f"{_TABLE}table-column")):
        repeats = _repeats(column, "number-columns-repeated")
        left = sum(i not in grid.hidden_columns for i in range(index, index + min(repeats, ods.MOST_REPEATS)))
        dropped += min(repeats, ods.MOST_REPEATS) - left
        index += repeats
        if left:
            _set_repeats(column, "number-columns-repeated", left)
        else:
            remove(column)
    return dropped


def _clean_row(row: Any, grid: Grid, number: int, done: Done) -> None:
    index = 0
    for cell in [
        c for c in row if isinstance(c.tag, str) and local(c.tag) in ("table-cell", "covered-table-cell")
    ]:
        repeats = _repeats(cell, "number-columns-repeated")
        span = range(index, index + min(repeats, ods.MOST_REPEATS))
        left = sum(i not in grid.hidden_columns for i in span)
        unseen = (number, index) in grid.hidden_cells
        index += repeats
        if not left:
            remove(cell)
            continue
        _set_repeats(cell, "number-columns-repeated", left)
        for name in ("formula", "content-validation-name"):
            if f"{_TABLE}{name}" in cell.attrib:
                del cell.attrib[f"{_TABLE}{name}"]
        if unseen:
            for child in list(cell):
                cell.remove(child)
            for key in list(cell.attrib):
                if "office" in key:
                    del cell.attrib[key]
            done.remove("cells whose text could not be seen")


def _texts(root: Any, styles: odf.Styles, done: Done) -> None:
    """Hidden sections, paragraphs and runs."""
    for section in list(root.iter("{*}section")):
        if parts.attribute(section, "display") in ("none", "condition"):
            remove(section)
            done.remove("hidden sections")
    for element in list(
        root.iter(
            "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p",
            "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}h",
        )
    ):
        if odt.hidden_around(element, styles):
            remove(element)
            done.remove("hidden text")
    for span in list(root.iter("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}span")):
        if styles.hiding(parts.attribute(span, "style-name")):
            remove(span)
            done.remove("hidden text")


def _slides(root: Any, sheet: Any, styles: odf.Styles, done: Done) -> None:
    unseen = odp.hidden_pages(root)
    size = odp.page_size(sheet) if sheet is not None else (793.7, 595.3)
    for page in odp.slides(root):
        if parts.attribute(page, "style-name") in unseen:
            remove(page)
            done.remove("hidden slides")
            continue
        for shape in list(page):
            if not isinstance(shape.tag, str):
                continue
            if local(shape.tag) == "notes":
                remove(shape)
                done.remove("speaker notes")
            elif (
                odp.off_slide(shape, size)
                or parts.attribute(shape, "display") == "none"
                or (parts.attribute(shape, "style-name") in styles.undisplayed)
            ):
                remove(shape)
                done.remove("objects off the slide or switched off")
    if not odp.slides(root):
        raise CannotFix("it has no visible slide")


def _objects(root: Any, done: Done) -> None:
    """Embedded objects go; the picture that stands for each stays where there is one."""
    for element in list(root.iter("{*}object", "{*}object-ole", "{*}plugin")):
        remove(element)
        done.remove("embedded objects (their pictures stay)")


def _pack(package: Package, kind: str, root: Any, sheet: Any, out: Path) -> None:
    from lxml import etree

    written: dict[str, bytes] = {"content.xml": _bytes(root)}
    if sheet is not None:
        written["styles.xml"] = _bytes(sheet)
    for name in sorted(_referenced(root, sheet)):
        if name not in package.names:
            continue
        raw = parts.read_part(package, name)
        if posixpath.splitext(name)[1].lower() in (".svm", ".svg", ".emf", ".wmf"):
            written[name] = raw
            continue
        try:
            written[name] = clean_picture(raw)
        except (CannotFix, ReadError):
            written[name] = raw if name.startswith("ObjectReplacements/") else b""
            if not written[name]:
                raise CannotFix("a picture in it is damaged and its metadata cannot be removed") from None
    manifest = etree.Element(f"{{{_MANIFEST}}}manifest", nsmap={"manifest": _MANIFEST})
    for path, media in [("/", kind), *((n, "text/xml" if n.endswith(".xml") else "") for n in written)]:
        entry = etree.SubElement(manifest, f"{{{_MANIFEST}}}file-entry")
        entry.set(f"{{{_MANIFEST}}}full-path", path)
        entry.set(f"{{{_MANIFEST}}}media-type", media)
    written["META-INF/manifest.xml"] = _bytes(manifest)
    with zipfile.ZipFile(out, "w") as target:
        # First and unpacked: programs tell the kind of file by it (ODF 1.3 part 2, 3.3).
        target.writestr(zipfile.ZipInfo("mimetype", _DATE), kind, zipfile.ZIP_STORED)
        for name, data in written.items():
            target.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)


def _referenced(*roots: Any) -> set[str]:
    found = set()
    for root in roots:
        if root is None:
            continue
        for element in root.iter():
            if isinstance(element.tag, str):
                target = parts.attribute(element, "href").removeprefix("./")
                if target.startswith(("Pictures/", "ObjectReplacements/")):
                    found.add(target)
    return found


def _bytes(root: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
