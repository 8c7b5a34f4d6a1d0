"""Which of many texts may hold a UK identifier, an address or an age at all.

Every find of `engine.scan` needs one of a few things that can be looked for in all texts at a
stroke: a label, a literal, or digits together with a word for what they are, a form that
speaks for itself, or a street. A text that has none of them is not read. This may only err
towards reading: a test holds that what is left alone holds nothing (dates apart, which say
nothing of a person where no word for a birth stands beside them).
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scanner.common.reading import runs
from scanner.recognisers.uk import SPECS, address, dates
from scanner.recognisers.uk.engine import _tables
from scanner.recognisers.uk.expressions import fewest_digits
from scanner.recognisers.uk.spec import Route, Spec

if TYPE_CHECKING:
    from scanner.common.manytexts import ManyTexts, Truth

_BIRTH_AND_AGE = tuple(
    tuple(phrase.split())
    for phrase in "born|birth|birthday|birthdate|dob|d o|d ob|do b|age|aged|turned|turning|year|years|yr|yrs|y o|yo".split(
        "|"
    )
)
"""Runs of letters without which (or `_B`) no number is an age and no date a birthday."""
_B = r"(?i)(?:^|[^a-z])b[.: ]"
_STREETS = tuple(
    (word,)
    for word in runs(
        f"{address._TYPES} heol ffordd stryd clos rhodfa maes rue glebe limes laurels willows oaks firs".lower()
    )
    + runs("paddock cross eastgate westgate northgate southgate")
)
_NUMBER_AND_NAME = r"[0-9][A-Za-z]?,?[ ]+[A-Za-z]"


_FEW = 6
"""Digits below which a format's numbers are in too many texts to look for them by their form."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Questions:
    """What is looked for where some entity types are of no interest."""

    near: dict[tuple[str, ...], int]
    """Phrases that support a number of few digits, with the fewest that it has."""
    near_long: dict[tuple[str, ...], int]
    """Those that support longer numbers only."""
    long: str
    """One expression for every format of these."""
    plain: str
    """One expression for every format that needs no word beside it."""
    labels: tuple[tuple[str, ...], ...]
    anchors: tuple[tuple[str, int, str], ...]
    """A character, how often it is in every value, and one expression for the formats around it."""


@functools.lru_cache(maxsize=16)
def _questions(without: frozenset[str]) -> _Questions:
    specs = [s for s in SPECS if s.identifier.entity_type not in without]
    code = [s for s in specs if s.route is Route.CODE and s.identifier.entity_type != "DATE_OF_BIRTH"]
    near: dict[tuple[str, ...], int] = dict.fromkeys((*_BIRTH_AND_AGE, *dates.WHO_IS), 1)
    fewest = {s.title: fewest_digits(s.identifier.pattern) for s in code}
    for spec in code:
        for phrase in map(runs, spec.identifier.context):
            if phrase:
                for form in (tuple(phrase), (*phrase[:-1], phrase[-1] + "s")):  # `Near` takes plurals too
                    near[form] = min(near.get(form, _LONGEST), fewest[spec.title])
    anchors: dict[tuple[str, int], list[Spec]] = {}
    for anchor in _tables().anchors:
        anchors[anchor.literal, anchor.least] = [r.spec for _, r in anchor.formats if r.spec in specs]
    return _Questions(
        {phrase: digits for phrase, digits in near.items() if digits < _FEW},
        {phrase: digits for phrase, digits in near.items() if digits >= _FEW},
        _any_of(s for s in code if fewest[s.title] >= _FEW),
        "|".join(
            _alone(s.identifier.pattern if s.strong is None else s.strong.pattern, s)
            for s in code
            if not s.identifier.needs_context or s.strong is not None
        ),
        tuple(tuple(runs(label)) for s in specs if s.route is Route.LABEL for label in s.labels),
        tuple((literal, least, _any_of(each)) for (literal, least), each in anchors.items() if each),
    )


_LONGEST = 1_000


def _any_of(specs: Iterable[Spec]) -> str:
    return "|".join(f"(?{'i' if s.identifier.ignore_case else ''}:{s.identifier.pattern})" for s in specs)


def _alone(pattern: str, spec: Spec) -> str:
    """A value with nothing of letters or digits around it (before a telephone number, anything may stand)."""
    flags = "i" if spec.identifier.ignore_case and spec.strong is None else ""
    before = "" if spec.identifier.entity_type == "PHONE_NUMBER" else "(?:^|[^0-9A-Za-z])"
    return f"{before}(?{flags}:{pattern})(?:$|[^0-9A-Za-z])"


def skim(texts: ManyTexts) -> Truth:
    """Which texts are to be read."""
    asked = _questions(texts.without)
    wanted = texts.strange | texts.speaks(asked.labels)
    for literal, least, forms in asked.anchors:
        wanted |= texts.matching(forms, texts.has(literal, least) & ~wanted)
    addresses = "ADDRESS" not in texts.without
    if addresses:
        wanted |= texts.has(",") & texts.speaks([(word,) for word in address.STREET_WORDS])
        wanted |= texts.speaks([(word,) for word in address.TOLD_WORDS])
    digits = texts.digits
    if digits.any():
        wanted |= (digits > 0) & (digits >= texts.least(asked.near))
        wanted |= texts.matching(_B, (digits > 0) & texts.speaks([("b",)]) & ~wanted)
        if addresses:
            wanted |= texts.speaks(_STREETS) & texts.matching(_NUMBER_AND_NAME)
        wanted |= texts.matching(asked.long, (digits >= texts.least(asked.near_long)) & ~wanted)
        wanted |= texts.matching(asked.plain, (digits > 0) & ~wanted)
    return wanted
