"""Files: a local folder, a mounted share, or a single file.

One target is one store, the share's root. What a mounted file system can tell of its
safeguards is little: permission bits and owner. Encryption on disk and access logging
are not visible from here and are stated as such.
"""

from __future__ import annotations

import errno
import os
import pwd
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from scanner.connectors.files.mounts import identity
from scanner.connectors.files.openness import openness
from scanner.connectors.files.walk import Kind, Left, Unseen, walk
from scanner.contracts import Access, Ask, Permission
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Place, Scope, Stage, State, Store, Unit

_NOT_SEEN_HERE = {
    "encryption_at_rest": "a mounted file system does not show whether its disk is encrypted",
    "access_logging": "a mounted file system does not show whether reads are logged",
    "backup_enabled": "a mounted file system does not show whether it is backed up",
}
_NOT_READ = {
    Kind.LINK: "symbolic links are not followed",
    Kind.SPECIAL: "pipes, sockets and devices are not opened",
}


class FilesOptions(BaseModel):
    """Keys of a `files` target."""

    model_config = ConfigDict(extra="forbid")

    path: Path = Field(description="Folder, mount point or single file to scan, e.g. /srv/shares/hr.")
    share: str | None = Field(
        default=None,
        description="Name of the share as the department knows it (//server/hr); keeps the store's "
        "identity when it is mounted elsewhere. Read from the mount table where it can be.",
    )

    @field_validator("path", mode="before")
    @classmethod
    def _named(cls, path: Any) -> Any:
        if isinstance(path, str) and not path.strip():
            raise ValueError("is empty; name a folder or file (`.` is the one the configuration lies in)")
        return path


