"""`--diff`: what a change introduces, in real Git repositories."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scanner.errors import ConfigError
from tests.check.repository import Repository, run

_BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "example-cases"\n}\n'
_LOGGING = (
    'resource "aws_s3_bucket_logging" "b" {\n  bucket = aws_s3_bucket.b.id\n'
    '  target_bucket = "example-logs"\n  target_prefix = "b/"\n}\n'
)
_DATABASE = 'resource "aws_db_instance" "d" {\n  engine = "postgres"\n  storage_encrypted = false\n}\n'
_LOGGED = ("OBJ-08", "aws_s3_bucket.b")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A bucket with logging and a database without encryption on `main`; a branch is checked out."""
    made = Repository(tmp_path / "repo")
    made.write(**{"infra/main.tf": _BUCKET + _LOGGING, "infra/db.tf": _DATABASE})
    made.commit()
    made.git("checkout", "--quiet", "-b", "change")
    return made


def test_nothing_changed_is_nothing_told(repository: Repository) -> None:
    assert ("DB-03", "aws_db_instance.d") in repository.findings()
    assert repository.findings("--diff", "main") == set()
    assert repository.check("--diff", "main").exit_code == 0


def test_a_deleted_satellite_brings_a_finding_on_a_line_that_did_not_change(repository: Repository) -> None:
    repository.write(**{"infra/main.tf": _BUCKET})
    assert repository.findings("--diff", "main") == {_LOGGED}
    repository.commit()
    assert repository.findings("--diff", "main") == {_LOGGED}


def test_a_deleted_satellite_in_another_file(repository: Repository) -> None:
    repository.write(**{"infra/main.tf": _BUCKET, "infra/logging.tf": _LOGGING})
    repository.commit("moved")
    repository.git("branch", "--force", "main", "change")
    (repository.folder / "infra/logging.tf").unlink()
    assert repository.findings("--diff", "main") == {_LOGGED}


def test_renamed_and_moved_is_not_new(repository: Repository) -> None:
    repository.git("mv", "infra/db.tf", "infra/database.tf")
    assert repository.findings("--diff", "main") == set()
    repository.commit()
    assert repository.findings("--diff", "main") == set()
    # To another file of the folder, together with what was there.
    repository.write(**{"infra/main.tf": _BUCKET + _LOGGING + _DATABASE})
    (repository.folder / "infra/database.tf").unlink()
    assert repository.findings("--diff", "main") == set()


def test_a_folder_renamed_by_hand_and_not_yet_added(repository: Repository) -> None:
    (repository.folder / "infra").rename(repository.folder / "live")
    found = repository.findings("--diff", "main")
    assert not {one for one in found if one[1] == "aws_s3_bucket.b"}, "known by the bucket's name"
    repository.git("add", "--all")
    assert repository.findings("--diff", "main") == set()


def test_untracked_files_count_and_ignored_ones_do_not(repository: Repository) -> None:
    new = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-2a"\n  encrypted = false\n}\n'
    repository.write(**{"infra/new.tf": _DATABASE.replace('"d"', '"e"'), ".gitignore": "scratch/\n"})
    repository.write(**{"scratch/old.tf": new})
    found = repository.findings("--diff", "main")
    assert ("DB-03", "aws_db_instance.e") in found
    assert {resource for _, resource in found} == {"aws_db_instance.e"}


def test_ignored_variables_hold_before_and_after(repository: Repository) -> None:
    variable = 'variable "on" {}\n' + _DATABASE.replace("false", "var.on")
    repository.write(**{"infra/db.tf": variable, ".gitignore": "*.tfvars\n"})
    repository.commit()
    repository.git("branch", "--force", "main", "change")
    repository.write(**{"infra/terraform.tfvars": "on = false\n"})
    assert ("DB-03", "aws_db_instance.d") in repository.findings()
    assert repository.findings("--diff", "main") == set()


def test_what_main_did_since_is_not_the_changes_doing(repository: Repository) -> None:
    repository.commit("work on the branch")
    repository.git("checkout", "--quiet", "main")
    repository.write(**{"infra/main.tf": _BUCKET})
    repository.commit("main drops the logging")
    repository.git("checkout", "--quiet", "change")
    assert repository.findings("--diff", "main") == set()


def test_worse_than_before_is_new(repository: Repository) -> None:
    variable = 'variable "on" {}\n' + _DATABASE.replace("false", "var.on")
    repository.write(**{"infra/db.tf": variable})
    repository.commit()
    repository.git("branch", "--force", "main", "change")
    repository.write(**{"infra/db.tf": _DATABASE})
    assert ("DB-03", "aws_db_instance.d") in repository.findings("--diff", "main"), (
        "a question became an answer"
    )


