"""A clean DOCX: tracked changes accepted, hidden text and comments gone, nothing behind the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.contracts import Content
from scanner.release.fix.clean import Done
from scanner.release.fix.opc import Rewriter, remove, unwrap
from scanner.release.hidden import docxlook, parts

_FIELDS_KEPT = re.compile(r"\s*(PAGE|NUMPAGES|SECTION|SECTIONPAGES)\b")
_CHANGES = ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblGridChange",
            "numberingChange", "tblPrExChange")  # fmt: skip
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "proofErr", "permStart", "permEnd",
          "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "dataBinding",
          "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd")  # fmt: skip
_SETTINGS = frozenset(
    """
    zoom mirrorMargins defaultTabStop autoHyphenation evenAndOddHeaders bookFoldPrinting characterSpacingControl
    footnotePr endnotePr compat themeFontLang clrSchemeMapping decimalSymbol listSeparator mathPr
    """.split()
)


def write(content: Content, out: Path, done: Done) -> None:
    package = Package(content)
    cleaner = _Cleaner(done, docxlook.Formats(package))
    Rewriter(package, cleaner.clean, done).write(out)


class _Cleaner:
    def __init__(self, done: Done, formats: docxlook.Formats) -> None:
        self._done, self._formats = done, formats

    def clean(self, name: str, root: Any) -> None:
        last = name.rpartition("/")[2]
        if last == "settings.xml":
            for element in list(root):
                if local(element.tag) not in _SETTINGS:
                    root.remove(element)
            return
        if name.startswith("word/charts/"):
            for element in list(root.iter("{*}externalData")):
                remove(element)
            return
        if name.startswith("word/") and re.match(
            r"(document|header\d*|footer\d*|footnotes|endnotes)\.xml", last
        ):
            self._body(root)

    def _body(self, root: Any) -> None:
        self._accept(root)
        boxes = docxlook.dark_boxes(root)
        if boxes:
            self._done.left.append(
                f"{boxes} black box{'es' * (boxes > 1)} in front of the text: what lies under cannot be told; delete the words there"
            )
        self._hide(root)
        self._choices(root)
        self._fields(root)
        for element in list(root.iter(*(f"{{*}}{n}" for n in _MARKS))):
            remove(element)
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            for key in list(element.attrib):
                if local(key).startswith("rsid") or local(key) in ("paraId", "textId"):
                    del element.attrib[key]
            if local(element.tag) in ("docPr", "cNvPr"):
                for key in ("descr", "title"):
                    if element.get(key) and self._done.personal(element.get(key)):
                        del element.attrib[key]
                        self._done.remove("alternative texts that tell of people")

    def _accept(self, root: Any) -> None:
        """Accept every tracked change: the page reads as its latest version."""
        count = 0
        for element in list(root.iter("{*}del", "{*}moveFrom")):
            inside_properties = (
                local(element.getparent().tag) in ("rPr", "trPr")
                if element.getparent() is not None
                else False
            )
            if local(element.getparent().tag) == "trPr" if element.getparent() is not None else False:
                row = element.getparent().getparent()
                remove(row)
            elif inside_properties:
                self._join(element)
            else:
                remove(element)
            count += 1
        for element in list(root.iter("{*}ins", "{*}moveTo")):
            unwrap(element)
            count += 1
        for element in list(
            root.iter(*(f"{{*}}{n}" for n in _CHANGES), "{*}cellDel", "{*}cellIns", "{*}cellMerge")
        ):
            remove(element)
            count += 1
        self._done.remove("tracked changes (accepted: insertions stay, deletions are gone)", count)

    @staticmethod
    def _join(mark: Any) -> None:
        """A deleted paragraph end: its text joins the paragraph after it."""
        paragraph = next((a for a in mark.iterancestors() if local(a.tag) == "p"), None)
        remove(mark)
        if paragraph is None:
            return
        follower = paragraph.getnext()
        if follower is None or local(follower.tag) != "p":
            return
        start = 1 if len(follower) and local(follower[0].tag) == "pPr" else 0
        for child in [c for c in paragraph if local(c.tag) != "pPr"]:
            follower.insert(start, child)
            start += 1
        remove(paragraph)

    def _hide(self, root: Any) -> None:
        unseen = [run for run in root.iter("{*}r") if self._formats.hiding(run)]
        for run in unseen:
            remove(run)
        rows = 0
        for row in list(root.iter("{*}tr")):
            if docxlook.row_hidden(row):
                remove(row)
                rows += 1
        # Marks of hidden paragraph ends stay without text; a style that hides is no danger to nothing.
        self._done.remove("hidden, invisible or blacked-out text", len(unseen))
        self._done.remove("hidden table rows", rows)

    def _choices(self, root: Any) -> None:
        """Lists that are offered but not shown; the chosen words stay."""
        lists = list(root.iter("{*}dropDownList", "{*}comboBox", "{*}ffData"))
        for element in lists:
            remove(element)
        self._done.remove("drop-down lists and form fields (what was chosen stays)", len(lists))
        for mark in list(root.iter("{*}bookmarkStart")):
            if self._done.personal(parts.attribute(mark, "name").replace("_", " ")):
                number = parts.attribute(mark, "id")
                for end in [e for e in root.iter("{*}bookmarkEnd") if parts.attribute(e, "id") == number]:
                    remove(end)
                remove(mark)
                self._done.remove("bookmarks that tell of people")

    def _fields(self, root: Any) -> None:
        """Field codes become the text they show; page numbers stay fields."""
        codes = [e.text or "" for e in root.iter("{*}instrText", "{*}delInstrText")]
        simple = [e for e in root.iter("{*}fldSimple") if not _FIELDS_KEPT.match(parts.attribute(e, "instr"))]
        for element in simple:
            unwrap(element)
        self._done.remove("field codes (their shown text stays)", len(simple))
        if codes and not all(_FIELDS_KEPT.match(code) for code in codes if code.strip()):
            for element in list(root.iter("{*}instrText", "{*}delInstrText", "{*}fldChar")):
                remove(element)
            self._done.remove("field codes (their shown text stays)", len(codes))
