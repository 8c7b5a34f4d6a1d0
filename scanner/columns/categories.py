"""Attributes, special categories (Article 9) and offences (Article 10) as whole columns.

The words of the values decide: their share in a lexicon, over distinct values and over cells.
The header alone decides only where values are codes that nobody can read (`1`, `Y`, `B2`).
"""

from __future__ import annotations

import dataclasses
import functools
import re

from scanner.columns.codes import CJS, GENE_RESULT, HGVS, Said, formed, is_snomed, published
from scanner.columns.headers import Header
from scanner.columns.profile import Profile
from scanner.columns.wording import HOUSES, cell_words, topic, worded
from scanner.common.lexicon import normalise, words
from scanner.common.mentions import ICD10, medical_form, mentions

_LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "HEALTH": (("health", "medications"), ("health_values", "health_tests")),
    "GENETIC": (("genetic",), ("genetic_values",)),
    "BIOMETRIC": (("biometric",), ("biometric_values",)),
    "ETHNICITY": (("ethnicity",), ("ethnicity_values",)),
    "RELIGION": (("religion",), ("religion_values",)),
    "POLITICAL_OPINION": (("political_opinion",), ("political_opinion_values",)),
    "TRADE_UNION": (("trade_union",), ("trade_union_values",)),
    "SEXUAL_ORIENTATION": (("sexual_orientation",), ("sexual_orientation_values",)),
    "CRIMINAL_OFFENCE": (("offences",), ("offences_values",)),
    "GENDER": (("gender",), ()),
    "MARITAL_STATUS": (("marital_status",), ()),
    "NATIONALITY": (("nationalities",), ()),
}
"""Entity type to lexicons of telling entries and of entries that are weak by themselves."""

CATEGORIES = tuple(_LISTS)

AMBIGUOUS = frozenset(
    "condition conditions charge charges party union race orientation variant operation vision hearing mobility treatment "
    "sentence dose gene drug drugs custody belief treatments handling injury caution heritage plea verdict disposal "
    "disposals palm iris code therapy procedure crime arrest allegation face trans heading tu community template bail variants client medicine medicines adjustment adjustments intervention interventions procedure substance substances restriction restrictions vulnerability vulnerabilities fitness equipment gang vote politics ideology strike problem issue issues investigation investigations restriction rx script term outcome result results fertility church creed template index legislation indication presentation trauma sig doses protocol must news prep tep tb std cev gas need needs worker aids ballot action reaction face finger carrier resus alert alerts order orders guilty arrested perpetrator suspect probation prosecution voice mutation support access care".split()
)
"""Header words that name other things as often: codes below them prove nothing."""
MEASURES = re.compile(
    r"\b(?:bmi|blood pressure|systolic|diastolic|hba1c|cholesterol|phq ?9|gad ?7|alcohol units?|viral load|cd ?4|frailty score|ogrs|risk of serious harm|alcohol consumption|cd4 count|dosage|\w+ glucose level|glucose level|gest|gestation|gestational age|parity|apgar|birth ?weight|baby (?:wt|weight)|weight kg|bp|heart rate|pulse|spo2|peak flow|egfr|glucose|honos|cgas|sdq|core 10|wemwbs|epds|audit c|gcs|news2?|waterlow|braden|must|rockwood|frailty|pulhheems|pulheems|viral|sperm|phq|gad|pain score|blood glucose|epworth|moca|mmse|sickness days|peak expiratory|gfr|creatinine|ferritin|psa|inr|crp|tsh|esr|triglycerides|platelets|wcc|tug|abbey|barthel|rivermead|edss|mmse|ace iii|mrc|fev1|oxygen sats|sats|o2 sats|temp c|iop|visual acuity|hads|k10|core om|whodas|sads|asq|lmp|edd|(?:facial recognition|face|facial|liveness|fingerprint|iris|voice)(?: match)? (?:score|quality)|check off(?: deductions?)?|union (?:subs|dues|deductions?|fees?|subscriptions?|contributions?)|tu (?:subs|deductions?)|political levy)\b"
)
_PREFIX = re.compile(r"^\(?[a-z0-9]{1,3}\)?\s*[-:.)]\s+")
_PARTS = re.compile(r"\s*(?:[;,/|+&\n]|\band\b|\bwith\b)\s*")
_LAW = re.compile(
    r"\b(?:theft act|offences against the person act|road traffic act|misuse of drugs act|public order act|sexual offences act|fraud act|"
    r"criminal damage act|criminal justice act|protection from harassment act|firearms act|bail act|s(?:ection)? ?\d+[a-z]? .*act)\b|"
    r"\b(?:possession|possess|attempted|conspiracy to|assault|burglary|theft|robbery|driving|drive|rape|murder|fraud|supply(?:ing)?|damage|harassment|wounding|arson|"
    r"threats?|breach of|fail(?:ing|ed|ure)? to|drunk) .{0,30}\b(?:drug|class [abc]|weapon|blade|knife|harm|disqualified|licence|insurance|alcohol|dwelling|shop|vehicle|constable|police|"
    r"order|bail|kill|emergency worker|representation|intent|injury|person|female|male|child|surrender|specimen|influence|disorderly|stop|comply)\b"
)
_SENTENCE = re.compile(
    r"\b\d+ (?:days?|weeks?|months?|years?|hours?)['s]*,? (?:imprisonment|custody|suspended|unpaid work|prison|community order|detention|curfew|tag|custodial)\b|\blife imprisonment\b|\bsuspended (?:sentence|for \d+)|£\d[\d,]* fine\b|\bfined? £\d"
)


