"""Declared buckets and containers against the same ones made with Google's and Azure's SDK in an emulator.

The emulators hold some settings only (their fixtures say which); these are the ones compared here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from scanner.connectors.azure_blob.connector import AzureBlobConnector
from scanner.connectors.azure_blob.options import AzureBlobOptions
from scanner.connectors.gcs.connector import GcsConnector
from scanner.connectors.gcs.options import GcsOptions
from scanner.declared import arm, terraform
from scanner.declared.model import DeclaredStore
from scanner.model import Evidence, Scope, Store
from scanner.testing.connectors import access
from tests.servers.azure import Azurite
from tests.servers.gcs import GcsEmulator

KEY = "projects/p/locations/europe-west2/keyRings/r/cryptoKeys/k"


def stated(connector: Any) -> dict[str, Evidence]:
    """What a connector says of the one store it is shown."""
    (scope,) = [s for s in connector.scopes() if isinstance(s, Scope)]
    (store,) = [s for s in connector.stores(scope) if isinstance(s, Store)]
    try:
        return {e.safeguard: e for e in connector.evidence(store) if isinstance(e, Evidence)}
    finally:
        connector.close()


def differences(declared: DeclaredStore, live: dict[str, Evidence], compared: tuple[str, ...]) -> list[str]:
    said = {e.safeguard: e for e in declared.evidence}
    return [
        f"{name}: declared {said[name].state.value}, live {live[name].state.value} ({live[name].reason})"
        for name in compared
        if said[name].state is not live[name].state
    ]


# --- Google Cloud Storage -----------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Setting:
    about: str
    code: str
    """Inside `google_storage_bucket`."""
    apply: Callable[[storage.Bucket], object]


def _set(**values: Any) -> Callable[[storage.Bucket], object]:
    def apply(bucket: storage.Bucket) -> None:
        for name, value in values.items():
            setattr(bucket, name, value)

    return apply


def _uniform(bucket: storage.Bucket) -> None:
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.iam_configuration.public_access_prevention = "enforced"


BUCKETS = (
    Setting("nothing is set", "", lambda bucket: None),
    Setting("versions are kept", "versioning {\n enabled = true\n }", _set(versioning_enabled=True)),
    Setting("versions are not kept", "versioning {\n enabled = false\n }", _set(versioning_enabled=False)),
    Setting(
        "content is deleted after a year",
        'lifecycle_rule {\n action {\n type = "Delete"\n }\n condition {\n age = 365\n }\n }',
        lambda bucket: bucket.add_lifecycle_delete_rule(age=365),
    ),
    Setting(
        "content is only moved",
        'lifecycle_rule {\n action {\n type = "SetStorageClass"\n storage_class = "NEARLINE"\n }\n condition {\n age = 365\n }\n }',
        lambda bucket: bucket.add_lifecycle_set_storage_class_rule("NEARLINE", age=365),
    ),
    Setting(
        "a website",
        'website {\n main_page_suffix = "index.html"\n }',
        lambda bucket: bucket.configure_website(main_page_suffix="index.html"),
    ),
    Setting(
        "every origin may write",
        'cors {\n origin = ["*"]\n method = ["PUT"]\n }',
        _set(cors=[{"origin": ["*"], "method": ["PUT"]}]),
    ),
    Setting(
        "one origin may write",
        'cors {\n origin = ["https://example.gov.uk"]\n method = ["PUT"]\n }',
        _set(cors=[{"origin": ["https://example.gov.uk"], "method": ["PUT"]}]),
    ),
    Setting("a key of one's own", f'encryption {{\n default_kms_key_name = "{KEY}"\n }}', _set(default_kms_key_name=KEY)),
    Setting(
        "uniform access, public access prevented",
        'uniform_bucket_level_access = true\n public_access_prevention = "enforced"',
        _uniform,
    ),
    Setting("a label", 'labels = { owner = "records" }', _set(labels={"owner": "records"})),
)  # fmt: skip
_COMPARED = (
    "encryption_at_rest", "customer_managed_key", "versioning", "lifecycle_expiry", "static_website_disabled",
    "cors_restricted", "uniform_access_control", "object_lock", "soft_delete", "owner_tag",
)  # fmt: skip


@pytest.fixture
def made(gcs_emulator: GcsEmulator, container_name: str) -> Iterator[storage.Bucket]:
    client = storage.Client(
        project="dpscan-test",
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": gcs_emulator.endpoint},
    )
    bucket = client.bucket(container_name)
    client.create_bucket(bucket)
    yield bucket
    bucket.delete(force=True)
    client.close()


@pytest.mark.parametrize("setting", BUCKETS, ids=lambda one: one.about)
def test_google_buckets(
    setting: Setting, made: storage.Bucket, gcs_emulator: GcsEmulator, tmp_path: Path
) -> None:
    setting.apply(made)
    made.patch()
    options = GcsOptions(
        project="dpscan-test", buckets=(made.name,), endpoint_url=gcs_emulator.endpoint, anonymous=True
    )
    live = stated(GcsConnector(options, access(connect_timeout=2, read_timeout=10)))
    code = f'resource "google_storage_bucket" "b" {{\n name = "{made.name}"\n location = "EU"\n {setting.code}\n}}\n'
    (tmp_path / "main.tf").write_text(code)
    found, gaps = terraform.declared(tmp_path, ["main.tf"])
    assert not gaps
    # What an organisation enforces is not seen in the emulator; a bucket that prevents it itself is.
    more = ("public_access_blocked",) if "prevention" in setting.code else ()
    assert differences(found[0], live, (*_COMPARED, *more)) == []


# --- Azure containers ---------------------------------------------------------------

_TERRAFORM = 'resource "azurerm_storage_container" "c" {{\n name = "c"\n container_access_type = "{}"\n}}\n'
_BICEP = (
    "resource c 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {{\n"
    "  name: 'example/default/c'\n  properties: {{ publicAccess: '{}' }}\n}}\n"
)


@pytest.mark.parametrize(
    ("terraform_word", "bicep_word"), [("private", "None"), ("blob", "Blob"), ("container", "Container")]
)
def test_azure_containers(
    terraform_word: str, bicep_word: str, azurite: Azurite, container_name: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TEST_AZURE_KEY", azurite.key)
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        public = None if terraform_word == "private" else terraform_word
        container = service.create_container(container_name, public_access=public)
        container.upload_blob("a.txt", b"synthetic line, no person")
        options = AzureBlobOptions(
            account=azurite.account, endpoint_url=azurite.endpoint, containers=(container_name,),
            account_key="env:TEST_AZURE_KEY",
        )  # fmt: skip
        try:
            live = stated(AzureBlobConnector(options, access(connect_timeout=2, read_timeout=10)))
        finally:
            container.delete_container()
    (tmp_path / "main.tf").write_text(_TERRAFORM.format(terraform_word))
    (tmp_path / "main.bicep").write_text(_BICEP.format(bicep_word))
    compared = ("acl_not_public", "anonymous_read_blocked")
    for front, file in ((terraform, "main.tf"), (arm, "main.bicep")):
        found, gaps = front.declared(tmp_path, [file])
        assert not gaps
        assert differences(found[0], live, compared) == []
