"""SipHash-2-4, one value at a time or many at a stroke.

A keyed pseudo-random function of 64 bits (Aumasson and Bernstein, "SipHash: a fast
short-input PRF", 2012): who does not have the key learns nothing from its digests. Many
values go through NumPy; both forms give the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_MASK = (1 << 64) - 1
_START = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
_AT_ONCE = 8_192
"""Values hashed together: what is worked on stays in the processor's cache."""


def digest(message: bytes, key: bytes) -> int:
    """`key`: 16 bytes."""
    v0, v1, v2, v3 = _state(key)
    whole = len(message) - len(message) % 8
    words = [int.from_bytes(message[i : i + 8], "little") for i in range(0, whole, 8)]
    words.append(int.from_bytes(message[whole:], "little") | (len(message) & 0xFF) << 56)
    for word in words:
        v3 ^= word
        for _ in range(2):
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
    v2 ^= 0xFF
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


def _state(key: bytes) -> tuple[int, int, int, int]:
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:16], "little")
    return _START[0] ^ k0, _START[1] ^ k1, _START[2] ^ k0, _START[3] ^ k1


def _turn(x: int, bits: int) -> int:
    return (x << bits | x >> (64 - bits)) & _MASK


def _round(v0: int, v1: int, v2: int, v3: int) -> tuple[int, int, int, int]:
    v0 = (v0 + v1) & _MASK
    v1 = _turn(v1, 13) ^ v0
    v0 = _turn(v0, 32)
    v2 = (v2 + v3) & _MASK
    v3 = _turn(v3, 16) ^ v2
    v0 = (v0 + v3) & _MASK
    v3 = _turn(v3, 21) ^ v0
    v2 = (v2 + v1) & _MASK
    v1 = _turn(v1, 17) ^ v2
    v2 = _turn(v2, 32)
    return v0, v1, v2, v3


def digests(raw: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], key: bytes) -> npt.NDArray[np.uint64]:
    """Digests of many messages: their bytes in one row, and where each begins (and the last ends)."""
    import numpy as np

    sizes = starts[1:] - starts[:-1]
    words = sizes // 8 + 1
    found = np.empty(len(sizes), dtype=np.uint64)
    for count in np.unique(words).tolist():
        places = np.flatnonzero(words == count)
        for begin in range(0, len(places), _AT_ONCE):
            some = places[begin : begin + _AT_ONCE]
            found[some] = _many(_padded(raw, starts[some], sizes[some], count), key)
    return found


def _padded(raw: Any, begins: Any, sizes: Any, count: int) -> Any:
    """Messages of the same number of words, as rows of words, with their lengths in the last byte."""
    import numpy as np

    at = np.arange(8 * count)
    if len(raw):
        rows = raw[np.minimum(begins[:, None] + at, len(raw) - 1)]
        rows[at >= sizes[:, None]] = 0
    else:
        rows = np.zeros((len(begins), 8 * count), dtype=np.uint8)
    rows[:, -1] = sizes & 0xFF
    return np.ascontiguousarray(rows).view("<u8").T.copy()


def _many(words: Any, key: bytes) -> Any:
    import numpy as np

    v = [np.full(words.shape[1], value, dtype=np.uint64) for value in _state(key)]
    for word in words:
        v[3] ^= word
        for _ in range(2):
            _rounds(v)
        v[0] ^= word
    v[2] ^= np.uint64(0xFF)
    for _ in range(4):
        _rounds(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _turned(x: Any, bits: int) -> Any:
    import numpy as np

    turned = x << np.uint64(bits)
    x >>= np.uint64(64 - bits)
    turned |= x
    return turned


def _rounds(v: list[Any]) -> None:
    v[0] += v[1]
    v[1] = _turned(v[1], 13)
    v[1] ^= v[0]
    v[0] = _turned(v[0], 32)
    v[2] += v[3]
    v[3] = _turned(v[3], 16)
    v[3] ^= v[2]
    v[0] += v[3]
    v[3] = _turned(v[3], 21)
    v[3] ^= v[0]
    v[2] += v[1]
    v[1] = _turned(v[1], 17)
    v[1] ^= v[2]
    v[2] = _turned(v[2], 32)
