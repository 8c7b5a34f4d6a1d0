"""The round trip through LibreOffice: nothing hostile runs, edits come back. Skipped where it is not installed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.history import History
from scanner.model import Context, Registration, Report
from tests.desk.libreoffice import MISSING, SOFFICE, LibreOffice
from tests.desk.office import DPO, NOW, RULES, dpscan, rows, take
from tests.history.sample import BUCKET, FOLDER, finding, report

pytestmark = pytest.mark.skipif(SOFFICE is None, reason=MISSING)

HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.test","x")',
    "＝1+1", "＋1+1", "＠SUM(1)", "－1+1", "  =1+1", "\t=1+1", "first\n=1+1", "first\r\n+2", "\u202e=1+1",
    "=WEBSERVICE(\"http://example.test\")", "{=1+1}", "00123", "12E5", "1-2", "1234567890123456", "2026-02-03x",
    "مالك", "Zażółć", 'a "quoted, text"; with; semicolons', "https://example.test/", "=DDE(\"a\";\"b\";\"c\")",
)  # fmt: skip
"""Owners, notes and store names as strangers can set them by tag or file name."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture
def exported(tmp_path: Path) -> Iterator[Path]:
    """findings.csv, holdings.csv and report.xlsx of a department with a hostile word everywhere."""
    stores = [
        dataclasses.replace(BUCKET, id=f"aws:s3:::{n}", name=word, tags={"owner": word})
        for n, word in enumerate(HOSTILE)
    ]
    made = [
        finding("OBJ-01", store, fingerprint=f"{n:020x}", explanation=word, exposure=None)
        for n, (store, word) in enumerate(zip(stores, HOSTILE, strict=True))
    ]
    register = {s.id: Registration(owner=s.name, owner_source="tag", ropa_ref=s.name) for s in stores}
    run = report(
        *made, at=NOW, run_id="run-1", stores=(*stores, BUCKET, FOLDER),
        context=Context(today=NOW.date(), registrations=register),
    )  # fmt: skip
    _scanned(run)
    for n, word in enumerate(HOSTILE):
        assert dpscan("findings", "comment", f"{n:020x}"[:20], "-m", word or "x", "--by", DPO).exit_code == 0
    done = dpscan("report", "-o", tmp_path, "--format", "csv", "--format", "xlsx")
    assert done.exit_code == 0, done.output
    yield tmp_path


def _scanned(run: Report) -> None:
    with History.open(None) as history:
        history.save(dataclasses.replace(run, history=history.advance(run, RULES, {})))


@pytest.mark.parametrize("special_numbers", [True, False])
def test_no_cell_of_the_csv_is_computed(exported: Path, office: LibreOffice, special_numbers: bool) -> None:
    for name in ("findings.csv", "holdings.csv", "gaps.csv"):
        sheet = office.opened_csv(exported / name, special_numbers=special_numbers)
        assert sheet.formulas() == []
        assert sheet.links() == 0
    shown = {row["store_name"] for row in office.opened_csv(exported / "findings.csv").rows()}
    assert "2" not in shown, "=1+1 was computed"
    written = {row["store_name"] for row in rows(exported / "findings.csv")}
    assert shown == written


def test_no_cell_of_the_workbook_is_computed(exported: Path, office: LibreOffice) -> None:
    sheet = office.opened(exported / "report.xlsx")
    assert sheet.formulas() == []
    assert sheet.links() == 0
    assert len(sheet.rows("Findings")) == len(HOSTILE)
    assert {"=1+1", "@SUM(1)"} <= {row["store_name"] for row in sheet.rows("Findings")}


@pytest.mark.parametrize(
    ("saved", "delimiter", "charset"),
    [("csv", ",", 76), ("csv", ";", 76), ("csv", ";", 1), ("xlsx", "", 0)],
    ids=["UTF-8, commas", "UTF-8, semicolons", "Western European, semicolons", "workbook"],
)
def test_edits_come_back_and_nothing_else(
    exported: Path, office: LibreOffice, saved: str, delimiter: str, charset: int
) -> None:
    sheet = office.opened_csv(exported / "findings.csv")
    order = [row["finding_id"].removeprefix("'") for row in sheet.rows()]
    one, two, three = order[0], order[1], order[2]
    due = (NOW + dt.timedelta(days=40)).date()
    sheet.type_into(0, "status", "in progress")
    sheet.type_into(0, "dpo_notes", "'=2+2 was typed here")
    sheet.type_into(1, "due_date", f"{due:%d/%m/%Y}")
    sheet.type_into(2, "status", "false positive")
    sheet.type_into(2, "action_owner", "@team of licensing")
    file = (
        office.saved_as_xlsx(sheet)
        if saved == "xlsx"
        else office.saved_as_csv(sheet, delimiter=delimiter, charset=charset)
    )
    planned = take(file, "--dry-run")
    assert planned.exit_code == 0, planned.output
    assert "5 changes would be taken over, 0 conflicts, 0 cells not taken" in planned.output, planned.output
    assert take(file).exit_code == 0
    with History.open(None) as history:
        found = history.findings()
    assert found[one].workflow.value == "in progress"
    assert found[one].dpo_notes.lstrip("'") == "=2+2 was typed here"
    assert found[two].due == due
    assert found[three].workflow.value == "false positive"
    assert (found[three].assigned_to or "").lstrip("'") == "@team of licensing"
    assert "0 changes taken over" in take(file).output, "a second time does nothing more"


def test_the_workbook_edited_and_saved_by_libreoffice(exported: Path, office: LibreOffice) -> None:
    sheet = office.opened(exported / "report.xlsx")
    order = [row["finding_id"] for row in sheet.rows("Findings")]
    sheet.type_into(0, "status", "done", "Findings")
    sheet.type_into(1, "dpo_notes", "=1+1", "Findings")
    done = take(office.saved_as_xlsx(sheet))
    assert done.exit_code == 0, done.output
    assert "2 changes taken over, 0 conflicts, 0 cells not taken" in done.output
    with History.open(None) as history:
        found = history.findings()
    assert found[order[0]].workflow.value == "done"
    assert found[order[1]].dpo_notes == "=1+1"
