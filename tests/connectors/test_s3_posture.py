"""Every safeguard of a bucket: present, absent, default, denied, not offered by the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scanner.connectors.s3 import S3Connector
from scanner.connectors.s3.calls import POSTURE
from scanner.model import Basis, Evidence, Gap, GapReason, Place, Scope, State, Store
from scanner.testing.connectors import access
from tests.servers.s3 import ACCOUNT, REGION, MotoS3

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
SET, DEFAULT, UNSEEN = Basis.EXPLICIT, Basis.PROVIDER_DEFAULT, Basis.NOT_OBSERVABLE
ALL_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

Setup = Callable[[MotoS3, Any, str], Any]
Expected = tuple[str, State, Basis, Any]


@pytest.fixture
def env(moto_s3: MotoS3, monkeypatch: pytest.MonkeyPatch) -> MotoS3:
    for name, text in moto_s3.env.items():
        monkeypatch.setenv(name, text)
    return moto_s3


def connector(url: str, *buckets: str, **more: Any) -> S3Connector:
    keys = {"endpoint_url": url, "buckets": buckets, "service": "aws", "account_id": ACCOUNT, **more}
    return S3Connector(S3Connector.Options(addressing_style="path", **keys), access())


def observe(found: S3Connector) -> tuple[dict[tuple[str, Place], Evidence], list[Gap]]:
    """Evidence of the only store, by safeguard and place, and the gaps."""
    (scope,) = [s for s in found.scopes() if isinstance(s, Scope)]
    (store,) = [s for s in found.stores(scope) if isinstance(s, Store)]
    items = list(found.evidence(store))
    evidence = {(e.safeguard, e.place): e for e in items if isinstance(e, Evidence)}
    assert len(evidence) == len([e for e in items if isinstance(e, Evidence)])
    return evidence, [g for g in items if isinstance(g, Gap)]


def by_name(evidence: dict[tuple[str, Place], Evidence]) -> dict[str, Evidence]:
    return {name: item for (name, place), item in evidence.items() if place.is_store}


# --- settings, one at a time ------------------------------------------------------


def block(**flags: bool) -> Setup:
    def setup(moto: MotoS3, s3: Any, bucket: str) -> None:
        on = dict.fromkeys(ALL_FLAGS, True) | flags
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=on)

    return setup


def allow(principal: Any, action: str = "s3:GetObject", **more: Any) -> Setup:
    def setup(moto: MotoS3, s3: Any, bucket: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": principal,
            "Action": action,
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
            **more,
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))

    return setup


def deny_http(**more: Any) -> Setup:
    return allow("*", "s3:*", Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}, **more)


def acl(canned: str) -> Setup:
    return lambda moto, s3, bucket: s3.put_bucket_acl(Bucket=bucket, ACL=canned)


def anybody_writes(moto: MotoS3, s3: Any, bucket: str) -> None:
    everybody = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
    grants = [{"Grantee": everybody, "Permission": "WRITE"}]
    s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Owner": {"ID": "synthetic"}, "Grants": grants})


def owner(kind: str) -> Setup:
    rules = {"Rules": [{"ObjectOwnership": kind}]}
    return lambda moto, s3, bucket: s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)


def encrypt(algorithm: str, key: str | None = None) -> Setup:
    def setup(moto: MotoS3, s3: Any, bucket: str) -> None:
        applied = {"SSEAlgorithm": algorithm}
        if key == "ours":
            applied["KMSMasterKeyID"] = moto.client("kms").create_key()["KeyMetadata"]["Arn"]
        elif key:
            applied["KMSMasterKeyID"] = key
        rules = [{"ApplyServerSideEncryptionByDefault": applied}]
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})

    return setup


def versions(status: str, **more: str) -> Setup:
    def setup(moto: MotoS3, s3: Any, bucket: str) -> None:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status, **more})

    return setup


def expire(*rules: dict[str, Any]) -> Setup:
    def setup(moto: MotoS3, s3: Any, bucket: str) -> None:
        named = [
            {"ID": str(n), "Status": "Enabled", "Filter": {"Prefix": ""}, **rule}
            for n, rule in enumerate(rules)
        ]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": named})

    return setup


def log(moto: MotoS3, s3: Any, bucket: str) -> None:
    target = moto.bucket(f"{bucket}-logs")
    write = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
    }
    statement = {**write, "Resource": f"arn:aws:s3:::{target}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=target, Policy=document)
    status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": ""}}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=status)


def lock(moto: MotoS3, s3: Any, bucket: str) -> None:
    versions("Enabled")(moto, s3, bucket)
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)


def replicate(moto: MotoS3, s3: Any, bucket: str) -> None:
    other = f"{bucket}-copy"
    place = {"LocationConstraint": "eu-west-1"}
    moto.client(region="eu-west-1").create_bucket(Bucket=other, CreateBucketConfiguration=place)
    versions("Enabled")(moto, s3, bucket)
    versions("Enabled")(moto, s3, other)
    rule = {
        "ID": "1",
        "Status": "Enabled",
        "Prefix": "",
        "Destination": {"Bucket": f"arn:aws:s3:::{other}"},
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/synthetic"
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": role, "Rules": [rule]})


def website(moto: MotoS3, s3: Any, bucket: str) -> None:
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})


def cors(*origins: str) -> Setup:
    rules = [{"AllowedMethods": ["GET"], "AllowedOrigins": list(origins)}]
    return lambda moto, s3, bucket: s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})


def tag(**tags: str) -> Setup:
    pairs = [{"Key": key, "Value": text} for key, text in tags.items()]
    return lambda moto, s3, bucket: s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs})


def both(*setups: Setup) -> Setup:
    def setup(moto: MotoS3, s3: Any, bucket: str) -> None:
        for one in setups:
            one(moto, s3, bucket)

    return setup


def nothing(moto: MotoS3, s3: Any, bucket: str) -> None:
    """A bucket as it comes."""


FIXED = owner("BucketOwnerEnforced")
NETWORK = {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
PARTNER = {"AWS": "arn:aws:iam::111122223333:root"}
DAYS = {"Expiration": {"Days": 365}}
OLD = {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}

CASES: dict[str, tuple[Setup, list[Expected]]] = {
    "as it comes": (
        nothing,
        [
            ("encryption_at_rest", P, DEFAULT, None),
            ("customer_managed_key", A, DEFAULT, None),
            ("public_access_blocked", A, DEFAULT, None),
            ("policy_not_public", P, SET, None),
            ("acl_not_public", P, SET, None),
            # ACLs are on and nothing makes them void: single objects may be open.
            ("anonymous_read_blocked", U, UNSEEN, None),
            ("anonymous_write_blocked", P, SET, None),
            ("uniform_access_control", A, DEFAULT, None),
            ("external_accounts", P, SET, ()),
            ("tls_in_use", A, SET, None),
            ("tls_enforced", A, SET, None),
            ("min_tls_version", P, DEFAULT, "1.2"),
            ("versioning", A, SET, None),
            ("mfa_delete", A, SET, None),
            ("object_lock", A, SET, None),
            ("access_logging", A, SET, None),
            ("lifecycle_expiry", A, SET, None),
            ("lifecycle_expiry_days", A, SET, None),
            ("replica_regions", P, SET, ()),
            ("static_website_disabled", P, SET, None),
            ("cors_restricted", P, SET, None),
            ("region", P, SET, REGION),
            ("owner_tag", A, SET, None),
            ("classification_tag", A, SET, None),
            ("retention_tag", A, SET, None),
            ("asset_register_ref", A, SET, None),
        ],
    ),
    "AES256": (
        encrypt("AES256"),
        [("encryption_at_rest", P, SET, None), ("customer_managed_key", A, SET, None)],
    ),
    "KMS without a key": (encrypt("aws:kms"), [("customer_managed_key", A, SET, None)]),
    "KMS, AWS's alias": (encrypt("aws:kms", "alias/aws/s3"), [("customer_managed_key", A, SET, None)]),
    "KMS, our key": (
        encrypt("aws:kms", "ours"),
        [("encryption_at_rest", P, SET, None), ("customer_managed_key", P, SET, None)],
    ),
    "KMS, key gone": (
        encrypt("aws:kms", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"),
        [("encryption_at_rest", P, SET, None), ("customer_managed_key", U, Basis.FAILED, None)],
    ),
    "blocked": (block(), [("public_access_blocked", P, SET, None), ("anonymous_read_blocked", P, SET, None)]),
    "partly blocked": (
        block(RestrictPublicBuckets=False),
        [("public_access_blocked", A, SET, None), ("anonymous_read_blocked", P, SET, None)],
    ),
    "public policy": (
        both(FIXED, allow("*")),
        [
            ("policy_not_public", A, SET, None),
            ("anonymous_read_blocked", A, SET, None),
            ("anonymous_write_blocked", P, SET, None),
            ("tls_enforced", A, SET, None),
        ],
    ),
    "public policy, blocked": (
        both(FIXED, allow("*"), block()),
        [("policy_not_public", A, SET, None), ("anonymous_read_blocked", P, SET, None)],
    ),
    "public policy, block stops only new ones": (
        both(FIXED, allow("*"), block(RestrictPublicBuckets=False)),
        [("anonymous_read_blocked", A, SET, None)],
    ),
    "anybody may write": (
        both(FIXED, allow("*", "s3:PutObject")),
        [("anonymous_read_blocked", P, SET, None), ("anonymous_write_blocked", A, SET, None)],
    ),
    "public ACL": (
        acl("public-read"),
        [
            ("acl_not_public", A, SET, None),
            ("anonymous_read_blocked", A, SET, None),
            ("anonymous_write_blocked", P, SET, None),
        ],
    ),
    "public ACL to write": (anybody_writes, [("anonymous_write_blocked", A, SET, None)]),
    "public ACL, made void": (
        both(acl("public-read"), block()),
        [("acl_not_public", A, SET, None), ("anonymous_read_blocked", P, SET, None)],
    ),
    "ACL for any AWS account": (
        acl("authenticated-read"),
        [("acl_not_public", A, SET, None), ("anonymous_read_blocked", U, UNSEEN, None)],
    ),
    "ACLs off": (FIXED, [("uniform_access_control", P, SET, None), ("anonymous_read_blocked", P, SET, None)]),
    "ACLs on": (owner("BucketOwnerPreferred"), [("uniform_access_control", A, SET, None)]),
    "a partner": (
        both(FIXED, allow(PARTNER)),
        [("external_accounts", P, SET, ("111122223333",)), ("policy_not_public", P, SET, None)],
    ),
    "TLS only": (deny_http(), [("tls_enforced", P, SET, None), ("policy_not_public", P, SET, None)]),
    "versions": (versions("Enabled"), [("versioning", P, SET, None), ("mfa_delete", A, SET, None)]),
    "versions suspended": (versions("Suspended"), [("versioning", A, SET, None)]),
    "locked": (lock, [("object_lock", P, SET, None)]),
    "logged": (log, [("access_logging", P, SET, None)]),
    "expires": (
        expire(DAYS),
        [("lifecycle_expiry", P, SET, None), ("lifecycle_expiry_days", P, SET, 365)],
    ),
    "the shorter of two": (
        expire(DAYS, {"Expiration": {"Days": 90}}),
        [("lifecycle_expiry_days", P, SET, 90)],
    ),
    "a rule switched off": (expire({**DAYS, "Status": "Disabled"}), [("lifecycle_expiry", A, SET, None)]),
    "only archived": (
        expire({"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}),
        [("lifecycle_expiry", A, SET, None)],
    ),
    "expires, old versions stay": (
        both(versions("Enabled"), expire(DAYS)),
        [("lifecycle_expiry", A, SET, None), ("lifecycle_expiry_days", A, SET, None)],
    ),
    "expires with old versions": (
        both(versions("Enabled"), expire({**DAYS, **OLD})),
        [("lifecycle_expiry", P, SET, None), ("lifecycle_expiry_days", P, SET, 395)],
    ),
    "on a date": (
        expire({"Expiration": {"Date": "2030-01-01T00:00:00Z"}}),
        [("lifecycle_expiry", P, SET, None), ("lifecycle_expiry_days", A, SET, None)],
    ),
    "replicated abroad": (replicate, [("replica_regions", P, SET, ("eu-west-1",))]),
    "a website": (website, [("static_website_disabled", A, SET, None)]),
    "every origin": (cors("*"), [("cors_restricted", A, SET, None)]),
    "one origin": (cors("https://www.example.org"), [("cors_restricted", P, SET, None)]),
    "tags": (
        tag(
            **{
                "data-owner": "Head of Cases",
                "Classification": "OFFICIAL",
                "retention": "7y",
                "asset-id": "IAR-1",
            }
        ),
        [
            ("owner_tag", P, SET, "Head of Cases"),
            ("classification_tag", P, SET, "OFFICIAL"),
            ("retention_tag", P, SET, "7y"),
            ("asset_register_ref", P, SET, "IAR-1"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_settings(env: MotoS3, case: str) -> None:
    setup, expected = CASES[case]
    bucket = env.bucket(f"synthetic-{list(CASES).index(case)}")
    setup(env, env.client(), bucket)
    evidence, gaps = observe(connector(env.endpoint_url, bucket))
    found = by_name(evidence)
    for name, state, basis, value in expected:
        got = found[name]
        assert (got.state, got.basis, got.value) == (state, basis, value), (name, got.reason)
    assert len(gaps) == (1 if case == "KMS, key gone" else 0)


def test_every_safeguard_is_in_the_first_case() -> None:
    stated = {name for name, *_ in CASES["as it comes"][1]}
    assert len(stated) == 26


def test_prefix_rules_are_evidence_of_their_place(env: MotoS3) -> None:
    bucket = env.bucket("synthetic-prefixes")
    expire(
        {**DAYS, "Filter": {"Prefix": "exports/"}},
        {**DAYS, "Filter": {"Tag": {"Key": "a", "Value": "b"}}},
    )(env, env.client(), bucket)
    evidence, _ = observe(connector(env.endpoint_url, bucket))
    place = Place((("prefix", "exports/"),))
    assert evidence["lifecycle_expiry_days", place].value == 365
    whole = evidence["lifecycle_expiry", Place()]
    assert (whole.state, whole.reason) == (A, "only some prefixes expire")


def test_the_accounts_block_counts_for_its_buckets(env: MotoS3) -> None:
    bucket = env.bucket("synthetic-account-block")
    found = connector(env.endpoint_url, bucket)
    acl("public-read")(env, env.client(), bucket)
    (scope,) = found.scopes()
    assert isinstance(scope, Scope)
    (before,) = found.evidence(scope)
    assert isinstance(before, Evidence)
    assert (before.state, before.basis) == (A, DEFAULT)

    import boto3

    control = boto3.client("s3control")  # through the proxy, as in `env`
    on = dict.fromkeys(ALL_FLAGS, True)
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=on)
    try:
        found = connector(env.endpoint_url, bucket)
        (after,) = found.evidence(scope)
        assert isinstance(after, Evidence)
        assert (after.subject_id, after.state, after.basis) == (f"aws:{ACCOUNT}", P, SET)
        evidence = by_name(observe(found)[0])
        assert evidence["public_access_blocked"].state is P
        assert evidence["anonymous_read_blocked"].state is P
        assert any("s3-control" in request for request in env.proxied)
    finally:
        control.delete_public_access_block(AccountId=ACCOUNT)


# --- refused, broken, not offered: recorded answers -------------------------------

QUERY = {
    "GetBucketEncryption": "encryption",
    "GetPublicAccessBlock": "publicAccessBlock",
    "GetBucketPolicy": "policy",
    "GetBucketPolicyStatus": "policyStatus",
    "GetBucketAcl": "acl",
    "GetBucketOwnershipControls": "ownershipControls",
    "GetBucketVersioning": "versioning",
    "GetObjectLockConfiguration": "object-lock",
    "GetBucketLogging": "logging",
    "GetBucketLifecycleConfiguration": "lifecycle",
    "GetBucketReplication": "replication",
    "GetBucketWebsite": "website",
    "GetBucketCors": "cors",
    "GetBucketTagging": "tagging",
}
BLOCKS: dict[str, set[str]] = {
    "GetBucketEncryption": {"encryption_at_rest", "customer_managed_key"},
    "GetPublicAccessBlock": {"public_access_blocked", "anonymous_read_blocked"},
    "GetBucketPolicy": {"external_accounts", "tls_enforced"},
    "GetBucketPolicyStatus": set(),
    "GetBucketAcl": {"acl_not_public", "anonymous_read_blocked", "anonymous_write_blocked"},
    "GetBucketOwnershipControls": {"uniform_access_control", "anonymous_read_blocked"},
    "GetBucketVersioning": {"versioning", "mfa_delete"},
    "GetObjectLockConfiguration": {"object_lock"},
    "GetBucketLogging": {"access_logging"},
    "GetBucketLifecycleConfiguration": {"lifecycle_expiry", "lifecycle_expiry_days"},
    "GetBucketReplication": {"replica_regions"},
    "GetBucketWebsite": {"static_website_disabled"},
    "GetBucketCors": {"cors_restricted"},
    "GetBucketTagging": {"owner_tag", "classification_tag", "retention_tag", "asset_register_ref"},
}
PLANTED = "synthetic-planted-message"


def error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{PLANTED}</Message></Error>".encode()


@pytest.fixture
def refusing(moto_s3: MotoS3, monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoS3]:
    """Moto under AWS's own host names; `recorded` replaces single answers."""
    for name, text in moto_s3.proxied_env.items():
        monkeypatch.setenv(name, text)
    moto_s3.recorded.clear()
    yield moto_s3
    moto_s3.recorded.clear()


