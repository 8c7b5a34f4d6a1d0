"""Every fix in CloudFormation, ARM and Bicep: added to the smallest resource that lacks the safeguard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.declared.fixes import templates
from scanner.model import State
from tests.declared.fixes.applying import applied, proposed, state, stores, value

_CLOUDFORMATION = templates("cloudformation")
_AZURE = templates("azure")
AWS_PAIRS = [(kind, safeguard) for kind, known in _CLOUDFORMATION.items() for safeguard in known]
AZURE_PAIRS = [(kind, safeguard) for kind, known in _AZURE.items() for safeguard in known]

# What a resource of the type must say, and settings that are wrong.
_NEEDED: dict[str, dict[str, Any]] = {
    "AWS::S3::Bucket": {"BucketName": "example-records"},
    "AWS::RDS::DBInstance": {"Engine": "postgres"},
    "AWS::RDS::DBCluster": {"Engine": "aurora-mysql"},
}
_WRONG: dict[str, dict[str, Any]] = {
    "AWS::S3::Bucket": {
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": False, "RestrictPublicBuckets": False},
        "AccessControl": "PublicReadWrite",
        "VersioningConfiguration": {"Status": "Suspended"},
        "LifecycleConfiguration": {"Rules": [{"Id": "x", "Status": "Disabled", "ExpirationInDays": 1}]},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
    },
    "AWS::RDS::DBInstance": {
        "StorageEncrypted": False, "PubliclyAccessible": True, "BackupRetentionPeriod": 0,
        "DeletionProtection": False, "AutoMinorVersionUpgrade": False, "EnableCloudwatchLogsExports": [],
        "EnableIAMDatabaseAuthentication": False,
    },
    "AWS::RDS::DBCluster": {
        "StorageEncrypted": False, "BackupRetentionPeriod": 1, "DeletionProtection": False,
    },
    "AWS::DynamoDB::Table": {
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
        "DeletionProtectionEnabled": False,
    },
    "AWS::Redshift::Cluster": {"Encrypted": False, "PubliclyAccessible": True},
    "AWS::EFS::FileSystem": {"Encrypted": False, "BackupPolicy": {"Status": "DISABLED"}},
    "AWS::EC2::Volume": {"Encrypted": False},
    "AWS::SQS::Queue": {"SqsManagedSseEnabled": False},
    "AWS::CloudTrail::Trail": {"IsMultiRegionTrail": False, "EnableLogFileValidation": False},
    "microsoft.storage/storageaccounts": {
        "allowBlobPublicAccess": True, "supportsHttpsTrafficOnly": False, "minimumTlsVersion": "TLS1_0",
        "networkAcls": {"defaultAction": "Allow", "ipRules": []}, "allowSharedKeyAccess": True,
        "publicNetworkAccess": "Enabled",
    },
    "microsoft.storage/storageaccounts/blobservices/containers": {"publicAccess": "Blob"},
    "microsoft.sql/servers": {"publicNetworkAccess": "Enabled", "minimalTlsVersion": "1.0"},
    "microsoft.documentdb/databaseaccounts": {"publicNetworkAccess": "Enabled", "disableLocalAuth": False},
    "microsoft.cache/redis": {"publicNetworkAccess": "Enabled", "enableNonSslPort": True},
}  # fmt: skip


def _cloudformation(kind: str, wrong: bool) -> dict[str, Any]:
    properties = _NEEDED.get(kind, {}) | (_WRONG.get(kind, {}) if wrong else {})
    resource: dict[str, Any] = {"Type": kind} | ({"Properties": properties} if properties else {})
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Records": resource}}


def _yaml(value: Any, by: str = "") -> str:
    out = ""
    for key, item in value.items():
        inner = isinstance(item, dict)
        out += f"{by}{key}:\n{_yaml(item, by + '  ')}" if inner else f"{by}{key}: {json.dumps(item)}\n"
    return out


def _holds(folder: Path, file: str, before: str, kind: str, safeguard: str) -> None:
    store = next(one for type, one in stores(folder, file, before).items() if type.lower() == kind.lower())
    made = proposed(store, safeguard, before)
    assert made.edits, before
    text = applied(made, before)
    if file.endswith(".json"):
        json.loads(text)
    after = next(one for type, one in stores(folder, file, text).items() if type.lower() == kind.lower())
    assert state(after, safeguard) is State.PRESENT, text
    assert value(after, safeguard) in (None, "1.2", 14)


def _cases(pairs: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """Each pair where the setting was left out, and where it was set wrongly."""
    return [
        (k, safeguard, wrong)
        for k, safeguard in pairs
        for wrong in ((False, True) if k in _WRONG else (False,))
    ]


@pytest.mark.parametrize("language", ["json", "yaml"])
@pytest.mark.parametrize(("kind", "safeguard", "wrong"), _cases(AWS_PAIRS))
def test_cloudformation(kind: str, safeguard: str, language: str, wrong: bool, tmp_path: Path) -> None:
    template = _cloudformation(kind, wrong)
    text = json.dumps(template, indent=2) if language == "json" else _yaml(template)
    _holds(tmp_path, f"template.{language}", text, kind, safeguard)


def _arm(kind: str, wrong: bool) -> str:
    name = "/".join(["example", "default", "records", "x"][: kind.count("/")])
    resource: dict[str, Any] = {"type": kind, "apiVersion": "2023-01-01", "name": name}
    if wrong and kind in _WRONG:
        resource["properties"] = _WRONG[kind]
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return json.dumps({"$schema": schema, "contentVersion": "1.0.0.0", "resources": [resource]}, indent=2)


def _bicep(kind: str, wrong: bool) -> str:
    name = "/".join(["example", "default", "records", "x"][: kind.count("/")])
    body = f"  name: '{name}'\n"
    if wrong and kind in _WRONG:
        body += f"  properties: {{\n{_bicep_object(_WRONG[kind], '    ')}  }}\n"
    return f"resource records '{kind}@2023-01-01' = {{\n{body}}}\n"


def _bicep_object(value: dict[str, Any], by: str) -> str:
    out = ""
    for key, item in value.items():
        if isinstance(item, dict):
            out += f"{by}{key}: {{\n{_bicep_object(item, by + '  ')}{by}}}\n"
        else:
            out += f"{by}{key}: {json.dumps(item)}\n".replace('"', "'")
    return out


@pytest.mark.parametrize("language", ["json", "bicep"])
@pytest.mark.parametrize(("kind", "safeguard", "wrong"), _cases(AZURE_PAIRS))
def test_azure(kind: str, safeguard: str, language: str, wrong: bool, tmp_path: Path) -> None:
    text = _arm(kind, wrong) if language == "json" else _bicep(kind, wrong)
    _holds(tmp_path, f"main.{language}", text, kind, safeguard)
