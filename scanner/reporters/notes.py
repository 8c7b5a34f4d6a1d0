"""What people wrote into an earlier CSV file is carried over, never overwritten."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from pathlib import Path

from scanner.reporters.cells import clean, unguarded

SIDECAR = "dpo-notes.csv"
_HEADER = ("file", "id", "dpo_notes", "breach_triage")

Note = tuple[str, str]
"""(dpo_notes, breach_triage if somebody has decided)."""


def read(folder: Path, name: str, key: str) -> dict[str, Note]:
    """Id to note, from the file of that name and from the notes kept beside it."""
    found = {
        row["id"]: (row["dpo_notes"], row["breach_triage"])
        for row in _rows(folder / SIDECAR)
        if row.get("file") == name and set(_HEADER) <= set(row)
    }
    for row in _rows(folder / name):
        note, triage = row.get("dpo_notes", "").strip(), row.get("breach_triage", "").strip()
        decided = triage if triage.lower().startswith("decided") else ""
        if row.get(key) and (note or decided):
            found[row[key]] = (note, decided)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """Rows with guards undone; none if the file is not there. Spreadsheets save in their own ways:
    with semicolons or tabs, and not always in UTF-8."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval=""))
    except csv.Error:
        # It may still hold somebody's work: it is put aside, not overwritten.
        path.replace(path.with_suffix(".unreadable.csv"))
        return []
    return [
        {k: unguarded(v) for k, v in row.items() if isinstance(k, str) and isinstance(v, str)} for row in rows
    ]


def merged(in_file: str, recorded: str, before: Collection[str]) -> str:
    """The notes to show: the history's, but nothing that somebody wrote into the file since is lost.

    `before`: earlier texts of the history. A file that holds one of them was not edited.
    """
    known = {_plain(text) for text in (recorded, *before)}
    if not in_file or _plain(in_file) in known:
        return recorded
    if not recorded or _plain(recorded) in _plain(in_file):
        return in_file
    if _plain(in_file) in _plain(recorded):
        return recorded
    return f"{recorded} / {in_file}"


def _plain(text: str) -> str:
    """For comparing: what a file shows of a text."""
    return " ".join(clean(unguarded(text)).split())


def leftover(kept: Mapping[str, Mapping[str, Note]]) -> list[dict[str, str]]:
    """Rows of the sidecar: notes whose row is not in this report. `kept`: file to id to note."""
    return [
        {"file": file, "id": id_, "dpo_notes": note, "breach_triage": triage}
        for file in sorted(kept)
        for id_, (note, triage) in sorted(kept[file].items())
    ]


def header() -> tuple[str, ...]:
    return _HEADER
