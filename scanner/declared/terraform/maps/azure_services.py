"""Azure caches, vaults, messaging, registries, warehouses and other services that keep data."""

from __future__ import annotations

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
    number,
)
from scanner.declared.terraform.maps.azure_common import (
    address_range,
    customer_key,
    identity,
    local_login,
    locked,
    logged,
    network_rules,
    private,
    public,
)
from scanner.declared.terraform.maps.common import login
from scanner.declared.terraform.versions import least_tls
from scanner.model import Basis


def _redis_login(view: View) -> Fact | None:
    base = "redis_configuration"
    return first(flag(f"{base}.authentication_enabled", None), flag(f"{base}.enable_authentication", YES))(
        view
    )


def _redis_keys(view: View) -> Fact | None:
    """Access keys are off (Entra only); said where the provider knows the switch."""
    return flag("access_keys_authentication_enabled", None, off=True)(view)


def _allowed_addresses(view: View) -> Fact | None:
    """Some addresses are listed, and not all of them at once."""
    fact = given("allowed_ips")(view)
    listed = [str(item).lower() for item in view.items("allowed_ips")]
    if any(item in ("0.0.0.0/0", "*", "::/0") for item in listed):
        return Fact(NO, Basis.EXPLICIT, "allowed_ips", None, "every address is listed", view.resource)
    return fact


def _replicas(least: int) -> Check:
    return number("replica_count", lambda n: n >= least, NO, plain=1)


def _clients(view: View) -> Fact | None:
    """An export rule of NFS that admits every address."""
    for rule in view.blocks("export_policy_rule"):
        if isinstance(rule, Unknown):
            return doubt(view, "export_policy_rule", rule)
        allowed = rule.get("allowed_clients")
        items = allowed if isinstance(allowed, list) else [allowed]
        if any(str(item) in ("0.0.0.0/0", "::/0") for item in items):
            return Fact(NO, Basis.EXPLICIT, "export_policy_rule", None, "", view.resource)
    return (
        Fact(YES, Basis.EXPLICIT, "export_policy_rule", None, "", view.resource)
        if view.blocks("export_policy_rule")
        else None
    )


def _pricing(view: View) -> Fact | None:
    return among("tier", ["Standard"])(view)


def _security_alerts(*kinds: str) -> Check:
    return joined(kinds, among("policy_state", ["Enabled"]))


_AUDIT = "extended_auditing_policy"
_NAMESPACE: dict[str, Check] = {
    "min_tls_version": least_tls("minimum_tls_version", "1.2"), "public_endpoint_disabled": public(),
    "iam_auth": identity(), "network_firewall_restricted": network_rules(), "network_private": private(),
}  # fmt: skip
_GRID: dict[str, Check] = {
    "public_endpoint_disabled": public(), "local_auth_disabled": local_login(), "iam_auth": identity(),
    "network_firewall_restricted": given("inbound_ip_rule", default=None),
}  # fmt: skip
_SIGNAL: dict[str, Check] = {
    "public_endpoint_disabled": public(), "local_auth_disabled": local_login(), "iam_auth": identity(),
    "network_private": private(),
}  # fmt: skip
_CACHE: dict[str, Check] = {
    "tls_enforced": among("client_protocol", ["Encrypted"], YES),
    "local_auth_disabled": flag("access_keys_authentication_enabled", NO, off=True),
}  # fmt: skip

