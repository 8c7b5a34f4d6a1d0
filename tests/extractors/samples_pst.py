"""A small Outlook store (Unicode PST), put together after [MS-PST]: one folder, one message with an attachment."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

_STORE, _NAMES, _ROOT, _FOLDER, _MESSAGE = 0x21, 0x61, 0x122, 0x8022, 0x200024
_RECIPIENTS, _ATTACHMENTS, _ATTACHMENT = 0x692, 0x671, 0x8025
_LONG, _BOOL, _UNICODE, _BINARY = 0x0003, 0x000B, 0x001F, 0x0102
_ROW_ID, _ROW_VERSION = 0x67F20003, 0x67F30003

Property = tuple[int, int, int | str | bytes]


def _crc(data: bytes) -> int:
    """5.3: the polynomial of CRC-32, without its inversions."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _heap(client: int, root: int, items: Sequence[bytes]) -> bytes:
    """2.3.1: a heap on one block; the first item has the identifier 0x20, the second 0x40, …"""
    body, offsets = b"", [12]
    for item in items:
        body += item
        offsets.append(12 + len(body))
    body += bytes(-len(body) % 2)
    table = struct.pack(f"<HH{len(offsets)}H", len(items), 0, *offsets)
    return struct.pack("<HBBII", 12 + len(body), 0xEC, client, root, 0) + body + table


def _value(kind: int, value: int | str | bytes) -> bytes:
    return value.encode("utf-16-le") if isinstance(value, str) else value if isinstance(value, bytes) else b""


def properties(values: Sequence[Property]) -> bytes:
    """2.3.3: a property context."""
    items, records = [b"", b""], b""
    for tag, kind, value in sorted(values):
        if isinstance(value, int):
            where = value
        else:
            data = _value(kind, value)
            items.append(data)
            where = len(items) << 5 if data else 0
        records += struct.pack("<HHI", tag, kind, where)
    items[0] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, 0x40 if records else 0)
    items[1] = records
    return _heap(0xBC, 0x20, items)


def table(columns: Sequence[tuple[int, int]], rows: Sequence[tuple[int, Sequence[int | str]]]) -> bytes:
    """2.3.4: a table context. Each row: its identifier, and a value for each (tag, type)."""
    described = [(0x67F2, _LONG), (0x67F3, _LONG), *columns]
    width = 4 * len(described)
    bits = (len(described) + 7) // 8
    items = [b"", b"", b"", b""]
    matrix, index = b"", b""
    for number, (row_id, values) in enumerate(rows):
        cells = struct.pack("<II", row_id, 0)
        for value in values:
            if isinstance(value, str):
                items.append(value.encode("utf-16-le"))
                cells += struct.pack("<I", len(items) << 5)
            else:
                cells += struct.pack("<I", value)
        matrix += cells + (((1 << 8 * bits) - 1) & ~((1 << (8 * bits - len(described))) - 1)).to_bytes(
            bits, "big"
        )
        index += struct.pack("<II", row_id, number)
    descriptions = b"".join(
        struct.pack("<IHBB", tag << 16 | kind, 4 * i, 4, i)
        for i, (tag, kind) in sorted(enumerate(described), key=lambda e: e[1])
    )
    items[0] = (
        struct.pack(
            "<BBHHHHIII",
            0x7C,
            len(described),
            width,
            width,
            width,
            width + bits,
            0x40,
            0x80 if rows else 0,
            0,
        )
        + descriptions
    )
    items[1] = struct.pack("<BBBBI", 0xB5, 4, 4, 0, 0x60 if rows else 0)
    items[2], items[3] = index, matrix
    return _heap(0x7C, 0x20, items)


