"""The checks of `checks`, over many values at once.

Each function gives one truth value per text given, and the same one as its namesake gives
for that text alone, provided every text matches the format's pattern in plain ASCII. A
differential test holds the two together. NumPy and Arrow are imported at first use.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scanner.recognisers.uk import checks, contact_checks, identity_checks
from scanner.recognisers.uk.phone_plan import NATIONAL, UNSURE, drama, plan

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Digits = npt.NDArray[np.int64]
    Truth = npt.NDArray[np.bool_]

Many = Callable[[Sequence[str]], Sequence[bool]]


def _digits(texts: Sequence[str]) -> Digits | None:
    """One row of digits per text, or None where they are not equally many."""
    import numpy as np

    raw = np.frombuffer(("\n".join(texts) + "\n").encode("ascii"), dtype=np.uint8)
    kept = raw[((raw >= 48) & (raw <= 57)) | (raw == 10)]
    ends = np.flatnonzero(kept == 10)
    width = int(ends[0])
    if width == 0 or not np.array_equal(ends, np.arange(width, len(kept), width + 1)):
        return None
    rows: Digits = kept.reshape(len(texts), width + 1)[:, :width].astype(np.int64) - 48
    return rows


def _by_digits(one: Callable[[str], bool], many: Callable[[Digits], Any]) -> Many:
    """A check of the digits alone; texts of unequal length go one by one."""

    @functools.wraps(many)
    def check(texts: Sequence[str]) -> Sequence[bool]:
        rows = _digits(texts) if texts else None
        if rows is None:
            return [one(text) for text in texts]
        found: list[bool] = many(rows).tolist()
        return found

    return check


def _varied(d: Digits) -> Truth:
    result: Truth = (d != d[:, :1]).any(axis=1)
    return result


def _sum(d: Digits, weights: Sequence[int]) -> Digits:
    import numpy as np

    result: Digits = d[:, : len(weights)] @ np.array(weights, dtype=np.int64)
    return result


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
    number = _sum(d, [10**n for n in range(8, -1, -1)])
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


def card(texts: Sequence[str]) -> Sequence[bool]:
    """Luhn over all, the issuer's range over the tenth that pass; test numbers by themselves."""
    rows = _digits(texts) if texts else None
    if rows is None:
        return [checks.card(text) for text in texts]
    likely = _luhn(rows).tolist()
    return [yes and checks.card(text) for text, yes in zip(texts, likely, strict=True)]


def _alnum_rows(texts: Sequence[str]) -> Any:
    """One row of bytes per text, letters and digits only and upper case, or None where unequal."""
    import numpy as np

    raw = np.frombuffer(("\n".join(texts) + "\n").upper().encode("ascii"), dtype=np.uint8)
    kept = raw[((raw >= 48) & (raw <= 57)) | ((raw >= 65) & (raw <= 90)) | (raw == 10)]
    ends = np.flatnonzero(kept == 10)
    width = int(ends[0])
    if width == 0 or not np.array_equal(ends, np.arange(width, len(kept), width + 1)):
        return None
    return kept.reshape(len(texts), width + 1)[:, :width]


def nino(texts: Sequence[str]) -> Sequence[bool]:
    """Prefix in use, digits that vary."""
    import numpy as np

    rows = _alnum_rows(texts) if texts else None
    if rows is None or rows.shape[1] not in (8, 9) or not ((rows[:, 2:8] >= 48) & (rows[:, 2:8] <= 57)).all():
        return [checks.nino(text) for text in texts]
    unused = np.array([ord(p[0]) * 256 + ord(p[1]) for p in sorted(identity_checks.NINO_UNUSED)])
    prefix = rows[:, 0].astype(np.int64) * 256 + rows[:, 1]
    found: list[bool] = (~np.isin(prefix, unused) & _varied(rows[:, 2:8])).tolist()
    return found


def varied(texts: Sequence[str]) -> Sequence[bool]:
    """Some two digits differ."""
    rows = _digits(texts) if texts else None
    if rows is None:
        return [checks.varied(text) for text in texts]
    found: list[bool] = _varied(rows).tolist()
    return found


def _re2(texts: Sequence[str], pattern: str) -> list[bool]:
    import pyarrow as pa
    import pyarrow.compute as pc

    found: list[bool] = pc.match_substring_regex(pa.array(texts, pa.string()), pattern).to_pylist()
    return found


def email(texts: Sequence[str]) -> Sequence[bool]:
    """All pass unless one is long, has two stops in a row or ends like a file."""
    if not texts or max(map(len, texts)) > 64:
        return [checks.email(text) for text in texts]
    together = "\n".join(texts).lower() + "\n"
    if ".." in together or any(f".{ending}\n" in together for ending in contact_checks.FILE_ENDINGS):
        return [checks.email(text) for text in texts]
    return [True] * len(texts)


