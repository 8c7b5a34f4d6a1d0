"""Azure databases: SQL, PostgreSQL, MySQL, MariaDB, Cosmos DB and their satellites."""

from __future__ import annotations

from collections.abc import Mapping

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
    either,
    every,
    first,
    flag,
    given,
    joined,
    lists,
    number,
    when,
)
from scanner.declared.terraform.maps.azure_common import (
    address_range,
    inner,
    locked,
    private,
    public,
)
from scanner.declared.terraform.maps.common import fixed_version, login
from scanner.declared.terraform.versions import least_tls
from scanner.model import Basis, State


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
    "min_tls_version": named("tls_version", least_tls("value")),
}


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
    return joined(kinds, address_range, YES, all=True)(view)


def _sql_server(extra: Mapping[str, Check] | None = None) -> dict[str, Check]:
    return {
        "audit_logging": either(given("extended_auditing_policy"), joined(_AUDITS, flag("enabled", YES))),
        "audit_log_retention_days": either(
            inner("extended_auditing_policy", number("retention_in_days", lambda n: n == 0 or n >= 90, NO)),
            joined(_AUDITS, number("retention_in_days", lambda n: n == 0 or n >= 90, NO))),
        "public_endpoint_disabled": public(),
        "min_tls_version": least_tls("minimum_tls_version", "1.2"),
        "network_private": private(),
        "iam_auth": either(given("azuread_administrator.login_username"),
                           joined("azurerm_sql_active_directory_administrator", declared_so(YES))),
        "local_auth_disabled": flag("azuread_administrator.azuread_authentication_only"),
        "network_firewall_restricted": _allows_azure,
        "vulnerability_assessment": _assessed,
        "threat_detection": either(flag("threat_detection_policy.state"), joined(_ALERTS, among("state", ["Enabled"]))),
        "predictable_admin_name": login("administrator_login"),
        "customer_managed_key": either(given("transparent_data_encryption_key_vault_key_id"), joined(
            "azurerm_mssql_server_transparent_data_encryption", given("key_vault_key_id"), None)),
        "exfiltration_protection": flag("outbound_network_restriction_enabled", None),
        **(extra or {}),
    }  # fmt: skip


_ENGINES = {"postgresql": "postgres"}


def _server(engine: str, **more: Check) -> dict[str, Check]:
    kinds = (f"azurerm_{engine}_configuration", f"azurerm_{engine}_server_configuration")
    return {
        "tls_enforced": flag("ssl_enforcement_enabled", NO),
        "min_tls_version": least_tls("ssl_minimal_tls_version_enforced", "1.2"),
        "public_endpoint_disabled": public(),
        "geo_redundant_backup": flag("geo_redundant_backup_enabled"),
        "infrastructure_encryption": flag("infrastructure_encryption_enabled"),
        "backup_retention_days": number("backup_retention_days", lambda n: n >= 7, YES, plain=7),
        "network_private": private(),
        "network_firewall_restricted": _allows_azure,
        "threat_detection": flag("threat_detection_policy.enabled"),
        "customer_managed_key": joined(f"azurerm_{engine}_server_key", declared_so(YES)),
        "iam_auth": joined(f"azurerm_{engine}_active_directory_administrator", declared_so(YES)),
        "predictable_admin_name": login("administrator_login"),
        "engine_version_supported": fixed_version("version", known=_ENGINES.get(engine, engine)),
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
        "audit_logging": _parameter((f"azurerm_{engine}_flexible_server_configuration",), "audit_log_enabled", ("on",),
                                    None),
        "iam_auth": either(flag("authentication.active_directory_auth_enabled"), joined(
            f"azurerm_{engine}_flexible_server_active_directory_administrator", declared_so(YES), None)),
        "local_auth_disabled": flag("authentication.password_auth_enabled", NO, off=True),
        "predictable_admin_name": login("administrator_login"),
        "engine_version_supported": fixed_version("version", known=_ENGINES.get(engine, engine)),
    }  # fmt: skip


def _cosmos_open(view: View) -> Fact | None:
    if view.word("public_network_access_enabled") == "false":
        return Fact(YES, Basis.EXPLICIT, "public_network_access_enabled", None, "", view.resource)
    named = view.get("ip_range_filter") is not None or view.get("virtual_network_rule") is not None
    if view.word("is_virtual_network_filter_enabled") == "true" and named:
        return Fact(YES, Basis.EXPLICIT, "is_virtual_network_filter_enabled", None, "", view.resource)
    return given("ip_range_filter")(view)


