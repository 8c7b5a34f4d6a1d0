"""Outlook stores (PST, OST): every folder's messages, contacts and appointments, attachments descended into.

Read through libpff. The password of a store protects nothing: its contents are readable
without it, to anybody.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common import outlook, sniff
from scanner.common.extracting import Watched, gap
from scanner.common.smalltables import SmallTables
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TableFragment
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason, Place

_ERRORS = (OSError, ValueError, TypeError, OverflowError, MemoryError, UnicodeError, RuntimeError, KeyError)
_UNICODE, _STRING8, _BINARY = 0x001F, 0x001E, 0x0102
MAX_PROPERTY = 64 * 1024 * 1024
_MAX_FOLDERS, _MAX_DEPTH = 100_000, 100


class OutlookStoreExtractor:
    name: ClassVar[str] = "outlook_store"
    media_types: ClassVar[tuple[str, ...]] = (sniff.PST,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        try:
            import pypff
        except ImportError as error:
            raise MissingExtra("an Outlook store", "outlook") from error
        watched = Watched(content.file, quiet=True)  # an exception cannot pass through C
        watched.seek(0)
        store = pypff.file()
        try:
            store.open_file_object(cast(BinaryIO, watched))
            root = store.get_root_folder()
        except _ERRORS as error:
            watched.check()
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off Outlook store") from error
        reading = _Store(content)
        try:
            tables = SmallTables(content.limits)
            for item in reading.folders(root):
                if isinstance(item, TableFragment) and tables.wants(item):
                    yield from tables.add(item)
                else:
                    yield item
            yield from tables.flush()
        finally:
            try:
                store.close()
            except _ERRORS:
                reading.damaged += 1
        watched.check()
        if reading.damaged:
            raise ReadError(GapReason.CORRUPT, "some items of the Outlook store are damaged")


class _Store:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._allowance = Allowance.of(content.limits)
        self.damaged = 0

    def folders(self, root: Any) -> Iterator[Fragment | Gap]:
        """Depth first, on a stack of our own."""
        stack: list[tuple[Any, Place, int]] = [(root, self._content.place, 0)]
        seen = 0
        while stack:
            folder, place, depth = stack.pop()
            seen += 1
            if seen > _MAX_FOLDERS or depth > _MAX_DEPTH:
                yield gap(self._content, GapReason.LIMIT, "more or deeper folders than are read")
                return
            for item in self._children(folder, "sub_message"):
                yield from self._item(item, place)
            for child in self._children(folder, "sub_folder"):
                stack.append((child, place.child("folder", self._name(child)), depth + 1))

    def _children(self, parent: Any, what: str) -> Iterator[Any]:
        if not hasattr(parent, f"get_number_of_{what}s"):
            return  # an item of another kind has none
        try:
            count = getattr(parent, f"get_number_of_{what}s")()
        except _ERRORS:
            self.damaged += 1
            return
        for number in range(count):
            try:
                yield getattr(parent, f"get_{what}")(number)
            except _ERRORS:
                self.damaged += 1

    def _name(self, folder: Any) -> str:
        try:
            return str(folder.get_name() or "folder")
        except _ERRORS:
            return "folder"

    def _item(self, item: Any, place: Place) -> Iterator[Fragment | Gap]:
        self._allowance.take_member()
        texts, binaries, _ = self._values(item)
        yield from outlook.item(self._content, place, texts, binaries)
        secure = (
            "SMIME" in texts.get(outlook.CLASS, "").upper() and "SIGNED" not in texts[outlook.CLASS].upper()
        )
        if secure:
            yield gap(self._content, GapReason.ENCRYPTED, "an encrypted message", "", place)
            return
        yield from self._recipients(item, place)
        for attachment in self._children(item, "attachment"):
            yield from self._attachment(attachment, place)

    def _values(self, item: Any) -> tuple[dict[int, str], dict[int, bytes], list[dict[int, str]]]:
        texts: dict[int, str] = {}
        binaries: dict[int, bytes] = {}
        sets: list[dict[int, str]] = []
        for record_set in self._children(item, "record_set"):
            own: dict[int, str] = {}
            for entry in self._entries(record_set):
                try:
                    tag, kind = int(entry.get_entry_type() or 0), int(entry.get_value_type() or 0)
                    if kind in (_UNICODE, _STRING8):
                        own[tag] = str(entry.get_data_as_string() or "")
                    elif kind == _BINARY and tag in (outlook.HTML_BODY, outlook.RTF_BODY):
                        binaries[tag] = bytes(entry.get_data() or b"")[:MAX_PROPERTY]
                except _ERRORS:
                    self.damaged += 1
            for tag, text in own.items():
                texts.setdefault(tag, text)
            sets.append(own)
        return texts, binaries, sets

    def _entries(self, record_set: Any) -> Iterator[Any]:
        try:
            count = record_set.get_number_of_entries()
        except _ERRORS:
            self.damaged += 1
            return
        for number in range(count):
            try:
                yield record_set.get_entry(number)
            except _ERRORS:
                self.damaged += 1

    def _recipients(self, item: Any, place: Place) -> Iterator[Fragment]:
        try:
            recipients = item.recipients
        except (*_ERRORS, AttributeError):
            return
        if recipients is None:
            return
        yield from outlook.recipients(self._content, place, self._values(recipients)[2])

    def _attachment(self, attachment: Any, place: Place) -> Iterator[Fragment | Gap]:
        for inner in self._children(attachment, "sub_item"):
            if hasattr(inner, "get_subject"):
                yield from self._item(inner, place.child("member", "message"))
        try:
            size = int(attachment.get_size() or 0)
            name = attachment.get_long_filename() if hasattr(attachment, "get_long_filename") else None
        except _ERRORS:
            return  # an embedded message has no bytes of its own
        if size <= 0:
            return
        inside = dataclasses.replace(self._content, place=place)
        read = _Bytes(attachment, size).read
        yield from read_member(inside, Member(str(name or "attachment"), read, size), self._allowance)


class _Bytes:
    """The attachment's bytes; the library's own error becomes one that says damage."""

    def __init__(self, attachment: Any, size: int) -> None:
        self._attachment, self._left = attachment, size

    def read(self, size: int) -> bytes:
        if self._left <= 0:
            return b""
        data = bytes(self._attachment.read_buffer(min(size, self._left)) or b"")
        self._left = self._left - len(data) if data else 0
        return data
