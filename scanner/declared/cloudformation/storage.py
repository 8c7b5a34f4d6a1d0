"""What CloudFormation says of buckets, file systems, disks and backup vaults.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner.common.aws_policy import WRITE
from scanner.declared.cloudformation.look import AwsLook, open_policy, placeholders, policy_of
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    always,
    chosen,
    flag,
    given,
    never,
    truth,
    unset,
    whole,
)

_PUBLIC_ACLS = ("publicread", "publicreadwrite", "authenticatedread")
_FLAGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ENCRYPTED = "every object is encrypted with SSE-S3 unless something else is set, since January 2023"


def _encryption(look: Look) -> Iterator[Said]:
    path = "BucketEncryption.ServerSideEncryptionConfiguration"
    rules = look.get(path)
    if isinstance(rules, Unknown):
        yield look.unknown("encryption_at_rest", rules, path)
        yield look.unknown("customer_managed_key", rules, path)
        return
    first = rules[0] if isinstance(rules, list) and rules else None
    if first is None:
        yield look.say("encryption_at_rest", True, "BucketEncryption", _ENCRYPTED, default=True)
        yield look.say("customer_managed_key", False, "BucketEncryption", "SSE-S3 is used", default=True)
        return
    yield look.say("encryption_at_rest", True, path)
    inner = look.find("ServerSideEncryptionByDefault", first)
    algorithm, key = look.find("SSEAlgorithm", inner), look.find("KMSMasterKeyID", inner)
    if isinstance(algorithm, Unknown):
        yield look.unknown("customer_managed_key", algorithm, path)
    elif not str(algorithm).lower().startswith("aws:kms") or key is MISSING:
        yield look.say("customer_managed_key", False, path, "no key of one's own is named")
    else:
        yield look.say("customer_managed_key", own_key(key), path)


def own_key(key: Any) -> bool:
    """Whether a key reference is to a key of one's own: anything but AWS's managed aliases."""
    return isinstance(key, Unknown) or (
        bool(key) and not str(key).rpartition(":")[2].startswith("alias/aws/")
    )


def customer_key(*paths: str, says: str = "no key of one's own is named") -> Check:
    """`customer_managed_key` from a key reference."""

    def check(look: Look) -> Iterator[Said]:
        path, key = look.first(*paths)
        if key is MISSING or key == "":
            yield look.say("customer_managed_key", False, path, says, default=True)
        elif isinstance(key, Unknown) and "no default" in key.reason:
            yield look.unknown("customer_managed_key", key, path)
        else:
            reason = "" if own_key(key) else "the key is AWS's own"
            yield look.say("customer_managed_key", own_key(key), path, reason)

    return check


def public_access(look: Look) -> Iterator[Said]:
    block = look.get("PublicAccessBlockConfiguration")
    if isinstance(block, Unknown):
        yield look.unknown("public_access_blocked", block, "PublicAccessBlockConfiguration")
        return
    if block is MISSING:
        reason = "buckets made through the API since April 2023 block public access unless told otherwise; "
        reason += "a template that says nothing does not promise it"
        yield look.say("public_access_blocked", False, "PublicAccessBlockConfiguration", reason, default=True)
        return
    open_, unknown = [], None
    for name in _FLAGS:
        value = look.find(name, block)
        if isinstance(value, Unknown):
            unknown = value
        elif truth(value) is not True:
            open_.append(name)
    if open_:
        path = f"PublicAccessBlockConfiguration.{open_[0]}"
        yield look.say("public_access_blocked", False, path, f"{', '.join(open_)} not on")
    elif unknown is not None:
        yield look.unknown("public_access_blocked", unknown, "PublicAccessBlockConfiguration")
    else:
        yield look.say("public_access_blocked", True, "PublicAccessBlockConfiguration")


def point_access(look: Look) -> Iterator[Said]:
    """Of an access point, which blocks public access unless told otherwise (S3 User Guide)."""
    if look.get("PublicAccessBlockConfiguration") is MISSING:
        yield from always("public_access_blocked", "on unless set")(look)
    else:
        yield from public_access(look)


def _acl(look: Look) -> Iterator[Said]:
    acl = look.get("AccessControl")
    if isinstance(acl, Unknown):
        yield look.unknown("acl_not_public", acl, "AccessControl")
    elif acl is MISSING:
        yield look.say("acl_not_public", True, "AccessControl", "private unless set", default=True)
    else:
        yield look.say(
            "acl_not_public", str(acl).lower().replace("-", "") not in _PUBLIC_ACLS, "AccessControl"
        )


def _ownership(look: Look) -> Iterator[Said]:
    path = "OwnershipControls"
    rules = look.get("OwnershipControls.Rules")
    if isinstance(rules, Unknown):
        yield look.unknown("uniform_access_control", rules, path)
        return
    mode = look.find("0.ObjectOwnership", rules) if rules is not MISSING else MISSING
    if isinstance(mode, Unknown):
        yield look.unknown("uniform_access_control", mode, path)
    elif mode is MISSING:
        acl = look.get("AccessControl") is not MISSING
        reason = "an ACL is set" if acl else "ACLs are off unless set, since April 2023"
        yield look.say("uniform_access_control", not acl, path, reason, default=True)
    else:
        yield look.say("uniform_access_control", mode == "BucketOwnerEnforced", path)


def _cors(look: Look) -> Iterator[Said]:
    rules = look.get("CorsConfiguration.CorsRules")
    if isinstance(rules, Unknown):
        yield look.unknown("cors_restricted", rules, "CorsConfiguration")
        return
    for rule in rules if isinstance(rules, list) else ():
        origins, methods = look.find("AllowedOrigins", rule), look.find("AllowedMethods", rule)
        everybody = isinstance(origins, list) and "*" in origins
        if everybody and isinstance(methods, list):
            yield look.say("cors_restricted", False, "CorsConfiguration", "every origin may use it")
            return
    yield look.say("cors_restricted", True, "CorsConfiguration", "", default=rules is MISSING)


def _versioning(look: Look) -> Iterator[Said]:
    path = "VersioningConfiguration.Status"
    locked = truth(look.get("ObjectLockEnabled")) is True
    if look.get(path) is MISSING and locked:
        yield look.say("versioning", True, "ObjectLockEnabled", "object lock switches it on", default=True)
    else:
        yield from chosen("versioning", path, ["Enabled"])(look)


def _lifecycle(look: Look) -> Iterator[Said]:
    path = "LifecycleConfiguration.Rules"
    rules = look.get(path)
    if isinstance(rules, Unknown):
        yield look.unknown("lifecycle_expiry", rules, path)
        return
    ages: list[int] = []
    for rule in rules if isinstance(rules, list) else ():
        status = look.find("Status", rule)
        if truth(status) is False:
            continue
        age, date = look.find("ExpirationInDays", rule), look.find("ExpirationDate", rule)
        if isinstance(age, Unknown):
            yield look.unknown("lifecycle_expiry_days", age, path)
            yield look.say("lifecycle_expiry", True, path)
            return
        if whole(age) is not None or date is not MISSING:
            ages.append(whole(age) or 0)
    if not ages:
        reason = "" if rules is not MISSING else "no lifecycle is set"
        yield look.say(
            "lifecycle_expiry", False, path, reason or "no rule deletes content", default=rules is MISSING
        )
        return
    yield look.say("lifecycle_expiry", True, path)
    if max(ages):
        yield look.say("lifecycle_expiry_days", True, path, value=max(ages))


def _trail_target(look: Look) -> Iterator[Said]:
    """A bucket to which CloudTrail writes keeps the record of who did what: its own use is to be logged."""
    if not isinstance(look, AwsLook):
        return
    for policy in look.referring("AWS::S3::BucketPolicy", "Bucket"):
        if "cloudtrail.amazonaws.com" in repr(policy.resource.attributes.get("PolicyDocument")):
            logged = look.get("LoggingConfiguration") is not MISSING
            reason = "" if logged else "CloudTrail may write here, and who reads it is not logged"
            yield look.say("data_event_logging", logged, "LoggingConfiguration", reason)
            return


def bucket_policy(look: Look) -> Iterator[Said]:
    """What a bucket's policy says; joined to the bucket it names."""
    yield from open_policy(look, "PolicyDocument")
    policy = policy_of(look.get("PolicyDocument"))
    if policy is None or isinstance(policy, Unknown):
        reason = policy or "the policy document could not be read" if policy is None else policy
        yield look.unknown("tls_enforced", reason, "PolicyDocument")
        return
    enforced, why = policy.tls_only("*", actions=("s3:getobject", "s3:putobject"))
    if not enforced:
        # Statements name the bucket by reference; any ARN that ends in /* reaches its objects.
        for arn in _arns(look.get("PolicyDocument")):
            enforced, reason = policy.tls_only(arn, actions=("s3:getobject", "s3:putobject"))
            if enforced:
                break
            why = reason
    if not enforced and policy.tls_wherever_allowed:
        why = "what this policy allows it allows over TLS only; what others allow is not declared here"
        yield look.unknown("tls_enforced", why, "PolicyDocument")
    else:
        yield look.say("tls_enforced", enforced, "PolicyDocument", why)
    yield look.say("anonymous_write_blocked", policy.lets_anybody(WRITE) is not True, "PolicyDocument")


