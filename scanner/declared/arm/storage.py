"""What an Azure template says of storage accounts, containers, disks and file sync.

Properties and defaults: the resource reference of ARM and Bicep, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.arm.look import AzureLook, items, secret
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    always,
    chosen,
    flag,
    given,
    inapplicable,
    never,
    text,
    tls,
    truth,
    whole,
)


def _https(look: Look) -> Iterator[Said]:
    path = "properties.supportsHttpsTrafficOnly"
    value = look.get(path)
    if isinstance(value, Unknown):
        yield look.unknown("tls_enforced", value, path)
    elif value is MISSING:
        version = look.version if isinstance(look, AzureLook) else ""
        new = not version or version >= "2019-04-01"
        says = (
            "HTTPS only unless set" if new else "API versions before 2019-04-01 accept plain HTTP unless set"
        )
        yield look.say("tls_enforced", new, path, says, default=True)
    else:
        yield look.say("tls_enforced", truth(value) is True, path)


def firewall(safeguard: str, path: str, public: str = "properties.publicNetworkAccess") -> Check:
    """Denied unless listed, or no public network at all."""

    def check(look: Look) -> Iterator[Said]:
        value, reachable = look.get(path), look.get(public)
        if isinstance(reachable, str) and reachable.lower() in ("disabled", "securedbyperimeter"):
            yield look.say(safeguard, True, public)
        elif isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        elif value is MISSING:
            yield look.say(safeguard, False, path, "every network may connect unless set", default=True)
        else:
            yield look.say(safeguard, str(value).lower() == "deny", path)

    return check


def _bypass(look: Look) -> Iterator[Said]:
    acls, path = look.get("properties.networkAcls"), "properties.networkAcls.bypass"
    value = look.get(path)
    if isinstance(acls, Unknown) or isinstance(value, Unknown):
        yield look.unknown("trusted_services_bypass", acls if isinstance(acls, Unknown) else value, path)
    elif acls is MISSING or value is MISSING:
        yield look.say(
            "trusted_services_bypass", True, path, "Azure's services pass unless set", default=True
        )
    else:
        words = {part.strip().lower() for part in str(value).split(",")}
        action = str(look.get("properties.networkAcls.defaultAction")).lower()
        yield look.say("trusted_services_bypass", "azureservices" in words or action == "allow", path)


def _redundancy(look: Look) -> Iterator[Said]:
    sku = look.get("sku.name")
    if isinstance(sku, Unknown):
        yield look.unknown("geo_redundant_backup", sku, "sku.name")
        yield look.unknown("high_availability", sku, "sku.name")
    elif sku is not MISSING:
        word = str(sku).upper().rpartition("_")[2]
        yield look.say("geo_redundant_backup", word in ("GRS", "RAGRS", "GZRS", "RAGZRS"), "sku.name")
        yield look.say("high_availability", "ZRS" in word, "sku.name")


def _public_blobs(look: Look) -> Iterator[Said]:
    path, network = "properties.allowBlobPublicAccess", look.get("properties.publicNetworkAccess")
    value = look.get(path)
    if isinstance(network, str) and network.lower() == "disabled":
        yield look.say("public_access_blocked", True, "properties.publicNetworkAccess")
    elif isinstance(value, Unknown):
        yield look.unknown("public_access_blocked", value, path)
    elif value is MISSING:
        says = "anonymous access is off unless set, since November 2023"
        yield look.say("public_access_blocked", True, path, says, default=True)
    else:
        yield look.say("public_access_blocked", truth(value) is False, path)


def _container(look: Look) -> Iterator[Said]:
    path = "properties.publicAccess"
    value = look.get(path)
    blocked = None
    if isinstance(look, AzureLook):
        account = next((a for a in look.above() if a.kind == "microsoft.storage/storageaccounts"), None)
        blocked = truth(account.get("properties.allowBlobPublicAccess")) if account else None
    private = value is MISSING or str(value).lower() == "none"
    if isinstance(value, Unknown):
        yield look.unknown("acl_not_public", value, path)
    else:
        yield look.say("acl_not_public", private, path, default=value is MISSING)
    if blocked is False:
        yield look.say("anonymous_read_blocked", True, path, "the account allows no anonymous access")
    elif isinstance(value, Unknown):
        yield look.unknown("anonymous_read_blocked", value, path)
    else:
        yield look.say("anonymous_read_blocked", private, path, default=value is MISSING)


def _blob_service(look: Look) -> Iterator[Said]:
    yield from flag("versioning", "properties.isVersioningEnabled")(look)
    yield from flag("soft_delete", "properties.deleteRetentionPolicy.enabled")(look)
    yield from flag("container_soft_delete", "properties.containerDeleteRetentionPolicy.enabled")(look)
    yield from flag("point_in_time_recovery", "properties.restorePolicy.enabled")(look)
    number = whole(look.get("properties.deleteRetentionPolicy.days"))
    if number is not None and truth(look.get("properties.deleteRetentionPolicy.enabled")):
        yield look.say("soft_delete_days", True, "properties.deleteRetentionPolicy.days", value=number)
    for rule in items(look.get("properties.cors.corsRules")):
        origins = rule.get("allowedOrigins")
        if isinstance(origins, list) and "*" in origins:
            yield look.say("cors_restricted", False, "properties.cors", "every origin may use it")
            return
    yield look.say("cors_restricted", True, "properties.cors", default=look.get("properties.cors") is MISSING)


def _management(look: Look) -> Iterator[Said]:
    ages: list[int] = []
    for rule in items(look.get("properties.policy.rules")):
        age = look.find("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan", rule)
        if truth(rule.get("enabled", True)) is not False and age is not MISSING:
            ages.append(whole(age) or 0)
    yield look.say(
        "lifecycle_expiry", bool(ages), "properties.policy", "" if ages else "no rule deletes blobs"
    )
    if any(ages):
        yield look.say("lifecycle_expiry_days", True, "properties.policy", value=max(ages))


_NEEDED = frozenset(("storageread", "storagewrite", "storagedelete"))


def diagnostics(look: Look) -> Iterator[Said]:
    """A diagnostic setting: what it sends, and whether reads, writes and deletes are all in it."""
    path = "properties.logs"
    logs = look.get(path)
    if isinstance(logs, Unknown):
        yield look.unknown("access_logging", logs, path)
        return
    on, unknown = set(), None
    for log in items(logs):
        state = log.get("enabled", True)
        if isinstance(state, Unknown):
            unknown = state
        elif truth(state):
            on.add(str(log.get("categoryGroup") or log.get("category")).lower())
    everything = "alllogs" in on or "audit" in on
    storage = isinstance(look, AzureLook) and "microsoft.storage" in look.kind
    if isinstance(look, AzureLook) and (target := look.scoped()) is not None:
        storage = storage or target.kind.startswith("microsoft.storage")
    if unknown is not None and not everything:
        yield look.unknown("access_logging", unknown, path)
        return
    held = everything or (on >= _NEEDED if storage else bool(on))
    reason = "" if held else "reads, writes and deletes are not all logged" if storage else "no log is sent"
    if storage:
        yield look.say("access_logging", held, path, reason)
    else:
        yield look.say("log_export", held, path, reason)


def _disk(look: Look) -> Iterator[Said]:
    kind = look.get("properties.encryption.type")
    old = look.get("properties.encryptionSettingsCollection.enabled")
    older = look.get("properties.encryptionSettings.enabled")
    for path, value in (
        ("properties.encryptionSettingsCollection", old),
        ("properties.encryptionSettings", older),
    ):
        if isinstance(value, Unknown):
            yield look.unknown("encryption_at_rest", value, path)
            break
        if value is not MISSING:
            off = "the platform encrypts, disk encryption on top of it is off"
            yield look.say("encryption_at_rest", truth(value) is True, path, "" if truth(value) else off)
            break
    else:
        yield look.say("encryption_at_rest", True, "", "disks are encrypted with platform keys", default=True)
    if isinstance(kind, Unknown):
        yield look.unknown("customer_managed_key", kind, "properties.encryption.type")
    else:
        own = "customerkey" in str(kind).lower()
        yield look.say("customer_managed_key", own, "properties.encryption.type", default=kind is MISSING)
        yield look.say(
            "infrastructure_encryption",
            "and" in str(kind).lower() and own,
            "properties.encryption.type",
            default=kind is MISSING,
        )


def _exports(look: Look) -> Iterator[Said]:
    """Whether a disk or snapshot can be downloaded from anywhere."""
    public, policy = look.get("properties.publicNetworkAccess"), look.get("properties.networkAccessPolicy")
    path = "properties.networkAccessPolicy" if policy is not MISSING else "properties.publicNetworkAccess"
    unknown = next((v for v in (public, policy) if isinstance(v, Unknown)), None)
    if unknown is not None:
        yield look.unknown("public_endpoint_disabled", unknown, path)
        return
    held = str(public).lower() == "disabled" or str(policy).lower() in ("denyall", "allowprivate")
    reason = "" if held or policy is not MISSING else "exports from anywhere unless set"
    yield look.say("public_endpoint_disabled", held, path, reason, default=policy is public is MISSING)


_HOST = "securityProfile.encryptionAtHost"
_MACHINE: tuple[Check, ...] = (
    flag("encryption_at_rest", f"properties.{_HOST}"),
    flag("infrastructure_encryption", f"properties.{_HOST}"),
    secret("properties.osProfile.adminPassword"),
    given("customer_managed_key", "properties.storageProfile.osDisk.managedDisk.diskEncryptionSet"),
)

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "microsoft.storage/storageaccounts": (
        "account",
        (
            _https,
            text(
                "min_tls_version",
                "properties.minimumTlsVersion",
                tls,
                Default("1.0", "TLS 1.0 is accepted unless set"),
            ),
            _public_blobs,
            chosen(
                "public_endpoint_disabled",
                "properties.publicNetworkAccess",
                ["Disabled", "SecuredByPerimeter"],
                Default("Enabled", "on unless set"),
            ),
            firewall("network_firewall_restricted", "properties.networkAcls.defaultAction"),
            _bypass,
            flag(
                "shared_key_disabled",
                "properties.allowSharedKeyAccess",
                want=False,
                default=Default(True, "allowed unless set"),
            ),
            flag(
                "local_auth_disabled",
                "properties.allowSharedKeyAccess",
                want=False,
                default=Default(True, "allowed unless set"),
            ),
            flag(
                "cross_tenant_replication_disabled",
                "properties.allowCrossTenantReplication",
                want=False,
                default=Default(False, "off unless set, since December 2023"),
            ),
            always("encryption_at_rest", "storage accounts are always encrypted"),
            chosen("customer_managed_key", "properties.encryption.keySource", ["Microsoft.Keyvault"]),
            flag("infrastructure_encryption", "properties.encryption.requireInfrastructureEncryption"),
            _redundancy,
            given("access_token_expiry", "properties.sasPolicy"),
            flag(
                "uniform_access_control",
                "properties.isLocalUserEnabled",
                want=False,
                default=Default(False, "off unless set"),
            ),
            never("network_private", "no private endpoint is declared for it"),
            never("access_logging", "no diagnostic setting is declared for it"),
            never("lifecycle_expiry", "no management policy is declared for it"),
            never("versioning", "no blob service is declared for it"),
            never("soft_delete", "no blob service is declared for it"),
        ),
    ),
    "microsoft.storage/storageaccounts/blobservices/containers": (
        "container",
        (
            _container,
            flag("object_lock", "properties.immutableStorageWithVersioning.enabled"),
            inapplicable("public_access_blocked", "the storage account has that setting"),
        ),
    ),
    "microsoft.storage/storageaccounts/fileservices/shares": (
        "share",
        (always("encryption_at_rest", "always encrypted"),),
    ),
    "microsoft.compute/disks": (
        "disk",
        (
            _disk,
            _exports,
        ),
    ),
    "microsoft.compute/snapshots": ("snapshot", (_disk, _exports)),
    "microsoft.compute/virtualmachines": ("disk", _MACHINE),
    "microsoft.compute/virtualmachinescalesets": (
        "disk",
        (flag("encryption_at_rest", f"properties.virtualMachineProfile.{_HOST}"),),
    ),
    "microsoft.compute/diskencryptionsets": (
        "key",
        (flag("key_rotation", "properties.rotationToLatestKeyVersionEnabled"),),
    ),
    "microsoft.datalakestore/accounts": (
        "container",
        (
            chosen(
                "encryption_at_rest",
                "properties.encryptionState",
                ["Enabled"],
                Default("Enabled", "on unless set"),
            ),
            chosen("network_firewall_restricted", "properties.firewallState", ["Enabled"]),
            always("public_access_blocked", "Data Lake Storage Gen1 knows no anonymous access"),
        ),
    ),
    "microsoft.dataprotection/backupvaults": (
        "backup",
        (
            chosen("geo_redundant_backup", "properties.storageSettings.0.type", ["GeoRedundant"]),
            chosen(
                "soft_delete",
                "properties.securitySettings.softDeleteSettings.state",
                ["On", "AlwaysOn"],
                Default("On", "on unless set"),
            ),
            chosen(
                "object_lock",
                "properties.securitySettings.immutabilitySettings.state",
                ["Locked", "Unlocked"],
            ),
        ),
    ),
    "microsoft.netapp/netappaccounts/capacitypools/volumes": (
        "share",
        (always("encryption_at_rest", "always encrypted"),),
    ),
    "microsoft.storagesync/storagesyncservices": (
        "share",
        (
            chosen(
                "public_endpoint_disabled", "properties.incomingTrafficPolicy", ["AllowVirtualNetworksOnly"]
            ),
        ),
    ),
    "microsoft.recoveryservices/vaults": (
        "backup",
        (
            always("backup_encrypted", "vaults are always encrypted"),
            given("customer_managed_key", "properties.encryption.keyVaultProperties"),
            chosen(
                "soft_delete",
                "properties.securitySettings.softDeleteSettings.softDeleteState",
                ["Enabled", "AlwaysON"],
                Default("Enabled", "on unless set"),
            ),
            chosen(
                "object_lock",
                "properties.securitySettings.immutabilitySettings.state",
                ["Locked", "Unlocked"],
            ),
            chosen("public_endpoint_disabled", "properties.publicNetworkAccess", ["Disabled"]),
        ),
    ),
}
"""Type in lower case: (kind of store, questions)."""

SATELLITES: dict[str, tuple[Check, ...]] = {
    "microsoft.storage/storageaccounts/blobservices": (_blob_service,),
    "microsoft.storage/storageaccounts/managementpolicies": (_management,),
    "microsoft.storage/storageaccounts/fileservices": (
        flag(
            "soft_delete",
            "properties.shareDeleteRetentionPolicy.enabled",
            default=Default(True, "on unless set"),
        ),
    ),
}
"""Children whose word counts for the resource above them."""
