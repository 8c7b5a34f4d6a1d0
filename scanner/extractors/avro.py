"""Avro object container files.

The container is walked here (it is simple) and only records are decoded by fastavro, so
that a block cannot unpack to gigabytes unnoticed. Format: Apache Avro 1.11 specification,
"Object Container Files".
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common.extracting import Watched, gap, read_up_to
from scanner.common.records import MAX_DEPTH, Records
from scanner.common.sniff import AVRO
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

MAX_BLOCK = 64 * 1024 * 1024
"""Bytes of one block, packed or unpacked."""
MAX_SCHEMA = 4 * 1024 * 1024


class AvroExtractor:
    name: ClassVar[str] = "avro"
    media_types: ClassVar[tuple[str, ...]] = (AVRO,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        import zlib

        import fastavro
        import pyarrow as pa

        watched = Watched(content.file)
        watched.seek(0)
        records = Records(content.place, content.limits)
        damaged: Exception | None = None
        try:
            for record in _records(cast(BinaryIO, watched)):
                yield from records.add(record, element=True)
        except (
            EOFError, OSError, ValueError, KeyError, IndexError, TypeError, StopIteration, OverflowError,
            MemoryError, RecursionError, zlib.error, AttributeError, AssertionError,
            fastavro.schema.SchemaParseException, fastavro.schema.UnknownType, pa.ArrowException,
        ) as error:  # fmt: skip
            # fastavro has no exception of its own for damaged data: these are what it raises
            watched.check()
            damaged = error
        yield from records.flush()
        if records.too_deep:
            yield gap(content, GapReason.LIMIT, f"nested deeper than {MAX_DEPTH} levels")
        if records.cut:
            yield gap(content, GapReason.LIMIT, "long strings were cut", "raise limits.cell_chars")
        if damaged is not None:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off Avro") from damaged


def _records(file: BinaryIO) -> Iterator[Any]:
    import fastavro

    if file.read(4) != b"Obj\x01":
        raise ValueError("magic")
    meta: dict[str, bytes] = {}
    while True:
        count = _long(file)
        if count == 0:
            break
        if count < 0:
            count = -count
            _long(file)
        if count > 10_000:
            raise ValueError("metadata")
        for _ in range(count):
            key = _bytes(file, MAX_SCHEMA).decode("utf-8")
            meta[key] = _bytes(file, MAX_SCHEMA)
    schema = fastavro.parse_schema(json.loads(meta["avro.schema"]))
    codec = meta.get("avro.codec", b"null").decode("ascii")
    sync = _exactly(file, 16)
    while True:
        first = file.read(1)
        if not first:
            return
        count = _long(file, first)
        raw = _unpack(codec, _bytes(file, MAX_BLOCK))
        if _exactly(file, 16) != sync:
            raise ValueError("sync marker")
        block = io.BytesIO(raw)
        for _ in range(count):
            before = block.tell()
            yield fastavro.schemaless_reader(block, schema, None)
            if block.tell() == before and count > 1_000_000:
                raise ValueError("records without bytes")


def _unpack(codec: str, raw: bytes) -> bytes:
    if codec == "null":
        return raw
    if codec == "deflate":
        import zlib

        return _bounded(zlib.decompressobj(-15).decompress(raw, MAX_BLOCK + 1))
    if codec in ("bzip2", "xz"):
        import bz2
        import lzma

        if codec == "xz":
            return _bounded(lzma.LZMADecompressor(memlimit=160 * 1024 * 1024).decompress(raw, MAX_BLOCK + 1))
        return _bounded(bz2.BZ2Decompressor().decompress(raw, MAX_BLOCK + 1))
    if codec in ("snappy", "zstandard"):
        import pyarrow as pa

        if codec == "zstandard":
            with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as stream:
                return _bounded(bytes(stream.read(MAX_BLOCK + 1)))
        # The last four bytes are a checksum; the unpacked size leads as a varint.
        size = _varint(io.BytesIO(raw))
        if size > MAX_BLOCK:
            _bounded(b"", size)
        return bytes(pa.decompress(raw[:-4], decompressed_size=size, codec="snappy", asbytes=True))
    raise ReadError(GapReason.UNSUPPORTED, "Avro packed by a rare codec")


def _bounded(data: bytes, size: int | None = None) -> bytes:
    if (len(data) if size is None else size) > MAX_BLOCK:
        raise ReadError(GapReason.LIMIT, f"an Avro block larger than {MAX_BLOCK:,} bytes")
    return data


def _varint(file: BinaryIO, first: bytes = b"") -> int:
    value = shift = 0
    while True:
        byte = first or file.read(1)
        first = b""
        if not byte:
            raise EOFError
        value |= (byte[0] & 0x7F) << shift
        if not byte[0] & 0x80:
            return value
        shift += 7
        if shift > 63:
            raise ValueError("integer")


def _long(file: BinaryIO, first: bytes = b"") -> int:
    raw = _varint(file, first)
    return (raw >> 1) ^ -(raw & 1)


def _bytes(file: BinaryIO, most: int) -> bytes:
    size = _long(file)
    if size < 0:
        raise ValueError("size")
    if size > most:
        raise ReadError(GapReason.LIMIT, f"an Avro block larger than {most:,} bytes")
    return _exactly(file, size)


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = read_up_to(file, size)
    if len(data) < size:
        raise EOFError
    return data
