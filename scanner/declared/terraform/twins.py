"""Names under which a Terraform resource could be seen live, as far as the code tells them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.declared.model import Resource
from scanner.declared.terraform.estate import Estate
from scanner.declared.terraform.values import address_of, marked

_IDENTIFIER = {
    "aws_db_instance": ("identifier", "db_name"),
    "aws_rds_cluster": ("cluster_identifier", "database_name"),
}
"""By type: what names it live, and the database inside it."""


def aliases(resource: Resource, name: str, region: str | None, estate: Estate) -> Iterator[str]:
    """`name`: as the code gives it, if it does."""
    yield f"terraform:{resource.address}"
    if name and resource.type == "aws_s3_bucket":
        yield f"aws:s3:::{name}"
    if name and resource.type == "google_storage_bucket":
        yield f"gs:{name}"
    if name and resource.type == "azurerm_storage_container" and (account := _account(resource, estate)):
        yield f"azure:{account}/{name}"
    if resource.type in _IDENTIFIER:
        own, inner = (_text(resource.attributes.get(key)) for key in _IDENTIFIER[resource.type])
        if inner and not own:
            # AWS or Terraform makes the identifier up; what else is known of it is the database inside.
            yield f"rds-database:{region or ''}/{inner}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) and not marked(value) else ""


def _account(resource: Resource, estate: Estate) -> str:
    """The storage account of a container: by name, by id, or by reference to one whose name is known."""
    for key in ("storage_account_name", "storage_account_id"):
        value = resource.attributes.get(key)
        if text := _text(value):
            return text.rstrip("/").rpartition("/")[2]
        address = address_of(value)
        for one in estate.by_type.get("azurerm_storage_account", ()) if address else ():
            if one.address == address:
                return _text(one.attributes.get("name"))
    return ""
