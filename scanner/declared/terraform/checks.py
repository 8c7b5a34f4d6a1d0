"""The small vocabulary in which the maps by provider say how a safeguard is read.

A check looks at one resource, with the resources joined to it, and gives a `Fact`. Checks are
put together from a few kinds: a switch, a set value, a value among allowed ones, a number.
"""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scanner.declared.model import Resource, Unknown
from scanner.declared.terraform.estate import Estate
from scanner.declared.terraform.values import Ref, address_of, marked
from scanner.model import Basis, State, Value

YES, NO, DOUBT = State.PRESENT, State.ABSENT, State.UNKNOWN


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """What one check found out."""

    state: State
    basis: Basis
    path: str = ""
    """Attribute that decides."""
    value: Value = None
    reason: str = ""
    resource: Resource | None = None
    """The joined resource that decides, where it is another one."""


class View:
    """One resource and the others it belongs with."""

    def __init__(self, resource: Resource, estate: Estate) -> None:
        self.resource, self.estate = resource, estate

    def get(self, path: str) -> Any:
        """The value at a dotted path; of repeated blocks the first. None where not set."""
        value: Any = self.resource.attributes
        for part in path.split("."):
            if isinstance(value, list):
                value = value[0] if value else None
            if isinstance(value, Unknown) or value is None:
                return value
            if not isinstance(value, Mapping):
                return None
            value = value.get(part)
        return value

    def word(self, path: str, default: str = "") -> str:
        """The value as text in small letters; `default` where it is not set or not known."""
        value = self.get(path)
        return default if value is None or isinstance(value, Unknown) else str(value).lower()

    def blocks(self, path: str) -> list[Any]:
        """Every block at a path, through repeated blocks: mappings, or Unknown for anything else."""
        return [
            one if isinstance(one, (Mapping, Unknown)) else Unknown("a block was expected here")
            for one in self.items(path)
        ]

    def items(self, path: str) -> list[Any]:
        """Every block or list item at a path, through repeated blocks."""
        found: list[Any] = [self.resource.attributes]
        for part in path.split("."):
            following: list[Any] = []
            for one in found:
                value = (
                    one.get(part) if isinstance(one, Mapping) else one if isinstance(one, Unknown) else None
                )
                if isinstance(value, list):
                    following += value
                elif value is not None:
                    following.append(value)
            found = following
        return found

    def joined(self, *types: str) -> list[View]:
        """Resources of these types that name this one."""
        return [View(one, self.estate) for one in self.estate.joined(self.resource, types)]


Check = Callable[[View], "Fact | None"]


def truth(value: Any) -> bool | None:
    """A switch in any of the spellings that providers accept; None if it is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return bool(value)
    text = str(value).strip().lower()
    if text in ("true", "enabled", "enable", "on", "yes", "1", "default", "required"):
        return True
    if text in ("false", "disabled", "disable", "off", "no", "0", "none", "", "suspended"):
        return False
    return None


def _stated(state: State, view: View, path: str, value: Value = None, reason: str = "") -> Fact:
    return Fact(state, Basis.EXPLICIT, path, value, reason, view.resource)


def _default(state: State | None, path: str, view: View, value: Value = None) -> Fact | None:
    if state is None:
        return None
    return Fact(state, Basis.PROVIDER_DEFAULT, path, value, "not set", view.resource)


def doubt(view: View, path: str, why: Unknown | str) -> Fact:
    reason = why.reason if isinstance(why, Unknown) else why
    return Fact(DOUBT, Basis.COMPUTED, path, None, reason, view.resource)


def unknown_of(value: Any) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    return Unknown("text with a part that is not known") if marked(value) else None


def flag(path: str, default: State | None = NO, *, off: bool = False) -> Check:
    """A switch; `off` where the safeguard is that it is not on."""

    def check(view: View) -> Fact | None:
        value = view.get(path)
        if value is None:
            return _default(default, path, view)
        unknown = unknown_of(value)
        if unknown is not None:
            return doubt(view, path, unknown)
        on = truth(value)
        if on is None:
            return doubt(view, path, "neither on nor off")
        return _stated(YES if on is not off else NO, view, path)

    return check


def given(*paths: str, default: State | None = NO, then: State = YES) -> Check:
    """Set to anything: a reference to a resource counts, a variable without default does not."""

    def check(view: View) -> Fact | None:
        doubtful = None
        for path in paths:
            value = view.get(path)
            if isinstance(value, Unknown) and not isinstance(value, Ref):
                doubtful = doubt(view, path, value)
            elif isinstance(value, str) and not value.strip():
                continue
            elif isinstance(value, Unknown) or value not in (None, [], {}):
                return _stated(then, view, path)
        if doubtful is not None:
            return doubtful
        path = next((p for p in paths if view.get(p) is not None), paths[0])
        return _default(default, path, view)

    return check


def own_key(*paths: str, default: State | None = NO) -> Check:
    """A key of the department's own: set, and not the provider's (`alias/aws/…`)."""

    def check(view: View) -> Fact | None:
        for path in paths:
            value = view.get(path)
            address = address_of(value)
            if isinstance(value, str) and "alias/aws/" in value:
                return _stated(NO, view, path, reason="the provider's own key")
            kind = address.rpartition(".")[0].rpartition(".")[2]
            if address and ".data." in f".{address}" and kind in ("aws_kms_key", "aws_kms_alias"):
                named = next(
                    (r for r in view.estate.by_type.get(f"data.{kind}", ()) if r.address == address), None
                )
                text = named.attributes.get("key_id") or named.attributes.get("name") if named else None
                if isinstance(text, str) and text.startswith("alias/aws/"):
                    return _stated(NO, view, path, reason="the provider's own key")
        return given(*paths, default=default)(view)

    return check


def among(path: str, good: Iterable[str], default: State | None = NO, *, bad: bool = False) -> Check:
    """One of the given words (globs, any case); `bad` where these are the ones refused."""
    words = [word.lower() for word in good]

    def check(view: View) -> Fact | None:
        value = view.get(path)
        if value is None:
            return _default(default, path, view)
        unknown = unknown_of(value)
        if unknown is not None:
            return doubt(view, path, unknown)
        text = str(value).lower()
        hit = any(fnmatch.fnmatch(text, word) for word in words)
        return _stated(YES if hit is not bad else NO, view, path)

    return check


def number(
    path: str, good: Callable[[float], bool], default: State | None = NO, *, plain: int | None = None
) -> Check:
    """A number that fits; `plain` is the provider's own where none is set."""

    def check(view: View) -> Fact | None:
        value = view.get(path)
        if value is None:
            return _default(default, path, view, plain)
        unknown = unknown_of(value)
        if unknown is not None:
            return doubt(view, path, unknown)
        try:
            amount = float(str(value).rstrip("sd"))
        except ValueError:
            return doubt(view, path, "not a number")
        return _stated(YES if good(amount) else NO, view, path, int(amount))

    return check


