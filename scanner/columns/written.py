"""Ways in which systems write names and places that are neither a plain name nor a plain address."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ASIDE = re.compile(r"\s*[(\[][\w ./-]*[)\]]\s*\Z")
_COUPLE = re.compile(
    r"((?:mr|mrs|ms|miss|dr|prof|rev|cllr|sir|lady|mx)\.?)(?: (?:[a-z]\.? ?){1,2})?,? ?(?:&|and|\+|/) ?(?:mr|mrs|ms|miss|dr|prof|rev|cllr|lady|mx)\.? (?=[a-z])",
    re.IGNORECASE,
)
_TWO = re.compile(r"[A-Z][\w'’-]+ (?:&|and|\+) ([A-Z][\w'’-]+ [A-Z][\w'’ -]+)")
_TURNED = re.compile(r"([^\W\d_][^\d_/:]*?) ?[/:] ?([^\W\d_][^\d_/:]*)")
_NUMBERED = re.compile(r"(?<=[^\W\d_A-Z]{2})\d{1,4}(?= |\Z)")
_TITLE_LAST = re.compile(r",? (?:mr|mrs|ms|miss|mstr|dr|prof|rev|cllr|chd|inf)\.?\Z", re.IGNORECASE)


def as_names(values: Sequence[str]) -> list[str]:
    """Values with what reservation, personnel and test-data systems put around and between the parts of a
    name taken away: `Parker, Amber (100200)`, `OKAFOR/NGOZI MRS`, `Mr & Mrs Lewis`, `Mary716 Patel965`.

    Only where most values are written that way, so that a name with a slip stays what it is.
    """
    if not values:
        return []
    seen = values[:40]
    found = list(values)
    if 2 * sum(bool(_COUPLE.match(v)) for v in seen) >= len(seen):
        found = [_COUPLE.sub(lambda m: m[1] + " ", v) for v in found]
    if 2 * sum(bool(_TWO.fullmatch(v)) for v in seen) >= len(seen):
        found = [_TWO.sub(r"\1", v) for v in found]
    if 2 * sum(v.endswith((")", "]")) for v in seen) >= len(seen):
        found = [_ASIDE.sub("", v) for v in found]
    if 5 * sum(bool(_NUMBERED.search(v)) and v[:1].isupper() for v in seen) >= 4 * len(seen):
        found = [_NUMBERED.sub("", v) for v in found]
    turned = [m for v in seen if (m := _TURNED.fullmatch(v))]
    if 5 * len(turned) >= 4 * len(seen) and len({m[1] for m in turned}) > 0.3 * len(turned):
        found = [_TITLE_LAST.sub("", _TURNED.sub(r"\1, \2", v)) for v in found]
    return found


def numbered_names(values: Sequence[str]) -> bool:
    """True where nearly all are a capitalised word with a number behind it, as makers of test data write names."""
    seen = values[:60]
    formed = sum(v[0].isupper() and bool(_CAPITAL_NUMBER.fullmatch(v)) for v in seen)
    return len(seen) >= 5 and formed >= 0.85 * len(seen)


_CAPITAL_NUMBER = re.compile(r"[^\W\d_][^\W\d_'’-]+\d{1,3}(?: [^\W\d_][^\W\d_'’-]+\d{1,3})*")

FOREIGN_STREET = re.compile(
    r"(?:[^\d,]*(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ring|ufer|damm|steig|chaussee|straat|laan|plein|gatan|vej|gade|utca) ?\d.*"
    r"|(?:via|viale|piazza|corso|calle|avenida|avda\.?|paseo|plaza|rua|travessa|largo|ulica|ul\.|aleja|al\.|strada|bulevardul|intrarea|aleea|drumul) .*\d.*"
    r"|(?:\d+ ?(?:bis|ter)?,? )?(?:rue|avenue|boulevard|chemin|place|impasse|quai|allée) .*)",
    re.IGNORECASE,
)
"""Street and number as written in German, Dutch, Scandinavian, Italian, Spanish, Portuguese, Polish, Romanian, French."""
_TOWN_END = re.compile(
    r"[a-z'-]{2,}(?:ton|ville|view|haven|side|shire|bury|borough|burgh|berg|burg|furt|fort|port|mouth|stad|town|chester|land|ham|ford|field|worth|"
    r"wick|thorpe|hausen|dorf|heim|bach|kirchen|stadt|hafen|brunn)"
)
_TOWN_START = re.compile(
    r"(?:north|south|east|west|new|lake|port|upper|lower|great|little|bad|san|santa|saint|st\.?) [a-z' -]{3,}|[a-z' -]{3,} (?:ville|town)"
)


def town_like(text: str) -> bool:
    """Built like the name of a town, though no list has it. `text` is normalised."""
    return bool(_TOWN_END.fullmatch(text) or _TOWN_START.fullmatch(text))


ZIP = re.compile(r"(?=.*\d)(?:[A-Z0-9]{3,10}|(?:[A-Z]{1,2}-)?[A-Z0-9]{2,5}[ -][A-Z0-9]{2,5})", re.IGNORECASE)
"""Postal codes of most countries: three to ten letters and digits, in one or two groups."""

HASHED = re.compile(
    r"\$(?:2[abxy]?|1|5|6|y|P|H|S|apr1|argon2\w*|scrypt|pbkdf2[\w-]*)\$.{8,}|\{S?(?:SHA|MD5|SSHA|CRYPT)\d*\}.{8,}|pbkdf2[\w:]*\$.{8,}|"
    r"(?:bcrypt|argon2|scrypt|sha\d+|md5)\$.{8,}",
    re.IGNORECASE,
)
"""What stores of passwords write (crypt(3), phpass, LDAP schemes of RFC 2307, Django)."""
