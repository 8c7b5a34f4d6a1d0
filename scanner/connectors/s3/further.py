"""Evidence that takes a second question: who manages the key, where replicas are, the region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import botocore.exceptions

from scanner.connectors.s3 import calls
from scanner.connectors.s3.calls import Answer, Status
from scanner.connectors.s3.errors import SDK_ERRORS
from scanner.connectors.s3.posture import default_encryption
from scanner.model import Basis, Evidence, Gap, Stage, State, Store

_DESCRIBE = "kms:DescribeKey"


def region_of(client: Any, bucket: str, owner: str | None, answer: Answer | None = None) -> str | None:
    """The bucket's region: GetBucketLocation, else the header S3 sends even with a refusal."""
    answer = answer or calls.ask(client, calls.LOCATION, bucket, owner)
    if answer.status is Status.SET and "LocationConstraint" in answer.data:
        told = answer.data["LocationConstraint"]
        # The two names that are older than regions (API reference, GetBucketLocation).
        return {"": "us-east-1", "EU": "eu-west-1"}.get(told or "", str(told))
    try:
        headers = client.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPHeaders"]
    except botocore.exceptions.ClientError as error:
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    except botocore.exceptions.BotoCoreError:
        return None
    region = headers.get("x-amz-bucket-region")
    return str(region) if region else None


def customer_managed_key(
    store: Store, answer: Answer, kms: Callable[[str], Any] | None
) -> Iterator[Evidence | Gap]:
    """`kms` gives a client for a region; None on servers that are not AWS."""
    name = "customer_managed_key"
    if not answer.known:
        yield answer.unknown(store.id, name)
        return
    applied = default_encryption(answer)
    if applied is None and kms is None:
        reason = "the bucket sets no encryption, and the server's own keys cannot be seen"
        yield Evidence(store.id, name, State.UNKNOWN, Basis.NOT_OBSERVABLE, answer.source, reason=reason)
        return
    algorithm, key = (applied or {}).get("SSEAlgorithm", "AES256"), (applied or {}).get("KMSMasterKeyID")
    if not str(algorithm).startswith("aws:kms"):
        basis = Basis.EXPLICIT if applied else Basis.PROVIDER_DEFAULT
        reason = "encrypted under a key that the provider manages"
        yield Evidence(store.id, name, State.ABSENT, basis, answer.source, reason=reason)
        return
    if not key or str(key).endswith("alias/aws/s3"):
        reason = "encrypted under the key that AWS manages for S3"
        yield Evidence(store.id, name, State.ABSENT, Basis.EXPLICIT, answer.source, reason=reason)
        return
    if kms is None:
        reason = "a key of the server's own key service is named"
        yield Evidence(store.id, name, State.PRESENT, Basis.EXPLICIT, answer.source, reason=reason)
        return
    yield from _manager(store, str(key), answer, kms)


def _manager(store: Store, key: str, answer: Answer, kms: Callable[[str], Any]) -> Iterator[Evidence | Gap]:
    name, source = "customer_managed_key", f"{answer.source} + {_DESCRIBE}"
    region = key.split(":")[3] if key.startswith("arn:") else store.region
    client = kms(region or "")
    try:
        described = client.describe_key(KeyId=key)
    except SDK_ERRORS as error:
        failed = calls.failed(error, source, _DESCRIBE)
        yield failed.unknown(store.id, name)
        if failed.error is not None:
            detail = f"who manages the encryption key could not be seen: {failed.error.detail}"
            yield Gap(store.id, Stage.EVIDENCE, failed.error.reason, detail, remedy=failed.error.remedy)
        return
    own = described["KeyMetadata"].get("KeyManager") == "CUSTOMER"
    state = State.PRESENT if own else State.ABSENT
    reason = "" if own else "encrypted under the key that AWS manages for S3"
    yield Evidence(store.id, name, state, Basis.EXPLICIT, source, reason=reason)


def replica_regions(store: Store, answer: Answer, client: Any | None) -> Iterator[Evidence]:
    """Regions of the buckets that content is replicated to. `client` is None off AWS."""
    name = "replica_regions"
    if not answer.known:
        yield answer.unknown(store.id, name)
        return
    rules = answer.data.get("ReplicationConfiguration", {}).get("Rules", ())
    targets = {
        str(rule.get("Destination", {}).get("Bucket", "")).rpartition(":::")[2]
        for rule in rules
        if rule.get("Status") == "Enabled"
    }
    regions = {region_of(client, bucket, None) if client is not None else None for bucket in targets}
    if None in regions:
        basis = Basis.DENIED if client is not None else Basis.NOT_OBSERVABLE
        reason = "content is replicated to a bucket whose region could not be seen"
        yield Evidence(store.id, name, State.UNKNOWN, basis, answer.source, reason=reason)
        return
    value = tuple(sorted(region for region in regions if region is not None))
    yield Evidence(store.id, name, State.PRESENT, Basis.EXPLICIT, answer.source, value=value)
