"""The folder that reports are written to."""

from __future__ import annotations

from pathlib import Path

from scanner.common.private import make_folder

_MARKS = frozenset(
    {
        "findings.csv",
        "holdings.csv",
        "gaps.csv",
        "dpo-notes.csv",
        "report.json",
        "report.sarif",
        "report.html",
        "triage.html",
        "board.html",
        "report.xlsx",
        "report.md",
        ".dpscan-written.json",
    }
)


def report_folder(folder: str) -> Path:
    """The folder, created with mode 0700; one that is there already and has other things in it
    keeps its mode. Raises OSError if it cannot be created."""
    return make_folder(Path(folder), _MARKS)
