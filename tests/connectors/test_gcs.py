"""The Google Cloud Storage connector against an emulator, and settings against recorded shapes."""

from __future__ import annotations

import dataclasses
import gzip
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from pydantic import ValidationError

from scanner.common.stating import Unseen
from scanner.connectors.gcs import GcsConnector, GcsOptions
from scanner.connectors.gcs.posture import bucket_evidence, project_evidence
from scanner.connectors.gcs.view import BucketView, ProjectView
from scanner.contracts import Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Scope, Stage, State, Store, Unit
from scanner.testing.connectors import ConnectorContract, access
from tests.servers.common import free_port
from tests.servers.gcs import GcsEmulator
from tests.servers.recorded import Asked, Recorded, run_recorded, shape
from tests.servers.tls import self_signed

ASK = Ask(seed="test")
SYNTHETIC = b"synthetic line, no person: QQ123456C\n"  # a NINO prefix that is never issued
PROJECT = "dpscan-test"
BUCKET = "dpscan-letters"
MANAGER = f"/v1/projects/{PROJECT}"


# --- fixtures ---------------------------------------------------------------------


@pytest.fixture
def bucket_name(container_name: str) -> str:
    return container_name


@pytest.fixture
def bucket(gcs_emulator: GcsEmulator, bucket_name: str) -> Iterator[storage.Bucket]:
    """A bucket of this test's own, written to with Google's library."""
    client = storage.Client(
        project=PROJECT,
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": gcs_emulator.endpoint},
    )
    made = client.bucket(bucket_name)
    client.create_bucket(made)
    yield made
    made.delete(force=True)
    client.close()


Connect = Callable[..., GcsConnector]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make a connector; keyword arguments are option keys."""
    made: list[GcsConnector] = []

    def connector(ca_bundle: str | None = None, connections: int = 2, **keys: Any) -> GcsConnector:
        reach = access(connect_timeout=2, read_timeout=10, connections_per_host=connections)
        made.append(GcsConnector(GcsOptions(**keys), dataclasses.replace(reach, ca_bundle=ca_bundle)))
        return made[-1]

    yield connector
    for each in made:
        each.close()


@pytest.fixture
def emulated(connect: Connect, gcs_emulator: GcsEmulator, bucket_name: str) -> Connect:
    """A connector for the emulator's bucket."""

    def connector(**keys: Any) -> GcsConnector:
        usual = {
            "project": PROJECT,
            "buckets": (bucket_name,),
            "endpoint_url": gcs_emulator.endpoint,
            "anonymous": True,
        }
        return connect(**{**usual, **keys})

    return connector


