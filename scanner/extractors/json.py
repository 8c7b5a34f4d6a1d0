"""JSON and JSON lines, without holding more than one record at a time.

A buffer is read through; whatever value lies whole in it is decoded by the standard
library. A container too large for the buffer is entered and read element by element.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from scanner.common.encoding import Encoding, detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.records import MAX_DEPTH, Records
from scanner.common.sniff import JSON, JSON_LINES, media_type
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 1024 * 1024
"""Bytes read at once."""
WHOLE = 4 * 1024 * 1024
"""Characters of one value decoded in one piece; longer objects and lists are entered."""
MAX_TEXT = 64 * 1024 * 1024
"""Characters of one string or number beyond which the file is given up."""
_SPACE = re.compile(r"[ \t\r\n\0\ufeff\x1e]*")


class JsonExtractor:
    name: ClassVar[str] = "json"
    media_types: ClassVar[tuple[str, ...]] = (JSON, JSON_LINES)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True
    splittable_types: ClassVar[tuple[str, ...]] = (JSON_LINES,)

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        records = Records(content.place, content.limits)
        stream = _Stream(content, encoding, records)
        broken: ReadError | None = None
        try:
            yield from stream.run()
        except _Broken:
            broken = ReadError(GapReason.CORRUPT, "not valid JSON, or cut off; its end was read as text")
        yield from records.flush()
        if broken:
            yield from stream.rest()
        if records.too_deep or stream.too_deep:
            yield gap(content, GapReason.LIMIT, f"nested deeper than {MAX_DEPTH} levels")
        if records.cut:
            yield gap(content, GapReason.LIMIT, "long strings were cut", "raise limits.cell_chars")
        if stream.bad_lines:
            yield gap(content, GapReason.CORRUPT, "some lines are not valid JSON; they were read as text")
        if broken:
            raise broken


class _Broken(Exception):
    """What follows is not JSON."""


class _Stream:
    def __init__(self, content: Content, encoding: Encoding, records: Records) -> None:
        self.content, self.records = content, records
        self._blocks = line_blocks(content, encoding, BLOCK, max_line=BLOCK)
        self._decoder = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
        self._text, self._at, self._ended = "", 0, False
        self._lines = media_type(content.head, content.name) == JSON_LINES
        self.too_deep = False
        self.bad_lines = False

    def run(self) -> Iterator[Fragment]:
        """Every value of the file, one after the other (JSON lines are just that)."""
        while self._skip_space():
            try:
                yield from self._value("", 0, self._lines)
            except _Broken:
                # In JSON lines one bad line costs only itself.
                line_end = self._text.find("\n", self._at)
                if line_end < 0 or self._text[line_end + 1 : line_end + 2] not in ("{", "["):
                    raise
                yield from self._as_text(self._text[self._at : line_end])
                self._at = line_end + 1
                self.bad_lines = True

    def rest(self) -> Iterator[Fragment]:
        """What could not be parsed, as text: it may be personal all the same."""
        while True:
            yield from self._as_text(self._text[self._at :])
            self._text, self._at = "", 0
            if not self._more():
                return

    def _as_text(self, text: str) -> Iterator[Fragment]:
        for start in range(0, len(text), 65536):
            if text[start : start + 65536].strip():
                yield TextFragment(text[start : start + 65536], self.content.place)

    def _more(self) -> bool:
        """One more block behind what is left. False at the end."""
        if self._ended:
            return False
        block = next(self._blocks, None)
        if block is None or block[1]:
            self._ended = True
            return False
        self._text = self._text[self._at :] + block[0]
        self._at = 0
        return True

    def _skip_space(self) -> bool:
        """To the next character that is no space; False if there is none."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return True
            if not self._more():
                return False

    def _peek(self) -> str:
        if not self._skip_space():
            raise _Broken
        return self._text[self._at]

    def _decode(self) -> tuple[bool, Any]:
        """(True, value) if a whole value lies ahead within WHOLE characters, else (False, None)."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, ValueError) as error:
                position = getattr(error, "pos", len(self._text))
                unfinished = position >= len(self._text) - 16 or "Unterminated" in str(error)[:12]
                if self._ended or not unfinished:
                    raise _Broken from None
            except RecursionError:
                return False, None
            else:
                # A number at the very end of the buffer may go on in the next block.
                if end < len(self._text) or isinstance(value, (str, list, dict)) or not self._more():
                    self._at = end
                    return True, value
                continue
            container = self._text[self._at] in "{["
            if len(self._text) - self._at > (WHOLE if container else MAX_TEXT):
                if container:
                    return False, None
                raise ReadError(GapReason.LIMIT, "a single string longer than 64 million characters")
            if not self._more():
                raise _Broken

    def _value(self, path: str, depth: int, element: bool) -> Iterator[Fragment]:
        opener = self._peek()
        try:
            whole, value = self._decode()
        except _Broken:
            if opener not in "{[" or depth > MAX_DEPTH:
                raise
            whole, value = False, None  # enter it: what comes before the break still counts
        if whole:
            yield from self.records.add(value, path, element)
            return
        if depth > MAX_DEPTH:
            self.too_deep = True
            raise _Broken
        self._at += 1
        yield from self._list(path, depth) if opener == "[" else self._object(path, depth)

    def _list(self, path: str, depth: int) -> Iterator[Fragment]:
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield from self._value(path, depth + 1, element=True)
            if self._comma("]"):
                return

    def _object(self, path: str, depth: int) -> Iterator[Fragment]:
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            if self._peek() != '"':
                raise _Broken
            _, key = self._decode()
            if self._peek() != ":":
                raise _Broken
            self._at += 1
            yield from self._member(path, str(key), depth)
            if self._comma("}"):
                return

    def _member(self, path: str, key: str, depth: int) -> Iterator[Fragment]:
        """One key of an object too large to decode whole: as a one-key object, so that keys
        which are data are noticed; a large value is entered under its dotted path."""
        if self._peek() in "{[":
            try:
                whole, value = self._decode()
            except _Broken:
                whole = False
            if not whole:
                yield from self._value(
                    f"{path}.{key}"[-500:] if path else key[:500], depth + 1, element=False
                )
                return
        else:
            _, value = self._decode()
        yield from self.records.add({key: value}, path, element=False)

    def _comma(self, closer: str) -> bool:
        """True if the container ends here, False if another element follows."""
        sign = self._peek()
        self._at += 1
        if sign == closer:
            return True
        if sign != ",":
            self._at -= 1
            raise _Broken
        if self._peek() == closer:  # a trailing comma, as people write it
            self._at += 1
            return True
        return False