def _least_tls(look: Look) -> Iterator[Said]:
    """TLS 1.2 became the least version of all AWS API endpoints in February 2024 (AWS Security Blog)."""
    reason = "AWS endpoints refuse TLS below 1.2 since February 2024"
    yield look.say("min_tls_version", True, "", reason, value="1.2", default=True)


def _arns(document: Any) -> Iterable[str]:
    plain = placeholders(document)
    statements = plain.get("Statement") if isinstance(plain, Mapping) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        resources = statement.get("Resource") if isinstance(statement, Mapping) else None
        for arn in resources if isinstance(resources, list) else [resources]:
            if isinstance(arn, str) and arn.endswith("/*"):
                yield arn[:-2]


def _efs_policy(look: Look) -> Iterator[Said]:
    if look.get("FileSystemPolicy") is not MISSING:
        yield from open_policy(look, "FileSystemPolicy")
        policy = policy_of(look.get("FileSystemPolicy"))
        if policy is not None and not isinstance(policy, Unknown):
            actions = ("elasticfilesystem:clientmount",)
            said = policy.tls_only("*", actions)[0]
            yield look.say("tls_enforced", said, "FileSystemPolicy")


def _task_volumes(look: Look) -> Iterator[Said]:
    """File systems as containers mount them."""
    volumes = look.get("Volumes")
    for index, volume in enumerate(volumes if isinstance(volumes, list) else ()):
        path = "EFSVolumeConfiguration" if look.find("EFSVolumeConfiguration", volume) is not MISSING else ""
        path = path or "EfsVolumeConfiguration"
        mount = look.find(path, volume)
        if mount is MISSING or not isinstance(mount, Mapping):
            continue
        mode = look.find("TransitEncryption", mount)
        if isinstance(mode, Unknown):
            yield look.unknown("tls_enforced", mode, f"Volumes.{index}")
        else:
            reason = "the file system is mounted without TLS unless set" if mode is MISSING else ""
            yield look.say(
                "tls_enforced", truth(mode) is True, f"Volumes.{index}", reason, default=mode is MISSING
            )


