"""AWS databases, warehouses, caches and search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    DOUBT,
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
    unknown_of,
    when,
)
from scanner.declared.terraform.policies import not_public, policy, signed_in
from scanner.model import Basis

_PORTS = {"mysql": 3306, "mariadb": 3306, "aurora": 3306, "aurora-mysql": 3306, "postgres": 5432,
          "aurora-postgresql": 5432, "oracle": 1521, "sqlserver": 1433, "redis": 6379, "memcached": 11211,
          "redshift": 5439}  # fmt: skip


def other_port(engine: str = "") -> Check:
    """The port is not the engine's usual one; unset is the usual one."""

    def check(view: View) -> Fact | None:
        port, name = view.get("port"), engine or view.word("engine")
        usual = next((one for key, one in _PORTS.items() if name.startswith(key)), None)
        if port is None:
            return Fact(NO, Basis.PROVIDER_DEFAULT, "port", None, "not set", view.resource)
        unknown = unknown_of(port)
        if unknown is not None:
            return doubt(view, "port", unknown)
        try:
            given_port = int(float(str(port)))
        except ValueError:
            return doubt(view, "port", "not a number")
        same = given_port == usual if usual else given_port in _PORTS.values()
        return Fact(NO if same else YES, Basis.EXPLICIT, "port", None, "", view.resource)

    return check


def parameters(path: str = "parameter") -> Any:
    """The parameters of a group by name; None if any of them is unknown as a whole."""

    def read(view: View) -> dict[str, Any]:
        return {
            str(p.get("name")).lower(): p.get("value") for p in view.blocks(path) if isinstance(p, Mapping)
        }

    return read


def parameter(
    *names: str, good: tuple[str, ...] = ("1", "true", "on", "require"), default: Any = NO
) -> Check:
    def check(view: View) -> Fact | None:
        found = parameters()(view)
        for name in names:
            if name in found:
                unknown = unknown_of(found[name])
                if unknown is not None:
                    return doubt(view, "parameter", unknown)
                state = YES if str(found[name]).lower() in good else NO
                return Fact(state, Basis.EXPLICIT, "parameter", None, "", view.resource)
        if any(isinstance(p, Unknown) for p in view.blocks("parameter")):
            return Fact(
                DOUBT, Basis.COMPUTED, "parameter", None, "parameters that are not known", view.resource
            )
        return (
            None
            if default is None
            else Fact(default, Basis.PROVIDER_DEFAULT, "parameter", None, "not set", view.resource)
        )

    return check


def in_group(attribute: tuple[str, ...], types: tuple[str, ...], inner: Check, none: Any = NO) -> Check:
    """The check on the parameter group that this store names."""

    def check(view: View) -> Fact | None:
        from scanner.declared.terraform.values import address_of

        for name in attribute:
            value = view.get(name)
            address = address_of(value)
            for kind in types:
                for one in view.estate.by_type.get(kind, ()):
                    named = (
                        not address
                        and isinstance(value, str)
                        and value
                        and one.attributes.get("name") == value
                    )
                    if one.address == address or named:
                        return inner(View(one, view.estate))
            if isinstance(value, Unknown):
                return doubt(view, name, value)
        return (
            None
            if none is None
            else Fact(none, Basis.PROVIDER_DEFAULT, attribute[0], None, "not set", view.resource)
        )

    return check


# Any time at all: -1 is off. Bare numbers are milliseconds.
_DURATIONS = tuple(f"{n}{unit}" for n in range(5001) for unit in ("", "ms", "s"))
_logged: Check = parameter("log_statement", good=("all", "ddl", "mod"))
_timed: Check = parameter("log_min_duration_statement", good=_DURATIONS)
_queries: Check = every(_logged, _timed)


def _serverless(view: View) -> bool:
    return view.word("engine_mode") == "serverless"


