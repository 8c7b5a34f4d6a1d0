"""Nationalities that the words around make a person's: `a British Army officer`, `she is Polish`.

A word for a nation is as often an organisation's, a language's, a dish's or a window's; so one is
taken only where a word for people follows it (with up to three words between, none of which makes it
a thing's), where it says what somebody is, or where it is itself a noun for people.
"""

from __future__ import annotations

import re

from scanner.recognisers.prose import nations
from scanner.recognisers.prose.around import next_word, previous, starts_capital

_COMPOUND = re.compile(r"(?:South|North|Northern|Sri|New|Saudi|Costa|Sierra|Cape|Puerto) \Z")
_TOKEN = re.compile(r"[ \u00a0-]([A-Za-z][A-Za-z-]{0,40})(?:['’]s)?")
_BETWEEN = 5
"""Words that may stand between a nation and a word for people, that word counted."""
_TOKENS = 8
"""The same, nations among them too: `a Polish-American and naturalised British …`."""
_SOMEBODY, _NOUN, _OF_PEOPLE = "pattern of somebody", "pattern noun", "pattern of people"


def nationality(text: str, lowered: str, at: int, word: str) -> tuple[int, int, str] | None:
    """The span of a nationality and what made it one; None where it is something else's."""
    if not text[at].isupper() or text[at + 1 : at + 2].isupper():
        return None
    start, end = at, at + len(word)
    if word in nations.SECONDS:
        if compound := _COMPOUND.search(text, max(0, at - 12), at):
            start = compound.start()
        elif word not in nations.ALONE:
            return None
    before = previous(lowered, start)
    if before in nations.TITLES or _named(text, start, before):
        return None
    if word in nations.plurals():
        return None if starts_capital(text, end) or text[end : end + 1] == "-" else (start, end, _NOUN)
    how = _what_they_are(text, lowered, start, end, word, before)
    if not how and _is_somebody(text, lowered, end, word):
        how = _OF_PEOPLE
    return (start, end, how) if how else None


def _named(text: str, start: int, before: str) -> bool:
    """True after another word with a capital: `Dawn French`, `Little Italian`."""
    if not before:
        return text[start - 1 : start] in ("@", "#", "_", "/", "&") and start > 0
    if not text[start - 1 - len(before)].isupper() or before in nations.STARTS or before[-1] in ",;:":
        return False
    if before in nations.SUBJECTS or before in nations.CONTRACTED or before in nations.BE:
        return False
    return before.partition("-")[0] not in nations.demonyms()


def _what_they_are(text: str, lowered: str, start: int, end: int, word: str, before: str) -> str:
    """`she is Polish`, `the Brazilian said`."""
    mark = text[end : end + 1]
    if mark == "-" or starts_capital(text, end):
        return ""
    following = next_word(lowered, end)
    if not following[:1].isalpha() or following in nations.AFTER_PREDICATE:
        at, led = start, before
        while led in nations.BY_THE_WAY:
            at -= 1 + len(led)
            led = previous(lowered, at)
        if led in nations.CONTRACTED:
            return _SOMEBODY
        if led in nations.BE:
            who = previous(lowered, at - 1 - len(led))
            name = previous(lowered, at - 2 - len(led) - len(who)) if who else ""
            if (
                name in nations.TITLES
                or who in nations.SUBJECTS
                or who in nations.people()
                or lowered.endswith("proud to be ", 0, at)
            ):
                return _SOMEBODY
    if not word.endswith(("an", "i")):
        return ""
    if before in ("a", "an", "young", "fellow") or before.endswith("-old"):
        return _NOUN if following in nations.SAID or (not following and mark in ("", *".!?;)")) else ""
    if before == "the":
        by = previous(lowered, start - 4) in ("by", "from", "to", "against")
        return _NOUN if following in nations.SAID or (by and not following and mark in ("", *".!?")) else ""
    return ""


def _is_somebody(text: str, lowered: str, end: int, word: str) -> bool:
    """True if a word for people follows, with nothing between that makes it a thing's."""
    people, every = nations.people(), nations.demonyms()
    at, between, joined = end, 0, False
    for _ in range(_TOKENS):
        if between >= _BETWEEN:
            return False
        token = _TOKEN.match(text, at)
        if token is None:
            return False
        name = token[1]
        at = token.end()
        low = name.lower()
        last = low.rpartition("-")[2]
        between += 1
        if name[0].isupper():
            if low in every or low.partition("-")[0] in every:
                between -= 1
            elif low.removesuffix("s") in nations.FAITHFUL and not starts_capital(text, at):
                return next_word(lowered, at) not in nations.THINGS
            elif low in people and (low in nations.OFFICES or not starts_capital(text, at)):
                return low not in nations.NAMED_SO
            elif low not in nations.CAPITALS:
                return False
        elif low in nations.STOP or low in nations.THINGS:
            return False
        elif last in nations.NOBODY:
            if (following := next_word(lowered, at)) in nations.STOP or not following:
                return True
        elif last in people or last.endswith(nations.WORKERS):
            if word in nations.LANGUAGES and last in nations.LANGUAGE_WORK:
                return False
            if word == "american" and "football" in lowered[end:at]:
                return False
            return next_word(lowered, at) not in nations.FURTHER
        elif last == "general" and next_word(lowered, at) in nations.AFTER_GENERAL:
            return True
        elif low == "and" and not joined:
            joined = True
            between -= 1
        elif low == "and":
            return False
    return False
