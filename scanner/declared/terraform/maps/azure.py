"""Azure (provider `azurerm`): storage, databases, vaults, disks and their satellites."""

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
    has,
    joined,
    lists,
    number,
    unknown_of,
    when,
)
from scanner.declared.terraform.values import address_of
from scanner.model import Basis, State

_ANY = "0.0.0.0"  # noqa: S104 - an address in a firewall rule, not one to bind to


def private(default: State = NO) -> Check:
    return joined("azurerm_private_endpoint", declared_so(YES), default)


def public(default: State = NO) -> Check:
    return flag("public_network_access_enabled", default, off=True)


def _range(view: View) -> Fact | None:
    """A firewall rule that lets in the whole internet, or every Azure tenant (0.0.0.0)."""
    start, end = (
        view.get(f"{side}_ip_address")
        if view.get(f"{side}_ip_address") is not None
        else view.get(f"{side}_ip")
        for side in ("start", "end")
    )
    for value in (start, end):
        unknown = unknown_of(value)
        if unknown is not None:
            return doubt(view, "start_ip_address", unknown)
    text, last = str(start), str(end)
    most = 256 if view.resource.type.startswith("azurerm_redis") else 1 << 24
    wide = _size(text, last) > most or text.startswith(_ANY)
    return Fact(NO if wide else YES, Basis.EXPLICIT, "start_ip_address", None, "", view.resource)


def _size(start: str, end: str) -> int:
    import ipaddress

    try:
        return (
            int(ipaddress.ip_address(end.partition("/")[0]))
            - int(ipaddress.ip_address(start.partition("/")[0]))
            + 1
        )
    except ValueError:
        return 0


def _parameter(kind: tuple[str, ...], name: str, good: tuple[str, ...], none: State | None = NO) -> Check:
    """A server parameter set by a resource of its own."""

    def check(view: View) -> Fact | None:
        for one in view.joined(*kind):
            if str(one.get("name")).lower() == name:
                return among("value", good)(one)
        return (
            None if none is None else Fact(none, Basis.PROVIDER_DEFAULT, name, None, "not set", view.resource)
        )

    return check


def named(name: str, check: Check) -> Check:
    """Asked of a parameter resource only where it sets this parameter."""
    return when(lambda view: str(view.get("name")).lower() == name, check)


_LOG_NAMES = (
    "log_connections",
    "log_disconnections",
    "log_checkpoints",
    "log_duration",
    "connection_throttling",
)


def _log_parameter(view: View) -> Fact | None:
    name = str(view.get("name")).lower()
    if name not in _LOG_NAMES:
        return None
    return among("value", ["on"])(view)


_PG_PARAMETER: dict[str, Check] = {
    "connection_logging": _log_parameter,
    "audit_log_retention_days": first(
        named("log_retention", among("value", ["on"])),
        named("log_retention_days", number("value", lambda n: n > 3)),
    ),
    "tls_enforced": named("require_secure_transport", among("value", ["on"])),
}
_MYSQL_PARAMETER: dict[str, Check] = {
    "tls_enforced": named("require_secure_transport", among("value", ["on"])),
    "audit_logging": named("audit_log_enabled", among("value", ["on"])),
    "min_tls_version": named("tls_version", among("value", ["tlsv1.2", "tlsv1.3", "tlsv1.2,tlsv1.3"])),
}


def _account_rules(view: View) -> Fact | None:
    if any(str(rule) in (f"{_ANY}/0", _ANY) for rule in view.items("ip_rules")):
        return Fact(NO, Basis.EXPLICIT, "ip_rules", None, "every address is listed", view.resource)
    return among("default_action", ["Deny"])(view)


def _bypass(view: View) -> Fact | None:
    value = view.get("bypass")
    if value is None:
        return Fact(YES, Basis.PROVIDER_DEFAULT, "bypass", None, "not set", view.resource)
    return has("bypass", "azureservices")(view)


