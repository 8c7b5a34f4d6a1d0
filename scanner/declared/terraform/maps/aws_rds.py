"""AWS relational, document and graph databases with their snapshots: RDS, Aurora, DocumentDB, Neptune."""

from __future__ import annotations

import ipaddress

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
    truth,
    unknown_of,
    when,
)
from scanner.declared.terraform.maps.common import (
    fixed_version,
    in_group,
    login,
    other_port,
    parameter,
    parameters,
    pointed,
    taken_over,
)
from scanner.declared.terraform.values import address_of
from scanner.model import Basis

_LOGS = "enabled_cloudwatch_logs_exports"
_postgres = is_("engine", "*postgres*")
_RDS_LOGS: Check = lists(_LOGS, bool)
_GROUPS = ("aws_db_parameter_group", "aws_rds_cluster_parameter_group")


def _timed(view: View) -> Fact | None:
    """Slow statements are logged from any duration on; -1 is off."""
    value = parameters(view).get("log_min_duration_statement")
    if value is None:
        return None
    unknown = unknown_of(value)
    if unknown is not None:
        return doubt(view, "parameter", unknown)
    state = NO if str(value).startswith("-") else YES
    return Fact(state, Basis.EXPLICIT, "parameter", None, "", view.resource)


_queries: Check = every(
    parameter("log_statement", good=("all", "ddl", "mod")), first(_timed, declared_so(NO, "parameter"))
)


def _forced(view: View) -> Fact | None:
    """Connections without TLS are refused: by a parameter, whose default depends on engine and version."""
    engine, version = view.word("engine"), view.word("engine_version")
    if engine.startswith(("oracle", "custom")):
        return None
    name, good = (
        ("rds.force_ssl", ("1", "true", "on"))
        if "postgres" in engine or engine.startswith("sqlserver")
        else ("require_secure_transport", ("1", "true", "on"))
    )
    major = version.partition(".")[0]
    default = YES if "postgres" in engine and major.isdigit() and int(major) >= 15 else NO
    inner = parameter(name, good=good, default=default)
    attributes = ("parameter_group_name", "db_cluster_parameter_group_name")
    for attribute in attributes:
        if pointed(view, attribute, _GROUPS) is not None:
            return in_group((attribute,), _GROUPS, inner)(view)
        value = view.get(attribute)
        if value is not None:
            known = isinstance(value, str) and value.startswith("default.")
            return (
                None
                if not known
                else Fact(default, Basis.PROVIDER_DEFAULT, attribute, None, "", view.resource)
            )
    if not major.isdigit() and "postgres" in engine:
        return None
    return Fact(default, Basis.PROVIDER_DEFAULT, "parameter_group_name", None, "not set", view.resource)


def _serverless(view: View) -> bool:
    return view.word("engine_mode") == "serverless"


def _public_subnets(view: View) -> Fact | None:
    """A subnet group whose subnets give out public addresses."""
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


def _signs_in(view: View) -> bool:
    """Engines that can check who logs in against IAM."""
    engine = view.word("engine", "mysql")
    return engine.startswith(("mysql", "postgres")) or (
        engine == "mariadb" and view.word("engine_version", "10.6").startswith(("10.6", "10.11", "11"))
    )


_SOURCES = ("aws_db_instance", "aws_rds_cluster", "aws_neptune_cluster", "aws_docdb_cluster", "aws_db_snapshot",
            "aws_db_cluster_snapshot")  # fmt: skip
_encrypted: Check = flag("storage_encrypted")


def _own_encryption(view: View) -> Fact | None:
    """As set; a replica or what is restored takes it over from its source."""
    source = ("replicate_source_db", "snapshot_identifier", "replication_source_identifier",
              "restore_to_point_in_time", "restore_to_point_in_time.source_cluster_identifier")  # fmt: skip
    return first(flag("storage_encrypted", None), given("kms_key_id", default=None),
                 taken_over(source[:3], _SOURCES, _own_encryption), _encrypted)(view)  # fmt: skip


