"""What `dpscan doctor` says of Azure: each permission tried, and the role to grant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from azure.core.exceptions import AzureError
from azure.storage.blob import BlobServiceClient

from scanner.connectors.azure_blob.client import read_error
from scanner.connectors.azure_blob.management import Management
from scanner.connectors.azure_blob.options import AzureBlobOptions
from scanner.contracts import Permission
from scanner.errors import ReadError
from scanner.model import GapReason

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers/read"
SERVICE = "Microsoft.Storage/storageAccounts/blobServices/read"
ACCOUNT = "Microsoft.Storage/storageAccounts/read"
LIFECYCLE = "Microsoft.Storage/storageAccounts/managementPolicies/read"
DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings/read"
ENCRYPTION = "Microsoft.Storage/storageAccounts/encryptionScopes/read"

ACTIONS = (ACCOUNT, SERVICE, CONTAINERS, LIFECYCLE, ENCRYPTION, DIAGNOSTICS)
DATA_ACTIONS = (BLOBS,)


def permissions(
    account: str,
    containers: Sequence[str],
    service: BlobServiceClient | ReadError,
    management: Management | None,
) -> Iterator[Permission]:
    """Try each permission on one account. Lists and asks for properties; reads no content."""
    subject = f"azure:{account}"
    if isinstance(service, ReadError):
        for name in (CONTAINERS, BLOBS, SERVICE):
            yield Permission(name, None, f"not tried: {service.detail}", subject)
    else:
        yield from _data_plane(subject, containers, service)
    yield from _management_plane(subject, account, management)


def _data_plane(subject: str, containers: Sequence[str], service: BlobServiceClient) -> Iterator[Permission]:
    found = list(containers[:1])

    def first_container() -> None:
        if containers:
            service.get_container_client(containers[0]).get_container_properties()
        else:
            page = next(service.list_containers(results_per_page=1).by_page(), ())
            found.extend(str(container.name) for container in page)

    yield Permission(
        CONTAINERS, _held(first_container), "listing containers and their public access", subject
    )

    def first_blob() -> None:
        next(service.get_container_client(found[0]).list_blob_names(results_per_page=1).by_page(), None)

    held = _held(first_blob) if found else None
    yield Permission(BLOBS, held, "listing and reading blobs", f"{subject}/{found[0]}" if found else subject)
    yield Permission(
        SERVICE,
        _held(service.get_service_properties),
        "soft delete, CORS, website and classic logging",
        subject,
    )


def _management_plane(subject: str, account: str, management: Management | None) -> Iterator[Permission]:
    wanted = (
        (ACCOUNT, "HTTPS only, lowest TLS version, public access, firewall, keys, encryption, region, tags"),
        (SERVICE, "versioning and container soft delete"),
        (LIFECYCLE, "expiry rules"),
        (DIAGNOSTICS, "access logging"),
    )
    if management is None:
        for name, needed_for in wanted:
            yield Permission(name, None, f"{needed_for} (not tried: set `subscription`)", subject)
        return
    id = ""

    def find() -> None:
        nonlocal id
        id = str(management.account(account).get("id", ""))

    yield Permission(ACCOUNT, _held(find), wanted[0][1], subject)
    calls: tuple[Callable[[], object], ...] = (
        lambda: management.blob_service(id),
        lambda: management.lifecycle(id),
        lambda: management.diagnostics(id),
    )
    for (name, needed_for), call in zip(wanted[1:], calls, strict=True):
        yield Permission(name, _held(call) if id else None, needed_for, subject)


def _held(call: Callable[[], object]) -> bool | None:
    """True, False if refused, None if the call could not be made."""
    try:
        call()
    except AzureError as error:
        return False if read_error(error, "").reason is GapReason.DENIED else None
    except ReadError as error:
        return False if error.reason is GapReason.DENIED else None
    return True


def policy(options: AzureBlobOptions) -> str:
    """A custom role for `az role definition create --role-definition @role.json`."""
    subscription = options.subscription or "SUBSCRIPTION-ID"
    scope = f"/subscriptions/{subscription}"
    if options.resource_group:
        scope += f"/resourceGroups/{options.resource_group}"
    role = {
        "Name": "dpscan reader",
        "IsCustom": True,
        "Description": "Read blobs and the settings of storage accounts, for data-protection scans. No writes, no keys.",
        "Actions": list(ACTIONS),
        "NotActions": [],
        "DataActions": list(DATA_ACTIONS),
        "NotDataActions": [],
        "AssignableScopes": [scope],
    }
    return json.dumps(role, indent=2) + "\n"