def ipv4(texts: Sequence[str]) -> Sequence[bool]:
    """Host addresses: no leading noughts, not loopback, multicast, unspecified or a netmask."""
    return _re2(
        texts,
        r"^(?:[1-9]|[1-9][0-9]|1(?:[01][0-9]|2[0-689]|[3-9][0-9])|2[01][0-9]|22[0-3]|24[0-9]|25[0-4])"
        r"(?:\.(?:0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])){3}$",
    )


@functools.cache
def _postcode_pattern() -> str:
    areas = "|".join(sorted(contact_checks.POSTCODE_AREAS, key=len, reverse=True))
    lettered = "|".join(sorted(contact_checks.LETTER_DISTRICT))
    return (
        rf"(?i)^(?:(?:(?:{areas})(?:[0-9]|[1-9][0-9])|(?:{lettered})[A-Z])[^A-Z0-9]*"
        r"[0-9][ABD-HJLNP-UW-Z]{2}|GIR ?0AA)$"
    )


def postcode(texts: Sequence[str]) -> Sequence[bool]:
    """Area, district and inward letters as published."""
    return _re2(texts, _postcode_pattern())


_TO_DIGITS = {ord(c): None for c in " .-()"}


def phone(texts: Sequence[str]) -> Sequence[bool]:
    """UK numbers as dialled at home by the plan's expressions; everything else one by one."""
    if not texts:
        return []
    found: list[bool | None] = [None] * len(texts)
    together = "\n".join(texts)
    bare = together.translate(_TO_DIGITS).split("\n")
    easy = [
        place
        for place, (text, number) in enumerate(zip(texts, bare, strict=True))
        if number[:1] == "0"
        and number[1:2] != "0"
        and "(0)" not in text
        and number.isdigit()
        and len(number) - 1 in NATIONAL
        and not number.startswith(f"0{UNSURE}")
    ]
    if easy:
        numbers = [bare[place][1:] for place in easy]
        ours, anybody = plan()
        good, maybe, same = _re2(numbers, ours), _re2(numbers, anybody), _re2(numbers, _SAME)
        acted = _re2(numbers, drama())
        for place, yes, perhaps, filler, act in zip(easy, good, maybe, same, acted, strict=True):
            if filler:
                found[place] = False
            elif act or yes:
                found[place] = True
            elif not perhaps:
                found[place] = False
    return [checks.phone(text) if yes is None else yes for text, yes in zip(texts, found, strict=True)]


_SAME = "(?:" + "|".join(f"{d}{{7}}" for d in range(10)) + ")$"


def _starts(one: Callable[[str], bool], *parts: str) -> Many:
    """A test range that only a text holding one of these (lower case) can be in."""

    def check(texts: Sequence[str]) -> Sequence[bool]:
        together = "\n".join(texts).lower()
        if not any(part in together for part in parts):
            return [False] * len(texts)
        return [one(text) for text in texts]

    return check


def _nhs_test(texts: Sequence[str]) -> Sequence[bool]:
    return [text[0] == "9" or (text[:3] in ("401", "450") and checks.nhs_test(text)) for text in texts]


def _nino_test(texts: Sequence[str]) -> Sequence[bool]:
    return [text[0] in "AQaq" and checks.nino_test(text) for text in texts]


def _phone_test(texts: Sequence[str]) -> Sequence[bool]:
    if not texts:
        return []
    bare = "\n".join(texts).translate(_TO_DIGITS).split("\n")
    acted = _re2([number[1:] for number in bare], drama())
    return [
        act
        if number[:1] == "0" != number[1:2] and number.isdigit() and "(0)" not in text
        else checks.phone_test(text)
        for text, number, act in zip(texts, bare, acted, strict=True)
    ]


CHECKS: Mapping[Callable[[str], bool], Many] = {
    checks.nhs: _by_digits(checks.nhs, _nhs),
    checks.chi: _by_digits(checks.chi, _chi),
    checks.hcn: _by_digits(checks.hcn, _hcn),
    checks.uln: _by_digits(checks.uln, _uln),
    checks.utr: _by_digits(checks.utr, _utr),
    checks.vat: _by_digits(checks.vat, _vat),
    checks.imei: _by_digits(checks.imei, _imei),
    checks.sort_code: _by_digits(checks.sort_code, _sort_code),
    checks.card: card,
    checks.nino: nino,
    checks.varied: varied,
    checks.email: email,
    checks.ipv4: ipv4,
    checks.postcode: postcode,
    checks.phone: phone,
}
"""Check to its namesake for many."""

TESTS: Mapping[Callable[[str], bool], Many] = {
    checks.nhs_test: _nhs_test,
    checks.email_test: _starts(checks.email_test, "example", "test", "invalid", "localhost"),
    checks.ip_test: _starts(
        checks.ip_test, "192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "2001:0db8:"
    ),
    checks.nino_test: _nino_test,
    checks.phone_test: _phone_test,
}
"""Test range to its namesake for many."""
