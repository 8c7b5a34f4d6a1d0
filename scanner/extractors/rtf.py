"""Rich Text Format documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scanner.common import rtfread, sniff
from scanner.common.rtf import Reader
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

_CHUNK = 256 * 1024


class RtfExtractor:
    name: ClassVar[str] = "rtf"
    media_types: ClassVar[tuple[str, ...]] = (sniff.RTF,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        reader = Reader()
        yield from rtfread.fragments(content, reader, _chunks(content))
        if reader.open:
            raise ReadError(GapReason.CORRUPT, "the document is cut off")


def _chunks(content: Content) -> Iterator[str]:
    content.file.seek(0)
    while raw := content.file.read(_CHUNK):
        yield raw.decode("latin-1")
