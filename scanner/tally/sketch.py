"""Distinct counts that merge: the k smallest keyed digests (KMV).

Exact below k distinct values, else (k-1) / (k-th smallest digest as a fraction), with a
relative standard error of 1/sqrt(k-2) (Beyer et al., SIGMOD 2007). Unlike HyperLogLog
with its running estimator, the merge is a plain set operation: the same whatever the
order, which is what lets every runner give the same report.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from scanner.model import Estimate
from scanner.tally import siphash

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

K = 1024
_WIDTH = 8
_SPACE = float(1 << 64)


def digest(value: str, key: bytes) -> bytes:
    """Eight bytes that mean nothing without the key."""
    return siphash.digest(value.encode("utf-8", "surrogatepass"), _short(key)).to_bytes(_WIDTH, "big")


@functools.lru_cache(maxsize=8)
def _short(key: bytes) -> bytes:
    """The sixteen bytes that the digests are keyed with."""
    return blake2b(key=key[:64], digest_size=16, person=b"dpscan people").digest()


def build(digests: Iterable[bytes]) -> bytes:
    """A sketch of digests made by `digest`."""
    return b"".join(sorted(set(digests))[:K])


def of_many(raw: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], key: bytes) -> bytes:
    """The sketch of many values: their bytes in one row, and where each begins (and the last ends)."""
    import numpy as np

    smallest = np.unique(siphash.digests(raw, starts, _short(key)))[:K]
    return smallest.astype(">u8").tobytes()


def merge(one: bytes, other: bytes) -> bytes:
    """The sketch of both populations together."""
    if not one or not other:
        return one or other
    return build((*_split(one), *_split(other)))


def estimate(sketch: bytes) -> Estimate:
    """Distinct values with 95 % bounds."""
    kept = len(sketch) // _WIDTH
    if kept < K:
        return Estimate(kept, kept)
    largest = int.from_bytes(sketch[-_WIDTH:], "big") / _SPACE
    middle = (K - 1) / largest
    error = 1.96 / math.sqrt(K - 2)
    return Estimate(round(middle * (1 - error)), round(middle * (1 + error)), "sketched")


def _split(sketch: bytes) -> list[bytes]:
    return [sketch[i : i + _WIDTH] for i in range(0, len(sketch), _WIDTH)]
