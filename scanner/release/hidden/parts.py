"""What all Office packages share: relationships, properties, custom XML, embedded files, macros, pictures."""

from __future__ import annotations

import base64
import binascii
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from scanner.common.compound import native_file
from scanner.common.extracting import read_up_to
from scanner.common.package import Package
from scanner.common.xmlread import local
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.pieces import Found, Looking, Presence, TextPiece, Where, gap_at

MAX_PART = 256 * 1024 * 1024
"""Bytes of one part that are held; larger ones are a gap."""
_USERS = re.compile(r"(?:[\\/]|%5C)(?:Users|home|Documents%20and%20Settings|Documents and Settings)(?:[\\/]|%5C)+([^\\/%\"'<>]+)", re.IGNORECASE)  # fmt: skip
_NOBODY = frozenset(
    """
    openpyxl xlsxwriter python-docx python-pptx administrator admin user owner unknown author default
    public libreoffice openoffice pandoc root
    """.split()
)
_PROGRAMS = re.compile(
    r"microsoft|office|apache|poi\b|libreoffice|openoffice|adobe|acrobat|pdf|quartz|chrom|skia|latex|reportlab"
    r"|aspose|word|excel|xlsx|python|quarto|r markdown|tableau|power bi|scanner|writer|converter|ghostscript",
    re.IGNORECASE,
)
_DOUBTED = (KeyError, ValueError, binascii.Error, zipfile.BadZipFile, struct.error)


