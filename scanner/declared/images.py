"""Which database engine a container's image is, by the last part of its name."""

from __future__ import annotations

import dataclasses
import re
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Engine:
    """A family of images that serve the same protocol."""

    name: str
    """As in `engine_version`: `postgresql`, `mysql`, …"""
    kind: str
    """Kind of store."""
    port: int
    ports: frozenset[int]
    config: tuple[str, ...] = ()
    """Where its own configuration files lie: mounted ones may say anything."""


def _engine(name: str, kind: str, *ports: int, config: tuple[str, ...] = ()) -> Engine:
    return Engine(name, kind, ports[0], frozenset(ports), config)


_POSTGRES = _engine(
    "postgresql", "database", 5432, config=("/etc/postgresql", "postgresql.conf", "pg_hba.conf")
)
_MYSQL = _engine(
    "mysql", "database", 3306, 33060, config=("/etc/mysql", "/etc/my.cnf", "/opt/bitnami/mysql/conf")
)
_MARIADB = _engine("mariadb", "database", 3306, config=_MYSQL.config)
_MONGO = _engine("mongodb", "database", 27017, config=("/etc/mongo", "mongod.conf"))
_REDIS = _engine(
    "redis", "cache", 6379, config=("redis.conf", "/usr/local/etc/redis", "/etc/redis", "valkey.conf")
)
ELASTICSEARCH = _engine(
    "elasticsearch", "search", 9200, 9300, config=("elasticsearch.yml", "/usr/share/elasticsearch/config")
)
_OPENSEARCH = _engine(
    "opensearch", "search", 9200, 9300, config=("opensearch.yml", "/usr/share/opensearch/config")
)

# The last part of an image's name to its engine; longest first. Exporters, clients and consoles of a
# database are none.
_IMAGES: tuple[tuple[re.Pattern[str], Engine], ...] = tuple(
    (re.compile(pattern), engine)
    for pattern, engine in (
        (r"postgres(?:ql)?(?:-ha|-repmgr)?|postgis|timescaledb(?:-ha)?|pgvector|cloudnative-pg|spilo(?:-\d+)?|crunchy-postgres.*|supabase-postgres|citus", _POSTGRES),
        (r"mariadb(?:-galera)?", _MARIADB),
        (r"mysql(?:-server|-cluster)?|percona(?:-server|-xtradb-cluster)?|community-server", _MYSQL),
        (r"mongo(?:db)?(?:-sharded|-community-server|-enterprise-server)?|percona-server-mongodb", _MONGO),
        (r"redis(?:-stack(?:-server)?|-cluster|-sentinel)?|valkey|keydb|dragonfly", _REDIS),
        (r"elasticsearch(?:-oss)?", ELASTICSEARCH),
        (r"opensearch", _OPENSEARCH),
        (r"minio", _engine("minio", "bucket", 9000, 9001)),
        (r"cassandra|scylla|dse-server", _engine("cassandra", "database", 9042, 9160, config=("/etc/cassandra", "cassandra.yaml"))),
        (r"couchdb", _engine("couchdb", "database", 5984, config=("/opt/couchdb/etc",))),
        (r"neo4j", _engine("neo4j", "database", 7687, 7474, 7473, config=("neo4j.conf", "/conf"))),
        (r"clickhouse(?:-server)?", _engine("clickhouse", "warehouse", 8123, 9000, 9440, 8443, config=("/etc/clickhouse-server",))),
        (r"influxdb", _engine("influxdb", "database", 8086, config=("influxdb.conf", "/etc/influxdb2"))),
        (r"(?:mssql(?:-server)?|server|azure-sql-edge)", _engine("sqlserver", "database", 1433, config=("mssql.conf",))),
        (r"cockroach(?:db)?", _engine("cockroachdb", "database", 26257, 8080)),
        (r"arangodb", _engine("arangodb", "database", 8529, config=("arangod.conf",))),
        (r"rethinkdb", _engine("rethinkdb", "database", 28015, 8080)),
        (r"memcached", _engine("memcached", "cache", 11211)),
        (r"oracle-(?:xe|free|database)|oracle/database|enterprise", _engine("oracle", "database", 1521)),
        (r"solr", _engine("solr", "search", 8983)),
        (r"etcd", _engine("etcd", "database", 2379, 2380)),
    )
)  # fmt: skip
_NEEDS_REPOSITORY = {
    "server": "mssql", "community-server": "mysql", "enterprise": "oracle",
}  # fmt: skip
_TAG = re.compile(r"v?(\d+(?:\.\d+){0,3})")


def engine_of(image: Any) -> Engine | None:
    """The engine of an image such as `docker.io/bitnami/postgresql:15.4@sha256:…`; None if it is none."""
    if not isinstance(image, str):
        return None
    name, _, _ = image.partition("@")
    path, _, last = name.rpartition("/")
    last = last.partition(":")[0].lower()
    needs = _NEEDS_REPOSITORY.get(last)
    if needs is not None and needs not in path.lower():
        return None
    return next((engine for pattern, engine in _IMAGES if pattern.fullmatch(last)), None)


def version_of(image: str, engine: Engine) -> str:
    """`postgresql 15.4` of an image's tag; empty where it says none (`latest`, a digest alone)."""
    tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
    found = _TAG.match(tag)
    return f"{engine.name} {found[1]}" if found else ""
