"""Names of cloud resources in tools whose providers are made from Terraform's, turned back into Terraform's own.

Crossplane (Upbound's providers), Config Connector and Pulumi's classic providers name a resource by service
and kind, and spell attributes in camel case; what they mean is the same.
"""

from __future__ import annotations

import re

_PREFIXES = {"aws": "aws_", "azure": "azurerm_", "gcp": "google_"}
_TYPES: dict[tuple[str, str, str], str] = {
    ("aws", "rds", "Instance"): "aws_db_instance", ("aws", "rds", "ProxyTarget"): "aws_db_proxy_target",
    ("aws", "rds", "Snapshot"): "aws_db_snapshot", ("aws", "rds", "SubnetGroup"): "aws_db_subnet_group",
    ("aws", "rds", "ParameterGroup"): "aws_db_parameter_group",
    ("aws", "ec2", "EBSVolume"): "aws_ebs_volume", ("aws", "ec2", "SecurityGroup"): "aws_security_group",
    ("aws", "ec2", "SecurityGroupRule"): "aws_security_group_rule", ("aws", "cloudtrail", "Trail"): "aws_cloudtrail",
    ("azure", "storage", "Account"): "azurerm_storage_account", ("azure", "storage", "Container"): "azurerm_storage_container",
    ("azure", "storage", "AccountNetworkRules"): "azurerm_storage_account_network_rules",
    ("azure", "dbforpostgresql", "FlexibleServer"): "azurerm_postgresql_flexible_server",
    ("azure", "dbforpostgresql", "Server"): "azurerm_postgresql_server",
    ("azure", "dbformysql", "FlexibleServer"): "azurerm_mysql_flexible_server",
    ("azure", "dbformysql", "Server"): "azurerm_mysql_server", ("azure", "dbformariadb", "Server"): "azurerm_mariadb_server",
    ("azure", "sql", "MSSQLServer"): "azurerm_mssql_server", ("azure", "sql", "MSSQLDatabase"): "azurerm_mssql_database",
    ("azure", "cosmosdb", "Account"): "azurerm_cosmosdb_account", ("azure", "keyvault", "Vault"): "azurerm_key_vault",
    ("azure", "keyvault", "KeyVault"): "azurerm_key_vault", ("azure", "keyvault", "Key"): "azurerm_key_vault_key",
    ("azure", "keyvault", "Secret"): "azurerm_key_vault_secret", ("azure", "cache", "RedisCache"): "azurerm_redis_cache",
    ("azure", "redis", "Cache"): "azurerm_redis_cache",
    ("gcp", "sql", "SQLInstance"): "google_sql_database_instance", ("gcp", "storage", "StorageBucket"): "google_storage_bucket",
    ("gcp", "bigquery", "BigQueryDataset"): "google_bigquery_dataset",
    ("gcp", "bigquery", "BigQueryTable"): "google_bigquery_table", ("gcp", "redis", "RedisInstance"): "google_redis_instance",
    ("gcp", "spanner", "SpannerInstance"): "google_spanner_instance",
    ("gcp", "spanner", "SpannerDatabase"): "google_spanner_database", ("gcp", "pubsub", "PubSubTopic"): "google_pubsub_topic",
    ("gcp", "kms", "KMSCryptoKey"): "google_kms_crypto_key",
    ("gcp", "secretmanager", "SecretManagerSecret"): "google_secret_manager_secret",
    ("gcp", "secretmanager", "Secret"): "google_secret_manager_secret",
    ("gcp", "bigtable", "BigtableInstance"): "google_bigtable_instance",
}  # fmt: skip
"""Those that are not made by joining prefix, service and kind."""


def terraform_type(cloud: str, service: str, kind: str) -> str:
    """`aws_s3_bucket_versioning` of (`aws`, `s3`, `BucketVersioning`)."""
    known = _TYPES.get((cloud, service, kind))
    return known or f"{_PREFIXES[cloud]}{service}_{snake(re.sub(r'V[2-9]$', '', kind))}"


def snake(name: str) -> str:
    """`blockPublicAcls` as `block_public_acls`, `BucketACL` as `bucket_acl`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