_DB_INSTANCE: dict[str, Check] = {
    "encryption_at_rest": _own_encryption,
    "customer_managed_key": first(
        when(lambda v: v.word("performance_insights_enabled") == "true", own_key("performance_insights_kms_key_id")),
        when(lambda v: v.get("kms_key_id") is not None, own_key("kms_key_id"))),
    "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
    "backup_enabled": when(lambda v: v.get("replicate_source_db") is None or v.get("backup_retention_period") is not None,
                           number("backup_retention_period", lambda n: n > 0, NO, plain=0)),
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
    "network_firewall_restricted": lambda view: _security_groups(view),
    "query_logging": when(_postgres, in_group(("parameter_group_name",), ("aws_db_parameter_group",), _queries)),
    "tls_enforced": _forced,
    "engine_version_supported": fixed_version(),
    "predictable_admin_name": login("username"),
    "no_plaintext_secret": when(lambda v: v.word("manage_master_user_password") == "true",
                                declared_so(YES, "manage_master_user_password")),
}  # fmt: skip

_CLUSTER: dict[str, Check] = {
    "encryption_at_rest": first(when(_serverless, always(YES, "Aurora Serverless v1 is always encrypted")),
                                _own_encryption),
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
    "default_port_changed": other_port(),
    "tls_enforced": _forced,
    "network_firewall_restricted": lambda view: _security_groups(view),
    "point_in_time_recovery": when(lambda v: v.get("backtrack_window") is not None,
                                   number("backtrack_window", lambda n: n > 0, None)),
    "high_availability": given("db_cluster_instance_class", default=None),
    "engine_version_supported": when(is_("engine", "*postgres*", "mysql"), fixed_version()),
    "predictable_admin_name": login("master_username"),
    "no_plaintext_secret": when(lambda v: v.word("manage_master_user_password") == "true",
                                declared_so(YES, "manage_master_user_password")),
}  # fmt: skip


def _snapshot(*attributes: str) -> Check:
    """A snapshot is encrypted as its source is."""

    def check(view: View) -> Fact | None:
        fact = first(flag("storage_encrypted", None), flag("encrypted", None))(view)
        if fact is not None:
            return fact
        for name in attributes:
            source = pointed(view, name, _SOURCES)
            if source is not None:
                return _own_encryption(source)
        if view.resource.type == "aws_db_snapshot":
            return None  # says nothing by itself where the instance is not here
        return Fact(NO, Basis.PROVIDER_DEFAULT, "storage_encrypted", None, "not set", view.resource)

    return check


def _shared(view: View) -> Fact | None:
    return lists("shared_accounts", lambda items: "all" not in items, YES)(view)


def ingress(view: View, *paths: str) -> Fact | None:
    """No rule lets in more than a small private network."""
    found = None
    for path in paths or ("ingress",):
        for one in view.blocks(path):
            if isinstance(one, Unknown):
                return doubt(view, path, one)
            cidr = one.get("cidr", one.get("cidr_blocks"))
            if isinstance(cidr, Unknown):
                found = doubt(view, path, cidr)
                continue
            texts = [str(c) for c in (cidr if isinstance(cidr, list) else [cidr])]
            if any(_wide(text) for text in texts):
                return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
    return found or Fact(YES, Basis.EXPLICIT, (paths or ("ingress",))[0], None, "", view.resource)


