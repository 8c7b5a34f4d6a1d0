"""Is this a column of postal addresses, or a part of one?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scanner.columns.people import _STREET
from scanner.columns.written import FOREIGN_STREET, town_like
from scanner.common.lexicon import normalise, words

_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2}\b", re.IGNORECASE)
_ZIP = re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\Z")
"""State and ZIP code at the end of an address in the United States."""
_BOX = re.compile(r"\b(?:p\.?o\.? box|box|psc|unit) \d+", re.IGNORECASE)
_MORE_STREETS = frozenset(
    "alley annex arcade branch bridge brook burg bypass canyon cape causeway cliff common corner course cove creek "
    "crossing crossroad dale dam divide estate expressway extension falls ferry field flat ford forest forge fork fort "
    "freeway garden gateway glen grange harbor haven heights highway hollow inlet island isle junction key knoll lake landing "
    "light loaf locks loop mall manor meadow meadows mill mills motorway mountain neck orchard oval overpass parkway pass passage path pike "
    "pine plain plaza point port prairie radial ranch rapid rest ridge river route rue run shoal shore skyway spring spur "
    "station stravenue stream summit throughway trace track trafficway trail tunnel turnpike underpass union valley via viaduct villages locks streams points squares mountains shores "
    "village ville walks ways well wells heol ffordd lon stryd wynd brae loan vennel gait".split()
)
"""Words that end a street's name often enough to count behind a house number, hardly otherwise (USPS Publication 28,
appendix C1, with Welsh and Scottish ones)."""
_NUMBERED = re.compile(
    r"(?:(?:flat|unit|apartment|apt|room|block|suite|plot|studio)\s*[\w/-]{1,5}[,\s]+.*|\d{1,5}[a-z]?(?:[-/]\d{1,4}[a-z]?)?[,\s]+[^\d\W].*)",
    re.IGNORECASE | re.DOTALL,
)


class AddressShares:
    """Shares of distinct values, 0 to 1."""

    def __init__(self, raw: Sequence[str]) -> None:
        places = words("places")
        total = len(raw) or 1
        street = numbered = full = town = built = 0
        abroad = any(FOREIGN_STREET.fullmatch(value) for value in raw[:60])
        towns = 4 * sum(town_like(normalise(value)) for value in raw[:40]) > min(40, len(raw))
        for value in raw:
            text = normalise(value)
            tokens = re.findall(r"[a-z0-9']+", text)
            if not tokens:
                continue
            has_street = len(tokens) >= 2 and any(t in _STREET for t in tokens[1:])
            is_numbered = bool(_NUMBERED.fullmatch(value))
            has_code = bool(_POSTCODE.search(value) or _ZIP.search(value))
            if is_numbered and not has_street and len(tokens) <= 8:
                has_street = bool(_MORE_STREETS.intersection(tokens[2:]))
            is_numbered = is_numbered or bool(has_code and _BOX.search(value))
            parts = [p.strip() for p in text.split(",")]
            if abroad and not has_street and FOREIGN_STREET.fullmatch(value):
                has_street = is_numbered = True
            has_town = any(p in places or _POSTCODE.sub("", p).strip() in places for p in parts[1:])
            if (is_numbered and (has_street or has_code or has_town)) or (
                has_code and (has_street or len(parts) >= 2)
            ):
                full += 1
            elif len(tokens) <= 4 and has_street and tokens[-1] in _STREET:
                street += 1
            if is_numbered:
                numbered += 1
            if text in places:
                town += 1
            elif towns and town_like(text):
                built += 1
        self.full = full / total
        """House number with street, town or postcode; or several lines with a postcode."""
        self.street = street / total
        """A street name without number."""
        self.numbered = numbered / total
        self.town = town / total
        self.built = built / total
        """Built like the name of a town that no list has."""
