"""Check digits, issued ranges and embedded dates of identifiers. Every function takes the text as matched.

A check answers "could this have been issued?", so each refuses values whose digits are
all the same (all-zero included): such values fill gaps in forms and pass several sums.
"""

from __future__ import annotations

import re

from scanner.common.check_digits import luhn
from scanner.recognisers.uk.basics import bare, digits, real_date, varied, weighted

_CHECK_23 = "ZABCDEFGHJKLMNPQRTUVWXY"
_UPN_23 = "ABCDEFGHJKLMNPQRTUVWXYZ"
_MRZ_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}


def _two_digit_date(ddmmyy: str) -> bool:
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:6])
    return real_date(day, month, 1900 + year) or real_date(day, month, 2000 + year)


# --- health -----------------------------------------------------------------------


def mod11_health(number: str) -> bool:
    """The modulus-11 digit that NHS, CHI and H&C numbers share (NHS Data Dictionary)."""
    check = 11 - weighted(number[:9], range(10, 1, -1)) % 11
    return check != 10 and number[9] == str(check % 11)


def nhs(value: str) -> bool:
    """Ranges issued in England and Wales (400-499, 600-799 million) and the synthetic 9xx."""
    d = digits(value)
    return len(d) == 10 and varied(d) and (d[0] in "679" or d[0] == "4") and mod11_health(d)


def nhs_test(value: str) -> bool:
    """9xx is kept for synthetic records; two numbers are printed in NHS guidance as examples."""
    d = digits(value)
    return d.startswith("9") or d in ("4010232137", "4505577104")


def chi(value: str) -> bool:
    """DDMMYY, three digits (the third is even for women, odd for men), modulus 11."""
    d = digits(value)
    return len(d) == 10 and varied(d) and _two_digit_date(d[:6]) and mod11_health(d)


def hcn(value: str) -> bool:
    """Northern Ireland issues 320 000 001 to 399 999 999, plus the check digit."""
    d = digits(value)
    return len(d) == 10 and varied(d) and 320_000_001 <= int(d[:9]) <= 399_999_999 and mod11_health(d)


# --- education --------------------------------------------------------------------


def uln(value: str) -> bool:
    """First digit not 0; the sum weighted 10 to 1 leaves 10 modulo 11 (never an NHS number)."""
    d = digits(value)
    return len(d) == 10 and d[0] != "0" and varied(d) and weighted(d, range(10, 0, -1)) % 11 == 10


def upn(value: str) -> bool:
    """Check letter over the twelve that follow; a temporary number ends in a letter."""
    v = bare(value)
    if len(v) != 13 or not v[1:12].isdigit() or not varied(v[1:]) or not 201 <= int(v[1:4]) <= 999:
        return False
    last = int(v[12]) if v[12].isdigit() else _UPN_23.find(v[12])
    total = weighted(v[1:12], range(2, 13)) + 13 * last
    return last >= 0 and v[0] == _UPN_23[total % 23]


# --- tax and money ----------------------------------------------------------------