_DISK = (
    flag(
        "encryption_at_rest",
        "Encrypted",
        default=Default(False, "not encrypted unless set here or for the whole account"),
    ),
    customer_key("KmsKeyId"),
)

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::S3::Bucket": (
        "bucket",
        (
            _encryption,
            _least_tls,
            public_access,
            _acl,
            _ownership,
            _cors,
            _lifecycle,
            _trail_target,
            _versioning,
            flag("object_lock", "ObjectLockEnabled"),
            given("access_logging", "LoggingConfiguration", default=Default(False, "no logging is set")),
            unset("static_website_disabled", "WebsiteConfiguration"),
            given("event_notifications", "NotificationConfiguration"),
            given("geo_redundant_backup", "ReplicationConfiguration"),
            always("policy_not_public", "no policy is attached"),
            never("tls_enforced", "no policy refuses plain HTTP"),
        ),
    ),
    "AWS::S3::AccessPoint": ("bucket", (point_access,)),
    "AWS::EFS::FileSystem": (
        "share",
        (
            flag("encryption_at_rest", "Encrypted", default=Default(False, "not encrypted unless set")),
            customer_key("KmsKeyId"),
            chosen("backup_enabled", "BackupPolicy.Status", ["ENABLED", "ENABLING"]),
            _efs_policy,
        ),
    ),
    "AWS::EC2::Volume": ("disk", _DISK),
    "AWS::Backup::BackupVault": (
        "backup",
        (
            customer_key("EncryptionKeyArn"),
            always("backup_encrypted", "backup vaults always encrypt"),
            given("object_lock", "LockConfiguration"),
        ),
    ),
    "AWS::ECS::TaskDefinition": ("share", (_task_volumes,)),
}
"""Type: (kind of store, questions)."""
