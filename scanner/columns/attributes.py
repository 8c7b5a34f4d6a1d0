"""Names, addresses, birthdays, ages, pay, logins: kinds whose values have no check."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence

from scanner.columns.dates import Days
from scanner.columns.headers import Header
from scanner.columns.identify import Candidate
from scanner.columns.people import Names, look
from scanner.columns.places import AddressShares
from scanner.columns.profile import Profile, sample
from scanner.columns.written import HASHED, numbered_names
from scanner.common.lexicon import words
from scanner.model import Detection

Ask = Callable[[Sequence[str]], list[list[Detection]]]

_MONEY = re.compile(
    r"[£$€]? ?-?\d[\d,]*(?:\.\d{1,2})?(?: ?(?:k|pa|p\.a\.|per annum|pcm|per month|per hour|p/h))?",
    re.IGNORECASE,
)
_PAY_BAND = re.compile(
    r".*\d.*(?:-|–|to|\+|over|under|up to|less).*|(?:over|under|up to|less than) .*\d.*", re.IGNORECASE
)
_AGE = re.compile(r"(?:1[01]\d|\d{1,2})(?:\.0)?(?: ?(?:y|yrs?|years?|years old))?", re.IGNORECASE)
_AGE_BAND = re.compile(
    r"[\[(]\d{1,3}[-,] ?\d{1,3}[)\]]|\d{1,3} ?(?:-|–|to) ?\d{1,3}(?: years)?|(?:under|over|<|>|<=|>=|(?:less|more|greater|older|younger) than) ?\d{1,3}|\d{1,3} ?(?:\+|and over|or over|plus|and above)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?:[\w.-]{2,20}\\)?[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+){0,3}")
_OPAQUE = re.compile(r"(?:[a-z]{1,4}[_-])?[0-9a-f]{8,}(?:-[0-9a-f]{4,})*")
_NAMED_LOGIN = re.compile(
    r"([a-z]{1,2}|[a-z]+)[._-]?([a-z']{3,})\d{0,4}|([a-z]{3,})[._]?[a-z]\d{0,4}", re.IGNORECASE
)


@dataclasses.dataclass
class Looks:
    """What the values look like as names, dates and places; computed once a column."""

    names: Names
    days: Days
    address: AddressShares


def looks(profile: Profile) -> Looks:
    values = profile.decide
    text = [v for v in sample(values, 600) if len(v) <= 120]
    date_like = sum(1 for v in values[:40] if v[:1].isdigit() or v[-4:].isdigit()) * 2 >= min(40, len(values))
    days = Days(values if date_like else [])
    letters = sum(1 for v in text[:60] if v[:1].isalpha())
    names = look(text) if letters * 4 >= min(60, len(text)) else Names(*[0.0] * 11)
    return Looks(
        names, days, AddressShares(text) if letters or profile.mean_length >= 6 else AddressShares([])
    )


def person(profile: Profile, header: Header, seen: Looks, ask: Ask | None) -> Candidate | None:
    """Names of people, whole or in part."""
    n = seen.names
    says = header.says("PERSON")
    if n.lettered < 0.6 or not profile.decide:
        return None
    multi = 1 - n.single
    single = max(n.fore, n.sur)
    strongest = n.full + single
    reasons = [f"lexicon names {min(1.0, strongest):.0%} of distinct values"]
    if n.organisation >= 0.3 and n.full < 0.5:
        return None
    if header.says("ADDRESS") >= 0.7 and says < 0.7:
        return None  # `City`: places bear the names of people
    if says >= 0.7 and not header.harmless:
        need = 0.22 if says >= 0.9 else 0.45 if header.words[-1:] == ("name",) else 0.3
        if _few(profile) and n.weak + n.dull >= 0.5:
            return None  # `Home`, `Council`: a few everyday words again and again
        # A single common header word (`owner`, `manager`) may also head teams or roles.
        if (
            strongest >= need
            and (n.weak < 0.5 * strongest or strongest >= 0.5)
            and n.place < max(0.5, single)
        ):
            score = 0.7 + 0.29 * min(1.0, strongest)
            return Candidate(
                "PERSON", round(score, 3), 1.5 + says + min(1.0, strongest), (*reasons, "header")
            )
        if (
            _NAME_WORDS.intersection(header.words) and n.lettered >= 0.85 and profile.mean_words <= 4 and len(profile.decide) >= 8 and profile.total <= 20 * len(profile.decide)
            and n.dull <= 0.15 and n.organisation <= 0.05 and n.place < 0.4 and profile.mean_length >= 3
        ):  # fmt: skip
            # Names that no list has; the header says so and nothing in the values gainsays it.
            return Candidate("PERSON", 0.65, 1.6 + says, (*reasons, "header"))
        if ask is not None and strongest >= 0.08 and n.organisation < 0.2:
            share = model_share(ask, profile)
            if share >= 0.4:
                return Candidate(
                    "PERSON",
                    round(0.5 + 0.4 * share, 3),
                    1.5 + share,
                    (*reasons, "header", f"model {share:.0%} of a sample"),
                )
        return None
    distinct = len(profile.decide)
    strict = 0.05 if header.harmless else 0.0
    if multi >= 0.5:
        if n.dull > 0.2 and n.full < 0.9:
            return None  # titles of books and films: people's names among other words
        if n.full >= 0.55 + strict and distinct >= 3 and (n.full >= 0.6 * multi):
            return Candidate("PERSON", round(0.45 + 0.5 * n.full, 3), 1 + n.full, tuple(reasons))
        if (
            ask is not None
            and not header.harmless
            and n.full >= 0.35
            and n.organisation < 0.15
            and distinct >= 3
        ):
            share = model_share(ask, profile)
            if share >= 0.6:
                return Candidate(
                    "PERSON",
                    round(0.4 + 0.4 * share, 3),
                    1 + share,
                    (*reasons, f"model {share:.0%} of a sample"),
                )
        return None
    if distinct < 6 or n.single < 0.5 or (distinct < 40 and profile.total > 8 * distinct):
        return None  # few words that come back again and again are kinds of things
    if distinct < 15 and header.other:
        return None
    certain = single - n.weak
    if (
        single >= 0.72 + strict
        and certain >= 0.5 + strict
        and single > n.place + 0.12
        and profile.mean_length >= 3
    ):
        return Candidate("PERSON", round(0.3 + 0.55 * single, 3), 1 + 0.7 * single, tuple(reasons))
    return None


def _few(profile: Profile) -> bool:
    """Half a dozen values that come back again and again."""
    return len(profile.decide) <= 6 and profile.total > 15 * len(profile.decide)


_NAME_WORDS = frozenset(
    "forename surname forenames surnames first last given family middle maiden middlename full name names fullname".split()
)
"""Header words that say `name of a person` and hardly anything else."""


def model_share(ask: Ask, profile: Profile) -> float:
    """Share of a sample of distinct values that a names model takes for a person."""
    values = sample(profile.decide, 80)
    found = ask(values)
    hits = sum(
        any(d.entity_type == "PERSON" and d.end - d.start >= 0.5 * len(v) for d in ds)
        for v, ds in zip(values, found, strict=True)
    )
    return hits / len(values) if values else 0.0


_AREAS = frozenset(
    "ward district region constituency authority council area borough parish lsoa msoa zone country nation division".split()
)
"""Header words of areas, which are no part of an address."""


def address(profile: Profile, header: Header, seen: Looks, beside: bool) -> Candidate | None:
    """Postal addresses and their parts. `beside`: a neighbouring column holds a part of one."""
    a = seen.address
    says = header.says("ADDRESS")
    if not profile.decide or seen.days.share > 0.5 or "@" in profile.decide[0]:
        return None
    if a.full >= 0.45:
        return Candidate(
            "ADDRESS", round(0.6 + 0.39 * a.full, 3), 2 + a.full, (f"form of an address {a.full:.0%}",)
        )
    if _AREAS.intersection(header.words) and a.full < 0.2:
        return None
    part = a.full + a.street + a.town
    if beside:
        part += a.built
    tail = header.words[-1] if header.words else ""
    if says >= 0.7:
        numeric_house = (
            "house" in header.words
            or "flat" in header.words
            or "paon" in header.words
            or "saon" in header.words
            or "building" in header.words
        ) and profile.mean_length <= 20
        if (
            part + a.numbered >= 0.12
            or numeric_house
            or (beside and profile.numeric_share < 0.3 and seen.names.lettered >= 0.3)
        ):
            if tail in ("city", "county", "locality", "town") and not beside and a.town < 0.5:
                return None
            return Candidate(
                "ADDRESS",
                round(0.65 + 0.3 * min(1.0, part), 3),
                1.5 + says + min(1.0, part),
                (f"parts of addresses {min(1.0, part):.0%}", "header"),
            )
        return None
    repeated = len(profile.decide) < 40 and profile.total > 6 * len(profile.decide)
    if a.full + a.street >= (0.8 if header.harmless else 0.6) and (
        beside or a.full >= 0.3 or (a.street >= 0.85 and len(profile.decide) >= 8) or not repeated
    ):
        return Candidate(
            "ADDRESS", round(0.4 + 0.4 * (a.full + a.street), 3), 1 + a.full + a.street, ("street names",)
        )
    if (
        beside
        and part >= (0.85 if header.harmless else 0.7)
        and len(profile.decide) >= 3
        and not _AREAS.intersection(header.words)
    ):
        return Candidate(
            "ADDRESS", round(0.35 + 0.4 * part, 3), 0.9 + part, ("place names", "neighbouring columns")
        )
    return None


_DATED = frozenset(
    "date died death created updated modified start end opened closed received issued expiry expires due hired joined left review "
    "year built time on married registered appointed referral admission discharge commenced completed logged effective".split()
)
"""Header words of other dates than birthdays."""


_INFANTS = frozenset("baby babys infant newborn neonate".split())


def birth(
    profile: Profile, header: Header, seen: Looks, today: dt.date, people_near: bool
) -> Candidate | None:
    """Dates of birth among dates."""
    says = header.says("DATE_OF_BIRTH")
    values = profile.decide
    if not values:
        return None
    days = seen.days
    if says >= 0.9 and _INFANTS.intersection(header.words) and days.share >= 0.8 and days.at(0.98) <= today:
        return Candidate("DATE_OF_BIRTH", 0.9, 3 + says, ("header", "dates of births of late"))
    if days.timed:
        return None
    if says >= 0.7 and days.share < 0.5:
        years = [int(v) for v in values if v.isdecimal() and len(v) == 4]
        old = "year" in header.words or "yob" in header.words or (years and min(years) <= today.year - 30)
        if (
            old
            and len(years) >= 0.9 * len(values)
            and years
            and all(today.year - 115 <= y <= today.year for y in years)
        ):
            return Candidate("DATE_OF_BIRTH", 0.8, 2 + says, ("header", "plausible years"))
        return None
    if days.share < 0.6:
        return None
    if says >= 0.7:
        grown = days.share >= 0.8 and (today - days.at(0.98)).days > 5 * 365 and not days.office_days
        if days.at(0.5) > today or (not grown and not days.could_be_births(today) and days.count >= 8):
            return None
        return Candidate("DATE_OF_BIRTH", 0.96, 3 + says, ("header", "dates of plausible ages"))
    strict = bool(_DATED.intersection(header.words))
    if days.look_like_births(today) and (days.share >= 0.9 or "." not in values[0]):
        if strict and not (days.spread_years >= 35 and days.at(0.5).year <= today.year - 30):
            return None
        return Candidate(
            "DATE_OF_BIRTH", 0.75 if people_near else 0.65, 1.8, ("dates spread over the ages of people",)
        )
    if (
        people_near
        and not strict
        and (days.share >= 0.9 or "." not in values[0])
        and days.count >= 12
        and days.could_be_births(today)
    ):
        recent = days.at(0.97)
        if (today - recent).days >= 3.5 * 365 and days.spread_years >= 5 and days.weekend_share >= 0.15:
            return Candidate("DATE_OF_BIRTH", 0.6, 1.6, ("dates of plausible ages", "neighbouring columns"))
    return None


def age(profile: Profile, header: Header) -> Candidate | None:
    says = header.says("AGE")
    if says < 0.7 or not profile.decide:
        return None
    values = profile.decide
    plain = sum(bool(_AGE.fullmatch(v)) for v in values)
    banded = sum(bool(_AGE_BAND.fullmatch(v)) for v in values)
    if plain + banded >= 0.85 * len(values):
        return Candidate("AGE", 0.9 if plain >= banded else 0.75, 2 + says, ("header", "plausible ages"))
    return None


def pay(profile: Profile, header: Header) -> Candidate | None:
    says = header.says("SALARY")
    if says < 0.7 or not profile.decide:
        return None
    values = profile.decide
    money = sum(bool(_MONEY.fullmatch(v)) for v in values)
    bands = sum(bool(_PAY_BAND.fullmatch(v)) for v in values)
    if money >= 0.8 * len(values):
        return Candidate("SALARY", 0.85, 2 + says, ("header", "amounts"))
    if money + bands >= 0.8 * len(values) and says >= 0.9:
        return Candidate("SALARY", 0.65, 2 + says, ("header", "bands of amounts"))
    return None


def login(profile: Profile, header: Header, seen: Looks) -> Candidate | None:
    """User names: by header, or built from people's names."""
    values = sample(profile.decide, 500)
    if not values:
        return None
    says = header.says("USERNAME")
    formed = [v for v in values if _LOGIN.fullmatch(v) and len(v) <= 40]
    named = sum(_from_name(v) for v in formed)
    if says >= 0.7:
        full = seen.names.full
        if (
            len(formed) >= 0.6 * len(values)
            and full < 0.5
            and seen.names.fore < 0.8
            and profile.numeric_share < 0.3
        ):
            hexes = sum(bool(_OPAQUE.fullmatch(v.lower())) for v in values)
            if hexes < 0.5 * len(values) and not profile.sequential:
                return Candidate("USERNAME", 0.85, 1.8 + says, ("header", "form of user names"))
        return None
    if len(values) < 8 or numbered_names(values):
        return None
    if named >= (0.65 if header.harmless else 0.5) * len(values):
        return Candidate("USERNAME", 0.7, 1.5, ("user names built from names",))
    return None


