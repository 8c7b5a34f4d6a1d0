"""Damaged copies of good files, the same for the same seed."""

from __future__ import annotations

import io
import random
import zipfile
import zlib

MEGABYTE = 1024 * 1024
_EDGES = (
    b"\xff" * 4,
    b"\0" * 4,
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\0\0\0",
    b"\xfe\xff\xff\xff",
    b"\0\0\1\0",
)
_TEXTS = (b'"', b"'", b"<", b">", b"{", b"}", b"[", b"(", b")", b";", b"\\", b"\n", b"\t", b"%s", b"&x;", b"\0", b"-1",
          b"99999999999", b"\xc3", b"\xed\xa0\x80", b"BEGIN:VCARD\n", b"COPY x FROM stdin;\n", b"{\\*\\")  # fmt: skip


def mutated(data: bytes, seed: str) -> bytes:
    """A copy with a few bytes changed, moved, doubled or missing; of a ZIP, at times inside a member."""
    chance = random.Random(seed)
    if data.startswith(b"PK") and chance.random() < 0.5:
        try:
            return _inside_zip(data, chance)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
            pass
    return _changed(data, chance)


def megabyte(data: bytes, seed: str) -> bytes:
    """A mutated file of one megabyte that begins like the sample: the rest are mutated pieces of it."""
    chance = random.Random(seed)
    start = mutated(data, seed)
    parts, size = [start], len(start)
    while size < MEGABYTE:
        at = chance.randrange(max(1, len(data)))
        piece = data[at : at + chance.choice((64, 512, 4096, 65536))] or b"\0"
        if chance.random() < 0.3:
            piece = _changed(piece, chance)
        parts.append(piece)
        size += len(piece)
    return b"".join(parts)[:MEGABYTE]


def _changed(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        at = chance.randrange(max(1, len(out)))
        # Headers and directories decide most: damage is more frequent at both ends.
        if chance.random() < 0.3:
            at = min(at, chance.randrange(512))
        elif chance.random() < 0.2:
            at = max(0, len(out) - 1 - chance.randrange(512))
        match chance.randrange(8):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 2:
                del out[at : at + chance.randrange(1, 64)]
            case 3:
                out[at:at] = chance.randbytes(chance.randrange(1, 40))
            case 4:
                edge = chance.choice(_EDGES)
                out[at : at + len(edge)] = edge
            case 5:
                out[at:at] = chance.choice(_TEXTS) * chance.choice((1, 1, 3, 200))
            case 6:
                out[at:at] = out[at : at + chance.choice((16, 200, 2000))]
            case _ if chance.random() < 0.1:
                del out[at:]
            case _:
                other = chance.randrange(max(1, len(out)))
                out[at : at + 8] = out[other : other + 8]
    return bytes(out)


def _inside_zip(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        infos = old.infolist()
        chosen = chance.randrange(max(1, len(infos)))
        for number, info in enumerate(infos):
            part = old.read(info)
            copy = zipfile.ZipInfo(info.filename, (2024, 1, 1, 0, 0, 0))
            copy.compress_type = info.compress_type
            new.writestr(copy, _changed(part, chance) if number == chosen else part)
    return out.getvalue()