def _inner(path: str, check: Check) -> Check:
    """The check on the first block at a path."""
    import dataclasses

    def inside(view: View) -> Fact | None:
        blocks = view.blocks(path)
        if not blocks:
            return None
        if isinstance(blocks[0], Unknown):
            return doubt(view, path, blocks[0])
        part = dataclasses.replace(view.resource, attributes=blocks[0],
                                   lines={"": view.resource.lines.get(path, view.resource.location.line)})  # fmt: skip
        fact = check(View(part, view.estate))
        return None if fact is None else dataclasses.replace(fact, path=path, resource=view.resource)

    return inside


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


def _container(view: View) -> Fact | None:
    return among("container_access_type", ["private"], YES)(view)


def _anonymous(view: View) -> Fact | None:
    return _container(view)


_POLICY = "azurerm_mssql_server_extended_auditing_policy"
_AUDITS = (_POLICY, "azurerm_sql_server_extended_auditing_policy", "azurerm_mssql_server_auditing_policy",
           "azurerm_mssql_database_extended_auditing_policy")  # fmt: skip
_RETENTION = number("retention_in_days", lambda n: n == 0 or n >= 90, YES)
_ALERTS = ("azurerm_mssql_server_security_alert_policy", "azurerm_sql_server_security_alert_policy")


def _alert_policy(view: View) -> Fact | None:
    return every(among("state", ["Enabled"]), lists("disabled_alerts", lambda i: not i, YES))(view)


def _assessed(view: View) -> Fact | None:
    """An assessment names an alert policy, and the policy names the server."""
    policies = view.joined(*_ALERTS)
    for one in policies:
        found = one.joined("azurerm_mssql_server_vulnerability_assessment")
        if found:
            return Fact(YES, Basis.EXPLICIT, "", None, "", found[0].resource)
    return Fact(NO, Basis.PROVIDER_DEFAULT, "", None, "no assessment is declared", view.resource)


def _allows_azure(view: View) -> Fact | None:
    """No firewall rule of the server is too wide."""
    kinds = ("azurerm_sql_firewall_rule", "azurerm_mssql_firewall_rule", "azurerm_postgresql_firewall_rule",
             "azurerm_mysql_firewall_rule", "azurerm_mariadb_firewall_rule",
             "azurerm_postgresql_flexible_server_firewall_rule", "azurerm_mysql_flexible_server_firewall_rule")  # fmt: skip
    return joined(kinds, _range, YES, all=True)(view)


_PREDICTABLE = ("", "admin", "administrator", "sqladmin", "root", "user", "azure_admin", "azure_administrator", "guest",
                "test", "azureuser", "sa", "dbadmin")  # fmt: skip


def _login(path: str) -> Check:
    return among(path, _PREDICTABLE, None, bad=True)


def _sql_server(extra: Mapping[str, Check] | None = None) -> dict[str, Check]:
    return {
        "audit_logging": either(given("extended_auditing_policy"), joined(_AUDITS, flag("enabled", YES))),
        "audit_log_retention_days": either(
            _inner("extended_auditing_policy", number("retention_in_days", lambda n: n == 0 or n >= 90, NO)),
            joined(_AUDITS, number("retention_in_days", lambda n: n == 0 or n >= 90, NO))),
        "public_endpoint_disabled": public(),
        "min_tls_version": among("minimum_tls_version", ["1.2", "1.3"], YES),
        "network_private": private(),
        "iam_auth": either(given("azuread_administrator.login_username"),
                           joined("azurerm_sql_active_directory_administrator", declared_so(YES))),
        "local_auth_disabled": flag("azuread_administrator.azuread_authentication_only"),
        "network_firewall_restricted": _allows_azure,
        "vulnerability_assessment": _assessed,
        "threat_detection": either(flag("threat_detection_policy.state"), joined(_ALERTS, among("state", ["Enabled"]))),
        "predictable_admin_name": _login("administrator_login"),
        **(extra or {}),
    }  # fmt: skip


