"""Pulumi's providers that are made from the clouds' own types: previews and exported stacks of programs.

Names of resources and inputs are those of pulumi-aws-native 1.20 and pulumi-azure-native 3.29.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.declared.arm import joining
from scanner.declared.pipeline import Checked
from scanner.declared.pulumi.azure_types import TYPES, arm_type
from scanner.known import handles
from tests.declared.pulumi.test_pulumi import _LATER, check, state, verdicts

_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def taken(one: dict[str, Any], **of: dict[str, Any]) -> dict[str, Any]:
    """The resource with inputs that are other resources' outputs."""
    return {**one, "propertyDependencies": {name: [other["urn"]] for name, other in of.items()}}


def previewed(folder: Path, *states: dict[str, Any]) -> Checked:
    return check(folder, {"steps": [{"op": "create", "urn": one["urn"], "newState": one} for one in states]})


def exported(folder: Path, *states: dict[str, Any]) -> Checked:
    return check(folder, {"version": 3, "deployment": {"resources": list(states)}}, "stack.json")


def address(type: str, name: str = "cases") -> str:
    return f"{type}::{name}"


# --- AWS ------------------------------------------------------------------------------

_BUCKET = state(
    "aws-native:s3:Bucket",
    "cases",
    {
        "bucketName": "cases-1a2b",
        "publicAccessBlockConfiguration": dict.fromkeys(_FLAGS, True),
        "versioningConfiguration": {"status": "Enabled"},
        "bucketEncryption": {"serverSideEncryptionConfiguration": [
            {"serverSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": _LATER}}]},
        "tags": [{"key": "Owner", "value": "Records team (example)"}],
    },
)  # fmt: skip
_REFUSES_HTTP = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::cases-1a2b", "arn:aws:s3:::cases-1a2b/*"],
                   "Condition": {"Bool": {"aws:SecureTransport": "false"}}}],
}  # fmt: skip


def test_a_bucket_with_its_policy(tmp_path: Path) -> None:
    policy = taken(
        state("aws-native:s3:BucketPolicy", "p", {"bucket": _LATER, "policyDocument": _REFUSES_HTTP}),
        bucket=_BUCKET,
    )
    checked = previewed(tmp_path, _BUCKET, policy)
    found = verdicts(checked, address("aws-native:s3:Bucket"))
    kept = {"public_access_blocked", "versioning", "tls_enforced", "customer_managed_key", "tags_present"}
    assert {found[name] for name in kept} == {"pass"}
    assert found["access_logging"] == "fail"
    (store,) = checked.stores
    assert store.type == "aws-native:s3:Bucket"
    assert store.store.tags == {"Owner": "Records team (example)"}
    assert "arn:aws:s3:::cases-1a2b" in store.store.aliases
    assert [part.address for part in store.parts] == [address("aws-native:s3:BucketPolicy", "p")]
    assert checked.store_of is not None and all(e.subject_id == store.store.id for e in store.evidence)


def test_a_block_that_is_not_whole(tmp_path: Path) -> None:
    block = {**dict.fromkeys(_FLAGS, True), "ignorePublicAcls": False}
    bucket = state("aws-native:s3:Bucket", "cases", {"publicAccessBlockConfiguration": block})
    assert (
        verdicts(previewed(tmp_path, bucket), address("aws-native:s3:Bucket"))["public_access_blocked"]
        == "fail"
    )


def test_a_policy_in_an_exported_stack_names_its_bucket(tmp_path: Path) -> None:
    """Everything is known there, and nothing refers any more; the bucket's name was made by Pulumi."""
    bucket = {**state("aws-native:s3:Bucket", "cases", {}), "outputs": {"bucketName": "cases-1a2b"}}
    everybody = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                                "Resource": "arn:aws:s3:::cases-1a2b/*"}]}  # fmt: skip
    policy = state("aws-native:s3:BucketPolicy", "p", {"bucket": "cases-1a2b", "policyDocument": everybody})
    found = verdicts(exported(tmp_path, bucket, policy), address("aws-native:s3:Bucket"))
    assert (found["policy_not_public"], found["anonymous_read_blocked"]) == ("fail", "fail")


def test_databases_tables_and_queues(tmp_path: Path) -> None:
    states = (
        state("aws-native:rds:DbInstance", "cases", {
            "dbInstanceIdentifier": "cases", "engine": "postgres", "storageEncrypted": True,
            "publiclyAccessible": True, "backupRetentionPeriod": "14", "deletionProtection": False,
            "masterUserPassword": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                                   "ciphertext": "x"}}),
        state("aws-native:rds:DbCluster", "cases", {"engine": "aurora-postgresql", "storageEncrypted": False}),
        state("aws-native:dynamodb:Table", "cases", {
            "pointInTimeRecoverySpecification": {"pointInTimeRecoveryEnabled": True}, "deletionProtectionEnabled": True}),
        state("aws-native:sqs:Queue", "cases", {"kmsMasterKeyId": "arn:aws:kms:eu-west-2:123456789012:key/example"}),
        state("aws-native:kms:Key", "cases", {"enableKeyRotation": False, "keyPolicy": {}}),
        state("aws-native:iam:Role", "other", {"assumeRolePolicyDocument": {}}),
    )  # fmt: skip
    checked = previewed(tmp_path, *states)
    assert checked.gaps == ()
    instance = verdicts(checked, address("aws-native:rds:DbInstance"))
    assert (instance["encryption_at_rest"], instance["public_endpoint_disabled"]) == ("pass", "fail")
    assert (instance["backup_retention_days"], instance["no_plaintext_secret"]) == ("pass", "pass")
    assert verdicts(checked, address("aws-native:rds:DbCluster"))["encryption_at_rest"] == "fail"
    table = verdicts(checked, address("aws-native:dynamodb:Table"))
    assert (table["point_in_time_recovery"], table["deletion_protection"]) == ("pass", "pass")
    assert verdicts(checked, address("aws-native:sqs:Queue"))["customer_managed_key"] == "pass"
    assert verdicts(checked, address("aws-native:kms:Key"))["key_rotation"] == "fail"
    assert not [store for store in checked.stores if "iam" in store.address]


# --- Azure ----------------------------------------------------------------------------

_ACCOUNT = state(
    "azure-native:storage:StorageAccount",
    "cases",
    {
        "accountName": "cases1a2b", "resourceGroupName": "rg", "kind": "StorageV2", "sku": {"name": "Standard_GZRS"},
        "location": "uksouth", "allowBlobPublicAccess": False, "enableHttpsTrafficOnly": False,
        "minimumTlsVersion": "TLS1_2", "networkRuleSet": {"defaultAction": "Deny", "bypass": "AzureServices"},
        "encryption": {"keySource": "Microsoft.Keyvault", "keyVaultProperties": {"keyName": "k", "keyVaultUri": _LATER}},
        "tags": {"Owner": "Records team (example)"},
    },
)  # fmt: skip
_ACCOUNT_ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Storage/"
    "storageAccounts/cases1a2b"
)


def test_a_storage_account_with_its_parts(tmp_path: Path) -> None:
    blobs = taken(
        state("azure-native:storage:BlobServiceProperties", "blobs", {
            "accountName": _LATER, "resourceGroupName": "rg", "blobServicesName": "default", "isVersioningEnabled": True,
            "deleteRetentionPolicy": {"enabled": True, "days": 30}}),
        accountName=_ACCOUNT,
    )  # fmt: skip
    container = taken(
        state("azure-native:storage:BlobContainer", "letters", {
            "accountName": _LATER, "resourceGroupName": "rg", "containerName": "letters", "publicAccess": "Blob"}),
        accountName=_ACCOUNT,
    )  # fmt: skip
    checked = previewed(tmp_path, _ACCOUNT, blobs, container)
    found = verdicts(checked, address("azure-native:storage:StorageAccount"))
    kept = ("public_access_blocked", "min_tls_version", "network_firewall_restricted", "customer_managed_key",
            "geo_redundant_backup", "versioning", "soft_delete", "tags_present")  # fmt: skip
    assert {name: found[name] for name in kept} == dict.fromkeys(kept, "pass")
    assert found["tls_enforced"] == "fail"
    # The account overrides what the container says.
    letters = verdicts(checked, address("azure-native:storage:BlobContainer", "letters"))
    assert (letters["acl_not_public"], letters["anonymous_read_blocked"]) == ("fail", "pass")
    store = next(one for one in checked.stores if one.address.endswith("::letters"))
    assert "azure:cases1a2b/letters" in store.store.aliases
    assert not checked.gaps


def test_diagnostic_settings_locks_and_endpoints_by_id(tmp_path: Path) -> None:
    logs = state("azure-native:monitor:DiagnosticSetting", "logs", {
        "name": "logs", "resourceUri": f"{_ACCOUNT_ID}/blobServices/default", "workspaceId": "/x",
        "logs": [{"category": name, "enabled": True} for name in ("StorageRead", "StorageWrite", "StorageDelete")]})  # fmt: skip
    lock = state(
        "azure-native:authorization:ManagementLockByScope",
        "lock",
        {"lockName": "lock", "scope": _ACCOUNT_ID, "level": "CanNotDelete"},
    )
    endpoint = state("azure-native:network:PrivateEndpoint", "pe", {
        "privateEndpointName": "pe", "resourceGroupName": "rg",
        "privateLinkServiceConnections": [{"name": "c", "privateLinkServiceId": _ACCOUNT_ID, "groupIds": ["blob"]}]})  # fmt: skip
    blobs = state(
        "azure-native:storage:BlobServiceProperties",
        "blobs",
        {"accountName": "cases1a2b", "blobServicesName": "default"},
    )
    found = verdicts(
        exported(tmp_path, _ACCOUNT, blobs, logs, lock, endpoint),
        address("azure-native:storage:StorageAccount"),
    )
    assert {found[n] for n in ("access_logging", "deletion_protection", "network_private")} == {"pass"}


def test_a_sql_server_and_its_auditing(tmp_path: Path) -> None:
    server = state("azure-native:sql:Server", "cases", {
        "serverName": "cases", "resourceGroupName": "rg", "publicNetworkAccess": "Enabled", "minimalTlsVersion": "1.2"})  # fmt: skip
    database = taken(
        state("azure-native:sql:Database", "db", {"serverName": _LATER, "databaseName": "db"}),
        serverName=server,
    )
    auditing = taken(
        state("azure-native:sql:ExtendedServerBlobAuditingPolicy", "a", {
            "serverName": _LATER, "blobAuditingPolicyName": "default", "state": "Enabled", "retentionDays": 365,
            "isAzureMonitorTargetEnabled": True}),
        serverName=server,
    )  # fmt: skip
    encryption = state(
        "azure-native:sql:TransparentDataEncryption",
        "tde",
        {"serverName": _LATER, "databaseName": _LATER, "tdeName": "current", "state": "Disabled"},
        propertyDependencies={"serverName": [server["urn"]], "databaseName": [database["urn"]]},
    )
    checked = previewed(tmp_path, server, database, auditing, encryption)
    found = verdicts(checked, address("azure-native:sql:Server"))
    assert (found["public_endpoint_disabled"], found["audit_logging"], found["min_tls_version"]) == (
        "fail",
        "pass",
        "pass",
    )
    assert verdicts(checked, address("azure-native:sql:Database", "db"))["encryption_at_rest"] == "fail"


def test_servers_vaults_and_caches(tmp_path: Path) -> None:
    single = state("azure-native:dbforpostgresql/v20171201:Server", "old", {
        "serverName": "old", "properties": {"createMode": "Default", "sslEnforcement": "Disabled",
                                            "publicNetworkAccess": "Disabled"}})  # fmt: skip
    flexible = state("azure-native:dbforpostgresql:Server", "new", {
        "serverName": "new", "backup": {"backupRetentionDays": 21, "geoRedundantBackup": "Enabled"}})  # fmt: skip
    secure = taken(
        state(
            "azure-native:dbforpostgresql:Configuration",
            "tls",
            {"serverName": _LATER, "configurationName": "require_secure_transport", "value": "OFF"},
        ),
        serverName=flexible,
    )
    mysql = state(
        "azure-native:dbformysql:Server", "my", {"serverName": "my", "backup": {"backupRetentionDays": 3}}
    )
    cosmos = state("azure-native:documentdb:DatabaseAccount", "cosmos", {
        "accountName": "cosmos", "publicNetworkAccess": "Disabled", "disableLocalAuth": False,
        "keyVaultKeyUri": "https://example.vault.azure.net/keys/k"})  # fmt: skip
    vault = state("azure-native:keyvault:Vault", "vault", {"vaultName": "vault", "properties": {
        "enablePurgeProtection": True, "publicNetworkAccess": "Enabled"}})  # fmt: skip
    redis = state("azure-native:cache:Redis", "redis", {"name": "redis", "enableNonSslPort": True})
    checked = previewed(tmp_path, single, flexible, secure, mysql, cosmos, vault, redis)
    old = verdicts(checked, address("azure-native:dbforpostgresql/v20171201:Server", "old"))
    assert (old["tls_enforced"], old["public_endpoint_disabled"]) == ("fail", "pass")
    new = verdicts(checked, address("azure-native:dbforpostgresql:Server", "new"))
    assert (new["backup_retention_days"], new["geo_redundant_backup"], new["tls_enforced"]) == (
        "pass",
        "pass",
        "fail",
    )
    assert (
        verdicts(checked, address("azure-native:dbformysql:Server", "my"))["backup_retention_days"] == "fail"
    )
    known = verdicts(checked, address("azure-native:documentdb:DatabaseAccount", "cosmos"))
    assert (known["public_endpoint_disabled"], known["customer_managed_key"], known["local_auth_disabled"]) == (
        "pass", "pass", "fail")  # fmt: skip
    kept = verdicts(checked, address("azure-native:keyvault:Vault", "vault"))
    assert (kept["key_deletion_protection"], kept["public_endpoint_disabled"]) == ("pass", "fail")
    assert verdicts(checked, address("azure-native:cache:Redis", "redis"))["tls_enforced"] == "fail"


def test_what_was_built_says_which_service_it_is(tmp_path: Path) -> None:
    server = {
        **state("azure-native:dbforpostgresql:Server", "s", {"serverName": "s", "properties": {"sslEnforcement": "Enabled"}}),
        "outputs": {"type": "Microsoft.DBforPostgreSQL/servers", "name": "s"},
    }  # fmt: skip
    found = verdicts(exported(tmp_path, server), address("azure-native:dbforpostgresql:Server", "s"))
    assert found["tls_enforced"] == "pass"


def test_every_type_is_one_that_is_judged() -> None:
    judged = {*joining._CHECKS, *joining._SATELLITES}
    beside = {
        "microsoft.insights/diagnosticsettings",
        "microsoft.network/privateendpoints",
        "microsoft.authorization/locks",
    }
    for key, (type, naming) in TYPES.items():
        assert type.lower() in judged | beside, key
        assert len(naming.split()) == type.count("/"), key
    assert not judged - {type.lower() for type, _ in TYPES.values()} - _WITHOUT


_WITHOUT = {
    "securestring", "microsoft.insights/logprofiles",
    # Children that azure-native has under another name or not at all.
    *(f"microsoft.dbformariadb/{kind}/{part}" for kind in ("servers", "flexibleservers") for part in (
        "administrators", "configurations", "firewallrules", "keys", "securityalertpolicies")),
    *(f"microsoft.{service}/{kind}/{part}" for service in ("dbformysql", "dbforpostgresql")
      for kind in ("servers", "flexibleservers") for part in ("keys", "securityalertpolicies")),
    "microsoft.sql/managedinstances/encryptionprotector", "microsoft.sql/managedinstances/securityalertpolicies",
    "microsoft.sql/servers/auditingpolicies", "microsoft.sql/servers/databases/auditingpolicies",
    "microsoft.synapse/workspaces/auditingsettings", "microsoft.synapse/workspaces/extendedauditingsettings",
    "microsoft.synapse/workspaces/securityalertpolicies", "microsoft.synapse/workspaces/sqlpools/auditingsettings",
    "microsoft.synapse/workspaces/sqlpools/extendedauditingsettings",
    "microsoft.synapse/workspaces/sqlpools/securityalertpolicies",
}  # fmt: skip


@pytest.mark.parametrize(
    ("token", "type"),
    [
        ("azure-native_storage_v20230101:storage:StorageAccount", "Microsoft.Storage/storageAccounts"),
        ("azure-native:storage/v20230101:StorageAccount", "Microsoft.Storage/storageAccounts"),
        ("azure-native:insights:DiagnosticSetting", "Microsoft.Insights/diagnosticSettings"),
        ("azure-native:netapp:Volume", "Microsoft.NetApp/netAppAccounts/capacityPools/volumes"),
    ],
)
def test_tokens_of_all_versions(token: str, type: str, tmp_path: Path) -> None:
    service = token.split(":")[1]
    found = arm_type(service.partition("/")[0], token.rpartition(":")[2])
    assert found is not None and found[0] == type
    if type.endswith("storageAccounts"):
        account = state(token, "a", {"accountName": "a", "allowBlobPublicAccess": True})
        assert verdicts(previewed(tmp_path, account), address(token, "a"))["public_access_blocked"] == "fail"


@pytest.mark.parametrize(
    ("type", "handle"),
    [
        ("aws-native:rds:DbInstance", "rds:db:cases"),
        ("aws:rds/instance:Instance", "rds:db:cases"),
        ("awscc_rds_db_instance", "rds:db:cases"),
        ("azure-native:storage:StorageAccount", "account:azure:cases"),
        ("azure-native:dbforpostgresql:Server", "db:azure:cases"),
        ("gcp:storage/bucket:Bucket", "bucket:gcp:cases"),
        ("aws-native:iam:Role", ""),
    ],
)
def test_a_twin_is_known_by_its_plain_name(type: str, handle: str) -> None:
    assert handles.of_type(type, ["cases"]) == frozenset([handle] if handle else [])


def test_a_replacement_is_one_store(tmp_path: Path) -> None:
    ops = ("create-replacement", "replace", "delete-replaced")
    steps = [{"op": op, "urn": _BUCKET["urn"], "newState": _BUCKET} for op in ops]
    assert len(check(tmp_path, {"steps": steps}).stores) == 1


def test_any_shape(tmp_path: Path) -> None:
    odd = (
        {"sku": 1, "properties": []},
        {"accountName": [], "networkRuleSet": "x"},
        {"encryption": None, "tags": [1]},
    )
    states = [state("azure-native:storage:StorageAccount", f"a{n}", inputs) for n, inputs in enumerate(odd)]
    states += [state("aws-native:s3:Bucket", "b", {"tags": "x", "publicAccessBlockConfiguration": [1]}),
               state("aws-native:s3:BucketPolicy", "p", {"bucket": None, "policyDocument": 3}),
               state("azure-native:sql:Database", "d", {}), state("azure-native:sql:Database", "", {"serverName": {}})]  # fmt: skip
    for one in states:
        one["propertyDependencies"] = {"accountName": [one["urn"]], "serverName": ["urn:gone"]}
    assert not [gap for gap in previewed(tmp_path, *states).gaps if gap.reason.value == "fault"]
