"""RTF as fragments, for files and for message bodies alike."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from scanner.common.compound import native_file
from scanner.common.rtf import Embedded, Reader
from scanner.common.tables import RowCollector
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TextFragment
from scanner.model import Gap

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff")


def fragments(content: Content, reader: Reader, chunks: Iterable[str]) -> Iterator[Fragment | Gap]:
    """What the reader finds in the chunks, as fragments of this content."""
    allowance = Allowance.of(content.limits)
    rows: RowCollector | None = None
    for item in reader.feed(chunks):
        if isinstance(item, list):
            rows = rows or RowCollector(content.place, content.limits)
            yield from rows.add([cell.replace("\0", "") for cell in item])
            continue
        if isinstance(item, Embedded):
            yield from _embedded(content, item, allowance)
            continue
        text, hidden = item
        if rows is not None and not hidden:
            yield from rows.finish()
            rows = None
        text = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
        for start in range(0, len(text), 65536):
            if text[start : start + 65536].strip():
                yield TextFragment(text[start : start + 65536], content.place, hidden)
    if rows is not None:
        yield from rows.finish()


def _embedded(content: Content, item: Embedded, allowance: Allowance) -> Iterator[Fragment | Gap]:
    data, name = item.data, "object"
    if item.picture:
        if not data.startswith(_PICTURES):
            return  # a metafile: lines and fills
        name = "picture"
    else:
        # OLE 1.0: version, format, class name, two more names, length, then the object itself.
        at = max(data.find(b"\xd0\xcf\x11\xe0"), data.find(b"PK\x03\x04"))
        if at >= 0:
            data = data[at:]
        elif b"Package\0" in data[:64]:
            name, data = native_file(b"\0\0\0\0" + data[data.find(b"Package\0") + 20 :])
        else:
            return
    yield from read_member(content, Member(name, io.BytesIO(data).read, len(data)), allowance)
