"""Questions that several of Azure's services share: endpoints, firewalls, keys, what is logged."""

from __future__ import annotations

import dataclasses

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    NO,
    YES,
    Check,
    Fact,
    View,
    among,
    declared_so,
    doubt,
    either,
    first,
    flag,
    given,
    has,
    joined,
    unknown_of,
)
from scanner.model import Basis, State

_ANY = "0.0.0.0"  # noqa: S104 - an address in a firewall rule, not one to bind to


def private(default: State = NO) -> Check:
    return joined("azurerm_private_endpoint", declared_so(YES), default)


def public(default: State = NO) -> Check:
    return first(
        flag("public_network_access_enabled", None, off=True),
        among("public_network_access", ["Disabled", "SecuredByPerimeter"], None),
        flag("public_network_enabled", default, off=True),
    )


def address_range(view: View) -> Fact | None:
    """A firewall rule that lets in the whole internet, or every Azure tenant (0.0.0.0)."""
    start, end = (
        view.get(f"{side}_ip_address")
        if view.get(f"{side}_ip_address") is not None
        else view.get(f"{side}_ip")
        for side in ("start", "end")
    )
    for value in (start, end):
        unknown = unknown_of(value)
        if unknown is not None:
            return doubt(view, "start_ip_address", unknown)
    text, last = str(start), str(end)
    most = 256 if view.resource.type.startswith("azurerm_redis") else 1 << 24
    wide = _size(text, last) > most or text.startswith(_ANY)
    return Fact(NO if wide else YES, Basis.EXPLICIT, "start_ip_address", None, "", view.resource)


def _size(start: str, end: str) -> int:
    import ipaddress

    try:
        return (
            int(ipaddress.ip_address(end.partition("/")[0]))
            - int(ipaddress.ip_address(start.partition("/")[0]))
            + 1
        )
    except ValueError:
        return 0


def account_rules(view: View) -> Fact | None:
    if any(str(rule) in (f"{_ANY}/0", _ANY) for rule in view.items("ip_rules")):
        return Fact(NO, Basis.EXPLICIT, "ip_rules", None, "every address is listed", view.resource)
    return among("default_action", ["Deny"])(view)


def bypass(view: View) -> Fact | None:
    value = view.get("bypass")
    if value is None:
        return Fact(YES, Basis.PROVIDER_DEFAULT, "bypass", None, "not set", view.resource)
    return has("bypass", "azureservices")(view)


def inner(path: str, check: Check) -> Check:
    """The check on the first block at a path."""

    def inside(view: View) -> Fact | None:
        blocks = view.blocks(path)
        if not blocks:
            return None
        if isinstance(blocks[0], Unknown):
            return doubt(view, path, blocks[0])
        part = dataclasses.replace(view.resource, attributes=blocks[0],
                                   lines={"": view.resource.lines.get(path, view.resource.location.line)})  # fmt: skip
        fact = check(View(part, view.estate))
        return None if fact is None else dataclasses.replace(fact, path=path, resource=view.resource)

    return inside


def customer_key(*satellites: str) -> Check:
    """A key of the department's own: in a block, by an id, or by a resource of its own."""
    inline = given(
        "customer_managed_key", "customer_managed_key_id", "key_vault_key_id", "encryption.key_vault_key_id", "encryption.key_id",
        "encryption.key_vault_key_identifier",
    )  # fmt: skip
    return either(inline, joined(satellites, declared_so(YES), None)) if satellites else inline


def identity(default: State = NO) -> Check:
    """The service has an identity of its own, so that it needs no password for others."""
    return given("identity.type", "identity", default=default)


def local_login(default: State = NO) -> Check:
    """Shared keys or local accounts are refused, in whichever of the spellings."""
    return first(
        flag("local_authentication_disabled", None),
        flag("local_authentication_enabled", None, off=True),
        flag("local_auth_enabled", default, off=True),
    )


def network_rules(*paths: str) -> Check:
    """The service's own firewall refuses what no rule lists."""
    found = (
        among(f"{path}.default_action", ["Deny"], None)
        for path in paths or ("network_acls", "network_rule_set", "network_rulesets")
    )
    return first(*found)


def logged(*categories: str) -> Check:
    """A diagnostic setting sends these kinds of log somewhere (or all of them)."""
    wanted = {word.lower() for word in categories}

    def check(view: View) -> Fact | None:
        found = view.joined("azurerm_monitor_diagnostic_setting")
        for one in found:
            for path in ("enabled_log", "log"):
                for block in one.blocks(path):
                    if isinstance(block, Unknown):
                        return doubt(one, path, block)
                    names = {str(block.get(key)).lower() for key in ("category", "category_group")}
                    off = block.get("enabled") is False
                    if not off and (names & wanted or names & {"alllogs", "audit"}):
                        return Fact(YES, Basis.EXPLICIT, path, None, "", one.resource)
        basis = Basis.EXPLICIT if found else Basis.PROVIDER_DEFAULT
        return Fact(NO, basis, "", None, "no diagnostic setting sends its logs anywhere", view.resource)

    return check


def locked(view: View) -> Fact | None:
    """A lock keeps the resource from being deleted; said only where there is one."""
    return joined("azurerm_management_lock", among("lock_level", ["CanNotDelete", "ReadOnly"]), None)(view)
