"""Plain text and logs, in blocks that end at line ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import line_blocks
from scanner.common.sniff import TEXT
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 64 * 1024
"""Bytes of one fragment, about."""


class TextExtractor:
    name: ClassVar[str] = "text"
    media_types: ClassVar[tuple[str, ...]] = (TEXT,)
    splittable: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        for text, beyond in line_blocks(content, encoding, BLOCK, max_line=4 * BLOCK):
            if beyond:
                return
            if "\0" in text:
                text = text.replace("\0", "")
            if text.strip():
                yield TextFragment(text, content.place)
