"""What a number format lets a reader see of a cell (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import functools
import re

_UNSHOWN = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"[^"]*"|\\.')
_CONDITION = re.compile(r"\[[<>=]")
_VALUE = re.compile(r"[0#?@ymdhseb]|general|standard", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_LONG = 100_000
"""Numbers from which a word shown instead of the value is no mere label (`"Yes"` for 1)."""


def is_date(code: str) -> bool:
    bare = _UNSHOWN.sub("", _LITERAL.sub("", code))
    return bool(_DATE_LETTERS.search(bare)) and not re.search(r"general|[#?]", bare, re.IGNORECASE)


@functools.lru_cache(4096)
def _sections(code: str) -> tuple[str, ...]:
    """The code's sections, each literal as one `"`; () where conditions decide between them."""
    if _CONDITION.search(code):
        return ()
    return tuple(_UNSHOWN.sub("", _LITERAL.sub('"', code)).split(";"))


def hides_text(code: str) -> bool:
    """True for `;;;` and for `0;0;0;"***"`: a fourth section without `@` shows no text."""
    sections = _sections(code)
    return len(sections) >= 4 and "@" not in sections[3] and "general" not in sections[3].lower()


def hides_number(code: str, number: float) -> bool:
    """True where the section for this number shows nothing, or only words in place of a long one.

    A zero that is not shown (`0;;`) hides nothing.
    """
    sections = _sections(code)
    if not sections or not number:
        return False
    section = sections[1] if number < 0 and len(sections) > 1 else sections[0]
    if _VALUE.search(section):
        return False
    if not section.strip():
        return len(sections) > 1  # an empty code as a whole is General
    return abs(number) >= _LONG


def may_hide(code: str) -> bool:
    """True where some cell of this format could be unseen: a quick look before each cell is asked."""
    return any(not _VALUE.search(section) for section in _sections(code)) and code not in ("", "General")
