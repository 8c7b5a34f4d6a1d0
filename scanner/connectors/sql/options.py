"""What a target says of a database: a URL without a secret, and what to read of it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from scanner.common.secrets import FORMS, is_reference
from scanner.errors import ConfigError

PASSWORD_VARIABLE = "DPSCAN_URL_PASSWORD_"  # noqa: S105 - a variable's name, not a password
PASSWORD_WARNING = (
    "a password on the command line is visible to other users; use password: env:NAME in a configuration file"  # noqa: S105
)
EXAMPLE = "for example postgresql://dpscan_reader@db.example.gov.uk/cases or sqlite:///cases.db"

FAMILIES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
"""URL scheme (before any `+driver`) to the family of dialects that speaks it."""

SslMode = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]

# Parameters of a URL that have a key of their own. libpq's and PyMySQL's names.
_PARAMETERS = {
    "sslmode": "ssl_mode",
    "sslcert": "client_cert",
    "ssl_cert": "client_cert",
    "sslkey": "client_key",
    "ssl_key": "client_key",
}
_KEPT = ("host", "port", "unix_socket")


class SqlOptions(BaseModel):
    """Keys of an `sql` target."""

    # A rejected value may be a URL with its password: never show the input.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    url: str = Field(
        description="Database URL without a password: postgresql://user@host:5432/cases, "
        "mysql://user@host/cases, sqlite:///folder/cases.db. "
        "A unix socket: postgresql:///cases?host=/run/postgresql, mysql:///cases?unix_socket=/run/mysqld/mysqld.sock."
    )
    user: str | None = Field(default=None, description="Account to log in as, if the URL names none.")
    password: str | None = Field(
        default=None, description=f"Reference to the password, never the password itself: {FORMS}."
    )
    databases: list[str] | Literal["all"] | None = Field(
        default=None,
        description="Databases of the server to scan, or `all`. Default: the one in the URL.",
    )
    schemas: list[str] | None = Field(
        default=None, description="PostgreSQL schemas to read (patterns such as app_*). Default: all."
    )
    tables: list[str] | None = Field(
        default=None,
        description="Tables to read, as table or schema.table; patterns such as audit_* work. Default: all.",
    )
    exclude_tables: list[str] = Field(
        default_factory=list, description="Tables to leave out, in the same form; shown as excluded."
    )
    views: list[str] = Field(
        default_factory=list,
        description="Views and foreign tables whose content is to be read too, as name or schema.name.",
    )
    ssl_mode: SslMode | None = Field(
        default=None,
        description="disable, prefer, require, verify-ca or verify-full. Default: verify-full where a "
        "ca_bundle is known and the server is another computer, else prefer.",
    )
    client_cert: str | None = Field(default=None, description="Path of a client certificate (PEM).")
    client_key: str | None = Field(default=None, description="Path of the client certificate's key (PEM).")
    server_name: str | None = Field(
        default=None,
        description="Name of this server in ids, in place of the one it gives itself: for clones that share "
        "an identity, or computers whose name changes between runs.",
    )
    endpoint: str | None = Field(
        default=None,
        description="host:port under which others know the server, where this target goes through a tunnel.",
    )

    @model_validator(mode="before")
    @classmethod
    def _take_the_url_apart(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("url"), str):
            return data
        try:
            taken = take_apart(data["url"])
        except ConfigError as error:
            raise ValueError(str(error)) from None
        twice = sorted(key for key in taken if key != "url" and data.get(key) not in (None, taken[key]))
        if twice:
            raise ValueError(f"given twice, in the URL and as a key: {', '.join(twice)}")
        return {**data, **taken}

    @field_validator("password")
    @classmethod
    def _a_reference(cls, value: str | None) -> str | None:
        if value is not None and not is_reference(value):
            raise ValueError(f"must be a reference ({FORMS}), not the password itself")
        return value

    @model_validator(mode="after")
    def _names_a_database(self) -> Self:
        if self.databases is None and not self.parsed.database:
            raise ValueError("name a database in the URL, or say `databases: all`")
        if self.family == "sqlite" and self.databases is not None:
            raise ValueError("an SQLite file is one database: leave out `databases`")
        if bool(self.client_cert) != bool(self.client_key):
            raise ValueError("client_cert and client_key are needed together")
        return self

    @property
    def parsed(self) -> URL:
        return make_url(self.url)

    @property
    def family(self) -> str:
        return FAMILIES[self.parsed.drivername.partition("+")[0]]


def options_from_url(url: str) -> Mapping[str, Any]:
    """Keys for `SqlOptions`. Raises ConfigError (which never quotes the URL)."""
    taken = take_apart(url)
    if not make_url(taken["url"]).database:
        raise ConfigError(f"the database URL names no database; {EXAMPLE}")
    return taken


def take_apart(url: str) -> dict[str, Any]:
    """The URL without its password, and the keys that its parameters stand for.

    A password is moved into an environment variable, which worker processes inherit, so that
    nothing else ever holds it. Raises ConfigError.
    """
    try:
        parsed = make_url(url)
        parsed.port  # noqa: B018 - parsed on access in some versions
    except (ArgumentError, ValueError):
        raise ConfigError(f"not a database URL; {EXAMPLE}") from None
    scheme = parsed.drivername.partition("+")[0]
    if scheme not in FAMILIES:
        raise ConfigError(f"not a database URL this connector takes; {EXAMPLE}")
    if FAMILIES[scheme] == "sqlite" and (not parsed.database or parsed.database == ":memory:"):
        raise ConfigError(f"the SQLite URL names no file; {EXAMPLE}")
    out: dict[str, Any] = {}
    query = {key: value[0] if isinstance(value, tuple) else value for key, value in parsed.query.items()}
    password = parsed.password if parsed.password else query.pop("password", None)
    for name, key in _PARAMETERS.items():
        if name in query:
            out[key] = query.pop(name)
    if "user" in query:
        out["user"] = query.pop("user")
    unknown = sorted(set(query) - set(_KEPT))
    if unknown:
        raise ConfigError(
            f"the database URL has parameters that dpscan does not take: {', '.join(unknown)} "
            "(TLS, accounts and timeouts are keys of the target and of `limits`)"
        )
    if password:
        out["password"] = _keep_in_environment(str(password))
    # Not `parsed.set(password=None)`: None means "leave it as it is" there.
    bare = URL.create(
        parsed.drivername, parsed.username, None, parsed.host, parsed.port, parsed.database, query
    )
    return {"url": bare.render_as_string(hide_password=False), **out}


def _keep_in_environment(password: str) -> str:
    """Reference to a variable of this process that holds the password; one per password."""
    warnings.warn(PASSWORD_WARNING, stacklevel=4)
    number = 1
    while os.environ.get(f"{PASSWORD_VARIABLE}{number}", password) != password:
        number += 1
    os.environ[f"{PASSWORD_VARIABLE}{number}"] = password
    return f"env:{PASSWORD_VARIABLE}{number}"
