"""A bucket that is declared and the same bucket made through the SDK get the same evidence.

Each setting stands three times: as CloudFormation's properties, as Terraform's resources and, applied
with the very values of the first, in moto through boto3, where the connector looks at it. What the
declaration says must be what the connector says, safeguard by safeguard.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from scanner.connectors.s3 import S3Connector
from scanner.declared import cloudformation, terraform
from scanner.declared.model import DeclaredStore
from scanner.judge import judge_all, yielding
from scanner.model import Context, Evidence, Scope, State, Store, Subject
from scanner.ruleset import load_rules
from scanner.testing.connectors import access
from tests.servers.s3 import ACCOUNT, MotoS3

BLOCK = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
KEY = "arn:aws:kms:eu-west-2:123456789012:key/KEY"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting in both languages; `<bucket>` and `KEY` are filled in."""

    about: str
    properties: Mapping[str, Any]
    """Of AWS::S3::Bucket."""
    satellites: str = ""
    """Terraform resources beside the bucket."""
    policy: Mapping[str, Any] | None = None
    """One statement of the bucket's policy."""


def _block(*on: str) -> dict[str, bool]:
    return {"".join(word.capitalize() for word in name.split("_")): name in on for name in BLOCK}


def _block_tf(*on: str) -> str:
    lines = "".join(f"  {name} = {str(name in on).lower()}\n" for name in BLOCK)
    return (
        'resource "aws_s3_bucket_public_access_block" "p" {\n  bucket = aws_s3_bucket.b.id\n' + lines + "}\n"
    )


def _sse(body: str) -> str:
    return (
        'resource "aws_s3_bucket_server_side_encryption_configuration" "e" {\n  bucket = aws_s3_bucket.b.id\n'
        f"  rule {{\n    apply_server_side_encryption_by_default {{\n{body}    }}\n  }}\n}}\n"
    )


def _statement(effect: str, action: str, **condition: Any) -> dict[str, Any]:
    where = ["arn:aws:s3:::<bucket>", "arn:aws:s3:::<bucket>/*"]
    return {"Effect": effect, "Principal": "*", "Action": action, "Resource": where, **condition}


def _rule(**more: Any) -> dict[str, Any]:
    return {"Rules": [{"Id": "all", "Status": "Enabled", **more}]}


_LIFECYCLE_TF = (
    'resource "aws_s3_bucket_lifecycle_configuration" "l" {{\n  bucket = aws_s3_bucket.b.id\n  rule {{\n'
    '    id = "all"\n    status = "Enabled"\n    filter {{}}\n    {0}\n  }}\n}}\n'
)
_INSECURE = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
_ENFORCED = (
    'resource "aws_s3_bucket_ownership_controls" "o" {{\n  bucket = aws_s3_bucket.b.id\n  rule {{\n'
    '    object_ownership = "{0}"\n  }}\n}}\n'
)

