"""Identifiers: which format a column is made of, by values, header and neighbours together."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping

from scanner.columns.dates import Days
from scanner.columns.evidence import JUDGED_ELSEWHERE, Fit, Format, measure
from scanner.columns.headers import Header
from scanner.columns.profile import Profile

HEALTH_NUMBERS = frozenset({"UK_NHS", "UK_CHI", "UK_HCN"})

_PRIOR = -8.0
"""Log-odds that an unnamed column is of one given type, before its values are seen."""

_FORM: Mapping[str, float] = {
    "EMAIL_ADDRESS": 25, "PASSPORT_MRZ": 15, "MAC_ADDRESS": 14, "IBAN_CODE": 6, "UK_POSTCODE": 6, "UK_DRIVING_LICENCE": 4,
    "UK_PNC_ID": 4, "UK_ARREST_SUMMONS_NUMBER": 4, "UK_CRO_NUMBER": 3, "UK_UPN": 3, "VIN": 2, "CREDIT_CARD": 3, "UK_NINO": 3,
    "UK_NHS": 2, "UK_CHI": 2, "UK_NMC_PIN": 1, "IMEI": 1, "UK_VEHICLE_REGISTRATION": 1, "UK_UCI": 8.5, "UK_UTR": -1, "UK_ULN": -1,
    "UK_HCN": 0, "UK_VAT_NUMBER": -2, "UK_SHARE_CODE": -1, "UK_BRP": -3, "UK_SORT_CODE": -2, "UK_COURT_CASE_REFERENCE": -2,
    "UK_PROBATION_CRN": -4, "UK_HOME_OFFICE_REFERENCE": -5, "UK_PASSPORT": -8, "UK_BANK_ACCOUNT": -8, "UK_GMC_NUMBER": -8,
    "UK_DBS_CERTIFICATE": -8, "UK_BLUE_BADGE": -10, "UK_UPRN": -10, "UK_ELECTORAL_NUMBER": -10, "UK_CRIME_REFERENCE": -12,
    "UK_COUNCIL_TAX_REFERENCE": -12, "UK_SERVICE_NUMBER": -12,
}  # fmt: skip
"""How telling the bare form is, in nats: an e-mail address needs no more, eight digits say nothing."""


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a column."""

    entity_type: str
    score: float
    """0 to 1, as reported."""
    rank: float
    """For choosing among readings only."""
    reasons: tuple[str, ...]
    fit: Fit | None = None


VARIED_START = frozenset(
    {"UK_NINO", "UK_DRIVING_LICENCE", "UK_UPN", "UK_VEHICLE_REGISTRATION", "UK_PASSPORT"}
)
"""Types whose first letters differ from person to person: one series of codes is none of them."""


def one_series(profile: Profile) -> bool:
    """True if all values begin with the same letters or two of them, as codes of one series do."""
    values = profile.decide[:400]
    if len(values) < 15 or not values[0][:1].isalpha():
        return False
    return len({_letters(v) for v in values}) <= 2


_SERIES = re.compile(r"[A-Za-z]{0,2}")


def _letters(value: str) -> str:
    found = _SERIES.match(value)
    return found[0].upper() if found else ""


def _examples(fmt: Format, profile: Profile) -> bool:
    """True for values of a range set aside for examples (HMRC's QQ…), which has one start by design."""
    values = profile.decide[:100]
    return sum(fmt.is_test(value) for value in values) >= 0.9 * len(values)


