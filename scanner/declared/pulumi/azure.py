"""Resources of Pulumi's `azure-native` to stores, by the maps of Azure's templates.

The provider lifts a template's `properties` to the top and gives each part of a resource's name an input of its
own; here both go back to where a template has them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.arm import joining
from scanner.declared.arm.nodes import Shown
from scanner.declared.model import DeclaredStore, Resource
from scanner.declared.pulumi.azure_types import LIFTED, RENAMED, arm_type
from scanner.declared.pulumi.resources import Built, referring

_TOP = frozenset(
    ("extendedLocation", "identity", "kind", "location", "managedBy", "plan", "scope", "sku", "tags", "zones")
)
"""What a template has beside `properties`."""
_ID = re.compile(r"/providers/([^/]+)/(.+?)/?$")


def stores(built: Sequence[Built]) -> Iterator[DeclaredStore]:
    """The stores of one preview or stack."""
    known = {one.urn: _Known(one, *found) for one in built if (found := _type(one)) is not None}
    names = {urn: _name(urn, known) for urn in known}
    ids = {f"{known[urn].type}:{name}".casefold(): known[urn].built.address for urn, name in names.items()}
    resources = [_resource(one, names[urn], known, ids) for urn, one in known.items()]
    tokens = {one.built.address: one.built.token for one in known.values()}
    for store in joining.stores(resources):
        parts = tuple(dataclasses.replace(part, type=tokens[part.address]) for part in store.parts)
        yield dataclasses.replace(store, type=tokens[store.address], parts=parts)


@dataclasses.dataclass(frozen=True, slots=True)
class _Known:
    built: Built
    type: str
    naming: str
    """Inputs that make its name."""


def _type(one: Built) -> tuple[str, str] | None:
    found = arm_type(one.service, one.kind, one.version)
    said = one.outputs.get("type")
    if found is None or not isinstance(said, str) or said.casefold() == found[0].casefold():
        return found
    # One name served two services in turn; what was built says which it is.
    return (said, found[1]) if said.count("/") == found[0].count("/") else found


def _name(urn: str, known: Mapping[str, _Known]) -> str:
    """`account/default/container`, with `${…}` for a part that only an update gives."""
    naming = known[urn].naming.split()
    return "/".join(_part(urn, word, word == naming[-1], known) for word in naming)


def _part(urn: str, word: str, own: bool, known: Mapping[str, _Known], depth: int = 0) -> str:
    if word.startswith("="):
        return word[1:]
    one = known[urn].built
    value = one.inputs.get(word)
    if isinstance(value, str):
        return value.rpartition("/")[2]
    giver = known.get(one.depends.get(word, ""))
    if giver is not None and giver.built.urn != urn and depth < len(known):
        naming = giver.naming.split()
        same = word if word in naming else naming[-1]
        return _part(giver.built.urn, same, same == naming[-1], known, depth + 1)
    if own and isinstance(name := one.outputs.get("name"), str):
        return name
    return f"${{{urn.rpartition('::')[2]}}}"


def _resource(one: _Known, name: str, known: Mapping[str, _Known], ids: Mapping[str, str]) -> Resource:
    built = one.built
    inputs = {
        RENAMED.get(one.type, {}).get(key, key): _referred(built, key, value, known, ids)
        for key, value in built.inputs.items()
        if key not in one.naming.split() and key != "resourceGroupName"
    }
    for key in LIFTED:
        if isinstance(items := inputs.get(key), list):
            inputs[key] = [{"properties": item} for item in items]
    given = inputs.pop("properties", None)
    attributes: dict[str, Any] = {key: inputs.pop(key) for key in _TOP & inputs.keys()}
    attributes["properties"] = {**inputs, **given} if isinstance(given, Mapping) else given or inputs
    version = re.fullmatch(r"v(\d{4})(\d\d)(\d\d)(\w*)", built.version)
    provider = {"name": name, "version": "-".join(version.groups()[:3]) if version else ""}
    return Resource(built.address, one.type, attributes, built.at, {}, provider)


def _referred(built: Built, key: str, value: Any, known: Mapping[str, _Known], ids: Mapping[str, str]) -> Any:
    """The input with references to other resources of the stack as a template would have them."""
    giver = known.get(built.depends.get(key, ""))
    if giver is not None:
        address = giver.built.address
        return referring(value, lambda why: Shown(why.reason, f"${{{address}}}", address))
    return _pointing(value, ids)


def _pointing(value: Any, ids: Mapping[str, str]) -> Any:
    """Ids of resources of this stack as references to them."""
    if isinstance(value, Mapping):
        return {key: _pointing(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [_pointing(item, ids) for item in value]
    if isinstance(value, str) and (found := _ID.search(value)):
        words = found[2].split("/")
        type, name = "/".join((found[1], *words[::2])), "/".join(words[1::2])
        address = ids.get(f"{type}:{name}".casefold())
        if address is not None:
            return Shown("known once it is built", value, address)
    return value
