"""Resources of Pulumi's classic providers to stores, by the maps of Terraform."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from scanner.declared.bridged import terraform_type
from scanner.declared.model import DeclaredStore, Location, Resource, Unknown
from scanner.declared.pulumi.resources import Built
from scanner.declared.terraform.stores import stores as terraform_stores
from scanner.declared.terraform.values import Ref


def stores(file: str, built: Sequence[Built]) -> Iterator[DeclaredStore]:
    """The stores of one preview or stack."""
    types = {one.urn: terraform_type(one.cloud, one.service, one.kind) for one in built}
    names = {one.urn: f"{types[one.urn]}.r{number}" for number, one in enumerate(built)}
    addresses = {names[one.urn]: one.address for one in built}
    resources = [
        Resource(names[one.urn], types[one.urn], _attributes(one, names), Location(file, one.line))
        for one in built
    ]
    for store in terraform_stores(resources):
        parts = tuple(
            dataclasses.replace(part, address=addresses.get(part.address, part.address))
            for part in store.parts
        )
        address = addresses.get(store.address, store.address)
        yield dataclasses.replace(store, address=address, type=address.partition("::")[0], parts=parts)


def _attributes(one: Built, names: dict[str, str]) -> dict[str, object]:
    """Attributes, with those that are only known later as references to what they are taken from."""
    out: dict[str, object] = dict(one.attributes)
    for name, urn in one.depends.items():
        if urn in names and isinstance(out.get(name), Unknown | None):
            out[name] = Ref("computed after apply", names[urn])
    return out
