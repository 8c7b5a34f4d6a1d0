"""Detections that belong together become one: parts of an address, a name and the date after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.common.lexicon import normalise, words
from scanner.model import Detection

_JOIN = re.compile(r"[ \t]*,?[ \t]*\r?\n?[ \t]*")
"""What may stand between a street and the town that a model found."""
_LINK = re.compile(r"[ \t]*(?:,[ \t]*\r?\n?|\r?\n)[ \t]*")
"""What stands between parts of an address that begin with no number."""
_NUMBER = re.compile(
    r"(?<![\w£$/.,-])(?:(?:[Ff]lat|[Uu]nit|[Aa]partment) [0-9A-Za-z]{1,4},? )?[0-9]{1,3}[A-Za-z]?,?[ ]\Z"
)
_STREET = re.compile(
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Crescent|Gardens|Grove|Terrace|Mews|Court|Way|Square|Row|Parade|Hill|"
    r"Place|Wharf|Cottages?|House|Lodge|Farm|Mansions|Villas?|Schoolhouse|School|Bungalow|Rectory|Vicarage|Hostel|"
    r"[a-z]gate)\Z"
)
_NAMED = re.compile(
    r"(?:\b(?:at|of|from|to|outside|near|on|is|lives)\s|\A|[\n:(]\s?)"
    r"(?P<number>[1-9][0-9]{0,2}[A-Za-z]? (?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
    r"(?:[A-Z][\w'’-]+ ){0,2}[A-Z][\w'’-]{2,}),\s\Z"
)
"""`88 Saltergate, ` before a town: a street without a word for streets."""
_SPOT = re.compile(
    r"(?: (?:Head|Top|Beach|Bay|Harbour|Quayside|Pier|Point|Island|Common|Green|Cross|Corner|Moor|Docks?|Wharf|Barracks|"
    r"Campus)|\ANear .*)\Z"
)
_AT = re.compile(r"(?:\b(?:at|to|from|outside|near|@|of)|\A|[\n:]) ?\Z", re.I)
_BETWEEN = re.compile(r"[ ]?[(\[][ ]?|,[ ]?|[ ]?[\t|;][ ]?")
_YEAR = re.compile(r"(?<![0-9])(?:19[0-9]{2}|200[0-9]|201[0-5])(?![0-9])")


def addresses(text: str, detections: list[Detection]) -> Iterator[Detection]:
    """Addresses made of what stands side by side: a street with its number, its house and its towns.

    `12 High Street` and the town right after it; `Kingfisher House, Riverside Way, Northampton`, found
    as three places; `5 St Mary's Butts, Reading`, a number before places.
    """
    places = {d.start: d for d in detections if d.entity_type == "LOCATION"}
    if not places:
        return
    for d in detections:
        if d.entity_type == "ADDRESS" and not d.validated:
            end = _towns(text, d.end, places, _JOIN)[0]
            if end > d.end:
                reasons = (*d.reasons, "context town")
                yield Detection("ADDRESS", d.start, end, min(0.9, d.score + 0.1), False, reasons, "uk")
    postcodes = {d.start: d for d in detections if d.entity_type == "UK_POSTCODE"}
    for first in places.values():
        end, names = _towns(text, first.end, places, _LINK)
        postcode = postcodes.get(_JOIN.match(text, end).end()) if postcodes else None  # type: ignore[union-attr]
        names = [text[first.start : first.end], *names]
        number = _NUMBER.search(text, max(0, first.start - 24), first.start)
        named = None if number else _NAMED.search(text, max(0, first.start - 50), first.start)
        if named and _listed(names[-1]):
            number = named
        if len(names) < 2 and not (postcode and number) and not named:
            continue
        if not (
            number
            or postcode
            or any(_STREET.search(name) for name in names[:-1])
            or _spot(text, first, names)
        ):
            continue
        start = number.start(number.lastindex or 0) if number else first.start
        yield Detection(
            "ADDRESS",
            start,
            postcode.end if postcode else end,
            0.8 if postcode or number else 0.6,
            postcode is not None,
            ("pattern places side by side", *(("context postcode",) if postcode else ())),
            "uk",
        )


def _listed(name: str) -> bool:
    plain = normalise(name)
    return plain in words("places") or plain in words("world_places")


def _spot(text: str, first: Detection, names: list[str]) -> bool:
    """`at Pier Head, Liverpool`: a spot by its name, and the known town that it is in."""
    return (
        _SPOT.search(names[0]) is not None
        and _listed(names[-1])
        and _AT.search(text, max(0, first.start - 9), first.start) is not None
    )


def _towns(text: str, end: int, places: dict[int, Detection], link: re.Pattern[str]) -> tuple[int, list[str]]:
    """The end of up to three places that follow each other, and their names."""
    names: list[str] = []
    while len(names) < 3:
        gap = link.match(text, end)
        town = places.get(gap.end()) if gap and gap.end() > end else None
        if town is None:
            break
        end = town.end
        names.append(text[town.start : town.end])
    return end, names


def after_names(text: str, kept: list[Detection]) -> list[Detection]:
    """What stands right after a name belongs to the person.

    A whole date, `Jordan Mellor (14/08/1999)`, is taken for a date of birth where a grown-up or an older
    child could be born then; a small number, `Danylo (9)` or `Callum Reddish, 22, outside`, for an age;
    `Marguerite Ogden (mogden)` for a login made of the name.
    """
    out = venues(text, kept)
    kept = out[:]
    added: list[Detection] = []
    for i, name in enumerate(kept):
        if name.entity_type != "PERSON":
            continue
        date = kept[i + 1] if i + 1 < len(kept) else None
        if date is not None and date.start - name.end < 4:
            if (
                date.entity_type == "DATE_TIME"
                and date.recogniser == "uk"
                and _BETWEEN.fullmatch(text, name.end, date.start)
                and _YEAR.search(text, date.start, date.end)
            ):
                reasons = (*date.reasons, "context name before it")
                out[i + 1] = Detection("DATE_OF_BIRTH", date.start, date.end, 0.65, False, reasons, "uk")
            continue
        if age := _AGE.match(text, name.end):
            group = age.lastgroup or "bare"
            reasons = ("pattern age", "context name before it")
            added.append(Detection("AGE", *age.span(group), 0.6, False, reasons, "uk"))
        elif number := _PRISONER.match(text, name.end):
            reasons = ("pattern prisoner number", "context name before it")
            added.append(Detection("UK_PRISONER_NUMBER", *number.span(1), 0.6, False, reasons, "uk"))
        elif (login := _LOGIN.match(text, name.end)) and _made_of(login[1], text[name.start : name.end]):
            reasons = ("pattern login", "context name before it")
            added.append(Detection("USERNAME", *login.span(1), 0.7, False, reasons, "uk"))
    return sorted([*out, *added], key=lambda d: d.start) if added else out


def venues(text: str, kept: list[Detection]) -> list[Detection]:
    """A place right before an address is the name of the house: `Royal Pavilion, 4 Pavilion Buildings`."""
    out: list[Detection] = []
    for d in kept:
        if (
            d.entity_type == "ADDRESS"
            and out
            and out[-1].entity_type == "LOCATION"
            and _VENUE.fullmatch(text, out[-1].end, d.start)
        ):
            reasons = (*d.reasons, "context place before it")
            d = Detection("ADDRESS", out.pop().start, d.end, d.score, d.validated, reasons, d.recogniser)
        out.append(d)
    return out


_VENUE = re.compile(r"['’]?(?:,[ ]?\n?|\n|[ ]\([ ]?)")
_AGE = re.compile(
    r"[ ]?\((?:aged? )?(?P<bracketed>[1-9][0-9]?)(?:[ ]?(?:yrs?|years|y|yo|y/o))?\)"
    r"|,[ ](?P<bare>[1-9][0-9]?)(?=,(?:[ ][a-z]|[ ]?\n)|[ ]?\)|\.(?:\s|\Z))"
    r"|,?[ ](?P<years>[1-9][0-9]?[ ]?(?:yrs?|y/o|mths?|months|wks|weeks)(?:[ ]old)?)(?![a-z])(?![ ](?:ago|later|in|of))"
    r"|,?[ ](?P<sexed>[1-9][0-9]?[MF])(?![\w])"
    r"|[ ](?:is|was|turned|turns)[ ](?:now |only |just )?(?P<told>[1-9][0-9]?)"
    r"(?=[.,;](?:\s|\Z)|\s*\Z|[ ](?:and|but|next|now|in)(?![a-z]))"
)
_PRISONER = re.compile(r"[ ,(]{1,3}(A[0-9]{4}[A-Z]{2})(?![A-Za-z0-9])")
_LOGIN = re.compile(r"[ ]?[(\[]([a-z][a-z0-9._-]{3,24})[)\]]")


def _made_of(login: str, name: str) -> bool:
    """True if the login holds the surname, or the beginning of it after an initial."""
    parts = [p for p in re.split(r"[^a-z]+", name.lower()) if p]
    return len(parts) > 1 and (parts[-1] in login or login.startswith(parts[0][0] + parts[-1][:4]))
