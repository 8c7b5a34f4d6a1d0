"""Files that nothing sensible reads: brackets in brackets, another encoding, another shape. The rest is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.declared import pipeline

_GOOD = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n'
_NESTED = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.tf.json", f'{{"resource": {_NESTED}}}'),
        ("x.auto.tfvars.json", f'{{"a": {_NESTED}}}'),
        ("plan.json", f'{{"format_version": "1", "planned_values": {{"a": {_NESTED}}}}}'),
        ("s.tfstate", f'{{"version": 4, "terraform_version": "1", "resources": {_NESTED}}}'),
        ("p.json", f'{{"urn": "urn:pulumi:x", "a": {_NESTED}}}'),
        ("t.json", f'{{"Resources": {{"A": {{"Type": "AWS::S3::Bucket", "Properties": {_NESTED}}}}}}}'),
    ],
)
def test_brackets_without_end_cost_one_file(file: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_GOOD)
    (tmp_path / file).write_text(text)
    checked = pipeline.check(tmp_path)
    assert [store.address for store in checked.stores] == ["aws_s3_bucket.b"]
    (gap,) = checked.gaps
    assert gap.place.text == file
    assert gap.reason.value == "corrupt"


@pytest.mark.parametrize("depth", [300, 900, 20_000])
def test_a_deep_value_costs_that_value(depth: int, tmp_path: Path) -> None:
    deep = "[" * depth + "]" * depth
    (tmp_path / "deep.tf").write_text(f'resource "aws_s3_bucket" "d" {{\n  tags = {deep}\n}}\n')
    (tmp_path / "main.tf").write_text(_GOOD)
    checked = pipeline.check(tmp_path)
    assert not [gap for gap in checked.gaps if gap.reason.value == "fault"]
    assert "aws_s3_bucket.b" in {store.address for store in checked.stores}


@pytest.mark.parametrize(
    "tree",
    [
        {"format_version": "1", "planned_values": {"root_module": []}},
        {"format_version": "1", "planned_values": {"root_module": {"resources": [{"mode": "managed"}]}}},
        {"format_version": "1", "planned_values": {}, "configuration": None},
        {"format_version": "1", "planned_values": {}, "resource_changes": [3]},
        {"terraform_version": "1", "version": 4, "resources": [None]},
        {"terraform_version": "1", "version": 4, "resources": [{"mode": "managed", "instances": 1}]},
    ],
)
def test_plans_of_another_shape(tree: object, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_GOOD)
    (tmp_path / "plan.json").write_text(json.dumps(tree))
    checked = pipeline.check(tmp_path)
    assert [store.address for store in checked.stores] == ["aws_s3_bucket.b"]
    (gap,) = checked.gaps
    assert (gap.place.text, gap.detail) == ("plan.json", "expected a plan or a state as Terraform writes it")


@pytest.mark.parametrize("file", ["main.tf", "plan.json", "t.yaml", "main.bicep"])
def test_utf_16_is_said_and_how_it_came_to_be(file: str, tmp_path: Path) -> None:
    text = {
        "main.tf": _GOOD,
        "plan.json": '{"format_version": "1", "terraform_version": "1", "planned_values": {}}',
        "t.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  B:\n    Type: AWS::S3::Bucket\n",
        "main.bicep": "resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n}\n",
    }[file]
    (tmp_path / file).write_bytes(text.encode("utf-16"))
    checked = pipeline.check(tmp_path)
    assert not checked.stores
    (gap,) = checked.gaps
    assert "UTF-16" in gap.detail and "Out-File" in gap.detail


def test_a_state_of_thousands_is_gone_through_once(tmp_path: Path) -> None:
    import time

    one = {"mode": "managed", "type": "aws_s3_bucket", "provider": "x"}
    listed = [
        {
            **one,
            "name": f"b{number}",
            "instances": [{"attributes": {"bucket": f"example-{number}", "id": "x" * 2000}}],
        }
        for number in range(2_000)
    ]
    state = {"version": 4, "terraform_version": "1.9.0", "resources": listed}
    (tmp_path / "x.tfstate").write_text(json.dumps(state, indent=1))
    start = time.process_time()
    checked = pipeline.check(tmp_path)
    assert time.process_time() - start < 8
    assert len(checked.stores) == 2_000
    lines = [store.location.line for store in checked.stores]
    assert lines == sorted(lines) and lines[-1] > lines[0] > 1


@pytest.mark.parametrize("file", ["t.yaml", "k.yaml", "compose.yaml"])
def test_aliases_of_aliases_are_refused(file: str, tmp_path: Path) -> None:
    """A kilobyte that stands for ten thousand million values."""
    head = {
        "t.yaml": "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n",
        "k.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n",
        "compose.yaml": "services:\n  db:\n    image: postgres\n    environment:\n",
    }[file]
    rows = ["      a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"      a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (tmp_path / file).write_text(head + "\n".join(rows) + "\n")
    (tmp_path / "main.tf").write_text(_GOOD)
    checked = pipeline.check(tmp_path)
    assert [store.address for store in checked.stores] == ["aws_s3_bucket.b"]
    (gap,) = checked.gaps
    assert "aliases that stand for far more than is written" in gap.detail


def test_aliases_as_people_use_them_are_read(tmp_path: Path) -> None:
    tags = "\n".join(f"        - {{Key: k{n}, Value: v}}" for n in range(20))
    buckets = "\n".join(
        f"  B{n}:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags: *tags" for n in range(100)
    )
    text = f"Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags: &tags\n{tags}\n{buckets}\n"
    (tmp_path / "t.yaml").write_text(text)
    checked = pipeline.check(tmp_path)
    assert len(checked.stores) == 101
    assert all(store.store.tags and len(store.store.tags) == 20 for store in checked.stores)
