"""At a glance: which of the written patterns for names could match in a text at all.

The names model has cut every text into tokens, and knows each distinct token. A few bits for each
(it begins with a capital and a list has it as a name; it is a title; it is `said` …) and where
such tokens stand side by side decide, for all texts at a stroke, which patterns are tried.
A pattern may be tried in vain; a test holds that none is left out that would have matched.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from scanner.recognisers import name_patterns as patterns
from scanner.recognisers import name_usage as usage
from scanner.recognisers import place_usage as places
from scanner.recognisers.name_cues import (
    AGED,
    COMMA,
    DEAR,
    GIVEN,
    KIND,
    LABEL,
    RANK,
    RELATIVE,
    RUN,
    SEVERAL,
    SINGLE,
    SMALL,
    SPEAKER,
    SUBJECT,
    TITLED,
    TOWN,
)

_CAP, _NAME, _INITIAL, _NUMBER, _COLON, _PREPOSITION, _LIST, _ASK, _SMALL_NAME, _COUNTRY = (
    1 << i for i in range(16, 26)
)
_CUES = (
    (TITLED, patterns._TITLE_WORDS),
    (DEAR, patterns._DEAR_WORDS),
    (SEVERAL, patterns._SEVERAL_WORDS),
    (SINGLE, patterns._SINGLE_WORDS),
    (SUBJECT, patterns._SUBJECT_WORDS),
    (RELATIVE, usage._RELATIVE_RUNS),
    (RANK, usage._RANK_RUNS),
    (GIVEN, usage._GIVEN_RUNS),
    (KIND, places._KIND_RUNS),
    (SMALL, usage._SMALL_TITLES),
    (_ASK, usage._ASKED | usage._GREETINGS),
)
_SMALL_CUES = SMALL | _ASK
"""Of words that count in small letters only."""
_PREPOSITIONS = frozenset(
    "in at from to near via outside around across leaving reached visited visiting into between".split()
)


@functools.cache
def _cues() -> dict[str, int]:
    """The bits of words that say something of the name next to them."""
    found: dict[str, int] = {}
    for bit, words in (*_CUES, (_PREPOSITION, _PREPOSITIONS)):
        for word in words:
            found[word] = found.get(word, 0) | bit
    return found


def look(token: str) -> int:
    """The bits of one token."""
    first = token[:1]
    if not first.isalpha():
        if first.isdigit():
            return _NUMBER if len(token) < 4 else 0
        if first in ":=":
            return _COLON
        if first == ",":
            return _LIST
        if first in ">]":
            return SPEAKER
        if first in "'’" and token[1:] in ("s", "S"):
            return SUBJECT
        return 0
    low = token.lower().rstrip(".")
    bits = _cues().get(low, 0)
    if low in places._towns():
        bits |= TOWN
    if first.isupper():
        bits = bits & ~_SMALL_CUES | _CAP
        if low in places.COUNTRIES or token in places.LETTERS:
            bits |= _COUNTRY
        bare = low.strip(".")
        if len(bare) == 1:
            bits |= _INITIAL
        if patterns.is_forename(token) or patterns.is_surname(token):
            bits |= _NAME
        return bits
    if _small_name(low) or "@" in low:  # `hi anna.holt@…`
        bits |= _SMALL_NAME
    return bits if low == "c" else bits & ~GIVEN  # `c/o`; the others have a capital


def _small_name(word: str) -> bool:
    return (
        word in patterns.forenames()
        and word not in patterns.everyday()
        and word not in usage._COMMON
        and word not in patterns.places()
    )


def glance(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    """For every token the patterns that could begin there. `bits`: of the tokens in order, none named
    in the last three."""
    after = np.zeros_like(bits)  # what stands up to three tokens after each
    for distance in (1, 2, 3):
        after[:-distance] |= bits[distance:]
    following = np.zeros_like(bits)
    following[:-1] = bits[1:]
    capital, name = (after & _CAP) != 0, (after & (_NAME | _INITIAL)) != 0
    capitalised, named = (bits & _CAP) != 0, (bits & (_NAME | _INITIAL)) != 0
    out = bits & (SPEAKER | SMALL | GIVEN)
    out |= np.where(capital, bits & (TITLED | DEAR | SEVERAL | RANK | KIND), 0)
    out |= np.where(name, bits & (SINGLE | RELATIVE), 0)
    for cue, begins in (
        (RUN, named & capital),
        (SUBJECT, named & ((after & SUBJECT) != 0)),
        (AGED, capitalised & ((after & _NUMBER) != 0)),
        (COMMA, capitalised & capital & ((after & _LIST) != 0)),
        (LABEL, (bits & _COLON) != 0),
        (TOWN, ((bits & _PREPOSITION) != 0) & ((after & TOWN) != 0)),
        (TOWN, (bits & _COUNTRY) != 0),
        (SMALL, ((bits & _ASK) != 0) & ((following & _SMALL_NAME) != 0)),
    ):
        out |= np.where(begins, cue, 0)
    return out
