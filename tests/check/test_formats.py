"""What each format's reader expects of it, over one repository that has everything in it."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.check.repository import Repository

_SCHEMA = Path(__file__).parents[2] / "scanner/reporters/schemas/sarif-2.1.0.json"
_LATER = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=100)).isoformat()
_CODE = f"""\
resource "aws_s3_bucket" "open" {{
  bucket = "example-cases"
  acl    = "public-read" # not a comment to show
}}

resource "aws_db_instance" "d" {{
  # dpscan:accept DB-03 owner=head-of-casework reason="a | b `c` <d> @e [f](g)" until={_LATER}
  engine            = "postgres"
  storage_encrypted = false
  password          = "hunter2-of-nobody"
}}

resource "aws_db_instance" "e" {{
  storage_encrypted = var.unset
}}

variable "unset" {{}}
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("formats") / "repo")
    made.write(**{"infra/a b.tf": _CODE, "infra/broken.tf": 'x "y" {\n'})
    return made


def out(repository: Repository, form: str, path: str = "infra") -> str:
    done = repository.check("--format", form, "--no-personal-data", path=path)
    assert done.exit_code == 3
    assert "hunter2" not in done.output
    return done.stdout


def test_sarif_is_valid_and_complete(repository: Repository) -> None:
    document = json.loads(out(repository, "sarif"))
    jsonschema.validate(document, json.loads(_SCHEMA.read_text("utf-8")))
    run = document["runs"][0]
    for result in run["results"]:
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "infra/a%20b.tf", "from the top of the repository"
        assert physical["region"]["startLine"] >= 1
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert re.fullmatch(r"[0-9a-f]{20}", result["partialFingerprints"]["dpscanFinding/v1"])
    waived = [r for r in run["results"] if "suppressions" in r]
    assert [r["ruleId"] for r in waived] == ["DB-03"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "expected }" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    marks = [r["partialFingerprints"]["dpscanFinding/v1"] for r in run["results"]]
    assert len(marks) == len(set(marks))


def test_sarifs_fixes_can_be_made(repository: Repository, tmp_path: Path) -> None:
    run = json.loads(out(repository, "sarif"))["runs"][0]
    result = next(r for r in run["results"] if r["ruleId"] == "OBJ-01")
    change = result["fixes"][0]["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == "infra/a%20b.tf"
    lines = _CODE.split("\n")
    for replacement in sorted(change["replacements"], key=lambda r: -r["deletedRegion"]["startLine"]):
        region = replacement["deletedRegion"]
        text = replacement["insertedContent"]["text"].removesuffix("\n")
        lines[region["startLine"] - 1 : region["endLine"] - 1] = text.split("\n")
    fixed = Repository(tmp_path / "fixed")
    fixed.write(**{"main.tf": "\n".join(lines)})
    assert ("OBJ-01", "aws_s3_bucket.open") not in fixed.findings("--no-personal-data")


def test_junit_counts_what_it_lists(repository: Repository) -> None:
    suite = ElementTree.fromstring(out(repository, "junit"))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}")) > 0
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert any("accepted by head-of-casework" in s.attrib["message"] for s in suite.iter("skipped"))


def test_gitlabs_code_quality(repository: Repository) -> None:
    rows = json.loads(out(repository, "gitlab"))
    severities = {"info", "minor", "major", "critical", "blocker"}
    for row in rows:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in severities
        assert row["location"]["lines"]["begin"] >= 1
        assert not row["location"]["path"].startswith(("/", "."))
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    assert {row["check_name"] for row in rows} >= {"OBJ-01", "not-read"}


def test_annotations_are_commands_on_one_line(repository: Repository) -> None:
    lines = out(repository, "github").splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(lines) - 1, "the last line counts"
    pattern = r"::(error|warning|notice) file=[^,:]+(,line=\d+)?,title=[^:]+::.+"
    assert all(re.fullmatch(pattern, command) for command in commands)
    assert any("file=infra/a b.tf,line=3,title=OBJ-01" in command for command in commands)
    assert any(
        "%0AAdd below aws_s3_bucket.open%3A" in c or "%0AAdd below aws_s3_bucket.open:%0A" in c
        for c in commands
    )
    assert any("file=infra/broken.tf,line=" in command for command in commands)
    levels = [command[2:].split(" ")[0] for command in commands if "title=Not read" not in command]
    assert levels == sorted(levels, key=["error", "warning", "notice"].index), "the severest first"


def test_a_name_makes_no_command_of_its_own(tmp_path: Path) -> None:
    made = Repository(tmp_path / "repo")
    made.write(**{"a,b%::error x.tf": 'resource "aws_s3_bucket" "b" {\n  acl = "public-read"\n}\n'})
    for line in made.check("--format", "github").stdout.splitlines()[:-1]:
        assert re.fullmatch(
            r"::(error|warning|notice) file=a%2Cb%25%3A%3Aerror x.tf,line=\d+,title=[^:]+::.+", line
        )


def test_markdown_stays_in_its_cells(repository: Repository) -> None:
    text = out(repository, "markdown")
    assert text.startswith("<!-- dpscan-check -->\n")
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in table)
    assert "`infra/a b.tf:3`" in text
    assert "a \\| b \\`c\\` &lt;d>" in text and "@\u200be" in text
    assert "```diff\n+ resource" in text
    assert "questions could not be answered" in text


