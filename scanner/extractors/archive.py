"""ZIP, tar, 7-Zip, RAR and single compressed files.

Members are unpacked one at a time into a bounded, unnamed temporary file and handed back
to the core. Names are only names: nothing is written under them. What stops an archive
(too many bytes, damage) does not take back what came before.
"""

from __future__ import annotations

import functools
import itertools
import logging
import tarfile
from collections.abc import Iterator
from typing import BinaryIO, ClassVar, Self, cast

from scanner.common import rarlist, sniff, zipdir
from scanner.common.extracting import Watched, gap, read_up_to
from scanner.common.unpacking import (
    CHUNK,
    READING_ERRORS,
    Allowance,
    Forward,
    Member,
    decompressor,
    read_member,
)
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".gzip", ".bz", ".lzma")
EMPTY = 64
"""Bytes that an archive without members may have."""
_DAMAGED = "the archive is damaged or cut off"


class ArchiveExtractor:
    name: ClassVar[str] = "archive"
    media_types: ClassVar[tuple[str, ...]] = (
        sniff.ZIP,
        sniff.TAR,
        sniff.GZIP,
        sniff.BZIP2,
        sniff.XZ,
        sniff.ZSTD,
        sniff.SEVEN_ZIP,
        sniff.RAR,
    )
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        kind = sniff.media_type(content.head, content.name)
        watched = Watched(content.file, quiet=kind in (sniff.SEVEN_ZIP, sniff.RAR))
        try:
            if kind == sniff.TAR:
                yield from _tar(content, cast(BinaryIO, watched))
            elif kind == sniff.RAR:
                yield from _rar(content, watched)
            elif kind == sniff.SEVEN_ZIP:
                yield from _by_libarchive(content, watched, "7zip")
            elif kind in (sniff.GZIP, sniff.BZIP2, sniff.XZ, sniff.ZSTD):
                yield from _single(content, kind, cast(BinaryIO, watched))
            else:
                yield from _zip(content, watched)
        except READING_ERRORS as error:
            watched.check()
            raise ReadError(GapReason.CORRUPT, _DAMAGED) from error
        watched.check()


# --- ZIP --------------------------------------------------------------------------


def _zip(content: Content, file: Watched) -> Iterator[Fragment | Gap]:
    allowance = Allowance.of(content.limits)
    source = cast(BinaryIO, file)
    begun = False
    try:
        for entry in zipdir.entries(source):
            begun = True
            if not entry.is_folder:
                yield from _zip_member(content, source, entry, allowance)
    except zipdir.BadZip as error:
        file.check()
        # Without its directory a ZIP can still be read from the front, member by member.
        if not begun:
            yield from _salvage(content, file, allowance)
        raise ReadError(GapReason.CORRUPT, _DAMAGED) from error


def _zip_member(
    content: Content, file: BinaryIO, entry: zipdir.Entry, allowance: Allowance
) -> Iterator[Fragment | Gap]:
    place = content.place.child("member", entry.name)
    if entry.encrypted:
        allowance.take_member()
        yield gap(content, GapReason.ENCRYPTED, "a member is protected by a password", "", place, entry.size)
        return
    try:
        opened = zipdir.open_entry(file, entry)
    except zipdir.RareMethod:
        yield gap(content, GapReason.UNSUPPORTED, "a member is packed by a rare method", "", place)
        return
    except READING_ERRORS:
        cast(Watched, file).check()
        yield gap(content, GapReason.CORRUPT, "a member is damaged or cut off", "", place)
        return
    member = Member(entry.name, opened.read, entry.size, entry.packed, opened.consumed)
    yield from read_member(content, member, allowance)


def _salvage(content: Content, file: Watched, allowance: Allowance) -> Iterator[Fragment | Gap]:
    file.seek(0)
    if read_up_to(cast(BinaryIO, file), 4) != b"PK\x03\x04":
        return
    file.seek(0)
    try:
        yield from _by_libarchive(content, file, "zip_streamable", allowance)
    except ReadError as error:
        if error.reason is not GapReason.CORRUPT:
            raise


# --- tar and single streams -------------------------------------------------------


def _tar(content: Content, file: BinaryIO, packed: bool = False) -> Iterator[Fragment | Gap]:
    allowance = Allowance.of(content.limits)
    headers = _watch_headers()
    try:
        with tarfile.open(fileobj=file, mode="r:", tarinfo=headers) as archive:
            for info in archive:
                archive.members = []  # type: ignore[attr-defined]  # tarfile remembers every member it passed
                if not info.isreg():
                    continue
                stream = archive.extractfile(info)
                if stream is None:
                    continue
                member = Member(info.name, stream.read, info.size, None if packed else info.size)
                yield from read_member(content, member, allowance)
    except (tarfile.TarError, RecursionError) as error:
        raise ReadError(GapReason.CORRUPT, _DAMAGED) from error
    if headers.damaged:
        raise ReadError(GapReason.CORRUPT, _DAMAGED)


def _watch_headers() -> type[_Header]:
    """A class of its own for each archive, since tarfile keeps no instance to ask."""
    return type("_WatchedHeader", (_Header,), {"damaged": False})


class _Header(tarfile.TarInfo):
    """tarfile takes a damaged header that is not the first for the end, and says nothing."""

    damaged: ClassVar[bool] = False

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            # the two ends that are regular: blocks of zeros, or nothing more
            cls.damaged = type(error).__name__ not in ("EOFHeaderError", "EmptyHeaderError")
            raise


