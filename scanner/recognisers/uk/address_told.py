"""Addresses that the words before them announce: `lives at`, `PO Box`, `BFPO`, `corner of`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.common.reading import Cues, Reading
from scanner.model import Detection
from scanner.recognisers.uk import address_parts as parts
from scanner.recognisers.uk.address_chain import onwards

_ALONE = Cues("box bfpo freepost corner junction".split())
_LABELS = Cues("address addr addy".split())
_LIVING = Cues("lived lives live living resided stayed resides residing stays staying lodging".split())
TOLD_WORDS = Cues(_ALONE | _LABELS | _LIVING)
"""Runs of letters without which `told` finds nothing."""
_BOX = re.compile(rf"(?<![A-Za-z]){parts.BOX}(?![0-9])", re.I)
_FORCES = re.compile(
    r"(?:(?:HMS|RAF|HQ)[ ](?:[A-Z][\w'’-]*[ ]?){1,3},?[ ]+)?(?<![A-Za-z])BFPO[ ]?[0-9]{1,4}(?![0-9A-Za-z])",
    re.I,
)
_FREEPOST = re.compile(
    r"(?i:freepost)[ ,]+(?:[A-Z]{4}-[A-Z]{4}-[A-Z]{4}|[A-Z]{2,4}[0-9]{1,5}(?![0-9])|[A-Z][A-Z ]{3,40}[A-Z])"
)
_NAMES = rf"(?:the )?(?:{parts.WORD}[ ]){{0,3}}{parts.WORD}"
_CORNER = re.compile(rf"(?i:(?:corner|junction) of) {_NAMES} (?i:and|&|with) {_NAMES}")
_LABEL = re.compile(
    r"[a-z]+(?: line [0-9])?(?: is| was| as| now|\s?=|\s?:| [-–]|\s?\.{2,}(?=\s)|(?=\s[0-9]))[\s*]{0,4}(?=\S)"
)
_AT = re.compile(r"[a-z]+ (?:at |@ ?|alone at |with \w+ at )(?:number |no\.? )?")
_SEGMENT = re.compile(r"(?:[^,;.\n()\[\]{}\"“”|\t:!?]|(?<=St)\.|(?<=[A-Z])\.(?=[A-Z .])|(?<=rd)\.(?=,))+")
_SMALL_TOWN = re.compile(r",?[ ]+(?=[a-z])(?P<town>[a-z'’-]{3,}(?: [a-z'’-]+){0,2})")


def told(reading: Reading) -> Iterator[Detection]:
    """Addresses that are announced; spans may overlap."""
    text, lowered = str(reading), reading.lowered
    for at in reading.begins(_ALONE):
        if match := _alone(text, lowered[at : at + 2], at):
            end = _with_town(text, match.end())
            yield Detection("ADDRESS", match.start(), end, 0.75, False, ("pattern postal address",), "uk")
    for words, before, least in ((_LABELS, _LABEL, 2), (_LIVING, _AT, 3)):
        for at in reading.begins(words):
            introduced = before.match(lowered, at)
            if introduced and (end := value(text, introduced.end(), least)):
                reasons = ("pattern address", f"context {introduced[0].split()[0].strip(':=')}")
                yield Detection("ADDRESS", introduced.end(), end, 0.65, False, reasons, "uk")


def _alone(text: str, word: str, at: int) -> re.Match[str] | None:
    if word == "bo":
        return _BOX.search(text, max(0, at - 6), at + 20)
    if word == "bf":
        return _FORCES.search(text, max(0, at - 30), at + 12)
    return _FREEPOST.match(text, at) if word == "fr" else _CORNER.match(text, at)


def _with_town(text: str, end: int) -> int:
    """With the towns that follow: in capitals, or one in small letters."""
    further = onwards(text, end)
    small = _SMALL_TOWN.match(text, end) if further == end else None
    if small and (known := parts.known_start(small["town"])):
        return small.start("town") + known
    return further


def value(text: str, start: int, least: int) -> int:
    """Where the address ends that begins at `start`; 0 if what stands there is none.

    `least`: how much must speak for it: 3 for a numbered street, 2 for a street or house, 1 for a town.
    """
    at, end, evidence, count, unlisted = start, 0, 0, 0, 0
    for _ in range(6):
        segment = _SEGMENT.match(text, at)
        if segment is None:
            break
        piece = segment[0].rstrip()
        size, weight = _address_like(piece)
        if not size:
            break
        if weight:
            end, count = at + size, count + 1
            evidence = max(evidence, weight)
        elif unlisted > 1:
            break
        else:
            unlisted += 1
        if size < len(piece):
            break
        gap = _GAP.match(text, at + len(piece))
        if gap is None or gap.end() == gap.start():
            break
        at = gap.end()
    known_too = evidence >= 1 and count + (unlisted if least < 3 else 0) >= 2
    if evidence >= max(least, 3) or (evidence >= 2 and (known_too or least < 3)) or (known_too and least < 3):
        return end
    return end if evidence >= 2 and text[start].isupper() else 0


_GAP = re.compile(r"[ \t]*(?:,[ \t]*\n?|\n)[ \t]*(?=[\w])")
_KEY = re.compile(
    rf"(?:(?:{parts.TYPES}|{parts.HOUSES}|Flats|Cottages|College|Hostel|Hotel|Barracks)(?:[ ](?:north|south|east|west))?)(?![\w'’-])",
    re.I,
)


def _address_like(piece: str) -> tuple[int, int]:
    """How many of the first characters are part of an address, and how much they weigh (0: perhaps)."""
    if parts.is_place(piece):
        return len(piece), 1
    numbered = parts.NUMBERED.match(piece) or _SMALL_NUMBERED.match(piece)
    begin = numbered.end() if numbered else 0
    if numbered and not piece[begin:].strip():
        return len(piece), 1
    best = 0
    for key in _KEY.finditer(piece, begin):
        if len(piece[begin : key.start()].split()) > (5 if numbered else 3):
            break
        if key.start() > begin and not _PROSE.isdisjoint(piece[begin : key.start()].lower().split()):
            break
        best = key.end()
    if best:
        town = parts.known_start(piece[best:].lstrip())
        end = len(piece) - len(piece[best:].lstrip()) + town if town else best
        return end, 3 if numbered else 2
    if parts.rank(piece) and parts.PART.fullmatch(piece):
        return len(piece), 2
    if piece[:1].isupper() and parts.PART.fullmatch(piece) and len(piece.split()) < 5:
        return len(piece), 0
    return 0, 0


_SMALL_NUMBERED = re.compile(
    r"(?:flat|unit|apartment|apt|room|block)\s+[0-9a-z]{1,4}(?:/[0-9])?(?![\w])[ ]*(?:[0-9]{1,4}[a-z]?[ ])?"
)
_PROSE = frozenset(
    "a an his her their our my your in on at with and or is was to for from no not this that own".split()
)
