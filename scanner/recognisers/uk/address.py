"""Postal addresses as one span: house, street, town, postcode.

Two ways in. From a postcode backwards, part by part (parts end at commas and line ends),
as long as each looks like part of an address; and from a house number forwards to a word
for a street. Sources: Royal Mail's layout of addresses; BS 7666 part types.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from scanner.common.lexicon import normalise, words
from scanner.common.reading import Reading
from scanner.model import Detection

_TYPES = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Cl|Drive|Dr|Way|Court|Ct|Crescent|Cres|Gardens|Gdns|Garden|Grove|"
    "Gr|Place|Pl|Terrace|Terr|Ter|Square|Sq|Hill|Park|Row|Mews|Walk|Green|Rise|View|Parade|Yard|Wharf|Quay|Gate|"
    "Meadow|Meadows|Field|Fields|Croft|Bank|Mount|Vale|Broadway|Parkway|Heights|Circus|End|Villas|Common|"
    "Embankment|Esplanade|Promenade|Approach|Chase|Copse|Dale|Drove|Garth|Glade|Loan|Brae|Wynd|Vennel|Side|Fold|"
    "Path|Bridge|Cottages|Almshouses|Quadrant|Ridge|Spinney|Orchard|Crest|Dene|Mead|Holt|Boulevard|Gait|Lea|"
    "Butts|Causeway|Parc|Paddock|Paddocks|Shambles|Precinct|Arcade|Reach|Dock|Marina|Pass|Steps|Lawns|Strand|Whitehall|Piccadilly|Cheapside|Kingsway|Queensway|Highway|Bypass"
)
_HOUSES = (
    "House|Cottage|Farm|Lodge|Hall|Court|Mansions|Tower|Towers|Point|Barn|Villa|Mill|Manor|Vicarage|Rectory|"
    "Buildings|Building|Bungalow|Farmhouse|Grange|Heights|Apartments|Estate|Centre|Works|Office|Offices|Hospital|"
    "School|Surgery|Station|Chambers|Wharf"
)
_WEAK = frozenset(
    "way hill park green bank square gate field fields side end bridge path view rise row walk mount common dale fold "
    "place court close point cross chase loan yard side works office offices station school centre".split()
)
"""Words for streets that are as often something else: `30 Brown Bank boxes`, `4 Close in July`."""
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
    rf"yr?|ar|na|nan|du|des|off|rear|[Pp]\.?[Oo]\.? ?[Bb]ox|c/o)(?:[ \u00a0]+(?:{_NUMBER}|{_WORD}|[0-9]{{1,4}}[A-Za-z]?|&|of|the|and|upon|on|le|"
    rf"la|in|under|by|yr?|ar|na|nan|du|des|off|super|with|next|sea|cum|de|-)){{0,6}}\.?"
)
_NUMBERED = re.compile(rf"(?:{_FLAT}|{_NUMBER}[ ,]|{_NUMBER}\Z|[Pp]\.?[Oo]\.? ?[Bb]ox)")
_OPENING = re.compile(
    r"(?:(?:of|at|to|in|from|near|and|is|[-–—(]|[Nn]umber(?= [0-9])|[Nn]o\.?(?= ?[0-9]))[ ]+)+"
)
"""What may stand before the first part and is none of it."""
_INNER = re.compile(rf"(?<![\w£$/.-])(?:{_FLAT}|{_NUMBER}(?=,?[ ]+[A-Z]))")
_REGION = re.compile(r"(?:Isle of|County|Co\.?)[ ]")
_HOUSE_END = re.compile(rf"(?:{_HOUSES}|{_HOUSES.upper()})\.?\Z")
_STREET_END = re.compile(rf"(?<![\w])(?:{_CASE_TYPES})\.?\Z|(?:Heol|Ffordd|Stryd|Lôn|Clos|Rhodfa|Maes)\s")
_BREAK = re.compile(r"[ \t]*(?:,[ \t]*\r?\n?|\r?\n|\\n|;|\|)[ \t]*")
_LABEL = re.compile(
    r".*(?:[:=]|\b(?:at|to|of|address|lives|live|living|residing|is|from|in|near)\b)[ \t]*", re.I
)
_PERSON_LINE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dear|Mx|Rev)\b")
_REACH = 140


@functools.cache
def places() -> frozenset[str]:
    """Towns, villages, counties and larger cities, in small letters."""
    return words("places") | words("world_places")


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
        part = window[lo:hi].strip()
        if not part:
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
        elif best is None:
            plain.append((position, piece))
        if last:
            break
    if best is None:
        best = _named_house(plain)
    if best is None:
        return None
    return Detection(
        "ADDRESS", best, end, 0.9, True, ("pattern address", "check postcode area and layout"), "uk"
    )


def _cut(part: str) -> tuple[int | None, bool]:
    """Where in a part the address begins (None: nowhere), and whether the address begins in this part."""
    opening = _OPENING.match(part)
    if opening and opening.end() < len(part) and _PART.fullmatch(part[opening.end() :]):
        return opening.end(), True
    if _PART.fullmatch(part):
        return 0, False
    label = _LABEL.match(part)
    # `She lives 12 High Street`: what follows the last ordinary word counts.
    for begin in (
        label.end() if label else None,
        *(m.start() for m in _STREET.finditer(part)),
        *(m.start() for m in _INNER.finditer(part)),
    ):
        if begin and (rest := part[begin:].strip()) and _PART.fullmatch(rest):
            return begin, True
    return None, True


def _named_house(parts: list[tuple[int, str]]) -> int | None:
    """Where `Pen-y-Bryn, Llanfair, Aberystwyth` before a postcode begins: a house with a name of its own
    and a known town. A person's name before the place is left out."""
    known = [normalise(part) in places() or _REGION.match(part) is not None for _, part in parts]
    while parts and _personal(parts[-1][1]):
        parts, known = parts[:-1], known[:-1]
    if len(parts) < 2 or not any(known):
        return None
    return parts[-1][0]


