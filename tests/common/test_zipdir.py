"""A ZIP's directory is walked in little memory, whatever the number of its members."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from scanner.common import zipdir


def _directory(count: int) -> bytes:
    """An archive of empty members: nothing but its directory."""
    entries = b"".join(
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0)
        + b"%09d" % i
        for i in range(count)
    )
    end64 = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(entries), 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(entries), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return entries + end64 + locator + end


def test_many_members_cost_no_memory() -> None:
    file = io.BytesIO(_directory(100_000))
    tracemalloc.start()
    try:
        assert sum(1 for _ in zipdir.entries(file)) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("text", [b"", b"x", b"some text " * 20_000])
def test_members_come_out_whole(method: int, text: bytes) -> None:
    out = io.BytesIO(b"a self-extractor may stand before")
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a", method) as archive:
        archive.writestr("é.txt", text)
    (entry,) = zipdir.entries(out)
    assert entry.name == "é.txt"
    read = zipdir.open_entry(out, entry).read
    parts = []
    while part := read(1000):
        assert len(part) <= 1000 or method == zipfile.ZIP_STORED
        parts.append(part)
    assert b"".join(parts) == text


def test_a_wrong_checksum_is_damage() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"hello there")
    raw = out.getvalue().replace(b"hello", b"jello")
    (entry,) = zipdir.entries(io.BytesIO(raw))
    read = zipdir.open_entry(io.BytesIO(raw), entry).read
    assert read(100) == b"jello there"
    with pytest.raises(zipdir.BadZip):
        read(100)