def _wide(cidr: str) -> bool:
    """More than 256 addresses, or public ones."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.num_addresses > 256 or not network.is_private


def _security_groups(view: View) -> Fact | None:
    """A security group named here, declared beside it, that lets in the whole internet."""
    for name in ("vpc_security_group_ids", "security_group_ids"):
        for item in view.items(name):
            address = address_of(item)
            for one in view.estate.by_type.get("aws_security_group", ()):
                if not address or one.address != address:
                    continue
                for rule in View(one, view.estate).blocks("ingress"):
                    if isinstance(rule, Unknown):
                        continue
                    ranges = [*_list(rule.get("cidr_blocks")), *_list(rule.get("ipv6_cidr_blocks"))]
                    if any(str(r) in ("0.0.0.0/0", "::/0") for r in ranges):
                        return Fact(NO, Basis.EXPLICIT, name, None, "open to the internet", view.resource)
    return None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _source_says(view: View) -> Fact | None:
    if view.get("source_db_cluster_identifier") is None or view.get("storage_encrypted") is not None:
        return None
    return Fact(DOUBT, Basis.COMPUTED, "source_db_cluster_identifier", None, "taken over from the source cluster",
                view.resource)  # fmt: skip


def _classic(reason: str = "EC2-Classic has no private network") -> Check:
    return declared_so(NO, reason=reason)


def _managed_backup(path: str = "backup_retention_period", plain: int = 1) -> dict[str, Check]:
    return {
        "backup_enabled": number(path, lambda n: n > 0, YES, plain=plain),
        "backup_retention_days": number(path, lambda n: n >= 7, NO, plain=plain),
    }


_DOC_GROUPS = ("aws_docdb_cluster_parameter_group",)
_AUDITS = ("enabled", "all", "ddl", "dml_read", "dml_write")
_SNAPSHOT_OF = ("db_cluster_identifier", "db_instance_identifier")

KINDS: dict[str, Kind] = {
    "aws_db_instance": Kind("database", _DB_INSTANCE, ("identifier", "db_name", "name")),
    "aws_rds_cluster": Kind("database", _CLUSTER, ("cluster_identifier", "database_name")),
    "aws_rds_cluster_instance": Kind("database", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "customer_managed_key": _DB_INSTANCE["customer_managed_key"],
        "copy_tags_to_snapshot": flag("copy_tags_to_snapshot", None),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES)}, ("identifier",)),
    "aws_rds_global_cluster": Kind("database", {
        "encryption_at_rest": first(_source_says, flag("storage_encrypted")),
        "deletion_protection": flag("deletion_protection")}, ("global_cluster_identifier",)),
    "aws_rds_cluster_activity_stream": Kind("stream", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_db_proxy": Kind("database", {
        "tls_enforced": flag("require_tls"), "iam_auth": among("auth.iam_auth", ["REQUIRED"])}),
    "aws_db_snapshot_copy": Kind("snapshot", {
        "customer_managed_key": own_key("kms_key_id"), "snapshot_not_public": _shared}),
    "aws_rds_cluster_snapshot_copy": Kind("snapshot", {
        "customer_managed_key": own_key("kms_key_id"), "snapshot_not_public": _shared}),
    "aws_db_snapshot": Kind("snapshot", {
        "snapshot_not_public": _shared, "backup_encrypted": _snapshot(*_SNAPSHOT_OF),
        "encryption_at_rest": _snapshot(*_SNAPSHOT_OF)}),
    "aws_db_cluster_snapshot": Kind("snapshot", {
        "encryption_at_rest": _snapshot(*_SNAPSHOT_OF), "backup_encrypted": _snapshot(*_SNAPSHOT_OF),
        "customer_managed_key": own_key("kms_key_id", default=None), "snapshot_not_public": _shared}),
    "aws_neptune_cluster_snapshot": Kind("snapshot", {
        "encryption_at_rest": _snapshot(*_SNAPSHOT_OF), "backup_encrypted": _snapshot(*_SNAPSHOT_OF),
        "customer_managed_key": own_key("kms_key_id")}),
    "aws_docdb_cluster_snapshot": Kind("snapshot", {
        "encryption_at_rest": _snapshot(*_SNAPSHOT_OF), "backup_encrypted": _snapshot(*_SNAPSHOT_OF)}),
    "aws_db_instance_automated_backups_replication": Kind("backup", {
        "customer_managed_key": own_key("kms_key_id"),
        "backup_retention_days": number("retention_period", lambda n: n >= 7, YES, plain=7)}),
    "aws_rds_export_task": Kind("snapshot", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_db_security_group": Kind("", {"network_private": _classic(),
                                       "network_firewall_restricted": ingress}),
    "aws_elasticache_security_group": Kind("", {"network_private": _classic()}),
    "aws_redshift_security_group": Kind("", {"network_private": _classic(),
                                             "network_firewall_restricted": ingress}),
    "aws_db_parameter_group": Kind("", {"tls_enforced": parameter(
        "rds.force_ssl", "require_secure_transport", default=None)}, parents=("aws_db_instance",)),
    "aws_rds_cluster_parameter_group": Kind("", {"tls_enforced": parameter(
        "rds.force_ssl", "require_secure_transport", default=None)}, parents=("aws_rds_cluster",)),
    "aws_docdb_cluster": Kind("database", {
        "encryption_at_rest": _own_encryption, "customer_managed_key": own_key("kms_key_id"),
        "log_export": lists(_LOGS, lambda i: "audit" in i and "profiler" in i),
        "audit_logging": has(_LOGS, "audit"), **_managed_backup(),
        "deletion_protection": flag("deletion_protection"), "default_port_changed": other_port("docdb"),
        "predictable_admin_name": login("master_username"),
        "tls_enforced": in_group(("db_cluster_parameter_group_name",), _DOC_GROUPS,
                                 parameter("tls", good=("enabled", "tls1.2+", "tls1.3+", "fips-140-3"), default=YES),
                                 YES)}, ("cluster_identifier",)),
    "aws_docdb_cluster_instance": Kind("database", {
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES)}, ("identifier",)),
    "aws_docdb_global_cluster": Kind("database", {
        "encryption_at_rest": first(_source_says, flag("storage_encrypted")),
        "deletion_protection": flag("deletion_protection")}),
    "aws_docdb_cluster_parameter_group": Kind("", {
        "tls_enforced": parameter("tls", good=("enabled", "tls1.2+", "tls1.3+", "fips-140-3"), default=YES),
        "audit_logging": parameter("audit_logs", good=_AUDITS)}),
    "aws_docdbelastic_cluster": Kind("database", {
        "encryption_at_rest": always(YES, "elastic clusters are always encrypted"),
        "customer_managed_key": own_key("kms_key_id"), **_managed_backup(),
        "predictable_admin_name": login("admin_user_name")}),
    "aws_neptune_cluster": Kind("database", {
        "encryption_at_rest": _own_encryption, "customer_managed_key": own_key("kms_key_arn"),
        "iam_auth": flag("iam_database_authentication_enabled"),
        "log_export": has("enable_cloudwatch_logs_exports", "audit"),
        "audit_logging": has("enable_cloudwatch_logs_exports", "audit"),
        "copy_tags_to_snapshot": flag("copy_tags_to_snapshot"), **_managed_backup(),
        "default_port_changed": other_port("neptune"),
        "deletion_protection": flag("deletion_protection")}, ("cluster_identifier",)),
    "aws_neptune_cluster_instance": Kind("database", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade", YES)}, ("identifier",)),
    "aws_neptune_global_cluster": Kind("database", {
        "encryption_at_rest": first(_source_says, flag("storage_encrypted")),
        "deletion_protection": flag("deletion_protection")}),
    "aws_neptunegraph_graph": Kind("database", {
        "public_endpoint_disabled": flag("public_connectivity", YES, off=True),
        "deletion_protection": flag("deletion_protection", YES),
        "customer_managed_key": own_key("kms_key_identifier"),
        "encryption_at_rest": always(YES, "Neptune Analytics always encrypts")}, ("graph_name",)),
    "aws_lightsail_database": Kind("database", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "backup_enabled": flag("backup_retention_enabled", YES),
        "predictable_admin_name": login("master_username")}, ("relational_database_name",)),
    "aws_dsql_cluster": Kind("database", {
        "deletion_protection": flag("deletion_protection_enabled"),
        "customer_managed_key": own_key("kms_encryption_key"),
        "encryption_at_rest": always(YES, "Aurora DSQL always encrypts")}),
}  # fmt: skip
