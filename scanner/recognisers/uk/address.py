"""Postal addresses as one span: house, street, town, postcode.

Ways in: from a postcode backwards (`address_chain`); from a house number forwards to a word for a street;
from such a word to a known town after it; from what says that an address follows (`lives at`, `PO Box`,
`corner of`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scanner.common.reading import Cues, Reading
from scanner.common.spans import Spans
from scanner.model import Detection
from scanner.recognisers.uk import address_parts as parts
from scanner.recognisers.uk.address_chain import (
    after_street,
    before_postcode,
    house_before,
    known_town,
    onwards,
)
from scanner.recognisers.uk.address_told import TOLD_WORDS, told

__all__ = (
    "STREET_WORDS",
    "TOLD_WORDS",
    "after_street",
    "before_postcode",
    "from_number",
    "from_number_lower",
    "unnumbered",
)

_TYPES = parts.TYPES
# No ordinary word may stand between number and street type: `12 Angry Men on the Road`.
_STREET = re.compile(
    rf"{parts.NUMBER},?[ \u00a0]+"
    rf"(?:(?:{parts.WORD}[ \u00a0]+(?:of the |of |the |le |y )?){{1,4}}{parts.ANY_TYPE}(?![\w'’])\.?(?:[ ](?:North|South|East|West)(?![\w]))?"
    r"|(?:The[ \u00a0]+)(?:Green|Square|Close|Avenue|Crescent|Grove|Mews|Paddock|Park|Street|Drive|Croft|Meadows?|Mount|"
    r"Parade|Terrace|Quay|Cross|Common|Lane|Hill|Row|Orchard|Chase|Glebe|Limes|Laurels|Willows|Oaks|Firs)(?![\w])"
    r"|(?:Broadway|Strand|Whitehall|Piccadilly|Cheapside|Kingsway|Queensway|Eastgate|Westgate|Northgate|Southgate)(?![\w])"
    rf"|(?:{parts.WORD}[ ])?(?:{parts.WELSH}|Rue)[ \u00a0]+{parts.WORD}(?:[ ]{parts.WORD})?)"
)
_LOWER_STREET = re.compile(
    rf"[0-9]{{1,4}}[a-z]?,?[ ]+(?:[a-z'-]+[ ]+){{1,3}}(?:{_TYPES.lower()})(?![\w])(?:[ ](?:north|south|east|west)(?![\w]))?"
)


def from_number(text: str, start: int) -> Detection | None:
    """The address that begins with the house number at `start`, without regard to a postcode."""
    match = _STREET.match(text, start)
    if match is None:
        return _numbered_house(text, start)
    last = match[0].rpartition(" ")[2].lower().rstrip(".")
    if (
        last in parts.WEAK
        and not _FIRM_AFTER.match(text, match.end())
        and not _FIRM_BEFORE.search(text, max(0, start - 24), start)
    ):
        return None
    end = onwards(text, match.end())
    if end == match.end() and _YEAR.match(text, start) and not _LIVES.search(text, max(0, start - 12), start):
        return None
    town = ("context town",) if end > match.end() else ()
    score, reasons = 0.8 if town else 0.7, ("pattern house number and street", *town)
    return Detection("ADDRESS", house_before(text, start), end, score, False, reasons, "uk")


def _numbered_house(text: str, start: int) -> Detection | None:
    """`1-24 Grosvenor House, Agar Grove`: numbers in a house, only before a street or a known town."""
    match = _HOUSE.match(text, start)
    if match is None or _YEAR.match(text, start) or (end := onwards(text, match.end())) == match.end():
        return None
    reasons = ("pattern house number and house", "context town")
    return Detection("ADDRESS", house_before(text, start), end, 0.6, False, reasons, "uk")


_HOUSE = re.compile(
    rf"{parts.NUMBER}[ ]+(?:{parts.WORD}[ ]){{1,3}}(?:House|HOUSE|Lodge|Farm)(?=,[ ]?\n?[A-Z])"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9A-Za-z])")
"""`2021 Iain Lane` in a notice of copyright: a year and a name, unless a town follows."""
_LIVES = re.compile(r"(?:at|address:?|lives|living|of)[ ]\Z", re.I)
_FIRM_AFTER = re.compile(r"[ ]?(?:[,.;:)\n\r]|\Z)")
_FIRM_BEFORE = re.compile(
    r"(?:\b(?:at|to|of|from|on|outside|near|address|lives?|living|resid\w+|flat \w+,?)[: ]+|[\n:(]\s?)\Z|\A\Z",
    re.I,
)


def from_number_lower(text: str, start: int, postcodes: list[tuple[int, int]]) -> Detection | None:
    """`12 high street, leeds ls1 4ap`: small letters count only where a postcode follows."""
    match = _LOWER_STREET.match(text, start)
    if match is None:
        return None
    for pc_start, pc_end in postcodes:
        if 0 <= pc_start - match.end() <= 60 and not re.search(r"[.;:!?]", text[match.end() : pc_start]):
            reasons = ("pattern address", "check postcode area and layout")
            return Detection("ADDRESS", start, pc_end, 0.8, True, reasons, "uk")
    return None


_STRONG = "Road|Rd|Street|Avenue|Ave|Lane|Close|Drive|Crescent|Gardens|Grove|Terrace|Mews|Court|Way|Square|Row|Parade|Hill|Place"
_UNNUMBERED = re.compile(
    rf"(?<![\w'’])(?:{parts.WORD}[ ]){{1,3}}(?:(?:{parts.HOUSES})\s*,\s*(?:{parts.WORD}[ ]){{1,3}}(?:{_STRONG})|{_STRONG}|Cottage|Cottages|House|Lodge|Farm)"
    rf"(?![\w'’]),[ ]?\n?(?=[A-Z])"
)
_COMMA_NEXT = re.compile(r"[A-Za-z]+,[ \n]")
STREET_WORDS = Cues(f"{_STRONG}|Cottage|Cottages|House|Lodge|Farm".lower().split("|"))


def unnumbered(reading: Reading, numbered: Sequence[Detection] = ()) -> Iterator[Detection]:
    """`Hazel Court, Dudley Road, Wolverhampton`: no number, but a street or house and then a known town;
    and addresses that the words before them announce. `numbered`: those known already."""
    text, done = str(reading), 0
    known = Spans((street.start, street.end) for street in numbered)
    if reading.speaks(TOLD_WORDS):
        yield from told(reading)
    for at in reading.begins(_SMALL_WORDS):
        if text[at].islower() and (small := _small_street(text, at)):
            yield small
    for at in reading.begins(STREET_WORDS):
        if not text[at].isupper() or not _COMMA_NEXT.match(text, at):
            continue
        if known.touch(at, at + 1):
            continue
        match = _UNNUMBERED.search(text, max(done, at - 60), at + 80)
        if match is None:
            continue
        done = match.end()
        street = match.start() + len(match[0].rstrip(", \n"))
        if not (end := max(known_town(text, match.end()), onwards(text, street))) > match.end():
            continue
        begin = match.start()
        if opening := _SENTENCE.match(text, begin, end):
            begin = opening.end()
        reasons = ("pattern street and town",)
        yield Detection("ADDRESS", begin, end, 0.55, False, reasons, "uk")


def _small_street(text: str, at: int) -> Detection | None:
    """`in high street, stourbridge` or `to 18 king edward ave worthing`: a street in small letters with a
    number or a known town."""
    end = _LETTERS.match(text, at).end()  # type: ignore[union-attr]
    before = _SMALL_BEFORE.search(text, max(0, at - 50), at)
    if before is None or text[end : end + 1].isdigit() or not _NO_STREET.isdisjoint(before[2].split()):
        return None
    town = _SMALL_TOWN.match(text, end)
    known = parts.known_start(town[2]) if town else 0
    if town is not None and known and (before[1] or "," in town[1]):
        end = town.start(2) + known
    elif not before[1] or not _SMALL_END.match(text, end):
        return None
    reasons = ("pattern street and town",) if known else ("pattern house number and street",)
    return Detection("ADDRESS", before.start(1 if before[1] else 2), end, 0.5, False, reasons, "uk")


_SMALL_WORDS = Cues(
    "road rd street st avenue ave lane crescent cres gardens gdns grove terrace mews parade".split()
)
_LETTERS = re.compile("[a-z]+")
_SMALL_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:at|in|on|from|to|of|near|off|outside|is|it|or|and|address|@)[ ]|[\n:,(][ ]?|\A)"
    r"([1-9][0-9]{0,2}[a-z]?,?[ ])?((?:[a-z'’-]+[ ]){1,3})\Z"
)
_SMALL_TOWN = re.compile(r"(,?[ ])([a-z'’-]{3,}(?: [a-z'’-]+){0,2})")
_SMALL_END = re.compile(
    r"[.,;?!)\n]|\s*\Z|[ ](?:or|and|but|with|she|he|they|where|to|is|was|on|at|again|last|this)(?![a-z])"
)
_NO_STREET = frozenset(
    "the a an this that his her my our their same next across along busy main quiet every each of in on at to by and or for up down off one two some no is was it".split()
)
_SENTENCE = re.compile(
    r"(?:The|At|In|From|Of|To|Mr|Mrs|Ms|Miss|Dr|On|Near|Outside|Home|Address)[ ]+(?=[A-Z])"
)
