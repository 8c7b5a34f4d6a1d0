"""Where things stand in a file that is laid out one setting a line: blocks by their braces or indentation."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_REST = re.compile(r"(?:#|//).*$")
LONGEST = 10_000
"""Longer lines are a program's: nothing is put into them, and nobody looks through them once a finding."""


@dataclasses.dataclass(frozen=True, slots=True)
class Region:
    """Lines `first` to `last` (1-based); the first opens it, the last closes it."""

    first: int
    last: int

    @property
    def flat(self) -> bool:
        """All on one line: nothing can be put into it."""
        return self.first == self.last


def depth_change(line: str) -> int:
    """Brackets opened less brackets closed, outside of texts and comments."""
    if len(line) > LONGEST:
        return 0
    bare = _REST.sub("", _TEXT.sub("", line))
    return sum(bare.count(sign) for sign in "{[(") - sum(bare.count(sign) for sign in "}])")


def closing(text: Sequence[str], first: int) -> int:
    """The line that closes what line `first` opens; itself if it opens nothing."""
    depth = 0
    for number in range(first, len(text) + 1):
        depth += depth_change(text[number - 1])
        if depth <= 0:
            return number
    return len(text)


def setting(text: Sequence[str], region: Region, name: re.Pattern[str]) -> Region | None:
    """The setting directly inside a region whose line begins as `name` says."""
    number = region.first + 1
    while number < region.last:
        end = closing(text, number)
        if name.match(text[number - 1]):
            return Region(number, min(end, region.last - 1))
        number = end + 1
    return None


def margin(line: str) -> int:
    """Leading spaces."""
    return len(line) - len(line.lstrip(" "))


def inner_margin(text: Sequence[str], region: Region, step: int = 2) -> str:
    """The indentation of what stands inside a region."""
    for number in range(region.first + 1, region.last):
        if text[number - 1].strip():
            return " " * margin(text[number - 1])
    return " " * (margin(text[region.first - 1]) + step)


def indented(lines: Sequence[str], by: str) -> tuple[str, ...]:
    return tuple(f"{by}{line}" if line else "" for line in lines)


# --- YAML: by indentation ---------------------------------------------------------


def indented_end(text: Sequence[str], first: int) -> int:
    """The last line of the mapping or list that a key's line begins."""
    own, last = margin(text[first - 1]), first
    for number in range(first + 1, len(text) + 1):
        line = text[number - 1]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = line.lstrip().startswith("- ") and margin(line) == own
        if margin(line) <= own and not item:
            break
        last = number
    return last


def yaml_key(text: Sequence[str], first: int, last: int, key: str) -> int | None:
    """The line of a key directly below line `first`."""
    inside = [
        n
        for n in range(first + 1, last + 1)
        if text[n - 1].strip() and not text[n - 1].lstrip().startswith("#")
    ]
    if not inside:
        return None
    own = margin(text[inside[0] - 1])
    pattern = re.compile(rf"^ {{{own}}}[\"']?{re.escape(key)}[\"']?\s*:")
    return next((n for n in inside if pattern.match(text[n - 1])), None)
