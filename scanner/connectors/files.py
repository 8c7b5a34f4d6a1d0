"""Files: a local folder, a mounted share, or a single file.

One target is one store, the share's root. What a mounted file system can tell of its
safeguards is little: permission bits and owner. Encryption on disk and access logging
are not visible from here and are stated as such.
"""

from __future__ import annotations

import errno
import os
import pwd
import socket
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from scanner.contracts import Access, Ask, Permission
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Place, Scope, Stage, State, Store, Unit

OWN_REPORTS = "dpscan-report"

# Kernel file systems whose `source` in the mount table names a server's share.
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs"})
_NOT_SEEN_HERE = {
    "encryption_at_rest": "a mounted file system does not show whether its disk is encrypted",
    "access_logging": "a mounted file system does not show whether reads are logged",
    "backup_enabled": "a mounted file system does not show whether it is backed up",
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


class FilesConnector:
    kind: ClassVar[str] = "files"
    schemes: ClassVar[tuple[str, ...]] = ()
    Options: ClassVar[type[FilesOptions]] = FilesOptions

    def __init__(self, options: FilesOptions, access: Access) -> None:
        self._root = options.path.expanduser().absolute()
        self._access = access
        self._id, self._aliases = _identity(self._root, options.share)
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
        read, write, total = self._permission_counts()
        for safeguard, open_files, verb in (
            ("world_read_restricted", read, "readable"),
            ("world_write_restricted", write, "writable"),
        ):
            state = State.ABSENT if open_files else State.PRESENT
            reason = f"{open_files:,} of {total:,} files and folders are {verb} by every local account"
            yield Evidence(subject.id, safeguard, state, Basis.EXPLICIT, "stat(2) mode bits", reason=reason)
        yield self._owner(subject.id)
        for safeguard, why in _NOT_SEEN_HERE.items():
            yield Evidence(
                subject.id, safeguard, State.UNKNOWN, Basis.NOT_OBSERVABLE, "mounted file system", reason=why
            )

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - the core samples
        if not self._root.is_dir():
            yield from self._single_file(store)
            return
        links = 0
        for item in _walk(self._root):
            if isinstance(item, OSError):
                where = os.path.relpath(item.filename or self._root, self._root)
                yield Gap(store.id, Stage.LIST, _reason(item), f"a folder cannot be listed: {_why(item)}",
                          Place((("object", _shown(where)),)),
                          "grant this account read and search permission on it")  # fmt: skip
            elif item == OWN_REPORTS:
                yield Gap(store.id, Stage.LIST, GapReason.EXCLUDED, "dpscan's own reports are not scanned")
            elif isinstance(item, os.DirEntry):
                links += item.is_symlink()
                try:
                    status = item.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # gone between listing and stat: never was part of the population
                if stat.S_ISREG(status.st_mode):
                    yield self._unit(store, os.path.relpath(item.path, self._root), status)
        if links:
            yield Gap(store.id, Stage.LIST, GapReason.EXCLUDED, "symbolic links are not followed",
                      count=links)  # fmt: skip

    def open(self, unit: Unit) -> BinaryIO:
        path = self._root if not self._root.is_dir() else self._root / unit.id
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

    def _permission_counts(self) -> tuple[int, int, int]:
        """(world-readable, world-writable, all) entries; a folder closed to others hides what is in it."""
        read = write = total = 0
        open_folders = {str(self._root)}
        for path, status in _entries(self._root):
            mode = status.st_mode
            if stat.S_ISLNK(mode):
                continue  # its bits mean nothing; what it points to counts where it lies
            total += 1
            if str(Path(path).parent) not in open_folders and path != str(self._root):
                continue
            if stat.S_ISDIR(mode):
                # Without the search bit the entries inside cannot be reached, whatever their bits.
                if mode & stat.S_IXOTH:
                    open_folders.add(path)
                else:
                    open_folders.discard(path)
            read += bool(mode & stat.S_IROTH)
            # In a sticky folder (/tmp) others cannot replace files, yet they can add some.
            write += bool(mode & stat.S_IWOTH)
        return read, write, total

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


def _entries(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Root and everything below it that can be seen, parents first."""
    try:
        yield str(root), root.stat()
    except OSError:
        return
    if not root.is_dir():
        return
    for item in _walk(root, folders=True):
        if isinstance(item, os.DirEntry):
            try:
                yield item.path, item.stat(follow_symlinks=False)
            except OSError:
                continue


def _walk(folder: Path, folders: bool = False) -> Iterator[os.DirEntry[str] | OSError | str]:
    """Entries below `folder` in a fixed order, without following links; errors are yielded.

    An own stack instead of recursion: a share can be nested deeper than Python's stack.
    """
    stack = [str(folder)]
    while stack:
        current = stack.pop()
        try:
            with os.scandir(current) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield error
            continue
        below = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name == OWN_REPORTS:
                    yield OWN_REPORTS
                    continue
                below.append(entry.path)
                if folders:
                    yield entry
            else:
                yield entry
        stack.extend(reversed(below))


def _identity(root: Path, share: str | None) -> tuple[str, tuple[str, ...]]:
    """(store id, aliases): the server's share where the mount table names it, else this host's path."""
    resolved = Path(os.path.realpath(root))
    local = f"file:{socket.gethostname()}{resolved}"
    if share:
        return f"file:{share.strip('/')}", (local,)
    source, mount_point = _mounted_from(resolved)
    if not source:
        return local, ()
    below = os.path.relpath(resolved, mount_point)
    remote = source.replace(":", "").strip("/") + ("" if below == "." else f"/{below}")
    return f"file:{remote}", (local,)


def _mounted_from(path: Path) -> tuple[str, str]:
    """(source, mount point) of the network file system `path` lies on, else ("", "")."""
    best = ("", "")
    try:
        table = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return best
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        source, point, kind = fields[0], fields[1].replace("\\040", " "), fields[2]
        inside = path == Path(point) or Path(point) in path.parents
        if inside and len(point) >= len(best[1]):
            best = (source if kind in _NETWORK else "", point)
    return best if best[0] else ("", "")


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
