"""Count what detection saw, place by place, inside `examine`.

Values pass through here and stop here: what comes out are counts, shapes and keyed digests.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from scanner.common.names import reduce_column, reduce_place
from scanner.common.shapes import has_shape, normalise, shape
from scanner.contracts import Detects, TableFragment, TextFragment
from scanner.model import CellHits, ColumnResult, Place, PlaceTally, TypeTally, entity
from scanner.tally import sketch
from scanner.tally.merge import SHAPES_KEPT, merge_places

_TEXTS_AT_ONCE = 64
_CHARS_AT_ONCE = 1_000_000
_VALUES_AT_ONCE, _MANY_VALUES = 4_096, 200


@dataclasses.dataclass
class _Type:
    """Counts of one entity type in one column, growing."""

    values: int = 0
    validated: int = 0
    test_range: int = 0
    hidden: int = 0
    score: float = 0.0
    possible: bool = True
    shapes: Counter[str] = dataclasses.field(default_factory=Counter)
    waiting: Counter[str] = dataclasses.field(default_factory=Counter)
    """Values of running text that are not yet in `shapes` and `sketch`."""
    sketch: bytes = b""

    def add_values(self, values: Iterable[str], entity_type: str, key: bytes) -> None:
        self.waiting.update(values)
        if len(self.waiting) >= _VALUES_AT_ONCE:
            self.fold(entity_type, key)

    def add_cells(self, values: Any, numbers: Any, entity_type: str, key: bytes) -> None:
        """Different cells (an Arrow string array) and how many there are of each."""
        from scanner.counted import shapes_of, sketch_of

        if has_shape(entity_type):
            self.shapes += shapes_of(values, numbers)
        self.sketch = sketch.merge(self.sketch, sketch_of(values, key))

    def fold(self, entity_type: str, key: bytes) -> None:
        if len(self.waiting) >= _MANY_VALUES:
            from scanner.common.cells import Cells

            self.add_cells(Cells.of(list(self.waiting)).array, [*self.waiting.values()], entity_type, key)
            self.waiting.clear()
            return
        if has_shape(entity_type):
            for value, count in self.waiting.items():
                if form := shape(value):
                    self.shapes[form] += count
        digests = {sketch.digest(normalise(value), key) for value in self.waiting}
        self.sketch = sketch.merge(self.sketch, sketch.build(digests))
        self.waiting.clear()

    def tally(self, entity_type: str, key: bytes) -> TypeTally:
        self.fold(entity_type, key)
        kept = sorted(self.shapes.items(), key=lambda item: (-item[1], item[0]))[:SHAPES_KEPT]
        return TypeTally(
            entity_type, self.values, self.validated, self.test_range, dict(kept), self.sketch,
            self.possible, self.hidden, self.score,
        )  # fmt: skip


@dataclasses.dataclass
class _Container:
    records: int = 0
    personal: int = 0
    free_text: bool = False
    types: dict[tuple[str, str], _Type] = dataclasses.field(default_factory=dict)

    def type(self, column: str, entity_type: str) -> _Type:
        return self.types.setdefault((column, entity_type), _Type())


class Collector:
    """Takes fragments, gives place tallies. One per unit."""

    def __init__(self, detector: Detects, key: bytes) -> None:
        self._detector = detector
        self._key = key
        self._containers: dict[Place, _Container] = {}
        self._texts: list[TextFragment] = []
        self._chars = 0

    def add(self, fragment: TextFragment | TableFragment) -> None:
        if isinstance(fragment, TableFragment):
            self._table(fragment)
            return
        self._texts.append(fragment)
        self._chars += len(fragment.text)
        if len(self._texts) >= _TEXTS_AT_ONCE or self._chars >= _CHARS_AT_ONCE:
            self._flush()

    def tallies(self) -> tuple[PlaceTally, ...]:
        self._flush()
        # Two members can reduce to one name; their counts belong together.
        merged: dict[Place, PlaceTally] = {}
        for place, container in self._containers.items():
            columns = {
                (reduce_column(column) if column else "", name): item.tally(name, self._key)
                for (column, name), item in container.types.items()
            }
            tally = PlaceTally(
                reduce_place(place), container.records, container.personal, columns, container.free_text
            )
            known = merged.get(tally.place)
            merged[tally.place] = merge_places(known, tally) if known else tally
        return tuple(merged[place] for place in sorted(merged))

    def _flush(self) -> None:
        fragments, self._texts, self._chars = self._texts, [], 0
        if not fragments:
            return
        for fragment, detections in zip(
            fragments, self._detector.text([f.text for f in fragments]), strict=True
        ):
            container = self._containers.setdefault(fragment.place.container, _Container())
            container.records += 1
            container.free_text = True
            personal = [d for d in detections if entity(d.entity_type).personal]
            container.personal += bool(personal)
            for found in personal:
                item = container.type("", found.entity_type)
                item.values += 1
                item.validated += found.validated
                item.test_range += found.test_range
                item.hidden += fragment.hidden
                item.score = max(item.score, found.score)
                # A lexicon word in running text says only that a category is possible,
                # and a nationality in prose may be anybody's.
                kind = found.entity_type
                told_of_people = kind == "NATIONALITY" and found.recogniser == "prose"
                sure = entity(kind).group not in ("special", "offence") and not told_of_people
                item.possible = item.possible and not sure
                item.add_values([fragment.text[found.start : found.end]], found.entity_type, self._key)

    def _table(self, fragment: TableFragment) -> None:
        import numpy as np

        from scanner.common.cells import Cells

        container = self._containers.setdefault(fragment.place.container, _Container())
        container.records += fragment.rows
        personal = np.zeros(fragment.rows, dtype=np.bool_)
        columns = {column: Cells.of(cells) for column, cells in fragment.columns.items()}
        for column, result in self._detector.columns(columns).items():
            cells = columns[column]
            for name, hits in hits_of(result, cells).items():
                if not entity(name).personal:
                    continue
                rows = rows_of(hits)
                personal[rows] = True
                item = container.type(column, name)
                item.values += len(rows)
                item.validated += hits.validated
                item.test_range += hits.test_range
                item.hidden += len(rows) * fragment.hidden
                item.score = max(item.score, result.score)
                item.possible = item.possible and name in result.possible
                if hits.spans is not None:
                    item.add_values(values_of(cells, hits), name, self._key)
                else:
                    item.add_cells(*cells.counted(rows), name, self._key)
        container.personal += int(personal.sum())


def rows_of(hits: CellHits) -> Any:
    """The rows as an array."""
    import numpy as np

    held = getattr(hits.rows, "array", None)
    return np.fromiter(hits.rows, np.int64, len(hits.rows)) if held is None else held


def hits_of(result: ColumnResult, cells: Sequence[str | None]) -> dict[str, CellHits]:
    """Hits by type, with the categories that were decided for the column as a whole."""
    hits = dict(result.hits)
    whole = set(result.special_categories) - set(hits)
    if result.entity_type and result.entity_type not in hits:
        whole.add(result.entity_type)
    if result.criminal_offence and not any(entity(name).offence for name in hits):
        whole.add("CRIMINAL_OFFENCE")
    if whole:
        codes = getattr(cells, "codes", None)
        rows = (row for row, cell in enumerate(cells) if cell) if codes is None else (codes >= 0).nonzero()[0]
        filled = CellHits(tuple(int(row) for row in rows))
        hits.update(dict.fromkeys(sorted(whole), filled))
    return hits


def values_of(cells: Sequence[str | None], hits: CellHits) -> list[str]:
    """The values behind the hits, in the order of `hits.rows`."""
    if hits.spans is None:
        return [cell for row in hits.rows if (cell := cells[row])]
    return [
        cell[start:end]
        for row, (start, end) in zip(hits.rows, hits.spans, strict=True)
        if (cell := cells[row])
    ]
