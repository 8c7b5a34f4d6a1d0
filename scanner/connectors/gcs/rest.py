"""The JSON answers that posture is read from: bucket settings, IAM, organisation policies.

Plain JSON through google-auth's session rather than the library's objects, because those show a
setting that was never made like one that was switched off; here the two must stay apart.
Shapes: Cloud Storage JSON API v1, Cloud Resource Manager API v1 (its policy calls take a
read-only token).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import google.auth.transport.requests

from scanner.connectors.gcs.client import FAILURES, read_error, status_error, timeouts
from scanner.connectors.gcs.options import GcsOptions
from scanner.contracts import Access
from scanner.errors import ReadError
from scanner.model import GapReason

LIST_BUCKETS = (
    "grant a role with storage.buckets.list on the project (roles/storage.bucketViewer), or name `buckets`"
)
GET_BUCKET = "grant a role with storage.buckets.get on the bucket (roles/storage.bucketViewer)"
GET_IAM = "grant a role with storage.buckets.getIamPolicy on the bucket (roles/iam.securityReviewer)"
GET_FOLDERS = (
    "grant a role with storage.managedFolders.list and storage.managedFolders.getIamPolicy on the bucket"
)
GET_ORG_POLICY = (
    "grant roles/orgpolicy.policyViewer on the project (orgpolicy.policy.get) and enable the Cloud "
    "Resource Manager API"
)
GET_AUDIT = (
    "grant a role with resourcemanager.projects.getIamPolicy on the project (roles/iam.securityReviewer) "
    "and enable the Cloud Resource Manager API"
)


class Rest:
    """Read-only JSON calls. Each raises ReadError with the permission that is missing."""

    def __init__(
        self,
        options: GcsOptions,
        shared: google.auth.transport.requests.AuthorizedSession,
        access: Access,
    ) -> None:
        self._storage = f"{options.endpoint_url}/storage/v1"
        self._manager = options.resource_manager_url
        self._session, self._timeout = shared, timeouts(access)

    def buckets(self, project: str) -> Iterator[Mapping[str, Any]]:
        """Every bucket of a project, settings included."""
        token = ""
        while True:
            query = {"project": project, "projection": "noAcl"} | ({"pageToken": token} if token else {})
            answer = self._call("GET", f"{self._storage}/b", LIST_BUCKETS, query)
            yield from answer.get("items") or ()
            following = str(answer.get("nextPageToken") or "")
            if not following or following == token:
                return
            token = following

    def bucket(self, name: str) -> Mapping[str, Any]:
        return self._call(
            "GET", f"{self._storage}/b/{quote(name, safe='')}", GET_BUCKET, {"projection": "noAcl"}
        )

    def acls(self, name: str) -> Mapping[str, Any]:
        """The bucket with `acl` and `defaultObjectAcl`; only where ACLs are in use."""
        return self._call("GET", f"{self._storage}/b/{quote(name, safe='')}", GET_IAM, {"projection": "full"})

    def iam_policy(self, name: str) -> Mapping[str, Any]:
        url = f"{self._storage}/b/{quote(name, safe='')}/iam"
        return self._call("GET", url, GET_IAM, {"optionsRequestedPolicyVersion": "3"})

    def managed_folders(self, name: str) -> Iterator[str]:
        """Names of a bucket's managed folders, which carry IAM policies of their own."""
        url, token = f"{self._storage}/b/{quote(name, safe='')}/managedFolders", ""
        while True:
            try:
                answer = self._call("GET", url, GET_FOLDERS, {"pageToken": token} if token else None)
            except ReadError as error:
                if error.reason is GapReason.VANISHED:
                    return  # the bucket was there a moment ago: an endpoint without managed folders
                raise
            yield from (str(folder.get("name", "")) for folder in answer.get("items") or ())
            following = str(answer.get("nextPageToken") or "")
            if not following or following == token:
                return
            token = following

    def folder_policy(self, name: str, folder: str) -> Mapping[str, Any]:
        url = f"{self._storage}/b/{quote(name, safe='')}/managedFolders/{quote(folder, safe='')}/iam"
        return self._call("GET", url, GET_FOLDERS, {"optionsRequestedPolicyVersion": "3"})

    def held_permissions(self, name: str, wanted: tuple[str, ...]) -> frozenset[str]:
        """Which of `wanted` this identity holds on a bucket (testIamPermissions)."""
        url = f"{self._storage}/b/{quote(name, safe='')}/iam/testPermissions"
        answer = self._call("GET", url, GET_IAM, {"permissions": list(wanted)})
        return frozenset(answer.get("permissions") or ())

    def organisation_policy(self, project: str, constraint: str) -> Mapping[str, Any]:
        """The policy in effect, inherited ones merged (Resource Manager getEffectiveOrgPolicy)."""
        url = f"{self._manager}/v1/projects/{quote(project, safe='')}:getEffectiveOrgPolicy"
        return self._call("POST", url, GET_ORG_POLICY, body={"constraint": f"constraints/{constraint}"})

    def project_policy(self, project: str) -> Mapping[str, Any]:
        """The project's IAM policy with its audit settings."""
        url = f"{self._manager}/v1/projects/{quote(project, safe='')}:getIamPolicy"
        return self._call("POST", url, GET_AUDIT, body={"options": {"requestedPolicyVersion": 3}})

    def _call(
        self,
        method: str,
        url: str,
        remedy: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        try:
            response = self._session.request(  # type: ignore[no-untyped-call]
                method, url, params=query, json=body, timeout=self._timeout, allow_redirects=False
            )
            answer = response.json() if response.content else {}
        except ValueError:
            raise ReadError(GapReason.UNREACHABLE, "the service answered no JSON") from None
        except FAILURES as error:
            raise read_error(error, remedy) from None
        if response.status_code != 200:
            raise status_error(response.status_code, answer if isinstance(answer, dict) else {}, remedy)
        return answer if isinstance(answer, dict) else {}
