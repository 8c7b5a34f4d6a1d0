"""Databases that a manifest runs from an image: pods, and whatever makes pods."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.assembling import Piece, assemble
from scanner.declared.containers import FROM_SECRET, Container, Setting, is_client, said
from scanner.declared.images import Engine, engine_of
from scanner.declared.kubernetes import exposing, volumes
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest, is_set
from scanner.declared.model import DeclaredStore, Unknown
from scanner.declared.stating import Said

PODS = {
    "Pod": "spec", "Deployment": "spec.template.spec", "StatefulSet": "spec.template.spec",
    "DaemonSet": "spec.template.spec", "ReplicaSet": "spec.template.spec",
    "ReplicationController": "spec.template.spec",
}  # fmt: skip
"""Kinds that keep containers running, and where their pod stands. Jobs end: they are clients."""
_OPEN = "every pod of the cluster may connect unless a NetworkPolicy chooses it"
_NO_BACKUP = "no backup is declared with it; one may be made from outside"


def databases(cluster: Cluster, claimed: set[str]) -> Iterator[DeclaredStore]:
    """The stores that run in containers. `claimed` gains the claims of volumes that they use, as
    `file#name`, and the addresses of their classes."""
    for one in cluster.manifests:
        where = PODS.get(one.kind)
        if where is None or one.group not in ("", "apps", "extensions"):
            continue
        number = 0
        for path, spec in one.items(f"{where}.containers"):
            container = container_of(path, spec, cluster, one)
            engine = engine_of(container.image)
            if engine is None or is_client(container):
                continue
            yield _store(cluster, one, where, container, engine, claimed, second=number > 0)
            number += 1


def container_of(path: str, spec: Any, cluster: Cluster, near: Manifest) -> Container:
    """One container of a pod, with its variables looked up in ConfigMaps that are at hand."""
    spec = spec if isinstance(spec, Mapping) else {}
    env: dict[str, Setting] = {}
    unknown = ""
    sources = spec.get("envFrom")
    for number, source in enumerate(sources if isinstance(sources, list) else ()):
        at = f"{path}.envFrom.{number}"
        if not isinstance(source, Mapping):
            continue
        if isinstance(source.get("configMapRef"), Mapping):
            name = str(source["configMapRef"].get("name"))
            known = cluster.named("ConfigMap", name, near)
            if known is None:
                unknown = f"ConfigMap {name} is not among these files"
            else:
                data = known.get("data")
                env |= {k: Setting(str(v), at) for k, v in data.items()} if isinstance(data, Mapping) else {}
        elif isinstance(source.get("secretRef"), Mapping):
            name = str(source["secretRef"].get("name"))
            secret = cluster.named("Secret", name, near)
            keys = [k for part in ("data", "stringData") if secret is not None
                    and isinstance(values := secret.get(part), Mapping) for k in values]  # fmt: skip
            env |= {str(k): Setting(FROM_SECRET, at) for k in keys}
            if not keys:
                unknown = f"which variables Secret {name} holds is not among these files"
    listed = spec.get("env")
    for number, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, Mapping) and isinstance(item.get("name"), str):
            env[item["name"]] = _setting(item, f"{path}.env.{number}", cluster, near)
    words = [str(w) for key in ("command", "args") if isinstance(spec.get(key), list) for w in spec[key]]
    mounts = spec.get("volumeMounts")
    places = [
        _file(m) for m in (mounts if isinstance(mounts, list) else ()) if isinstance(m, Mapping)
    ]  # fmt: skip
    args_path = next((f"{path}.{key}" for key in ("args", "command") if key in spec), "")
    return Container(spec.get("image"), path, env, words, args_path, places, unknown)


def _file(mount: Mapping[str, Any]) -> str:
    """The path at which something is mounted; with `subPath` the name it has there is part of the mount's."""
    return posixpath.normpath(str(mount.get("mountPath", "")))


def _setting(item: Mapping[str, Any], path: str, cluster: Cluster, near: Manifest) -> Setting:
    source = item.get("valueFrom")
    if not isinstance(source, Mapping):
        return Setting(item.get("value", ""), f"{path}.value")
    at = f"{path}.valueFrom"
    if "secretKeyRef" in source:
        return Setting(FROM_SECRET, at)
    reference = source.get("configMapKeyRef")
    if isinstance(reference, Mapping):
        known = cluster.named("ConfigMap", str(reference.get("name")), near)
        data = known.get("data") if known is not None else None
        if isinstance(data, Mapping) and reference.get("key") in data:
            return Setting(str(data[str(reference["key"])]), at)
        return Setting(Unknown(f"ConfigMap {reference.get('name')} is not among these files"), at)
    return Setting(Unknown("known when the pod starts"), at)


