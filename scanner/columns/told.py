"""Special categories and offences that only the column's name tells, believed where the table is about people.

No list holds every answer to `Access arrangement`, `Plea` or `Fit for role`. Where a name says clearly what a
column is, people stand in the same table and nothing in the values gainsays it, it is taken at its word.
A name that other things bear as well (`Result`, `Treatment`) is believed only beside columns of its own kind.
"""

from __future__ import annotations

import re
from collections.abc import Set

from scanner.columns.attributes import Looks
from scanner.columns.categories import AMBIGUOUS, ANSWERS, CATEGORIES, MEASURES, NO_ANSWER, Verdict, said
from scanner.columns.headers import Header
from scanner.columns.profile import Profile

SPECIAL = frozenset(CATEGORIES) - {"GENDER", "MARITAL_STATUS", "NATIONALITY"}
_OPEN = ("HEALTH", "CRIMINAL_OFFENCE", "GENETIC", "BIOMETRIC")
"""Categories of so many words that no list has them all; of the others an answer on no list is none."""

_KIN = {
    "HEALTH": frozenset({"UK_NHS", "UK_CHI", "UK_HCN", "HEALTH", "GENETIC"}),
    "GENETIC": frozenset({"UK_NHS", "UK_CHI", "UK_HCN", "HEALTH", "GENETIC"}),
    "CRIMINAL_OFFENCE": frozenset(
        {
            "UK_PNC_ID",
            "UK_CRO_NUMBER",
            "UK_ARREST_SUMMONS_NUMBER",
            "UK_PRISONER_NUMBER",
            "UK_PROBATION_CRN",
            "UK_COURT_CASE_REFERENCE",
            "CRIMINAL_OFFENCE",
        }
    ),
}
"""Types that make a table one of health, or of justice."""
_SHARED = {
    "CRIMINAL_OFFENCE": frozenset("result results plea disposal sentence verdict penalty".split()),
    "HEALTH": frozenset("result results finding findings test tests".split()),
}
"""Names that mean an office's own business: what a court found, what a test showed."""
_FILLING = frozenset("code desc description type text name 1 2 3 the of court".split())
_CLOSED = 40
"""Different answers of a closed question, at most."""
_DULL = frozenset(
    "open closed pending active inactive complete completed cancelled canceled approved rejected draft new ongoing progress submitted processed "
    "processing paid unpaid overdue received sent awaiting queued resolved live archived expired renewed booked offered accepted allocated waiting "
    "department finance housing highways planning legal estates procurement digital customer council office ward room floor building site road street "
    "band grade house flat terraced detached semi-detached bungalow maisonette owner rented email post online phone web small medium large "
    "low high standard urgent routine english maths mathematics science history geography art music business computing engineering accounting monday "
    "tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december ltd".split()
)
"""States of cases, offices, rooms, sizes, subjects, days: of a table whose column bears the wrong name."""
_KEYS = frozenset("id number reference identifier uuid guid".split())
_OTHERS = frozenset(
    "tree crop plant animal cattle livestock herd flock vehicle software font product engine".split()
)
"""What has diseases, defects, variants and breaches, and is nobody."""
_GRADES = frozenset("must news tier stage score".split())
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9/_.\-]{5,}")


def told(profile: Profile, header: Header, seen: Looks, types: Set[str | None]) -> Verdict | None:
    """The special category that the name says, or None. `types`: of the other columns of the table."""
    if not profile.counts or not _OTHERS.isdisjoint(header.words):
        return None
    for entity_type, relatives in _KIN.items():
        if types & relatives and entity_type != "GENETIC" and not header.harmless and not profile.wordy:
            share = said(entity_type, profile)
            if share.kinds >= 2 and share.distinct >= 0.34 and share.cells >= 0.3:
                reason = (
                    f"lexicon {entity_type.lower().replace('_', ' ')} {share.distinct:.0%} of distinct values"
                )
                return Verdict(entity_type, 0.6, (reason, "neighbouring columns"))
    for entity_type in sorted(_OPEN, key=lambda t: -header.says(t)):
        kin = bool(types & _KIN.get(entity_type, frozenset()))
        if header.says(entity_type) >= 0.9 and not header.harmless:
            if not kin and (
                AMBIGUOUS.issuperset(w for w in header.words if w not in _FILLING)
                or not (_yes_or_no(profile) or said(entity_type, profile).kinds)
            ):
                continue
        elif not (kin and _shared(entity_type, header)):
            continue
        if _plausible(entity_type, profile, header, seen, kin=kin):
            reason = "header " + entity_type.lower().replace("_", " ")
            return Verdict(entity_type, 0.6, (reason, "a table about people"), coded=True)
    return None


def _shared(entity_type: str, header: Header) -> bool:
    left = {w for w in header.words if w not in _FILLING}
    return 1 <= len(left) <= 2 and left <= _SHARED.get(entity_type, frozenset())


def _yes_or_no(profile: Profile) -> bool:
    values = {v.lower() for v in profile.counts if profile.counts[v] > 0.01 * profile.total}
    left = {v for v in values if not NO_ANSWER.search(v)}
    return 1 <= len(left) <= 5 and len(left & ANSWERS) >= min(2, len(left))


def _plausible(entity_type: str, profile: Profile, header: Header, seen: Looks, *, kin: bool) -> bool:
    """Nothing in the values gainsays the name: no dates, names, references, figures."""
    if seen.days.share >= 0.3 or seen.names.full >= 0.4 or seen.names.organisation >= 0.3:
        return False
    if profile.wordy or sum(not _DULL.isdisjoint(v.split()) for v in profile.normal) > 0.3 * len(
        profile.normal
    ):
        return False
    if profile.numeric_share > 0.4:
        measured = entity_type == "HEALTH" and bool(MEASURES.search(" ".join(header.words)))
        graded = (
            kin
            and not _GRADES.isdisjoint(header.words)
            and len(profile.common) <= 12
            and max(map(len, profile.common)) <= 3
        )
        return graded or (measured and not profile.sequential)
    if _yes_or_no(profile):
        return True
    values = profile.decide
    if MEASURES.search(" ".join(header.words)) and sum(
        v[0].isdigit() and len(v) <= 8 for v in values
    ) > 0.8 * len(values):
        return True  # `38+2`, `120/80`
    if profile.mean_words < 1.5 and sum(bool(_CODE.fullmatch(v)) for v in values) > 0.5 * len(values):
        return (
            len(profile.common) <= _CLOSED
            and profile.distinctness < 0.2
            and profile.mean_length <= 12
            and not _KEYS.intersection(header.words)
        )
    if "@" in values[0] or values[0].startswith(("http", "/", "{", "[")):
        return False
    return profile.mean_words >= 2.5 or len(profile.common) <= max(_CLOSED, 0.5 * profile.total)