def utr(value: str) -> bool:
    """First digit is the check digit of the nine that follow."""
    d = digits(value)[-10:]
    if len(d) != 10 or not varied(d):
        return False
    return d[0] == "21987654321"[weighted(d[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11]


def vat(value: str) -> bool:
    """Nine digits, modulus 97; numbers from 100 00 00 00 on may leave 42 or 55. Branch digits ignored."""
    d = digits(value)
    if len(d) not in (9, 12) or not varied(d[:9]):
        return False
    total = weighted(d[:7], range(8, 1, -1)) + int(d[7:9])
    return total % 97 == 0 or (d[0] != "0" and total % 97 in (42, 55))


_CARD_IIN = re.compile(
    r"4[0-9]{12}(?:[0-9]{3}){0,2}"  # Visa
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[68][0-9])[0-9]{11}"  # Diners Club
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|(?:5018|5020|5038|5[6-8][0-9]{2}|6304|6759|676[1-3])[0-9]{8,15}"  # Maestro
)
_TEST_CARDS = frozenset(
    "4111111111111111 4012888888881881 4222222222222 4242424242424242 4000056655665556 "
    "5555555555554444 5105105105105100 5200828282828210 2223003122003222 378282246310005 "
    "371449635398431 30569309025904 38520000023237 6011111111111117 6011000990139424 "
    "3530111333300000 3566002020360505 6759649826438453 4000002500003155 4462030000000000".split()
)


def card(value: str) -> bool:
    """Issuer range and Luhn."""
    d = digits(value)
    return (len(set(d)) > 2 and _CARD_IIN.fullmatch(d) is not None and luhn(d)) or d in _TEST_CARDS


def card_test(value: str) -> bool:
    """Numbers that the card schemes and payment processors print for testing."""
    return digits(value) in _TEST_CARDS


# Length of an IBAN by country (ISO 13616 register).
IBAN_LENGTH = dict(
    pair.split(":")
    for pair in (
        "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 "
        "DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 "
        "IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 "
        "MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 "
        "SC:31 SE:24 SI:19 SK:24 SM:27 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22 VG:24 XK:20"
    ).split()
)


_AS_NUMBER = {ord("A") + i: str(10 + i) for i in range(26)}


def iban(value: str) -> bool:
    """Registered length and ISO 7064 modulus 97-10."""
    v = bare(value)
    if str(len(v)) != IBAN_LENGTH.get(v[:2]) or not varied(v[4:]):
        return False
    return int((v[4:] + v[:4]).translate(_AS_NUMBER)) % 97 == 1


def iban_test(value: str) -> bool:
    """Examples printed in the ISO 13616 register and bank guidance."""
    return bare(value) in ("GB29NWBK60161331926819", "GB82WEST12345698765432", "DE89370400440532013000",
                           "GB33BUKB20201555555555", "IE29AIBK93115212345678")  # fmt: skip


def sort_code(value: str) -> bool:
    """Six digits; UK clearing banks begin 01 to 98, 00 is not issued."""
    d = digits(value)
    return len(d) == 6 and varied(d) and d[:2] not in ("00", "99")


# --- state ------------------------------------------------------------------------

NINO_UNUSED = frozenset(("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"))


def nino(value: str) -> bool:
    """Prefix in use and digits that vary (National Insurance Manual NIM39110)."""
    v = bare(value)
    return v[:2] not in NINO_UNUSED and varied(v)


def nino_test(value: str) -> bool:
    """Examples printed on forms and gov.uk pages (QQ is never issued)."""
    v = bare(value)
    return v.startswith("QQ") or v[:8] == "AB123456"


def driver(value: str) -> bool:
    """Great Britain: birth date inside, padding only after letters, 16 characters (18 with issue)."""
    v = bare(value)
    if len(v) not in (16, 18) or not re.fullmatch(r"[A-Z]{1,5}9{0,4}", v[:5]):
        return False
    year, month, day = int(v[5] + v[10]), int(v[6:8]) % 50, int(v[8:10])
    initials = v[11:13]
    return (
        1 <= month <= 12
        and (real_date(day, month, 1900 + year) or real_date(day, month, 2000 + year))
        and re.fullmatch(r"[A-Z][A-Z9]|99", initials) is not None
    )


def driver_test(value: str) -> bool:
    """The specimen holder MORGAN, as printed by DVLA."""
    return bare(value)[:5] == "MORGA" and bare(value)[5:11] in ("753116", "657054", "607054")


def _mrz_digit(field: str) -> str:
    """ICAO Doc 9303 part 3: weights 7 3 1."""
    return str(sum(_MRZ_VALUES[c] * (7, 3, 1)[i % 3] for i, c in enumerate(field)) % 10)


def mrz(value: str) -> bool:
    """Check digits of number, birth and expiry of any of the layouts TD1, TD2, TD3."""
    lines = [line for line in re.split(r"[\s]+", value.upper().strip()) if line]
    text = "".join(lines)
    if any(c not in _MRZ_VALUES for c in text):
        return False
    if len(text) in (44, 88, 36, 72):  # TD3 and TD2: everything checked is on the last line
        last = text[-44:] if len(text) in (44, 88) else text[-36:]
        fields = ((last[:9], last[9]), (last[13:19], last[19]), (last[21:27], last[27]))
    elif len(text) in (60, 90):  # TD1
        fields = ((text[5:14], text[14]), (text[30:36], text[36]), (text[38:44], text[44]))
    else:
        return False
    return all(
        _mrz_digit(field) == check or (check == "<" and field.strip("<") == "") for field, check in fields
    )


def mrz_test(value: str) -> bool:
    """Utopia (UTO) is the issuing state of ICAO's specimens."""
    return "UTO" in value.upper()


_VRM_AREA_UNUSED = frozenset("IQZ")


def vrm_current(value: str) -> bool:
    """Since 2001: area letters in use; age 02-25 (March) or 51-75 (September) so far issued."""
    v = bare(value)
    if len(v) != 7 or v[0] in _VRM_AREA_UNUSED or v[1] in _VRM_AREA_UNUSED:
        return False
    age = int(v[2:4])
    return (2 <= age <= 30 or 51 <= age <= 80) and not set(v[4:]) & {"I", "Q"}


def vrm_number(value: str) -> bool:
    """The number of a mark never begins with nought."""
    return digits(value)[0] != "0"


def vrm_irish_or_q(value: str) -> bool:
    """A Northern Irish mark holds I or Z in its county code; a Q mark begins with Q."""
    letters = "".join(c for c in bare(value) if c.isalpha())
    number = digits(value)
    if letters[0] == "Q":
        return len(letters) == 4 and number[0] != "0"
    return len(letters) in (2, 3) and bool(set(letters[-2:]) & {"I", "Z"}) and number[0] != "0"


def vin(value: str) -> bool:
    """ISO 3779 letters; at least one letter and four different characters."""
    v = bare(value)
    return len(v) == 17 and not v.isdigit() and not v.isalpha() and len(set(v)) > 6 and v[-4:].isdigit()


# --- justice ----------------------------------------------------------------------


def pnc(value: str) -> bool:
    """[YY]YY/serial and a letter: year and seven-digit serial modulo 23."""
    match = re.fullmatch(r"(\d{4}|\d{2})\W?(\d{1,7})([A-Z])", value.strip().upper())
    if not match or int(match[2]) == 0:
        return False
    return _CHECK_23[int(match[1][-2:] + match[2].zfill(7)) % 23] == match[3]


def cro(value: str) -> bool:
    """NNNNNN/YY and a letter, or SFyy/serial and a letter: year and six-digit serial modulo 23."""
    v = value.strip().upper()
    if match := re.fullmatch(r"SF\W?(\d{2})\W?(\d{1,6})([A-Z])", v):
        year, serial, letter = match[1], match[2], match[3]
    elif match := re.fullmatch(r"(\d{1,6})\W(\d{2})([A-Z])", v):
        year, serial, letter = match[2], match[1], match[3]
    else:
        return False
    return int(serial) > 0 and _CHECK_23[int(year + serial.zfill(6)) % 23] == letter


def asn(value: str) -> bool:
    """Force, system, year and sequence modulo 23 (alphabetic force or system codes are left out)."""
    v = bare(value)
    match = re.fullmatch(r"(\d{2})([A-Z0-9]{2})([A-Z0-9]{2})([A-Z0-9]{2})(\d{11})([A-Z])", v)
    if not match:
        return False
    year, force, _unit, system, sequence, letter = match.groups()
    number = (force if force.isdigit() else "") + (system if system.isdigit() else "") + year + sequence
    return int(sequence) > 0 and _CHECK_23[int(number) % 23] == letter
