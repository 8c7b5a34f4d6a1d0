"""From what was decided and found to a `ColumnResult` with rows and spans, but no value."""

from __future__ import annotations

import numpy as np

from scanner.columns.evidence import Format
from scanner.columns.freetext import Found, Span
from scanner.columns.identify import Candidate
from scanner.columns.profile import Profile
from scanner.columns.strings import Places, Truth
from scanner.common.cells import Rows
from scanner.model import ENTITY_TYPES, CellHits, ColumnResult, entity

_SPECIAL = {t.special: t.name for t in ENTITY_TYPES.values() if t.special and t.group == "special"}


def nothing() -> ColumnResult:
    """An empty column."""
    return ColumnResult(entity_type=None)


def result(
    profile: Profile, chosen: Candidate | None, accepted: Truth, fmt: Format | None, found: Found
) -> ColumnResult:
    hits: dict[str, CellHits] = {}
    test_share = 0.0
    if chosen is not None:
        rows = _rows(profile, accepted)
        n_tests = _tests(profile, accepted, fmt)
        checked = fmt is not None and fmt.checked
        hits[chosen.entity_type] = CellHits(Rows(rows), None, len(rows) if checked else 0, n_tests)
        test_share = n_tests / len(rows) if len(rows) else 0.0
    for entity_type in sorted(found.types):
        hits.setdefault(entity_type, _cell_hits(profile, entity_type, found))
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


def _rows(profile: Profile, wanted: Truth) -> Places:
    """The rows in which the wanted values stand, rising."""
    if wanted.all() and profile.total == len(profile.codes):
        return np.arange(len(profile.codes))
    return np.flatnonzero(np.append(wanted, False)[profile.codes])


def _tests(profile: Profile, accepted: Truth, fmt: Format | None) -> int:
    """Cells whose value is in a range kept for tests."""
    if fmt is None or fmt.test_range is None:
        return 0
    places = np.flatnonzero(accepted)
    values = profile.values if len(places) == len(profile.values) else profile.values.take(places)
    return int(profile.numbers[places[fmt.tests_of(values)]].sum())


def _cell_hits(profile: Profile, entity_type: str, found: Found) -> CellHits:
    """Rows and spans; where any hit is inside a cell, whole cells get their full span."""
    whole = found.whole.get(entity_type)
    inside = found.spans.get(entity_type)
    validated, tests = found.validated[entity_type], found.tests[entity_type]
    wanted = np.zeros(len(profile.values), dtype=np.bool_)
    if whole is not None:
        wanted[whole] = True
    if not inside:
        numbers = profile.numbers
        n_validated, n_tests = (
            int(numbers[list(places)].sum()) if places else 0 for places in (validated, tests)
        )
        return CellHits(Rows(_rows(profile, wanted)), None, n_validated, n_tests)
    wanted[list(inside)] = True
    entire = set() if whole is None else set(whole.tolist())
    pairs: list[tuple[int, Span]] = []
    n_validated = n_tests = 0
    for row in _rows(profile, wanted).tolist():
        place = int(profile.codes[row])
        listed = [(0, int(profile.values.lengths[place]))] if place in entire else inside[place]
        offset = 0
        if not profile.all_plain:
            offset = (profile.cells[row] or "").find(profile.values[place])
        pairs += [(row, (start + offset, end + offset)) for start, end in sorted(listed)]
        n_validated += len(listed) if place in validated else 0
        n_tests += len(listed) if place in tests else 0
    return CellHits(Rows([row for row, _ in pairs]), tuple(span for _, span in pairs), n_validated, n_tests)


def _law(types: frozenset[str]) -> tuple[frozenset[str], bool]:
    """Article 9 categories (as entity types) and whether Article 10 data is among the types."""
    special = {_SPECIAL.get(e.special, e.name) for t in types if (e := entity(t)).special}
    return frozenset(special), any(entity(t).offence for t in types)
