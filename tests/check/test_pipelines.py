"""The action, the hooks and the template: valid by their schemas, and their scripts run for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.check.repository import Repository

_TOP = Path(__file__).parents[2]
_BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "example-cases"\n}\n'
_LOGGING = (
    'resource "aws_s3_bucket_logging" "b" {\n  bucket = aws_s3_bucket.b.id\n'
    '  target_bucket = "example-logs"\n  target_prefix = "b/"\n}\n'
)


def _schema(name: str) -> Any:
    file = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    return json.loads(file.read_text("utf-8"))


def _action() -> Any:
    return yaml.safe_load((_TOP / "action.yml").read_text("utf-8"))


def _template(**inputs: str) -> Any:
    """The job with its inputs filled in, as GitLab does."""
    head, _, body = (_TOP / "templates/dpscan-check.yml").read_text("utf-8").partition("\n---\n")
    known = yaml.safe_load(head)["spec"]["inputs"]
    assert set(inputs) <= set(known)
    for name, about in known.items():
        body = body.replace(f"$[[ inputs.{name} ]]", inputs.get(name, about["default"]))
    assert "$[[" not in body
    return yaml.safe_load(body)


def test_the_action_is_one() -> None:
    jsonschema.validate(_action(), _schema("github-actions"))


def test_the_template_is_one() -> None:
    jsonschema.validate(_template(), _schema("gitlab-ci"))


def test_the_hooks_are_hooks() -> None:
    from pre_commit.clientlib import load_manifest

    hooks = load_manifest(str(_TOP / ".pre-commit-hooks.yaml"))
    assert {hook["id"] for hook in hooks} >= {"dpscan-check", "dpscan-personal-data"}


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """A pull request as GitHub checks it out: its merge with the base, with one level of history."""
    made = Repository(tmp_path / "origin")
    made.write(**{"main.tf": _BUCKET + _LOGGING})
    made.commit("base")
    made.git("checkout", "--quiet", "-b", "change")
    made.write(**{"main.tf": _BUCKET})
    made.commit("drops the logging")
    made.git("checkout", "--quiet", "main")
    made.write(**{"other.tf": 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-2a"\n}\n'})
    made.commit("the base moves on")
    made.git("checkout", "--quiet", "-b", "merge")
    made.git("merge", "--quiet", "--no-ff", "-m", "merge", "change")
    clone = tmp_path / "checkout"
    address = f"file://{made.folder}"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth", "1", "--branch", "merge", address, str(clone)], check=True
    )
    return clone


def _run_action(checkout: Path, temporary: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """The script of the step `check` with the inputs as GitHub gives them."""
    (temporary / "dpscan/bin").mkdir(parents=True)
    (temporary / "dpscan/bin/dpscan").write_text(f'#!/bin/sh\nexec {sys.executable} -m scanner "$@"\n')
    (temporary / "dpscan/bin/dpscan").chmod(0o755)
    action = _action()
    step = next(s for s in action["runs"]["steps"] if s.get("id") == "check")
    given = {name: about["default"] for name, about in action["inputs"].items()} | inputs
    environment = {name: given[text[len("${{ inputs.") : -len(" }}")]] for name, text in step["env"].items()}
    files = {"GITHUB_OUTPUT": str(temporary / "output"), "GITHUB_STEP_SUMMARY": str(temporary / "summary.md")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=checkout, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(_TOP), "RUNNER_TEMP": str(temporary), "GITHUB_BASE_REF": "main",
             **files, **environment},
    )  # fmt: skip
    read = {name: Path(file).read_text("utf-8") for name, file in files.items() if Path(file).exists()}
    return done.returncode, done.stdout + done.stderr, read


def test_the_actions_step_tells_what_the_pull_request_introduces(merged: Path, tmp_path: Path) -> None:
    code, printed, files = _run_action(
        merged,
        tmp_path / "temp",
        **{"fail-on": "medium", "comment": "comment.md", "arguments": "--no-personal-data"},
    )
    assert code == 1, printed
    commands = [line for line in printed.splitlines() if line.startswith("::")]
    assert [line.partition("::")[2].partition("::")[0] for line in commands] == [
        "warning file=main.tf,line=1,title=OBJ-08 Reads and writes are not logged"
    ]
    assert files["GITHUB_OUTPUT"] == "exit-code=1\n"
    assert "OBJ-08" in files["GITHUB_STEP_SUMMARY"]
    assert (merged / "comment.md").read_text("utf-8").startswith("<!-- dpscan-check -->")
    assert [r["ruleId"] for r in json.loads((merged / "dpscan.sarif").read_text())["runs"][0]["results"]] == [
        "OBJ-08"
    ]


def test_inputs_are_never_run(merged: Path, tmp_path: Path) -> None:
    code, printed, _ = _run_action(merged, tmp_path / "temp", path='$(touch made)"; touch made; "', diff="")
    assert code == 2, printed
    assert not (merged / "made").exists()


def test_the_templates_script(merged: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "-C", str(merged), "fetch", "--quiet", "--unshallow"], check=True)
    base = subprocess.run(
        ["git", "-C", str(merged), "rev-parse", "HEAD^1"], capture_output=True, text=True, check=True
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/dpscan").write_text(f'#!/bin/sh\nexec {sys.executable} -m scanner "$@"\n')
    (tmp_path / "bin/dpscan").chmod(0o755)
    job = _template(arguments="--no-personal-data --fail-on medium")["dpscan-check"]
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(job["script"])],
        cwd=merged, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(_TOP), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
             "CI_MERGE_REQUEST_DIFF_BASE_SHA": base.stdout.strip()},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    assert [r["check_name"] for r in json.loads((merged / reports["codequality"]).read_text())] == ["OBJ-08"]
    assert "OBJ-08" in (merged / reports["junit"]).read_text()
