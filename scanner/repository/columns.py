"""Which columns of a repository's table are a holding: those of tables that are about people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from scanner.model import CellHits, ColumnResult, entity
from scanner.repository.weighing import NUMBERS, facets, placeholder

_FEWEST = 3
_MANY_MAILS = 10
"""From so many different addresses on, a column of them alone is a mailing list."""
_IDENTIFYING = frozenset(("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS")) | NUMBERS
_SURE = 0.5


def counted(
    results: Mapping[str, ColumnResult], cells: Mapping[str, Sequence[str | None]]
) -> dict[str, ColumnResult]:
    """The columns that count, with made-up values counted as test data."""
    weighed = {name: _with_placeholders(result, cells[name]) for name, result in results.items()}
    people = _about_people(weighed, cells)
    out = {}
    for name, result in weighed.items():
        kind = result.entity_type
        if (kind in NUMBERS and (result.test_range_share <= _SURE or people)) or (
            people and (kind is None or entity(kind).personal) and (result.hits or result.special_categories)
        ):
            out[name] = result
    return out


def _with_placeholders(result: ColumnResult, cells: Sequence[str | None]) -> ColumnResult:
    kind = result.entity_type
    hits = result.hits.get(kind) if kind is not None else None
    if kind not in NUMBERS or hits is None or not hits.rows:
        return result
    made_up = sum(placeholder(cells[row] or "") for row in hits.rows)
    if not made_up:
        return result
    tests = min(len(hits.rows), hits.test_range + made_up)
    changed = CellHits(hits.rows, hits.spans, hits.validated, tests)
    return dataclasses.replace(
        result, hits={**result.hits, kind: changed}, test_range_share=tests / len(hits.rows)
    )


def _about_people(results: Mapping[str, ColumnResult], cells: Mapping[str, Sequence[str | None]]) -> bool:
    typed = [(name, r) for name, r in results.items() if r.entity_type is not None]
    rows = max((sum(1 for cell in cells[name] if cell) for name, _ in typed), default=0)
    if rows < _FEWEST:
        return False
    # One column of reserved addresses or numbers tells that the whole table is invented.
    if any(r.test_range_share > _SURE for _, r in typed):
        return False
    kinds = {r.entity_type for _, r in typed if r.entity_type and entity(r.entity_type).personal}
    found = facets(kinds) | {"category" for _, r in typed if r.special_categories or r.criminal_offence}
    if kinds & _IDENTIFYING and len(found) >= 2:
        return True
    mails = {cell for name, r in typed if r.entity_type == "EMAIL_ADDRESS" for cell in cells[name] if cell}
    return len(mails) >= _MANY_MAILS
