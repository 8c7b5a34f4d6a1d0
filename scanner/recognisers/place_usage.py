"""Places that a word list is sure of, or that the word before names as such.

Countries and towns after a preposition (`from Ghana`, `in Crewe`), and `County Down`, `Strait of Hormuz`.
The names model finds the rest. Without the preposition a team is as likely: `England beat Wales`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from scanner.common.lexicon import normalise, words
from scanner.common.reading import Cues, read
from scanner.model import Detection
from scanner.recognisers import name_cues as cue
from scanner.recognisers.name_patterns import THINGS, at_words, everyday, forenames, surnames

_KIND = re.compile(
    r"(?<![\w-])(?:County|Co\.|Mount|Lake|Lough|Loch|River|Cape|Isle of|Isles of|Strait of|Straits of|Gulf of|Bay of|"
    r"Sea of|Province of|Republic of|Kingdom of|Port|Fort)[ ]((?:the[ ])?[A-Z][a-zà-öø-ÿ]{2,}(?:[ -][A-Z][a-zà-öø-ÿ]{2,})?)(?![\w-])"
)
_KIND_RUNS = Cues(
    "county co mount lake lough loch river cape isle isles strait straits gulf bay sea province republic kingdom port fort".split()
)
_PREPOSITION = re.compile(
    r"(?<![a-z])(?:in|at|from|to|near|via|outside|around|across|leaving|reached|visited|visiting|into|between|"
    r"moved to|back in|here in)[ ](?:the[ ])?\Z"
)
_ORGANISATION = frozenset(
    "office united city rovers albion athletic government embassy university bank times post news council court herald "
    "airport station police school college hospital museum star stars tigers wanderers town county arms hotel road "
    "street lane avenue airlines airways rail railways telecom international open derby championship cup league house crown magistrates".split()
)
_WORDS_TOO = ("reading", "bath", "rugby", "sandwich", "wells")
"""Towns that are everyday words: with a capital and a preposition, and no name after them, the town is meant."""
_NATIONS = ("scotland", "england", "wales", "britain", "london")
COUNTRIES = frozenset(
    "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahrain bangladesh barbados "
    "belarus belgium belize benin bermuda bhutan bolivia botswana brazil britain brunei bulgaria burundi cambodia cameroon "
    "canada catalonia chile china colombia crimea croatia cuba cyprus czechia czechoslovakia denmark djibouti ecuador egypt "
    "england eritrea estonia ethiopia europe fiji finland france gabon gambia germany ghana gibraltar greece greenland "
    "guatemala guernsey guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan "
    "kazakhstan kenya kosovo kurdistan kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania "
    "luxembourg madagascar malawi malaysia maldives malta mauritania mauritius mexico moldova mongolia morocco mozambique "
    "myanmar namibia nepal nicaragua nigeria norway pakistan palestine panama paraguay peru philippines poland portugal "
    "qatar romania russia rwanda samoa scotland senegal serbia seychelles singapore slovakia slovenia somalia spain sudan "
    "sweden switzerland syria taiwan tajikistan tanzania thailand tibet tunisia turkmenistan uganda ukraine uruguay "
    "uzbekistan venezuela vietnam wales yemen yugoslavia zambia zimbabwe".split()
)
"""Of one word that is hardly anybody's name and no other word: places wherever they stand by themselves."""
_PLAYING = re.compile(r"[ ](?:beat|drew|thrash|won|lost|[0-9])")
"""After a team."""
LETTERS = ("UK", "USA", "US")


@functools.cache
def _sure() -> frozenset[str]:
    """Countries and large cities of one word that are no name and no word besides."""
    other = surnames() | forenames() | everyday() | words("nationalities")
    return frozenset(p for p in words("world_places") if p.isalpha() and len(p) > 3 and p not in other)


@functools.cache
def _towns() -> Cues:
    other = forenames() | everyday() | words("nationalities")
    home = words("places") | words("world_places") | words("gazetteer")
    return Cues(
        (
            *_NATIONS,
            *COUNTRIES,
            *_WORDS_TOO,
            *(p for p in home if p.isascii() and p.isalpha() and len(p) > 3 and p not in other),
        )
    )


def place_usage(text: str, cues: int = cue.EVERYTHING) -> Iterator[Detection]:
    """Places by list and place in the sentence; spans may overlap with others' proposals."""
    reading = read(text)
    text, lowered = str(text), reading.lowered
    for word in sorted(reading.speaks(_towns())) if cues & cue.TOWN else ():
        sure = word in _sure()
        at = lowered.find(word)
        while at >= 0:
            end = at + len(word)
            if _stands(text, at, end) and (
                _named(text, at, end, sure=sure, country=word in COUNTRIES)
                if text[at].isupper()
                else _small(lowered, at, sure=sure)
            ):
                yield Detection("LOCATION", at, end, 0.55, False, ("lexicon place",), "names")
            at = lowered.find(word, end)
    if cues & cue.TOWN:
        for letters in LETTERS:
            yield from _in_letters(text, letters)
    for match in at_words(_KIND, reading, _KIND_RUNS) if cues & cue.KIND else ():
        if normalise(match[1]) not in THINGS:
            yield Detection("LOCATION", *match.span(), 0.6, False, ("pattern kind of place",), "names")


def _stands(text: str, start: int, end: int) -> bool:
    """A word by itself, no part of an address of the net."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or before in tuple("@#/_-.")) and not (
        after.isalnum() or after in tuple("@_-")
    )


def _in_letters(text: str, letters: str) -> Iterator[Detection]:
    """`UK` and the like by themselves; not where everything around is in capitals."""
    at = text.find(letters)
    while at >= 0:
        end = at + len(letters)
        near = text[max(0, at - 12) : at] + text[end : end + 12]
        if _stands(text, at, end) and any(c.islower() for c in near):
            yield Detection("LOCATION", at, end, 0.55, False, ("lexicon place",), "names")
        at = text.find(letters, end)


def _named(text: str, start: int, end: int, *, sure: bool, country: bool) -> bool:
    """True if the capitalised word is no part of a longer name and (unless a country) stands as a place does."""
    before = text[max(0, start - 16) : start]
    if re.search(r"[A-Z][\w’']*[ ](?:(?:of|and|&)[ ])?\Z", before) and not re.search(
        r"[.!?:]\s+\w+[ ]\Z", before
    ):
        return False
    following = re.match(r"(?:['’]s)?[ ]([A-Z][a-z]+)", text[end : end + 24])
    if text.startswith((" &", " and Sons", " of ", " and North East"), end):
        return False
    if following and (following[1].lower() in _ORGANISATION or normalise(following[1]) in THINGS or not sure):
        return False
    if country and not _PLAYING.match(text, end) and not before.endswith((" beat ", " thrashed ")):
        return True
    return _PREPOSITION.search(before.lower()) is not None


def _small(lowered: str, start: int, *, sure: bool) -> bool:
    """`even here in scotland`: in small letters only what a list is sure of, after `in` or `from`."""
    if not (sure or lowered.startswith(_NATIONS, start)):
        return False
    return re.search(r"(?<![a-z])(?:in|from|to)[ ]\Z", lowered[max(0, start - 6) : start]) is not None
