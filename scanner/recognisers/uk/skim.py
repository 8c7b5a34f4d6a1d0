"""Which of many texts may hold a UK identifier, an address or an age at all.

Every find of `engine.scan` needs one of a few things that can be looked for in all texts at a
stroke: a label, a literal, or digits together with a word for what they are, a form that
speaks for itself, or a street. A text that has none of them is not read. This may only err
towards reading: a test holds that what is left alone holds nothing (dates apart, which say
nothing of a person where no word for a birth stands beside them).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from scanner.common.reading import runs
from scanner.recognisers.uk import SPECS, address, dates
from scanner.recognisers.uk.expressions import fewest_digits
from scanner.recognisers.uk.spec import Route

if TYPE_CHECKING:
    from scanner.common.manytexts import ManyTexts, Truth

_BIRTH_AND_AGE = (
    "born birth birthday birthdate dob b d age aged turned turning year years yr yrs y yo".split()
)
"""Runs of letters without which no number is an age and no date a birthday."""
_STREETS = tuple(
    (word,)
    for word in runs(
        f"{address._TYPES} heol ffordd stryd clos rhodfa maes rue glebe limes laurels willows oaks firs".lower()
    )
    + runs("paddock cross eastgate westgate northgate southgate")
)
_NUMBER_AND_NAME = r"[0-9][A-Za-z]?,?[ ]+[A-Z]"


@functools.cache
def _called() -> dict[tuple[str, ...], int]:
    """Phrases that support a number, with the fewest digits of the formats they support."""
    found: dict[tuple[str, ...], int] = {(word,): 1 for word in _BIRTH_AND_AGE}
    found.update(dict.fromkeys(dates.WHO_IS, 1))
    for spec in SPECS:
        if spec.route is not Route.CODE:
            continue
        digits = fewest_digits(spec.identifier.pattern)
        for phrase in spec.identifier.context:
            letters = tuple(runs(phrase))
            if letters:
                plural = (*letters[:-1], letters[-1] + "s")
                for form in (letters, plural):  # `Near` takes plurals too
                    found[form] = min(found.get(form, digits), digits)
    return found


@functools.cache
def _labels() -> tuple[tuple[str, ...], ...]:
    from scanner.recognisers.uk.engine import _tables

    return tuple(tuple(runs(label)) for label, _ in _tables().labels)


@functools.cache
def _plain() -> str:
    """One expression for every format that needs no word beside it."""
    parts = [
        f"(?{'i' if s.identifier.ignore_case else ''}:{s.identifier.pattern})"
        for s in SPECS
        if s.route is Route.CODE
        and s.identifier.entity_type != "DATE_OF_BIRTH"
        and (not s.identifier.needs_context or s.strong is not None)
    ]
    return "|".join(parts)


def skim(texts: ManyTexts) -> Truth:
    """Which texts are to be read."""
    from scanner.recognisers.uk.engine import _tables

    tables = _tables()
    wanted = texts.strange | texts.speaks(_labels())
    for anchor in tables.anchors:
        wanted |= texts.has(anchor.literal, anchor.least)
    wanted |= texts.has(",") & texts.speaks([(word,) for word in address.STREET_WORDS])
    wanted |= texts.speaks([(word,) for word in address.TOLD_WORDS])
    digits = texts.digits
    if digits.any():
        wanted |= (digits > 0) & (digits >= texts.least(_called()))
        wanted |= texts.speaks(_STREETS) & texts.matching(_NUMBER_AND_NAME)
        wanted |= texts.matching(_plain())
    return wanted
