"""Resources to stores: satellites are joined, defaults are the provider's, doubt stays doubt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.declared import terraform
from scanner.declared.model import DeclaredStore, Location, Resource, Unknown
from scanner.declared.terraform.stores import kinds
from scanner.declared.terraform.stores import stores as collect
from scanner.model import Basis, Evidence, GapReason, State
from scanner.safeguards import SAFEGUARDS

_BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "example-cases"\n}\n'


def stores(folder: Path, code: str) -> dict[str, DeclaredStore]:
    (folder / "main.tf").write_text(code)
    found, gaps = terraform.declared(folder, ["main.tf"])
    assert not gaps
    return {one.address: one for one in found}


def evidence(store: DeclaredStore, safeguard: str) -> Evidence:
    return next(item for item in store.evidence if item.safeguard == safeguard)


def state(folder: Path, code: str, address: str, safeguard: str) -> State:
    return evidence(stores(folder, code)[address], safeguard).state


def test_a_bucket_left_alone_is_encrypted_by_default_and_nothing_else(tmp_path: Path) -> None:
    bucket = stores(tmp_path, _BUCKET)["aws_s3_bucket.b"]
    encrypted = evidence(bucket, "encryption_at_rest")
    assert (encrypted.state, encrypted.basis) == (State.PRESENT, Basis.PROVIDER_DEFAULT)
    for name in ("versioning", "access_logging", "tls_enforced", "customer_managed_key"):
        found = next((e for e in bucket.evidence if e.safeguard == name), None)
        assert found is None or found.state is State.ABSENT
    assert bucket.store.aliases == ("terraform:aws_s3_bucket.b", "aws:s3:::example-cases")


def test_satellites_decide_for_their_bucket_and_name_the_line(tmp_path: Path) -> None:
    code = _BUCKET + (
        'resource "aws_s3_bucket_versioning" "v" {\n  bucket = aws_s3_bucket.b.id\n'
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
        'resource "aws_s3_bucket_acl" "a" {\n  bucket = aws_s3_bucket.b.bucket\n  acl = "public-read"\n}\n'
    )
    found = stores(tmp_path, code)
    assert list(found) == ["aws_s3_bucket.b"]
    bucket = found["aws_s3_bucket.b"]
    assert evidence(bucket, "versioning").state is State.PRESENT
    assert evidence(bucket, "acl_not_public").state is State.ABSENT
    assert bucket.locations["acl_not_public"].line == 12
    assert {part.address for part in bucket.parts} == {"aws_s3_bucket_versioning.v", "aws_s3_bucket_acl.a"}


def test_a_block_overrides_an_open_acl(tmp_path: Path) -> None:
    code = (
        _BUCKET
        + 'resource "aws_s3_bucket_acl" "a" {\n  bucket = aws_s3_bucket.b.id\n  acl = "public-read"\n}\n'
    )
    assert state(tmp_path, code, "aws_s3_bucket.b", "anonymous_read_blocked") is State.ABSENT
    code += (
        'resource "aws_s3_bucket_public_access_block" "p" {\n  bucket = aws_s3_bucket.b.id\n'
        "  block_public_acls = true\n  block_public_policy = true\n  ignore_public_acls = true\n"
        "  restrict_public_buckets = true\n}\n"
    )
    assert state(tmp_path, code, "aws_s3_bucket.b", "anonymous_read_blocked") is State.PRESENT


def test_satellites_of_instances_find_their_own(tmp_path: Path) -> None:
    code = (
        'resource "aws_s3_bucket" "b" {\n  for_each = toset(["x", "y"])\n  bucket = "example-${each.key}"\n}\n'
        'resource "aws_s3_bucket_versioning" "v" {\n  bucket = aws_s3_bucket.b["x"].id\n'
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
    )
    found = stores(tmp_path, code)
    assert evidence(found['aws_s3_bucket.b["x"]'], "versioning").state is State.PRESENT
    assert evidence(found['aws_s3_bucket.b["y"]'], "versioning").state is State.ABSENT


class _Same(dict[str, object]):
    """Attributes of which every one has the same value."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self._value = value

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        return self._value