SETTINGS = (
    Setting("nothing is set", {}),
    Setting(
        "versions are kept",
        {"VersioningConfiguration": {"Status": "Enabled"}},
        'resource "aws_s3_bucket_versioning" "v" {\n  bucket = aws_s3_bucket.b.id\n'
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n',
    ),
    Setting(
        "versions are suspended",
        {"VersioningConfiguration": {"Status": "Suspended"}},
        'resource "aws_s3_bucket_versioning" "v" {\n  bucket = aws_s3_bucket.b.id\n'
        '  versioning_configuration {\n    status = "Suspended"\n  }\n}\n',
    ),
    Setting(
        "a key of one's own",
        {"BucketEncryption": {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]}},
        _sse(f'      sse_algorithm = "aws:kms"\n      kms_master_key_id = "{KEY}"\n'),
    ),
    Setting(
        "KMS without a key",
        {"BucketEncryption": {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}},
        _sse('      sse_algorithm = "aws:kms"\n'),
    ),
    Setting(
        "S3's own key",
        {"BucketEncryption": {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}},
        _sse('      sse_algorithm = "AES256"\n'),
    ),
    Setting(
        "accesses are logged",
        {"LoggingConfiguration": {"DestinationBucketName": "<bucket>-logs", "LogFilePrefix": "x/"}},
        'resource "aws_s3_bucket_logging" "l" {\n  bucket = aws_s3_bucket.b.id\n'
        '  target_bucket = "<bucket>-logs"\n  target_prefix = "x/"\n}\n',
    ),
    Setting("all public access is blocked", {"PublicAccessBlockConfiguration": _block(*BLOCK)}, _block_tf(*BLOCK)),
    Setting(
        "public access is partly blocked",
        {"PublicAccessBlockConfiguration": _block("block_public_acls")},
        _block_tf("block_public_acls"),
    ),
    Setting(
        "everybody may read by ACL",
        {"AccessControl": "PublicRead", "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
        _ENFORCED.format("ObjectWriter")
        + 'resource "aws_s3_bucket_acl" "a" {\n  bucket = aws_s3_bucket.b.id\n  acl = "public-read"\n}\n',
    ),
    Setting(
        "ACLs are off",
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        _ENFORCED.format("BucketOwnerEnforced"),
    ),
    Setting(
        "a website",
        {"WebsiteConfiguration": {"IndexDocument": "index.html"}},
        'resource "aws_s3_bucket_website_configuration" "w" {\n  bucket = aws_s3_bucket.b.id\n'
        '  index_document {\n    suffix = "index.html"\n  }\n}\n',
    ),
    Setting(
        "every origin may write",
        {"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PUT"]}]}},
        'resource "aws_s3_bucket_cors_configuration" "c" {\n  bucket = aws_s3_bucket.b.id\n  cors_rule {\n'
        '    allowed_origins = ["*"]\n    allowed_methods = ["GET", "PUT"]\n  }\n}\n',
    ),
    Setting(
        "one origin may write",
        {"CorsConfiguration": {"CorsRules": [
            {"AllowedOrigins": ["https://example.gov.uk"], "AllowedMethods": ["PUT"]}]}},
        'resource "aws_s3_bucket_cors_configuration" "c" {\n  bucket = aws_s3_bucket.b.id\n  cors_rule {\n'
        '    allowed_origins = ["https://example.gov.uk"]\n    allowed_methods = ["PUT"]\n  }\n}\n',
    ),
    Setting(
        "content expires",
        {"LifecycleConfiguration": _rule(ExpirationInDays=365)},
        _LIFECYCLE_TF.format("expiration {\n      days = 365\n    }"),
    ),
    Setting(
        "content is only moved",
        {"LifecycleConfiguration": _rule(Transitions=[{"StorageClass": "GLACIER", "TransitionInDays": 30}])},
        _LIFECYCLE_TF.format('transition {\n      days = 30\n      storage_class = "GLACIER"\n    }'),
    ),
    Setting("objects can be locked", {"ObjectLockEnabled": True}),
    Setting("everybody may read by policy", {}, policy=_statement("Allow", "s3:GetObject")),
    Setting("plain HTTP is refused", {}, policy=_statement("Deny", "s3:*", **_INSECURE)),
    Setting(
        "everybody may read by policy, and a block prevents it",
        {"PublicAccessBlockConfiguration": _block(*BLOCK)},
        _block_tf(*BLOCK),
        _statement("Allow", "s3:GetObject"),
    ),
    Setting("tags", {"Tags": [{"Key": "Owner", "Value": "Records team (example)"}]}),
)  # fmt: skip

COMPARED = (
    "encryption_at_rest", "customer_managed_key", "versioning", "access_logging", "public_access_blocked",
    "acl_not_public", "policy_not_public", "uniform_access_control", "static_website_disabled", "cors_restricted",
    "lifecycle_expiry", "object_lock", "tls_enforced", "anonymous_read_blocked", "owner_tag",
)  # fmt: skip

UNSEEN_LIVE = {
    # Objects carry ACLs of their own where ACLs are on; a declaration says nothing of single objects.
    ("everybody may read by ACL", "anonymous_read_blocked"),
}


def _filled(value: Any, bucket: str, key: str) -> Any:
    return json.loads(json.dumps(value).replace("<bucket>", bucket).replace(KEY, key))


