"""Resources of Pulumi's `aws-native` to stores, by the maps of CloudFormation whose registry it is made from."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence

from scanner.declared.cloudformation import borrowed
from scanner.declared.model import DeclaredStore, Resource, Unknown
from scanner.declared.pulumi.resources import Built, referring


@dataclasses.dataclass(frozen=True, slots=True)
class _Taken(Unknown):
    """A value that another resource gives."""

    address: str = ""


def stores(built: Sequence[Built]) -> Iterator[DeclaredStore]:
    """The stores of one preview or stack."""
    known = borrowed.kinds()
    meant = [(kind, one) for one in built if (kind := known.get(borrowed.bare(one.service + one.kind)))]
    addresses = {one.urn: one.address for _, one in meant}
    resources = [
        (kind, Resource(one.address, one.token, _attributes(one, addresses), one.at)) for kind, one in meant
    ]
    return borrowed.stores(
        resources, _spelled, lambda value: value.address if isinstance(value, _Taken) else ""
    )


def _attributes(one: Built, addresses: dict[str, str]) -> dict[str, object]:
    out: dict[str, object] = dict(one.inputs)
    for name, value in one.outputs.items():
        if name.endswith(("Name", "Identifier")) and isinstance(value, str):
            out.setdefault(name, value)
    for name, urn in one.depends.items():
        if address := addresses.get(urn):
            out[name] = referring(out.get(name), functools.partial(_taken, address))
    return out


def _taken(address: str, why: Unknown) -> _Taken:
    return _Taken(why.reason, address)


def _spelled(key: str) -> str:
    """`bucketName` as `BucketName`; what is no property's name (`aws:SecureTransport`) stays."""
    return key[0].upper() + key[1:] if key[:1].islower() and key.isalnum() else key
