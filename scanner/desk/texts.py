"""Whether two texts are the same but for what spreadsheets do to them."""

from __future__ import annotations

import re
import unicodedata

from scanner.reporters.cells import GUARD, clean, unguarded

_SCIENTIFIC = re.compile(r"-?\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def stored(text: str) -> str:
    """A cell as it is kept: one line, without a guard that was put before it."""
    return " ".join(clean(unguarded(text.strip())).split())


def plain(text: str) -> str:
    """For comparing only: guards are put and taken by several programs."""
    text = unicodedata.normalize("NFC", " ".join(clean(text).split()))
    return text.removeprefix(GUARD).strip()


def same(cell: str, known: str, encoding: str = "utf-8") -> bool:
    """Whether a cell still says what was exported."""
    mine, yours = plain(cell), plain(known)
    if mine == yours:
        return True
    if encoding == "cp1252" and _saved_from(yours).fullmatch(mine):
        return True
    return _same_number(mine, yours)


def _saved_from(text: str) -> re.Pattern[str]:
    """What a Western European file may hold instead of a text: `?` for a letter that it does not have,
    or the nearest that it has (Excel and LibreOffice write `=` for its full-width form)."""
    return re.compile("".join(map(_saved_as, text.replace("\ufffd", "?"))))


_NEAREST = str.maketrans("łŁđĐħĦıŧŦ−", "lLdDhHitT-")


def _saved_as(char: str) -> str:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFKD", char.translate(_NEAREST))
        nearest = "".join(part for part in parts if not unicodedata.combining(part))
        return rf"(?:\?|{re.escape(nearest)}|{re.escape(unicodedata.normalize('NFKC', char))})"
    return re.escape(char)


def _same_number(cell: str, known: str) -> bool:
    """`0123` shown as `123`, `1234567890123456` as `1.23457E+15`."""
    try:
        mine, yours = float(cell.replace(",", ".")), float(known)
    except ValueError:
        return False
    return mine == yours or (is_mangled(cell) and abs(mine - yours) <= abs(yours) * 0.01)


def is_mangled(cell: str) -> bool:
    """A number in scientific notation: what a spreadsheet makes of a long one."""
    return bool(_SCIENTIFIC.fullmatch(cell.strip().removeprefix(GUARD)))
