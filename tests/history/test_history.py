"""The history on a real SQLite file: runs, journal, findings, held units, file modes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import scanner
from scanner.errors import ConfigError, DpscanError, LockedError
from scanner.history import History, RunStart, data_home
from scanner.model import (
    Inspected,
    Observed,
    Place,
    PlaceTally,
    Report,
    TypeTally,
    UnitResult,
    Verdict,
    Workflow,
)
from tests.history.sample import BUCKET, DAY, FOLDER, NOON, finding, full_report, report, summary

RULES = ["OBJ-01", "RET-01", "DB-03", "OBJ-09"]


@pytest.fixture
def history() -> Iterator[History]:
    with History.open(None) as opened:
        yield opened


def start(digest: str = "c1", targets: tuple[str, ...] = ("t",), at: dt.datetime | None = None) -> RunStart:
    at = at or dt.datetime.now(dt.UTC)
    return RunStart(at, scanner.__version__, digest, "r1", "seed-1", targets)


def unit(key: str, holds: bool = False, store: str = BUCKET.id, read: bool = True) -> UnitResult:
    tally = PlaceTally(Place((("object", "a.csv"),)), 3, 3, {("nino", "UK_NINO"): TypeTally("UK_NINO", 3)})
    return UnitResult(key, store, tallies=(tally,) if holds else (), bytes_read=10, read=read)


def saved(history: History, run: Report, *rules: str) -> Report:
    run = dataclasses.replace(run, history=history.advance(run, rules or RULES, {}))
    history.save(run)
    return run


def modes(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): stat.S_IMODE(p.stat().st_mode) for p in folder.rglob("*")}


def test_everything_is_private_whatever_the_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "deep" / "home"
    monkeypatch.setenv("DPSCAN_HOME", str(home))
    before = os.umask(0o000)
    try:
        with History.open(None) as history, history.lock(["scope"]):
            history.key("scope")
            run_id = history.begin(start())
            history.record(run_id, unit("u"))
            history.done_keys(run_id)
            found = modes(home)
    finally:
        os.umask(before)
    assert {"history.sqlite", "history.sqlite-wal", "history.sqlite-shm", "history.keys", "locks"} <= set(
        found
    )
    for name, mode in found.items():
        assert mode == (0o700 if (home / name).is_dir() else 0o600), name
    assert stat.S_IMODE(home.stat().st_mode) == stat.S_IMODE(home.parent.stat().st_mode) == 0o700


def test_home_of_somebody_is_not_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photographs").touch()
    tmp_path.chmod(0o755)
    monkeypatch.setenv("DPSCAN_HOME", str(tmp_path))
    data_home()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o755)
    monkeypatch.setenv("DPSCAN_HOME", str(empty))
    assert stat.S_IMODE(data_home().stat().st_mode) == 0o700


def test_home_without_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DPSCAN_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_home().name == "dpscan" and tmp_path in data_home().parents


def test_journal(history: History) -> None:
    run_id = history.begin(start())
    assert history.unfinished("c1", ("t",)) is None  # nothing recorded, nothing to resume
    for number in range(1203):
        history.record(run_id, unit(f"u{number}", holds=number == 7))
    history.record(run_id, unit("u3", holds=True))
    assert history.done_keys(run_id) == {f"u{number}" for number in range(1203)}
    results = list(history.results(run_id))
    assert len(results) == 1203
    assert results[-1] == unit("u3", holds=True)
    found = history.unfinished("c1", ("t",))
    assert found is not None and (found.id, found.seed) == (run_id, "seed-1")
    assert history.unfinished("c2", ("t",)) is None
    assert history.unfinished("c1", ("t", "more")) is None
    assert history.unfinished("c1", ("t",), within=dt.timedelta(seconds=-1)) is None


def test_a_new_run_supersedes_an_interrupted_one(history: History) -> None:
    first = history.begin(start())
    history.record(first, unit("u"))
    other = history.begin(start("another configuration"))
    history.record(other, unit("u"))
    second = history.begin(start())
    assert history.unfinished("c1", ("t",)) is None
    assert history.done_keys(first) == set()
    assert history.done_keys(other) == {"u"}
    states = {record.id: record.state for record in history.runs()}
    assert states == {first: "abandoned", other: "running", second: "running"}


def test_another_version_s_journal_is_not_resumed(history: History) -> None:
    run_id = history.begin(dataclasses.replace(start(), tool_version="0.0.1"))
    history.record(run_id, unit("u"))
    assert history.unfinished("c1", ("t",)) is None


KILLED = """
import sys, time
from tests.history.test_history import start, unit
from scanner.history import History
history = History.open(None)
run_id = history.begin(start())
for number in range(5):
    history.record(run_id, unit(f"u{number}"))
