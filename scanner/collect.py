"""Count what detection saw, place by place, inside `examine`.

Values pass through here and stop here: what comes out are counts, shapes and keyed digests.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

from scanner.common.names import reduce_column, reduce_place
from scanner.common.shapes import has_shape, normalise, shape
from scanner.contracts import Detects, TableFragment, TextFragment
from scanner.model import CellHits, ColumnResult, Place, PlaceTally, TypeTally, entity
from scanner.tally import sketch
from scanner.tally.merge import SHAPES_KEPT, merge_places

_TEXTS_AT_ONCE = 64
_CHARS_AT_ONCE = 1_000_000


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
    digests: set[bytes] = dataclasses.field(default_factory=set)
    sketch: bytes = b""

    def add_values(self, values: Sequence[str], entity_type: str, key: bytes) -> None:
        counts = Counter(values)
        if has_shape(entity_type):
            for value, count in counts.items():
                if form := shape(value):
                    self.shapes[form] += count
        self.digests.update(sketch.digest(normalise(value), key) for value in counts)
        if len(self.digests) > 8 * sketch.K:
            self._fold()

    def _fold(self) -> None:
        self.sketch = sketch.merge(self.sketch, sketch.build(self.digests))
        self.digests.clear()

    def tally(self, entity_type: str) -> TypeTally:
        self._fold()
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
                (reduce_column(column) if column else "", name): item.tally(name)
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
                # A lexicon word in running text says only that a category is possible.
                sure = entity(found.entity_type).group not in ("special", "offence")
                item.possible = item.possible and not sure
                item.add_values([fragment.text[found.start : found.end]], found.entity_type, self._key)

    def _table(self, fragment: TableFragment) -> None:
        container = self._containers.setdefault(fragment.place.container, _Container())
        container.records += fragment.rows
        personal_rows: set[int] = set()
        for column, result in self._detector.columns(fragment.columns).items():
            cells = fragment.columns[column]
            for name, hits in hits_of(result, cells).items():
                if not entity(name).personal:
                    continue
                personal_rows.update(hits.rows)
                item = container.type(column, name)
                item.values += len(hits.rows)
                item.validated += hits.validated
                item.test_range += hits.test_range
                item.hidden += len(hits.rows) * fragment.hidden
                item.score = max(item.score, result.score)
                item.possible = item.possible and name in result.possible
                item.add_values(values_of(cells, hits), name, self._key)
        container.personal += len(personal_rows)


def hits_of(result: ColumnResult, cells: Sequence[str | None]) -> dict[str, CellHits]:
    """Hits by type, with the categories that were decided for the column as a whole."""
    hits = dict(result.hits)
    whole = set(result.special_categories) - set(hits)
    if result.entity_type and result.entity_type not in hits:
        whole.add(result.entity_type)
    if result.criminal_offence and not any(entity(name).offence for name in hits):
        whole.add("CRIMINAL_OFFENCE")
    if whole:
        filled = CellHits(tuple(row for row, cell in enumerate(cells) if cell))
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
