"""Personal data in the files, as `dpscan check` tells it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.cli import cli
from tests.repository.invented import people

PEOPLE = people(8)
_ROWS = "".join(
    f"{p.given},{p.family},{p.nhs},{p.nino},{p.email},{p.phone},{p.born},Asthma\n" for p in PEOPLE
)
_CSV = "first_name,last_name,nhs_number,nino,email,phone,date_of_birth,diagnosis\n" + _ROWS
_CODE = f'PERSON = {{"name": "{PEOPLE[0].given} {PEOPLE[0].family}", "nino": "{PEOPLE[0].nino}"}}\n'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["check", *map(str, arguments)])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "patients.csv").write_text(_CSV)
    (tmp_path / "seed.py").write_text(_CODE)
    return tmp_path


def test_found_with_file_and_line(repository: Path) -> None:
    done = run(repository)
    assert done.exit_code == 1
    assert "fixtures/patients.csv:2: Critical IAC-07" in done.stdout
    assert "seed.py:1: High IAC-07" in done.stdout
    assert run(repository, "--no-personal-data").exit_code == 3  # nothing else is there to read


@pytest.mark.parametrize("form", ["text", "jsonl", "github", "sarif", "markdown", "junit", "gitlab"])
def test_no_format_shows_a_value(repository: Path, form: str) -> None:
    done = run(repository, "--format", form)
    assert "IAC-07" in done.stdout
    for person in PEOPLE:
        for value in person.values:
            assert value.lower() not in done.stdout.lower()


def test_one_file_by_itself(repository: Path) -> None:
    done = run(repository / "seed.py")
    assert "seed.py:1" in done.stdout and "patients.csv" not in done.stdout


def test_fingerprints_are_of_the_path_and_the_same_from_above(repository: Path) -> None:
    def marks(folder: Path) -> set[str]:
        rows = map(json.loads, run(folder, "--format", "jsonl").stdout.splitlines())
        return {row["fingerprint"] for row in rows if row["rule"] == "IAC-07" and "patients" in row["file"]}

    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    assert marks(repository) == marks(repository / "fixtures") and len(marks(repository)) == 1


def test_only_what_changed_and_only_its_lines(repository: Path) -> None:
    def git(*arguments: str) -> None:
        given = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", str(repository), *given, *arguments], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "before")
    git("checkout", "-qb", "change")
    (repository / "new.env").write_text(f"NHS_NUMBER={PEOPLE[1].nhs}\n")
    (repository / "seed.py").write_text("# reviewed\n" + _CODE)
    done = run(repository, "--diff", "main")
    assert "new.env:1: High IAC-07" in done.stdout
    assert "patients.csv" not in done.stdout
    assert "seed.py" not in done.stdout  # the line with the number is an old one
    (repository / "seed.py").write_text(_CODE + f'OTHER = "NHS number: {PEOPLE[2].nhs}"\n')
    assert "seed.py:2: High IAC-07" in run(repository, "--diff", "main").stdout


def test_central_acceptance_and_exclusion(repository: Path) -> None:
    config = repository / "dpscan.yaml"
    config.write_text(
        "check:\n  exclude:\n    - {path: seed.py, by: head of casework, reason: invented}\n"
        "waivers:\n  - {rule: IAC-07, store: fixtures/patients.csv, owner: head of casework, reason: invented, expires: 2099-01-01}\n"
    )
    done = run(repository, "-c", config)
    assert done.exit_code == 0, done.output
    assert "Accepted:" in done.stdout and "seed.py" not in done.stdout


def test_ignored_by_file(repository: Path) -> None:
    (repository / ".dpscanignore").write_text("fixtures/\nseed.py\n")
    assert "IAC-07" not in run(repository).stdout