KINDS: dict[str, Kind] = {
    "azurerm_redis_cache": Kind("cache", {
        "tls_enforced": first(flag("enable_non_ssl_port", None, off=True), flag("non_ssl_port_enabled", YES, off=True)),
        "min_tls_version": least_tls("minimum_tls_version"),
        "public_endpoint_disabled": public(), "network_private": either(given("subnet_id"), private()),
        "high_availability": among("sku_name", ["Standard", "Premium"]),
        "backup_enabled": either(flag("redis_configuration.rdb_backup_enabled"), flag("redis_configuration.aof_backup_enabled")),
        "network_firewall_restricted": joined("azurerm_redis_firewall_rule", address_range, None, all=True),
        "auto_minor_upgrade": given("patch_schedule", default=None), "local_auth_disabled": _redis_keys,
        "auth_required": _redis_login}),
    "azurerm_redis_enterprise_cluster": Kind("cache", {"min_tls_version": least_tls("minimum_tls_version", "1.2")}),
    "azurerm_redis_enterprise_database": Kind("cache", {"tls_enforced": _CACHE["tls_enforced"]}, ("-",)),
    "azurerm_managed_redis": Kind("cache", {
        "tls_enforced": among("default_database.client_protocol", ["Encrypted"], YES), "public_endpoint_disabled": public(),
        "local_auth_disabled": flag("default_database.access_keys_authentication_enabled", YES, off=True),
        "high_availability": flag("high_availability_enabled", YES), "customer_managed_key": customer_key()}),
    "azurerm_key_vault": Kind("vault", {
        "soft_delete": flag("soft_delete_enabled", YES), "key_deletion_protection": flag("purge_protection_enabled"),
        "network_firewall_restricted": among("network_acls.default_action", ["Deny"]),
        "trusted_services_bypass": among("network_acls.bypass", ["AzureServices"], None),
        "public_endpoint_disabled": public(), "network_private": private(),
        "audit_logging": logged("AuditEvent"), "deletion_protection": locked,
        "local_auth_disabled": first(flag("rbac_authorization_enabled", None), flag("enable_rbac_authorization", None))}),
    "azurerm_key_vault_managed_hardware_security_module": Kind("vault", {
        "key_deletion_protection": flag("purge_protection_enabled"), "public_endpoint_disabled": public(),
        "network_firewall_restricted": network_rules()}),
    "azurerm_key_vault_key": Kind("key", {
        "key_expiry_set": given("expiration_date"), "hsm_backed_key": among("key_type", ["*-HSM"]),
        "key_rotation": given("rotation_policy")}),
    "azurerm_key_vault_managed_hardware_security_module_key": Kind("key", {"key_expiry_set": given("expiration_date")}),
    "azurerm_key_vault_secret": Kind("secret", {"secret_expiry_set": given("expiration_date")}),
    "azurerm_disk_encryption_set": Kind("key", {"key_rotation": flag("auto_key_rotation_enabled")}),
    "azurerm_search_service": Kind("search", {
        "public_endpoint_disabled": public(), "iam_auth": given("identity.type"), "local_auth_disabled": local_login(),
        "customer_managed_key": flag("customer_managed_key_enforcement_enabled"), "network_private": private(),
        "high_availability": _replicas(3), "network_firewall_restricted": _allowed_addresses}),
    "azurerm_synapse_workspace": Kind("warehouse", {
        "customer_managed_key": either(given("customer_managed_key"), joined("azurerm_synapse_workspace_key", declared_so(YES), None)),
        "exfiltration_protection": flag("data_exfiltration_protection_enabled"),
        "network_private": flag("managed_virtual_network_enabled"),
        "network_firewall_restricted": joined("azurerm_synapse_firewall_rule", declared_so(NO), YES),
        "audit_logging": joined(f"azurerm_synapse_workspace_{_AUDIT}", flag("log_monitoring_enabled", YES)),
        "public_endpoint_disabled": public(), "predictable_admin_name": login("sql_administrator_login"),
        "local_auth_disabled": flag("azuread_authentication_only"), "iam_auth": either(given(
            "aad_admin", "sql_aad_admin"), joined("azurerm_synapse_workspace_aad_admin", declared_so(YES), None)),
        "threat_detection": _security_alerts("azurerm_synapse_workspace_security_alert_policy"),
        "vulnerability_assessment": joined("azurerm_synapse_workspace_vulnerability_assessment", declared_so(YES))}),
    "azurerm_synapse_sql_pool": Kind("warehouse", {
        "encryption_at_rest": flag("data_encrypted"), "geo_redundant_backup": flag("geo_backup_policy_enabled", YES),
        "audit_logging": joined(f"azurerm_synapse_sql_pool_{_AUDIT}", flag("log_monitoring_enabled", YES)),
        "threat_detection": _security_alerts("azurerm_synapse_sql_pool_security_alert_policy"),
        "vulnerability_assessment": joined("azurerm_synapse_sql_pool_vulnerability_assessment", declared_so(YES))}),
    **{kind: Kind("", {"threat_detection": among("policy_state", ["Enabled"])}) for kind in (
        "azurerm_synapse_workspace_security_alert_policy", "azurerm_synapse_sql_pool_security_alert_policy")},
    **{kind: Kind("", {"audit_logging": flag("log_monitoring_enabled", YES)}) for kind in (
        f"azurerm_synapse_workspace_{_AUDIT}", f"azurerm_synapse_sql_pool_{_AUDIT}")},
    "azurerm_synapse_spark_pool": Kind("warehouse", {"network_private": flag("compute_isolation_enabled", None)}),
    "azurerm_kusto_cluster": Kind("warehouse", {
        "encryption_at_rest": first(flag("disk_encryption_enabled", None), flag("enable_disk_encryption", NO)),
        "infrastructure_encryption": first(flag("double_encryption_enabled", None), flag("enable_double_encryption", NO)),
        "iam_auth": given("identity.type"), "public_endpoint_disabled": public(),
        "network_private": either(given("virtual_network_configuration", default=None), joined(
            "azurerm_private_endpoint", declared_so(YES), None)),
        "customer_managed_key": joined("azurerm_kusto_cluster_customer_managed_key", declared_so(YES))}),
    "azurerm_databricks_workspace": Kind("warehouse", {
        "network_private": either(flag("custom_parameters.no_public_ip"), public()), "public_endpoint_disabled": public(),
        "infrastructure_encryption": flag("infrastructure_encryption_enabled"),
        "customer_managed_key": either(
            flag("customer_managed_key_enabled"),
            joined(("azurerm_databricks_workspace_customer_managed_key",
                    "azurerm_databricks_workspace_root_dbfs_customer_managed_key"), declared_so(YES), None))}),
    "azurerm_data_factory": Kind("pipeline", {
        "public_endpoint_disabled": flag("public_network_enabled", NO, off=True), "network_private": private(),
        "exfiltration_protection": flag("managed_virtual_network_enabled", None),
        "iam_auth": identity(), "customer_managed_key": given("customer_managed_key_id")}),
    **{f"azurerm_data_factory_linked_service_{kind}": Kind("", {}) for kind in (
        "azure_blob_storage", "azure_file_storage", "azure_sql_database", "azure_table_storage", "cosmosdb", "mysql",
        "postgresql", "sftp", "sql_server", "snowflake", "synapse", "data_lake_storage_gen2")},
    "azurerm_purview_account": Kind("catalogue", {"public_endpoint_disabled": public()}),
    "azurerm_machine_learning_workspace": Kind("job", {
        "public_endpoint_disabled": public(), "network_private": private(),
        "customer_managed_key": given("encryption.key_id")}),
    "azurerm_machine_learning_compute_cluster": Kind("job", {"local_auth_disabled": local_login()}),
    **{f"azurerm_hdinsight_{kind}_cluster": Kind("warehouse", {
        "min_tls_version": least_tls("tls_min_version", None), "tls_enforced": flag("encryption_in_transit_enabled"),
        "customer_managed_key": given("disk_encryption.key_vault_key_id")}) for kind in (
        "hadoop", "hbase", "kafka", "spark", "interactive_query")},
    "azurerm_servicebus_namespace": Kind("queue", {
        **_NAMESPACE, "local_auth_disabled": local_login(),
        "customer_managed_key": either(given("customer_managed_key.key_vault_key_id"), joined(
            "azurerm_servicebus_namespace_customer_managed_key", declared_so(YES), None)),
        "infrastructure_encryption": flag("customer_managed_key.infrastructure_encryption_enabled"),
        "high_availability": flag("zone_redundant", None)}),
    "azurerm_servicebus_namespace_network_rule_set": Kind("", {
        "network_firewall_restricted": among("default_action", ["Deny"])}, parents=("azurerm_servicebus_namespace",)),
    "azurerm_eventhub_namespace": Kind("stream", {
        **_NAMESPACE, "local_auth_disabled": local_login(), "high_availability": flag("zone_redundant", NO),
        "customer_managed_key": joined("azurerm_eventhub_namespace_customer_managed_key", declared_so(YES))}),
    "azurerm_relay_namespace": Kind("queue", {}),
    **{kind: Kind("queue", _GRID) for kind in ("azurerm_eventgrid_domain", "azurerm_eventgrid_topic")},
    "azurerm_iothub": Kind("stream", {
        "public_endpoint_disabled": public(), "min_tls_version": least_tls("min_tls_version"),
        "local_auth_disabled": local_login(), "network_firewall_restricted": network_rules("network_rule_set")}),
    **{kind: Kind("stream", _SIGNAL) for kind in ("azurerm_signalr_service", "azurerm_web_pubsub")},
    "azurerm_container_registry": Kind("registry", {
        "customer_managed_key": given("encryption.key_vault_key_id"), "iam_auth": identity(),
        "public_endpoint_disabled": public(), "local_auth_disabled": flag("admin_enabled", YES, off=True),
        "high_availability": flag("zone_redundancy_enabled"), "geo_redundant_backup": given("georeplications"),
        "lifecycle_expiry": either(number("retention_policy_in_days", lambda n: n > 0), flag("retention_policy.enabled")),
        "network_firewall_restricted": network_rules(), "network_private": private(),
        "vulnerability_assessment": among("sku", ["Standard", "Premium"]),
        "exfiltration_protection": flag("export_policy_enabled", None, off=True),
        "anonymous_read_blocked": flag("anonymous_pull_enabled", YES, off=True)}),
    "azurerm_app_configuration": Kind("database", {
        "public_endpoint_disabled": among("public_network_access", ["Disabled"]), "iam_auth": identity(),
        "local_auth_disabled": local_login(), "customer_managed_key": given("encryption.key_vault_key_identifier"),
        "network_private": private(),
        "key_deletion_protection": flag("purge_protection_enabled"), "soft_delete": among("sku", ["standard", "premium"], None)}),
    "azurerm_cognitive_account": Kind("database", {
        "public_endpoint_disabled": public(), "local_auth_disabled": local_login(), "iam_auth": identity(),
        "network_firewall_restricted": network_rules("network_acls"), "network_private": private(),
        "exfiltration_protection": flag("outbound_network_access_restricted"),
        "customer_managed_key": either(given("customer_managed_key"), joined(
            "azurerm_cognitive_account_customer_managed_key", declared_so(YES)))}),
    "azurerm_batch_account": Kind("job", {
        "customer_managed_key": given("key_vault_reference", "encryption.key_vault_key_id"),
        "encryption_at_rest": given("key_vault_reference", "encryption.key_vault_key_id", default=None),
        "network_firewall_restricted": network_rules("network_profile.account_access"),
        "public_endpoint_disabled": public()}),
    "azurerm_automation_account": Kind("job", {
        "public_endpoint_disabled": public(), "local_auth_disabled": local_login(), "iam_auth": identity(),
        "customer_managed_key": given("encryption.key_vault_key_id")}),
    **{f"azurerm_automation_variable_{kind}": Kind("secret", {"encryption_at_rest": flag("encrypted")})
       for kind in ("string", "int", "bool", "datetime", "object")},
    "azurerm_log_analytics_workspace": Kind("log", {
        "audit_log_retention_days": number("retention_in_days", lambda n: n >= 90, NO, plain=30),
        "public_endpoint_disabled": every(flag("internet_ingestion_enabled", NO, off=True),
                                          flag("internet_query_enabled", NO, off=True)),
        "local_auth_disabled": first(flag("local_authentication_disabled", None), local_login())}),
    "azurerm_monitor_log_profile": Kind("log", {
        "audit_log_retention_days": every(flag("retention_policy.enabled"), number(
            "retention_policy.days", lambda n: n == 0 or n >= 365)),
        "audit_logging": has("categories", "action")}),
    "azurerm_network_watcher_flow_log": Kind("log", {
        "audit_log_retention_days": every(flag("retention_policy.enabled"), number(
            "retention_policy.days", lambda n: n == 0 or n >= 90))}),
    "azurerm_security_center_contact": Kind("", {
        "security_alert_contacts": every(flag("alert_notifications"), flag("alerts_to_admins"))}),
    "azurerm_security_center_subscription_pricing": Kind("", {"threat_detection": _pricing}),
    "azurerm_security_center_storage_defender": Kind("", {"threat_detection": always(YES, "on once declared")}),
    **{kind: Kind("database", {"public_endpoint_disabled": public()}) for kind in (
        "azurerm_healthcare_fhir_service", "azurerm_healthcare_service", "azurerm_healthcare_workspace",
        "azurerm_healthcare_dicom_service")},
    "azurerm_netapp_volume": Kind("share", {"network_firewall_restricted": _clients, "geo_redundant_backup": given(
        "data_protection_replication", default=None)}),
    "azurerm_netapp_account": Kind("share", {"customer_managed_key": joined(
        "azurerm_netapp_account_encryption", declared_so(YES), None)}),
    "azurerm_hpc_cache": Kind("cache", {"customer_managed_key": given("key_vault_key_id")}),
    "azurerm_managed_lustre_file_system": Kind("share", {"customer_managed_key": given("encryption_key.key_url")}),
    "azurerm_elastic_san": Kind("disk", {"public_endpoint_disabled": public(NO)}),
    "azurerm_elastic_san_volume_group": Kind("disk", {
        "customer_managed_key": given("encryption.key_vault_key_id"), "network_firewall_restricted": given("network_rule")}),
}  # fmt: skip
