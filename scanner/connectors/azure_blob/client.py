"""Azure's SDK behind dpscan's limits: sessions, credentials, errors, pages and ranges."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from typing import Any

import requests
from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential, TokenCredential
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import BlobProperties, BlobServiceClient, LinearRetry

from scanner.common.http import bound
from scanner.common.objects import ObjectInfo, Page
from scanner.common.secrets import resolve
from scanner.connectors.azure_blob.options import AzureBlobOptions
from scanner.contracts import Access
from scanner.errors import ReadError
from scanner.model import GapReason, Store, Unit

DATA_ROLE = "Storage Blob Data Reader"
READ_DATA = f"grant the role {DATA_ROLE} on the account or container"
SIGN_IN = (
    "sign in with `az login`, run where a managed identity is attached, or set AZURE_TENANT_ID, "
    "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH"
)
PAGE_SIZE = 5000
"""Most blobs one List Blobs answer holds (the service's own maximum)."""

# Archive cannot be read without waking it; Cold is charged per gigabyte read and meant for
# data that is hardly ever touched. Hot and Cool are read.
COSTLY_TIERS = {
    "Archive": "in the Archive tier (must be rehydrated before it can be read)",
    "Cold": "in the Cold tier, where retrieval is charged (read_costly: [cold])",
}

_CODE = re.compile(r"[A-Za-z0-9]{1,80}")
_GONE = frozenset({"BlobNotFound", "ContainerNotFound", "ResourceNotFound", "ContainerBeingDeleted"})


def quieten() -> None:
    """Keep the SDK's loggers from printing URLs and headers, whatever verbosity is asked."""
    for name in ("azure", "msal", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Its warning on a failed sign-in quotes every credential's own message.
    logging.getLogger("azure.identity").setLevel(logging.ERROR)


# --- how to connect ---------------------------------------------------------------


def session(access: Access) -> requests.Session:
    """A session that opens at most `connections_per_host` connections. Proxies come from the environment."""
    bounded = requests.Session()
    bound(bounded, access)
    return bounded


def network(access: Access, shared: requests.Session) -> dict[str, Any]:
    """Keyword arguments that every Azure client takes."""
    transport = RequestsTransport(
        session=shared,
        session_owner=False,
        connection_timeout=access.limits.connect_timeout,
        read_timeout=access.limits.read_timeout,
        connection_verify=access.ca_bundle or True,
    )
    return {
        "transport": transport,
        "user_agent": access.user_agent,
        "logging_enable": False,
    }


def identity(access: Access, shared: requests.Session) -> TokenCredential:
    """The identity this process runs under (azure-identity's own chain)."""
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential(**network(access, shared))


def service_client(
    options: AzureBlobOptions,
    account: str,
    access: Access,
    shared: requests.Session,
    credential: TokenCredential | None,
) -> BlobServiceClient:
    """A client for one account. Raises ReadError(DENIED) if its credential cannot be had."""
    keywords = network(access, shared)
    # One try more here; `common.objects` asks again for pages and ranges.
    keywords["retry_policy"] = LinearRetry(backoff=1, retry_total=1, random_jitter_range=0)
    # A range is one request: the core decides how much to ask for.
    keywords["max_single_get_size"] = keywords["max_chunk_get_size"] = access.limits.object_bytes
    try:
        if options.connection_string:
            return BlobServiceClient.from_connection_string(resolve(options.connection_string), **keywords)
        secret: Any = credential
        if options.account_key:
            secret = AzureNamedKeyCredential(account, resolve(options.account_key))
        elif options.sas:
            secret = AzureSasCredential(resolve(options.sas).lstrip("?"))
        return BlobServiceClient(options.endpoint(account), credential=secret, **keywords)
    except (ValueError, TypeError, KeyError):
        # The SDK's message may quote what it could not parse.
        raise ReadError(
            GapReason.DENIED,
            f"the credential for {account} is malformed",
            "check what the reference in the configuration points to",
        ) from None


def answers_anybody(
    service: BlobServiceClient,
    endpoint: str,
    container: str,
    level: str,
    access: Access,
    shared: requests.Session,
) -> bool | None:
    """Ask once without credentials: True if answered, False if the account refuses, None if unclear.

    For a container at level `container` one name is listed, at level `blob` one blob's properties
    are asked for (never content). `service` has credentials and finds the blob to ask for.
    """
    stranger = BlobServiceClient(endpoint, retry_policy=LinearRetry(retry_total=0), **network(access, shared))
    try:
        if level == "container":
            listing = stranger.get_container_client(container).list_blob_names(results_per_page=1)
            next(listing.by_page(), None)
            return True
        names = service.get_container_client(container).list_blob_names(results_per_page=1)
        name = next(iter(next(names.by_page(), ())), None)
        if name is None:
            return None
        stranger.get_blob_client(container, str(name)).get_blob_properties()
    except AzureError as error:
        return False if _code(error) == "PublicAccessNotPermitted" else None
    return True


# --- what went wrong --------------------------------------------------------------


def read_error(error: AzureError, remedy: str) -> ReadError:
    """An SDK exception as ours: its status and error code, never its message."""
    if isinstance(error, (ServiceRequestTimeoutError, ServiceResponseTimeoutError)):
        return ReadError(GapReason.TIMEOUT, "the storage service did not answer in time")
    if isinstance(error, (ServiceRequestError, ServiceResponseError, IncompleteReadError)):
        return ReadError(
            GapReason.UNREACHABLE,
            "no connection to the storage service, or it broke",
            "check the name, DNS, private endpoint, proxy and certificate (`ca_bundle`)",
        )
    status = getattr(error, "status_code", None)
    if status is None:
        if isinstance(error, ClientAuthenticationError):
            return ReadError(GapReason.DENIED, "no Azure identity could sign in", SIGN_IN)
        return ReadError(GapReason.UNREACHABLE, f"the Azure library failed ({type(error).__name__})")
    return status_error(int(status), _code(error), remedy)


def status_error(status: int, code: str, remedy: str) -> ReadError:
    """An HTTP status with Azure's error code as a ReadError."""
    shown = f"HTTP {status}" + (f" {code}" if code else "")
    if status in (401, 403):
        if code == "KeyBasedAuthenticationNotPermitted":
            remedy = f"shared keys are off for this account: use an Azure identity and {READ_DATA}"
        elif code in ("AuthorizationFailure", "IpAuthorizationSourceIPMismatch"):
            remedy += "; if the account's firewall is on, let this network in"
        return ReadError(GapReason.DENIED, f"Azure refused the call ({shown})", remedy)
    if status == 404 and code not in _GONE | {""}:
        return ReadError(GapReason.VANISHED, f"not there ({shown})")
    if status == 404:
        return ReadError(GapReason.VANISHED, "no longer there")
    if status == 412:
        return ReadError(GapReason.VANISHED, "replaced since it was listed")
    if status == 416:
        return ReadError(GapReason.VANISHED, "shorter than when it was listed")
    if code == "BlobArchived":
        return ReadError(GapReason.COSTLY, COSTLY_TIERS["Archive"])
    if code in ("BlobUsesCustomerSpecifiedEncryption", "BlobDoesNotUseCustomerSpecifiedEncryption"):
        return ReadError(GapReason.ENCRYPTED, "encrypted under a key that the client must send")
    if status in (408, 429, 500, 502, 503, 504):
        return ReadError(GapReason.UNREACHABLE, f"the storage service is busy or failing ({shown})")
    return ReadError(GapReason.UNSUPPORTED, f"the storage service did not take the request ({shown})")


def _code(error: AzureError) -> str:
    code = getattr(error, "error_code", None)
    text = str(getattr(code, "value", code) or "")
    return text if _CODE.fullmatch(text) else ""


# --- the two calls of the object-store core ---------------------------------------


class BlobClient:
    """`ObjectClient` over one account's service client."""

    def __init__(
        self, service: BlobServiceClient, page_size: int = PAGE_SIZE, read_costly: Collection[str] = ()
    ) -> None:
        self._service, self._page_size = service, page_size
        self._costly = {tier: why for tier, why in COSTLY_TIERS.items() if tier.lower() not in read_costly}

    def list_page(self, store: Store, prefix: str, token: str | None) -> Page:
        container = self._service.get_container_client(store.name)
        try:
            pages = container.list_blobs(
                name_starts_with=prefix or None, results_per_page=self._page_size
            ).by_page(continuation_token=token)
            blobs = tuple(_info(blob, self._costly) for blob in next(pages, ()))
        except AzureError as error:
            raise read_error(error, READ_DATA) from None
        return Page(blobs, getattr(pages, "continuation_token", None) or None)

    def read_range(self, unit: Unit, start: int, end: int) -> bytes:
        if start >= end:
            return b""
        blob = self._service.get_blob_client(container_of(unit.store_id), unit.params["key"])
        # Sizes and ranges are those of the stored bytes, whatever their Content-Encoding.
        how: dict[str, Any] = {"max_concurrency": 1, "decompress": False}
        if unit.version:
            how |= {"etag": f'"{unit.version}"', "match_condition": MatchConditions.IfNotModified}
        try:
            return bytes(blob.download_blob(offset=start, length=end - start, **how).readall())
        except AzureError as error:
            raise read_error(error, READ_DATA) from None


def _info(blob: BlobProperties, costly: Mapping[str, str]) -> ObjectInfo:
    tier = str(blob.blob_tier or "")
    return ObjectInfo(
        key=str(blob.name),
        size=int(blob.size or 0),
        modified=blob.last_modified,
        version=str(blob.etag or "").strip('"'),
        costly=costly.get(tier),
    )


def account_of(store_or_scope_id: str) -> str:
    """`azure:account/container` or `azure:account` to the account."""
    return store_or_scope_id.removeprefix("azure:").partition("/")[0]


def container_of(store_id: str) -> str:
    return store_id.partition("/")[2]
