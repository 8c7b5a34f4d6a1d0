"""A store's own block on public access: a change that drops it is told once, on its line, in each language."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from tests.check.repository import Repository

_TERRAFORM = """resource "aws_s3_bucket" "b" {
  bucket = "example-records"
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
_BLOCK_ALONE = """variable "bucket" {}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = var.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
_ACCOUNT = """resource "aws_s3_account_public_access_block" "all" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
_TEMPLATE = """Resources:
  Records:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: example-records
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
"""
_AZURE = """resource "azurerm_storage_account" "a" {
  name                            = "examplerecords"
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  allow_nested_items_to_be_public = false
}
resource "azurerm_storage_container" "c" {
  name                  = "records"
  storage_account_id    = azurerm_storage_account.a.id
  container_access_type = "private"
}
"""
_BICEP = """resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'examplerecords'
  location: 'uksouth'
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
  properties: {
    allowBlobPublicAccess: false
  }
}
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {
  parent: a
  name: 'default'
}
resource c 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-01-01' = {
  parent: blobs
  name: 'records'
  properties: {
    publicAccess: 'None'
  }
}
"""
_ARM = json.dumps(
    {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            {
                "type": "Microsoft.Storage/storageAccounts",
                "apiVersion": "2023-01-01",
                "name": "examplerecords",
                "location": "uksouth",
                "sku": {"name": "Standard_ZRS"},
                "kind": "StorageV2",
                "properties": {"allowBlobPublicAccess": False},
            }
        ],
    },
    indent=2,
)
_GOOGLE = """resource "google_storage_bucket" "b" {
  name                        = "example-records"
  location                    = "EUROPE-WEST2"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
}
"""
_PULUMI = json.dumps(
    {
        "version": 3,
        "deployment": {
            "resources": [
                {
                    "urn": "urn:pulumi:prod::cases::aws:s3/bucketV2:BucketV2::records",
                    "type": "aws:s3/bucketV2:BucketV2",
                    "inputs": {"bucket": "example-records"},
                },
                {
                    "urn": "urn:pulumi:prod::cases::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::records",
                    "type": "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
                    "inputs": {
                        "bucket": "example-records",
                        "blockPublicAcls": True,
                        "blockPublicPolicy": True,
                        "ignorePublicAcls": True,
                        "restrictPublicBuckets": True,
                    },
                },
            ]
        },
    },
    indent=2,
)


@dataclasses.dataclass(frozen=True)
class Flip:
    """One line before and after."""

    about: str
    file: str
    code: str
    before: str
    after: str
    rule: str = "OBJ-15"


FLIPS = (
    Flip("one of four", "main.tf", _TERRAFORM, "ignore_public_acls      = true", "ignore_public_acls      = false"),
    Flip("a bucket that is declared elsewhere", "main.tf", _BLOCK_ALONE, "block_public_acls       = true",
         "block_public_acls       = false"),
    Flip("CloudFormation", "t.yaml", _TEMPLATE, "IgnorePublicAcls: true", "IgnorePublicAcls: false"),
    Flip("SAM's bucket in JSON", "t.json", json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True,
                                           "IgnorePublicAcls": True, "RestrictPublicBuckets": True}}}}}, indent=1),
         '"BlockPublicPolicy": true', '"BlockPublicPolicy": false'),
    Flip("a storage account", "main.tf", _AZURE, "to_be_public = false", "to_be_public = true"),
    Flip("a container", "main.tf", _AZURE, '"private"', '"blob"', "OBJ-01"),
    Flip("an account in Bicep", "main.bicep", _BICEP, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true"),
    Flip("an account in ARM", "main.json", _ARM, '"allowBlobPublicAccess": false', '"allowBlobPublicAccess": true'),
    Flip("Google's prevention", "main.tf", _GOOGLE, '"enforced"', '"inherited"'),
    Flip("the whole account", "main.tf", _ACCOUNT, "block_public_policy     = true", "block_public_policy     = false",
         "OBJ-03"),
    Flip("Pulumi", "stack.json", _PULUMI, '"ignorePublicAcls": true', '"ignorePublicAcls": false'),
)  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repo")


def _annotations(repository: Repository) -> list[str]:
    done = repository.check("--diff", "main", "--format", "github")
    return [line for line in done.stdout.splitlines() if line.startswith("::")]


@pytest.mark.parametrize("flip", FLIPS, ids=lambda one: one.about)
def test_one_annotation_on_the_changed_line_and_none_after_the_revert(
    flip: Flip, repository: Repository
) -> None:
    assert flip.code.count(flip.before) == 1
    repository.write(**{flip.file: flip.code})
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "change")
    changed = flip.code.replace(flip.before, flip.after)
    repository.write(**{flip.file: changed})
    repository.commit()
    line = next(n for n, text in enumerate(changed.splitlines(), 1) if flip.after in text)
    (told,) = _annotations(repository)
    where, _, said = told.partition(",title=")
    assert said.startswith(f"{flip.rule} ")
    if flip.about != "Pulumi":  # a state has no lines of its own
        assert where.endswith(f"file={flip.file},line={line}")
    repository.git("revert", "--no-edit", "HEAD")
    assert _annotations(repository) == []


_OPEN = """resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject",
                                       Resource = "${aws_s3_bucket.b.arn}/*" }] })
}
"""
_BUCKET = _TERRAFORM.partition("resource \"aws_s3_bucket_public")[0]  # fmt: skip


