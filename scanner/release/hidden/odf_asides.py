"""What stands beside the text of an OpenDocument file: addresses of links, texts in formulas and conditions,
prompts, labels of controls (ODF 1.3 part 3, 9.4 and 13)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from scanner.release.hidden.odf import text_of
from scanner.release.hidden.parts import attribute
from scanner.release.pieces import TextPiece, Where

_LITERAL = re.compile(r'"((?:[^"]|"")+)"')
_NO_ADDRESS = ("#", "./", "../", "Pictures/", "Object", "vnd.sun.star")
_CONTROLS = ("button", "checkbox", "combobox", "fixed-text", "frame", "item", "listbox", "option", "radio", "text", "textarea")  # fmt: skip
_FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def asides(root: Any) -> Iterator[TextPiece]:
    """`root`: the tree of content.xml."""
    links = (unquote(attribute(a, "href")) for a in root.iter("{*}a"))
    seen = (link.removeprefix("mailto:") for link in links if link and not link.startswith(_NO_ADDRESS))
    yield _piece("addresses of links", seen, "")
    formulas = (
        attribute(e, "formula") for e in root.iter(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
    )
    yield _piece("texts inside formulas", map(_said, formulas), "formula")
    rules = list(root.iter(f"{_TABLE}content-validation"))
    lists = ("\n".join(_LITERAL.findall(attribute(rule, "condition"))) for rule in rules)
    messages = (
        f"{attribute(m, 'title')}\n{text_of(p)}"
        for rule in rules for m in rule.iter("{*}help-message", "{*}error-message") for p in m.iter("{*}p")
    )  # fmt: skip
    yield _piece("drop-down lists and prompts of cells", (*lists, *messages), "validation")
    names = (_said(attribute(e, "expression")) for e in root.iter(f"{_TABLE}named-expression"))
    yield _piece("texts inside defined names", names, "defined names")
    controls = (
        attribute(e, name)
        for e in root.iter(*(f"{_FORM}{kind}" for kind in _CONTROLS)) for name in ("label", "value", "current-value")
    )  # fmt: skip
    yield _piece("buttons and form controls", controls, "")


def _said(formula: str) -> str:
    """All literals of one formula: `"Jane "&"Doe"` says Jane Doe."""
    said = " ".join(_LITERAL.findall(formula)) if '"' in formula else ""
    return said if len(said) > 4 else ""


def _piece(place: str, texts: Iterable[str], hiding: str) -> TextPiece:
    return TextPiece(Where.of(place), "\n".join(dict.fromkeys(filter(None, texts))), hiding)
