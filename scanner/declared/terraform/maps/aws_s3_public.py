"""Who gets into a bucket: its block on public access, its ACL and its policy, each and all together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    DOUBT,
    NO,
    YES,
    Check,
    Fact,
    View,
    doubt,
    every,
    first,
    flag,
    joined,
    unknown_of,
)
from scanner.declared.terraform.maps.account_wide import with_account
from scanner.declared.terraform.policies import not_public, not_writable, policy
from scanner.model import Basis

_PUBLIC_GROUPS = ("/groups/global/allusers", "/groups/global/authenticatedusers")
_SETTINGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def acl(view: View) -> Fact | None:
    """Neither a canned ACL nor a grant lets everybody in."""
    canned = view.get("acl")
    if canned is not None:
        unknown = unknown_of(canned)
        if unknown is not None:
            return doubt(view, "acl", unknown)
        public = str(canned) in ("public-read", "public-read-write", "authenticated-read", "website")
        return Fact(NO if public else YES, Basis.EXPLICIT, "acl", None, "", view.resource)
    for path in ("access_control_policy.grant", "grant"):
        grants = view.blocks(path)
        for grant in grants:
            if isinstance(grant, Unknown):
                return doubt(view, path, grant)
            uris = [grant.get("uri")] + [
                g.get("uri") for g in listed(grant.get("grantee")) if isinstance(g, Mapping)
            ]
            if any(isinstance(u, str) and u.lower().endswith(_PUBLIC_GROUPS) for u in uris):
                return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
        if grants:
            return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource)
    return None


def listed(value: Any) -> list[Any]:
    """A block that may be repeated, as a list."""
    return value if isinstance(value, list) else [value]


blocked: Check = every(*(flag(name) for name in _SETTINGS))


def _module_block(view: View) -> Fact | None:
    """A module's call, whose inputs are off where an older version leaves them unset."""
    if not any(name in view.resource.attributes for name in _SETTINGS):
        return None
    return blocked(view)


_BLOCK = "aws_s3_bucket_public_access_block"
own_block: Check = with_account(
    first(joined(_BLOCK, blocked, None), _module_block),
    {name: first(joined(_BLOCK, flag(name), None), flag(name, None)) for name in _SETTINGS},
)


def open_to_all(view: View, judge: Callable[[Any], bool | None] = not_public) -> Fact | None:
    check = policy("policy", judge)
    facts = [
        f for f in (check(view), *(check(p) for p in view.joined("aws_s3_bucket_policy"))) if f is not None
    ]
    for state in (NO, DOUBT, YES):
        for fact in facts:
            if fact.state is state:
                return fact
    return Fact(YES, Basis.PROVIDER_DEFAULT, "", None, "no policy", view.resource)


def open_acl(view: View) -> Fact | None:
    facts = [f for f in (acl(view), *(acl(p) for p in view.joined("aws_s3_bucket_acl"))) if f is not None]
    for state in (NO, DOUBT, YES):
        for fact in facts:
            if fact.state is state:
                return fact
    return Fact(YES, Basis.PROVIDER_DEFAULT, "acl", None, "private unless set", view.resource)


def anonymous(view: View) -> Fact | None:
    """All settings together: a block overrides, else neither ACL nor policy may be open."""
    block = own_block(view)
    if block is not None and block.state is YES:
        return block
    return every(open_acl, open_to_all)(view)


_READING = ("public-read", "authenticated-read", "aws-exec-read")


def anonymous_write(view: View) -> Fact | None:
    """As for reading; an ACL or a policy that only lets people read lets nobody write."""
    block = own_block(view)
    if block is not None and block.state is YES:
        return block
    return every(_writable_acl, lambda v: open_to_all(v, not_writable))(view)


def _writable_acl(view: View) -> Fact | None:
    fact = open_acl(view)
    if fact is None or fact.state is not NO:
        return fact
    one = fact.resource or view.resource
    return dataclasses.replace(fact, state=YES) if one.attributes.get("acl") in _READING else fact


def inner_block(path: str) -> Check:
    """All four settings are on where nothing is said; a block that leaves some out leaves them on too."""
    return every(*(flag(f"{path}.{name}", YES) for name in _SETTINGS))


def blocked_acl(view: View) -> Fact | None:
    """A public ACL counts as blocked only if its bucket has a block that ignores it."""
    fact = acl(view)
    if fact is None or fact.state is not NO:
        return fact
    parents = view.estate.parents(view.resource, ("aws_s3_bucket",))
    for parent in parents:
        block = joined("aws_s3_bucket_public_access_block", every(flag("block_public_acls"), flag("ignore_public_acls")),
                       None)(View(parent, view.estate))  # fmt: skip
        if block is not None:
            return block
    return fact
