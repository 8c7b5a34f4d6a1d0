"""Google's libraries behind dpscan's limits: credentials, session, errors, pages and ranges."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Collection, Mapping
from typing import Any

import google.auth
import google.auth.credentials
import google.auth.exceptions
import google.auth.transport.requests
import requests
from google.api_core.client_info import ClientInfo
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
from urllib3.util import Retry

from scanner.common.http import bound
from scanner.common.objects import ObjectInfo, Page
from scanner.common.secrets import resolve
from scanner.connectors.gcs.options import GcsOptions
from scanner.contracts import Access
from scanner.errors import ReadError
from scanner.model import GapReason, Store, Unit

READ_ONLY = ("https://www.googleapis.com/auth/cloud-platform.read-only",)
"""The token asked for can change nothing, whatever roles its holder has."""

READ_OBJECTS = "grant roles/storage.objectViewer on the bucket (storage.objects.list, storage.objects.get)"
SIGN_IN = (
    "run `gcloud auth application-default login`, run where a service account is attached, or point "
    "GOOGLE_APPLICATION_CREDENTIALS at a credentials file"
)
REQUESTER_PAYS = "requester pays: listing and reading would be billed to us"
PAGE_SIZE = 1000
"""Most objects one answer of objects.list holds (the service's recommended maximum)."""

# Retrieval from these is charged per gigabyte; they are meant for data hardly ever touched.
# Standard and Nearline are read.
COSTLY_CLASSES = {
    "COLDLINE": "in storage class Coldline, where retrieval is charged (read_costly: [coldline])",
    "ARCHIVE": "in storage class Archive, where retrieval is charged (read_costly: [archive])",
}

_REASON = re.compile(r"[A-Za-z0-9_]{1,60}")
_FIELDS = "items(name,size,timeCreated,updated,generation,storageClass),nextPageToken"


def quieten() -> None:
    """Keep the libraries' loggers from printing URLs, which hold object names."""
    for name in ("google", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns of each retry with the whole path of the request.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


# --- how to connect ---------------------------------------------------------------


def credentials(
    options: GcsOptions, access: Access
) -> tuple[google.auth.credentials.Credentials, str | None]:
    """Credentials and the project they name. Raises ReadError(DENIED)."""
    if options.anonymous:
        return AnonymousCredentials(), options.project  # type: ignore[no-untyped-call]
    try:
        if options.credentials:
            found, project = _from_json(resolve(options.credentials))
        else:
            found, project = google.auth.default(scopes=READ_ONLY, request=_token_request(access))
    except (google.auth.exceptions.GoogleAuthError, ValueError, KeyError, TypeError):
        # Their messages quote paths and what could not be parsed.
        raise ReadError(GapReason.DENIED, "no Google credentials could be had", SIGN_IN) from None
    return found, options.project or project


def _from_json(text: str) -> tuple[google.auth.credentials.Credentials, str | None]:
    from google.oauth2 import credentials as user
    from google.oauth2 import service_account

    info = json.loads(text)
    if info["type"] == "service_account":
        made = service_account.Credentials.from_service_account_info(info, scopes=READ_ONLY)  # type: ignore[no-untyped-call]
        return made, info.get("project_id")
    if info["type"] == "authorized_user":
        person = user.Credentials.from_authorized_user_info(info)  # type: ignore[no-untyped-call]
        return person, info.get("quota_project_id")
    # Federated credentials run code or call hosts named in the file: only through ADC, on purpose.
    raise ReadError(
        GapReason.DENIED,
        "this kind of Google credentials is not taken from a reference",
        "point GOOGLE_APPLICATION_CREDENTIALS at the file instead",
    )


def _token_request(access: Access) -> google.auth.transport.requests.Request:
    tokens = requests.Session()
    bound(tokens, access, retries=1)
    return google.auth.transport.requests.Request(tokens)


def session(
    found: google.auth.credentials.Credentials, access: Access
) -> google.auth.transport.requests.AuthorizedSession:
    """A session of at most `connections_per_host` connections. Proxies come from the environment."""
    made = google.auth.transport.requests.AuthorizedSession(  # type: ignore[no-untyped-call]
        found, auth_request=_token_request(access)
    )
    made.headers["User-Agent"] = access.user_agent
    again = Retry(
        total=1,
        backoff_factor=0.5,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=("GET", "POST"),  # the only POSTs are getIamPolicy and getEffectiveOrgPolicy
        raise_on_status=False,
        respect_retry_after_header=False,
    )
    bound(made, access, again)
    return made


def timeouts(access: Access) -> tuple[float, float]:
    return access.limits.connect_timeout, access.limits.read_timeout


def storage_client(
    options: GcsOptions,
    project: str | None,
    found: google.auth.credentials.Credentials,
    shared: google.auth.transport.requests.AuthorizedSession,
    access: Access,
) -> storage.Client:
    return storage.Client(
        project=project,
        credentials=found,
        _http=shared,
        client_info=ClientInfo(user_agent=access.user_agent),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": options.endpoint_url},
    )


# --- what went wrong --------------------------------------------------------------

FAILURES = (
    GoogleAPICallError,
    RetryError,
    InvalidResponse,
    DataCorruption,
    google.auth.exceptions.GoogleAuthError,
    requests.RequestException,
)
"""What the libraries raise from a call; give it to `read_error`."""


def read_error(error: Exception, remedy: str) -> ReadError:
    """A library's exception as ours: its status and reason, never its message."""
    if isinstance(error, requests.Timeout):
        return ReadError(GapReason.TIMEOUT, "the storage service did not answer in time")
    if isinstance(error, (requests.RequestException, RetryError, google.auth.exceptions.TransportError)):
        return ReadError(
            GapReason.UNREACHABLE,
            "no connection to the storage service, or it broke",
            "check DNS, private endpoint, proxy and certificate (`ca_bundle`)",
        )
    if isinstance(error, google.auth.exceptions.GoogleAuthError):
        return ReadError(GapReason.DENIED, "the Google credentials were not accepted", SIGN_IN)
    if isinstance(error, DataCorruption):
        return ReadError(GapReason.UNREACHABLE, "the answer did not match its checksum")
    if isinstance(error, InvalidResponse):
        return status_error(error.response.status_code, _body(error.response), remedy)
    response = getattr(error, "response", None)
    body = _body(response) if isinstance(response, requests.Response) else {}
    return status_error(int(getattr(error, "code", None) or 500), body, remedy)


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (requests.JSONDecodeError, RuntimeError):  # RuntimeError: a body read as a stream is gone
        return {}
    return body if isinstance(body, dict) else {}


def status_error(status: int, body: dict[str, Any], remedy: str) -> ReadError:
    """An HTTP status with Google's error body as a ReadError."""
    reason, message = _reason(body)
    shown = f"HTTP {status}" + (f" {reason}" if reason else "")
    if status == 400 and "requester pays" in message.lower():
        return ReadError(GapReason.COSTLY, REQUESTER_PAYS)
    if status == 400 and "encrypt" in message.lower():
        return ReadError(GapReason.ENCRYPTED, "encrypted under a key that the client must send")
    if status in (401, 403):
        return ReadError(GapReason.DENIED, f"Google refused the call ({shown})", remedy)
    if status == 404:
        return ReadError(GapReason.VANISHED, "no longer there")
    if status == 412:
        return ReadError(GapReason.VANISHED, "replaced since it was listed")
    if status == 416:
        return ReadError(GapReason.VANISHED, "shorter than when it was listed")
    if status in (408, 429) or status >= 500:
        return ReadError(GapReason.UNREACHABLE, f"the storage service is busy or failing ({shown})")
    return ReadError(GapReason.UNSUPPORTED, f"the storage service did not take the request ({shown})")


def _reason(body: dict[str, Any]) -> tuple[str, str]:
    """Google's reason word, and the message (to look into, never to show)."""
    error = body.get("error")
    if not isinstance(error, dict):
        return "", ""
    details = error.get("errors")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    reason = str(first.get("reason") or error.get("status") or "")
    return (reason if _REASON.fullmatch(reason) else ""), str(error.get("message") or "")


# --- the two calls of the object-store core ---------------------------------------


class ObjectsClient:
    """`ObjectClient` over google-cloud-storage."""

    def __init__(
        self,
        client: storage.Client,
        access: Access,
        page_size: int = PAGE_SIZE,
        read_costly: Collection[str] = (),
    ) -> None:
        self._client, self._timeout, self._page_size = client, timeouts(access), page_size
        self._costly = {name: why for name, why in COSTLY_CLASSES.items() if name.lower() not in read_costly}

    def list_page(self, store: Store, prefix: str, token: str | None) -> Page:
        try:
            listing = self._client.list_blobs(
                store.name,
                prefix=prefix or None,
                page_token=token,
                page_size=self._page_size,
                fields=_FIELDS,
                timeout=self._timeout,
                retry=None,  # `common.objects` asks again
            )
            objects = tuple(_info(blob, self._costly) for blob in next(listing.pages, ()))
        except FAILURES as error:
            raise read_error(error, READ_OBJECTS) from None
        return Page(objects, listing.next_page_token or None)

    def read_range(self, unit: Unit, start: int, end: int) -> bytes:
        if start >= end:
            return b""
        blob = self._client.bucket(bucket_of(unit.store_id)).blob(unit.params["key"])
        try:
            data = blob.download_as_bytes(
                start=start,
                end=end - 1,
                raw_download=True,  # stored bytes, whatever their Content-Encoding
                if_generation_match=int(unit.version) if unit.version else None,
                timeout=self._timeout,
                checksum=None,  # Google gives checksums of whole objects only
                retry=None,
            )
        except FAILURES as error:
            raise read_error(error, READ_OBJECTS) from None
        return bytes(data)


def _info(blob: storage.Blob, costly: Mapping[str, str]) -> ObjectInfo:
    return ObjectInfo(
        key=blob.name,
        size=int(blob.size or 0),
        # When this content was written; `updated` moves with metadata too.
        modified=blob.time_created or blob.updated,
        version=str(blob.generation or ""),
        costly=costly.get(str(blob.storage_class or "").upper()),
    )


def bucket_of(store_id: str) -> str:
    return store_id.removeprefix("gs:")
