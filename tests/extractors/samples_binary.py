"""Samples of binary containers, put together byte by byte after their specifications."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR, _MINI = 512, 64


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of version 3 ([MS-CFB]); names with `/` lie in storages."""
    entries: list[dict[str, object]] = [{"name": "Root Entry", "type": 5, "children": []}]
    by_path = {"": 0}
    mini = b""
    large: list[tuple[int, bytes]] = []
    mini_fat: list[int] = []
    for path, data in streams.items():
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            key, parent = "/".join(parts[:depth]), by_path["/".join(parts[: depth - 1])]
            if key in by_path:
                continue
            by_path[key] = len(entries)
            entries[parent]["children"].append(len(entries))  # type: ignore[attr-defined]
            leaf = depth == len(parts)
            entry: dict[str, object] = {"name": parts[depth - 1], "type": 2 if leaf else 1, "children": []}
            if leaf:
                entry["size"] = len(data)
                if len(data) < 4096:
                    entry["start"] = len(mini) // _MINI if data else _END
                    mini_fat += _chain(len(mini_fat), -(-len(data) // _MINI))
                    mini += _padded(data, _MINI)
                else:
                    large.append((len(entries), data))
            entries.append(entry)
    directory_sectors = -(-len(entries) // 4)
    fat: list[int] = [_FAT]
    body: list[bytes] = []

    def store(data: bytes) -> int:
        if not data:
            return _END
        start = len(fat)
        fat.extend(_chain(start, -(-len(data) // _SECTOR)))
        body.append(_padded(data, _SECTOR))
        return start

    directory = len(fat)
    fat.extend(_chain(directory, directory_sectors))
    mini_fat_start = store(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    entries[0]["start"], entries[0]["size"] = store(mini), len(mini)
    for number, data in large:
        entries[number]["start"] = store(data)
    assert len(fat) <= 128, "one FAT sector is enough for a sample"
    raw = b""
    for number, entry in enumerate(entries):
        children = entry["children"]
        siblings = next((e["children"] for e in entries if number in e["children"]), [])  # type: ignore[operator]
        at = siblings.index(number) if number in siblings else -1  # type: ignore[attr-defined, operator]
        right = siblings[at + 1] if 0 <= at < len(siblings) - 1 else _FREE  # type: ignore[index, arg-type]
        name = str(entry["name"]).encode("utf-16-le") + b"\0\0"
        raw += name.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIQ", len(name), entry["type"], 1, _FREE, right, children[0] if children else _FREE,  # type: ignore[index]
            bytes(16), 0, 0, 0, entry.get("start", 0), entry.get("size", 0),
        )  # fmt: skip
    unused = struct.pack("<64xHBBIII16sIQQIQ", 0, 0, 0, _FREE, _FREE, _FREE, bytes(16), 0, 0, 0, 0, 0)
    raw += unused * (directory_sectors * 4 - len(entries))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, directory, 0, 4096, mini_fat_start, -(-4 * len(mini_fat) // _SECTOR), _END, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *([_FREE] * 108))
    table = struct.pack("<128I", *(fat + [_FREE] * (128 - len(fat))))
    return header + table + raw + b"".join(body)


def message(attachments: Mapping[str, bytes], secure: bool = False) -> bytes:
    """An Outlook message ([MS-OXMSG]) with a recipient, and another message among its attachments."""

    def text(tag: int, value: str) -> tuple[str, bytes]:
        return f"__substg1.0_{tag:04X}001F", value.encode("utf-16-le")

    streams: dict[str, bytes] = {"__properties_version1.0": bytes(32)}
    streams.update(
        [
            text(0x001A, "IPM.Note.SMIME" if secure else "IPM.Note"),
            text(0x0037, "Béla's file"),
            text(0x0C1A, "Ada Synthetic"),
            text(0x5D01, "ada@example.com"),
            text(0x0E04, "Béla Fictional"),
            text(0x1000, "Please see the list attached, and the message.\r\nAda"),
        ]
    )
    recipient = "__recip_version1.0_#00000000/"
    streams[recipient + "__properties_version1.0"] = bytes(8)
    streams.update(
        (recipient + name, value) for name, value in [text(0x3001, "Béla"), text(0x39FE, "bela@example.com")]
    )
    for number, (name, data) in enumerate(attachments.items()):
        folder = f"__attach_version1.0_#{number:08X}/"
        streams[folder + "__properties_version1.0"] = bytes(8)
        streams.update((folder + key, value) for key, value in [text(0x3707, name)])
        streams[folder + "__substg1.0_37010102"] = data
    inner = f"__attach_version1.0_#{len(attachments):08X}/"
    streams[inner + "__properties_version1.0"] = bytes(8)
    streams[inner + "__substg1.0_3701000D/__properties_version1.0"] = bytes(24)
    streams.update((inner + "__substg1.0_3701000D/" + name, value)
                   for name, value in [text(0x0037, "inner subject"), text(0x1000, "call Chi on 01632 960003")])  # fmt: skip
    return compound(streams)


def presentation(encrypted: bool = False) -> bytes:
    """A PowerPoint presentation with one slide and its notes ([MS-PPT])."""

    def record(kind: int, body: bytes, version: int = 0) -> bytes:
        return struct.pack("<HHI", version, kind, len(body)) + body

    slide = record(1006, record(4000, "Ask ada@example.com".encode("utf-16-le")), 0xF)
    notes = record(1008, record(4008, b"speaker notes on Ada"), 0xF)
    token = 0xF3D1C4DF if encrypted else 0xE391C05F
    user = struct.pack("<HHIIII", 0, 0x0FF6, 20, 20, token, 0)
    return compound({"Current User": user, "PowerPoint Document": record(1000, b"", 0xF) + slide + notes})


def rar5(name: str, data: bytes, encrypted: bool = False) -> bytes:
    """A RAR 5 archive with one stored member (RAR 5.0 archive format, rarlab.com/technote.htm)."""

    def vint(value: int) -> bytes:
        out = b""
        while value > 0x7F:
            out += bytes([value & 0x7F | 0x80])
            value >>= 7
        return out + bytes([value])

    def block(body: bytes) -> bytes:
        sized = vint(len(body)) + body
        return struct.pack("<I", zlib.crc32(sized)) + sized

    key = vint(1) + vint(0) + vint(0) + bytes([15]) + bytes(16) + bytes(16)
    extra = vint(len(key)) + key if encrypted else b""
    head = vint(2) + vint(2 | bool(extra)) + (vint(len(extra)) if extra else b"") + vint(len(data))
    head += (
        vint(4) + vint(len(data)) + vint(0o100644) + struct.pack("<I", zlib.crc32(data)) + vint(0) + vint(1)
    )
    head += vint(len(name)) + name.encode() + extra
    return (
        b"Rar!\x1a\x07\x01\x00"
        + block(vint(1) + vint(0) + vint(0))
        + block(head)
        + data
        + block(vint(5) + vint(0) + vint(0))
    )


def rar4(name: str, data: bytes) -> bytes:
    """The same for RAR 2.9 to 4."""

    def block(kind: int, flags: int, body: bytes) -> bytes:
        rest = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest

    head = struct.pack(
        "<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0, 29, 0x30, len(name), 0o100644
    )
    return (
        b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6)) + block(0x74, 0x8000, head + name.encode()) + data
        + block(0x7B, 0x4000, b"")
    )  # fmt: skip


def dbf(header: list[str], rows: list[list[str]], encrypted: bool = False, code_page: int = 0x03) -> bytes:
    """A dBASE III table of text columns; Windows-1252 unless another language driver is given."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    fields = b"".join(
        name.upper().replace(" ", "_")[:10].encode().ljust(11, b"\0")
        + b"C"
        + bytes(4)
        + bytes([width])
        + bytes(15)
        for name, width in zip(header, widths, strict=True)
    )
    head = struct.pack("<BBBBIHH", 3, 124, 1, 2, len(rows), 33 + len(fields), 1 + sum(widths))
    head += bytes(3) + bytes([encrypted]) + bytes(13) + bytes([code_page]) + bytes(2)
    body = b"".join(
        b" " + b"".join(cell.encode("cp1252").ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return head + fields + b"\x0d" + body + b"\x1a"


def xlsb(header: list[str], rows: list[list[str]]) -> dict[str, bytes]:
    """The parts of a binary workbook ([MS-XLSB]) with one sheet of inline strings."""

    def record(kind: int, body: bytes) -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, out = len(body), b""
        while size > 0x7F:
            out += bytes([size & 0x7F | 0x80])
            size >>= 7
        return number + out + bytes([size]) + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    cells = b""
    for y, row in enumerate([header, *rows]):
        cells += record(0, struct.pack("<IIHBBBI", y, 0, 300, 0, 0, 0, 0))
        for x, cell in enumerate(row):
            cells += record(6, struct.pack("<II", x, 0) + wide(cell))
    sheet = record(129, b"") + record(148, struct.pack("<IIII", 0, len(rows), 0, len(header) - 1))
    sheet += record(145, b"") + cells + record(146, b"") + record(130, b"")
    book = (
        record(131, b"")
        + record(143, b"")
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Staff"))
    )
    book += record(144, b"") + record(132, b"")
    types = "application/vnd.ms-excel."
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/xl/workbook.bin" ContentType="{types}sheet.binary.macroEnabled.main"/>'
            f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{types}worksheet"/></Types>'
        ).encode(),
        "_rels/.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            b'Target="xl/workbook.bin"/></Relationships>'
        ),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
            b'Target="worksheets/sheet1.bin"/></Relationships>'
        ),
        "xl/worksheets/sheet1.bin": sheet,
    }


def access(header: list[str], rows: list[list[str]], encrypted: bool = False) -> bytes:
    """An Access 2000 database (Jet 4): header, catalog and one table of text columns."""
    page = 4096

    def definition(names: list[tuple[str, int]]) -> bytes:
        """(name, type) to a table definition page; long integers are fixed, text is not."""
        fixed = variable = 0
        columns = b""
        for number, (_, kind) in enumerate(names):
            columns += struct.pack(
                "<BIHHHHHBBIHH", kind, 0, number, variable if kind == 10 else 0, number, 0, 0, 3 if kind == 4 else 2, 0, 0,
                fixed if kind == 4 else 0, 4 if kind == 4 else 200,
            )  # fmt: skip
            fixed += 4 * (kind == 4)
            variable += kind == 10
        head = b"\x02\x01" + bytes(2) + struct.pack("<II", 0, 0) + bytes(28) + b"\x4e"
        head += struct.pack("<HHHIIII", len(names), variable, len(names), 0, 0, 0, 0)
        texts = b"".join(struct.pack("<H", 2 * len(n)) + n.encode("utf-16-le") for n, _ in names)
        return (head + columns + texts).ljust(page, b"\0")

    def data(owner: int, table: list[list[int | str]]) -> bytes:
        body, offsets = b"", []
        for row in table:
            numbers = b"".join(struct.pack("<i", v) for v in row if isinstance(v, int))
            texts = [v.encode("utf-16-le") for v in row if isinstance(v, str)]
            if len(texts) > 1 and texts[0].isascii():
                # the first is packed, as Access does with Latin letters
                texts[0] = b"\xff\xfe" + texts[0][::2]
            raw = struct.pack("<H", len(row)) + numbers
            ends = [len(raw)]
            for text in texts:
                raw += text
                ends.append(len(raw))
            raw += b"".join(struct.pack("<H", end) for end in reversed(ends)) + struct.pack("<H", len(texts))
            raw += ((1 << len(row)) - 1).to_bytes((len(row) + 7) // 8, "little")
            body = raw + body
            offsets.append(page - len(body))
        head = (
            b"\x01\x01"
            + struct.pack("<HIIH", 0, owner, 0, len(table))
            + struct.pack(f"<{len(table)}H", *offsets)
        )
        return head + bytes(page - len(head) - len(body)) + body

    key = b"\x11\x22\x33\x44" if encrypted else bytes(4)
    veiled = bytes(0x3E - 0x18) + key + bytes(128 - 0x42 + 0x18)
    first = b"\x00\x01\x00\x00Standard Jet DB\x00\x01\x00\x00\x00" + _rc4(b"\xc7\xda\x39\x6b", veiled)
    catalog = definition([("Id", 4), ("Type", 4), ("Flags", 4), ("Name", 10)])
    listed = data(2, [[2, 1, -0x7FFFFFFE, "MSysObjects"], [4, 1, 0, "Staff"]])
    table = definition([(name, 10) for name in header])
    return (
        first.ljust(page, b"\0")
        + bytes(page)
        + catalog
        + listed
        + table
        + data(4, [list(row) for row in rows])
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
