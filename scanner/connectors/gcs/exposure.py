"""Who can reach a bucket: IAM, ACLs and public access prevention. Pure: no calls, no clock.

Names of roles and members are those of the public IAM reference. `allAuthenticatedUsers` is
everybody with a Google account, which anybody can make, so it counts as the public.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scanner.common.stating import Speaker, Unseen, dig
from scanner.connectors.gcs.view import Answer, BucketView, ProjectView, prevents_public, uniform
from scanner.model import Basis, Evidence

SETTINGS = "storage:buckets.get"
IAM = "storage:buckets.getIamPolicy"
ORGANISATION = "cloudresourcemanager:getEffectiveOrgPolicy"

FOLDERS = "storage:managedFolders.getIamPolicy"

_Grant = tuple[bool | Unseen, str, str]
"""Whether everybody is let in, by what source, in what words."""

EVERYBODY = frozenset({"allUsers", "allAuthenticatedUsers"})

# Predefined roles by what they let their holder do to objects. A role in neither set (a custom
# one, or one made since) may do either.
_READS = frozenset(
    f"roles/storage.{name}"
    for name in (
        "admin", "legacyBucketOwner", "legacyBucketReader", "legacyBucketWriter", "legacyObjectOwner",
        "legacyObjectReader", "objectAdmin", "objectUser", "objectViewer",
    )
)  # fmt: skip
_WRITES = frozenset(
    f"roles/storage.{name}"
    for name in (
        "admin", "legacyBucketOwner", "legacyBucketWriter", "legacyObjectOwner", "objectAdmin", "objectCreator",
        "objectUser",
    )
)  # fmt: skip
_HARMLESS = frozenset({"roles/storage.bucketViewer", "roles/storage.insightsCollectorService"})


def exposure(
    say: Speaker,
    bucket: BucketView,
    project: ProjectView,
    project_names: Iterable[str],
    own_domains: tuple[str, ...],
) -> Iterator[Evidence]:
    """Evidence of who can reach a bucket."""
    prevented = prevention(bucket.settings, project)
    yield _prevention(say, bucket.settings, prevented)
    yield _uniform(say, bucket.settings)
    roles, folder_roles = public_roles((bucket.iam,)), public_roles(bucket.folders)
    yield _policy(say, roles, folder_roles)
    acl = acl_public(bucket)
    yield _acl(say, acl)
    for safeguard, wanted, by_acl, what in (
        ("anonymous_read_blocked", _READS, acl, "read or list"),
        ("anonymous_write_blocked", _WRITES, _acl_writes(bucket), "write or delete"),
    ):
        grants: tuple[_Grant, ...] = (
            (_granted(roles, wanted), IAM, "the IAM policy"),
            (_granted(folder_roles, wanted), FOLDERS, "the policy of a managed folder"),
            (by_acl, f"{SETTINGS}.acl", "an ACL"),
        )
        yield _together(say, safeguard, prevented, grants, what)
    yield _outsiders(say, bucket.iam, frozenset(project_names), own_domains)


def prevention(settings: Answer, project: ProjectView) -> bool | Unseen:
    """Whether public access prevention holds: set on the bucket, or inherited."""
    if not isinstance(settings, Unseen) and prevents_public(settings):
        return True
    if project.public_prevented is True:
        return True
    return settings if isinstance(settings, Unseen) else project.public_prevented


def _prevention(say: Speaker, settings: Answer, prevented: bool | Unseen) -> Evidence:
    source = f"{SETTINGS}.iamConfiguration.publicAccessPrevention, {ORGANISATION}"
    if isinstance(prevented, Unseen):
        why = prevented.reason
        if not isinstance(settings, Unseen):
            why = f"the bucket inherits it, and whether the organisation enforces it is unknown: {why}"
        return say.unknown("public_access_blocked", Unseen(prevented.basis, why), source)
    return say.flag("public_access_blocked", prevented, source)


def _uniform(say: Speaker, settings: Answer) -> Evidence:
    source = f"{SETTINGS}.iamConfiguration.uniformBucketLevelAccess"
    if isinstance(settings, Unseen):
        return say.unknown("uniform_access_control", settings, source)
    unset = dig(settings, "iamConfiguration", "uniformBucketLevelAccess", "enabled") is None
    return say.flag("uniform_access_control", uniform(settings), source, default=unset)


def public_roles(policies: Iterable[Answer] | Unseen) -> frozenset[str] | Unseen:
    """Roles that any of the policies grants to everybody, conditional grants included."""
    if isinstance(policies, Unseen):
        return policies
    found: set[str] = set()
    for policy in policies:
        if isinstance(policy, Unseen):
            return policy
        for binding in policy.get("bindings") or ():
            if EVERYBODY & set(binding.get("members") or ()):
                found.add(str(binding.get("role", "")))
    return frozenset(found - {""})


def _policy(say: Speaker, roles: frozenset[str] | Unseen, folder_roles: frozenset[str] | Unseen) -> Evidence:
    for granted, source, where in ((roles, IAM, "the bucket"), (folder_roles, FOLDERS, "a managed folder")):
        if granted and not isinstance(granted, Unseen):
            named = ", ".join(sorted(granted))
            return say.flag("policy_not_public", False, source, f"granted to everybody on {where}: {named}")
    for granted, source in ((roles, IAM), (folder_roles, FOLDERS)):
        if isinstance(granted, Unseen):
            return say.unknown("policy_not_public", granted, source)
    return say.flag("policy_not_public", True, IAM)


def _granted(roles: frozenset[str] | Unseen, wanted: frozenset[str]) -> bool | Unseen:
    if isinstance(roles, Unseen):
        return roles
    if roles & wanted:
        return True
    unclear = roles - _READS - _WRITES - _HARMLESS
    if unclear:
        named = ", ".join(sorted(unclear))
        return Unseen(
            Basis.NOT_OBSERVABLE, f"everybody holds {named}, and what that role allows is not looked at"
        )
    return False


def acl_public(bucket: BucketView) -> bool | Unseen:
    """Whether an ACL lets everybody read. Objects' own ACLs are not looked at: unknown, not no."""
    if isinstance(bucket.settings, Unseen):
        return bucket.settings
    if uniform(bucket.settings):
        return False
    if isinstance(bucket.acls, Unseen):
        return bucket.acls
    if any(_to_everybody(bucket.acls, key) for key in ("acl", "defaultObjectAcl")):
        return True
    return Unseen(
        Basis.NOT_OBSERVABLE,
        "objects may carry ACLs of their own, which are not looked at; switch uniform access on",
    )


