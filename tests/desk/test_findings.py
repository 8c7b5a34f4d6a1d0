"""`dpscan findings`, `diff` and `history`, as people use them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from scanner.cli.history import _bytes
from scanner.errors import ConfigError
from scanner.history import History
from scanner.model import Coverage, Inspected, Severity, Verdict
from tests.desk.office import DPO, NOW, ONE, RULES, THREE, TWO, department, dpscan, scanned
from tests.history.sample import BUCKET, FOLDER, finding, report, summary

DAY = dt.timedelta(days=1)


def listed(*arguments: str) -> list[str]:
    done = dpscan("findings", "list", "--json", *arguments)
    assert done.exit_code == 0, done.output
    return [row["rule"] for row in json.loads(done.output)]


def test_list_and_its_filters() -> None:
    scanned(department())
    assert listed() == ["DB-03", "OBJ-01", "RET-01"]
    assert listed("--severity", "critical") == []
    assert listed("--severity", "high", "--rule", "OBJ-*") == ["OBJ-01"]
    assert listed("--store", "file:*") == ["DB-03", "RET-01"]
    assert listed("--owner", "none") == ["DB-03", "RET-01"]
    assert listed("--owner", "=head of*") == ["OBJ-01"]
    assert listed("--due-before", "2026-01-01") == []
    assert listed("--due-before", str((NOW + 15 * DAY).date())) == ["DB-03", "OBJ-01", "RET-01"]
    dpscan("findings", "assign", TWO.fingerprint, "--to", "Cloud team", "--by", DPO)
    assert listed("--owner", "cloud*") == ["RET-01"]
    dpscan("findings", "start", TWO.fingerprint, "--by", DPO)
    assert listed("--state", "in progress") == ["RET-01"]
    dpscan("findings", "false-positive", TWO.fingerprint, "--reason", "none", "--by", DPO)
    assert listed("--state", "false positive") == ["RET-01"]
    assert listed() == ["DB-03", "OBJ-01"]
    assert listed("--state", "all") == ["DB-03", "OBJ-01", "RET-01"]
    shown = dpscan("findings", "list")
    assert "2 findings" in shown.output and ONE.fingerprint[:12] in shown.output


def test_an_acceptance_that_has_run_out_is_open_again() -> None:
    scanned(department())
    with History.open(None) as history:
        from scanner.model import Workflow

        history.decide(ONE.fingerprint, Workflow.ACCEPTED, "SIRO", NOW.date() - DAY, "small")
    assert "OBJ-01" in listed()
    shown = dpscan("findings", "show", ONE.fingerprint)
    assert "the acceptance by SIRO: small expired on" in shown.output
    run = scanned(department(NOW + DAY, "run-2"))
    assert run.history[ONE.fingerprint].accepted_by == "SIRO: small"


def test_accept_and_take_back() -> None:
    scanned(department())
    until = str((NOW + 100 * DAY).date())
    done = dpscan("findings", "accept", ONE.fingerprint[:6], THREE.fingerprint, "--owner", "SIRO", "--reason",
                  "permanent", "--until", until)  # fmt: skip
    assert done.output.count("recorded") == 2
    assert listed("--state", "accepted") == ["DB-03", "OBJ-01"]
    dpscan("findings", "comment", ONE.fingerprint, "-m", "rang\x1b[31m them", "--by", "Team")
    dpscan("findings", "withdraw", ONE.fingerprint, "--by", "Auditor", "--reason", "not small")
    dpscan("findings", "due", ONE.fingerprint, "--on", "31/12/2027", "--by", "Head")
    shown = dpscan("findings", "show", ONE.fingerprint).output
    for line in (
        f"SIRO: workflow accepted (permanent), until {until}",
        "Team: comment rang\ufffd[31m them",
        "Auditor: workflow new (not small)",
        "Head: due 2027-12-31",
        "due: 2027-12-31",
    ):
        assert line in shown, shown
    assert listed("--state", "accepted") == ["DB-03"]
    dpscan("findings", "due", ONE.fingerprint, "--by", "Head")
    assert "due: 2027-12-31\n" not in dpscan("findings", "show", ONE.fingerprint).output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("accept", "0f0e0d0c", "--owner", "SIRO", "--reason", "x", "--until", "2020-01-01"),
            "lies in the past",
        ),
        (("accept", "0f0e0d0c", "--owner", " ", "--reason", "x", "--until", "2099-01-01"), "needs the role"),
        (("accept", "0f0e0d0c", "--owner", "a", "--reason", "x", "--until", "soon"), "expected a date"),
        (("accept", "0f0e0d0c", "--owner", "a", "--until", "2099-01-01"), "--reason"),
        (("done", "0f0e0d0c"), "--by"),
        (("comment", "0f0e0d0c", "-m", " ", "--by", "x"), "empty"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], says: str) -> None:
    scanned(department())
    done = dpscan("findings", *arguments)
    assert done.exit_code == 2 and says in done.output
    with History.open(None) as history:
        assert history.decisions() == []


@pytest.mark.parametrize("name", ["0", "", "ffff", "1"])
def test_ids_must_be_one_finding_s(name: str) -> None:
    scanned(department())
    assert isinstance(dpscan("findings", "done", name, "--by", "x").exception, ConfigError)


def test_the_role_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    scanned(department())
    monkeypatch.setenv("DPSCAN_BY", "Night shift")
    assert dpscan("findings", "done", ONE.fingerprint).exit_code == 0
    assert "Night shift: workflow done" in dpscan("findings", "show", ONE.fingerprint).output


def test_waivers_of_a_configuration_show(tmp_path: Path) -> None:
    scanned(department())
    config = tmp_path / "c.yaml"
    config.write_text(
        "targets: [{connector: files, path: .}]\n"
        "waivers: [{rule: OBJ-01, store: '*', owner: SIRO, reason: small, expires: 2099-01-01}]\n"
    )
    assert listed("-c", str(config)) == ["DB-03", "RET-01"]


# --- diff ---------------------------------------------------------------------------


def four_runs() -> None:
    scanned(report(ONE, TWO, at=NOW, run_id="a"))
    scanned(
        report(
            finding("OBJ-01", verdict=Verdict.PASS, fingerprint=ONE.fingerprint),
            TWO,
            at=NOW + DAY,
            run_id="b",
        )
    )
    worse = finding("RET-01", FOLDER, fingerprint=TWO.fingerprint, severity=Severity.CRITICAL)
    scanned(report(ONE, worse, THREE, at=NOW + 2 * DAY, run_id="c"))
    scanned(
        report(
            THREE, at=NOW + 3 * DAY, run_id="d", scopes=(), stores=(BUCKET,),
            summaries=(summary(BUCKET, Inspected.SAMPLED),), coverage=Coverage(2, 1, 2, 1, 10, 5),
        )
    )  # fmt: skip


def between(before: str, after: str) -> dict[str, list[str]]:
    done = dpscan("diff", before, after, "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.output)
    groups = ("new", "reopened", "fixed", "gone", "not_rechecked", "severity")
    return {name: [line["rule"] for line in data[name]] for name in groups if data[name]}


def test_diff() -> None:
    four_runs()
    assert between("a", "a") == {}
    assert between("a", "b") == {"fixed": ["OBJ-01"]}
    assert between("b", "c") == {"reopened": ["OBJ-01"], "new": ["DB-03"], "severity": ["RET-01"]}
    assert between("c", "d") == {"not_rechecked": ["RET-01", "OBJ-01"]}
    assert between("a", "c") == {"reopened": ["OBJ-01"], "new": ["DB-03"], "severity": ["RET-01"]}
    assert between("b", "a") == between("a", "b"), "the earlier one is always the first"
    text = dpscan("diff", "c").output
    assert "From c to d" in text and "Not re-checked (still open): 2" in text
    assert "Coverage: 2 of 2 stores (100%) -> 1 of 2 stores (50%)" in text
    assert f"{BUCKET.id}: inspected all -> sampled, short of the bound" in text
    assert f"{FOLDER.id}: inspected all -> not there" in text
    assert isinstance(dpscan("diff", "nope").exception, ConfigError)


def test_no_finding_vanishes_between_two_runs() -> None:
    """Every finding open in either run is in exactly one group, or unchanged."""
    four_runs()
    with History.open(None) as history:
        reports = {run: history.load_report(run) for run in "abcd"}
    for before in "abc":
        for after in "bcd":
            if before < after:
                data = json.loads(dpscan("diff", before, after, "--json").output)
                groups = ("new", "reopened", "fixed", "gone", "not_rechecked", "severity")
                named = [line["id"] for name in groups for line in data[name]]
                assert len(named) == len(set(named))
                opened = {
                    key
                    for run in (before, after)
                    for key, entry in reports[run].history.items()
                    if entry.observed.value not in ("fixed", "gone")
                }
                assert len(opened - set(named)) == data["unchanged"]


# --- history --------------------------------------------------------------------------


def test_size_and_prune() -> None:
    old = NOW - 500 * DAY
    for number in range(30):
        scanned(department(old + number * DAY, f"old-{number}"))
    scanned(department(NOW, "now"))
    dpscan("findings", "comment", ONE.fingerprint, "-m", "x", "--by", "y")
    assert "reports of 31 runs" in dpscan("history", "size").output
    assert "30 runs older" in dpscan("history", "prune", "--keep", "400d", "--dry-run").output
    assert "reports of 31 runs" in dpscan("history", "size").output
    done = dpscan("history", "prune", "--keep", "400d")
    assert "30 runs older" in done.output
    size = dpscan("history", "size").output
    assert "reports of 1 runs" in size and "0 B of it free" in size and "3 findings, 1 decisions" in size
    for wrong in ("0d", "soon", "-1", "999999d"):
        assert dpscan("history", "prune", "--keep", wrong).exit_code == 2
    assert [_bytes(n) for n in (0, 999, 1500, 123_456, 5 * 10**12)] == [
        "0 B",
        "999 B",
        "1.5 kB",
        "123 kB",
        "5.0 TB",
    ]
    assert set(RULES) == set(listed())


def test_thinning_keeps_one_a_week() -> None:
    monday = (NOW - 200 * DAY) - (NOW - 200 * DAY).weekday() * DAY
    for number in range(21):
        scanned(report(ONE if number % 2 else TWO, at=monday + number * DAY, run_id=f"old-{number:02}"))
    scanned(department(NOW, "now"))
    done = dpscan("history", "prune", "--keep", "3y", "--weekly-after", "90d")
    assert "18 further runs deleted" in done.output, done.output
    with History.open(None) as history:
        assert [run.id for run in history.runs()] == ["now", "old-20", "old-13", "old-06"]
        assert history.load_report("old-13").run.id == "old-13"
        assert set(history.findings()) == {f.fingerprint for f in (ONE, TWO, THREE)}
    assert (
        "0 further runs deleted" in dpscan("history", "prune", "--keep", "3y", "--weekly-after", "90d").output
    )


def test_an_id_that_is_none_and_one_that_is_too_short() -> None:
    scanned(department())
    none, short = (dpscan("findings", "show", given) for given in ("zzzz", ONE.fingerprint[:2]))
    assert "no finding begins with 'zzzz'" in str(none.exception)
    assert "too short" in str(short.exception)
