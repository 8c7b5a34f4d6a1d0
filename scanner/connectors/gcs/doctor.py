"""What `dpscan doctor` says of Google Cloud Storage: each permission tried, and the role to grant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scanner.connectors.gcs.rest import Rest
from scanner.connectors.gcs.view import PUBLIC
from scanner.contracts import Permission
from scanner.errors import ReadError
from scanner.model import GapReason

ON_BUCKETS = {
    "storage.buckets.get": "public access prevention, uniform access, encryption key, versioning, retention, labels",
    "storage.buckets.getIamPolicy": "who has access, and ACLs",
    "storage.managedFolders.list": "which folders have access rules of their own",
    "storage.managedFolders.getIamPolicy": "who has access to managed folders",
    "storage.objects.list": "listing objects",
    "storage.objects.get": "reading objects",
}
LIST = "storage.buckets.list"
ORG_POLICY = "orgpolicy.policy.get"
PROJECT_POLICY = "resourcemanager.projects.getIamPolicy"

PERMISSIONS = (LIST, *ON_BUCKETS, PROJECT_POLICY)


def permissions(
    project: str | None, buckets: Sequence[str], rest: Rest, anonymous: bool
) -> Iterator[Permission]:
    """Try each permission. Buckets are asked what this identity may do; no object is read."""
    names = list(buckets)
    if not buckets and project:

        def first() -> None:
            names.extend(str(bucket.get("name")) for bucket in _take(rest, project))

        yield Permission(LIST, _held(first), "listing the project's buckets", f"gcp:{project}")
    for name in names:
        held: frozenset[str] | None = None
        try:
            held = rest.held_permissions(name, tuple(ON_BUCKETS))
        except ReadError as error:
            held = frozenset() if error.reason is GapReason.DENIED else None
        for permission, needed_for in ON_BUCKETS.items():
            yield Permission(
                permission, None if held is None else permission in held, needed_for, f"gs:{name}"
            )
    wanted: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        (
            ORG_POLICY,
            "organisation policies: public access prevention, HTTPS only, lowest TLS version",
            lambda it: rest.organisation_policy(it, PUBLIC),
        ),
        (PROJECT_POLICY, "Data Access audit logging", rest.project_policy),
    )
    for permission, needed_for, call in wanted:
        answer = None
        if project and not anonymous:
            it, asked = project, call
            answer = _held(lambda: asked(it))  # noqa: B023 - called at once
        yield Permission(permission, answer, needed_for, f"gcp:{project}" if project else "")


def _take(rest: Rest, project: str) -> list[dict[str, object]]:
    """The first bucket, if there is one."""
    first = next(rest.buckets(project), None)
    return [] if first is None else [dict(first)]


def _held(call: Callable[[], object]) -> bool | None:
    """True, False if refused, None if the call could not be made."""
    try:
        call()
    except ReadError as error:
        return False if error.reason is GapReason.DENIED else None
    return True


def policy(project: str | None) -> str:
    """A custom role for `gcloud iam roles create dpscanReader --file=role.yaml`."""
    name = project or "PROJECT-ID"
    lines = [
        f"# gcloud iam roles create dpscanReader --project={name} --file=role.yaml",
        f"# gcloud projects add-iam-policy-binding {name} --member=serviceAccount:ACCOUNT \\",
        f"#   --role=projects/{name}/roles/dpscanReader --condition=None",
        "# Organisation policies are read with a role of their own, granted beside it:",
        f"# gcloud projects add-iam-policy-binding {name} --member=serviceAccount:ACCOUNT \\",
        "#   --role=roles/orgpolicy.policyViewer --condition=None",
        "title: dpscan reader",
        "description: Read objects and the settings of buckets, for data-protection scans. No writes.",
        "stage: GA",
        "includedPermissions:",
        *(f"- {permission}" for permission in PERMISSIONS),
    ]
    return "\n".join(lines) + "\n"
