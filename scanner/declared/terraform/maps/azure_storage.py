"""Azure storage accounts with their satellites, disks, machines, backups and file shares."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    NO,
    YES,
    Check,
    Fact,
    Kind,
    View,
    always,
    among,
    declared_so,
    doubt,
    either,
    every,
    first,
    flag,
    given,
    joined,
    number,
)
from scanner.declared.terraform.maps.azure_common import (
    account_rules,
    bypass,
    identity,
    inner,
    locked,
    logged,
    private,
    public,
)
from scanner.declared.terraform.values import address_of
from scanner.declared.terraform.versions import least_tls
from scanner.model import Basis, State


def _queue_logging(view: View) -> Fact | None:
    if view.word("account_kind") == "blobstorage":
        return None
    base = "queue_properties.logging"
    return every(flag(f"{base}.delete"), flag(f"{base}.read"), flag(f"{base}.write"))(view)


def _insights(view: View) -> Fact | None:
    """A container's blob reads are logged, and its account is the one that receives them."""
    account = address_of(view.get("storage_account_name")) or address_of(view.get("storage_account_id"))
    for one in view.estate.by_type.get("azurerm_log_analytics_storage_insights", ()):
        same = address_of(one.attributes.get("storage_account_id")) == account
        names = one.attributes.get("blob_container_names")
        if same and isinstance(names, list) and (
            view.get("name") in names or any(address_of(n) == view.resource.address for n in names)):  # fmt: skip
            return Fact(YES, Basis.EXPLICIT, "", None, "", one)
    return Fact(NO, Basis.PROVIDER_DEFAULT, "", None, "no logging of reads is declared", view.resource)


def _vm_disks(view: View) -> Fact | None:
    """Managed disks are always encrypted; disks as files in a storage account (VHD) are not."""
    if view.get("storage_os_disk.vhd_uri") is not None or any(
        isinstance(b, Mapping) and b.get("vhd_uri") for b in view.blocks("storage_data_disk")):  # fmt: skip
        return Fact(NO, Basis.EXPLICIT, "storage_os_disk", None, "", view.resource)
    for path in ("storage_os_disk.managed_disk_id", "storage_os_disk.managed_disk_type"):
        address = address_of(view.get(path))
        for one in view.estate.by_type.get("azurerm_managed_disk", ()):
            if address and one.address == address:
                return _disk(View(one, view.estate))
    return Fact(YES, Basis.PROVIDER_DEFAULT, "", None, "managed disks are encrypted", view.resource)


def _disk(view: View) -> Fact | None:
    if view.get("encryption_settings") is not None:
        return flag("encryption_settings.enabled", YES)(view)
    if view.get("disk_encryption_set_id") is not None:
        return given("disk_encryption_set_id")(view)
    return Fact(YES, Basis.PROVIDER_DEFAULT, "", None, "managed disks are encrypted", view.resource)


def _table(view: View) -> Fact | None:
    """Every permission at once in a stored access policy."""
    for one in view.blocks("acl.access_policy"):
        if isinstance(one, Unknown):
            return doubt(view, "acl", one)
        if isinstance(one, Mapping) and set("rwdl") <= set(str(one.get("permissions"))):
            return Fact(NO, Basis.EXPLICIT, "acl", None, "", view.resource)
    return Fact(YES, Basis.EXPLICIT, "acl", None, "", view.resource) if view.blocks("acl") else None


def _container(view: View) -> Fact | None:
    return among("container_access_type", ["private"], YES)(view)


def _blob_logs(view: View) -> Fact | None:
    """Reads, writes and deletes are logged: by the account's own queue logging or a diagnostic setting."""
    if view.joined("azurerm_monitor_diagnostic_setting"):
        return logged("StorageRead")(view)
    return first(either(_queue_logging, joined("azurerm_storage_account_queue_properties", _apart, None)),
                 _queue_logging)(view)  # fmt: skip


def _apart(view: View) -> Fact | None:
    return every(flag("logging.delete"), flag("logging.read"), flag("logging.write"))(view)


