"""Many texts as one buffer: their words and digits, worked out for all of them at a stroke.

Recognisers that know what their finds cannot do without (`skim`) use it to leave alone the
texts that hold nothing: in a column of notes, most.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.common import buffers

Truth = npt.NDArray[np.bool_]
_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[[*string.ascii_uppercase.encode()]] = [*string.ascii_lowercase.encode()]
_LETTER = buffers.table(string.ascii_letters)
_DIGIT = buffers.table(string.digits)
_NEVER = 1 << 30


class ManyTexts(Sequence[str]):
    """Texts in order. Its repr shows how many."""

    def __init__(self, texts: Sequence[str] | Any, without: frozenset[str] = frozenset()) -> None:
        """`texts`: strings, or an Arrow string array without nulls. `without`: entity types that nobody
        asks for in them."""
        self.array = buffers.array_of(texts)
        self.without = without
        self._raw, self._starts = buffers.buffer_of(self.array)

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, place: Any) -> Any:
        return self.array[place].as_py()

    def __iter__(self) -> Iterator[str]:
        return iter(self.array.to_pylist())

    def __repr__(self) -> str:
        return f"<{len(self)} texts>"

    def at(self, places: npt.ArrayLike) -> list[str]:
        """The texts at some places."""
        found: list[str] = self.array.take(buffers.places(places)).to_pylist()
        return found

    def counted(self, kept: buffers.Table) -> buffers.Sizes:
        """How many bytes of each text are among those for which a table of 256 says True."""
        before = np.zeros(len(self._raw) + 1, dtype=np.int32)
        np.cumsum(kept[self._raw], out=before[1:])
        counted: buffers.Sizes = before[self._starts[1:]] - before[self._starts[:-1]]
        return counted

    def has(self, characters: str, least: int = 1) -> Truth:
        """Which texts have so many of these (ASCII) characters."""
        codes = [ord(c) for c in characters]
        if len(codes) == 1 and not (self._raw == codes[0]).any():
            return np.zeros(len(self), dtype=np.bool_)
        return self.counted(buffers.table(characters)) >= least

    def matching(self, expression: str, among: Truth | None = None) -> Truth:
        """Which texts (`among`: which of these) have a match of an expression (RE2) in them."""
        import pyarrow.compute as pc

        if among is None or among.all():
            return np.asarray(pc.match_substring_regex(self.array, expression))
        found = np.zeros(len(self), dtype=np.bool_)
        places = among.nonzero()[0]
        if len(places):
            some = self.array.take(buffers.places(places))
            found[places] = np.asarray(pc.match_substring_regex(some, expression))
        return found

    @cached_property
    def strange(self) -> Truth:
        """Which texts are not plain ASCII: what is said here of words and digits is not all of it."""
        if bool((self._raw < 128).all()):
            return np.zeros(len(self), dtype=np.bool_)
        return self.counted(np.arange(256) >= 128) > 0

    @cached_property
    def digits(self) -> buffers.Sizes:
        """How many digits each text has."""
        return self.counted(_DIGIT)

    @cached_property
    def _words(self) -> tuple[list[str], npt.NDArray[np.int32], buffers.Sizes]:
        """Every different run of letters in small letters; which of them stand in the texts, in
        order; and at which of these each text begins."""
        letter = _LETTER[self._raw]
        first = letter.copy()
        first[1:] &= ~letter[:-1]
        begin = self._starts[:-1]
        begin = begin[begin < len(letter)]
        first[begin] |= letter[begin]  # a run ends with its text
        before = np.zeros(len(letter) + 1, dtype=np.int64)
        np.cumsum(letter, out=before[1:])
        at = np.flatnonzero(first)
        runs = buffers.strings(_LOWER[self._raw[letter]], np.append(before[at], before[-1]))
        encoded = runs.dictionary_encode()
        counted = np.zeros(len(letter) + 1, dtype=np.int64)
        np.cumsum(first, out=counted[1:])
        return encoded.dictionary.to_pylist(), np.asarray(encoded.indices), counted[self._starts]

    def speaks(self, phrases: Iterable[Sequence[str]]) -> Truth:
        """Which texts have one of these phrases, given as runs of small letters: its only run, or
        its first two one after the other."""
        words, codes, starts = self._words
        single = {phrase[0] for phrase in phrases if len(phrase) == 1}
        pairs = {(phrase[0], phrase[1]) for phrase in phrases if len(phrase) > 1}
        hits = self._flags(single)[codes]
        if pairs and len(codes) > 1:
            first, second = (self._flags({pair[side] for pair in pairs})[codes] for side in (0, 1))
            for place in np.flatnonzero(first[:-1] & second[1:]).tolist():
                # Two texts' runs may be taken for neighbours: one more is read.
                hits[place] |= (words[codes[place]], words[codes[place + 1]]) in pairs
        return _any(hits, starts)

    def _flags(self, wanted: set[str]) -> Truth:
        """Which of the different words are among these."""
        flags = np.zeros(len(self._index), dtype=np.bool_)
        flags[[self._index[word] for word in wanted & self._index.keys()]] = True
        return flags

    @cached_property
    def _index(self) -> dict[str, int]:
        """Every different word with its number."""
        return {word: number for number, word in enumerate(self._words[0])}

    def least(self, numbers: Mapping[tuple[str, ...], int]) -> buffers.Sizes:
        """For each text the smallest number that one of its phrases has; very many where none has any."""
        found = np.full(len(self), _NEVER, dtype=np.int64)
        for number in sorted(set(numbers.values()), reverse=True):
            found[self.speaks([phrase for phrase, own in numbers.items() if own == number])] = number
        return found


def _any(hits: Truth, starts: buffers.Sizes) -> Truth:
    before = np.zeros(len(hits) + 1, dtype=np.int32)
    np.cumsum(hits, out=before[1:])
    return before[starts[1:]] > before[starts[:-1]]
