"""The S3 connector on real servers: finding buckets, listing, reading, refusals, no secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scanner.connectors.s3 import S3Connector
from scanner.contracts import Ask, Connector
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Scope, Stage, State, Store, Unit
from scanner.testing.connectors import ConnectorContract, access
from tests.servers.common import free_port
from tests.servers.recorded import run_recorded
from tests.servers.s3 import ACCOUNT, REGION, SECRET, MotoS3, SeaweedS3
from tests.servers.tls import self_signed

ASK = Ask(seed="synthetic")
PNG = b"\x89PNG\r\n"


def connect(**keys: Any) -> S3Connector:
    return S3Connector(S3Connector.Options(**keys), access())


def seaweed(server: SeaweedS3, bucket: str, **keys: Any) -> S3Connector:
    return connect(endpoint_url=server.endpoint_url, addressing_style="path", bucket=bucket, **keys)


def scope_of(connector: S3Connector) -> Scope:
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    return scope


def store_of(connector: S3Connector) -> Store:
    (store,) = connector.stores(scope_of(connector))
    assert isinstance(store, Store)
    return store


def units_of(connector: S3Connector) -> list[Unit]:
    return [u for u in connector.units(store_of(connector), ASK) if isinstance(u, Unit)]


def gaps_of(connector: S3Connector) -> list[Gap]:
    return [g for g in connector.units(store_of(connector), ASK) if isinstance(g, Gap)]


def as_process(monkeypatch: pytest.MonkeyPatch, env: Mapping[str, str]) -> None:
    for name, text in env.items():
        monkeypatch.setenv(name, text)


@pytest.fixture
def weed(seaweed_s3: SeaweedS3, monkeypatch: pytest.MonkeyPatch) -> SeaweedS3:
    as_process(monkeypatch, seaweed_s3.credentials())
    return seaweed_s3


@pytest.fixture
def aws(moto_s3: MotoS3, monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoS3]:
    """Moto under AWS's host names, through the proxy."""
    as_process(monkeypatch, moto_s3.proxied_env)
    moto_s3.recorded.clear()
    yield moto_s3
    moto_s3.recorded.clear()


# --- the contract -----------------------------------------------------------------


class TestContractOnAws(ConnectorContract):
    secrets = (SECRET,)

    @pytest.fixture
    def connector(self, aws: MotoS3) -> Iterator[Connector]:
        bucket = "synthetic-contract"
        s3 = aws.client()
        if bucket not in [b["Name"] for b in s3.list_buckets()["Buckets"]]:
            aws.bucket(bucket)
            s3.put_object(Bucket=bucket, Key="hr/staff list.csv", Body=b"a,b\n1,2\n")
        connector = connect(bucket=bucket)
        yield connector
        connector.close()


class TestContractOnAnotherServer(ConnectorContract):
    secrets = ("synthetic-secret-admin",)

    @pytest.fixture
    def connector(
        self, weed: SeaweedS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Connector]:
        bucket = "synthetic-contract"
        s3 = weed.client()
        if bucket not in [b["Name"] for b in s3.list_buckets().get("Buckets", ())]:
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key="notes é.txt", Body=b"synthetic")
        # By reference, with nothing in the SDK's own chain.
        keys = weed.credentials()
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        monkeypatch.setenv("SYNTHETIC_KEY", keys["AWS_ACCESS_KEY_ID"])
        secret = tmp_path / "secret"
        secret.write_text(keys["AWS_SECRET_ACCESS_KEY"] + "\n")
        secret.chmod(0o600)
        connector = seaweed(
            weed, bucket, access_key_id="env:SYNTHETIC_KEY", secret_access_key=f"file:{secret}"
        )
        yield connector
        connector.close()


# --- options ----------------------------------------------------------------------


