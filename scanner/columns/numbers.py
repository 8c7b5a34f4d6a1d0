"""Numbers whose form says little without their name: telephones of any country, postal codes, bare hardware
addresses, numbers that were never issued."""

from __future__ import annotations

import re

from scanner.columns.dates import Days
from scanner.columns.headers import Header
from scanner.columns.identify import Candidate, one_series
from scanner.columns.profile import Profile, sample
from scanner.columns.written import ZIP

_NORTH_AMERICAN = re.compile(
    r"(?:(?:\+|00)?1[-. ]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}(?: ?(?:x|ext\.?) ?\d{1,5})?"
)
"""Written numbers of the North American plan (NANP); area code and exchange begin with 2 to 9."""
_ANYWHERE = re.compile(
    _NORTH_AMERICAN.pattern
    + r"|\+\d[\d ().\-/]{8,20}|\(?0\d{1,5}[) \-]+[\d \-]{5,12}|0[1-9]\d{8,9}(?:x\d+)?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_DIGITS = range(9, 19)
"""Digits of a number with its area and country, and perhaps an extension."""
_EXTENSION = re.compile(r" ?(?:x|ext\.?) ?\d{1,5}\Z", re.IGNORECASE)
_DIALLED = re.compile(r"[+(]?\d[\d ()./\-]{5,20}\d(?: ?(?:x|ext\.?) ?\d{1,5})?", re.IGNORECASE)


def dialled(profile: Profile, header: Header) -> Candidate | None:
    """Telephone numbers of other countries or old styles: digits and brackets under a clear header."""
    values = sample(profile.decide, 300)
    if not values or profile.sequential:
        return None
    formed = sum(
        bool(_DIALLED.fullmatch(v)) and 8 <= sum(c.isdigit() for c in _EXTENSION.sub("", v)) <= 15
        for v in values
    )
    if header.says("PHONE_NUMBER") < 0.9:
        american = sum(bool(_NORTH_AMERICAN.fullmatch(v)) for v in values)
        abroad = sum(bool(_ANYWHERE.fullmatch(v)) and len(_DIGIT.findall(v)) in _DIGITS for v in values)
        parted = sum(any(c in v for c in "+() -") for v in values)
        if (
            len(values) >= 15
            and not header.harmless
            and abroad >= 0.8 * len(values)
            and parted >= 0.6 * len(values)
            and formed >= 0.9 * len(values)
            and Days(values).share < 0.1
            and len({v[:2] for v in values}) >= 4
        ):
            return Candidate("PHONE_NUMBER", 0.65, 1.6, ("form of telephone numbers of several countries",))
        if len(values) >= 5 and american >= 0.5 * len(values) and formed >= 0.9 * len(values):
            return Candidate("PHONE_NUMBER", 0.65, 1.6, ("form of North American telephone numbers",))
        return None
    marked = sum(any(c in v for c in "+()- /.") or v.startswith("0") for v in values)
    if formed >= 0.8 * len(values) and marked >= 0.6 * len(values) and Days(values).share < 0.3:
        return Candidate("PHONE_NUMBER", 0.65, 2.0, ("header", "form of telephone numbers"))
    return None


def zip_code(profile: Profile, header: Header, beside: bool) -> Candidate | None:
    """Postal codes of other countries, under their own name: a part of an address."""
    values = sample(profile.decide, 200)
    named = beside or not {"zip", "zipcode", "plz", "pstlz"}.isdisjoint(header.words)
    if header.says("UK_POSTCODE") < 0.7 or not named or not values or profile.sequential:
        return None
    formed = sum(3 <= len(v) <= 10 and bool(ZIP.fullmatch(v)) for v in values)
    if formed >= 0.85 * len(values) and Days(values).share < 0.2:
        return Candidate("ADDRESS", 0.7, 1.3, ("header", "form of postal codes"))
    return None


_BARE_MAC = re.compile(r"[0-9a-f]{12}", re.IGNORECASE)


def bare_mac(profile: Profile, header: Header) -> Candidate | None:
    """Hardware addresses without marks, under their own name."""
    values = sample(profile.decide, 200)
    if header.says("MAC_ADDRESS") < 0.7 and not {"mac", "bssid"} & set(header.words):
        return None
    if values and sum(bool(_BARE_MAC.fullmatch(v)) for v in values) >= 0.9 * len(values):
        return Candidate("MAC_ADDRESS", 0.8, 2.0, ("header", "twelve hexadecimal digits"))
    return None


_UNISSUED = {
    "UK_NINO": re.compile(r"[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z]", re.IGNORECASE),
    "UK_VEHICLE_REGISTRATION": re.compile(r"[A-Z]{2}\d\d ?[A-Z]{3}", re.IGNORECASE),
}


def unissued(profile: Profile, header: Header) -> Candidate | None:
    """Numbers of a telling form under their own name that were never issued: test data or slips of
    a system. They are reported, for a register of real people may hold them too."""
    values = sample(profile.decide, 300)
    for entity_type, form in _UNISSUED.items():
        if header.says(entity_type) >= 0.9 and values:
            formed = sum(bool(form.fullmatch(v)) for v in values)
            made_up = all(v[:2].upper() == "ZZ" for v in values)  # what test systems write for a NINO
            if formed >= 0.9 * len(values) and (made_up or not one_series(profile)):
                return Candidate(
                    entity_type, 0.6, 1.2, ("header", "form of the number, outside what is issued")
                )
    return None
