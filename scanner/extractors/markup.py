"""XML and HTML.

XML: elements that repeat become rows (their attributes and children the columns), the
rest text. HTML: tables as tables, visible text as text; comments, hidden elements, hidden
form fields and scripts as hidden text. Neither is held whole in memory.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import Watched, gap, line_blocks
from scanner.common.html import Page
from scanner.common.records import Records
from scanner.common.sniff import HTML, XML
from scanner.common.xmlread import discard, events, local
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 64 * 1024
MAX_ELEMENTS = 50_000
"""Elements of one record beyond which it is no record but a container."""
_GIVEN = ("cp1252", "utf-16-le", "utf-16-be")
"""Encodings told to the parser where the file does not declare its own."""
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=")


class MarkupExtractor:
    name: ClassVar[str] = "markup"
    media_types: ClassVar[tuple[str, ...]] = (XML, HTML)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        from scanner.common.sniff import media_type

        if media_type(content.head, content.name) == HTML:
            yield from _html(content)
        else:
            yield from _xml(content)


def _html(content: Content) -> Iterator[Fragment | Gap]:
    encoding = detect(content.head)
    if encoding is None:
        raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
    page = Page(content.place, content.limits)
    for text, beyond in line_blocks(content, encoding, BLOCK, max_line=BLOCK):
        if beyond:
            break
        yield from page.feed(text)
    yield from page.close()
    if page.cut:
        yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")


def _xml(content: Content) -> Iterator[Fragment | Gap]:
    watched = Watched(content.file)
    watched.seek(0)
    encoding = detect(content.head)
    given = None
    if encoding and encoding.name in _GIVEN and not encoding.bom and not _DECLARED.search(content.head[:400]):
        given = encoding.name
    tree = _Tree(content)
    damaged: ReadError | None = None
    try:
        for event, element in events(watched, given, recover=True, comments=True):  # type: ignore[arg-type]
            yield from tree.see(event, element)
    except ReadError as error:
        damaged = error
    watched.check()
    yield from tree.finish()
    if tree.cut:
        yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
    if damaged:
        raise damaged


class _Tree:
    """Watches elements go by and takes those that repeat as records."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._path: list[str] = []
        self._containers: set[str] = set()
        """Paths that proved to hold records rather than be one."""
        self._records: dict[str, Records] = {}
        self._inside = 0
        """Depth of the record being read; 0 outside of any."""
        self._elements = 0
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._chars = 0
        self.cut = False

    def see(self, event: str, element: Any) -> Iterator[Fragment]:
        if event == "start":
            self._path.append(local(element.tag))
            if self._inside:
                self._elements += 1
                if self._elements > MAX_ELEMENTS:
                    yield from self._open_up(element)
            elif len(self._path) > 1 and "/".join(self._path) not in self._containers:
                # Whatever lies below the root counts as a record until it proves too large.
                self._inside, self._elements = len(self._path), 0
        elif event == "end":
            yield from self._end(element)
        elif element.text and element.text.strip():
            self._hidden.append(element.text.strip())
            self._chars += len(element.text)
        if self._chars > BLOCK:
            yield from self._give()

    def _open_up(self, element: Any) -> Iterator[Fragment]:
        """The record is a container: its finished children are records, and so is what follows."""
        path = self._path[: self._inside]
        self._containers.add("/".join(path))
        open_child = element
        for _ in range(len(self._path) - self._inside - 1):
            open_child = open_child.getparent()
        container = open_child.getparent()
        # The parser is ahead of the events: children after the open one come by themselves.
        for child in list(itertools.takewhile(lambda child: child is not open_child, container)):
            if isinstance(child.tag, str):
                yield from self._record("/".join([*path, local(child.tag)]), child)
            container.remove(child)
        self._inside, self._elements = self._inside + 1, 0

    def _end(self, element: Any) -> Iterator[Fragment]:
        depth = len(self._path)
        if self._inside and depth > self._inside:
            self._path.pop()
            return
        if self._inside:
            self._inside = 0
            yield from self._record("/".join(self._path), element)
        else:
            self._outside(element)
        if self._path:
            self._path.pop()
        discard(element)

    def _outside(self, element: Any) -> None:
        words = [value for value in element.attrib.values() if value.strip()]
        if element.text and element.text.strip():
            words.append(element.text.strip())
        words += [child.tail.strip() for child in element if child.tail and child.tail.strip()]
        if words:
            line = f"{local(element.tag)}: {' '.join(words)}"
            self._text.append(line)
            self._chars += len(line)

    def _record(self, path: str, element: Any) -> Iterator[Fragment]:
        if path not in self._records and len(self._records) >= 100:
            path = "/".join(path.split("/")[:1])
        records = self._records.setdefault(path, Records(self._content.place, self._content.limits))
        value = _value(element, 0)
        tag = local(element.tag)
        # A leaf, or a container met whole, keeps its name as a column prefix.
        yield from records.add(
            value if isinstance(value, dict) and not _is_container(value) else {tag: value}, element=True
        )

    def _give(self) -> Iterator[Fragment]:
        if self._text:
            yield TextFragment("\n".join(self._text), self._content.place)
        if self._hidden:
            yield TextFragment("\n".join(self._hidden), self._content.place, hidden=True)
        self._text, self._hidden, self._chars = [], [], 0

    def finish(self) -> Iterator[Fragment]:
        yield from self._give()
        for records in self._records.values():
            self.cut = self.cut or records.cut
            yield from records.flush()


def _attributes_of_a_place(element: Any) -> dict[str, Any]:
    """KML keeps a place's attributes as named values (OGC 12-007r2, 9.2): the names are columns."""
    out: dict[str, Any] = {}
    for part in element.iter("{*}Data", "{*}SimpleData"):
        value = part.find("{*}value")
        text = (part.text if value is None else value.text) or ""
        out[part.get("name", "value")] = text.strip()
    return out


def _is_container(value: dict[str, Any]) -> bool:
    """One key that holds a list: `<people><person/><person/></people>`."""
    return len(value) == 1 and isinstance(next(iter(value.values())), list)


def _value(element: Any, depth: int) -> Any:
    """An element as a string, or as a dictionary of its attributes and children."""
    if depth > 50:
        return "".join(element.itertext())
    children = [child for child in element if isinstance(child.tag, str)]
    text = (element.text or "").strip()
    if not children and not element.attrib:
        return text
    if local(element.tag) in ("ExtendedData", "SchemaData"):
        return _attributes_of_a_place(element)
    tails = " ".join(child.tail.strip() for child in element if child.tail and child.tail.strip())
    out: dict[str, Any] = {local(name): value for name, value in element.attrib.items()}
    for child in children:
        name, value = local(child.tag), _value(child, depth + 1)
        if name in out:
            before = out[name]
            if isinstance(before, list):
                before.append(value)
            else:
                out[name] = [before, value]
        else:
            out[name] = value
    whole = f"{text} {tails}".strip()
    if whole:
        out["text" if "text" not in out else "text()"] = whole
    return out
