"""Data files of statistics packages: SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt).

Value labels are read too: a coded column says "Christian" or "asthma" in its labels.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common import sniff
from scanner.common.extracting import Watched, gap
from scanner.contracts import Content, Fragment, TableFragment, TextFragment
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason

CELLS = 2_000_000
"""Cells read at once: the library starts again from the front for every piece."""
_XPORT_RECORD = 80
"""Bytes of which a SAS transport file is a multiple ("The Record Layout of a Data Set in SAS Transport Format")."""
_READERS = {
    sniff.SPSS: "read_sav",
    sniff.SPSS_PORTABLE: "read_por",
    sniff.STATA: "read_dta",
    sniff.SAS: "read_sas7bdat",
    sniff.SAS_TRANSPORT: "read_xport",
}


class StatisticsExtractor:
    name: ClassVar[str] = "statistics"
    media_types: ClassVar[tuple[str, ...]] = tuple(_READERS)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        try:
            import pyreadstat
        except ImportError as error:
            raise MissingExtra("a statistics data file", "statistics") from error
        reader = _READERS.get(sniff.media_type(content.head, content.name))
        if reader is None:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off data file")
        read = getattr(pyreadstat, reader)
        watched = Watched(content.file, quiet=True)  # an exception cannot pass through C
        try:
            yield from _pieces(content, watched, read)
        except (
            pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, OSError, UnicodeError,
            MemoryError, KeyError, IndexError, TypeError,
        ) as error:  # fmt: skip
            watched.check()
            if "encrypt" in str(error).lower() or "password" in str(error).lower():
                raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off data file") from error
        watched.check()
        if content.head.startswith(b"HEADER RECORD") and (content.size or 0) % _XPORT_RECORD:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off data file")


def _pieces(content: Content, file: Watched, read: Callable[..., Any]) -> Iterator[Fragment | Gap]:
    file.seek(0)
    _, meta = read(cast(BinaryIO, file), metadataonly=True, output_format="dict")
    names = list(meta.column_names)
    labels = _labels(meta)
    if labels:
        yield TextFragment(labels, content.place.child("part", "labels"))
    if not names:
        return
    step = max(content.limits.batch_rows, CELLS // len(names))
    start = 0
    cells = _Cells(content.limits.cell_chars)
    while True:
        file.seek(0)
        columns, _ = read(
            cast(BinaryIO, file), row_offset=start, row_limit=step, output_format="dict",
            disable_datetime_conversion=False,
        )  # fmt: skip
        height = max((len(column) for column in columns.values()), default=0)
        for at in range(0, height, content.limits.batch_rows):
            yield TableFragment(
                {
                    name: [cells.text(value) for value in column[at : at + content.limits.batch_rows]]
                    for name, column in columns.items()
                },
                content.place,
                first_row=start + at,
            )
        start += height
        if height < step:
            break
    if cells.cut:
        yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")


def _labels(meta: Any) -> str:
    """What the author wrote beside the data: file label, notes, column and value labels. At most 1 MB."""
    words = [str(meta.file_label or ""), *map(str, meta.notes or ())]
    for name, label in zip(meta.column_names, meta.column_labels or (), strict=False):
        words.append(f"{name}: {label}" if label else "")
    for values in (meta.variable_value_labels or {}).values():
        words.append("; ".join(map(str, list(values.values())[:1000])))
    return "\n".join(filter(None, words))[:1_000_000]


class _Cells:
    def __init__(self, most: int) -> None:
        self._most = most
        self.cut = False

    def text(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            if math.isnan(value):
                return None
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
        if isinstance(value, dt.datetime) and value.time() == dt.time():
            value = value.date()
        text = str(value)
        self.cut = self.cut or len(text) > self._most
        return text[: self._most] or None
