"""Checks of addresses people are reached at: devices, networks, telephones, places, and dates."""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
import re

from scanner.common.check_digits import luhn
from scanner.recognisers.uk.basics import bare, digits, varied
from scanner.recognisers.uk.phone_plan import NATIONAL, UNSURE, compiled

# --- devices and networks ---------------------------------------------------------


def imei(value: str) -> bool:
    """Luhn over fifteen digits."""
    d = digits(value)
    return len(d) == 15 and len(set(d)) > 3 and luhn(d)


def mac(value: str) -> bool:
    """Not the null, broadcast or a multicast address."""
    v = bare(value)
    return len(v) == 12 and v not in ("0" * 12, "F" * 12) and not int(v[:2], 16) & 1


def mac_test(value: str) -> bool:
    """RFC 7042: 00-00-5E-00-53-00 to FF are for documentation."""
    return bare(value).startswith("00005E0053")


def ipv4(value: str) -> bool:
    """A host address: not unspecified, broadcast, loopback, multicast or a netmask."""
    try:
        address = ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return not (
        address.is_unspecified
        or address.is_loopback
        or address.is_multicast
        or value.startswith(("255.", "0."))
    )


def ipv6(value: str) -> bool:
    """A host address: not unspecified, loopback or multicast."""
    if value.count(":") < 2:
        return False
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return (
        not (address.is_unspecified or address.is_loopback or address.is_multicast) and int(address) >> 64 > 0
    )


def ip_test(value: str) -> bool:
    """RFC 5737 and RFC 3849: addresses for documentation."""
    return value.startswith(("192.0.2.", "198.51.100.", "203.0.113.")) or value.lower().startswith(
        ("2001:db8:", "2001:0db8:")
    )


_EMAIL_RESERVED = re.compile(r"@(?:[\w.-]+\.)?(?:example(?:\.(?:com|net|org))?|[\w-]+\.(?:test|invalid|example|localhost)|test|invalid)$", re.I)  # fmt: skip


FILE_ENDINGS = frozenset("png jpg jpeg gif svg webp css js md py json".split())


def email(value: str) -> bool:
    """A mailbox name and a domain that is no file name (`icon@2x.png`)."""
    local, _, domain = value.rpartition("@")
    last = domain.rpartition(".")[2].lower()
    return 0 < len(local) <= 64 and len(domain) <= 253 and ".." not in value and last not in FILE_ENDINGS


def email_test(value: str) -> bool:
    """RFC 2606 and RFC 6761: domains for documentation and tests."""
    return _EMAIL_RESERVED.search(value) is not None


# --- telephones -------------------------------------------------------------------

# Numbers Ofcom keeps for drama: no subscriber has them.
DRAMA = (
    r"(?:11[3-8]|121|131|141|151|161)4960\d{3}|1914980\d{3}|2079460\d{3}|2896496\d{3}|2920180\d{3}"
    r"|1632960\d{3}|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3}"
)
_DRAMA = re.compile(DRAMA)


def national_digits(value: str) -> str:
    """Digits of a UK number without trunk zero or country code; other countries keep theirs."""
    text = value.replace("(0)", "")
    d = digits(text)
    if text.lstrip(" (").startswith("+"):
        return d[2:] if d.startswith("44") else "+" + d
    if d.startswith("0044"):
        return d[4:].removeprefix("0")
    return d.removeprefix("0")


@functools.lru_cache(maxsize=4096)
def _valid_phone(number: str, region: str | None) -> bool:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(parsed))


def phone(value: str) -> bool:
    """Valid by libphonenumber's plan (UK unless written with another country's code), or drama."""
    d = national_digits(value)
    if not varied(d) or d[-7:] == d[-1] * 7:
        return False
    if d.startswith("+"):
        return _valid_phone(d, None)
    if _DRAMA.fullmatch(d) is not None:
        return True
    if len(d) in NATIONAL and d[0] != "0" and not d.startswith(UNSURE):
        return compiled().match(d) is not None
    return _valid_phone("+44" + d, None)


def phone_test(value: str) -> bool:
    """Ofcom's numbers for television and radio drama."""
    return _DRAMA.fullmatch(national_digits(value)) is not None


def lost_zero_mobile(value: str) -> bool:
    """A UK mobile whose leading zero a spreadsheet ate."""
    d = digits(value)
    return len(d) == 10 and d[0] == "7" and phone("0" + d)


# --- places -----------------------------------------------------------------------

POSTCODE_AREAS = frozenset(
    "AB AL B BA BB BD BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN "
    "EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK "
    "ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA "
    "TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE".split()
)
# Districts written with a letter after the digit exist only in these areas.
LETTER_DISTRICT = frozenset("E1 N1 NW1 SE1 SW1 W1 EC1 EC2 EC3 EC4 WC1 WC2".split())


def postcode(value: str) -> bool:
    """Area in the Royal Mail list, district shape and inward letters as published."""
    v = bare(value)
    if v == "GIR0AA":
        return True
    match = re.fullmatch(r"([A-Z]{1,2})(\d{1,2}|\d[A-Z])\d[ABD-HJLNP-UW-Z]{2}", v)
    if not match or match[1] not in POSTCODE_AREAS:
        return False
    district = match[2]
    if district[-1].isalpha():
        return match[1] + district[0] in LETTER_DISTRICT
    return not (len(district) == 2 and district[0] == "0")


def dated(value: str) -> bool:
    """True if every digit group fits: used where a birth date is looked for."""
    return birth_date(value) is not None


_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def birth_date(value: str) -> dt.date | None:
    """The date a person could be born on (day first; 1905 to today not enforced to the day)."""
    v = value.strip().lower()
    if match := re.match(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d)", v):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := re.match(r"(\d{1,2})(?:st|nd|rd|th)?\W*(?:of )?([a-z]{3})[a-z]*\W*(\d{4}|\d{2})(?!\d)", v):
        day, month, year = int(match[1]), _MONTHS.get(match[2], 0), int(match[3])
    elif match := re.match(r"([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", v):
        day, month, year = int(match[2]), _MONTHS.get(match[1], 0), int(match[3])
    elif match := re.match(r"(\d{1,2})\D(\d{1,2})\D(\d{4}|\d{2})(?!\d)", v):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    elif match := re.fullmatch(r"((?:19|20)\d{2})(\d{2})(\d{2})", v):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        return None
    if year < 100:
        year += 1900 if year > 26 else 2000
    if not 1 <= month <= 12 or not 1900 <= year <= 2100:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
