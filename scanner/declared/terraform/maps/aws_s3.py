"""S3: a bucket and the resources it is split over since version 4 of the provider."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    DOUBT,
    NO,
    YES,
    Check,
    Fact,
    Kind,
    View,
    always,
    among,
    declared_so,
    doubt,
    either,
    first,
    flag,
    given,
    joined,
    own_key,
    unknown_of,
)
from scanner.declared.terraform.maps.aws_s3_public import (
    acl,
    anonymous,
    anonymous_write,
    blocked,
    blocked_acl,
    inner_block,
    listed,
    open_acl,
    open_to_all,
    own_block,
)
from scanner.declared.terraform.maps.common import open_policy
from scanner.declared.terraform.policies import no_lockout, not_public, policy, tls_only
from scanner.declared.terraform.versions import endpoints_of_aws
from scanner.model import Basis, State


def _cors(view: View) -> Fact | None:
    rules = view.blocks("cors_rule")
    for rule in rules:
        if isinstance(rule, Unknown):
            return doubt(view, "cors_rule", rule)
        origins, methods = rule.get("allowed_origins"), rule.get("allowed_methods")
        wide = isinstance(origins, list) and "*" in origins
        if (
            wide
            and isinstance(methods, list)
            and ("*" in methods or {"PUT", "POST", "DELETE"} & set(map(str, methods)))
        ):
            return Fact(NO, Basis.EXPLICIT, "cors_rule", None, "", view.resource)
    if not rules:
        return Fact(YES, Basis.PROVIDER_DEFAULT, "cors_rule", None, "not set", view.resource)
    return Fact(YES, Basis.EXPLICIT, "cors_rule", None, "", view.resource)


def _expires(view: View) -> Fact | None:
    rules = view.blocks("rule") + view.blocks("lifecycle_rule")
    found = None
    for rule in rules:
        if isinstance(rule, Unknown):
            found = doubt(view, "rule", rule)
            continue
        off = str(rule.get("status", "Enabled")) == "Disabled" or rule.get("enabled") is False
        if off:
            continue
        if any(rule.get(name) is not None for name in ("expiration", "noncurrent_version_expiration")):
            return Fact(YES, Basis.EXPLICIT, "rule", None, "", view.resource)
    if found is not None:
        return found
    if not rules:
        return None
    return Fact(NO, Basis.EXPLICIT, "rule", None, "no rule deletes content", view.resource)


def _encrypted(view: View) -> Fact | None:
    """Since January 2023 S3 encrypts whatever is written, set or not."""
    for path in ("rule.apply_server_side_encryption_by_default.sse_algorithm",
                 "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm"):  # fmt: skip
        if view.get(path) is not None:
            return given(path)(view)
    return Fact(
        YES, Basis.PROVIDER_DEFAULT, "", None, "S3 encrypts new objects since January 2023", view.resource
    )


def _key(prefix: str) -> Check:
    return _kms_algorithm(f"{prefix}.apply_server_side_encryption_by_default")


def _kms_algorithm(prefix: str) -> Check:
    """`aws:kms` without a key is the provider's key for the account; with one, the department's."""

    def check(view: View) -> Fact | None:
        algorithm = view.get(f"{prefix}.sse_algorithm")
        unknown = unknown_of(algorithm)
        if unknown is not None:
            return doubt(view, f"{prefix}.sse_algorithm", unknown)
        if isinstance(algorithm, str) and not algorithm.startswith("aws:kms"):
            return Fact(NO, Basis.EXPLICIT, f"{prefix}.sse_algorithm", None, "", view.resource)
        return own_key(f"{prefix}.kms_master_key_id")(view)

    return check


versioned: Check = first(
    among("versioning_configuration.status", ["Enabled"], None),
    flag("versioning.enabled", None),
    flag("versioning.status", None),
)
mfa: Check = first(
    among("versioning_configuration.mfa_delete", ["Enabled"], None),
    among("versioning_configuration.mfa", ["Enabled"], None),
    flag("versioning.mfa_delete", None),
)


def _mfa_apart(view: View) -> Fact | None:
    """Asked only where old versions are kept: without them there is nothing to protect."""
    on = versioned(view)
    if on is not None and on.state is NO:
        stated = first(mfa)(view)
        return (
            None if stated is None else dataclasses.replace(stated, state=NO, reason="versions are not kept")
        )
    if on is None:
        return None
    return first(mfa, flag("-"))(view)


def _mfa(view: View) -> Fact | None:
    facts = [
        f for f in (_mfa_apart(v) for v in (view, *view.joined("aws_s3_bucket_versioning"))) if f is not None
    ]
    return facts[0] if facts else None


tls: Check = first(policy("policy", tls_only), flag("attach_deny_insecure_transport_policy", None))


def _tls(view: View) -> Fact | None:
    own, apart = tls(view), [tls(p) for p in view.joined("aws_s3_bucket_policy")]
    facts = [f for f in (own, *apart) if f is not None]
    for state in (YES, DOUBT, NO):
        for fact in facts:
            if fact.state is state:
                return fact
    return Fact(NO, Basis.PROVIDER_DEFAULT, "", None, "no policy refuses requests without TLS", view.resource)


def _replicates(path: str) -> Check:
    """Objects are copied to another bucket."""

    def check(view: View) -> Fact | None:
        rules = view.blocks(path)
        for rule in rules:
            if isinstance(rule, Unknown):
                return doubt(view, path, rule)
            if str(rule.get("status", "Enabled")).lower() == "enabled":
                return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource)
        return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource) if rules else None

    return check


def _locked_versions(view: View) -> Fact | None:
    """S3 keeps versions of its own accord where objects can be locked (User Guide, "Locking objects")."""
    lock = flag("object_lock_enabled", None)(view)
    if lock is None or lock.state is NO:
        return Fact(NO, Basis.PROVIDER_DEFAULT, "", None, "not set", view.resource)
    if lock.state is YES:
        lock = dataclasses.replace(
            lock, basis=Basis.PROVIDER_DEFAULT, reason="object lock switches versioning on"
        )
    return lock


_OWNERSHIP = "rule.object_ownership"
_LOCKED = either(flag("object_lock_enabled"), given("object_lock_configuration"),
                 joined("aws_s3_bucket_object_lock_configuration", declared_so(YES)))  # fmt: skip

KINDS: dict[str, Kind] = {
    "aws_s3_bucket": Kind(
        "bucket",
        {
            "encryption_at_rest": first(joined("aws_s3_bucket_server_side_encryption_configuration", _encrypted, None),
                                        _encrypted),
            "customer_managed_key": first(
                joined("aws_s3_bucket_server_side_encryption_configuration", _key("rule"), None),
                _key("server_side_encryption_configuration.rule"),
            ),
            "public_access_blocked": first(
                own_block,
                lambda view: Fact(NO, Basis.PROVIDER_DEFAULT, "", None,
                                  "new buckets block public access since April 2023 unless told otherwise; "
                                  "code that says nothing does not promise it", view.resource)),
            "acl_not_public": open_acl,
            "policy_not_public": open_to_all,
            "anonymous_read_blocked": anonymous,
            "anonymous_write_blocked": anonymous_write,
            "tls_enforced": _tls,
            "min_tls_version": endpoints_of_aws,
            "versioning": first(versioned, joined("aws_s3_bucket_versioning", versioned, None), _locked_versions),
            "mfa_delete": _mfa,
            "access_logging": either(given("logging"), joined("aws_s3_bucket_logging", given("target_bucket"))),
            "object_lock": _LOCKED,
            "static_website_disabled": first(
                given("website", "website_endpoint", default=None, then=NO),
                joined("aws_s3_bucket_website_configuration", declared_so(NO), YES),
            ),
            "cors_restricted": first(joined("aws_s3_bucket_cors_configuration", _cors, None), _cors),
            "lifecycle_expiry": first(
                _expires, joined("aws_s3_bucket_lifecycle_configuration", _expires)),
            "uniform_access_control": first(
                joined("aws_s3_bucket_ownership_controls", among(_OWNERSHIP, ["BucketOwnerEnforced"]), None),
                among("object_ownership", ["BucketOwnerEnforced"], YES)),
            "least_privilege_policy": policy("policy", no_lockout),
            "geo_redundant_backup": first(_replicates("replication_configuration.rules"),
                                          joined("aws_s3_bucket_replication_configuration", _replicates("rule"))),
            "event_notifications": joined("aws_s3_bucket_notification", declared_so(YES)),
        },
        ("bucket",),
    ),
    "aws_s3_bucket_acl": Kind("", {"acl_not_public": acl, "public_access_blocked": blocked_acl},
                              parents=("aws_s3_bucket",)),
    "aws_s3_bucket_policy": Kind("", {
        "policy_not_public": policy("policy", not_public), "tls_enforced": policy("policy", tls_only),
        "least_privilege_policy": policy("policy", no_lockout)}, parents=("aws_s3_bucket",)),
    "aws_s3_bucket_public_access_block": Kind("", {"public_access_blocked": blocked}, parents=("aws_s3_bucket",)),
    "aws_s3_bucket_versioning": Kind("", {"versioning": versioned, "mfa_delete": _mfa_apart},
                                     parents=("aws_s3_bucket",)),
    "aws_s3_bucket_cors_configuration": Kind("", {"cors_restricted": _cors}, parents=("aws_s3_bucket",)),
    "aws_s3_bucket_server_side_encryption_configuration": Kind(
        "", {"encryption_at_rest": _encrypted, "customer_managed_key": _key("rule")}, parents=("aws_s3_bucket",)),
    "aws_s3_bucket_logging": Kind("", {"access_logging": given("target_bucket")}, parents=("aws_s3_bucket",)),
    "aws_s3_bucket_lifecycle_configuration": Kind("", {"lifecycle_expiry": lambda view: _cleans_up(view)},
                                                  parents=("aws_s3_bucket",)),
    "aws_s3_bucket_website_configuration": Kind("", {"static_website_disabled": declared_so(NO)},
                                                parents=("aws_s3_bucket",)),
    "aws_s3_bucket_object": Kind("object", {
        "encryption_at_rest": either(given("server_side_encryption", "kms_key_id")),
        "customer_managed_key": own_key("kms_key_id")}, ("key",)),
    "aws_s3_object": Kind("object", {
        "encryption_at_rest": either(given("server_side_encryption", "kms_key_id")),
        "customer_managed_key": own_key("kms_key_id")}, ("key",)),
    "aws_s3_object_copy": Kind("object", {"customer_managed_key": own_key("kms_key_id")}, ("key",)),
    "aws_s3_account_public_access_block": Kind("account", {"public_access_blocked": blocked}),
    "aws_s3_bucket_ownership_controls": Kind("", {"uniform_access_control": among(
        _OWNERSHIP, ["BucketOwnerEnforced"])}, parents=("aws_s3_bucket",)),
    "aws_s3_access_point": Kind("bucket", {
        "policy_not_public": open_policy("policy", "aws_s3control_access_point_policy"),
        "public_access_blocked": inner_block("public_access_block_configuration"),
        "network_private": given("vpc_configuration.vpc_id")}),
    "aws_s3control_access_point_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                              parents=("aws_s3_access_point",)),
    "aws_s3control_bucket_policy": Kind("", {"policy_not_public": policy("policy", not_public)}),
    "aws_s3control_multi_region_access_point": Kind("bucket", {
        "public_access_blocked": inner_block("details.public_access_block")}, ("details.name",)),
    "aws_s3_directory_bucket": Kind("bucket", {
        "encryption_at_rest": always(YES, "S3 always encrypts"),
        "public_access_blocked": always(YES, "directory buckets cannot be public")}, ("bucket",)),
    "aws_s3tables_table_bucket": Kind("bucket", {
        "encryption_at_rest": always(YES, "S3 always encrypts"),
        "public_access_blocked": always(YES, "table buckets cannot be public"),
        "policy_not_public": open_policy("-policy", "aws_s3tables_table_bucket_policy", apart="resource_policy"),
        "customer_managed_key": own_key("encryption_configuration.kms_key_arn")}),
    "aws_s3tables_table_bucket_policy": Kind("", {"policy_not_public": policy("resource_policy", not_public)},
                                             parents=("aws_s3tables_table_bucket",)),
    "aws_s3_bucket_replication_configuration": Kind("", {"geo_redundant_backup": _replicates("rule")},
                                                    parents=("aws_s3_bucket",)),
    "aws_glacier_vault": Kind("bucket", {
        "public_access_blocked": always(State.NOT_APPLICABLE, "vaults have no such setting"),
        "policy_not_public": policy("access_policy", not_public, YES),
        "object_lock": joined("aws_glacier_vault_lock", flag("complete_lock"))}),
    "aws_lightsail_bucket": Kind("bucket", {"encryption_at_rest": always(YES, "always encrypted")}),
}  # fmt: skip


def _cleans_up(view: View) -> Fact | None:
    """Content, or at least what a broken upload left, is deleted after a set time."""
    for rule in view.blocks("rule"):
        if isinstance(rule, Unknown):
            return doubt(view, "rule", rule)
        if str(rule.get("status", "Enabled")) == "Enabled" and (
            rule.get("expiration") is not None or _whole(rule)
        ):
            return Fact(YES, Basis.EXPLICIT, "rule", None, "", view.resource)
    return Fact(NO, Basis.EXPLICIT, "rule", None, "no rule deletes content", view.resource)


def _whole(rule: Mapping[str, Any]) -> bool:
    """Broken uploads are aborted, for the whole bucket and not for a part of it."""
    if rule.get("abort_incomplete_multipart_upload") is None:
        return False
    for part in listed(rule.get("filter")):
        if isinstance(part, Mapping) and any(part.get(k) not in (None, "") for k in ("prefix", "tag", "and")):
            return False
    return rule.get("prefix") in (None, "")
