"""People named in ways that only the words around them give away.

Sign-offs (`Ta,\\nRimi`), nicknames in quotation marks, relatives (`Uncle Des`), ranks (`Officer
Penhaligon`), names in small letters (`mrs appleyard`, `hi debs`), children with their ages, and
the surname of somebody named in full elsewhere in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.common.lexicon import normalise
from scanner.common.reading import Cues, Reading, read
from scanner.common.spans import Spans
from scanner.model import Detection
from scanner.recognisers import name_cues as cue
from scanner.recognisers.name_patterns import (
    RANKS,
    THINGS,
    at_words,
    everyday,
    forenames,
    is_forename,
    is_surname,
    person,
    places,
    surnames,
)

_T = (
    r"[A-ZÀ-ÖØ-Þ](?:['’][A-ZÀ-ÖØ-Þ])?[a-zà-öø-ÿ]{1,25}(?:[A-Z][a-zà-öø-ÿ]{1,20})?"
    r"(?:[-'’][A-Za-zÀ-ÖØ-öø-ÿ][a-zà-öø-ÿ]{1,25}){0,2}"
)
_QUOTED = re.compile(
    rf"(?<![\w'’-])({_T}(?:[ ]{_T})?)[ ](?:[\"“”]{_T}(?:[ ]{_T})?[\"“”]|['‘]{_T}['’]|\({_T}\))[ ]({_T})(?![\w-])"
)
_SIGNED = re.compile(
    rf"(?:\A|\n)[ \t]*(?:(?:[A-Z][^\n,]{{0,24}})?(?:regards|wishes|thanks|thx|ta|cheers|sincerely|faithfully|truly|best|"
    rf"love|yours|warmly|respectfully|etc)[^\n,.]{{0,12}}[,.]?|[A-Z][a-z]{{1,10}},)[ \t]*\n\s*"
    rf"((?:{_T}|[A-Z]\.?)(?:[ ](?:{_T}|[A-Z]\.?(?![A-Za-z]))){{0,3}})(?=[ \t]*(?:x{{1,3}}[ \t]*)?(?:\n|\Z|,))",
    re.I,
)
_CLOSING_RUNS = Cues(
    "regards wishes thanks thx ta cheers sincerely faithfully truly best love yours warmly respectfully".split()
)
_RELATIVE = re.compile(
    rf"(?<![\w-])(?:[Uu]ncle|[Aa]unt|[Aa]untie|[Aa]unty|[Nn]an|[Gg]ran|[Gg]randma|[Gg]randad|[Cc]ousin|[Mm]um|[Dd]ad|"
    rf"[Ss]on|[Dd]aughter|[Bb]rother|[Ss]ister|[Ww]ife|[Hh]usband|[Pp]artner|[Gg]irlfriend|[Bb]oyfriend|[Nn]iece|"
    rf"[Nn]ephew|[Ss]tepdad|[Ss]tepmum|[Ss]tep-dad|[Ss]tep-mum|[Mm]other|[Ff]ather|[Cc]hild|[Bb]aby|[Mm]ate|[Nn]eighbour|"
    rf"[Kk]eyworker|[Tt]utor|[Cc]arer|[Mm]entor|[Rr]ep|[Ff]riend)[, ]{{1,2}}({_T}(?:[ ]{_T})?)(?![\w-])"
)
_RELATIVE_RUNS = Cues(
    "uncle aunt auntie aunty nan gran grandma grandad cousin mum dad son daughter brother sister wife husband partner "
    "girlfriend boyfriend niece nephew stepdad stepmum step mother father child baby mate neighbour keyworker tutor "
    "carer mentor rep friend".split()
)
_RANK = re.compile(
    rf"(?<![\w-])(?:Officer|Padre|Father|Supt|Superintendent|WPC|Detective|Corporal|Cpl|Major|Colonel|Col|Lt|Lieutenant|"
    rf"Admiral|General|Justice|HHJ|Recorder|Canon|Bishop|Pastor|Archbishop|Baroness|President|Senator|Sheriff|"
    rf"Chief Inspector|Sergeant|Private|Commander|Commissioner|Chancellor|Minister|Coach|Agent|SO|PO|CO)[ ]"
    rf"((?:[A-Z]\.?[ ]){{0,2}}{_T}(?:[ ]{_T})?)(?![\w-])"
)
_RANK_RUNS = Cues(
    "officer padre father supt superintendent wpc detective corporal cpl major colonel col lt lieutenant admiral general "
    "justice hhj recorder canon bishop pastor archbishop baroness president senator sheriff inspector sergeant private "
    "commander commissioner chancellor minister coach agent so po co".split()
)
_SMALL_TITLE = re.compile(
    r"(?<![\w.@-])(?<!the )(?<!a )(?:mr|mrs|ms|miss|dr)\.?[ ]([a-z]{3,20}(?:-[a-z]{3,20})?)(?![\w@])"
)
_SMALL_GREETING = re.compile(
    r"(?:(?m:^)|(?<=[,.!?\n] ))(?:hi|hello|hey|hiya|dear|thanks|thx|cheers|ta|morning)[ ]([a-z]{3,14})(?=[ ]?(?:[,.!\n-]|\Z))"
)
_SMALL_ASKED = re.compile(
    r"(?<![\w-])(?:tell|ask|asked|told|ring|rang|phone|phoned|call|called|text|texted|email|emailed|met|saw|with|and)[ ]"
    r"([a-z]{3,14})(?=[ ](?:that|to|if|about|at|on|said|says|is|was|has|rang|and|know)(?![a-z])|[,.!?](?=\s|\Z)|\n|\Z)"
)
_SMALL_TITLES = Cues("mr mrs ms miss dr".split())
_GREETINGS = Cues("hi hello hey hiya dear thanks thx cheers ta morning".split())
_ASKED = Cues(
    "tell ask asked told ring rang phone phoned call called text texted email emailed met saw with and".split()
)
_BORN = re.compile(rf"née[ ]({_T}(?:[ ]{_T})?)(?![\w-])")
_NICKNAME = re.compile(r"[\"“'‘(][A-Z][\w'’-]*(?:[ ][A-Z][\w'’-]*)?[\"”'’)][ ][A-Z]")
_AGED = re.compile(
    rf"(?<![\w-])({_T}(?:[ ]{_T}){{0,2}})[ ]?(?:\([0-9]{{1,2}}\)|, (?:aged? )?[0-9]{{1,2}}(?=,|[ ]?\)))"
)
_HEADER = re.compile(
    rf"(?m)^(?:From|To|Cc|Bcc|Sent by|Author|Name|Client|Patient|Pt|Re):?[ \t]+[\"']?"
    rf"({_T}(?:[ -]{_T})?,[ ](?:{_T}|[A-Z]\.?)(?:[ ](?:{_T}|[A-Z]\.?))?)(?=[\"']?[ \t]*(?:<|\n|;|\Z|\())"
)
_GIVEN = re.compile(
    rf"(?<![\w-])(?:Post to|Sent to|Attn|FAO|c/o|Tutor|Keeper|Proprietor|Occupier|Borrower|Canvasser|Examiner|"
    rf"Crew|Signed|Manager|Applicant|Member|Candidate|Driver|Landlord|Tenant|Claimant|Officer in case|OIC)(?: is)?:?[ ]"
    rf"((?:[A-Z]\.?(?:[ -][A-Z]\.?)*[ ]{_T}|{_T}[ ]{_T})(?:-{_T})?)(?![\w-])"
)
_GIVEN_RUNS = Cues(
    "post sent attn fao c tutor keeper proprietor occupier borrower canvasser examiner crew signed manager applicant member "
    "candidate driver landlord tenant claimant officer oic".split()
)
_NOBODY = frozenset(
    "thanks regards dear hello sir madam team all sent best kind many yours love from to cc re subject".split()
)


def usage(text: str, cues: int = cue.EVERYTHING) -> Iterator[Detection]:
    """Names that the words around them give away; spans may overlap. `cues`: the families of patterns
    that are tried."""
    reading = read(text)
    text = str(text)
    if _NICKNAME.search(text):
        for match in _QUOTED.finditer(text):
            if any(map(is_forename, match[1].split())) or is_surname(match[2]):
                first, _, second = match[1].partition(" ")
                skip = len(first) + 1 if second and not is_forename(first) else 0
                yield person(match.start() + skip, match.end(), 0.85, "pattern name with nickname")
    if "\n" in text and reading.speaks(_CLOSING_RUNS):
        for match in _SIGNED.finditer(text):
            if _plausible(match[1]):
                yield person(*match.span(1), 0.8, "pattern signature")
    for match in at_words(_RELATIVE, reading, _RELATIVE_RUNS) if cues & cue.RELATIVE else ():
        yield from _known(text, match, 0.75, "context relative (label)")
    for match in at_words(_RANK, reading, _RANK_RUNS) if cues & cue.RANK else ():
        yield from _known(text, match, 0.8, "pattern rank before name")
    if "née" in text:
        for match in _BORN.finditer(text):
            yield person(*match.span(1), 0.8, "pattern name at birth")
    if "," in text and "\n" in text:
        for match in _HEADER.finditer(text):
            if not any(normalise(part).strip(".,") in THINGS for part in match[1].split()):
                yield person(*match.span(1), 0.8, "context header (label)")
    for match in at_words(_GIVEN, reading, _GIVEN_RUNS) if cues & cue.GIVEN else ():
        tokens = match[1].split()
        plain = [normalise(t).strip(".") for t in tokens]
        if any(p in THINGS for p in plain):
            continue
        unusual = ":" in match[0] and not any(p in everyday() or p in places() for p in plain)
        if unusual or is_surname(tokens[-1]) or is_forename(tokens[0]):
            yield person(*match.span(1), 0.75, "context role (label)")
    if cues & cue.SMALL:
        yield from _small(reading)
    if cues & cue.AGED and any(
        end - start < 3 and text[start - 1 : start] in ("(", " ") for start, end in reading.numbers
    ):
        for match in _AGED.finditer(text):
            if is_forename(match[1].split()[0]):
                yield person(*match.span(1), 0.7, "pattern name with age")


def _plausible(name: str) -> bool:
    """A signature: no list need have it, but it is no everyday word and no place."""
    parts = [normalise(p).strip(".") for p in name.split()]
    if any(p in _NOBODY or p in THINGS for p in parts):
        return False
    if len(parts) == 1:
        return name[0].isupper() and (
            parts[0] in forenames() or (parts[0] not in everyday() and parts[0] not in places())
        )
    return len(parts[0]) == 1 or any(p in forenames() or p in surnames() for p in parts)


def _known(text: str, match: re.Match[str], score: float, why: str) -> Iterator[Detection]:
    """The name after a word for a person, as far as lists know it."""
    start, end = match.span(1)
    tokens = match[1].split()
    if len(tokens) > 1 and normalise(tokens[0]) in RANKS:
        start += len(tokens[0]) + 1
        tokens = tokens[1:]
    if normalise(tokens[0]) in RANKS:
        return
    if len(tokens) > 1 and not is_surname(tokens[-1]) and not is_forename(tokens[-1]):
        end -= len(tokens[-1]) + 1
        tokens = tokens[:-1]
    first = normalise(tokens[0]).strip(".")
    if not (is_forename(tokens[0]) or is_surname(tokens[-1])) or normalise(tokens[-1]) in THINGS:
        return
    if len(tokens) == 1 and (first in everyday() or first in places()) and first not in forenames():
        return
    following = re.match(r"[ ]([A-Z][a-z]+)", text[end : end + 24])
    if following and normalise(following[1]) in THINGS:
        return
    yield person(start, end, score, why)


def _small(reading: Reading) -> Iterator[Detection]:
    """Names in small letters, where what stands before leaves no doubt."""
    for match in at_words(_SMALL_TITLE, reading, _SMALL_TITLES):
        sure = match[0][:2] == "mr" and match[1] not in _COMMON
        if (is_surname(match[1]) or sure) and match[1] not in everyday():
            yield person(*match.span(1), 0.8, "pattern title before name")
    for expression, cues in ((_SMALL_GREETING, _GREETINGS), (_SMALL_ASKED, _ASKED)):
        for match in at_words(expression, reading, cues):
            word = match[1]
            if (
                word in forenames()
                and word not in everyday()
                and word not in _COMMON
                and word not in places()
            ):
                yield person(*match.span(1), 0.7, "pattern forename in its place")


_GREETED = frozenset(
    "all everyone everybody team guys folks there both ladies gentlemen again sir madam colleagues colleague friends mate love "
    "dear world lads girls boys people chaps yes and for you very much lots anyway well thanks morning afternoon evening".split()
)
_COMMON = frozenset(
    "the him her them you all both any one two who she his its our out may june april august will mark bill rob sue pat "
    "hope faith grace joy dawn rose ray art jack drew max sandy summer autumn con dot gay guy kit lance miles page peg "
    "rich rod rusty skip star tab ward wade chase cash king young long major dean earl duke prince see say can and but "
    "for not now how man boy see very best good here love mum dad nan son bless more less back home work post love "
    "angel princess honey baby dear amber ruby jade iris olive basil ginger heather holly ivy lily jasmine sage pearl "
    "tiffany crystal melody harmony destiny trinity genesis nevaeh precious sunny stormy brandy candy cherry coral".split()
)


def again(text: str, found: Iterable[Detection]) -> Iterator[Detection]:
    """A surname or forename by itself, of somebody whom the text names in full.

    `Miriam Holt … Holt said`: a word that stands with a capital and is part of a name found before
    is that person, even where a list or the model has it for a place.
    """
    parts: dict[str, bool] = {}
    spans = []
    for d in found:
        if d.entity_type != "PERSON":
            continue
        spans.append((d.start, d.end))
        tokens = [t.strip(".,'\"“”()") for t in text[d.start : d.end].split()]
        if len(tokens) < 2 or d.score < 0.6:
            continue
        for token in (tokens[0], tokens[-1]):
            if len(token) > 2 and token[0].isupper() and not token.isdigit():
                surname = token is tokens[-1] and token in tokens
                parts[token] = parts.get(token, False) or surname
    known = Spans(spans)
    for token in parts:
        plain = normalise(token)
        at = text.find(token)
        while at >= 0:
            end = at + len(token)
            if (
                not (at and (text[at - 1].isalnum() or text[at - 1] in "-@#/_’'"))
                and not text[end : end + 1].isalnum()
                and text[end : end + 1] not in ("-", "@", "_")
                and not known.hold(at, end)
                and not _elsewhere(text, at, end, plain)
            ):
                yield person(at, end, 0.78, "context named in full")
            at = text.find(token, end)


_PLACED = re.compile(r"(?<![a-z])(?:in|at|near|from|to|outside|of|around|across)[ ]\Z")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:\n]\s*)\Z")


def _elsewhere(text: str, start: int, end: int, plain: str) -> bool:
    """True if the word is used as a place, a thing or an everyday word here."""
    following = re.match(r"[ ]([A-Z][a-z]+)", text[end : end + 24])
    if following and (normalise(following[1]) in THINGS or normalise(following[1]) in surnames()):
        return True
    before = text[max(0, start - 10) : start]
    if plain in places() and _PLACED.search(before):
        return True
    run = re.search(r"(\A|[.!?\n]\s*)?([A-Z][\w’'-]*)[ ]\Z", text[max(0, start - 30) : start])
    if run and (run[1] is None or is_forename(run[2])):  # part of a longer run of capitals
        return True
    return plain in everyday() and _SENTENCE_START.search(before) is not None
