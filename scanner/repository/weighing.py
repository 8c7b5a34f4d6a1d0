"""Which detections count in a repository, where versions, hashes and examples look like numbers of people.

Two sorts are told apart. Numbers that the state, the health service, courts, schools and banks give to
people count wherever a check or a label beside them speaks for them. Contact details, dates of birth
and the like count only together, as they stand in records: an author's address in a header is no
holding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.model import Detection

NUMBERS = frozenset((
    "UK_NHS", "UK_CHI", "UK_HCN", "UK_NINO", "CREDIT_CARD", "IBAN_CODE", "UK_BANK_ACCOUNT", "UK_UTR", "UK_PASSPORT",
    "PASSPORT_MRZ", "UK_DRIVING_LICENCE", "UK_BRP", "UK_UPN", "UK_ULN", "UK_PNC_ID", "UK_CRO_NUMBER",
    "UK_ARREST_SUMMONS_NUMBER", "UK_PRISONER_NUMBER",
))  # fmt: skip
"""Types whose values are given to one person by an authority."""
_ALONE = frozenset(("UK_NINO", "IBAN_CODE", "CREDIT_CARD", "PASSPORT_MRZ", "UK_DRIVING_LICENCE"))
"""Formats distinctive enough to count without a word beside them, if their check passes."""

FACETS = {
    "PERSON": "name", "EMAIL_ADDRESS": "contact", "PHONE_NUMBER": "contact", "ADDRESS": "home", "UK_POSTCODE": "home",
    "DATE_OF_BIRTH": "birth", "SALARY": "pay", "GENDER": "trait",
}  # fmt: skip
"""What a record says of a person; two different ones make it a record of people."""

_FEW_DIGITS = 2
_RISING, _FALLING = "01234567890123456789", "98765432109876543210"
_QUOTES = ("'", '"', "`")
_DIGIT = re.compile(r"\d")


def placeholder(value: str) -> bool:
    """Whether a value is plainly made up: `1234567890`, `AB123456C`, `0000 0000 0000 0000`."""
    digits = "".join(_DIGIT.findall(value))
    if len(digits) < 5:
        return False
    if len(set(digits)) <= _FEW_DIGITS:
        return True
    return any(digits[i : i + 6] in _RISING or digits[i : i + 6] in _FALLING for i in range(len(digits) - 5))


def counts(found: Detection, text: str) -> bool:
    """Whether a number in running text or code is taken for a person's."""
    value = text[found.start : found.end]
    quoted = (
        text[max(0, found.start - 1) : found.start] in _QUOTES and text[found.end : found.end + 1] in _QUOTES
    )
    if found.entity_type not in NUMBERS or found.test_range or placeholder(value):
        return False
    labelled = any(reason.startswith("context") for reason in found.reasons)
    beside = any(reason.startswith("context") and reason.endswith("(label)") for reason in found.reasons)
    if found.entity_type == "CREDIT_CARD" and value.isdigit() and not labelled:
        # One in ten long numbers passes a card's check; in code only a text by itself is meant as one.
        return found.validated and quoted
    if found.entity_type in _ALONE:
        return found.validated
    return beside or (found.validated and labelled)


def facets(types: Iterable[str]) -> set[str]:
    """What several types say together; every number of `NUMBERS` is one facet."""
    return {FACETS.get(name, "number" if name in NUMBERS else "") for name in types} - {""}