time.sleep(1.0)
print(run_id, flush=True)
time.sleep(60)
"""


def test_journal_survives_kill_9(history: History) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    run_id = child.stdout.readline().strip()
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=10)
    assert child.returncode == -signal.SIGKILL
    # Recorded a second before; nobody flushed or closed anything.
    found = history.unfinished("c1", ("t",))
    assert found is not None and found.id == run_id
    assert history.done_keys(run_id) == {f"u{number}" for number in range(5)}
    assert [result.unit_key for result in history.results(run_id)] == [f"u{n}" for n in range(5)]


def test_lone_results_are_committed_by_the_timer(history: History) -> None:
    run_id = history.begin(start())
    history.record(run_id, unit("u"))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and not _committed():
        time.sleep(0.05)
    assert _committed() == 1


def _committed() -> int:
    connection = sqlite3.connect(data_home() / "history.sqlite")
    try:
        return int(connection.execute("select count(*) from dpscan_journal").fetchone()[0])
    finally:
        connection.close()


def test_a_journal_that_cannot_be_written_says_so(history: History) -> None:
    run_id = history.begin(start())
    connection = sqlite3.connect(data_home() / "history.sqlite")
    connection.execute("drop table dpscan_journal")
    connection.close()
    history.record(run_id, unit("u"))
    with pytest.raises(DpscanError, match="cannot be written"):
        history.done_keys(run_id)
    history._journal._failed = None  # let the fixture close


def test_save_and_load(history: History) -> None:
    run = saved(history, full_report())
    assert history.load_report("latest") == run
    assert history.load_report(run.run.id) == run
    (record,) = history.runs()
    assert (record.id, record.state, record.exit_code, record.targets) == ("run-1", "finished", 1, ("t",))
    entries = history.findings()
    assert set(entries) == set(run.history)
    assert {entry.observed for entry in entries.values()} == {Observed.OPEN}
    with pytest.raises(ConfigError, match="no report of a run nope"):
        history.load_report("nope")


def test_no_runs_yet(history: History) -> None:
    assert history.runs() == ()
    with pytest.raises(ConfigError, match="no finished run"):
        history.load_report()


def test_second_run_has_nothing_new(history: History) -> None:
    saved(history, full_report())
    again = dataclasses.replace(full_report(), run=dataclasses.replace(full_report().run, id="run-2"))
    run = saved(history, again)
    assert all(not entry.is_new and entry.observed is Observed.OPEN for entry in run.history.values())
    assert len(history.findings()) == len(run.history)


def test_fixed_then_reopened_across_sessions() -> None:
    runs = (
        report(finding()),
        report(finding(verdict=Verdict.PASS), at=NOON + DAY, run_id="run-2"),
        report(finding(), at=NOON + 2 * DAY, run_id="run-3"),
    )
    for run in runs:
        with History.open(None) as history:
            saved(history, run)
    with History.open(None) as history:
        entry = history.findings()[finding().fingerprint]
        assert (entry.observed, entry.times_reopened) == (Observed.REOPENED, 1)
        assert history.load_report().run.id == "run-3"
    connection = sqlite3.connect(data_home() / "history.sqlite")
    rows = connection.execute("select run_id, before, after from dpscan_transitions order by at").fetchall()
    connection.close()
    assert rows == [("run-1", None, "open"), ("run-2", "open", "fixed"), ("run-3", "fixed", "reopened")]


def test_another_run_s_news_is_not_undone(history: History) -> None:
    """Two runs of two scopes overlap: the one that did not check must not overwrite the other."""
    saved(history, report(finding()))
    stale = report(at=NOON + 3 * DAY, run_id="slow", scopes=(), stores=(), summaries=())
    stale = dataclasses.replace(stale, history=history.advance(stale, RULES, {}))
    assert stale.history[finding().fingerprint].observed is Observed.NOT_RECHECKED
    saved(history, report(finding(verdict=Verdict.PASS), at=NOON + DAY, run_id="quick"))
    history.save(stale)
    assert history.findings()[finding().fingerprint].observed is Observed.FIXED


def test_decisions_are_people_s(history: History) -> None:
    run = saved(history, report(finding()))
    fingerprint = finding().fingerprint
    with pytest.raises(ConfigError, match="date until"):
        history.decide(fingerprint, Workflow.ACCEPTED, "Head of Licensing")
    with pytest.raises(ConfigError, match="no finding"):
        history.decide("nope", Workflow.DONE, "Head of Licensing")
    history.decide(fingerprint, Workflow.ACCEPTED, "Head of Licensing", dt.date(2026, 9, 1))
    # A waiver shown in a report is the configuration's business, not the history's.
    waived = dataclasses.replace(run.history[fingerprint], workflow=Workflow.FALSE_POSITIVE)
    history.save(dataclasses.replace(run, history={fingerprint: waived}))
    entry = history.findings()[fingerprint]
    assert (entry.workflow, entry.accepted_by, entry.acceptance_expires) == (
        Workflow.ACCEPTED,
        "Head of Licensing",
        dt.date(2026, 9, 1),
    )


def test_stores_and_their_names_are_remembered(history: History) -> None:
    named = dataclasses.replace(BUCKET, aliases=("endpoint:5432/db",))
    saved(history, report(stores=(named, FOLDER)))
    saved(history, report(stores=(BUCKET, FOLDER), at=NOON + DAY, run_id="run-2"))
    known = {store.id: store for store in history.known_stores()}
    assert known[BUCKET.id].aliases == ("endpoint:5432/db",)
    assert known[BUCKET.id].scope_id == BUCKET.scope_id
    assert known[BUCKET.id].last_seen == NOON + DAY


def held(
    history: History, run_id: str, *units: UnitResult, whole: bool = False, at: dt.datetime = NOON
) -> set[str]:
    history._journal.flush()
    for result in units:
        history.record(run_id, result)
    inspected = Inspected.ALL if whole else Inspected.SAMPLED
    saved(history, report(run_id=run_id, at=at, summaries=(summary(BUCKET, inspected), summary(FOLDER))))
    return history.holding_unit_keys(BUCKET.id)


def test_units_that_held_something_are_remembered(history: History) -> None:
    elsewhere = unit("x", True, store=FOLDER.id)
    assert held(history, "1", unit("a", True), unit("b"), unit("c", True), elsewhere) == {"a", "c"}
    assert list(history.results("1")) == []  # the journal of a saved run is gone
    # Not drawn again, or not readable: still remembered. Read and empty: forgotten.
    assert held(history, "2", unit("a"), unit("c", read=False), at=NOON + DAY) == {"c"}
    assert held(history, "3", unit("d", True), at=NOON + 2 * DAY) == {"c", "d"}
    # Everything was read, and c is no longer there.
    assert held(history, "4", unit("d", True), unit("e"), whole=True, at=NOON + 3 * DAY) == {"d"}
    assert history.holding_unit_keys(FOLDER.id) == set()  # its summary said all was read, without x


def test_a_stopped_run_can_be_resumed(history: History) -> None:
    run_id = history.begin(start())
    history.record(run_id, unit("a", True))
    run = report(finding(), run_id=run_id, at=dt.datetime.now(dt.UTC))
    run = dataclasses.replace(run, run=dataclasses.replace(run.run, complete=False))
    saved(history, run)
    found = history.unfinished("c1", ("t",))
    assert found is not None and found.id == run_id
    assert history.done_keys(run_id) == {"a"}
    saved(history, dataclasses.replace(run, run=dataclasses.replace(run.run, complete=True)))
    assert history.unfinished("c1", ("t",)) is None
    assert [record.state for record in history.runs()] == ["finished"]


def test_forget(history: History) -> None:
    saved(history, report(finding(), finding("RET-01", FOLDER)))
    saved(
        history,
        report(finding(verdict=Verdict.PASS), finding("RET-01", FOLDER), at=NOON + DAY, run_id="run-2"),
    )
    saved(history, report(finding("RET-01", FOLDER), at=NOON + 9 * DAY, run_id="run-3"))
    assert history.forget(NOON + 5 * DAY) == 2
    assert [record.id for record in history.runs()] == ["run-3"]
    assert set(history.findings()) == {finding("RET-01", FOLDER).fingerprint}


def test_names_that_are_no_text(history: History) -> None:
    odd = dataclasses.replace(BUCKET, id="file:h/\udcff\0", aliases=("\udc80",))
    run = saved(
        history, report(finding(store=odd, fingerprint="f1"), stores=(odd,), summaries=(summary(odd),))
    )
    assert history.load_report() == run
    history.record("r", unit("k", True, store=odd.id))
    assert next(iter(history.results("r"))).store_id == odd.id


def test_locks(history: History) -> None:
    with history.lock(["a", "b"]):
        with (
            pytest.raises(LockedError, match=f"process {os.getpid()} on .* since .*Wait until"),
            history.lock(["c", "b"]),
        ):
            pass
        with history.lock(["c"]):  # the refused attempt let go of it
            pass
    with history.lock(["b", "a"]):
        pass


LOCKER = """
import sys, time
from scanner.history import History
with History.open(None) as history, history.lock(["scope"]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_leaves_no_lock(history: History) -> None:
    child = subprocess.Popen([sys.executable, "-c", LOCKER], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "held\n"
    with pytest.raises(LockedError, match=f"process {child.pid}"), history.lock(["scope"]):
        pass
    child.kill()
    child.communicate(timeout=10)
    with history.lock(["scope"]):
        pass


def test_keys(history: History) -> None:
    one, other = history.key("a"), history.key("b")
    assert len(one) == 32 and one != other
    assert history.key("a") == one == history.key_file("a").read_bytes()
    assert len(history.key_file("never asked before").read_bytes()) == 32
    assert history.renew_key("a") == history.key("a") != one
    connection = sqlite3.connect(data_home() / "history.sqlite")
    dump = "\n".join(connection.iterdump())
    connection.close()
    assert one.hex() not in dump.lower()


RACER = """
import sys
from scanner.history import History
with History.open(None) as history:
    sys.stdin.readline()
    for scope in range(20):
        print(history.key(str(scope)).hex())
"""


def test_processes_that_race_get_the_same_keys_and_tables(history: History) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", RACER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    answers = {child.communicate(timeout=60)[0] for child in children}
    assert len(answers) == 1
    assert answers == {"".join(history.key(str(scope)).hex() + "\n" for scope in range(20))}


def test_a_damaged_key_is_named(history: History) -> None:
    history.key("a")
    (path,) = (data_home() / "history.keys").glob("*.key")
    path.write_bytes(b"short")
    with pytest.raises(DpscanError, match="damaged; remove it"):
        history.key("a")


def test_two_histories_have_keys_of_their_own(tmp_path: Path, history: History) -> None:
    url = f"sqlite:///{tmp_path / 'other' / 'team.sqlite'}"
    with History.open(url) as other:
        assert other.key("a") != history.key("a")
    assert (tmp_path / "other" / "team.keys").is_dir()
    assert stat.S_IMODE((tmp_path / "other").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://host/db", "mysql is not supported"),
        ("sqlite://", "sqlite is not supported; use a SQLite file"),
        ("not a url", "not a database URL"),
        ("sqlite:////proc/nowhere/history.sqlite", "cannot be written"),
        ("postgresql://u:verysecret@127.0.0.1:1/db", "cannot be opened"),
    ],
)
def test_what_cannot_be_opened(url: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        History.open(url)
    assert "verysecret" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    path.write_text("this is not a database, it only looks like one from afar" * 100)
    with pytest.raises(ConfigError, match="cannot be opened: it is damaged, or no history"):
        History.open(f"sqlite:///{path}")


def test_a_mistyped_name_makes_no_history(tmp_path: Path) -> None:
    wanted = tmp_path / "typo" / "history.sqlite"
    with pytest.raises(ConfigError, match="there is no file"):
        History.open(f"sqlite:///{wanted}", create=False)
    assert not wanted.parent.exists()


def test_a_newer_history_is_refused(history: History) -> None:
    history.close()
    connection = sqlite3.connect(data_home() / "history.sqlite")
    connection.execute("insert into dpscan_schema values (99, '2030-01-01')")
    connection.commit()
    connection.close()
    with pytest.raises(ConfigError, match="newer dpscan"):
        History.open(None)


def test_importing_the_history_is_cheap() -> None:
    """`dpscan --help` must not wait half a second for SQLAlchemy."""
    code = "import sys, scanner.history; print('sqlalchemy' in sys.modules, 'platformdirs' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