def tree(package: Package, name: str) -> Any:
    """A part as an lxml tree, entities unexpanded. Raises ReadError(CORRUPT, LIMIT)."""
    from lxml import etree

    raw = read_part(package, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ReadError(GapReason.CORRUPT, "a part of the document is damaged") from error
    if root is None:
        raise ReadError(GapReason.CORRUPT, "a part of the document is damaged")
    return root


def read_part(package: Package, name: str) -> bytes:
    with package.open(name) as part:
        raw = read_up_to(part, MAX_PART + 1)
    if len(raw) > MAX_PART:
        raise ReadError(GapReason.LIMIT, f"a part larger than {MAX_PART:,} bytes")
    return raw


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever its namespace prefix."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(v) for k, v in element.attrib.items() if local(k) == name), default)


def relations(package: Package, part: str) -> dict[str, tuple[str, str, bool]]:
    """Relationship id to (type's last word, target part or address, True if outside the package)."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if rels not in package.names:
        return {}
    found: dict[str, tuple[str, str, bool]] = {}
    for element in tree(package, rels).iter("{*}Relationship"):
        target = element.get("Target", "")
        outside = element.get("TargetMode") == "External"
        if not outside:
            target = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
        found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target, outside)
    return found


def related(package: Package, part: str, kind: str) -> list[str]:
    return [
        t
        for k, t, outside in relations(package, part).values()
        if k == kind and not outside and t in package.names
    ]


def words(element: Any, *names: str) -> str:
    """The text of all descendants of these local names, joined."""
    return "".join(e.text or "" for e in element.iter(*(f"{{*}}{n}" for n in names)))


def author(where: Where, value: str, what: str) -> Iterator[Found]:
    """A name in metadata: told, but published by nobody's intention; the decision only warns.

    `where` names the kind of place, not each comment: a name is said once a file."""
    value = value.strip()
    if value and value.lower() not in _NOBODY and not _PROGRAMS.search(value):
        yield Presence(where, "authors", "warn", f"{what} is filled in", "author")


def user_path(where: Where, value: str) -> Iterator[Found]:
    match = _USERS.search(value)
    if match and match[1].lower() not in (*_NOBODY, "public", "default"):
        yield Presence(where, "authors", "warn", "a path on somebody's computer holds a user name", "author")


_PEOPLE_FIELDS = {"creator": "the author", "lastModifiedBy": "“last modified by”", "manager": "the manager",
                  "initial-creator": "the first author", "printed-by": "“printed by”"}  # fmt: skip


def properties(package: Package, names: tuple[str, ...] = ()) -> Iterator[Found]:
    """Author, editor, title, keywords and the department's own fields."""
    wanted = names or ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
    where = Where.of("document properties")
    lines: list[str] = []
    for name in wanted:
        if name not in package.names:
            continue
        for element in tree(package, name).iter():
            field, text = local(element.tag), (element.text or "").strip()
            if not text:
                continue
            if field.lower() in ("manager",) or field in _PEOPLE_FIELDS:
                yield from author(where, text, _PEOPLE_FIELDS.get(field, "the manager"))
            elif field in (
                "title",
                "subject",
                "description",
                "keywords",
                "category",
                "contentStatus",
                "keyword",
            ):
                lines.append(f"{field}: {text}")
            elif field in ("lpwstr", "lpstr", "user-defined") and name != "docProps/app.xml":
                lines.append(text)
            elif field in ("HyperlinkBase", "Template", "template"):
                yield from user_path(where, text)
    if lines:
        yield TextPiece(where, "\n".join(lines), "properties")
    yield from preview(package, "docProps/thumbnail")


def custom_xml(package: Package) -> Iterator[Found]:
    """Data stores of add-ins and templates; of Power Query the formulas, which name sources and keys."""
    for name in package.matching("customXml/item"):
        if "Props" in name:
            continue
        where = Where.of("custom XML part {}", posixpath.basename(name))
        root = tree(package, name)
        if local(root.tag) == "DataMashup":
            yield from _mashup(Where.of("Power Query"), root.text or "")
            continue
        text = "\n".join(t.strip() for t in root.itertext() if t.strip())
        values = "\n".join(str(v) for e in root.iter() if isinstance(e.tag, str) for v in e.attrib.values())
        # References of citation styles and templates hold no text of their own.
        yield TextPiece(where, f"{text}\n{values}", "custom xml")


def _mashup(where: Where, packed: str) -> Iterator[Found]:
    """[MS-QDEFF] 2.2: version, length, then a ZIP whose Formulas/Section1.m is the query text."""
    try:
        raw = base64.b64decode(packed)
        (size,) = struct.unpack_from("<I", raw, 4)
        inner = zipfile.ZipFile(io.BytesIO(raw[8 : 8 + size]))
        text = inner.open("Formulas/Section1.m").read(4_000_000).decode("utf-8", "replace")
    except _DOUBTED:
        yield gap_at(where, GapReason.UNSUPPORTED, "a query could not be read", "delete it")
        return
    yield from connection(where, text)


_SECRET = re.compile(
    r"(password|pwd|accountkey|sharedaccesskey|secret|apikey|api_key)\s*[=:]\s*\"?[^;\s\"]{3,}", re.IGNORECASE
)


def connection(where: Where, text: str) -> Iterator[Found]:
    """A connection string or query: a password in it, the user it names, the people in it."""
    if _SECRET.search(text):
        yield Presence(where, "connection", "fail", "it holds a password or key", "secret")
    else:
        yield Presence(where, "connection", "note", "it tells where the data came from")
    yield from user_path(where, text)
    yield TextPiece(where, text, "connection")


_KNOWN_ENDINGS = tuple(
    """
    .xml .rels .bin .vml .jpg .jpeg .png .gif .tif .tiff .bmp .emf .wmf .svg .webp .heic .fntdata .odttf .ttf .wdp .jfif
    .data .m .css .htm .html
    """.split()
)


def embedded(
    package: Package, looking: Looking, prefixes: tuple[str, ...], behind: dict[str, Where]
) -> Iterator[Found]:
    """Files inside the file. `behind`: part name to what shows it, where that is known."""
    for name in package.names:
        if name.endswith("/"):
            continue
        inside = name.startswith(prefixes)
        # A stray file in the package belongs to no document: somebody put it there.
        if not inside and name.lower().endswith(_KNOWN_ENDINGS):
            continue
        what = "embedded file" if inside else "unlisted file"
        label = behind.get(name) or Where.of(f"{what} {{}}", posixpath.basename(name))
        looking.count("embedded files")
        yield Presence(label, "embedded", "note", "the whole file is inside, not only what the page shows")
        for inner, data in unwrapped(posixpath.basename(name), read_part(package, name)):
            yield from looking.deeper(inner, data, label, "embedded")


def unwrapped(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """What an OLE object holds ([MS-OLEDS] 2.3.6): the packaged file, or the object itself."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        yield name, data
        return
    import olefile

    held: list[tuple[str, bytes]] = []
    try:
        ole = olefile.OleFileIO(io.BytesIO(data))
        for stream in ("Package", "CONTENTS", "\x01Ole10Native"):
            if ole.exists(stream):
                raw = ole.openstream(stream).read()
                held.append(native_file(raw) if stream.startswith("\x01") else (name, raw))
    except (OSError, ValueError, IndexError, TypeError, ReadError):
        held = []
    yield from held or [(name, data)]


def preview(package: Package, prefix: str) -> Iterator[Found]:
    """The small picture of the first page that file managers show."""
    if any(name.startswith(prefix) and not name.endswith("/") for name in package.names):
        where = Where.of("preview of the first page")
        yield Presence(
            where, "preview", "note", "it may be older than the page, and show what was there before"
        )


def pictures(package: Package, looking: Looking, prefix: str) -> Iterator[Found]:
    """Pictures inside: their metadata, and their text where reading text in pictures is on."""
    for name in package.names:
        if name.startswith(prefix) and not name.endswith("/"):
            looking.count("pictures")
            suffix = posixpath.splitext(name)[1].lower()
            if suffix in (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp", ".gif", ".bmp"):
                where = Where.of("picture {}", posixpath.basename(name))
                yield from looking.deeper(name, read_part(package, name), where, "")


def macros(package: Package) -> Iterator[Found]:
    for name in package.names:
        if name.rpartition("/")[2] == "vbaProject.bin":
            yield from macro_text(read_part(package, name))


def macro_text(raw: bytes) -> Iterator[Found]:
    """Source of VBA modules in an OLE file ([MS-OVBA] 2.4.1)."""
    import olefile

    where = Where.of("macro code")
    try:
        ole = olefile.OleFileIO(io.BytesIO(raw))
    except (OSError, ValueError, IndexError, TypeError) as error:
        yield gap_at(where, GapReason.CORRUPT, f"macros could not be read ({type(error).__name__})")
        return
    yield from macro_streams(ole, where)


def macro_streams(ole: Any, where: Where) -> Iterator[Found]:
    """Modules are the streams with a compressed part that begins with `Attribute`."""
    text = []
    for path in ole.listdir(streams=True):
        try:
            data = ole.openstream(path).read()
        except (OSError, ValueError, IndexError, TypeError):
            yield gap_at(where, GapReason.CORRUPT, "a module could not be read")
            continue
        match = re.search(rb"\x00Attribut[^e]", data)
        if match and match.start() >= 3:
            text.append(decompress_vba(data[match.start() - 3 :]).decode("cp1252", "replace"))
    if text:
        yield Presence(where, "macro", "note", "the file runs code when it is opened")
        code = "\n".join(line for line in "\n".join(text).splitlines() if not line.startswith("Attribute "))
        if _SECRET.search(code):
            yield Presence(where, "macro", "fail", "it holds a password or key", "secret")
        yield from user_path(where, code)
        yield TextPiece(where, code, "macro")


def decompress_vba(data: bytes) -> bytes:
    """[MS-OVBA] 2.4.1.3: chunks of literal bytes and copies of what came before."""
    out = bytearray()
    at = 1
    while at + 2 <= len(data) and len(out) < 16_000_000:
        (header,) = struct.unpack_from("<H", data, at)
        end = min(len(data), at + (header & 0x0FFF) + 3)
        at += 2
        if not header & 0x8000:
            out += data[at : at + 4096]
            at = end
            continue
        begin = len(out)
        while at < end:
            flags = data[at]
            at += 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(data[at])
                    at += 1
                    continue
                if at + 2 > end:
                    return bytes(out)
                (copy,) = struct.unpack_from("<H", data, at)
                at += 2
                bits = max((len(out) - begin - 1).bit_length(), 4)
                length, offset = (copy & (0xFFFF >> bits)) + 3, (copy >> (16 - bits)) + 1
                if offset > len(out):
                    return bytes(out)
                for _ in range(length):
                    out.append(out[-offset])
    return bytes(out)
