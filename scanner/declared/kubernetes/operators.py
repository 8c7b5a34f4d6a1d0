"""Databases under an operator: what its custom resource says, and what the operator does unasked.

Field names and defaults are those of the operators' own references (CloudNativePG 1.27, Zalando 1.14,
Crunchy 5.8, Percona, MongoDB Community 0.12, MariaDB 25, Elastic Cloud on Kubernetes 3, Strimzi 0.48,
MinIO 7), looked up in November 2026.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scanner.declared.assembling import Piece, assemble
from scanner.declared.kubernetes import exposing, volumes
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest, is_set
from scanner.declared.model import DeclaredStore
from scanner.declared.stating import Check, Default, Look, Said, always, flag, given, truth

_Ask = Callable[[Manifest, Cluster], Iterator[Said]]
_INSIDE = Default(True, "the operator's services stay inside the cluster unless told otherwise")


@dataclasses.dataclass(frozen=True, slots=True)
class Operator:
    """How one kind of custom resource is read."""

    engine: str
    kind: str
    """Kind of store."""
    disks: tuple[str, ...]
    """Where claims stand; `*` for any item of a list."""
    checks: tuple[Check, ...]
    asks: tuple[_Ask, ...] = ()
    """Questions that need other manifests too."""
    image: tuple[str, ...] = ("spec.image", "spec.imageName")
    version: tuple[str, ...] = ()
    pods: str = ""
    """Label by which its pods carry the resource's name."""


def _service(*paths: str) -> Check:
    """`public_endpoint_disabled` from the type of a service; the worst of several paths counts."""

    def check(look: Look) -> Iterator[Said]:
        for path in paths:
            value = look.get(path)
            if isinstance(value, Mapping):
                value, path = value.get("type"), f"{path}.type"
            kind = str(value).lower()
            if kind in ("loadbalancer", "ingress", "route"):
                yield look.say(
                    "public_endpoint_disabled", False, path, "a load balancer gives it a public address"
                )
                return
            if kind == "nodeport":
                reason = "a port of every node leads to it; who reaches the nodes is not in the manifests"
                yield look.unknown("public_endpoint_disabled", reason, path)
                return
        yield look.say("public_endpoint_disabled", True, "spec", _INSIDE.says, default=True)

    return check


def _days(path: str) -> Check:
    """`backup_retention_days` of a text such as `30d` or `4w`; nothing where it is not set."""

    def check(look: Look) -> Iterator[Said]:
        match = re.fullmatch(r"(\d+)\s*([dwm])?", str(look.get(path)))
        if match:
            number = int(match[1]) * {"d": 1, "w": 7, "m": 30, None: 1}[match[2]]
            yield look.say("backup_retention_days", number > 0, path, value=number)

    return check


def _backed(
    *paths: str, kinds: tuple[tuple[str, str], ...] = (), missing: str = "no backup is declared"
) -> _Ask:
    """`backup_enabled` from the resource itself, or from others (kind, path to the name) that speak of it."""

    def ask(one: Manifest, cluster: Cluster) -> Iterator[Said]:
        for path in paths:
            if is_set(one.get(path)) and one.get(path) is not False:
                yield one.look.say("backup_enabled", True, path)
                return
        for kind, path in kinds:
            if any(other.get(path) == one.name for other in cluster.near(kind, one)):
                yield one.look.say("backup_enabled", True, "", f"a {kind} is declared for it")
                return
        yield one.look.say("backup_enabled", False, "spec", missing, default=True)

    return ask


def _hba(look: Look) -> Iterator[Said]:
    """CloudNativePG lets clients in without TLS unless its `pg_hba` lines leave `host` out or reject it."""
    path = "spec.postgresql.pg_hba"
    lines = look.get(path)
    rules = [str(line).split() for line in lines] if isinstance(lines, list) else []
    if any(rule[:1] == ["hostnossl"] and rule[-1:] == ["reject"] for rule in rules):
        yield look.say("tls_enforced", True, path)
        return
    says = "TLS is offered, and a connection without it is let in unless pg_hba rejects it"
    yield look.say("tls_enforced", False, path if rules else "spec", says, default=not rules)


