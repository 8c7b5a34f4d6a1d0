"""What the mount table tells: which server a folder is from, and which folders are the kernel's own."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

# Kernel file systems whose `source` in the mount table names a server's share.
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs"})
# Made up by the kernel while they are read: no content of anybody's, and some of it never ends.
_KERNEL = frozenset(
    {
        "proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs", "devpts", "devtmpfs", "bpf",
        "configfs", "pstore", "efivarfs", "fusectl", "mqueue", "hugetlbfs", "binfmt_misc", "selinuxfs",
    }
)  # fmt: skip


def identity(root: Path, share: str | None) -> tuple[str, tuple[str, ...]]:
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


def kernel_folders() -> frozenset[str]:
    """Mount points of file systems that the kernel makes up."""
    return frozenset(point for _, point, kind in _table() if kind in _KERNEL)


def _mounted_from(path: Path) -> tuple[str, str]:
    """(source, mount point) of the network file system `path` lies on, else ("", "")."""
    best = ("", "")
    for source, point, kind in _table():
        inside = path == Path(point) or Path(point) in path.parents
        if inside and len(point) >= len(best[1]):
            best = (source if kind in _NETWORK else "", point)
    return best if best[0] else ("", "")


def _table() -> list[tuple[str, str, str]]:
    """(source, mount point, type) of every mount; nothing where there is no such table (macOS)."""
    try:
        table = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    fields = [line.split(" ") for line in table.splitlines()]
    return [(_plain(f[0]), _plain(f[1]), f[2]) for f in fields if len(f) > 2]


def _plain(field: str) -> str:
    """Space, tab, newline and backslash stand as octal escapes (proc(5), fstab(5))."""
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), field)
