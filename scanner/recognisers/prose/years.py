"""Years, decades and eras: numbers that the words around them make times.

A number of four digits is far more often a count, a port, a house or a part of a reference than a
year, so it needs `in`, `since` or their like before it, a bracket after a name, a second year, or a
word that has years (`the 2010 election`); and nothing may follow that it counts.
"""

from __future__ import annotations

import re

from scanner.recognisers.prose.around import next_word, previous, starts_capital

Span = tuple[int, int]

ERAS = frozenset(("bc", "ad", "bce", "ce"))
"""Runs of letters without which no number is a year of an era."""
_LATEST = 2035
"""Years after this are not spoken of in what is scanned; ports, sizes and modes are."""
_EARLIEST = 1066
"""Years before this are rarer than counts: only an era makes them years."""
_EARLIEST_BARE = 1400
"""Earliest year that a word as common as `from` makes one."""
_GLUE = frozenset("£$€¥#/.:+,@=_'’–-")
"""Before a number these make it a part of something else."""
_HYPHENED = ("mid-", "early-", "late-", "post-", "pre-")
_GLUED = re.compile(r"\w|[_%@–—+°/-]|:(?! [A-Za-z])|[.,](?=[0-9])")
_SURE = frozenset(
    "granted diagnosed married divorced qualified appointed published in since until till during circa c. ca. ca c early late mid born b. d. died est. established founded fl. fl "
    "year spring summer autumn winter fall christmas easter eve michaelmas hilary olympics games january february "
    "march april may june july august september october november december q1 q2 q3 q4 fy built completed opened "
    "dated elected copyright © graduated retired".split()
)
_FAIRLY = frozenset("by from before after of around between through".split())
_OWNED = frozenset("the a his her their its your our".split())
_TO = ("prior to ", "up to ", "back to ", "dates to ", "dated to ", "dating to ")
_ABOUT = ("in about ", "from about ", "until about ", "since about ", "by about ")
_UNITS = frozenset(
    "people men women children troops personnel staff police refugees per percent km miles metres meters feet "
    "acres hectares kg lb lbs tonnes tons litres ml mg mm cm m bytes kb mb gb hz mhz watts w rpm or more fewer "
    "less plus other additional new extra different odd head cattle sheep euro cash sq square cubic word page "
    "mile metre meter foot acre strong seat seater volt litre ton tonne gallon pound dollar calorie kcal capacity "
    "mile series block ms sec secs min mins mph pt pts px crore lakh million billion thousand hundred dozen".split()
)
_NO_PLURAL = frozenset(
    "was is has as its his this does thus perhaps across towards besides always sometimes afterwards unless "
    "series survives remains begins ends shows marks sees onwards forwards us sales prices elections".split()
)
"""Words that end with s and are nothing a number before them counts."""
_HAVE_YEARS = frozenset(
    "election elections referendum census budget season edition version film movie novel book album song single "
    "play act war crisis revolution uprising coup treaty constitution final finals championship championships "
    "olympics tournament campaign tour match draft epidemic pandemic earthquake flood floods riots strike attacks "
    "bombing famine invasion report survey study paper interview documentary article speech review strategy "
    "general presidential parliamentary local european world summer winter fa uk us tax financial fiscal academic "
    "accounts calendar ceasefire massacre peace olympic paralympic commonwealth eu ashes cup grand genocide "
    "conflict intervention".split()
)
_MADE = frozenset("model plate vehicle motor saloon hatchback estate diesel petrol engine".split())
"""Things that are called by their year: no date of anybody's life."""
_BEGINS = re.compile(r" (?:was|is|saw|has been|will be|had been|marked|brought)(?![a-z])|: ")
_YEAR = "((?:1[0-9]|20)[0-9]{2})"
_RANGE = re.compile(rf"\s?[–—-]\s?(?:{_YEAR}|([0-9]{{2}}))(?![\w/]|[–—-][0-9])")
_SLASH = re.compile(rf"/(?:{_YEAR}|([0-9]{{2}}))(?![\w/]|-[0-9])")
_PRESENT = re.compile(r"\s?[–—-]\s?(?:present|now|date)(?![a-z])|[–—-](?=\))")
_TO_YEAR = re.compile(
    rf" (?:to|until|till|through|and|or) (?:(?:early|late|mid)[- ])?{_YEAR}(?![\w£$%]|[.,][0-9]|-[0-9])"
)
_ERA = re.compile(r" (?:BC|BCE|AD|CE)(?![A-Za-z0-9])")
_SEASON = re.compile(r" (?:season|(?:academic|financial|tax|fiscal) year)(?![a-z])")
_DECADE = re.compile(r"['’]?s(?![a-z0-9])")
_LEAD = re.compile(
    r"(?:the )?(?:(?:early|mid|late|end of|beginning of|start of|turn of|(?:first|second) half of|"
    r"(?:first|second|third|fourth|final|last) quarter of)[ -](?:to[ -](?:mid|late)[ -])?)?(?:the )?"
    r"(?:(?:spring|summer|autumn|winter|fall|christmas|easter|christmas eve|michaelmas|year|q[1-4])(?: of)?,? |"
    r"c\. ?|ca\. ?|circa )?\Z"
)
_OPPOSED = frozenset(
    "no no. nos nos. ref ref. number page pages pp pp. p. port ports ext ext. extension error line lines room "
    "flat unit article section clause item model version build rfc iso en bs code id po pin room bus route flight "
    "tel call".split()
)
_AFTER_NAME = re.compile(
    r"[A-Za-z.,’'\"”] [(\[](?:born |b\. ?|died |d\. ?|c\. ?|circa |fl\. ?|est\. ?|from |since )?\Z"
)
_BRACKET_AFTER = re.compile(r"[)\],;]|\s?[–—-]\s?(?:c\. ?|circa )?[0-9?]|[–—-]\)")
_COMMA = re.compile(r"[a-z.], \Z")
_CLOSES = re.compile(r"[.,;)\]?!]|\s*\Z|\n")
_BEFORE_SHORT = frozenset("in since of from until till by during summer spring autumn winter".split())
_AFTER_DAY = frozenset("and at but for with by".split())
_SHORT = ("c.", "b.", "d.", "ca.", "fl.")


