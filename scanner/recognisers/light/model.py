"""People, places and organisations in texts: tokens, features, network, spans."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from scanner.recognisers.light.features import active, rows
from scanner.recognisers.light.network import REACH, Network, positions, unpack
from scanner.recognisers.light.tokens import GAP, tokens

WEIGHTS = "weights.npz"
SHA256 = "3445f36a990fc7fbb797b47345f5acc2e8a11cd1102eebf4fc323cfceac552bb"
VERSION = "2"
_KINDS = ("PER", "LOC", "ORG")
_KNOWN = 60_000
"""Distinct tokens remembered at most; then the memory begins anew."""
_TOGETHER = 300_000
"""Characters read together at most; a longer text is cut by the caller."""

Span = tuple[int, int, str, float]
Watch = tuple[Callable[[str], int], Callable[[NDArray[np.int64]], NDArray[np.int64]]]
"""Bits of a token; and of a sequence of such bits what begins at each place."""


class WeightsError(ValueError):
    """The weights file is missing or is not the one released. `str()` says which."""


class _Types(dict[str, int]):
    """Match to the number of its token (without the trailing space); new ones are queued."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: dict[str, int] = {}
        self.new: list[str] = []

    def __missing__(self, match: str) -> int:
        token = match[:-1] if match[-1] == " " and len(match) > 1 else match
        number = self.bare.get(token)
        if number is None:
            number = self.bare[token] = len(self.bare)
            self.new.append(token)
        self[match] = number
        return number


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
        self._types = _Types()
        self._vectors = np.zeros((1024, self._network.size), np.float32)
        self._active = np.zeros(1024, np.bool_)
        self._embedded = np.zeros(1024, np.bool_)
        self._bits = np.zeros(1024, np.int64)
        self._tokens: list[str] = []
        self._types["\0"]  # token 0 is the empty one

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """For each text its spans (start, end, PER/LOC/ORG, probability), in order, none overlapping."""
        found: list[list[Span]] = [[] for _ in texts]
        self.watched = [0] * len(texts)
        batch: list[int] = []
        size = 0
        for i, text in enumerate(texts):
            if batch and size + len(text) > _TOGETHER:
                self._read(texts, batch, found)
                batch, size = [], 0
            batch.append(i)
            size += len(text) + len(GAP)
        if batch:
            self._read(texts, batch, found)
        return found

    def _read(self, texts: Sequence[str], batch: list[int], found: list[list[Span]]) -> None:
        if len(self._types.bare) > _KNOWN:
            self._forget()
        pieces = [texts[i].replace("\0", " ") for i in batch]
        matches = tokens(GAP + GAP.join(pieces) + GAP)
        ids = np.fromiter(map(self._types.__getitem__, matches), np.int64, len(matches))
        self._learn()
        ends = np.cumsum(np.fromiter(map(len, matches), np.int64, len(matches)))
        begins = np.array([*accumulate((len(p) + len(GAP) for p in pieces), initial=len(GAP))][:-1])
        if self._watch is not None:
            heads = np.searchsorted(ends, begins, "right")
            together = np.bitwise_or.reduceat(self._watch[1](self._bits[ids]), heads)
            for i, watched in zip(batch, together.tolist(), strict=True):
                self.watched[i] = watched
        at = positions(self._active[ids])
        if not len(at):
            return
        with _one_thread().limit(limits=1):
            self._embed(ids, at)
            scores = self._network.scores(self._vectors, ids, at)
        scores[:, 0] += self._caution
        for first, last, kind, sure in _decode(scores, at):
            start = int(ends[first - 1])
            match = matches[last]
            end = int(ends[last]) - (match[-1] == " ")
            which = int(np.searchsorted(begins, start, "right")) - 1
            base = int(begins[which])
            found[batch[which]].append((start - base, end - base, kind, sure))

    def _learn(self) -> None:
        """Which of the new tokens could be part of a name."""
        new = self._types.new
        if not new:
            return
        known = len(self._types.bare)
        if known > len(self._active):
            more = max(known, 2 * len(self._active)) - len(self._active)
            self._active = np.concatenate((self._active, np.zeros(more, np.bool_)))
            self._embedded = np.concatenate((self._embedded, np.zeros(more, np.bool_)))
            self._bits = np.concatenate((self._bits, np.zeros(more, np.int64)))
            self._vectors = np.concatenate((self._vectors, np.zeros((more, self._network.size), np.float32)))
        self._active[known - len(new) : known] = [active(token, self._frequency) for token in new]
        if self._watch is not None:
            self._bits[known - len(new) : known] = [self._watch[0](token) for token in new]
        self._tokens.extend(new)
        new.clear()

    def _embed(self, ids: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Vectors of the tokens that the network will look at and has not met yet."""
        seen = np.zeros(len(self._active), np.bool_)
        for offset in range(-REACH, REACH + 1):
            seen[ids[at + offset]] = True
        wanted = np.flatnonzero(seen & ~self._embedded)
        for i in range(0, len(wanted), 4096):
            some = wanted[i : i + 4096]
            tokens_of = [self._tokens[n] for n in some.tolist()]
            self._vectors[some] = self._network.embed(*rows(tokens_of, self._frequency))
        self._embedded[wanted] = True


@functools.cache
def _one_thread() -> ThreadpoolController:
    """So small products are slower on several threads, which wait for each other with all their might."""
    return ThreadpoolController()


def _decode(scores: NDArray[np.float32], at: NDArray[np.int64]) -> Iterator[tuple[int, int, str, float]]:
    """Runs of one kind (first token, last token, kind, mean probability); B begins a new one."""
    best = scores.argmax(axis=1)
    named = np.flatnonzero(best)
    if not len(named):
        return
    some = scores[named]
    some = np.exp(some - some.max(axis=1, keepdims=True))
    some /= some.sum(axis=1, keepdims=True)
    sure = some.max(axis=1).tolist()
    places, labels = at[named].tolist(), best[named].tolist()
    first = last = labels_before = -1
    total: list[float] = []
    for place, label, p in zip(places, labels, sure, strict=True):
        kind = (label - 1) // 2
        if total and place == last + 1 and kind == labels_before and label % 2 == 0:
            last = place
            total.append(p)
            continue
        if total:
            yield first, last, _KINDS[labels_before], sum(total) / len(total)
        first = last = place
        labels_before = kind
        total = [p]
    yield first, last, _KINDS[labels_before], sum(total) / len(total)


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
