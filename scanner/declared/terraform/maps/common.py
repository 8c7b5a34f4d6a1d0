"""Questions that several providers' maps ask: ports, logins, engine versions, parameter groups, policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.declared.engines import DEFAULT_PORTS, PREDICTABLE_LOGINS, supported
from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    DOUBT,
    NO,
    YES,
    Check,
    Fact,
    View,
    among,
    doubt,
    first,
    joined,
    unknown_of,
)
from scanner.declared.terraform.policies import not_public, policy
from scanner.declared.terraform.values import address_of
from scanner.model import Basis

REQUIRE = ("require", "verify-ca", "verify-full")


def other_port(engine: str = "", path: str = "port") -> Check:
    """The port is not the engine's usual one; unset is the usual one."""

    def check(view: View) -> Fact | None:
        port, name = view.get(path), engine or view.word("engine")
        usual = next((one for key, one in DEFAULT_PORTS.items() if name.startswith(key)), None)
        if port is None:
            return Fact(NO, Basis.PROVIDER_DEFAULT, path, None, "not set", view.resource)
        unknown = unknown_of(port)
        if unknown is not None:
            return doubt(view, path, unknown)
        try:
            given_port = int(float(str(port)))
        except ValueError:
            return doubt(view, path, "not a number")
        same = given_port == usual if usual else given_port in DEFAULT_PORTS.values()
        return Fact(NO if same else YES, Basis.EXPLICIT, path, None, "", view.resource)

    return check


def login(*paths: str) -> Check:
    """The administrator's name is none of those that are tried first; nothing said where none is set."""
    return first(*(among(path, PREDICTABLE_LOGINS, None, bad=True) for path in paths))


def fixed_version(version: str = "engine_version", engine: str = "engine", known: str = "") -> Check:
    """The engine's version still gets security fixes; nothing said of engines or versions not listed."""

    def check(view: View) -> Fact | None:
        number = view.get(version)
        if isinstance(number, Unknown):
            return doubt(view, version, number)
        answer = supported(known or view.word(engine), str(number or ""))
        if answer is None:
            return None
        return Fact(YES if answer else NO, Basis.EXPLICIT, version, None, "", view.resource)

    return check


def parameters(
    view: View, block: str = "parameter", name: str = "name", value: str = "value"
) -> dict[str, Any]:
    """The parameters of a group by name, in small letters."""
    return {str(p.get(name)).lower(): p.get(value) for p in view.blocks(block) if isinstance(p, Mapping)}


def parameter(
    *names: str,
    good: tuple[str, ...] = ("1", "true", "on", "require"),
    default: Any = NO,
    block: str = "parameter",
    keys: tuple[str, str] = ("name", "value"),
) -> Check:
    """A parameter of a group has one of the good values."""

    def check(view: View) -> Fact | None:
        found = parameters(view, block, *keys)
        for name in names:
            if name in found:
                unknown = unknown_of(found[name])
                if unknown is not None:
                    return doubt(view, block, unknown)
                state = YES if str(found[name]).lower() in good else NO
                return Fact(state, Basis.EXPLICIT, block, None, "", view.resource)
        if any(isinstance(p, Unknown) for p in view.blocks(block)):
            return Fact(DOUBT, Basis.COMPUTED, block, None, "parameters that are not known", view.resource)
        if default is None:
            return None
        return Fact(default, Basis.PROVIDER_DEFAULT, block, None, "not set", view.resource)

    return check


def in_group(attribute: tuple[str, ...], types: tuple[str, ...], inner: Check, none: Any = NO) -> Check:
    """The check on the parameter group that this store names."""

    def check(view: View) -> Fact | None:
        for name in attribute:
            value = view.get(name)
            one = pointed(view, name, types)
            if one is not None:
                return inner(one)
            if isinstance(value, Unknown):
                return doubt(view, name, value)
        if none is None:
            return None
        return Fact(none, Basis.PROVIDER_DEFAULT, attribute[0], None, "not set", view.resource)

    return check


def pointed(view: View, attribute: str, types: tuple[str, ...]) -> View | None:
    """The resource of one of these types that an attribute names, by reference or by its name."""
    value = view.get(attribute)
    address = address_of(value)
    for kind in types:
        for one in view.estate.by_type.get(kind, ()):
            same = isinstance(value, str) and bool(value) and not address and value in (
                one.attributes.get("name"), one.attributes.get("identifier"), one.attributes.get("cluster_identifier"))  # fmt: skip
            if (address and one.address == address) or same:
                return View(one, view.estate)
    return None


def taken_over(attributes: tuple[str, ...], types: tuple[str, ...], inner: Check) -> Check:
    """The check on the source that this resource is made from; unknown where the source is not here."""

    def check(view: View) -> Fact | None:
        for name in attributes:
            if view.get(name) in (None, "", [], {}):
                continue
            source = pointed(view, name, types)
            if source is not None:
                return inner(source)
            return doubt(view, name, "taken over from a source that is not here")
        return None

    return check


def open_policy(path: str = "policy", *satellites: str, apart: str = "policy", default: Any = YES) -> Check:
    """Nobody is let in by the resource's own policy, nor by one that stands beside it."""
    own = policy(path, not_public)
    if not satellites:
        return own if default is None else first(own, lambda view: Fact(
            default, Basis.PROVIDER_DEFAULT, path, None, "no policy", view.resource))  # fmt: skip
    return first(joined(satellites, policy(apart, not_public), None, all=True), own, lambda view: None if default is None
                 else Fact(default, Basis.PROVIDER_DEFAULT, path, None, "no policy", view.resource))  # fmt: skip
