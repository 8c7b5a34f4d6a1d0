"""Satellites whose store is declared elsewhere: judged by what they say, and by nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scanner.check.judging import judged
from scanner.declared import pipeline
from scanner.model import Context
from scanner.ruleset import load_rules

RULES = load_rules(examples=False)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  bucket = var.b\n  rule {\n    status = "Enabled"\n'
            '    expiration {\n      days = 30\n    }\n  }\n}\n',
            {("OBJ-09", "pass")},
        ),
        ('resource "aws_s3_bucket_ownership_controls" "x" {\n  bucket = var.b\n  rule {\n'
         '    object_ownership = "ObjectWriter"\n  }\n}\n', {("OBJ-05", "fail")}),
        ('resource "aws_s3_bucket_versioning" "x" {\n  bucket = var.b\n  versioning_configuration {\n'
         '    status = "Suspended"\n  }\n}\n', set()),
    ],
    ids=["what it says is there", "what it says is not", "a question that it answers in part only"],
)  # fmt: skip
def test_it_is_asked_what_it_answers(code: str, expected: set[tuple[str, str]], tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "b" {}\n' + code)
    checked = pipeline.check(tmp_path)
    (store,) = checked.stores
    assert (store.partial, store.store.kind) == (True, "bucket")
    found = judged(checked, RULES, Context(today=dt.date(2026, 11, 22)))
    assert {(one.finding.rule_id, one.finding.verdict.value) for one in found} == expected


def test_with_its_store_it_is_a_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_s3_bucket" "b" {}\nresource "aws_s3_bucket_ownership_controls" "x" {\n'
        '  bucket = aws_s3_bucket.b.id\n  rule {\n    object_ownership = "BucketOwnerEnforced"\n  }\n}\n'
    )
    (store,) = pipeline.check(tmp_path).stores
    assert not store.partial and [part.type for part in store.parts] == ["aws_s3_bucket_ownership_controls"]