def test_markdown_is_never_too_long_for_a_comment(tmp_path: Path) -> None:
    made = Repository(tmp_path / "repo")
    block = 'resource "aws_s3_bucket" "b{}" {{\n  acl = "public-read"\n}}\n'
    made.write(**{"main.tf": "".join(block.format(n) for n in range(80))})
    text = made.check("--format", "markdown", "--no-personal-data").stdout
    assert len(text) < 65_000
    assert "more parts, which the job's log shows" in text


def test_json_lines(repository: Repository) -> None:
    rows: list[dict[str, Any]] = [json.loads(line) for line in out(repository, "jsonl").splitlines()]
    first = next(row for row in rows if row.get("rule") == "OBJ-01")
    assert first["add"]["lines"][0] == 'resource "aws_s3_bucket_public_access_block" "open" {'
    assert {row["verdict"] for row in rows} == {"fail", "unknown", "not read"}


def test_verdict_lines_have_exactly_these_keys(repository: Repository) -> None:
    done = repository.check("--format", "jsonl", "--verdicts", "all", path="infra")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    keys = {"file", "line", "resource", "safeguard", "verdict", "basis", "rules"}
    assert rows
    assert all(set(row) == keys | ({"reason"} if row["verdict"] == "unknown" else set()) for row in rows)
    assert all(row["verdict"] in ("pass", "fail", "unknown") for row in rows)


def test_literals_of_shown_lines_are_masked(repository: Repository) -> None:
    text = out(repository, "text")
    assert '    acl    = "public-read"' in text
    assert "not a comment to show" not in text


@pytest.mark.parametrize(
    ("file", "line", "shown"),
    [
        ("a.tf", '  password = "hunter2" # really', 'password = "***"'),
        ("a.tf", 'resource "aws_s3_bucket" "b" {', 'resource "aws_s3_bucket" "b" {'),
        ("a.tf", "Jane Doe 01632 960 001", "***"),
        ("a.tf", "x = 1234567", "x = ***"),
        ("a.tf", 'tags = { owner = "Jane Doe", k = var.x }', 'tags = { owner = "***", k = var.x }'),
        ("a.yaml", "Password: hunter2", "Password: ***"),
        ("a.yaml", "PubliclyAccessible: true", "PubliclyAccessible: true"),
        ("a.yaml", "BucketName: !Ref Name", "BucketName: !Ref Name"),
        ("a.yaml", "- Jane Doe", "***"),
        ("a.yaml", "x: [Jane, Doe]", "x: ***"),
        ("a.yaml", "AccessControl: PublicRead", "AccessControl: PublicRead"),
        ("a.json", '"Password": "hunter2",', '"Password": "***",'),
        ("a.json", '"Jane Doe": "x", "y": ["z"]', '"Jane Doe": "***", "y": ["***"]'),
        ("a.bicep", "administratorLoginPassword: 'hunter2'", "administratorLoginPassword: '***'"),
        ("a.bicep", "minimumTlsVersion: 'TLS1_0'", "minimumTlsVersion: 'TLS1_0'"),
        ("a.bicep", "var secret = 'hunter2'", "***"),
    ],
)
def test_masking(file: str, line: str, shown: str) -> None:
    from scanner.check import excerpt

    assert excerpt.shown(line, file) == shown


def test_two_resources_of_one_name_are_two(tmp_path: Path) -> None:
    """A template's server and account often take the same parameter as their name."""
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    kinds = ("Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers")
    resources = [{"type": kind, "apiVersion": "2023-01-01", "name": "[parameters('name')]"} for kind in kinds]
    made = Repository(tmp_path / "repo")
    made.write(**{"t.json": json.dumps({"$schema": schema, "resources": resources}, indent=1)})
    rows = [row for row in made.rows("--no-personal-data") if row["verdict"] == "fail"]
    lines = {row["rule"]: row["line"] for row in rows}
    assert lines["OBJ-08"] < lines["DB-09"]
    assert len({row["fingerprint"] for row in rows}) == len(rows)
