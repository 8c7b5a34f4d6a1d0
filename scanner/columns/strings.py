"""Many different strings as one buffer: their lengths, shapes and parts without a Python string each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from scanner.columns.shapes import LONGEST, shape_of
from scanner.common.buffers import Bytes, Sizes, Table, buffer_of, strings
from scanner.common.buffers import places as numbers_of

Places = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

_SHAPES = np.arange(256, dtype=np.uint8)
_SHAPES[[c for c in range(128) if chr(c).isdigit()]] = ord("9")
_SHAPES[[c for c in range(128) if chr(c).isalpha()]] = ord("A")


class Strings(Sequence[str]):
    """Strings in order, none of them null. Holds values; its repr shows how many."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[str]:
        return iter(self.array.to_pylist())

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return self.at(np.arange(*place.indices(len(self))))
        return str(self.array[int(place)].as_py())

    def __repr__(self) -> str:
        return f"<{len(self)} strings>"

    def take(self, places: npt.ArrayLike) -> Strings:
        """Those at some places."""
        return Strings(self.array.take(numbers_of(places)))

    def at(self, places: npt.ArrayLike) -> list[str]:
        """Those at some places, as Python strings."""
        found: list[str] = self.take(places).array.to_pylist()
        return found

    @cached_property
    def _buffer(self) -> tuple[Bytes, Sizes]:
        return buffer_of(self.array)

    @cached_property
    def bytes(self) -> Sizes:
        """Length of each in bytes of UTF-8."""
        starts = self._buffer[1]
        return starts[1:] - starts[:-1]

    @cached_property
    def lengths(self) -> Sizes:
        """Length of each in characters."""
        return self.bytes if self.all_ascii else np.asarray(pc.utf8_length(self.array))

    @cached_property
    def all_ascii(self) -> bool:
        raw = self._buffer[0]
        return not len(raw) or int(raw.max()) < 128

    @cached_property
    def ascii(self) -> Truth:
        """Which of them are plain ASCII."""
        if self.all_ascii:
            return np.ones(len(self), dtype=np.bool_)
        return np.asarray(pc.string_is_ascii(self.array))

    @cached_property
    def ends(self) -> tuple[Bytes, Bytes]:
        """First and last byte of each (none is empty)."""
        raw, starts = self._buffer
        return raw[starts[:-1]], raw[starts[1:] - 1]

    def counted(self, characters: Table) -> Sizes:
        """How many bytes of each are among those for which a table of 256 says True."""
        raw, starts = self._buffer
        before = np.zeros(len(raw) + 1, dtype=np.int32)
        np.cumsum(characters[raw], out=before[1:])
        counted: Sizes = before[starts[1:]] - before[starts[:-1]]
        return counted

    @cached_property
    def _shaped(self) -> tuple[list[str], npt.NDArray[np.int32]]:
        """The shapes of those of up to 128 characters, and for each string which it has (-1: too long)."""
        raw, starts = self._buffer
        short = self.lengths <= LONGEST
        easy = short & self.ascii
        places = np.flatnonzero(easy)
        codes = np.full(len(self), -1, dtype=np.int32)
        drawn = strings(_SHAPES[raw], starts)
        encoded = (drawn if len(places) == len(self) else drawn.take(numbers_of(places))).dictionary_encode()
        codes[places] = np.asarray(encoded.indices)
        shapes: list[str] = encoded.dictionary.to_pylist()
        known = {shape: code for code, shape in enumerate(shapes)}
        hard = np.flatnonzero(short & ~easy)
        for place, value in zip(hard.tolist(), self.at(hard), strict=True):
            shape = shape_of(value)
            code = known.setdefault(shape, len(known))
            if code == len(shapes):
                shapes.append(shape)
            codes[place] = code
        return shapes, codes

    @property
    def shapes(self) -> list[str]:
        """Every shape that one of them has, once."""
        return self._shaped[0]

    @property
    def shape_codes(self) -> npt.NDArray[np.int32]:
        """For each string the place of its shape in `shapes`; -1 for one too long to be a code."""
        return self._shaped[1]

    @cached_property
    def _by_shape(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        codes = self.shape_codes
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(len(self.shapes) + 1))
        return order, bounds

    def of_shape(self, code: int) -> Places:
        """Places of the strings of one shape, rising."""
        if len(self.shapes) == 1:
            return np.flatnonzero(self.shape_codes == 0)
        order, bounds = self._by_shape
        return order[bounds[code] : bounds[code + 1]]
