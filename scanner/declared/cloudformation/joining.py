"""Resources of a template to stores: satellites joined, the deciding line of each safeguard kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.declared.assembling import Piece, assemble
from scanner.declared.cloudformation import databases, disks, messaging, more, services, storage, tables
from scanner.declared.cloudformation.look import AwsLook, Peers, tags_of
from scanner.declared.model import DeclaredStore, Unknown
from scanner.declared.stating import MISSING, Check, Said

_CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    **storage.CHECKS,
    **databases.CHECKS,
    **tables.CHECKS,
    **messaging.CHECKS,
    **services.CHECKS,
    **disks.CHECKS,
    **more.CHECKS,
}

# Type of a satellite: where it names its stores, and what it says of them.
_SATELLITES: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::S3::BucketPolicy": ("Bucket", (storage.bucket_policy,)),
    "AWS::SQS::QueuePolicy": ("Queues", (services.attached(), services.wildcard_actions)),
    "AWS::SQS::QueueInlinePolicy": ("Queue", (services.attached(), services.wildcard_actions)),
    "AWS::SNS::TopicPolicy": ("Topics", (services.attached(),)),
    "AWS::SNS::TopicInlinePolicy": ("TopicArn", (services.attached(),)),
    "AWS::SecretsManager::ResourcePolicy": ("SecretId", (services.attached("ResourcePolicy"),)),
}

# Security groups are judged where they guard a store; where in it they are named.
_GUARDS = (
    "VPCSecurityGroups",
    "VpcSecurityGroupIds",
    "DBSecurityGroups",
    "SecurityGroupIds",
    "SecurityGroups",
)
_GROUPS = frozenset(("AWS::EC2::SecurityGroup", "AWS::RDS::DBSecurityGroup"))
_RULES = {
    "AWS::EC2::SecurityGroupIngress": ("GroupId", "GroupName"),
    "AWS::RDS::DBSecurityGroupIngress": ("DBSecurityGroupName",),
}
_KINDS = {
    "AWS::S3::BucketPolicy": "bucket",
    "AWS::SQS::QueuePolicy": "queue",
    "AWS::SQS::QueueInlinePolicy": "queue",
    "AWS::SNS::TopicPolicy": "topic",
    "AWS::SNS::TopicInlinePolicy": "topic",
    "AWS::SecretsManager::ResourcePolicy": "secret",
}
_NAMES = {
    "AWS::S3::Bucket": ("BucketName", ("{}", "s3:{}", "s3://{}", "arn:aws:s3:::{}")),
    "AWS::DynamoDB::Table": ("TableName", ("{}",)),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", ("{}",)),
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", ("{}",)),
    "AWS::SQS::Queue": ("QueueName", ("{}",)),
    "AWS::SNS::Topic": ("TopicName", ("{}",)),
}

_INSIDE = {"AWS::RDS::DBInstance": "DBName", "AWS::RDS::DBCluster": "DatabaseName"}
"""The database inside, which may tell a server whose identifier AWS makes up."""


def kinds() -> Iterable[str]:
    """Every resource type that is a store or a part of one."""
    return (*_CHECKS, *_SATELLITES)


def stores(looks: Peers) -> Iterator[DeclaredStore]:
    """The stores of one template, in the order in which they stand."""
    satellites: dict[str, list[Piece]] = {}
    alone: list[tuple[AwsLook, str, Piece]] = []
    for look in looks.values():
        if look.type in _SATELLITES:
            path, checks = _SATELLITES[look.type]
            piece = _piece(look, checks)
            parents = look.links(path)
            for parent in parents:
                satellites.setdefault(parent, []).append(piece)
            if not parents:
                alone.append((look, _KINDS[look.type], piece))
    guards = _guards(looks, satellites)
    for look in looks.values():
        if look.type in _GROUPS or look.type in _RULES or look.type not in _CHECKS:
            continue
        kind, checks = _CHECKS[look.type]
        said = [*_asked(look, checks), *_tags(look)]
        if not said and look.id not in satellites:
            continue
        yield _store(look, kind, said, satellites.get(look.id, ()))
    for look, kind, piece in alone:
        yield _store(look, kind, list(piece.said), ())
    for look in looks.values():  # database security groups that no store of this template names
        if look.type.startswith("AWS::RDS::DBSecurityGroup") and look.id not in guards:
            yield _store(look, "firewall", list(_asked(look, _CHECKS[look.type][1])), ())


def _guards(looks: Peers, satellites: dict[str, list[Piece]]) -> set[str]:
    used: set[str] = set()
    for look in looks.values():
        if look.type not in _CHECKS or look.type in _GROUPS or look.type in _RULES:
            continue
        for path in _GUARDS:
            for group in look.links(path):
                if looks[group].type not in _GROUPS:
                    continue
                used.add(group)
                pieces = [looks[group]]
                for type, paths in _RULES.items():
                    for name in paths:
                        rules = list(looks[group].referring(type, name))
                        pieces.extend(rules)
                        used.update(rule.id for rule in rules)
                for piece in pieces:
                    satellites.setdefault(look.id, []).append(_piece(piece, _CHECKS[piece.type][1]))
    return used


def _piece(look: AwsLook, checks: Iterable[Check]) -> Piece:
    return Piece(look.resource, tuple(_asked(look, checks)))


def _asked(look: AwsLook, checks: Iterable[Check]) -> Iterator[Said]:
    for check in checks:
        yield from check(look)


def _tags(look: AwsLook) -> Iterator[Said]:
    path = next(
        (p for p in ("Tags", "HostedZoneTags", "FileSystemTags") if look.get(p) is not MISSING), "Tags"
    )
    value = look.get(path)
    if isinstance(value, Unknown):
        yield look.unknown("tags_present", value, path)
    else:
        yield look.say("tags_present", bool(value) and value is not MISSING, path, default=value is MISSING)


def _store(look: AwsLook, kind: str, said: list[Said], satellites: Iterable[Piece]) -> DeclaredStore:
    path = "FileSystemTags" if look.get("FileSystemTags") is not MISSING else "Tags"
    names: list[str] = []
    if look.type in _NAMES:
        key, forms = _NAMES[look.type]
        name = look.get(key)
        if isinstance(name, str) and name:
            names = [form.format(name) for form in forms]
    region = look.resource.provider.get("region")
    inner = look.get(_INSIDE.get(look.type, "-"))
    if not names and isinstance(inner, str) and inner:
        names = [f"rds-database:{region if isinstance(region, str) else ''}/{inner}"]
    return assemble(
        look.resource,
        said,
        satellites,
        kind=kind,
        provider="aws",
        names=names,
        tags=tags_of(look, path),
        region=region if isinstance(region, str) else None,
    )
