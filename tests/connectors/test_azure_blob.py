"""The Azure Blob connector against Azurite, and account settings against recorded shapes."""

from __future__ import annotations

import dataclasses
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import (
    BlobServiceClient,
    ContainerClient,
    ContainerSasPermissions,
    ContentSettings,
    CorsRule,
    StandardBlobTier,
    StaticWebsite,
    generate_container_sas,
)
from pydantic import ValidationError

from scanner.connectors.azure_blob import AzureBlobConnector, AzureBlobOptions
from scanner.connectors.azure_blob.container import container_evidence
from scanner.connectors.azure_blob.posture import account_evidence
from scanner.connectors.azure_blob.view import NO_MANAGEMENT, AccountView
from scanner.contracts import Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Scope, Stage, State, Store, Unit
from scanner.testing.connectors import ConnectorContract, access
from tests.servers.azure import Azurite
from tests.servers.common import free_port
from tests.servers.recorded import Recorded, run_recorded, shape
from tests.servers.tls import self_signed

ASK = Ask(seed="test")
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
ACCOUNT_PATH = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-example/providers/Microsoft.Storage"
    "/storageAccounts/dpscantest"
)
ALL_ACCOUNTS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts"
DIAGNOSTICS = f"{ACCOUNT_PATH}/blobServices/default/providers/Microsoft.Insights/diagnosticSettings"
SYNTHETIC = b"synthetic line, no person: QQ123456C\n"  # a NINO prefix that is never issued


# --- fixtures ---------------------------------------------------------------------


@pytest.fixture
def key(azurite: Azurite, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TEST_AZURE_KEY", azurite.key)
    return "env:TEST_AZURE_KEY"


@pytest.fixture
def container(azurite: Azurite, container_name: str) -> Iterator[ContainerClient]:
    """A container of this test's own, written to with Azure's SDK."""
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        made = service.create_container(container_name, metadata={"Data_Owner": "Records team (example)"})
        yield made
        made.delete_container()


Connect = Callable[..., AzureBlobConnector]


@pytest.fixture
def connect(azurite: Azurite, key: str, container_name: str) -> Iterator[Connect]:
    """Make a connector for Azurite; keyword arguments are option keys."""
    made: list[AzureBlobConnector] = []

    def connector(ca_bundle: str | None = None, connections: int = 2, **keys: Any) -> AzureBlobConnector:
        options = {
            "account": azurite.account,
            "endpoint_url": azurite.endpoint,
            "containers": (container_name,),
        }
        options |= {} if {"sas", "connection_string"} & set(keys) else {"account_key": key}
        given = AzureBlobOptions(**{**options, **keys})
        reach = access(connect_timeout=2, read_timeout=10, connections_per_host=connections)
        reach = dataclasses.replace(reach, ca_bundle=ca_bundle)
        made.append(AzureBlobConnector(given, reach))
        return made[-1]

    yield connector
    for each in made:
        each.close()


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    """Azure Resource Manager from recorded shapes over TLS, and a managed identity to reach it.

    azure-identity's own chain gets its token the way an app service does (IDENTITY_ENDPOINT).
    """
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with run_recorded() as tokens, run_recorded(self_signed(tmp_path)) as server:
        expires = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
        tokens.get(
            "/token",
            {
                "access_token": "synthetic-token-of-the-test",
                "expires_on": str(expires),
                "resource": "https://management.azure.com",
                "token_type": "Bearer",
            },
        )
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{tokens.url}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "synthetic-header-of-the-test")
        server.get(ALL_ACCOUNTS, {"value": [shape("azure_storage_account")]})
        server.get(ACCOUNT_PATH, shape("azure_storage_account"))
        server.get(f"{ACCOUNT_PATH}/blobServices/default", shape("azure_blob_service"))
        server.get(f"{ACCOUNT_PATH}/managementPolicies/default", shape("azure_management_policy"))
        server.get(DIAGNOSTICS, shape("azure_diagnostic_settings"))
        yield server


def managed(server: Recorded) -> dict[str, Any]:
    return {"subscription": SUBSCRIPTION, "management_url": server.url, "ca_bundle": server.ca_bundle}


def store_of(connector: AzureBlobConnector) -> Store:
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    (store,) = connector.stores(scope)
    assert isinstance(store, Store)
    return store


def stated(connector: AzureBlobConnector, subject: Scope | Store) -> tuple[dict[str, Evidence], list[Gap]]:
    found = list(connector.evidence(subject))
    gaps = [item for item in found if isinstance(item, Gap)]
    return {item.safeguard: item for item in found if isinstance(item, Evidence)}, gaps


def units_of(connector: AzureBlobConnector, store: Store) -> tuple[list[Unit], list[Gap]]:
    found = list(connector.units(store, ASK))
    return [u for u in found if isinstance(u, Unit)], [g for g in found if isinstance(g, Gap)]


# --- the contract -----------------------------------------------------------------


