"""The network in NumPy: looked-up features, three convolutions over tokens, seven scores.

    token   4 table rows + DENSE numbers → linear → ReLU                       (SIZE)
    layer 1 the tokens up to 3 to either side, side by side → linear → ReLU    (WIDE)
    layer 2 itself and its neighbours at distance 1 → linear → ReLU, added     (WIDE)
    layer 3 itself and its neighbours at distance 2 → linear → ReLU, added     (WIDE)
    scores  linear: O, then beginning and inside of person, place, organisation

Only tokens that could be part of a name are computed from layer 1 on (and gaps of up to two
tokens between them); all others count as zeros, in training too, so nothing is approximated.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
REACH = 3
TABLES = ("word", "prefix", "suffix", "shape")
LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
_BLOCK = 8192
"""Tokens multiplied at once: bounds the memory for the side-by-side rows (15 MB)."""


def positions(active: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where to compute: active tokens, and gaps of one or two between them."""
    at = np.flatnonzero(active)
    step = np.diff(at)
    one, two = at[:-1][(step > 1) & (step <= 3)] + 1, at[:-1][step == 3] + 2
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
        parts = [w[name][rows[:, i]] for i, name in enumerate(TABLES)]
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
        offsets = np.arange(-REACH, REACH + 1)
        for i in range(0, len(at), _BLOCK):
            near = ids[at[i : i + _BLOCK, None] + offsets]
            hidden[i + 1 : i + 1 + len(near)] = vectors[near].reshape(len(near), -1) @ w["one"]
        hidden[1:] += w["one_b"]
        hidden[1:] = np.maximum(hidden[1:], 0)
        place = np.zeros(len(ids), np.int64)
        place[at] = np.arange(1, len(at) + 1)
        for name, distance in (("two", 1), ("three", 2)):
            added = np.empty((len(at), wide), np.float32)
            offsets = np.array((-distance, 0, distance))
            for i in range(0, len(at), _BLOCK):
                near = place[at[i : i + _BLOCK, None] + offsets]
                added[i : i + len(near)] = hidden[near].reshape(len(near), -1) @ w[name]
            added += w[name + "_b"]
            hidden[1:] += np.maximum(added, 0)
        out: Floats = hidden[1:] @ w["out"] + w["out_b"]
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