KINDS: dict[str, Kind] = {
    **{kind: Kind("", {"network_firewall_restricted": address_range}) for kind in (
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
    "azurerm_mssql_server": Kind("database", _sql_server()),
    "azurerm_sql_server": Kind("database", _sql_server({
        "min_tls_version": always(NO, "the retired resource cannot set it")})),
    "azurerm_mssql_server_vulnerability_assessment": Kind("", {
        "security_alert_contacts": every(flag("recurring_scans.email_subscription_admins", NO),
                                         given("recurring_scans.emails", default=None)),
        "vulnerability_assessment": flag("recurring_scans.enabled")}),
    "azurerm_sql_active_directory_administrator": Kind("", {
        "predictable_admin_name": login("login"), "iam_auth": declared_so(YES)}),
    "azurerm_mssql_database": Kind("database", {
        "encryption_at_rest": flag("transparent_data_encryption_enabled", YES),
        "high_availability": flag("zone_redundant"), "ledger_tamper_evidence": flag("ledger_enabled"),
        "audit_logging": joined(_AUDITS, flag("enabled", YES), None),
        "audit_log_retention_days": joined(_AUDITS, number("retention_in_days", lambda n: n == 0 or n >= 90, YES), None),
        "geo_redundant_backup": first(flag("geo_backup_enabled", None), among(
            "storage_account_type", ["Geo", "GeoZone", "GRS"], YES)),
        "customer_managed_key": given("transparent_data_encryption_key_vault_key_id", default=None),
        "threat_detection": flag("threat_detection_policy.state", None), "deletion_protection": locked,
        "backup_retention_days": number("short_term_retention_policy.retention_days", lambda n: n >= 7, YES, plain=7)}),
    "azurerm_sql_database": Kind("database", {
        "encryption_at_rest": flag("transparent_data_encryption_enabled", YES),
        "audit_logging": given("extended_auditing_policy"),
        "threat_detection": flag("threat_detection_policy.state", NO)}),
    **{kind: Kind("database", {
        "public_endpoint_disabled": flag("public_data_endpoint_enabled", YES, off=True),
        "min_tls_version": least_tls("minimum_tls_version", "1.2"), "predictable_admin_name": login("administrator_login"),
        "geo_redundant_backup": among("storage_account_type", ["GRS", "GZRS"], YES),
        "iam_auth": either(given("azure_active_directory_administrator"), joined(
            "azurerm_mssql_managed_instance_active_directory_administrator", declared_so(YES), None)),
        "high_availability": flag("zone_redundant_enabled", None),
        "encryption_at_rest": always(YES, "transparent encryption is on"),
        "customer_managed_key": joined("azurerm_mssql_managed_instance_transparent_data_encryption",
                                       given("key_vault_key_id"), None),
        "threat_detection": joined("azurerm_mssql_managed_instance_security_alert_policy", flag("enabled", YES)),
        "vulnerability_assessment": joined("azurerm_mssql_managed_instance_vulnerability_assessment", declared_so(YES))})
       for kind in ("azurerm_mssql_managed_instance", "azurerm_sql_managed_instance")},
    "azurerm_mssql_managed_database": Kind("database", {
        "backup_retention_days": number("short_term_retention_days", lambda n: n >= 7, YES, plain=7)}),
    "azurerm_mssql_managed_instance_security_alert_policy": Kind("", {"threat_detection": flag("enabled", YES)}),
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
        "network_private": private(), "min_tls_version": least_tls("minimal_tls_version", "1.2"),
        "high_availability": first(flag("automatic_failover_enabled", None), flag("enable_automatic_failover", None)),
        "point_in_time_recovery": among("backup.type", ["Continuous"], None),
        "geo_redundant_backup": among("backup.storage_redundancy", ["Geo"], None), "deletion_protection": locked,
        "encryption_at_rest": always(YES, "Cosmos DB is always encrypted")}),
    "azurerm_mongo_cluster": Kind("database", {
        "public_endpoint_disabled": public(), "high_availability": among("high_availability_mode", ["ZoneRedundantPreferred"]),
        "predictable_admin_name": login("administrator_username"), "customer_managed_key": given("customer_managed_key")}),
    "azurerm_cosmosdb_postgresql_cluster": Kind("database", {
        "public_endpoint_disabled": every(flag("coordinator_public_ip_access_enabled", NO, off=True),
                                          flag("node_public_ip_access_enabled", YES, off=True)),
        "high_availability": flag("ha_enabled"), "network_firewall_restricted": joined(
            "azurerm_cosmosdb_postgresql_firewall_rule", address_range, None, all=True)}),
    "azurerm_cosmosdb_postgresql_firewall_rule": Kind("", {"network_firewall_restricted": address_range}),
}  # fmt: skip
