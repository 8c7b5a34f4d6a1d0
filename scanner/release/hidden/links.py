"""Addresses and tips of links in Word documents and presentations: seen under the mouse, or when one is followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from scanner.common.package import Package
from scanner.release.hidden.parts import attribute, relations
from scanner.release.pieces import TextPiece, Where


def links(package: Package, part: str, root: Any, where: Where, hiding: str = "") -> Iterator[TextPiece]:
    """Of one part, whose tree is `root`."""
    found = [
        unquote(target).removeprefix("mailto:")
        for kind, target, outside in relations(package, part).values()
        if outside and kind == "hyperlink"
    ]
    found += [attribute(e, "tooltip") for e in root.iter("{*}hyperlink", "{*}hlinkClick", "{*}hlinkHover")]
    words = "addresses and tips of links"
    yield TextPiece(
        where.then(Where(words, words), ", "), "\n".join(dict.fromkeys(filter(None, found))), hiding
    )