class _Writer:
    def __init__(self) -> None:
        self._at = 0x4600
        self._bid = 4
        self._pages = 1
        self.body = b""
        self._blocks: list[tuple[int, int, int]] = []
        self._nodes: list[tuple[int, int, int, int]] = []

    def block(self, data: bytes, internal: bool = False) -> int:
        bid = self._bid | 2 * internal
        self._bid += 4
        raw = data + bytes(-(len(data) + 16) % 64)
        raw += struct.pack("<HHIQ", len(data), self._signature(bid), _crc(data), bid)
        self._blocks.append((bid, self._at, len(data)))
        self._put(raw)
        return bid

    def node(self, nid: int, data: bytes, parent: int, below: Sequence[tuple[int, bytes]] = ()) -> None:
        sub = 0
        if below:
            entries = b"".join(struct.pack("<QQQ", n, self.block(d), 0) for n, d in sorted(below))
            sub = self.block(struct.pack("<BBHI", 2, 0, len(below), 0) + entries, internal=True)
        self._nodes.append((nid, self.block(data), sub, parent))

    def _put(self, raw: bytes) -> None:
        self.body += raw
        self._at += len(raw)

    def _signature(self, bid: int) -> int:
        mixed = self._at ^ bid
        return (mixed >> 16 ^ mixed) & 0xFFFF

    def _tree(self, kind: int, entries: list[bytes], size: int) -> tuple[int, int]:
        self._put(bytes(-self._at % 512))
        bid, at = 0x1000 + self._pages, self._at
        self._pages += 1
        data = b"".join(entries).ljust(488, b"\0") + struct.pack(
            "<BBBBI", len(entries), 488 // size, size, 0, 0
        )
        self._put(data + struct.pack("<BBHIQ", kind, kind, self._signature(bid), _crc(data), bid))
        return bid, at

    def file(self) -> bytes:
        nodes = [
            struct.pack("<QQQII", nid, data, sub, parent, 0) for nid, data, sub, parent in sorted(self._nodes)
        ]
        assert len(nodes) <= 15 and len(self._blocks) <= 20, "one page of each tree is enough for a sample"
        nbt = self._tree(0x81, nodes, 32)
        bbt = self._tree(
            0x80, [struct.pack("<QQHHI", bid, at, size, 2, 0) for bid, at, size in sorted(self._blocks)], 24
        )
        root = struct.pack("<IQQQQQQQQBBH", 0, self._at, 0x4400, 0, 0, *nbt, *bbt, 0, 0, 0)
        middle = (
            struct.pack("<HHHBBIIQQI", 0x4D53, 23, 19, 1, 1, 0, 0, 0, 0x2000, 1)
            + bytes(128)
            + bytes(8)
            + root
        )
        middle += bytes(4) + b"\xff" * 256 + struct.pack("<BBHQ", 0x80, 0, 0, self._bid)
        head = (
            b"!BDN"
            + struct.pack("<I", _crc(middle[:471]))
            + middle
            + struct.pack("<I", _crc(middle[:516]))
            + bytes(36)
        )
        return head.ljust(0x4600, b"\0") + self.body


def store(attachment_name: str, attachment: bytes) -> bytes:
    """The store's bytes."""
    out = _Writer()
    names = [(0x0001, _LONG, 251), (0x0002, _BINARY, bytes(16)),
             (0x0003, _BINARY, struct.pack("<IHH", 0x8233, 4, 0)), (0x0004, _BINARY, bytes(4))]  # fmt: skip
    out.node(_STORE, properties([(0x3001, _UNICODE, "Synthetic store")]), 0)
    out.node(_NAMES, properties(names), 0)
    folder: list[Property] = [(0x3602, _LONG, 0), (0x3603, _LONG, 0), (0x360A, _BOOL, 1)]
    out.node(_ROOT, properties([(0x3001, _UNICODE, ""), *folder]), _ROOT)
    out.node(_ROOT & ~0x1F | 0x0D, table([(0x3001, _UNICODE)], [(_FOLDER, ["Inbox"])]), 0)
    out.node(_FOLDER, properties([(0x3001, _UNICODE, "Inbox"), *folder]), _ROOT)
    out.node(_FOLDER & ~0x1F | 0x0D, table([(0x3001, _UNICODE)], []), 0)
    out.node(_FOLDER & ~0x1F | 0x0E, table([(0x0037, _UNICODE)], [(_MESSAGE, ["The list"])]), 0)
    message: list[Property] = [
        (0x001A, _UNICODE, "IPM.Note"), (0x0037, _UNICODE, "The list"), (0x0C1A, _UNICODE, "Ada Synthetic"),
        (0x0C1F, _UNICODE, "ada@example.com"), (0x0E04, _UNICODE, "Béla Fictional"), (0x0E07, _LONG, 0x10),
        (0x1000, _UNICODE, "Please call Ada on 01632 960001; her number is QQ123456A."),
    ]  # fmt: skip
    file: list[Property] = [(0x3701, _BINARY, attachment), (0x3704, _UNICODE, attachment_name), (0x3705, _LONG, 1),
                            (0x3707, _UNICODE, attachment_name), (0x0E20, _LONG, len(attachment))]  # fmt: skip
    recipients = table(
        [(0x0C15, _LONG), (0x3001, _UNICODE), (0x3003, _UNICODE)], [(0, [1, "Béla", "bela@example.com"])]
    )
    files = table(
        [(0x0E20, _LONG), (0x3704, _UNICODE), (0x3705, _LONG)],
        [(_ATTACHMENT, [len(attachment), attachment_name, 1])],
    )
    below = [(_RECIPIENTS, recipients), (_ATTACHMENTS, files), (_ATTACHMENT, properties(file))]
    out.node(_MESSAGE, properties(message), _FOLDER, below)
    return out.file()
