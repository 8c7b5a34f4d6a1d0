"""YAML documents as records. Anything that is not quite YAML (templates) is read as text.

Events are put together here rather than by the library's loader: no tag is obeyed, and an
alias is left where it stands, so that a few lines cannot unfold into billions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import gap, read_up_to
from scanner.common.records import MAX_DEPTH, Records
from scanner.common.sniff import YAML
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

WHOLE = 16 * 1024 * 1024
"""Bytes of the largest file read as records; larger ones are read as text."""
BLOCK = 64 * 1024


class YamlExtractor:
    name: ClassVar[str] = "yaml"
    media_types: ClassVar[tuple[str, ...]] = (YAML,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        content.file.seek(0)
        raw = read_up_to(content.file, WHOLE + 1)
        text = encoding.decode(raw[encoding.bom :]).replace("\0", "")
        documents = None if len(raw) > WHOLE else _documents(text)
        if documents is None:
            yield from _as_text(content, text)
            while len(raw) > WHOLE:
                raw = read_up_to(content.file, WHOLE + 1)
                yield from _as_text(content, encoding.decode(raw).replace("\0", ""))
            return
        records = Records(content.place, content.limits)
        for document in documents:
            yield from records.add(document, element=len(documents) > 1)
        yield from records.flush()
        comments = "\n".join(line.strip() for line in text.splitlines() if line.lstrip().startswith("#"))
        if comments:
            yield from _as_text(content, comments)
        if records.too_deep:
            yield gap(content, GapReason.LIMIT, f"nested deeper than {MAX_DEPTH} levels")
        if records.cut:
            yield gap(content, GapReason.LIMIT, "long strings were cut", "raise limits.cell_chars")


def _as_text(content: Content, text: str) -> Iterator[Fragment]:
    for start in range(0, len(text), BLOCK):
        if text[start : start + BLOCK].strip():
            yield TextFragment(text[start : start + BLOCK], content.place)


def _documents(text: str) -> list[Any] | None:
    """The documents' values; None if the text is no YAML or says nothing beyond one scalar."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # The library refuses characters that people's files have (NEL, control characters).
        found = _build(
            yaml.parse("".join(c if c.isprintable() or c in "\n\r\t" else " " for c in text), loader)
        )
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return found if any(isinstance(document, (dict, list)) for document in found) else None


def _build(events: Iterator[Any]) -> list[Any]:
    """Values out of parser events, without recursion."""
    import yaml

    documents: list[Any] = []
    open_: list[Any] = []
    keys: list[str | None] = []
    for event in events:
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            _place(value, open_, keys, documents)
            open_.append(value)
            keys.append(None)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            open_.pop()
            keys.pop()
        elif isinstance(event, yaml.ScalarEvent):
            _place(event.value, open_, keys, documents)
        elif isinstance(event, yaml.AliasEvent):
            _place("", open_, keys, documents)
    return documents


def _place(value: Any, open_: list[Any], keys: list[str | None], documents: list[Any]) -> None:
    if not open_:
        documents.append(value)
    elif isinstance(open_[-1], list):
        open_[-1].append(value)
    elif keys[-1] is None:
        keys[-1] = value if isinstance(value, str) else "key"
    else:
        open_[-1][keys[-1]] = value
        keys[-1] = None