def _acl_writes(bucket: BucketView) -> bool | Unseen:
    """Only a bucket's ACL can let somebody write new objects; an object's OWNER can change its ACL."""
    if isinstance(bucket.settings, Unseen):
        return bucket.settings
    if uniform(bucket.settings):
        return False
    if isinstance(bucket.acls, Unseen):
        return bucket.acls
    return any(entry.get("role") in ("WRITER", "OWNER") for entry in _to_everybody(bucket.acls, "acl"))


def _to_everybody(acls: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [entry for entry in acls.get(key) or () if entry.get("entity") in EVERYBODY]


def _acl(say: Speaker, public: bool | Unseen) -> Evidence:
    source = f"{SETTINGS}.acl"
    if isinstance(public, Unseen):
        return say.unknown("acl_not_public", public, source)
    reason = "an ACL lets everybody in" if public else "ACLs are switched off"
    return say.flag("acl_not_public", not public, source, reason)


def _together(
    say: Speaker, safeguard: str, prevented: bool | Unseen, grants: Sequence[_Grant], what: str
) -> Evidence:
    """Prevention and every kind of grant taken together (three-valued)."""
    if prevented is True:
        return say.flag(safeguard, True, SETTINGS, "public access prevention overrides every grant")
    for granted, source, how in grants:
        if granted is True:
            if prevented is False:
                return say.flag(safeguard, False, source, f"{how} lets everybody {what}")
            why = f"{how} lets everybody {what}, unless the organisation prevents it, which is unknown"
            return say.unknown(safeguard, Unseen(prevented.basis, why), source)
    for granted, source, _ in grants:
        if isinstance(granted, Unseen):
            return say.unknown(safeguard, granted, source)
    return say.flag(safeguard, True, IAM, f"neither policy nor ACL lets everybody {what}")


def _outsiders(
    say: Speaker, iam: Answer, project_names: frozenset[str], own_domains: tuple[str, ...]
) -> Evidence:
    """Accounts outside this project and these domains, by project or domain: never a person's name."""
    safeguard = "external_accounts"
    if isinstance(iam, Unseen):
        return say.unknown(safeguard, iam, IAM)
    members = [
        str(member) for binding in iam.get("bindings") or () for member in binding.get("members") or ()
    ]
    if all(name.removeprefix("project:").isdigit() for name in project_names):
        # Only the number is known. A bucket starts with grants to the owners, editors and viewers
        # of its own project, which give the project's id.
        project_names |= {str(_place(member)) for member in members if member.startswith("project")}
    outside: set[str] = set()
    unjudged = False
    for member in members:
        place = _place(member)
        if place is None or place in project_names or place.removeprefix("domain:") in own_domains:
            continue
        if place.startswith("domain:") and not own_domains:
            unjudged = True
        outside.add(place)
    if unjudged:
        why = "users or groups have access, and which domains are the department's own is not said: set `own_domains`"
        return say.unknown(safeguard, Unseen(Basis.NOT_OBSERVABLE, why), IAM)
    return say.value(safeguard, tuple(sorted(outside)), IAM)


def _place(member: str) -> str | None:
    """`domain:example.gov.uk`, `project:name`, or None for the project's own and for Google's agents."""
    kind, _, rest = member.partition(":")
    if kind in ("projectOwner", "projectEditor", "projectViewer"):
        return f"project:{rest}"
    if member in EVERYBODY or kind == "deleted":
        return None  # the public is another safeguard's business
    if kind == "domain":
        return f"domain:{rest.lower()}"
    if kind in ("user", "group", "serviceAccount") and "@" in rest:
        name, _, host = rest.lower().rpartition("@")
        if host.endswith(".iam.gserviceaccount.com"):
            owner = host.removesuffix(".iam.gserviceaccount.com")
            return (
                None if owner.startswith("gs-project-accounts") or "gcp-sa-" in owner else f"project:{owner}"
            )
        if host == "developer.gserviceaccount.com":
            return f"project:{name.partition('-')[0]}"  # default compute account: NUMBER-compute@
        if host == "cloudservices.gserviceaccount.com":
            return f"project:{name}"
        if host == "appspot.gserviceaccount.com":
            return f"project:{name}"
        return f"domain:{host}"
    return f"other:{kind}"
