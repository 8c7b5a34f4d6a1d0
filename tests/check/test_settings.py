"""A configuration, a baseline, thresholds: what they change and what is said of mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.errors import ConfigError
from tests.check.repository import Repository, run

_DATABASE = 'resource "aws_db_instance" "d" {\n  engine = "postgres"\n  storage_encrypted = false\n}\n'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repo")
    made.write(**{"infra/main.tf": _DATABASE, "sandbox/main.tf": _DATABASE})
    return made


def config(repository: Repository, text: str) -> str:
    repository.write(**{"dpscan.yaml": text})
    return str(repository.folder / "dpscan.yaml")


def test_thresholds_by_path(repository: Repository) -> None:
    assert repository.check().exit_code == 1
    for path, code in (("infra/*", 1), ("*", 0)):
        file = config(repository, f"check:\n  fail_on:\n    - {{path: '{path}', fail_on: never}}\n")
        assert repository.check("-c", file).exit_code == code
    file = config(repository, "fail_on: critical\n")
    assert repository.check("-c", file).exit_code == 0
    assert repository.check("-c", file, "--fail-on", "high").exit_code == 1
    file = config(repository, "fail_on: never\ncheck:\n  fail_on:\n    - {path: infra/*, fail_on: low}\n")
    assert repository.check("-c", file).exit_code == 1
    assert repository.check("-c", file, path="sandbox").exit_code == 0, "paths count from the top"


def test_unknown_fails_where_asked(repository: Repository) -> None:
    assert repository.check("--fail-on", "never").exit_code == 0
    done = repository.check("--fail-on", "never", "--fail-on-unknown")
    assert done.exit_code == 1
    assert "could not be answered" in done.stdout


def test_exclusions_are_listed_and_fail_nothing(repository: Repository) -> None:
    file = config(
        repository,
        "check:\n  exclude:\n    - {path: sandbox/*, by: platform team, reason: thrown away nightly}\n",
    )
    done = repository.check("-c", file, "--fail-on", "never")
    assert done.exit_code == 0
    assert "sandbox/main.tf: excluded: excluded by platform team: thrown away nightly" in done.stdout
    assert {resource for _, resource in repository.findings("-c", file)} == {"aws_db_instance.d"}
    assert len([r for r in repository.rows("-c", file) if r.get("rule") == "DB-03"]) == 1


def test_policy_and_register_reach_the_rules(repository: Repository) -> None:
    file = config(
        repository,
        "policy:\n  approved_regions: [eu-west-2]\n  mandatory_tags: [Owner]\n"
        "register:\n  - {store: '*', environment: production}\n",
    )
    repository.write(**{"infra/provider.tf": 'provider "aws" {\n  region = "us-east-1"\n}\n'})
    found = repository.findings("-c", file, path="infra")
    assert ("LOC-01", "aws_db_instance.d") in found
    assert ("IAC-04", "aws_db_instance.d") in found
    assert not {rule for rule, _ in repository.findings(path="infra")} & {"LOC-01", "IAC-04"}


def test_rules_switched_off(repository: Repository) -> None:
    file = config(repository, "rules:\n  switch_off: [DB-03]\n")
    assert "DB-03" not in {rule for rule, _ in repository.findings("-c", file)}


def test_other_rules_than_those_pinned_are_refused(repository: Repository) -> None:
    done = repository.check("-c", config(repository, "rules:\n  pin: 0123456789ab\n"))
    assert isinstance(done.exception, ConfigError)
    assert "rules.pin" in str(done.exception)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("check:\n  fail_on:\n    - {path: x}\n", "check.fail_on.0.fail_on: is required"),
        ("check:\n  private: true\n", "check.private: is not a key that is known here"),
        ("check:\n  inline_waivers:\n    veto: [{rule: X}]\n", "check.inline_waivers.veto.0.by: is required"),
        ("check: [\n", "not valid YAML"),
    ],
)
def test_mistakes_of_the_configuration(repository: Repository, text: str, says: str) -> None:
    done = repository.check("-c", config(repository, text))
    assert isinstance(done.exception, ConfigError)
    assert says in str(done.exception)
    assert "dpscan.yaml" in str(done.exception)


# --- baseline ---------------------------------------------------------------------


def test_a_baseline_hides_what_it_knows_and_nothing_else(repository: Repository) -> None:
    file = str(repository.folder / "baseline.json")
    done = repository.check("--baseline", file, "--write-baseline")
    assert done.exit_code == 0
    assert "written to" in done.stdout
    assert repository.findings("--baseline", file) == set()
    assert repository.check("--baseline", file).exit_code == 0
    # The same resource and mistake in another file is new (a baseline by address alone would hide it).
    repository.write(**{"other/main.tf": _DATABASE})
    rows = [r for r in repository.rows("--baseline", file) if r.get("rule") == "DB-03"]
    assert [row["file"] for row in rows] == ["other/main.tf"]
    # Whichever folder is checked, findings have the same fingerprint.
    assert repository.findings("--baseline", file, path="infra") == set()


def test_worse_than_the_baseline_is_told(repository: Repository) -> None:
    file = str(repository.folder / "baseline.json")
    repository.write(**{"infra/main.tf": 'variable "on" {}\n' + _DATABASE.replace("false", "var.on")})
    repository.check("--baseline", file, "--write-baseline")
    repository.write(**{"infra/main.tf": _DATABASE})
    rows = [r for r in repository.rows("--baseline", file) if r.get("rule") == "DB-03"]
    assert rows[0]["note"] == "It could not be told when the baseline was written."


def test_entries_that_stand_for_nothing_are_counted(repository: Repository) -> None:
    file = str(repository.folder / "baseline.json")
    repository.check("--baseline", file, "--write-baseline")
    repository.write(**{"infra/main.tf": _DATABASE.replace("false", "true")})
    assert "no longer occur" in repository.check("--baseline", file).stdout


def test_the_baseline_holds_no_values(repository: Repository) -> None:
    file = repository.folder / "baseline.json"
    repository.write(**{"infra/main.tf": _DATABASE.replace("postgres", "hunter2-of-nobody")})
    repository.check("--baseline", str(file), "--write-baseline")
    assert "hunter2" not in file.read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "write one with --write-baseline"),
        ("{", "not JSON"),
        ("[]", "expected a baseline of dpscan"),
        ('{"dpscan_baseline": 1, "findings": {}}', "findings: expected a list"),
        ('{"dpscan_baseline": 1, "findings": [{}]}', "findings.0: expected an entry with a fingerprint"),
        (
            '{"dpscan_baseline": 1, "findings": [{"fingerprint": "x", "severity": "bad"}]}',
            "findings.0.severity",
        ),
    ],
)
def test_mistakes_of_the_baseline(repository: Repository, text: str | None, says: str) -> None:
    file = repository.folder / "baseline.json"
    if text is not None:
        file.write_text(text)
    done = repository.check("--baseline", str(file))
    assert isinstance(done.exception, ConfigError)
    assert says in str(done.exception)


def test_mistakes_of_usage(repository: Repository) -> None:
    folder = str(repository.folder)
    assert run(folder, "--write-baseline").exit_code == 2
    assert run(folder, "--verdicts", "all").exit_code == 2
    assert run(folder, "-o", str(repository.folder / "absent" / "x")).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "sarif"), "which file? Say sarif:FILE"),
        (("-o", "sarif:"), "which file? Say sarif:FILE"),
        (("-o", "sariff:x.sarif"), "sariff is no format; there are text, sarif"),
        (("-o", "jsonl:-"), "what is printed is chosen by --format"),
        (("-o", "sarif:a.out", "-o", "junit:a.out"), "a.out is named twice"),
        (
            ("--baseline", "b.json", "--write-baseline", "--diff", "HEAD"),
            "with --diff it would keep a part only",
        ),
    ],
)
def test_what_goes_together_is_checked_first(
    arguments: tuple[str, ...], says: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder)
    before = sorted(repository.folder.iterdir())
    done = run(".", *arguments)
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())
    assert sorted(repository.folder.iterdir()) == before


def test_several_outputs_at_once(repository: Repository, tmp_path: Path) -> None:
    done = repository.check("-o", f"sarif:{tmp_path / 'x.sarif'}", "-o", f"junit:{tmp_path / 'x.xml'}")
    assert "DB-03" in done.stdout, "text is still printed"
    assert json.loads((tmp_path / "x.sarif").read_text())["version"] == "2.1.0"
    assert "<testsuite" in (tmp_path / "x.xml").read_text()
    done = repository.check("--format", "gitlab", "-o", str(tmp_path / "quality.json"))
    assert done.stdout == ""
    assert json.loads((tmp_path / "quality.json").read_text())
