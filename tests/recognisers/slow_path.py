"""The slow path that the fast text pass is compared with: every format tried at every character.

The same formats, checks, context words and rules of `scanner.recognisers.uk`, without any look ahead:
no digits are searched for, no words, no anchors, nothing is left out because of what follows.
"""

from __future__ import annotations

import re

from scanner.common.nearby import Near, context
from scanner.common.reading import read
from scanner.recognisers.uk import SPECS, engine
from scanner.recognisers.uk.spec import Route

Found = tuple[str, int, int, float, bool, tuple[str, ...]]
_GUARD = r"(?![A-Za-z0-9]|\.[0-9])"
_CODE = [
    (
        spec,
        re.compile(f"(?:{spec.identifier.pattern}){_GUARD}", re.I if spec.identifier.ignore_case else 0),
        context(spec.identifier.context),
    )
    for spec in SPECS
    if spec.route is Route.CODE and spec.identifier.entity_type != "DATE_OF_BIRTH"
]
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")


def _may_begin(text: str, at: int, leads: tuple[int, ...], *, phone: bool) -> bool:
    """The rule of where a format may begin: at a digit run, or at so many letters before one."""
    before = text[at - 1] if at else " "
    if phone and text[at] in "+(":
        after = re.match(r"[+(]{1,2}[0-9]", text[at:])
        return after is not None and not text[at + after.end() - 2].isalnum()
    if "0" <= text[at] <= "9":
        fraction = before == "." and at > 1 and text[at - 2].isdigit()
        return 0 in leads and not before.isalnum() and not fraction
    letters = re.match(r"[A-Za-z]{1,6}(?=[ \u00a0./-]?[0-9])", text[at:])
    if letters is None or re.match("[A-Za-z0-9]", before):
        return False
    return len(letters[0]) in leads


def formats(text: str) -> set[Found]:
    """What the CODE formats find, judged by the rules of the engine, tried everywhere."""
    reading = read(text)
    inside = [m.span() for m in _UUID.finditer(text)]
    out: set[Found] = set()
    for at in range(len(text)):
        if any(a <= at < b for a, b in inside):
            continue
        together = []
        for spec, expression, words in _CODE:
            phone = spec.title == "telephone number"
            if not _may_begin(text, at, spec.leads, phone=phone):
                continue
            match = expression.match(text, at)
            if match:
                near = Near(reading, *match.span())
                together.append((spec, match, near, near.support(words)))
        if together and text[at] in "+(":
            together = [t for t in together if t[0].title == "telephone number"]
        labelled = any(support and support[1] for _, _, _, support in together)
        for spec, match, near, support in together:
            ident, value = spec.identifier, match[0]
            adjacent = bool(support and support[1])
            if ident.check is not None and not ident.check(value):
                continue
            distinctive = not ident.needs_context or (
                spec.strong is not None and spec.strong.fullmatch(value) is not None
            )
            if not distinctive and (support is None or (labelled and not adjacent)):
                continue
            if not adjacent and ident.chance >= 0.01 and near.opposed():
                continue
            d = engine._detection(
                spec, *match.span(), value, support[0] if support else "", adjacent=adjacent
            )
            out.add((d.entity_type, d.start, d.end, d.score, d.validated, d.reasons))
    return out


def fast(text: str) -> set[Found]:
    """What the fast pass gives for the same formats."""
    found: list[engine.Detection] = []
    engine._from_digits(read(text), found)
    titles = {f"pattern {spec.title}" for spec, _, _ in _CODE}
    return {
        (d.entity_type, d.start, d.end, d.score, d.validated, d.reasons)
        for d in found
        if d.reasons[0] in titles and d.recogniser == "uk"
    }