def test_targets_on_the_command_line() -> None:
    assert S3Connector.options_from_url("s3://") == {}
    assert S3Connector.options_from_url("s3://b-1") == {"bucket": "b-1"}
    assert S3Connector.options_from_url("s3://b-1/a/b c/") == {"bucket": "b-1", "prefix": "a/b c/"}
    for wrong in ("s3:///prefix", "s3://key:secret@b", "gs://b"):
        with pytest.raises(ConfigError, match="s3://bucket/prefix"):
            S3Connector.options_from_url(wrong)


@pytest.mark.parametrize(
    "keys",
    [
        {"access_key_id": "env:A", "secret_access_key": "planted-secret"},
        {"access_key_id": "env:A"},
        {"bucket": "planted-secret/with/path"},
        {"bucket": "one", "buckets": ["two"]},
        {"account_id": "12"},
        {"endpoint_url": "https://user:planted-secret@s3.example.org"},
        {"acces_key": "planted-secret"},
    ],
)
def test_wrong_options_are_refused_without_quoting_them(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        S3Connector.Options(**keys)
    assert "planted-secret" not in str(caught.value)


def test_every_key_stands_in_the_documentation() -> None:
    page = Path(__file__).parents[2] / "docs" / "connectors" / "s3.md"
    table = page.read_text(encoding="utf-8").partition("## Keys")[2].partition("##")[0]
    assert [name for name in S3Connector.Options.model_fields if f"`{name}`" not in table] == []


# --- finding ----------------------------------------------------------------------


def test_an_account_and_its_buckets(aws: MotoS3) -> None:
    s3 = aws.client()
    aws.bucket("synthetic-tagged")
    tags = {"TagSet": [{"Key": "owner", "Value": "cases team"}]}
    s3.put_bucket_tagging(Bucket="synthetic-tagged", Tagging=tags)
    connector = connect()
    scope = scope_of(connector)
    assert (scope.id, scope.kind, scope.provider, scope.exhaustive) == (
        f"aws:{ACCOUNT}",
        "account",
        "aws",
        True,
    )
    stores = {s.name: s for s in connector.stores(scope) if isinstance(s, Store)}
    store = stores["synthetic-tagged"]
    assert (store.id, store.aliases) == (
        "aws:s3:::synthetic-tagged",
        ("arn:aws:s3:::synthetic-tagged",),
    )
    assert (store.kind, store.scope_id) == ("bucket", scope.id)
    described = connector.describe(store)
    assert (described.region, described.tags) == (REGION, {"owner": "cases team"})
    assert store.created is not None
    assert store.created.tzinfo is not None


def test_named_buckets_prove_nothing_about_others(aws: MotoS3) -> None:
    aws.bucket("synthetic-named")
    connector = connect(buckets=("synthetic-named", "synthetic-not-there"))
    scope = scope_of(connector)
    assert not scope.exhaustive
    store, gap = connector.stores(scope)
    assert isinstance(store, Store)
    assert isinstance(gap, Gap)
    assert (gap.stage, gap.reason, gap.subject_id) == (Stage.ENUMERATE, GapReason.VANISHED, scope.id)
    assert "synthetic-not-there" in gap.detail


def test_another_server_is_not_taken_for_aws(weed: SeaweedS3) -> None:
    weed.client().create_bucket(Bucket="synthetic-elsewhere")
    connector = seaweed(weed, "synthetic-elsewhere")
    host = weed.endpoint_url.removeprefix("http://")
    scope, store = scope_of(connector), store_of(connector)
    assert (scope.id, scope.kind) == (f"s3:{host}", "server")
    assert (store.id, store.aliases, store.region) == (f"s3:{host}/synthetic-elsewhere", (), None)
    found = {e.safeguard: e for e in connector.evidence(store) if isinstance(e, Evidence)}
    assert [g for g in connector.evidence(store) if isinstance(g, Gap)] == []
    for name in ("encryption_at_rest", "customer_managed_key", "public_access_blocked", "region"):
        assert (found[name].state, found[name].basis) == (State.UNKNOWN, Basis.NOT_OBSERVABLE), name
    assert found["tls_enforced"].state is State.ABSENT  # the test server speaks plain HTTP
    assert found["anonymous_read_blocked"].state is State.PRESENT


def test_what_an_anonymous_reader_gets_agrees_with_the_evidence(weed: SeaweedS3) -> None:
    import urllib.error
    import urllib.request

    s3, bucket = weed.client(), "synthetic-open"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"synthetic")
    address = f"{weed.endpoint_url}/{bucket}/a.txt"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, timeout=5)
    assert refused.value.code == 403
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=bucket, Policy=document)
    with urllib.request.urlopen(address, timeout=5) as answer:
        assert answer.read() == b"synthetic"
    connector = seaweed(weed, bucket)
    found = {e.safeguard: e for e in connector.evidence(store_of(connector)) if isinstance(e, Evidence)}
    assert found["policy_not_public"].state is State.ABSENT
    assert found["anonymous_read_blocked"].state is State.ABSENT
    assert found["anonymous_write_blocked"].state is State.PRESENT