def _from_name(value: str) -> bool:
    """`jsmith4`, `j.smith`, `jane.smith`, `smithj`: a surname with initial or forename, marked as a login."""
    if value[:1].isupper() and not any(c in "._" or c.isdigit() for c in value):
        return False
    value = value.rpartition("\\")[2]
    found = _NAMED_LOGIN.fullmatch(value)
    if not found:
        return False
    surnames, forenames, everyday = words("surnames"), words("forenames"), words("everyday")
    core = re.sub(r"\d+$", "", value.lower()).replace("-", "")
    if core in surnames or core in forenames or core in everyday:
        return (
            bool(re.search(r"\d$", value))
            and (core in surnames or core in forenames)
            and core not in everyday
        )
    if "." in core or "_" in core:
        left, _, right = core.replace("_", ".").partition(".")
        return right in surnames and (len(left) <= 2 or left in forenames)
    if any(
        (core[:at] in surnames and core[at:] in forenames)
        or (core[:at] in forenames and core[at:] in surnames)
        for at in range(3, len(core) - 2)
    ):
        return True
    return (
        (core[1:] in surnames and len(core) >= 5)
        or (core[2:] in surnames and len(core) >= 6)
        or (core[:-1] in surnames and len(core) >= 6)
    )


_MARK = re.compile(r"[!#$%^&*@?~()+_]")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[^\s/=]{7,24}")


