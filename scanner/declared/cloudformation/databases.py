"""What CloudFormation says of relational, document and graph databases, and warehouses.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.cloudformation.look import AwsLook, plaintext
from scanner.declared.cloudformation.storage import customer_key
from scanner.declared.engines import DEFAULT_PORTS, PREDICTABLE_LOGINS, supported
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    always,
    days,
    flag,
    given,
    truth,
    unless,
    whole,
)

_INHERITED = "a member of a cluster: the cluster says it"
_NOT_ENCRYPTED = Default(False, "not encrypted unless set")
_CACHES = (6379, 11211)
_FORCING = {
    "postgres": "rds.force_ssl",
    "aurora-postgresql": "rds.force_ssl",
    "sqlserver": "rds.force_ssl",
    "mysql": "require_secure_transport",
    "aurora-mysql": "require_secure_transport",
    "mariadb": "require_secure_transport",
    "db2": "db2comm",
}


def _in_cluster(look: Look) -> bool:
    return look.get("DBClusterIdentifier") is not MISSING and look.type.endswith("DBInstance")


def _without_iam(look: Look) -> bool:
    """Engines that know no IAM login (MariaDB does from 10.6)."""
    engine, version = str(look.get("Engine")).lower(), str(look.get("EngineVersion"))
    old = (
        engine == "mariadb"
        and version.startswith(tuple(f"10.{n}" for n in range(6)))
        and version[:5] != "10.11"
    )
    return old or engine.startswith(("oracle", "sqlserver", "db2", "custom"))


def port(engine: str = "") -> Check:
    """`default_port_changed`: not the port that everybody tries first."""

    def check(look: Look) -> Iterator[Said]:
        value = look.get("Port")
        known = engine or str(look.get("Engine")).lower()
        usual = next((p for name, p in DEFAULT_PORTS.items() if known == name), None) or next(
            (p for name, p in DEFAULT_PORTS.items() if known.startswith(name)), None
        )
        if isinstance(value, Unknown):
            yield look.unknown("default_port_changed", value, "Port")
        elif value is MISSING:
            yield look.say("default_port_changed", False, "Port", "the engine's own port", default=True)
        elif usual is not None:
            caches = usual in _CACHES and whole(value) in _CACHES
            yield look.say("default_port_changed", whole(value) != usual and not caches, "Port")

    return check


def exports(*also: str) -> Check:
    """Log exports to CloudWatch: `log_export` and `audit_logging`."""

    def check(look: Look) -> Iterator[Said]:
        path = "EnableCloudwatchLogsExports"
        value = look.get(path)
        for safeguard in ("log_export", *also):
            if isinstance(value, Unknown):
                yield look.unknown(safeguard, value, path)
                continue
            names = {str(v).lower() for v in value} if isinstance(value, list) else set()
            held = bool(names) if safeguard == "log_export" else bool(names & _AUDITING)
            reason = "no log is exported" if not names else ""
            wanted = _AUDITED.get(look.type, set()) if safeguard == "log_export" else set()
            if names and wanted - names:
                held, reason = False, f"the {min(wanted - names)} log is not among those exported"
            yield look.say(safeguard, held, path, reason, default=value is MISSING)

    return check


_AUDITED = {"AWS::DocDB::DBCluster": {"audit", "profiler"}, "AWS::Neptune::DBCluster": {"audit"}}
_AUDITING = {"audit", "postgresql", "general", "agent", "upgrade", "alert", "listener", "error"}


def passwords(*paths: str) -> Check:
    def check(look: Look) -> Iterator[Said]:
        yield from plaintext(look, *paths)

    return check


def _parameter_groups(look: Look) -> Iterator[Said]:
    """TLS enforced by the parameter group that an instance or cluster names."""
    if not isinstance(look, AwsLook):
        return
    path, _ = look.first("DBParameterGroupName", "DBClusterParameterGroupName")
    groups = [look.peers[i] for i in look.links(path) if "ParameterGroup" in look.peers[i].type]
    engine = str(look.get("Engine")).lower() if not isinstance(look.get("Engine"), Unknown) else ""
    for group in groups:
        yield from _forced(look, group, path, engine)
        return
    if engine.startswith(("sqlserver", "oracle")) or not engine:
        return
    if engine.startswith(("postgres", "aurora-postgresql")):
        version = whole(str(look.get("EngineVersion")).split(".")[0])
        if version is not None and version >= 15 and look.get(path) is MISSING and engine == "postgres":
            reason = "rds.force_ssl is on by default since PostgreSQL 15"
            yield look.say("tls_enforced", True, path, reason, default=True)
            return
    if look.get(path) is MISSING:
        reason = "the default parameter group does not enforce TLS"
        yield look.say("tls_enforced", False, path, reason, default=True)


def _forced(look: Look, group: Look, path: str, engine: str) -> Iterator[Said]:
    family = group.get("Family")
    known = str(family).lower() if not isinstance(family, Unknown) else engine
    parameters = group.get("Parameters")
    if isinstance(parameters, Unknown):
        yield look.unknown("tls_enforced", parameters, path)
        return
    for name in sorted({parameter for start, parameter in _FORCING.items() if start in known}):
        value = look.find(name, parameters) if isinstance(parameters, Mapping) else MISSING
        if isinstance(parameters, Mapping) and name in parameters:  # names hold dots of their own
            value = parameters[name]
        if isinstance(value, Unknown):
            yield look.unknown("tls_enforced", value, path)
        elif name == "db2comm":
            only = str(value).upper().replace(" ", "") == "SSL"
            yield look.say("tls_enforced", only, path, "" if only else f"{name} is not SSL alone")
        else:
            held = truth(value) is True
            yield look.say("tls_enforced", held, path, "" if held else f"{name} is not on")
        return


def parameter(safeguard: str, name: str, good: tuple[str, ...], default: Default) -> Check:
    """A setting in a parameter group, by name: in a mapping or a list of names and values."""

    def check(look: Look) -> Iterator[Said]:
        parameters = look.get("Parameters")
        if isinstance(parameters, Unknown):
            yield look.unknown(safeguard, parameters, "Parameters")
            return
        value: Any = MISSING
        if isinstance(parameters, Mapping):
            value = parameters.get(name, MISSING)
        for item in parameters if isinstance(parameters, list) else ():
            if isinstance(item, Mapping) and item.get("ParameterName") == name:
                value = item.get("ParameterValue", MISSING)
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, "Parameters")
        elif value is MISSING:
            yield look.say(safeguard, bool(default.value), "Parameters", default.says, default=True)
        else:
            yield look.say(safeguard, str(value).lower() in good, "Parameters")

    return check


def _subnets(look: Look) -> Iterator[Said]:
    """`network_private`: no subnet of the group spans the whole internet or hands out public addresses."""
    if not isinstance(look, AwsLook):
        return
    for group in (look.peers[i] for i in look.links("DBSubnetGroupName")):
        subnets = [group.peers[i] for i in group.links("SubnetIds")]
        for subnet in subnets:
            cidr, public = subnet.get("CidrBlock"), truth(subnet.get("MapPublicIpOnLaunch"))
            if public or cidr in ("0.0.0.0/0", "::/0"):
                reason = "a subnet of its group is public"
                yield look.say("network_private", False, "DBSubnetGroupName", reason)
                return
        if subnets:
            yield look.say("network_private", True, "DBSubnetGroupName")


def login(*paths: str) -> Check:
    """`predictable_admin_name`: the administrator's name is none that is tried first."""

    def check(look: Look) -> Iterator[Said]:
        path, value = look.first(*paths)
        if isinstance(value, Unknown):
            yield look.unknown("predictable_admin_name", value, path)
        elif value is not MISSING:
            yield look.say("predictable_admin_name", str(value).lower() not in PREDICTABLE_LOGINS, path)

    return check


