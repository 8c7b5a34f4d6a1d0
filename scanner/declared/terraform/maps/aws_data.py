"""AWS key-value tables, caches, warehouses, search and migration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    is_,
    joined,
    lists,
    number,
    own_key,
    strongest,
    truth,
    when,
)
from scanner.declared.terraform.decode import decoded
from scanner.declared.terraform.maps.common import (
    REQUIRE,
    fixed_version,
    in_group,
    login,
    open_policy,
    other_port,
    parameter,
)
from scanner.declared.terraform.policies import not_public, policy, signed_in
from scanner.declared.terraform.versions import least_tls
from scanner.model import Basis

_SEARCH_POLICY: Check = policy("access_policies", not_public)


def _search_logs(*types: str) -> Check:
    def check(view: View) -> Fact | None:
        options = view.blocks("log_publishing_options")
        for one in options:
            if isinstance(one, Unknown):
                return doubt(view, "log_publishing_options", one)
            enabled = truth(one.get("enabled", True)) if not isinstance(one.get("enabled"), Unknown) else True
            if enabled and (not types or str(one.get("log_type")).upper() in types):
                return Fact(YES, Basis.EXPLICIT, "log_publishing_options", None, "", view.resource)
        basis = Basis.EXPLICIT if options else Basis.PROVIDER_DEFAULT
        return Fact(NO, basis, "log_publishing_options", None, "", view.resource)

    return check


_at_least_3: Check = either(
    every(either(number("cluster_config.instance_count", lambda n: n >= 3),
                 number("cluster_config.dedicated_master_count", lambda n: n >= 3, None)),
          flag("cluster_config.zone_awareness_enabled")),
    flag("cluster_config.dedicated_master_enabled"))  # fmt: skip
_SEARCH: dict[str, Check] = {
    "encryption_at_rest": either(flag("encrypt_at_rest.enabled")),
    "customer_managed_key": own_key("encrypt_at_rest.kms_key_id"),
    "node_to_node_encryption": first(
        flag("node_to_node_encryption.enabled", None),
        when(lambda v: v.word("cluster_config.instance_count", "1") not in ("0", "1"), always(NO, "not set"))),
    "tls_enforced": flag("domain_endpoint_options.enforce_https"),
    "min_tls_version": least_tls("domain_endpoint_options.tls_security_policy"),
    "network_private": given("vpc_options"),
    "audit_logging": _search_logs("AUDIT_LOGS"),
    "log_export": _search_logs("INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"),
    "high_availability": _at_least_3,
    "fine_grained_access_control": flag("advanced_security_options.enabled"),
    "policy_not_public": first(_SEARCH_POLICY, joined(
        ("aws_elasticsearch_domain_policy", "aws_opensearch_domain_policy"), _SEARCH_POLICY, None)),
    "iam_auth": first(
        policy("access_policies", signed_in),
        joined(("aws_elasticsearch_domain_policy", "aws_opensearch_domain_policy"), policy("access_policies", signed_in)),
    ),
    "auto_minor_upgrade": flag("software_update_options.auto_software_update_enabled", None),
    "engine_version_supported": when(is_("elasticsearch_version", "*"),
                                     fixed_version("elasticsearch_version", known="elasticsearch")),
}  # fmt: skip

_SSL = ("require_ssl", "ssl", "rds.force_ssl", "require_secure_transport", "tls")


def _dms_ssl(view: View) -> Fact | None:
    engine = view.word("engine_name")
    if engine in ("s3", "dynamodb", "kinesis", "opensearch", "elasticsearch", "neptune"):
        return None
    if engine == "kafka":
        return among("kafka_settings.security_protocol", ["ssl*", "sasl-ssl"])(view)
    if engine == "redis":
        return among("redis_settings.ssl_security_protocol", ["ssl-encryption"], YES)(view)
    return among("ssl_mode", REQUIRE)(view)


def _dms_key(view: View) -> Fact | None:
    if view.get("engine_name") == "s3":
        return own_key("kms_key_arn", "s3_settings.server_side_encryption_kms_key_id")(view)
    return own_key("kms_key_arn")(view)


def _replicas(view: View) -> Fact | None:
    """The table's own key, and every replica's."""
    facts = []
    for one in view.blocks("replica"):
        if isinstance(one, Mapping):
            ok = one.get("kms_key_arn") not in (None, "")
            facts.append(Fact(YES if ok else NO, Basis.EXPLICIT, "replica", None, "", view.resource))
    own = own_key("server_side_encryption.kms_key_arn")(view)
    return own if not facts else own if own and own.state is NO else strongest(facts)


def _collection(view: View) -> Fact | None:
    """A network policy of OpenSearch Serverless; `AllowFromPublic` opens it to the internet."""
    if view.word("type") != "network":
        return None
    return _rule(view, "AllowFromPublic", YES)


def _collection_key(view: View) -> Fact | None:
    if view.word("type") != "encryption":
        return None
    return _rule(view, "AWSOwnedKey", NO)


def _rule(view: View, key: str, unset: Any) -> Fact | None:
    document = decoded(view.get("policy"))
    if isinstance(document, Unknown):
        return doubt(view, "policy", document)
    rules = document if isinstance(document, list) else [document]
    stated = [one[key] for one in rules if isinstance(one, Mapping) and key in one]
    if any(isinstance(value, Unknown) for value in stated):
        return doubt(view, "policy", "policy made of parts that are not known")
    bad = any(truth(value) for value in stated)
    state = (
        NO if bad else YES if stated or any("KmsARN" in r for r in rules if isinstance(r, Mapping)) else unset
    )
    return Fact(state, Basis.EXPLICIT, "policy", None, "", view.resource)


def _redis(view: View) -> bool:
    return view.word("engine", "redis").startswith(("redis", "valkey"))


def _zones(view: View) -> Fact | None:
    """Nodes in more than one zone; Redis clusters of one node cannot, replication groups do that."""
    return among("az_mode", ["cross-az"])(view)


def _serverless_log(view: View) -> Fact | None:
    return has("log_exports", "userlog", "connectionlog", "useractivitylog")(view)


def _token(view: View) -> Fact | None:
    """A token or users' list is given, if only at deployment (a variable without default is still given)."""
    for path in ("auth_token", "user_group_ids"):
        if view.get(path) not in (None, "", []):
            return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource)
    return Fact(NO, Basis.PROVIDER_DEFAULT, "auth_token", None, "not set", view.resource)


