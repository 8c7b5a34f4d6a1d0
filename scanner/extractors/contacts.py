"""Address books and calendars: vCard (RFC 6350, and its versions 2.1 and 3) and iCalendar (RFC 5545).

Each card, event or task is a row whose columns are its properties. Pictures and attached
files that are written into it are descended into.
"""

from __future__ import annotations

import base64
import binascii
import io
import quopri
import re
from collections.abc import Iterator
from typing import ClassVar

from scanner.common.encoding import Encoding, detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.records import Records
from scanner.common.sniff import CALENDAR, VCARD
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 256 * 1024
MAX_PROPERTY = 32 * 1024 * 1024
"""Characters of one property (a picture, say); the rest of a longer one is left."""
_PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_PARTS = {
    "N": ("family name", "given name", "other names", "prefix", "suffix"),
    "ADR": ("post box", "flat", "street", "town", "county", "postcode", "country"),
}
_NAMES = {
    "FN": "full name", "TEL": "telephone", "BDAY": "birthday", "EMAIL": "email", "ORG": "organisation",
    "DTSTART": "start", "DTEND": "end", "NOTE": "note", "TITLE": "title", "URL": "url", "GEO": "position",
}  # fmt: skip
_SILENT = frozenset({"VERSION", "PRODID", "REV", "DTSTAMP", "SEQUENCE", "BEGIN", "END"})
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class ContactsExtractor:
    name: ClassVar[str] = "contacts"
    media_types: ClassVar[tuple[str, ...]] = (VCARD, CALENDAR)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        yield from _Reading(content, encoding).run()


class _Reading:
    def __init__(self, content: Content, encoding: Encoding) -> None:
        self._content, self._encoding = content, encoding
        self._records = Records(content.place, content.limits)
        self._allowance = Allowance.of(content.limits)
        self._open: list[tuple[str, dict[str, str | list[str]]]] = []
        self._stray: list[str] = []
        self._files = 0

    def run(self) -> Iterator[Fragment | Gap]:
        for line in self._unfolded():
            yield from self._line(line)
        cut = bool(self._open)
        while self._open:
            yield from self._close()
        yield from self._records.flush()
        if any(line.strip() for line in self._stray):
            yield TextFragment("\n".join(self._stray), self._content.place)
        if self._records.cut:
            yield gap(self._content, GapReason.LIMIT, "long values were cut", "raise limits.cell_chars")
        if cut:
            raise ReadError(GapReason.CORRUPT, "the address book or calendar is cut off")

    def _unfolded(self) -> Iterator[str]:
        """Logical lines: folded ones joined (RFC 5545, 3.1), quoted-printable soft breaks too."""
        held: list[str] = []
        size = 0
        soft = False
        for text, _ in line_blocks(self._content, self._encoding, BLOCK):
            for line in text.replace("\0", "").splitlines():
                if held and (soft or line[:1] in (" ", "\t")):
                    part = line.lstrip() if soft else line[1:]
                else:
                    if held:
                        yield "".join(held)
                    held, size, part = [], 0, line
                soft = part.endswith("=") and (soft or "QUOTED-PRINTABLE" in part[:200].upper())
                size += len(part)
                if size <= MAX_PROPERTY:
                    held.append(part[:-1] + "=\n" if soft else part)
        if held:
            yield "".join(held)

    def _line(self, line: str) -> Iterator[Fragment | Gap]:
        match = _PROPERTY.match(line)
        if match is None:
            if line.strip() and len(self._stray) < 10_000:
                self._stray.append(line[:100_000])
            return
        name, said, value = match[1].upper(), match[2], match[3]
        if name == "BEGIN":
            # What an event holds (an alarm) is told with it; the calendar around it is no record.
            self._open.append((value.strip().upper(), {}))
            if len(self._open) > 20:
                yield from self._close()
        elif name == "END":
            if self._open:
                yield from self._close()
        elif name not in _SILENT:
            yield from self._property(name, said, value)

    def _close(self) -> Iterator[Fragment]:
        kind, record = self._open.pop()
        if record:
            yield from self._records.add(record, path="" if kind != "VALARM" else "alarm", element=True)

    def _property(self, name: str, said: str, value: str) -> Iterator[Fragment | Gap]:
        upper = said.upper()
        if "ENCODING=B" in upper.replace("BASE64", "B") or value.startswith("data:"):
            yield from self._file(name, value)
            return
        if "QUOTED-PRINTABLE" in upper:
            charset = re.search(r"CHARSET=([\w-]+)", upper)
            value = _decoded(
                quopri.decodestring(value.encode("utf-8", "replace")), charset[1] if charset else "utf-8"
            )
        record = self._open[-1][1] if self._open else {}
        if name in _PARTS:
            for label, part in zip(_PARTS[name], re.split(r"(?<!\\);", value), strict=False):
                _put(record, label, _plain(part))
        else:
            label = _NAMES.get(name, name.lower().removeprefix("x-").replace("-", " "))
            person = re.search(r';CN=("[^"]*"|[^;:]*)', said, re.IGNORECASE)
            if person:
                _put(record, f"{label} name", person[1].strip('"'))
            _put(record, label, _plain(re.sub(r"^(mailto|tel):", "", value, flags=re.IGNORECASE)))
        if not self._open and record:
            self._stray.append(f"{name}: {value}"[:100_000])

    def _file(self, name: str, value: str) -> Iterator[Fragment | Gap]:
        try:
            raw = base64.b64decode(value.rpartition(",")[2].encode("ascii", "ignore"))
        except (binascii.Error, ValueError):
            yield gap(self._content, GapReason.CORRUPT, "an attached file is damaged")
            return
        self._files += 1
        member = Member(f"{name.lower()}-{self._files}", io.BytesIO(raw).read, len(raw))
        yield from read_member(self._content, member, self._allowance)


def _put(record: dict[str, str | list[str]], label: str, value: str) -> None:
    if not value.strip():
        return
    before = record.get(label)
    if before is None:
        record[label] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        record[label] = [before, value]


def _plain(value: str) -> str:
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