def _cors(view: View) -> Fact | None:
    """Not every web origin may call."""
    found = False
    for part in ("blob_properties", "queue_properties", "share_properties"):
        for rule in view.blocks(f"{part}.cors_rule"):
            if isinstance(rule, Unknown):
                return doubt(view, part, rule)
            found = True
            origins = rule.get("allowed_origins")
            if isinstance(origins, list) and "*" in origins:
                return Fact(NO, Basis.EXPLICIT, f"{part}.cors_rule", None, "", view.resource)
    basis = Basis.EXPLICIT if found else Basis.PROVIDER_DEFAULT
    return Fact(YES, basis, "blob_properties", None, "", view.resource)


def _deletes(view: View) -> Fact | None:
    """Some rule deletes; one that only moves content to a cooler tier does not."""
    rules = view.blocks("rule")
    for rule in rules:
        if isinstance(rule, Unknown):
            return doubt(view, "rule", rule)
        if rule.get("enabled") is not False and "delete_after" in str(rule.get("actions")):
            return Fact(YES, Basis.EXPLICIT, "rule", None, "", view.resource)
    return (
        Fact(NO, Basis.EXPLICIT, "rule", None, "no rule deletes content", view.resource)
        if rules
        else declared_so(YES)(view)
    )


_ACCOUNT_RULES = "azurerm_storage_account_network_rules"
_blob_public: Check = first(
    flag("allow_nested_items_to_be_public", None, off=True), flag("allow_blob_public_access", None, off=True)
)