# --- credentials and the network --------------------------------------------------


def test_refused_credentials(weed: SeaweedS3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted-wrong-secret")
    connector = connect(endpoint_url=weed.endpoint_url, addressing_style="path")
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.stage) == (GapReason.DENIED, Stage.ENUMERATE)
    assert "SignatureDoesNotMatch" in gap.detail
    assert "credentials" in gap.remedy
    assert "planted-wrong-secret" not in repr(gap) + repr(vars(connector))


def test_refused_credentials_are_one_gap_of_a_named_bucket(
    weed: SeaweedS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted-wrong-secret")
    connector = seaweed(weed, "synthetic-contract")
    items = list(connector.evidence(store_of(connector)))
    (gap,) = [i for i in items if isinstance(i, Gap)]
    assert "credentials" in gap.remedy
    unknown = {i.safeguard for i in items if isinstance(i, Evidence) and i.basis is Basis.DENIED}
    assert "encryption_at_rest" in unknown
    assert "owner_tag" in unknown


def test_no_credentials_at_all(aws: MotoS3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    gap, scope = connect().scopes()
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.detail) == (
        GapReason.DENIED,
        "which account this is could not be found out: no usable credentials were found",
    )
    assert isinstance(scope, Scope)
    assert scope.id == "aws:unknown"


@pytest.mark.parametrize(
    "keys",
    [
        {"profile": "not-there"},
        {"access_key_id": "env:NOT_SET", "secret_access_key": "env:NOT_SET"},
    ],
)
def test_credentials_that_cannot_be_had(aws: MotoS3, keys: dict[str, Any]) -> None:
    (gap,) = connect(**keys).scopes()
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED
    assert gap.remedy


def test_credentials_of_another_account_find_nothing(aws: MotoS3) -> None:
    connector = connect(account_id="999999999999")
    scope = scope_of(connector)
    assert scope.id == "aws:999999999999"
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert "another account" in gap.detail


def test_with_account_and_buckets_given_nobody_asks_who_we_are(
    aws: MotoS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = aws.bucket("synthetic-known-account")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{free_port()}")
    connector = connect(bucket=bucket, account_id=ACCOUNT)
    assert scope_of(connector).id == f"aws:{ACCOUNT}"
    found = {e.safeguard: e for e in connector.evidence(store_of(connector)) if isinstance(e, Evidence)}
    assert found["external_accounts"].value == ()
    gap, _ = connect(account_id=ACCOUNT).scopes()
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.UNREACHABLE


def test_a_role_is_assumed(aws: MotoS3) -> None:
    iam = aws.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="synthetic-auditor", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    aws.bucket("synthetic-by-role")
    connector = connect(bucket="synthetic-by-role", role_arn=role, external_id="synthetic")
    assert scope_of(connector).id == f"aws:{ACCOUNT}"
    assert store_of(connector).name == "synthetic-by-role"
    used = connector._clients._session.get_credentials()
    assert used.method == "assume-role"
    assert used.get_frozen_credentials().token


def test_an_endpoint_that_does_not_answer(weed: SeaweedS3) -> None:  # for its credentials
    connector = connect(
        endpoint_url=f"http://127.0.0.1:{free_port()}", bucket="synthetic", addressing_style="path"
    )
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert (gap.stage, gap.reason) == (Stage.ENUMERATE, GapReason.UNREACHABLE)
    assert gap.remedy
    every = connect(endpoint_url=f"http://127.0.0.1:{free_port()}", addressing_style="path")
    (gap,) = every.stores(scope_of(every))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.UNREACHABLE


def test_a_private_authority_needs_its_bundle(
    weed: SeaweedS3, tmp_path: Path
) -> None:  # `weed` gives credentials only
    certificate = self_signed(tmp_path)
    with run_recorded(certificate) as server:
        listing = b"<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>"
        server.answers["GET", "/"] = (200, listing)
        keys = {"endpoint_url": server.url, "addressing_style": "path"}
        options = S3Connector.Options(**keys)
        untrusting = S3Connector(options, access())
        (gap,) = untrusting.stores(scope_of(untrusting))
        assert isinstance(gap, Gap)
        assert gap.reason is GapReason.UNREACHABLE
        assert gap.remedy.startswith("ca_bundle")

        import dataclasses

        given = dataclasses.replace(access(), ca_bundle=certificate.certificate)
        trusting = S3Connector(options, given)
        assert list(trusting.stores(scope_of(trusting))) == []
        assert "dpscan/test" in server.asked[-1].headers["User-Agent"]


# --- listing ----------------------------------------------------------------------


def test_more_than_one_page(weed: SeaweedS3) -> None:
    s3, bucket = weed.client(), "synthetic-many"
    s3.create_bucket(Bucket=bucket)
    keys = [f"many/{n:04d} é&.txt" for n in range(1050)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: s3.put_object(Bucket=bucket, Key=key, Body=b"x"), keys))
    s3.put_object(Bucket=bucket, Key="other/1.txt", Body=b"x")
    assert [u.params["key"] for u in units_of(seaweed(weed, bucket))] == [*keys, "other/1.txt"]
    narrowed = seaweed(weed, bucket, prefix="other/")
    assert [u.id for u in units_of(narrowed)] == ["other/1.txt"]
    assert [g.reason for g in gaps_of(narrowed)] == [GapReason.EXCLUDED]


def listing(*objects: tuple[str, int, str, str]) -> bytes:
    contents = "".join(
        f"<Contents><Key>{key}</Key><Size>{size}</Size><StorageClass>{kind}</StorageClass>"
        f'<LastModified>{modified}</LastModified><ETag>"e"</ETag></Contents>'
        for key, size, kind, modified in objects
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()


def test_costly_objects_are_not_read(aws: MotoS3) -> None:
    bucket = aws.bucket("synthetic-costly")
    long_ago, lately = "2020-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"
    aws.recorded["list-type"] = (
        200,
        listing(
            ("a.csv", 1, "STANDARD", long_ago),
            ("b.csv", 2, "STANDARD_IA", long_ago),
            ("c.csv", 4, "GLACIER", long_ago),
            ("d.csv", 8, "DEEP_ARCHIVE", long_ago),
            ("e.csv", 16, "GLACIER", long_ago),
            ("f.csv", 32, "GLACIER_IR", long_ago),
            ("g.csv", 64, "INTELLIGENT_TIERING", long_ago),
            ("h.csv", 128, "INTELLIGENT_TIERING", lately),
        ),
    )
    connector = connect(bucket=bucket)
    assert [u.id for u in units_of(connector)] == ["a.csv", "b.csv", "h.csv"]
    gaps = gaps_of(connector)
    assert all(g.reason is GapReason.COSTLY for g in gaps)
    assert sorted((g.count, g.bytes) for g in gaps) == [(1, 8), (1, 32), (1, 64), (2, 20)]
    assert "csv" not in repr(gaps)
    allowed = connect(bucket=bucket, read_costly=("glacier-instant-retrieval", "intelligent-tiering"))
    assert [u.id for u in units_of(allowed)] == ["a.csv", "b.csv", "f.csv", "g.csv", "h.csv"]


def test_requester_pays(aws: MotoS3) -> None:
    bucket = aws.bucket("synthetic-requester-pays")
    aws.client().put_object(Bucket=bucket, Key="a.csv", Body=b"12345")
    payer = b"<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>"
    aws.recorded["requestPayment"] = (200, payer)
    connector = connect(bucket=bucket)
    (gap,) = connector.units(store_of(connector), ASK)
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.count, gap.bytes) == (GapReason.COSTLY, 1, 5)
    assert "requester pays" in gap.detail
    assert len(units_of(connect(bucket=bucket, read_costly=("requester-pays",)))) == 1
    # A stranger's bucket refuses the listing unless the header says that we pay.
    aws.recorded["list-type"] = (403, b"<Error><Code>AccessDenied</Code></Error>")
    (gap,) = gaps_of(connector)
    assert (gap.reason, gap.remedy) == (GapReason.COSTLY, "read_costly: [requester-pays]")


def test_an_archived_object_says_so_when_read(aws: MotoS3) -> None:
    bucket = aws.bucket("synthetic-archived")
    aws.client().put_object(Bucket=bucket, Key="a", Body=b"12345", StorageClass="GLACIER")
    connector = connect(bucket=bucket)
    store = store_of(connector)
    from scanner.model import Place

    unit = Unit(
        "a", store.id, "test", Place((("object", "a"),)), size=5, params={"store": bucket, "key": "a"}
    )
    with connector.open(unit) as file, pytest.raises(ReadError) as caught:
        file.read(1)
    assert caught.value.reason is GapReason.COSTLY


def test_a_refused_listing(weed: SeaweedS3, monkeypatch: pytest.MonkeyPatch) -> None:
    weed.client().create_bucket(Bucket="synthetic-refused")
    as_process(monkeypatch, weed.credentials("nobody"))
    connector = seaweed(weed, "synthetic-refused")
    store = store_of(connector)
    assert store.tags is None
    (gap,) = connector.units(store, ASK)
    assert isinstance(gap, Gap)
    assert (gap.stage, gap.reason, gap.remedy) == (Stage.LIST, GapReason.DENIED, "s3:ListBucket")


# --- reading ----------------------------------------------------------------------


@pytest.fixture
def big(weed: SeaweedS3) -> tuple[Any, str, bytes]:
    """A client, a bucket and the bytes of `big.bin` in it: ten mebibytes."""
    s3, bucket = weed.client(), "synthetic-reading"
    if bucket not in [b["Name"] for b in s3.list_buckets().get("Buckets", ())]:
        s3.create_bucket(Bucket=bucket)
    body = b"".join(n.to_bytes(4, "big") for n in range(10 * 256 * 1024))
    s3.put_object(Bucket=bucket, Key="big.bin", Body=body)
    return s3, bucket, body


def test_ranges(weed: SeaweedS3, big: tuple[Any, str, bytes]) -> None:
    _, bucket, body = big
    connector = seaweed(weed, bucket)
    (unit,) = units_of(connector)
    assert unit.size == len(body)
    assert unit.version
    with connector.open(unit) as file:
        assert file.read(100) == body[:100]
        file.seek(-100, io.SEEK_END)
        assert file.read() == body[-100:]
        file.seek(5_000_000)
        assert file.read(3_000_000) == body[5_000_000:8_000_000]


def test_a_replaced_object_is_not_mixed_with_its_successor(
    weed: SeaweedS3, big: tuple[Any, str, bytes]
) -> None:
    s3, bucket, body = big
    connector = seaweed(weed, bucket)
    (unit,) = units_of(connector)
    with connector.open(unit) as file:
        assert file.read(10) == body[:10]
        s3.put_object(Bucket=bucket, Key="big.bin", Body=PNG + body)
        file.seek(6_000_000)
        with pytest.raises(ReadError) as caught:
            file.read(10)
    assert caught.value.reason is GapReason.VANISHED
    assert "replaced" in caught.value.detail


def test_an_object_deleted_half_way(weed: SeaweedS3, big: tuple[Any, str, bytes]) -> None:
    s3, bucket, _ = big
    connector = seaweed(weed, bucket)
    (unit,) = units_of(connector)
    with connector.open(unit) as file:
        file.read(10)
        s3.delete_object(Bucket=bucket, Key="big.bin")
        file.seek(6_000_000)
        with pytest.raises(ReadError) as caught:
            file.read(10)
    assert caught.value.reason is GapReason.VANISHED
    assert "big" not in caught.value.detail


def test_listing_without_the_right_to_read(
    weed: SeaweedS3, big: tuple[Any, str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bucket, _ = big
    as_process(monkeypatch, weed.credentials("lister"))
    connector = seaweed(weed, bucket)
    (unit,) = units_of(connector)
    with connector.open(unit) as file, pytest.raises(ReadError) as caught:
        file.read(1)
    assert (caught.value.reason, caught.value.remedy) == (GapReason.DENIED, "s3:GetObject")


@pytest.mark.parametrize(
    ("status", "body", "reason", "remedy"),
    [
        pytest.param(400, "<Code>InvalidRequest</Code>", GapReason.ENCRYPTED, "", id="SSE-C"),
        pytest.param(
            400,
            "<Code>KMS.DisabledException</Code>",
            GapReason.ENCRYPTED,
            "enable or restore its KMS key",
            id="key disabled",
        ),
        pytest.param(
            403,
            "<Code>AccessDenied</Code><Message>planted: not authorized to perform: kms:Decrypt</Message>",
            GapReason.DENIED,
            "kms:Decrypt",
            id="key refused",
        ),
        pytest.param(418, "<Code>planted name of a person</Code>", GapReason.FAULT, "", id="no code"),
    ],
)
def test_objects_that_cannot_be_opened(
    aws: MotoS3, status: int, body: str, reason: GapReason, remedy: str
) -> None:
    bucket = "synthetic-unopened"
    if bucket not in [b["Name"] for b in aws.client().list_buckets()["Buckets"]]:
        aws.bucket(bucket)
        aws.client().put_object(Bucket=bucket, Key="a", Body=b"12345")
    connector = connect(bucket=bucket)
    (unit,) = units_of(connector)
    aws.recorded["range"] = (status, f"<Error>{body}</Error>".encode())
    with connector.open(unit) as file, pytest.raises(ReadError) as caught:
        file.read(1)
    assert (caught.value.reason, caught.value.remedy) == (reason, remedy)
    assert "planted" not in repr(caught.value) + caught.value.detail
    assert caught.value.__cause__ is None


def test_a_server_that_ignores_ranges_is_found_out(aws: MotoS3) -> None:
    bucket = aws.bucket("synthetic-unranged")
    aws.client().put_object(Bucket=bucket, Key="a", Body=b"1" * 9_000_000)
    connector = connect(bucket=bucket)
    (unit,) = units_of(connector)
    aws.recorded["range"] = (200, b"1" * 9_000_000)
    with connector.open(unit) as file, pytest.raises(ReadError) as caught:
        file.read(1)
    assert caught.value.reason is GapReason.UNSUPPORTED


def test_a_silent_server_is_a_timeout(weed: SeaweedS3) -> None:  # for its credentials
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = S3Connector.Options(
            endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}", addressing_style="path"
        )
        connector = S3Connector(options, access(read_timeout=0.2))
        (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.TIMEOUT


# --- permissions ------------------------------------------------------------------


def test_refusals_by_iam_itself(aws: MotoS3, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = aws.bucket("synthetic-iam")
    aws.client().put_object(Bucket=bucket, Key="a.csv", Body=b"1")
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    refuse = {"Effect": "Deny", "Action": ["s3:GetBucketPolicy", "s3:GetObject"], "Resource": "*"}
    with aws.as_user(allow, refuse) as env:
        as_process(monkeypatch, {**env, "AWS_ENDPOINT_URL_S3": aws.proxied_env["AWS_ENDPOINT_URL_S3"]})
        connector = connect(bucket=bucket)
        items = list(connector.evidence(store_of(connector)))
        assert [g.remedy for g in items if isinstance(g, Gap)] == ["s3:GetBucketPolicy"]
        held = {p.name: p.held for p in connector.permissions()}
        (unit,) = units_of(connector)
        with connector.open(unit) as file, pytest.raises(ReadError) as caught:
            file.read(1)
    assert caught.value.remedy == "s3:GetObject"
    assert held["s3:GetBucketPolicy"] is False
    assert held["s3:GetObject"] is False
    assert held["s3:ListBucket"] is True
    assert held["s3:GetBucketVersioning"] is True
    assert held["kms:Decrypt"] is None


def test_the_policy_to_grant() -> None:
    connector = connect(buckets=("cases", "papers"), prefix="live/")
    document = json.loads(connector.policy())
    by_sid = {statement["Sid"]: statement for statement in document["Statement"]}
    assert by_sid["ReadObjects"]["Resource"] == [
        "arn:aws:s3:::cases/live/*",
        "arn:aws:s3:::papers/live/*",
    ]
    assert "s3:ListAllMyBuckets" not in by_sid["SeeAccount"]["Action"]
    assert "s3:GetEncryptionConfiguration" in by_sid["SeeSettings"]["Action"]
    actions = [
        a
        for s in document["Statement"]
        for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
    ]
    assert all(a.split(":")[1].startswith(("Get", "List", "Describe", "Decrypt")) for a in actions)
    everything = json.loads(connect().policy())
    assert "s3:ListAllMyBuckets" in everything["Statement"][0]["Action"]


def test_the_granted_policy_suffices(aws: MotoS3, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = aws.bucket("synthetic-granted")
    aws.client().put_object(Bucket=bucket, Key="a.csv", Body=b"12345")
    statements = json.loads(connect(bucket=bucket).policy())["Statement"]
    with aws.as_user(*statements) as env:
        as_process(monkeypatch, {**env, "AWS_ENDPOINT_URL_S3": aws.proxied_env["AWS_ENDPOINT_URL_S3"]})
        connector = connect(bucket=bucket)
        assert [i for i in connector.evidence(store_of(connector)) if isinstance(i, Gap)] == []
        (unit,) = units_of(connector)
        with connector.open(unit) as file:
            assert file.read() == b"12345"


# --- quiet ------------------------------------------------------------------------


def test_the_sdk_keeps_quiet_and_repr_holds_nothing(aws: MotoS3, caplog: pytest.LogCaptureFixture) -> None:
    bucket = aws.bucket("synthetic-quiet")
    aws.client().put_object(Bucket=bucket, Key="planted-key.csv", Body=b"planted-content")
    with caplog.at_level(logging.DEBUG):
        connector = connect(bucket=bucket)
        (unit,) = units_of(connector)
        with connector.open(unit) as file:
            assert file.read() == b"planted-content"
            seen = repr(file) + repr(unit) + repr(vars(connector)) + caplog.text
    assert "planted" not in seen
    assert SECRET not in seen
