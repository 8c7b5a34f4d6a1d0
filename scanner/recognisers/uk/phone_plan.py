"""The United Kingdom's numbering plan as expressions, taken out of libphonenumber's own data.

libphonenumber parses and classifies every number anew, at 25 microseconds each. The numbers
of +44 are valid if one of the expressions of Great Britain (or Guernsey, Man, Jersey, which
share the code) fits: those expressions are read from its metadata and joined here.
"""

from __future__ import annotations

import functools
import re

NATIONAL = (9, 10)
"""Digits of a national number without the leading nought, as `phone` lets them through."""

UNSURE = "18002"
"""How the one prefix begins that libphonenumber may take off a number: such numbers are left to it."""

_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
    "voicemail",
)  # fmt: skip


def _region(region: str) -> str:
    from phonenumbers.phonemetadata import PhoneMetadata

    data = PhoneMetadata.metadata_for_region(region)
    kinds = [getattr(data, kind) for kind in _KINDS]
    patterns = [k.national_number_pattern for k in kinds if k is not None and k.national_number_pattern]
    # A number must fit the general description and one kind; its length is part of either.
    return "|".join(f"(?:{p})" for p in patterns)


@functools.cache
def plan() -> str:
    """One anchored expression over national digits: valid in Great Britain or an island that shares its code."""
    return "^(?:" + "|".join(_region(region) for region in ("GB", "GG", "IM", "JE")) + ")$"


@functools.cache
def compiled() -> re.Pattern[str]:
    return re.compile(plan())


def drama() -> str:
    """Ofcom's numbers for drama, anchored."""
    from scanner.recognisers.uk.contact_checks import DRAMA

    return f"^(?:{DRAMA})$"
