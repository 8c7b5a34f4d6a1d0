"""Databases that run as containers: which engine an image is, and what its settings say.

Shared by Kubernetes manifests and Docker Compose. What an image does when nothing is set is taken from
its own page in the registry ("Docker Official Images": postgres, mysql, mariadb, mongo, redis,
elasticsearch, …) and from the engine's manual, looked up in November 2026.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.images import ELASTICSEARCH, Engine, version_of
from scanner.declared.model import Unknown
from scanner.declared.stating import Look, Said, truth


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable: its value, and the path at which it stands."""

    value: Any
    """A text, or `Unknown`; `FROM_SECRET` where it comes from a secret store or file."""
    path: str


class _FromSecret:
    def __repr__(self) -> str:
        return "FROM_SECRET"


FROM_SECRET = _FromSecret()


@dataclasses.dataclass(frozen=True, slots=True)
class Container:
    """One container as a manifest or Compose file declares it."""

    image: Any
    """A text, or `Unknown`."""
    path: str
    """Where it stands in its resource."""
    env: Mapping[str, Setting] = dataclasses.field(default_factory=dict)
    args: Sequence[str] = ()
    """Command and arguments, as words."""
    args_path: str = ""
    mounts: Sequence[str] = ()
    """Paths inside the container at which something is mounted."""
    env_unknown: str = ""
    """Why there may be further variables: a ConfigMap or a file that is not here."""

    @property
    def command(self) -> str:
        more = self.env.get("REDIS_ARGS")
        words = [*self.args, str(more.value)] if more is not None else self.args
        return " ".join(words)


_CLIENTS = frozenset(
    "psql pg_dump pg_dumpall pg_isready pg_restore pg_basebackup createdb mysql mysqldump mysqladmin mariadb mariadb-dump "
    "mongo mongosh mongodump mongorestore redis-cli valkey-cli mc sqlcmd cqlsh sleep tail curl wget echo".split()
)
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "/bin/sh", "/bin/bash"))
_WORD = re.compile(r"[\w.-]+")
_SERVES = re.compile(
    r"\b(?:exec|mysqld|mariadbd|mongod|redis-server|valkey-server|cockroach|cassandra|elasticsearch|etcd|minio server|"
    r"docker-entrypoint)\b|(?:^|[;&(]\s*)postgres\b"
)


def is_client(container: Container) -> bool:
    """Whether a container takes a database's image for the clients in it: to dump, migrate or wait."""
    if not container.args:
        return False
    first = container.args[0].split()[0] if container.args[0].strip() else ""
    if first in _SHELLS:
        words = set(_WORD.findall(container.command)) - _SHELLS
        return bool(words & _CLIENTS) and _SERVES.search(container.command) is None
    return first.rpartition("/")[2] in _CLIENTS


def said(look: Look, container: Container, engine: Engine) -> Iterator[Said]:
    """Everything that a database's container says by itself."""
    if isinstance(container.image, str) and (version := version_of(container.image, engine)):
        yield look.say("engine_version", True, f"{container.path}.image".lstrip("."), value=version)
        yield from _supported(look, container, version)
    asked = _ASKED.get(engine.name, ())
    if engine is ELASTICSEARCH and isinstance(container.image, str):
        major = version_of(container.image, engine).rpartition(" ")[2].partition(".")[0]
        asked = _BEFORE_8 if major.isdigit() and int(major) < 8 else asked
    for check in (*asked, _secrets):
        yield from check(look, container, engine)


def _supported(look: Look, container: Container, version: str) -> Iterator[Said]:
    from scanner.declared.engines import supported

    name, _, number = version.partition(" ")
    answer = supported("postgres" if name == "postgresql" else name, number)
    if answer is not None:
        yield look.say("engine_version_supported", answer, f"{container.path}.image".lstrip("."))


_Ask = Callable[[Look, Container, Engine], Iterator[Said]]


def _where(container: Container, name: str) -> str:
    """The path of a variable or of the arguments."""
    setting = container.env.get(name)
    return setting.path if setting is not None else container.args_path or container.path


def _text(container: Container, *names: str) -> tuple[str, Any]:
    """The first variable of these that is set: (its name, its value or None)."""
    for name in names:
        if name in container.env:
            return name, container.env[name].value
    return names[0], None


