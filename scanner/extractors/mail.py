"""E-mail: single messages (RFC 5322, MIME) and mboxes (RFC 4155)."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import email.policy
import io
from collections.abc import Iterator
from typing import ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import gap, read_up_to
from scanner.common.html import Page
from scanner.common.smalltables import SmallTables
from scanner.common.sniff import MAIL, MBOX
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TableFragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

MAX_MESSAGE = 48 * 1024 * 1024
"""Bytes of one message: the parser holds it several times over."""
MAX_PARTS = 1_000
MAX_DEPTH = 20
_HEADERS = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date")
_CHUNK = 1024 * 1024
_BROKEN = (
    email.errors.MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)
"""What the standard library raises on damaged messages."""


class MailExtractor:
    name: ClassVar[str] = "mail"
    media_types: ClassVar[tuple[str, ...]] = (MAIL, MBOX)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        allowance = Allowance.of(content.limits)
        content.file.seek(0)
        if content.head.lstrip().startswith(b"From "):
            tables = SmallTables(content.limits)
            for raw, cut in _messages(content):
                for item in _Message(content, allowance).read(raw, cut):
                    if isinstance(item, TableFragment) and tables.wants(item):
                        yield from tables.add(item)
                    else:
                        yield item
            yield from tables.flush()
        else:
            raw = read_up_to(content.file, MAX_MESSAGE + 1)
            yield from _Message(content, allowance).read(raw[:MAX_MESSAGE], len(raw) > MAX_MESSAGE)


def _messages(content: Content) -> Iterator[tuple[bytes, bool]]:
    """The messages of an mbox, and whether one was too long and cut."""
    rest, cut = b"", False
    while True:
        part = content.file.read(_CHUNK)
        search = max(0, len(rest) - 6)
        rest += part
        while True:
            at = rest.find(b"\nFrom ", search)
            if at < 0:
                break
            if rest[:at].strip():
                yield rest[:at], cut
            rest, search, cut = rest[at + 1 :], 0, False
        if not part:
            if rest.strip():
                yield rest, cut
            return
        if len(rest) > MAX_MESSAGE:
            # keep the start; what follows is read past until the next message
            rest, cut = rest[: MAX_MESSAGE - _CHUNK], True


class _Message:
    def __init__(self, content: Content, allowance: Allowance) -> None:
        self._content, self._allowance = content, allowance
        self._parts = 0

    def read(self, raw: bytes, cut: bool) -> Iterator[Fragment | Gap]:
        if raw.startswith(b"From "):
            raw = raw.partition(b"\n")[2]
        try:
            message = email.message_from_bytes(raw, policy=email.policy.compat32)
        except _BROKEN as error:
            raise ReadError(GapReason.CORRUPT, "the message cannot be parsed") from error
        yield from self._headers(message)
        yield from self._part(message, 0)
        if cut:
            yield gap(
                self._content,
                GapReason.LIMIT,
                f"a message larger than {MAX_MESSAGE:,} bytes: its first part was read",
            )
        elif message.is_multipart() and _unclosed(message):
            yield gap(self._content, GapReason.CORRUPT, "the message is cut off")

    def _headers(self, message: email.message.Message) -> Iterator[Fragment]:
        row: dict[str, list[str | None]] = {}
        for name in _HEADERS:
            values = message.get_all(name)
            if values:
                row[name] = [
                    "; ".join(_decoded(value) for value in values[:100])[: self._content.limits.cell_chars]
                ]
        if row:
            yield TableFragment(row, self._content.place.child("part", "headers"))

    def _part(self, part: email.message.Message, depth: int) -> Iterator[Fragment | Gap]:
        self._parts += 1
        if self._parts > MAX_PARTS or depth > MAX_DEPTH:
            if self._parts == MAX_PARTS + 1 or depth > MAX_DEPTH:
                yield gap(
                    self._content, GapReason.LIMIT, "the message has too many or too deeply nested parts"
                )
            return
        kind = part.get_content_type()
        if kind == "multipart/encrypted" or "enveloped-data" in str(part.get("Content-Type", "")).lower():
            yield gap(self._content, GapReason.ENCRYPTED, "an encrypted message")
        elif kind == "message/rfc822" and part.is_multipart():
            yield from self._inner_message(part)
        elif part.is_multipart():
            children = [p for p in part.get_payload() if isinstance(p, email.message.Message)]
            if kind == "multipart/alternative":
                children = _without_copies(children)
            for child in children:
                yield from self._part(child, depth + 1)
        else:
            yield from self._leaf(part, kind)

    def _inner_message(self, part: email.message.Message) -> Iterator[Fragment | Gap]:
        try:
            raw = b"\n".join(p.as_bytes() for p in part.get_payload() if isinstance(p, email.message.Message))
        except _BROKEN:
            yield gap(self._content, GapReason.CORRUPT, "an attached message is damaged")
            return
        yield from self._attached(_name(part) or "message.eml", raw)

    def _leaf(self, part: email.message.Message, kind: str) -> Iterator[Fragment | Gap]:
        name = _name(part)
        try:
            raw = part.get_payload(decode=True)
        except _BROKEN:
            raw = None
        if not isinstance(raw, bytes):
            yield gap(self._content, GapReason.CORRUPT, "a part of the message is damaged")
            return
        attached = name or "attachment" in str(part.get("Content-Disposition", "")).lower()
        if attached or not kind.startswith("text/"):
            if raw.strip():
                yield from self._attached(name or kind.replace("/", "."), raw)
            return
        text = _text(part, raw)
        if kind == "text/html":
            page = Page(self._content.place, self._content.limits)
            for start in range(0, len(text), 65536):
                yield from page.feed(text[start : start + 65536])
            yield from page.close()
        else:
            for start in range(0, len(text), 65536):
                if text[start : start + 65536].strip():
                    yield TextFragment(text[start : start + 65536], self._content.place)

    def _attached(self, name: str, raw: bytes) -> Iterator[Fragment | Gap]:
        yield from read_member(self._content, Member(name, io.BytesIO(raw).read, len(raw)), self._allowance)


def _without_copies(children: list[email.message.Message]) -> list[email.message.Message]:
    """Of the same text in plain and HTML the plain one, unless it is only a hint to open the other."""
    plain = next((p for p in children if p.get_content_type() == "text/plain"), None)
    html = next((p for p in children if p.get_content_type() == "text/html"), None)
    if plain is None or html is None:
        return children
    long_enough = len(str(plain.get_payload()).strip()) >= max(20, len(str(html.get_payload())) / 40)
    drop = html if long_enough else plain
    return [p for p in children if p is not drop]


def _decoded(value: object) -> str:
    try:
        return " ".join(str(email.header.make_header(email.header.decode_header(str(value)))).split())
    except _BROKEN:
        return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())


def _name(part: email.message.Message) -> str:
    try:
        return _decoded(part.get_filename() or "")
    except _BROKEN:
        return "attachment"


def _text(part: email.message.Message, raw: bytes) -> str:
    try:
        stated = part.get_content_charset()
        if stated:
            return raw.decode(stated).replace("\0", "")
    except _BROKEN:
        pass  # unknown or wrong charset: look at the bytes
    encoding = detect(raw[:65536])
    return (
        encoding.decode(raw[encoding.bom :]).replace("\0", "")
        if encoding
        else raw.decode("cp1252", "replace")
    )


def _unclosed(message: email.message.Message) -> bool:
    defects = (email.errors.CloseBoundaryNotFoundDefect, email.errors.StartBoundaryNotFoundDefect)
    return any(isinstance(defect, defects) for part in message.walk() for defect in part.defects)
