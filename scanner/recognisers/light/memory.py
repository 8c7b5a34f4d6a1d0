"""What is remembered of texts: the distinct words and the tokens of each, never the order they came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scanner.recognisers.light.tokens import GAP, tokens, words

Ints = NDArray[np.int64]
_EMPTY, _GAP = 0, 2
"""Numbers of the token between texts, and of the word that three of it are."""


def roomy(array: NDArray[Any], rows: int) -> NDArray[Any]:
    """The array, or a longer one if it has too few rows."""
    if rows <= len(array):
        return array
    more = max(rows, 2 * len(array)) - len(array)
    return np.concatenate((array, np.zeros((more, *array.shape[1:]), array.dtype)))


class Row(NamedTuple):
    """Texts in a row, a GAP before each and at the end."""

    words: Ints
    """Numbers."""
    firsts: Ints
    """Of each word the place of its first token."""
    tokens: Ints
    """Numbers."""
    gaps: Ints
    """Places of the words that are a GAP."""

    @property
    def heads(self) -> Ints:
        """Of each text the place of its first token."""
        return self.firsts[self.gaps[:-1] + 1]


class _Numbers(dict[str, int]):
    """Numbers in the order of first sight; what is new is queued."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        self.new.append(key)
        return number

    def of(self, keys: Sequence[str]) -> Ints:
        return np.fromiter(map(self.__getitem__, keys), np.int64, len(keys))

    def taken(self) -> list[str]:
        """The queue, which is empty then."""
        new, self.new = self.new, []
        return new


class Words:
    """Numbers of distinct words and tokens. Most words are their own only token, and have one number."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        nothing = np.zeros(1024, np.int64)
        self._start, self._count, self._size, self._initial = (nothing.copy() for _ in range(4))
        self._capital = np.zeros(1024, np.bool_)
        self._flat, self._ends, self._filled = nothing.copy(), nothing.copy(), 0
        self.written: list[str] = []
        """By number."""
        self._fresh: list[Ints] = []
        self._numbers.of(["\0", " ", GAP, ""])
        self._keep(
            self._numbers.taken(),
            np.array((_EMPTY, 1, _EMPTY, _EMPTY, _EMPTY, 1)),
            np.array((1, 1, 1, 2, 3, 0)),
            np.array((1, 1, 3, 1)),
        )

    def __len__(self) -> int:
        return len(self._numbers)

    def taken(self) -> Ints:
        """The numbers of tokens that were not taken yet."""
        fresh, self._fresh = self._fresh, []
        return np.concatenate(fresh) if fresh else np.zeros(0, np.int64)

    def read(self, texts: Sequence[str]) -> Row:
        """The texts, which hold no NUL, as numbers."""
        found = self._numbers.of(words(texts))
        if self._numbers.new:
            self._learn(self._numbers.taken())
        at = self._initial[found].nonzero()[0]
        at = at[self._capital[found[at + 1]]]
        found[at] = self._initial[found[at]]
        counts = self._count[found]
        ends = np.cumsum(counts)
        firsts = ends - counts
        flat = np.arange(ends[-1]) + np.repeat(self._start[found] - firsts, counts)
        return Row(found, firsts, self._flat[flat], (found == _GAP).nonzero()[0])

    def extents(self, row: Row, first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
        """Where runs of tokens stand: in which text, and characters counted from its first word."""
        ends = np.cumsum(self._size[row.words] + 1)
        word = np.searchsorted(row.firsts, last, "right") - 1
        place = self._start[row.words[word]] + last - row.firsts[word]
        stop = ends[word - 1] + self._ends[place]
        word = np.searchsorted(row.firsts, first, "right") - 1
        inner = first - row.firsts[word]
        place = self._start[row.words[word]] + inner
        begin = ends[word - 1] + np.where(inner > 0, self._ends[place - 1], 0)
        text = np.searchsorted(row.gaps, word, "right") - 1
        base = ends[row.gaps[text]]
        return text, begin - base, stop - base

    def _learn(self, new: list[str]) -> None:
        """Cuts new words into tokens, all at once: an empty token ends each. Letters or spaces alone are one."""
        first = len(self) - len(new)
        plain = [word.isalpha() or word[0] == " " for word in new]
        odd = [word for word, is_plain in zip(new, plain, strict=True) if not is_plain]
        cut = tokens("\0".join(odd) + "\0") if odd else []
        numbers = self._numbers.of(
            ["\0" + t if len(t) == 2 and t[1] == "." and "A" <= t[0] <= "Z" else t for t in cut]
        )
        closing = (numbers == _EMPTY).nonzero()[0]
        parts = np.diff(closing, prepend=-1)
        places = np.cumsum(_lengths(cut))
        places -= np.repeat(np.append(0, places[closing])[:-1], parts)
        whole = new + [key.removeprefix("\0") for key in self._numbers.taken()]
        uneven = np.zeros(len(whole), np.bool_)
        uneven[: len(new)] = np.logical_not(plain)
        counts = np.ones(len(whole), np.int64)
        counts[uneven] = parts - 1
        flat = np.repeat(np.arange(first, len(self)), counts)
        ends = np.repeat(_lengths(whole), counts)
        inside, told = np.repeat(uneven, counts), numbers != _EMPTY
        flat[inside], ends[inside] = numbers[told], places[told]
        self._keep(whole, flat, ends, counts)
        for word, end in zip(odd, closing.tolist(), strict=True):
            if word[-1] == "." and "A" <= word[-2:-1] <= "Z" and cut[end - 2] == word[-2]:
                self._before_capital(word)

    def _before_capital(self, word: str) -> None:
        """The word as it is cut if a capital follows: `J.` is one token in `J. Smith`, two in `plan J. then`.

        The other way to cut it has the word with a NUL before it for its key.
        """
        number = self._numbers[word]
        start, count = self._start[number], self._count[number] - 1
        flat, ends = (a[start : start + count].copy() for a in (self._flat, self._ends))
        initial = word[-2:]
        token = self._numbers["\0" + initial]
        if self._numbers.taken():
            self._keep([initial], np.array((token,)), np.array((2,)), np.array((1,)))
        self._initial[number] = token
        if word != initial:
            flat[-1], ends[-1] = token, len(word)
            self._initial[number] = self._numbers["\0" + word]
            self._numbers.taken()
            self._keep([word], flat, ends, np.array((count,)))

    def _keep(self, whole: Sequence[str], flat: Ints, ends: Ints, counts: Ints) -> None:
        """New words, with the tokens of each and where in the word they end. Those that are tokens are fresh."""
        first, last, end = len(self) - len(whole), len(self), self._filled + len(flat)
        starts = self._filled + np.cumsum(counts) - counts
        for name in ("_start", "_count", "_size", "_initial", "_capital"):
            setattr(self, name, roomy(getattr(self, name), last))
        self._flat, self._ends = roomy(self._flat, end), roomy(self._ends, end)
        self._start[first:last], self._count[first:last] = starts, counts
        self._size[first:last] = _lengths(whole)
        self._capital[first:last] = ["A" <= word[:1] <= "Z" for word in whole]
        self._flat[self._filled : end], self._ends[self._filled : end] = flat, ends
        self._filled = end
        own = np.arange(first, last)
        self._fresh.append(own[flat[starts - starts[0]] == own])
        self.written += whole


def _lengths(some: Sequence[str]) -> Ints:
    return np.fromiter(map(len, some), np.int64, len(some))
