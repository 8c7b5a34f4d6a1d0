"""The data protection officer's files: findings.csv, holdings.csv, gaps.csv (`docs/csv.md`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from scanner.common.private import write_atomically
from scanner.model import Report
from scanner.reporters import edited, notes
from scanner.reporters.cells import Cell, cell
from scanner.reporters.columns import FINDINGS, GAPS, HOLDINGS
from scanner.reporters.folder import report_folder
from scanner.reporters.rows import finding_rows, gap_rows, holding_rows
from scanner.reporters.view import View


class CsvReporter:
    """Entry point `csv`."""

    name = "csv"

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write the three files (and `dpo-notes.csv` if notes are left over). Files that somebody has
        edited since are put beside first; their paths come last."""
        target = report_folder(folder)
        view = View(report)
        kept: dict[str, dict[str, notes.Note]] = {}
        for name, key in (("findings.csv", "finding_id"), ("holdings.csv", "holding_id")):
            kept[name] = notes.read(target, name, key)
        beside = edited.put_beside(target, kept)
        written = []
        for name, columns, rows, key in (
            ("findings.csv", FINDINGS, finding_rows(view), "finding_id"),
            ("holdings.csv", HOLDINGS, holding_rows(view), "holding_id"),
        ):
            noted = (_with_note(view, row, kept[name].pop(str(row[key]), None)) for row in rows)
            written.append(_write(target / name, [column for column, _ in columns], noted))
        written.append(_write(target / "gaps.csv", [column for column, _ in GAPS], gap_rows(view)))
        left, sidecar = notes.leftover(kept), target / notes.SIDECAR
        if left:
            written.append(_write(sidecar, notes.header(), left))
        else:
            sidecar.unlink(missing_ok=True)
        return [*written, edited.note(target, written[:2]), *beside]


def _with_note(view: View, row: dict[str, Cell], note: notes.Note | None) -> dict[str, Cell]:
    """The history's notes, and what was written into the file since they were exported."""
    if note is None:
        return row
    text, decided = note
    entry = view.report.history.get(str(row.get("finding_id")))
    if entry is not None:
        text = notes.merged(text, entry.dpo_notes, entry.notes_before)
        decided = "" if entry.triage else decided
    return (
        row | {"dpo_notes": text} | ({"breach_triage": decided} if decided and "breach_triage" in row else {})
    )


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    # Bytes as they come: a large report as one text would take twice the memory.
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    text.flush()
    write_atomically(path, content.getvalue())
    return str(path)