def test_a_folder_or_a_file_of_the_repository(repository: Repository) -> None:
    repository.write(**{"infra/main.tf": _BUCKET})
    assert repository.findings("--diff", "main", path="infra") == {_LOGGED}
    assert repository.findings("--diff", "main", path="infra/main.tf") == {_LOGGED}
    repository.write(**{"infra/new.tf": _DATABASE.replace('"d"', '"e"')})
    assert ("DB-03", "aws_db_instance.e") in repository.findings("--diff", "main", path="infra/new.tf")


def test_broken_before_does_not_stop_a_change_elsewhere(repository: Repository) -> None:
    repository.write(**{"infra/bad/bad.tf": 'resource "x" {\n'})
    repository.commit()
    repository.git("branch", "--force", "main", "change")
    done = repository.check("--diff", "main")
    assert done.exit_code == 0
    assert "Not read before the change either:" in done.stdout
    repository.write(**{"infra/bad/bad.tf": 'resource "x" "y" {\n'})
    assert repository.check("--diff", "main").exit_code == 3


def test_shallow_clones(repository: Repository, tmp_path: Path) -> None:
    repository.write(**{"infra/main.tf": _BUCKET})
    repository.commit()
    for depth in (1, 2):
        subprocess.run(
            ["git", "clone", "--quiet", "--depth", str(depth), "--branch", "change",
             f"file://{repository.folder}", str(tmp_path / f"depth-{depth}")],
            check=True,
        )  # fmt: skip
    shallow = Repository(tmp_path / "depth-1")
    for base in ("main", "HEAD^"):
        done = shallow.check("--diff", base)
        assert isinstance(done.exception, ConfigError)
        assert "fetch-depth: 0" in str(done.exception)
    deeper = Repository(tmp_path / "depth-2")
    assert deeper.findings("--diff", "HEAD^") == {_LOGGED}


def test_mistakes_are_told(repository: Repository, tmp_path: Path) -> None:
    def said(base: str, folder: Path) -> str:
        done = run(str(folder), "--diff", base)
        assert isinstance(done.exception, ConfigError)
        return str(done.exception)

    assert "git fetch origin nowhere" in said("nowhere", repository.folder)
    assert "--upload-pack=x" in said("--upload-pack=x", repository.folder)
    outside = tmp_path / "outside"
    outside.mkdir()
    assert "is in none" in said("main", outside)
    repository.git("checkout", "--quiet", "--orphan", "island")
    repository.commit("an island")
    assert "no commit in common" in said("main", repository.folder)


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    made = Repository(tmp_path / "new")
    made.write(**{"main.tf": _DATABASE})
    assert ("DB-03", "aws_db_instance.d") in made.findings("--diff", "HEAD")
    made.commit()
    assert made.findings("--diff", "HEAD") == set()


def test_variables_of_a_hook_do_not_lead_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other")
    other.commit()
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git/index"))
    done = repository.check("--diff", "main")
    assert done.exit_code == 0, done.output


def test_a_bare_repository_is_judged_by_its_head(repository: Repository, tmp_path: Path) -> None:
    repository.write(**{"infra/main.tf": _BUCKET})
    repository.commit()
    bare = tmp_path / "store.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(repository.folder), str(bare)], check=True)
    subprocess.run(["git", "-C", str(bare), "symbolic-ref", "HEAD", "refs/heads/change"], check=True)
    everything = run(str(bare), "--format", "jsonl").stdout
    assert "DB-03" in everything and "OBJ-08" in everything
    done = run(str(bare), "--format", "jsonl", "--diff", "main")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(r["rule"], r["file"]) for r in rows if r["verdict"] == "fail"} == {("OBJ-08", "infra/main.tf")}
    subprocess.run(["git", "-C", str(bare), "symbolic-ref", "HEAD", "refs/heads/absent"], check=True)
    assert "HEAD names no commit" in str(run(str(bare)).exception)


def test_a_repository_of_somebody_else(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    done = repository.check("--diff", "main")
    assert "safe.directory" in str(done.exception)


def test_a_submodule_is_no_change(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.write(**{"main.tf": _DATABASE})
    other.commit()
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.folder), "shared"
    )
    assert ("DB-03", "aws_db_instance.d") in repository.findings(path="shared")
    assert repository.findings("--diff", "main") == set()
