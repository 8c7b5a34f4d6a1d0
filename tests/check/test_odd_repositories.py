"""Folders and repositories as people have them: generated output, links that lead nowhere, odd history."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import ConfigError
from tests.check.repository import Repository, run

_BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "example-cases"\n}\n'
_PUBLIC = _BUCKET.replace("}\n", '  acl    = "public-read"\n}\n')
_TEMPLATE = json.dumps(
    {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}}}}
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repo")
    made.write(**{"main.tf": _BUCKET, ".gitignore": "cdk.out/\n*.auto.tfvars\nplan.json\n"})
    made.commit()
    made.git("checkout", "--quiet", "-b", "change")
    return made


def test_generated_output_that_git_ignores_is_no_news(repository: Repository) -> None:
    repository.write(**{"cdk.out/stack.template.json": _TEMPLATE})
    assert ("OBJ-01", "B") in repository.findings()
    assert repository.findings("--diff", "main") == set()
    done = repository.check("--diff", "main")
    assert done.exit_code == 0
    assert "cdk.out/: excluded: Git ignores it" in done.output


def test_nor_can_it_be_compared_by_itself(repository: Repository) -> None:
    repository.write(**{"cdk.out/stack.template.json": _TEMPLATE})
    done = repository.check("--diff", "main", path="cdk.out")
    assert isinstance(done.exception, ConfigError)
    assert "Git ignores cdk.out/" in str(done.exception) and "--baseline" in str(done.exception)


def test_an_ignored_link_that_leads_nowhere(repository: Repository) -> None:
    (repository.folder / "plan.json").symlink_to("gone.json")
    assert repository.findings("--diff", "main") == set()
    done = repository.check("--diff", "main")
    assert "a link that leads nowhere" in done.output


@pytest.mark.parametrize("target", [b"", b"a\0b", b"x" * 5000], ids=["empty", "with a NUL", "too long"])
def test_history_may_hold_links_that_are_none(target: bytes, repository: Repository) -> None:
    """No Git makes such, but a tree can hold them."""
    blob = subprocess.run(["git", "-C", str(repository.folder), "hash-object", "-w", "--stdin"],
                          input=target, capture_output=True, check=True).stdout.decode().strip()  # fmt: skip
    repository.git("update-index", "--add", "--cacheinfo", f"120000,{blob},odd.tf")
    repository.git("commit", "--quiet", "-m", "odd")
    repository.git("branch", "--force", "main")
    repository.write(**{"main.tf": _PUBLIC})
    assert ("OBJ-01", "aws_s3_bucket.b") in repository.findings("--diff", "main")


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text(_BUCKET)
    (tmp_path / "secret").mkdir()
    real = os.scandir

    def refusing(path: Any = ".") -> Any:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    done = run(str(tmp_path))
    assert done.exit_code == 3
    assert "secret: denied: the folder cannot be listed" in done.output


def test_links_in_a_ring_end(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_BUCKET)
    (tmp_path / "again").symlink_to(".")
    (tmp_path / "ring.tf").symlink_to("ring.tf")
    done = run(str(tmp_path))
    assert done.exit_code == 3
    assert "1 file of code, 1 store; 1 file searched" in done.output
