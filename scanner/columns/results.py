"""From what was decided and found to a `ColumnResult` with rows and spans, but no value."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.columns.evidence import Format
from scanner.columns.freetext import Found
from scanner.columns.identify import Candidate
from scanner.columns.profile import Profile
from scanner.model import ENTITY_TYPES, CellHits, ColumnResult, entity

_SPECIAL = {t.special: t.name for t in ENTITY_TYPES.values() if t.special and t.group == "special"}


def nothing() -> ColumnResult:
    """An empty column."""
    return ColumnResult(entity_type=None)


def result(
    profile: Profile, chosen: Candidate | None, accepted: set[str], fmt: Format | None, found: Found
) -> ColumnResult:
    inside = {v for values in found.spans.values() for v in values}
    rows_of = _rows(profile, inside) if inside else {}
    hits: dict[str, CellHits] = {}
    test_share = 0.0
    if chosen is not None:
        forms = accepted if profile.all_plain else {f for core in accepted for f in profile.forms(core)}
        if len(accepted) == len(profile.counts) and profile.total == len(profile.cells):
            rows: Sequence[int] = range(len(profile.cells))
        else:
            rows = [row for row, cell in enumerate(profile.cells) if cell in forms]
        tests = fmt.tests(list(accepted)) if fmt is not None and fmt.test_range is not None else set()
        n_tests = sum(map(profile.counts.__getitem__, tests))
        checked = fmt is not None and fmt.checked
        hits[chosen.entity_type] = CellHits(tuple(rows), None, len(rows) if checked else 0, n_tests)
        test_share = n_tests / len(rows) if rows else 0.0
    for entity_type, values in found.spans.items():
        if values:
            hits.setdefault(entity_type, _cell_hits(profile, entity_type, values, rows_of, found))
    types = frozenset(t for t in hits if chosen is None or t != chosen.entity_type)
    special, offence = _law(frozenset(hits))
    possible = frozenset(found.possible & types)
    return ColumnResult(
        entity_type=chosen.entity_type if chosen else None,
        score=chosen.score if chosen else 0.0,
        share=round(profile.share(accepted), 6) if chosen else 0.0,
        types=types,
        special_categories=special,
        criminal_offence=offence,
        reasons=(*(chosen.reasons if chosen else ()), *found.reasons),
        test_range_share=test_share,
        possible=possible,
        hits=hits,
    )


def _rows(profile: Profile, wanted: set[str]) -> dict[str, list[int]]:
    """Value to the rows it stands in."""
    forms = {form: core for core in wanted for form in profile.forms(core)}
    rows: dict[str, list[int]] = {}
    for row, cell in enumerate(profile.cells):
        core = forms.get(cell) if cell is not None else None
        if core is not None:
            rows.setdefault(core, []).append(row)
    return rows


def _cell_hits(
    profile: Profile,
    entity_type: str,
    values: dict[str, list[tuple[int, int]] | None],
    rows_of: dict[str, list[int]],
    found: Found,
) -> CellHits:
    """Rows and spans; where any hit is inside a cell, whole cells get their full span."""
    whole = all(spans is None for spans in values.values())
    pairs: list[tuple[int, tuple[int, int]]] = []
    validated = tests = 0
    for value, spans in values.items():
        for row in rows_of.get(value, ()):
            cell = profile.cells[row] or ""
            offset = cell.find(value)
            listed = [(0, len(value))] if spans is None else spans
            pairs += [(row, (a + offset, b + offset)) for a, b in listed]
            validated += len(listed) if value in found.validated[entity_type] else 0
            tests += len(listed) if value in found.tests[entity_type] else 0
    pairs.sort()
    rows = tuple(row for row, _ in pairs)
    return CellHits(rows, None if whole else tuple(span for _, span in pairs), validated, tests)


def _law(types: frozenset[str]) -> tuple[frozenset[str], bool]:
    """Article 9 categories (as entity types) and whether Article 10 data is among the types."""
    special = {_SPECIAL.get(e.special, e.name) for t in types if (e := entity(t)).special}
    return frozenset(special), any(entity(t).offence for t in types)