def _public_subnets(view: View) -> Fact | None:
    """A subnet group whose subnets give out public addresses."""
    from scanner.declared.terraform.values import address_of

    group = address_of(view.get("db_subnet_group_name"))
    if not group:
        return None
    for one in view.estate.by_type.get("aws_db_subnet_group", ()):
        if one.address != group:
            continue
        wanted = {address_of(s) for s in View(one, view.estate).items("subnet_ids")} - {""}
        subnets = [s for s in view.estate.by_type.get("aws_subnet", ()) if s.address in wanted]
        for subnet in subnets:
            wide = View(subnet, view.estate).word("cidr_block") == "0.0.0.0/0"
            if wide or truth(subnet.attributes.get("map_public_ip_on_launch", False)):
                return Fact(
                    NO, Basis.EXPLICIT, "db_subnet_group_name", None, "a public subnet", view.resource
                )
        if subnets:
            return Fact(YES, Basis.EXPLICIT, "db_subnet_group_name", None, "", view.resource)
    return None


_LOGS = "enabled_cloudwatch_logs_exports"
_postgres = is_("engine", "*postgres*")
_RDS_LOGS: Check = lists(_LOGS, bool)


def _signs_in(view: View) -> bool:
    """Engines that can check who logs in against IAM."""
    engine = view.word("engine", "mysql")
    return engine.startswith(("mysql", "postgres")) or (
        engine == "mariadb" and view.word("engine_version", "10.6").startswith(("10.6", "10.11", "11"))
    )


_DB_INSTANCE: dict[str, Check] = {
    "encryption_at_rest": either(flag("storage_encrypted"), given("kms_key_id", default=None)),
    "customer_managed_key": when(
        lambda v: v.word("performance_insights_enabled") == "true",
        own_key("performance_insights_kms_key_id")),
    "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
    "backup_enabled": number("backup_retention_period", lambda n: n > 0, NO, plain=0),
    "backup_retention_days": number("backup_retention_period", lambda n: n >= 7, NO, plain=0),
    "deletion_protection": flag("deletion_protection"),
    "iam_auth": when(_signs_in, flag("iam_database_authentication_enabled")),
    "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES),
    "high_availability": flag("multi_az"),
    "copy_tags_to_snapshot": flag("copy_tags_to_snapshot"),
    "log_export": _RDS_LOGS,
    "audit_logging": when(lambda v: not _postgres(v), has(_LOGS, "audit")),
    "default_port_changed": other_port(),
    "network_private": _public_subnets,
    "query_logging": when(_postgres, in_group(("parameter_group_name",), ("aws_db_parameter_group",), _queries)),
    "tags_present": given("tags"),
}  # fmt: skip

_CLUSTER: dict[str, Check] = {
    "encryption_at_rest": first(when(_serverless, always(YES, "Aurora Serverless v1 is always encrypted")),
                                either(flag("storage_encrypted"), given("-kms_key_id", default=None))),
    "customer_managed_key": own_key("kms_key_id"),
    "backup_enabled": number("backup_retention_period", lambda n: n >= 1, YES, plain=1),
    "backup_retention_days": number("backup_retention_period", lambda n: n >= 7, NO, plain=1),
    "deletion_protection": flag("deletion_protection"),
    "iam_auth": flag("iam_database_authentication_enabled"),
    "copy_tags_to_snapshot": flag("copy_tags_to_snapshot"),
    "log_export": _RDS_LOGS,
    "audit_logging": when(lambda v: "postgres" not in v.word("engine"), has(_LOGS, "audit")),
    "query_logging": when(_postgres, in_group(("db_cluster_parameter_group_name",),
                                              ("aws_rds_cluster_parameter_group",), _queries)),
    "public_endpoint_disabled": joined("aws_rds_cluster_instance", flag("publicly_accessible", YES, off=True), None,
                                       all=True),
    "tags_present": given("tags"),
}  # fmt: skip

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
    "min_tls_version": among("domain_endpoint_options.tls_security_policy", ["Policy-Min-TLS-1-2*"]),
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
}  # fmt: skip

_SSL = ("require_ssl", "ssl", "rds.force_ssl", "require_secure_transport", "tls")


def _dms_ssl(view: View) -> Fact | None:
    engine = view.word("engine_name")
    if engine in ("s3", "dynamodb", "kinesis", "opensearch", "elasticsearch", "neptune", "sybase-x"):
        return None
    if engine == "kafka":
        return among("kafka_settings.security_protocol", ["ssl*", "sasl-ssl"])(view)
    return among("ssl_mode", ["require", "verify-ca", "verify-full"])(view)


