"""People's names by how they are written, with word lists and without a model.

Titles (`Mr & Mrs Smith`), salutations (`Dear Sarah,`), labels (`Next of kin: …`), registers
(`OKONKWO, Chidinma`), initials (`V G Knight`) and forename-surname runs. Spans leave titles
and possessive endings out. Word lists: `scanner.common.lexicon` (sources in docs/lexicons.md).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from scanner.common.lexicon import normalise, words
from scanner.common.reading import Cues, Reading, read
from scanner.model import Detection
from scanner.recognisers import name_cues as cue

_T = (
    r"(?:[A-ZÀ-ÖØ-Þ](?:['’][A-ZÀ-ÖØ-Þ])?[a-zà-öø-ÿ]{1,25}(?:[A-Z][a-zà-öø-ÿ]{1,20})?"
    r"(?:[-‐‑'’][A-Za-zÀ-ÖØ-öø-ÿ][a-zà-öø-ÿ]{1,25}){0,3})"
)
_CAPS = r"(?:[A-ZÀ-ÖØ-Þ]['’]?[A-ZÀ-ÖØ-Þ]{1,25}(?:[-'’][A-ZÀ-ÖØ-Þ]{1,25}){0,3})"
_PARTICLE = r"(?:van|von|de|der|den|da|di|du|del|della|la|le|bin|bint|ibn|al|el|ap|y)"
_FIRST = r"[A-ZÀ-ÖØ-Þ]"
_T_REST, _CAPS_REST = ("(?:" + name.removeprefix("(?:" + _FIRST) for name in (_T, _CAPS))
"""After the first letter, for expressions that begin with it and look behind then: that is searched for twice as fast."""
_NAME = rf"(?:{_T}|{_CAPS}|[A-Z]\.?(?![A-Za-z]))(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]){{0,2}}(?:{_T}|{_CAPS}|[A-Z]\.?(?![A-Za-z]))){{0,4}}"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Revd|Reverend|Fr|Cllr|Councillor|Sgt|PC|PCSO|"
    r"DC|DS|DI|DCI|Insp|Inspector|Constable|Capt|Captain|Judge|Nurse|Sister|Imam|Rabbi|MR|MRS|MS|MISS|DR|PROF|CLLR)"
)
_TITLED = re.compile(
    rf"(?<![\w.]){_TITLE}\.?(?:[ \u00a0]*(?:&|and|/)[ \u00a0]*{_TITLE}\.?)?(?:[ ][0-9]{{2,6}})?[ \u00a0]({_NAME})"
)
_SEVERAL = re.compile(
    rf"(?<![\w.])(?:Councillors|Cllrs|Messrs|Drs|Doctors|Judges|Professors)\.?[ ]"
    rf"((?:{_NAME},[ ]){{0,12}}{_NAME}(?:,?[ ]and[ ]{_NAME})?)"
)
_ONE = re.compile(_NAME)
_SPEAKER = re.compile(rf"(?m)^(?:\[[^\]\n]{{1,24}}\][ ]?|<)({_T}(?:[ ]{_T})?)[>:]")
_DEAR = re.compile(
    rf"(?<![\w])(?:Dear|DEAR|Hi|Hello|Hiya)[ ]({_T}(?:[ ]{_T})?)(?=[ ]?[,!.:\n]|[ ]?$|[ ]and )", re.M
)
_LABEL = re.compile(
    r"(?<![a-z])((?:full|first|last|middle|maiden|given|family|patient|client|customer|claimant|applicant|child|"
    r"pupil|student|employee|tenant|staff|contact|legal|preferred|service user)[ _]?name|name of (?:child|patient|"
    r"applicant|claimant|client|employee|tenant|parent|carer)|surname|forename|forenames|name|patient|client|claimant|"
    r"applicant|tenant|signed|caller|case ?worker|social worker|next of kin|nok|mother|father|gp|witness|defendant|"
    r"victim|suspect|carer|guardian|author|from|complainant|referrer|attendees|present|prisoner|employee|pupil)"
    r"[ ]?\Z"
)
_LABELLED = re.compile(rf"[:=][ \t]*[\"']?({_NAME})", re.I)
_LEADING_TITLE = re.compile(rf"{_TITLE}\.?(?:[ \u00a0]+|\Z)")
_LABEL_VALUE = re.compile(_NAME)
_COMMA = re.compile(
    rf"({_FIRST}(?<![\w'’-].)(?:{_CAPS_REST}|{_T_REST})),[ ]({_T}|[A-Z]\.)((?:[ ](?:{_T}|[A-Z]\.?(?![A-Za-z]))){{0,2}})(?!\w)"
)
_RUN = re.compile(
    rf"{_FIRST}(?<![\w@.'’/-].)(?:{_T_REST}|{_CAPS_REST}|(?<=[A-Z])\.?(?![A-Za-z]))"
    rf"(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]){{0,2}}(?:{_T}|{_CAPS}|[A-Z]\.?(?![A-Za-z]))){{1,5}}(?![\w@])"
)
_TOKEN = re.compile(r"[^ \u00a0]+")
# After these a run names a thing or an organisation, whatever stands before.
THINGS = frozenset(
    "street st road rd avenue ave lane ln close drive way court crescent gardens grove place terrace square hill park "
    "row mews walk green house hospital school college university academy trust council ltd limited plc llp inc "
    "group centre center church chapel surgery clinic ward unit team department dept office service services "
    "partnership association society union party museum gallery theatre hotel pub inn bridge station airport bank "
    "building tower hall lodge farm library prison club fc united city town foundation institute ministry agency act "
    "bill regulations order report review scheme programme project award prize cup day week kit set pack model series "
    "edition version street's borough district county parish constituency community committee board panel commission "
    "commissioner authority police force fire ambulance nhs hmrc dwp database server system software limited's "
    "knife jeans boots sauce tea coffee biscuits beer whisky paper tape table chair lamp bag shirt jacket pen pencil "
    "street, avenue, road, lane, medal estate valley bay river lake island islands castle palace cathedral".split()
)
RANKS = frozenset(
    "private lance corporal sergeant colour warrant officer lieutenant captain major colonel brigadier general admiral "
    "commodore commander marine rifleman guardsman sapper gunner trooper squadron leader marshal president mayor "
    "minister secretary senator bishop archbishop archdeacon cardinal pope chancellor ambassador governor sheikh "
    "ayatollah emperor empress".split()
)
_PEOPLES = frozenset(
    "kurd kurds kurdish yazidi yazidis arab arabs arabic sunni sunnis shia shias alawite alawites druze tuareg hausa igbo "
    "yoruba zulu xhosa pashtun pashtuns tajik hazara turkmen uzbek uzbeks chechen chechens serb serbs croat croats bosniak "
    "bosniaks kosovar inuit sikh hindu muslim muslims christian christians jew jews jewish catholic protestant orthodox "
    "buddhist islamist islamists islamic western european europeans african africans asian asians latin soviet soviets "
    "ottoman prussian byzantine roman romans scottish welsh irish english british french german germans russian russians "
    "americans britons turks rohingya uighur uyghur māori maori victorian edwardian elizabethan dinka nuer hutu tutsi "
    "tory tories nazi nazis taliban peshmerga hezbollah hamas isis isil daesh tigrinya amharic urdu pashto dari farsi punjabi "
    "bengali gujarati hindi tamil mandarin cantonese oromo lingala swahili shona twi sorani kurmanji sylheti".split()
)
# Makes of cars: `Ford Fiesta` is nobody.
MAKES = frozenset(
    "ford fiesta vauxhall corsa astra toyota nissan audi volkswagen vw bmw mercedes peugeot renault citroen fiat kia "
    "hyundai honda skoda seat volvo mazda suzuki jaguar".split()
)
_SALUTED = frozenset(
    "sir madam all team colleague colleagues customer resident tenant councillor councillors applicant parent parents "
    "friend friends editor chair minister everyone both there claimant carer guardian member members homeowner "
    "occupier patient student students professor doctor taxpayer sirs".split()
)
_FAMILIAR_ENDING = re.compile(r"['’]s?\Z")


@functools.cache
def forenames() -> frozenset[str]:
    return words("forenames")


@functools.cache
def surnames() -> frozenset[str]:
    return words("surnames")


@functools.cache
def places() -> frozenset[str]:
    return words("places") | words("world_places")


@functools.cache
def regions() -> frozenset[str]:
    return words("gazetteer")


@functools.cache
def peoples() -> frozenset[str]:
    """Nations, peoples, faiths and movements: what people are, not who."""
    return words("nationalities") | _PEOPLES


@functools.cache
def everyday() -> frozenset[str]:
    return words("everyday") | THINGS


@functools.lru_cache(maxsize=50_000)
def is_forename(token: str) -> bool:
    word = normalise(token)
    if word in forenames():
        return True
    return "-" in word and all(part in forenames() or part in surnames() for part in word.split("-"))


@functools.lru_cache(maxsize=50_000)
def is_surname(token: str) -> bool:
    word = normalise(token).strip(".")
    if word in surnames():
        return True
    return "-" in word and any(part in surnames() for part in word.split("-"))


def is_initial(token: str) -> bool:
    return len(token.rstrip(".")) == 1 and token[0].isupper()


def person(start: int, end: int, score: float, why: str) -> Detection:
    return Detection("PERSON", start, end, score, False, (why,), "names")


def trim(text: str, start: int, end: int, *, roles: bool = True) -> tuple[int, int]:
    """Leave off possessives, stray punctuation and (`roles`) words at the end that are no name."""
    while True:
        piece = text[start:end]
        stripped = (
            _FAMILIAR_ENDING.sub("", piece.rstrip(' \t\r\n,;:.-–"'))
            if not is_initial(piece[-2:].strip())
            else piece
        )
        if len(stripped) != len(piece):
            end = start + len(stripped)
            continue
        last = piece.rpartition(" ")[2]
        word = normalise(last).strip(".")
        if (
            roles
            and " " in piece
            and word in everyday()
            and word not in surnames()
            and word not in forenames()
        ):
            end = start + piece.rindex(" ")
            continue
        return start, end


_DEAR_WORDS = Cues("dear hi hello hiya".split())
_SEVERAL_WORDS = Cues("councillors cllrs messrs drs doctors judges professors".split())
_TITLE_WORDS = Cues(_TITLE.removeprefix("(?:").removesuffix(")").lower().split("|"))
_SINGLE_WORDS = Cues(
    "from with by to for and told saw met asked rang called visited that mother father son daughter husband wife "
    "partner brother sister friend carer call ring contact thanks regards wishes cheers".split()
)
_SUBJECT_WORDS = Cues(
    "s said says told reported reports stated states rang phoned called attended disclosed presented lives feels felt "
    "asked agreed refused denied explained appeared confirmed wants wanted became has was".split()
)


def at_words(
    expression: re.Pattern[str], reading: Reading, words_: frozenset[str]
) -> Iterator[re.Match[str]]:
    """Matches of an expression that begins with one of the words, without overlaps."""
    end = 0
    for at in reading.begins(words_):
        if at >= end and (match := expression.match(reading, at)):
            end = match.end()
            yield match


def names_in(text: str, cues: int = cue.EVERYTHING) -> Iterator[Detection]:
    """Every name that its writing or the word lists give away; spans may overlap. `cues`: the families
    of patterns that are tried."""
    reading = read(text)
    text = str(text)
    if cues & cue.TITLED:
        for match in at_words(_TITLED, reading, _TITLE_WORDS):
            start, end = trim(text, *match.span(1))
            name = text[start:end]
            plain = normalise(name)
            if plain in RANKS or (plain in words("world_places") and not is_surname(name)):
                continue
            if name and not is_thing(text, end) and plain not in _SALUTED and len(name) > 1:
                yield person(start, end, 0.9, "pattern title before name")
    if cues & cue.DEAR:
        for match in at_words(_DEAR, reading, _DEAR_WORDS):
            first = normalise(match[1].split()[0])
            if first not in _SALUTED and (first not in everyday() or first in forenames()):
                yield person(*match.span(1), 0.85, "pattern salutation")
    if cues & cue.SEVERAL:
        for match in at_words(_SEVERAL, reading, _SEVERAL_WORDS):
            for one in _ONE.finditer(text, *match.span(1)):
                if normalise(one[0]) not in everyday() or is_surname(one[0]):
                    yield person(*trim(text, *one.span()), 0.8, "pattern title before names")
    if cues & cue.SPEAKER and ("]" in text or ">" in text):
        for match in _SPEAKER.finditer(text):
            if is_forename(match[1].split()[0]) and normalise(match[1]) not in everyday():
                yield person(*match.span(1), 0.7, "pattern speaker")
    if cues & cue.SINGLE:
        yield from _after_cues(text, reading)
    if cues & cue.SUBJECT:
        yield from _subjects(text, reading)
    if cues & cue.LABEL and (":" in text or "=" in text):
        yield from _labelled(text, reading.lowered)
    if cues & cue.COMMA and _COMMA_FIRST.search(text):
        yield from _registers(text)
    if cues & cue.RUN:
        for match in _RUN.finditer(text):
            yield from _run(text, match)


_SINGLE = re.compile(rf"(?:[ ]|,?\n)({_T})(?![\w@-]| [A-Z])")
_LINKS = frozenset("and for to by from with that".split())
"""Words that say nothing at the beginning of a sentence: `And Texas is`."""
_SIGNING = frozenset("thanks regards wishes cheers".split())
_BEFORE_SUBJECT = re.compile(rf"(?<![\w@-])({_T})(?=['’ ]\Z)")
_SUBJECT = re.compile(
    r"'s (?:mother|father|son|daughter|gp|house|home|wife|husband|partner|carer)"
    r"| (?:said|says|told|reported|reports|stated|states|rang|phoned|called|attended|disclosed|presented|lives|feels|"
    r"felt|asked|agreed|refused|denied|explained|appeared|confirmed|wants|wanted|became|has been|was tearful)"
)
_COMMA_FIRST = re.compile(r",[ ](?=[A-ZÀ-Þ])")


def _after_cues(text: str, reading: Reading) -> Iterator[Detection]:
    """A lone forename where the word before it speaks of a person."""
    for at in reading.begins(_SINGLE_WORDS):
        end = at + 1
        while text[end : end + 1].isalpha():
            end += 1
        match = _SINGLE.match(text, end)
        if match is None:
            continue
        word = reading.lowered[at:end]
        if (text[end] != " " and word not in _SIGNING) or (text[at].isupper() and word in _LINKS):
            continue
        yield from _single(text, match)


def _subjects(text: str, reading: Reading) -> Iterator[Detection]:
    """A lone forename where the word after it speaks of a person."""
    for at in reading.begins(_SUBJECT_WORDS):
        start = max(0, at - 48)
        if at and text[at - 1] in " '’" and _SUBJECT.match(text, at - 1):
            match = _BEFORE_SUBJECT.search(text, start, at)
            if match:
                yield from _single(text, match)


def _single(text: str, match: re.Match[str]) -> Iterator[Detection]:
    word = normalise(match[1])
    signed = text[match.start(1) - 1 : match.start(1)] == "\n"
    if len(word) > 2 and is_forename(word) and word not in places() and (signed or word not in everyday()):
        yield person(*match.span(1), 0.6, "pattern forename in its place")


def _labelled(text: str, lowered: str) -> Iterator[Detection]:
    for match in _LABELLED.finditer(text):
        before = _LABEL.search(lowered, max(0, match.start() - 32), match.start())
        value = _LABEL_VALUE.match(text, match.start(1)) if before else None
        if before is None or value is None:
            continue
        start, end = trim(text, *value.span())
        if title := _LEADING_TITLE.match(text, start, end):
            start = title.end()
        tokens = text[start:end].split()
        if not tokens or any(normalise(t).strip(".") in THINGS for t in tokens) or is_thing(text, end):
            continue
        known = any(is_forename(t) or is_surname(t) for t in tokens if not is_initial(t))
        usual = all(normalise(t) in everyday() or normalise(t) in places() for t in tokens)
        label = before[1]
        plain = label in (
            "name",
            "from",
            "author",
            "present",
            "contact name",
            "caller",
            "patient",
            "client",
            "gp",
            "signed",
        )
        if known and not (usual and (plain or (len(tokens) == 1 and "name" not in label))):
            yield person(start, end, 0.88, f"context {label} (label)")
        elif not plain and not usual and not text[start:end].isupper():
            yield person(start, end, 0.7, f"context {label} (label)")


def _registers(text: str) -> Iterator[Detection]:
    for match in _COMMA.finditer(text):
        surname, forename = match[1], match[2]
        if normalise(surname) in THINGS or normalise(forename) in THINGS:
            continue
        if not (is_forename(forename) or is_initial(forename)):
            continue
        in_capitals = surname.isupper() and len(surname) > 2
        place = normalise(surname) in places() or normalise(forename) in places()
        alone = _ALONE_BEFORE.search(text, max(0, match.start() - 3), match.start()) and _ALONE_AFTER.match(
            text, match.end()
        )
        odd = normalise(surname) in everyday() and not is_surname(surname)
        if (
            in_capitals
            and not odd
            and (is_surname(surname) or not place)
            and not _after_name(text, match.start())
        ):
            yield person(*trim(text, *match.span()), 0.85, "pattern surname, forename")
        elif is_surname(surname) and not place and (alone or _only(surname, forename)):
            yield person(*trim(text, *match.span()), 0.7, "pattern surname, forename")


_ALONE_BEFORE = re.compile(r"(?:\A|[\n\t|;:\"][ ]?)\Z")
_ALONE_AFTER = re.compile(r"[ ]?(?:[\n\r\t|;\"(.]|\Z)")


def _only(surname: str, forename: str) -> bool:
    """Neither word can be read the other way round, or as an everyday word."""
    first, last = normalise(forename), normalise(surname)
    return (
        not is_forename(surname)
        and not is_surname(forename)
        and first not in everyday()
        and last not in everyday()
        and len(first) > 2
    )


def _after_name(text: str, start: int) -> bool:
    """True in a list of surnames (`SMITH, JONES, Sarah`): the comma before belongs to the list."""
    return text[max(0, start - 2) : start] == ", "


def is_thing(text: str, end: int) -> bool:
    """True if the next word makes a thing of it: `Stanley Road`, `James Paget Hospital`."""
    following = re.match(r"[ \u00a0-]([A-Za-z]+)", text[end : end + 24])
    return bool(following and (following[1][0].isupper() and normalise(following[1]) in THINGS))


def _run(text: str, match: re.Match[str]) -> Iterator[Detection]:
    """Forename and surname, or initials and surname, inside one run of capitalised words."""
    tokens = [(m[0], match.start() + m.start(), match.start() + m.end()) for m in _TOKEN.finditer(match[0])]
    shouting = match[0].isupper() and len(tokens) > 3
    i = 0
    while i < len(tokens) - 1 and not shouting:
        word = tokens[i][0]
        first_initial = is_initial(word) and word.upper() not in ("A", "I")
        if not (first_initial or (is_forename(word) and normalise(word) not in THINGS)):
            i += 1
            continue
        j = i + 1
        while j < len(tokens) - 1 and (
            is_initial(tokens[j][0]) or tokens[j][0].islower() or _surname_follows(tokens, j)
        ):
            j += 1
        last = tokens[j][0]
        strength = _strength(
            word, last, initials=sum(is_initial(t[0]) for t in tokens[i:j]) if first_initial else 0
        )
        start, end = trim(text, tokens[i][1], tokens[j][2])
        if strength and " " in text[start:end] and normalise(text[start:end]) not in places():
            nxt = normalise(tokens[j + 1][0]) if j + 1 < len(tokens) else ""
            if nxt not in THINGS and not is_thing(text, end):
                yield person(start, end, strength, "pattern forename and surname")
                i = j + 1
                continue
        i += 1


def _surname_follows(tokens: list[tuple[str, int, int]], j: int) -> bool:
    """A middle name: the token is a forename and the next one could end the name."""
    return (
        is_forename(tokens[j][0])
        and is_surname(tokens[j + 1][0])
        and normalise(tokens[j + 1][0]) not in THINGS
    )


def _strength(first: str, last: str, *, initials: int) -> float:
    """Score of a forename-surname pair; 0 where it is more likely to be something else."""
    f, s = normalise(first).strip("."), normalise(last).strip(".")
    if len(s) < 2 or s in THINGS or last.islower():
        return 0.0
    f_plain = f in everyday() or f in places()
    s_plain = s in everyday() or s in places()
    if initials:
        if not is_surname(last) or (s_plain and initials < 2 and "." not in first):
            return 0.0
        return 0.65
    if is_surname(last):
        if f_plain and s_plain:
            return 0.0
        return 0.6 if f_plain or s_plain else 0.8
    return 0.0