def _single(content: Content, kind: str, file: BinaryIO) -> Iterator[Fragment | Gap]:
    """One compressed file; if a tar is inside it is walked as it unpacks."""
    file.seek(0)
    allowance = Allowance.of(content.limits)
    head = b""
    read = decompressor(kind, file)
    while len(head) < 512:
        part = read(512 - len(head))
        if not part:
            break
        head += part
    file.seek(0)
    read = decompressor(kind, file)
    if sniff.media_type(head, "") == sniff.TAR:
        ratio = content.limits.archive_ratio
        guarded = _Rated(read, content.size, ratio)
        yield from _tar(content, cast(BinaryIO, Forward(guarded.read, allowance)), packed=True)
        return
    member = Member(_inner_name(content.name), read, None, content.size, file.tell)
    yield from read_member(content, member, allowance)


class _Rated:
    """Stops a packed tar that unpacks to far more than its size."""

    def __init__(self, read: functools.partial[bytes] | object, packed: int | None, ratio: int) -> None:
        self._read, self._packed, self._ratio, self._given = read, packed, ratio, 0

    def read(self, size: int) -> bytes:
        data: bytes = self._read(size)  # type: ignore[operator]
        self._given += len(data)
        if self._packed is not None and self._given > max(64 * 1024 * 1024, self._ratio * self._packed):
            raise ReadError(
                GapReason.LIMIT,
                "unpacks to far more than its packed size (a decompression bomb?)",
                "raise limits.archive_ratio if this is expected",
            )
        return data


def _inner_name(name: str) -> str:
    """`register.csv.gz` holds `register.csv`."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    for suffix in _SUFFIXES:
        if base.lower().endswith(suffix):
            return base[: -len(suffix)] or base
    return base


# --- 7-Zip, RAR, and ZIPs without a directory -------------------------------------


def _rar(content: Content, file: Watched) -> Iterator[Fragment | Gap]:
    """Protected members by the archive's own list; the others by libarchive."""
    source = cast(BinaryIO, file)
    closed: set[str] = set()
    try:
        for member in itertools.islice(rarlist.members(source), content.limits.archive_members):
            if member.encrypted:
                closed.add(member.name)
                place = content.place.child("member", member.name)
                yield gap(
                    content,
                    GapReason.ENCRYPTED,
                    "a member is protected by a password",
                    "",
                    place,
                    member.size,
                )
    except rarlist.NamesEncrypted as error:
        raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
    form = "rar5" if content.head[6:8] == b"\x01\x00" else "rar"
    yield from _by_libarchive(content, file, form, skip=frozenset(closed))


def _by_libarchive(
    content: Content,
    file: Watched,
    form: str,
    allowance: Allowance | None = None,
    skip: frozenset[str] = frozenset(),
) -> Iterator[Fragment | Gap]:
    try:
        import libarchive
        from libarchive import ffi
    except (ImportError, OSError, AttributeError, TypeError) as error:
        raise ReadError(
            GapReason.MISSING_EXTRA,
            "this archive needs the system library libarchive",
            "apt-get install libarchive13",
        ) from error
    # Its warnings (bad checksums) would go to standard error; damage shows as a gap instead.
    logging.getLogger("libarchive").setLevel(logging.ERROR)
    allowance = allowance or Allowance.of(content.limits)
    quiet = Watched(cast(BinaryIO, file), quiet=True)  # an exception cannot pass through C
    try:
        ffi.get_read_format_function(form)
    except ValueError as error:
        raise ReadError(GapReason.UNSUPPORTED, "this system's libarchive does not read the format") from error
    try:
        file.seek(0)
        found = False
        with libarchive.stream_reader(quiet, format_name=form, block_size=CHUNK) as archive:
            for entry in archive:
                found = True
                if entry.isdir or entry.issym or entry.islnk:
                    continue
                name = str(entry.pathname or "?")
                if name in skip:
                    continue
                blocks = _Blocks(entry)
                yield from _entry(content, Member(name, blocks.read, entry.size, None), blocks, allowance)
    except libarchive.ArchiveError as error:
        quiet.check()
        file.check()
        raise _reason(error) from error
    quiet.check()
    if not found and (content.size or 0) > EMPTY:
        raise ReadError(GapReason.CORRUPT, "no member can be found in the archive")


def _entry(
    content: Content, member: Member, blocks: _Blocks, allowance: Allowance
) -> Iterator[Fragment | Gap]:
    yield from read_member(content, member, allowance)
    if blocks.error is not None:
        place = content.place.child("member", member.name)
        yield gap(content, blocks.error.reason, blocks.error.detail, "", place)


class _Blocks:
    """`read` over the blocks libarchive gives; its errors are kept, the member then ends early."""

    def __init__(self, entry: object) -> None:
        self._blocks = entry.get_blocks(CHUNK)  # type: ignore[attr-defined]
        self.error: ReadError | None = None

    def read(self, size: int) -> bytes:  # noqa: ARG002 - a block is what the library gives
        import libarchive

        try:
            return bytes(next(self._blocks, b""))
        except libarchive.ArchiveError as error:
            self.error = _reason(error)
            return b""


def _reason(error: Exception) -> ReadError:
    """Only the library's own words are looked at, and none of them is repeated."""
    text = str(error).lower()
    if any(word in text for word in ("encrypt", "passphrase", "crypto", "password")):
        return ReadError(GapReason.ENCRYPTED, "protected by a password")
    if "unsupported" in text or "not supported" in text:
        return ReadError(GapReason.UNSUPPORTED, "packed by a method that is not supported")
    return ReadError(GapReason.CORRUPT, _DAMAGED)
