"""`dpscan doctor`: which permissions are held, and the policy that grants them. Reads no content."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

from scanner.connectors.s3 import calls
from scanner.connectors.s3.calls import Answer, Status
from scanner.connectors.s3.errors import SDK_ERRORS
from scanner.connectors.s3.options import Options
from scanner.connectors.s3.session import Clients
from scanner.contracts import Permission
from scanner.errors import ReadError
from scanner.model import Scope, Store

# Of an account's buckets only the first few are tried: permissions rarely differ between them.
_TRIED = 5


def permissions(
    connector: Any, clients: Clients, options: Options, account_block: Callable[[], Answer]
) -> Iterator[Permission]:
    """Every permission, as far as it can be tried on the buckets asked for."""
    try:
        aws = clients.aws
    except (*SDK_ERRORS, ReadError):
        yield Permission("credentials", False, "everything", options.profile or "")
        return
    scopes = [scope for scope in connector.scopes() if isinstance(scope, Scope)]
    if aws:
        yield Permission(
            "s3:GetAccountPublicAccessBlock", _held(account_block()), "the account's public access block"
        )
    if not options.named:
        yield Permission("s3:ListAllMyBuckets", _can_list(clients), "finding every bucket")
    buckets = (s for scope in scopes for s in connector.stores(scope) if isinstance(s, Store))
    for store in buckets if options.named else itertools.islice(buckets, _TRIED):
        for call in (*calls.POSTURE, calls.LOCATION, calls.PAYMENT):
            answer = calls.ask(clients.s3, call, store.name, options.account_id)
            yield Permission(call.action, _held(answer), call.tells, store.name)
        yield from _content(clients, options, store)
    if aws:
        yield Permission("kms:DescribeKey", None, "telling who manages a bucket's key")
        yield Permission("kms:Decrypt", None, "reading objects under a customer-managed key")


def _held(answer: Answer) -> bool | None:
    return {Status.SET: True, Status.UNSET: True, Status.DENIED: False}.get(answer.status)


def _can_list(clients: Clients) -> bool | None:
    try:
        clients.s3.list_buckets()
    except SDK_ERRORS as error:
        return _held(calls.failed(error, "s3:ListBuckets", "s3:ListAllMyBuckets"))
    return True


def _content(clients: Clients, options: Options, store: Store) -> Iterator[Permission]:
    """Listing one name, and asking for that object's headers: GetObject decides on both alike."""
    key: str | None = None
    listed: bool | None = True
    try:
        page = clients.s3.list_objects_v2(Bucket=store.name, Prefix=options.prefix, MaxKeys=1)
        key = next((item["Key"] for item in page.get("Contents", ())), None)
    except SDK_ERRORS as error:
        listed = _held(calls.failed(error, "s3:ListObjectsV2", "s3:ListBucket"))
    yield Permission("s3:ListBucket", listed, "listing objects", store.name)
    read: bool | None = None
    if key is not None:
        try:
            clients.s3.head_object(Bucket=store.name, Key=key)
            read = True
        except SDK_ERRORS as error:
            read = _held(calls.failed(error, "s3:HeadObject", "s3:GetObject"))
    yield Permission("s3:GetObject", read, "reading objects", store.name)


def policy(options: Options) -> str:
    """An IAM policy for the configured buckets: reading only, nothing of other services' data."""
    names = options.named or ("*",)
    buckets = [f"arn:aws:s3:::{name}" for name in names]
    about = sorted({call.action for call in (*calls.POSTURE, calls.LOCATION, calls.PAYMENT)})
    account = ["s3:GetAccountPublicAccessBlock"] + ([] if options.named else ["s3:ListAllMyBuckets"])
    listing: dict[str, Any] = {
        "Sid": "ListObjects",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": buckets,
    }
    if options.prefix:
        listing["Condition"] = {"StringLike": {"s3:prefix": f"{options.prefix}*"}}
    statements: list[dict[str, Any]] = [
        {"Sid": "SeeAccount", "Effect": "Allow", "Action": account, "Resource": "*"},
        {"Sid": "SeeSettings", "Effect": "Allow", "Action": about, "Resource": buckets},
        listing,
        {
            "Sid": "ReadObjects",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": [f"{bucket}/{options.prefix}*" for bucket in buckets],
        },
        {
            "Sid": "ReadUnderOwnKeys",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
        },
        {"Sid": "SeeKeys", "Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "*"},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
