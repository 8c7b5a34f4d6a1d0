"""Merge what units showed. Associative and commutative, so the order of work cannot matter."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime

from scanner.model import PlaceTally, TypeTally, UnitResult
from scanner.model.facts import Place
from scanner.tally import sketch

SHAPES_KEPT = 8


def merge_types(one: TypeTally, other: TypeTally) -> TypeTally:
    """Counts of the same entity type in the same column, added up."""
    return TypeTally(
        entity_type=one.entity_type,
        values=one.values + other.values,
        validated=one.validated + other.validated,
        test_range=one.test_range + other.test_range,
        shapes=add_counts(one.shapes, other.shapes),
        sketch=sketch.merge(one.sketch, other.sketch),
        possible=one.possible and other.possible,
        hidden=one.hidden + other.hidden,
        score=max(one.score, other.score),
    )


def merge_places(one: PlaceTally, other: PlaceTally) -> PlaceTally:
    """Two tallies of the same (reduced) container place."""
    columns = dict(one.columns)
    for key, tally in other.columns.items():
        columns[key] = merge_types(columns[key], tally) if key in columns else tally
    return PlaceTally(
        place=one.place,
        records=one.records + other.records,
        personal_records=one.personal_records + other.personal_records,
        columns=columns,
        free_text=one.free_text or other.free_text,
        parts=one.parts + other.parts,
        oldest=_pick(min, one.oldest, other.oldest),
        newest=_pick(max, one.newest, other.newest),
    )


def add_places(places: dict[Place, PlaceTally], result: UnitResult) -> None:
    """Merge one unit's tallies into those of its store."""
    for tally in result.tallies:
        if result.modified is not None and tally.oldest is None:
            tally = dataclasses.replace(tally, oldest=result.modified, newest=result.modified)
        known = places.get(tally.place)
        places[tally.place] = merge_places(known, tally) if known else tally


def add_counts(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Sum of two shape counts. All shapes are kept here; `top` cuts only when shown.

    Cutting at every merge would make the result depend on the order.
    """
    total = dict(one)
    for shape, count in other.items():
        total[shape] = total.get(shape, 0) + count
    return total


def top(shapes: Mapping[str, int]) -> str:
    """The most frequent shape, ties by name; "" if there is none."""
    return min(shapes, key=lambda shape: (-shapes[shape], shape)) if shapes else ""


def _pick(choose: object, one: datetime | None, other: datetime | None) -> datetime | None:
    known = [time for time in (one, other) if time is not None]
    return choose(known) if known else None  # type: ignore[operator]
