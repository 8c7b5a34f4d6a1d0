"""Shapes instead of values: letters to A, digits to #, everything else by kind."""

from __future__ import annotations

import re

from scanner.model import entity

LONGEST = 24
_NOT_ALNUM = re.compile(r"[\W_]+")

# Groups whose values have a fixed written form, so that a shape says something and gives
# nothing away. The shape of a name, an address or a condition would tell its word lengths.
_WITH_SHAPE = frozenset({"state", "health_id", "education", "justice", "money"})
_TABLE = {code: "#" if chr(code).isdigit() else "A" if chr(code).isalpha() else " " for code in range(128)}
_TABLE.update({ord(c): c for c in "-/. "})


def has_shape(entity_type: str) -> bool:
    """True if shapes of this type may be shown."""
    return entity(entity_type).group in _WITH_SHAPE


def shape(value: str) -> str:
    """`QQ 12 34 56 C` becomes `AA ## ## ## A`; "" for anything long or not ASCII."""
    value = value.strip()
    if len(value) > LONGEST or not value.isascii():
        return ""
    return value.translate(_TABLE)


def normalise(value: str) -> str:
    """The form in which two spellings of one value count as one person."""
    return _NOT_ALNUM.sub("", value).casefold()