def lists(path: str, good: Callable[[list[str]], bool], default: State | None = NO) -> Check:
    """A list of words; judged when all items are known, or when the known ones already suffice."""

    def check(view: View) -> Fact | None:
        value = view.get(path)
        if value is None:
            return _default(default, path, view)
        if isinstance(value, Unknown):
            return doubt(view, path, value)
        items = value if isinstance(value, list) else [value]
        known = [str(i).lower() for i in items if unknown_of(i) is None]
        if good(known):
            return _stated(YES, view, path)
        unknown = next((unknown_of(i) for i in items if unknown_of(i) is not None), None)
        return _stated(NO, view, path) if unknown is None else doubt(view, path, unknown)

    return check


def has(path: str, *words: str, default: State | None = NO) -> Check:
    return lists(path, lambda items: any(word in items for word in words), default)


def every(*checks: Check) -> Check:
    """All of them hold (Kleene); what is not stated is left out."""

    def check(view: View) -> Fact | None:
        facts = [f for f in (c(view) for c in checks) if f is not None]
        return _weakest(facts)

    return check


def _weakest(facts: list[Fact]) -> Fact | None:
    for state in (NO, DOUBT, YES):
        for fact in facts:
            if fact.state is state:
                return fact
    return None


def either(*checks: Check) -> Check:
    """One is enough (Kleene); of failures the explicit one is named."""

    def check(view: View) -> Fact | None:
        return strongest([f for f in (c(view) for c in checks) if f is not None])

    return check


def strongest(facts: list[Fact]) -> Fact | None:
    for state in (YES, DOUBT, NO):
        hits = [fact for fact in facts if fact.state is state]
        if hits:
            return max(hits, key=lambda f: f.basis.strength)
    return None


def joined(
    types: str | tuple[str, ...], inner: Check, none: State | None = NO, *, all: bool = False
) -> Check:
    """The check on resources that name this one; `all` where every one must pass."""
    kinds = (types,) if isinstance(types, str) else types

    def check(view: View) -> Fact | None:
        facts = [f for f in (inner(one) for one in view.joined(*kinds)) if f is not None]
        if not facts:
            return _default(none, "", view)
        return _weakest(facts) if all else strongest(facts)

    return check


def first(*checks: Check) -> Check:
    """The first that says anything."""

    def check(view: View) -> Fact | None:
        for one in checks:
            fact = one(view)
            if fact is not None:
                return fact
        return None

    return check


def when(test: Callable[[View], Any], inner: Check) -> Check:
    """Asked only where the test holds."""
    return lambda view: inner(view) if test(view) is True else None


def is_(path: str, *globs: str) -> Callable[[View], bool]:
    """Test: the value is one of these words."""

    def test(view: View) -> bool:
        value = view.get(path)
        return isinstance(value, str) and any(fnmatch.fnmatch(value.lower(), glob) for glob in globs)

    return test


def always(state: State, reason: str = "") -> Check:
    """True of every such resource, as the provider documents."""
    return lambda view: Fact(state, Basis.PROVIDER_DEFAULT, "", None, reason, view.resource)


def declared_so(state: State, path: str = "", reason: str = "") -> Check:
    """True because the resource is declared at all."""
    return lambda view: _stated(state, view, path, reason=reason)


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """What one resource type is, and how its safeguards are read."""

    store: str
    """Kind of store (`bucket`, `database`, …); empty for a part of another store."""
    checks: Mapping[str, Check]
    name: tuple[str, ...] = ("name",)
    """Attributes that give the store's name, best first."""
    parents: tuple[str, ...] = ()
    """For a part: types of the stores it belongs to."""
