"""One store under its many names, and what tags say of one that is not known."""

from __future__ import annotations

import pytest

from scanner.known import classification, handles
from scanner.model import Sensitivity

_PATH = "/subscriptions/0/resourceGroups/g/providers"


@pytest.mark.parametrize(
    "names",
    [
        ("aws:s3:::cases", "arn:aws:s3:::cases", "arn:aws-us-gov:s3:::cases", "s3://cases", "s3:cases"),
        ("gs:cases", "gs://cases", "//storage.googleapis.com/projects/_/buckets/cases"),
        (
            "azure:acc/cases",
            "https://acc.blob.core.windows.net/cases",
            f"{_PATH}/Microsoft.Storage/storageAccounts/acc/blobServices/default/containers/cases",
        ),
        (
            "arn:aws:rds:eu-west-2:123456789012:db:cases",
            "aws:rds:eu-west-2:123456789012:db:cases/postgres",
            "cases.abc123.eu-west-2.rds.amazonaws.com:5432/cases",
        ),
        (
            "cases.postgres.database.azure.com:5432/cases",
            f"{_PATH}/Microsoft.DBforPostgreSQL/flexibleServers/cases",
        ),
    ],
)
def test_all_names_of_a_store_share_a_handle(names: tuple[str, ...]) -> None:
    shared = frozenset.intersection(*(handles.of_names([name]) for name in names))
    assert shared


@pytest.mark.parametrize(
    ("type", "live"),
    [
        ("aws_s3_bucket", "aws:s3:::cases"),
        ("AWS::S3::Bucket", "aws:s3:::cases"),
        ("aws_db_instance", "arn:aws:rds:eu-west-2:123456789012:db:cases"),
        ("aws_rds_cluster", "cases.cluster-abc123.eu-west-2.rds.amazonaws.com:5432/cases"),
        ("aws_dynamodb_table", "arn:aws:dynamodb:eu-west-2:123456789012:table/cases"),
        ("aws_sqs_queue", "arn:aws:sqs:eu-west-2:123456789012:cases"),
        ("azurerm_storage_account", "azure:cases/documents"),
        ("google_storage_bucket", "gs:cases"),
        ("azurerm_mssql_server", "cases.database.windows.net:1433/main"),
    ],
)
def test_a_declared_name_meets_its_live_one(type: str, live: str) -> None:
    assert handles.of_type(type, ["cases"]) & handles.of_names([live])


@pytest.mark.parametrize(
    ("type", "live"),
    [
        ("aws_s3_bucket", "gs:cases"),
        ("aws_db_instance", "arn:aws:rds:eu-west-2:123456789012:cluster:cases"),
        ("aws_s3_bucket", "aws:s3:::cases-archive"),
        ("null_resource", "aws:s3:::cases"),
    ],
)
def test_other_stores_do_not(type: str, live: str) -> None:
    assert not handles.of_type(type, ["cases"]) & handles.of_names([live])


@pytest.mark.parametrize(
    ("key", "value", "band"),
    [
        ("data_classification", "OFFICIAL-SENSITIVE", Sensitivity.S2),
        ("DataClassification", "Official Sensitive", Sensitivity.S2),
        ("data-classification", "confidential", Sensitivity.S2),
        ("classification", "special category", Sensitivity.S3),
        ("Sensitivity", "Health", Sensitivity.S3),
        ("data:type", "patient records", Sensitivity.S3),
        ("pii", "true", Sensitivity.S2),
        ("contains_pii", "Yes", Sensitivity.S2),
        ("contains-personal-data", "1", Sensitivity.S2),
        ("gdpr", "yes", Sensitivity.S2),
        ("phi", "true", Sensitivity.S3),
        ("protective-marking", "SECRET", Sensitivity.S3),
        # A tag never lowers: it is written by whoever writes the change.
        ("data_classification", "public", None),
        ("classification", "none", None),
        ("classification", "no personal data", None),
        ("classification", "not sensitive", None),
        ("data_classification", "OFFICIAL", None),
        ("pii", "false", None),
        ("owner", "confidential", None),
    ],
)
def test_classification_tags(key: str, value: str, band: Sensitivity | None) -> None:
    assert classification.sensitivity({key: value})[0] is band


def test_the_highest_of_several_tags_counts() -> None:
    tags = {"pii": "true", "data_classification": "special category", "environment": "live"}
    assert classification.sensitivity(tags) == (Sensitivity.S3, "data_classification")
    assert classification.sensitivity(None) == (None, "")
