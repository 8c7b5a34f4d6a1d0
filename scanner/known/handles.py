"""One store, many names: the forms under which a live store and its declaration recognise each other.

A handle is a name in one canonical spelling, such as `bucket:aws:case-files`. Cloud providers' own
names are turned into it by their published formats (ARNs, resource ids, endpoints); where a region or
an account is part of the name, a handle without them is made too, for code seldom tells them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from scanner.common.tags import tag_evidence
from scanner.declared.bridged import terraform_type
from scanner.model import State

_Make = Callable[[re.Match[str]], Iterable[str]]


def _bucket(provider: str) -> _Make:
    return lambda m: [f"bucket:{provider}:{m[1]}"]


LOOSE = "database in rds:"
"""Begins handles that several stores may share, for any server may have a database of that name. They count
only where nothing else is known and one store alone has them."""


def _inside(region: str, database: str | None) -> Iterable[str]:
    return [f"{LOOSE}{region}:{database}", f"{LOOSE}:{database}"] if database else []


def _container(m: re.Match[str]) -> Iterable[str]:
    return [f"container:azure:{m[1]}/{m[2]}", f"account:azure:{m[1]}"]


_FORMS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (r"(?:aws:s3:::|arn:[\w-]+:s3:::|s3://|s3:(?!//))([a-z0-9][\w.-]{1,61}[a-z0-9])", _bucket("aws")),
        (r"([a-z0-9][\w.-]{1,61}[a-z0-9])\.s3(?:[.-][\w-]+)?\.amazonaws\.com", _bucket("aws")),
        (r"(?:gs:/{0,2}|//storage\.googleapis\.com/projects/_/buckets/)([\w.-]{3,222})", _bucket("gcp")),
        (r"azure:([a-z0-9]{3,24})/([\w$-]{1,63})", _container),
        (r"https://([a-z0-9]{3,24})\.blob\.core\.windows\.net/([\w$-]{1,63})", _container),
        (r"azure:([a-z0-9]{3,24})", lambda m: [f"account:azure:{m[1]}"]),
        (r"https://([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net/?", lambda m: [f"account:azure:{m[1]}"]),
        (
            r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.storage/storageaccounts/([^/]+)"
            r"/blobservices/default/containers/([^/]+)",
            _container,
        ),
        (
            r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.storage/storageaccounts/([^/]+)",
            lambda m: [f"account:azure:{m[1]}"],
        ),
        (
            r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.(?:dbfor\w+|sql|documentdb)/\w+/([^/]+)(?:/.*)?",
            lambda m: [f"db:azure:{m[1]}"],
        ),
        # `name.hash.region.rds.amazonaws.com:5432/db`; a cluster's has `cluster-` before the hash
        (
            r"([\w-]+)\.(cluster-(?:ro-)?)?\w+\.([\w-]+)\.rds\.amazonaws\.com(?::\d+)?(?:/(.*))?",
            lambda m: [f"rds:{'cluster' if m[2] else 'db'}:{m[1]}", *_inside(m[3], m[4])],
        ),
        (r"rds-database:([\w-]*)/(.+)", lambda m: [f"{LOOSE}{m[1]}:{m[2]}"]),
        (
            r"([\w-]+)\.(?:postgres|mysql|mariadb)\.database\.azure\.com(?::\d+)?(?:/.*)?",
            lambda m: [f"db:azure:{m[1]}"],
        ),
        (r"([\w-]+)\.database\.windows\.net(?::\d+)?(?:/.*)?", lambda m: [f"db:azure:{m[1]}"]),
        (r"aws:rds:[\w-]+:\d+:(db|cluster):([\w-]+)(?:/.*)?", lambda m: [f"rds:{m[1]}:{m[2]}"]),
        (
            r"arn:[\w-]+:(?!s3:)([\w-]+):[\w-]*:\d*:([\w/.:+=@-]+)",
            lambda m: [m[0], f"{m[1]}:{m[2].replace('table/', 'table:')}"],
        ),
        (r"([\w.-]+\.[a-z]{2,}:\d{2,5})(/[\w$-]+)?", lambda m: [f"endpoint:{m[1]}{m[2] or ''}", f"endpoint:{m[1]}"]),
        (r"((?:pg|mysql|file|sqlite):.+)", lambda m: [m[1]]),
    )
)  # fmt: skip

# A declared resource by its type, and the handle that its plain name makes.
_BY_TYPE: dict[str, str] = {
    "aws_s3_bucket": "bucket:aws:", "AWS::S3::Bucket": "bucket:aws:", "google_storage_bucket": "bucket:gcp:",
    "aws_db_instance": "rds:db:", "AWS::RDS::DBInstance": "rds:db:",
    "aws_rds_cluster": "rds:cluster:", "AWS::RDS::DBCluster": "rds:cluster:",
    "aws_docdb_cluster": "rds:cluster:", "AWS::DocDB::DBCluster": "rds:cluster:",
    "aws_neptune_cluster": "rds:cluster:", "AWS::Neptune::DBCluster": "rds:cluster:",
    "aws_dynamodb_table": "dynamodb:table:", "AWS::DynamoDB::Table": "dynamodb:table:",
    "aws_sqs_queue": "sqs:", "AWS::SQS::Queue": "sqs:", "aws_sns_topic": "sns:", "AWS::SNS::Topic": "sns:",
    "azurerm_storage_account": "account:azure:", "microsoft.storage/storageaccounts": "account:azure:",
    "azurerm_postgresql_server": "db:azure:", "azurerm_postgresql_flexible_server": "db:azure:",
    "azurerm_mysql_server": "db:azure:", "azurerm_mysql_flexible_server": "db:azure:",
    "azurerm_mariadb_server": "db:azure:", "azurerm_mssql_server": "db:azure:", "azurerm_sql_server": "db:azure:",
    "microsoft.sql/servers": "db:azure:", "microsoft.dbforpostgresql/flexibleservers": "db:azure:",
    "microsoft.dbformysql/flexibleservers": "db:azure:", "microsoft.dbforpostgresql/servers": "db:azure:",
}  # fmt: skip
_PLAIN = re.compile(r"[\w.-]{1,128}\Z")


def of_names(names: Iterable[str]) -> frozenset[str]:
    """The handles that names in a provider's own formats make; others make none."""
    return frozenset(handle for name in names for handle in _of(name.strip()))