def aws(bucket: str, **more: Any) -> S3Connector:
    return S3Connector(S3Connector.Options(bucket=bucket, **more), access())


@pytest.mark.parametrize("api", QUERY)
def test_refused_is_neither_absent_nor_default(refusing: MotoS3, api: str) -> None:
    bucket = refusing.bucket(f"synthetic-refused-{list(QUERY).index(api)}")
    refusing.recorded[QUERY[api]] = (403, error("AccessDenied"))
    evidence, gaps = observe(aws(bucket))
    found = by_name(evidence)
    (gap,) = gaps
    call = next(call for call in POSTURE if call.api == api)
    assert (gap.reason, gap.remedy) == (GapReason.DENIED, call.action)
    denied = {name for name, item in found.items() if item.basis is Basis.DENIED}
    assert denied == BLOCKS[api]
    assert all(found[name].state is U for name in denied)
    assert PLANTED not in repr(evidence) + repr(gaps)


@pytest.mark.parametrize("api", QUERY)
def test_what_the_server_does_not_offer_is_no_gap(refusing: MotoS3, api: str) -> None:
    bucket = refusing.bucket(f"synthetic-unoffered-{list(QUERY).index(api)}")
    refusing.recorded[QUERY[api]] = (501, error("NotImplemented"))
    evidence, gaps = observe(aws(bucket))
    assert gaps == []
    unseen = {name for name, item in by_name(evidence).items() if item.basis is UNSEEN}
    # Without a public access block there is nothing to be blocked by; that much is known.
    expected = BLOCKS[api] - {"public_access_blocked"}
    assert unseen - {"anonymous_read_blocked"} == expected - {"anonymous_read_blocked"}


