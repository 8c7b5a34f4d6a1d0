"""The calls that tell a bucket's posture, and the five kinds of answer they can have."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any

import botocore.exceptions

from scanner.connectors.s3.errors import LOG_IN, SDK_ERRORS, code_of, read_error
from scanner.errors import ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Stage, State


class Status(enum.Enum):
    SET = "set"
    UNSET = "unset"
    """The server answered that nothing is configured."""
    DENIED = "denied"
    UNSUPPORTED = "unsupported"
    """The server knows no such call."""
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One read-only call about a bucket."""

    api: str
    method: str
    action: str
    """The IAM action that allows it; not always named like the call."""
    tells: str
    """What for, in plain words."""
    unset: tuple[str, ...] = ()
    """Error codes that mean "nothing configured"."""

    @property
    def source(self) -> str:
        return f"s3:{self.api}"


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one call."""

    source: str
    status: Status
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False)
    error: ReadError | None = None
    code: str = ""

    @property
    def known(self) -> bool:
        return self.status in (Status.SET, Status.UNSET)

    @property
    def basis(self) -> Basis:
        return _BASES[self.status]

    @property
    def why(self) -> str:
        """Why there is no answer, for people."""
        if self.status is Status.UNSUPPORTED:
            return f"the server does not offer {self.source.partition(':')[2]}"
        return self.error.detail if self.error is not None else ""

    def unknown(self, subject_id: str, safeguard: str) -> Evidence:
        return Evidence(subject_id, safeguard, State.UNKNOWN, self.basis, self.source, reason=self.why)


_BASES = {
    Status.SET: Basis.EXPLICIT,
    Status.UNSET: Basis.EXPLICIT,
    Status.DENIED: Basis.DENIED,
    Status.UNSUPPORTED: Basis.NOT_OBSERVABLE,
    Status.FAILED: Basis.FAILED,
}

ENCRYPTION = Call(
    "GetBucketEncryption",
    "get_bucket_encryption",
    "s3:GetEncryptionConfiguration",
    "encryption at rest and its key",
    ("ServerSideEncryptionConfigurationNotFoundError",),
)
BLOCK = Call(
    "GetPublicAccessBlock",
    "get_public_access_block",
    "s3:GetBucketPublicAccessBlock",
    "the public access block",
    ("NoSuchPublicAccessBlockConfiguration",),
)
POLICY = Call(
    "GetBucketPolicy",
    "get_bucket_policy",
    "s3:GetBucketPolicy",
    "TLS enforcement, outside accounts and public access by policy",
    ("NoSuchBucketPolicy",),
)
POLICY_STATUS = Call(
    "GetBucketPolicyStatus",
    "get_bucket_policy_status",
    "s3:GetBucketPolicyStatus",
    "public access by policy",
    ("NoSuchBucketPolicy",),
)
ACL = Call("GetBucketAcl", "get_bucket_acl", "s3:GetBucketAcl", "public access by ACL")
OWNERSHIP = Call(
    "GetBucketOwnershipControls",
    "get_bucket_ownership_controls",
    "s3:GetBucketOwnershipControls",
    "whether ACLs are switched off",
    ("OwnershipControlsNotFoundError",),
)
VERSIONING = Call(
    "GetBucketVersioning", "get_bucket_versioning", "s3:GetBucketVersioning", "versioning and MFA to delete"
)
LOCK = Call(
    "GetObjectLockConfiguration",
    "get_object_lock_configuration",
    "s3:GetBucketObjectLockConfiguration",
    "object lock",
    ("ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"),
)
LOGGING = Call("GetBucketLogging", "get_bucket_logging", "s3:GetBucketLogging", "access logging")
LIFECYCLE = Call(
    "GetBucketLifecycleConfiguration",
    "get_bucket_lifecycle_configuration",
    "s3:GetLifecycleConfiguration",
    "expiry rules",
    ("NoSuchLifecycleConfiguration",),
)
REPLICATION = Call(
    "GetBucketReplication",
    "get_bucket_replication",
    "s3:GetReplicationConfiguration",
    "where content is replicated to",
    ("ReplicationConfigurationNotFoundError",),
)
WEBSITE = Call(
    "GetBucketWebsite",
    "get_bucket_website",
    "s3:GetBucketWebsite",
    "whether it is served as a website",
    ("NoSuchWebsiteConfiguration",),
)
CORS = Call(
    "GetBucketCors",
    "get_bucket_cors",
    "s3:GetBucketCORS",
    "cross-origin use",
    ("NoSuchCORSConfiguration",),
)
TAGGING = Call(
    "GetBucketTagging",
    "get_bucket_tagging",
    "s3:GetBucketTagging",
    "owner, classification and other tags",
    ("NoSuchTagSet",),
)
LOCATION = Call("GetBucketLocation", "get_bucket_location", "s3:GetBucketLocation", "the bucket's region")
PAYMENT = Call(
    "GetBucketRequestPayment",
    "get_bucket_request_payment",
    "s3:GetBucketRequestPayment",
    "whether readers are charged",
)

POSTURE = (
    ENCRYPTION,
    BLOCK,
    POLICY,
    POLICY_STATUS,
    ACL,
    OWNERSHIP,
    VERSIONING,
    LOCK,
    LOGGING,
    LIFECYCLE,
    REPLICATION,
    WEBSITE,
    CORS,
    TAGGING,
)
"""Asked for every bucket's evidence."""