def fixes(known: str = "", engine: str = "Engine") -> Check:
    """`engine_version_supported`, of engines and versions that are known here."""

    def check(look: Look) -> Iterator[Said]:
        version = look.get("EngineVersion")
        if isinstance(version, Unknown) or version is MISSING:
            return
        answer = supported(known or str(look.get(engine)), str(version))
        if answer is not None:
            yield look.say("engine_version_supported", answer, "EngineVersion")

    return check


def _documents_tls(look: Look) -> Iterator[Said]:
    """DocumentDB enforces TLS unless its parameter group says otherwise."""
    path = "DBClusterParameterGroupName"
    groups = [look.peers[i] for i in look.links(path)] if isinstance(look, AwsLook) else []
    group = next((g for g in groups if g.type == "AWS::DocDB::DBClusterParameterGroup"), None)
    if group is not None:
        for said in _DOC_TLS(group):
            yield dataclasses.replace(said, line=look.line(path))
    elif look.get(path) is MISSING:
        yield look.say("tls_enforced", True, path, "on unless set", default=True)


def _warehouse_tls(look: Look) -> Iterator[Said]:
    path = "ClusterParameterGroupName"
    groups = [look.peers[i] for i in look.links(path)] if isinstance(look, AwsLook) else []
    group = next((g for g in groups if g.type == "AWS::Redshift::ClusterParameterGroup"), None)
    if group is not None:
        for said in _SHIFT_TLS(group):
            yield dataclasses.replace(said, line=look.line(path))
    elif look.get(path) is MISSING:
        yield look.say("tls_enforced", False, path, "the default group does not enforce TLS", default=True)


_DELETION = flag("deletion_protection", "DeletionProtection")
_DOC_TLS = parameter(
    "tls_enforced", "tls", ("enabled", "tls1.2+", "tls1.3+", "fips-140-3"), Default(True, "on unless set")
)
_SHIFT_TLS = parameter("tls_enforced", "require_ssl", ("true", "1", "on"), Default(False, "off unless set"))

