"""Azure Resource Manager, read only: the few GETs that show a storage account's settings.

Plain REST through azure-core, since seven GETs do not need the management SDKs. Shapes: the
public REST reference, Microsoft.Storage 2023-05-01 and Microsoft.Insights diagnostic settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest

from scanner.connectors.azure_blob.client import network, read_error, status_error
from scanner.contracts import Access
from scanner.errors import ReadError
from scanner.model import GapReason

STORAGE_API = "2023-05-01"
INSIGHTS_API = "2021-05-01-preview"
SCOPE = "https://management.azure.com/.default"

READER = "grant the role Reader on the storage account"


class Management:
    """One subscription, seen through Azure Resource Manager."""

    def __init__(
        self,
        url: str,
        subscription: str,
        resource_group: str | None,
        access: Access,
        shared: requests.Session,
        credential: TokenCredential,
    ) -> None:
        self._url, self._subscription, self._group = url, subscription, resource_group
        self._client: PipelineClient[Any, Any] = PipelineClient(
            url,
            policies=[
                UserAgentPolicy(user_agent=access.user_agent),
                RetryPolicy(retry_total=1, retry_backoff_factor=1),
                BearerTokenCredentialPolicy(credential, SCOPE),
            ],
            transport=network(access, shared)["transport"],
        )

    def close(self) -> None:
        self._client.close()

    def accounts(self) -> Iterator[Mapping[str, Any]]:
        """Every storage account of the subscription. Raises ReadError."""
        path = f"/subscriptions/{self._subscription}/providers/Microsoft.Storage/storageAccounts"
        yield from self._pages(path, STORAGE_API, "Microsoft.Storage/storageAccounts/read")

    def account(self, name: str) -> Mapping[str, Any]:
        """One account's resource. Raises ReadError, VANISHED if the subscription has none of it."""
        action = "Microsoft.Storage/storageAccounts/read"
        if self._group:
            path = (
                f"/subscriptions/{self._subscription}/resourceGroups/{self._group}"
                f"/providers/Microsoft.Storage/storageAccounts/{name}"
            )
            found = self._get(path, STORAGE_API, action)
        else:
            found = next((a for a in self.accounts() if str(a.get("name", "")).lower() == name), None)
        if found is None:
            raise ReadError(
                GapReason.VANISHED,
                f"subscription {self._subscription} has no storage account {name}",
                "check `subscription` and `resource_group`",
            )
        return found

    def blob_service(self, account_id: str) -> Mapping[str, Any]:
        action = "Microsoft.Storage/storageAccounts/blobServices/read"
        return self._get(f"{account_id}/blobServices/default", STORAGE_API, action) or {}

    def lifecycle(self, account_id: str) -> Mapping[str, Any]:
        """The management policy; {} where there is none."""
        action = "Microsoft.Storage/storageAccounts/managementPolicies/read"
        return self._get(f"{account_id}/managementPolicies/default", STORAGE_API, action) or {}

    def diagnostics(self, account_id: str) -> Mapping[str, Any]:
        """Diagnostic settings of the blob service; {} where there are none."""
        path = f"{account_id}/blobServices/default/providers/Microsoft.Insights/diagnosticSettings"
        return self._get(path, INSIGHTS_API, "Microsoft.Insights/diagnosticSettings/read") or {}

    def encryption_scope(self, account_id: str, name: str) -> Mapping[str, Any]:
        action = "Microsoft.Storage/storageAccounts/encryptionScopes/read"
        return self._get(f"{account_id}/encryptionScopes/{name}", STORAGE_API, action) or {}

    def containers(self, account_id: str) -> Iterator[Mapping[str, Any]]:
        action = "Microsoft.Storage/storageAccounts/blobServices/containers/read"
        yield from self._pages(f"{account_id}/blobServices/default/containers", STORAGE_API, action)

    def container(self, account_id: str, name: str) -> Mapping[str, Any]:
        action = "Microsoft.Storage/storageAccounts/blobServices/containers/read"
        return self._get(f"{account_id}/blobServices/default/containers/{name}", STORAGE_API, action) or {}

    def _pages(self, path: str, version: str, action: str) -> Iterator[Mapping[str, Any]]:
        answer = self._get(path, version, action)
        while answer is not None:
            yield from answer.get("value", ())
            following = str(answer.get("nextLink") or "")
            if not following:
                return
            # The token goes to this host only, whatever an answer says.
            if not following.startswith(f"{self._url}/"):
                raise ReadError(
                    GapReason.UNSUPPORTED, "the next page of a list is said to be on another host"
                )
            answer = self._get(following, "", action)

    def _get(self, path: str, version: str, action: str) -> Mapping[str, Any] | None:
        """A JSON object, or None for 404. Raises ReadError naming the action that is missing."""
        url = path if path.startswith(self._url) else f"{self._url}{path}"
        request = HttpRequest("GET", url, params={"api-version": version} if version else None)
        remedy = f"{READER} ({action})"
        try:
            response = self._client.send_request(request)
            body = response.json() if response.text() else {}
        except AzureError as error:
            raise read_error(error, remedy) from None
        except json.JSONDecodeError:
            raise ReadError(GapReason.UNREACHABLE, "Azure Resource Manager answered no JSON") from None
        if response.status_code == 404:
            return None
        if response.status_code >= 400:
            error_part = body.get("error") if isinstance(body, Mapping) else None
            code = str(error_part.get("code", "")) if isinstance(error_part, Mapping) else ""
            raise status_error(response.status_code, code if code.isalnum() else "", remedy)
        return body if isinstance(body, Mapping) else {}