@functools.cache
def _lexicon(entity_type: str) -> tuple[frozenset[str], frozenset[str]]:
    strong, weak = _LISTS[entity_type]
    return _union(strong), _union(weak)


def _union(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(entry for name in names for entry in words(name))


def _entry(entity_type: str, text: str) -> int:
    """2 telling, 1 weak, 0 not of this category. `text` is normalised."""
    strong, weak = _lexicon(entity_type)
    if text in strong:
        return 2
    if text in weak:
        return 1
    return 0


class _Reading:
    """One value, taken apart for all categories at once."""

    __slots__ = ("bare", "mentioned", "original", "parts", "text", "trimmed", "words")

    def __init__(self, text: str, original: str) -> None:
        self.text, self.original = text, original
        self.bare = _PREFIX.sub("", text).replace("_", " ")
        self.words = cell_words(text)
        self.mentioned: frozenset[str] = frozenset()
        if len(text) >= 6 and " " in text:
            half = len(text) / 2
            self.mentioned = frozenset(t for t, start, end in mentions(text) if end - start >= half)
        parts = [p for p in _PARTS.split(self.bare) if p]
        self.parts = parts if 1 < len(parts) <= 8 else []
        trimmed = _TRIM.sub("", text).strip()
        self.trimmed = trimmed if trimmed != text else ""


_TRIM = re.compile(
    r"\s*\(.*?\)\s*|\s+-\s.*$|[ ,]+(?:stage|grade|type|nos|unspecified|unspec|acute|chronic|mild|moderate|severe|history of).*$|^(?:mild|moderate|severe|acute|chronic|suspected|possible|history of|h/o|hx|query|previous|recurrent|early onset|left|right|known|has|suffers from) "
)


def _judge_value(entity_type: str, value: _Reading) -> int:
    text, bare = value.text, value.bare
    found = _entry(entity_type, text)
    if found:
        return found if found == 2 else max(found, worded(entity_type, text, value.words))
    if bare != text and bare:
        found = _entry(entity_type, bare)
        if found:
            return 2 if entity_type == "ETHNICITY" else found
    if entity_type in value.mentioned:
        return 2
    if formed(entity_type, value.original):
        return 2
    if entity_type == "HEALTH":
        if len(text) >= 5 and medical_form(text):
            return 2
    elif entity_type == "GENETIC":
        if HGVS.fullmatch(value.original) or GENE_RESULT.search(value.original):
            return 2
    elif entity_type == "CRIMINAL_OFFENCE" and (_LAW.search(text) or _SENTENCE.search(text)):
        return 2
    if value.parts:
        got = [_entry(entity_type, p) for p in value.parts]
        if entity_type == "HEALTH":
            got = [
                g or (2 if len(p) >= 5 and medical_form(p) else 0)
                for g, p in zip(got, value.parts, strict=True)
            ]
        if sum(map(bool, got)) * 2 >= len(got):
            return max(got)
    found = _entry(entity_type, value.trimmed) if value.trimmed else 0
    return found or worded(entity_type, text, value.words)


def _readings(profile: Profile) -> dict[int, _Reading]:
    """Readings made so far, by place in `decide`."""
    known: dict[int, _Reading] = profile.__dict__.setdefault("_readings", {})
    return known


def said(entity_type: str, profile: Profile) -> Said:
    """Share of one category among the values that say something."""
    known: dict[str, Said] = profile.__dict__.setdefault("_said", {})
    if entity_type not in known:
        known[entity_type] = _said(entity_type, profile)
    return known[entity_type]


def _said(entity_type: str, profile: Profile) -> Said:
    values = profile.decide
    if not values:
        return Said(entity_type, 0, 0, 0, 0)
    found = cells = total = strong = 0
    readings = _readings(profile)
    for looked, (value, text) in enumerate(zip(values, profile.normal, strict=True)):
        if looked in (120, 400) and found * 20 < looked:
            break  # hardly one in twenty so far
        count = profile.counts[value]
        total += count
        verdict = 0
        if len(text) <= 160:
            reading = readings.get(looked)
            if reading is None:
                reading = readings[looked] = _Reading(text, value)
            verdict = _judge_value(entity_type, reading)
        if verdict:
            found += 1
            cells += count
            strong += verdict == 2
    looked += 1
    return Said(entity_type, found / looked, cells / total if total else 0, strong / looked, found)


def _coded(profile: Profile, header: Header, entity_type: str) -> bool:
    """Values are short codes, or yes and no, which only the header explains."""
    values = list(profile.counts)
    measure = bool(MEASURES.search(" ".join(header.words)))
    if measure or not values:
        return measure and profile.numeric_share >= 0.7
    if len(values) > 80 or len(values) > max(12, 0.35 * profile.total, min(20, 0.6 * profile.total)):
        return False
    if AMBIGUOUS.issuperset(w for w in header.words if w not in ("code", "type", "status", "number", "id")):
        return False
    values = [
        v
        for v in values
        if len(v) <= 5
        or not (normalise(v) in words("no_answer") or NO_ANSWER.search(v) or v.lower() == "not applicable")
    ] or values
    flagged = _FLAGGED.intersection(header.words) or topic(header.words) == entity_type
    if entity_type in _OPEN and all(len(v) == 1 for v in values) and not flagged:
        return False  # a diagnosis or an offence is not one letter, nor one digit
    values = [v for v in values if profile.counts[v] > max(0, int(0.01 * profile.total))] or values
    short = [
        v
        for v in values
        if len(v) <= 5 and (len(v) <= 2 or v.isdigit() or v.isupper() or v.lower() in ANSWERS)
    ]
    letters = [v for v in short if v.isalpha() and len(v) > 2 and v.lower() not in ANSWERS]
    if len({len(v) for v in letters}) > 1:
        return False  # words in capitals, not codes
    numbers = [v for v in values if v.replace(".", "").isdigit()]
    if numbers and (any("." in v for v in numbers) or max(len(v) for v in numbers) > 3 or len(numbers) > 20):
        return False
    if len(values) > (8 if entity_type == "GENDER" else 40):
        return False
    return sum(profile.counts[v] for v in short) >= 0.85 * sum(profile.counts[v] for v in values)


_OPEN = frozenset({"HEALTH", "CRIMINAL_OFFENCE", "GENETIC", "BIOMETRIC"})
"""Categories of so many values that no one-letter list holds them ..."""
_FLAGGED = frozenset(
    "disability disabled sen send pregnant pregnancy smoker smoking flag indicator vaccinated wheelchair ltc llddhe lldd dnacpr mappa rosh "
    "convicted conviction convictions offender sex ehcp ehc diabetic diabetes asthma asthmatic dementia autism autistic cancer status has is "
    "mental learning brca carrier hiv covid allergy allergies epilepsy adhd depression impairment wheelchair needs code type category group level marker markers".split()
)
"""... but for headers of yes and no, of levels and of code lists."""
ANSWERS = frozenset("yes no true false y n t f none null nk ns unk other".split())


NO_ANSWER = re.compile(
    r"\b(?:prefer|wish|declin|refus|rather|not? (?:stated|known|recorded|declared|disclosed|provided|given|asked|answered|specified|obtained|say|sure))",
    re.IGNORECASE,
)
"""Answers that say nothing, in as many words."""


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    entity_type: str
    score: float
    reasons: tuple[str, ...]
    coded: bool = False


_ORDER = {entity_type: i for i, entity_type in enumerate(CATEGORIES)}
_MIN_KINDS = {"GENDER": 2, "SEXUAL_ORIENTATION": 3, "ETHNICITY": 3, "RELIGION": 3, "MARITAL_STATUS": 3}


def judge(profile: Profile, header: Header) -> Verdict | None:
    """The category this column is made of, or None."""
    if not profile.counts:
        return None
    wanted = {t: header.says(t) for t in CATEGORIES if header.says(t) >= 0.7}
    found = _by_header(profile, header, wanted)
    if found:
        return found
    codes = published(profile)
    if codes:
        known = header.says(codes.entity_type) >= 0.4
        return Verdict(codes.entity_type, 0.95 if known else 0.75, (f"values {codes.note}",))
    if (
        len(profile.decide) < 2
        or profile.numeric_share > 0.5
        or (profile.wordy and profile.distinctness > 0.3)
    ):
        return None
    best: tuple[float, Said] | None = None
    for entity_type in CATEGORIES:
        share = said(entity_type, profile)
        if _stands_alone(entity_type, share, profile, header):
            rank = (
                share.distinct
                + share.cells
                + 0.5 * share.strong
                + 0.6 * header.says(entity_type)
                + (0.5 if entity_type == "GENETIC" else 0)  # who carries an illness is of both
                - 0.001 * _ORDER[entity_type]
            )
            if best is None or rank > best[0]:
                best = (rank, share)
    if best is None:
        return None
    share = best[1]
    score = min(0.95, 0.45 + 0.4 * min(share.distinct, share.cells) + 0.1 * share.strong)
    return Verdict(
        share.entity_type,
        round(score, 3),
        (f"lexicon {share.entity_type.lower().replace('_', ' ')} {share.distinct:.0%} of distinct values",),
    )


def _by_header(profile: Profile, header: Header, wanted: dict[str, float]) -> Verdict | None:
    best: Verdict | None = None
    for entity_type, strength in sorted(wanted.items(), key=lambda item: (-item[1], _ORDER[item[0]])):
        name = "header " + entity_type.lower().replace("_", " ")
        share = said(entity_type, profile)
        verdict: Verdict | None = None
        needed = 0.12 if strength >= 0.9 else 0.25
        if entity_type == "CRIMINAL_OFFENCE" and not share.strong:
            needed = 0.5  # `suspended`, `discharged`: states of cases as well
        if (
            profile.answers
            and max(share.distinct, share.cells) >= needed
            and (share.kinds >= 2 or share.distinct >= 0.5)
        ):
            verdict = Verdict(
                entity_type, round(0.75 + 0.24 * max(share.distinct, share.cells), 3),
                (name, f"lexicon {share.distinct:.0%} of distinct values"),
            )  # fmt: skip
        elif (codes := published(profile)) and codes.entity_type == entity_type:
            verdict = Verdict(entity_type, 0.97, (name, f"values {codes.note}"))
        elif _clinical_codes(entity_type, profile) or (entity_type == "BIOMETRIC" and _blobs(profile)):
            verdict = Verdict(entity_type, 0.85, (name, "values of the form of its codes"))
        elif _coded(profile, header, entity_type):
            verdict = Verdict(
                entity_type, round(0.55 + 0.1 * strength, 3), (name, "values are codes"), coded=True
            )
        if verdict and (best is None or verdict.score > best.score):
            best = verdict
    return best


_ICD9 = re.compile(r"(?:V\d\d|E\d{3}|\d{3})(?:\.\d{1,2})?")


def _clinical_codes(entity_type: str, profile: Profile) -> bool:
    values = profile.decide[:500]
    if not values:
        return False
    if entity_type == "HEALTH":
        form = sum(
            bool(
                ICD10.fullmatch(v)
                or re.fullmatch(
                    r"[A-Z]\d{2}[A-Z.0-9]{0,2}\.?|(?=.*[A-Z])[A-Z0-9]{5}|[A-Z]\d{2}\.\d|\d{2,3}/\d{2,3}|\d{15}|\d{4}[0-9A-Z]{11}|(?=[^.]*[A-Za-z])[A-Za-z0-9.]{5}\d\d|(?:HP|ORPHA|DOID|MONDO|OMIM|MESH):\w+|\d{1,5}-\d",
                    v,
                )
                or (v.isdecimal() and len(v) >= 6 and is_snomed(v))
            )
            for v in values
        )
        if form < 0.8 * len(values):
            if not re.search(r"diag|icd|code|dx|cause", profile.name.lower()):
                return False
            ninth = [v for v in values if _ICD9.fullmatch(v)]
            return (
                len(ninth) >= 0.9 * len(values) and 0.2 <= sum("." not in v for v in ninth) / len(values) < 1
            )
        return True
    if entity_type == "CRIMINAL_OFFENCE":
        return sum(
            bool(CJS.fullmatch(v) or re.fullmatch(r"\d{1,3}/\d{1,2}[A-Z]?", v)) for v in values
        ) >= 0.8 * len(values)
    if entity_type == "GENETIC":
        return sum(
            bool(HGVS.fullmatch(v) or re.fullmatch(r"[ACGT]{1,2}/?[ACGT]*|[A-Z0-9]{3,8}", v)) for v in values
        ) >= 0.8 * len(values)
    return False


def _blobs(profile: Profile) -> bool:
    """Long opaque values: templates, encodings, file names of prints."""
    values = profile.decide[:500]
    long = sum(bool(re.fullmatch(r"[A-Za-z0-9+/=_:.\[\], -]{12,}", v)) for v in values)
    return long >= 0.8 * len(values) and profile.mean_words < 4


def _stands_alone(entity_type: str, share: Said, profile: Profile, header: Header) -> bool:
    """Values decide without a word from the header, or against it."""
    kinds = share.kinds
    if share.cells >= 0.95 and kinds >= 3:
        share = dataclasses.replace(share, distinct=max(share.distinct, 0.9))  # the rest are slips
    sure = share.strong >= 0.95 and share.cells >= 0.95 and kinds >= 2
    if kinds < _MIN_KINDS.get(entity_type, 2) and not sure:
        return False
    if (
        header.harmless
        and entity_type != "GENDER"
        and (share.distinct < 0.65 or (kinds < 4 and share.strong < 0.7))
    ):
        return False  # the name says something else, and the values do not say enough
    if entity_type == "GENDER":
        texts = set(profile.normal)
        if share.cells >= 0.85 and share.distinct >= 0.7 and kinds >= 3 and {"female", "male"} & texts:
            return True
        return (
            share.cells >= 0.9
            and len(profile.decide) <= 12
            and (
                {"m", "f"} <= texts
                or {"male", "female"} <= texts
                or {"man", "woman"} <= texts
                or {"boy", "girl"} <= texts
                or len(texts & _GENDERS) >= 2
            )
        )
    if entity_type == "MARITAL_STATUS":
        stems = set(
            re.findall(r"married|divorced|widow|separated|civil partner|cohabit", " ".join(profile.normal))
        )
        return (share.distinct >= 0.9 and len(stems) >= 1) or (share.distinct >= 0.5 and len(stems) >= 3)
    if entity_type == "NATIONALITY":
        told = "british" in profile.normal or len(_NO_TONGUES.intersection(profile.normal)) >= 2
        return share.distinct >= 0.85 and kinds >= 4 and told
    if (
        entity_type == "ETHNICITY"
        and {"white", "black", "asian"} <= set(profile.normal)
        and share.cells >= 0.6
    ):
        return True  # colours of things are not Asian
    if entity_type == "RELIGION" and sum(v.endswith(HOUSES) for v in profile.normal) > 0.5 * len(
        profile.normal
    ):
        return False  # a list of buildings
    if entity_type == "POLITICAL_OPINION" and {"leave", "remain"} <= set(profile.normal):
        return share.cells >= 0.9 and share.distinct >= 0.75
    if entity_type in ("ETHNICITY", "TRADE_UNION", "POLITICAL_OPINION", "RELIGION"):
        if share.strong >= 0.2:
            return share.distinct >= 0.6 and share.cells >= 0.6
        return (
            share.distinct >= 0.85
            and kinds >= 4
            and share.cells >= 0.85
            and not _plain_demonyms(entity_type, profile)
        )
    if entity_type == "SEXUAL_ORIENTATION":
        return (share.distinct >= 0.75 and (share.strong >= 0.2 or kinds >= 3)) or (
            share.strong >= 0.5 and kinds >= 3
        )
    if entity_type == "BIOMETRIC":
        return share.distinct >= 0.8 and kinds >= 3
    if entity_type == "CRIMINAL_OFFENCE":
        return share.strong >= 0.35 and share.distinct >= 0.55 and share.cells >= 0.5
    if entity_type == "GENETIC":
        return share.strong >= 0.2 and share.distinct >= 0.6 and kinds >= 3
    return (
        share.distinct >= 0.5
        and share.cells >= 0.45
        and (share.strong >= 0.3 or (share.strong >= 0.12 and share.distinct >= 0.8 and kinds >= 5))
    )


_GENDERS = frozenset(
    {"female", "male", "non-binary", "transgender", "agender", "genderfluid"}
    | {
        f"{kind}{who}"
        for kind in ("trans ", "transgender ", "cis ", "cisgender ")
        for who in ("woman", "man", "female", "male")
    }
)
_NO_TONGUES = frozenset(
    "american australian brazilian canadian nigerian ghanaian kenyan jamaican egyptian syrian iraqi sudanese eritrean ethiopian algerian "
    "moroccan tunisian zimbabwean south african new zealander austrian belgian swiss mexican colombian cuban argentinian chilean "
    "bangladeshi pakistani sri lankan afghan libyan yemeni jordanian lebanese palestinian gambian ugandan rwandan congolese cameroonian".split()
) | {"south african", "new zealander", "sri lankan", "uk national"}
"""Nationalities that no language or cuisine is called by."""


def _plain_demonyms(entity_type: str, profile: Profile) -> bool:
    """True if an ethnicity column might as well list nationalities or languages."""
    if entity_type != "ETHNICITY":
        return False
    return not {normalise(v) for v in profile.decide} & {"white", "black", "asian", "mixed", "wbri"}
