"""Edits that nobody has imported are never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.reporters.edited import RECORD
from tests.desk.office import department, dpscan, edited, exported, row_of, rows, saved, scanned, take


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scanned(department())
    return exported(tmp_path / "out").parent


def test_what_was_edited_is_put_beside_and_can_be_imported(folder: Path) -> None:
    file = folder / "findings.csv"
    saved(file, edited(file, lambda found: row_of(found, "OBJ-01").update(status="in progress")))
    text = file.read_bytes()
    done = dpscan("report", "-o", folder, "--format", "csv")
    assert done.exit_code == 0
    (beside,) = folder.glob("findings.edited-*.csv")
    assert beside.read_bytes() == text
    assert f"kept as {beside}" in done.output and "dpscan import" in done.output
    assert row_of(rows(file), "OBJ-01")["status"] == "open"
    assert "1 changes taken over" in take(beside).output
    assert dpscan("report", "-o", folder, "--format", "csv").exit_code == 0
    assert row_of(rows(file), "OBJ-01")["status"] == "in progress"
    assert len(list(folder.glob("findings.edited-*.csv"))) == 1


def test_what_was_not_edited_or_is_taken_in_is_replaced(folder: Path) -> None:
    file = folder / "findings.csv"
    dpscan("report", "-o", folder, "--format", "csv")
    assert not list(folder.glob("*.edited-*"))
    saved(file, edited(file, lambda found: row_of(found, "OBJ-01").update(status="done")))
    assert take(file).exit_code == 0
    dpscan("report", "-o", folder, "--format", "csv")
    assert not list(folder.glob("*.edited-*"))


def test_an_import_with_something_left_does_not_free_the_file(folder: Path) -> None:
    file = folder / "findings.csv"
    saved(file, edited(file, lambda found: row_of(found, "OBJ-01").update(status="no such status")))
    assert take(file).exit_code == 1
    dpscan("report", "-o", folder, "--format", "csv")
    assert len(list(folder.glob("findings.edited-*.csv"))) == 1


def test_edited_twice_both_are_kept(folder: Path) -> None:
    file = folder / "findings.csv"
    for status in ("in progress", "done"):
        saved(file, edited(file, lambda found, s=status: row_of(found, "OBJ-01").update(status=s)))  # type: ignore[misc]
        dpscan("report", "-o", folder, "--format", "csv")
    assert len(list(folder.glob("findings.edited-*.csv"))) == 2


def test_holdings_and_workbook_too(folder: Path) -> None:
    dpscan("report", "-o", folder, "--format", "xlsx", "--format", "csv")
    for name in ("holdings.csv", "report.xlsx"):
        with (folder / name).open("ab") as file:
            file.write(b"\r\n")
    done = dpscan("report", "-o", folder, "--format", "xlsx", "--format", "csv")
    assert done.exit_code == 0, done.output
    assert (
        len(list(folder.glob("holdings.edited-*.csv"))) == len(list(folder.glob("report.edited-*.xlsx"))) == 1
    )
    assert (folder / RECORD).stat().st_mode & 0o777 == 0o600
