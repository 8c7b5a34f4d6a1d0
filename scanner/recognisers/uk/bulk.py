"""The checks of `checks`, over many values at once.

Each function takes the values as an Arrow string array (or any sequence of strings), gives
one truth value per value, and the same one as its namesake gives for that value alone,
provided every value matches the format's pattern in plain ASCII. A differential test holds
the two together. NumPy and Arrow are imported at first use.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scanner.recognisers.uk import checks, contact_checks, identity_checks
from scanner.recognisers.uk.phone_plan import NATIONAL, UNSURE, drama, plan

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Digits = npt.NDArray[np.int32]
    Truth = npt.NDArray[np.bool_]

Many = Callable[[Any], Any]


def _one_by_one(one: Callable[[str], bool], array: Any, places: Any, found: Truth) -> None:
    """Ask about the values at some places by themselves."""
    if len(places):
        values = array.take(_array(places)).to_pylist()
        found[places] = [one(value) for value in values]


def _array(places: Any) -> Any:
    import pyarrow as pa

    return pa.array(places)


def _by_digits(many: Callable[[Digits], Truth]) -> Many:
    """A check of the digits alone, over rows of equally many digits."""

    @functools.wraps(many)
    def check(texts: Sequence[str] | Any) -> Truth:
        import numpy as np

        from scanner.common.buffers import array_of, by_width, keep, rows, table

        array = array_of(texts)
        raw, starts = keep(array, table(string.digits))
        found = np.zeros(len(array), dtype=np.bool_)
        for width, places in by_width(starts):
            if width:
                found[places] = many(rows(raw, starts, width, places).astype(np.int32) - 48)
        return found

    return check


def _varied(d: Any) -> Truth:
    result: Truth = (d != d[:, :1]).any(axis=1)
    return result


def _sum(d: Digits, weights: Sequence[int]) -> Digits:
    import numpy as np

    total = np.zeros(len(d), dtype=np.int32)
    for column, weight in enumerate(weights):
        total += d[:, column] * np.int32(weight)
    return total


def _mod11_health(d: Digits) -> Truth:
    check = 11 - _sum(d, range(10, 1, -1)) % 11
    result: Truth = (check != 10) & (d[:, 9] == check % 11)
    return result


def _none(d: Digits) -> Truth:
    import numpy as np

    return np.zeros(len(d), dtype=np.bool_)


def _nhs(d: Digits) -> Truth:
    if d.shape[1] != 10:
        return _none(d)
    first = d[:, 0]
    issued = (first == 4) | (first == 6) | (first == 7) | (first == 9)
    result: Truth = issued & _varied(d) & _mod11_health(d)
    return result


def _chi(d: Digits) -> Truth:
    if d.shape[1] != 10:
        return _none(d)
    import numpy as np

    day, month, year = d[:, 0] * 10 + d[:, 1], d[:, 2] * 10 + d[:, 3], d[:, 4] * 10 + d[:, 5]
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)
    # 1900 was no leap year, 2000 was: a birth in either century may be meant.
    last = lengths[month] + ((month == 2) & (year % 4 == 0))
    result: Truth = (day >= 1) & (day <= last) & _varied(d) & _mod11_health(d)
    return result


def _hcn(d: Digits) -> Truth:
    if d.shape[1] != 10:
        return _none(d)
    number = _sum(d, [10**n for n in range(8, -1, -1)])  # below 2**31
    result: Truth = (number >= 320_000_001) & (number <= 399_999_999) & _varied(d) & _mod11_health(d)
    return result


def _uln(d: Digits) -> Truth:
    if d.shape[1] != 10:
        return _none(d)
    result: Truth = (d[:, 0] != 0) & _varied(d) & (_sum(d, range(10, 0, -1)) % 11 == 10)
    return result


def _utr(d: Digits) -> Truth:
    import numpy as np

    d = d[:, -10:]
    if d.shape[1] != 10:
        return _none(d)
    wanted = np.array([int(c) for c in "21987654321"])[_sum(d[:, 1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11]
    result: Truth = _varied(d) & (d[:, 0] == wanted)
    return result


def _vat(d: Digits) -> Truth:
    if d.shape[1] not in (9, 12):
        return _none(d)
    rest = (_sum(d, range(8, 1, -1)) + d[:, 7] * 10 + d[:, 8]) % 97
    result: Truth = _varied(d[:, :9]) & ((rest == 0) | ((d[:, 0] != 0) & ((rest == 42) | (rest == 55))))
    return result


def _luhn(d: Digits) -> Truth:
    turned = d[:, ::-1].copy()
    second = turned[:, 1::2] * 2
    turned[:, 1::2] = second - 9 * (second > 9)
    result: Truth = turned.sum(axis=1) % 10 == 0
    return result


def _different(d: Digits) -> Digits:
    """How many different digits each row has."""
    import numpy as np

    ordered = np.sort(d, axis=1)
    result: Digits = 1 + (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1)
    return result


def _imei(d: Digits) -> Truth:
    if d.shape[1] != 15:
        return _none(d)
    return (_different(d) > 3) & _luhn(d)


def _sort_code(d: Digits) -> Truth:
    if d.shape[1] != 6:
        return _none(d)
    first = d[:, 0] * 10 + d[:, 1]
    result: Truth = _varied(d) & (first != 0) & (first != 99)
    return result


def card(texts: Sequence[str] | Any) -> Truth:
    """Luhn over all, the issuer's range over the tenth that pass; test numbers by themselves."""
    import numpy as np

    from scanner.common.buffers import array_of

    array = array_of(texts)
    found: Truth = _by_digits(_luhn)(array)
    _one_by_one(checks.card, array, np.flatnonzero(found), found)
    return found


