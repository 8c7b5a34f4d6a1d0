"""The workbook, opened by another program than the one that wrote it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from scanner.model import Registration, Report
from scanner.reporters import xlsx
from scanner.reporters.cells import clean
from scanner.reporters.columns import FINDINGS, GAPS, HOLDINGS
from scanner.reporters.rows import finding_rows
from scanner.reporters.view import View
from scanner.reporters.xlsx import XlsxReporter
from scanner.testing.reports import HOSTILE
from scanner.testing.reports import full_report as hostile_report
from tests.history.sample import BUCKET, finding, full_report, report
from tests.reporters.test_csv import with_history


def write(run: Report, folder: Path) -> Path:
    path, *_ = XlsxReporter().write(run, str(folder))
    return Path(path)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return openpyxl.load_workbook(write(with_history(full_report()), tmp_path))


def row(book: Workbook, sheet: str, number: int = 2) -> dict[str, object]:
    names = [cell.value for cell in book[sheet][1]]
    return dict(zip(names, [cell.value for cell in book[sheet][number]], strict=True))


def test_a_sheet_for_each_reader_with_the_columns_of_the_csv_files(book: Workbook) -> None:
    assert book.sheetnames == ["Summary", "Findings", "Holdings", "Gaps", "Columns"]
    for name, columns in (("Findings", FINDINGS), ("Holdings", HOLDINGS), ("Gaps", GAPS)):
        assert [cell.value for cell in book[name][1]] == [column for column, _ in columns]
        assert book[name].freeze_panes == "A2"
        assert book[name].auto_filter.ref
    assert book["Columns"].max_row == 1 + len(FINDINGS) + len(HOLDINGS) + len(GAPS)


def test_what_it_says(book: Workbook) -> None:
    first = row(book, "Findings")
    assert (first["rule_id"], first["severity"], first["status"]) == ("OBJ-01", "Critical", "open")
    assert first["due_date"] == dt.datetime(2026, 3, 4)
    assert first["records_low"] == 212
    assert row(book, "Gaps")["remedy"] == "s3:GetEncryptionConfiguration"
    told = {str(line[0].value): line[1].value for line in book["Summary"]}
    assert told["Critical to act on"] == 1
    assert told["Open to anybody"] == "1 finding to be assessed today"


def test_status_and_dates_are_checked_as_they_are_typed(book: Workbook) -> None:
    names = [cell.value for cell in book["Findings"][1]]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book["Findings"].data_validations.dataValidation}
    of = {names[openpyxl.utils.cell.coordinate_to_tuple(cell)[1] - 1]: rule for cell, rule in rules.items()}
    assert set(of) == {"status", "due_date", "acceptance_expires"}
    assert of["status"].formula1.strip('"').split(",") == list(xlsx.STATUSES)
    assert of["due_date"].type == "date"


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_a_formula_or_a_link(name: str, tmp_path: Path) -> None:
    path = write(hostile_report(name), tmp_path)
    book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for sheet in book for line in sheet for cell in line}
    assert kinds <= {"s", "inlineStr", "n", "d"}
    shown = row(book, "Findings")["store_name"]
    assert shown == clean(name) or not clean(name).isprintable()
    with zipfile.ZipFile(path) as members:
        for member in members.namelist():
            if member.startswith("xl/worksheets/sheet"):
                content = members.read(member).decode()
                assert "<f>" not in content and "<hyperlink" not in content
        assert not [m for m in members.namelist() if "externalLink" in m or "vba" in m.lower()]


def test_a_text_like_a_formula_stays_a_text_when_it_is_edited(tmp_path: Path) -> None:
    said = Registration(owner="=1+1", ropa_ref="0042")
    run = report(finding(), context=dataclasses.replace(report().context, registrations={BUCKET.id: said}))
    book = openpyxl.load_workbook(write(run, tmp_path))
    cells = {book["Findings"].cell(1, c.column).value: c for c in book["Findings"][2]}
    assert cells["information_asset_owner"].value == "=1+1"
    assert cells["information_asset_owner"].quotePrefix and cells["ropa_ref"].quotePrefix
    assert cells["ropa_ref"].value == "0042" and cells["ropa_ref"].number_format == "@"


def test_values_are_those_of_the_csv_rows(book: Workbook) -> None:
    expected = next(finding_rows(View(with_history(full_report()))))
    shown = row(book, "Findings")
    for name, value in expected.items():
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, dt.date):
            value = dt.datetime(value.year, value.month, value.day)
        assert shown[name] == (value if value != "" else None), name


def test_notes_are_carried_over(tmp_path: Path) -> None:
    run = with_history(full_report())
    path = write(run, tmp_path)
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book["Findings"][1]]
    column = names.index("dpo_notes") + 1
    book["Findings"].cell(2, column).value = "asked the team on Monday"
    book["Findings"].cell(3, column).value = "another"
    book["Findings"].cell(2, names.index("breach_triage") + 1).value = "decided: no breach, REF-7"
    book.save(path)
    write(run, tmp_path)
    again = openpyxl.load_workbook(path)
    first = row(again, "Findings")
    assert (first["dpo_notes"], first["breach_triage"]) == (
        "asked the team on Monday",
        "decided: no breach, REF-7",
    )
    # A finding that is no longer in the report keeps its note, and gets it back.
    only = with_history(report(run.findings[0]))
    write(only, tmp_path)
    kept = openpyxl.load_workbook(path)
    assert [cell.value for cell in kept["Earlier notes"][2]][1] == "another"
    write(run, tmp_path)
    assert row(openpyxl.load_workbook(path), "Findings", 3)["dpo_notes"] == "another"


def test_a_damaged_workbook_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(b"PK\x03\x04 somebody's work")
    write(full_report(), tmp_path)
    assert (tmp_path / "report.unreadable.xlsx").read_bytes().endswith(b"somebody's work")
    openpyxl.load_workbook(tmp_path / "report.xlsx")


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1)
    book = openpyxl.load_workbook(write(with_history(full_report()), tmp_path))
    assert book["Findings"].max_row == 2
    told = [str(line[1].value) for line in book["Summary"]]
    assert "Findings: 1 more rows than a sheet can hold are in the CSV file." in told


def test_no_time_of_day_gets_in(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(full_report(), tmp_path)) as members:
        core = members.read("docProps/core.xml").decode()
        assert set(re.findall(r">(\d{4}-[^<]*Z)<", core)) == {"2026-03-02T12:00:00Z"}
        assert {info.date_time[:3] for info in members.infolist()} == {(1980, 1, 31)}
