"""The network in NumPy: looked-up features, three convolutions over tokens, seven scores.

    token   4 table rows + DENSE numbers → linear → ReLU                       (SIZE)
    layer 1 the tokens up to 3 to either side, side by side → linear → ReLU    (WIDE)
    layer 2 itself and its neighbours at distance 1 → linear → ReLU, added     (WIDE)
    layer 3 itself and its neighbours at distance 2 → linear → ReLU, added     (WIDE)
    scores  linear: O, then beginning and inside of person, place, organisation

Only tokens that could be part of a name are computed from layer 1 on (and gaps of up to two
tokens between them); all others count as zeros, in training too, so nothing is approximated.
Runs of such tokens do not touch each other, so that a run can be left out by itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
REACH = 3
TABLES = ("word", "prefix", "suffix", "shape")
LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
_BLOCK = 1024
"""Tokens multiplied at once: bounds the memory for the side-by-side rows (2 MB)."""


def positions(active: NDArray[np.bool_], dull: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Where to compute: active tokens, and gaps of one or two between them. Further apart they do not
    touch each other. Those that are `dull` are left out where they stand alone."""
    at = active.nonzero()[0]
    if dull is not None:
        far = at[1:] - at[:-1] > 3
        kept = ~dull[at]
        kept[1:] |= ~far
        kept[:-1] |= ~far
        at = at[kept]
    step = at[1:] - at[:-1]
    before = at[:-1]
    one, two = before[(step > 1) & (step <= 3)] + 1, before[step == 3] + 2
    if len(one):
        at = np.sort(np.concatenate((at, one, two)))
    return at


class Network:
    """Weights and the two passes: `embed` for distinct tokens, `scores` for tokens in place."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._w = {name: np.ascontiguousarray(w, np.float32) for name, w in weights.items()}
        self.size = self._w["token_b"].shape[0]

    def embed(self, rows: NDArray[np.int64], dense: Floats) -> Floats:
        """Vectors (n × size) of tokens given by their features."""
        w = self._w
        parts = [w[name].take(rows[:, i], axis=0) for i, name in enumerate(TABLES)]
        joined = np.concatenate([*parts, dense], axis=1)
        out: Floats = np.maximum(joined @ w["token"] + w["token_b"], 0)
        return out

    def scores(self, vectors: Floats, ids: NDArray[np.int64], at: NDArray[np.int64]) -> Floats:
        """Scores (m × 7) at the positions `at` of the token sequence `ids` (rows of `vectors`).

        The sequence must begin and end with REACH empty tokens.
        """
        w = self._w
        wide = w["one_b"].shape[0]
        hidden = np.zeros((len(at) + 1, wide), np.float32)  # row 0 stands for all that is not computed
        hidden[1:] = _layer(vectors, ids, at, range(-REACH, REACH + 1), w["one"], w["one_b"])
        place = np.zeros(len(ids), np.int64)
        place[at] = np.arange(1, len(at) + 1)
        for name, distance in (("two", 1), ("three", 2)):
            around = (-distance, 0, distance)
            hidden[1:] += _layer(hidden, place, at, around, w[name], w[name + "_b"])
        out: Floats = hidden[1:] @ w["out"] + w["out_b"]
        return out


def _layer(
    rows: Floats,
    ids: NDArray[np.int64],
    at: NDArray[np.int64],
    around: Iterable[int],
    weights: Floats,
    bias: Floats,
) -> Floats:
    """One convolution: the rows of the places around each of `at` side by side → linear → ReLU."""
    out = np.empty((len(at), len(bias)), np.float32)
    offsets = np.array(tuple(around))
    for i in range(0, len(at), _BLOCK):
        near = ids[at[i : i + _BLOCK, None] + offsets]
        beside = rows.take(near, axis=0).reshape(len(near), -1)
        np.matmul(beside, weights, out=out[i : i + len(near)])
    out += bias
    np.maximum(out, 0, out=out)
    return out


def pack(weights: Mapping[str, NDArray[np.float32]], extra: Mapping[str, NDArray[np.uint8]]) -> bytes:
    """Weights as a compressed archive: whole bytes with one scale a row (tables) or column (the rest)."""
    arrays: dict[str, NDArray[np.generic]] = dict(extra)
    for name, w in weights.items():
        if w.ndim == 1:
            arrays[name] = w.astype(np.float32)
            continue
        axis = 1 if name in TABLES else 0
        scale = np.maximum(np.abs(w).max(axis=axis, keepdims=True), 1e-8) / 127
        arrays[name] = np.rint(w / scale).astype(np.int8)
        arrays[name + ".scale"] = scale.astype(np.float16 if name in TABLES else np.float32)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def unpack(packed: bytes) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.uint8]]:
    """Weights, and the frequency slots for `features.rows`. Raises ValueError, KeyError or OSError."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    frequency = arrays.pop("frequency")
    weights = {}
    for name, w in arrays.items():
        if not name.endswith(".scale"):
            scale = arrays.get(name + ".scale")
            weights[name] = w.astype(np.float32) * (1 if scale is None else scale.astype(np.float32))
    return weights, frequency