def iban(texts: Sequence[str] | Any) -> Truth:
    """The remainder modulo 97, a character at a time over all codes of one length, and its countries."""
    import numpy as np

    from scanner.common.buffers import array_of, by_width, keep, rows, table

    array = array_of(texts)
    raw, starts = keep(array, table(string.digits + string.ascii_letters))
    found = np.zeros(len(array), dtype=np.bool_)
    for width, places in by_width(starts):
        countries = [c for c, length in identity_checks.IBAN_LENGTH.items() if int(length) == width]
        if not countries:
            continue
        code = rows(raw, starts, width, places).astype(np.int32)
        digit = code < 58
        value = np.where(digit, code - 48, (code & 31) + 9)  # A is 10, in small letters too
        rest = np.zeros(len(places), dtype=np.int32)
        for column in (*range(4, width), *range(4)):
            rest = (rest * np.where(digit[:, column], 10, 100) + value[:, column]) % 97
        pair = value[:, 0] * 36 + value[:, 1]
        own = np.isin(pair, [int(country, 36) for country in countries])
        tail = digit[:, 4:]
        varied = np.where(tail, value[:, 4:], 99).min(axis=1) < np.where(tail, value[:, 4:], -1).max(axis=1)
        found[places] = (rest == 1) & own & varied
    return found


def mac(texts: Sequence[str] | Any) -> Truth:
    """Neither null nor broadcast, and the lowest bit of the first byte not set."""
    import numpy as np

    from scanner.common.buffers import array_of, by_width, keep, rows, table

    array = array_of(texts)
    raw, starts = keep(array, table(string.digits + string.ascii_letters))
    found = np.zeros(len(array), dtype=np.bool_)
    for width, places in by_width(starts):
        if width == 12:
            code = (
                rows(raw, starts, width, places) & 0x5F
            )  # small letters as capitals, digits as 0x10 to 0x19
            low = np.where(code < 0x20, code, code + 9) & 1  # A is 0x41 and even: ten
            same = (code == code[:, :1]).all(axis=1) & ((code[:, 0] == 0x10) | (code[:, 0] == ord("F")))
            found[places] = (low[:, 1] == 0) & ~same
    return found


def nino(texts: Sequence[str] | Any) -> Truth:
    """Prefix in use, digits that vary."""
    import numpy as np

    from scanner.common.buffers import array_of, by_width, keep, rows, table

    array = array_of(texts)
    raw, starts = keep(array, table(string.digits + string.ascii_letters))
    unused = np.array([ord(p[0]) * 256 + ord(p[1]) for p in sorted(identity_checks.NINO_UNUSED)])
    found = np.zeros(len(array), dtype=np.bool_)
    for width, places in by_width(starts):
        if width < 8:
            _one_by_one(checks.nino, array, places, found)
            continue
        signs = rows(raw, starts, width, places)
        prefix = (signs[:, 0] & 0xDF).astype(np.int64) * 256 + (signs[:, 1] & 0xDF)  # upper case
        number = signs[:, 2:8]
        good = ~np.isin(prefix, unused) & _varied(number)
        easy = ((number >= 48) & (number <= 57)).all(axis=1) & (width in (8, 9))
        found[places] = good
        _one_by_one(checks.nino, array, places[~easy], found)
    return found


def varied(texts: Sequence[str] | Any) -> Truth:
    """Some two digits differ."""
    found: Truth = _VARIED(texts)
    return found


_VARIED = _by_digits(_varied)


def _re2(array: Any, pattern: str, ignore_case: bool = False) -> Truth:
    import numpy as np
    import pyarrow.compute as pc

    return np.asarray(pc.match_substring_regex(array, pattern, ignore_case=ignore_case))


def email(texts: Sequence[str] | Any) -> Truth:
    """All pass but those that are long, have two stops in a row or end like a file."""
    import numpy as np

    from scanner.common.buffers import array_of, buffer_of

    array = array_of(texts)
    found = np.ones(len(array), dtype=np.bool_)
    starts = buffer_of(array)[1]
    unsure = _re2(array, _UNSURE_EMAIL, ignore_case=True) | (starts[1:] - starts[:-1] > 64)
    _one_by_one(checks.email, array, np.flatnonzero(unsure), found)
    return found


