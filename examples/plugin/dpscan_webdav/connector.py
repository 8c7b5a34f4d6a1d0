"""A WebDAV share (RFC 4918), read over HTTP: one store, its files are the units.

This module is the contract; `client` is what another connector would have an SDK for, and
`posture` tries what a client can see of the share's safeguards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from dpscan_webdav import posture
from dpscan_webdav.client import Client
from scanner.common.objects import open_unit
from scanner.common.secrets import FORMS, is_reference
from scanner.contracts import Access, Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import Evidence, Gap, GapReason, Place, Scope, Stage, Store, Unit

DEEPEST = 64
"""Folders inside folders: a server that links a folder into itself would go on for ever."""


class WebdavOptions(BaseModel):
    """Keys of a `webdav` target."""

    # A rejected value may be a URL with its password: never show the input.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    url: str = Field(description="Folder to scan, e.g. https://files.example.gov.uk/dav/hr/.")
    user: str | None = Field(default=None, description="Account to log in with (HTTP Basic).")
    password: str | None = Field(default=None, description=f"Reference to its password: {FORMS}.")
    plain_port: int = Field(
        default=80,
        ge=1,
        le=65535,
        description="Port of the same host that should not serve the share unencrypted; it is asked "
        "once, without credentials.",
    )

    @field_validator("url")
    @classmethod
    def _plain_url(cls, url: str) -> str:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError where it is none
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
            raise ValueError("must be http:// or https://, a host and a path; user and password are own keys")
        return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"

    @field_validator("password")
    @classmethod
    def _reference(cls, password: str | None) -> str | None:
        if password is not None and not is_reference(password):
            raise ValueError(f"must be a reference ({FORMS}), not the password itself")
        return password


class WebdavConnector:
    kind: ClassVar[str] = "webdav"
    schemes: ClassVar[tuple[str, ...]] = ("webdav", "webdavs")
    Options: ClassVar[type[WebdavOptions]] = WebdavOptions

    def __init__(self, options: WebdavOptions, access: Access) -> None:
        """Asks nothing of the server: a connector is made anew in every worker."""
        self._options, self._access = options, access
        self._client = Client(options.url, access, options.user, options.password)
        parts = urlsplit(options.url)
        # Neither scheme nor usual port: the share stays itself when it moves to TLS.
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
        self._name = f"{parts.hostname}{port}{parts.path}"

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        parts = urlsplit(url)
        if parts.password or not parts.hostname:
            raise ConfigError(
                "expected webdavs://host/folder/, or webdavs://user@host/folder/ with the password in the "
                "environment variable WEBDAV_PASSWORD (webdav:// for servers without TLS)"
            )
        scheme = "https" if parts.scheme == "webdavs" else "http"
        options = {"url": f"{scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"}
        if parts.username:
            options |= {"user": parts.username, "password": "env:WEBDAV_PASSWORD"}
        return options

    def scopes(self) -> Iterable[Scope | Gap]:
        subject = f"webdav:{self._name}"
        try:
            self._client.entries("")
        except ReadError as error:
            yield Gap(subject, Stage.ENUMERATE, error.reason, error.detail, remedy=error.remedy)
            return
        # Not exhaustive: the target names one folder; what else the server has is not known.
        yield Scope(subject, "server", "webdav", self._name, exhaustive=False)

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        # The kind decides which rules apply: those for containers ask what matters of a
        # store that is reached over HTTP.
        yield Store(
            id=f"webdav:{self._name}",
            scope_id=scope.id,
            kind="container",
            provider="webdav",
            name=self._name,
            environment=self._access.environment,
            target=self._access.target,
        )

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        if isinstance(subject, Store):
            yield from posture.evidence(subject.id, self._client, self._options.plain_port)

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - the core samples
        pending = [""]
        while pending:
            folder = pending.pop()
            here = Place((("prefix", folder),)) if folder else Place()
            if folder.count("/") > DEEPEST:
                yield Gap(store.id, Stage.LIST, GapReason.LIMIT, "folders nested too deeply", here)
                continue
            try:
                found = self._client.entries(folder)
            except ReadError as error:
                # A closed folder costs that folder, not the listing.
                yield Gap(store.id, Stage.LIST, error.reason, error.detail, here, error.remedy)
                continue
            pending += [entry.key for entry in reversed(found) if entry.folder]
            for entry in found:
                if not entry.folder:
                    yield Unit(
                        id=entry.key,
                        store_id=store.id,
                        target=self._access.target,
                        place=Place((("object", entry.key),)),
                        size=entry.size,
                        modified=entry.modified,
                        version=entry.version,
                    )

    def open(self, unit: Unit) -> BinaryIO:
        if unit.size is None:
            raise ReadError(GapReason.UNSUPPORTED, "the server does not say how long the file is")
        return open_unit(self._client, unit)

    def close(self) -> None:
        """Holds nothing open."""