_ACCOUNT: dict[str, Check] = {
    "encryption_at_rest": always(YES, "Azure Storage is always encrypted"),
    "tls_enforced": first(flag("https_traffic_only_enabled", None), flag("enable_https_traffic_only", YES)),
    "min_tls_version": least_tls("min_tls_version", "1.2"),
    "customer_managed_key": either(given("customer_managed_key"), joined(
        "azurerm_storage_account_customer_managed_key", declared_so(YES))),
    "infrastructure_encryption": flag("infrastructure_encryption_enabled"),
    "public_access_blocked": first(flag("allow_nested_items_to_be_public", None, off=True),
                                   flag("allow_blob_public_access", None, off=True),
                                   either(inner("network_rules", account_rules),
                                          joined("azurerm_storage_account_network_rules", account_rules, None),
                                          flag("public_network_access_enabled", None, off=True)),
                                   always(NO, "blobs may be made public unless refused")),
    "public_endpoint_disabled": public(),
    "network_firewall_restricted": first(
        inner("network_rules", account_rules),
        joined("azurerm_storage_account_network_rules", account_rules, None),
        flag("public_network_access_enabled", NO, off=True)),
    "trusted_services_bypass": first(inner("network_rules", bypass), joined(
        "azurerm_storage_account_network_rules", bypass, None)),
    "network_private": private(),
    "local_auth_disabled": flag("shared_access_key_enabled", NO, off=True),
    "shared_key_disabled": flag("shared_access_key_enabled", NO, off=True),
    "soft_delete": given("blob_properties.delete_retention_policy"),
    "container_soft_delete": given("blob_properties.container_delete_retention_policy"),
    "point_in_time_recovery": given("blob_properties.restore_policy"),
    "object_lock": either(among("immutability_policy.state", ["Locked", "Unlocked"]), joined(
        "azurerm_storage_container_immutability_policy", declared_so(YES), None)),
    "cors_restricted": _cors,
    "static_website_disabled": first(given("static_website", default=None, then=NO),
                                     joined("azurerm_storage_account_static_website", declared_so(NO), YES)),
    "threat_detection": joined(("azurerm_advanced_threat_protection", "azurerm_security_center_storage_defender"),
                               first(flag("enabled", None), declared_so(YES)), None),
    "deletion_protection": locked,
    "uniform_access_control": flag("local_user_enabled", None, off=True),
    "versioning": flag("blob_properties.versioning_enabled"),
    "access_logging": _blob_logs,
    "geo_redundant_backup": among("account_replication_type", ["*GRS", "*GZRS"]),
    "cross_tenant_replication_disabled": flag("cross_tenant_replication_enabled", YES, off=True),
    "lifecycle_expiry": joined("azurerm_storage_management_policy", _deletes),
    "access_token_expiry": given("sas_policy.expiration_period"),
}  # fmt: skip
KINDS: dict[str, Kind] = {
    "azurerm_storage_account": Kind("container", _ACCOUNT),
    "azurerm_storage_account_network_rules": Kind("", {
        "network_firewall_restricted": account_rules, "trusted_services_bypass": bypass,
        "public_access_blocked": account_rules}, parents=("azurerm_storage_account",)),
    "azurerm_storage_container": Kind("container", {
        "acl_not_public": _container, "anonymous_read_blocked": _container, "access_logging": _insights,
        "public_access_blocked": always(State.NOT_APPLICABLE, "the storage account has that setting"),
        "object_lock": joined("azurerm_storage_container_immutability_policy", declared_so(YES), None),
        "deletion_protection": locked}),
    "azurerm_storage_table": Kind("database", {"acl_not_public": _table}),
    "azurerm_storage_share": Kind("share", {"acl_not_public": _table}),
    "azurerm_storage_sync": Kind("share", {
        "public_endpoint_disabled": among("incoming_traffic_policy", ["AllowVirtualNetworksOnly"])}),
    "azurerm_managed_disk": Kind("disk", {
        "encryption_at_rest": _disk,
        "customer_managed_key": given("disk_encryption_set_id"),
        "infrastructure_encryption": given("secure_vm_disk_encryption_set_id", default=None),
        "public_endpoint_disabled": first(flag("public_network_access_enabled", None, off=True), among(
            "network_access_policy", ["DenyAll", "AllowPrivate"], NO))}),
    "azurerm_virtual_machine": Kind("disk", {"encryption_at_rest": _vm_disks}),
    "azurerm_snapshot": Kind("snapshot", {
        "public_endpoint_disabled": first(flag("public_network_access_enabled", None, off=True), among(
            "network_access_policy", ["DenyAll", "AllowPrivate"], None)),
        "customer_managed_key": given("disk_encryption_set_id", default=None),
        "backup_encrypted": flag("encryption_settings.enabled", YES)}),
    "azurerm_recovery_services_vault": Kind("backup", {
        "soft_delete": flag("soft_delete_enabled", YES), "public_endpoint_disabled": public(), "iam_auth": identity(),
        "geo_redundant_backup": among("storage_mode_type", ["GeoRedundant"], YES), "network_private": private(),
        "infrastructure_encryption": flag("encryption.infrastructure_encryption_enabled"),
        "customer_managed_key": given("encryption.key_id"), "object_lock": among("immutability", ["Locked"])}),
    "azurerm_data_protection_backup_vault": Kind("backup", {
        "geo_redundant_backup": among("redundancy", ["GeoRedundant"]), "iam_auth": identity(),
        "soft_delete": among("soft_delete", ["On", "AlwaysOn"], YES),
        "object_lock": among("immutability", ["Locked"]),
        "customer_managed_key": joined("azurerm_data_protection_backup_vault_customer_managed_key", declared_so(YES))}),
    **{f"azurerm_backup_policy_{kind}": Kind("backup", {
        "backup_retention_days": number("retention_daily.count", lambda n: n >= 7, None)})
       for kind in ("vm", "file_share")},
    "azurerm_data_lake_store": Kind("container", {
        "public_access_blocked": always(YES, "Data Lake Storage Gen1 knows no anonymous access"),
        "encryption_at_rest": among("encryption_state", ["Enabled"], YES),
        "network_firewall_restricted": among("firewall_state", ["Enabled"], YES)}),
    **{kind: Kind("disk", {
        "encryption_at_rest": flag("encryption_at_host_enabled"),
        "infrastructure_encryption": flag("encryption_at_host_enabled"),
        "customer_managed_key": given("os_disk.disk_encryption_set_id", "os_disk.secure_vm_disk_encryption_set_id"),
        "local_auth_disabled": flag("disable_password_authentication", None),
        }) for kind in (
        "azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine",
        "azurerm_linux_virtual_machine_scale_set", "azurerm_windows_virtual_machine_scale_set")},
}  # fmt: skip