# Answers that make every further question about the bucket pointless.
_HOPELESS = (GapReason.UNREACHABLE, GapReason.TIMEOUT, GapReason.VANISHED)


def ask(client: Any, call: Call, bucket: str, owner: str | None) -> Answer:
    """One call, its error turned into an answer."""
    keys = {"Bucket": bucket} | ({"ExpectedBucketOwner": owner} if owner else {})
    try:
        data = getattr(client, call.method)(**keys)
    except SDK_ERRORS as error:
        return failed(error, call.source, call.action, call.unset)
    data.pop("ResponseMetadata", None)
    return Answer(call.source, Status.SET, data)


def failed(error: Exception, source: str, action: str, unset: tuple[str, ...] = ()) -> Answer:
    """The answer that an SDK error amounts to."""
    code = ""
    if isinstance(error, botocore.exceptions.ClientError):
        code = code_of(error)
        if code in unset:
            return Answer(source, Status.UNSET, code=code)
    known = read_error(error, action)
    status = {GapReason.DENIED: Status.DENIED, GapReason.UNSUPPORTED: Status.UNSUPPORTED}.get(
        known.reason, Status.FAILED
    )
    return Answer(source, status, error=known, code=code)


def ask_all(client: Any, bucket: str, owner: str | None) -> dict[Call, Answer]:
    """Every posture call. Once server or log-in has failed, the rest are not asked but fail alike."""
    answers: dict[Call, Answer] = {}
    hopeless: Answer | None = None
    for call in POSTURE:
        if hopeless is not None:
            answers[call] = dataclasses.replace(hopeless, source=call.source)
            continue
        answers[call] = ask(client, call, bucket, owner)
        if _is_hopeless(answers[call].error):
            hopeless = answers[call]
    return answers


def _is_hopeless(error: ReadError | None) -> bool:
    return error is not None and (error.reason in _HOPELESS or error.remedy == LOG_IN)


def gaps(subject_id: str, answers: Mapping[Call, Answer]) -> list[Gap]:
    """One gap per refused or broken call; one in all where server or log-in failed."""
    found: dict[int, Gap] = {}
    for call, answer in answers.items():
        error = answer.error
        if error is None or answer.status not in (Status.DENIED, Status.FAILED):
            continue
        if id(error) in found:
            continue
        detail = f"{call.tells} could not be seen: {error.detail}"
        if _is_hopeless(error):
            detail = f"the bucket's settings could not be seen: {error.detail}"
        found[id(error)] = Gap(subject_id, Stage.EVIDENCE, error.reason, detail, remedy=error.remedy)
    return list(found.values())
