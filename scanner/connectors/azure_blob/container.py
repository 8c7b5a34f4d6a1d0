"""What a container's settings mean as evidence, its account's included. Pure: no calls, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from azure.storage.blob import ContainerProperties

from scanner.common.stating import Speaker, Unseen, dig
from scanner.common.tags import tag_evidence
from scanner.connectors.azure_blob.posture import (
    ACCOUNT,
    DATA,
    DOCUMENTED,
    account_evidence,
    settings_evidence,
)
from scanner.connectors.azure_blob.view import AccountView, Answer
from scanner.model import Basis, Evidence, State

LIFECYCLE = "arm:managementPolicies/default"
CONTAINER = "blob:GetContainerProperties"


def container_evidence(
    subject_id: str,
    name: str,
    seen: AccountView,
    container: ContainerProperties | Unseen,
    immutability: Answer,
    scope_key_source: str | Unseen | None,
    answers: bool | None = None,
) -> Iterator[Evidence]:
    """Evidence of one container, its account's included.

    `immutability`: the container through Resource Manager, {} where it was not needed.
    `scope_key_source`: key source of the container's own encryption scope; None if it has none.
    `answers`: whether a request without credentials was answered; None if none was made.
    """
    say = Speaker(subject_id)
    yield from account_evidence(subject_id, seen)
    yield from _exposure(say, name, seen, container, answers)
    yield say.flag(
        "encryption_at_rest", True, DOCUMENTED, "Azure Storage encrypts everything; it cannot be switched off",
        default=True,
    )  # fmt: skip
    guests = Unseen(
        Basis.NOT_OBSERVABLE,
        "role assignments do not tell guests from staff; check access in Microsoft Entra",
    )
    yield say.unknown("external_accounts", guests, "azure:role assignments")
    yield _own_key(say, seen.account, scope_key_source)
    yield _lock(say, container, immutability)
    yield from _expiry(say, name, seen)
    yield from _tagged(say, seen, container)


def container_tags(
    seen: AccountView | None, container: ContainerProperties | None
) -> Mapping[str, str] | None:
    """The account's tags under the container's metadata; None where neither could be read.

    Metadata alone is given where there is any: what it says is true, although the account's
    tags may say more.
    """
    own = dict(container.metadata or {}) if container is not None else {}
    if seen is None or isinstance(seen.tags, Unseen):
        return own or None
    return {**seen.tags, **own}


def _tagged(say: Speaker, seen: AccountView, container: ContainerProperties | Unseen) -> Iterator[Evidence]:
    """Tag evidence; while one half of the tags is unread, a missing tag is not known to be absent."""
    source = f"{CONTAINER}.metadata, {ACCOUNT}.tags"
    unread = next((half for half in (container, seen.tags) if isinstance(half, Unseen)), None)
    tags = container_tags(seen, None if isinstance(container, Unseen) else container)
    for stated in tag_evidence(say.subject_id, tags, source, basis=unread.basis if unread else Basis.FAILED):
        if stated.state is State.ABSENT and unread is not None:
            why = Unseen(unread.basis, "not among the tags that could be read")
            yield say.unknown(stated.safeguard, why, source)
        else:
            yield stated


def _exposure(
    say: Speaker,
    name: str,
    seen: AccountView,
    container: ContainerProperties | Unseen,
    answers: bool | None,
) -> Iterator[Evidence]:
    source = f"{CONTAINER}.publicAccess"
    level: str | Unseen | None
    if isinstance(container, Unseen):
        level = container
        yield say.unknown("acl_not_public", container, source)
    else:
        level = public_level(container)
        reason = f"the container's public access level is {level}" if level else ""
        yield say.flag("acl_not_public", level is None, source, reason)
    yield say.flag(
        "policy_not_public", True, DOCUMENTED, "Azure roles cannot be assigned to everybody", default=True
    )
    website = _website(name, seen.data)
    if isinstance(website, Unseen):
        yield say.unknown("static_website_disabled", website, f"{DATA}.staticWebsite")
    else:
        reason = "" if name == "$web" else "only the container $web can be a website"
        yield say.flag("static_website_disabled", not website, f"{DATA}.staticWebsite", reason)
    yield _anonymous(say, level, website, seen.account, answers)
    yield say.flag(
        "anonymous_write_blocked",
        True,
        DOCUMENTED,
        "Azure Storage takes no write without a credential",
        default=True,
    )
    if isinstance(seen.hierarchical, Unseen):
        yield say.unknown("uniform_access_control", seen.hierarchical, "blob:GetAccountInformation")
    elif seen.hierarchical:
        why = Unseen(
            Basis.NOT_OBSERVABLE,
            "the account has a hierarchical namespace, where paths may carry ACLs of their own",
        )
        yield say.unknown("uniform_access_control", why, "blob:GetAccountInformation")
    else:
        yield say.flag(
            "uniform_access_control", True, DOCUMENTED, "blobs have no ACLs in a flat namespace", default=True
        )


def public_level(container: ContainerProperties) -> str | None:
    """`blob`, `container` or None (private)."""
    level = getattr(container.public_access, "value", container.public_access)
    return str(level).lower() if level and str(level).lower() != "none" else None


def _website(name: str, data: Answer) -> bool | Unseen:
    if name != "$web":
        return False
    return data if isinstance(data, Unseen) else dig(data, "staticWebsite", "enabled") is True


def _anonymous(
    say: Speaker,
    level: str | Unseen | None,
    website: bool | Unseen,
    account: Answer,
    answers: bool | None,
) -> Evidence:
    """Container level, account switch, website and network taken together (three-valued)."""
    safeguard = "anonymous_read_blocked"
    if level is None and website is False:
        return say.flag(safeguard, True, f"{CONTAINER}.publicAccess", "the container is private")
    if isinstance(account, Unseen):
        if isinstance(level, Unseen):
            return say.unknown(safeguard, level, f"{CONTAINER}.publicAccess")
        if isinstance(website, Unseen):
            return say.unknown(safeguard, website, f"{DATA}.staticWebsite")
        if answers is not None and website is False:
            word = "answered" if answers else "refused by the account"
            reason = f"the container is public, and a request without credentials was {word}"
            return say.flag(safeguard, not answers, "blob:request without credentials", reason)
        why = Unseen(
            account.basis,
            f"the container is public, but whether the account overrides it is unknown: {account.reason}",
        )
        return say.unknown(safeguard, why, f"{ACCOUNT}.allowBlobPublicAccess")
    facts = {e.safeguard: e for e in settings_evidence(say, account)}
    closed = facts["network_firewall_restricted"]
    if closed.state is State.PRESENT:
        return say.flag(
            safeguard, True, closed.source, "the account lets only listed networks connect",
            default=closed.basis is Basis.PROVIDER_DEFAULT,
        )  # fmt: skip
    if website is True:
        return say.flag(
            safeguard,
            False,
            f"{DATA}.staticWebsite",
            "the container is served as a website, whatever the account allows",
        )
    switch = facts["public_access_blocked"]
    if switch.state is State.PRESENT and website is False:
        return say.flag(
            safeguard, True, switch.source, "the account overrides every container's public access",
            default=switch.basis is Basis.PROVIDER_DEFAULT,
        )  # fmt: skip
    if isinstance(level, Unseen):
        return say.unknown(safeguard, level, f"{CONTAINER}.publicAccess")
    if isinstance(website, Unseen):
        return say.unknown(safeguard, website, f"{DATA}.staticWebsite")
    if switch.state is State.UNKNOWN:
        return say.unknown(safeguard, Unseen(switch.basis, switch.reason), switch.source)
    return say.flag(
        safeguard, False, f"{CONTAINER}.publicAccess", f"the container's public access level is {level}"
    )


def _own_key(say: Speaker, account: Answer, scope_key_source: str | Unseen | None) -> Evidence:
    safeguard = "customer_managed_key"
    if isinstance(scope_key_source, Unseen):
        return say.unknown(safeguard, scope_key_source, "arm:encryptionScopes")
    if scope_key_source is not None:
        return say.flag(
            safeguard, scope_key_source.lower() == "microsoft.keyvault", "arm:encryptionScopes.source",
            "the container's own encryption scope decides",
        )  # fmt: skip
    source = f"{ACCOUNT}.encryption.keySource"
    if isinstance(account, Unseen):
        return say.unknown(safeguard, account, source)
    key = dig(account, "properties", "encryption", "keySource")
    return say.flag(safeguard, str(key).lower() == "microsoft.keyvault", source, default=key is None)


def _lock(say: Speaker, container: ContainerProperties | Unseen, managed: Answer) -> Evidence:
    source = f"{CONTAINER}.hasImmutabilityPolicy"
    if isinstance(container, Unseen):
        return say.unknown("object_lock", container, source)
    if container.has_legal_hold:
        return say.flag("object_lock", True, f"{CONTAINER}.hasLegalHold", "a legal hold is set")
    if not container.has_immutability_policy and not container.immutable_storage_with_versioning_enabled:
        return say.flag("object_lock", False, source)
    source = "arm:containers.immutabilityPolicy"
    if isinstance(managed, Unseen):
        why = f"there is an immutability policy; whether it is locked is unknown: {managed.reason}"
        return say.unknown("object_lock", Unseen(managed.basis, why), source)
    state = str(dig(managed, "properties", "immutabilityPolicy", "properties", "state") or "")
    if state == "Locked":
        return say.flag("object_lock", True, source)
    if state == "Unlocked":
        return say.flag(
            "object_lock", False, source, "the immutability policy is not locked: it can be removed"
        )
    why = "immutability is set blob by blob here, which is not looked at"
    return say.unknown("object_lock", Unseen(Basis.NOT_OBSERVABLE, why), source)


def _expiry(say: Speaker, name: str, seen: AccountView) -> Iterator[Evidence]:
    """Rules that delete every blob of the container by age, old versions included."""
    policy = seen.lifecycle
    if isinstance(policy, Unseen):
        yield from _expiry_unknown(say, policy)
        return
    versions = (
        seen.service
        if isinstance(seen.service, Unseen)
        else dig(seen.service, "properties", "isVersioningEnabled") is True
    )
    ages: dict[str, list[int]] = {"baseBlob": [], "version": []}
    partly = False
    for rule in dig(policy, "properties", "policy", "rules") or ():
        covers = rule.get("enabled", True) and _covers(rule, name)
        for kind, found in ages.items():
            days = _days(rule, kind)
            if covers is True and days is not None:
                found.append(days)
            partly = partly or (covers is None and days is not None)
    if not ages["baseBlob"]:
        reason = "a deletion rule covers only part of the container" if partly else "no rule deletes by age"
        yield from _no_expiry(say, reason)
    elif ages["version"] or versions is False:
        # A version counts its age from when it was written, so the later of the two ends it.
        longest = max(min(each) for each in ages.values() if each)
        yield say.flag("lifecycle_expiry", True, LIFECYCLE)
        yield say.value("lifecycle_expiry_days", longest, LIFECYCLE)
    elif isinstance(versions, Unseen):
        why = f"no rule deletes old versions, and whether they are kept is unknown: {versions.reason}"
        yield from _expiry_unknown(say, Unseen(versions.basis, why))
    else:
        yield from _no_expiry(say, "old versions are kept and no rule deletes them")


def _expiry_unknown(say: Speaker, why: Unseen) -> Iterator[Evidence]:
    yield say.unknown("lifecycle_expiry", why, LIFECYCLE)
    yield say.unknown("lifecycle_expiry_days", why, LIFECYCLE)


def _no_expiry(say: Speaker, reason: str) -> Iterator[Evidence]:
    yield say.flag("lifecycle_expiry", False, LIFECYCLE, reason)
    yield say.inapplicable("lifecycle_expiry_days", LIFECYCLE, reason)


def _days(rule: Mapping[str, Any], kind: str) -> int | None:
    """Age at which a rule deletes `baseBlob` or `version`. Deletion by last access is not by age: None."""
    delete = dig(rule, "definition", "actions", kind, "delete") or {}
    for key in ("daysAfterModificationGreaterThan", "daysAfterCreationGreaterThan"):
        if delete.get(key) is not None:
            return int(delete[key])
    return None


def _covers(rule: Mapping[str, Any], name: str) -> bool | None:
    """True: the whole container; None: part of it; False: none."""
    filters = dig(rule, "definition", "filters") or {}
    prefixes = [str(prefix) for prefix in filters.get("prefixMatch") or ()]
    # A prefix starts with the container's name: `letters/2024/`.
    whole = not prefixes or any(f"{name}/".startswith(prefix) for prefix in prefixes)
    if not whole and not any(prefix.startswith(f"{name}/") for prefix in prefixes):
        return False
    if not whole or filters.get("blobIndexMatch"):
        return None
    return True if "blockBlob" in (filters.get("blobTypes") or ["blockBlob"]) else None
