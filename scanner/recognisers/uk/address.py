"""Postal addresses as one span: house, street, town, postcode.

Two ways in. From a postcode backwards, part by part (parts end at commas and line ends),
as long as each looks like part of an address; and from a house number forwards to a word
for a street. Sources: Royal Mail's layout of addresses; BS 7666 part types.
"""

from __future__ import annotations

import re

from scanner.model import Detection

_TYPES = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Cl|Drive|Dr|Way|Court|Ct|Crescent|Cres|Gardens|Gdns|Garden|Grove|"
    "Gr|Place|Pl|Terrace|Terr|Ter|Square|Sq|Hill|Park|Row|Mews|Walk|Green|Rise|View|Parade|Yard|Wharf|Quay|Gate|"
    "Meadow|Meadows|Field|Fields|Croft|Bank|Mount|Vale|Broadway|Parkway|Heights|Circus|End|Villas|Common|"
    "Embankment|Esplanade|Promenade|Approach|Chase|Copse|Dale|Drove|Garth|Glade|Loan|Brae|Wynd|Vennel|Side|Fold|"
    "Path|Bridge|Cottages|Almshouses|Quadrant|Ridge|Spinney|Orchard|Crest|Dene|Mead|Holt|Boulevard|Gait|Lea|"
    "Lawns|Strand|Whitehall|Piccadilly|Cheapside|Kingsway|Queensway|Highway|Bypass"
)
_HOUSES = (
    "House|Cottage|Farm|Lodge|Hall|Court|Mansions|Tower|Towers|Point|Barn|Villa|Mill|Manor|Vicarage|Rectory|"
    "Buildings|Building|Bungalow|Farmhouse|Grange|Heights|Apartments|Estate|Centre|Works|Office|Offices|Hospital|"
    "School|Surgery|Station|Chambers|Wharf"
)
_WORD = r"[A-Z][\w'’.-]*"
_NUMBER = r"[0-9]{1,4}[A-Za-z]?(?:\s?[-–/]\s?[0-9]{1,4}[A-Za-z]?)?"
_FLAT = r"(?:[Ff]lat|FLAT|[Aa]partment|[Aa]pt\.?|[Uu]nit|[Rr]oom|[Ss]uite|[Ff]loor|[Pp]lot|[Bb]lock)\s+[0-9A-Za-z]{1,4}"
_CASE_TYPES = f"(?:{_TYPES}|{_TYPES.upper()})"
# No ordinary word may stand between number and street type: `12 Angry Men on the Road`.
_STREET = re.compile(
    rf"{_NUMBER},?[ \u00a0]+"
    rf"(?:(?:{_WORD}[ \u00a0]+(?:of the |of |the |le |y )?){{1,4}}{_CASE_TYPES}(?![\w'’])\.?(?:[ ](?:North|South|East|West)(?![\w]))?"
    r"|(?:The[ \u00a0]+)(?:Green|Square|Close|Avenue|Crescent|Grove|Mews|Paddock|Park|Street|Drive|Croft|Meadows?|Mount|"
    r"Parade|Terrace|Quay|Cross|Common|Lane|Hill|Row|Orchard|Chase|Glebe|Limes|Laurels|Willows|Oaks|Firs)(?![\w])"
    r"|(?:Broadway|Strand|Whitehall|Piccadilly|Cheapside|Kingsway|Queensway|Eastgate|Westgate|Northgate|Southgate)(?![\w])"
    rf"|(?:{_WORD}[ ])?(?:Heol|Ffordd|Stryd|Lôn|Clos|Rhodfa|Maes|Rue)[ \u00a0]+{_WORD}(?:[ ]{_WORD})?)"
)
_LOWER_STREET = re.compile(rf"[0-9]{{1,4}}[a-z]?,?[ ]+(?:[a-z'-]+[ ]+){{1,3}}(?:{_TYPES.lower()})(?![\w])")
_LEAD_IN = re.compile(rf"(?:{_FLAT},?\s+)?(?:(?:{_WORD}[ ]+){{1,3}}(?:{_HOUSES})\s*,\s*)\Z|{_FLAT},?\s+\Z")
_PART = re.compile(
    rf"(?:{_NUMBER}|{_FLAT}|{_WORD}|&|of|the|and|upon|on|le|la|in|under|by|y|super|with|next|sea|cum|de|"
    rf"[Pp]\.?[Oo]\.? ?[Bb]ox|c/o)(?:[ \u00a0]+(?:{_NUMBER}|{_WORD}|[0-9]{{1,4}}[A-Za-z]?|&|of|the|and|upon|on|le|"
    rf"la|in|under|by|y|super|with|next|sea|cum|de|-)){{0,6}}\.?"
)
_NUMBERED = re.compile(rf"(?:{_FLAT}|{_NUMBER}[ ,]|{_NUMBER}\Z|[Pp]\.?[Oo]\.? ?[Bb]ox)")
_HOUSE_END = re.compile(rf"(?:{_HOUSES}|{_HOUSES.upper()})\.?\Z")
_STREET_END = re.compile(rf"(?<![\w])(?:{_CASE_TYPES})\.?\Z|(?:Heol|Ffordd|Stryd|Lôn|Clos|Rhodfa|Maes)\s")
_BREAK = re.compile(r"[ \t]*(?:,[ \t]*\r?\n?|\r?\n|\\n|;|\|)[ \t]*")
_LABEL = re.compile(
    r".*(?:[:=]|\b(?:at|to|of|address|lives|live|living|residing|is|from|in|near)\b)[ \t]*", re.I
)
_PERSON_LINE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dear|Mx|Rev)\b")
_REACH = 140