def _spilo(look: Look) -> Iterator[Said]:
    """Spilo rejects connections without TLS, unless `pg_hba` lines of one's own let them in."""
    path = "spec.patroni.pg_hba"
    lines = look.get(path)
    rules = [str(line).split() for line in lines] if isinstance(lines, list) else []
    plain = any(rule[:1] in (["host"], ["hostnossl"]) and rule[-1:] != ["reject"] for rule in rules)
    if plain:
        yield look.say("tls_enforced", False, path, "a line lets connections without TLS in")
    else:
        says = "Spilo's pg_hba rejects connections without TLS"
        yield look.say(
            "tls_enforced", True, path if rules else "spec", "" if rules else says, default=not rules
        )


def _balanced(look: Look) -> Iterator[Said]:
    """Zalando's load balancers, and whom they let in."""
    paths = ("spec.enableMasterLoadBalancer", "spec.enableReplicaLoadBalancer")
    on = next((path for path in paths if truth(look.get(path)) is True), "")
    if not on:
        yield look.say("public_endpoint_disabled", True, "spec", _INSIDE.says, default=True)
        return
    yield look.say("public_endpoint_disabled", False, on, "a load balancer gives it a public address")
    ranges = look.get("spec.allowedSourceRanges")
    narrow = isinstance(ranges, list) and bool(ranges) and "0.0.0.0/0" not in ranges
    yield look.say("network_firewall_restricted", narrow, "spec.allowedSourceRanges" if narrow else on)


def _parameters(look: Look) -> Iterator[Said]:
    """Audit and connection logging from PostgreSQL's parameters."""
    path = "spec.postgresql.parameters"
    values = look.get(path)
    values = values if isinstance(values, Mapping) else {}
    audited = any(str(k).startswith("pgaudit.") for k in values) or str(values.get("log_statement")) in (
        "all",
        "mod",
        "ddl",
    )
    yield look.say(
        "audit_logging",
        audited,
        path,
        "" if audited else "statements are not logged unless asked",
        default=not audited,
    )
    if "log_connections" in values:
        yield look.say(
            "connection_logging",
            str(values["log_connections"]).lower() in ("on", "true", "1", "all"),
            f"{path}.log_connections",
        )


def _listeners(look: Look) -> Iterator[Said]:
    """Kafka's listeners: the worst of them decides."""
    listeners = look.get("spec.kafka.listeners")
    open_, plain, anonymous = "", "", ""
    for number, one in enumerate(listeners if isinstance(listeners, list) else ()):
        path = f"spec.kafka.listeners.{number}"
        if not isinstance(one, Mapping):
            continue
        if str(one.get("type")) in ("loadbalancer", "ingress", "route", "nodeport"):
            open_ = f"{path}.type"
        if one.get("tls") is not True:
            plain = f"{path}.tls" if "tls" in one else path
        if not isinstance(one.get("authentication"), Mapping):
            anonymous = path
    if isinstance(listeners, list):
        yield look.say("public_endpoint_disabled", not open_, open_ or "spec.kafka.listeners")
        yield look.say("tls_enforced", not plain, plain or "spec.kafka.listeners")
        yield look.say("auth_required", not anonymous, anonymous or "spec.kafka.listeners")


def _word(safeguard: str, path: str, good: tuple[str, ...], default: bool, says: str) -> Check:
    def check(look: Look) -> Iterator[Said]:
        value = look.get(path)
        if is_set(value):
            yield look.say(safeguard, str(value).lower() in good, path)
        else:
            yield look.say(safeguard, default, path, says, default=True)

    return check


