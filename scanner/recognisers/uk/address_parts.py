"""The words that addresses are made of, and what one part of an address (what stands between commas
or line ends) is: a flat or number, a house, a street, a known place, or none of these.

Sources: Royal Mail's layout of addresses; BS 7666 part types.
"""

from __future__ import annotations

import functools
import re

from scanner.common.lexicon import normalise, words

TYPES = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Cl|Drive|Dr|Way|Court|Ct|Crescent|Cres|Gardens|Gdns|Garden|Grove|"
    "Gr|Place|Pl|Terrace|Terr|Ter|Square|Sq|Hill|Park|Row|Mews|Walk|Green|Rise|View|Parade|Yard|Wharf|Quay|Gate|"
    "Meadow|Meadows|Field|Fields|Croft|Bank|Mount|Vale|Broadway|Parkway|Heights|Circus|End|Villas|Common|"
    "Embankment|Esplanade|Promenade|Approach|Chase|Copse|Dale|Drove|Garth|Glade|Loan|Brae|Wynd|Vennel|Side|Fold|"
    "Path|Bridge|Cottages|Almshouses|Quadrant|Ridge|Spinney|Orchard|Crest|Dene|Mead|Holt|Boulevard|Gait|Lea|"
    "Butts|Causeway|Parc|Paddock|Paddocks|Shambles|Precinct|Arcade|Reach|Dock|Marina|Pass|Steps|Lawns|Strand|Whitehall|Piccadilly|Cheapside|Kingsway|Queensway|Highway|Bypass"
)
HOUSES = (
    "House|Cottage|Farm|Lodge|Hall|Court|Mansions|Tower|Towers|Point|Barn|Villa|Mill|Manor|Vicarage|Rectory|"
    "Buildings|Building|Bungalow|Farmhouse|Grange|Heights|Apartments|Estate|Centre|Works|Office|Offices|Hospital|"
    "School|Surgery|Station|Chambers|Wharf"
)
_MORE_HOUSES = (
    "Cottages|Flats|Clinic|College|Academy|Library|Infirmary|Hostel|Barracks|Hotel|Inn|Castle|Palace|Priory|Abbey|"
    "Chapel|Church|Museum|Studios|Depot|Campus|Stadium|Site|Schoolhouse|Oast|Stables|Mews|Maltings|Quarters|Block|Villas"
)
WEAK = frozenset(
    "way hill park green bank square gate field fields side end bridge path view rise row walk mount common dale fold "
    "place court close point cross chase loan yard side works office offices station school centre".split()
)
"""Words for streets that are as often something else: `30 Brown Bank boxes`, `4 Close in July`."""
FIRM = (
    "Street|Road|Rd|Avenue|Ave|Lane|Crescent|Cres|Gardens|Gdns|Grove|Terrace|Terr|Mews|Drive|Parade|Close|Court|Way|"
    "Square|Row|Hill|Place"
)
"""Words for streets that say so by themselves beside a number or a town."""
WELSH = "Heol|Ffordd|Stryd|Lôn|Clos|Rhodfa|Maes"
_OWN_HOUSE = "Tŷ|Ty|Plas|Neuadd|Llys|Canolfan|Ysgol|Tigh|Taigh|Pen-y-|Bryn|Glan"
"""What begins the name of a house in Welsh or Gaelic."""
WORD = r"[A-Z][\w'’.-]*"
NUMBER = r"[0-9]{1,4}[A-Za-z]?(?:\s?[-–/]\s?[0-9]{1,4}[A-Za-z]?)?"
FLOOR = (
    r"(?:[0-9]{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)|[Gg]round|GROUND|[Ff]irst|FIRST|[Ss]econd|SECOND|[Tt]hird|THIRD|"
    r"[Ff]ourth|[Ff]ifth|[Tt]op|[Bb]asement|[Uu]pper|[Ll]ower)\s(?:[Ff]loor|FLOOR|[Ff]lat|FLAT)(?:\s(?:[Ff]lat|[Oo]ffice|[Ss]uite))?"
)
FLAT = (
    r"(?:(?:[Ff]lat|FLAT|[Aa]partment|APARTMENT|[Aa]pt\.?|APT|[Uu]nit|UNIT|[Rr]oom|ROOM|[Ss]uite|SUITE|[Ff]loor|FLOOR|[Pp]lot|"
    rf"PLOT|[Bb]lock|BLOCK|[Ss]tudio|[Ll]evel|[Ss]hop|[Ss]tall|[Hh]ut|[Bb]ay)\s+(?:[0-9]{{1,4}}[A-Za-z]{{0,2}}|[A-Z]{{1,3}}[0-9]{{0,3}}|[a-z][0-9]{{0,3}})(?:[./-][0-9A-Za-z]{{1,3}})?|{FLOOR})"
)
BOX = r"[Pp]\.?\s?[Oo]\.?\s?(?:[Bb]ox|BOX)(?:\s[Nn]o\.?)?\s?[0-9]{1,6}"
ANY_TYPE = f"(?:{TYPES}|{TYPES.upper()})"
_SMALL = "&|of|the|and|upon|on|le|la|in|under|by|y|super|with|next|sea|cum|de|yr?|ar|na|nan|du|des|off|rear"