def before_postcode(text: str, start: int, end: int) -> Detection | None:
    """The address that ends with the postcode at `start`:`end`, if there is one."""
    window_start = max(0, start - _REACH)
    window = text[window_start:start]
    bounds = [(0, 0), *((m.start(), m.end()) for m in _BREAK.finditer(window)), (len(window), len(window))]
    best = best_rank = None
    for i in range(len(bounds) - 2, -1, -1):
        lo, hi = bounds[i][1], bounds[i + 1][0]
        part = window[lo:hi].strip()
        if not part:
            if i == len(bounds) - 2 or i == 0:
                continue
            if "\n" in window[bounds[i][0] : bounds[i + 1][1]] and hi <= lo:
                break  # an empty line ends an address
            continue
        cut = 0
        whole = _PART.fullmatch(part) is not None
        if not whole:
            label = _LABEL.match(part)
            cut = label.end() if label else 0
            if not label:
                # `She lives 12 High Street`: take what follows the last ordinary word.
                inner = _STREET.search(part)
                cut = inner.start() if inner else 0
            if not cut or not _PART.fullmatch(part[cut:].strip()):
                inner = _STREET.search(part)
                if inner is None or not _PART.fullmatch(part[inner.start() :].strip()):
                    break
                cut = inner.start()
        if _PERSON_LINE.match(part[cut:]):
            break
        piece = part[cut:].strip()
        if not piece:
            break
        position = window_start + lo + window[lo:hi].find(piece)
        rank = (
            3
            if _NUMBERED.match(piece)
            else 2
            if _HOUSE_END.search(piece)
            else 1
            if _STREET_END.search(piece)
            else 0
        )
        if rank and (best_rank is None or rank >= best_rank or best_rank == 1):
            best, best_rank = position, max(rank, best_rank or 0)
        if not whole:
            break
    if best is None:
        return None
    return Detection(
        "ADDRESS", best, end, 0.9, True, ("pattern address", "check postcode area and layout"), "uk"
    )


def from_number(text: str, start: int) -> Detection | None:
    """The address that begins with the house number at `start`, without regard to a postcode."""
    match = _STREET.match(text, start)
    if match is None:
        return None
    lead = _LEAD_IN.search(text, max(0, start - 60), start)
    begin = lead.start() if lead else start
    return Detection("ADDRESS", begin, match.end(), 0.7, False, ("pattern house number and street",), "uk")


def from_number_lower(text: str, start: int, postcodes: list[tuple[int, int]]) -> Detection | None:
    """`12 high street, leeds ls1 4ap`: small letters count only where a postcode follows."""
    match = _LOWER_STREET.match(text, start)
    if match is None:
        return None
    for pc_start, pc_end in postcodes:
        if 0 <= pc_start - match.end() <= 60 and not re.search(r"[.;:!?]", text[match.end() : pc_start]):
            return Detection(
                "ADDRESS",
                start,
                pc_end,
                0.8,
                True,
                ("pattern address", "check postcode area and layout"),
                "uk",
            )
    return None