_UNSURE_EMAIL = r"\.\.|[@.](?:" + "|".join(sorted(contact_checks.FILE_ENDINGS)) + ")$"


def ipv4(texts: Sequence[str] | Any) -> Truth:
    """Host addresses: no leading noughts, not loopback, multicast, unspecified or a netmask."""
    from scanner.common.buffers import array_of

    return _re2(
        array_of(texts),
        r"^(?:[1-9]|[1-9][0-9]|1(?:[01][0-9]|2[0-689]|[3-9][0-9])|2[01][0-9]|22[0-3]|24[0-9]|25[0-4])"
        r"(?:\.(?:0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])){3}$",
    )


@functools.cache
def _postcode_pattern() -> str:
    areas = "|".join(sorted(contact_checks.POSTCODE_AREAS, key=len, reverse=True))
    lettered = "|".join(sorted(contact_checks.LETTER_DISTRICT))
    return (
        rf"^(?:(?:(?:{areas})(?:[0-9]|[1-9][0-9])|(?:{lettered})[A-Z])[^A-Z0-9]*"
        r"[0-9][ABD-HJLNP-UW-Z]{2}|GIR ?0AA)$"
    )


def postcode(texts: Sequence[str] | Any) -> Truth:
    """Area, district and inward letters as published."""
    from scanner.common.buffers import array_of

    return _re2(array_of(texts), _postcode_pattern(), ignore_case=True)


def _dialled(array: Any) -> tuple[Any, Truth]:
    """Numbers without the nought or country code, blanks and brackets they are written with, and which
    of them are UK numbers for sure: one nought or code, then no nought, and digits only."""
    import pyarrow.compute as pc

    from scanner.common.buffers import keep, strings, table

    bare = strings(*keep(pc.replace_substring(array, "(0)", ""), ~table(" .-()")))
    numbers = pc.replace_substring_regex(bare, r"^(?:\+|00)44", "0")
    return pc.utf8_slice_codeunits(numbers, 1), _re2(numbers, "^0[1-9][0-9]*$")


def phone(texts: Sequence[str] | Any) -> Truth:
    """UK numbers as dialled at home by the plan's expressions; everything else one by one."""
    import numpy as np

    from scanner.common.buffers import array_of, buffer_of

    array = array_of(texts)
    numbers, home = _dialled(array)
    starts = buffer_of(numbers)[1]
    easy = home & np.isin(starts[1:] - starts[:-1], NATIONAL) & ~_re2(numbers, f"^{UNSURE}")
    good = _re2(numbers, plan()) | _re2(numbers, drama())
    found: Truth = easy & good & ~_re2(numbers, _SAME)
    unsure = ~easy
    _one_by_one(checks.phone, array, np.flatnonzero(unsure), found)
    return found


_SAME = "(?:" + "|".join(f"{d}{{7}}" for d in range(10)) + ")$"


def _likely(one: Callable[[str], bool], pattern: str) -> Many:
    """A test range that only a value with some match of the expression can be in."""

    def check(texts: Sequence[str] | Any) -> Truth:
        import numpy as np

        from scanner.common.buffers import array_of

        array = array_of(texts)
        found = _re2(array, pattern, ignore_case=True)
        _one_by_one(one, array, np.flatnonzero(found), found)
        return found

    return check


def _phone_test(texts: Sequence[str] | Any) -> Truth:
    import numpy as np

    from scanner.common.buffers import array_of

    array = array_of(texts)
    numbers, home = _dialled(array)
    found: Truth = _re2(numbers, drama())
    _one_by_one(checks.phone_test, array, np.flatnonzero(~home), found)
    return found


CHECKS: Mapping[Callable[[str], bool], Many] = {
    checks.nhs: _by_digits(_nhs),
    checks.chi: _by_digits(_chi),
    checks.hcn: _by_digits(_hcn),
    checks.uln: _by_digits(_uln),
    checks.utr: _by_digits(_utr),
    checks.vat: _by_digits(_vat),
    checks.imei: _by_digits(_imei),
    checks.sort_code: _by_digits(_sort_code),
    checks.card: card,
    checks.iban: iban,
    checks.mac: mac,
    checks.nino: nino,
    checks.varied: varied,
    checks.email: email,
    checks.ipv4: ipv4,
    checks.postcode: postcode,
    checks.phone: phone,
}
"""Check to its namesake for many."""

TESTS: Mapping[Callable[[str], bool], Many] = {
    checks.nhs_test: _likely(checks.nhs_test, "^(?:9|401|450)"),
    checks.mac_test: _likely(checks.mac_test, "^00.?00.?5E"),
    checks.iban_test: _likely(checks.iban_test, "^[^0-9a-z]*(?:gb|de|ie)"),
    checks.email_test: _likely(checks.email_test, "example|test|invalid|localhost"),
    checks.ip_test: _likely(checks.ip_test, r"^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:0?db8:)"),
    checks.nino_test: _likely(checks.nino_test, "^[AQ]"),
    checks.phone_test: _phone_test,
}
"""Test range to its namesake for many."""