def _elsewhere(container: Container, engine: Engine) -> str:
    """Why the engine's own configuration may say otherwise; empty if nothing of it is mounted."""
    for mount in container.mounts:
        if any(mount.startswith(place) or mount.endswith(place) for place in engine.config):
            return "it is set in a configuration file that is mounted"
    if re.search(r"config[_-]?file|--config|--defaults-file|\.conf\b|\.cnf\b", container.command):
        return "it is set in a configuration file that the command names"
    return container.env_unknown


def _switch(
    safeguard: str, on: str, off: str, missing: str, *, default: bool = False, variables: tuple[str, ...] = ()
) -> _Ask:
    """A setting in the command line (or a variable): patterns that say on and off."""
    is_on, is_off = re.compile(on, re.I), re.compile(off, re.I) if off else None

    def check(look: Look, container: Container, engine: Engine) -> Iterator[Said]:
        name, value = _text(container, *variables) if variables else ("", None)
        told = container.command if value is None else f"{container.command} {name}={value}"
        path = _where(container, name)
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        elif is_on.search(told):
            yield look.say(safeguard, True, path)
        elif is_off is not None and is_off.search(told):
            yield look.say(safeguard, False, path)
        elif why := _elsewhere(container, engine):
            yield look.unknown(safeguard, why, path)
        else:
            yield look.say(safeguard, default, path, missing, default=True)

    return check


def _login(
    *, needs: tuple[str, ...] = (), open_if: Mapping[str, str] | None = None, flags: str = "",
    default: bool, missing: str,
) -> _Ask:  # fmt: skip
    """`auth_required`: one of `needs` is set, or `flags` stand in the command; a variable of `open_if`
    with a value that its pattern matches takes the login away."""

    def check(look: Look, container: Container, engine: Engine) -> Iterator[Said]:
        for name, pattern in (open_if or {}).items():
            setting = container.env.get(name)
            if setting is None:
                continue
            if isinstance(setting.value, Unknown):
                yield look.unknown("auth_required", setting.value, setting.path)
                return
            if re.fullmatch(pattern, str(setting.value), re.I):
                yield look.say("auth_required", False, setting.path, f"{name} lets everybody in")
                return
        given = next((name for name in needs if name in container.env), None)
        if given is not None:
            yield look.say("auth_required", True, container.env[given].path)
        elif flags and re.search(flags, container.command, re.I):
            yield look.say("auth_required", True, container.args_path or container.path)
        elif why := _elsewhere(container, engine):
            yield look.unknown("auth_required", why, container.path)
        else:
            yield look.say("auth_required", default, container.path, missing, default=True)

    return check


_YES = "(?:1|true|yes|on|y)"
_SECRET = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PWD|PASS|SECRET_KEY|SECRET|ACCESS_KEY|AUTH|TOKEN|API_KEY)(?:$|_[A-Z0-9]*$)",
    re.I,
)
_NO_SECRET = re.compile(
    r"(?:_FILE|_METHOD|_PLUGIN|_ENABLED|_LENGTH|_TYPE|_POLICY|_EXPIRE\w*)$|RANDOM|ALLOW|EMPTY", re.I
)


def is_secret(name: str) -> bool:
    """Whether a variable of this name holds a password or key by custom."""
    return _SECRET.search(name) is not None and _NO_SECRET.search(name) is None


def _secrets(look: Look, container: Container, engine: Engine) -> Iterator[Said]:  # noqa: ARG001 - as the others
    """`no_plaintext_secret` from the variables that hold passwords."""
    found: Said | None = None
    for name, setting in container.env.items():
        if name.upper().endswith("_FILE") and is_secret(name[:-5]):
            found = found or look.say("no_plaintext_secret", True, setting.path, "read from a file")
        if not is_secret(name):
            continue
        if setting.value is FROM_SECRET:
            found = found or look.say("no_plaintext_secret", True, setting.path, "taken from a secret")
        elif isinstance(setting.value, Unknown):
            found = found or look.say("no_plaintext_secret", True, setting.path, setting.value.reason)
        elif str(setting.value or "").strip() and truth(setting.value) is None:
            yield look.say("no_plaintext_secret", False, setting.path, "a password stands in the file")
            return
    if re.search(r"--?(?:requirepass|password|pass|masterauth)[ =](?!\$|\{)\S", container.command, re.I):
        path = container.args_path or container.path
        yield look.say("no_plaintext_secret", False, path, "a password stands in the command")
    elif found is not None:
        yield found


