"""Terraform for a rule's page: from the same data that `dpscan check` shows added lines from, else the rule's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.ruleset import Rule

CANONICAL: Mapping[tuple[str, str], str] = {
    ("bucket", "aws"): "aws_s3_bucket",
    ("container", "azure"): "azurerm_storage_account",
    ("bucket", "gcp"): "google_storage_bucket",
    ("database", "aws"): "aws_db_instance",
    ("database", "azure"): "azurerm_postgresql_flexible_server",
    ("database", "gcp"): "google_sql_database_instance",
    ("warehouse", "aws"): "aws_redshift_cluster",
    ("dataset", "gcp"): "google_bigquery_dataset",
    ("trail", "aws"): "aws_cloudtrail",
}
"""Kind and provider to the resource that a page shows as its example."""


def terraform(rule: Rule) -> Mapping[str, str]:
    """Provider to resources as they should be; empty where no setting does it."""
    from scanner.declared import fixes

    found = dict(rule.terraform)
    if len(rule.safeguards) != 1:
        return found
    for (kind, provider), resource in CANONICAL.items():
        if kind in rule.applies_to.kinds and provider not in found:
            code = fixes.lines(resource, rule.safeguards[0])
            if code:
                found[provider] = code.rstrip()
    return found
