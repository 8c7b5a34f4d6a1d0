"""Article 9 and Article 10 words in running text.

One pass over the words of a text: a word that begins an entry of a lexicon is looked up with
the words that follow it. Only phrases that are hardly used otherwise count (`cancer` yes,
`union` no, `labour` only as `labour party`); everything found is a mention, which is
possible personal data, not proof.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from scanner.common.lexicon import words
from scanner.common.reading import Cues, Reading, read, runs

if TYPE_CHECKING:
    from scanner.common.manytexts import ManyTexts, Truth

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
_T = TypeVar("_T")


# Words of notes and letters that the list of everyday words has not, and that no entry should be looked for by.
_USUAL = frozenset(
    "housing benefit transport of other public community national back right change business without test results "
    "language person communications multiple section note personal education black production white released support "
    "communication self voice international children university article records employee english position sample "
    "of to on in for with by and the not "
    "computer political treatment party activity failure immediate disabilities left emergency woman positive factor "
    "child electronic school home work care health service plan team review contact visit church green family".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    phrase: str
    """Its words, one space between."""
    entity_type: str
    words: int
    before: int
    """Words that stand before the one that calls for it."""


@functools.cache
def _index() -> tuple[dict[str, tuple[_Entry, ...]], dict[str, tuple[tuple[int, list[str]], ...]]]:
    """Entries by the one of their words that is looked for; and, by the run of letters that is the
    least usual in it, the runs of every entry with the place of that run among them."""
    types: dict[str, str] = {}
    for entity_type, lists in LEXICONS.items():
        for name in lists:
            for entry in words(name):
                if entry in _NOT_IN_TEXT or len(entry) < 3:
                    continue
                tokens = [t.strip(_EDGES) for t in _WORD.findall(entry)]
                if tokens:
                    types.setdefault(" ".join(tokens), entity_type)
    index: dict[str, list[_Entry]] = {}
    called: dict[str, list[tuple[int, list[str]]]] = {}
    usual = words("everyday") | _USUAL
    for phrase, entity_type in types.items():
        tokens = phrase.split(" ")
        caller = max(tokens, key=lambda t: max(map(len, runs(t)), default=0))
        index.setdefault(caller, []).append(_Entry(phrase, entity_type, len(tokens), tokens.index(caller)))
        letters = runs(phrase)
        if not letters:
            raise ValueError("a lexicon has an entry without letters")
        rarest = max(letters, key=lambda run: (run not in usual, len(run)))
        called.setdefault(rarest, []).append((letters.index(rarest), letters))
    return _frozen(index), _frozen(called)


def _frozen(lists: dict[str, list[_T]]) -> dict[str, tuple[_T, ...]]:
    return {key: tuple(entries) for key, entries in lists.items()}


@functools.cache
def _calls() -> Cues:
    return Cues(_index()[1])


def _speaks(reading: Reading) -> bool:
    """True if the runs of letters of some entry stand in the text's, one after the other."""
    calls = reading.speaks(_calls())
    if not calls:
        return False
    called, letters = _index()[1], reading.runs
    for run in calls:
        i = letters.index(run)
        while i >= 0:
            for before, wanted in called[run]:
                first = i - before
                if first >= 0 and letters[first : first + len(wanted)] == wanted:
                    return True
            try:
                i = letters.index(run, i + 1)
            except ValueError:
                break
    return False


def skim(texts: ManyTexts) -> Truth:
    """Which of many texts may hold a mention."""
    return texts.strange | texts.speaks(
        [letters for entries in _index()[1].values() for _, letters in entries]
    )


def mentions(text: str) -> Iterator[tuple[str, int, int]]:
    """Entity type, start and end of every mention, in order, without overlaps; the longest wins."""
    reading = read(text)
    if not _speaks(reading):
        return
    index = _index()[0]
    lowered = reading.lowered.replace("’", "'")
    tokens = [(m[0].strip(_EDGES), m.start(), m.end()) for m in _WORD.finditer(lowered)]
    found = []
    for position, (word, _, _) in enumerate(tokens):
        entries = index.get(word)
        if entries is None and word.endswith("'s"):
            entries = index.get(word[:-2])
        for entry in entries or ():
            first = position - entry.before
            if first >= 0 and (span := _reads(entry, lowered, tokens[first : first + entry.words])):
                found.append((span[0], -entry.words, span[1], entry.entity_type))
    found.sort()
    end = 0
    for start, _, stop, entity_type in found:
        if start >= end:
            yield entity_type, start, stop
            end = stop


def _reads(entry: _Entry, lowered: str, tokens: list[tuple[str, int, int]]) -> tuple[int, int] | None:
    """Where the entry stands if these are its words, its last perhaps with `'s`."""
    if len(tokens) < entry.words:
        return None
    phrase = tokens[0][0] if entry.words == 1 else " ".join([word for word, _, _ in tokens])
    if phrase != entry.phrase and phrase.removesuffix("'s") != entry.phrase:
        return None
    if entry.words > 1:
        gap = lowered[tokens[0][2] : tokens[-1][1]]
        if any(mark in gap for mark in ".;:!?\n\r|"):
            return None
    _, start, stop = tokens[-1]
    return tokens[0][1], start + len(lowered[start:stop].rstrip(_EDGES))


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
