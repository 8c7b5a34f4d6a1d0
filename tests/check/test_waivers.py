"""`dpscan:accept` in each language: what counts, what does not and says why, and who may forbid it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.repository import run

_LATER = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=100)).isoformat()
_GOOD = f'dpscan:accept DB-03 owner=head-of-casework reason="synthetic data only" until={_LATER}'
_QUOTED = _GOOD.replace('"', "'")
_HCL = 'resource "aws_db_instance" "d" {{\n{inside}  engine = "postgres"\n  storage_encrypted = false\n}}\n'
_OTHER = 'resource "aws_db_instance" "e" {\n  engine = "postgres"\n  storage_encrypted = false\n}\n'


def rows(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run(str(folder), "--no-personal-data", "--format", "jsonl", *arguments)
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code in (0, 1), done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def of(folder: Path, rule: str, *arguments: str) -> list[dict[str, Any]]:
    return [row for row in rows(folder, *arguments) if row["rule"] == rule]


def accepted(folder: Path, rule: str = "DB-03", *arguments: str) -> list[str]:
    return [row["resource"] for row in of(folder, rule, *arguments) if "accepted" in row]


def faults(folder: Path, *arguments: str) -> str:
    return " ".join(row["explanation"] for row in of(folder, "IAC-09", *arguments))


def hcl(folder: Path, comment: str, inside: bool = True) -> None:
    line = f"  # {comment}\n" if inside else ""
    above = "" if inside else f"# {comment}\n"
    (folder / "main.tf").write_text(above + _HCL.format(inside=line) + _OTHER)


_TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "D": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "StorageEncrypted": False}}
    },
}


def _json() -> str:
    template = json.loads(json.dumps(_TEMPLATE))
    template["Resources"]["D"]["Metadata"] = {"dpscan": _GOOD}
    return json.dumps(template, indent=2)


def _yaml(comment: str) -> str:
    return (
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  D:\n    Type: AWS::RDS::DBInstance\n"
        f"    Properties:\n      Engine: postgres\n      StorageEncrypted: false {comment}\n"
    )


_AZURE_GOOD = _GOOD.replace("DB-03", "OBJ-13")
_LANGUAGES = {
    "HCL, inside": ("main.tf", _HCL.format(inside=f"  # {_GOOD}\n"), "DB-03"),
    "HCL, two slashes": ("main.tf", _HCL.format(inside=f"  // {_GOOD}\n"), "DB-03"),
    "HCL, a block comment": ("main.tf", _HCL.format(inside=f"  /* {_GOOD} */\n"), "DB-03"),
    "HCL, above": ("main.tf", f"# {_GOOD}\n" + _HCL.format(inside=""), "DB-03"),
    "HCL, above with a note between": ("main.tf", f"# {_GOOD}\n# A note.\n" + _HCL.format(inside=""), "DB-03"),
    "HCL, behind a setting": (
        "main.tf", f'resource "aws_db_instance" "d" {{\n  storage_encrypted = false # {_GOOD}\n}}\n', "DB-03",
    ),
    "Terraform's JSON": (
        "main.tf.json",
        json.dumps({"resource": {"aws_db_instance": {"d": {"//": _GOOD, "storage_encrypted": False}}}}, indent=1),
        "DB-03",
    ),
    "YAML": ("t.yaml", _yaml(f"# {_GOOD}"), "DB-03"),
    "JSON, Metadata": ("t.json", _json(), "DB-03"),
    "Bicep": (
        "main.bicep",
        f"// {_AZURE_GOOD}\nresource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {{\n  name: 'x'\n}}\n",
        "OBJ-13",
    ),
    "ARM, comments": (
        "t.json",
        json.dumps({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "resources": [{"type": "Microsoft.Storage/storageAccounts", "name": "x", "comments": _AZURE_GOOD,
                           "apiVersion": "2023-01-01"}],
        }, indent=1),
        "OBJ-13",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_has_a_place_for_it(language: str, tmp_path: Path) -> None:
    file, text, rule = _LANGUAGES[language]
    (tmp_path / file).write_text(text)
    assert len(accepted(tmp_path, rule)) == 1
    assert not faults(tmp_path)


@pytest.mark.parametrize("inside", [True, False])
def test_only_its_own_resource_and_rule(tmp_path: Path, inside: bool) -> None:
    hcl(tmp_path, _GOOD, inside)
    assert accepted(tmp_path) == ["aws_db_instance.d"]
    open_ = [row["resource"] for row in of(tmp_path, "DB-03") if "accepted" not in row]
    assert open_ == ["aws_db_instance.e"]
    assert not accepted(tmp_path, "BAK-01")


def test_it_is_listed_and_fails_nothing(tmp_path: Path) -> None:
    hcl(tmp_path, _GOOD.replace("DB-03", "DB-03,BAK-01, BAK-05"))
    (tmp_path / "main.tf").write_text((tmp_path / "main.tf").read_text().replace(_OTHER, ""))
    done = run(str(tmp_path), "--no-personal-data")
    assert done.exit_code == 0, done.stdout
    assert f"accepted by head-of-casework until {_LATER}: synthetic data only (main.tf:2)" in done.stdout
    sarif = json.loads(run(str(tmp_path), "--format", "sarif").stdout)
    suppressed = [r for r in sarif["runs"][0]["results"] if "suppressions" in r]
    assert {r["ruleId"] for r in suppressed} >= {"DB-03"}
    assert suppressed[0]["suppressions"][0]["kind"] == "inSource"


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ('dpscan:accept DB-03 reason="x y" until=2099-01-01', "it lacks an owner"),
        ("dpscan:accept DB-03 owner=me until=2099-01-01", "it lacks a reason"),
        ('dpscan:accept DB-03 owner=me reason="" until=2099-01-01', "it lacks a reason"),
        ('dpscan:accept DB-03 owner=me reason="x"', "it lacks an expiry date"),
        ('dpscan:accept DB-03 owner=me reason="x" until=2026-01-31', "it expired on 2026-01-31"),
        ('dpscan:accept DB-03 owner=me reason="x" until=soon', "until is no date"),
        ('dpscan:accept XX-99 owner=me reason="x" until=2099-01-01', "no rule is called XX-99"),
        ('dpscan:accept owner=me reason="x" until=2099-01-01', "it names no rule first"),
        ('dpscan:accept DB-03 owner=me reason="x" expires=2099-01-01', "expires is not a field"),
        ('dpscan:accept DB-03 because I say so owner=me reason="x" until=2099-01-01', "cannot be read"),
        ("dpscan:accept", "it names no rule first"),
    ],
)
def test_one_that_is_not_in_order_accepts_nothing_and_is_a_finding(
    comment: str, says: str, tmp_path: Path
) -> None:
    hcl(tmp_path, comment)
    assert says in faults(tmp_path)
    assert not accepted(tmp_path)
    found = of(tmp_path, "IAC-09")
    assert found[0]["severity"] == "Low"
    assert found[0]["line"] == 2


def test_nowhere_and_nothing_left(tmp_path: Path) -> None:
    hcl(tmp_path, _GOOD)
    text = (tmp_path / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(f"# {_GOOD}\nlocals {{\n\n\n\n}}\n" + text)
    assert "it stands in no store" in faults(tmp_path)
    hcl(tmp_path, _GOOD.replace("DB-03", "DB-05"))
    found = of(tmp_path, "IAC-09")
    assert [row["severity"] for row in found] == ["Info"]
    assert "nothing left to accept" in found[0]["explanation"]


def test_a_text_that_looks_like_one_is_none(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        f'resource "aws_db_instance" "d" {{\n  storage_encrypted = false\n  identifier = "# {_QUOTED}"\n'
        f"  tags = {{\n    note = <<EOT\n# {_GOOD}\nEOT\n  }}\n}}\n"
    )
    assert not accepted(tmp_path)
    assert not faults(tmp_path)


def _config(folder: Path, text: str) -> str:
    file = folder / "dpscan.yaml"
    file.write_text(text)
    return str(file)


def test_a_satellite_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n'
        'resource "aws_s3_bucket_acl" "a" {\n'
        f"  # {_GOOD.replace('DB-03', 'OBJ-01')}\n"
        '  bucket = aws_s3_bucket.b.id\n  acl = "public-read"\n}\n'
    )
    assert accepted(tmp_path, "OBJ-01") == ["aws_s3_bucket.b"]


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("    allowed: false", "the configuration allows no acceptance in code"),
        ("    owners: [siro]", "does not name head-of-casework"),
        ("    longest_days: 30", "allows 30 days"),
        (
            "    veto:\n      - {rule: DB-*, by: SIRO, reason: never in this repository}",
            "vetoed by SIRO (never",
        ),
        ("    veto:\n      - {path: 'main.*', by: SIRO, reason: never}", "vetoed by SIRO"),
    ],
)
def test_the_configuration_may_forbid(policy: str, says: str, tmp_path: Path) -> None:
    hcl(tmp_path, _GOOD)
    config = _config(tmp_path, f"check:\n  inline_waivers:\n{policy}\n")
    assert says in faults(tmp_path, "-c", config)
    assert not accepted(tmp_path, "DB-03", "-c", config)


def test_a_veto_elsewhere_forbids_nothing_here(tmp_path: Path) -> None:
    hcl(tmp_path, _GOOD)
    config = _config(
        tmp_path,
        "check:\n  inline_waivers:\n    owners: [head-of-casework]\n    longest_days: 200\n"
        "    veto:\n      - {rule: OBJ-*, by: SIRO, reason: never}\n      - {path: prod/*, by: SIRO, reason: never}\n",
    )
    assert accepted(tmp_path, "DB-03", "-c", config) == ["aws_db_instance.d"]


def test_waivers_of_the_configuration(tmp_path: Path) -> None:
    hcl(tmp_path, "a note")
    waiver = (
        "waivers:\n  - {{rule: DB-03, store: aws_db_instance.d, owner: siro, reason: test, expires: {} }}\n"
    )
    config = _config(tmp_path, waiver.format(_LATER))
    assert accepted(tmp_path, "DB-03", "-c", config) == ["aws_db_instance.d"]
    config = _config(tmp_path, waiver.format("2026-01-01"))
    assert not accepted(tmp_path, "DB-03", "-c", config)
