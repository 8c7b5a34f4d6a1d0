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

WORDS, PREFIXES, SUFFIXES, SHAPES, FREQUENCIES = 1 << 17, 8192, 8192, 4096, 1 << 20
"""Rows of the tables; powers of two, so that a hash is cut by a mask."""
KNOWN = 128
"""Bit of a frequency slot: the word was met often enough in training to have a row of its own; all
others share row 0, so that a new name is not taken for the word that has the same hash."""
_RARE, _ORDINARY = 32, 64  # 15 times in 20 million characters, 255 times
DENSE = 34
LISTED = slice(16, 30)
"""The numbers that come from word lists; training hides them now and then."""
FREQUENCY = 30
_SIGNS = {",": 1 << 13, "(": 1 << 13, ":": 1 << 13, "'s": 1 << 14, "’s": 1 << 14}
_TITLE = 1 << 12
_TITLES = (
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev revd reverend cllr councillor sgt pc dc ds di dci "
    "insp inspector constable capt captain judge nurse sister president minister senator rabbi imam father".split()
)
_LISTS, _SIGN = _TITLE - 1, 3 << 13
_DIGITS = re.compile("[0-9]")


class _Shape(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        shape = "X" if char.isupper() else "x" if char.islower() else "d" if char.isdigit() else char
        self[code] = shape
        return shape


_SHAPE = _Shape()
_WRITTEN = bytes(ord(_SHAPE[code]) if code < 128 else code for code in range(256))
_LIKE = str.maketrans("Xxd", "Aa1")
"""A shape as a word that is written so."""


@functools.cache
def _lists() -> dict[str, int]:
    """Word to a number whose bits say which lists hold it, for words and parts of longer entries, and
    whether it is a title or a telling sign."""
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
    marks = {title + dot: _TITLE for title in _TITLES for dot in ("", ".")} | _SIGNS
    for word, bit in marks.items():
        found[word] = found.get(word, 0) | bit
    return found


def listed(token: str) -> int:
    """Which lists hold the token, as bits."""
    return _bits(token, token.lower()) & _LISTS


def _bits(token: str, low: str) -> int:
    """The bits of `_lists`, for any script: names are listed without accents, signs as they are."""
    if low.isascii():
        return _lists().get(low, 0)
    return _lists().get(normalise(token), 0) & _LISTS | _lists().get(low, 0) & ~_LISTS


def active(token: str, frequency: NDArray[np.uint8]) -> bool:
    """True if the token could be part of a name: it has a capital and is no address of the net, or
    it is a listed name in lower case that is hardly ever an ordinary word."""
    if token.islower():
        bits = _lists().get(token, 0) if token.isascii() else listed(token)
        return bits & 15 != 0 and not bits & 48 and len(token) > 3 and _common(token, frequency) < _RARE
    return "X" in token.translate(_SHAPE) and "@" not in token and "://" not in token


def dull(token: str, frequency: NDArray[np.uint8]) -> bool:
    """True if the token has a capital, is an everyday word or short and common, and no list has it for a
    name: where nothing near could be part of a name, it begins a sentence."""
    if not (token.istitle() and token.isalpha()):
        return False
    bits = listed(token)
    everyday = bits & 16 or (len(token) < 5 and _common(token.lower(), frequency) >= _ORDINARY)
    return bool(everyday) and not bits & 15


def _common(word: str, frequency: NDArray[np.uint8]) -> int:
    """How common a word in lower case is: 0 to 127."""
    return int(frequency[crc32(_utf8(word)) & FREQUENCIES - 1]) & KNOWN - 1


@functools.lru_cache(maxsize=8192)
def _written(shape: bytes) -> int:
    """What the way a token is written says: the row of its shape, and above it the numbers that depend on it."""
    text = shape.decode("utf-8", "surrogatepass")
    size = len(text)
    short = text if size <= 4 else text[:2] + text[-3:]
    like = text.translate(_LIKE)
    first = like[:1]
    alpha = like.isalpha()
    flags = {
        0: first.isupper(),
        1: like.isupper(),
        2: like.islower(),
        3: like.istitle(),
        4: alpha,
        5: like.isdigit(),
        6: size == 1,
        7: size == 2,
        8: size < 5,
        9: size > 9,
        10: first == "\n",
        11: first == "\0",
        12: like.endswith("."),
        13: not alpha and not like.isalnum(),
        14: first == "@" or "://" in like,
        33: size == 1 and alpha and first.isupper(),
    }
    row = crc32(short.encode("utf-8", "surrogatepass"), 3) & (SHAPES - 1)
    return row + SHAPES * sum(flag << bit for bit, flag in flags.items())


def rows(
    tokens: Sequence[str], frequency: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Table rows (n × 4) and numbers (n × DENSE) of distinct tokens.

    `frequency`: for each of FREQUENCIES slots, how common its words are in lower case (0 to 127),
    and whether they are KNOWN.
    """
    lists = _lists()
    whole, heads, tails, written, listings = [], [], [], [], []
    for token in tokens:
        low = token.lower()
        if not low.isalpha():
            low = _DIGITS.sub("0", low)
        if token.isascii():
            coded = low.encode()
            head, tail = coded[:3], coded[-3:]
            shape = token.encode().translate(_WRITTEN)
            listings.append(lists.get(low, 0))
        else:
            coded, head, tail, shape = map(_utf8, (low, low[:3], low[-3:], token.translate(_SHAPE)))
            listings.append(_bits(token, low))
        whole.append(crc32(coded))
        heads.append(crc32(head, 1))
        tails.append(crc32(tail, 2))
        written.append(_written(shape))
    word, prefix, suffix, form, bits = (
        np.array(column, np.int64) for column in (whole, heads, tails, written, listings)
    )
    slot = frequency[word & FREQUENCIES - 1].astype(np.int64)
    word = np.where(slot & KNOWN, np.maximum(word & WORDS - 1, 1), 0)
    hashes = np.stack((word, prefix & PREFIXES - 1, suffix & SUFFIXES - 1, form & SHAPES - 1), 1)
    flags = form // SHAPES | (bits & _LISTS) << 16 | (bits & _TITLE) << 3 | (bits & _SIGN) << 18
    flags |= np.where(bits & 3 == 3, 1 << 28, 0) | np.where((bits & 15 != 0) & (bits & 48 == 0), 1 << 29, 0)
    by_bytes = flags.astype("<i8").view(np.uint8).reshape(-1, 8)
    dense = np.unpackbits(by_bytes, axis=1, count=DENSE, bitorder="little").astype(np.float32)
    dense[:, FREQUENCY] = (slot & KNOWN - 1).astype(np.float32) / 127
    return hashes, dense


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def frequencies(counts: dict[str, int], known: Iterable[str]) -> NDArray[np.uint8]:
    """The frequency slots for counts of lower-case words, on a logarithmic scale, and for known ones."""
    slots = np.zeros(FREQUENCIES, np.uint8)
    for word, count in counts.items():
        slot = crc32(word.encode("utf-8", "surrogatepass")) & (FREQUENCIES - 1)
        slots[slot] = max(slots[slot], min(KNOWN - 1, int(8 * math.log2(1 + count))))
    for word in known:
        slots[crc32(word.encode("utf-8", "surrogatepass")) & (FREQUENCIES - 1)] |= KNOWN
    return slots