def secret(profile: Profile, header: Header) -> Candidate | None:
    """Passwords and their like: a header tells, or values that mix letters, digits and marks as
    only rules for passwords make people do."""
    values = sample(profile.decide, 300)
    if values and sum(bool(HASHED.fullmatch(v)) for v in values) >= 0.8 * len(values):
        return Candidate("PASSWORD", 0.9, 2.8, ("form of stored passwords",))
    if header.says("PASSWORD") < 0.7:
        if (
            max(Counter(v[:2] for v in values).values(), default=0) >= 0.8 * len(values)
            or len({v[-4:] for v in values}) <= 2
        ):
            return None  # keys that a system gives: `cus_…`, `….jpg`
        mixed = [v for v in values if _MIXED.fullmatch(v) and _MARK.search(v[1:])]
        if len(values) >= 15 and len(mixed) >= 0.8 * len(values) and not header.harmless:
            return Candidate("PASSWORD", 0.65, 1.5, ("letters, digits and marks mixed",))
        return None
    if not values:
        return None
    spaced = sum(" " in v for v in values)
    if spaced <= 0.3 * len(values) and profile.mean_length >= 4 and Days(values).share < 0.5:
        return Candidate("PASSWORD", 0.85, 2.8, ("header",))
    return None


def device(profile: Profile, header: Header) -> Candidate | None:
    values = sample(profile.decide, 300)
    if header.says("DEVICE_ID") < 0.7 or not values:
        return None
    opaque = sum(len(v) >= 8 and " " not in v and any(c.isdigit() for c in v) for v in values)
    if opaque >= 0.7 * len(values) and not profile.sequential:
        return Candidate("DEVICE_ID", 0.8, 1.9 + header.says("DEVICE_ID"), ("header", "opaque identifiers"))
    return None
