"""Buckets and databases that controllers make in a cloud: Crossplane, Config Connector and ACK.

Their resources are the cloud's own in another spelling: Crossplane (Upbound's providers) and Config
Connector are generated from Terraform's schemas, ACK from AWS's API, as CloudFormation is. They are
therefore turned back, and judged by the maps of Terraform and CloudFormation.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared import bridged
from scanner.declared.bridged import snake
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest
from scanner.declared.located import Block, Items
from scanner.declared.model import DeclaredStore, Location, Resource, Unknown

_UPBOUND = re.compile(r"(?P<service>[\w-]+)\.(?P<cloud>aws|azure|gcp)\.(?:m\.)?upbound\.io")
_CONNECTOR = re.compile(r"(?P<service>[\w-]+)\.cnrm\.cloud\.google\.com")
_ACK = re.compile(r"(?P<service>[\w-]+)\.services\.k8s\.aws")

_ACK_TYPES: dict[tuple[str, str], str] = {
    ("s3", "Bucket"): "AWS::S3::Bucket", ("rds", "DBInstance"): "AWS::RDS::DBInstance",
    ("rds", "DBCluster"): "AWS::RDS::DBCluster", ("documentdb", "DBCluster"): "AWS::DocDB::DBCluster",
    ("dynamodb", "Table"): "AWS::DynamoDB::Table", ("sqs", "Queue"): "AWS::SQS::Queue", ("sns", "Topic"): "AWS::SNS::Topic",
    ("kms", "Key"): "AWS::KMS::Key", ("efs", "FileSystem"): "AWS::EFS::FileSystem",
    ("elasticache", "ReplicationGroup"): "AWS::ElastiCache::ReplicationGroup",
    ("secretsmanager", "Secret"): "AWS::SecretsManager::Secret", ("ecr", "Repository"): "AWS::ECR::Repository",
    ("memorydb", "Cluster"): "AWS::MemoryDB::Cluster",
}  # fmt: skip


def stores(cluster: Cluster) -> Iterator[DeclaredStore]:
    """The stores that controllers are asked to make; what refers to each other stands in one folder."""
    folders: dict[str, list[Manifest]] = {}
    for one in cluster.manifests:
        if _UPBOUND.fullmatch(one.group) or _CONNECTOR.fullmatch(one.group) or _ACK.fullmatch(one.group):
            folders.setdefault(one.folder, []).append(one)
    for group in folders.values():
        yield from _by_terraform(group)
        yield from _by_cloudformation([one for one in group if _ACK.fullmatch(one.group)])


# --- Crossplane and Config Connector --------------------------------------------------------


def terraform_type(one: Manifest) -> str:
    """Terraform's name for a resource; empty where it has none."""
    made = _UPBOUND.fullmatch(one.group)
    if made is not None:
        return bridged.terraform_type(made["cloud"], made["service"], one.kind)
    made = _CONNECTOR.fullmatch(one.group)
    return bridged.terraform_type("gcp", made["service"], one.kind) if made is not None else ""


def _by_terraform(group: list[Manifest]) -> Iterator[DeclaredStore]:
    from scanner.declared.terraform.stores import stores as terraform_stores

    types = {id(one): type for one in group if (type := terraform_type(one))}
    names = {f"{types[id(one)]}.{one.name}": one for one in group if id(one) in types}
    resources = [_resource(one, types[id(one)], names) for one in group if id(one) in types]
    for store in terraform_stores(resources):
        yield _renamed(store, lambda address: _address(names.get(address), address))


def _address(one: Manifest | None, address: str) -> str:
    return one.look.resource.address if one is not None else address


def _renamed(store: DeclaredStore, name: Callable[[str], str]) -> DeclaredStore:
    """The store under the address that its manifest has, and as a resource of Kubernetes: lines to add
    in the other language would not fit."""
    parts = tuple(dataclasses.replace(part, address=name(part.address)) for part in store.parts)
    address = name(store.address)
    return dataclasses.replace(store, address=address, type=address.partition("/")[0], parts=parts)


def _resource(one: Manifest, type: str, names: Mapping[str, Manifest]) -> Resource:
    root = "spec.forProvider" if isinstance(one.get("spec.forProvider"), Mapping) else "spec"
    spec = one.get(root)
    spec = spec if isinstance(spec, Mapping) else {}
    attributes = _attributes(spec, names)
    named = one.annotations.get("crossplane.io/external-name") or spec.get("resourceID") or one.name
    attributes.setdefault("bucket" if type == "aws_s3_bucket" else "name", str(named))
    if type == "google_storage_bucket":
        attributes.setdefault("labels", dict(one.labels))
    lines = {
        ".".join(snake(part) for part in path.removeprefix(f"{root}.").split(".")): line
        for path, line in one.look.resource.lines.items()
        if path.startswith(f"{root}.")
    }
    return Resource(f"{type}.{one.name}", type, attributes, one.look.resource.location, lines)


