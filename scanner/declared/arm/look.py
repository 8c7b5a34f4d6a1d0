"""An Azure resource with its neighbours, and questions that several services share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner.declared.arm.evaluate import shown
from scanner.declared.arm.nodes import Array, Call, Literal, Member, Name, NoExpression, Object, Shown, parse
from scanner.declared.model import Resource, Unknown
from scanner.declared.stating import MISSING, Check, Look, Said, truth


class AzureLook(Look):
    """Attributes are found in any case, as Azure itself does."""

    def __init__(self, resource: Resource, peers: list[AzureLook]) -> None:
        super().__init__(resource, fold=True)
        self.peers = peers
        self.kind = resource.type.lower()

    @property
    def name(self) -> str:
        return str(self.resource.provider.get("name", "")).casefold()

    @property
    def version(self) -> str:
        """The API version, whose defaults hold."""
        value = self.get("apiVersion")
        return value if isinstance(value, str) else str(self.resource.provider.get("version", ""))

    def parent(self) -> AzureLook | None:
        """The resource this one is declared under, in whichever way it says so."""
        symbol = self.resource.provider.get("parent")
        if symbol:
            prefix = str(self.resource.provider.get("prefix", ""))
            wanted = {str(symbol), prefix + str(symbol)}
            return next((peer for peer in self.peers if peer.resource.address in wanted), None)
        kind, _, _ = self.kind.rpartition("/")
        name, _, _ = self.name.rpartition("/")
        if kind.endswith("/providers"):  # an extension: account/default/Microsoft.Insights/setting
            kind, name = kind.removesuffix("/providers"), name.rpartition("/")[0]
        while "/" in kind:
            if found := next((p for p in self.peers if p.kind == kind and p.name == name), None):
                return found
            kind, name = kind.rpartition("/")[0], name.rpartition("/")[0]
        return None

    def scoped(self) -> AzureLook | None:
        """The resource that an extension (a diagnostic setting, a lock) is put on."""
        scope = self.get("scope")
        if scope is not MISSING and (found := self.named(scope)) is not None:
            return found
        return self.parent() if self.kind.count("/") > 1 else None

    def named(self, reference: Any) -> AzureLook | None:
        """The resource that a reference (a symbol, `x.id`, a `resourceId()`) means."""
        if isinstance(reference, Shown) and reference.target:
            prefix = str(self.resource.provider.get("prefix", ""))
            wanted = (reference.target, prefix + reference.target)
            return next((p for p in self.peers if p.resource.address in wanted), None)
        text = shown(reference).casefold()
        return (
            next((p for p in self.peers if p.name and p.kind in text and text.endswith(p.name)), None)
            if text
            else None
        )

    def above(self) -> Iterator[AzureLook]:
        """Its parent, that one's parent, and so on."""
        seen: set[int] = {id(self)}
        at = self.parent()
        while at is not None and id(at) not in seen:
            seen.add(id(at))
            yield at
            at = at.parent()

    def source(self, path: str) -> Any:
        """An attribute as written: a JSON text, or a Bicep expression."""
        at = self.resource.provider.get("raw")
        for key in path.split("."):
            if isinstance(at, Object):
                at = next(
                    (v for k, v, _ in at.entries if isinstance(k, str) and k.casefold() == key.casefold()),
                    None,
                )
            elif isinstance(at, Array) and key.isdigit():
                at = at.items[int(key)][0] if int(key) < len(at.items) else None
            elif isinstance(at, Mapping):
                at = next((v for k, v in at.items() if k.casefold() == key.casefold()), None)
            else:
                return None
        return at


def secret(*paths: str) -> Check:
    """`no_plaintext_secret`: given as a secure parameter without default, or from a vault."""

    def check(look: Look) -> Iterator[Said]:
        for path in paths:
            value = look.get(path)
            if value is MISSING or not isinstance(look, AzureLook):
                continue
            parameter = _parameter(look.source(path))
            if parameter is not None:
                secure = look.resource.provider.get("secure")
                held = bool(secure and secure(parameter)) and not (isinstance(value, str) and value)
                reason = "" if held else f"parameter {parameter} is not secure or has a default"
                yield look.say("no_plaintext_secret", held, path, reason)
            elif isinstance(value, Unknown):
                yield look.say("no_plaintext_secret", True, path, value.reason)
            elif isinstance(value, str) and value:
                yield look.say("no_plaintext_secret", False, path, "the secret is a literal in the template")

    return check


def _parameter(node: Any) -> str | None:
    if isinstance(node, str) and node.startswith("[") and node.endswith("]"):
        try:
            node = parse(node[1:-1])
        except NoExpression:
            return None
        if isinstance(node, Call) and node.name.lower() == "parameters" and node.arguments:
            argument = node.arguments[0]
            return str(argument.value) if isinstance(argument, Literal) else None
        return None
    if isinstance(node, Member):
        return None
    return node.name if isinstance(node, Name) else None


def either(safeguard: str, *checks: Check) -> Check:
    """PRESENT if any of the checks says so; else unknown if one is; else what the first says."""

    def check(look: Look) -> Iterator[Said]:
        said = [one for inner in checks for one in inner(look) if one.safeguard == safeguard]
        rank = {"present": 0, "unknown": 1, "absent": 2}
        if said:
            yield min(said, key=lambda one: rank.get(one.state.value, 3))

    return check


def location(look: Look) -> str | None:
    """The region, where it is written out."""
    value = look.get("location")
    return value.lower().replace(" ", "") if isinstance(value, str) and value else None


def enabled(value: Any) -> bool | None:
    """`Enabled`, `ON`, true."""
    return truth(value)


def items(value: Any) -> Iterable[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
