"""One random key per history and scope, in files beside the history.

Distinct people and units are counted by digests under these keys (DESIGN, promise 4), so
a copy of the history database without the key files cannot be matched against a list of
known values. Losing a key loses nothing but the ability to recognise units of earlier
runs: the next run makes a new one.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from scanner.common.private import make_folder, touch, write_atomically
from scanner.errors import DpscanError

KEY_BYTES = 32


class KeyRing:
    """The keys of one history, one file per scope (named by a digest of the scope)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, scope: str) -> Path:
        name = hashlib.sha256(scope.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder / f"{name}.key"

    def key(self, scope: str) -> bytes:
        """32 bytes; made at the first call for a scope. Two processes get the same one."""
        path = self._path(scope)
        if not path.exists():
            self._write(path, replace=False)
        return self._read(path)

    def file(self, scope: str) -> Path:
        """Where the key lies, made if need be: workers are told the path, never the key."""
        self.key(scope)
        return self._path(scope)

    def renew(self, scope: str) -> bytes:
        """A new key for a scope about to be read in full again. Digests start afresh."""
        path = self._path(scope)
        self._write(path, replace=True)
        return self._read(path)

    def _write(self, path: Path, replace: bool) -> None:
        import filelock

        make_folder(self._folder)
        lock = self._folder / ".lock"
        touch(lock)
        with filelock.FileLock(str(lock), timeout=30, mode=0o600):
            if replace or not path.exists():
                write_atomically(path, secrets.token_bytes(KEY_BYTES))

    def _read(self, path: Path) -> bytes:
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise DpscanError(
                f"the key file {path} is damaged; remove it and a new one is made "
                "(people and units of that scope are then counted afresh)"
            )
        return key
