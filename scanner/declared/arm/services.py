"""What an Azure template says of vaults, keys, secrets, queues, event services, search and registries.

Properties and defaults: the resource reference of ARM and Bicep, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.arm.look import items, secret
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
    never,
    text,
    tls,
    truth,
    whole,
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


def _default_secret(look: Look) -> Iterator[Said]:
    """A secure parameter's default: fine where it is empty or made anew at every deployment."""
    value = look.get("default")
    literal = isinstance(value, str) and bool(value) and not value.startswith("[")
    reason = "the default of a secure parameter stands in the template" if literal else ""
    yield look.say("no_plaintext_secret", not literal, "default", reason)


def _identity(look: Look) -> Iterator[Said]:
    kind = look.get("identity.type")
    if isinstance(kind, Unknown):
        yield look.unknown("iam_auth", kind, "identity.type")
    else:
        held = kind is not MISSING and str(kind).lower() != "none"
        yield look.say("iam_auth", held, "identity.type", default=kind is MISSING)


def _replicas(look: Look) -> Iterator[Said]:
    """Three copies answer queries and updates while one is lost."""
    path = "properties.replicaCount"
    value = look.get(path)
    if isinstance(value, Unknown):
        yield look.unknown("high_availability", value, path)
    else:
        yield look.say("high_availability", (whole(value) or 1) >= 3, path, default=value is MISSING)


def _listed(look: Look) -> Iterator[Said]:
    path = "properties.networkRuleSet.ipRules"
    rules = look.get(path)
    if isinstance(rules, Unknown):
        yield look.unknown("network_firewall_restricted", rules, path)
        return
    texts = [str(rule.get("value")) for rule in items(rules)]
    closed = str(look.get("properties.publicNetworkAccess")).lower() == "disabled"
    held = closed or (bool(texts) and not any(text in ("0.0.0.0/0", "::/0", "*") for text in texts))
    yield look.say("network_firewall_restricted", held, path, default=rules is MISSING)


def _workspace_public(look: Look) -> Iterator[Said]:
    for path in ("properties.publicNetworkAccessForIngestion", "properties.publicNetworkAccessForQuery"):
        value = look.get(path)
        if isinstance(value, Unknown):
            yield look.unknown("public_endpoint_disabled", value, path)
            return
        if str(value).lower() != "disabled":
            yield look.say("public_endpoint_disabled", False, path, default=value is MISSING)
            return
    yield look.say("public_endpoint_disabled", True, path)


def _profile(look: Look) -> Iterator[Said]:
    path = "properties.retentionPolicy.days"
    kept, on = look.get(path), truth(look.get("properties.retentionPolicy.enabled"))
    number = whole(kept)
    if isinstance(kept, Unknown):
        yield look.unknown("audit_log_retention_days", kept, path)
    else:
        held = on is True and number is not None and (number == 0 or number >= 365)
        yield look.say("audit_log_retention_days", held, path, default=kept is MISSING)


def _contacts(look: Look) -> Iterator[Said]:
    """Somebody is named, and alerts are sent to him and to the administrators."""
    _, mails = look.first("properties.emails", "properties.email")
    _, alerts = look.first("properties.alertNotifications.state", "properties.alertNotifications")
    _, admins = look.first("properties.notificationsByRole.state", "properties.alertsToAdmins")
    unknown = next((v for v in (alerts, admins) if isinstance(v, Unknown)), None)
    if unknown is not None:
        yield look.unknown("security_alert_contacts", unknown, "properties.alertNotifications")
        return
    held = (isinstance(mails, Unknown) or bool(mails and mails is not MISSING)) and truth(alerts) is True
    held = held and truth(admins) is not False
    yield look.say("security_alert_contacts", held, "properties.alertNotifications")


_EVENTS: tuple[Check, ...] = (
    _PUBLIC,
    flag("local_auth_disabled", "properties.disableLocalAuth"),
    text("min_tls_version", "properties.minimumTlsVersion", tls, Default("1.2", "TLS 1.2 unless set")),
    given("customer_managed_key", "properties.encryption.keyVaultProperties"),
    flag("infrastructure_encryption", "properties.encryption.requireInfrastructureEncryption"),
    always("encryption_at_rest", "always encrypted"),
    flag("high_availability", "properties.zoneRedundant"),
    _identity,
)

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "microsoft.keyvault/vaults": (
        "vault",
        (
            _recoverable,
            _vault_network,
            _PUBLIC,
            flag("fine_grained_access_control", "properties.enableRbacAuthorization"),
            never("network_private", "no private endpoint is declared for it"),
        ),
    ),
    "securestring": ("secret", (_default_secret,)),
    "microsoft.keyvault/managedhsms": ("vault", (_recoverable, _vault_network, _PUBLIC)),
    "microsoft.keyvault/vaults/keys": (
        "key",
        (expires("key_expiry_set"), _hardware, given("key_rotation", "properties.rotationPolicy")),
    ),
    "microsoft.keyvault/vaults/secrets": (
        "secret",
        (expires("secret_expiry_set"), secret("properties.value")),
    ),
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
        (
            _PUBLIC,
            flag("local_auth_disabled", "properties.disableLocalAuth"),
            _identity,
            chosen("customer_managed_key", "properties.encryptionWithCmk.enforcement", ["Enabled"]),
            _replicas,
            _listed,
        ),
    ),
    "microsoft.devices/iothubs": (
        "stream",
        (
            _PUBLIC,
            text(
                "min_tls_version",
                "properties.minTlsVersion",
                tls,
                Default("1.0", "older versions unless set"),
            ),
            flag("local_auth_disabled", "properties.disableLocalAuth"),
        ),
    ),
    "microsoft.signalrservice/signalr": (
        "stream",
        (_PUBLIC, flag("local_auth_disabled", "properties.disableLocalAuth")),
    ),
    "microsoft.signalrservice/webpubsub": (
        "stream",
        (_PUBLIC, flag("local_auth_disabled", "properties.disableLocalAuth"), _identity),
    ),
    "microsoft.automation/automationaccounts/variables": (
        "secret",
        (flag("encryption_at_rest", "properties.isEncrypted"),),
    ),
    "microsoft.automation/automationaccounts": (
        "job",
        (
            flag(
                "public_endpoint_disabled",
                "properties.publicNetworkAccess",
                want=False,
                default=Default(True, "on unless set"),
            ),
            flag("local_auth_disabled", "properties.disableLocalAuth"),
            _identity,
        ),
    ),
    "microsoft.insights/logprofiles": ("log", (_profile,)),
    "microsoft.security/securitycontacts": ("setting", (_contacts,)),
    "microsoft.security/pricings": (
        "setting",
        (chosen("threat_detection", "properties.pricingTier", ["Standard"]),),
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
                "anonymous_read_blocked",
                "properties.anonymousPullEnabled",
                want=False,
                default=Default(False, "off unless set"),
            ),
            chosen("lifecycle_expiry", "properties.policies.retentionPolicy.status", ["enabled"]),
            chosen("vulnerability_assessment", "sku.name", ["Standard", "Premium"]),
            never("network_private", "no private endpoint is declared for it"),
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
            _workspace_public,
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
        "service",
        (
            _PUBLIC,
            flag("local_auth_disabled", "properties.disableLocalAuth"),
            _identity,
            chosen("network_firewall_restricted", "properties.networkAcls.defaultAction", ["Deny"]),
            chosen("customer_managed_key", "properties.encryption.keySource", ["Microsoft.KeyVault"]),
        ),
    ),
}
"""Type in lower case: (kind of store, questions)."""