_CONFIG = ("parameter_key", "parameter_value")
_SNAPSHOTS = "snapshot_retention_limit"

KINDS: dict[str, Kind] = {
    "aws_dynamodb_table": Kind("database", {
        "encryption_at_rest": flag("server_side_encryption.enabled", YES),
        "customer_managed_key": _replicas,
        "point_in_time_recovery": flag("point_in_time_recovery.enabled"),
        "backup_enabled": flag("point_in_time_recovery.enabled"),
        "deletion_protection": flag("deletion_protection_enabled"),
        "policy_not_public": open_policy("-policy", "aws_dynamodb_resource_policy", default=None),
        "lifecycle_expiry": flag("ttl.enabled")}),
    "aws_dynamodb_resource_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                         parents=("aws_dynamodb_table",)),
    "aws_dynamodb_global_table": Kind("database", {"point_in_time_recovery": always(NO)}),
    "aws_dynamodb_table_replica": Kind("database", {"customer_managed_key": own_key("kms_key_arn"),
                                                    "point_in_time_recovery": flag("point_in_time_recovery")}),
    "aws_dynamodb_table_export": Kind("object", {"customer_managed_key": own_key("s3_sse_kms_key_id")}),
    "aws_dax_cluster": Kind("cache", {
        "encryption_at_rest": flag("server_side_encryption.enabled"),
        "tls_enforced": among("cluster_endpoint_encryption_type", ["TLS"])}, ("cluster_name",)),
    "aws_elasticache_cluster": Kind("cache", {
        "backup_enabled": when(_redis, number(_SNAPSHOTS, lambda n: n > 0, NO, plain=0)),
        "backup_retention_days": when(is_("engine", "redis", "valkey"), number(_SNAPSHOTS, lambda n: n > 0, NO, plain=0)),
        "default_port_changed": other_port(),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES),
        "high_availability": when(lambda v: v.get("replication_group_id") is None, _zones),
        "tls_enforced": flag("transit_encryption_enabled", None),
        "engine_version_supported": when(_redis, fixed_version(known="redis")),
        "network_private": either(given("subnet_group_name"), given("replication_group_id", default=None))}, ("cluster_id",)),
    "aws_elasticache_replication_group": Kind("cache", {
        "encryption_at_rest": flag("at_rest_encryption_enabled"),
        "tls_enforced": flag("transit_encryption_enabled"),
        "customer_managed_key": own_key("kms_key_id"),
        "high_availability": every(flag("automatic_failover_enabled"), flag("multi_az_enabled", None)),
        "auth_required": every(flag("transit_encryption_enabled"), _token),
        "backup_enabled": number(_SNAPSHOTS, lambda n: n > 0, NO, plain=0),
        "backup_retention_days": number(_SNAPSHOTS, lambda n: n > 0, NO, plain=0),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES),
        "default_port_changed": other_port("redis"),
        "network_private": given("subnet_group_name"),
        "engine_version_supported": fixed_version(known="redis"),
        "log_export": given("log_delivery_configuration")}, ("replication_group_id",)),
    "aws_elasticache_serverless_cache": Kind("cache", {
        "encryption_at_rest": always(YES, "serverless caches are always encrypted"),
        "tls_enforced": always(YES, "serverless caches take connections with TLS only"),
        "customer_managed_key": own_key("kms_key_id"),
        "backup_enabled": number(_SNAPSHOTS, lambda n: n > 0, NO, plain=0)}),
    "aws_elasticache_user": Kind("", {"auth_required": first(
        flag("no_password_required", None, off=True),
        among("authentication_mode.type", ["no-password-required"], None, bad=True))}),
    "aws_memorydb_cluster": Kind("cache", {
        "encryption_at_rest": always(YES, "MemoryDB always encrypts"),
        "tls_enforced": flag("tls_enabled", YES), "customer_managed_key": own_key("kms_key_arn"),
        "auth_required": among("acl_name", ["open-access"], None, bad=True),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES),
        "backup_enabled": number(_SNAPSHOTS, lambda n: n > 0, NO)}),
    "aws_memorydb_snapshot": Kind("snapshot", {"customer_managed_key": own_key("kms_key_arn")}),
    "aws_elasticsearch_domain": Kind("search", _SEARCH, ("domain_name",)),
    "aws_opensearch_domain": Kind("search", _SEARCH, ("domain_name",)),
    "aws_elasticsearch_domain_policy": Kind("", {"policy_not_public": _SEARCH_POLICY},
                                            parents=("aws_elasticsearch_domain",)),
    "aws_opensearch_domain_policy": Kind("", {"policy_not_public": _SEARCH_POLICY},
                                         parents=("aws_opensearch_domain",)),
    "aws_opensearchserverless_collection": Kind("search", {
        "encryption_at_rest": always(YES, "collections are always encrypted"),
        "high_availability": among("standby_replicas", ["ENABLED"], YES)}),
    "aws_opensearchserverless_security_policy": Kind("", {
        "public_endpoint_disabled": _collection, "customer_managed_key": _collection_key}),
    "aws_cloudsearch_domain": Kind("search", {
        "tls_enforced": flag("endpoint_options.enforce_https"), "high_availability": flag("multi_az"),
        "min_tls_version": least_tls("endpoint_options.tls_security_policy")}),
    "aws_cloudsearch_domain_service_access_policy": Kind("", {"policy_not_public": policy("access_policy", not_public)}),
    "aws_kendra_index": Kind("search", {"customer_managed_key": own_key(
        "server_side_encryption_configuration.kms_key_id")}),
    "aws_redshift_cluster": Kind("warehouse", {
        "encryption_at_rest": flag("encrypted"), "customer_managed_key": own_key("kms_key_id"),
        "public_endpoint_disabled": flag("publicly_accessible", NO, off=True),
        "audit_logging": either(flag("logging.enable"), joined("aws_redshift_logging", declared_so(YES))),
        "auto_minor_upgrade": flag("allow_version_upgrade", YES),
        "default_port_changed": other_port("redshift"),
        "network_private": given("cluster_subnet_group_name"),
        "backup_enabled": number("automated_snapshot_retention_period", lambda n: n > 0, YES, plain=1),
        "backup_retention_days": number("automated_snapshot_retention_period", lambda n: n > 0, YES, plain=1),
        "high_availability": flag("multi_az"),
        "exfiltration_protection": flag("enhanced_vpc_routing"),
        "predictable_admin_name": login("master_username"),
        "geo_redundant_backup": either(given("snapshot_copy"), joined("aws_redshift_snapshot_copy", declared_so(YES))),
        "tls_enforced": in_group(("cluster_parameter_group_name",), ("aws_redshift_parameter_group",), parameter(*_SSL))},
        ("cluster_identifier", "database_name")),
    "aws_redshift_logging": Kind("", {"audit_logging": always(YES, "declared for the cluster")}, parents=("aws_redshift_cluster",)),
    "aws_redshift_parameter_group": Kind("", {
        "tls_enforced": parameter(*_SSL), "query_logging": parameter("enable_user_activity_logging")}),
    "aws_redshift_snapshot_copy_grant": Kind("backup", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_redshiftserverless_namespace": Kind("warehouse", {
        "encryption_at_rest": always(YES, "Redshift Serverless always encrypts"),
        "customer_managed_key": own_key("kms_key_id"), "audit_logging": _serverless_log,
        "log_export": lists("log_exports", bool), "predictable_admin_name": login("admin_username")}, ("namespace_name",)),
    "aws_redshiftserverless_workgroup": Kind("warehouse", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "exfiltration_protection": flag("enhanced_vpc_routing"),
        "tls_enforced": parameter("require_ssl", block="config_parameter", keys=_CONFIG)}, ("workgroup_name",)),
    "aws_redshiftserverless_snapshot": Kind("snapshot", {}, ("snapshot_name",)),
    "aws_timestreamwrite_database": Kind("database", {"customer_managed_key": own_key("kms_key_id")},
                                         ("database_name",)),
    "aws_timestreamwrite_table": Kind("database", {"lifecycle_expiry": given("retention_properties", default=None)},
                                      ("table_name",)),
    "aws_timestreaminfluxdb_db_instance": Kind("database", {
        "encryption_at_rest": always(YES, "InfluxDB instances are always encrypted"),
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "high_availability": among("deployment_type", ["WITH_MULTIAZ_STANDBY"]),
        "predictable_admin_name": login("username")}),
    "aws_qldb_ledger": Kind("database", {
        "deletion_protection": flag("deletion_protection", YES), "customer_managed_key": own_key("kms_key"),
        "least_privilege_policy": among("permissions_mode", ["STANDARD"]),
        "uniform_access_control": among("permissions_mode", ["STANDARD"])}),
    "aws_keyspaces_table": Kind("database", {
        "customer_managed_key": own_key("encryption_specification.kms_key_identifier"),
        "point_in_time_recovery": among("point_in_time_recovery.status", ["ENABLED"]),
        "lifecycle_expiry": either(among("ttl.status", ["ENABLED"]), given("default_time_to_live", default=None))},
        ("table_name",)),
    "aws_athena_database": Kind("database", {
        "encryption_at_rest": given("encryption_configuration"),
        "customer_managed_key": own_key("encryption_configuration.kms_key", default=None)}),
    "aws_athena_workgroup": Kind("database", {
        "encryption_at_rest": given("configuration.result_configuration.encryption_configuration"),
        "customer_managed_key": own_key("configuration.result_configuration.encryption_configuration.kms_key_arn"),
        "client_encryption_enforced": flag("configuration.enforce_workgroup_configuration", YES)}),
    "aws_dms_endpoint": Kind("replication", {"customer_managed_key": _dms_key, "tls_enforced": _dms_ssl},
                             ("endpoint_id",)),
    "aws_dms_s3_endpoint": Kind("replication", {
        "customer_managed_key": own_key("kms_key_arn", "server_side_encryption_kms_key_id"),
        "tls_enforced": among("ssl_mode", REQUIRE, None)}, ("endpoint_id",)),
    "aws_dms_replication_instance": Kind("replication", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "customer_managed_key": own_key("kms_key_arn"), "high_availability": flag("multi_az"),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade")}, ("replication_instance_id",)),
    "aws_dms_replication_config": Kind("replication", {
        "customer_managed_key": own_key("compute_config.kms_key_id"),
        "high_availability": flag("compute_config.multi_az")}, ("replication_config_identifier",)),
}  # fmt: skip
