"""Arrow string arrays as bytes in one row, for work on all of them at a stroke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Sizes = npt.NDArray[np.int64]
Table = npt.NDArray[Any]
"""One entry for each of the 256 bytes."""


def array_of(texts: Sequence[str] | Any) -> Any:
    """An Arrow string array of the texts, which may be one already."""
    return texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())


def buffer_of(array: Any) -> tuple[Bytes, Sizes]:
    """The bytes of a string array without nulls, and where each string begins (and the last ends)."""
    if not len(array):
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    _, offsets, data = array.buffers()
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    starts = np.frombuffer(offsets, dtype=width)[array.offset : array.offset + len(array) + 1]
    raw = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return raw[starts[0] : starts[-1]], (starts - starts[0]).astype(np.int64)


def keep(array: Any, kept: Table) -> tuple[Bytes, Sizes]:
    """The bytes of the strings that a table of 256 truth values lets through, and where each string's begin."""
    raw, starts = buffer_of(array)
    mask = kept[raw]
    if mask.all():
        return raw, starts
    before = np.zeros(len(raw) + 1, dtype=np.int64)
    np.cumsum(mask, out=before[1:])
    return raw[mask], before[starts]


def strings(raw: Bytes, starts: Sizes) -> Any:
    """A string array of such bytes."""
    size = len(starts) - 1
    if int(starts[-1]) < 2**31:
        return pa.StringArray.from_buffers(size, pa.py_buffer(starts.astype(np.int32)), pa.py_buffer(raw))
    return pa.LargeStringArray.from_buffers(size, pa.py_buffer(starts), pa.py_buffer(raw))


def places(numbers: npt.ArrayLike) -> Any:
    """Numbers as an Arrow array. (`pyarrow.array` of a NumPy array loads `numpy.ma`: 40 ms of every start.)"""
    whole = np.ascontiguousarray(numbers, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(whole), [None, pa.py_buffer(whole)])


def truths(mask: npt.NDArray[np.bool_]) -> Any:
    """Truth values as an Arrow array, packed as Arrow has them."""
    packed = np.packbits(mask, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(mask), [None, pa.py_buffer(packed)])


def by_width(starts: Sizes) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Each length there is, with the places of the strings that have it."""
    widths = starts[1:] - starts[:-1]
    if len(widths) and (widths == widths[0]).all():
        return [(int(widths[0]), np.arange(len(widths)))]
    return [(int(width), np.flatnonzero(widths == width)) for width in np.unique(widths)]


def rows(raw: Bytes, starts: Sizes, width: int, places: npt.NDArray[np.int64]) -> Bytes:
    """The strings at some places, all of this length, as rows of bytes."""
    if len(places) == len(starts) - 1:
        return raw.reshape(len(places), width)
    found: Bytes = raw[starts[places][:, None] + np.arange(width)]
    return found


def table(characters: str) -> npt.NDArray[np.bool_]:
    """True for these (ASCII) characters."""
    found = np.zeros(256, dtype=np.bool_)
    found[[ord(c) for c in characters]] = True
    return found