_LOGIN = always("auth_required", "the operator sets a password for every account")
_TABLE: dict[tuple[str, str], Operator] = {
    ("postgresql.cnpg.io", "Cluster"): Operator(
        "postgresql", "database", ("spec.storage", "spec.storage.pvcTemplate", "spec.walStorage"),
        (_hba, _parameters, _LOGIN, _service("spec.managed.services.additional.0.serviceTemplate.spec"),
         _days("spec.backup.retentionPolicy")),
        (_backed("spec.backup.barmanObjectStore", "spec.backup.volumeSnapshot", "spec.plugins",
                 kinds=(("ScheduledBackup", "spec.cluster.name"),)),),
        pods="cnpg.io/cluster",
    ),
    ("acid.zalan.do", "postgresql"): Operator(
        "postgresql", "database", ("spec.volume",), (_spilo, _balanced, _parameters, _LOGIN),
        (_backed("spec.enableLogicalBackup", missing="no logical backup; the operator's own configuration may archive WAL"),),
        image=(), version=("spec.postgresql.version",), pods="cluster-name",
    ),
    ("postgres-operator.crunchydata.com", "PostgresCluster"): Operator(
        "postgresql", "database", ("spec.instances.*.dataVolumeClaimSpec",),
        (always("tls_enforced", "the operator's pg_hba accepts connections with TLS only"), _LOGIN,
         _service("spec.service", "spec.proxy.pgBouncer.service")),
        (_backed("spec.backups.pgbackrest"),), version=("spec.postgresVersion",),
        pods="postgres-operator.crunchydata.com/cluster",
    ),
    ("pgv2.percona.com", "PerconaPGCluster"): Operator(
        "postgresql", "database", ("spec.instances.*.dataVolumeClaimSpec",),
        (always("tls_enforced", "the operator's pg_hba accepts connections with TLS only"), _LOGIN,
         _service("spec.expose", "spec.proxy.pgBouncer.expose")),
        (_backed("spec.backups.pgbackrest"),), version=("spec.postgresVersion",),
    ),
    ("pxc.percona.com", "PerconaXtraDBCluster"): Operator(
        "mysql", "database", ("spec.pxc.volumeSpec.persistentVolumeClaim",),
        (_service("spec.haproxy.exposePrimary", "spec.haproxy.serviceType", "spec.proxysql.expose", "spec.pxc.expose"), _LOGIN,
         _word("tls_enforced", "spec.tls.required", ("true",), False, "TLS is offered and not asked for")),
        (_backed("spec.backup.schedule"),), image=("spec.pxc.image",),
    ),
    ("psmdb.percona.com", "PerconaServerMongoDB"): Operator(
        "mongodb", "database", ("spec.replsets.*.volumeSpec.persistentVolumeClaim",),
        (_word("tls_enforced", "spec.tls.mode", ("requiretls",), False, "preferTLS unless set: connections without it are let in"),
         _service("spec.sharding.mongos.expose", "spec.replsets.0.expose"), _LOGIN),
        (_backed("spec.backup.tasks"),),
    ),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): Operator(
        "mongodb", "database", ("spec.statefulSet.spec.volumeClaimTemplates.*.spec",),
        (flag("tls_enforced", "spec.security.tls.enabled", default=Default(False, "off unless set")),
         given("auth_required", "spec.security.authentication.modes", default=Default(True, "SCRAM unless set")),
         _service("spec.externalAccess")),
        version=("spec.version",),
    ),
    ("k8s.mariadb.com", "MariaDB"): Operator(
        "mariadb", "database", ("spec.storage", "spec.storage.volumeClaimTemplate"),
        (flag("tls_enforced", "spec.tls.required", default=Default(False, "TLS is offered and not asked for")),
         _service("spec.service", "spec.primaryService", "spec.secondaryService"), _LOGIN),
        (_backed(kinds=(("Backup", "spec.mariaDbRef.name"), ("PhysicalBackup", "spec.mariaDbRef.name"))),),
    ),
    ("mysql.oracle.com", "InnoDBCluster"): Operator(
        "mysql", "database", ("spec.datadirVolumeClaimTemplate",),
        (_service("spec.service"), _LOGIN),
        (_backed("spec.backupSchedules"),), version=("spec.version",),
    ),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): Operator(
        "elasticsearch", "search", ("spec.nodeSets.*.volumeClaimTemplates.*.spec",),
        (flag("tls_enforced", "spec.http.tls.selfSignedCertificate.disabled", want=False, default=Default(False, "TLS unless switched off")),
         _service("spec.http.service.spec"), _LOGIN),
        version=("spec.version",), pods="elasticsearch.k8s.elastic.co/cluster-name",
    ),
    ("opensearch.opster.io", "OpenSearchCluster"): Operator(
        "opensearch", "search", ("spec.nodePools.*.persistence.pvc",),
        (flag("tls_enforced", "spec.security.tls.http.generate", default=Default(False, "off unless set")), _LOGIN),
        version=("spec.general.version",),
    ),
    ("kafka.strimzi.io", "Kafka"): Operator(
        "kafka", "stream", ("spec.kafka.storage", "spec.kafka.storage.volumes.*"), (_listeners,), version=("spec.kafka.version",),
        pods="strimzi.io/cluster",
    ),
    ("databases.spotahome.com", "RedisFailover"): Operator(
        "redis", "cache", ("spec.redis.storage.persistentVolumeClaim.spec",),
        (given("auth_required", "spec.auth.secretPath", default=Default(False, "no login is asked for without a secret")),),
        image=("spec.redis.image",),
    ),
    ("redis.redis.opstreelabs.in", "Redis"): Operator(
        "redis", "cache", ("spec.storage.volumeClaimTemplate.spec",),
        (given("auth_required", "spec.kubernetesConfig.redisSecret", default=Default(False, "no login is asked for without a secret")),
         given("tls_enforced", "spec.TLS", default=Default(False, "off unless set"))),
        image=("spec.kubernetesConfig.image",),
    ),
    ("minio.min.io", "Tenant"): Operator(
        "minio", "bucket", ("spec.pools.*.volumeClaimTemplate.spec",),
        (flag("tls_enforced", "spec.requestAutoCert", default=Default(True, "certificates are made unless switched off")),
         flag("public_endpoint_disabled", "spec.exposeServices.minio", want=False, default=Default(False, _INSIDE.says)),
         always("auth_required", "a root account is asked for")),
    ),
}  # fmt: skip

