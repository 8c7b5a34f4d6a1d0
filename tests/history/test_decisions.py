"""What people decide: kept in order, in force until withdrawn, and never undone by a scan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import lzma
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.errors import ConfigError
from scanner.history import Decision, History, data_home, migrations
from scanner.history.rows import pack_report, unpack_report
from scanner.model import CiRun, Observed, Severity, Verdict, Workflow
from scanner.model.codec import CodecError
from tests.history.sample import DAY, FOLDER, NOON, finding, report
from tests.history.test_history import saved

ID = finding().fingerprint
DPO = "Data Protection Officer"


@pytest.fixture
def history() -> Iterator[History]:
    with History.open(None) as opened:
        yield opened


def made(field: str, value: str, at: dt.datetime = NOON, **more: object) -> Decision:
    return Decision(ID, 0, at, DPO, field, value, **more)  # type: ignore[arg-type]


def test_everything_decided_is_in_later_runs(history: History) -> None:
    saved(history, report(finding()))
    history.record_decisions(
        [
            made("workflow", "in progress"),
            made("due", "2026-04-01"),
            made("assigned", "Cloud team"),
            made("notes", "first"),
            made("notes", "second"),
            made("triage", "decided: no breach"),
            made("comment", "rang them"),
        ]
    )
    run = saved(history, report(finding(), at=NOON + DAY, run_id="run-2"))
    entry = run.history[ID]
    assert (entry.workflow, entry.assigned_to, entry.due) == (
        Workflow.IN_PROGRESS,
        "Cloud team",
        dt.date(2026, 4, 1),
    )
    assert (entry.dpo_notes, entry.notes_before, entry.triage) == ("second", ("first",), "decided: no breach")
    assert (entry.decided_by, entry.decided_at, entry.revision) == (DPO, NOON, 7)
    assert history.load_report().history[ID] == entry
    assert [d.value for d in history.decisions(ID) if d.field == "comment"] == ["rang them"]


def test_a_date_agreed_holds_until_it_is_withdrawn(history: History) -> None:
    saved(history, report(finding()))
    history.record_decisions([made("due", "2026-04-01")])
    worse = report(finding(severity=Severity.CRITICAL), at=NOON + DAY, run_id="run-2")
    entry = saved(history, worse).history[ID]
    assert (entry.due, entry.due_by_rule) == (dt.date(2026, 4, 1), dt.date(2026, 3, 4))
    history.record_decisions([made("due", "")])
    entry = history.findings()[ID]
    assert (entry.due, entry.due_set) == (dt.date(2026, 3, 4), False)


def test_a_date_agreed_does_not_bind_when_it_comes_back(history: History) -> None:
    saved(history, report(finding()))
    history.record_decisions([made("due", "2026-03-05")])
    saved(history, report(finding(verdict=Verdict.PASS), at=NOON + 2 * DAY, run_id="run-2"))
    back = saved(history, report(finding(), at=NOON + 30 * DAY, run_id="run-3")).history[ID]
    assert (back.observed, back.due) == (Observed.REOPENED, (NOON + 44 * DAY).date())
    later = saved(history, report(finding(), at=NOON + 31 * DAY, run_id="run-4")).history[ID]
    assert (later.due, later.due_set) == ((NOON + 44 * DAY).date(), False)
    history.record_decisions([made("due", "2026-05-01", at=NOON + 32 * DAY)])
    assert history.findings()[ID].due == dt.date(2026, 5, 1)


def test_a_false_positive_holds_with_its_reviewer(history: History) -> None:
    saved(history, report(finding()))
    history.record_decisions([made("workflow", "false positive", reason="test data")])
    for day in range(1, 4):
        saved(history, report(finding(), at=NOON + day * DAY, run_id=f"run-{day + 1}"))
    entry = history.findings()[ID]
    assert (entry.workflow, entry.decided_by, entry.decided_at) == (Workflow.FALSE_POSITIVE, DPO, NOON)


def test_all_or_nothing(history: History) -> None:
    saved(history, report(finding()))
    with pytest.raises(ConfigError, match="no finding nope"):
        history.record_decisions(
            [made("notes", "x"), dataclasses.replace(made("notes", "y"), subject="nope")]
        )
    with pytest.raises(ConfigError, match="date until"):
        history.record_decisions([made("notes", "x"), made("workflow", "accepted")])
    assert history.decisions() == []


def test_decisions_go_with_their_finding(history: History) -> None:
    saved(history, report(finding()))
    history.record_decisions([made("notes", "x")])
    saved(history, report(finding(verdict=Verdict.PASS), at=NOON + DAY, run_id="run-2"))
    history.forget(NOON + 5 * DAY)
    assert history.decisions() == []


def test_a_version_1_history_is_taken_along() -> None:
    script = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")
    old = sqlite3.connect(data_home() / "history.sqlite")
    old.executescript(script)
    assert old.execute("select max(version) from dpscan_schema").fetchone() == (1,)
    old.close()
    with History.open(None) as history:
        entries = history.findings()
        assert [record.id for record in history.runs()] == ["run-2", "run-1"]
        assert history.load_report("run-1").run.id == "run-1"
        accepted = entries[ID]
        assert (accepted.workflow, accepted.accepted_by, accepted.acceptance_expires) == (
            Workflow.ACCEPTED,
            "Head of Licensing: permanent records",
            dt.date(2026, 9, 1),
        )
        false = entries[finding("RET-01", FOLDER).fingerprint]
        assert (false.workflow, false.decided_by) == (Workflow.FALSE_POSITIVE, "Records Manager")
        assert entries[finding("DB-03", FOLDER).fingerprint].observed is Observed.FIXED
        assert [(d.number, d.field, d.value) for d in history.decisions(ID)] == [(1, "workflow", "accepted")]
        history.record_decisions([made("notes", "x")])
        assert history.findings()[ID].revision == 2
    with History.open(None) as history:  # and again: nothing is left to do
        assert history.findings()[ID].dpo_notes == "x"
    made_new, taken = _columns(data_home() / "new.sqlite"), _columns(data_home() / "history.sqlite")
    assert made_new == taken, "a history that was upgraded has the tables of a new one"


def _columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with History.open(f"sqlite:///{path}"):
        pass
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
    found = {name: connection.execute(f"pragma table_info({name})").fetchall() for name in names}
    connection.close()
    return found


def test_a_finding_is_stored_once_in_a_report(history: History) -> None:
    run = saved(history, report(finding(), finding("RET-01", FOLDER)))
    fixed = saved(history, report(finding(verdict=Verdict.PASS), at=NOON + DAY, run_id="run-2"))
    assert history.load_report("run-1") == run
    assert history.load_report("run-2") == fixed
    assert fixed.history[ID].finding != fixed.findings[0], "the failing one is kept beside the passing"
    packed = pack_report(run)
    plain = json.loads(lzma.decompress(packed))
    assert [entry["finding"] for entry in plain["history"].values()] == [None, None]
    with pytest.raises(CodecError, match="damaged"):
        unpack_report(packed[:-9])


def _tables(file: Path) -> dict[str, list[tuple[str, str, int, int]]]:
    """Table to its columns: name, type, not null, place in the key."""
    with sqlite3.connect(file) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: sorted(
                (row[1], row[2], row[3], row[5]) for row in connection.execute(f"pragma table_info({name})")
            )
            for name in names
        }


@pytest.mark.parametrize("version", [1, 2])
def test_an_upgraded_history_has_the_tables_of_a_new_one(version: int, tmp_path: Path) -> None:
    script = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")
    old = sqlite3.connect(tmp_path / "old.sqlite")
    old.executescript(script)
    old.close()
    if version == 2:
        before, migrations.LATEST = migrations.LATEST, 2
        try:
            History.open(f"sqlite:///{tmp_path / 'old.sqlite'}").close()
        finally:
            migrations.LATEST = before
    for name in ("old", "new"):
        with History.open(f"sqlite:///{tmp_path / name}.sqlite") as history:
            assert history.ci_runs() == []
    old_tables, new_tables = _tables(tmp_path / "old.sqlite"), _tables(tmp_path / "new.sqlite")
    assert old_tables == new_tables


def test_what_ci_reported_is_kept_once_and_deleted_with_its_time(history: History) -> None:
    run = CiRun("records", NOON, True, Severity.HIGH, {"x": ("OBJ-01", Severity.CRITICAL)})
    later = CiRun("cases", NOON + 9 * DAY, False, Severity.MEDIUM, {})
    for one in (later, run, run):
        history.record_ci(one)
    assert history.ci_runs() == [run, later]
    history.forget(NOON + DAY)
    assert history.ci_runs() == [later]
