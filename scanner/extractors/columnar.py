"""Apache ORC, and Arrow files and streams (Feather version 2), a stripe or batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common import arrow, sniff
from scanner.common.extracting import Watched
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

MAX_PIECE = 512 * 1024 * 1024
"""Unpacked bytes of one stripe or batch, which these formats hold whole."""


class ColumnarExtractor:
    name: ClassVar[str] = "columnar"
    media_types: ClassVar[tuple[str, ...]] = (sniff.ORC, sniff.ARROW, sniff.ARROW_STREAM)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        import pyarrow as pa

        watched = Watched(content.file)
        watched.seek(0)
        source = pa.PythonFile(cast(BinaryIO, watched), mode="r")
        batches = _orc if content.head.startswith(b"ORC") else _arrow
        try:
            yield from arrow.fragments(content, batches(content, source))
        except (
            pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, UnicodeError, KeyError, TypeError,
        ) as error:  # fmt: skip
            watched.check()
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off columnar file") from error
        watched.check()


def _orc(content: Content, source: Any) -> Iterator[Any]:
    from pyarrow import orc

    file = orc.ORCFile(source)
    if file.content_length > content.limits.archive_ratio * max(content.size or 0, 1024 * 1024):
        raise ReadError(GapReason.LIMIT, "unpacks to far more than its packed size (a decompression bomb?)")
    names = [field.name for field in file.schema if arrow.readable(field.type, 0)]
    if not names:
        return
    for number in range(file.nstripes):
        yield from _slices(content, file.read_stripe(number, columns=names))


def _arrow(content: Content, source: Any) -> Iterator[Any]:
    import pyarrow as pa

    options = pa.ipc.IpcReadOptions(use_threads=False)
    if content.head.startswith(b"ARROW1"):
        file = pa.ipc.open_file(source, options=options)
        batches = (file.get_batch(i) for i in range(file.num_record_batches))
    else:
        batches = iter(pa.ipc.open_stream(source, options=options))
    for batch in batches:
        # Offsets inside a batch are not checked by reading it, and a wrong one reads foreign memory.
        batch.validate(full=True)
        if batch.nbytes > MAX_PIECE:
            raise ReadError(GapReason.LIMIT, f"a batch of more than {MAX_PIECE:,} bytes")
        wanted = [name for name, kind in zip(batch.schema.names, batch.schema.types, strict=True)
                  if arrow.readable(kind, 0)]  # fmt: skip
        yield from _slices(content, batch.select(wanted))


def _slices(content: Content, batch: Any) -> Iterator[Any]:
    for start in range(0, batch.num_rows, content.limits.batch_rows):
        yield batch.slice(start, content.limits.batch_rows)
