"""An Office package written anew: only parts that are reached from the document, each as a callback cleaned it."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.errors import ReadError
from scanner.release.fix.clean import CannotFix, Done
from scanner.release.fix.image import clean_picture
from scanner.release.hidden import parts

_DATE = (2000, 1, 1, 0, 0, 0)
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff")
_PLAIN_PICTURES = (".emf", ".wmf", ".svg", ".bmp")
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
DROPPED = {
    "comments": "comments", "commentsExtended": "", "commentsIds": "", "commentsExtensible": "", "people": "",
    "customXml": "custom XML parts", "core-properties": "document properties", "extended-properties": "",
    "custom-properties": "", "package": "embedded files", "oleObject": "embedded files", "vbaProject": "macros",
    "glossaryDocument": "building blocks", "aFChunk": "embedded files", "attachedTemplate": "link to a template",
    "mailMergeSource": "mail-merge source", "printerSettings": "", "notesSlide": "speaker notes", "tags": "tags",
    "commentAuthors": "", "authors": "", "notesMaster": "", "thumbnail": "preview of the first page", "control": "controls",
    "ctrlProp": "", "activeXControlBinary": "", "keyMapCustomizations": "", "wordVbaData": "", "externalLink": "linked files",
    "customXmlProps": "", "metadata/thumbnail": "preview of the first page", "webSettings": "", "handoutMaster": "",
}  # fmt: skip
"""Relationship kinds that are not followed, with what to call their loss."""
MAIN_TYPES = {
    "application/vnd.ms-word.document.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml":
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml":
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml":
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}  # fmt: skip

Clean = Callable[[str, Any], None]
"""(part name, its tree): changes the tree in place."""


class Rewriter:
    """Follows relationships from the package's root; what is not reached, or not to be followed, is not written."""

    def __init__(
        self, package: Package, clean: Clean, done: Done, drop_targets: frozenset[str] = frozenset()
    ) -> None:
        self._package, self._clean, self._done, self._drop = package, clean, done, drop_targets
        self._out: dict[str, bytes] = {}

    def write(self, out: Path) -> None:
        self._follow("")
        types = self._content_types()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in ["[Content_Types].xml", *sorted(self._out)]:
                data = types if name == "[Content_Types].xml" else self._out[name]
                target.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)

    def _follow(self, part: str) -> None:
        """Write the part's relationships, and every part they lead to."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self._package.names:
            return
        root = parts.tree(self._package, rels)
        for element in list(root.iter(_RELATION)):
            kind = element.get("Type", "").rpartition("/")[2]
            target = element.get("Target", "")
            if element.get("TargetMode") == "External":
                if kind != "hyperlink" or not target.lower().startswith(
                    ("http://", "https://", "mailto:", "#")
                ):
                    root.remove(element)
                    self._done.remove("links to files on a computer or network")
                continue
            full = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            if kind in DROPPED or full in self._drop or full not in self._package.names:
                root.remove(element)
                if DROPPED.get(kind):
                    self._done.remove(DROPPED[kind])
                continue
            if full not in self._out:
                self._out[full] = b""
                # Relationships first: cleaning a part may look at what is left of them.
                self._follow(full)
                self._out[full] = self._part(full)
        if len(root):
            self._out[rels] = _bytes(root)

    def _part(self, name: str) -> bytes:
        raw = parts.read_part(self._package, name)
        suffix = posixpath.splitext(name)[1].lower()
        if suffix in (".xml", ".vml"):
            root = parts.tree(self._package, name)
            self._clean(name, root)
            rels = self.relation_ids(name)
            _drop_dangling(root, rels)
            return _bytes(root)
        if suffix in _PICTURES:
            try:
                return clean_picture(raw)
            except (CannotFix, ReadError):
                raise CannotFix("a picture in it is damaged and its metadata cannot be removed") from None
        if suffix in _PLAIN_PICTURES or suffix in (".ttf", ".odttf", ".fntdata"):
            return raw
        raise CannotFix(f"it holds a part of a kind that cannot be cleaned ({suffix or 'no ending'})")

    def relation_ids(self, part: str) -> set[str]:
        """Ids of the relationships that a part still has."""
        from lxml import etree

        folder, _, name = part.rpartition("/")
        rels = self._out.get(f"{folder}/_rels/{name}.rels")
        return {e.get("Id", "") for e in etree.fromstring(rels)} if rels else set()

    def _content_types(self) -> bytes:
        root = parts.tree(self._package, "[Content_Types].xml")
        for element in list(root):
            name = element.get("PartName", "").lstrip("/")
            if name and name not in self._out:
                root.remove(element)
            elif element.get("ContentType") in MAIN_TYPES:
                element.set("ContentType", MAIN_TYPES[element.get("ContentType")])
        return _bytes(root)


_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NEEDED = frozenset({f"{_R}{n}" for n in ("id", "embed", "link", "pict", "dm", "lo", "qs", "cs")})


def _drop_dangling(root: Any, ids: set[str]) -> None:
    """Elements that refer to a relationship that is gone would make the program call the file damaged."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        gone = [k for k in element.attrib if k in _NEEDED and element.get(k) not in ids]
        if not gone:
            continue
        if local(element.tag) in ("hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver", "blip"):
            for key in gone:
                del element.attrib[key]
            if local(element.tag).startswith("hlink") and element.getparent() is not None:
                element.getparent().remove(element)
        elif element.getparent() is not None:
            remove(element)


def remove(element: Any) -> None:
    """Take an element out, the text behind it kept."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: Any) -> None:
    """Put an element's children in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    remove(element)


def _bytes(root: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