def _dms_key(view: View) -> Fact | None:
    if view.get("engine_name") == "s3":
        return own_key("kms_key_arn", "s3_settings.server_side_encryption_kms_key_id")(view)
    return own_key("kms_key_arn")(view)


def _replicas(view: View) -> Fact | None:
    replicas = view.blocks("replica")
    facts = []
    for one in replicas:
        if isinstance(one, Mapping):
            ok = one.get("kms_key_arn") not in (None, "")
            facts.append(Fact(YES if ok else NO, Basis.EXPLICIT, "replica", None, "", view.resource))
    own = own_key("server_side_encryption.kms_key_arn")(view)
    return own if not facts else own if own and own.state is NO else strongest(facts)


KINDS: dict[str, Kind] = {
    "aws_db_instance": Kind("database", _DB_INSTANCE, ("identifier", "db_name", "name")),
    "aws_rds_cluster": Kind("database", _CLUSTER, ("cluster_identifier", "database_name")),
    "aws_rds_cluster_instance": Kind("database", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "customer_managed_key": _DB_INSTANCE["customer_managed_key"],
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES)}, ("identifier",)),
    "aws_rds_global_cluster": Kind("database", {
        "encryption_at_rest": first(when(lambda v: v.get("source_db_cluster_identifier") is not None
                                         and v.get("storage_encrypted") is None, lambda view: Fact(
            DOUBT, Basis.COMPUTED, "source_db_cluster_identifier", None, "taken over from the source cluster",
            view.resource)), flag("storage_encrypted")),
        "deletion_protection": flag("deletion_protection")}, ("global_cluster_identifier",)),
    "aws_rds_cluster_activity_stream": Kind("stream", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_db_snapshot_copy": Kind("snapshot", {"customer_managed_key": own_key("kms_key_id"),
                                              "snapshot_not_public": lists("shared_accounts", lambda i: "all" not in i,
                                                                           YES)}),
    "aws_db_snapshot": Kind("snapshot", {
        "snapshot_not_public": lists("shared_accounts", lambda i: "all" not in i, YES)}),
    "aws_db_cluster_snapshot": Kind("snapshot", {
        "encryption_at_rest": lambda view: _snapshot(view, "db_cluster_identifier"),
        "backup_encrypted": lambda view: _snapshot(view, "db_cluster_identifier")}),
    "aws_neptune_cluster_snapshot": Kind("snapshot", {
        "encryption_at_rest": lambda view: _snapshot(view, "db_cluster_identifier"),
        "backup_encrypted": lambda view: _snapshot(view, "db_cluster_identifier")}),
    "aws_db_instance_automated_backups_replication": Kind("backup", {
        "customer_managed_key": own_key("kms_key_id")}),
    "aws_db_security_group": Kind("", {
        "network_private": declared_so(NO, reason="EC2-Classic has no private network"),
        "network_firewall_restricted": lambda view: _ingress(view)}),
    "aws_elasticache_security_group": Kind("", {
        "network_private": declared_so(NO, reason="EC2-Classic has no private network")}),
    "aws_redshift_security_group": Kind("", {
        "network_private": declared_so(NO, reason="EC2-Classic has no private network")}),
    "aws_docdb_cluster": Kind("database", {
        "encryption_at_rest": flag("storage_encrypted"),
        "customer_managed_key": own_key("kms_key_id"),
        "log_export": lists(_LOGS, lambda i: "audit" in i and "profiler" in i),
        "audit_logging": has(_LOGS, "audit"),
        "backup_retention_days": number("backup_retention_period", lambda n: n >= 7, NO, plain=1),
        "deletion_protection": flag("deletion_protection"),
        "tls_enforced": in_group(("db_cluster_parameter_group_name",), ("aws_docdb_cluster_parameter_group",),
                                 parameter("tls", good=("enabled",), default=YES), YES)}, ("cluster_identifier",)),
    "aws_docdb_global_cluster": Kind("database", {"encryption_at_rest": flag("storage_encrypted")}),
    "aws_docdb_cluster_parameter_group": Kind("", {
        "tls_enforced": parameter("tls", good=("enabled",), default=YES),
        "audit_logging": parameter("audit_logs", good=("enabled", "all", "ddl", "dml_read", "dml_write"))}),
    "aws_neptune_cluster": Kind("database", {
        "encryption_at_rest": flag("storage_encrypted"),
        "customer_managed_key": own_key("kms_key_arn"),
        "iam_auth": flag("iam_database_authentication_enabled"),
        "log_export": has("enable_cloudwatch_logs_exports", "audit"),
        "audit_logging": has("enable_cloudwatch_logs_exports", "audit"),
        "copy_tags_to_snapshot": flag("copy_tags_to_snapshot"),
        "backup_retention_days": number("backup_retention_period", lambda n: n >= 7, NO, plain=1),
        "deletion_protection": flag("deletion_protection")}, ("cluster_identifier",)),
    "aws_neptune_cluster_instance": Kind("database", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES)}, ("identifier",)),
    "aws_dynamodb_table": Kind("database", {
        "encryption_at_rest": flag("server_side_encryption.enabled", YES),
        "customer_managed_key": _replicas,
        "point_in_time_recovery": flag("point_in_time_recovery.enabled"),
        "backup_enabled": flag("point_in_time_recovery.enabled"),
        "deletion_protection": flag("deletion_protection_enabled"),
        "lifecycle_expiry": flag("ttl.enabled")}),
    "aws_dynamodb_global_table": Kind("database", {"point_in_time_recovery": always(NO)}),
    "aws_dynamodb_table_replica": Kind("database", {"customer_managed_key": own_key("kms_key_arn"),
                                                    "point_in_time_recovery": flag("point_in_time_recovery")}),
    "aws_dax_cluster": Kind("cache", {
        "encryption_at_rest": flag("server_side_encryption.enabled"),
        "tls_enforced": among("cluster_endpoint_encryption_type", ["TLS"])}, ("cluster_name",)),
    "aws_elasticache_cluster": Kind("cache", {
        "backup_enabled": when(lambda v: v.word("engine", "redis").startswith(("redis", "valkey")), number("snapshot_retention_limit", lambda n: n > 0, NO, plain=0)),
        "backup_retention_days": when(is_("engine", "redis"),
                                      number("snapshot_retention_limit", lambda n: n > 0, NO, plain=0)),
        "default_port_changed": other_port(),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES),
        "network_private": given("subnet_group_name")}, ("cluster_id",)),
    "aws_elasticache_replication_group": Kind("cache", {
        "encryption_at_rest": flag("at_rest_encryption_enabled"),
        "tls_enforced": flag("transit_encryption_enabled"),
        "customer_managed_key": own_key("kms_key_id"),
        "high_availability": every(flag("automatic_failover_enabled"), flag("multi_az_enabled", None)),
        "auth_required": every(flag("transit_encryption_enabled"), given("auth_token", "user_group_ids")),
        "backup_enabled": number("snapshot_retention_limit", lambda n: n > 0, NO, plain=0),
        "backup_retention_days": number("snapshot_retention_limit", lambda n: n > 0, NO, plain=0)},
        ("replication_group_id",)),
    "aws_memorydb_cluster": Kind("cache", {
        "tls_enforced": flag("tls_enabled", YES), "customer_managed_key": own_key("kms_key_arn"),
        "backup_enabled": number("snapshot_retention_limit", lambda n: n > 0, NO)}),
    "aws_memorydb_snapshot": Kind("snapshot", {"customer_managed_key": own_key("kms_key_arn")}),
    "aws_elasticsearch_domain": Kind("search", _SEARCH, ("domain_name",)),
    "aws_opensearch_domain": Kind("search", _SEARCH, ("domain_name",)),
    "aws_elasticsearch_domain_policy": Kind("", {"policy_not_public": _SEARCH_POLICY},
                                            parents=("aws_elasticsearch_domain",)),
    "aws_opensearch_domain_policy": Kind("", {"policy_not_public": _SEARCH_POLICY},
                                         parents=("aws_opensearch_domain",)),
    "aws_cloudsearch_domain": Kind("search", {
        "tls_enforced": flag("endpoint_options.enforce_https"),
        "min_tls_version": among("endpoint_options.tls_security_policy", ["Policy-Min-TLS-1-2*"])}),
    "aws_redshift_cluster": Kind("warehouse", {
        "encryption_at_rest": flag("encrypted"), "customer_managed_key": own_key("kms_key_id"),
        "public_endpoint_disabled": flag("publicly_accessible", NO, off=True),
        "audit_logging": either(flag("logging.enable"), joined("aws_redshift_logging", declared_so(YES))),
        "auto_minor_upgrade": flag("allow_version_upgrade", YES),
        "default_port_changed": other_port("redshift"),
        "network_private": given("cluster_subnet_group_name"),
        "backup_retention_days": number("automated_snapshot_retention_period", lambda n: n > 0, YES, plain=1),
        "tls_enforced": in_group(("cluster_parameter_group_name",), ("aws_redshift_parameter_group",),
                                 parameter(*_SSL))},
        ("cluster_identifier", "database_name")),
    "aws_redshift_parameter_group": Kind("", {"tls_enforced": parameter(*_SSL)}),
    "aws_redshift_snapshot_copy_grant": Kind("backup", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_redshiftserverless_namespace": Kind("warehouse", {"customer_managed_key": own_key("kms_key_id")},
                                             ("namespace_name",)),
    "aws_timestreamwrite_database": Kind("database", {"customer_managed_key": own_key("kms_key_id")},
                                         ("database_name",)),
    "aws_qldb_ledger": Kind("database", {"deletion_protection": flag("deletion_protection", YES),
                                         "least_privilege_policy": among("permissions_mode", ["STANDARD"])}),
    "aws_keyspaces_table": Kind("database", {"customer_managed_key": own_key("encryption_specification.kms_key_identifier"),
                                             "point_in_time_recovery": among("point_in_time_recovery.status", ["ENABLED"])},
                                ("table_name",)),
    "aws_athena_database": Kind("database", {"encryption_at_rest": given("encryption_configuration")}),
    "aws_athena_workgroup": Kind("database", {
        "encryption_at_rest": given("configuration.result_configuration.encryption_configuration"),
        "client_encryption_enforced": flag("configuration.enforce_workgroup_configuration", YES)}),
    "aws_dms_endpoint": Kind("replication", {"customer_managed_key": _dms_key, "tls_enforced": _dms_ssl},
                             ("endpoint_id",)),
    "aws_dms_s3_endpoint": Kind("replication", {
        "customer_managed_key": own_key("kms_key_arn", "server_side_encryption_kms_key_id"),
        "tls_enforced": among("ssl_mode", ["require", "verify-ca", "verify-full"], None)}, ("endpoint_id",)),
    "aws_dms_replication_instance": Kind("replication", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "customer_managed_key": own_key("kms_key_arn"),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade")}, ("replication_instance_id",)),
}  # fmt: skip


