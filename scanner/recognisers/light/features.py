"""What the network is told of a token, computed once for each distinct one.

Four hashes choose rows of embedding tables (the word, its first and last three letters, its
shape); the rest are plain numbers: how it is written, which word lists hold it, and how
often it is an ordinary lower-case word.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from scanner.common.lexicon import normalise, words

WORDS, PREFIXES, SUFFIXES, SHAPES, FREQUENCIES = 32768, 8192, 8192, 4096, 1 << 18
"""Rows of the tables; powers of two, so that a hash is cut by a mask."""
KNOWN = 128
"""Bit of a frequency slot: the word was met often enough in training to have a row of its own; all
others share row 0, so that a new name is not taken for the word that has the same hash."""
_RARE = 32  # 15 times in 20 million characters
DENSE = 34
LISTED = slice(16, 30)
"""The numbers that come from word lists; training hides them now and then."""
FREQUENCY = 30
_SIGNS = {",": 1 << 31, "(": 1 << 31, ":": 1 << 31, "'s": 1 << 32, "’s": 1 << 32}

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev revd reverend cllr councillor sgt pc dc ds di dci "
    "insp inspector constable capt captain judge nurse sister president minister senator rabbi imam father".split()
)
_DIGITS = re.compile("[0-9]")


class _Shape(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        shape = "X" if char.isupper() else "x" if char.islower() else "d" if char.isdigit() else char
        self[code] = shape
        return shape


_SHAPE = _Shape()
_LIKE = str.maketrans("Xxd", "Aa1")
"""A shape as a word that is written so."""


@functools.cache
def _lists() -> dict[str, int]:
    """Word to a number whose bits say which lists hold it, for words and parts of longer entries."""
    found: dict[str, int] = {}
    singles = (("forenames", 1), ("surnames", 2), ("places", 4), ("world_places", 8), ("everyday", 16))
    for name, bit in (*singles, ("name_words", 32), ("nationalities", 64), ("gazetteer", 1024)):
        for entry in words(name):
            found[entry] = found.get(entry, 0) | bit
    for names, first, later in (
        (("places", "world_places"), 128, 256),
        (("surnames", "forenames"), 512, 512),
        (("gazetteer",), 2048, 2048),
    ):
        for name in names:
            for entry in words(name):
                parts = entry.replace("-", " ").split(" ")
                for i, part in enumerate(parts if len(parts) > 1 else ()):
                    if len(part) > 2:
                        found[part] = found.get(part, 0) | (later if i else first)
    return found


def listed(token: str) -> int:
    """The bits of `_lists` for one token."""
    low = token.lower()
    return _lists().get(low if low.isascii() else normalise(token), 0)


def active(token: str, frequency: NDArray[np.uint8]) -> bool:
    """True if the token could be part of a name: it has a capital and is no address of the net, or
    it is a listed name in lower case that is hardly ever an ordinary word."""
    if token.islower():
        bits = listed(token)
        if not bits & 15 or bits & 48 or len(token) < 4:
            return False
        return (
            int(frequency[crc32(token.encode("utf-8", "surrogatepass")) & (FREQUENCIES - 1)]) & (KNOWN - 1)
            < _RARE
        )
    return "X" in token.translate(_SHAPE) and "@" not in token and "://" not in token


@functools.lru_cache(maxsize=8192)
def _written(shape: str) -> tuple[int, int]:
    """What the way a token is written says: the row of its shape, and the numbers that depend on it as bits."""
    size = len(shape)
    short = shape if size <= 4 else shape[:2] + shape[-3:]
    like = shape.translate(_LIKE)
    first = like[:1]
    alpha = like.isalpha()
    flags = (
        first.isupper(),
        like.isupper(),
        like.islower(),
        like.istitle(),
        alpha,
        like.isdigit(),
        size == 1,
        size == 2,
        size < 5,
        size > 9,
        first == "\n",
        first == "\0",
        like.endswith("."),
        not alpha and not like.isalnum(),
        first == "@" or "://" in like,
        False,  # titles, by the word
    )
    row = crc32(short.encode("utf-8", "surrogatepass"), 3) & (SHAPES - 1)
    return row, sum(flag << i for i, flag in enumerate(flags)) | (
        size == 1 and alpha and first.isupper()
    ) << 33


def rows(
    tokens: Sequence[str], frequency: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Table rows (n × 4) and numbers (n × DENSE) of distinct tokens.

    `frequency`: for each of FREQUENCIES slots, how common its words are in lower case (0 to 127),
    and whether they are KNOWN.
    """
    hashes = np.empty((len(tokens), 4), np.int64)
    lists = _lists()
    shapes = _SHAPE
    ids: list[tuple[int, int, int, int]] = []
    numbers: list[int] = []
    common: list[int] = []
    for token in tokens:
        low = token.lower()
        if not low.isalpha():
            low = _DIGITS.sub("0", low)
        if low.isascii():
            coded = low.encode()
            head, tail = coded[:3], coded[-3:]
            bits = lists.get(low, 0)
        else:
            coded = low.encode("utf-8", "surrogatepass")
            head, tail = low[:3].encode("utf-8", "surrogatepass"), low[-3:].encode("utf-8", "surrogatepass")
            bits = lists.get(normalise(token), 0)
        whole = crc32(coded)
        slot = int(frequency[whole & (FREQUENCIES - 1)])
        shape, flags = _written(token.translate(shapes))
        ids.append(
            (
                max(1, whole & (WORDS - 1)) if slot & KNOWN else 0,
                crc32(head, 1) & (PREFIXES - 1),
                crc32(tail, 2) & (SUFFIXES - 1),
                shape,
            )
        )
        common.append(slot & (KNOWN - 1))
        flags |= bits << 16
        if bits & 15:
            flags |= (bits & 3 == 3) << 28 | (bits & 48 == 0) << 29
        if low in _SIGNS:
            flags |= _SIGNS[low]
        elif low.rstrip(".") in _TITLES:
            flags |= 1 << 15
        numbers.append(flags)
    if not numbers:
        return hashes, np.zeros((0, DENSE), np.float32)
    hashes[:] = ids
    dense = (np.array(numbers, np.int64)[:, None] >> np.arange(DENSE) & 1).astype(np.float32)
    dense[:, FREQUENCY] = np.array(common, np.float32) / 127.0
    return hashes, dense


def frequencies(counts: dict[str, int], known: Iterable[str]) -> NDArray[np.uint8]:
    """The frequency slots for counts of lower-case words, on a logarithmic scale, and for known ones."""
    slots = np.zeros(FREQUENCIES, np.uint8)
    for word, count in counts.items():
        slot = crc32(word.encode("utf-8", "surrogatepass")) & (FREQUENCIES - 1)
        slots[slot] = max(slots[slot], min(KNOWN - 1, int(8 * math.log2(1 + count))))
    for word in known:
        slots[crc32(word.encode("utf-8", "surrogatepass")) & (FREQUENCIES - 1)] |= KNOWN
    return slots