def year_at(text: str, lowered: str, start: int, end: int, last: int) -> Span | None:
    """The year, range of years or decade whose first four digits are at `start`; `last`: where the
    year before it in the text ended."""
    year = int(text[start:end])
    if not 1000 <= year <= _LATEST:
        return None
    before = text[start - 1] if start else " "
    if (before.isalnum() or before in _GLUE) and not (
        before == "-" and lowered.endswith(_HYPHENED, 0, start)
    ):
        return _abbreviated(text, lowered, start, end, year)
    if not year % 10 and (decade := _DECADE.match(lowered, end)):
        return _lead(lowered, start), decade.end()
    led = previous(lowered, start)
    if led in _OPPOSED:
        return None
    if ends := _range(text, end, year):
        return _whole(lowered, start, ends)
    if not _bracketed(text, lowered, start, end, year):
        if _GLUED.match(text, end) or not _told(text, lowered, start, end, year, led, last):
            return None
        if led in ("between", "from", "of", "in"):
            pair = _TO_YEAR.match(lowered, end)
            if pair and int(pair[1]) > year:
                return (
                    None
                    if _counted(text, pair.end(), next_word(lowered, pair.end()))
                    else (start, pair.end())
                )
    elif present := _PRESENT.match(lowered, end):
        return start, present.end()
    return _whole(lowered, start, end)


_LEADS = frozenset(
    "the early mid late mid- early- late- of spring summer autumn winter fall christmas easter eve michaelmas "
    "year c. ca. circa q1 q2 q3 q4".split()
)


def _whole(lowered: str, start: int, end: int) -> Span:
    """With `season` after it and what leads to it; `the` alone belongs to the noun: `the 2010 election`."""
    begin = _lead(lowered, start)
    if season := _SEASON.match(lowered, end):
        return begin, season.end()
    return (start if lowered[begin:start] == "the " else begin), end


def _told(text: str, lowered: str, start: int, end: int, year: int, led: str, last: int) -> bool:
    """Do the words around make a number of four digits a year?"""
    following = next_word(lowered, end)
    if led != "the" and _counted(text, end, following):
        return False
    if led in _SURE:
        return year >= _EARLIEST or not following
    if led == "between":
        pair = _TO_YEAR.match(lowered, end)
        if pair is None or not year < int(pair[1]) <= _LATEST:
            return False
        return not _counted(text, pair.end(), next_word(lowered, pair.end()))
    if led in _FAIRLY:
        if led == "of":
            return year >= 1600
        return year >= _EARLIEST_BARE or following in ("until", "to", "onwards")
    if led in ("to", "and", "or", "until", "&") and 0 <= start - last <= 12:
        return True
    if led == "to":
        return year >= _EARLIEST_BARE and lowered.endswith(_TO, 0, start)
    if led == "about":
        return year >= _EARLIEST and lowered.endswith(_ABOUT, 0, start)
    if led in _OWNED:
        if year >= 1900 and (_singular(text, end, following) or (led == "the" and starts_capital(text, end))):
            return True
        return year > 1500 and following in _HAVE_YEARS
    if 0 < start - last <= 2:
        return True
    if year < 1700:
        return False
    if _COMMA.search(lowered, max(0, start - 4), start) and _CLOSES.match(text, end):
        return True
    return not led and _begins_sentence(text, start) and _BEGINS.match(lowered, end) is not None