@pytest.mark.parametrize(
    "value",
    [None, Unknown("not known"), "text", 7, True, [], ["x"], {}, [{}], [Unknown("not known")]],
    ids=repr,
)
def test_every_kind_answers_whatever_its_attributes_are(value: object) -> None:
    for kind in kinds():
        one = Resource(f"{kind}.x", kind, _Same(value), Location("main.tf", 1))
        for store in collect((one,)):
            assert all(item.safeguard in SAFEGUARDS for item in store.evidence)


def test_nothing_unknown_ever_passes() -> None:
    for kind in kinds():
        one = Resource(f"{kind}.x", kind, _Same(Unknown("not known")), Location("main.tf", 1))
        for store in collect((one,)):
            stated = [e for e in store.evidence if e.state is State.PRESENT and e.basis is Basis.EXPLICIT]
            # A secret from elsewhere is none in the code; an administrator is declared by being there.
            assert {e.safeguard for e in stated} <= {"no_plaintext_secret", "iam_auth"}, kind


def test_a_policy_with_a_statement_that_is_not_known_is_not_fine(tmp_path: Path) -> None:
    code = (
        _BUCKET + 'variable "more" {}\nresource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.b.id\n'
        "  policy = jsonencode({ Statement = [var.more] })\n}\n"
    )
    assert state(tmp_path, code, "aws_s3_bucket.b", "policy_not_public") is State.UNKNOWN
    assert state(tmp_path, code, "aws_s3_bucket.b", "tls_enforced") is State.UNKNOWN


def _policy(**statement: object) -> str:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", **statement}
    return (
        _BUCKET + 'resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.b.id\n'
        f"  policy = <<EOT\n{json.dumps({'Statement': [whole]})}\nEOT\n}}\n"
    )


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ({}, State.ABSENT),
        ({"Principal": {"AWS": ["*"]}}, State.ABSENT),
        ({"Effect": "Deny"}, State.PRESENT),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, State.PRESENT),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}, State.PRESENT),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, State.ABSENT),
        ({"Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-example"}}}, State.ABSENT),
    ],
)
def test_who_a_policy_lets_in(tmp_path: Path, statement: dict[str, object], wanted: State) -> None:
    assert state(tmp_path, _policy(**statement), "aws_s3_bucket.b", "policy_not_public") is wanted


