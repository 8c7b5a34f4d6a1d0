"""`dpscan check` as it is used: formats, exit codes, verdict lines, what it must not load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.check.repository import run, start

_OPEN = (
    'resource "aws_s3_bucket" "b" {\n  bucket = "example-cases"\n}\n'
    'resource "aws_s3_bucket_acl" "a" {\n  bucket = aws_s3_bucket.b.id\n  acl = "public-read"\n}\n'
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(_OPEN)
    return tmp_path


def test_findings_exit_1_and_name_the_line(repository: Path) -> None:
    done = start(str(repository))
    assert done.returncode == 1
    assert "main.tf:6: High OBJ-01" in done.stdout or "main.tf:6: Critical OBJ-01" in done.stdout
    assert run(str(repository), "--fail-on", "never").exit_code == 0


def test_a_file_that_does_not_parse_exits_3(repository: Path) -> None:
    (repository / "bad.tf").write_text('resource "x" {\n')
    done = run(str(repository))
    assert done.exit_code == 3
    assert "bad.tf:2: corrupt: line 2" in done.stdout


def test_nothing_to_read_exits_3_and_no_folder_exits_2(tmp_path: Path) -> None:
    assert run(str(tmp_path)).exit_code == 3
    assert start(str(tmp_path / "absent")).returncode == 2


def test_verdict_lines(repository: Path) -> None:
    done = run(str(repository), "--format", "jsonl", "--verdicts", "all")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    by = {(row["resource"], row["safeguard"]): row for row in rows}
    row = by["aws_s3_bucket.b", "encryption_at_rest"]
    assert (row["verdict"], row["basis"], row["file"], row["line"]) == (
        "pass",
        "provider default",
        "main.tf",
        1,
    )
    assert by["aws_s3_bucket.b", "anonymous_read_blocked"]["verdict"] == "fail"
    assert by["aws_s3_bucket.b", "anonymous_read_blocked"]["rules"] == ["OBJ-01"]
    assert by["aws_s3_bucket_acl.a", "acl_not_public"]["verdict"] == "fail"


def test_formats_are_what_their_readers_expect(repository: Path) -> None:
    sarif = json.loads(run(str(repository), "--format", "sarif").stdout)
    results = sarif["runs"][0]["results"]
    assert {r["ruleId"] for r in results} >= {"OBJ-01"}
    assert all(r["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1 for r in results)
    suite = ElementTree.fromstring(run(str(repository), "--format", "junit").stdout)
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) > 0
    assert "::error file=main.tf,line=6,title=OBJ-01" in run(str(repository), "--format", "github").stdout
    assert "| `aws_s3_bucket.b` | OBJ-01" in run(str(repository), "--format", "markdown").stdout


def test_nothing_heavy_is_loaded(repository: Path) -> None:
    code = (
        "import contextlib, io, sys\n"
        "from scanner.cli.check import check\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    check([{str(repository)!r}, '--format', 'sarif'])\n"
        "heavy = ('presidio_analyzer', 'spacy', 'sqlalchemy', 'pyarrow', 'boto3', 'rich', 'pydantic', 'numpy')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
