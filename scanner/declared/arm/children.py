"""Children of Azure's databases, caches and warehouses, whose word counts for the resource above them.

Properties and defaults: the resource reference of ARM and Bicep, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.arm.look import AzureLook
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    days,
    flag,
    tls,
    truth,
    whole,
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