def _snapshot(view: View, attribute: str) -> Fact | None:
    """A cluster snapshot is encrypted as its cluster is."""
    fact = flag("storage_encrypted", None)(view)
    if fact is not None:
        return fact
    from scanner.declared.terraform.values import address_of

    address = address_of(view.get(attribute))
    for kind in ("aws_rds_cluster", "aws_neptune_cluster", "aws_docdb_cluster"):
        for one in view.estate.by_type.get(kind, ()):
            if one.address == address:
                return flag("storage_encrypted")(View(one, view.estate))
    return Fact(NO, Basis.PROVIDER_DEFAULT, "storage_encrypted", None, "not set", view.resource)


def _ingress(view: View) -> Fact | None:
    for one in view.blocks("ingress"):
        if isinstance(one, Unknown):
            return doubt(view, "ingress", one)
        cidr = one.get("cidr", one.get("cidr_blocks"))
        texts = [str(c) for c in (cidr if isinstance(cidr, list) else [cidr])]
        if any(_wide(text) for text in texts):
            return Fact(NO, Basis.EXPLICIT, "ingress", None, "", view.resource)
    return Fact(YES, Basis.EXPLICIT, "ingress", None, "", view.resource)


def _wide(cidr: str) -> bool:
    """More than 256 addresses, or public ones."""
    import ipaddress

    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.num_addresses > 256 or not network.is_private
