"""Bounded unpacking: streams that stop at an allowance, and members kept in bounded files."""

from __future__ import annotations

import dataclasses
import io
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, cast

from scanner.common import sniff, zipdir
from scanner.common.extracting import gap
from scanner.contracts import Content, Fragment, Limits
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

CHUNK = 256 * 1024
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a member kept in memory; past it an unnamed temporary file takes over."""
RATIO_FROM = 10 * 1024 * 1024
"""Unpacked bytes before the ratio is asked: small files of spaces compress very well."""
MAX_SINGLE_READ = 32 * 1024 * 1024
LINE_TYPES = frozenset({sniff.TEXT, sniff.CSV, sniff.TSV, sniff.JSON_LINES})
"""Types of which a first part is worth reading."""


READING_ERRORS: tuple[type[Exception], ...] = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, zipdir.BadZip, struct.error, ValueError,
    OverflowError, IndexError, UnicodeError,
)  # fmt: skip
"""What damaged packed data makes the libraries raise."""
MEMBER_ERRORS: tuple[type[Exception], ...] = (*READING_ERRORS, KeyError, RuntimeError)
"""The same when a ZIP member is opened."""


class Bomb(Exception):
    """A member unpacks to far more than it should."""


@dataclasses.dataclass(slots=True)
class Allowance:
    """What one archive may still unpack to."""

    bytes: int
    members: int

    @classmethod
    def of(cls, limits: Limits) -> Allowance:
        return cls(limits.archive_bytes, limits.archive_members)

    def take_member(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise ReadError(
                GapReason.LIMIT, "too many members in one archive", "raise limits.archive_members"
            )

    def take_bytes(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise ReadError(
                GapReason.LIMIT, "the archive unpacks to more than is allowed", "raise limits.archive_bytes"
            )


class Forward(io.RawIOBase):
    """A decompressing stream with just enough `seek` for tarfile: forward only, and counted.

    `read` never gives more than MAX_SINGLE_READ, so no header can ask for gigabytes.
    """

    def __init__(
        self, read: Callable[[int], bytes], allowance: Allowance, spare: int = 64 * 1024 * 1024
    ) -> None:
        super().__init__()
        self._read, self._allowance, self._spare = read, allowance, spare
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or size > MAX_SINGLE_READ:
            raise ReadError(GapReason.LIMIT, "a header in the archive is too large")
        parts = []
        while size > 0:
            part = self._read(min(size, CHUNK))
            if not part:
                break
            parts.append(part)
            size -= len(part)
            self._at += len(part)
            # Headers and padding cost too, but a real archive has little of them.
            if self._at > self._spare + 2 * self._allowance.bytes:
                raise ReadError(
                    GapReason.LIMIT,
                    "the archive unpacks to more than is allowed",
                    "raise limits.archive_bytes",
                )
        return b"".join(parts)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        target = offset if whence == 0 else self._at + offset
        if whence == 2 or target < self._at:
            raise io.UnsupportedOperation("forward only")
        while self._at < target:
            if not self.read(min(target - self._at, CHUNK)):
                break
        return self._at


def decompressor(kind: str, file: BinaryIO) -> Callable[[int], bytes]:
    """A `read(size)` of the unpacked bytes of a gzip, bzip2, xz or Zstandard file.

    Raises ReadError(MISSING_EXTRA) for Zstandard without its library; reading raises what
    `READING_ERRORS` lists.
    """
    stream: IO[bytes]
    if kind == sniff.GZIP:
        import gzip

        stream = cast(IO[bytes], gzip.GzipFile(fileobj=file))
    elif kind == sniff.BZIP2:
        import bz2

        stream = bz2.BZ2File(file)
    elif kind == sniff.XZ:
        # The dictionary a file asks for is allocated at once: at most 128 MiB (xz -9 asks for 64).
        inner = lzma.LZMADecompressor(memlimit=160 * 1024 * 1024)
        return _Pull(file, inner).read
    else:
        import pyarrow as pa

        stream = cast(IO[bytes], pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd"))
    return stream.read


class _Pull:
    """Bounded output from a decompressor object that takes `max_length`; streams may follow each other."""

    def __init__(self, file: BinaryIO, inner: object) -> None:
        self._file, self._inner = file, inner

    def read(self, size: int) -> bytes:
        inner = cast(lzma.LZMADecompressor, self._inner)
        while True:
            if inner.eof:
                # Padding or another stream may follow; the end of the last one is the end.
                return b""
            raw = self._file.read(CHUNK) if inner.needs_input else b""
            if inner.needs_input and not raw:
                raise EOFError
            out = inner.decompress(raw, max_length=size)
            if out:
                return out


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One thing found in an archive, ready to be unpacked."""

    name: str
    read: Callable[[int], bytes]
    size: int | None = None
    """As the archive states it (not to be believed)."""
    packed: int | None = None
    """Bytes it takes in the archive; None if unknown."""
    consumed: Callable[[], int] | None = None
    """How many of them were used up so far; None if unknown."""


def read_member(content: Content, member: Member, allowance: Allowance) -> Iterator[Fragment | Gap]:
    """Unpacks one member within the limits and has it examined.

    Raises ReadError(LIMIT) when the archive's allowance is used up. A bomb or a damaged
    member gives a gap of its own; the caller goes on with the next.
    """
    limits = content.limits
    place = content.place.child("member", member.name)
    allowance.take_member()
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        written, note = 0, None
        try:
            while True:
                part = member.read(CHUNK)
                if not part:
                    break
                written += len(part)
                allowance.take_bytes(len(part))
                packed = member.packed
                if packed is not None and written > max(RATIO_FROM, limits.archive_ratio * max(packed, 1)):
                    raise Bomb
                spool.write(part)
                if written > limits.object_bytes:
                    used = member.consumed() if member.consumed else written
                    if written > limits.archive_ratio * max(used, 1):
                        raise Bomb
                    note = gap(
                        content,
                        GapReason.LIMIT,
                        f"a member larger than {limits.object_bytes:,} bytes: at most its first part was read",
                        "raise limits.object_bytes",
                        place,
                        max((member.size or 0) - limits.object_bytes, 0),
                    )
                    break
        except Bomb:
            yield gap(
                content,
                GapReason.LIMIT,
                "unpacks to far more than its packed size (a decompression bomb?)",
                "raise limits.archive_ratio if this is expected",
                place,
                written,
            )
            return
        except READING_ERRORS:
            note = gap(content, GapReason.CORRUPT, "a member is damaged or cut off", "", place)
        spool.seek(0)
        head = spool.read(sniff.HEAD)
        spool.seek(0)
        # Of a cut member only what is read line by line makes sense.
        if head and (note is None or sniff.media_type(head, member.name) in LINE_TYPES):
            inner = Content(
                cast(BinaryIO, spool), member.name, place, written, limits, head, None, content.depth
            )
            assert content.nested is not None, "the core gives `nested`"
            yield from content.nested(inner)
        if note is not None:
            yield note