_NO_TLS = "the image accepts unencrypted connections unless it is told otherwise"
_ASKED: dict[str, tuple[_Ask, ...]] = {
    "postgresql": (
        _login(
            open_if={"POSTGRES_HOST_AUTH_METHOD": "trust", "ALLOW_EMPTY_PASSWORD": _YES},
            needs=("POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRESQL_PASSWORD", "POSTGRESQL_PASSWORD_FILE",
                   "POSTGRESQL_POSTGRES_PASSWORD", "PGPASSWORD_SUPERUSER"),
            default=True, missing="the image does not start without a password",
        ),
        # `ssl = on` offers TLS; only pg_hba's hostssl lines refuse the rest.
        _switch("tls_enforced", r"hostssl(?!.*\bhost\s)", r"\bssl=off", _NO_TLS),
        _switch("audit_logging", r"pgaudit\.log=(?!none)|log_statement=(?:all|mod|ddl)", r"log_statement=none",
                "statements are not logged unless asked"),
        _switch("connection_logging", r"log_connections=(?:on|true|1|yes)", r"log_connections=(?:off|false|0|no)",
                "connections are not logged unless asked"),
    ),
    "mysql": (
        _login(
            open_if={"MYSQL_ALLOW_EMPTY_PASSWORD": r".+", "ALLOW_EMPTY_PASSWORD": _YES},
            needs=("MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE", "MYSQL_RANDOM_ROOT_PASSWORD", "MYSQL_PASSWORD"),
            default=True, missing="the image does not start without a password",
        ),
        _switch("tls_enforced", rf"require[_-]secure[_-]transport(?:={_YES}|(?![=\w]))",
                r"require[_-]secure[_-]transport=(?:0|off|false)|skip[_-]ssl", _NO_TLS),
        _switch("audit_logging", r"audit[_-]log|general[_-]log=(?:1|on)", "", "statements are not logged unless asked"),
        _switch("local_file_access_disabled", r"local[_-]infile=(?:0|off)|secure[_-]file[_-]priv=", r"local[_-]infile=(?:1|on)",
                "off unless set, since MySQL 8.0", default=True),
    ),
    "mongodb": (
        _login(
            needs=("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD_FILE",
                   "MONGODB_ROOT_PASSWORD", "MONGODB_PASSWORD", "MONGODB_INITDB_ROOT_PASSWORD"),
            open_if={"ALLOW_EMPTY_PASSWORD": _YES}, flags=r"--auth\b|--keyFile|--clusterAuthMode",
            default=False, missing="without a root user the image asks for no login",
        ),
        _switch("tls_enforced", r"--(?:tls|ssl)Mode[ =]require", r"--(?:tls|ssl)Mode[ =](?:allow|prefer|disabled)", _NO_TLS),
        _switch("audit_logging", r"--auditDestination", "", "auditing is off unless set"),
    ),
    "redis": (
        _login(
            needs=("REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "VALKEY_PASSWORD"),
            open_if={"ALLOW_EMPTY_PASSWORD": _YES}, flags=r"--requirepass|--aclfile|--user\b",
            default=False, missing="without --requirepass no login is asked for",
        ),
        _switch("tls_enforced", r"--port[ =]0\b", r"--tls-port", _NO_TLS),
    ),
    "elasticsearch": (
        _login(
            open_if={"xpack.security.enabled": "false"}, needs=("ELASTIC_PASSWORD", "ELASTIC_PASSWORD_FILE"),
            default=True, missing="security is on unless switched off, since version 8",
        ),
        _switch("tls_enforced", r"xpack\.security\.http\.ssl\.enabled=true", r"xpack\.security\.(?:http\.ssl\.)?enabled=false",
                "TLS is on unless switched off, since version 8", default=True,
                variables=("xpack.security.http.ssl.enabled", "xpack.security.enabled")),
    ),
    "opensearch": (
        _login(
            open_if={"DISABLE_SECURITY_PLUGIN": _YES, "plugins.security.disabled": "true"},
            default=True, missing="the security plugin is on unless switched off",
        ),
        _switch("tls_enforced", r"plugins\.security\.ssl\.http\.enabled=true", r"(?:DISABLE_SECURITY_PLUGIN|plugins\.security\.disabled)=true",
                "the demo certificates are used unless switched off", default=True,
                variables=("plugins.security.disabled", "DISABLE_SECURITY_PLUGIN")),
    ),
    "minio": (
        _login(needs=("MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY", "MINIO_ROOT_PASSWORD_FILE"), default=False,
               missing="without a root password minioadmin:minioadmin is let in"),
        _switch("tls_enforced", r"--certs-dir|-S\b", "", _NO_TLS),
    ),
    "cassandra": (
        _login(needs=("CASSANDRA_PASSWORD", "CASSANDRA_PASSWORD_SEEDER"), default=False,
               missing="AllowAllAuthenticator lets everybody in unless cassandra.yaml says otherwise"),
        _switch("tls_enforced", r"client_encryption.*optional: ?false", "", _NO_TLS),
    ),
    "couchdb": (_login(needs=("COUCHDB_PASSWORD",), default=True, missing="the image does not start without an administrator"),),
    "neo4j": (_login(open_if={"NEO4J_AUTH": "none", "NEO4J_dbms_security_auth__enabled": "false"}, needs=("NEO4J_AUTH",),
                     default=True, missing="a login is asked for unless switched off"),),
    "clickhouse": (_login(needs=("CLICKHOUSE_PASSWORD", "CLICKHOUSE_PASSWORD_FILE"), open_if={"CLICKHOUSE_SKIP_USER_SETUP": _YES},
                          default=True, missing="without a password the default user is let in from the container alone"),),
    "influxdb": (_login(open_if={"INFLUXDB_HTTP_AUTH_ENABLED": "false"}, needs=("DOCKER_INFLUXDB_INIT_PASSWORD", "INFLUXDB_HTTP_AUTH_ENABLED"),
                        default=True, missing="a token is asked for, since version 2"),),
    "sqlserver": (_login(needs=("SA_PASSWORD", "MSSQL_SA_PASSWORD", "MSSQL_SA_PASSWORD_FILE"), default=True,
                         missing="the image does not start without a password"),
                  _switch("tls_enforced", r"forceencryption[= ]1", "", _NO_TLS)),
    "cockroachdb": (_switch("auth_required", r"--certs-dir", r"--insecure", "certificates are asked for unless --insecure is given", default=True),
                    _switch("tls_enforced", r"--certs-dir(?!.*--accept-sql-without-tls)", r"--insecure|--accept-sql-without-tls",
                            "TLS is asked for unless --insecure is given", default=True)),
    "arangodb": (_login(open_if={"ARANGO_NO_AUTH": ".+"}, needs=("ARANGO_ROOT_PASSWORD", "ARANGO_RANDOM_ROOT_PASSWORD"),
                        default=True, missing="the image does not start without a password"),),
    "memcached": (_login(flags=r"(?:^| )-S\b|--enable-sasl", default=False, missing="no login is asked for without SASL"),
                  _switch("tls_enforced", r"(?:^| )-Z\b|--enable-ssl", "", _NO_TLS)),
    "solr": (_login(default=False, missing="no login is asked for unless security.json says so"),),
    "etcd": (_switch("auth_required", r"--client-cert-auth", "", "client certificates are asked for only if set"),
             _switch("tls_enforced", r"--cert-file", "", _NO_TLS)),
}  # fmt: skip
_ASKED["mariadb"] = (
    _login(
        open_if={"MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": ".+", "MYSQL_ALLOW_EMPTY_PASSWORD": ".+", "ALLOW_EMPTY_PASSWORD": _YES},
        needs=("MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD_FILE", "MYSQL_ROOT_PASSWORD_FILE",
               "MARIADB_ROOT_PASSWORD_HASH", "MARIADB_RANDOM_ROOT_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"),
        default=True, missing="the image does not start without a password",
    ),
    *_ASKED["mysql"][1:3],
)  # fmt: skip
_BEFORE_8: tuple[_Ask, ...] = (
    _switch("auth_required", r"xpack\.security\.enabled=true", r"xpack\.security\.enabled=false",
            "security is off unless switched on, before version 8", variables=("xpack.security.enabled",)),
    _switch("tls_enforced", r"xpack\.security\.http\.ssl\.enabled=true", r"xpack\.security\.http\.ssl\.enabled=false",
            "TLS is off unless switched on, before version 8", variables=("xpack.security.http.ssl.enabled",)),
)  # fmt: skip