def _of(name: str) -> Iterator[str]:
    for form, make in _FORMS:
        match = form.fullmatch(name)
        if match:
            yield from (handle.lower() for handle in make(match))


def of_type(type: str, names: Iterable[str]) -> frozenset[str]:
    """The handles that a declared resource's plain names make, by its type."""
    prefix = _BY_TYPE.get(type) or _BY_TYPE.get(_original(type.partition("@")[0]))
    if prefix is None:
        return frozenset()
    return frozenset(f"{prefix}{name}".lower() for name in names if _PLAIN.match(name))


def _original(type: str) -> str:
    """The type that a tool's own name for it is made from: `aws_db_instance` of `aws:rds/instance:Instance`."""
    if type.startswith("awscc_"):
        return _AMAZON.get(type.removeprefix("awscc").replace("_", ""), "")
    package, _, rest = type.partition(":")
    module, _, kind = rest.partition(":")
    service = module.partition("/")[0].lower()
    if package in ("aws", "azure", "gcp") and kind:
        return terraform_type(package, service, kind)
    if package == "aws-native":
        return _AMAZON.get((service + kind).lower(), "")
    if package.startswith("azure-native"):
        from scanner.declared.pulumi.azure_types import arm_type

        found = arm_type(service, kind)
        return found[0].lower() if found else ""
    return type.lower()


_AMAZON = {type[5:].replace("::", "").lower(): type for type in _BY_TYPE if type.startswith("AWS::")}


def of_tags(tags: Mapping[str, str] | None) -> frozenset[str]:
    """The handle that a reference to the asset register makes: the same in code and on the store."""
    return frozenset(
        asset(str(item.value))
        for item in tag_evidence("", tags or {}, "tags")
        if item.safeguard == "asset_register_ref" and item.state is State.PRESENT
    )


def asset(reference: str) -> str:
    """The handle of an entry of the asset register."""
    return f"asset:{reference.strip().lower()}"
