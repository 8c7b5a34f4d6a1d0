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
    whole,
)

PUBLIC = chosen(
    "public_endpoint_disabled",
    "properties.publicNetworkAccess",
    ["Disabled", "SecuredByPerimeter"],
    Default("Enabled", "reachable unless set"),
)


def open_range(look: Look) -> Iterator[Said]:
    """A firewall rule: some addresses, or the whole internet (or all of Azure: 0.0.0.0)."""
    start, end = look.get("properties.startIpAddress"), look.get("properties.endIpAddress")
    path = "properties.endIpAddress"
    if isinstance(start, Unknown) or isinstance(end, Unknown):
        yield look.unknown("network_firewall_restricted", start if isinstance(start, Unknown) else end, path)
        return
    first, last = _number(str(start)), _number(str(end))
    if first is None or last is None:
        yield look.unknown("network_firewall_restricted", "the addresses cannot be read", path)
        return
    wide = last - first >= 2**24
    azure = "services in Azure may connect, other people's too; nothing outside Azure may"
    reason = "a very large range may connect" if wide else azure if first == last == 0 else ""
    yield look.say("network_firewall_restricted", not wide, path, reason)


def _number(address: str) -> int | None:
    parts = address.partition("/")[0].split(".")  # some write 0.0.0.0/0
    if len(parts) != 4 or not all(part.isdigit() and int(part) < 256 for part in parts):
        return None
    return sum(int(part) << (24 - 8 * i) for i, part in enumerate(parts))


def auditing(look: Look) -> Iterator[Said]:
    """`auditingSettings` of a SQL server or database."""
    state = look.get("properties.state")
    if isinstance(state, Unknown):
        yield look.unknown("audit_logging", state, "properties.state")
    else:
        yield look.say("audit_logging", str(state).lower() == "enabled", "properties.state")
    kept = look.get("properties.retentionDays")
    path = "properties.retentionDays"
    if isinstance(kept, Unknown):
        yield look.unknown("audit_log_retention_days", kept, path)
    elif str(state).lower() == "disabled":
        yield look.say("audit_log_retention_days", False, path, "auditing is off", value=0)
    else:
        number = whole(kept)
        says = "kept for ever (0 days means no end)" if not number else ""
        if number is None:
            # Left out it is 0; that is no end, but only where logs go to a storage account.
            yield look.say(
                "audit_log_retention_days", False, path, "retentionDays is not set", value=0, default=True
            )
        else:
            yield look.say("audit_log_retention_days", True, path, says, value=number or 36500)


def alerts(look: Look) -> Iterator[Said]:
    """`securityAlertPolicies`: whether threats are looked for, and whom they reach."""
    state = look.get("properties.state")
    disabled = look.get("properties.disabledAlerts")
    if isinstance(state, Unknown):
        yield look.unknown("threat_detection", state, "properties.state")
    else:
        on = str(state).lower() == "enabled"
        some = isinstance(disabled, list) and any(one not in (None, "") for one in disabled)
        yield look.say(
            "threat_detection",
            on and not some,
            "properties.state",
            "some alerts are off" if on and some else "",
        )
    mails, admins = look.get("properties.emailAddresses"), look.get("properties.emailAccountAdmins")
    path = "properties.emailAddresses"
    on = isinstance(state, Unknown) or str(state).lower() == "enabled"
    if on and isinstance(disabled, list) and any(one not in (None, "") for one in disabled):
        yield look.say("security_alert_contacts", False, "properties.disabledAlerts", "some alerts are off")
    elif isinstance(mails, Unknown) or isinstance(admins, Unknown):
        yield look.unknown("security_alert_contacts", mails if isinstance(mails, Unknown) else admins, path)
    else:
        named = isinstance(mails, list) and any(one not in (None, "") for one in mails)
        everybody = truth(admins) is True
        reason = (
            ""
            if named and everybody
            else "no address is named"
            if not named
            else "administrators get no mail"
        )
        yield look.say("security_alert_contacts", named and everybody, path, reason)


def encryption_of(look: Look) -> Iterator[Said]:
    """`transparentDataEncryption`."""
    path, value = look.first("properties.state", "properties.status")
    if isinstance(value, Unknown):
        yield look.unknown("encryption_at_rest", value, path)
    elif value is not MISSING:
        yield look.say("encryption_at_rest", truth(value) is True, path)


def protector(look: Look) -> Iterator[Said]:
    """`encryptionProtector`."""
    kind = look.get("properties.serverKeyType")
    yield look.say("customer_managed_key", str(kind).lower() == "azurekeyvault", "properties.serverKeyType")


def login(*paths: str) -> Check:
    """`predictable_admin_name`: the administrator's name is none that is tried first."""

    def check(look: Look) -> Iterator[Said]:
        path, value = look.first(*paths)
        if isinstance(value, Unknown):
            yield look.unknown("predictable_admin_name", value, path)
        elif value is not MISSING:
            yield look.say("predictable_admin_name", str(value).lower() not in PREDICTABLE_LOGINS, path)

    return check


_SWITCHES = {
    "log_checkpoints": ("connection_logging", "on"),
    "log_connections": ("connection_logging", "on"),
    "log_disconnections": ("connection_logging", "on"),
    "log_duration": ("query_logging", "on"),
    "log_statement": ("query_logging", "all"),
    "connection_throttling": ("connection_logging", "on"),
    "require_secure_transport": ("tls_enforced", "on"),
    "audit_log_enabled": ("audit_logging", "on"),
    "local_infile": ("local_file_access_disabled", "off"),
}


