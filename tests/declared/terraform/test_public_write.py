"""A bucket that strangers may read is not one that they may write to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.declared.pipeline import check
from scanner.model import State

_BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n'


def _acl(word: str) -> str:
    return f'resource "aws_s3_bucket_acl" "a" {{\n  bucket = aws_s3_bucket.b.id\n  acl = "{word}"\n}}\n'


def _policy(action: str) -> str:
    document = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}]}
    return (
        'resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.b.id\n'
        f"  policy = jsonencode({json.dumps(document)})\n}}\n"
    )


@pytest.mark.parametrize(
    ("beside", "read", "write"),
    [
        (_acl("private"), State.PRESENT, State.PRESENT),
        (_acl("public-read"), State.ABSENT, State.PRESENT),
        (_acl("public-read-write"), State.ABSENT, State.ABSENT),
        (_policy("s3:GetObject"), State.ABSENT, State.PRESENT),
        (_policy("s3:PutObject"), State.ABSENT, State.ABSENT),
        (_policy("s3:*"), State.ABSENT, State.ABSENT),
    ],
)
def test_reading_and_writing_are_two_things(beside: str, read: State, write: State, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_BUCKET + beside)
    stated = {item.safeguard: item.state for item in check(tmp_path).stores[0].evidence}
    assert stated["anonymous_read_blocked"] is read
    assert stated["anonymous_write_blocked"] is write
