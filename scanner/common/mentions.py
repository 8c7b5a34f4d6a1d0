"""Article 9 and Article 10 words in running text.

One pass over the words of a text: a word that begins an entry of a lexicon is looked up with
the words that follow it. Only phrases that are hardly used otherwise count (`cancer` yes,
`union` no, `labour` only as `labour party`); everything found is a mention, which is
possible personal data, not proof.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from scanner.common.lexicon import words

LEXICONS: dict[str, tuple[str, ...]] = {
    "HEALTH": ("health", "medications"),
    "GENETIC": ("genetic",),
    "BIOMETRIC": ("biometric",),
    "ETHNICITY": ("ethnicity",),
    "RELIGION": ("religion",),
    "POLITICAL_OPINION": ("political_opinion",),
    "TRADE_UNION": ("trade_union",),
    "SEXUAL_ORIENTATION": ("sexual_orientation",),
    "CRIMINAL_OFFENCE": ("offences",),
}
"""Entity type to the lexicons whose entries count in running text."""

# Right as a whole cell of a column, too common in running text.
_NOT_IN_TEXT = frozenset({
    "accord union", "addiction", "adrenaline", "anarchist", "antenatal", "atheism", "back pain", "bame",
    "bank fraud", "battery", "bigamy", "biometric", "biometric data", "biometrics", "blackmail",
    "blood pressure", "blood test", "bmi", "bribery", "catheter", "cbt", "check-off", "christianity",
    "communist", "concussion", "conspiracy", "counselling", "counterfeiting", "covid vaccination",
    "covid-19", "disability", "dna database", "druid", "ecg", "end of life care", "ethnic minority",
    "exome", "exposure", "extortion", "facility time", "fingerprint", "flu vaccination", "forgery",
    "fracture", "frailty", "fraud", "graffiti", "green party", "grooming", "hacking", "hate crime",
    "heparin", "homicide", "human trafficking", "identity fraud", "identity theft", "influenza",
    "inpatient", "iris recognition", "karyotype", "knife crime", "lgbt", "lgbt+", "lgbtq", "lgbtq+",
    "lithium", "metastatic", "mmr vaccine", "modern slavery", "money laundering", "no insurance", "obesity",
    "occupational health", "occupational therapy", "organ donor", "palliative care", "parsi",
    "party membership", "physiotherapy", "poaching", "public order", "queer", "riot", "secularist",
    "seizure", "senna", "sepsis", "sexual orientation", "sickness absence", "socialist", "speeding",
    "spiritualist", "stoma", "terrorism", "terrorism offence", "testosterone", "trade union",
    "trades union", "trespass", "tuc", "vandalism", "vehicle crime", "voting intention", "x-ray",
    "your party",
})  # fmt: skip

_WORD = re.compile(r"[a-z0-9][a-z0-9'’&+./#-]*")
_EDGES = "'’.-/&"


@functools.cache
def _index() -> tuple[dict[str, int], dict[str, str]]:
    """First word to the most words an entry beginning with it has; entry to entity type."""
    longest: dict[str, int] = {}
    entries: dict[str, str] = {}
    for entity_type, lists in LEXICONS.items():
        for name in lists:
            for entry in words(name):
                if entry in _NOT_IN_TEXT or len(entry) < 3:
                    continue
                tokens = [t.strip(_EDGES) for t in _WORD.findall(entry)]
                if not tokens:
                    continue
                entries.setdefault(" ".join(tokens), entity_type)
                longest[tokens[0]] = max(longest.get(tokens[0], 0), len(tokens))
    return longest, entries


def _lower(text: str) -> str:
    """Lower case at equal length, so that offsets hold."""
    lowered = text.lower().replace("’", "'")
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in text).replace("’", "'")
    )


def mentions(text: str) -> Iterator[tuple[str, int, int]]:
    """Entity type, start and end of every mention, in order, without overlaps; the longest wins."""
    longest, entries = _index()
    lowered = _lower(text)
    words_in = [word.strip(_EDGES) for word in _WORD.findall(lowered)]
    if longest.keys().isdisjoint(words_in):
        return
    tokens = list(_WORD.finditer(lowered))
    position = 0
    while position < len(tokens):
        reach = longest.get(words_in[position], 0)
        if reach:
            taken = _longest_at(text, tokens, words_in, position, reach, entries)
            if taken:
                count, entity_type = taken
                last = tokens[position + count - 1]
                end = last.start() + len(last.group().rstrip(_EDGES))
                yield entity_type, tokens[position].start(), end
                position += count
                continue
        position += 1


def _longest_at(
    text: str,
    tokens: list[re.Match[str]],
    words_in: list[str],
    position: int,
    reach: int,
    entries: dict[str, str],
) -> tuple[int, str] | None:
    for count in range(min(reach, len(tokens) - position), 0, -1):
        phrase = " ".join(words_in[position : position + count])
        found = entries.get(phrase) or (entries.get(phrase[:-2]) if phrase.endswith("'s") else None)
        if found:
            gap = text[tokens[position].end() : tokens[position + count - 1].start()] if count > 1 else ""
            if not any(mark in gap for mark in ".;:!?\n\r|"):
                return count, found
    return None


# Endings by which illnesses and medicines are known when no list has them.
_ILLNESS = re.compile(
    r"\b(?:[a-z]{3,}(?:itis|aemia|pathy|algia|plegia|phobia|sclerosis|thyroidism|tension|carcinoma|lymphoma|sarcoma|melanoma|myeloma|fibrosis|"
    r"psychosis|neurosis|cirrhosis|stenosis|thrombosis|porosis|arthrosis|phrenia|rhoea|uria|plasia|trophy|ectomy|ostomy|plasty|oscopy)"
    r"|[a-z]+ (?:syndrome|disease|disorder|cancer|carcinoma|tumour|palsy|dystrophy|neuralgia|deficiency|allergy|impairment|infection|fracture|failure|injury|ulcer|haemorrhage|embolism|infarction|replacement|dependence|addiction))\b"
)
_NOT_ILLNESS = frozenset(
    "extension pretension sympathy telepathy empathy apathy attention power hearing failure".split()
)
_MEDICINE = re.compile(
    r"\b[a-z]{3,}(?:pril|sartan|statin|olol|oxetine|prazole|cillin|mycin|floxacin|azepam|azolam|gliptin|gliflozin|glutide|formin|"
    r"tidine|triptan|setron|parin|xaban|vudine|navir|tinib|ciclib|zumab|ximab|mumab|dronate|terol|sone|solone|profen|codeine|"
    r"barbital|peridol|azine|tyline|ipramine|afil|conazole|clovir|cycline|dipine|thiazide)\b(?:.*\b\d+ ?(?:mg|mcg|ml|g)\b)?"
)
_DOSE = re.compile(r"\b\d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|mg/ml|iu)\b")
ICD10 = re.compile(r"[A-TV-Z]\d{2}(?:\.?[\dX]\d?)?[*†]?", re.IGNORECASE)


def medical_form(text: str) -> bool:
    """True if the words are built like an illness, an operation or a medicine. `text` is normalised."""
    found = _ILLNESS.search(text)
    if (
        found
        and found.group() not in _NOT_ILLNESS
        and found.group().split()[0] not in ("power", "system", "water", "boiler")
    ):
        return True
    return bool(_MEDICINE.search(text) or (_DOSE.search(text) and text[0].isalpha()))