def _attributes(spec: Mapping[str, Any], names: Mapping[str, Manifest]) -> dict[str, Any]:
    from scanner.declared.terraform.values import Ref

    out: dict[str, Any] = {}
    for key, value in spec.items():
        name = snake(str(key))
        if name.endswith("_secret_ref"):
            out[name.removesuffix("_secret_ref")] = Unknown("taken from a secret")
        elif (
            name.endswith("_ref")
            and isinstance(value, Mapping)
            and (value.get("name") or value.get("external"))
        ):
            target = str(value.get("name") or value.get("external"))
            address = next((a for a in names if a.endswith(f".{target}") and _fits(a, name)), "")
            out.setdefault(
                name.removesuffix("_ref"), Ref("computed after apply", address) if address else target
            )
        elif name.endswith("_selector") and isinstance(value, Mapping):
            wanted = value.get("matchLabels")
            wanted = wanted if isinstance(wanted, Mapping) else {}
            found = [a for a, one in names.items() if _fits(a, name)
                     and all(one.labels.get(str(k)) == str(v) for k, v in wanted.items())]  # fmt: skip
            if len(found) == 1:
                out.setdefault(name.removesuffix("_selector"), Ref("computed after apply", found[0]))
        else:
            out[name] = _value(value, names)
    return out


def _fits(address: str, key: str) -> bool:
    """Whether a resource can be what a reference of this name means (`bucketRef`: a bucket itself)."""
    type = address.partition(".")[0]
    word = key.partition("_ref")[0].partition("_selector")[0].removesuffix("_id").removesuffix("_name")
    return type.endswith(word) or word in ("instance", "cluster", "key", "kms_key", "server", "account")


def _value(value: Any, names: Mapping[str, Manifest]) -> Any:
    if isinstance(value, Mapping):
        return _attributes(value, names)
    return [_value(item, names) for item in value] if isinstance(value, list) else value


# --- ACK --------------------------------------------------------------------------------


def _by_cloudformation(group: Iterable[Manifest]) -> Iterator[DeclaredStore]:
    from scanner.declared.cloudformation.joining import stores as template_stores
    from scanner.declared.cloudformation.load import looks

    for one in group:
        service = _ACK.fullmatch(one.group)
        type = _ACK_TYPES.get((service["service"], one.kind)) if service else None
        spec = one.get("spec")
        if type is None or not isinstance(spec, Block):
            continue
        at = one.look.resource.location
        template = Block(at.line)
        resources = template["Resources"] = Block(at.line)
        _add(resources, one.name, type, _properties(type, spec), at.line)
        if isinstance(spec.get("policy"), str) and type == "AWS::S3::Bucket":
            policy = Block(spec.lines.get("policy", at.line))
            policy["Bucket"] = _reference(one.name)
            try:
                policy["PolicyDocument"] = json.loads(spec["policy"])
            except ValueError:
                policy["PolicyDocument"] = spec["policy"]
            _add(resources, f"{one.name}.policy", "AWS::S3::BucketPolicy", policy, policy.line)
        for found in looks(Path(), at.file, template):
            for store in template_stores(found):
                whole = Location(at.file, at.line, at.end_line)
                renamed = _renamed(store, lambda _, one=one: one.look.resource.address)  # type: ignore[misc]
                yield dataclasses.replace(renamed, location=whole)


def _reference(name: str) -> Block:
    block = Block()
    block["Ref"] = name
    return block


def _add(resources: Block, name: str, type: str, properties: Block, line: int) -> None:
    node = Block(line)
    node["Type"], node["Properties"] = type, properties
    resources[name] = node
    resources.lines[name] = line


_S3 = {
    "name": "BucketName", "acl": "AccessControl", "publicAccessBlock": "PublicAccessBlockConfiguration",
    "versioning": "VersioningConfiguration", "lifecycle": "LifecycleConfiguration", "cors": "CorsConfiguration",
    "website": "WebsiteConfiguration", "replication": "ReplicationConfiguration",
}  # fmt: skip


def _properties(type: str, spec: Block) -> Block:
    """An ACK `spec` under CloudFormation's names; most differ in case only, which is not looked at."""
    made = Block(spec.line)
    for key, value in spec.items():
        if type == "AWS::S3::Bucket":
            name, value = _bucket(key, value)
        elif type == "AWS::DynamoDB::Table":
            name, value = _table(key, value)
        else:
            name = key[:1].upper() + key[1:]
        if name:
            made[name] = value
            made.lines[name] = spec.lines.get(key, spec.line)
    return made


def _bucket(key: str, value: Any) -> tuple[str, Any]:
    if key == "encryption" and isinstance(value, Block):
        rules = Items(value.line)
        given = value.get("rules")
        for rule in given if isinstance(given, list) else ():
            if not isinstance(rule, Block):
                continue
            inner = Block(value.line)
            inner["ServerSideEncryptionByDefault"] = rule.get("applyServerSideEncryptionByDefault", Block())
            rules.append(inner)
            rules.lines.append(value.line)
        return "BucketEncryption", _block(value.line, ServerSideEncryptionConfiguration=rules)
    if key == "logging" and isinstance(value, Block):
        inside = value.get("loggingEnabled")
        target = inside.get("targetBucket") if isinstance(inside, Block) else None
        return "LoggingConfiguration", _block(value.line, DestinationBucketName=target) if target else Block()
    if key == "policy":
        return "", None
    if key == "tagging" and isinstance(value, Block):
        return "Tags", value.get("tagSet")
    return _S3.get(key, key[:1].upper() + key[1:]), value


def _table(key: str, value: Any) -> tuple[str, Any]:
    if key == "sseSpecification" and isinstance(value, Block):
        return "SSESpecification", _block(
            value.line, SSEEnabled=value.get("enabled"), KMSMasterKeyId=value.get("kmsMasterKeyID")
        )
    if key == "continuousBackups" and isinstance(value, Block):
        return "PointInTimeRecoverySpecification", value
    return key[:1].upper() + key[1:], value


def _block(line: int, **values: Any) -> Block:
    made = Block(line)
    made.update({key: value for key, value in values.items() if value is not None})
    made.lines.update(dict.fromkeys(made, line))
    return made
