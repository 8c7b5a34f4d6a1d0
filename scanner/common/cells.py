"""A column's cells as Arrow holds them, seen as a sequence of strings.

Readers that have Arrow data hand it on as it is; whoever wants strings indexes or iterates.
Work on whole columns uses `values` (each different cell once) and `codes` (which of them
stands in each row), which are computed once however many ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scanner.common import buffers

Codes = npt.NDArray[np.int32]
_SURROGATE = re.compile("[\ud800-\udfff]")


class Cells(Sequence[str | None]):
    """Cells of one column in table order; None where empty. Its repr shows sizes only."""

    def __init__(self, array: Any) -> None:
        """`array`: an Arrow array of strings, or of a dictionary of strings."""
        self.array = array

    @classmethod
    def of(cls, cells: Sequence[str | None]) -> Cells:
        """The same cells, held by Arrow. Half of a surrogate pair, which UTF-8 has no form
        for, becomes U+FFFD: positions stay, and no pattern asks for either."""
        if isinstance(cells, Cells):
            return cells
        try:
            return cls(pa.array(cells, pa.string()))
        except UnicodeEncodeError:
            return cls(pa.array([c and _SURROGATE.sub("\ufffd", c) for c in cells], pa.string()))
        except pa.ArrowInvalid:  # more than 2 GiB of text
            return cls(pa.array(cells, pa.large_string()))

    @cached_property
    def _encoded(self) -> Any:
        array = self.array
        return array if pa.types.is_dictionary(array.type) else array.dictionary_encode()

    @property
    def values(self) -> Any:
        """Every different cell once, as an Arrow array of strings."""
        return self._encoded.dictionary

    @cached_property
    def codes(self) -> Codes:
        """For each row the place of its cell in `values`, -1 where it is empty."""
        indices = self._encoded.indices
        codes: Codes = np.asarray(indices.fill_null(-1) if indices.null_count else indices, dtype=np.int32)
        silent = pc.index(self.values, "").as_py()
        return codes if silent < 0 else np.where(codes == silent, np.int32(-1), codes)

    def counted(self, rows: npt.ArrayLike) -> tuple[Any, npt.NDArray[np.int64]]:
        """The different cells of some rows (none of them empty), and in how many of these each stands."""
        codes = self.codes[np.asarray(rows)]
        numbers = np.bincount(codes[codes >= 0], minlength=len(self.values))
        places = np.flatnonzero(numbers)
        if len(places) == len(self.values):
            return self.values, numbers
        return self.values.take(buffers.places(places)), numbers[places]

    @cached_property
    def characters(self) -> int:
        """Characters in all cells."""
        lengths = np.asarray(pc.fill_null(pc.utf8_length(self.values), 0), dtype=np.int64)
        codes = self.codes
        return int(lengths[codes[codes >= 0]].sum())

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[str | None]:
        values = self.values.to_pylist()
        return (values[code] if code >= 0 else None for code in self.codes.tolist())

    @overload
    def __getitem__(self, row: int) -> str | None: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str | None]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str | None] | None:
        if isinstance(row, slice):
            return Cells(self.array.take(pa.array(range(*row.indices(len(self))), pa.int64())))
        cell: str | None = self.array[int(row)].as_py()
        return cell or None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<cells, {len(self)} rows>"


class Rows(Sequence[int]):
    """Row numbers, rising, in four bytes each. Equal to any sequence of the same numbers."""

    def __init__(self, numbers: npt.ArrayLike) -> None:
        self.array: Codes = np.asarray(numbers, dtype=np.int32)

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[int]:
        return iter(self.array.tolist())

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        return Rows(self.array[place]) if isinstance(place, slice) else int(self.array[place])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Rows):
            return bool(np.array_equal(self.array, other.array))
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


def empty(rows: int) -> Any:
    """An array of so many empty cells."""
    return pa.nulls(rows, pa.string())
