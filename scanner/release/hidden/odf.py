"""What OpenDocument files share: styles, properties, notes, tracked changes, objects and earlier versions (ODF 1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import parts
from scanner.release.hidden.colours import alike
from scanner.release.pieces import Found, Looking, Presence, TextPiece, Where

_HARMLESS = re.compile(r"IS(ERR|NA|BLANK|TEXT|NUMBER)|=\s*(0|\"\")", re.IGNORECASE)
"""Conditions that only keep errors, blanks and zeros out of sight."""
_NO_SIZE = 2.0
"""Points of height or width below which nobody sees that there is a row or column."""
_NOT_TEXT = frozenset({"annotation", "tracked-changes", "note", "notes", "hidden-text", "hidden-paragraph"})


class Styles:
    """What the styles of a document say of being seen."""

    def __init__(self, roots: list[Any]) -> None:
        self.undisplayed: set[str] = set()
        """Tables, sections, paragraphs or runs not shown."""
        self.colours: dict[str, str] = {}
        self.grounds: dict[str, str] = {}
        self.tiny: set[str] = set()
        self.no_width: set[str] = set()
        self.no_height: set[str] = set()
        self.empty_formats: set[str] = set()
        self._parents: dict[str, str] = {}
        self._maps: dict[str, list[str]] = {}
        """Styles that a condition puts in the place of one (ODF 1.3 part 3, 16.3)."""
        for root in roots:
            for style in root.iter("{*}style"):
                self._read(style)

    def _read(self, style: Any) -> None:
        name = parts.attribute(style, "name")
        self._parents[name] = parts.attribute(style, "parent-style-name")
        for child in style:
            if not isinstance(child.tag, str):
                continue
            values = {local(k): str(v) for k, v in child.attrib.items()}
            if local(child.tag) == "map":
                if not _HARMLESS.search(values.get("condition", "")):
                    self._maps.setdefault(name, []).append(values.get("apply-style-name", ""))
                continue
            if values.get("display") in ("none", "false"):
                self.undisplayed.add(name)
            if values.get("color", "").startswith("#"):
                self.colours[name] = values["color"][1:].upper()
            if values.get("background-color", "").startswith("#"):
                self.grounds[name] = values["background-color"][1:].upper()
            if points(values.get("font-size", "")) < 1.5:
                self.tiny.add(name)
            if 0 <= points(values.get("column-width", "")) < _NO_SIZE:
                self.no_width.add(name)
            if 0 <= points(values.get("row-height", "")) < _NO_SIZE:
                self.no_height.add(name)

    def hiding(self, name: str) -> str:
        if name in self.undisplayed:
            return "hidden text"
        if name in self.tiny or self._unreadable(name):
            return "invisible text"
        return "invisible text" if name in self._maps and any(map(self._unreadable, self._maps[name])) else ""

    def _unreadable(self, name: str) -> bool:
        # Without a colour of its own text is black or, on a dark ground, white: always seen.
        return alike(self._of(self.colours, name, ""), self._of(self.grounds, name, "FFFFFF"))

    def _of(self, values: dict[str, str], name: str, default: str) -> str:
        """What a style says itself, or what it takes from the styles it is made of."""
        for _ in range(20):
            if name in values:
                return values[name]
            if not name:
                break
            name = self._parents.get(name, "")
        return default


def points(length: str) -> float:
    match = re.fullmatch(r"(-?[\d.]+)(cm|mm|in|pt|pc|px)", length.strip())
    if not match:
        return 1000.0
    return (
        float(match[1]) * {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}[match[2]]
    )


def load(looking: Looking) -> tuple[Package, Any, Styles]:
    package = Package(looking.content)
    if "content.xml" not in package.names:
        raise ReadError(GapReason.CORRUPT, "the document has no content")
    root = parts.tree(package, "content.xml")
    more = [parts.tree(package, "styles.xml")] if "styles.xml" in package.names else []
    return package, root, Styles([root, *more])


def text_of(element: Any) -> str:
    """A paragraph's own text; notes, comments and hidden fields are left to themselves."""
    words = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            name = local(child.tag)
            if name in ("tab", "line-break"):
                words.append("\t" if name == "tab" else "\n")
            elif name == "s":
                count = parts.attribute(child, "c", "1")
                words.append(" " * min(int(count) if count.isdigit() else 1, 1000))
            elif name not in _NOT_TEXT:
                words.append(text_of(child))
        words.append(child.tail or "")
    return "".join(words)


