"""What an account's settings mean as evidence. Pure: no calls, no clock.

Names of settings are those of the public REST reference (Microsoft.Storage 2023-05-01, Blob
service REST API). Where a setting is missing from an answer, the provider's documented default
holds and the basis says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.common.stating import Speaker, Unseen, dig
from scanner.connectors.azure_blob.view import AccountView, Answer
from scanner.model import Basis, Evidence

ACCOUNT = "arm:storageAccounts"
SERVICE = "arm:blobServices/default"
DIAGNOSTICS = "arm:diagnosticSettings"
DATA = "blob:GetBlobServiceProperties"
DOCUMENTED = "azure:documented default"

# New accounts refuse public access since late 2023, and replication to other tenants since
# 15 December 2023; on older ones a setting that was never made means "allowed".
_PUBLIC_OFF_SINCE = dt.datetime(2023, 12, 1, tzinfo=dt.UTC)
_TENANTS_OFF_SINCE = dt.datetime(2023, 12, 15, tzinfo=dt.UTC)


def account_evidence(subject_id: str, seen: AccountView) -> Iterator[Evidence]:
    """Evidence that holds for the account and so for each of its containers."""
    say = Speaker(subject_id)
    yield from settings_evidence(say, seen.account)
    yield from _recovery(say, seen)
    yield _logging(say, seen)
    yield _cors(say, seen.data)


def trail_evidence(subject_id: str) -> Evidence:
    """Management actions: the Activity Log cannot be switched off."""
    reason = "the Azure Activity Log is always written, and kept for 90 days unless exported"
    return Speaker(subject_id).flag("trail_enabled", True, DOCUMENTED, reason, default=True)


def transport_evidence(subject_id: str, endpoint: str) -> Evidence:
    """Whether this scan's own connection is encrypted, by the scheme of the endpoint in use."""
    return Speaker(subject_id).flag("tls_in_use", endpoint.startswith("https://"), "endpoint in use")


_FROM_ACCOUNT = (
    "public_access_blocked",
    "tls_enforced",
    "min_tls_version",
    "shared_key_disabled",
    "cross_tenant_replication_disabled",
    "public_endpoint_disabled",
    "network_firewall_restricted",
    "infrastructure_encryption",
    "region",
    "replica_regions",
)


def settings_evidence(say: Speaker, account: Answer) -> Iterator[Evidence]:
    """Evidence from the account resource alone."""
    if isinstance(account, Unseen):
        for safeguard in _FROM_ACCOUNT:
            yield say.unknown(safeguard, account, ACCOUNT)
        return
    settings: Mapping[str, Any] = account.get("properties") or {}
    yield _switch(say, "public_access_blocked", settings, "allowBlobPublicAccess", account, _PUBLIC_OFF_SINCE)
    yield _switch(
        say, "cross_tenant_replication_disabled", settings, "allowCrossTenantReplication", account,
        _TENANTS_OFF_SINCE,
    )  # fmt: skip
    https = settings.get("supportsHttpsTrafficOnly")
    yield say.flag(
        "tls_enforced",
        https is not False,
        f"{ACCOUNT}.supportsHttpsTrafficOnly",
        default=https is None,
    )
    yield _tls(say, settings.get("minimumTlsVersion"))
    keys = settings.get("allowSharedKeyAccess")
    yield say.flag(
        "shared_key_disabled",
        keys is False,
        f"{ACCOUNT}.allowSharedKeyAccess",
        "" if keys is not None else "never set, which means allowed",
        default=keys is None,
    )
    yield from _network(say, settings)
    double = dig(settings, "encryption", "requireInfrastructureEncryption")
    yield say.flag(
        "infrastructure_encryption",
        double is True,
        f"{ACCOUNT}.encryption.requireInfrastructureEncryption",
        default=double is None,
    )
    location, second = account.get("location"), settings.get("secondaryLocation")
    if location:
        yield say.value("region", str(location), f"{ACCOUNT}.location")
    else:
        yield say.unknown("region", Unseen(Basis.FAILED, "the answer names no location"), ACCOUNT)
    yield say.value(
        "replica_regions",
        (str(second),) if second else (),
        f"{ACCOUNT}.secondaryLocation",
        "" if second else "kept in one region only",
    )


def _switch(
    say: Speaker,
    safeguard: str,
    settings: Mapping[str, Any],
    key: str,
    account: Mapping[str, Any],
    off_since: dt.datetime,
) -> Evidence:
    """A permission whose default changed with the date the account was made."""
    allowed, source = settings.get(key), f"{ACCOUNT}.{key}"
    if isinstance(allowed, bool):
        return say.flag(safeguard, not allowed, source)
    made = _time(settings.get("creationTime")) or _time(dig(account, "systemData", "createdAt"))
    if made is None:
        why = "never set, and its default depends on when the account was made, which is not shown"
        return say.unknown(safeguard, Unseen(Basis.NOT_OBSERVABLE, why), source)
    newer = made >= off_since
    word = "refused" if newer else "allowed"
    return say.flag(
        safeguard,
        newer,
        source,
        f"never set, which means {word} on an account made {made:%Y-%m-%d}",
        default=True,
    )


