"""Published code lists that give themselves away: clinical codes, ethnic categories, offence codes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from scanner.columns.profile import Profile
from scanner.common.check_digits import verhoeff
from scanner.common.mentions import ICD10

HGVS = re.compile(
    r"(?:NM_\d+(?:\.\d+)?(?:\([A-Z0-9]+\))?:)?[cgpm]\.(?:\(?[A-Z][a-z]{2}\d+|[*-]?\d+).*|rs\d{3,10}(?:[-_ (].*)?",
    re.ASCII,
)
GENE_RESULT = re.compile(
    r"\b(?:BRCA[12]|MLH1|MSH[26]|PMS2|APOE|TP53|CFTR|HTT|PALB2|ATM|CHEK2|LDLR|F5|F8|FBN1|DMD|SMN1|HFE|HLA-[A-DRPQ]{1,3}\d?\*?)\b|\b[cgpm]\.[\dA-Z(*-]",
    re.ASCII,
)
"""A gene much tested for, or a change written in HGVS, inside a result."""
CJS = re.compile(r"[A-Z]{2}[0-9]{5}[A-Z]?")
_NHS_ETHNIC = frozenset("ABCDEFGHJKLMNPRSZ")
_SELF_DEFINED = frozenset("W1 W2 W3 W4 W9 M1 M2 M3 M9 A1 A2 A3 A4 A9 B1 B2 B9 O1 O2 O9 NS".split())
_BLOOD = re.compile(
    r"(?:A|B|AB|O|0) ?(?:rh\.? ?d? ?)?(?:\+|-|\u2212|pos|neg)(?:itive|ative|ve)?", re.IGNORECASE
)
_READ = re.compile(r"[0-9A-Za-z]{1,5}\.{0,4}(?:00|1[1-9])", re.ASCII)
"""Read codes, version 2: five characters filled up with full stops, and the term's two digits."""
_ONTOLOGY = re.compile(r"(?:HP|ORPHA|ORDO|DOID|MONDO|MESH|OMIM):[A-Z]?\d{3,8}")
_OFFICER_DEFINED = frozenset("IC1 IC2 IC3 IC4 IC5 IC6 IC9 IC0".split())
_SEN_NEEDS = frozenset("SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD OTH NSA DS".split())
_ENDORSEMENTS = re.compile(
    r"(?:AC[123]0|BA[1346]0|CD[1-9]0|CD33|CU[1-8]0|DD[1-9]0|DR[1-9]0|DR31|DR61|DG[1-9]0|IN10|LC[2-5]0|MR[0-5]9|"
    r"MS[1-9]0|MW10|PC[123]0|SP[1-6]0|TS[1-7]0|TT99|UT50|XX99|MS19)"
)
"""DVLA endorsement codes (gov.uk, penalty points and endorsement codes)."""
_COMMON_ICD = frozenset(
    "I10 E11 E10 E78 E66 E03 J45 J44 J18 J06 J22 F32 F33 F41 F20 F31 F10 F03 F84 F90 F43 F60 G40 G43 G20 G30 G35 I20 I21 I25 I48 I50 I63 I64 I26 I80 K21 K25 "
    "K29 K35 K40 K50 K51 K52 K57 K59 K80 L20 L40 L03 M16 M17 M54 M79 M81 M06 M10 N18 N39 N17 N40 N20 C50 C34 C61 C18 C20 C43 C44 C25 C67 D64 D50 B20 B18 "
    "A09 A41 O80 O82 Z51 Z38 S72 S52 S82 S06 S09 T78 R07 R10 R55 R69 U07 H25 H26 H40 H90 H35 J20 J30 J40 J47 I60 I61 I69 I73 I83 E05 E86 E87".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """How much of a column is of one category."""

    entity_type: str
    distinct: float
    """Share of telling distinct values found."""
    cells: float
    """Share of their cells."""
    strong: float
    """Share of distinct values found that are telling by themselves."""
    kinds: int
    """Distinct entries found."""
    note: str = ""


def _within(profile: Profile, values: Sequence[str], listed: frozenset[str]) -> bool:
    """True if all but the odd slip of these cells are codes of the list."""
    cells = sum(profile.counts[v] for v in values)
    inside = sum(profile.counts[v] for v in values if v.upper().replace(" ", "") in listed)
    return inside >= 0.95 * cells


def published(profile: Profile) -> Said | None:
    """Published code lists that give themselves away by what they hold and leave out."""
    values = profile.common if len(profile.common) <= 400 else profile.decide
    upper = {v.upper() for v in values}
    size = len(upper)
    if not size:
        return None
    if (
        size >= 5
        and _within(profile, values, _SELF_DEFINED)
        and len({v[0] for v in upper & _SELF_DEFINED}) >= 3
    ):
        return Said("ETHNICITY", 1, 1, 1, size, "police self-defined ethnicity codes")
    if (
        size >= 7
        and _within(profile, values, _NHS_ETHNIC)
        and "A" in upper
        and len(upper & set("JKLMNPRSZ")) >= 3
    ):
        counts = profile.counts
        top = max(counts, key=lambda v: counts[v])
        if top.upper() == "A" and counts[top] >= 0.3 * profile.total:
            return Said("ETHNICITY", 1, 1, 1, size, "NHS ethnic category codes")
    if size >= 3 and sum(bool(_BLOOD.fullmatch(v)) for v in values) >= 0.95 * len(values):
        return Said("HEALTH", 1, 1, 1, size, "blood groups")
    if sum(bool(_ONTOLOGY.fullmatch(v)) for v in values) >= 0.9 * len(values):
        return Said(
            "HEALTH", 1, 1, 1, size, "identifiers of illnesses or their signs (HPO, Orphanet, MONDO, MeSH)"
        )
    read = [v for v in values if len(v) == 7 and _READ.fullmatch(v)]
    if size >= 4 and len(read) >= 0.9 * len(values) and sum("." in v for v in read) >= 0.5 * len(read):
        return Said("HEALTH", 1, 1, 1, size, "Read codes")
    form = [v for v in values if ICD10.fullmatch(v)]
    if size >= 4 and len(form) >= 0.85 * len(values):
        common = sum(v[:3].upper() in _COMMON_ICD for v in form) / len(form)
        dotted = sum("." in v for v in form) / len(form)
        chapters = len({v[0].upper() for v in form})
        if chapters < 3 and dotted < 0.3:
            common = 0.0  # one series of codes
        if (common >= 0.3 and (size >= 8 or dotted >= 0.2 or common >= 0.6)) or (
            dotted >= 0.3 and chapters >= 5 and common >= 0.1
        ):
            return Said("HEALTH", 1, 1, 1, size, "ICD-10 codes")
    snomed = [v for v in values if v.isdecimal() and 6 <= len(v) <= 18 and is_snomed(v)]
    if size >= 8 and len(snomed) >= 0.9 * len(values):
        return Said("HEALTH", 1, 1, 1, size, "SNOMED CT identifiers (Verhoeff check)")
    if size >= 4 and _within(profile, values, _OFFICER_DEFINED):
        return Said("ETHNICITY", 1, 1, 1, size, "police officer-defined ethnicity codes")
    if size >= 4 and _within(profile, values, _SEN_NEEDS):
        return Said("HEALTH", 1, 1, 1, size, "special educational needs codes of the school census")
    endorsed = [v for v in values if _ENDORSEMENTS.fullmatch(v.upper())]
    if size >= 4 and len(endorsed) >= 0.9 * len(values):
        return Said("CRIMINAL_OFFENCE", 1, 1, 1, size, "driving endorsement codes")
    cjs = [v for v in values if CJS.fullmatch(v)]
    if size >= 4 and len(cjs) >= 0.9 * len(values):
        known = sum(
            v[:2]
            in (
                "TH",
                "CJ",
                "RT",
                "MD",
                "OF",
                "PU",
                "SX",
                "CD",
                "FI",
                "PC",
                "CL",
                "PH",
                "FA",
                "PA",
                "LP",
                "RR",
                "CA",
                "BA",
                "CR",
                "FR",
                "MC",
                "ZP",
            )
            for v in cjs
        )
        if known >= 0.6 * len(cjs) and sum(int(v[2:4]) >= 60 or int(v[2:4]) <= 30 for v in cjs) >= 0.9 * len(
            cjs
        ):
            return Said("CRIMINAL_OFFENCE", 1, 1, 1, size, "offence codes of the criminal justice system")
    genotype = [v for v in values if re.fullmatch(r"[ACGT]/?[ACGT]", v)]
    if size >= 5 and len(genotype) >= 0.9 * len(values):
        return Said("GENETIC", 1, 1, 1, size, "genotypes")
    return None


def is_snomed(value: str) -> bool:
    """SNOMED CT concept or description identifier: partition and Verhoeff digit (SNOMED CT release file specification)."""
    if value[-3:-1] not in ("00", "01", "10", "11"):
        return False
    return verhoeff(value)