def _terraform(setting: Setting, bucket: str, key: str, folder: Path) -> DeclaredStore:
    lock = "  object_lock_enabled = true\n" if setting.properties.get("ObjectLockEnabled") else ""
    tags = "".join(
        f'  tags = {{ {t["Key"]} = "{t["Value"]}" }}\n' for t in setting.properties.get("Tags", ())
    )
    code = f'resource "aws_s3_bucket" "b" {{\n  bucket = "{bucket}"\n{lock}{tags}}}\n' + setting.satellites
    if setting.policy is not None:
        document = json.dumps({"Version": "2012-10-17", "Statement": [setting.policy]})
        code += f'resource "aws_s3_bucket_policy" "p" {{\n  bucket = aws_s3_bucket.b.id\n  policy = <<EOF\n{document}\nEOF\n}}\n'
    (folder / "main.tf").write_text(code.replace("<bucket>", bucket).replace(KEY, key))
    found, gaps = terraform.declared(folder, ["main.tf"])
    assert not gaps
    return next(one for one in found if one.address == "aws_s3_bucket.b")


def _cloudformation(setting: Setting, bucket: str, key: str, folder: Path) -> DeclaredStore:
    resources: dict[str, Any] = {
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket, **setting.properties}}
    }
    if setting.policy is not None:
        document = {"Version": "2012-10-17", "Statement": [setting.policy]}
        resources["P"] = {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "Bucket": {"Ref": "B"}, "PolicyDocument": document}}  # fmt: skip
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    (folder / "template.json").write_text(json.dumps(_filled(template, bucket, key)))
    found, gaps = cloudformation.declared(folder, ["template.json"])
    assert not gaps
    return next(one for one in found if one.address == "B")


