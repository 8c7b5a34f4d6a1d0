"""Resources of providers that carry another language's properties: `awscc_*` and `azapi_resource`.

The first has CloudFormation's properties in snake case, the second a template's body; both are judged
by the front end whose words they use, and keep their Terraform address.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from scanner.declared.model import DeclaredStore, Resource, Unknown
from scanner.declared.terraform.decode import decoded
from scanner.declared.terraform.values import address_of

_AZAPI = ("azapi_resource", "azapi_update_resource")


def foreign(resource: Resource) -> bool:
    """Whether another front end knows this resource's words."""
    return resource.type.startswith("awscc_") or resource.type in _AZAPI


def stores(resources: Sequence[Resource]) -> Iterator[DeclaredStore]:
    """The stores among the resources that `foreign` names."""
    amazon = [one for one in resources if one.type.startswith("awscc_")]
    if amazon:
        yield from _amazon(amazon)
    azure = [one for one in resources if one.type in _AZAPI]
    if azure:
        yield from _azure(azure)


def _amazon(resources: Sequence[Resource]) -> Iterator[DeclaredStore]:
    from scanner.declared.cloudformation import borrowed

    known = borrowed.kinds()
    meant = [
        (kind, one) for one in resources if (kind := known.get(borrowed.bare(one.type.removeprefix("awscc"))))
    ]
    return borrowed.stores(meant, lambda key: key.replace("_", ""), address_of)


def _azure(resources: Sequence[Resource]) -> Iterator[DeclaredStore]:
    from scanner.declared.arm import joining

    made = []
    for one in resources:
        kind, _, version = str(one.attributes.get("type", "")).partition("@")
        body = decoded(one.attributes.get("body"))
        content = dict(body) if isinstance(body, Mapping) else {}
        if isinstance(body, Unknown):
            content["properties"] = body
        for name in ("name", "location", "tags", "identity"):
            if name in one.attributes:
                content.setdefault(name, one.attributes[name])
        made.append(
            dataclasses.replace(
                one,
                type=kind,
                attributes=content,
                lines={k.removeprefix("body."): v for k, v in one.lines.items()},
                provider={"name": str(one.attributes.get("name", "")), "version": version},
            )
        )
    yield from joining.stores(made)