def _store(
    cluster: Cluster, one: Manifest, where: str, container: Container, engine: Engine, claimed: set[str], *,
    second: bool,
) -> DeclaredStore:  # fmt: skip
    look = one.look
    labels = one.labels if one.kind == "Pod" else _template_labels(one)
    told: list[Said] = list(said(look, container, engine))
    told += _exposed(one, where, container)
    told.append(look.unknown("backup_enabled", _NO_BACKUP, ""))
    pieces = exposing.pieces(cluster, one, labels)
    for disk in _disks(cluster, one, where, container, claimed):
        if disk.resource is look.resource:
            told += disk.said
        else:
            pieces.append(disk)
            claimed.add(disk.resource.address)
    resource = look.resource
    if second:
        resource = dataclasses.replace(
            resource, address=f"{resource.address}[{container.path.rpartition('.')[2]}]"
        )
    return assemble(
        resource, told, pieces, kind=engine.kind, provider="kubernetes",
        names=_names(one, cluster.services(one, labels)), tags=one.tags, name=one.name,
    )  # fmt: skip


def _names(one: Manifest, services: list[Manifest]) -> Iterator[str]:
    """Names by which it is reached inside the cluster."""
    for service in services:
        if one.namespace:
            yield f"{service.name}.{one.namespace}.svc.cluster.local"


def _template_labels(one: Manifest) -> dict[str, str]:
    labels = one.get("spec.template.metadata.labels")
    return {str(k): str(v) for k, v in labels.items()} if isinstance(labels, Mapping) else {}


def _exposed(one: Manifest, where: str, container: Container) -> Iterator[Said]:
    look = one.look
    ports = one.items(f"{container.path}.ports")
    host = next(
        (f"{path}.hostPort" for path, port in ports if isinstance(port, Mapping) and port.get("hostPort")), ""
    )
    if host or one.get(f"{where}.hostNetwork") is True:
        reason = "it listens on its node's own address; who reaches the nodes is not in the manifests"
        yield look.unknown("public_endpoint_disabled", reason, host or f"{where}.hostNetwork")
    else:
        says = "no service or ingress of these files leads outside the cluster"
        yield look.say("public_endpoint_disabled", True, "", says, default=True)
    yield look.say("network_firewall_restricted", False, "", _OPEN, default=True)


def _disks(
    cluster: Cluster, one: Manifest, where: str, container: Container, claimed: set[str]
) -> Iterator[Piece]:
    """What is known of the disks under a container: claims, and directories of the node."""
    mounted = one.items(f"{container.path}.volumeMounts")
    names = {str(m.get("name")) for _, m in mounted if isinstance(m, Mapping)}
    for path, template in one.items("spec.volumeClaimTemplates"):
        about = template.get("metadata") if isinstance(template, Mapping) else None
        if isinstance(about, Mapping) and str(about.get("name")) in names:
            yield volumes.of_claim(one.look, f"{path}.spec", one.get(f"{path}.spec"), cluster, one)
    for path, volume in one.items(f"{where}.volumes"):
        if not isinstance(volume, Mapping) or str(volume.get("name")) not in names:
            continue
        claim = volume.get("persistentVolumeClaim")
        if isinstance(claim, Mapping):
            found = cluster.named("PersistentVolumeClaim", str(claim.get("claimName")), one)
            if found is None:
                reason = f"the claim {claim.get('claimName')} is not among these files"
                at = f"{path}.persistentVolumeClaim"
                yield Piece(one.look.resource, (one.look.unknown("encryption_at_rest", reason, at),))
            else:
                claimed.add(f"{found.file}#{found.name}")
                yield volumes.of_claim(found.look, "spec", found.get("spec"), cluster, found)
        elif is_set(volume.get("hostPath")):
            reason = "it lies in a directory of the node, whose disk is not in the manifests"
            told = one.look.unknown("encryption_at_rest", reason, f"{path}.hostPath")
            yield Piece(one.look.resource, (told,))
