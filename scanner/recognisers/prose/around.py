"""The words next to a place in a text."""

from __future__ import annotations

_EDGE = "([{\"'“‘"
_MARKS = ".,;:!?)]\"'”’…"

_LONGEST = 64
"""Characters within which a word ends; a longer one is none of ours."""


def previous(lowered: str, at: int) -> str:
    """The word before a place, one space or hyphen between, without what opens it; empty where there
    is none (after a bracket, a line's end, two spaces)."""
    if not at:
        return ""
    gap = lowered[at - 1]
    if gap != " " and gap not in "-\u00a0":
        return ""
    low = at - _LONGEST if at > _LONGEST else 0
    start = lowered.rfind(" ", low, at - 1)
    word = lowered[start + 1 if start >= 0 else low : at - 1]
    if word.isalpha() or not word:
        return word
    if word[-1].isspace():
        return ""
    return word.split()[-1].lstrip(_EDGE)


def next_word(lowered: str, end: int) -> str:
    """The word after a place, one space between, without marks; empty where a mark or a line's end follows."""
    if lowered[end : end + 1] not in (" ", "\u00a0"):
        return ""
    stop = lowered.find(" ", end + 1, end + _LONGEST)
    word = lowered[end + 1 : stop if stop >= 0 else end + _LONGEST]
    if word.isalpha() or not word:
        return word
    if word[0].isspace():
        return ""
    return word.split(None, 1)[0].rstrip(_MARKS)


def starts_capital(text: str, end: int) -> bool:
    """True if the word after a place begins with a capital letter."""
    return text[end : end + 1] in (" ", "\u00a0") and text[end + 1 : end + 2].isupper()
