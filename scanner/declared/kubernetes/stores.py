"""Manifests to stores: each language of controllers in a module of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.declared.assembling import assemble
from scanner.declared.kubernetes import cloud, operators, secrets, volumes, workloads
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest
from scanner.declared.model import DeclaredStore


def stores(manifests: Sequence[Manifest]) -> Iterator[DeclaredStore]:
    """Every store that the manifests of a repository declare."""
    cluster = Cluster(manifests)
    claimed: set[str] = set()
    yield from workloads.databases(cluster, claimed)
    yield from operators.databases(cluster, claimed)
    yield from _disks(cluster, claimed)
    yield from secrets.secrets(cluster)
    yield from cloud.stores(cluster)


def _disks(cluster: Cluster, claimed: set[str]) -> Iterator[DeclaredStore]:
    """Claims that no database of these files uses, and classes that no claim of these files names."""
    for one in cluster.of("PersistentVolumeClaim", ""):
        disk = volumes.of_claim(one.look, "spec", one.get("spec"), cluster, one)
        by_class = disk.resource is not one.look.resource
        if by_class:
            claimed.add(disk.resource.address)
        if f"{one.file}#{one.name}" not in claimed:
            said, pieces = ((), (disk,)) if by_class else (disk.said, ())
            yield assemble(
                one.look.resource,
                said,
                pieces,
                kind="disk",
                provider="kubernetes",
                tags=one.tags,
                name=one.name,
            )
    for one in cluster.of("StorageClass"):
        if one.look.resource.address not in claimed:
            said = tuple(volumes.of_class(one))
            yield assemble(
                one.look.resource, said, kind="disk", provider="kubernetes", tags=one.tags, name=one.name
            )
