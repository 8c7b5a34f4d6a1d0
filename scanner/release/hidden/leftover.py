"""Parts of an Office package that no family reads: what is in them is seen by nobody, and goes out all the same."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.errors import ReadError
from scanner.release.hidden.parts import tree
from scanner.release.pieces import Found, TextPiece, Where, gap_at

_BORING = re.compile(
    r"\[Content_Types\]|/theme/|/?styles|fontTable|webSettings|numbering\.xml|presProps|viewProps|tableStyles|calcChain"
    r"|/diagrams/(layout|quickStyle|colors|drawing)|printerSettings|slideLayouts/|/charts/(style|colors)\d"
    r"|docProps/|itemProps|\.rels$|metadata\.xml|stylesWithEffects|ctrlProps",
    re.IGNORECASE,
)
"""Parts that hold names of fonts, colours and settings: no words of the author's."""
_TELLING = re.compile(r"[A-Za-z]{2}.*[ @].*[A-Za-z]|\d{6}|[A-Z]{2}\s?\d")
"""An attribute that could be more than a keyword."""
_ADDRESS = re.compile(r"^(https?://(schemas|purl|www\.w3)|urn:|\{)")
_MOST = 4_000_000
_VISIBLE = "/diagrams/data"
"""What SmartArt shows."""


def leftover(package: Package) -> Iterator[Found]:
    """Call it last: takes every part that was not opened before."""
    for name in package.names:
        if name in package.opened or not name.endswith((".xml", ".vml")) or _BORING.search(name):
            continue
        where = Where.of("part of the file {}", posixpath.basename(name))
        try:
            text = _words(tree(package, name))
        except ReadError as error:
            yield gap_at(where, error.reason, error.detail, error.remedy)
            continue
        if _VISIBLE in name:
            yield TextPiece(Where.of("diagram {}", posixpath.basename(name)), text)
        else:
            yield TextPiece(where, text, "other part")


def _words(root: Any) -> str:
    found: dict[str, None] = {}
    size = 0
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        values = (v for v in element.attrib.values() if _TELLING.search(v) and not _ADDRESS.match(v))
        for text in (element.text or "", *values):
            text = text.strip()
            if len(text) > 2 and text not in found:
                found[text] = None
                size += len(text)
        if size > _MOST:
            break
    return "\n".join(found)
