"""People, places and organisations in texts: tokens, features, network, spans."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import zipfile
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from scanner.recognisers.light.features import active, dull, rows
from scanner.recognisers.light.memory import Ints, Words, roomy
from scanner.recognisers.light.network import REACH, Network, positions, unpack
from scanner.recognisers.light.tokens import GAP

WEIGHTS = "weights.npz"
SHA256 = "5200af53cb74145c128732506d1555fa6623279a81d6afeb735e3da8d6be6549"
VERSION = "3"
_KINDS = ("PER", "LOC", "ORG")
_KNOWN = 100_000
"""Distinct words and tokens remembered at most; then the memory begins anew."""
_TOGETHER = 300_000
"""Characters read together at most; a longer text is cut by the caller."""

Span = tuple[int, int, str, float]
Watch = tuple[Callable[[str], int], Callable[[NDArray[np.int64]], NDArray[np.int64]]]
"""Bits of a token; and of a sequence of such bits what begins at each place."""


class WeightsError(ValueError):
    """The weights file is missing or is not the one released. `str()` says which."""


class LightModel:
    """The packaged model. One instance per process; it remembers tokens, never texts."""

    def __init__(self, packed: bytes, *, caution: float = 0.0, watch: Watch | None = None) -> None:
        """`packed`: a weights file. `caution`: added to the score of "no name"; more is more precise.
        `watch`: what else is to be known of texts by their tokens (`watched`).

        Raises WeightsError if the file cannot be read.
        """
        try:
            weights, self._frequency = unpack(packed)
            self._network = Network(weights)
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise WeightsError("its weights file cannot be read") from error
        self._caution = caution
        self._watch = watch
        self.watched: list[int] = []
        """Of the texts last read: what `watch` found to begin anywhere in each."""
        self._forget()

    def _forget(self) -> None:
        self._words = Words()
        self._bits, self._place = np.zeros(1024, np.int64), np.zeros(1024, np.int64)
        self._active, self._dull = np.zeros(1024, np.bool_), np.zeros(1024, np.bool_)
        self._vectors = np.zeros((1024, self._network.size), np.float32)  # row 0: of none
        self._embedded = 0

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """For each text its spans (start, end, PER/LOC/ORG, probability), in order, none overlapping."""
        found: list[list[Span]] = []
        self.watched = []
        some: list[str] = []
        size = 0
        for text in texts:
            if some and size + len(text) > _TOGETHER:
                found += self._read(some)
                some, size = [], 0
            some.append(text.replace("\0", " "))
            size += len(text) + len(GAP)
        return found + self._read(some) if some else found

    def _read(self, texts: list[str]) -> list[list[Span]]:
        if len(self._words) > _KNOWN:
            self._forget()
        row = self._words.read(texts)
        self._learn()
        ids = row.tokens
        if self._watch is not None:
            begins = self._watch[1](self._bits[ids])
            self.watched += np.bitwise_or.reduceat(begins, row.heads).tolist()
        found: list[list[Span]] = [[] for _ in texts]
        at = positions(self._active[ids], self._dull[ids])
        if not len(at):
            return found
        with _one_thread().limit(limits=1):
            self._embed(ids, at)
            scores = self._network.scores(self._vectors, self._place[ids], at)
        scores[:, 0] += self._caution
        first, last, kinds, sure = _decode(scores, at)
        which, starts, ends = self._words.extents(row, first, last)
        spans = zip(
            which.tolist(), starts.tolist(), ends.tolist(), kinds.tolist(), sure.tolist(), strict=True
        )
        for i, start, end, kind, probability in spans:
            before = texts[i][0] == " "  # else `words` put that space there
            found[i].append((start + before, end + before, _KINDS[kind], probability))
        return found

    def _learn(self) -> None:
        """Which of the new tokens could be part of a name."""
        new = self._words.taken()
        if not len(new):
            return
        for name in ("_active", "_dull", "_bits", "_place"):
            setattr(self, name, roomy(getattr(self, name), len(self._words)))
        written = [self._words.written[number] for number in new.tolist()]
        self._active[new] = candidates = [active(token, self._frequency) for token in written]
        self._dull[new] = [c and dull(t, self._frequency) for t, c in zip(written, candidates, strict=True)]
        if self._watch is not None:
            self._bits[new] = np.fromiter(map(self._watch[0], written), np.int64, len(written))

    def _embed(self, ids: Ints, at: Ints) -> None:
        """Vectors of the tokens that the network will look at and has not met yet."""
        near = ids[at[:, None] + np.arange(-REACH, REACH + 1)]
        near = near[self._place[near] == 0]
        if not len(near):
            return
        fresh = np.zeros(len(self._words), np.bool_)
        fresh[near] = True
        wanted = fresh.nonzero()[0]
        self._vectors = roomy(self._vectors, self._embedded + len(wanted) + 1)
        for i in range(0, len(wanted), 4096):
            some = wanted[i : i + 4096]
            written = [self._words.written[number] for number in some.tolist()]
            place = np.arange(self._embedded + 1, self._embedded + 1 + len(some))
            self._vectors[place] = self._network.embed(*rows(written, self._frequency))
            self._place[some] = place
            self._embedded += len(some)


@functools.cache
def _one_thread() -> ThreadpoolController:
    """So small products are slower on several threads, which wait for each other with all their might."""
    return ThreadpoolController()


def _decode(scores: NDArray[np.float32], at: Ints) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
    """Runs of one kind (first token, last token, kind, mean probability); B begins a new one."""
    best = scores.argmax(axis=1)
    named = best.nonzero()[0]
    places, labels = at[named], best[named]
    if not len(named):
        return places, places, labels, np.empty(0)
    some = scores[named]
    some = np.exp(some - some.max(axis=1, keepdims=True))
    sure = (some.max(axis=1) / some.sum(axis=1)).astype(np.float64)
    kinds = (labels - 1) // 2
    begins = np.ones(len(named), np.bool_)
    begins[1:] = (places[1:] - places[:-1] > 1) | (kinds[1:] != kinds[:-1]) | (labels[1:] % 2 == 1)
    first = begins.nonzero()[0]
    after = np.append(first[1:], len(named))
    mean: NDArray[np.float64] = np.add.reduceat(sure, first) / (after - first)
    return places[first], places[after - 1], kinds[first], mean


def packaged() -> bytes:
    """The released weights. Raises WeightsError if the file is missing or has changed."""
    file = importlib.resources.files("scanner.recognisers.light") / WEIGHTS
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise WeightsError("its weights file is missing") from error
    if hashlib.sha256(packed).hexdigest() != SHA256:
        raise WeightsError("its weights file does not match the SHA-256 released with this version")
    return packed
