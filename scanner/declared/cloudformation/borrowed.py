"""Resources of other tools that carry CloudFormation's properties: `awscc_*` in Terraform, `aws-native` in Pulumi.

Both are generated from the same registry of types, and spell types and properties in a case of their own.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.cloudformation import joining
from scanner.declared.cloudformation.look import AwsLook, Peers
from scanner.declared.cloudformation.values import Pointer, Values
from scanner.declared.model import DeclaredStore, Resource, Unknown
from scanner.model import Evidence

Target = Callable[[Unknown], str]
"""The address of the resource that a value is taken from; an empty text for any other."""


@functools.cache
def kinds() -> Mapping[str, str]:
    """`s3bucket` to `AWS::S3::Bucket`, for every type that a map knows."""
    return {bare(kind.removeprefix("AWS::")): kind for kind in joining.kinds()}


def bare(word: str, kept: str = "") -> str:
    """Letters and digits only, in small letters."""
    return "".join(char for char in word.lower() if char.isalnum() or char in kept)


def stores(
    resources: Sequence[tuple[str, Resource]], spelled: Callable[[str], str], target: Target
) -> Iterator[DeclaredStore]:
    """The stores among (CloudFormation's type, resource), under their own types and addresses.

    `spelled`: a property's name as CloudFormation spells it, but for capital and small letters.
    """
    names = {one.address: f"r{number}" for number, (_, one) in enumerate(resources)}
    known = {names[one.address]: one for _, one in resources}
    values, looks = Values({}), Peers()
    for kind, one in resources:
        renamed = dataclasses.replace(
            one,
            address=names[one.address],
            type=kind,
            attributes=_respelled(one.attributes, spelled, lambda value: names.get(target(value), "")),
            lines={bare(path, "."): line for path, line in one.lines.items()},
        )
        looks[renamed.address] = AwsLook(renamed, {}, values, looks)
    for store in joining.stores(looks):
        yield under(store, known)


def _respelled(value: Any, spelled: Callable[[str], str], target: Target) -> Any:
    if isinstance(value, Mapping):
        return {
            spelled(key) if isinstance(key, str) else key: _respelled(inner, spelled, target)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_respelled(item, spelled, target) for item in value]
    if isinstance(value, Unknown) and (name := target(value)):
        return Pointer(value.reason, name)
    return value


def under(store: DeclaredStore, known: Mapping[str, Resource]) -> DeclaredStore:
    """A store and its parts under the types and addresses of their own language, by those used for joining."""
    own = known[store.address]
    identity = f"declared:{own.location.file}#{own.type}:{own.address}"
    aliases = (own.address, *(alias for alias in store.store.aliases if alias != store.address))
    name = own.address if store.store.name == store.address else store.store.name

    def moved(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        return tuple(dataclasses.replace(item, subject_id=identity) for item in evidence)

    parts = tuple(
        dataclasses.replace(
            part,
            address=known[part.address].address,
            type=known[part.address].type,
            evidence=moved(part.evidence),
        )
        for part in store.parts
    )
    return dataclasses.replace(
        store,
        store=dataclasses.replace(store.store, id=identity, name=name, aliases=aliases),
        address=own.address,
        type=own.type,
        evidence=moved(store.evidence),
        parts=parts,
    )