_TABLE["postgresql.k8s.enterprisedb.io", "Cluster"] = _TABLE["postgresql.cnpg.io", "Cluster"]


def databases(cluster: Cluster, claimed: set[str]) -> Iterator[DeclaredStore]:
    """The stores that operators are asked to run; `claimed` gains the classes of their disks."""
    for one in cluster.manifests:
        operator = _TABLE.get((one.group, one.kind))
        if operator is not None:
            yield _store(one, operator, cluster, claimed)


def _store(one: Manifest, operator: Operator, cluster: Cluster, claimed: set[str]) -> DeclaredStore:
    look = one.look
    told = [said for check in operator.checks for said in check(look)]
    told += [said for ask in operator.asks for said in ask(one, cluster)]
    told += _version(one, operator)
    pieces: list[Piece] = []
    for path in (found for pattern in operator.disks for found in _paths(one, pattern)):
        disk = volumes.of_claim(look, path, one.get(path), cluster, one)
        if disk.resource is look.resource:
            told += disk.said
        else:
            pieces.append(disk)
            claimed.add(disk.resource.address)
    if operator.pods:
        labels = {operator.pods: one.name, **one.labels}
        pieces += exposing.pieces(cluster, one, labels)
    return assemble(
        look.resource, told, pieces, kind=operator.kind, provider="kubernetes", tags=one.tags, name=one.name
    )


def _version(one: Manifest, operator: Operator) -> Iterator[Said]:
    from scanner.declared.engines import supported

    text, at = "", ""
    for path in operator.version:
        if is_set(one.get(path)):
            text, at = f"{operator.engine} {one.get(path)}", path
    for path in operator.image:
        image = one.get(path)
        if not text and isinstance(image, str):
            tag = re.search(r":v?(\d[\d.]*)", image.rpartition("/")[2])
            text, at = (f"{operator.engine} {tag[1]}", path) if tag else ("", "")
    if text:
        yield one.look.say("engine_version", True, at, value=text)
        name, _, number = text.partition(" ")
        answer = supported("postgres" if name == "postgresql" else name, number)
        if answer is not None:
            yield one.look.say("engine_version_supported", answer, at)


def _paths(one: Manifest, pattern: str) -> Iterator[str]:
    """The paths that a pattern with `*` for list items stands for, if something is declared there."""
    head, star, rest = pattern.partition(".*")
    if not star:
        if isinstance(one.get(pattern), Mapping) and _about_disk(one.get(pattern)):
            yield pattern
        return
    for path, _ in one.items(head):
        yield from _paths(one, f"{path}{rest}")


def _about_disk(spec: Any) -> bool:
    """Whether it is a claim, not something around one."""
    return bool(
        {"storageClassName", "storageClass", "class", "size", "accessModes", "resources", "diskSize"}
        & set(spec)
    )