_RDS = (
    login("MasterUsername"),
    fixes(),
    unless(_without_iam, flag("iam_auth", "EnableIAMDatabaseAuthentication")),
    _DELETION,
    flag("copy_tags_to_snapshot", "CopyTagsToSnapshot"),
    exports("audit_logging"),
    port(),
    passwords("MasterUserPassword"),
    _parameter_groups,
)

_ENCRYPTED = (
    flag("encryption_at_rest", "StorageEncrypted", default=_NOT_ENCRYPTED),
    customer_key("KmsKeyId"),
)

_KEPT_ONE = Default(1, "backups are kept for 1 day unless set")
_CLUSTER = (
    *_ENCRYPTED,
    days("backup_retention_days", "BackupRetentionPeriod", default=_KEPT_ONE, also="backup_enabled"),
    flag("deletion_protection", "DeletionProtection"),
)

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::RDS::DBInstance": (
        "database",
        (
            unless(
                _in_cluster,
                *_ENCRYPTED,
                days(
                    "backup_retention_days", "BackupRetentionPeriod", default=_KEPT_ONE, also="backup_enabled"
                ),
                flag("high_availability", "MultiAZ"),
                *_RDS,
            ),
            flag(
                "public_endpoint_disabled",
                "PubliclyAccessible",
                want=False,
                default=Default(False, "not public unless set or in the default network"),
            ),
            flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=Default(True, "on unless set")),
            _subnets,
        ),
    ),
    "AWS::RDS::DBCluster": (
        "database",
        (
            *_CLUSTER,
            *(check for check in _RDS if check is not _DELETION),
            flag(
                "public_endpoint_disabled",
                "PubliclyAccessible",
                want=False,
                default=Default(False, "not public unless set or in the default network"),
            ),
        ),
    ),
    "AWS::RDS::GlobalCluster": (
        "database",
        (
            flag("encryption_at_rest", "StorageEncrypted", default=_NOT_ENCRYPTED),
            flag("deletion_protection", "DeletionProtection"),
        ),
    ),
    "AWS::DocDB::DBCluster": (
        "database",
        (
            *_CLUSTER,
            exports("audit_logging"),
            port("docdb"),
            passwords("MasterUserPassword"),
            _documents_tls,
            login("MasterUsername"),
        ),
    ),
    "AWS::Neptune::DBCluster": (
        "database",
        (
            *_CLUSTER,
            exports("audit_logging"),
            flag("iam_auth", "IamAuthEnabled"),
            flag("copy_tags_to_snapshot", "CopyTagsToSnapshot"),
            always("tls_enforced", "Neptune accepts TLS connections only"),
        ),
    ),
    "AWS::DocDB::DBClusterParameterGroup": (
        "database",
        (
            _DOC_TLS,
            parameter(
                "audit_logging",
                "audit_logs",
                ("enabled", "all", "ddl", "dml_read", "dml_write"),
                Default(False, "off unless set"),
            ),
        ),
    ),
    "AWS::Redshift::ClusterParameterGroup": (
        "warehouse",
        (_SHIFT_TLS,),
    ),
    "AWS::Redshift::Cluster": (
        "warehouse",
        (
            flag(
                "encryption_at_rest",
                "Encrypted",
                default=Default(False, "not encrypted unless set (clusters made since January 2025 are)"),
            ),
            customer_key("KmsKeyId"),
            flag(
                "public_endpoint_disabled",
                "PubliclyAccessible",
                want=False,
                default=Default(False, "not public unless set, since January 2025"),
            ),
            given("audit_logging", "LoggingProperties"),
            flag("auto_minor_upgrade", "AllowVersionUpgrade", default=Default(True, "on unless set")),
            days(
                "backup_retention_days",
                "AutomatedSnapshotRetentionPeriod",
                default=_KEPT_ONE,
                also="backup_enabled",
            ),
            given("network_private", "ClusterSubnetGroupName"),
            flag("high_availability", "MultiAZ"),
            port("redshift"),
            _warehouse_tls,
            login("MasterUsername"),
            passwords("MasterUserPassword"),
        ),
    ),
    "AWS::RedshiftServerless::Namespace": (
        "warehouse",
        (
            always("encryption_at_rest", "always encrypted"),
            customer_key("KmsKeyId"),
            given("audit_logging", "LogExports"),
            passwords("AdminUserPassword"),
        ),
    ),
    "AWS::RedshiftServerless::Workgroup": (
        "warehouse",
        (
            flag(
                "public_endpoint_disabled",
                "PubliclyAccessible",
                want=False,
                default=Default(False, "off unless set"),
            ),
        ),
    ),
}
"""Type: (kind of store, questions)."""
