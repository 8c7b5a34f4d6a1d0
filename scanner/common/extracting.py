"""What extractors share: gaps, files that remember errors, and cutting files at line ends."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from scanner.common.encoding import Encoding
from scanner.contracts import Content
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place, Stage

MAX_LINE = 4 * 1024 * 1024
"""Bytes after which a line without an end is cut all the same."""


def gap(
    content: Content,
    reason: GapReason,
    detail: str,
    remedy: str = "",
    place: Place | None = None,
    size: int = 0,
) -> Gap:
    """A gap of this content. The subject is left empty: the caller of `read_content` knows the store."""
    return Gap("", Stage.EXTRACT, reason, detail, place or content.place, remedy, size)


class Watched(io.RawIOBase):
    """A file handed to a foreign library that may swallow or rename what `read` raises.

    The first ReadError is kept in `error`; with `quiet` it is not raised (C callbacks
    cannot carry it) and the file seems to end there instead. Call `check()` afterwards.
    """

    def __init__(self, file: BinaryIO, quiet: bool = False) -> None:
        super().__init__()
        self._file, self._quiet = file, quiet
        self.error: ReadError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return self._file.read(-1 if size is None else size)
        except ReadError as error:
            self.error = self.error or error
            if self._quiet:
                return b""
            raise

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def check(self) -> None:
        """Raises the ReadError that a library may have hidden."""
        if self.error is not None:
            raise self.error


def read_up_to(file: BinaryIO, size: int) -> bytes:
    """`size` bytes, or fewer only at the file's end (a raw file may return less per call)."""
    parts, left = [], size
    while left > 0:
        part = file.read(left)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def read_whole(content: Content) -> bytes:
    """All bytes. Raises ReadError(LIMIT) if there are more than `limits.object_bytes`."""
    most = content.limits.object_bytes
    content.file.seek(0)
    if content.size is not None and content.size > most:
        raise ReadError(GapReason.LIMIT, f"larger than {most:,} bytes", "raise limits.object_bytes")
    data = read_up_to(content.file, most + 1)
    if len(data) > most:
        raise ReadError(GapReason.LIMIT, f"larger than {most:,} bytes", "raise limits.object_bytes")
    return data


def _find(raw: bytes, needle: bytes, start: int, unit: int) -> int:
    """Like bytes.find, on code-unit boundaries only."""
    at = raw.find(needle, max(start, 0))
    while at > 0 and at % unit:
        at = raw.find(needle, at + 1)
    return at


def _rfind(raw: bytes, needle: bytes, unit: int) -> int:
    at = raw.rfind(needle)
    while at > 0 and at % unit:
        at = raw.rfind(needle, 0, at + len(needle) - 1)
    return at


def _forced_cut(raw: bytes, encoding: Encoding) -> int:
    """Where to cut a line that has no end: after a space if there is one, else between characters."""
    space = _rfind(raw, " ".encode(encoding.name), encoding.unit)
    if space > len(raw) // 2:
        return space + encoding.unit
    cut = len(raw) - len(raw) % encoding.unit
    if encoding.name == "utf-8":
        while cut > len(raw) - 4 and raw[cut - 1] & 0xC0 == 0x80:
            cut -= 1
        if raw[cut - 1] & 0xC0 == 0xC0:
            cut -= 1
    return cut


def line_blocks(
    content: Content, encoding: Encoding, size: int, max_line: int = MAX_LINE
) -> Iterator[tuple[str, bool]]:
    """The content as text in blocks of about `size` bytes that end at line ends.

    With `content.span`, the lines that *start* inside it: neighbouring spans share no line
    and lose none. The flag is True for blocks past the span (someone in the middle of a
    record may want to read on; others stop there). Raises what `file.read` raises.
    """
    file, unit, newline = content.file, encoding.unit, encoding.newline
    position, end = encoding.bom, None
    if content.span is not None:
        end = content.span.end
        if content.span.start > encoding.bom:
            found = _line_start(file, content.span.start, encoding, end)
            if found is None:
                return
            position = found
        if position >= end:
            return
    file.seek(position)
    raw, beyond = b"", False
    while True:
        # Past the span only the end of one record is wanted; before its end, little more.
        ask = size if end is None else min(size, max(end - position - len(raw), 0) + 65536)
        part = file.read(ask)
        raw += part
        if end is not None and not beyond and position + len(raw) >= end:
            # The line that starts before the span's end belongs to it: cut after that line.
            at = _find(raw, newline, end - position - unit, unit)
            if at >= 0 or not part or len(raw) > max_line + size:
                cut = at + unit if at >= 0 else len(raw)
                if cut:
                    yield encoding.decode(raw[:cut]), False
                raw, position, beyond = raw[cut:], position + cut, True
                continue
        if not part:
            if raw:
                yield encoding.decode(raw), beyond
            return
        cut = _rfind(raw, newline, unit) + unit
        if cut < unit and len(raw) >= max_line:
            cut = _forced_cut(raw, encoding)
        if cut >= unit and (end is None or beyond or position + cut < end):
            block, raw, position = [encoding.decode(raw[:cut])], raw[cut:], position + cut
            yield block.pop(), beyond  # nothing of a block is held while it is worked on


def _line_start(file: BinaryIO, start: int, encoding: Encoding, end: int) -> int | None:
    """The first position at or after `start` where a line starts, or None before `end`."""
    unit = encoding.unit
    position = start - start % unit - unit if start % unit == 0 else start - start % unit
    file.seek(position)
    while position < end:
        raw = read_up_to(file, 65536)
        at = _find(raw, encoding.newline, 0, unit)
        if at >= 0:
            return position + at + unit
        if len(raw) < 65536:
            return None
        position += len(raw)
    return None