def _server(engine: str, **more: Check) -> dict[str, Check]:
    kinds = (f"azurerm_{engine}_configuration", f"azurerm_{engine}_server_configuration")
    return {
        "tls_enforced": flag("ssl_enforcement_enabled", NO),
        "min_tls_version": among("ssl_minimal_tls_version_enforced", ["TLS1_2", "TLS1_3"], YES),
        "public_endpoint_disabled": public(),
        "geo_redundant_backup": flag("geo_redundant_backup_enabled"),
        "infrastructure_encryption": flag("infrastructure_encryption_enabled"),
        "backup_retention_days": number("backup_retention_days", lambda n: n >= 7, YES, plain=7),
        "network_private": private(),
        "network_firewall_restricted": _allows_azure,
        "threat_detection": flag("threat_detection_policy.enabled"),
        "customer_managed_key": joined(f"azurerm_{engine}_server_key", declared_so(YES)),
        "connection_logging": _parameter(kinds, "log_connections", ("on",), None),
        **more,
    }


def _flexible(engine: str) -> dict[str, Check]:
    return {
        "geo_redundant_backup": when(lambda v: v.word("create_mode") != "replica", flag("geo_redundant_backup_enabled")),
        "backup_retention_days": number("backup_retention_days", lambda n: n >= 7, YES, plain=7),
        "network_private": either(given("delegated_subnet_id"), private()),
        "public_endpoint_disabled": either(given("delegated_subnet_id"), public()),
        "customer_managed_key": given("customer_managed_key.key_vault_key_id"),
        "high_availability": given("high_availability"),
        "network_firewall_restricted": _allows_azure,
        "tls_enforced": _parameter((f"azurerm_{engine}_flexible_server_configuration",), "require_secure_transport",
                                   ("on",), YES),
    }  # fmt: skip


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


def _vault_kept(view: View) -> Fact | None:
    return flag("purge_protection_enabled")(view)


def _cosmos_open(view: View) -> Fact | None:
    if view.word("public_network_access_enabled") == "false":
        return Fact(YES, Basis.EXPLICIT, "public_network_access_enabled", None, "", view.resource)
    named = view.get("ip_range_filter") is not None or view.get("virtual_network_rule") is not None
    if view.word("is_virtual_network_filter_enabled") == "true" and named:
        return Fact(YES, Basis.EXPLICIT, "is_virtual_network_filter_enabled", None, "", view.resource)
    return given("ip_range_filter")(view)


def _table(view: View) -> Fact | None:
    """Every permission at once in a stored access policy."""
    for one in view.blocks("acl.access_policy"):
        if isinstance(one, Unknown):
            return doubt(view, "acl", one)
        if isinstance(one, Mapping) and set("rwdl") <= set(str(one.get("permissions"))):
            return Fact(NO, Basis.EXPLICIT, "acl", None, "", view.resource)
    return Fact(YES, Basis.EXPLICIT, "acl", None, "", view.resource) if view.blocks("acl") else None


_ACCOUNT: dict[str, Check] = {
    "encryption_at_rest": always(YES, "Azure Storage is always encrypted"),
    "tls_enforced": first(flag("https_traffic_only_enabled", None), flag("enable_https_traffic_only", YES)),
    "min_tls_version": among("min_tls_version", ["TLS1_2", "TLS1_3"], YES),
    "customer_managed_key": either(given("customer_managed_key"), joined(
        "azurerm_storage_account_customer_managed_key", declared_so(YES))),
    "infrastructure_encryption": flag("infrastructure_encryption_enabled"),
    "public_access_blocked": first(flag("allow_nested_items_to_be_public", None, off=True),
                                   flag("allow_blob_public_access", None, off=True),
                                   either(_inner("network_rules", _account_rules),
                                          joined("azurerm_storage_account_network_rules", _account_rules, None),
                                          flag("public_network_access_enabled", None, off=True)),
                                   always(NO, "blobs may be made public unless refused")),
    "public_endpoint_disabled": public(),
    "network_firewall_restricted": first(
        _inner("network_rules", _account_rules),
        joined("azurerm_storage_account_network_rules", _account_rules, None),
        flag("public_network_access_enabled", NO, off=True)),
    "trusted_services_bypass": first(_inner("network_rules", _bypass), joined(
        "azurerm_storage_account_network_rules", _bypass, None)),
    "network_private": private(),
    "local_auth_disabled": flag("shared_access_key_enabled", NO, off=True),
    "shared_key_disabled": flag("shared_access_key_enabled", NO, off=True),
    "soft_delete": given("blob_properties.delete_retention_policy"),
    "container_soft_delete": given("blob_properties.container_delete_retention_policy"),
    "versioning": flag("blob_properties.versioning_enabled"),
    "access_logging": _queue_logging,
    "geo_redundant_backup": among("account_replication_type", ["*GRS", "*GZRS"]),
    "cross_tenant_replication_disabled": flag("cross_tenant_replication_enabled", YES, off=True),
    "lifecycle_expiry": joined("azurerm_storage_management_policy", declared_so(YES)),
    "access_token_expiry": given("sas_policy.expiration_period"),
}  # fmt: skip

