"""`dpscan import`: edits survive whatever a spreadsheet does, and neither side's are lost."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.errors import ConfigError
from scanner.history import History
from scanner.model import FindingHistory, Workflow
from tests.desk.office import (
    DPO,
    NOW,
    ONE,
    OWNER,
    THREE,
    TWO,
    Row,
    department,
    dpscan,
    edited,
    exported,
    row_of,
    rows,
    saved,
    scanned,
    take,
)

DAY = dt.timedelta(days=1)
LATER = (NOW + 43 * DAY).date()


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    scanned(department())
    return exported(tmp_path / "out")


def entry(fingerprint: str = ONE.fingerprint) -> FindingHistory:
    with History.open(None) as history:
        return history.findings()[fingerprint]


def everything(found: list[Row]) -> None:
    """One edit of every kind, in the row of OBJ-01."""
    row = row_of(found, "OBJ-01")
    row |= {
        "status": "In Progress",
        "due_date": LATER.strftime("%d/%m/%Y"),
        "action_owner": "Cloud team",
        "dpo_notes": "=asked René; waits, for them",
        "breach_triage": "Decided: no breach, ref 7",
    }


SAVED: dict[str, dict[str, object]] = {
    "as it was": {},
    "without BOM": {"encoding": "utf-8"},
    "British semicolons, ANSI": {"delimiter": ";", "encoding": "cp1252"},
    "tabs, UTF-16": {"delimiter": "\t", "encoding": "utf-16"},
    "LF": {"newline": "\n"},
    "CR only": {"newline": "\r"},
    "every cell quoted": {"quoting": csv.QUOTE_ALL},
    "empty trailing columns": {"extra": 7},
    "sep line": {"before": "sep=;\r\n", "delimiter": ";"},
}


@pytest.mark.parametrize("way", SAVED)
def test_however_it_was_saved(sheet: Path, way: str) -> None:
    saved(sheet, edited(sheet, everything), **SAVED[way])  # type: ignore[arg-type]
    done = take(sheet)
    assert done.exit_code == 0, done.output
    now = entry()
    assert now.workflow is Workflow.IN_PROGRESS
    assert (now.due, now.assigned_to, now.decided_by) == (LATER, "Cloud team", DPO)
    assert now.dpo_notes == "=asked René; waits, for them"
    assert now.triage == "Decided: no breach, ref 7"
    for other in (TWO, THREE):
        assert entry(other.fingerprint).revision == 0, "nothing else was touched"
    assert "3 rows: 5 changes taken over, 0 conflicts, 0 cells not taken, 2 rows" in done.output


@pytest.mark.parametrize("way", SAVED)
def test_saving_alone_changes_nothing(sheet: Path, way: str) -> None:
    def as_excel_does(found: list[Row]) -> None:
        for row in found:
            for column in ("due_date", "first_seen", "last_seen"):
                row[column] = dt.date.fromisoformat(row[column]).strftime("%d/%m/%Y")

    saved(sheet, edited(sheet, as_excel_does), **SAVED[way])  # type: ignore[arg-type]
    done = take(sheet)
    assert done.exit_code == 0, done.output
    assert "0 changes taken over" in done.output and "left alone" not in done.output, done.output
    with History.open(None) as history:
        assert history.decisions() == []


def test_apostrophes_added_and_stripped(sheet: Path) -> None:
    def strip(found: list[Row]) -> None:
        for row in found:
            for column, cell in row.items():
                row[column] = cell.removeprefix("'")

    def add(found: list[Row]) -> None:
        for row in found:
            for column, cell in row.items():
                row[column] = "'" + cell.removeprefix("'") if cell else cell

    assert any(row["finding_id"].startswith("'") for row in rows(sheet)), (
        "ids that look like numbers are guarded"
    )
    original = rows(sheet)
    for edit in (strip, add):
        done = take(saved(sheet, edited(saved(sheet, original), edit)))
        assert (done.exit_code, "0 changes taken over" in done.output) == (0, True), done.output


def test_ids_turned_into_numbers(sheet: Path) -> None:
    def mangle(found: list[Row]) -> None:
        row_of(found, "RET-01")["finding_id"] = "1.23457E+19"
        row_of(found, "RET-01")["dpo_notes"] = "found again"
        row_of(found, "DB-03")["finding_id"] = "1.23E+4569"
        row_of(found, "DB-03")["rule_id"] = "DB-99"

    done = take(saved(sheet, edited(sheet, mangle)))
    assert done.exit_code == 1
    assert entry(TWO.fingerprint).dpo_notes == "found again", "known by its rule, store and place"
    assert "row 2, finding_id: was turned into a number" in done.output


def test_an_american_file_is_recognised(sheet: Path) -> None:
    def american(found: list[Row]) -> None:
        for row in found:
            for column in ("due_date", "first_seen", "last_seen"):
                row[column] = dt.date.fromisoformat(row[column]).strftime("%m/%d/%Y")
        row_of(found, "OBJ-01")["due_date"] = "04/05/2027"
        row_of(found, "RET-01")["due_date"] = "04/25/2027"

    done = take(saved(sheet, edited(sheet, american)))
    assert done.exit_code == 0, done.output
    assert entry().due == dt.date(2027, 4, 5)
    assert entry(THREE.fingerprint).revision == 0


def test_mixed_orders_are_refused(sheet: Path) -> None:
    def mixed(found: list[Row]) -> None:
        row_of(found, "OBJ-01")["due_date"] = "25/04/2027"
        row_of(found, "RET-01")["due_date"] = "04/25/2027"
        row_of(found, "RET-01")["dpo_notes"] = "still taken"

    done = take(saved(sheet, edited(sheet, mixed)))
    assert done.exit_code == 1 and "the day first and with the month first" in done.output
    assert (entry(TWO.fingerprint).dpo_notes, entry().due_set) == ("still taken", False)


def test_an_acceptance_needs_role_reason_and_end(sheet: Path) -> None:
    def accept(**cells: str) -> None:
        saved(sheet, edited(sheet, lambda found: row_of(found, "OBJ-01").update(cells, status="accepted")))

    accept()
    done = take(sheet)
    assert done.exit_code == 1
    assert "accepted_by: write who accepts it and why" in done.output
    assert "acceptance_expires: write until when" in done.output
    accept(accepted_by="SIRO: small risk", acceptance_expires="01/01/2020")
    assert "lies in the past" in take(sheet).output
    accept(accepted_by="SIRO: small risk", acceptance_expires=LATER.strftime("%d-%b-%y"))
    assert take(sheet).exit_code == 0
    now = entry()
    assert (now.workflow, now.accepted_by, now.acceptance_expires) == (
        Workflow.ACCEPTED,
        "SIRO: small risk",
        LATER,
    )
    # Exported again it says the same, and importing that changes nothing.
    assert row_of(rows(exported(sheet.parent)), "OBJ-01")["accepted_by"] == "SIRO: small risk"
    assert "0 changes taken over" in take(sheet).output
    # Withdrawn in the file.
    saved(sheet, edited(sheet, lambda found: row_of(found, "OBJ-01").update(status="open")))
    assert take(sheet).exit_code == 0
    assert entry().workflow is Workflow.NEW


def test_a_false_positive_holds_in_the_next_scan(sheet: Path) -> None:
    saved(sheet, edited(sheet, lambda found: row_of(found, "OBJ-01").update(status="False Positive")))
    assert take(sheet).exit_code == 0
    run = scanned(department(NOW + DAY, "run-2"))
    standing = run.history[ONE.fingerprint]
    assert (standing.workflow, standing.decided_by) == (Workflow.FALSE_POSITIVE, DPO)
    assert standing.decided_at is not None and standing.decided_at >= NOW


def test_wrong_cells_are_named_and_the_rest_is_taken(sheet: Path) -> None:
    def edit(found: list[Row]) -> None:
        row_of(found, "OBJ-01").update(status="mended", due_date="31/02/2027", dpo_notes="taken")
        row_of(found, "RET-01").update(status="fixed", dpo_notes="1.23E+15")
        row_of(found, "DB-03").update(status="", due_date="", finding_id="ffffffff")
        found.append(row_of(found, "OBJ-01") | {"dpo_notes": "twice"})

    found = edited(sheet, edit)
    numbers = {row["rule_id"]: n for n, row in reversed(list(enumerate(found, start=2)))}
    done = take(saved(sheet, found))
    assert done.exit_code == 1
    for rule, column, says in (
        ("OBJ-01", "status", "is none of: open, in progress"),
        ("OBJ-01", "due_date", "is no date"),
        ("RET-01", "status", "only a scan can find it fixed"),
        ("RET-01", "dpo_notes", "was turned into a number"),
        ("DB-03", "finding_id", "the history holds no finding ffffffff"),
    ):
        assert f"row {numbers[rule]}, {column}: {says}" in done.output, done.output
    assert f"row 5, finding_id: is the same finding as row {numbers['OBJ-01']}" in done.output
    assert entry().dpo_notes == "taken"


def test_rows_mixed_up_by_sorting_are_refused(sheet: Path) -> None:
    def sort(found: list[Row]) -> None:
        ids = [row["finding_id"] for row in found]
        for row, other in zip(found, ids[1:] + ids[:1], strict=True):
            row |= {"finding_id": other, "status": "done"}

    done = take(saved(sheet, edited(sheet, sort)))
    assert done.exit_code == 1 and done.output.count("were only some columns sorted") == 3
    assert entry().revision == 0


def test_what_belongs_to_the_register_is_said(sheet: Path) -> None:
    def edit(found: list[Row]) -> None:
        row_of(found, "OBJ-01").update(ropa_ref="ROPA-9", action_owner="")

    done = take(saved(sheet, edited(sheet, edit)))
    assert done.exit_code == 0
    assert "ropa_ref: comes from the register" in done.output
    assert "action_owner: comes from the register" in done.output
    assert OWNER not in done.output


# --- both sides -------------------------------------------------------------------


def test_neither_side_s_changes_are_lost(sheet: Path) -> None:
    saved(
        sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(dpo_notes="file's", due_date="2027-01-31"))
    )
    dpscan("findings", "assign", ONE.fingerprint, "--to", "Cloud team", "--by", "Head")
    dpscan("findings", "done", TWO.fingerprint, "--by", "Cloud team")
    scanned(department(NOW + DAY, "run-2"))
    done = take(sheet)
    assert (done.exit_code, "0 conflicts" in done.output) == (0, True), done.output
    now = entry()
    assert (now.assigned_to, now.dpo_notes, now.due) == ("Cloud team", "file's", dt.date(2027, 1, 31))
    assert entry(TWO.fingerprint).workflow is Workflow.DONE
    assert "0 changes taken over" in take(sheet).output, "importing twice does no more"


def test_conflicts_are_named_and_wait(sheet: Path) -> None:
    saved(sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(status="false positive", dpo_notes="n")))
    dpscan(
        "findings", "accept", ONE.fingerprint, "--owner", "SIRO", "--reason", "small", "--until", str(LATER)
    )
    done = take(sheet)
    assert done.exit_code == 1
    assert "exported as 'open'; the file says 'false positive'; the history says 'accepted'" in done.output
    assert "by 'SIRO'" in done.output
    assert (entry().workflow, entry().dpo_notes) == (Workflow.ACCEPTED, "n")
    assert take(sheet, "--ours").exit_code == 0
    assert entry().workflow is Workflow.ACCEPTED
    before = entry().revision
    assert take(sheet, "--theirs", "--dry-run").exit_code == 0
    assert entry().revision == before
    assert take(sheet, "--theirs").exit_code == 0
    assert entry().workflow is Workflow.FALSE_POSITIVE


def test_the_same_change_on_both_sides_is_no_conflict(sheet: Path) -> None:
    saved(sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(status="in progress")))
    dpscan("findings", "start", ONE.fingerprint, "--by", "Cloud team")
    done = take(sheet)
    assert (done.exit_code, "0 conflicts" in done.output) == (0, True)


def test_a_file_without_its_revision_is_on_the_safe_side(sheet: Path) -> None:
    dpscan("findings", "comment", ONE.fingerprint, "-m", "x", "--by", "a")
    dpscan("findings", "due", ONE.fingerprint, "--on", "2027-02-01", "--by", "a")
    sheet = exported(sheet.parent)

    def edit(found: list[Row]) -> None:
        for row in found:
            del row["revision"]
        row_of(found, "OBJ-01").update(due_date="2027-03-01", dpo_notes="new")

    done = take(saved(sheet, edited(sheet, edit)))
    assert done.exit_code == 1 and "1 changes taken over, 1 conflicts" in done.output
    assert (entry().due, entry().dpo_notes) == (dt.date(2027, 2, 1), "new")


def test_a_run_that_was_pruned(sheet: Path) -> None:
    saved(sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(dpo_notes="kept", action_owner="X")))
    scanned(department(NOW + 2 * DAY, "run-2"))
    with History.open(None) as history:
        assert history.forget(NOW + DAY) == 1
    done = take(sheet)
    assert "run that wrote the file is no longer kept" in done.output
    assert (entry().dpo_notes, entry().revision) == ("kept", 1)


def test_dry_run_changes_nothing(sheet: Path) -> None:
    saved(sheet, edited(sheet, everything))
    done = take(sheet, "--dry-run")
    assert "would change" in done.output and "5 changes would be taken over" in done.output
    assert entry().revision == 0


def test_nothing_written_is_logged(sheet: Path, caplog: pytest.LogCaptureFixture) -> None:
    saved(sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(dpo_notes="very private words")))
    assert take(sheet, "-vv").exit_code == 0
    assert "private" not in caplog.text


# --- the file in the report folder ----------------------------------------------------


def test_reports_show_the_history_s_notes_and_keep_what_was_not_imported(sheet: Path) -> None:
    saved(sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(dpo_notes="first")))
    assert take(sheet).exit_code == 0
    folder = sheet.parent
    assert row_of(rows(exported(folder)), "OBJ-01")["dpo_notes"] == "first"
    # Changed in the history: the file's old text does not come back.
    with History.open(None) as history:
        from scanner.history import Decision

        history.record_decisions([Decision(ONE.fingerprint, 0, NOW, DPO, "notes", "second")])
    assert row_of(rows(exported(folder)), "OBJ-01")["dpo_notes"] == "second"
    # Written into the file and not imported: kept beside it.
    saved(sheet, edited(sheet, lambda f: row_of(f, "OBJ-01").update(dpo_notes="third, by hand")))
    assert row_of(rows(exported(folder)), "OBJ-01")["dpo_notes"] == "second / third, by hand"
    assert take(sheet).exit_code == 0
    assert entry().dpo_notes == "second / third, by hand"


# --- files that are none ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"a,b\r\n1,2\r\n", "has no column finding_id"),
        (b"PK\x03\x04 not a workbook", "no workbook"),
        (b"\xd0\xcf\x11\xe0 old", "old or password-protected"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"finding_id,status,Status\r\n", "more than one column status"),
        (b'finding_id,status\r\n"' + b"x" * 40_000_000, "a quote is left open, or a cell is too long"),
        (bytes(range(256)) * 40, "has no column finding_id"),
        (bytes(range(1, 256)) * 40 + bytes(400), "is neither a table in text nor a workbook"),
    ],
)
def test_no_findings_file(tmp_path: Path, content: bytes, says: str) -> None:
    csv.field_size_limit(131_072)
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    done = take(path)
    assert isinstance(done.exception, ConfigError), done.output
    assert says in str(done.exception)


def test_a_workbook(sheet: Path, tmp_path: Path) -> None:
    import openpyxl

    found = edited(sheet, everything)
    book = openpyxl.Workbook()
    book.active.append(["A summary, for people"])
    page = book.create_sheet("Findings")
    page.append(["Findings of the department"])
    page.append([])
    page.append(list(found[0]))
    for row in found:
        cells: list[object] = list(row.values())
        for n, column in enumerate(row):
            if column in ("first_seen", "last_seen"):
                cells[n] = dt.datetime.fromisoformat(row[column])
        page.append(cells)
    notes = list(found[0]).index("dpo_notes") + 1
    page.cell(row=5, column=notes).data_type = "s"  # a text, as Excel keeps what begins with an apostrophe
    page.cell(row=6, column=notes).value = '=WEBSERVICE("http://192.0.2.1/")'
    path = tmp_path / "edited.xlsx"
    book.save(path)
    done = take(path)
    assert done.exit_code == 0, done.output
    assert (entry().workflow, entry().due, entry().dpo_notes) == (
        Workflow.IN_PROGRESS,
        LATER,
        "=asked René; waits, for them",
    )
    assert entry(TWO.fingerprint).revision == 0, "a formula is not run"


def test_damaged_workbooks_are_refused_or_read() -> None:
    import io
    import random

    import openpyxl

    from scanner.desk.sheet import read

    book = openpyxl.Workbook()
    book.active.append(["finding_id", "status"])
    book.active.append(["x", "open"])
    whole = io.BytesIO()
    book.save(whole)
    chance = random.Random(1)
    refused = 0
    for _ in range(300):
        content = bytearray(whole.getvalue())
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        try:
            read(bytes(content), "finding_id")
        except ConfigError:
            refused += 1
    assert 100 < refused < 300


# --- properties ---------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.sampled_from(["=1+1", "'=1", "+44", "@x", "-2", "0123", "12345678901234567", "1-2", "a;b,c\t\"d\"", "'q'",
                     "\u202egnp.exe", "two\nlines", "12e5", "'", "=", " ", "Zażółć", "null\0", "\ud800"]),
    st.text(max_size=40),
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=HOSTILE, owner=HOSTILE, delimiter=st.sampled_from(",;\t"), quoting=st.sampled_from([0, 1]))
def test_whatever_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, note: str, owner: str,
    delimiter: str, quoting: int,
) -> None:  # fmt: skip
    """Import, export and import again: nothing changes the second time, and nothing raises."""
    folder = tmp_path_factory.mktemp("property")
    monkeypatch.setenv("DPSCAN_HOME", str(folder / "home"))
    scanned(department())
    path = exported(folder / "out")
    found = edited(path, lambda f: row_of(f, "OBJ-01").update(dpo_notes=note, action_owner=owner or "x"))
    saved(path, found, delimiter=delimiter, quoting=quoting)
    done = take(path)
    assert done.exit_code in (0, 1) and (done.exception is None or isinstance(done.exception, SystemExit))
    if done.exit_code == 0:
        saved(path, rows(exported(folder / "again")), delimiter=delimiter, quoting=quoting)
        second = take(path)
        assert (second.exit_code, "0 changes taken over" in second.output) == (0, True), second.output


def test_a_false_positive_marked_in_the_file_shows_in_the_precision_figure(tmp_path: Path) -> None:
    scanned(department())
    file = exported(tmp_path)
    saved(file, edited(file, _reviewed))
    assert take(file).exit_code == 0
    figures = {k["id"]: k for k in json.loads(dpscan("kpis", "--format", "json").output)["kpis"]}
    precision = figures["K24"]
    assert (precision["numerator"], precision["denominator"], precision["value"]) == (1, 2, 0.5)
    assert precision["detail"] == [f"{DPO}: 1 of 2 confirmed"]
    assert precision["small_n"]


def _reviewed(found: list[Row]) -> None:
    row_of(found, "OBJ-01").update(status="false positive")
    row_of(found, "RET-01").update(status="in progress")