def test_refusing_plain_http_counts_as_tls(tmp_path: Path) -> None:
    code = _policy(Effect="Deny", Action="s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert state(tmp_path, code, "aws_s3_bucket.b", "tls_enforced") is State.PRESENT


def test_a_variable_without_default_is_unknown_with_its_name(tmp_path: Path) -> None:
    code = 'variable "on" {}\nresource "aws_db_instance" "d" {\n  storage_encrypted = var.on\n}\n'
    item = evidence(stores(tmp_path, code)["aws_db_instance.d"], "encryption_at_rest")
    assert (item.state, item.basis) == (State.UNKNOWN, Basis.COMPUTED)
    assert item.reason == "variable on has no default"


@pytest.mark.parametrize(
    ("body", "safeguard", "wanted"),
    [
        ("storage_encrypted = true", "encryption_at_rest", State.PRESENT),
        ("", "encryption_at_rest", State.ABSENT),
        ("publicly_accessible = true", "public_endpoint_disabled", State.ABSENT),
        ("", "public_endpoint_disabled", State.PRESENT),
        ("backup_retention_period = 0", "backup_enabled", State.ABSENT),
        ("backup_retention_period = 14", "backup_retention_days", State.PRESENT),
    ],
)
def test_databases(tmp_path: Path, body: str, safeguard: str, wanted: State) -> None:
    code = f'resource "aws_db_instance" "d" {{\n  engine = "postgres"\n  {body}\n}}\n'
    assert state(tmp_path, code, "aws_db_instance.d", safeguard) is wanted


def test_azure_and_google(tmp_path: Path) -> None:
    code = (
        'resource "azurerm_storage_account" "a" {\n  name = "examplecases"\n  min_tls_version = "TLS1_0"\n}\n'
        'resource "google_storage_bucket" "g" {\n  name = "example-cases"\n  location = "europe-west2"\n}\n'
        'resource "google_storage_bucket_iam_member" "m" {\n  bucket = google_storage_bucket.g.name\n'
        '  role = "roles/storage.objectViewer"\n  member = "allUsers"\n}\n'
    )
    found = stores(tmp_path, code)
    account, bucket = found["azurerm_storage_account.a"], found["google_storage_bucket.g"]
    assert evidence(account, "min_tls_version").state is State.ABSENT
    assert evidence(account, "tls_enforced").basis is Basis.PROVIDER_DEFAULT
    assert evidence(bucket, "policy_not_public").state is State.ABSENT
    assert bucket.store.region == "europe-west2"


def test_known_registry_modules_are_read_by_their_inputs(tmp_path: Path) -> None:
    code = (
        'module "s" {\n  source = "terraform-aws-modules/s3-bucket/aws"\n  version = "~> 4.1"\n'
        "  versioning = {\n    enabled = true\n  }\n}\n"
        'module "own" {\n  source = "git::https://git.example.org/modules/bucket.git"\n}\n'
    )
    (tmp_path / "main.tf").write_text(code)
    listed, gaps = terraform.declared(tmp_path, ["main.tf"])
    found = {one.address: one for one in listed}
    assert list(found) == ["module.s"]
    assert [(gap.reason, gap.detail[:7]) for gap in gaps] == [(GapReason.UNREACHABLE, "line 8:")]
    assert evidence(found["module.s"], "versioning").state is State.PRESENT
    assert evidence(found["module.s"], "public_access_blocked").state is State.PRESENT


def test_a_plan_joins_by_its_own_references(tmp_path: Path) -> None:
    bucket = {
        "address": "aws_s3_bucket.b",
        "mode": "managed",
        "type": "aws_s3_bucket",
        "name": "b",
        "values": {},
    }
    kept = {
        "address": "aws_s3_bucket_versioning.v", "mode": "managed", "type": "aws_s3_bucket_versioning", "name": "v",
        "values": {"versioning_configuration": [{"status": "Enabled"}]},
    }  # fmt: skip
    plan = {
        "format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [bucket, kept]}},
        "resource_changes": [
            {"address": "aws_s3_bucket.b", "change": {"after_unknown": {"bucket": True, "id": True}}},
            {"address": "aws_s3_bucket_versioning.v", "change": {"after_unknown": {"bucket": True}}},
        ],
        "configuration": {"root_module": {"resources": [
            {"address": "aws_s3_bucket_versioning.v",
             "expressions": {"bucket": {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}}},
        ]}},
    }  # fmt: skip
    text = json.dumps(plan)
    (tmp_path / "plan.json").write_text(text)
    assert terraform.claims("plan.json", text[:400].encode())
    found, gaps = terraform.declared(tmp_path, ["plan.json"])
    assert not gaps
    assert evidence(found[0], "versioning").state is State.PRESENT


def test_a_state_file_is_read(tmp_path: Path) -> None:
    state_file = {"version": 4, "terraform_version": "1.9.0", "resources": [
        {"mode": "managed", "type": "aws_db_instance", "name": "d", "instances": [
            {"index_key": 0, "attributes": {"identifier": "example", "storage_encrypted": False}}]}]}  # fmt: skip
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state_file))
    found, _ = terraform.declared(tmp_path, ["terraform.tfstate"])
    assert found[0].address == "aws_db_instance.d[0]"
    assert evidence(found[0], "encryption_at_rest").state is State.ABSENT