def test_a_store_that_is_public_is_told_once(repository: Repository) -> None:
    repository.write(**{"main.tf": _BUCKET + _OPEN})
    rules = {rule for rule, _ in repository.findings()}
    assert "OBJ-01" in rules
    assert "OBJ-15" not in rules
    repository.write(**{"main.tf": _BUCKET})
    assert ("OBJ-15", "aws_s3_bucket.b") in repository.findings()


def test_of_a_store_that_is_declared_elsewhere_only_what_is_said_is_asked(repository: Repository) -> None:
    text = _BLOCK_ALONE.replace("policy     = true", "policy     = false")
    repository.write(**{"main.tf": text})
    assert {(row["rule"], row["verdict"]) for row in repository.rows()} == {("OBJ-15", "fail")}
    (told,) = (line for line in repository.check().output.splitlines() if line.lstrip().startswith("+"))
    assert told.split() == ["+", "block_public_policy", "=", "true"]


def test_closing_a_public_store_brings_nothing_new(repository: Repository) -> None:
    """Its block was off before as well; only nobody had to be told."""
    repository.write(**{"main.tf": _BUCKET + _OPEN})
    repository.commit()
    repository.write(**{"main.tf": _BUCKET})
    assert repository.findings("--diff", "main") == set()


def test_an_unknown_policy_does_not_hide_that_the_block_is_off(repository: Repository) -> None:
    policy = 'variable "p" {}\nresource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n  policy = var.p\n}\n'
    repository.write(**{"main.tf": _BUCKET + policy})
    assert ("OBJ-15", "aws_s3_bucket.b") in repository.findings()


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        (_ACCOUNT, False),
        (_ACCOUNT.replace("policy     = true", "policy     = false"), True),
        (_ACCOUNT.replace("{\n", '{\n  account_id = "111122223333"\n', 1), True),
        (
            'provider "aws" {\n  alias = "other"\n  profile = "other"\n}\n'
            + _ACCOUNT.replace("{\n", "{\n  provider = aws.other\n", 1),
            True,
        ),
        (
            'provider "aws" {\n  alias = "ireland"\n  region = "eu-west-1"\n}\n'
            + _ACCOUNT.replace("{\n", "{\n  provider = aws.ireland\n", 1),
            False,
        ),
    ],
    ids=["covered", "the account's is not whole", "another account", "other credentials", "another region"],
)
def test_the_accounts_block_covers_its_buckets(beside: str, told: bool, repository: Repository) -> None:
    repository.write(**{"main.tf": _BUCKET + beside})
    assert (("OBJ-15", "aws_s3_bucket.b") in repository.findings()) is told


def test_two_halves_make_a_whole_block(repository: Repository) -> None:
    own = _TERRAFORM.replace("acls       = true", "acls       = false")
    account = _ACCOUNT.replace("policy     = true", "policy     = false")
    repository.write(**{"main.tf": own + account})
    assert {rule for rule, _ in repository.findings()} & {"OBJ-15", "OBJ-03"} == {"OBJ-03"}


_INHERITS = _GOOGLE.replace('"enforced"', '"inherited"').replace("{\n", '{\n  project = "example-prod"\n', 1)
_POLICY = """resource "google_org_policy_policy" "p" {
  name   = "projects/example-prod/policies/storage.publicAccessPrevention"
  parent = "projects/example-prod"
  spec {
    rules {
      enforce = "TRUE"
    }
  }
}
"""
_OLD_POLICY = """resource "google_project_organization_policy" "p" {
  project    = "example-prod"
  constraint = "constraints/storage.publicAccessPrevention"
  boolean_policy {
    enforced = true
  }
}
"""


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("", True),
        (_POLICY, False),
        (_OLD_POLICY, False),
        (_POLICY.replace("TRUE", "FALSE"), True),
        (_POLICY.replace("projects/example-prod", "projects/example-test"), True),
        (_POLICY.replace("publicAccessPrevention", "uniformBucketLevelAccess"), True),
    ],
    ids=["alone", "policy", "older resource", "not enforced", "another project", "another constraint"],
)
def test_the_projects_policy_covers_its_buckets(beside: str, told: bool, repository: Repository) -> None:
    repository.write(**{"main.tf": _INHERITS + beside})
    assert (("OBJ-15", "google_storage_bucket.b") in repository.findings()) is told


@pytest.mark.parametrize("code", ["azurerm", "bicep"])
def test_a_container_leaves_it_to_its_account(code: str, repository: Repository) -> None:
    file, text = ("main.tf", _AZURE) if code == "azurerm" else ("main.bicep", _BICEP)
    repository.write(**{file: text})
    rows = repository.rows()
    assert not [row for row in rows if row["rule"] == "OBJ-15" and "ontainer" in json.dumps(row)]


@pytest.mark.parametrize(
    "kind", ["aws_glacier_vault", "aws_s3tables_table_bucket", "aws_s3_directory_bucket"]
)
def test_buckets_that_know_no_public_are_not_asked(kind: str, repository: Repository) -> None:
    repository.write(**{"main.tf": f'resource "{kind}" "b" {{\n  name = "example"\n}}\n'})
    assert not [row for row in repository.rows() if row["rule"] == "OBJ-15"]
