"""Decided values in columns: allowed ones are not looked at, denied ones are added to what was found."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from scanner.common.cells import Cells
from scanner.model import CellHits, ColumnResult, entity
from scanner.own.values import ValueLists


def without_allowed(column: Sequence[str | None], lists: ValueLists) -> Sequence[str | None]:
    """The column with allowed cells emptied; the column itself where none is."""
    if not lists.allowed:
        return column
    cells = Cells.of(column)
    allowed = np.fromiter(
        (value is not None and lists.allows(value) for value in cells.values.to_pylist()), dtype=bool
    )
    if not allowed.any():
        return column
    codes = cells.codes
    gone = (codes >= 0) & allowed[codes]
    return [None if out else cell for cell, out in zip(cells, gone.tolist(), strict=True)]


def with_denied(result: ColumnResult, column: Sequence[str | None], lists: ValueLists) -> ColumnResult:
    """The result, and what of the deny list stands in the column, whole cells or words in them."""
    if not lists.denied:
        return result
    cells = Cells.of(column)
    found: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for place, value in enumerate(cells.values.to_pylist()):
        for start, end, entity_type in lists.denies(value) if value else ():
            if entity_type != result.entity_type:
                found.setdefault(entity_type, {}).setdefault(place, []).append((start, end))
    if not found:
        return result
    hits: Mapping[str, CellHits] = {**result.hits, **{t: _hits(cells, spans) for t, spans in found.items()}}
    special = {e.name for t in found if (e := entity(t)).special}
    return dataclasses.replace(
        result,
        types=result.types | frozenset(found),
        special_categories=result.special_categories | special,
        criminal_offence=result.criminal_offence or any(entity(t).offence for t in found),
        possible=result.possible - frozenset(found),
        reasons=(*result.reasons, "deny list"),
        hits=hits,
    )


def _hits(cells: Cells, spans: Mapping[int, Sequence[tuple[int, int]]]) -> CellHits:
    places = [(row, span) for row, code in enumerate(cells.codes.tolist()) for span in spans.get(code, ())]
    return CellHits(tuple(row for row, _ in places), tuple(span for _, span in places))