def notes_in(root: Any, where_of: Any) -> Iterator[Found]:
    """Comments with their authors. `where_of(element)` gives the place."""
    for note in root.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"):
        body = "\n".join(text_of(p) for p in note.iter("{*}p"))
        yield TextPiece(where_of(note), body, "comments")
        for creator in note.iter("{*}creator"):
            yield from parts.author(Where.of("comments"), creator.text or "", "the author of a comment")


def headings(package: Package) -> Iterator[Found]:
    """Page headers and footers."""
    if "styles.xml" not in package.names:
        return
    for part in parts.tree(package, "styles.xml").iter("{*}header", "{*}footer"):
        if parts.attribute(part, "display") != "false":
            text = "\n".join(text_of(p) for p in part.iter("{*}p", "{*}h"))
            yield TextPiece(Where.of(f"page {local(part.tag)}"), text)


def beside(package: Package, looking: Looking) -> Iterator[Found]:
    """Properties, objects, pictures, scripts, earlier versions."""
    if "meta.xml" in package.names:
        yield from parts.properties(package, ("meta.xml",))
    yield from _objects(package, looking)
    yield from parts.pictures(package, looking, "Pictures/")
    for name in package.names:
        if name.startswith("Versions/") and not name.endswith("/"):
            where = Where.of("an earlier version kept inside")
            yield from looking.deeper(name, parts.read_part(package, name), where, "previous version")
        elif name.startswith(("Basic/", "Scripts/")) and name.endswith((".xml", ".py", ".bas", ".js")):
            code = parts.read_part(package, name).decode("utf-8", "replace")
            yield TextPiece(Where.of("macro code"), code, "macro")


def _objects(package: Package, looking: Looking) -> Iterator[Found]:
    """Embedded files, and charts with the table behind them."""
    known = ("Pictures/", "META-INF/", "Thumbnails/", "Configurations2/", "Versions/", "Basic/", "Scripts/", "ObjectReplacements/", "Fonts/")  # fmt: skip
    for name in package.names:
        folder, _, last = name.rpartition("/")
        if not folder or name.startswith(known) or not last:
            continue
        where = Where.of("embedded object {}", folder)
        if last == "content.xml":
            looking.count("embedded files")
            root = parts.tree(package, name)
            text = "\n".join(text_of(p) for p in root.iter("{*}p"))
            yield Presence(
                where, "embedded", "note", "the table behind it is inside, not only what the page shows"
            )
            yield TextPiece(where, text, "embedded")
        elif not last.endswith((".xml", ".rdf")):
            yield from looking.deeper(last, parts.read_part(package, name), where, "embedded")
    for name in package.names:
        if "/" not in name and name not in (
            "mimetype",
            "content.xml",
            "styles.xml",
            "meta.xml",
            "settings.xml",
            "manifest.rdf",
            "layout-cache",
        ):
            where = Where.of("unlisted part {}", name)
            yield from looking.deeper(name, parts.read_part(package, name), where, "embedded")


def changes(root: Any) -> Iterator[Found]:
    """Tracked changes: what was deleted, by whom, and the earlier contents of cells."""
    for number, region in enumerate(_regions(root), 1):
        deleted = "\n".join(
            text_of(p) for kind in region.iter("{*}deletion", "{*}previous", "{*}cell-content-deletion") for p in kind.iter("{*}p", "{*}h")
        )  # fmt: skip
        if deleted.strip():
            yield TextPiece(Where.of("tracked deletion {}", number), deleted, "tracked changes")
        for creator in region.iter("{*}creator"):
            yield from parts.author(
                Where.of("tracked changes"), creator.text or "", "the author of a tracked change"
            )


def _regions(root: Any) -> list[Any]:
    return [r for t in root.iter("{*}tracked-changes") for r in t if isinstance(r.tag, str)]