def _counted(text: str, end: int, following: str) -> bool:
    """Is the word after a number what it counts?"""
    if following in _UNITS:
        return True
    return (
        following.endswith("s")
        and len(following) > 2
        and following not in _NO_PLURAL
        and not starts_capital(text, end)
    )


def _singular(text: str, end: int, following: str) -> bool:
    """`the 2014 kidnapping`: no number above one counts a noun without its s."""
    return (
        following.isalpha()
        and len(following) > 3
        and not following.endswith("s")
        and following not in _MADE
        and text[end + 1].islower()
    )


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in ".!?\n"


def _bracketed(text: str, lowered: str, start: int, end: int, year: int) -> bool:
    """`(1952)`, `(born 1952;`, `(1952–` after a name or a title."""
    if year < _EARLIEST or "(" not in text[max(0, start - 8) : start] or not _BRACKET_AFTER.match(text, end):
        return False
    if year < 1600 and text[start - 1] == "(" and text[end] == ")":
        return False  # `SQL Server (1433)`
    return _AFTER_NAME.search(lowered, max(0, start - 16), start) is not None


def _range(text: str, end: int, year: int) -> int | None:
    """The end of a second year, `1914–18`, `2019/20`, `1921 – 2004`; `2004-11` is a month."""
    if match := _RANGE.match(text, end):
        short = match[2]
        to = int(match[1]) if not short else year // 100 * 100 + int(short)
        if short and text[end] == "-" and int(short) <= 12 and to != year + 1:
            return None
        return match.end() if year < to <= min(_LATEST, year + 400) else None
    if match := _SLASH.match(text, end):
        to = int(match[1]) if match[1] else year // 100 * 100 + int(match[2])
        return match.end() if to == year + 1 and year > 1700 else None
    return None


def _lead(lowered: str, start: int) -> int:
    """The start with `the early`, `the summer of` or `circa` before it."""
    if not start or lowered[start - 1] not in " -.":
        return start
    if previous(lowered, start) not in _LEADS and lowered[start - 2 : start - 1] != ".":
        return start
    match = _LEAD.search(lowered, max(0, start - 32), start)
    if match is None:
        return start
    begin = match.start()
    return start if begin and lowered[begin - 1].isalnum() else begin


def _abbreviated(text: str, lowered: str, start: int, end: int, year: int) -> Span | None:
    """`c.1935`, `b.1946`: an abbreviation without a space."""
    if year < _EARLIEST_BARE or not lowered.endswith(_SHORT, 0, start) or text[end : end + 1].isalnum():
        return None
    at = lowered.rfind(" ", max(0, start - 8), start) + 1
    return (at, end) if lowered[at:start].strip("([") in _SHORT else None


def era_at(text: str, lowered: str, start: int, end: int) -> Span | None:
    """`44 BC`, `AD 79`."""
    if text[start - 1 : start].isalnum() and start:
        return None
    if match := _ERA.match(text, end):
        return _lead(lowered, start), match.end()
    if text.endswith("AD ", 0, start) and not text[: start - 3][-1:].isalpha():
        return start - 3, end
    return None


def short_decade(lowered: str, start: int, end: int) -> Span | None:
    """`the 80s`, `the '60s`, `late 90s`; not `in his 80s`."""
    match = _DECADE.match(lowered, end)
    if match is None or lowered[end - 1] != "0":
        return None
    at = start - (lowered[start - 1 : start] in ("'", "’", "‘"))
    if previous(lowered, at) not in ("the", "early", "late", "mid"):
        return None
    begin = _lead(lowered, at)
    return None if previous(lowered, begin) in ("his", "her", "their", "my", "your") else (begin, match.end())


def short_year(lowered: str, start: int, end: int) -> Span | None:
    """`in '46`: two digits after an apostrophe."""
    if previous(lowered, start - 1) not in _BEFORE_SHORT or lowered[end : end + 1].isalnum():
        return None
    return start - 1, end


def ordinal_day(lowered: str, start: int, end: int) -> Span | None:
    """`on the 12th`, with nothing after that would be a floor or a birthday."""
    if lowered[end : end + 2] not in ("st", "nd", "rd", "th") or not lowered.endswith("on the ", 0, start):
        return None
    close = _CLOSES.match(lowered, end + 2) or next_word(lowered, end + 2) in _AFTER_DAY
    return (start - 4, end + 2) if close and 1 <= int(lowered[start:end]) <= 31 else None
