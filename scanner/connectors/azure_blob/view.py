"""Ask an account, once, everything its settings tell; an answer or why there is none."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from azure.core.exceptions import AzureError
from azure.storage.blob import BlobServiceClient, ContainerProperties

from scanner.common.stating import Unseen, ask, dig, unseen
from scanner.connectors.azure_blob.client import read_error
from scanner.connectors.azure_blob.management import READER, Management
from scanner.errors import ReadError
from scanner.model import Basis, Gap

Answer = Mapping[str, Any] | Unseen

NO_MANAGEMENT = Unseen(
    Basis.NOT_OBSERVABLE,
    "an account's settings are seen through Azure Resource Manager only: set `subscription`",
)
SERVICE_READ = f"{READER} (Microsoft.Storage/storageAccounts/blobServices/read)"


@dataclasses.dataclass(frozen=True, slots=True)
class AccountView:
    """What was seen of one storage account."""

    account: Answer
    """Resource Manager: the storage account."""
    service: Answer
    """Resource Manager: its blob service (versioning, soft delete)."""
    lifecycle: Answer
    diagnostics: Answer
    data: Answer
    """Data plane: Get Blob Service Properties (CORS, website, classic logging, soft delete)."""
    hierarchical: bool | Unseen
    """Data plane: whether the account has a hierarchical namespace (ACLs on paths)."""
    gaps: tuple[Gap, ...]
    """One per call that failed."""

    @property
    def account_id(self) -> str | None:
        return None if isinstance(self.account, Unseen) else str(self.account.get("id") or "") or None

    @property
    def region(self) -> str | None:
        return None if isinstance(self.account, Unseen) else dig(self.account, "location")

    @property
    def tags(self) -> Mapping[str, str] | Unseen:
        if isinstance(self.account, Unseen):
            return self.account
        return {str(key): str(text) for key, text in (self.account.get("tags") or {}).items()}


def view(
    scope_id: str, name: str, service: BlobServiceClient | ReadError, management: Management | None
) -> AccountView:
    """Look at one account; `service` may be the error that kept a client from being made."""
    gaps: list[Gap] = []
    account: Answer = NO_MANAGEMENT
    blob_service: Answer = NO_MANAGEMENT
    lifecycle: Answer = NO_MANAGEMENT
    diagnostics: Answer = NO_MANAGEMENT
    if management is not None:
        there = management
        account = ask(scope_id, "account settings", gaps, lambda: there.account(name))
        if isinstance(account, Unseen):
            # Without the account's id nothing below it can be asked for.
            blob_service = lifecycle = diagnostics = account
        else:
            id = str(account.get("id", ""))
            blob_service = ask(scope_id, "versioning and soft delete", gaps, lambda: there.blob_service(id))
            lifecycle = ask(scope_id, "lifecycle rules", gaps, lambda: there.lifecycle(id))
            diagnostics = ask(scope_id, "diagnostic settings", gaps, lambda: there.diagnostics(id))
    if isinstance(service, ReadError):
        data: Answer = unseen(service)
        hierarchical: bool | Unseen = unseen(service)
    else:
        client = service
        data = ask(scope_id, "blob service properties", gaps, lambda: _properties(client))
        hierarchical = ask(scope_id, "kind of namespace", gaps, lambda: _hierarchical(client))
    from_account = None if isinstance(account, Unseen) else dig(account, "properties", "isHnsEnabled")
    if isinstance(from_account, bool):
        hierarchical = from_account
    return AccountView(account, blob_service, lifecycle, diagnostics, data, hierarchical, tuple(gaps))


def container_properties(service: BlobServiceClient, container: str) -> ContainerProperties:
    """Raises ReadError."""
    try:
        return service.get_container_client(container).get_container_properties()
    except AzureError as error:
        raise read_error(
            error,
            "grant the role Reader or Storage Blob Data Reader on the container "
            "(Microsoft.Storage/storageAccounts/blobServices/containers/read)",
        ) from None


def _properties(service: BlobServiceClient) -> Mapping[str, Any]:
    """Get Blob Service Properties as plain values, named as the REST reference names them."""
    try:
        seen = service.get_service_properties()
    except AzureError as error:
        raise read_error(error, SERVICE_READ) from None
    logging, deletion, website = (
        seen.get("analytics_logging"),
        seen.get("delete_retention_policy"),
        seen.get("static_website"),
    )
    return {
        "logging": {"read": logging.read, "write": logging.write, "delete": logging.delete}
        if logging
        else None,
        "deleteRetentionPolicy": {"enabled": deletion.enabled, "days": deletion.days} if deletion else None,
        "staticWebsite": {"enabled": website.enabled} if website else None,
        "cors": [
            {"allowedOrigins": _split(rule.allowed_origins), "allowedMethods": _split(rule.allowed_methods)}
            for rule in seen.get("cors") or ()
        ],
    }


def _split(text: str | list[str] | None) -> list[str]:
    parts = text.split(",") if isinstance(text, str) else text or []
    return [part.strip() for part in parts if part.strip()]


def _hierarchical(service: BlobServiceClient) -> bool:
    try:
        return bool(service.get_account_information().get("is_hns_enabled"))
    except AzureError as error:
        raise read_error(error, SERVICE_READ) from None
