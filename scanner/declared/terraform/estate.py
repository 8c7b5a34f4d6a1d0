"""All resources of one root module, and which belongs to which: by reference, or by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scanner.declared.model import Resource
from scanner.declared.terraform.values import address_of, marked


class Estate:
    """All resources of one language, and which belongs to which."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = resources
        self.by_type: dict[str, list[Resource]] = {}
        self._children: dict[tuple[str, int, str, str], list[Resource]] = {}
        self._named: dict[tuple[str, str], int] = {}
        for one in resources:
            self.by_type.setdefault(one.type, []).append(one)
            for text in {str(v) for k in _NAMES if isinstance(v := one.attributes.get(k), str)}:
                self._named[one.type, text] = self._named.get((one.type, text), 0) + 1

    def joined(self, parent: Resource, types: Iterable[str]) -> list[Resource]:
        out: list[Resource] = []
        for type in types:
            key = (parent.location.file, parent.location.line, parent.address, type)
            if key not in self._children:
                self._children[key] = [c for c in self.by_type.get(type, ()) if self._refers(c, parent)]
            out += self._children[key]
        return out

    def parents(self, child: Resource, types: Iterable[str]) -> list[Resource]:
        return [p for type in types for p in self.by_type.get(type, ()) if self._refers(child, p)]

    def _refers(self, child: Resource, parent: Resource) -> bool:
        """Whether an attribute of `child` names `parent`, by reference or by its name."""
        return any(
            name in _LINKS and self._same(name, value, parent) for name, value in child.attributes.items()
        )

    def _same(self, name: str, value: Any, parent: Resource) -> bool:
        if isinstance(value, list):
            return any(
                self._same(name, inner, parent)
                for item in value
                for inner in (item.values() if isinstance(item, Mapping) else (item,))
            )
        address = address_of(value)
        if address:
            return _matches(address, parent.address)
        if not isinstance(value, str) or not value or marked(value) or name in ("name", "name_prefix"):
            return False
        # Two resources of one name are two alternatives; which one is meant only a reference tells.
        alone = self._named.get((parent.type, value), 0) == 1
        return alone and any(parent.attributes.get(key) == value for key in _NAMES)


_NAMES = ("bucket", "name", "identifier", "id", "arn", "cluster_identifier", "table_name", "dataset_id",
          "domain_name", "repository", "db_cluster_identifier", "db_instance_identifier", "url", "database")  # fmt: skip


_LINKS = {
    "bucket", "bucket_name", "queue_url", "arn", "topic_arn", "repository", "repository_name", "file_system_id",
    "domain_name", "secret_arn", "secret_id", "key_id", "stream_name", "cluster_identifier", "resource_arn",
    "storage_account_id", "storage_account_name", "server_id", "server_name", "key_vault_id", "database_id",
    "mssql_server_id", "cosmosdb_account_id", "account_name", "target_resource_id", "managed_instance_id",
    "server_security_alert_policy_id", "crypto_key_id", "key_ring_id", "dataset_id", "table_id", "instance",
    "cluster", "name", "registry", "synapse_workspace_id", "sql_pool_id", "volume_id", "snapshot_id",
    "source_db_cluster_identifier", "policy_arn", "redis_cache_name", "redis_cache_id", "vault_name", "scope",
    "backup_vault_name", "resources", "topic", "subscription", "container_name", "cluster_id", "table_name",
    "private_service_connection", "storage_container_name", "storage_container_id", "destination", "name_prefix",
    "workspace_id", "db_instance_identifier", "db_cluster_identifier", "source_bucket", "s3_bucket_name", "resource_group_name_",
    "secret", "event_bus_name", "access_point_arn", "table_bucket_arn", "storage_container_resource_manager_id",
    "eventhub_namespace_id", "namespace_id", "cognitive_account_id", "search_service_id", "managed_instance_name",
    "managed_disk_id", "kusto_cluster_id", "workspace_resource_id", "recovery_vault_name", "instance_name", "disk", "image",
    "app_configuration_id", "container_registry_id", "cluster_arn", "mongo_cluster_id", "data_factory_id",
    "storage_account_resource_id", "resource_id", "parameter_group_name", "server_fqdn", "project_bucket",
}  # fmt: skip


def _matches(reference: str, address: str) -> bool:
    if reference == address:
        return True
    base = address.rpartition("[")[0]
    return bool(base) and not reference.endswith("]") and reference == base
