"""Well-known registry modules whose code is not here: their inputs, as the resource they make.

The published inputs of these modules carry the names of the resource's own arguments, so a
call says as much as the resource would. Defaults are the module's (major version noted).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from scanner.declared.model import Resource

# source (without version) -> (resource type, inputs that the module sets unless told otherwise)
_KNOWN: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    # all four settings of the public access block are on
    "terraform-aws-modules/s3-bucket/aws": ("aws_s3_bucket", {
        "block_public_acls": True, "block_public_policy": True, "ignore_public_acls": True,
        "restrict_public_buckets": True}),
    "terraform-aws-modules/rds/aws": ("aws_db_instance", {"storage_encrypted": True}),  # v3 to v6
    "terraform-aws-modules/rds-aurora/aws": ("aws_rds_cluster", {"storage_encrypted": True}),
    "terraform-aws-modules/sqs/aws": ("aws_sqs_queue", {"sqs_managed_sse_enabled": True}),  # v4
    "terraform-aws-modules/sns/aws": ("aws_sns_topic", {}),
    "terraform-aws-modules/dynamodb-table/aws": ("aws_dynamodb_table", {}),
    "terraform-aws-modules/kms/aws": ("aws_kms_key", {"enable_key_rotation": True}),
    "terraform-aws-modules/efs/aws": ("aws_efs_file_system", {"encrypted": True}),
    "terraform-aws-modules/ecr/aws": ("aws_ecr_repository", {"image_tag_mutability": "IMMUTABLE"}),
    "terraform-aws-modules/opensearch/aws": ("aws_opensearch_domain", {}),
    "terraform-aws-modules/elasticache/aws": ("aws_elasticache_replication_group", {
        "at_rest_encryption_enabled": True, "transit_encryption_enabled": True}),
    "terraform-aws-modules/memory-db/aws": ("aws_memorydb_cluster", {}),
    "terraform-aws-modules/redshift/aws": ("aws_redshift_cluster", {"encrypted": True, "publicly_accessible": False}),
    "terraform-aws-modules/secrets-manager/aws": ("aws_secretsmanager_secret", {}),
    "terraform-aws-modules/ec2-instance/aws": ("aws_instance", {}),
}  # fmt: skip


# Before this major version the module switched the same settings off.
_SINCE = {"terraform-aws-modules/s3-bucket/aws": 4, "terraform-aws-modules/sqs/aws": 4}


def _major(version: Any) -> int:
    """The major version of a constraint such as `~> 3.7`; the newest where none is given."""
    found = re.search(r"\d+", version) if isinstance(version, str) else None
    return int(found[0]) if found else 99


def _name(source: Any) -> str:
    return str(source).partition("//")[0].removeprefix("registry.terraform.io/")


def understood(source: Any) -> bool:
    """Whether a call of this module says by its inputs what it declares."""
    return isinstance(source, str) and _name(source) in _KNOWN


def known(resource: Resource) -> Resource | None:
    """The call as the resource it stands for; None for a module that is not known."""
    source = resource.attributes.get("source")
    if not understood(source):
        return None
    name = _name(source)
    kind, defaults = _KNOWN[name]
    if name in _SINCE and _major(resource.attributes.get("version")) < _SINCE[name]:
        defaults = dict.fromkeys(defaults, False)
    attributes = {**defaults, **{k: v for k, v in resource.attributes.items() if v is not None}}
    return dataclasses.replace(resource, type=kind, attributes=attributes)
