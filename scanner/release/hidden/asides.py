"""What hangs on the cells of an XLSX sheet besides their values, as texts: lists and prompts of data
validation, texts inside formulas, links and their tips, scenarios (ECMA-376 part 1, 18.3.1)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from scanner.common.xmlread import local
from scanner.release.hidden.parts import attribute
from scanner.release.pieces import TextPiece, Where

ELEMENTS = ("dataValidation", "hyperlink", "scenario")
_LITERAL = re.compile(r'"((?:[^"]|"")+)"')
_MOST = 2_000_000
"""Characters of one sheet's asides of one kind that are held."""
_WORDS = {
    "validation": "drop-down lists and prompts of cells",
    "formula": "texts inside formulas",
    "hidden part": "scenarios",
    "": "addresses and tips of links",
}


@dataclasses.dataclass(slots=True)
class Asides:
    """Different texts of one sheet, by hiding key ("" is seen: a link's target shows under the mouse)."""

    texts: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    """Hiding key to text to the first cell that has it."""
    authors: set[str] = dataclasses.field(default_factory=set)
    size: int = 0

    def add(self, hiding: str, text: str, at: str) -> None:
        if text.strip() and self.size < _MOST:
            known = self.texts.setdefault(hiding, {})
            if text not in known:
                known[text] = at
                self.size += len(text)

    def take(self, element: Any, addresses: dict[str, str]) -> None:
        """One of `ELEMENTS`. `addresses`: relationship id to its target outside the file."""
        kind = local(element.tag)
        if kind == "dataValidation":
            self._validation(element)
        elif kind == "hyperlink":
            target = unquote(addresses.get(attribute(element, "id"), ""))
            at = element.get("ref", "")
            self.add("", target.removeprefix("mailto:"), at)
            self.add("", element.get("tooltip", ""), at)
        else:
            self._scenario(element)

    def formula(self, formula: str, at: str) -> None:
        """The literals of one formula, as one text: `="Jane "&"Doe"` says Jane Doe."""
        said = " ".join(text.replace('""', '"') for text in _LITERAL.findall(formula))
        if len(said) > 4:
            self.add("formula", said, at)

    def _validation(self, element: Any) -> None:
        at = element.get("sqref", "") or next((e.text or "" for e in element.iter("{*}sqref")), "")
        for child in element.iter("{*}formula1", "{*}formula2"):
            for text in _LITERAL.findall("".join(child.itertext())):
                self.add("validation", "\n".join(text.split(",")), at)
        for name in ("promptTitle", "prompt", "errorTitle", "error"):
            self.add("validation", element.get(name, ""), at)

    def _scenario(self, element: Any) -> None:
        self.authors.add(element.get("user", ""))
        values = [element.get("name", ""), element.get("comment", "")]
        values += [cell.get("val", "") for cell in element.iter("{*}inputCells")]
        self.add("hidden part", "\n".join(filter(None, values)), "")

    def pieces(self, where: Where, state: str) -> Iterator[TextPiece]:
        """`state`: how the whole sheet is hidden, if it is."""
        for hiding, texts in self.texts.items():
            cells = list(dict.fromkeys(at for at in texts.values() if at))
            some = f" ({', '.join(cells[:3])}{', …' if len(cells) > 3 else ''})" if cells else ""
            yield TextPiece(where.plus(f", {_WORDS[hiding]}{some}"), "\n".join(texts), hiding or state)