def configuration(look: Look) -> Iterator[Said]:
    """A server parameter as a resource of its own."""
    if not isinstance(look, AzureLook):
        return
    name = look.name.rpartition("/")[2]
    value = look.get("properties.value")
    if name in ("log_retention_days", "logfiles.retention_days"):
        kept = whole(value)
        if kept is not None:
            yield look.say("audit_log_retention_days", kept > 3, "properties.value")
        return
    if name == "tls_version" and isinstance(value, str):
        yield look.say("min_tls_version", True, "properties.value", value=tls(value.split(",")[0]))
        return
    safeguard, good = _SWITCHES.get(name, ("", ""))
    if not safeguard:
        return
    if isinstance(value, Unknown):
        yield look.unknown(safeguard, value, "properties.value")
    else:
        held = str(value).lower() in (good, {"on": "1", "off": "0"}.get(good, good))
        yield look.say(safeguard, held, "properties.value", "" if held else f"{name} is not {good}")


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


def _assessment(look: Look) -> Iterator[Said]:
    value = look.get("properties.recurringScans.isEnabled")
    if isinstance(value, Unknown):
        yield look.unknown("vulnerability_assessment", value, "properties.recurringScans.isEnabled")
    else:
        yield look.say(
            "vulnerability_assessment",
            truth(value) is True,
            "properties.recurringScans.isEnabled",
            default=value is MISSING,
        )


def _only_identities(look: Look) -> Iterator[Said]:
    yield from flag("local_auth_disabled", "properties.azureADOnlyAuthentication")(look)


def cache_range(look: Look) -> Iterator[Said]:
    """A firewall rule of a cache: more than a few hundred addresses is no list."""
    start, end = look.get("properties.startIP"), look.get("properties.endIP")
    path = "properties.endIP"
    if isinstance(start, Unknown) or isinstance(end, Unknown):
        yield look.unknown("network_firewall_restricted", start if isinstance(start, Unknown) else end, path)
        return
    first, last = _number(str(start)), _number(str(end))
    if first is not None and last is not None:
        reason = "a large range may connect" if last - first >= 256 else ""
        yield look.say("network_firewall_restricted", last - first < 256, path, reason)


SATELLITES: dict[str, tuple[Check, ...]] = {
    "microsoft.cache/redis/firewallrules": (cache_range,),
    "microsoft.synapse/workspaces/sqlpools/transparentdataencryption": (encryption_of,),
    **{
        f"microsoft.synapse/workspaces/{place}{child}": (question,)
        for place in ("", "sqlpools/")
        for child, question in (
            ("auditingsettings", auditing),
            ("extendedauditingsettings", auditing),
            ("securityalertpolicies", alerts),
            ("vulnerabilityassessments", _assessment),
        )
    },
    "microsoft.sql/managedinstances/securityalertpolicies": (alerts,),
    "microsoft.sql/managedinstances/vulnerabilityassessments": (_assessment,),
    "microsoft.sql/managedinstances/encryptionprotector": (protector,),
    "microsoft.sql/servers/databases/backupshorttermretentionpolicies": (
        days("backup_retention_days", "properties.retentionDays", default=Default(7, "7 days unless set")),
    ),
    "microsoft.sql/servers/firewallrules": (open_range,),
    "microsoft.sql/servers/auditingsettings": (auditing,),
    "microsoft.sql/servers/auditingpolicies": (auditing,),
    "microsoft.sql/servers/databases/auditingpolicies": (auditing,),
    "microsoft.sql/servers/extendedauditingsettings": (auditing,),
    "microsoft.sql/servers/databases/auditingsettings": (auditing,),
    "microsoft.sql/servers/databases/extendedauditingsettings": (auditing,),
    "microsoft.sql/servers/securityalertpolicies": (alerts,),
    "microsoft.sql/servers/databases/securityalertpolicies": (alerts,),
    "microsoft.sql/servers/databases/transparentdataencryption": (encryption_of,),
    "microsoft.sql/servers/encryptionprotector": (protector,),
    "microsoft.sql/servers/vulnerabilityassessments": (_assessment,),
    "microsoft.sql/servers/databases/vulnerabilityassessments": (_assessment,),
    "microsoft.sql/servers/administrators": (lambda look: iter([look.say("iam_auth", True, "")]),),
    "microsoft.sql/servers/azureadonlyauthentications": (_only_identities,),
    "microsoft.synapse/workspaces/firewallrules": (
        lambda look: iter(
            [look.say("network_firewall_restricted", False, "", "addresses may connect from outside")]
        ),
    ),
    **{
        f"microsoft.dbfor{engine}/{kind}/{child}": (question,)
        for engine in ("postgresql", "mysql", "mariadb")
        for kind in ("servers", "flexibleservers")
        for child, question in (
            ("firewallrules", open_range),
            ("configurations", configuration),
            ("securityalertpolicies", alerts),
            ("administrators", lambda look: iter([look.say("iam_auth", True, "")])),
            ("keys", lambda look: iter([look.say("customer_managed_key", True, "")])),
        )
    },
}
"""Children whose word counts for the resource above them."""
