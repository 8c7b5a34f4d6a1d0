"""A CloudFormation resource with its template around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.common.aws_policy import Policy
from scanner.declared.cloudformation.values import Mixed, Pointer, Values
from scanner.declared.model import Resource, Unknown
from scanner.declared.stating import MISSING, Look, Said


class Peers(dict[str, "AwsLook"]):
    """The resources of one template by logical id, and by type and name too: large ones have thousands."""

    def __init__(self) -> None:
        super().__init__()
        self._counted = 0
        self._types: dict[str, list[AwsLook]] = {}
        self._names: dict[str, list[str]] = {}

    def of_type(self, type: str) -> list[AwsLook]:
        self._index()
        return self._types.get(type, [])

    def named(self, name: str) -> list[str]:
        """Logical ids of the resources that the template gives a name to."""
        self._index()
        return self._names.get(name, [])

    def _index(self) -> None:
        if self._counted == len(self):
            return
        self._types, self._names, self._counted = {}, {}, len(self)
        for id, look in self.items():
            self._types.setdefault(look.type, []).append(look)
            for name in look.names:
                self._names.setdefault(name, []).append(id)


_NAMING = re.compile(
    r"BucketName|TableName|QueueName|TopicName|DB\w*Identifier|DB\w*Name|TrailName|Name|"
    r"ClusterIdentifier|ReplicationGroupId|RepositoryName|DomainName|FileSystemId",
    re.IGNORECASE,
)


class AwsLook(Look):
    """Finds the resources that another one refers to."""

    def __init__(self, resource: Resource, raw: Mapping[str, Any], values: Values, peers: Peers) -> None:
        super().__init__(resource, fold=True, raw=raw)
        self.values = values
        self.peers = peers

    @property
    def id(self) -> str:
        return self.resource.address.rpartition(".")[2]

    def links(self, path: str) -> list[str]:
        """Logical ids of the resources of this template that the value at a path refers to."""
        value = self.get(path)
        return list(dict.fromkeys(i for v in _flat(value) for i in self._link(v)))

    def _link(self, value: Any) -> Iterator[str]:
        if isinstance(value, Pointer) and value.target in self.peers:
            yield value.target
        elif isinstance(value, Mixed):
            yield from (target for target in value.targets if target in self.peers)
        elif isinstance(value, str):
            if value in self.peers:
                yield value  # converted templates lose their Ref; a literal of that name means it
            else:
                yield from self.peers.named(value)

    @property
    def names(self) -> tuple[str, ...]:
        """Physical names given in the template."""
        attributes = self.resource.attributes.items()
        return tuple(
            value for key, value in attributes if isinstance(value, str) and value and _NAMING.fullmatch(key)
        )

    def of_type(self, *types: str) -> Iterator[AwsLook]:
        return (peer for type in types for peer in self.peers.of_type(type))

    def referring(self, type: str, path: str) -> Iterator[AwsLook]:
        """Resources of a type that refer to this one at a path."""
        return (peer for peer in self.of_type(type) if self.id in peer.links(path))


def policy_of(document: Any) -> Policy | Unknown | None:
    """A policy document with its unknown parts as placeholders; None if it is no policy."""
    if isinstance(document, Unknown):
        return document if not isinstance(document, Mixed) else _parse(document.text)
    if isinstance(document, str):
        return _parse(document)
    if not isinstance(document, Mapping):
        return None
    return _of(placeholders(document))


def _parse(text: str) -> Policy | Unknown | None:
    try:
        return Policy.parse(text)
    except ValueError:
        return None


def _of(document: Any) -> Policy | Unknown | None:
    if isinstance(document.get("Statement"), Unknown):
        return document["Statement"]  # type: ignore[no-any-return]
    try:
        return Policy.of(document)
    except ValueError:
        return None


def placeholders(value: Any) -> Any:
    """The value with `${name}` wherever a part of it is not known."""
    if isinstance(value, Mixed):
        return value.text
    if isinstance(value, Pointer):
        return "${" + value.target + "}"
    if isinstance(value, Unknown):
        return "${unknown}"
    if isinstance(value, Mapping):
        # A whole unknown block (a statement, its condition) is nothing that can be read.
        return {
            k: v if k == "Statement" and isinstance(v, Unknown) else placeholders(v) for k, v in value.items()
        }
    if isinstance(value, list):
        return [placeholders(item) for item in value]
    return value


def open_policy(look: Look, path: str, safeguard: str = "policy_not_public") -> Iterator[Said]:
    """`policy_not_public` from the policy document at a path."""
    policy = policy_of(look.get(path))
    if isinstance(policy, Unknown):
        yield look.unknown(safeguard, policy, path)
    elif policy is None:
        yield look.unknown(safeguard, "the policy document could not be read", path)
    else:
        answer = policy.open_to_everybody
        if answer is None:
            reason = "a Deny takes back part of what is allowed to everybody; how much is not worked out"
            yield look.unknown(safeguard, reason, path)
        else:
            yield look.say(safeguard, not answer, path, "a statement allows everybody" if answer else "")


def plaintext(look: Look, *paths: str) -> Iterator[Said]:
    """`no_plaintext_secret`: the secrets at `paths` come from a secret store or a parameter without default."""
    for path in paths:
        value = look.get(path)
        if value is MISSING or not isinstance(look, AwsLook):
            continue
        written = look.written(path)
        if isinstance(written, str) and written in look.values.parameters:
            written = {"Ref": written}
        name = written.get("Ref") if isinstance(written, Mapping) and len(written) == 1 else None
        parameter = look.values.parameters.get(name) if isinstance(name, str) else None
        if isinstance(parameter, Mapping):
            default = parameter.get("Default")
            if default in (None, "") or "{{resolve:" in str(default):
                yield look.say("no_plaintext_secret", True, path, "given as a parameter at deployment")
            else:
                yield look.say("no_plaintext_secret", False, path, "the parameter's default is a literal")
        elif isinstance(value, Unknown):
            yield look.say("no_plaintext_secret", True, path, value.reason)
        elif isinstance(value, str) and value:
            yield look.say("no_plaintext_secret", False, path, "the secret is a literal in the template")


def tags_of(look: Look, path: str = "Tags") -> dict[str, str] | None:
    """Tags as one mapping, from a list of keys and values or a mapping; None where not knowable."""
    value = look.get(path)
    if isinstance(value, Unknown):
        return None
    found: dict[str, Any] = {}
    if isinstance(value, Mapping):
        found = {str(k): v for k, v in value.items() if not isinstance(v, Unknown | Mapping | list)}
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, Unknown):
                return None
            if isinstance(item, Mapping) and isinstance(item.get("Key"), str):
                tag = item.get("Value")
                found[item["Key"]] = "(known at deployment)" if isinstance(tag, Unknown) else tag
    return {key: str(tag) for key, tag in found.items()}


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    else:
        yield value
