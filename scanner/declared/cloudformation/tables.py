"""What CloudFormation says of key-value tables, caches, ledgers and migration.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.cloudformation.databases import passwords, port
from scanner.declared.cloudformation.look import plaintext
from scanner.declared.cloudformation.storage import customer_key
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    always,
    chosen,
    days,
    flag,
    given,
    truth,
    whole,
)


def _members(look: Look) -> Iterator[Said]:
    """ElastiCache's copies: in several zones or in one."""
    mode = look.get("AZMode")
    number = whole(look.get("NumCacheNodes"))
    zones = look.get("PreferredAvailabilityZones")
    if isinstance(mode, Unknown):
        yield look.unknown("high_availability", mode, "AZMode")
        return
    cross = str(mode).lower() == "cross-az"
    if not cross and number == 1 and mode is MISSING:
        yield look.say("high_availability", False, "AZMode", "one node in one zone", default=True)
        return
    same = isinstance(zones, list) and len({str(z) for z in zones}) == 1 and len(zones) > 1
    yield look.say("high_availability", cross and not same, "AZMode", default=mode is MISSING)


def _dynamo(look: Look) -> Iterator[Said]:
    path = "SSESpecification"
    spec = look.get(path)
    on = look.get(f"{path}.SSEEnabled")
    yield look.say("encryption_at_rest", True, path, "DynamoDB always encrypts (since 2018)", default=True)
    if isinstance(spec, Unknown) or isinstance(on, Unknown):
        yield look.unknown("customer_managed_key", spec if isinstance(spec, Unknown) else on, path)
    elif truth(on) is True:
        key = look.get(f"{path}.KMSMasterKeyId")
        reason = "" if key is not MISSING else "AWS's own KMS key is used"
        yield look.say("customer_managed_key", key is not MISSING, path, reason)
    else:
        yield look.say(
            "customer_managed_key", False, path, "a key that AWS owns is used", default=on is MISSING
        )


def _redis_auth(look: Look) -> Iterator[Said]:
    token, groups = look.get("AuthToken"), look.get("UserGroupIds")
    yield look.say(
        "auth_required",
        token is not MISSING or groups is not MISSING,
        "AuthToken",
        default=token is MISSING and groups is MISSING,
    )
    yield from plaintext(look, "AuthToken")


def _everybody(look: Look) -> Iterator[Said]:
    """The access list that MemoryDB brings along admits anybody without a password."""
    name = look.get("ACLName")
    if isinstance(name, Unknown):
        yield look.say("auth_required", True, "ACLName")
    elif name is not MISSING:
        yield look.say("auth_required", name != "open-access", "ACLName")


def _global_key(look: Look) -> Iterator[Said]:
    """Every replica has a key of its own."""
    path = "SSESpecification"
    on, replicas = look.get(f"{path}.SSEEnabled"), look.get("Replicas")
    if isinstance(on, Unknown) or isinstance(replicas, Unknown):
        yield look.unknown("customer_managed_key", on if isinstance(on, Unknown) else replicas, path)
        return
    keys = (
        [look.find("SSESpecification.KMSMasterKeyId", r) for r in replicas]
        if isinstance(replicas, list)
        else []
    )
    held = truth(on) is True and all(key is not MISSING for key in keys)
    yield look.say("customer_managed_key", held, path, default=on is MISSING)


_NOT_ENCRYPTED = Default(False, "not encrypted unless set")
_TRAFFIC = Default(False, "the engine's traffic is not encrypted unless set")


CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::DynamoDB::Table": (
        "table",
        (
            _dynamo,
            flag("point_in_time_recovery", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
            flag("backup_enabled", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
            flag("deletion_protection", "DeletionProtectionEnabled"),
            flag("lifecycle_expiry", "TimeToLiveSpecification.Enabled"),
        ),
    ),
    "AWS::DynamoDB::GlobalTable": (
        "table",
        (
            always("encryption_at_rest", "DynamoDB always encrypts (since 2018)"),
            _global_key,
            flag("deletion_protection", "Replicas.0.DeletionProtectionEnabled"),
            flag(
                "point_in_time_recovery",
                "Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
            ),
            flag("lifecycle_expiry", "TimeToLiveSpecification.Enabled"),
        ),
    ),
    "AWS::DAX::Cluster": (
        "cache",
        (
            flag("encryption_at_rest", "SSESpecification.SSEEnabled", default=_NOT_ENCRYPTED),
            chosen("tls_enforced", "ClusterEndpointEncryptionType", ["TLS"]),
        ),
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        "cache",
        (
            flag("encryption_at_rest", "AtRestEncryptionEnabled", default=_NOT_ENCRYPTED),
            flag("tls_enforced", "TransitEncryptionEnabled", default=_TRAFFIC),
            customer_key("KmsKeyId"),
            flag("high_availability", "MultiAZEnabled", "AutomaticFailoverEnabled"),
            flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=Default(True, "on unless set")),
            days(
                "backup_retention_days",
                "SnapshotRetentionLimit",
                default=Default(0, "no backup unless set"),
                also="backup_enabled",
            ),
            given("network_private", "CacheSubnetGroupName"),
            port("redis"),
            _redis_auth,
        ),
    ),
    "AWS::ElastiCache::CacheCluster": (
        "cache",
        (
            _members,
            flag("tls_enforced", "TransitEncryptionEnabled", default=_TRAFFIC),
            flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=Default(True, "on unless set")),
            days(
                "backup_retention_days",
                "SnapshotRetentionLimit",
                default=Default(0, "no backup unless set"),
                also="backup_enabled",
            ),
            given("network_private", "CacheSubnetGroupName"),
            port(),
        ),
    ),
    "AWS::ElastiCache::ServerlessCache": (
        "cache",
        (
            always("encryption_at_rest", "always encrypted"),
            always("tls_enforced", "always encrypted"),
            customer_key("KmsKeyId"),
        ),
    ),
    "AWS::MemoryDB::Cluster": (
        "cache",
        (
            always("encryption_at_rest", "always encrypted"),
            customer_key("KmsKeyId"),
            flag("tls_enforced", "TLSEnabled", default=Default(True, "on unless set")),
            _everybody,
            flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=Default(True, "on unless set")),
            days(
                "backup_retention_days",
                "SnapshotRetentionLimit",
                default=Default(0, "no backup unless set"),
                also="backup_enabled",
            ),
        ),
    ),
    "AWS::QLDB::Ledger": (
        "database",
        (
            chosen("uniform_access_control", "PermissionsMode", ["STANDARD"]),
            flag("deletion_protection", "DeletionProtection", default=Default(True, "on unless set")),
            customer_key("KmsKey"),
        ),
    ),
    "AWS::Timestream::Database": (
        "database",
        (always("encryption_at_rest", "always encrypted"), customer_key("KmsKeyId")),
    ),
    "AWS::Cassandra::Table": (
        "table",
        (
            always("encryption_at_rest", "always encrypted"),
            customer_key("EncryptionSpecification.KmsKeyIdentifier"),
            flag("point_in_time_recovery", "PointInTimeRecoveryEnabled"),
            given("lifecycle_expiry", "DefaultTimeToLive"),
        ),
    ),
    "AWS::DMS::ReplicationInstance": (
        "database",
        (
            flag(
                "public_endpoint_disabled",
                "PubliclyAccessible",
                want=False,
                default=Default(True, "public unless set"),
            ),
            always("encryption_at_rest", "always encrypted"),
            customer_key("KmsKeyId"),
            flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=Default(True, "on unless set")),
            flag("high_availability", "MultiAZ"),
        ),
    ),
    "AWS::DMS::Endpoint": (
        "database",
        (
            passwords(
                "Password",
                "MongoDbSettings.Password",
                "DocDbSettings.Password",
                "RedisSettings.AuthPassword",
                "RedshiftSettings.Password",
                "PostgreSqlSettings.Password",
                "MySqlSettings.Password",
                "OracleSettings.Password",
                "MicrosoftSqlServerSettings.Password",
                "SybaseSettings.Password",
                "IbmDb2Settings.Password",
                "KafkaSettings.SaslPassword",
            ),
            chosen("tls_enforced", "SslMode", ["require", "verify-ca", "verify-full"]),
            customer_key("KmsKeyId"),
        ),
    ),
}
"""Type: (kind of store, questions)."""
