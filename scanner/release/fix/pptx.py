"""A clean PPTX: visible slides with what they show; no notes, hidden slides, off-slide or covered objects."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.contracts import Content
from scanner.release.fix.clean import CannotFix, Done
from scanner.release.fix.opc import Rewriter, remove
from scanner.release.hidden import pptx


def write(content: Content, out: Path, done: Done) -> None:
    package = Package(content)
    every = pptx.slides(package)
    hidden = frozenset(name for name, unseen in every if unseen)
    if len(hidden) == len(every):
        raise CannotFix("it has no visible slide")
    done.remove("hidden slides", len(hidden))
    cleaner = _Cleaner(done, package)
    Rewriter(package, cleaner.clean, done, hidden).write(out)


class _Cleaner:
    def __init__(self, done: Done, package: Package) -> None:
        self._done, self._package, self._size = done, package, pptx.slide_size(package)

    def clean(self, name: str, root: Any) -> None:
        folder = posixpath.dirname(name)
        if name == "ppt/presentation.xml":
            for element in list(root):
                if local(element.tag) in ("notesMasterIdLst", "handoutMasterIdLst", "custShowLst", "extLst", "custDataLst", "photoAlbum", "modifyVerifier"):  # fmt: skip
                    root.remove(element)
        elif folder == "ppt/slides":
            self._slide(name, root)
        elif folder.endswith("charts"):
            for element in list(root.iter("{*}externalData")):
                remove(element)
        elif name.endswith(("presProps.xml", "viewProps.xml")):
            for element in list(root.iter("{*}extLst")):
                remove(element)
        for element in root.iter("{*}cNvPr"):
            for key in ("descr", "title"):
                if element.get(key) and self._done.personal(element.get(key)):
                    del element.attrib[key]
                    self._done.remove("alternative texts that tell of people")
        for element in list(root.iter("{*}custDataLst")):
            remove(element)

    def _slide(self, name: str, root: Any) -> None:
        shapes = pptx.top_shapes(root)
        gone = [s for i, s in enumerate(shapes) if pptx.hiding_of(s, shapes[i + 1 :], self._size)]
        for shape in gone:
            remove(shape)
        if gone:
            self._done.remove("objects off the slide, switched off or covered by others", len(gone))
            for timing in [c for c in root if local(c.tag) == "timing"]:
                root.remove(timing)
                self._done.left.append("animations of a slide not copied: they named objects that are gone")
        grounds = pptx.Grounds(self._package, name, root)
        kept = pptx.top_shapes(root)
        unseen = [run for i, shape in enumerate(kept) for run in grounds.unseen(shape, kept[:i])]
        for run in unseen:
            remove(run)
        self._done.remove("text that cannot be seen", len(unseen))
        embedded = list(root.iter("{*}oleObj"))
        for element in embedded:
            frame = next((a for a in element.iterancestors() if local(a.tag) == "graphicFrame"), element)
            remove(frame)
        if embedded:
            self._done.left.append("embedded objects of a slide not copied: add them as pictures")
