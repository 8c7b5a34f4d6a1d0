"""Ask a project and a bucket, once, everything their settings tell; an answer or why there is none."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any

from scanner.common.stating import Unseen, ask, dig, unseen
from scanner.connectors.gcs.rest import Rest
from scanner.errors import ReadError
from scanner.model import Basis, Gap, GapReason

Answer = Mapping[str, Any] | Unseen

PUBLIC = "storage.publicAccessPrevention"
HTTPS = "storage.secureHttpTransport"
TLS = "gcp.restrictTLSVersion"

MOST_FOLDERS = 100
"""Managed folders of one bucket whose policies are looked at; each is one call."""

NO_CREDENTIALS = Unseen(Basis.NOT_OBSERVABLE, "project policies are not shown without credentials")
NO_PROJECT = Unseen(Basis.NOT_OBSERVABLE, "the project is not known: set `project`")


@dataclasses.dataclass(frozen=True, slots=True)
class ProjectView:
    """What was seen of one project, its organisation's policies merged in."""

    public_prevented: bool | Unseen
    """storage.publicAccessPrevention is enforced."""
    https_only: bool | Unseen
    """storage.secureHttpTransport is enforced."""
    tls_denied: frozenset[str] | Unseen
    """Versions that gcp.restrictTLSVersion denies: `TLS_VERSION_1`, `TLS_VERSION_1_1`."""
    audit: Answer
    """The project's IAM policy (with `auditConfigs`)."""
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def unseen(cls, why: Unseen) -> ProjectView:
        return cls(why, why, why, why)


@dataclasses.dataclass(frozen=True, slots=True)
class BucketView:
    """What was seen of one bucket."""

    settings: Answer
    """buckets.get."""
    acls: Answer
    """buckets.get with `projection=full`; {} where ACLs are switched off."""
    iam: Answer
    """buckets.getIamPolicy."""
    folders: tuple[Mapping[str, Any], ...] | Unseen = ()
    """IAM policies of its managed folders; not asked for where public access is prevented."""
    gaps: tuple[Gap, ...] = ()


def project_view(scope_id: str, project: str, rest: Rest) -> ProjectView:
    """One gap for each permission that is missing: the three constraints need the same one."""
    gaps: list[Gap] = []
    policies: dict[str, Mapping[str, Any]] = {}

    def constraints() -> bool:
        for name in (PUBLIC, HTTPS, TLS):
            policies[name] = rest.organisation_policy(project, name)
        return True

    done = ask(scope_id, "organisation policies", gaps, constraints)
    audit = ask(scope_id, "audit settings", gaps, lambda: rest.project_policy(project))
    if isinstance(done, Unseen):
        return ProjectView(done, done, done, audit, tuple(gaps))
    return ProjectView(
        dig(policies[PUBLIC], "booleanPolicy", "enforced") is True,
        dig(policies[HTTPS], "booleanPolicy", "enforced") is True,
        frozenset(str(value) for value in dig(policies[TLS], "listPolicy", "deniedValues") or ()),
        audit,
        tuple(gaps),
    )


def bucket_view(
    store_id: str, name: str, settings: Mapping[str, Any] | None, prevented: bool, rest: Rest
) -> BucketView:
    """`settings`: the bucket as a listing showed it, or None to ask for it.

    `prevented`: the organisation prevents public access.
    """
    gaps: list[Gap] = []
    known: Answer = (
        settings
        if settings is not None
        else ask(store_id, "bucket settings", gaps, lambda: rest.bucket(name))
    )
    iam = ask(store_id, "IAM policy", gaps, lambda: rest.iam_policy(name))
    acls: Answer = {}
    if isinstance(known, Unseen):
        acls = known
    elif not uniform(known):
        # The same permission as the IAM policy: a refusal is one gap, not two.
        acls = _quietly(lambda: rest.acls(name)) if isinstance(iam, Unseen) else ask(
            store_id, "access control lists", gaps, lambda: rest.acls(name)
        )  # fmt: skip
    folders: tuple[Mapping[str, Any], ...] | Unseen = ()
    if not prevented and not isinstance(known, Unseen) and uniform(known) and not prevents_public(known):
        folders = ask(store_id, "managed folders", gaps, lambda: _folders(name, rest))
    return BucketView(known, acls, iam, folders, tuple(gaps))


def _folders(name: str, rest: Rest) -> tuple[Mapping[str, Any], ...]:
    found = list(itertools.islice(rest.managed_folders(name), MOST_FOLDERS + 1))
    if len(found) > MOST_FOLDERS:
        raise ReadError(GapReason.LIMIT, f"the bucket has more than {MOST_FOLDERS} managed folders")
    return tuple(rest.folder_policy(name, folder) for folder in found)


def prevents_public(settings: Mapping[str, Any]) -> bool:
    return bool(dig(settings, "iamConfiguration", "publicAccessPrevention") == "enforced")


def uniform(settings: Mapping[str, Any]) -> bool:
    return dig(settings, "iamConfiguration", "uniformBucketLevelAccess", "enabled") is True


def requester_pays(settings: Mapping[str, Any]) -> bool:
    return dig(settings, "billing", "requesterPays") is True


def _quietly(call: Any) -> Answer:
    try:
        answer: Mapping[str, Any] = call()
    except ReadError as error:
        return unseen(error)
    return answer