def is_isbn(profile: Profile) -> bool:
    """ISBN-10 shares its modulus with health numbers, but uses X as a digit and favours 0 and 1."""
    values = [v.replace("-", "").upper() for v in profile.decide[:400]]
    formed = [v for v in values if len(v) == 10 and v[:9].isdigit() and (v[9].isdigit() or v[9] == "X")]
    if len(formed) < max(3, 0.8 * len(values)):
        return False
    passed = sum(
        sum((10 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(v)) % 11 == 0 for v in formed
    )
    return passed >= 0.8 * len(formed) and any(v[9] == "X" for v in formed)


_SEPARATORS = re.compile(r"[ ()\-]")
_UK_NUMBER = re.compile(r"(?:0|\+440?|00440?)[1237][0-9]{8,9}")
"""National numbers as Ofcom's plan has them: geographic, corporate and mobile ranges, nine or ten digits."""


def _squash(weight: float) -> float:
    return 1 / (1 + math.exp(-weight / 4))


def _extra(entity_type: str, profile: Profile) -> float:
    """What the values have in common beyond form and check."""
    values = profile.decide[:400]
    if not values:
        return 0.0
    count = len(values)
    if entity_type == "PHONE_NUMBER":
        written = sum(
            v.lstrip("( ").startswith(("0", "+")) or (v.startswith("44") and len(v) >= 12) for v in values
        )
        if written >= 0.7 * count:
            numbered = sum(bool(_UK_NUMBER.fullmatch(_SEPARATORS.sub("", v))) for v in values)
            return 16.0 if numbered >= 0.9 * count and not profile.sequential else 10.0
        mobile = [
            d
            for v in values
            if len(d := v.replace(" ", "")) == 10 and d[0] == "7" and d[1] not in "06" and d.isdigit()
        ]
        varied = len({v[1] for v in mobile}) >= 4 and not profile.sequential
        return 13.0 if len(mobile) >= 0.85 * count and count >= 15 and varied else 0.0
    if entity_type == "IP_ADDRESS":
        return 11.0 if sum(len(v) >= 9 or ":" in v for v in values) >= 0.6 * count else 0.0
    if entity_type == "UK_SORT_CODE":
        dashed = sum(len(v) == 8 and v[2] in "-–" for v in values)
        return 15.0 if dashed >= 0.7 * count and Days(values).share < 0.25 else 0.0
    if entity_type == "UK_PRISONER_NUMBER":
        return 13.0 if count >= 10 and sum(v[:1].upper() == "A" for v in values) >= 0.8 * count else 0.0
    if entity_type == "UK_UPRN":
        return (
            23.0
            if sum(len(v) in (11, 12) and v.startswith("100") for v in values) >= 0.8 * count
            and not profile.sequential
            else 0.0
        )
    if entity_type == "UK_BANK_ACCOUNT" and count >= 30:
        firsts = {v[0] for v in values if len(v) == 8}
        return 3.0 if len(firsts) >= 9 and "0" in firsts and Days(values).share < 0.2 else 0.0
    if entity_type == "UK_POSTCODE":
        return 3.0 if profile.distinctness < 0.9 or count >= 10 else 0.0
    return 0.0


def candidates(
    profile: Profile, header: Header, known: Mapping[str, Format], bonus: Mapping[str, float]
) -> list[Candidate]:
    """Every identifier the column may be made of. `bonus`: nats from the rest of the table."""
    found: list[Candidate] = []
    if not profile.decide or (profile.wordy and profile.mean_length > 60):
        return found
    isbn = is_isbn(profile)
    for entity_type, fmt in known.items():
        if entity_type in JUDGED_ELSEWHERE or (isbn and entity_type in HEALTH_NUMBERS):
            continue
        strength = header.says(entity_type)
        fit = measure(fmt, profile)
        if not fit.passed:
            continue
        candidate = _weigh(profile, header, fmt, fit, strength, bonus.get(entity_type, 0.0))
        if candidate is not None:
            found.append(candidate)
    return found


def _weigh(
    profile: Profile, header: Header, fmt: Format, fit: Fit, strength: float, bonus: float
) -> Candidate | None:
    entity_type = fmt.entity_type
    share = fit.share
    if fit.passed < 2 and strength < 0.7:
        return None
    if entity_type in VARIED_START and one_series(profile) and not _examples(fmt, profile):
        return None
    if entity_type == "UK_VEHICLE_REGISTRATION" and profile.mean_length < 4.5 and strength < 0.9:
        return None  # `7A`: marks so short are few, and classes, rooms and cabins many
    weight = _PRIOR + fit.evidence + _FORM.get(entity_type, -4.0) + _extra(entity_type, profile) + bonus
    weight += 8 * strength
    if header.harmless:
        weight -= 3
    proof = fit.evidence >= 8 or _FORM.get(entity_type, 0) >= 6
    reasons = [f"pattern {fit.coverage:.0%} of {fit.values} distinct values"]
    if fmt.checked:
        reasons.append(f"check passed by {fit.pass_rate:.0%}, by chance {fit.chance:.0%}")
    if strength:
        reasons.append("header")
    if bonus > 0:
        reasons.append("neighbouring columns")
    if strength >= 0.7 and share >= (0.35 if strength >= 0.9 else 0.5):
        # The header and the form agree; a check must not contradict them.
        if fmt.checked and fit.pass_rate < max(0.5, 2 * fit.chance) and fit.pass_rate < 0.9:
            return None
        score = max(0.6 + 0.25 * strength * share, _squash(weight))
        rank = (2.0 if fit.evidence >= 8 and fmt.checked else 1.5) + strength + share
        return Candidate(entity_type, min(0.99, round(score, 3)), rank, tuple(reasons), fit)
    if weight > 0 and share >= (0.6 if proof else 0.8):
        return Candidate(
            entity_type,
            min(0.97, round(_squash(weight), 3)),
            1 + share + min(1.0, weight / 30),
            tuple(reasons),
            fit,
        )
    return None
