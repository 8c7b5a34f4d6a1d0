"""Which text encoding bytes are in, and whether they are text at all.

Order: byte-order marks, UTF-16 without one (by its zero bytes), UTF-8, Windows-1252.
`charset-normalizer` is asked only where Windows-1252 would be implausible: it is slow
and, on nearly-ASCII text, often wrong.
"""

from __future__ import annotations

import codecs
import dataclasses

FALLBACK = "dpscan-cp1252"
"""Name of the codec error handler: a byte that does not decode is read as Windows-1252, so
that a file whose later part is in another encoding still yields its letters."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters that text does not have (tab, line feed, form feed, carriage return,
# SUB as DOS end of file and ESC of terminal colours are left out).
_CONTROLS = bytes(set(range(1, 32)) - {8, 9, 10, 11, 12, 13, 26, 27}) + b"\x7f"
_UNDEFINED_1252 = b"\x81\x8d\x8f\x90\x9d"
_HIGH = bytes(range(128, 256))
_WIDTH = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(FALLBACK, _as_cp1252)


@dataclasses.dataclass(frozen=True, slots=True)
class Encoding:
    """How to turn a file's bytes into text."""

    name: str
    bom: int = 0
    """Bytes of the byte-order mark to skip at the file's start."""
    newline: bytes = b"\n"
    """The byte sequence that ends a line."""

    @property
    def unit(self) -> int:
        """Bytes of the smallest code unit: 1, 2 or 4. Cuts fall on multiples of it."""
        return _WIDTH.get(self.name, 1)

    def decode(self, raw: bytes) -> str:
        """Never fails."""
        return raw.decode(self.name, FALLBACK)


def _with_newline(name: str, bom: int, head: bytes) -> Encoding:
    # Old Macintosh files end lines with a carriage return alone.
    line_feed, carriage_return = "\n".encode(name), "\r".encode(name)
    newline = carriage_return if line_feed not in head and carriage_return in head else line_feed
    return Encoding(name, bom, newline)


def _utf16_without_mark(head: bytes) -> str | None:
    if len(head) < 8:
        return None
    even, odd = head[0::2], head[1::2]
    zero_even, zero_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zero_odd > 0.4 and zero_even < 0.05:
        return "utf-16-le"
    if zero_even > 0.4 and zero_odd < 0.05:
        return "utf-16-be"
    return None


def detect(head: bytes) -> Encoding | None:
    """The encoding of a file that begins with `head`, or None if it is not text."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _with_newline(name, len(mark), head)
    name16 = _utf16_without_mark(head)
    if name16:
        readable = sum(c.isprintable() or c.isspace() for c in head[:4096].decode(name16, "replace"))
        return _with_newline(name16, 0, head) if readable > 0.9 * len(head[:4096]) / 2 else None
    if not head:
        return Encoding("utf-8")
    zeros = head.count(0)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if zeros > 0.01 * len(head) + 1 or controls > 0.02 * len(head):
        return None
    if head.isascii():
        return _with_newline("utf-8", 0, head)
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if not bad or good > 3 * bad:
        return _with_newline("utf-8", 0, head)
    return _with_newline(_eight_bit(head), 0, head)


def _eight_bit(head: bytes) -> str:
    high = len(head) - len(head.translate(None, _HIGH))
    undefined = len(head) - len(head.translate(None, _UNDEFINED_1252))
    if high < 0.3 * len(head) and undefined <= 0.05 * high:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head[:16384], enable_fallback=False).best()
    return best.encoding if best and best.encoding not in ("ascii", "utf_8") else "cp1252"
