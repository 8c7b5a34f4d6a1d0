"""Outlook items (MSG files, PST and OST stores): properties to fragments ([MS-OXPROPS])."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.common import rtf, rtfread
from scanner.common.encoding import detect
from scanner.common.html import Page
from scanner.contracts import Content, Fragment, TableFragment, TextFragment
from scanner.model import Gap, Place

SUBJECT, BODY, RTF_BODY, HTML_BODY, CLASS = 0x0037, 0x1000, 0x1009, 0x1013, 0x001A
LONG_NAME, SHORT_NAME, FILE_DATA = 0x3707, 0x3704, 0x3701
RECIPIENT = {0x3001: "name", 0x3003: "address", 0x39FE: "smtp address"}
HEADERS = {
    0x0042: "sent representing", 0x0065: "sent representing address", 0x0C1A: "From", 0x0C1F: "From address",
    0x5D01: "From smtp address", 0x0E04: "To", 0x0E03: "Cc", 0x0E02: "Bcc", SUBJECT: "Subject",
}  # fmt: skip
CONTACT = {
    0x3001: "full name", 0x3A06: "given name", 0x3A11: "family name", 0x3A44: "middle name", 0x3A08: "work telephone",
    0x3A09: "home telephone", 0x3A1C: "mobile", 0x3A16: "company", 0x3A17: "job title", 0x3A18: "department",
    0x3A15: "postal address", 0x3A29: "street", 0x3A27: "town", 0x3A28: "county", 0x3A2A: "postcode",
    0x3A26: "country", 0x3A4D: "gender", 0x3A48: "spouse", 0x3A58: "children", 0x3A5D: "home street",
    0x3A59: "home town", 0x3A5B: "home postcode",
}  # fmt: skip
TRANSPORT = 0x007D


def recipients(content: Content, place: Place, people: Sequence[Mapping[int, str]]) -> Iterator[Fragment]:
    """The table of those a message went to, out of each one's properties."""
    most = content.limits.cell_chars
    found = [
        {label: person[tag][:most] for tag, label in RECIPIENT.items() if person.get(tag)}
        for person in people
    ]
    if any(found):
        columns = {label: [person.get(label) for person in found] for label in RECIPIENT.values()}
        yield TableFragment(columns, place.child("part", "recipients"))


def item(
    content: Content, place: Place, texts: Mapping[int, str], binaries: Mapping[int, bytes]
) -> Iterator[Fragment | Gap]:
    """One message, contact or appointment. `texts` and `binaries` by property number."""
    most = content.limits.cell_chars
    headers = {
        label: [texts[tag].strip()[:most]] for tag, label in HEADERS.items() if texts.get(tag, "").strip()
    }
    if headers:
        yield TableFragment(headers, place.child("part", "headers"))
    contact = {
        label: [texts[tag].strip()[:most]] for tag, label in CONTACT.items() if texts.get(tag, "").strip()
    }
    if len(contact) > 1 or "IPM.Contact" in texts.get(CLASS, ""):
        yield TableFragment(contact, place.child("part", "contact"))
    if texts.get(TRANSPORT, "").strip():
        yield TextFragment(
            texts[TRANSPORT][:most].replace("\0", ""), place.child("part", "headers"), hidden=True
        )
    yield from _body(content, place, texts, binaries)
    # Everything else that is text: named properties hold what forms and calendars add.
    known = {*HEADERS, *CONTACT, TRANSPORT, BODY, HTML_BODY, CLASS}
    rest = [
        v.strip()
        for tag, v in sorted(texts.items())
        if tag not in known and (tag >= 0x8000 or 0x3A00 <= tag < 0x3B00)
    ]
    if any(rest):
        yield from _text("\n".join(filter(None, rest)), place.child("part", "properties"))


def _body(
    content: Content, place: Place, texts: Mapping[int, str], binaries: Mapping[int, bytes]
) -> Iterator[Fragment | Gap]:
    import dataclasses

    if len(texts.get(BODY, "").strip()) > 20 or (not binaries.get(HTML_BODY) and not binaries.get(RTF_BODY)):
        yield from _text(texts.get(BODY, "") or "", place)
        if texts.get(BODY, "").strip():
            return
    html = texts.get(HTML_BODY, "") or _decoded(binaries.get(HTML_BODY, b""))
    if html.strip():
        page = Page(place, content.limits)
        for start in range(0, len(html), 65536):
            yield from page.feed(html[start : start + 65536])
        yield from page.close()
        return
    packed = rtf.unpacked(binaries.get(RTF_BODY, b""))
    if packed:
        inside = dataclasses.replace(content, place=place)
        yield from rtfread.fragments(inside, rtf.Reader(), [packed.decode("latin-1")])


def _text(text: str, place: Place) -> Iterator[Fragment]:
    text = text.replace("\0", "").replace("\r\n", "\n")
    for start in range(0, len(text), 65536):
        if text[start : start + 65536].strip():
            yield TextFragment(text[start : start + 65536], place)


def _decoded(raw: bytes) -> str:
    encoding = detect(raw[:65536])
    return (
        encoding.decode(raw[encoding.bom :]).replace("\0", "")
        if encoding
        else raw.decode("cp1252", "replace")
    )