def test_a_public_policy_that_cannot_be_read_may_be_to_read_or_to_write(refusing: MotoS3) -> None:
    bucket = refusing.bucket("synthetic-unread-policy")
    both(FIXED, allow("*"))(refusing, refusing.client(), bucket)
    refusing.recorded["policy"] = (403, error("AccessDenied"))
    found = by_name(observe(aws(bucket))[0])
    assert found["policy_not_public"].state is A
    for name in ("anonymous_read_blocked", "anonymous_write_blocked"):
        assert (found[name].state, found[name].basis) == (U, Basis.DENIED)


def test_the_accounts_block_refused(refusing: MotoS3) -> None:
    bucket = refusing.bucket("synthetic-account-refused")
    refusing.recorded["s3-control"] = (403, error("AccessDenied"))
    found = aws(bucket)
    (scope,) = found.scopes()
    assert isinstance(scope, Scope)
    items = list(found.evidence(scope))
    assert [g.remedy for g in items if isinstance(g, Gap)] == ["s3:GetAccountPublicAccessBlock"]
    assert [(e.state, e.basis) for e in items if isinstance(e, Evidence)] == [(U, Basis.DENIED)]
    evidence, gaps = observe(found)
    assert gaps == []
    # The bucket's own block is off and the account's unknown: whether it is blocked is not known.
    assert by_name(evidence)["public_access_blocked"].state is U
    block()(refusing, refusing.client(), bucket)
    assert by_name(observe(aws(bucket))[0])["public_access_blocked"].state is P


def test_a_server_that_breaks_is_asked_once_more_and_left(refusing: MotoS3) -> None:
    bucket = refusing.bucket("synthetic-broken")
    refusing.recorded["versioning"] = (500, error("InternalError"))
    before = len(refusing.proxied)
    evidence, gaps = observe(aws(bucket))
    (gap,) = gaps
    assert gap.reason is GapReason.UNREACHABLE
    found = by_name(evidence)
    assert (found["encryption_at_rest"].basis, found["versioning"].basis) == (DEFAULT, Basis.FAILED)
    assert found["object_lock"].basis is Basis.FAILED
    assert len([r for r in refusing.proxied[before:] if bucket in r]) < 20


def test_an_answer_of_another_kind_is_no_policy(refusing: MotoS3) -> None:
    bucket = refusing.bucket("synthetic-odd")
    refusing.recorded["policy"] = (200, b"<ListBucketResult/>")
    refusing.recorded["policyStatus"] = (501, error("NotImplemented"))
    found = by_name(observe(aws(bucket))[0])
    for name in ("policy_not_public", "external_accounts", "tls_enforced"):
        assert (found[name].state, found[name].basis) == (U, UNSEEN)
