"""Addresses part by part: back from a postcode, and on from a street to the towns after it.

Parts end at commas and line ends; a chain goes on as long as each looks like part of an address.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from scanner.model import Detection
from scanner.recognisers.uk import address_parts as parts
from scanner.recognisers.uk.contact_checks import POSTCODE_AREAS

_BREAK = re.compile(r"[ \t]*(?:,[ \t]*\r?\n?|\r?\n|\\n|;|\||(?<=[A-Za-z])/(?=[A-Z0-9]|\Z))[ \t]*")
_OPENING = re.compile(
    r"(?:(?:of|at|to|in|from|near|and|is|[-–—(*\"“]|[Nn]umber(?= [0-9])|[Nn]o\.?(?= ?[0-9]))[ ]*(?![a-z])[ ]*)+"
)
"""What may stand before the first part and is none of it."""
_INNER = re.compile(rf"(?<![\w£$/.-])(?:{parts.FLAT}|{parts.NUMBER}(?=,?[ ]+[A-Z]))")
_SMALL_INNER = re.compile(
    r"(?<![\w£$/.-])(?:(?:flat|unit|apartment|apt|room|suite|block|plot)[ ]+[0-9a-z]{1,4}\b|[0-9]{1,4}[a-z]?(?:-[0-9]{1,4})?(?=,?[ ]+[a-z']{2,}))"
)
_LABEL = re.compile(
    r".*(?:[:=@]|\b(?:at|to|of|addr|address|lives|live|living|residing|is|as|from|in|near|same)\b)[ \t]*",
    re.I | re.S,
)
_STREET = re.compile(
    rf"{parts.NUMBER},?[ \u00a0]+(?:{parts.WORD}[ \u00a0]+(?:of the |of |the |le |y )?){{1,4}}{parts.ANY_TYPE}(?![\w'’])"
)
_CAPITALS = re.compile(rf"(?:(?<=\s)|\A)(?:{parts.WORD}[ ]+(?:(?:of|the|and|y)[ ]+)*){{0,5}}{parts.WORD}\Z")
"""The last words of a part that have capitals."""
_PERSON_LINE = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir(?! (?:Ddinbych|Benfro|G[aâ]r|Gaerfyrddin|Fynwy|y Fflint))|Dear|Mx|Rev)\b"
)
_DATED = re.compile(
    r"[0-9](?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: [0-9]{2,4})?\Z",
    re.I,
)
"""`d.o.b. 3 February 1941` before an address is none of it."""
_REACH = 160
_CHECKED = ("pattern address", "check postcode area and layout")


def after_street(text: str, streets: Iterable[Detection], start: int, end: int) -> Detection | None:
    """The address that ends with the postcode at `start`:`end`, where one of the streets (with its number)
    is in the middle of a sentence and nothing stands between the two."""
    for street in streets:
        first = street.start
        alone = first == 0 or (text[first - 1] == " " and text[first - 2 : first - 1].islower())
        if alone and street.end <= start and not text[street.end : start].strip(" ,"):
            return Detection("ADDRESS", first, end, 0.9, True, _CHECKED, "uk")
    return None


def before_postcode(text: str, start: int, end: int) -> Detection | None:
    """The address that ends with the postcode at `start`:`end`, if there is one."""
    window_start = max(0, start - _REACH)
    window = text[window_start:start]
    bounds = [(0, 0), *((m.start(), m.end()) for m in _BREAK.finditer(window)), (len(window), len(window))]
    best = best_rank = None
    plain: list[tuple[int, str]] = []
    """Parts without a number or a word for a house or street, last first."""
    for i in range(len(bounds) - 2, -1, -1):
        lo, hi = bounds[i][1], bounds[i + 1][0]
        part = window[lo:hi].strip(" \t")
        if not part.strip("*_ "):
            if i == len(bounds) - 2 or i == 0:
                continue
            if "\n" in window[bounds[i][0] : bounds[i + 1][1]] and hi <= lo:
                break  # an empty line ends an address
            continue
        cut, last = _cut(part)
        if cut is None or _PERSON_LINE.match(part[cut:]):
            break
        piece = part[cut:].strip()
        position = window_start + lo + window[lo:hi].find(piece)
        rank = parts.rank(piece)
        if rank == 2 and best_rank == 3 and parts.personal(piece):
            break
        if rank and (best_rank is None or rank >= 2 or best_rank == 1):
            best, best_rank = position, max(rank, best_rank or 0)
        elif best is None:
            plain.append((position, piece))
        if last:
            break
    if best is None:
        best = _named_house(plain)
    if best is None:
        return None
    return Detection("ADDRESS", best, end, 0.9, True, _CHECKED, "uk")


def _cut(part: str) -> tuple[int | None, bool]:
    """Where in a part the address begins (None: nowhere), and whether the address begins in this part."""
    opening = _OPENING.match(part)
    if opening and opening.end() < len(part) and parts.PART.fullmatch(part[opening.end() :]):
        return opening.end(), True
    if parts.PART.fullmatch(part):
        return 0, False
    if _DATED.search(part):
        return None, True
    label = _LABEL.match(part)
    # `She lives 12 High Street`: what follows the last ordinary word counts.
    for begin in itertools.chain(
        (label.end() if label else None,),
        (m.start() for m in _STREET.finditer(part)),
        (m.start() for m in _INNER.finditer(part)),
    ):
        if begin and (rest := part[begin:].strip()) and parts.PART.fullmatch(rest):
            return begin, True
    if (capitals := _CAPITALS.search(part)) and (parts.rank(capitals[0]) or parts.is_place(capitals[0])):
        return capitals.start(), True
    return _small_cut(part, label)


def _small_cut(part: str, label: re.Match[str] | None) -> tuple[int | None, bool]:
    """The same for a part in small letters, of which only streets, houses, numbers and towns are known."""
    for begin in (0, label.end() if label else None):
        if begin is None or not (rest := part[begin:]):
            continue
        if parts.is_small(rest) and len(rest.split()) <= 6 and (parts.rank(rest) or parts.is_place(rest)):
            if not begin and parts.rank(rest) < 3 and len(rest.split()) > 4 and not parts.is_place(rest):
                continue
            return begin, bool(begin)
    for inner in _SMALL_INNER.finditer(part):
        rest = part[inner.start() :]
        if parts.is_small(rest) and len(rest.split()) <= 9 and parts.is_street(parts.without_place(rest)):
            return inner.start(), True
    return None, True


def _named_house(found: list[tuple[int, str]]) -> int | None:
    """Where `Pen-y-Bryn, Llanfair, Aberystwyth` before a postcode begins: a house with a name of its own
    and a known town; or the town alone. A person's name before the place is left out."""
    known = [parts.is_place(part) for _, part in found]
    while found and parts.personal(found[-1][1]) and not known[len(found) - 1]:
        found = found[:-1]
    if not found or not any(known[: len(found)]):
        return None
    return found[-1][0]


