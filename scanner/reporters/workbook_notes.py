"""Notes that people wrote into an earlier workbook, carried over as those of the CSV files are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scanner.model import FindingHistory
from scanner.reporters import notes
from scanner.reporters.rows import Row

SHEET = "Earlier notes"
"""Where notes are kept whose row is not in the report."""
HEADER = ("id", "dpo_notes", "breach_triage")


@dataclasses.dataclass
class Notes:
    """Id to note; what `into` has used is used up."""

    found: dict[str, notes.Note]

    def into(self, row: Row, key: str, entry: FindingHistory | None) -> Row:
        """The row with what was written into the workbook; the history's own notes come first."""
        note = self.found.pop(str(row.get(key)), None)
        if note is None:
            return row
        text, decided = note
        if entry is not None:
            text = notes.merged(text, entry.dpo_notes, entry.notes_before)
            decided = "" if entry.triage else decided
        changed = row | {"dpo_notes": text}
        return changed | {"breach_triage": decided} if decided and "breach_triage" in row else changed

    def leftover(self) -> list[tuple[str, str, str]]:
        return [(id_, text, decided) for id_, (text, decided) in sorted(self.found.items())]


def read(path: Path) -> Notes:
    """Notes of the workbook at `path`; none if it is not there. One that cannot be read may still
    hold somebody's work: it is put aside, not overwritten."""
    if not path.exists():
        return Notes({})
    import python_calamine as calamine

    found: dict[str, notes.Note] = {}
    try:
        book = calamine.load_workbook(str(path))
        for name in book.sheet_names:
            for row in _rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                id_ = row.get("finding_id") or row.get("holding_id") or row.get("id")
                text, triage = row.get("dpo_notes", ""), row.get("breach_triage", "")
                decided = triage if triage.lower().startswith("decided") else ""
                if id_ and (text or decided):
                    found.setdefault(id_, (text, decided))
    except calamine.CalamineError:
        path.replace(path.with_suffix(".unreadable.xlsx"))
    return Notes(found)


def _rows(table: list[list[Any]]) -> Iterator[dict[str, str]]:
    if not table or "dpo_notes" not in table[0]:
        return
    names = [str(name) for name in table[0]]
    for cells in table[1:]:
        yield {name: _text(cell) for name, cell in zip(names, cells, strict=False)}


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
