"""One `DeclaredStore` from what its resources say, each by itself and all together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from scanner.common.tags import tag_evidence
from scanner.declared.model import DeclaredStore, Location, Part, Resource
from scanner.declared.public import taken_together
from scanner.declared.stating import Said
from scanner.model import Basis, Evidence, Origin, State, Store
from scanner.safeguards import SAFEGUARDS


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A satellite and what it says."""

    resource: Resource
    said: tuple[Said, ...]


_ORDER = (State.ABSENT, State.UNKNOWN, State.PRESENT, State.NOT_APPLICABLE)


_ENOUGH: dict[str, int | str] = {
    "backup_retention_days": 7,
    "audit_log_retention_days": 90,
    "min_tls_version": "1.2",
}
"""What counts as protected where no rule of the department says otherwise; rules see the value itself."""
_CACHES = ("ElastiCache", "MemoryDB", "Redshift")
"""Their contents can be made again, or are copies: any backup counts."""
_DIARIES = ("AWS::Logs::LogGroup",)
"""Not audit logs as such: any set time counts, and rules see which."""


def weighed(said: Said) -> Said:
    """The statement with its state by its value: TLS 1.0 is a version and no protection."""
    enough = _ENOUGH.get(said.safeguard)
    if enough is None or said.value is None or said.state is not State.PRESENT:
        return said
    if said.safeguard == "backup_retention_days" and any(word in said.source for word in _CACHES):
        return said
    if said.safeguard == "audit_log_retention_days" and any(word in said.source for word in _DIARIES):
        return said
    if isinstance(enough, int):
        held = isinstance(said.value, int) and said.value >= enough
    else:
        held = str(said.value) >= enough
    return (
        said
        if held
        else dataclasses.replace(said, state=State.ABSENT, reason=said.reason or f"less than {enough}")
    )


def together(said: Iterable[tuple[Resource, Said]]) -> dict[str, tuple[Resource, Said]]:
    """The statement that decides each safeguard: what is said beats what holds by default, and of
    several that are said the worst counts, since one open door is enough."""
    found: dict[str, tuple[Resource, Said]] = {}
    for resource, new in said:
        if new.safeguard not in found:
            found[new.safeguard] = (resource, new)
            continue
        old = found[new.safeguard][1]
        defaults = (old.basis is Basis.PROVIDER_DEFAULT, new.basis is Basis.PROVIDER_DEFAULT)
        if defaults == (True, False) or (
            defaults[0] == defaults[1] and _ORDER.index(new.state) < _ORDER.index(old.state)
        ):
            found[new.safeguard] = (resource, new)
    return found


def assemble(
    resource: Resource,
    said: Iterable[Said],
    satellites: Iterable[Piece] = (),
    *,
    kind: str,
    provider: str,
    names: Iterable[str] = (),
    tags: Mapping[str, str] | None = None,
    region: str | None = None,
    name: str = "",
) -> DeclaredStore:
    """Join a resource and its satellites. `tags=None`: not knowable. Safeguards that the registry
    does not know are left out."""
    pieces = tuple(satellites)
    # With the type: templates for Azure often give a server and an account the same parameter as name.
    identity = f"declared:{resource.location.file}#{resource.type}:{resource.address}"
    whole = [(resource, weighed(one)) for one in said]
    whole += [(piece.resource, weighed(one)) for piece in pieces for one in piece.said]
    decided = {key: value for key, value in together(whole).items() if key in SAFEGUARDS}
    decided |= dict(taken_together(kind, provider, decided))
    evidence = tuple(_evidence(identity, one) for _, one in decided.values())
    if region:
        evidence += (Evidence(identity, "region", State.PRESENT, Basis.EXPLICIT, resource.type, region),)
    source = f"{resource.type} tags"
    evidence += tuple(tag_evidence(identity, tags, source, basis=Basis.COMPUTED))
    return DeclaredStore(
        store=Store(
            id=identity,
            scope_id=f"declared:{resource.location.file}",
            kind=kind,
            provider=provider,
            name=name or resource.address,
            aliases=tuple(dict.fromkeys((resource.address, *names))),
            region=region,
            tags=tags,
            origin=Origin.DECLARED,
        ),
        evidence=evidence,
        location=resource.location,
        locations={key: _location(part, one) for key, (part, one) in decided.items()},
        address=resource.address,
        type=resource.type,
        parts=tuple(_part(identity, piece) for piece in pieces),
    )


def _part(identity: str, piece: Piece) -> Part:
    decided = together((piece.resource, weighed(one)) for one in piece.said)
    return Part(
        piece.resource.address,
        piece.resource.type,
        piece.resource.location,
        tuple(_evidence(identity, one) for _, one in decided.values() if one.safeguard in SAFEGUARDS),
        {key: _location(piece.resource, one) for key, (_, one) in decided.items()},
    )


def _evidence(identity: str, said: Said) -> Evidence:
    return Evidence(identity, said.safeguard, said.state, said.basis, said.source, said.value, said.reason)


def _location(resource: Resource, said: Said) -> Location:
    line = said.line or resource.location.line
    return Location(
        resource.location.file, line, resource.location.end_line if line == resource.location.line else line
    )
