"""Records and streams of old and packed formats, against the examples of their specifications."""

from __future__ import annotations

import struct

import pytest

from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import biff, binarybook
from scanner.release.hidden.parts import decompress_vba


def test_vba_is_unpacked_as_the_specification_shows():
    # [MS-OVBA] 3.2.3, "Maximum compression" and "Normal compression" examples
    packed = bytes.fromhex(
        "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70 04 10 72 73"
        "74 75 76 10 77 78 79 7A 00 3C"
    )
    assert decompress_vba(packed) == b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    assert decompress_vba(bytes.fromhex("01 03 B0 02 61 45 00")) == b"a" * 73
    assert decompress_vba(b"\x01\x2f") == b""


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(value: str) -> bytes:
    return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")


def test_a_pivot_cache_gives_its_fields_and_values():
    stream = b"".join(
        [
            _record(0x00C7, bytes(14) + _text("Surname")), _record(0x00CD, _text("Okonkwo")), _record(0x00CD, _text("Mellor")),
            _record(0x00C7, bytes(14) + _text("Born")), _record(0x00CE, struct.pack("<HHBBBB", 1980, 5, 17, 0, 0, 0)),
            _record(0x00C7, bytes(14) + _text("Pay")), _record(0x00C9, struct.pack("<d", 31000.0)), _record(0x00CC, struct.pack("<h", 7)),
            _record(0x00C8, b"\0\0\0"), _record(0x00C8, b"\1\0\0"),
        ]
    )  # fmt: skip
    cache = biff.pivot_cache(stream)
    assert cache.fields == ["Surname", "Born", "Pay"]
    assert cache.values == [["Okonkwo", "Mellor"], ["1980-05-17"], ["31000", "7"]]
    assert cache.records == 2


def test_what_stands_beside_cells_is_found():
    begin, end = _record(0x0809, bytes(16)), _record(0x000A, b"")
    crn = struct.pack("<BBH", 1, 0, 4) + b"\x02" + _text("Jane Okonkwo") + b"\x01" + struct.pack("<d", 12.0)
    stream = (
        begin
        + _record(0x005A, crn)
        + end
        + begin
        + _record(0x009B, b"")
        + _record(0x00CD, _text("DSN=x;PWD=y"))
        + end
        + begin
        + end
    )
    left = biff.leftovers(stream)
    assert left.cached == ["Jane Okonkwo", "12.0"]
    assert left.filtered == [True, False]
    assert left.strings == ["DSN=x;PWD=y"]
    assert biff.leftovers(b"\x00" * 7) == biff.Leftovers()


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (0x3FF00000, 1.0),
        (0x3FF00001, 0.01),
        (0x00000006, 1.0),
        (0xFFFFFFFE, -1.0),
        (0x00003039 << 2 | 3, 123.45),
    ],
)
def test_packed_numbers(packed, value):
    assert binarybook.rk(packed) == pytest.approx(value)


def test_records_of_a_binary_workbook():
    data = bytes([0x9C, 0x01, 0x02]) + b"ab" + bytes([0x00, 0x80, 0x01]) + b"x" * 128
    assert [(number, len(body)) for number, body in binarybook.records(data)] == [(156, 2), (0, 128)]
    with pytest.raises(ReadError) as caught:
        list(binarybook.records(data[:-1]))
    assert caught.value.reason is GapReason.CORRUPT
    assert binarybook.runs(b"\x07\x00" + "Jane Okonkwo".encode("utf-16-le") + b"\x00\x00") == ["Jane Okonkwo"]
