"""The same history on a real PostgreSQL, as a team would share it."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

import pytest

from scanner.history import Decision, History, data_home
from scanner.model import CiRun, Observed, Severity, Verdict, Workflow
from tests.history.sample import BUCKET, DAY, NOON, finding, full_report, report
from tests.history.test_history import saved, start, unit


@pytest.fixture
def url(postgres_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    postgres_server.create_database("dpscan_history")
    monkeypatch.setenv("HISTORY_PASSWORD", postgres_server.admin_password)
    return f"postgresql://{postgres_server.admin_user}@{postgres_server.host}:{postgres_server.port}/dpscan_history"


def test_runs_findings_journal_and_keys(url: str) -> None:
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        run_id = history.begin(start())
        for number in range(600):
            history.record(run_id, unit(f"u{number}", holds=number % 2 == 0))
        history.record(run_id, unit("u1", holds=True))
        assert len(history.done_keys(run_id)) == 600
        assert len(list(history.results(run_id))) == 600
        found = history.unfinished("c1", ("t",))
        assert found is not None and found.id == run_id
        first = full_report()
        run = saved(history, dataclasses.replace(first, run=dataclasses.replace(first.run, id=run_id)))
        assert history.load_report() == run
        key = history.key("scope")
    assert list((data_home() / "keys").glob("*/*.key"))
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        assert history.key("scope") == key
        assert list(history.results(run_id)) == []
        assert len(history.holding_unit_keys(BUCKET.id)) == 301
        saved(history, report(finding(verdict=Verdict.PASS), at=NOON + DAY, run_id="run-2"))
        assert history.findings()[finding().fingerprint].observed is Observed.FIXED
        odd = dataclasses.replace(BUCKET, id="file:h/\udcff\0")
        saved(history, report(stores=(odd,), at=NOON + 2 * DAY, run_id="run-3"))
        assert history.forget(NOON + 9 * DAY) == 3


def test_opened_by_several_at_once(url: str) -> None:
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            with History.open(url, password="env:HISTORY_PASSWORD") as history:
                run_id = history.begin(start(name))
                history.record(run_id, unit("u"))
                saved(history, report(finding(), run_id=run_id))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"c{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        assert len(history.runs()) == 4
        assert len(history.findings()) == 1


def test_decisions_and_a_version_1_history(url: str) -> None:
    fingerprint = finding().fingerprint
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        saved(history, report(finding()))
        history.decide(fingerprint, Workflow.ACCEPTED, "SIRO", NOON.date(), "small")
        # The tables as version 1 had them.
        with history._engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE dpscan_decisions")
            connection.exec_driver_sql("DROP TABLE dpscan_ci")
            connection.exec_driver_sql("UPDATE dpscan_schema SET version = 1")
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        made = history.decisions(fingerprint)
        assert [(d.number, d.by, d.value, d.expires) for d in made] == [
            (1, "SIRO: small", "accepted", NOON.date())
        ]
        run = CiRun("records", NOON, True, Severity.HIGH, {"x": ("OBJ-01", Severity.CRITICAL)})
        history.record_ci(run)
        history.record_ci(run)
        assert history.ci_runs() == [run]
        history.record_decisions([Decision(fingerprint, 0, NOON, "DPO", "notes", "a \0 note")])
        assert history.findings()[fingerprint].dpo_notes == "a \\x00 note"
        size = history.size()
        assert size.bytes > 0 and size.rows["decisions"] == 2
        history.compact()
        assert history.drop(["run-1", "never was"]) == 1
        assert history.runs() == ()


def test_decisions_made_at_once_are_numbered_apart(url: str) -> None:
    fingerprint = finding().fingerprint
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        saved(history, report(finding()))
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            with History.open(url, password="env:HISTORY_PASSWORD") as history:
                for number in range(5):
                    history.record_decisions(
                        [Decision(fingerprint, 0, NOON, name, "comment", f"{name} {number}")]
                    )
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"role {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with History.open(url, password="env:HISTORY_PASSWORD") as history:
        made = history.decisions(fingerprint)
    assert [d.number for d in made] == list(range(1, 16))
    assert len({d.value for d in made}) == 15