PART = re.compile(
    rf"(?:{BOX}|{FLAT}|{NUMBER}|{WORD}|{_SMALL}|c/o)"
    rf"(?:[ \u00a0]+(?:{FLAT}|{NUMBER}|{WORD}|[0-9]{{1,4}}[A-Za-z]?|{_SMALL}|-)){{0,7}}\.?"
)
"""A part whose every word has a capital, is a number or links names of places."""
_SMALL_PART = re.compile(r"[a-z0-9][a-z0-9'’.&/-]*(?:[ ]+[a-z0-9&][a-z0-9'’./&-]*){0,8}")
NUMBERED = re.compile(rf"(?:{FLAT}|{NUMBER}[ ,]|{NUMBER}\Z|{BOX})")
_REGION = re.compile(
    r"(?:isle of|isles of|county|co\.?|north|south|east|west|nr\.?|near|old|new|upper|lower|great|little|central|"
    r"sir)[ ]",
    re.I,
)
_SHORT = frozenset(
    "beds|berks|bucks|cambs|ches|derbys|glos|hants|herefs|herts|hunts|lancs|leics|lincs|middx|middlesex|northants|"
    "northumb|notts|oxon|salop|shrops|staffs|suff|warks|wilts|worcs|yorks|n yorks|e yorks|w yorks|s yorks|e sussex|"
    "w sussex|w mids|tyne & wear|sir ddinbych|sir benfro|sir gar|sir gaerfyrddin|sir fynwy|sir y fflint|ynys mon|"
    "caerdydd|abertawe|casnewydd|wrecsam|caerfyrddin|cardiff bay|hull|newcastle".split("|")
)
"""Counties as they are shortened, and Welsh names, beside the lists."""
_COUNTRIES = frozenset(
    "uk|united kingdom|england|scotland|wales|cymru|northern ireland|n ireland|great britain".split("|")
)
_END = re.compile(rf"(?<!\w)(?:{HOUSES}|{_MORE_HOUSES})\.?\Z", re.I)
_BEGIN = re.compile(rf"(?:{_OWN_HOUSE})(?:\s|(?<=-)\w)")
_STREET_END = re.compile(
    rf"(?<!\w)(?:{TYPES}|[a-z]{{3,}}gate)(?:\.|[ ](?:north|south|east|west|[nsew]))?\Z", re.I
)
_WELSH_STREET = re.compile(rf"(?:{WELSH})\s")


@functools.cache
def places() -> frozenset[str]:
    """Towns, villages, counties and larger cities, in small letters."""
    return words("places") | words("world_places") | _SHORT


def is_place(part: str) -> bool:
    """Is the part the name of a town, village, county or country?"""
    name = normalise(part).strip(" .")
    if name in places() or name in _COUNTRIES:
        return True
    if " " not in name and "-" not in name:
        return False
    if name.replace(" ", "-") in places() or name.replace("-", " ") in places():
        return True
    region = _REGION.match(name)
    return region is not None and (
        name[region.end() :] in places() or name.startswith(("co ", "co. ", "isle"))
    )


@functools.cache
def _first_words() -> frozenset[str]:
    """The words that names of places begin with."""
    regions = "isle isles county co north south east west nr near old new upper lower great little central sir".split()
    return frozenset((*regions, *(_FIRST.split(name, maxsplit=1)[0] for name in (*places(), *_COUNTRIES))))


_FIRST = re.compile("[ -]")


def known_start(part: str) -> int:
    """How many characters at the beginning of a part are a known place; 0 where none are."""
    if normalise(_FIRST.split(part, maxsplit=1)[0]).strip(".,") not in _first_words():
        return 0
    end = len(part)
    while end > 0:
        if is_place(part[:end]):
            return len(part[:end].rstrip("."))
        end = part.rfind(" ", 0, end)
    return 0


def without_place(part: str) -> str:
    """The part without the known place at its end: `Corporation Street Birmingham` without the city."""
    at = part.find(" ")
    while at > 0:
        if is_place(part[at + 1 :]):
            return part[:at].rstrip()
        at = part.find(" ", at + 1)
    return part


_HOUSE_WORDS = frozenset(f"{HOUSES}|{_MORE_HOUSES}".lower().split("|"))
_STREET_WORDS = frozenset(f"{TYPES}|north|south|east|west|n|s|e|w".lower().split("|"))


def _may_end(part: str, words: frozenset[str]) -> bool:
    """Cheaply, whether a part could end with one of the words: by what stands after its last blank."""
    last = part.rpartition(" ")[2].rstrip(".").lower()
    return last in words or not last.isalpha() or last.endswith("gate")


def is_house(part: str) -> bool:
    return (_may_end(part, _HOUSE_WORDS) and _END.search(part) is not None) or _BEGIN.match(part) is not None


def is_street(part: str) -> bool:
    return (_may_end(part, _STREET_WORDS) and _STREET_END.search(part) is not None) or _WELSH_STREET.match(
        part
    ) is not None


def rank(part: str) -> int:
    """3 for a number or flat, 2 for a house, 1 for a street, 0 for anything else."""
    if NUMBERED.match(part):
        return 3
    bare = without_place(part)
    return 2 if is_house(bare) or is_house(part) else 1 if is_street(bare) or is_street(part) else 0


def is_small(part: str) -> bool:
    """Is the part written in small letters, as in `the lodge, mill road, burnham market`?"""
    return _SMALL_PART.fullmatch(part) is not None


_SURNAMES_TOO = frozenset("hall mill barn manor grange point church castle abbey priory chambers".split())


def personal(part: str) -> bool:
    """Does the part look like a person's name?"""
    words_in = normalise(part).split(" ")
    if not (
        1 < len(words_in) < 4 and words_in[0] in words("forenames") and words_in[-1] in words("surnames")
    ):
        return False
    # `John Hall`, but `Alexandra House` and `Bernard Weatherill Hall`
    return not is_house(part) or (len(words_in) == 2 and words_in[1] in _SURNAMES_TOO)
