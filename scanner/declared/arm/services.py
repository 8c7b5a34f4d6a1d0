"""What an Azure template says of vaults, keys, secrets, queues, event services, search and registries.

Properties and defaults: the resource reference of ARM and Bicep, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.arm.storage import firewall
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
    text,
    tls,
    truth,
)

_PUBLIC = chosen(
    "public_endpoint_disabled",
    "properties.publicNetworkAccess",
    ["Disabled", "SecuredByPerimeter"],
    Default("Enabled", "reachable unless set"),
)


def _recoverable(look: Look) -> Iterator[Said]:
    soft, purge = look.get("properties.enableSoftDelete"), look.get("properties.enablePurgeProtection")
    path = "properties.enablePurgeProtection"
    if isinstance(soft, Unknown):
        yield look.unknown("soft_delete", soft, "properties.enableSoftDelete")
    else:
        says = "on unless set, since December 2020" if soft is MISSING else ""
        yield look.say(
            "soft_delete",
            truth(soft) is not False,
            "properties.enableSoftDelete",
            says,
            default=soft is MISSING,
        )
    if isinstance(purge, Unknown):
        yield look.unknown("key_deletion_protection", purge, path)
    elif truth(purge) is True and truth(soft) is not False:
        yield look.say("key_deletion_protection", True, path)
    else:
        reason = "a deleted vault can be purged at once"
        yield look.say("key_deletion_protection", False, path, reason, default=purge is MISSING)


def _vault_network(look: Look) -> Iterator[Said]:
    yield from firewall("network_firewall_restricted", "properties.networkAcls.defaultAction")(look)


def expires(safeguard: str) -> Check:
    def check(look: Look) -> Iterator[Said]:
        path, value = look.first("properties.attributes.exp", "properties.attributes.expiryTime")
        if value is MISSING and isinstance(look.get("properties.attributes"), Unknown):
            yield look.unknown(safeguard, look.get("properties.attributes"), path)
        elif isinstance(value, Unknown) and "no default" in value.reason:
            yield look.unknown(safeguard, value, path)
        else:
            yield look.say(
                safeguard, value is not MISSING and value not in ("", 0), path, default=value is MISSING
            )

    return check


def _hardware(look: Look) -> Iterator[Said]:
    kind = look.get("properties.kty")
    if isinstance(kind, Unknown):
        yield look.unknown("hsm_backed_key", kind, "properties.kty")
    else:
        yield look.say(
            "hsm_backed_key", str(kind).upper().endswith("HSM"), "properties.kty", default=kind is MISSING
        )


def _identity(look: Look) -> Iterator[Said]:
    kind = look.get("identity.type")
    if isinstance(kind, Unknown):
        yield look.unknown("iam_auth", kind, "identity.type")
    else:
        held = kind is not MISSING and str(kind).lower() != "none"
        yield look.say("iam_auth", held, "identity.type", default=kind is MISSING)


_EVENTS: tuple[Check, ...] = (
    _PUBLIC,
    flag("local_auth_disabled", "properties.disableLocalAuth"),
    text("min_tls_version", "properties.minimumTlsVersion", tls, Default("1.2", "TLS 1.2 unless set")),
    given("customer_managed_key", "properties.encryption.keyVaultProperties"),
    flag("infrastructure_encryption", "properties.encryption.requireInfrastructureEncryption"),
    always("encryption_at_rest", "always encrypted"),
    flag("high_availability", "properties.zoneRedundant"),
)

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "microsoft.keyvault/vaults": (
        "vault",
        (
            _recoverable,
            _vault_network,
            _PUBLIC,
            flag("fine_grained_access_control", "properties.enableRbacAuthorization"),
        ),
    ),
    "microsoft.keyvault/managedhsms": ("vault", (_recoverable, _vault_network, _PUBLIC)),
    "microsoft.keyvault/vaults/keys": (
        "key",
        (expires("key_expiry_set"), _hardware, given("key_rotation", "properties.rotationPolicy")),
    ),
    "microsoft.keyvault/vaults/secrets": ("secret", (expires("secret_expiry_set"),)),
    "microsoft.eventhub/namespaces": ("stream", _EVENTS),
    "microsoft.servicebus/namespaces": ("queue", _EVENTS),
    "microsoft.eventgrid/topics": (
        "topic",
        (_PUBLIC, flag("local_auth_disabled", "properties.disableLocalAuth"), _identity),
    ),
    "microsoft.eventgrid/domains": (
        "topic",
        (_PUBLIC, flag("local_auth_disabled", "properties.disableLocalAuth"), _identity),
    ),
    "microsoft.search/searchservices": (
        "search",
        (_PUBLIC, flag("local_auth_disabled", "properties.disableLocalAuth"), _identity),
    ),
    "microsoft.containerregistry/registries": (
        "registry",
        (
            _PUBLIC,
            flag(
                "auth_required",
                "properties.anonymousPullEnabled",
                want=False,
                default=Default(False, "off unless set"),
            ),
            flag(
                "local_auth_disabled",
                "properties.adminUserEnabled",
                want=False,
                default=Default(False, "off unless set"),
            ),
            chosen("customer_managed_key", "properties.encryption.status", ["enabled"]),
            chosen("network_firewall_restricted", "properties.networkRuleSet.defaultAction", ["Deny"]),
            chosen("image_immutability", "properties.policies.quarantinePolicy.status", ["enabled"]),
            chosen("high_availability", "properties.zoneRedundancy", ["Enabled"]),
        ),
    ),
    "microsoft.operationalinsights/workspaces": (
        "log",
        (
            days(
                "audit_log_retention_days",
                "properties.retentionInDays",
                default=Default(30, "30 days unless set"),
            ),
            always("encryption_at_rest", "always encrypted"),
        ),
    ),
    "microsoft.appconfiguration/configurationstores": (
        "secret",
        (
            _PUBLIC,
            flag("local_auth_disabled", "properties.disableLocalAuth"),
            given("customer_managed_key", "properties.encryption.keyVaultProperties"),
            flag("key_deletion_protection", "properties.enablePurgeProtection"),
        ),
    ),
    "microsoft.cognitiveservices/accounts": (
        "account",
        (
            _PUBLIC,
            flag("local_auth_disabled", "properties.disableLocalAuth"),
            chosen("network_firewall_restricted", "properties.networkAcls.defaultAction", ["Deny"]),
            chosen("customer_managed_key", "properties.encryption.keySource", ["Microsoft.KeyVault"]),
        ),
    ),
}
"""Type in lower case: (kind of store, questions)."""
