"""Apache Parquet, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common import arrow
from scanner.common.extracting import Watched
from scanner.common.sniff import PARQUET
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BATCH_BYTES = 16 * 1024 * 1024
"""Unpacked bytes wanted in one batch."""


class ParquetExtractor:
    name: ClassVar[str] = "parquet"
    media_types: ClassVar[tuple[str, ...]] = (PARQUET,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        watched = Watched(content.file)
        watched.seek(0)
        try:
            file = pq.ParquetFile(
                pa.PythonFile(cast(BinaryIO, watched), mode="r"), pre_buffer=False, buffer_size=1024 * 1024
            )
            yield from _batches(content, file)
        except (
            pa.ArrowException,
            OSError,
            ValueError,
            OverflowError,
            MemoryError,
            UnicodeError,
            KeyError,
        ) as error:
            watched.check()
            if "encrypt" in str(error).lower():
                raise ReadError(GapReason.ENCRYPTED, "encrypted Parquet") from error
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off Parquet") from error


def _batches(content: Content, file: Any) -> Iterator[Fragment | Gap]:
    schema = file.schema_arrow
    names = [field.name for field in schema if arrow.readable(field.type, 0)]
    if not names:
        return
    rows, size = max(file.metadata.num_rows, 1), 0
    for i in range(file.metadata.num_row_groups):
        size += max(file.metadata.row_group(i).total_byte_size, 0)
    per_batch = max(1, min(content.limits.batch_rows, int(BATCH_BYTES / max(size / rows, 1))))
    yield from arrow.fragments(
        content, file.iter_batches(batch_size=per_batch, columns=names, use_threads=False)
    )
