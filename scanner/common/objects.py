"""What all object stores share: paging, folding, ranged reads and resuming. No SDK here.

A connector brings an `ObjectClient` (two calls); this module turns it into units and files:

    list_units(client, store, target=…, prefix=…)  ->  Unit | Gap, one page in memory at a time
    open_unit(client, unit)                        ->  a seekable file that reads by range

**Resuming.** A page that fails with UNREACHABLE or TIMEOUT is asked again with the same token,
so a listing of millions never starts over; a range is asked again the same way. After the last
attempt the listing ends with one gap that says how far it came.

**Objects that change.** A unit carries the version seen while listing (ETag or generation) and
every range is asked for under that version. An object replaced or deleted since is VANISHED:
what was read of the old one and what would be read of the new one are never mixed, and the next
run reads the new one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol, TypeVar, cast

from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place, Stage, Store, Unit

BLOCK = 1024 * 1024
"""Bytes read ahead at a time."""
WHOLE = 8 * 1024 * 1024
"""Objects up to this many bytes are fetched in one request."""
ATTEMPTS = 4
"""How often one page or range is asked for, the first time included."""
FIRST_PAUSE = 0.5
"""Seconds before the second attempt; doubled before each further one."""

_PASSING = (GapReason.UNREACHABLE, GapReason.TIMEOUT)

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One object as a listing shows it."""

    key: str = dataclasses.field(repr=False)
    """Full name in the store; may name people, so not in the repr."""
    size: int
    """Bytes."""
    modified: dt.datetime | None
    """Time-zone aware, or None where the provider does not say."""
    version: str = ""
    """Changes when the content does (ETag, generation); handed back through `Unit.version`."""
    costly: str | None = None
    """Why default reading must not touch it (`in Glacier`, `requester pays`), else None."""


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One answer to a listing."""

    objects: tuple[ObjectInfo, ...]
    next: str | None
    """Token of the next page; None after the last."""


class ReadsRanges(Protocol):
    """What reading takes; enough for a store whose listing comes in a shape of its own."""

    def read_range(self, unit: Unit, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`, only if the object is still `unit.version`.

        Raises ReadError: VANISHED (deleted or replaced), DENIED, UNREACHABLE, TIMEOUT,
        ENCRYPTED (a key that this identity cannot supply).
        """
        ...


class ObjectClient(ReadsRanges, Protocol):
    """The only calls that differ between providers."""

    def list_page(self, store: Store, prefix: str, token: str | None) -> Page:
        """Objects whose key starts with `prefix`, from `token` on (None: from the start).

        Raises ReadError: DENIED, VANISHED (no such store), UNREACHABLE, TIMEOUT.
        """
        ...


# --- listing ----------------------------------------------------------------------


def list_units(
    client: ObjectClient,
    store: Store,
    *,
    target: str,
    prefix: str = "",
    attempts: int = ATTEMPTS,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Unit | Gap]:
    """Every object under `prefix` as a unit, a page at a time; memory does not grow with length.

    Folder markers (empty objects whose key ends in `/`) are left out. Objects that are costly
    to read come at the end as one Gap(COSTLY) per cause, with their count and bytes. A listing
    that cannot go on ends with one gap, after everything that was seen.
    """
    token: str | None = None
    seen = 0
    costly: dict[str, tuple[int, int]] = {}
    stopped: Gap | None = None
    while True:
        try:
            page = _again(lambda: client.list_page(store, prefix, token), attempts, pause)  # noqa: B023
        except ReadError as error:
            stopped = _stopped(store, seen, error)
            break
        for info in page.objects:
            if info.size == 0 and info.key.endswith("/"):
                continue
            seen += 1
            if info.costly is None:
                yield _unit(info, store, target)
            else:
                count, size = costly.get(info.costly, (0, 0))
                costly[info.costly] = (count + 1, size + info.size)
        if page.next is None:
            break
        if page.next == token:
            # Some S3 look-alikes ignore the token; asking on would never end.
            stopped = _stopped(
                store,
                seen,
                ReadError(GapReason.UNSUPPORTED, "the server repeats the same page of its listing"),
            )
            break
        token = page.next
    for cause, (count, size) in sorted(costly.items()):
        yield Gap(
            store.id,
            Stage.LIST,
            GapReason.COSTLY,
            f"not read because reading costs money or wakes archived data: {cause}",
            bytes=size,
            count=count,
        )
    if stopped is not None:
        yield stopped


