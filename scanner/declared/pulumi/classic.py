"""Resources of Pulumi's classic providers to stores, by the maps of Terraform that they are made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.bridged import snake, terraform_type
from scanner.declared.model import DeclaredStore, Resource, Unknown
from scanner.declared.pulumi.resources import Built, respelled
from scanner.declared.terraform.stores import stores as terraform_stores
from scanner.declared.terraform.values import Ref

CLOUDS = ("aws", "azure", "gcp")
_NAMING = ("bucket", "identifier", "name", "arn", "id")


def stores(built: Sequence[Built]) -> Iterator[DeclaredStore]:
    """The stores of one preview or stack."""
    types = {one.urn: terraform_type(one.package, one.service, one.kind) for one in built}
    names = {one.urn: f"{types[one.urn]}.r{number}" for number, one in enumerate(built)}
    addresses = {names[one.urn]: one.address for one in built}
    resources = [Resource(names[one.urn], types[one.urn], _attributes(one, names), one.at) for one in built]
    for store in terraform_stores(resources):
        parts = tuple(
            dataclasses.replace(part, address=addresses.get(part.address, part.address))
            for part in store.parts
        )
        address = addresses.get(store.address, store.address)
        yield dataclasses.replace(store, address=address, type=address.partition("::")[0], parts=parts)


def _attributes(one: Built, names: Mapping[str, str]) -> dict[str, Any]:
    """In Terraform's spelling; what is only known later refers to the resource that it is taken from."""
    out: dict[str, Any] = respelled(one.inputs, snake)
    for name in _NAMING:
        if name in one.outputs:
            out.setdefault(name, one.outputs[name])
    for name, urn in one.depends.items():
        if urn in names and isinstance(out.get(snake(name)), Unknown | None):
            out[snake(name)] = Ref("computed after apply", names[urn])
    return out
