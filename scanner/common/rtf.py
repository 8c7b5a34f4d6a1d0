"""Rich Text Format (specification 1.9.1) as a stream: text, tables, and what a reader would not see.

Text comes as (text, hidden) pieces, a table row as a list of cells, an embedded object or
picture as bytes.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

_TOKEN = re.compile(
    r"\\(?:([A-Za-z]{1,40})(-?\d{1,10})? ?|'([0-9A-Fa-f]{2})|([^A-Za-z]))|([{}])|([^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
MAX_DEPTH = 2_000
MAX_OBJECT = 64 * 1024 * 1024
"""Bytes of one embedded object that are kept."""
_SKIPPED = frozenset(
    """fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator xmlnstbl themedata colorschememapping
    latentstyles datastore pgdsctbl pntext pntxtb pntxta listtext fchars lchars filetbl revtbl""".split()
)
_HIDDEN = frozenset(
    """info fldinst annotation atnauthor atnid atndate template bkmkstart bkmkend private userprops docvar
    company manager operator author title subject keywords comment doccomm hlinkbase""".split()
)
_SHOWN = frozenset("header footer headerl headerr headerf footerl footerr footerf footnote fldrslt shptxt result "
                   "pict object objdata shppict shpinst shp field htmltag".split())  # fmt: skip
_BREAKS = {"par": "\n", "line": "\n", "page": "\n", "sect": "\n", "tab": "\t", "emdash": "—", "endash": "–",
           "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
           "enspace": " ", "nestcell": "\t", "nestrow": "\n"}  # fmt: skip


@dataclasses.dataclass(slots=True)
class _Group:
    destination: str = ""
    hidden: bool = False
    skipped: bool = False
    fallback: int = 1
    """Characters to leave out after a Unicode one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Embedded:
    """An object or a picture, as the bytes its hexadecimal digits stand for."""

    data: bytes
    picture: bool


Item = tuple[str, bool] | list[str] | Embedded


