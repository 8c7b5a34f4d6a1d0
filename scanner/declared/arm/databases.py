"""What an Azure template says of SQL, PostgreSQL, MySQL, MariaDB, Cosmos DB, Redis and warehouses.

Properties and defaults: the resource reference of ARM and Bicep, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.arm.look import AzureLook, items, secret
from scanner.declared.engines import PREDICTABLE_LOGINS
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
    never,
    text,
    tls,
    truth,
    unless,
)

PUBLIC = chosen(
    "public_endpoint_disabled",
    "properties.publicNetworkAccess",
    ["Disabled", "SecuredByPerimeter"],
    Default("Enabled", "reachable unless set"),
)


def login(*paths: str) -> Check:
    """`predictable_admin_name`: the administrator's name is none that is tried first."""

    def check(look: Look) -> Iterator[Said]:
        path, value = look.first(*paths)
        if isinstance(value, Unknown):
            yield look.unknown("predictable_admin_name", value, path)
        elif value is not MISSING:
            yield look.say("predictable_admin_name", str(value).lower() not in PREDICTABLE_LOGINS, path)

    return check


def _ssl(look: Look) -> Iterator[Said]:
    path = "properties.sslEnforcement"
    value = look.get(path)
    if isinstance(value, Unknown):
        yield look.unknown("tls_enforced", value, path)
    else:
        yield look.say("tls_enforced", truth(value) is True, path, default=value is MISSING)


def _cosmos_network(look: Look) -> Iterator[Said]:
    public = look.get("properties.publicNetworkAccess")
    filtered = look.get("properties.isVirtualNetworkFilterEnabled")
    ranges, old = look.get("properties.ipRules"), look.get("properties.ipRangeFilter")
    safeguard, path = "network_firewall_restricted", "properties.isVirtualNetworkFilterEnabled"
    if isinstance(public, str) and public.lower() == "disabled":
        yield look.say(safeguard, True, "properties.publicNetworkAccess")
    elif (
        unknown := next((v for v in (public, filtered, ranges, old) if isinstance(v, Unknown)), None)
    ) is not None:
        yield look.unknown(safeguard, unknown, path)
    else:
        networks = look.get("properties.virtualNetworkRules")
        listed = bool(items(networks)) or bool(items(ranges)) or (isinstance(old, str) and bool(old.strip()))
        held = listed and (truth(filtered) is True or bool(items(ranges)) or isinstance(old, str))
        yield look.say(
            safeguard, held, path, "" if held else "no networks are listed", default=filtered is MISSING
        )


def _replicas(look: Look) -> Iterator[Said]:
    mode = look.get("properties.highAvailability.mode")
    if isinstance(mode, Unknown):
        yield look.unknown("high_availability", mode, "properties.highAvailability.mode")
    else:
        held = str(mode).lower() in ("zoneredundant", "samezone")
        yield look.say("high_availability", held, "properties.highAvailability.mode", default=mode is MISSING)


_ADMIN = secret("properties.administratorLoginPassword")
_LOGIN = login("properties.administratorLogin")
_OWN_KEY = never("customer_managed_key", "no key of one's own is declared for it")


def _flexible_public(look: Look) -> Iterator[Said]:
    """Servers in a subnet of one's own have no public address."""
    path = "properties.network.publicNetworkAccess"
    value, subnet = look.get(path), look.get("properties.network.delegatedSubnetResourceId")
    if value is MISSING and subnet is not MISSING:
        yield look.say("public_endpoint_disabled", True, "properties.network.delegatedSubnetResourceId")
    elif isinstance(value, Unknown):
        yield look.unknown("public_endpoint_disabled", value, path)
    else:
        reason = "reachable unless a private network is named" if value is MISSING else ""
        held = str(value).lower() == "disabled"
        yield look.say("public_endpoint_disabled", held, path, reason, default=value is MISSING)


