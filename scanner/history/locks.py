"""One scan of one scope at a time.

Lock files under the data folder; the operating system drops a lock when its process
ends, however it ends, so there are no stale locks to clean up. Machines that share a
PostgreSQL history do not see each other's locks: schedule each scope on one machine.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

from scanner.common.private import make_folder, touch, write_atomically
from scanner.errors import LockedError


@contextlib.contextmanager
def hold(folder: Path, scope_ids: Iterable[str]) -> Iterator[None]:
    """Hold the locks of all these scopes, or raise LockedError saying who has one."""
    import filelock

    make_folder(folder)
    with contextlib.ExitStack() as held:
        for scope in sorted(set(scope_ids)):  # same order everywhere: no deadlock
            name = hashlib.sha256(scope.encode("utf-8", "surrogatepass")).hexdigest()[:32]
            path, holder = folder / f"{name}.lock", folder / f"{name}.holder"
            touch(path)
            try:
                held.enter_context(filelock.FileLock(str(path), timeout=0, mode=0o600))
            except filelock.Timeout:
                raise LockedError(_message(scope, holder)) from None
            write_atomically(holder, _who())
            held.callback(holder.unlink, missing_ok=True)
        yield


def _who() -> bytes:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": now}).encode()


def _message(scope: str, holder: Path) -> str:
    try:
        who = json.loads(holder.read_bytes())
        by = f"process {who['pid']} on {who['host']}, since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        # The other process is between taking the lock and saying so.
        by = "another process"
    return (
        f"{scope} is being scanned already by {by}. Wait until it has finished, or stop that "
        "process and start again: the new scan takes up where the old one stopped."
    )