def _personal(part: str) -> bool:
    words_in = normalise(part).split(" ")
    return 1 < len(words_in) < 4 and words_in[0] in words("forenames") and words_in[-1] in words("surnames")


def from_number(text: str, start: int) -> Detection | None:
    """The address that begins with the house number at `start`, without regard to a postcode."""
    match = _STREET.match(text, start)
    if match is None:
        return None
    last = match[0].rpartition(" ")[2].lower().rstrip(".")
    if last in _WEAK and not _FIRM_AFTER.match(text, match.end()) and not _FIRM_BEFORE.search(text, 0, start):
        return None
    lead = _LEAD_IN.search(text, max(0, start - 60), start)
    begin = lead.start() if lead else start
    return Detection("ADDRESS", begin, match.end(), 0.7, False, ("pattern house number and street",), "uk")


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


_STRONG = "Road|Rd|Street|Avenue|Ave|Lane|Close|Drive|Crescent|Gardens|Grove|Terrace|Mews|Court|Way|Square|Row|Parade|Hill|Place"
_PLACE = rf"{_WORD}(?:[ -](?:(?:on|upon|le|in|under|the|of|by|next|sea|cum|super|and)[ -])*{_WORD}){{0,3}}"
_UNNUMBERED = re.compile(
    rf"(?<![\w'’])(?:{_WORD}[ ]){{1,3}}(?:(?:{_HOUSES})\s*,\s*(?:{_WORD}[ ]){{1,3}}(?:{_STRONG})|{_STRONG}|Cottage|Cottages|House|Lodge|Farm)"
    rf"(?![\w'’]),[ ]?\n?(?P<town>{_PLACE})(?:,[ ](?P<more>{_PLACE}))?"
)
_COMMA_NEXT = re.compile(r"[A-Za-z]+,[ \n]")
STREET_WORDS = frozenset(f"{_STRONG}|Cottage|Cottages|House|Lodge|Farm".lower().split("|"))


def unnumbered(reading: Reading) -> Iterator[Detection]:
    """`Hazel Court, Dudley Road, Wolverhampton`: no number, but a street or house and then a known town."""
    text, done = str(reading), 0
    for at in reading.begins(STREET_WORDS):
        if not text[at].isupper() or not _COMMA_NEXT.match(text, at):
            continue
        match = _UNNUMBERED.search(text, max(done, at - 60), at + 80)
        if match is None:
            continue
        done = match.end()
        town = match["town"]
        while town and normalise(town) not in places():
            town = town.rpartition(" ")[0]
        if not town:
            continue
        end = match.start("town") + len(town)
        if town == match["town"] and match["more"] and normalise(match["more"]) in places():
            end = match.end("more")
        begin = match.start()
        if opening := _SENTENCE.match(text, begin, end):
            begin = opening.end()
        reasons = ("pattern street and town",)
        yield Detection("ADDRESS", begin, end, 0.55, False, reasons, "uk")


_SENTENCE = re.compile(
    r"(?:The|At|In|From|Of|To|Mr|Mrs|Ms|Miss|Dr|On|Near|Outside|Home|Address)[ ]+(?=[A-Z])"
)