_NEXT = re.compile(r"[ \t]*(?:,[ \t]*\r?\n?|\r?\n)[ \t]*")
_NEXT_PART = re.compile(
    rf"{parts.WORD}(?:[ -](?:(?:on|upon|le|in|under|the|of|by|next|sea|cum|super|and|y|&)[ -])*{parts.WORD}){{0,4}}"
)


def onwards(text: str, end: int) -> int:
    """Where the address that has come to `end` ends at last: with the districts, towns and counties after it.

    A part that no list has counts only if a known one follows it.
    """
    kept = at = end
    unknown = 0
    for _ in range(5):
        gap = _NEXT.match(text, at)
        if gap is None or gap.end() == at:
            break
        part = _NEXT_PART.match(text, gap.end())
        if part is None:
            break
        if parts.is_street(part[0]) or parts.is_house(part[0]):
            kept = at = part.end()
        elif known := parts.known_start(part[0]):
            kept = at = gap.end() + known
            if known < len(part[0].rstrip(".")):
                break
        else:
            unknown += 1
            if unknown > 1 or "\n" in gap[0] or parts.personal(part[0]) or _PERSON_LINE.match(part[0]):
                break
            at = part.end()
    outward = _OUTWARD.match(text, kept) if kept > end else None
    return outward.end() if outward and outward[1] in POSTCODE_AREAS else kept


_OUTWARD = re.compile(r",?[ ]([A-Z]{1,2})[0-9]{1,2}[A-Z]?(?![\w-]|[ ][0-9][A-Z]{2})")
"""The first half of a postcode."""


def house_before(text: str, start: int) -> int:
    """Where the address begins whose number stands at `start`: with the flat, floor or house before it."""
    for _ in range(3):
        if not _MAY_LEAD.search(text, max(0, start - 16), start):
            break
        lead = _LEAD.search(text, max(0, start - 60), start) if _may_lead(text, start) else None
        if lead is None or parts.personal(lead[1].strip(" ,\n")) or _PERSON_LINE.match(lead[1]):
            break
        start = lead.start(1)
    return start


_FLATS = tuple(
    "flat apartment apt apt. unit room suite floor plot block studio level shop stall hut bay office".split()
)


def _may_lead(text: str, start: int) -> bool:
    """Cheaply, whether `_LEAD` could end at `start`: a comma or line end, a word for a flat, a number or floor."""
    before = text[max(0, start - 40) : start]
    words = before.lower().replace(",", " ").split()[-2:]
    return (
        "," in before[-3:]
        or "\n" in before[-4:]
        or any(word.endswith(_FLATS) for word in words)
        or any(word[:1].isdigit() for word in words[-1:])
    )


_MAY_LEAD = re.compile(
    r"(?:[,\n][ \t]*|[ ](?:[0-9]\w{0,3}|[0-9]{1,2}/[0-9]{1,2}|[A-Za-z])[ ]"
    r"|(?:[Uu]nit|UNIT|[Ff]lat|FLAT|[Aa]pt|[Ss]uite|[Rr]oom|[Pp]lot|[Bb]lock|[Ss]hop|[Ff]loor|FLOOR)[ ])\Z"
)
"""What stands last before a number wherever `_LEAD` does."""
_LEAD = re.compile(
    rf"(?<![\w'’/-])({parts.FLAT},?\s+|(?:[Uu]nit|UNIT|[Ff]lat|FLAT|[Aa]pt|[Ss]uite|[Rr]oom|[Pp]lot|[Bb]lock|[Ss]hop)\s+|"
    rf"(?:[0-9]F[0-9]|[0-9]{{1,2}}/[0-9]{{1,2}}),?\s+|(?:{parts.WORD}[ ]+(?:(?:of|the|y|and)[ ]+)*){{1,4}}"
    rf"(?:{parts.HOUSES}|{parts.HOUSES.upper()})[ \t]*(?:,[ \t]*\n?|\n)[ \t]*)\Z"
)


def known_town(text: str, start: int) -> int:
    """The end of the known place that begins at `start`, 0 where there is none."""
    part = _NEXT_PART.match(text, start)
    known = parts.known_start(part[0]) if part else 0
    return start + known if known else 0