@pytest.fixture(scope="module")
def service_account() -> dict[str, str]:
    """A service account's key made for the run; only the recorded token server knows it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "0000000000000000000000000000000000000000",
        "private_key": pem,
        "client_email": "reader@dpscan-test.iam.gserviceaccount.com",
        "client_id": "000000000000000000000",
    }


@pytest.fixture
def google(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service_account: dict[str, str]
) -> Iterator[Recorded]:
    """Storage, Resource Manager and the token service from recorded shapes, over TLS."""
    with run_recorded(self_signed(tmp_path)) as server:
        token = {"access_token": "synthetic-token-of-the-test", "expires_in": 3600, "token_type": "Bearer"}
        server.answers["POST", "/token"] = (200, token)
        account = {**service_account, "token_uri": f"{server.url}/token"}
        monkeypatch.setenv("TEST_GOOGLE_ACCOUNT", json.dumps(account))
        server.get("/storage/v1/b", {"kind": "storage#buckets", "items": [shape("gcs_bucket")]})
        server.get(f"/storage/v1/b/{BUCKET}", shape("gcs_bucket"))
        server.get(f"/storage/v1/b/{BUCKET}/iam", shape("gcs_iam_policy"))
        server.answers["POST", f"{MANAGER}:getEffectiveOrgPolicy"] = (200, shape("gcp_org_policy"))
        server.answers["POST", f"{MANAGER}:getIamPolicy"] = (200, shape("gcp_project_policy"))
        yield server


@pytest.fixture
def recorded(connect: Connect, google: Recorded) -> Connect:
    """A connector for the recorded project."""

    def connector(**keys: Any) -> GcsConnector:
        usual = {
            "endpoint_url": google.url,
            "resource_manager_url": google.url,
            "credentials": "env:TEST_GOOGLE_ACCOUNT",
            "ca_bundle": google.ca_bundle,
        }
        return connect(**{**usual, **keys})

    return connector


def scope_of(connector: GcsConnector) -> Scope:
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    return scope


def store_of(connector: GcsConnector) -> Store:
    (store,) = connector.stores(scope_of(connector))
    assert isinstance(store, Store)
    return store


def stated(connector: GcsConnector, subject: Scope | Store) -> tuple[dict[str, Evidence], list[Gap]]:
    found = list(connector.evidence(subject))
    gaps = [item for item in found if isinstance(item, Gap)]
    return {item.safeguard: item for item in found if isinstance(item, Evidence)}, gaps


def units_of(connector: GcsConnector, store: Store) -> tuple[list[Unit], list[Gap]]:
    found = list(connector.units(store, ASK))
    return [u for u in found if isinstance(u, Unit)], [g for g in found if isinstance(g, Gap)]


# --- the contract -----------------------------------------------------------------


class TestContract(ConnectorContract):
    @pytest.fixture
    def connector(self, emulated: Connect, bucket: storage.Bucket) -> GcsConnector:
        bucket.blob("letters/2024/one.txt").upload_from_string(SYNTHETIC * 10)
        bucket.blob("letters/2024/two.txt").upload_from_string(SYNTHETIC)
        return emulated()


class TestContractWithCredentials(ConnectorContract):
    secrets = ("synthetic-token-of-the-test", "BEGIN PRIVATE KEY")

    @pytest.fixture
    def connector(self, recorded: Connect, google: Recorded) -> GcsConnector:
        google.get(f"/storage/v1/b/{BUCKET}/o", {"items": [listed("a.txt", 100)]})
        google.get(f"/download/storage/v1/b/{BUCKET}/o/a.txt", b"x" * 100, 206)
        google.get(f"/storage/v1/b/{BUCKET}/iam/testPermissions", {"permissions": ["storage.buckets.get"]})
        return recorded()


# --- listing and reading ----------------------------------------------------------


def listed(name: str, size: int, **more: str) -> dict[str, str]:
    return {
        "name": name,
        "size": str(size),
        "timeCreated": "2024-03-05T09:14:11.123Z",
        "updated": "2024-06-05T09:14:11.123Z",
        "generation": "1709630051123456",
        "storageClass": "STANDARD",
        **more,
    }


def test_objects_are_listed_under_a_prefix(emulated: Connect, bucket: storage.Bucket) -> None:
    for number in range(7):
        bucket.blob(f"in/{number}.txt").upload_from_string(SYNTHETIC * (number + 1))
    bucket.blob("out/other.txt").upload_from_string(SYNTHETIC)
    connector = emulated(prefix="in/")
    units, gaps = units_of(connector, store_of(connector))
    assert [unit.id for unit in units] == [f"in/{number}.txt" for number in range(7)]
    assert [unit.size for unit in units] == [len(SYNTHETIC) * (number + 1) for number in range(7)]
    assert all(unit.version and unit.modified and unit.modified.tzinfo for unit in units)
    assert [gap.reason for gap in gaps] == [GapReason.EXCLUDED]  # what lies outside the prefix


def test_listing_goes_through_pages(recorded: Connect, google: Recorded) -> None:
    def page(asked: Asked) -> tuple[int, Any]:
        at = int(asked.query.get("pageToken", ["0"])[0])
        assert asked.query["maxResults"] == ["1000"]
        items = [listed(f"{number}.txt", number + 1) for number in range(at, at + 3)]
        return 200, {"items": items, **({"nextPageToken": str(at + 3)} if at < 6 else {})}

    google.answers["GET", f"/storage/v1/b/{BUCKET}/o"] = page
    connector = recorded()
    units, gaps = units_of(connector, store_of(connector))
    assert [unit.id for unit in units] == [f"{number}.txt" for number in range(9)]
    assert gaps == []
    # The content's own date, not that of its metadata.
    assert {unit.modified.month for unit in units if unit.modified} == {3}


def test_ranges_are_read_where_asked(emulated: Connect, bucket: storage.Bucket) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB: more than is fetched whole
    bucket.blob("big.bin").upload_from_string(content)
    connector = emulated()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read(300) == content[:300]
        file.seek(-5, 2)
        assert file.read() == content[-5:]
        file.seek(5_000_001)
        assert file.read(70_000) == content[5_000_001:5_070_001]


def test_an_odd_name_is_read(emulated: Connect, bucket: storage.Bucket) -> None:
    bucket.blob("Ünïcode & co/50% #1?.txt").upload_from_string(SYNTHETIC)
    connector = emulated()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read() == SYNTHETIC


def test_content_encoding_is_left_alone(recorded: Connect, google: Recorded) -> None:
    """Sizes and ranges are those of the stored bytes, so nothing may unpack them."""
    packed = gzip.compress(SYNTHETIC)
    google.get(f"/storage/v1/b/{BUCKET}/o", {"items": [listed("a.txt", len(packed))]})
    google.headers["GET", f"/download/storage/v1/b/{BUCKET}/o/a.txt"] = {"Content-Encoding": "gzip"}
    google.get(f"/download/storage/v1/b/{BUCKET}/o/a.txt", packed, 206)
    connector = recorded()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read() == packed
    asked = google.asked[-1]
    assert asked.query["ifGenerationMatch"] == ["1709630051123456"]
    assert asked.headers["Range"] == f"bytes=0-{len(packed) - 1}"


def test_a_deleted_object_is_vanished(emulated: Connect, bucket: storage.Bucket) -> None:
    bucket.blob("gone.txt").upload_from_string(SYNTHETIC)
    connector = emulated()
    (unit,), _ = units_of(connector, store_of(connector))
    bucket.blob("gone.txt").delete()
    with pytest.raises(ReadError) as caught, connector.open(unit) as file:
        file.read(10)
    assert caught.value.reason is GapReason.VANISHED
    assert "gone.txt" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (412, "At least one of the pre-conditions you specified did not hold.", GapReason.VANISHED),
        (403, "does not have storage.objects.get access", GapReason.DENIED),
        (401, "Invalid Credentials", GapReason.DENIED),
        (400, "The target object is encrypted by a customer-supplied encryption key.", GapReason.ENCRYPTED),
        (400, "Bucket is a requester pays bucket but no user project provided.", GapReason.COSTLY),
        (416, "Request range not satisfiable", GapReason.VANISHED),
    ],
)
def test_refusals_of_one_object(
    recorded: Connect, google: Recorded, status: int, message: str, reason: GapReason
) -> None:
    google.get(f"/storage/v1/b/{BUCKET}/o", {"items": [listed("a.txt", 100)]})
    body = {"error": {"code": status, "message": message, "errors": [{"reason": "conditionNotMet"}]}}
    google.get(f"/download/storage/v1/b/{BUCKET}/o/a.txt", body, status)
    connector = recorded(connections=1)  # a refusal must give its connection back
    (unit,), _ = units_of(connector, store_of(connector))
    with pytest.raises(ReadError) as caught, connector.open(unit) as file:
        file.read(10)
    assert caught.value.reason is reason
    assert message not in str(caught.value)


def test_refusals_give_their_connection_back(emulated: Connect, bucket: storage.Bucket) -> None:
    """One connection, many failures: a connection that is not returned would hang the scan."""
    for number in range(5):
        bucket.blob(f"{number}.txt").upload_from_string(SYNTHETIC)
    connector = emulated(connections=1)
    units, _ = units_of(connector, store_of(connector))
    for unit in units[:4]:
        bucket.blob(unit.id).delete()
        with pytest.raises(ReadError), connector.open(unit) as file:
            file.read(10)
    with connector.open(units[4]) as file:
        assert file.read() == SYNTHETIC


def test_cold_classes_are_costly(recorded: Connect, google: Recorded) -> None:
    items = [
        listed("archive.txt", 10, storageClass="ARCHIVE"),
        listed("coldline1.txt", 20, storageClass="COLDLINE"),
        listed("coldline2.txt", 30, storageClass="COLDLINE"),
        listed("nearline.txt", 40, storageClass="NEARLINE"),
        listed("standard.txt", 50),
    ]
    google.get(f"/storage/v1/b/{BUCKET}/o", {"items": items})
    connector = recorded()
    units, gaps = units_of(connector, store_of(connector))
    assert [unit.id for unit in units] == ["nearline.txt", "standard.txt"]
    assert [(gap.reason, gap.count, gap.bytes) for gap in gaps] == [
        (GapReason.COSTLY, 1, 10),
        (GapReason.COSTLY, 2, 50),
    ]
    asked = recorded(read_costly=("coldline",))
    units, (gap,) = units_of(asked, store_of(asked))
    assert len(units) == 4
    assert "Archive" in gap.detail


def test_requester_pays_is_costly_and_not_even_listed(recorded: Connect, google: Recorded) -> None:
    settings = {**shape("gcs_bucket"), "billing": {"requesterPays": True}}
    google.get("/storage/v1/b", {"items": [settings]})
    connector = recorded()
    units, (gap,) = units_of(connector, store_of(connector))
    assert units == []
    assert gap.reason is GapReason.COSTLY
    assert not [asked for asked in google.asked if asked.path.endswith("/o")]


def test_a_unit_is_read_by_another_worker(emulated: Connect, bucket: storage.Bucket) -> None:
    bucket.blob("a.txt").upload_from_string(SYNTHETIC)
    first = emulated()
    (unit,), _ = units_of(first, store_of(first))
    with emulated().open(pickle.loads(pickle.dumps(unit))) as file:
        assert file.read() == SYNTHETIC


# --- scopes and stores ------------------------------------------------------------


def test_all_buckets_of_a_project(emulated: Connect, bucket: storage.Bucket, bucket_name: str) -> None:
    connector = emulated(buckets=())
    scope = scope_of(connector)
    assert (scope.id, scope.exhaustive) == ("gcp:dpscan-test", True)
    stores = [store for store in connector.stores(scope) if isinstance(store, Store)]
    mine = next(store for store in stores if store.name == bucket_name)
    assert mine.id == f"gs:{bucket_name}"
    assert mine.tags == {}  # the emulator keeps no labels; read, and none: not the same as unread


def test_the_project_comes_from_the_credentials(recorded: Connect, google: Recorded) -> None:
    def page(asked: Asked) -> tuple[int, Any]:
        second = {**shape("gcs_bucket"), "name": "second-bucket"}
        if asked.query.get("pageToken") == ["more"]:
            return 200, {"items": [second]}
        return 200, {"items": [shape("gcs_bucket")], "nextPageToken": "more"}

    google.answers["GET", "/storage/v1/b"] = page
    connector = recorded()
    scope = scope_of(connector)
    assert scope.id == f"gcp:{PROJECT}"
    stores = [store for store in connector.stores(scope) if isinstance(store, Store)]
    assert [store.id for store in stores] == [f"gs:{BUCKET}", "gs:second-bucket"]
    assert stores[0].region == "europe-west2"
    assert stores[0].tags == {"information-asset-owner": "records-team", "classification": "official"}


def test_a_named_bucket_without_a_project_names_its_own(emulated: Connect, bucket: storage.Bucket) -> None:
    scope = scope_of(emulated(project=None))
    assert scope.id.startswith("gcp:")
    assert scope.id.removeprefix("gcp:").isdigit()
    assert not scope.exhaustive


def test_a_bucket_that_is_not_there_is_vanished(emulated: Connect, gcs_emulator: GcsEmulator) -> None:
    connector = emulated(buckets=("dpscan-never-made",))
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.VANISHED


def test_listing_buckets_denied(
    recorded: Connect, google: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    google.deny("/storage/v1/b", shape("gcs_denied"))
    connector = recorded()
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.stage) == (GapReason.DENIED, Stage.ENUMERATE)
    assert "storage.buckets.list" in gap.remedy
    assert "reader@" not in repr(gap)
    assert "synthetic-token" not in caplog.text


def test_listing_objects_denied(recorded: Connect, google: Recorded) -> None:
    google.deny(f"/storage/v1/b/{BUCKET}/o", shape("gcs_denied"))
    connector = recorded()
    units, (gap,) = units_of(connector, store_of(connector))
    assert units == []
    assert (gap.reason, gap.stage) == (GapReason.DENIED, Stage.LIST)
    assert "storage.objects.list" in gap.remedy


def test_refused_credentials_are_denied(recorded: Connect, google: Recorded) -> None:
    google.answers["POST", "/token"] = (400, {"error": "invalid_grant", "error_description": "Invalid JWT"})
    connector = recorded()
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED
    assert "PRIVATE" not in repr(gap)


@pytest.mark.parametrize("text", ["not json: synthetic-secret", '{"type": "external_account"}', "[]", "{}"])
def test_unusable_credentials_are_denied(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("TEST_GOOGLE_ACCOUNT", text)
    connector = connect(credentials="env:TEST_GOOGLE_ACCOUNT", project=PROJECT)
    (gap,) = connector.scopes()
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED
    assert "synthetic-secret" not in repr(gap)
    assert gap.remedy
    (permission,) = connector.permissions()
    assert permission.held is False


def test_nothing_listening_is_unreachable(connect: Connect) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    connector = connect(project=PROJECT, endpoint_url=url, anonymous=True)
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.UNREACHABLE


def test_an_unknown_authority_is_unreachable(recorded: Connect) -> None:
    connector = recorded(ca_bundle=None)
    (gap,) = connector.stores(scope_of(connector))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.UNREACHABLE
    assert "ca_bundle" in gap.remedy


# --- posture through the calls ----------------------------------------------------


def test_a_well_kept_bucket(recorded: Connect, google: Recorded) -> None:
    connector = recorded()
    store = store_of(connector)
    evidence, gaps = stated(connector, store)
    assert gaps == []
    present = {name for name, item in evidence.items() if item.state is State.PRESENT}
    assert present >= {
        "uniform_access_control", "public_access_blocked", "policy_not_public", "acl_not_public", "object_lock",
        "anonymous_read_blocked", "anonymous_write_blocked", "encryption_at_rest", "customer_managed_key",
        "versioning", "soft_delete", "access_logging", "lifecycle_expiry", "cors_restricted", "tls_in_use",
        "static_website_disabled", "owner_tag", "classification_tag",
    }  # fmt: skip
    assert evidence["soft_delete_days"].value == 7
    assert evidence["lifecycle_expiry_days"].value == 2555
    assert evidence["region"].value == "europe-west2"
    assert evidence["replica_regions"].value == ()
    assert evidence["external_accounts"].value == ()
    assert evidence["encryption_at_rest"].basis is Basis.PROVIDER_DEFAULT
    assert evidence["versioning"].basis is Basis.EXPLICIT
    api = [asked for asked in google.asked if asked.path != "/token"]
    assert all(asked.headers["Authorization"] == "Bearer synthetic-token-of-the-test" for asked in api)
    assert all(asked.headers["User-Agent"].startswith("dpscan/test") for asked in api)


def test_a_named_bucket_is_judged_by_its_own_project(recorded: Connect, google: Recorded) -> None:
    """Its policies are asked of the project that the bucket itself names."""
    own = "/v1/projects/123456789012"
    google.answers["POST", f"{own}:getEffectiveOrgPolicy"] = (200, {"booleanPolicy": {}})
    google.answers["POST", f"{own}:getIamPolicy"] = (200, {})
    connector = recorded(buckets=(BUCKET,))
    evidence, gaps = stated(connector, store_of(connector))
    assert gaps == []
    assert evidence["tls_enforced"].state is State.ABSENT
    assert evidence["external_accounts"].value == ()


def test_a_denied_policy_is_one_gap_and_stays_unknown(recorded: Connect, google: Recorded) -> None:
    settings = shape("gcs_bucket")
    settings["iamConfiguration"]["publicAccessPrevention"] = "inherited"
    google.get("/storage/v1/b", {"items": [settings]})
    google.deny(f"/storage/v1/b/{BUCKET}/iam", shape("gcs_denied"))
    google.deny(f"{MANAGER}:getEffectiveOrgPolicy", shape("gcs_denied"), method="POST")
    connector = recorded()
    store = store_of(connector)
    evidence, gaps = stated(connector, store)
    assert [(gap.subject_id, gap.reason) for gap in gaps] == [
        (f"gs:{BUCKET}", GapReason.DENIED),
        (f"gcp:{PROJECT}", GapReason.DENIED),
    ]
    assert "storage.buckets.getIamPolicy" in gaps[0].remedy
    assert "roles/orgpolicy.policyViewer" in gaps[1].remedy
    for safeguard in (
        "policy_not_public", "anonymous_read_blocked", "anonymous_write_blocked", "public_access_blocked",
        "tls_enforced", "min_tls_version", "external_accounts",
    ):  # fmt: skip
        assert (evidence[safeguard].state, evidence[safeguard].basis) == (State.UNKNOWN, Basis.DENIED)
    # Three constraints need one permission: asked once, told once, also for the scope.
    assert len([asked for asked in google.asked if "getEffectiveOrgPolicy" in asked.path]) == 1
    scope_evidence, scope_gaps = stated(connector, scope_of(connector))
    assert scope_gaps == []
    assert scope_evidence["public_access_blocked"].basis is Basis.DENIED


def test_a_public_managed_folder_is_seen(recorded: Connect, google: Recorded) -> None:
    """A folder can be open while its bucket is not."""
    settings = shape("gcs_bucket")
    settings["iamConfiguration"]["publicAccessPrevention"] = "inherited"
    google.get("/storage/v1/b", {"items": [settings]})
    google.answers["POST", f"{MANAGER}:getEffectiveOrgPolicy"] = (200, {"booleanPolicy": {}})
    folders = f"/storage/v1/b/{BUCKET}/managedFolders"
    google.get(folders, {"items": [{"name": "press/"}]})
    google.get(f"{folders}/press%2F/iam", policy("roles/storage.objectViewer", "allUsers"))
    evidence, gaps = stated(connector := recorded(), store_of(connector))
    assert gaps == []
    for safeguard in ("policy_not_public", "anonymous_read_blocked"):
        assert evidence[safeguard].state is State.ABSENT
        assert "managed folder" in evidence[safeguard].reason
    google.deny(folders, shape("gcs_denied"))
    evidence, (gap,) = stated(connector := recorded(), store_of(connector))
    assert "storage.managedFolders.list" in gap.remedy
    assert evidence["anonymous_read_blocked"].basis is Basis.DENIED


def test_denied_settings_leave_everything_unknown(recorded: Connect, google: Recorded) -> None:
    google.deny(f"/storage/v1/b/{BUCKET}", shape("gcs_denied"))
    connector = recorded(buckets=(BUCKET,), project=PROJECT)
    store = store_of(connector)
    assert store.tags is None
    assert store.region is None
    evidence, gaps = stated(connector, store)
    assert len(gaps) == 1
    assert "storage.buckets.get" in gaps[0].remedy
    for safeguard in ("versioning", "customer_managed_key", "region", "lifecycle_expiry", "owner_tag"):
        assert (evidence[safeguard].state, evidence[safeguard].basis) == (State.UNKNOWN, Basis.DENIED)
    # The organisation prevents public access to every bucket, seen or not.
    assert evidence["anonymous_read_blocked"].state is State.PRESENT


def test_a_denied_acl_is_one_gap(recorded: Connect, google: Recorded) -> None:
    settings = shape("gcs_bucket")
    settings["iamConfiguration"] = {"uniformBucketLevelAccess": {"enabled": False}}
    google.get("/storage/v1/b", {"items": [settings]})
    google.deny(f"/storage/v1/b/{BUCKET}/iam", shape("gcs_denied"))
    google.deny(f"/storage/v1/b/{BUCKET}", shape("gcs_denied"))
    connector = recorded()
    evidence, gaps = stated(connector, store_of(connector))
    assert len(gaps) == 1  # the IAM policy and the ACLs need one permission
    assert evidence["acl_not_public"].basis is Basis.DENIED


# --- the posture table: one setting, one meaning -----------------------------------

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
SAID, DEFAULT, UNSEEN, DENIED = Basis.EXPLICIT, Basis.PROVIDER_DEFAULT, Basis.NOT_OBSERVABLE, Basis.DENIED
HIDDEN = Unseen(Basis.DENIED, "refused")
LAX = ProjectView(False, False, frozenset(), {})
NAMES = (f"project:{PROJECT}", "project:123456789012")


def of_bucket(
    settings: Any = None,
    iam: Any = None,
    acls: Any = None,
    project: ProjectView = LAX,
    domains: tuple[str, ...] = (),
) -> dict[str, Evidence]:
    """Evidence of the recorded bucket with some settings changed (`...` takes one away)."""
    bucket = shape("gcs_bucket")
    if isinstance(settings, Unseen):
        bucket = settings
    else:
        for key, value in (settings or {}).items():
            if value is ...:
                bucket.pop(key)
            else:
                bucket[key] = value
    view = BucketView(bucket, acls or {}, iam or shape("gcs_iam_policy"))
    found = list(bucket_evidence(f"gs:{BUCKET}", view, project, NAMES, domains))
    assert len({item.safeguard for item in found}) == len(found)
    return {item.safeguard: item for item in found}


@pytest.mark.parametrize(
    ("settings", "safeguard", "state", "basis"),
    [
        ({"iamConfiguration": {"publicAccessPrevention": "inherited"}}, "public_access_blocked", A, SAID),
        ({"iamConfiguration": ...}, "uniform_access_control", A, DEFAULT),
        (
            {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}}},
            "uniform_access_control",
            A,
            SAID,
        ),
        ({"encryption": ...}, "customer_managed_key", A, DEFAULT),
        ({"versioning": ...}, "versioning", A, DEFAULT),
        ({"versioning": {"enabled": False}}, "versioning", A, SAID),
        ({"retentionPolicy": ...}, "object_lock", A, DEFAULT),
        ({"retentionPolicy": {"retentionPeriod": "86400"}}, "object_lock", A, SAID),
        ({"retentionPolicy": ..., "objectRetention": {"mode": "Enabled"}}, "object_lock", U, UNSEEN),
        ({"softDeletePolicy": {"retentionDurationSeconds": "0"}}, "soft_delete", A, SAID),
        ({"softDeletePolicy": ...}, "soft_delete", U, UNSEEN),
        ({"cors": [{"origin": ["*"], "method": ["GET"]}]}, "cors_restricted", A, SAID),
        ({"cors": [{"origin": ["https://example.gov.uk"], "method": ["GET"]}]}, "cors_restricted", P, SAID),
        ({"website": {"mainPageSuffix": "index.html"}}, "static_website_disabled", A, SAID),
        ({"logging": ...}, "access_logging", A, DEFAULT),
        ({"ipFilter": {"mode": "Enabled"}}, "network_firewall_restricted", P, SAID),
        ({}, "network_firewall_restricted", U, UNSEEN),
        ({"location": ...}, "region", U, Basis.FAILED),
    ],
)
def test_bucket_settings(settings: dict[str, Any], safeguard: str, state: State, basis: Basis) -> None:
    item = of_bucket(settings)[safeguard]
    assert (item.state, item.basis) == (state, basis)
    assert item.state is not U or (item.reason and item.value is None)


OPEN = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}
FINE_GRAINED = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}}}
PRIVATE_ACL = {"acl": [{"entity": "project-owners-123456789012", "role": "OWNER"}], "defaultObjectAcl": []}


def policy(role: str, *members: str) -> dict[str, Any]:
    return {"bindings": [{"role": role, "members": list(members)}]}


@pytest.mark.parametrize(
    ("settings", "iam", "acls", "project", "read", "write"),
    [
        (OPEN, None, None, LAX, P, P),
        (OPEN, policy("roles/storage.objectViewer", "allUsers"), None, LAX, A, P),
        (OPEN, policy("roles/storage.objectViewer", "allAuthenticatedUsers"), None, LAX, A, P),
        (OPEN, policy("roles/storage.objectCreator", "allUsers"), None, LAX, P, A),
        (OPEN, policy("roles/storage.objectAdmin", "allUsers"), None, LAX, A, A),
        # A custom role may allow anything.
        (OPEN, policy("projects/x/roles/custom", "allUsers"), None, LAX, U, U),
        # Prevention overrides every grant, on the bucket or from the organisation.
        (None, policy("roles/storage.objectViewer", "allUsers"), None, LAX, P, P),
        (
            OPEN,
            policy("roles/storage.objectViewer", "allUsers"),
            None,
            dataclasses.replace(LAX, public_prevented=True),
            P,
            P,
        ),
        # Whether the organisation prevents it is not known.
        (
            OPEN,
            policy("roles/storage.objectViewer", "allUsers"),
            None,
            dataclasses.replace(LAX, public_prevented=HIDDEN),
            U,
            P,
        ),
        (OPEN, None, None, dataclasses.replace(LAX, public_prevented=HIDDEN), P, P),
        (OPEN, HIDDEN, None, LAX, U, U),
        (HIDDEN, None, None, LAX, U, U),
        # Objects may carry ACLs of their own.
        (FINE_GRAINED, None, PRIVATE_ACL, LAX, U, P),
        (FINE_GRAINED, None, {"acl": [{"entity": "allUsers", "role": "READER"}]}, LAX, A, P),
        (FINE_GRAINED, None, {"acl": [{"entity": "allUsers", "role": "WRITER"}]}, LAX, A, A),
        (FINE_GRAINED, None, {"defaultObjectAcl": [{"entity": "allUsers", "role": "READER"}]}, LAX, A, P),
        (FINE_GRAINED, None, HIDDEN, LAX, U, U),
    ],
)
def test_anonymous_access_taken_together(
    settings: Any, iam: Any, acls: Any, project: ProjectView, read: State, write: State
) -> None:
    evidence = of_bucket(settings, iam, acls, project)
    assert evidence["anonymous_read_blocked"].state is read
    assert evidence["anonymous_write_blocked"].state is write
    assert evidence["anonymous_read_blocked"].reason


def test_public_grants_are_seen_whatever_overrides_them() -> None:
    evidence = of_bucket(None, policy("roles/storage.objectViewer", "allUsers"))
    assert evidence["policy_not_public"].state is A
    assert "roles/storage.objectViewer" in evidence["policy_not_public"].reason
    assert evidence["public_access_blocked"].state is P


@pytest.mark.parametrize(
    ("rules", "state", "days"),
    [
        ([{"action": {"type": "Delete"}, "condition": {"age": 30}}], P, 30),
        ([{"action": {"type": "Delete"}, "condition": {"age": 30, "isLive": True}}], P, 30),
        ([{"action": {"type": "Delete"}, "condition": {"age": 30, "isLive": False}}], A, None),
        ([{"action": {"type": "Delete"}, "condition": {"age": 30, "matchesPrefix": ["tmp/"]}}], A, None),
        ([{"action": {"type": "Delete"}, "condition": {"age": 30, "matchesStorageClass": ["ARCHIVE"]}}], A, None),
        ([{"action": {"type": "Delete"}, "condition": {"numNewerVersions": 3}}], A, None),
        ([{"action": {"type": "SetStorageClass", "storageClass": "ARCHIVE"}, "condition": {"age": 30}}], A, None),
        ([{"action": {"type": "Delete"}, "condition": {"age": 90}}, {"action": {"type": "Delete"}, "condition": {"age": 60}}], P, 60),
    ],
)  # fmt: skip
def test_lifecycle_rules(rules: list[dict[str, Any]], state: State, days: int | None) -> None:
    evidence = of_bucket({"lifecycle": {"rule": rules}, "versioning": ...})
    assert evidence["lifecycle_expiry"].state is state
    assert evidence["lifecycle_expiry_days"].value == days


def test_expiry_counts_old_versions() -> None:
    def expiry(condition: dict[str, Any]) -> State:
        rules = [{"action": {"type": "Delete"}, "condition": condition}]
        return of_bucket({"lifecycle": {"rule": rules}})["lifecycle_expiry"].state

    assert expiry({"age": 30}) is P  # live and old versions alike
    assert expiry({"age": 30, "isLive": True}) is A  # old versions stay


@pytest.mark.parametrize(
    ("settings", "region", "replicas"),
    [
        ({}, "europe-west2", ()),
        ({"location": "EU", "locationType": "multi-region"}, "eu", ("eu",)),
        ({"location": "EUR4", "locationType": "dual-region"}, "eur4", ("europe-north1", "europe-west4")),
        (
            {
                "location": "EU",
                "locationType": "dual-region",
                "customPlacementConfig": {"dataLocations": ["EUROPE-WEST2", "EUROPE-WEST1"]},
            },
            "eu",
            ("europe-west2", "europe-west1"),
        ),
    ],
)
def test_locations(settings: dict[str, Any], region: str, replicas: tuple[str, ...]) -> None:
    evidence = of_bucket(settings)
    assert evidence["region"].value == region
    assert evidence["replica_regions"].value == replicas


def audited(*kinds: str, **more: Any) -> dict[str, Any]:
    entries = [{"logType": kind, **more} for kind in kinds]
    return {"auditConfigs": [{"service": "storage.googleapis.com", "auditLogConfigs": entries}]}


@pytest.mark.parametrize(
    ("logging_", "audit", "state"),
    [
        ({"logBucket": "logs"}, {}, P),
        ({"logBucket": "logs"}, HIDDEN, P),
        (..., audited("DATA_READ", "DATA_WRITE"), P),
        (..., audited("DATA_READ"), A),
        (..., audited("DATA_READ", "DATA_WRITE", exemptedMembers=["user:someone@example.org"]), A),
        (..., {}, A),
        (..., HIDDEN, U),
    ],
)
def test_access_logging(logging_: Any, audit: Any, state: State) -> None:
    evidence = of_bucket({"logging": logging_}, project=dataclasses.replace(LAX, audit=audit))
    assert evidence["access_logging"].state is state


@pytest.mark.parametrize(
    ("denied", "value", "basis"),
    [
        (frozenset(), "1.0", DEFAULT),
        (frozenset({"TLS_VERSION_1"}), "1.1", SAID),
        (frozenset({"TLS_VERSION_1", "TLS_VERSION_1_1"}), "1.2", SAID),
    ],
)
def test_lowest_tls_version(denied: frozenset[str], value: str, basis: Basis) -> None:
    item = of_bucket(project=dataclasses.replace(LAX, tls_denied=denied))["min_tls_version"]
    assert (item.value, item.basis) == (value, basis)


def test_plain_http_is_refused_only_by_the_organisation() -> None:
    assert of_bucket()["tls_enforced"].state is A
    assert of_bucket()["tls_enforced"].basis is DEFAULT
    strict = dataclasses.replace(LAX, https_only=True)
    item = of_bucket(project=strict)["tls_enforced"]
    assert (item.state, item.basis) == (P, SAID)


OUTSIDE = policy(
    "roles/storage.objectViewer",
    "projectOwner:dpscan-test",
    "serviceAccount:own@dpscan-test.iam.gserviceaccount.com",
    "serviceAccount:123456789012-compute@developer.gserviceaccount.com",
    "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
    "serviceAccount:partner@partner-project.iam.gserviceaccount.com",
    "user:someone@example.gov.uk",
    "user:contractor@example.com",
    "deleted:user:old@example.com?uid=1",
    "allUsers",
)


def test_outside_accounts_are_named_by_project_and_domain_never_by_person() -> None:
    known = of_bucket(iam=OUTSIDE, domains=("example.gov.uk",))["external_accounts"]
    assert known.value == ("domain:example.com", "project:partner-project")
    unjudged = of_bucket(iam=OUTSIDE)["external_accounts"]
    assert (unjudged.state, unjudged.basis) == (U, UNSEEN)
    assert "someone" not in repr([known, unjudged])


def test_a_project_states_its_own_safeguards() -> None:
    found = {item.safeguard: item for item in project_evidence("gcp:dpscan-test", LAX)}
    assert found["public_access_blocked"].state is A
    assert found["trail_enabled"].basis is DEFAULT
    unseen = {item.safeguard: item for item in project_evidence("gcp:x", ProjectView.unseen(HIDDEN))}
    assert unseen["public_access_blocked"].basis is DENIED


# --- options, doctor --------------------------------------------------------------


def test_a_secret_in_place_of_a_reference_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        GcsOptions(credentials='{"private_key": "synthetic-secret"}')
    assert "synthetic-secret" not in str(caught.value)
    assert "env:NAME" in str(caught.value)


@pytest.mark.parametrize(
    "keys",
    [
        {"anonymous": True},
        {"anonymous": True, "credentials": "env:A", "project": "x"},
        {"endpoint_url": "storage.example"},
        {"endpoint_url": "https://user:pass@storage.example"},
        {"bukets": ("x",)},
    ],
)
def test_options_that_cannot_work_are_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GcsOptions(**keys)


def test_urls() -> None:
    read = GcsConnector.options_from_url
    assert read("gs://") == {}
    assert read("gs://letters") == {"buckets": ("letters",)}
    assert read("gs://letters/2024/in") == {"buckets": ("letters",), "prefix": "2024/in"}
    for bad in ("gs:///prefix", "gs://key@letters", "s3://letters", "gs://letters?key=synthetic"):
        with pytest.raises(ConfigError) as caught:
            read(bad)
        assert "gs://BUCKET" in str(caught.value)
        assert "synthetic" not in str(caught.value)


def test_doctor_tries_each_permission(recorded: Connect, google: Recorded) -> None:
    google.get(
        f"/storage/v1/b/{BUCKET}/iam/testPermissions",
        {"permissions": ["storage.buckets.get", "storage.objects.list", "storage.objects.get"]},
    )
    google.deny(f"{MANAGER}:getIamPolicy", shape("gcs_denied"), method="POST")
    held = {each.name: each.held for each in recorded().permissions()}
    assert held == {
        "storage.buckets.list": True,
        "storage.buckets.get": True,
        "storage.buckets.getIamPolicy": False,
        "storage.managedFolders.list": False,
        "storage.managedFolders.getIamPolicy": False,
        "storage.objects.list": True,
        "storage.objects.get": True,
        "orgpolicy.policy.get": True,
        "resourcemanager.projects.getIamPolicy": False,
    }


def test_the_role_reads_only(connect: Connect) -> None:
    import yaml

    role = yaml.safe_load(connect(project=PROJECT).policy())
    assert role["stage"] == "GA"
    assert all(
        name.rpartition(".")[2] in ("get", "list", "getIamPolicy") for name in role["includedPermissions"]
    )