def _apply(s3: Any, bucket: str, properties: Mapping[str, Any], policy: Mapping[str, Any] | None) -> None:
    """The declared values through the SDK, with what S3 itself does for new buckets since April 2023."""
    ownership = properties.get("OwnershipControls", {}).get("Rules", [{}])[0].get("ObjectOwnership")
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"},
        ObjectLockEnabledForBucket=bool(properties.get("ObjectLockEnabled")),
        ObjectOwnership=ownership or "BucketOwnerEnforced",
    )  # fmt: skip
    if found := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=found)
    if found := properties.get("BucketEncryption"):
        rules = [{"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
                 for rule in found["ServerSideEncryptionConfiguration"]]  # fmt: skip
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    if found := properties.get("LoggingConfiguration"):
        target = found["DestinationBucketName"]
        s3.create_bucket(
            Bucket=target,
            CreateBucketConfiguration={"LocationConstraint": "eu-west-2"},
            ACL="log-delivery-write",
        )
        enabled = {"TargetBucket": target, "TargetPrefix": found["LogFilePrefix"]}
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})
    if found := properties.get("PublicAccessBlockConfiguration"):
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=found)
    if properties.get("AccessControl") == "PublicRead":
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    if found := properties.get("WebsiteConfiguration"):
        s3.put_bucket_website(
            Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": found["IndexDocument"]}}
        )
    if found := properties.get("CorsConfiguration"):
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": found["CorsRules"]})
    if found := properties.get("LifecycleConfiguration"):
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [
            _lifecycle(rule) for rule in found["Rules"]]})  # fmt: skip
    if found := properties.get("Tags"):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": found})
    if policy is not None:
        document = {"Version": "2012-10-17", "Statement": [policy]}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def _lifecycle(rule: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": ""}}
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if "Transitions" in rule:
        made["Transitions"] = [{"Days": t["TransitionInDays"], "StorageClass": t["StorageClass"]}
                               for t in rule["Transitions"]]  # fmt: skip
    return made


def _seen(moto: MotoS3, bucket: str) -> tuple[Store, tuple[Evidence, ...]]:
    options = S3Connector.Options(addressing_style="path", endpoint_url=moto.endpoint_url, buckets=(bucket,),
                                  service="aws", account_id=ACCOUNT)  # fmt: skip
    found = S3Connector(options, access())
    (scope,) = [s for s in found.scopes() if isinstance(s, Scope)]
    (store,) = [s for s in found.stores(scope) if isinstance(s, Store)]
    return store, tuple(e for e in found.evidence(store) if isinstance(e, Evidence) and e.place.is_store)


@pytest.mark.parametrize("number", range(len(SETTINGS)), ids=[one.about for one in SETTINGS])
def test_declared_and_live_buckets_get_the_same_evidence(
    number: int, moto_s3: MotoS3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in moto_s3.env.items():
        monkeypatch.setenv(name, text)
    setting, bucket = SETTINGS[number], f"example-conformance-{number}"
    key = moto_s3.client("kms").create_key()["KeyMetadata"]["Arn"]
    _apply(moto_s3.client(), bucket, _filled(dict(setting.properties), bucket, key),
           _filled(setting.policy, bucket, key))  # fmt: skip
    live = {e.safeguard: e for e in _seen(moto_s3, bucket)[1]}
    for language, declare in (("Terraform", _terraform), ("CloudFormation", _cloudformation)):
        folder = tmp_path / language
        folder.mkdir()
        declared = {e.safeguard: e for e in declare(setting, bucket, key, folder).evidence}
        wrong = []
        for safeguard in COMPARED:
            said, seen = declared.get(safeguard), live.get(safeguard)
            if said is None or seen is None:
                wrong.append(f"{safeguard}: said by {'neither' if said is seen else 'one'} only")
            elif (setting.about, safeguard) in UNSEEN_LIVE:
                assert said.state is State.ABSENT and seen.state is not State.PRESENT
            elif (said.state, said.value or None) != (seen.state, seen.value or None):
                wrong.append(
                    f"{safeguard}: declared {said.state.value} {said.value}, live {seen.state.value} {seen.value}"
                )
        assert not wrong, f"{language}: " + "; ".join(wrong)


_PUBLIC = tuple(
    one
    for one in SETTINGS
    if one.policy is not None
    or "PublicAccessBlockConfiguration" in one.properties
    or one.about == "nothing is set"
)
_GUARDS = ("OBJ-01", "OBJ-15")


def _verdicts(store: Store, evidence: Iterable[Evidence]) -> dict[str, str]:
    rules = tuple(rule for rule in load_rules(examples=False).rules if rule.id in _GUARDS)
    subject = Subject(None, store, evidence=tuple(evidence))
    found = tuple(judge_all([subject], Context(today=dt.date(2026, 11, 22)), rules))
    less = yielding(found, rules)
    return {one.rule_id: one.verdict.value for one in found if one.fingerprint not in less}


@pytest.mark.parametrize("account", [False, True], ids=["the bucket alone", "with the account's block"])
@pytest.mark.parametrize("number", range(len(_PUBLIC)), ids=[one.about for one in _PUBLIC])
def test_whether_it_is_public_and_whether_it_is_guarded_are_the_same_live(
    number: int, account: bool, moto_s3: MotoS3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in moto_s3.env.items():
        monkeypatch.setenv(name, text)
    setting, bucket = _PUBLIC[number], f"example-guarded-{number}-{account}".lower()
    _apply(moto_s3.client(), bucket, _filled(dict(setting.properties), bucket, KEY),
           _filled(setting.policy, bucket, KEY))  # fmt: skip
    if account:
        whole = 'resource "aws_s3_account_public_access_block" "all" {\n' + "".join(
            f"  {name} = true\n" for name in BLOCK) + "}\n"  # fmt: skip
        setting = dataclasses.replace(setting, satellites=setting.satellites + whole)
    with _account_block(account):
        live = _verdicts(*_seen(moto_s3, bucket))
    declared = _terraform(setting, bucket, KEY, tmp_path)
    assert _verdicts(declared.store, declared.evidence) == live
    if account:
        assert live == {"OBJ-01": "pass", "OBJ-15": "pass"}


@contextlib.contextmanager
def _account_block(on: bool) -> Iterator[None]:
    """The whole account's block, put away again: the server is shared with other tests."""
    if not on:
        yield
        return
    control = boto3.client("s3control")
    control.put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=dict.fromkeys(_block(), True)
    )
    try:
        yield
    finally:
        control.delete_public_access_block(AccountId=ACCOUNT)
