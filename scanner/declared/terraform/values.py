"""Values while expressions are evaluated: references keep the address they come from."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from scanner.declared.model import Unknown

# Stands in a text for a part that cannot be known; private-use characters occur in no real code.
MARK_START, MARK_END = "\ue000", "\ue001"
_MARKED = re.compile(MARK_START + "[^" + MARK_END + "]*" + MARK_END)


@dataclasses.dataclass(frozen=True, slots=True)
class Ref(Unknown):
    """An attribute of a resource that exists only once it is built (`aws_s3_bucket.b.id`)."""

    address: str = ""
    """Absolute address, with the instance key where the code gives one."""
    attribute: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Either(Unknown):
    """One of two values; which, a condition that is not known decides."""

    values: tuple[Any, Any] = (None, None)


class Text(str):
    """A known text that was read from an attribute of another resource."""

    address: str = ""

    @classmethod
    def of(cls, text: str, address: str) -> Text:
        made = cls(text)
        made.address = address
        return made


def address_of(value: Any) -> str:
    """The resource a value refers to, or an empty text."""
    if isinstance(value, (Ref, Text)):
        return value.address
    if isinstance(value, str) and (found := re.search(MARK_START + "ref:([^|]*)", value)):
        return found[1]
    return ""


def mark(value: Unknown) -> str:
    """The unknown as a part of a text."""
    if isinstance(value, Ref):
        return f"{MARK_START}ref:{value.address}|{value.attribute}{MARK_END}"
    return f"{MARK_START}{value.reason}{MARK_END}"


def marked(value: Any) -> bool:
    """Whether a text has a part that cannot be known."""
    return isinstance(value, str) and MARK_START in value


def readable(text: str) -> str:
    """A text for people: what is unknown shown as `…`."""
    return _MARKED.sub("…", text)


def is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown) or marked(value)


def to_text(value: Any) -> str:
    """As Terraform turns a value into text; unknown parts are marked."""
    if isinstance(value, Unknown):
        return mark(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dict, list)):
        return encode(value)
    return str(value)


def encode(value: Any) -> str:
    """`jsonencode`, with unknown parts as marked texts."""
    return json.dumps(
        value, default=lambda v: mark(v) if isinstance(v, Unknown) else str(v), ensure_ascii=False
    )


def first_unknown(*values: Any) -> Unknown | None:
    """The first value that is unknown as a whole."""
    for value in values:
        if isinstance(value, Unknown):
            return value
    return None


def size_of(value: Any, known: dict[int, tuple[Any, int]]) -> int:
    """How many parts a value stands for, a text counting one for every ten characters.

    `known`: sizes by identity, with the values themselves so that no identity is given twice.
    """
    if isinstance(value, str):
        return 1 + len(value) // 10
    if not isinstance(value, (list, dict)):
        return 1
    if id(value) not in known:
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] = value, 1 + sum(size_of(item, known) for item in inner)
    return known[id(value)][1]
