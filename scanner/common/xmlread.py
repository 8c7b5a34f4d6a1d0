"""XML read as a stream, with nothing fetched and no entity expanded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from scanner.errors import ReadError
from scanner.model import GapReason


def local(tag: Any) -> str:
    """The name without its namespace; "" for comments and processing instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def events(
    file: BinaryIO,
    encoding: str | None = None,
    recover: bool = False,
    comments: bool = False,
    only: str | tuple[str, ...] | None = None,
) -> Iterator[tuple[str, Any]]:
    """(event, element) for each start and end (and comment). The caller clears what it has used.

    With `only` (a local name, or several), just the ends of such elements: far fewer events.

    Entities stay unexpanded, DTDs unread, the network untouched; libxml2's own limits on
    depth and text size stay on. Raises ReadError(CORRUPT) where the XML ends being well-formed;
    with `recover` it reads on and raises at the end.
    """
    from lxml import etree

    kinds: tuple[str, ...] = ("start", "end", "comment") if comments else ("start", "end")
    if only:
        kinds = ("end",)
    context = etree.iterparse(
        file,
        events=kinds,
        tag=[f"{{*}}{name}" for name in ((only,) if isinstance(only, str) else only)] if only else None,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_pis=True,
        remove_comments=not comments,
        recover=recover,
        encoding=encoding,
    )
    try:
        yield from context
    except (etree.LxmlError, ValueError, AssertionError, UnicodeError) as error:
        raise ReadError(GapReason.CORRUPT, "not well-formed XML, or cut off") from error
    if recover and len(context.error_log):
        raise ReadError(GapReason.CORRUPT, "not well-formed XML, or cut off; what could be read was")


def discard(element: Any) -> None:
    """Frees an element that was used, and its older siblings."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
