"""Which members or streams a container names: ZIP, compound file ([MS-CFB]), tar. For telling formats apart."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable
from typing import BinaryIO

from scanner.common import zipdir


def members_in_head(head: bytes) -> dict[str, bytes]:
    """Names (and the `mimetype` content) of the members whose local headers lie in the head."""
    found: dict[str, bytes] = {}
    at = head.find(b"PK\x03\x04")
    while at >= 0 and at + 30 <= len(head):
        flags, method = struct.unpack_from("<HH", head, at + 6)
        packed, _, name_size, extra_size = struct.unpack_from("<IIHH", head, at + 18)
        start = at + 30 + name_size + extra_size
        name = head[at + 30 : at + 30 + name_size].decode("utf-8", "replace")
        found[name] = head[start : start + packed] if name == "mimetype" and method == 0 else b""
        if flags & 8 and not packed:
            at = head.find(b"PK\x03\x04", start)  # size unknown until after the data
        else:
            at = start + packed
            if head[at : at + 4] != b"PK\x03\x04":
                break
    return found


def members_in_directory(file: BinaryIO) -> dict[str, bytes]:
    found = {}
    for entry in itertools.islice(zipdir.entries(file), 2000):
        told = entry.name == "mimetype" and entry.size < 200 and not entry.encrypted
        found[entry.name] = zipdir.open_entry(file, entry).read(200) if told else b""
    return found


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def streams_in(raw: bytes, names: Iterable[str]) -> set[str]:
    """Those of the names that a compound file's directory in these bytes has."""
    # A directory entry is 128 bytes: the name (64), its length, then type 1, 2 or 5.
    return {name for name in names if any(_entries(raw, name))}


def _entries(raw: bytes, name: str) -> list[int]:
    found, needle = [], _utf16(name) + b"\0\0"
    at = raw.find(needle)
    while at >= 0:
        size = struct.pack("<H", len(needle))
        if at % 128 == 0 and raw[at + 64 : at + 66] == size:
            found.append(at)
        at = raw.find(needle, at + 1)
    return found


def streams_in_directory(file: BinaryIO, names: Iterable[str]) -> set[str]:
    """Those of the names that are in the first 64 sectors of a compound file's directory chain ([MS-CFB] 2.2, 2.6)."""
    file.seek(0)
    header = file.read(512)
    if len(header) < 512:
        return set()
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        return set()
    sector = 1 << shift
    file.seek((struct.unpack_from("<I", header, 48)[0] + 1) * sector)
    # The chain is nearly always contiguous; a broken guess only costs the finer name.
    return streams_in(file.read(64 * sector), names)


def is_tar(head: bytes) -> bool:
    if len(head) < 512:
        return False
    if head[257:262] == b"ustar":
        return True
    try:
        stated = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return stated == sum(head[:148]) + 256 + sum(head[156:512])


def archive_comment(file: BinaryIO) -> str:
    """The comment at the end of a ZIP file (APPNOTE 4.3.16), which few programs show; leaves the file at 0."""
    file.seek(0, 2)
    size = min(file.tell(), 65_557)
    file.seek(-size, 2)
    tail = file.read(size)
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        return ""
    (length,) = struct.unpack_from("<H", tail, at + 20)
    return tail[at + 22 : at + 22 + length].decode("utf-8", "replace")
