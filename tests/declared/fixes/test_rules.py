"""Rule by rule: what fails on the commonest resources has lines to add, and with them the rule fails no more."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.check.judging import judged
from scanner.check.outcome import Reported
from scanner.check.showing import with_lines
from scanner.declared.pipeline import check
from scanner.model import Context
from scanner.ruleset import RuleSet, load_rules
from tests.declared.fixes import test_structured as structured
from tests.declared.fixes import test_terraform as terraform
from tests.declared.fixes.applying import applied

NOTHING_TO_ADD = {
    ("DB-08", "azurerm_mysql_flexible_server"): "this service cannot refuse passwords",
    ("OBJ-08", "azurerm_storage_container"): "reads are logged on the account",
}


def _samples() -> Iterator[tuple[str, str, str]]:
    """(file, resource type, text): settings left out, and set wrongly where the type has such."""
    for kind in terraform._TYPES:
        for wrong in ("", *([terraform._WRONG[kind]] if kind in terraform._WRONG else [])):
            yield "main.tf", kind, terraform._text(kind, wrong)
    for kind in structured._CLOUDFORMATION:
        for bad in (False, True) if kind in structured._WRONG else (False,):
            template = structured._cloudformation(kind, bad)
            yield "template.json", kind, json.dumps(template, indent=2)
            yield "template.yaml", kind, structured._yaml(template)
    for kind in structured._AZURE:
        for bad in (False, True) if kind in structured._WRONG else (False,):
            yield "main.json", kind, structured._arm(kind, bad)
            yield "main.bicep", kind, structured._bicep(kind, bad)


SAMPLES = list(_samples())


@functools.cache
def _rules() -> RuleSet:
    return load_rules(examples=False)


def _failing(folder: Path, file: str, text: str) -> list[Reported]:
    (folder / file).write_text(text, "utf-8")
    checked = check(folder / file)
    assert not checked.gaps, text
    context = Context(today=dt.date(2026, 11, 22))
    reported = with_lines(judged(checked, _rules(), context), checked, _rules(), folder)
    return [one for one in reported if one.failed]


@pytest.mark.parametrize("number", range(len(SAMPLES)), ids=[f"{file}-{kind}" for file, kind, _ in SAMPLES])
def test_with_the_lines_added_the_rule_fails_no_more(number: int, tmp_path: Path) -> None:
    file, kind, text = SAMPLES[number]
    for one in _failing(tmp_path, file, text):
        rule = one.finding.rule_id
        if (rule, kind) in NOTHING_TO_ADD:
            continue
        assert one.fix is not None, f"{rule} has no lines to add for {kind}"
        assert one.fix.edits, f"{rule}, {kind}: the lines have no place"
        fixed = applied(one.fix, text)
        left = {(o.finding.rule_id, o.resource) for o in _failing(tmp_path, file, fixed)}
        assert (rule, one.resource) not in left, fixed


COMMONEST = {
    "aws_s3_bucket": {"OBJ-01", "OBJ-02", "OBJ-06", "OBJ-08", "OBJ-09", "OBJ-15"},
    "aws_db_instance": {"BAK-01", "BAK-05", "DB-01", "DB-03", "DB-04", "DB-09", "DB-10"},
    "aws_rds_cluster": {"BAK-05", "DB-03", "DB-04", "DB-09"},
    "aws_dynamodb_table": {"BAK-01", "BAK-05"},
    "aws_efs_file_system": {"BAK-01"},
    "azurerm_storage_account": {"OBJ-06", "OBJ-08", "OBJ-09", "OBJ-13", "OBJ-14", "OBJ-15"},
    "azurerm_storage_container": {"OBJ-01"},
    "azurerm_mssql_server": {"DB-01", "DB-09"},
    "azurerm_mssql_database": {"DB-03"},
    "google_storage_bucket": {"OBJ-01", "OBJ-05", "OBJ-08", "OBJ-09", "OBJ-15"},
    "google_sql_database_instance": {"BAK-01", "DB-01", "DB-04", "DB-09"},
    "AWS::S3::Bucket": {"OBJ-01", "OBJ-06", "OBJ-08", "OBJ-09", "OBJ-15"},
    "AWS::RDS::DBInstance": {"BAK-01", "BAK-05", "DB-01", "DB-03", "DB-04"},
    "microsoft.storage/storageaccounts": {"OBJ-06", "OBJ-08", "OBJ-09", "OBJ-13", "OBJ-14", "OBJ-15"},
    "microsoft.sql/servers": {"DB-01", "DB-09"},
}


@pytest.mark.parametrize("kind", COMMONEST)
def test_rules_that_have_lines_for_the_commonest_resources(kind: str, tmp_path: Path) -> None:
    """The table of pairs: what a change of rules or of what is read may not lose unnoticed."""
    found = set()
    for file, sample, text in SAMPLES:
        if sample == kind:
            found |= {one.finding.rule_id for one in _failing(tmp_path, file, text) if one.fix is not None}
    assert found >= COMMONEST[kind]


_TAGGED = {
    "no tags": ("main.tf", 'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n'),
    "some tags": ("main.tf", 'resource "aws_s3_bucket" "b" {\n  tags = {\n    Team = "x"\n  }\n}\n'),
    "labels": ("main.tf", 'resource "google_storage_bucket" "b" {\n  name = "x"\n  location = "EU"\n}\n'),
    "YAML": ("t.yaml", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: x\n"),
    "JSON": ("t.json", json.dumps(structured._cloudformation("AWS::S3::Bucket", False), indent=2)),
    "ARM": ("t.json", structured._arm("microsoft.storage/storageaccounts", False)),
    "Bicep": ("t.bicep", structured._bicep("microsoft.storage/storageaccounts", False)),
    "Bicep with tags": (
        "t.bicep",
        "resource b 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: 'x'\n  tags: {\n    Team: 'x'\n  }\n}\n",
    ),
}


@pytest.mark.parametrize("case", _TAGGED)
def test_tags_that_the_department_asks_for(case: str, tmp_path: Path) -> None:
    file, text = _TAGGED[case]
    wanted = ("owner", "team-code") if case == "labels" else ("Owner", "TeamCode")

    def missing(text: str) -> list[Reported]:
        (tmp_path / file).write_text(text, "utf-8")
        checked = check(tmp_path / file)
        assert not checked.gaps, text
        context = Context(today=dt.date(2026, 11, 22), mandatory_tags=wanted)
        found = judged(checked, _rules(), context)
        found = with_lines(found, checked, _rules(), tmp_path, wanted)
        return [one for one in found if one.failed and one.finding.rule_id == "IAC-04"]

    (one,) = missing(text)
    assert one.fix is not None
    fixed = applied(one.fix, text)
    assert not missing(fixed), fixed
    assert "Team" in fixed or case == "labels"


def test_tags_made_elsewhere_are_left_alone(tmp_path: Path) -> None:
    text = (
        'resource "aws_s3_bucket" "b" {\n  tags = merge(\n    { Team = "x" },\n    { Other = "y" }\n  )\n}\n'
    )
    (tmp_path / "main.tf").write_text(text)
    checked = check(tmp_path)
    context = Context(today=dt.date(2026, 11, 22), mandatory_tags=("Owner",))
    found = with_lines(judged(checked, _rules(), context), checked, _rules(), tmp_path, ("Owner",))
    one = next(one for one in found if one.finding.rule_id == "IAC-04")
    assert one.fix is not None
    assert not one.fix.edits
    assert one.fix.lines == ("tags = {", '  Owner = "example-owner"', "}")
