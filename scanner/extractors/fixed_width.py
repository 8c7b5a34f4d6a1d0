"""Text tables without a delimiter: mainframe and payroll exports, printed lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scanner.common import fixedwidth
from scanner.common.encoding import detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.sniff import FIXED
from scanner.common.tables import RowCollector
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 1024 * 1024
"""Bytes read at once."""


class FixedWidthExtractor:
    name: ClassVar[str] = "fixed_width"
    media_types: ClassVar[tuple[str, ...]] = (FIXED,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        cut = len(content.head) - len(content.head) % encoding.unit
        starts = fixedwidth.columns(encoding.decode(content.head[encoding.bom : cut])) or [0]
        rows = RowCollector(content.place, content.limits, always=True)
        for text, _ in line_blocks(content, encoding, BLOCK):
            for line in text.replace("\0", " ").splitlines():
                # a rule under the header is no row
                if line.strip(" -=_+|"):
                    yield from rows.add(fixedwidth.cells(line, starts))
        yield from rows.finish()
        if rows.cut:
            yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