def _time(text: Any) -> dt.datetime | None:
    try:
        # Seven digits of fraction, which Python 3.11 reads; a bare date-time is UTC.
        found = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _tls(say: Speaker, setting: Any) -> Evidence:
    source = f"{ACCOUNT}.minimumTlsVersion"
    if not setting:
        return say.value(
            "min_tls_version",
            "1.2",
            source,
            "never set; Azure Storage itself has refused versions below 1.2 since February 2026",
            default=True,
        )
    version = str(setting).removeprefix("TLS").replace("_", ".")
    return say.value("min_tls_version", version, source)


def _network(say: Speaker, settings: Mapping[str, Any]) -> Iterator[Evidence]:
    reach = settings.get("publicNetworkAccess")
    closed = reach in ("Disabled", "SecuredByPerimeter")
    source = f"{ACCOUNT}.publicNetworkAccess"
    yield say.flag("public_endpoint_disabled", closed, source, default=reach is None)
    if closed:
        yield say.flag("network_firewall_restricted", True, source, "the public endpoint is off")
        return
    rules = settings.get("networkAcls")
    source = f"{ACCOUNT}.networkAcls.defaultAction"
    if not isinstance(rules, Mapping) or not rules.get("defaultAction"):
        yield say.flag(
            "network_firewall_restricted",
            False,
            source,
            "no firewall rules: every network may connect",
            default=True,
        )
        return
    whole = any(str(rule.get("value", "")).endswith(("/0", "/1")) for rule in rules.get("ipRules") or ())
    denies = rules["defaultAction"] == "Deny"
    reason = "a rule lets every address in" if denies and whole else ""
    yield say.flag("network_firewall_restricted", denies and not whole, source, reason)


def _recovery(say: Speaker, seen: AccountView) -> Iterator[Evidence]:
    service = seen.service
    if isinstance(service, Unseen):
        yield say.unknown("versioning", service, SERVICE)
        yield say.unknown("container_soft_delete", service, SERVICE)
    else:
        kept = dig(service, "properties", "isVersioningEnabled")
        yield say.flag("versioning", kept is True, f"{SERVICE}.isVersioningEnabled", default=kept is None)
        containers = dig(service, "properties", "containerDeleteRetentionPolicy", "enabled")
        yield say.flag(
            "container_soft_delete",
            containers is True,
            f"{SERVICE}.containerDeleteRetentionPolicy",
            default=containers is None,
        )
    policy, source = None, DATA
    if not isinstance(seen.data, Unseen):
        policy = seen.data.get("deleteRetentionPolicy") or {}
    elif not isinstance(service, Unseen):
        policy, source = dig(service, "properties", "deleteRetentionPolicy") or {}, SERVICE
    source += ".deleteRetentionPolicy"
    if policy is None:
        assert isinstance(seen.data, Unseen)
        yield say.unknown("soft_delete", seen.data, source)
        yield say.unknown("soft_delete_days", seen.data, source)
        return
    enabled = policy.get("enabled") is True
    default = policy.get("enabled") is None
    yield say.flag("soft_delete", enabled, source, default=default)
    days = int(policy.get("days") or 0) if enabled else 0
    yield say.value("soft_delete_days", days, source, present=enabled, default=default)


def _logging(say: Speaker, seen: AccountView) -> Evidence:
    """Reads and writes are logged by classic logging or by a diagnostic setting."""
    classic: bool | Unseen
    if isinstance(seen.data, Unseen):
        classic = seen.data
    else:
        flags = seen.data.get("logging") or {}
        classic = bool(flags.get("read") and flags.get("write") and flags.get("delete"))
    setting: bool | Unseen
    if isinstance(seen.diagnostics, Unseen):
        setting = seen.diagnostics
    else:
        setting = any(_logs_everything(each) for each in seen.diagnostics.get("value") or ())
    for found, source in ((setting, DIAGNOSTICS), (classic, f"{DATA}.logging")):
        if found is True:
            return say.flag("access_logging", True, source)
    for found, source in ((setting, DIAGNOSTICS), (classic, f"{DATA}.logging")):
        if isinstance(found, Unseen):
            return say.unknown("access_logging", found, source)
    return say.flag(
        "access_logging",
        False,
        DIAGNOSTICS,
        "neither a diagnostic setting nor classic logging records reads and writes",
    )


def _logs_everything(setting: Mapping[str, Any]) -> bool:
    logs = [log for log in dig(setting, "properties", "logs") or () if log.get("enabled")]
    # The audit group holds reads, writes and deletions for blob services.
    if any(log.get("categoryGroup") in ("allLogs", "audit") for log in logs):
        return True
    return {"StorageRead", "StorageWrite", "StorageDelete"} <= {log.get("category") for log in logs}


def _cors(say: Speaker, data: Answer) -> Evidence:
    source = f"{DATA}.cors"
    if isinstance(data, Unseen):
        return say.unknown("cors_restricted", data, source)
    rules = data.get("cors") or ()
    everyone = any("*" in rule["allowedOrigins"] for rule in rules)
    return say.flag(
        "cors_restricted",
        not everyone,
        source,
        "every web origin may read" if everyone else "" if rules else "no cross-origin rule",
        default=not rules,
    )
