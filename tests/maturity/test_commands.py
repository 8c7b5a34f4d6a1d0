"""`dpscan maturity` and `dpscan kpis` over a stored history."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.cli import cli
from scanner.errors import ConfigError
from scanner.history import History
from scanner.model import Sensitivity
from tests.maturity.made import DAY, FAIL, PASS, RULES, START, STORE_RULES, Bucket, report

GOOD = dict.fromkeys(STORE_RULES, PASS)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DPSCAN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'history.db'}"
    estate = [Bucket("one", GOOD, Sensitivity.S3), Bucket("two", GOOD | {"OBJ-06": FAIL})]
    with History.open(url) as store:
        for days in range(3):
            run = report(estate, START + days * DAY, rules=RULES)
            store.save(run)
    return url


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(cli, list(arguments))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_the_profile(history: str) -> None:
    shown = run("maturity", "--history", history, "--as-of", "2026-01-08").output
    assert "Observed maturity: level" in shown
    assert "D10 Improvement" in shown
    assert "It is no statement that any law is kept" in shown
    assert "small n" in shown.lower()
    assert "Index over the last runs" in shown


def test_json_and_csv_agree(history: str) -> None:
    plain = json.loads(
        run("maturity", "--history", history, "--as-of", "2026-01-08", "--format", "json").output
    )
    rows = list(
        csv.DictReader(
            io.StringIO(
                run("maturity", "--history", history, "--as-of", "2026-01-08", "--format", "csv").output
            )
        )
    )
    assert [row["domain"] for row in rows] == [d["id"] for d in plain["domains"]]
    assert len(plain["trend"]) == 3
    for row, domain in zip(rows, plain["domains"], strict=True):
        assert (float(row["low"]) if row["low"] else None) == domain["low"]


def test_one_domain_and_the_attested_panel(history: str, tmp_path: Path) -> None:
    file = tmp_path / "attestations.yaml"
    file.write_text(
        "answers:\n  - {id: training, answer: Successfully implemented, answered_by: DPO, date: 2026-01-01, expires: 2026-12-31}\n"
    )
    shown = run("maturity", "--history", history, "--as-of", "2026-01-08", "--domain", "d5").output
    assert "What would raise D5 Encryption" in shown
    assert "OBJ-06" in shown
    assert "Attested, not verified" in shown, "attestations.yaml beside you is read"
    file.write_text("answers: [{id: training}]\n")
    with pytest.raises(ConfigError) as error:
        run("maturity", "--history", history, "--as-of", "2026-01-08")
    assert "answers.0.answer: is required" in str(error.value)
    assert "No domain is called D11" in run("maturity", "--history", history, "--domain", "D11").output


def test_caf(history: str) -> None:
    shown = run("maturity", "--history", history, "--caf", "--as-of", "2026-01-08").output
    assert "Evidence towards CAF 4.0 outcomes" in shown
    assert "for an assessor" in shown
    rows = list(
        csv.DictReader(io.StringIO(run("maturity", "--history", history, "--caf", "--format", "csv").output))
    )
    assert {row["caf_version"] for row in rows} == {"4.0"}


def test_kpis_in_three_formats(history: str) -> None:
    arguments = ("kpis", "--history", history, "--as-of", "2026-01-08")
    shown = run(*arguments).output
    assert "Key figures as of 2026-01-08" in shown
    assert "not available: no CI run has reported back" in " ".join(shown.split())
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").output)))
    assert [row["kpi"] for row in rows] == [f"K{n}" for n in range(1, 26)]
    assert rows[20]["value"] == ""
    plain = json.loads(run(*arguments, "--format", "json").output)
    assert plain["kpis"][20]["value"] is None
    assert [len(kpi["trend"]) for kpi in plain["kpis"]] == [3] * 25
    assert rows[2]["value"] == str(plain["kpis"][2]["value"])


def test_an_empty_history_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DPSCAN_HOME", str(tmp_path))
    for command in ("maturity", "kpis"):
        with pytest.raises(ConfigError) as error:
            run(command)
        assert "run `dpscan scan` first" in str(error.value)


def test_a_mistake_in_the_attestations_names_line_and_key(history: str, tmp_path: Path) -> None:
    file = tmp_path / "said.yaml"
    file.write_text("answers:\n  - id: nobody\n    answer: perhaps\n    answered_by: DPO\n    date: 1/2/26\n"
                    "    expires: 2027-01-01\ntopics: []\n")  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        run("maturity", "--history", history, "--attestations", str(file))
    said = {(problem.line, problem.key) for problem in caught.value.problems}
    assert {(2, "answers.0.id"), (3, "answers.0.answer"), (5, "answers.0.date"), (7, "topics")} <= said, said