class FilesConnector:
    kind: ClassVar[str] = "files"
    schemes: ClassVar[tuple[str, ...]] = ()
    Options: ClassVar[type[FilesOptions]] = FilesOptions

    def __init__(self, options: FilesOptions, access: Access) -> None:
        self._root = options.path.expanduser().absolute()
        self._access = access
        self._id, self._aliases = identity(self._root, options.share)
        self._name = options.share.strip("/") if options.share else self._root.name or "/"

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        path = Path(url.removeprefix("file://")).expanduser()
        if not path.exists():
            raise ConfigError(
                f"{url}: no such file or folder (a target is a path, s3://bucket/prefix, "
                "azblob://account/container, gs://bucket/prefix or a database URL)"
            )
        return {"path": path}

    def scopes(self) -> Iterable[Scope | Gap]:
        try:
            self._root.stat()
        except OSError as error:
            yield Gap(self._id, Stage.ENUMERATE, _reason(error), f"the share cannot be opened: {_why(error)}",
                      remedy="check that it is mounted and that this account may list it")  # fmt: skip
            return
        if not (self._root.is_dir() or self._root.is_file()):
            yield Gap(self._id, Stage.ENUMERATE, GapReason.UNSUPPORTED, "neither a folder nor a file",
                      remedy="name the folder or file that is meant")  # fmt: skip
            return
        yield Scope(self._id, "share", "files", self._name, exhaustive=False)

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        yield Store(
            id=self._id,
            scope_id=scope.id,
            kind="share",
            provider="files",
            name=self._name,
            aliases=self._aliases,
            tags={},
            environment=self._access.environment,
            target=self._access.target,
        )

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        if isinstance(subject, Scope):
            return
        yield from self._openness(subject.id)
        yield self._owner(subject.id)
        for safeguard, why in _NOT_SEEN_HERE.items():
            yield Evidence(
                subject.id, safeguard, State.UNKNOWN, Basis.NOT_OBSERVABLE, "mounted file system", reason=why
            )

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - the core samples
        if not self._root.is_dir():
            yield from self._single_file(store)
            return
        left: Counter[str] = Counter()
        for item in walk(self._root):
            if isinstance(item, Unseen):
                yield self._unseen(store, item)
            elif isinstance(item, Left):
                left[item.value] += 1
            elif item.kind is Kind.FILE:
                yield self._unit(store, os.path.relpath(item.path, self._root), item.status)
            elif item.kind in _NOT_READ:
                left[_NOT_READ[item.kind]] += 1
        for why, count in sorted(left.items()):
            yield Gap(store.id, Stage.LIST, GapReason.EXCLUDED, why, count=count)

    def _unseen(self, store: Store, item: Unseen) -> Gap:
        place = Place((("object", _shown(os.path.relpath(item.path, self._root))),))
        what = "a folder cannot be listed" if item.folder is not None else "a file cannot be seen"
        return Gap(store.id, Stage.LIST, _reason(item.error), f"{what}: {_why(item.error)}", place,
                   "grant this account read and search permission on it")  # fmt: skip

    def open(self, unit: Unit) -> BinaryIO:
        # The root may be a link: it was named by whoever configured it.
        path = self._root / unit.id if self._root.is_dir() else self._root.resolve()
        try:
            # NOFOLLOW: a link put there since the listing must not lead out of the share.
            # NONBLOCK: nor may a pipe put there hold the worker.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                os.close(handle)
                raise ReadError(GapReason.VANISHED, "the file is no longer a regular file")
            return os.fdopen(handle, "rb", buffering=1024 * 1024)
        except OSError as error:
            raise ReadError(
                _reason(error),
                f"the file cannot be opened: {_why(error)}",
                "grant this account read permission",
            ) from None

    def permissions(self) -> Iterable[Permission]:
        """Tries to list the root and to open nothing."""
        yield Permission(
            "read and search the folder", os.access(self._root, os.R_OK | os.X_OK), "listing files",
            str(self._root),
        )  # fmt: skip

    def policy(self) -> str:
        return (
            f"# Read-only access for the scanning account (here: dpscan) to {self._root}\n"
            f"setfacl -R -m u:dpscan:rX '{self._root}'\n"
            f"setfacl -R -d -m u:dpscan:rX '{self._root}'   # and to what is created later\n"
        )

    def close(self) -> None:
        """Holds nothing open."""

    def _single_file(self, store: Store) -> Iterator[Unit | Gap]:
        try:
            yield self._unit(store, self._root.name, self._root.stat())
        except OSError as error:
            yield Gap(store.id, Stage.LIST, _reason(error), f"the file cannot be seen: {_why(error)}")

    def _unit(self, store: Store, relative: str, status: os.stat_result) -> Unit:
        relative = relative.replace(os.sep, "/")
        return Unit(
            id=relative,
            store_id=store.id,
            target=self._access.target,
            place=Place((("object", _shown(relative)),)),
            size=status.st_size,
            modified=datetime.fromtimestamp(status.st_mtime, UTC),
            version=f"{status.st_mtime_ns}-{status.st_size}",
        )

    def _openness(self, store_id: str) -> Iterator[Evidence]:
        source = "stat(2) mode bits"
        try:
            found = openness(self._root)
        except OSError as error:
            for safeguard in ("world_read_restricted", "world_write_restricted"):
                basis = Basis.DENIED if _reason(error) is GapReason.DENIED else Basis.FAILED
                yield Evidence(store_id, safeguard, State.UNKNOWN, basis, source, reason=_why(error))
            return
        for safeguard, count, verb in (
            ("world_read_restricted", found.read, "readable"),
            ("world_write_restricted", found.write, "writable"),
        ):
            if found.unseen and not count:
                reason = f"{found.unseen:,} folders that others may enter cannot be listed by this account"
                yield Evidence(store_id, safeguard, State.UNKNOWN, Basis.DENIED, source, reason=reason)
                continue
            state = State.ABSENT if count else State.PRESENT
            reason = f"{count:,} of {found.total:,} files and folders are {verb} by every local account"
            yield Evidence(store_id, safeguard, state, Basis.EXPLICIT, source, reason=reason)

    def _owner(self, store_id: str) -> Evidence:
        source = "stat(2) owner"
        try:
            uid = self._root.stat().st_uid
        except OSError as error:
            return Evidence(store_id, "file_owner", State.UNKNOWN, Basis.FAILED, source, reason=_why(error))
        try:
            owner = pwd.getpwuid(uid).pw_name
        except KeyError:
            owner = f"uid {uid} (no such account here)"
        return Evidence(store_id, "file_owner", State.PRESENT, Basis.EXPLICIT, source, value=owner)


def _shown(relative: str) -> str:
    """A name that can be printed: bytes that are not UTF-8 become replacement characters."""
    return relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _reason(error: OSError) -> GapReason:
    if error.errno in (errno.EACCES, errno.EPERM):
        return GapReason.DENIED
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE):
        return GapReason.VANISHED
    if error.errno == errno.ELOOP:
        return GapReason.EXCLUDED
    return GapReason.UNREACHABLE


def _why(error: OSError) -> str:
    """The operating system's own words, without the path."""
    return (error.strerror or "unknown error").lower()
