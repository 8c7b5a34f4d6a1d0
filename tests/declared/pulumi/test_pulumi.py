"""Previews and exported stacks of Pulumi, and what CDK gives, read as what they are made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scanner.declared import pipeline
from scanner.declared.pipeline import Checked

_LATER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_PROJECT = "urn:pulumi:dev::cases::"


def state(type: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"urn": f"{_PROJECT}{type}::{name}", "type": type, "custom": True, "inputs": inputs, **more}


_BUCKET = state("aws:s3/bucketV2:BucketV2", "cases", {"forceDestroy": False})
_BLOCK = state(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "block",
    {"bucket": _LATER, **dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)},
    propertyDependencies={"bucket": [_BUCKET["urn"]]},
)  # fmt: skip
_DATABASE = state(
    "aws:rds/instance:Instance",
    "cases",
    {"identifier": "cases", "storageEncrypted": False, "publiclyAccessible": True,
     "password": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}},
)  # fmt: skip


def check(folder: Path, tree: Any, name: str = "preview.json") -> Checked:
    (folder / name).write_text(json.dumps(tree, indent=2))
    return pipeline.check(folder)


def verdicts(checked: Checked, resource: str) -> dict[str, str]:
    return {line.safeguard: line.verdict for line in checked.lines({}) if line.resource == resource}


def test_a_preview(tmp_path: Path) -> None:
    old = state("aws:s3/bucketV2:BucketV2", "gone", {})
    steps = [{"op": "create", "urn": s["urn"], "newState": s} for s in (_BUCKET, _BLOCK, _DATABASE)]
    checked = check(tmp_path, {"steps": [*steps, {"op": "delete", "urn": old["urn"], "newState": old}]})
    assert verdicts(checked, "aws:s3/bucketV2:BucketV2::cases")["public_access_blocked"] == "pass"
    found = verdicts(checked, "aws:rds/instance:Instance::cases")
    assert (found["encryption_at_rest"], found["public_endpoint_disabled"]) == ("fail", "fail")
    assert found["no_plaintext_secret"] == "pass"
    assert not any(store.address.endswith("::gone") for store in checked.stores)
    store = next(store for store in checked.stores if "instance" in store.address)
    assert store.location.line > 1


def test_an_exported_stack(tmp_path: Path) -> None:
    bucket = {
        **_BUCKET,
        "inputs": {"bucket": "cases-1a2b"},
        "outputs": {"bucket": "cases-1a2b", "id": "cases-1a2b"},
    }
    block = {**_BLOCK, "inputs": {**_BLOCK["inputs"], "bucket": "cases-1a2b"}, "propertyDependencies": {}}
    native = state("google-native:storage/v1:Bucket", "acc", {})
    stack = {
        "type": "pulumi:pulumi:Stack",
        "urn": f"{_PROJECT}pulumi:pulumi:Stack::cases-dev",
        "custom": False,
    }
    checked = check(
        tmp_path, {"version": 3, "deployment": {"resources": [stack, bucket, block, native]}}, "stack.json"
    )
    assert verdicts(checked, "aws:s3/bucketV2:BucketV2::cases")["public_access_blocked"] == "pass"
    [gap] = checked.gaps
    assert gap.count == 1 and "not judged" in gap.detail
    assert "aws:s3:::cases-1a2b" in checked.stores[0].store.aliases


def test_any_shape(tmp_path: Path) -> None:
    for tree in ({"steps": 1}, {"steps": [1, {"op": None, "newState": {"urn": 1, "type": []}}]},
                 {"deployment": {"resources": [None, {"type": "aws:s3/bucket:Bucket", "inputs": [], "urn": "urn:pulumi:x"}]}}):  # fmt: skip
        checked = check(tmp_path, {**tree, "note": f"{_PROJECT}"})
        assert not [gap for gap in checked.gaps if gap.reason.value == "fault"]


def test_cdk_and_cdk_for_terraform(tmp_path: Path) -> None:
    template = {"Resources": {"Cases1A2B3C": {"Type": "AWS::RDS::DBInstance", "Properties": {"StorageEncrypted": True},
                                             "Metadata": {"aws:cdk:path": "Stack/Cases/Resource"}}}}  # fmt: skip
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "Stack.template.json").write_text(json.dumps(template))
    (tmp_path / "cdk.out" / "manifest.json").write_text('{"version": "38.0.0", "artifacts": {}}')
    (tmp_path / "cdk.out" / "tree.json").write_text(
        '{"tree": {"attributes": {"aws:cdk:cloudformation:type": "AWS::S3::Bucket"}}}'
    )
    terraform = {
        "//": {"metadata": {}},
        "resource": {"aws_s3_bucket": {"cases": {"//": {"metadata": {"path": "a/b"}}, "bucket": "cases"}}},
    }
    checked = check(tmp_path, terraform, "cdk.tf.json")
    assert verdicts(checked, "Cases1A2B3C")["encryption_at_rest"] == "pass"
    assert verdicts(checked, "aws_s3_bucket.cases")["encryption_at_rest"] == "pass"
    assert {store.address for store in checked.stores} == {"Cases1A2B3C", "aws_s3_bucket.cases"}
    assert checked.gaps == ()