KINDS: dict[str, Kind] = {
    "azurerm_storage_account": Kind("container", _ACCOUNT),
    "azurerm_storage_account_network_rules": Kind("", {
        "network_firewall_restricted": _account_rules, "trusted_services_bypass": _bypass,
        "public_access_blocked": _account_rules}, parents=("azurerm_storage_account",)),
    "azurerm_storage_container": Kind("container", {
        "acl_not_public": _container, "anonymous_read_blocked": _anonymous, "access_logging": _insights}),
    "azurerm_storage_table": Kind("database", {"acl_not_public": _table}),
    "azurerm_storage_share": Kind("share", {"acl_not_public": _table}),
    "azurerm_storage_sync": Kind("share", {
        "public_endpoint_disabled": among("incoming_traffic_policy", ["AllowVirtualNetworksOnly"])}),
    "azurerm_mssql_server": Kind("database", _sql_server()),
    "azurerm_sql_server": Kind("database", _sql_server({
        "min_tls_version": always(NO, "the retired resource cannot set it")})),
    **{kind: Kind("", {"network_firewall_restricted": _range}) for kind in (
        "azurerm_sql_firewall_rule", "azurerm_mssql_firewall_rule", "azurerm_mysql_firewall_rule",
        "azurerm_postgresql_firewall_rule", "azurerm_mariadb_firewall_rule", "azurerm_redis_firewall_rule",
        "azurerm_mysql_flexible_server_firewall_rule", "azurerm_postgresql_flexible_server_firewall_rule",
        "azurerm_synapse_firewall_rule")},
    **{kind: Kind("", {
        "threat_detection": _alert_policy,
        "security_alert_contacts": every(flag("email_account_admins"), given("email_addresses", default=None))})
       for kind in _ALERTS},
    **{kind: Kind("", {"audit_logging": flag("enabled", YES), "audit_log_retention_days": _RETENTION})
       for kind in _AUDITS},
    "azurerm_mssql_server_vulnerability_assessment": Kind("", {
        "security_alert_contacts": every(flag("recurring_scans.email_subscription_admins", NO),
                                         given("recurring_scans.emails", default=None)),
        "vulnerability_assessment": flag("recurring_scans.enabled")}),
    "azurerm_sql_active_directory_administrator": Kind("", {
        "predictable_admin_name": _login("login"), "iam_auth": declared_so(YES)}),
    "azurerm_mssql_database": Kind("database", {
        "encryption_at_rest": flag("transparent_data_encryption_enabled", YES),
        "high_availability": flag("zone_redundant"), "ledger_tamper_evidence": flag("ledger_enabled"),
        "audit_logging": joined(_AUDITS, flag("enabled", YES), None),
        "threat_detection": flag("threat_detection_policy.state", None),
        "backup_retention_days": number("short_term_retention_policy.retention_days", lambda n: n >= 7, YES, plain=7)}),
    "azurerm_sql_database": Kind("database", {
        "encryption_at_rest": flag("transparent_data_encryption_enabled", YES),
        "audit_logging": given("extended_auditing_policy"),
        "threat_detection": flag("threat_detection_policy.state", NO)}),
    "azurerm_mssql_managed_instance": Kind("database", {
        "public_endpoint_disabled": flag("public_data_endpoint_enabled", YES, off=True),
        "min_tls_version": among("minimum_tls_version", ["1.2"], YES)}),
    "azurerm_mysql_server": Kind("database", _server("mysql")),
    "azurerm_mariadb_server": Kind("database", _server("mariadb")),
    "azurerm_postgresql_server": Kind("database", _server("postgresql")),
    "azurerm_mysql_flexible_server": Kind("database", _flexible("mysql")),
    "azurerm_postgresql_flexible_server": Kind("database", _flexible("postgresql")),
    "azurerm_postgresql_configuration": Kind("", _PG_PARAMETER, parents=("azurerm_postgresql_server",)),
    "azurerm_postgresql_flexible_server_configuration": Kind("", _PG_PARAMETER),
    "azurerm_mysql_configuration": Kind("", _MYSQL_PARAMETER),
    "azurerm_mysql_flexible_server_configuration": Kind("", _MYSQL_PARAMETER),
    "azurerm_mysql_flexible_database": Kind("database", {}),
    "azurerm_cosmosdb_account": Kind("database", {
        "public_endpoint_disabled": public(), "network_firewall_restricted": _cosmos_open,
        "customer_managed_key": given("key_vault_key_id"),
        "local_auth_disabled": flag("local_authentication_disabled"),
        "fine_grained_access_control": flag("access_key_metadata_writes_enabled", NO, off=True),
        "network_private": private(),
        "encryption_at_rest": always(YES, "Cosmos DB is always encrypted")}),
    "azurerm_redis_cache": Kind("cache", {
        "tls_enforced": first(flag("enable_non_ssl_port", None, off=True),
                              flag("non_ssl_port_enabled", YES, off=True)),
        "min_tls_version": among("minimum_tls_version", ["1.2"]),
        "public_endpoint_disabled": public(),
        "high_availability": among("sku_name", ["Standard", "Premium"]),
        "network_firewall_restricted": joined("azurerm_redis_firewall_rule", _range, None, all=True),
        "auth_required": flag("redis_configuration.enable_authentication", YES)}),
    "azurerm_key_vault": Kind("vault", {
        "soft_delete": flag("soft_delete_enabled", YES), "key_deletion_protection": _vault_kept,
        "network_firewall_restricted": among("network_acls.default_action", ["Deny"]),
        "public_endpoint_disabled": public(), "network_private": private(),
        "local_auth_disabled": flag("enable_rbac_authorization", None)}),
    "azurerm_key_vault_key": Kind("key", {
        "key_expiry_set": given("expiration_date"), "hsm_backed_key": among("key_type", ["*-HSM"]),
        "key_rotation": given("rotation_policy")}),
    "azurerm_key_vault_secret": Kind("secret", {"secret_expiry_set": given("expiration_date")}),
    "azurerm_managed_disk": Kind("disk", {
        "encryption_at_rest": _disk,
        "customer_managed_key": given("disk_encryption_set_id"),
        "public_endpoint_disabled": among("network_access_policy", ["DenyAll", "AllowPrivate"], None)}),
    "azurerm_virtual_machine": Kind("disk", {"encryption_at_rest": _vm_disks}),
    "azurerm_data_factory": Kind("pipeline", {
        "public_endpoint_disabled": flag("public_network_enabled", NO, off=True),
        "customer_managed_key": given("customer_managed_key_id")}),
    "azurerm_data_lake_store": Kind("container", {"encryption_at_rest": among("encryption_state", ["Enabled"], YES)}),
    "azurerm_kusto_cluster": Kind("warehouse", {
        "encryption_at_rest": first(flag("disk_encryption_enabled", None), flag("enable_disk_encryption", NO)),
        "infrastructure_encryption": first(flag("double_encryption_enabled", None), flag("enable_double_encryption", NO)),
        "iam_auth": given("identity.type"),
        "customer_managed_key": joined("azurerm_kusto_cluster_customer_managed_key", declared_so(YES))}),
    "azurerm_search_service": Kind("search", {
        "public_endpoint_disabled": public(), "iam_auth": given("identity.type"),
        "network_firewall_restricted": given("allowed_ips")}),
    "azurerm_servicebus_namespace": Kind("queue", {
        "customer_managed_key": given("customer_managed_key.key_vault_key_id"),
        "infrastructure_encryption": flag("customer_managed_key.infrastructure_encryption_enabled"),
        "min_tls_version": among("minimum_tls_version", ["1.2"], YES),
        "public_endpoint_disabled": public(), "local_auth_disabled": flag("local_auth_enabled", NO, off=True)}),
    "azurerm_eventhub_namespace": Kind("stream", {
        "min_tls_version": among("minimum_tls_version", ["1.2"], YES), "public_endpoint_disabled": public(),
        "local_auth_disabled": flag("local_authentication_enabled", NO, off=True)}),
    "azurerm_synapse_workspace": Kind("warehouse", {
        "customer_managed_key": given("customer_managed_key"),
        "exfiltration_protection": flag("data_exfiltration_protection_enabled"),
        "network_private": flag("managed_virtual_network_enabled"),
        "network_firewall_restricted": joined("azurerm_synapse_firewall_rule", declared_so(NO), YES),
        "audit_logging": joined("azurerm_synapse_workspace_extended_auditing_policy", flag("log_monitoring_enabled",
                                                                                           YES)),
        "public_endpoint_disabled": public(),
        "vulnerability_assessment": joined("azurerm_synapse_workspace_vulnerability_assessment", declared_so(YES))}),
    "azurerm_synapse_sql_pool": Kind("warehouse", {
        "encryption_at_rest": flag("data_encrypted"),
        "audit_logging": joined("azurerm_synapse_sql_pool_extended_auditing_policy", flag("log_monitoring_enabled",
                                                                                          YES)),
        "vulnerability_assessment": joined("azurerm_synapse_sql_pool_vulnerability_assessment", declared_so(YES))}),
    "azurerm_databricks_workspace": Kind("warehouse", {
        "network_private": either(
            flag("custom_parameters.no_public_ip"), public()), "public_endpoint_disabled": public(),
        "customer_managed_key": flag("customer_managed_key_enabled")}),
    **{kind: Kind("disk", {"encryption_at_rest": flag("encryption_at_host_enabled"),
                           "infrastructure_encryption": flag("encryption_at_host_enabled")}) for kind in (
        "azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine",
        "azurerm_linux_virtual_machine_scale_set", "azurerm_windows_virtual_machine_scale_set")},
    "azurerm_app_configuration": Kind("database", {
        "public_endpoint_disabled": among("public_network_access", ["Disabled"]),
        "local_auth_disabled": flag("local_auth_enabled", NO, off=True),
        "customer_managed_key": given("encryption.key_vault_key_identifier"),
        "key_deletion_protection": flag("purge_protection_enabled")}),
    **{kind: Kind("queue", {
        "public_endpoint_disabled": public(), "local_auth_disabled": flag("local_auth_enabled", NO, off=True)})
       for kind in ("azurerm_eventgrid_domain", "azurerm_eventgrid_topic")},
    "azurerm_batch_account": Kind("job", {"customer_managed_key": given("key_vault_reference"),
                                          "public_endpoint_disabled": public()}),
    "azurerm_cognitive_account": Kind("database", {
        "public_endpoint_disabled": public(), "local_auth_disabled": flag("local_auth_enabled", NO, off=True),
        "customer_managed_key": either(given("customer_managed_key"), joined(
            "azurerm_cognitive_account_customer_managed_key", declared_so(YES)))}),
    "azurerm_automation_variable_string": Kind("secret", {"encryption_at_rest": flag("encrypted")}),
    "azurerm_monitor_log_profile": Kind("log", {
        "audit_log_retention_days": every(flag("retention_policy.enabled"), number(
            "retention_policy.days", lambda n: n == 0 or n >= 365))}),
    "azurerm_recovery_services_vault": Kind("backup", {
        "soft_delete": flag("soft_delete_enabled", YES), "public_endpoint_disabled": public(),
        "customer_managed_key": given("encryption.key_id"), "object_lock": among("immutability", ["Locked"])}),
    "azurerm_container_registry": Kind("registry", {
        "customer_managed_key": given("encryption.key_vault_key_id"),
        "public_endpoint_disabled": public(), "local_auth_disabled": flag("admin_enabled", YES, off=True),
        "anonymous_read_blocked": flag("anonymous_pull_enabled", YES, off=True)}),
}  # fmt: skip
