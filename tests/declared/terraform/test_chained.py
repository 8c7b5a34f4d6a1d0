"""`for_each` over the instances of another resource: each part belongs to one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.declared import pipeline
from scanner.model import State

_BLOCK = """resource "aws_s3_bucket_public_access_block" "b" {
  for_each                = aws_s3_bucket.b
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = each.key != "y"
}
"""


def _blocked(folder: Path, code: str) -> dict[str, State]:
    (folder / "main.tf").write_text(code)
    checked = pipeline.check(folder)
    assert not checked.gaps
    return {
        store.address: next(e.state for e in store.evidence if e.safeguard == "public_access_blocked")
        for store in checked.stores
    }


def test_each_instance_has_its_own(tmp_path: Path) -> None:
    buckets = 'resource "aws_s3_bucket" "b" {\n  for_each = toset(["x", "y"])\n  bucket = "example-${each.key}"\n}\n'
    assert _blocked(tmp_path, buckets + _BLOCK) == {
        'aws_s3_bucket.b["x"]': State.PRESENT,
        'aws_s3_bucket.b["y"]': State.ABSENT,
    }


def test_in_a_module(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    buckets = 'resource "aws_s3_bucket" "b" {\n  for_each = { x = 1 }\n}\n'
    (tmp_path / "m" / "main.tf").write_text(buckets + _BLOCK)
    assert _blocked(tmp_path, 'module "m" {\n  source = "./m"\n}\n') == {
        'module.m.aws_s3_bucket.b["x"]': State.PRESENT
    }


def test_keys_that_are_not_known_are_the_same_for_both(tmp_path: Path) -> None:
    buckets = 'variable "names" {}\nresource "aws_s3_bucket" "b" {\n  for_each = var.names\n}\n'
    assert _blocked(tmp_path, buckets + _BLOCK.replace('each.key != "y"', "true")) == {
        "aws_s3_bucket.b": State.PRESENT
    }


@pytest.mark.parametrize("target", ["aws_s3_bucket_public_access_block.b", "aws_s3_bucket.gone"])
def test_a_ring_and_a_reference_to_nothing_end(target: str, tmp_path: Path) -> None:
    buckets = f'resource "aws_s3_bucket" "b" {{\n  for_each = {target}\n}}\n'
    assert "aws_s3_bucket.b" in _blocked(tmp_path, buckets + _BLOCK)
