"""Every fix in HCL: added to the smallest resource that lacks the safeguard, it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.declared.fixes import lines, templates
from scanner.declared.pipeline import check
from scanner.model import State
from tests.declared.fixes.applying import applied, proposed, state, stores, value

_TYPES = templates("terraform")
PAIRS = [(kind, safeguard) for kind, known in _TYPES.items() for safeguard in known]

# What a resource of the type must say to be one at all, and settings that are wrong.
_NEEDED = {
    "google_sql_database_instance": '  settings {\n    tier = "db-f1-micro"\n  }\n  database_version = "POSTGRES_17"\n',
    "google_storage_bucket": '  name = "example"\n  location = "EUROPE-WEST2"\n',
    "azurerm_storage_container": '  storage_account_name = "example"\n',
    "aws_db_instance": '  engine = "mariadb"\n',
    "aws_s3_bucket": '  bucket = "example-records"\n',
    "azurerm_mssql_database": '  server_id = "x"\n',
}
_WRONG = {
    "aws_s3_bucket": '  acl = "public-read-write"\n',
    "aws_db_instance": (
        "  storage_encrypted = false\n  publicly_accessible = true\n  backup_retention_period = 0\n"
        "  deletion_protection = false\n  auto_minor_version_upgrade = false\n"
        "  enabled_cloudwatch_logs_exports = []\n  iam_database_authentication_enabled = false\n"
    ),
    "aws_rds_cluster": (
        "  storage_encrypted = false\n  backup_retention_period = 1\n  deletion_protection = false\n"
    ),
    "aws_rds_cluster_instance": "  publicly_accessible = true\n  auto_minor_version_upgrade = false\n",
    "aws_dynamodb_table": (
        "  point_in_time_recovery {\n    enabled = false\n  }\n  deletion_protection_enabled = false\n"
    ),
    "aws_redshift_cluster": (
        "  encrypted = false\n  publicly_accessible = true\n  allow_version_upgrade = false\n"
    ),
    "aws_efs_file_system": "  encrypted = false\n",
    "aws_ebs_volume": "  encrypted = false\n",
    "aws_ebs_snapshot_copy": "  encrypted = false\n",
    "aws_sqs_queue": "  sqs_managed_sse_enabled = false\n",
    "aws_elasticache_replication_group": (
        "  at_rest_encryption_enabled = false\n  transit_encryption_enabled = false\n"
    ),
    "aws_opensearch_domain": (
        "  encrypt_at_rest {\n    enabled = false\n  }\n"
        "  domain_endpoint_options {\n    enforce_https = false\n  }\n"
        "  node_to_node_encryption {\n    enabled = false\n  }\n"
    ),
    "aws_cloudtrail": "  is_multi_region_trail = false\n  enable_log_file_validation = false\n",
    "azurerm_storage_account": (
        "  allow_nested_items_to_be_public = true\n  https_traffic_only_enabled = false\n"
        '  min_tls_version = "TLS1_0"\n  public_network_access_enabled = true\n'
        '  network_rules {\n    default_action = "Allow"\n  }\n  shared_access_key_enabled = true\n'
        "  blob_properties {\n    versioning_enabled = false\n    change_feed_enabled = true\n  }\n"
    ),
    "azurerm_storage_container": '  container_access_type = "blob"\n',
    "azurerm_mssql_server": '  public_network_access_enabled = true\n  minimum_tls_version = "1.0"\n',
    "azurerm_mssql_database": "  transparent_data_encryption_enabled = false\n",
    "azurerm_cosmosdb_account": (
        "  public_network_access_enabled = true\n  local_authentication_disabled = false\n"
    ),
    "azurerm_redis_cache": "  public_network_access_enabled = true\n  non_ssl_port_enabled = true\n",
    "google_storage_bucket": (
        '  public_access_prevention = "inherited"\n  uniform_bucket_level_access = false\n'
        "  versioning {\n    enabled = false\n  }\n"
    ),
    "google_bigquery_table": "  deletion_protection = false\n",
    "google_spanner_database": "  deletion_protection = false\n",
    "google_bigtable_instance": "  deletion_protection = false\n",
    "google_redis_instance": '  transit_encryption_mode = "DISABLED"\n  auth_enabled = false\n',
}
_BESIDE = {
    "google_storage_bucket": (
        'resource "google_storage_bucket_iam_member" "all" {\n  bucket = google_storage_bucket.this.name\n'
        '  role = "roles/storage.objectViewer"\n  member = "allUsers"\n}\n'
    ),
    "aws_s3_bucket": (
        'resource "aws_s3_bucket_public_access_block" "this" {\n  bucket = aws_s3_bucket.this.id\n'
        "  block_public_acls = false\n  restrict_public_buckets = false\n}\n"
        'resource "aws_s3_bucket_versioning" "this" {\n  bucket = aws_s3_bucket.this.id\n'
        '  versioning_configuration {\n    status = "Suspended"\n  }\n}\n'
    ),
}


def _text(kind: str, body: str) -> str:
    return f'resource "{kind}" "this" {{\n{_NEEDED.get(kind, "")}{body}}}\n{_BESIDE.get(kind, "")}'


CASES = [
    (kind, safeguard, wrong)
    for kind, safeguard in PAIRS
    for wrong in ((False, True) if kind in _WRONG else (False,))
]


@pytest.mark.parametrize(("kind", "safeguard", "wrong"), CASES)
def test_the_safeguard_is_there_afterwards(kind: str, safeguard: str, wrong: bool, tmp_path: Path) -> None:
    """Where it was left out, and where it was set wrongly."""
    before = _text(kind, _WRONG[kind] if wrong else "")
    made = proposed(stores(tmp_path, "main.tf", before)[kind], safeguard, before)
    assert made.edits
    text = applied(made, before)
    after = stores(tmp_path, "main.tf", text)[kind]
    assert state(after, safeguard) is State.PRESENT, text
    assert value(after, safeguard) in (None, "1.2", 14)
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("kind", _TYPES)
def test_alone_it_is_hcl_too(kind: str, tmp_path: Path) -> None:
    for safeguard in _TYPES[kind]:
        text = lines(kind, safeguard)
        assert "{self}" not in text and "{label}" not in text
        (tmp_path / f"{safeguard}.tf").write_text(text)
    assert not check(tmp_path).gaps