def _unit(info: ObjectInfo, store: Store, target: str) -> Unit:
    modified = info.modified.astimezone(dt.UTC) if info.modified is not None else None
    return Unit(
        # Not the version: a unit that held something is found again after it was rewritten.
        id=info.key,
        store_id=store.id,
        target=target,
        place=Place((("object", info.key),)),
        size=info.size,
        modified=modified,
        version=info.version,
        params={"store": store.name, "key": info.key},
    )


def _stopped(store: Store, seen: int, error: ReadError) -> Gap:
    detail = error.detail if not seen else f"the listing stopped after {seen:,} objects: {error.detail}"
    return Gap(store.id, Stage.LIST, error.reason, detail, remedy=error.remedy)


def _again(call: Callable[[], T], attempts: int, pause: Callable[[float], None]) -> T:
    """`call()`, repeated with growing pauses while it fails in a way that may pass."""
    wait = FIRST_PAUSE
    for _ in range(attempts - 1):
        try:
            return call()
        except ReadError as error:
            if error.reason not in _PASSING:
                raise
        pause(wait)
        wait *= 2
    return call()


# --- reading ----------------------------------------------------------------------


class RangedFile(io.RawIOBase):
    """A seekable file over `ReadsRanges.read_range`, holding one block of read-ahead.

    Small objects (`whole`) are fetched once. Otherwise a read fetches the block that starts
    where it starts, or the last block of the object if it falls in there, so that formats with
    a footer (Parquet, ZIP) cost one request for it. Reads larger than a block are passed
    through without being kept. `read` may raise any ReadError of the client.
    """

    def __init__(
        self,
        client: ReadsRanges,
        unit: Unit,
        *,
        block: int = BLOCK,
        whole: int = WHOLE,
        attempts: int = ATTEMPTS,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        if unit.size is None:
            raise ValueError("a ranged file needs the object's size")
        self._client, self._unit, self.size = client, unit, unit.size
        self._block = self.size if self.size <= whole else block
        self._attempts, self._pause = attempts, pause
        self._at = 0
        self._held = b""
        self._held_from = 0

    def __repr__(self) -> str:
        return f"<object of {self.size} bytes>"

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start of the object")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self.closed:
            raise ValueError("read of a closed file")
        wanted = min(len(buffer), self.size - self._at)
        if wanted <= 0:
            return 0
        offset = self._at - self._held_from
        if not 0 <= offset < len(self._held):
            if wanted > self._block:
                buffer[:wanted] = self._fetch(self._at, self._at + wanted)
                self._at += wanted
                return wanted
            start = min(self._at, max(0, self.size - self._block))
            self._held = b""  # never two blocks at once
            self._held = self._fetch(start, min(start + self._block, self.size))
            self._held_from, offset = start, self._at - start
        piece = self._held[offset : offset + wanted]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._held = b""
        super().close()

    def _fetch(self, start: int, end: int) -> bytes:
        def once() -> bytes:
            data = self._client.read_range(self._unit, start, end)
            if len(data) != end - start:
                raise ReadError(GapReason.UNREACHABLE, "the answer ended before the range asked for")
            return data

        return _again(once, self._attempts, self._pause)


def open_unit(client: ReadsRanges, unit: Unit) -> BinaryIO:
    """A seekable binary file over the whole object; `read(n)` gives n bytes unless at the end.

    Nothing is asked of the provider before the first read, so errors come from `read`.
    """
    return cast(BinaryIO, io.BufferedReader(RangedFile(client, unit), 64 * 1024))