class Reader:
    """Feed it text (bytes read as Latin-1); it gives out items."""

    def __init__(self) -> None:
        self._rest = ""
        self._groups = [_Group()]
        self._star = False
        self._skip = 0
        self._binary = 0
        self._codec = "cp1252"
        self._bytes = bytearray()
        self._text: list[str] = []
        self._unseen: list[str] = []
        self._chars = 0
        self._row: list[str] | None = None
        self._hex: list[str] = []
        self._hex_size = 0
        self.started = False

    @property
    def open(self) -> bool:
        """True while a group is not closed: the document is cut off if that is its end."""
        return len(self._groups) > 1

    def feed(self, chunks: Iterable[str]) -> Iterator[Item]:
        for chunk in chunks:
            text = self._rest + chunk
            at = 0
            # A control word or escape at the very end may go on in the next chunk.
            end = len(text) if len(chunk) < 64 else max(text.rfind("\\", len(text) - 64), 0) or len(text)
            while at < end:
                if self._binary:
                    step = min(self._binary, end - at)
                    self._binary -= step
                    at += step
                    continue
                match = _TOKEN.match(text, at, end)
                if match is None:
                    at += 1
                    continue
                at = match.end()
                yield from self._token(match)
            self._rest = text[end:]
            if self._chars > 65536:
                yield from self._give()
        if self._rest:
            rest, self._rest = self._rest, ""
            for match in _TOKEN.finditer(rest):
                yield from self._token(match)
        yield from self._give()

    def _token(self, match: re.Match[str]) -> Iterator[Item]:
        word, number, byte, symbol, brace, text = match.groups()
        if byte is not None:
            if self._skip:
                self._skip -= 1
            else:
                self._bytes += bytes.fromhex(byte)
            return
        self._flush_bytes()
        if brace:
            yield from self._brace(brace)
        elif text is not None:
            self._add(text)
        elif word:
            yield from self._word(word, int(number) if number else None)
        elif symbol == "*":
            self._star = True
        elif symbol:
            self._add(
                {"~": " ", "_": "-", "-": ""}.get(
                    symbol, symbol if symbol in "\\{}" else "\n" if symbol in "\r\n" else ""
                )
            )

    def _brace(self, brace: str) -> Iterator[Item]:
        self._star = False
        if brace == "{":
            if len(self._groups) < MAX_DEPTH:
                top = self._groups[-1]
                self._groups.append(dataclasses.replace(top))
            return
        if len(self._groups) > 1:
            ended = self._groups.pop()
            if ended.destination in ("objdata", "pict") and self._groups[-1].destination != ended.destination:
                yield from self._object(ended.destination == "pict")
            above = self._groups[-1]
            if ended.hidden and (not above.hidden or above.destination != ended.destination):
                self._unseen.append("\n")

    def _object(self, picture: bool) -> Iterator[Item]:
        digits = "".join(self._hex)
        self._hex, self._hex_size = [], 0
        digits = digits[: len(digits) - len(digits) % 2]
        if len(digits) >= 40:
            yield Embedded(bytes.fromhex(digits), picture)

    def _word(self, word: str, number: int | None) -> Iterator[Item]:
        group = self._groups[-1]
        if self._star:
            self._star = False
            if word not in _HIDDEN and word not in _SHOWN:
                group.skipped = True
        if word == "rtf":
            self.started = True
        elif word in _SKIPPED:
            group.skipped = True
        elif word in _HIDDEN:
            group.hidden, group.destination = True, word
        elif word in _SHOWN:
            group.destination = word
        elif word == "u" and number is not None:
            self._add(_character(number))
            self._skip = group.fallback
        elif word == "uc":
            group.fallback = max(0, min(number or 0, 10))
        elif word == "bin":
            self._binary = max(0, number or 0)
        elif word == "ansicpg":
            self._codec = _codec(number)
        elif word in ("v", "deleted"):
            group.hidden = number != 0
        elif word == "plain":
            group.hidden = group.destination in _HIDDEN
        elif word == "trowd" and self._row is None:
            yield from self._give()
            self._row = []
        elif word == "cell":
            if self._row is None:
                self._row = []
            self._row.append("".join(self._text).strip())
            self._text = []
        elif word == "row":
            row, self._row = self._row, None
            if row:
                yield row
        elif word in _BREAKS:
            self._add(_BREAKS[word])

    def _add(self, text: str) -> None:
        if self._skip:
            left = len(text) - self._skip
            text, self._skip = text[self._skip :], max(0, -left)
        group = self._groups[-1]
        if not text or group.skipped:
            return
        if group.destination in ("objdata", "pict"):
            self._hex_size += len(text)
            if self._hex_size <= 2 * MAX_OBJECT:
                self._hex.append("".join(c for c in text if c in "0123456789abcdefABCDEF"))
            return
        self._chars += len(text)
        (self._unseen if group.hidden else self._text).append(text)

    def _flush_bytes(self) -> None:
        if self._bytes:
            raw, self._bytes = bytes(self._bytes), bytearray()
            self._add(raw.decode(self._codec, "replace"))

    def _give(self) -> Iterator[Item]:
        self._flush_bytes()
        if self._row is None:
            visible, self._text = "".join(self._text), []
            if visible.strip():
                yield visible, False
        hidden, self._unseen = "".join(self._unseen), []
        if hidden.strip():
            yield hidden, True
        self._chars = 0


def _character(number: int) -> str:
    number %= 0x10000
    return "" if 0xD800 <= number < 0xE000 else chr(number)


def _codec(number: int | None) -> str:
    import codecs

    try:
        return codecs.lookup("utf-8" if number == 65001 else f"cp{number}").name
    except LookupError:
        return "cp1252"


_PREBUFFER = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
    b"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u"
    b"\\tab\\tx"
)
MAX_UNPACKED = 64 * 1024 * 1024


def unpacked(data: bytes) -> bytes:
    """The RTF inside Outlook's compressed form ([MS-OXRTFCP] 2.2.3); b"" if it is none."""
    if len(data) < 16:
        return b""
    kind = data[8:12]
    if kind == b"MELA":
        return data[16:]
    if kind != b"LZFu":
        return b""
    window = bytearray(4096)
    window[: len(_PREBUFFER)] = _PREBUFFER
    write = len(_PREBUFFER)
    out = bytearray()
    at = 16
    while at < len(data) and len(out) < MAX_UNPACKED:
        control = data[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 2 > len(data):
                    return bytes(out)
                token = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = token >> 4, (token & 0xF) + 2
                if offset == write:
                    return bytes(out)
                for i in range(length):
                    byte = window[(offset + i) % 4096]
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) % 4096
            else:
                if at >= len(data):
                    return bytes(out)
                out.append(data[at])
                window[write] = data[at]
                write = (write + 1) % 4096
                at += 1
    return bytes(out)
