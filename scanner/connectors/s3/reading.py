"""The S3 side of the shared object-store core: one page of a listing, one range of an object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import botocore.exceptions

from scanner.common.objects import ObjectInfo, Page
from scanner.connectors.s3.errors import SDK_ERRORS, code_of, read_error, status_of
from scanner.errors import ReadError
from scanner.model import GapReason, Store, Unit

# Intelligent-Tiering moves what was not read for 30 days; a listing does not show the tier, and
# reading moves an object back to the dearest one.
_TIERED_AFTER = dt.timedelta(days=30)

_ARCHIVED = {
    "GLACIER": "in Glacier Flexible Retrieval, must be restored first",
    "DEEP_ARCHIVE": "in Glacier Deep Archive, must be restored first",
}


class S3Objects:
    """An `ObjectClient`. Holds the SDK's client, which is thread-safe."""

    def __init__(
        self,
        client: Any,
        *,
        owner: str | None,
        read_costly: Collection[str],
        requester_pays: bool = False,
    ) -> None:
        self._client = client
        self._owner = {"ExpectedBucketOwner": owner} if owner else {}
        self._read_costly = read_costly
        self._requester_pays = requester_pays
        self._cold_before = dt.datetime.now(dt.UTC) - _TIERED_AFTER

    def list_page(self, store: Store, prefix: str, token: str | None) -> Page:
        keys: dict[str, Any] = {"Bucket": store.name, "Prefix": prefix, **self._owner, **self._payer()}
        if token is not None:
            keys["ContinuationToken"] = token
        try:
            answer = self._client.list_objects_v2(**keys)
        except SDK_ERRORS as error:
            raise self._listing_error(error) from None
        objects = tuple(self._info(item) for item in answer.get("Contents", ()))
        return Page(objects, answer.get("NextContinuationToken") if answer.get("IsTruncated") else None)

    def read_range(self, unit: Unit, start: int, end: int) -> bytes:
        keys: dict[str, Any] = {
            "Bucket": unit.params["store"],
            "Key": unit.params["key"],
            "Range": f"bytes={start}-{end - 1}",
            **self._owner,
            **self._payer(),
        }
        if unit.version:
            keys["IfMatch"] = unit.version
        try:
            answer = self._client.get_object(**keys)
            partial = answer["ResponseMetadata"]["HTTPStatusCode"] == 206
            if not partial and answer.get("ContentLength") != end - start:
                answer["Body"].close()
                raise ReadError(GapReason.UNSUPPORTED, "the server does not offer reading by range")
            with answer["Body"] as body:
                data: bytes = body.read()
        except SDK_ERRORS as error:
            raise _reading_error(error) from None
        return data

    def _payer(self) -> dict[str, str]:
        # Without this header AWS refuses everybody but the owner, so no charge can arise by mistake.
        return {"RequestPayer": "requester"} if "requester-pays" in self._read_costly else {}

    def _info(self, item: Mapping[str, Any]) -> ObjectInfo:
        return ObjectInfo(
            key=item["Key"],
            size=int(item.get("Size", 0)),
            modified=item.get("LastModified"),
            version=str(item.get("ETag", "")),
            costly=self._costly(item),
        )

    def _costly(self, item: Mapping[str, Any]) -> str | None:
        kind = item.get("StorageClass", "STANDARD")
        if kind in _ARCHIVED:
            return _ARCHIVED[kind]
        if self._requester_pays and "requester-pays" not in self._read_costly:
            return "the requester pays (read_costly: [requester-pays])"
        if kind == "GLACIER_IR" and "glacier-instant-retrieval" not in self._read_costly:
            return "in Glacier Instant Retrieval (read_costly: [glacier-instant-retrieval])"
        if kind == "INTELLIGENT_TIERING" and "intelligent-tiering" not in self._read_costly:
            modified = item.get("LastModified")
            if modified is None or modified < self._cold_before:
                return "perhaps in a cold tier of Intelligent-Tiering (read_costly: [intelligent-tiering])"
        return None

    def _listing_error(self, error: Exception) -> ReadError:
        known = read_error(error, "s3:ListBucket")
        if known.reason is GapReason.DENIED and self._requester_pays:
            return ReadError(
                GapReason.COSTLY, "the requester pays, so it was not listed", "read_costly: [requester-pays]"
            )
        return known


def _reading_error(error: Exception) -> ReadError:
    known = read_error(error, "s3:GetObject")
    if not isinstance(error, botocore.exceptions.ClientError):
        return known
    code, status = code_of(error), status_of(error)
    if code == "PreconditionFailed" or status == 412:
        return ReadError(
            GapReason.VANISHED, "it was replaced after it was listed; the next scan reads the new one"
        )
    if code == "InvalidObjectState":
        return ReadError(GapReason.COSTLY, "it is archived and would have to be restored first")
    if code.startswith("KMS"):
        return ReadError(
            GapReason.ENCRYPTED, f"its key cannot be used ({code})", "enable or restore its KMS key"
        )
    if code == "InvalidRequest":
        # What S3 says of an object under a key that each request must bring along (SSE-C).
        return ReadError(
            GapReason.ENCRYPTED, "it is encrypted with a key that the client must supply (SSE-C)"
        )
    if known.reason is GapReason.DENIED and "kms:" in str(error.response.get("Error", {}).get("Message", "")):
        return ReadError(GapReason.DENIED, "kms:Decrypt is not granted on its key", "kms:Decrypt")
    if known.reason is GapReason.VANISHED:
        return ReadError(GapReason.VANISHED, "it was deleted after it was listed")
    return known