_SINGLE: tuple[Check, ...] = (
    _ssl,
    text(
        "min_tls_version",
        "properties.minimalTlsVersion",
        tls,
        Default("1.0", "older versions are accepted unless set"),
    ),
    PUBLIC,
    flag("geo_redundant_backup", "properties.storageProfile.geoRedundantBackup"),
    days(
        "backup_retention_days",
        "properties.storageProfile.backupRetentionDays",
        default=Default(7, "7 days unless set"),
        also="backup_enabled",
    ),
    flag("infrastructure_encryption", "properties.infrastructureEncryption"),
    always("encryption_at_rest", "always encrypted with platform keys"),
    always("network_firewall_restricted", "no address may connect unless a rule lists it"),
    _ADMIN,
    _LOGIN,
    _OWN_KEY,
    never("threat_detection", "no security alert policy is declared for it"),
    never("network_private", "no private endpoint is declared for it"),
)
_FLEXIBLE: tuple[Check, ...] = (
    _flexible_public,
    chosen("iam_auth", "properties.authConfig.activeDirectoryAuth", ["Enabled"]),
    chosen(
        "local_auth_disabled",
        "properties.authConfig.passwordAuth",
        ["Disabled"],
        Default("Enabled", "on unless set"),
    ),
    _LOGIN,
    flag("geo_redundant_backup", "properties.backup.geoRedundantBackup"),
    days(
        "backup_retention_days",
        "properties.backup.backupRetentionDays",
        default=Default(7, "7 days unless set"),
        also="backup_enabled",
    ),
    given("customer_managed_key", "properties.dataEncryption.primaryKeyURI"),
    given("network_private", "properties.network.delegatedSubnetResourceId"),
    always("encryption_at_rest", "always encrypted with platform keys"),
    always("tls_enforced", "require_secure_transport is on unless set"),
    always("network_firewall_restricted", "no address may connect unless a rule lists it"),
    _replicas,
    _ADMIN,
)


def _system(look: Look) -> bool:
    """`master` cannot be encrypted or audited by itself."""
    return isinstance(look, AzureLook) and look.name.rpartition("/")[2] == "master"


CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "microsoft.sql/servers": (
        "server",
        (
            PUBLIC,
            text(
                "min_tls_version",
                "properties.minimalTlsVersion",
                tls,
                Default("1.2", "TLS 1.2 unless set, since 2024"),
            ),
            always("tls_enforced", "Azure SQL accepts encrypted connections only"),
            never("audit_logging", "no auditing settings are declared for it"),
            never("threat_detection", "no security alert policy is declared for it"),
            never("vulnerability_assessment", "no assessment is declared for it"),
            always("network_firewall_restricted", "no address may connect unless a rule lists it"),
            flag("local_auth_disabled", "properties.administrators.azureADOnlyAuthentication"),
            given("iam_auth", "properties.administrators"),
            given("customer_managed_key", "properties.keyId"),
            _ADMIN,
            _LOGIN,
            never("network_private", "no private endpoint is declared for it"),
        ),
    ),
    "microsoft.sql/servers/databases": (
        "database",
        (
            unless(
                _system,
                always("encryption_at_rest", "transparent encryption is on unless switched off"),
                flag("high_availability", "properties.zoneRedundant"),
                flag("ledger_tamper_evidence", "properties.isLedgerOn"),
                never("audit_logging", "no auditing settings are declared for it or its server"),
                chosen(
                    "geo_redundant_backup",
                    "properties.requestedBackupStorageRedundancy",
                    ["Geo", "GeoZone"],
                    Default("Geo", "geo-redundant unless set"),
                ),
            ),
        ),
    ),
    "microsoft.sql/managedinstances": (
        "server",
        (
            flag(
                "public_endpoint_disabled",
                "properties.publicDataEndpointEnabled",
                want=False,
                default=Default(False, "off unless set"),
            ),
            text(
                "min_tls_version", "properties.minimalTlsVersion", tls, Default("1.2", "TLS 1.2 unless set")
            ),
            flag("high_availability", "properties.zoneRedundant"),
            always("encryption_at_rest", "always encrypted"),
            given("iam_auth", "properties.administrators"),
            _ADMIN,
            _LOGIN,
        ),
    ),
    "microsoft.dbforpostgresql/servers": ("server", _SINGLE),
    "microsoft.dbformysql/servers": ("server", _SINGLE),
    "microsoft.dbformariadb/servers": ("server", _SINGLE),
    "microsoft.dbforpostgresql/flexibleservers": ("server", _FLEXIBLE),
    "microsoft.dbformysql/flexibleservers": ("server", _FLEXIBLE),
    "microsoft.documentdb/databaseaccounts": (
        "database",
        (
            PUBLIC,
            _cosmos_network,
            given("customer_managed_key", "properties.keyVaultKeyUri"),
            flag("local_auth_disabled", "properties.disableLocalAuth"),
            flag("fine_grained_access_control", "properties.disableKeyBasedMetadataWriteAccess"),
            always("encryption_at_rest", "always encrypted"),
            always("tls_enforced", "encrypted connections only"),
            text(
                "min_tls_version", "properties.minimalTlsVersion", tls, Default("1.2", "TLS 1.2 unless set")
            ),
            flag("high_availability", "properties.enableAutomaticFailover"),
            chosen("point_in_time_recovery", "properties.backupPolicy.type", ["Continuous"]),
        ),
    ),
}
"""Type in lower case: (kind of store, questions)."""
