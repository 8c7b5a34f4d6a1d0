"""What an Azure template says of caches, warehouses, analytics and what moves data between stores.

Properties and defaults: the resource reference of ARM and Bicep, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.declared.arm.databases import PUBLIC, login
from scanner.declared.arm.look import secret
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
    never,
    text,
    tls,
)


def _redis_copies(look: Look) -> Iterator[Said]:
    sku = look.get("properties.sku.name")
    if isinstance(sku, Unknown):
        yield look.unknown("high_availability", sku, "properties.sku.name")
    elif sku is not MISSING:
        yield look.say(
            "high_availability", str(sku).lower() in ("standard", "premium"), "properties.sku.name"
        )


def _private_workspace(look: Look) -> Iterator[Said]:
    public = look.get("properties.publicNetworkAccess")
    if isinstance(public, str):
        path = "properties.publicNetworkAccess"
        yield look.say("network_private", public.lower() == "disabled", path)
    else:
        yield from flag("network_private", "properties.parameters.enableNoPublicIp.value")(look)


CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "microsoft.cache/redis": (
        "cache",
        (
            flag(
                "tls_enforced",
                "properties.enableNonSslPort",
                want=False,
                default=Default(False, "the plain port is off unless set"),
            ),
            text(
                "min_tls_version",
                "properties.minimumTlsVersion",
                tls,
                Default("1.0", "older versions are accepted unless set"),
            ),
            PUBLIC,
            _redis_copies,
            flag("local_auth_disabled", "properties.disableAccessKeyAuthentication"),
            flag("backup_enabled", "properties.redisConfiguration.rdb-backup-enabled"),
            given("network_private", "properties.subnetId"),
        ),
    ),
    "microsoft.cache/redisenterprise": (
        "cache",
        (text("min_tls_version", "properties.minimumTlsVersion", tls, Default("1.2")),),
    ),
    "microsoft.cache/redisenterprise/databases": (
        "cache",
        (
            chosen(
                "tls_enforced",
                "properties.clientProtocol",
                ["Encrypted"],
                Default("Encrypted", "on unless set"),
            ),
        ),
    ),
    "microsoft.synapse/workspaces/sqlpools": (
        "warehouse",
        (
            never("encryption_at_rest", "transparent encryption is off unless switched on"),
            never("audit_logging", "no auditing settings are declared for it"),
            never("threat_detection", "no security alert policy is declared for it"),
            never("vulnerability_assessment", "no assessment is declared for it"),
        ),
    ),
    "microsoft.synapse/workspaces/bigdatapools": (
        "warehouse",
        (flag("network_private", "properties.isComputeIsolationEnabled"),),
    ),
    "microsoft.documentdb/mongoclusters": (
        "database",
        (
            PUBLIC,
            secret("properties.administrator.password", "properties.administratorLoginPassword"),
            chosen(
                "high_availability",
                "properties.highAvailability.targetMode",
                ["ZoneRedundantPreferred", "SameZone"],
            ),
        ),
    ),
    "microsoft.machinelearningservices/workspaces": (
        "job",
        (
            PUBLIC,
            given("customer_managed_key", "properties.encryption.keyVaultProperties"),
            never("network_private", "no private endpoint is declared for it"),
        ),
    ),
    "microsoft.purview/accounts": ("catalogue", (PUBLIC,)),
    "microsoft.batch/batchaccounts": (
        "job",
        (
            PUBLIC,
            given(
                "customer_managed_key",
                "properties.encryption.keyVaultProperties",
                "properties.keyVaultReference",
            ),
            chosen(
                "network_firewall_restricted",
                "properties.networkProfile.accountAccess.defaultAction",
                ["Deny"],
            ),
        ),
    ),
    "microsoft.synapse/workspaces": (
        "warehouse",
        (
            chosen(
                "public_endpoint_disabled",
                "properties.publicNetworkAccess",
                ["Disabled"],
                Default("Enabled", "reachable unless set"),
            ),
            given("customer_managed_key", "properties.encryption.cmk"),
            flag(
                "exfiltration_protection", "properties.managedVirtualNetworkSettings.preventDataExfiltration"
            ),
            chosen("network_private", "properties.managedVirtualNetwork", ["default"]),
            always("network_firewall_restricted", "no address may connect unless a rule lists it"),
            flag("local_auth_disabled", "properties.azureADOnlyAuthentication"),
            secret("properties.sqlAdministratorLoginPassword"),
            login("properties.sqlAdministratorLogin"),
            never("vulnerability_assessment", "no assessment is declared for it"),
            never("audit_logging", "no auditing settings are declared for it"),
        ),
    ),
    "microsoft.kusto/clusters": (
        "warehouse",
        (
            flag("encryption_at_rest", "properties.enableDiskEncryption"),
            flag("infrastructure_encryption", "properties.enableDoubleEncryption"),
            given("customer_managed_key", "properties.keyVaultProperties"),
            PUBLIC,
        ),
    ),
    "microsoft.databricks/workspaces": (
        "warehouse",
        (
            PUBLIC,
            chosen(
                "customer_managed_key",
                "properties.parameters.encryption.value.keySource",
                ["Microsoft.Keyvault"],
            ),
            flag("infrastructure_encryption", "properties.parameters.requireInfrastructureEncryption.value"),
            _private_workspace,
        ),
    ),
    "microsoft.datafactory/factories": (
        "warehouse",
        (PUBLIC, given("customer_managed_key", "properties.encryption.vaultBaseUrl")),
    ),
}
"""Type in lower case: (kind of store, questions)."""