class TestContract(ConnectorContract):
    @pytest.fixture
    def connector(
        self, connect: Connect, container: ContainerClient, azurite: Azurite, monkeypatch: pytest.MonkeyPatch
    ) -> AzureBlobConnector:
        monkeypatch.setattr(type(self), "secrets", (azurite.key,))
        container.upload_blob("letters/2024/one.txt", SYNTHETIC * 10)
        container.upload_blob("letters/2024/two.txt", SYNTHETIC)
        return connect()


# --- listing and reading ----------------------------------------------------------


def test_listing_goes_through_pages(
    connect: Connect, container: ContainerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        container.upload_blob(f"in/{number}.txt", SYNTHETIC * (number + 1))
    container.upload_blob("out/other.txt", SYNTHETIC)
    connector = connect(prefix="in/")
    monkeypatch.setattr(connector, "page_size", 3)
    units, gaps = units_of(connector, store_of(connector))
    assert [unit.id for unit in units] == [f"in/{number}.txt" for number in range(7)]
    assert [unit.size for unit in units] == [len(SYNTHETIC) * (number + 1) for number in range(7)]
    assert all(unit.version and unit.modified and unit.modified.tzinfo for unit in units)
    assert [gap.reason for gap in gaps] == [GapReason.EXCLUDED]  # what lies outside the prefix


def test_ranges_are_read_where_asked(connect: Connect, container: ContainerClient) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB: more than is fetched whole
    container.upload_blob("big.bin", content)
    connector = connect()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read(300) == content[:300]
        file.seek(-5, 2)
        assert file.read() == content[-5:]
        file.seek(5_000_001)
        assert file.read(70_000) == content[5_000_001:5_070_001]


def test_an_odd_name_is_read(connect: Connect, container: ContainerClient) -> None:
    container.upload_blob("Ünïcode & co/50% #1?.txt", SYNTHETIC)
    connector = connect()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read() == SYNTHETIC


def test_content_encoding_is_left_alone(connect: Connect, container: ContainerClient) -> None:
    """Sizes and ranges are those of the stored bytes, so the SDK must not unpack them."""
    import gzip

    packed = gzip.compress(SYNTHETIC)
    container.upload_blob("a.txt", packed, content_settings=ContentSettings(content_encoding="gzip"))
    connector = connect()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read() == packed


def test_an_empty_blob_is_read(connect: Connect, container: ContainerClient) -> None:
    container.upload_blob("empty.txt", b"")
    connector = connect()
    (unit,), _ = units_of(connector, store_of(connector))
    with connector.open(unit) as file:
        assert file.read() == b""


def test_a_blob_deleted_or_replaced_since_is_vanished(connect: Connect, container: ContainerClient) -> None:
    container.upload_blob("gone.txt", SYNTHETIC)
    container.upload_blob("new.txt", SYNTHETIC)
    connector = connect()
    units, _ = units_of(connector, store_of(connector))
    container.delete_blob("gone.txt")
    container.upload_blob("new.txt", SYNTHETIC * 2, overwrite=True)
    for unit in units:
        with pytest.raises(ReadError) as caught, connector.open(unit) as file:
            file.read(10)
        assert caught.value.reason is GapReason.VANISHED
        assert unit.id not in str(caught.value)


def test_refusals_give_their_connection_back(connect: Connect, container: ContainerClient) -> None:
    """One connection, many failures: a connection that is not returned would hang the scan."""
    for number in range(5):
        container.upload_blob(f"{number}.txt", SYNTHETIC)
    connector = connect(connections=1)
    units, _ = units_of(connector, store_of(connector))
    for unit in units[:4]:
        container.delete_blob(unit.id)
        with pytest.raises(ReadError), connector.open(unit) as file:
            file.read(10)
    with connector.open(units[4]) as file:
        assert file.read() == SYNTHETIC


def test_archived_and_cold_blobs_are_costly(connect: Connect, container: ContainerClient) -> None:
    container.upload_blob("hot.txt", SYNTHETIC)
    container.upload_blob("cool.txt", SYNTHETIC, standard_blob_tier=StandardBlobTier.COOL)
    for number in range(2):
        container.upload_blob(f"old{number}.txt", SYNTHETIC, standard_blob_tier=StandardBlobTier.ARCHIVE)
    container.upload_blob("cold.txt", SYNTHETIC, standard_blob_tier=StandardBlobTier.COLD)
    connector = connect()
    units, gaps = units_of(connector, store_of(connector))
    assert [unit.id for unit in units] == ["cool.txt", "hot.txt"]
    assert [(gap.reason, gap.count, gap.bytes) for gap in gaps] == [
        (GapReason.COSTLY, 2, 2 * len(SYNTHETIC)),
        (GapReason.COSTLY, 1, len(SYNTHETIC)),
    ]
    assert "Archive" in gaps[0].detail
    assert "Cold" in gaps[1].detail
    asked = connect(read_costly=("cold",))
    units, gaps = units_of(asked, store_of(asked))
    assert [unit.id for unit in units] == ["cold.txt", "cool.txt", "hot.txt"]
    assert len(gaps) == 1


def test_a_unit_is_read_by_another_worker(connect: Connect, container: ContainerClient) -> None:
    container.upload_blob("a.txt", SYNTHETIC)
    first = connect()
    (unit,), _ = units_of(first, store_of(first))
    with connect().open(pickle.loads(pickle.dumps(unit))) as file:
        assert file.read() == SYNTHETIC


# --- refused, absent, unreachable -------------------------------------------------


def test_a_wrong_key_is_denied_and_shown_nowhere(
    connect: Connect,
    container: ContainerClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "c3ludGhldGljIHdyb25nIGtleQ=="
    monkeypatch.setenv("TEST_WRONG_KEY", wrong)
    connector = connect(account_key="env:TEST_WRONG_KEY", containers=())
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.stage) == (GapReason.DENIED, Stage.ENUMERATE)
    assert "Storage Blob Data Reader" in gap.remedy
    evidence, gaps = stated(connector, scope)
    assert {g.reason for g in gaps} == {GapReason.DENIED}
    assert evidence["soft_delete"].basis is Basis.DENIED
    assert wrong not in repr([gap, gaps, evidence]) + caplog.text
    assert "AccountKey" not in caplog.text


@pytest.mark.parametrize("bad", ["not base64 at all!", ""])
def test_a_malformed_key_is_denied(
    connect: Connect, container: ContainerClient, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setenv("TEST_WRONG_KEY", bad)
    connector = connect(account_key="env:TEST_WRONG_KEY", containers=())
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED
    assert not bad or bad not in repr(gap)


def test_a_missing_secret_is_denied_by_its_reference(connect: Connect) -> None:
    connector = connect(account_key="env:TEST_NOT_SET", containers=())
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED
    assert "TEST_NOT_SET" in gap.remedy


def test_a_container_sas_reads_blobs_and_says_what_it_cannot_see(
    connect: Connect,
    azurite: Azurite,
    container: ContainerClient,
    container_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    container.upload_blob("a.txt", SYNTHETIC)
    sas = generate_container_sas(
        azurite.account,
        container_name,
        account_key=azurite.key,
        permission=ContainerSasPermissions(read=True, list=True),
        expiry=datetime.now(UTC) + timedelta(minutes=10),
    )
    monkeypatch.setenv("TEST_SAS", f"?{sas}")
    connector = connect(sas="env:TEST_SAS")
    store = store_of(connector)
    (unit,), _ = units_of(connector, store)
    with connector.open(unit) as file:
        assert file.read() == SYNTHETIC
    evidence, gaps = stated(connector, store)
    assert evidence["soft_delete"].basis is Basis.DENIED
    denied = [gap for gap in gaps if gap.reason is GapReason.DENIED]
    assert denied
    assert all(gap.remedy for gap in denied)
    signature = sas.rpartition("sig=")[2]
    assert signature not in repr([store, unit, evidence, gaps])


def test_a_tampered_sas_is_denied(
    connect: Connect, container: ContainerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_SAS", "sv=2022-11-02&sr=c&sp=rl&se=2030-01-01T00:00:00Z&sig=c3ludGhldGlj")
    connector = connect(sas="env:TEST_SAS")
    store = store_of(connector)
    units, (gap,) = units_of(connector, store)
    assert units == []
    assert (gap.reason, gap.stage) == (GapReason.DENIED, Stage.LIST)


def test_a_container_that_is_not_there_is_vanished(connect: Connect) -> None:
    connector = connect(containers=("dpscan-never-made",))
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    assert not scope.exhaustive
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.VANISHED


def test_nothing_listening_is_unreachable(connect: Connect, azurite: Azurite) -> None:
    connector = connect(endpoint_url=f"http://127.0.0.1:{free_port()}/{azurite.account}", containers=())
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.UNREACHABLE
    evidence, gaps = stated(connector, scope)
    assert evidence["soft_delete"].basis is Basis.FAILED
    assert {g.reason for g in gaps} == {GapReason.UNREACHABLE}


def test_all_containers_of_an_account(
    connect: Connect, container: ContainerClient, container_name: str
) -> None:
    connector = connect(containers=())
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    assert scope.exhaustive
    stores = [store for store in connector.stores(scope) if isinstance(store, Store)]
    mine = next(store for store in stores if store.name == container_name)
    assert mine.id == f"azure:dpscantest/{container_name}"
    assert mine.tags == {"Data_Owner": "Records team (example)"}
    assert f"https://dpscantest.blob.core.windows.net/{container_name}" in mine.aliases


def test_a_connection_string_works(
    connect: Connect, azurite: Azurite, container: ContainerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    container.upload_blob("a.txt", SYNTHETIC)
    monkeypatch.setenv("TEST_CONNECTION", azurite.connection_string)
    connector = connect(connection_string="env:TEST_CONNECTION")
    units, _ = units_of(connector, store_of(connector))
    assert len(units) == 1


def test_a_malformed_connection_string_is_denied(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_CONNECTION", "synthetic-secret-without-any-structure")
    connector = connect(connection_string="env:TEST_CONNECTION", containers=())
    (scope,) = connector.scopes()
    assert isinstance(scope, Scope)
    (gap,) = connector.stores(scope)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED
    assert "synthetic-secret" not in repr(gap)


# --- posture through the data plane -----------------------------------------------


def test_without_a_subscription_account_settings_are_not_observable(
    connect: Connect, container: ContainerClient
) -> None:
    connector = connect()
    evidence, gaps = stated(connector, store_of(connector))
    assert gaps == []
    for safeguard in ("tls_enforced", "min_tls_version", "shared_key_disabled", "public_access_blocked"):
        assert evidence[safeguard].state is State.UNKNOWN
        assert evidence[safeguard].basis is Basis.NOT_OBSERVABLE
        assert "subscription" in evidence[safeguard].reason
    assert evidence["acl_not_public"].state is State.PRESENT
    assert evidence["anonymous_read_blocked"].state is State.PRESENT
    assert evidence["encryption_at_rest"].basis is Basis.PROVIDER_DEFAULT
    assert evidence["tls_in_use"].state is State.ABSENT
    assert evidence["owner_tag"].value == "Records team (example)"
    # The account's tags were not read, so a tag that the container lacks is not known to be absent.
    assert evidence["retention_tag"].state is State.UNKNOWN


@pytest.mark.parametrize("level", ["blob", "container"])
def test_a_public_container_is_seen(connect: Connect, container: ContainerClient, level: str) -> None:
    container.set_container_access_policy(signed_identifiers={}, public_access=level)
    connector = connect()
    store = store_of(connector)
    evidence, gaps = stated(connector, store)
    assert gaps == []
    assert evidence["acl_not_public"].state is State.ABSENT
    assert level in evidence["acl_not_public"].reason
    if level == "blob":
        # No blob to ask for, and the account may override the container: not known.
        assert evidence["anonymous_read_blocked"].state is State.UNKNOWN
    container.upload_blob("a.txt", SYNTHETIC)
    evidence, _ = stated(connector, store)
    assert evidence["anonymous_read_blocked"].state is State.ABSENT
    assert evidence["anonymous_read_blocked"].basis is Basis.EXPLICIT
    assert "without credentials" in evidence["anonymous_read_blocked"].reason


def test_service_properties_are_read(connect: Connect, azurite: Azurite, container: ContainerClient) -> None:
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        before = service.get_service_properties()
        service.set_service_properties(
            cors=[CorsRule(["*"], ["GET"])],
            static_website=StaticWebsite(enabled=True, index_document="i.html"),
        )
        try:
            connector = connect()
            evidence, _ = stated(connector, store_of(connector))
        finally:
            service.set_service_properties(
                cors=before["cors"], static_website=before["static_website"] or StaticWebsite(enabled=False)
            )
    assert evidence["cors_restricted"].state is State.ABSENT
    assert evidence["static_website_disabled"].state is State.PRESENT  # only $web is served


# --- posture through Resource Manager ---------------------------------------------


def test_account_settings_are_read_with_the_managed_identity(
    connect: Connect, container: ContainerClient, manager: Recorded
) -> None:
    connector = connect(**managed(manager))
    store = store_of(connector)
    assert store.region == "uksouth"
    assert store.tags is not None
    assert store.tags["Information-Asset-Owner"] == "Head of Records (example)"
    evidence, gaps = stated(connector, store)
    assert gaps == []
    present = {name for name, item in evidence.items() if item.state is State.PRESENT}
    assert present >= {
        "public_access_blocked", "tls_enforced", "shared_key_disabled", "customer_managed_key", "versioning",
        "infrastructure_encryption", "network_firewall_restricted", "container_soft_delete", "access_logging",
        "lifecycle_expiry", "cross_tenant_replication_disabled", "anonymous_read_blocked",
    }  # fmt: skip
    assert evidence["min_tls_version"].value == "1.2"
    assert evidence["lifecycle_expiry_days"].value == 2555
    assert evidence["replica_regions"].value == ("ukwest",)
    assert evidence["public_endpoint_disabled"].state is State.ABSENT
    assert all(item.basis is Basis.EXPLICIT for item in evidence.values() if item.safeguard == "tls_enforced")
    sent = manager.asked[0].headers
    assert sent["User-Agent"].startswith("dpscan/test")
    assert sent["Authorization"] == "Bearer synthetic-token-of-the-test"
    assert {asked.method for asked in manager.asked} == {"GET"}
    assert "synthetic-token" not in repr([store, evidence])


def test_a_denied_call_is_one_gap_and_names_its_permission(
    connect: Connect, container: ContainerClient, manager: Recorded
) -> None:
    manager.deny(f"{ACCOUNT_PATH}/managementPolicies/default", shape("azure_denied"))
    manager.deny(DIAGNOSTICS, shape("azure_denied"))
    connector = connect(**managed(manager))
    store = store_of(connector)
    evidence, gaps = stated(connector, store)
    assert [(gap.reason, gap.subject_id) for gap in gaps] == [(GapReason.DENIED, "azure:dpscantest")] * 2
    assert "Microsoft.Storage/storageAccounts/managementPolicies/read" in gaps[0].remedy
    assert "Microsoft.Insights/diagnosticSettings/read" in gaps[1].remedy
    for safeguard in ("lifecycle_expiry", "lifecycle_expiry_days"):
        assert (evidence[safeguard].state, evidence[safeguard].basis) == (State.UNKNOWN, Basis.DENIED)
    assert "00000000-0000-0000-0000-00000000000a" not in repr([evidence, gaps])
    # The same call blocks every container; it is told once.
    assert stated(connector, store)[1] == []


def test_a_denied_account_leaves_everything_unknown(
    connect: Connect, container: ContainerClient, manager: Recorded
) -> None:
    manager.deny(ALL_ACCOUNTS, shape("azure_denied"))
    connector = connect(**managed(manager))
    evidence, (gap,) = stated(connector, store_of(connector))
    assert gap.reason is GapReason.DENIED
    for safeguard in ("tls_enforced", "public_access_blocked", "region", "versioning", "lifecycle_expiry"):
        assert (evidence[safeguard].state, evidence[safeguard].basis) == (State.UNKNOWN, Basis.DENIED)
        assert evidence[safeguard].value is None


def test_no_lifecycle_policy_is_absent_not_denied(
    connect: Connect, container: ContainerClient, manager: Recorded
) -> None:
    manager.get(
        f"{ACCOUNT_PATH}/managementPolicies/default", {"error": {"code": "ManagementPolicyNotFound"}}, 404
    )
    connector = connect(**managed(manager), resource_group="rg-example")
    evidence, gaps = stated(connector, store_of(connector))
    assert gaps == []
    assert evidence["lifecycle_expiry"].state is State.ABSENT
    assert evidence["lifecycle_expiry_days"].state is State.NOT_APPLICABLE
    assert ALL_ACCOUNTS not in [asked.path for asked in manager.asked]  # the resource group saves listing


def test_an_account_of_another_subscription_is_said(
    connect: Connect, container: ContainerClient, manager: Recorded
) -> None:
    manager.get(ALL_ACCOUNTS, {"value": []})
    connector = connect(**managed(manager))
    evidence, (gap,) = stated(connector, store_of(connector))
    assert gap.reason is GapReason.VANISHED
    assert "subscription" in gap.remedy
    assert evidence["tls_enforced"].basis is Basis.FAILED


def test_every_account_of_a_subscription_is_a_scope_page_by_page(manager: Recorded) -> None:
    second = {**shape("azure_storage_account"), "name": "dpscantesttwo", "tags": None}
    manager.get(
        ALL_ACCOUNTS, {"value": [shape("azure_storage_account")], "nextLink": f"{manager.url}/more?page=2"}
    )
    manager.get("/more", {"value": [second], "nextLink": "https://elsewhere.example/steals-tokens"})
    reach = dataclasses.replace(access(), ca_bundle=manager.ca_bundle)
    options = AzureBlobOptions(subscription=SUBSCRIPTION, management_url=manager.url)
    connector = AzureBlobConnector(options, reach)
    scopes = list(connector.scopes())
    connector.close()
    assert [scope.id for scope in scopes if isinstance(scope, Scope)] == [
        "azure:dpscantest",
        "azure:dpscantesttwo",
    ]
    (gap,) = (scope for scope in scopes if isinstance(scope, Gap))
    assert gap.reason is GapReason.UNSUPPORTED  # an incomplete list is never passed off as whole


def test_containers_come_from_resource_manager_where_the_data_plane_refuses(
    connect: Connect, manager: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_WRONG_KEY", "c3ludGhldGljIHdyb25nIGtleQ==")
    manager.get(f"{ACCOUNT_PATH}/blobServices/default/containers", {"value": [shape("azure_container")]})
    connector = connect(**managed(manager), account_key="env:TEST_WRONG_KEY", containers=())
    store = store_of(connector)
    assert store.id == "azure:dpscantest/letters"
    units, (gap,) = units_of(connector, store)
    assert units == []
    assert gap.reason is GapReason.DENIED
    evidence, _ = stated(connector, store)
    assert evidence["acl_not_public"].basis is Basis.DENIED
    # The account refuses public access, whatever the container says.
    assert evidence["anonymous_read_blocked"].state is State.PRESENT


# --- the posture table: one setting, one meaning -----------------------------------


@dataclasses.dataclass
class Container:
    """The fields of `ContainerProperties` that posture reads."""

    public_access: str | None = None
    has_immutability_policy: bool = False
    has_legal_hold: bool = False
    immutable_storage_with_versioning_enabled: bool = False
    metadata: dict[str, str] = dataclasses.field(default_factory=dict)
    encryption_scope: Any = None


DATA = {
    "logging": {"read": False, "write": False, "delete": False},
    "deleteRetentionPolicy": {"enabled": True, "days": 7},
    "staticWebsite": {"enabled": False},
    "cors": [],
}


def seen(settings: dict[str, Any] | None = None, **parts: Any) -> AccountView:
    """The recorded account with some settings changed (`...` takes one away)."""
    account = shape("azure_storage_account")
    for key, value in (settings or {}).items():
        if value is ...:
            account["properties"].pop(key)
        else:
            account["properties"][key] = value
    whole = {
        "account": account,
        "service": shape("azure_blob_service"),
        "lifecycle": shape("azure_management_policy"),
        "diagnostics": shape("azure_diagnostic_settings"),
        "data": DATA,
        "hierarchical": False,
        "gaps": (),
    }
    return AccountView(**{**whole, **parts})


def of_container(
    view: AccountView, container: Any = None, name: str = "letters", lock: Any = None, key: Any = None
) -> dict[str, Evidence]:
    found = container_evidence(
        "azure:dpscantest/letters", name, view, container or Container(), lock or {}, key
    )
    return {item.safeguard: item for item in found}


OLD = "2020-01-01T00:00:00.0000000Z"
P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
SAID, DEFAULT, UNSEEN = Basis.EXPLICIT, Basis.PROVIDER_DEFAULT, Basis.NOT_OBSERVABLE


@pytest.mark.parametrize(
    ("settings", "safeguard", "state", "basis"),
    [
        ({"allowBlobPublicAccess": False}, "public_access_blocked", P, SAID),
        ({"allowBlobPublicAccess": True}, "public_access_blocked", A, SAID),
        ({"allowBlobPublicAccess": ...}, "public_access_blocked", P, DEFAULT),
        ({"allowBlobPublicAccess": ..., "creationTime": OLD}, "public_access_blocked", A, DEFAULT),
        ({"allowBlobPublicAccess": ..., "creationTime": ...}, "public_access_blocked", U, UNSEEN),
        ({"allowCrossTenantReplication": True}, "cross_tenant_replication_disabled", A, SAID),
        (
            {"allowCrossTenantReplication": ..., "creationTime": OLD},
            "cross_tenant_replication_disabled",
            A,
            DEFAULT,
        ),
        ({"supportsHttpsTrafficOnly": False}, "tls_enforced", A, SAID),
        ({"supportsHttpsTrafficOnly": ...}, "tls_enforced", P, DEFAULT),
        ({"allowSharedKeyAccess": True}, "shared_key_disabled", A, SAID),
        ({"allowSharedKeyAccess": ...}, "shared_key_disabled", A, DEFAULT),
        ({"publicNetworkAccess": "Disabled"}, "public_endpoint_disabled", P, SAID),
        ({"publicNetworkAccess": "Disabled", "networkAcls": ...}, "network_firewall_restricted", P, SAID),
        ({"publicNetworkAccess": ...}, "public_endpoint_disabled", A, DEFAULT),
        ({"networkAcls": {"defaultAction": "Allow"}}, "network_firewall_restricted", A, SAID),
        ({"networkAcls": ...}, "network_firewall_restricted", A, DEFAULT),
        (
            {
                "networkAcls": {
                    "defaultAction": "Deny",
                    "ipRules": [{"value": "0.0.0.0/0", "action": "Allow"}],
                }
            },
            "network_firewall_restricted",
            A,
            SAID,
        ),
        ({"encryption": {"keySource": "Microsoft.Storage"}}, "customer_managed_key", A, SAID),
        ({"encryption": ...}, "customer_managed_key", A, DEFAULT),
        ({"encryption": {"keySource": "Microsoft.Storage"}}, "infrastructure_encryption", A, DEFAULT),
    ],
)
def test_account_settings(settings: dict[str, Any], safeguard: str, state: State, basis: Basis) -> None:
    item = of_container(seen(settings))[safeguard]
    assert (item.state, item.basis) == (state, basis)
    assert item.state is not U or item.reason


def test_lowest_tls_version() -> None:
    assert of_container(seen({"minimumTlsVersion": "TLS1_0"}))["min_tls_version"].value == "1.0"
    unset = of_container(seen({"minimumTlsVersion": ...}))["min_tls_version"]
    assert (unset.value, unset.basis) == ("1.2", DEFAULT)


OPEN = {"networkAcls": {"defaultAction": "Allow"}}
OPEN_TO_ALL = {**OPEN, "allowBlobPublicAccess": True}


@pytest.mark.parametrize(
    ("view", "container", "name", "state"),
    [
        (seen(OPEN_TO_ALL), Container(), "letters", P),
        (seen(OPEN_TO_ALL), Container("blob"), "letters", A),
        (seen(OPEN_TO_ALL), Container("container"), "letters", A),
        (seen(OPEN), Container("blob"), "letters", P),  # the account overrides it
        (seen({"allowBlobPublicAccess": True}), Container("blob"), "letters", P),  # firewall
        (seen({**OPEN, "allowBlobPublicAccess": ..., "creationTime": ...}), Container("blob"), "letters", U),
        (seen(account=NO_MANAGEMENT), Container("blob"), "letters", U),
        (seen(account=NO_MANAGEMENT), Container(), "letters", P),
        (seen(OPEN), NO_MANAGEMENT, "letters", P),
        (seen(OPEN_TO_ALL), NO_MANAGEMENT, "letters", U),
        # A website is public although its container is private and the account refuses public access.
        (seen(OPEN, data={**DATA, "staticWebsite": {"enabled": True}}), Container(), "$web", A),
        (seen(OPEN, data={**DATA, "staticWebsite": {"enabled": True}}), Container(), "letters", P),
        (seen(OPEN, data=NO_MANAGEMENT), Container(), "$web", U),
    ],
)
def test_anonymous_reading_taken_together(view: AccountView, container: Any, name: str, state: State) -> None:
    item = of_container(view, container, name)["anonymous_read_blocked"]
    assert item.state is state
    assert item.reason


def test_an_account_that_refuses_strangers_overrides_its_container() -> None:
    hidden = seen(account=NO_MANAGEMENT)
    for answers, state in ((True, A), (False, P), (None, U)):
        found = container_evidence(
            "azure:dpscantest/letters", "letters", hidden, Container("blob"), {}, None, answers
        )  # type: ignore[arg-type]
        (item,) = (each for each in found if each.safeguard == "anonymous_read_blocked")
        assert item.state is state


def rule(**changes: Any) -> dict[str, Any]:
    policy = shape("azure_management_policy")
    (only,) = policy["properties"]["policy"]["rules"]
    only["definition"]["filters"].update(changes.pop("filters", {}))
    if "actions" in changes:
        only["definition"]["actions"] = changes.pop("actions")
    only.update(changes)
    return policy


@pytest.mark.parametrize(
    ("policy", "state", "days"),
    [
        (rule(), P, 2555),
        (rule(enabled=False), A, None),
        (rule(filters={"prefixMatch": ["letters"]}), P, 2555),
        (rule(filters={"prefixMatch": ["letters/"]}), P, 2555),
        (rule(filters={"prefixMatch": ["letters/2020/"]}), A, None),
        (rule(filters={"prefixMatch": ["photos/"]}), A, None),
        (rule(filters={"blobTypes": ["appendBlob"]}), A, None),
        (rule(filters={"blobIndexMatch": [{"name": "old", "op": "==", "value": "yes"}]}), A, None),
        (rule(actions={"baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}}}), A, None),
        (rule(actions={"baseBlob": {"delete": {"daysAfterCreationGreaterThan": 90}}}), P, 90),
        (rule(actions={"snapshot": {"delete": {"daysAfterCreationGreaterThan": 90}}}), A, None),
    ],
)
def test_lifecycle_rules(policy: dict[str, Any], state: State, days: int | None) -> None:
    evidence = of_container(seen(lifecycle=policy, service={"properties": {}}))
    assert evidence["lifecycle_expiry"].state is state
    assert evidence["lifecycle_expiry_days"].value == days


BASE = {"delete": {"daysAfterModificationGreaterThan": 100}}
VERSIONS = {"delete": {"daysAfterCreationGreaterThan": 400}}


@pytest.mark.parametrize(
    ("service", "actions", "state", "days"),
    [
        (shape("azure_blob_service"), {"baseBlob": BASE}, A, None),  # versions stay for ever
        (shape("azure_blob_service"), {"baseBlob": BASE, "version": VERSIONS}, P, 400),
        (NO_MANAGEMENT, {"baseBlob": BASE}, U, None),
        (NO_MANAGEMENT, {"baseBlob": BASE, "version": VERSIONS}, P, 400),
    ],
)
def test_expiry_counts_old_versions(
    service: Any, actions: dict[str, Any], state: State, days: int | None
) -> None:
    evidence = of_container(seen(lifecycle=rule(actions=actions), service=service))
    assert evidence["lifecycle_expiry"].state is state
    assert evidence["lifecycle_expiry_days"].value == days


def locked(state: str) -> dict[str, Any]:
    container = shape("azure_container")
    container["properties"]["immutabilityPolicy"]["properties"]["state"] = state
    return container


@pytest.mark.parametrize(
    ("container", "managed_as", "state"),
    [
        (Container(), {}, A),
        (Container(has_legal_hold=True), {}, P),
        (Container(has_immutability_policy=True), locked("Locked"), P),
        (Container(has_immutability_policy=True), locked("Unlocked"), A),
        (Container(has_immutability_policy=True), NO_MANAGEMENT, U),
        (Container(immutable_storage_with_versioning_enabled=True), {"properties": {}}, U),
        (NO_MANAGEMENT, {}, U),
    ],
)
def test_immutability(container: Any, managed_as: Any, state: State) -> None:
    assert of_container(seen(), container, lock=managed_as)["object_lock"].state is state


def test_a_containers_own_encryption_scope_decides() -> None:
    assert of_container(seen(), key="Microsoft.Storage")["customer_managed_key"].state is A
    assert of_container(seen(), key="Microsoft.KeyVault")["customer_managed_key"].state is P
    assert of_container(seen(), key=NO_MANAGEMENT)["customer_managed_key"].state is U


def logs(*categories: str, group: str | None = None, enabled: bool = True) -> dict[str, Any]:
    entries = [{"category": category, "enabled": enabled} for category in categories]
    if group:
        entries.append({"categoryGroup": group, "enabled": enabled})
    return {"value": [{"properties": {"logs": entries}}]}


CLASSIC = {**DATA, "logging": {"read": True, "write": True, "delete": True}}


@pytest.mark.parametrize(
    ("diagnostics", "data", "state"),
    [
        (logs("StorageRead", "StorageWrite", "StorageDelete"), DATA, P),
        (logs(group="audit"), DATA, P),
        (logs("StorageWrite", "StorageDelete"), DATA, A),
        (logs(group="allLogs", enabled=False), DATA, A),
        ({}, DATA, A),
        ({}, CLASSIC, P),
        (NO_MANAGEMENT, CLASSIC, P),
        (NO_MANAGEMENT, DATA, U),
        ({}, NO_MANAGEMENT, U),
    ],
)
def test_access_logging(diagnostics: Any, data: Any, state: State) -> None:
    assert of_container(seen(diagnostics=diagnostics, data=data))["access_logging"].state is state


def test_soft_delete_from_either_plane() -> None:
    both = of_container(seen())
    assert (both["soft_delete"].state, both["soft_delete_days"].value) == (P, 7)
    managed_only = of_container(seen(data=NO_MANAGEMENT))
    assert managed_only["soft_delete_days"].value == 30
    neither = of_container(seen(data=NO_MANAGEMENT, service=NO_MANAGEMENT))
    assert neither["soft_delete"].state is U
    off = of_container(seen(data={**DATA, "deleteRetentionPolicy": {"enabled": False}}))
    assert (off["soft_delete"].state, off["soft_delete_days"].value) == (A, 0)


def test_paths_with_acls_of_their_own_are_unknown() -> None:
    assert of_container(seen())["uniform_access_control"].state is P
    assert of_container(seen(hierarchical=True))["uniform_access_control"].state is U


def test_every_statement_is_made_once() -> None:
    found = [item.safeguard for item in account_evidence("azure:dpscantest", seen())]
    assert len(found) == len(set(found))


# --- options, doctor --------------------------------------------------------------


@pytest.mark.parametrize("name", ["account_key", "sas", "connection_string"])
def test_a_secret_in_place_of_a_reference_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AzureBlobOptions(**{"account": "dpscantest", name: "sv=2022&sig=synthetic-secret"})
    assert "synthetic-secret" not in str(caught.value)
    assert "env:NAME" in str(caught.value)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"account": "Not an account"},
        {"account": "dpscantest", "account_key": "env:A", "sas": "env:B"},
        {"account": "dpscantest", "endpoint_url": "http://127.0.0.1:10000/dpscantest"},
        {"account": "dpscantest", "endpoint_url": "https://x.example/?sig=abc"},
        {"subscription": SUBSCRIPTION, "sas": "env:B"},
        {"account": "dpscantest", "kontainer": "x"},
    ],
)
def test_options_that_cannot_work_are_refused(keys: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID", raising=False)
    with pytest.raises(ValidationError):
        AzureBlobOptions(**keys)


def test_urls() -> None:
    read = AzureBlobConnector.options_from_url
    assert read("azblob://dpscantest") == {"account": "dpscantest"}
    assert read("azblob://dpscantest/letters/2024/in") == {
        "account": "dpscantest",
        "containers": ("letters",),
        "prefix": "2024/in",
    }
    for bad in ("azblob://", "azblob://key@dpscantest/letters", "azblob://dpscantest/letters?sig=synthetic"):
        with pytest.raises(ConfigError) as caught:
            read(bad)
        assert "synthetic" not in str(caught.value)
        assert "azblob://ACCOUNT" in str(caught.value)


def test_doctor_tries_each_permission(
    connect: Connect, container: ContainerClient, manager: Recorded
) -> None:
    manager.deny(DIAGNOSTICS, shape("azure_denied"))
    connector = connect(**managed(manager))
    held = {(each.name, each.needed_for): each.held for each in connector.permissions()}
    denied = [name for (name, _), answer in held.items() if answer is False]
    assert denied == ["Microsoft.Insights/diagnosticSettings/read"]
    assert None not in held.values()


def test_the_role_reads_only() -> None:
    connector = AzureBlobConnector(
        AzureBlobOptions(account="dpscantest", subscription=SUBSCRIPTION), access()
    )
    role = json.loads(connector.policy())
    connector.close()
    assert role["AssignableScopes"] == [f"/subscriptions/{SUBSCRIPTION}"]
    assert all(action.endswith("/read") for action in role["Actions"] + role["DataActions"])
