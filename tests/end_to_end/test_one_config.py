"""One configuration with stores of every kind, on real servers: each found once, the second run "0 new"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end import data
from tests.end_to_end.running import Ran, Scanner
from tests.servers.azure import Azurite
from tests.servers.gcs import GcsEmulator
from tests.servers.mariadb import MariadbServer
from tests.servers.postgres import PostgresServer
from tests.servers.s3 import MotoS3


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
    mariadb_server: MariadbServer,
    moto_s3: MotoS3,
    azurite: Azurite,
    gcs_emulator: GcsEmulator,
) -> tuple[Ran, Ran]:
    folder = tmp_path_factory.mktemp("everything")
    _fill_postgres(postgres_server)
    _fill_mariadb(mariadb_server)
    _fill_s3(moto_s3)
    _fill_azure(azurite)
    _fill_google(gcs_emulator)
    share = folder / "share"
    share.mkdir()
    (share / "people.csv").write_bytes(data.as_csv())
    targets: list[dict[str, Any]] = [
        {"name": "share", "connector": "files", "path": str(share)},
        {"name": "pg", "connector": "sql", "url": postgres_server.url("e2e"), "password": "env:E2E_PASSWORD"},
        # The same database under another host name: one store.
        {"name": "pg-again", "connector": "sql", "url": postgres_server.url("e2e", host="localhost"),
         "password": "env:E2E_PASSWORD"},
        {"name": "maria", "connector": "sql", "url": mariadb_server.url("e2e"), "password": "env:E2E_PASSWORD",
         "ca_bundle": mariadb_server.ca},
        {"name": "s3", "connector": "s3", "bucket": "e2e-people", "service": "aws"},
        {"name": "azure", "connector": "azblob", "account": azurite.account, "endpoint_url": azurite.endpoint,
         "account_key": "env:E2E_AZURE_KEY", "containers": ["e2e-people"]},
        {"name": "google", "connector": "gcs", "project": gcs_emulator.project, "buckets": ["e2e-people"],
         "endpoint_url": gcs_emulator.endpoint, "anonymous": True},
    ]  # fmt: skip
    config = {"targets": targets, "detection": {"test_data": "treat_as_real"}, "fail_on": "never"}
    scanner = Scanner(
        folder, config, **moto_s3.env, E2E_PASSWORD=postgres_server.reader_password, E2E_AZURE_KEY=azurite.key
    )
    return scanner.run(), scanner.run()


def _fill_postgres(server: PostgresServer) -> None:
    server.create_database("e2e")
    server.run(
        data.create_table("people", "id serial PRIMARY KEY, "),
        data.insert("people", data.rows()),
        f"GRANT USAGE ON SCHEMA public TO {server.reader_user}",
        f"GRANT SELECT ON people TO {server.reader_user}",
        "GRANT SELECT ON people TO PUBLIC",
        database="e2e",
    )


def _fill_mariadb(server: MariadbServer) -> None:
    server.create_database("e2e")
    server.run(
        data.create_table("people", "id int AUTO_INCREMENT PRIMARY KEY, "),
        data.insert("people", data.rows()),
        f"GRANT SELECT ON e2e.* TO '{server.reader_user}'@'%'",
        database="e2e",
    )


def _fill_s3(server: MotoS3) -> None:
    server.bucket("e2e-people")
    server.client().put_object(Bucket="e2e-people", Key="people.csv", Body=data.as_csv())
    server.client().put_bucket_policy(
        Bucket="e2e-people",
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", '
        '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::e2e-people/*"}]}',
    )


def _fill_azure(server: Azurite) -> None:
    from azure.storage.blob import BlobServiceClient

    service = BlobServiceClient.from_connection_string(server.connection_string)
    container = service.create_container("e2e-people", public_access="container")
    container.upload_blob("people.csv", data.as_csv())


def _fill_google(server: GcsEmulator) -> None:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage

    client = storage.Client(
        project=server.project,
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": server.endpoint},
    )
    client.create_bucket("e2e-people").blob("people.csv").upload_from_string(data.as_csv())


def test_every_store_is_found_once_and_read(runs: tuple[Ran, Ran]) -> None:
    first, _ = runs
    stores = {store["id"] for store in first.report["stores"]}
    kinds = sorted(store["provider"] for store in first.report["stores"])
    assert len(stores) == len(first.report["stores"]) == 6, stores
    assert kinds.count("aws") == kinds.count("azure") == kinds.count("gcp") == kinds.count("files") == 1
    for summary in first.report["summaries"]:
        assert summary["personal"] == "yes", summary
        assert summary["sensitivity"] == "S3", summary


def test_the_same_server_under_two_names_is_one_store(runs: tuple[Ran, Ran]) -> None:
    report = runs[0].report
    assert {"pg", "pg-again"} <= set(report["run"]["targets"])
    assert len([s for s in report["scopes"] if s["id"].startswith("pg:")]) == 1
    assert len([s for s in report["stores"] if s["id"].startswith("pg:")]) == 1
    assert not [gap for gap in report["gaps"] if gap["stage"] == "enumerate"]


def test_each_holding_has_what_was_put_there(runs: tuple[Ran, Ran]) -> None:
    by_store: dict[str, set[str]] = {}
    for holding in runs[0].report["holdings"]:
        by_store.setdefault(holding["store_id"], set()).update(t["entity_type"] for t in holding["types"])
        assert holding["records_examined"] == 60
    for found in by_store.values():
        assert {"PERSON", "UK_NINO", "UK_NHS", "EMAIL_ADDRESS", "HEALTH"} <= found, found


def test_the_findings_one_expects(runs: tuple[Ran, Ran]) -> None:
    failing = {(rule, store.partition(":")[0]) for rule, store, _ in runs[0].failing}
    assert ("OBJ-01", "aws") in failing, "anonymous read of the bucket"
    assert ("OBJ-01", "azure") in failing, "anonymous read of the container"
    assert ("DB-07", "pg") in failing, "SELECT granted to PUBLIC"
    assert ("OWN-01", "file") in failing


def test_none_twice(runs: tuple[Ran, Ran]) -> None:
    ids = [finding["fingerprint"] for finding in runs[0].report["findings"]]
    assert len(ids) == len(set(ids))


def test_the_second_run_has_nothing_new(runs: tuple[Ran, Ran]) -> None:
    first, second = runs
    assert first.new > 0
    assert second.new == 0
    assert set(first.failing) == set(second.failing)
    assert not second.standing("fixed", "gone", "reopened")


def test_passwords_are_nowhere(
    runs: tuple[Ran, Ran], postgres_server: PostgresServer, azurite: Azurite
) -> None:
    for run in runs:
        text = str(run.report) + run.terminal
        assert postgres_server.reader_password not in text
        assert azurite.key not in text
