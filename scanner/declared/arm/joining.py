"""Azure resources to stores: children, rules and diagnostic settings joined to what they are about."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from scanner.declared.arm import children, databases, services, storage, warehouses
from scanner.declared.arm.look import AzureLook, items, location
from scanner.declared.assembling import Piece, assemble
from scanner.declared.model import DeclaredStore, Resource, Unknown
from scanner.declared.stating import MISSING, Check, Said

_CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    **storage.CHECKS,
    **databases.CHECKS,
    **services.CHECKS,
    **warehouses.CHECKS,
}
_SATELLITES: dict[str, tuple[Check, ...]] = {**storage.SATELLITES, **children.SATELLITES}
_DIAGNOSTICS = ("/providers/diagnosticsettings", "microsoft.insights/diagnosticsettings")
_INHERITED = {
    "microsoft.sql/servers/databases": ("audit_logging", "threat_detection"),
}
"""What a parent's setting does for its children (auditing of a server covers its databases)."""
_JUDGED_AS = {"account": "container", "server": "database"}
"""What rules call it: the settings of an account or a server hold for all that lies in it."""


def stores(resources: Iterable[Resource]) -> Iterator[DeclaredStore]:
    """The stores of one template and its modules, in the order in which they stand."""
    looks: list[AzureLook] = []
    for resource in resources:
        looks.append(AzureLook(resource, looks))
    attached: dict[int, list[Piece]] = {}
    for look in looks:
        for target, word in _beside(look):
            attached.setdefault(id(target), []).append(Piece(look.resource, (word,)))
    alone: list[tuple[AzureLook, str, Piece]] = []
    for look in looks:
        checks = _satellite(look)
        if checks is None or _existing(look):
            continue
        piece = Piece(look.resource, tuple(said for check in checks for said in check(look)))
        owner = _owner(look)
        if owner is None:
            if piece.said:
                alone.append((look, _kind(look), piece))
        else:
            attached.setdefault(id(owner), []).append(piece)
    for look in looks:
        if look.kind not in _CHECKS or (_existing(look) and id(look) not in attached):
            continue
        kind, questions = _CHECKS[look.kind]
        said = [] if _existing(look) else [*_ask(look, questions), *_tags(look)]
        pieces = [*attached.get(id(look), ()), *_inherited(look, attached)]
        yield _store(look, kind, said, pieces)
    for look, kind, piece in alone:
        yield _store(look, kind, list(piece.said), ())


def _beside(look: AzureLook) -> Iterator[tuple[AzureLook, Said]]:
    """Resources that are no children and still speak for a store: private endpoints and locks."""
    if look.kind == "microsoft.network/privateendpoints":
        for path in (
            "properties.privateLinkServiceConnections",
            "properties.manualPrivateLinkServiceConnections",
        ):
            for connection in items(look.get(path)):
                target = look.find("properties.privateLinkServiceId", connection)
                owner = look.named(target) if target is not MISSING else None
                if owner is not None:
                    yield owner, look.say("network_private", True, path)
    elif look.kind == "microsoft.authorization/locks":
        owner = look.scoped()
        level = str(look.get("properties.level")).lower()
        if owner is not None and level in ("cannotdelete", "readonly"):
            yield owner, look.say("deletion_protection", True, "properties.level")


def _satellite(look: AzureLook) -> tuple[Check, ...] | None:
    if look.kind.endswith(_DIAGNOSTICS):
        return (storage.diagnostics,)
    return _SATELLITES.get(look.kind)


def _owner(look: AzureLook) -> AzureLook | None:
    """The nearest store above a satellite; of a diagnostic setting, the one it is put on."""
    if look.kind.endswith(_DIAGNOSTICS):
        scoped = look.scoped()
        if scoped is not None and scoped.kind not in _CHECKS:
            return next((up for up in scoped.above() if up.kind in _CHECKS), None)
        return scoped
    return next((up for up in look.above() if up.kind in _CHECKS), None)


def _existing(look: AzureLook) -> bool:
    return bool(look.resource.provider.get("existing"))


def _inherited(look: AzureLook, attached: dict[int, list[Piece]]) -> list[Piece]:
    wanted = _INHERITED.get(look.kind, ())
    parent = look.parent() if wanted else None
    found = []
    for piece in attached.get(id(parent), ()) if parent is not None else ():
        said = tuple(one for one in piece.said if one.safeguard in wanted and one.state.value == "present")
        if said:
            found.append(Piece(piece.resource, said))
    return found


def _kind(look: AzureLook) -> str:
    kind = look.kind.removesuffix(_DIAGNOSTICS[0])
    while "/" in kind:
        kind = kind.rpartition("/")[0]
        if kind in _CHECKS:
            return _CHECKS[kind][0]
    return "store"


def _ask(look: AzureLook, checks: Iterable[Check]) -> Iterator[Said]:
    for check in checks:
        yield from check(look)


def _tags(look: AzureLook) -> Iterator[Said]:
    value = look.get("tags")
    if look.kind.count("/") != 1:
        return  # children carry no tags of their own
    if isinstance(value, Unknown):
        yield look.unknown("tags_present", value, "tags")
    else:
        yield look.say("tags_present", bool(value) and value is not MISSING, "tags", default=value is MISSING)


def _store(look: AzureLook, kind: str, said: list[Said], pieces: Iterable[Piece]) -> DeclaredStore:
    value = look.get("tags")
    tags: dict[str, str] | None = None
    if isinstance(value, dict):
        tags = {k: "(known at deployment)" if isinstance(v, Unknown) else str(v) for k, v in value.items()}
    elif value is MISSING:
        tags = {}
    store = assemble(
        look.resource,
        said,
        pieces,
        kind=_JUDGED_AS.get(kind, kind),
        provider="azure",
        names=list(_names(look)),
        tags=tags,
        region=location(look),
    )
    if look.kind == "securestring":  # a parameter carries no tags
        kept = tuple(e for e in store.evidence if e.safeguard == "no_plaintext_secret")
        return dataclasses.replace(store, evidence=kept)
    return store


def _names(look: AzureLook) -> Iterator[str]:
    """Names it could be seen under live, where they are written out."""
    name = str(look.resource.provider.get("name", ""))
    if not name or "${" in name:
        return
    yield name
    if look.kind == "microsoft.storage/storageaccounts":
        yield from (f"azure:{name}", f"https://{name}.blob.core.windows.net")
    elif look.kind.endswith("/blobservices/containers") and name.count("/") == 2:
        account, _, container = name.split("/")
        yield from (f"azure:{account}/{container}", f"https://{account}.blob.core.windows.net/{container}")
