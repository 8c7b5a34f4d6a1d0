"""Published code lists that give themselves away: clinical codes, ethnic categories, offence codes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from scanner.columns.profile import Profile
from scanner.common.check_digits import verhoeff
from scanner.common.mentions import ICD10

HGVS = re.compile(
    r"(?:NM_\d+(?:\.\d+)?(?:\([A-Z0-9]+\))?:)?[cgpm]\.(?:\(?[A-Z][a-z]{2}\d+|[*-]?\d+).*|rs\d{3,10}(?:[-_ (].*)?",
    re.ASCII,
)
GENE_RESULT = re.compile(
    r"\b(?:BRCA[12]|MLH1|MSH[26]|PMS2|APOE|TP53|CFTR|HTT|PALB2|ATM|CHEK2|LDLR|APOB|PCSK9|MUTYH|APC|RAD51[CD]|CDH1|PTEN|STK11|NF[12]|VHL|RET|MEN1|SDH[ABCD]|FMR1|HBB|HBA[12]|GJB2|MYBPC3|MYH7|KCN[QH][12]|SCN5A|LMNA|TTN|F5|F8|FBN1|DMD|SMN1|HFE|HLA-[A-DRPQ]{1,3}\d?\*?)\b|\b[cgpm]\.[\dA-Z(*-]",
    re.ASCII,
)
"""A gene much tested for, or a change written in HGVS, inside a result."""
CJS = re.compile(r"[A-Z]{2}[0-9]{5}[A-Z]?")
_FORMS: Mapping[str, re.Pattern[str]] = {
    "GENETIC": re.compile(
        r"4[4-9],[XY]{1,4}(?:,.*)?|45,X.*|(?:D\d{1,2}S\d{2,4}|vWA|FGA|TH01|TPOX|CSF1PO|SE33|Penta [DE]|Amelogenin)\b[ :=]+[\dXY.]+.*"
        r"|(?:APOE )?[eE\u03b5][234] ?/ ?[eE\u03b5][234]|CYP\d[A-Z]\d+ .*|.*\b(?:hetero|homo|hemi)zyg.*"
        r"|(?:[Ll]ow(?:er)?|[Hh]igh(?:er)?|[Ii]ncreased)[ -](?:chance|risk)\b.*\b[Tt](?:risomy )?(?:21|18|13)\b.*"
    ),
    "HEALTH": re.compile(
        r"[cpyr]{0,3}T(?:[0-4][a-d]?|is|x|X) ?[cp]?N[0-3xX][a-c]? ?[cp]?M[01xX][a-c]?"
        r"|(?:[Ss]|[Ss]ec(?:tion)?|[Ss]\.) ?(?:117|135|136|37/41|47/49|48/49|5\(2\)|5\(4\)|17A)(?: .*)?|MHA .*"
        r"|(?:Hb|WCC|WBC|CRP|eGFR|Na|ALT|ALP|TSH|HbA1c|PSA|INR|FBC|LDL|HDL|BP|BMI|SpO2|Plt|GGT|Alb|Creat|Trop|BNP|ESR|T4|BM|RR|HR|Temp|Sats|PEFR|Urea|Ferritin)[ :=]+[<>]?\d+(?:\.\d+)?(?:/\d+)?(?: ?\S{1,12})?"
        r"|(?:HONOS|PHQ-?9|GAD-?7|AUDIT|MUST|NEWS2?|MMSE|MoCA|CGAS|EDSS|Waterlow|Rockwood|CFS)[ :=]+\d{1,3}.*"
    ),
    "CRIMINAL_OFFENCE": re.compile(
        r"(?:OGRS\d?|OVP|OGP|RSR|OSP(?:/[CI])?|SARA|OASys)\b.*|.*\bRo[SR]H\b.*|(?:MAPPA )?(?:Cat(?:egory)? [123]|Level [123])(?: ?[-:/] ?.*(?:offend|MAPPA|violent|sex).*)|MAPPA.*"
        r"|[Ss](?:ec(?:tion)?)?[. ]?(?:18|20|39|47|4A?|5) (?:OAPA|POA|CJA|assault|wounding|GBH|ABH|[Pp]ublic [Oo]rder).*"
    ),
}
"""Forms of single cells that nothing else is written in: karyotypes, STR alleles, stages of tumours, scores of risk."""
_BDB = re.compile(
    r"(?:Rk1S|SUlS|RkFD|Rk1D|VklS)[A-Za-z0-9+/]{8,}={0,2}|(?:FMR|FIR|IIR|FAC|FMD)[:_ -][A-Za-z0-9+/=]{8,}|(?:464D52|494952|464143)(?:00|20)[0-9A-Fa-f]{8,}"
)
"""Records of ISO/IEC 19794 (finger minutiae `FMR`, iris `IIR`, face `FAC`), in base64 or hexadecimal."""
_BNF = re.compile(r"(?:0[1-9]|1\d|2[0-3])\d{5}[A-Z]\d[A-Z0-9]{6}")
"""Codes of the British National Formulary as the NHS prescribing data writes them."""
_BP = re.compile(r"(\d{2,3})/(\d{2,3})")
_GRAVIDA = re.compile(r"G(\d{1,2}) ?P(\d{1,2})(?: ?\+ ?\d)?")
_HOME_OFFICE = re.compile(r"\d{3}/\d{2}[A-Z]?")
_HO_CLASSES = frozenset(
    "001 002 004 005 008 009 017 019 020 021 022 023 024 028 029 030 031 033 034 036 037 038 039 040 041 043 044 045 046 047 048 049 051 053 054 055 056 057 058 "
    "059 060 061 062 066 067 068 069 070 071 072 073 074 075 076 077 078 079 080 081 083 084 085 086 087 088 089 090 092 093 094 095 096 097 098 099 104 105 125 126 "
    "130 131 139 140 141 147 148 149 195 800 801 802 803 804 805 806 807 808 809 810 811 812 813 814 815 816 821 822 823".split()
)
"""Classes of the Home Office counting rules."""
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
        and len(upper & {"W9", "M9", "A9", "B9", "O9", "NS"}) >= 2  # rooms and bays are W1 and B2 as well
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
    if size >= 3 and all(_BDB.fullmatch(v) for v in values):
        return Said("BIOMETRIC", 1, 1, 1, size, "records of ISO/IEC 19794")
    if size >= 4 and sum(bool(_BNF.fullmatch(v)) for v in values) >= 0.9 * len(values):
        return Said("HEALTH", 1, 1, 1, size, "codes of the British National Formulary")
    births = [_GRAVIDA.fullmatch(v) for v in values]
    if size >= 3 and all(m and int(m[1]) >= int(m[2]) for m in births):
        return Said("HEALTH", 1, 1, 1, size, "pregnancies and births (gravida, para)")
    if size >= 4 and _blood_pressure(values):
        return Said("HEALTH", 1, 1, 1, size, "readings of blood pressure")
    if size >= 4 and all(_HOME_OFFICE.fullmatch(v) for v in values):
        known_classes = sum(v[:3] in _HO_CLASSES for v in values)
        if known_classes >= 0.9 * len(values) and sum(v[0] == "0" for v in values) >= 0.3 * len(values):
            return Said("CRIMINAL_OFFENCE", 1, 1, 1, size, "Home Office offence codes")
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


def _blood_pressure(values: Sequence[str]) -> bool:
    """Systolic over diastolic in mmHg, and neither widths of tyres nor days of years."""
    found = [_BP.fullmatch(v) for v in values]
    read = [(int(m[1]), int(m[2])) for m in found if m]
    likely = [(s, d) for s, d in read if 80 <= s <= 230 and 40 <= d <= 130 and 15 <= s - d <= 130]
    return (
        len(likely) >= 0.95 * len(values) and any(s % 5 for s, _ in likely) and any(d % 5 for _, d in likely)
    )


def formed(entity_type: str, value: str) -> bool:
    """True if one cell has a form that only this category is written in."""
    form = _FORMS.get(entity_type)
    return bool(form and len(value) <= 60 and form.fullmatch(value))


def is_snomed(value: str) -> bool:
    """SNOMED CT concept or description identifier: partition and Verhoeff digit (SNOMED CT release file specification)."""
    if value[-3:-1] not in ("00", "01", "10", "11"):
        return False
    return verhoeff(value)
