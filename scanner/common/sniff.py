"""What a file is, by its content. The name only breaks ties between kinds of text.

Magic numbers are those of the formats' own specifications: Parquet `PAR1`, Avro `Obj\\x01`,
ZIP local header `PK\\x03\\x04`, POSIX tar `ustar` at byte 257, OLE2/CFB
`D0CF11E0A1B11AE1`, SQLite `SQLite format 3\\0`, …
"""

from __future__ import annotations

import contextlib
import json
import re
import struct
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from scanner.common import containers, datafile, zipdir
from scanner.common.dialect import is_table, sniff_dialect, whole_lines
from scanner.common.encoding import detect
from scanner.common.fixedwidth import columns as fixed_columns

HEAD = 65536
"""Bytes of a file that are looked at."""

EMPTY = "application/x-empty"
BINARY = "application/octet-stream"
TEXT, CSV, TSV = "text/plain", "text/csv", "text/tab-separated-values"
JSON, JSON_LINES = "application/json", "application/x-ndjson"
XML, HTML = "application/xml", "text/html"
MAIL, MBOX = "message/rfc822", "application/mbox"
ZIP, TAR, GZIP = "application/zip", "application/x-tar", "application/gzip"
BZIP2, XZ, ZSTD = "application/x-bzip2", "application/x-xz", "application/zstd"
SEVEN_ZIP, RAR = "application/x-7z-compressed", "application/vnd.rar"
PARQUET, AVRO = "application/vnd.apache.parquet", "application/avro"
PDF = "application/pdf"
_OOXML = "application/vnd.openxmlformats-officedocument."
XLSX = _OOXML + "spreadsheetml.sheet"
DOCX = _OOXML + "wordprocessingml.document"
PPTX = _OOXML + "presentationml.presentation"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
XLS = "application/vnd.ms-excel"
_ODF = "application/vnd.oasis.opendocument."
ODS, ODT, ODP = _ODF + "spreadsheet", _ODF + "text", _ODF + "presentation"
OLE = "application/x-ole-storage"
OLE_ENCRYPTED = "application/x-ole-encrypted"
DOC, PPT, RTF = "application/msword", "application/vnd.ms-powerpoint", "application/rtf"
MSG, PST = "application/vnd.ms-outlook", "application/vnd.ms-outlook-pst"
VCARD, CALENDAR = "text/vcard", "text/calendar"
NOTEBOOK, YAML, MARKDOWN = "application/x-ipynb+json", "application/yaml", "text/markdown"
SQL, PG_DUMP, FIXED = "application/sql", "application/x-postgresql-dump", "text/x-fixed-width"
SQLITE, ACCESS, DBF = "application/vnd.sqlite3", "application/vnd.ms-access", "application/vnd.dbf"
ORC, ARROW, ARROW_STREAM = (
    "application/vnd.apache.orc",
    "application/vnd.apache.arrow.file",
    "application/vnd.apache.arrow.stream",
)
SPSS, SPSS_PORTABLE, STATA = "application/x-spss-sav", "application/x-spss-por", "application/x-stata-dta"
SAS, SAS_TRANSPORT = "application/x-sas-data", "application/x-sas-xport"
PNG, JPEG, GIF, TIFF = "image/png", "image/jpeg", "image/gif", "image/tiff"
WEBP, BMP = "image/webp", "image/bmp"
SHAPES = "application/vnd.shp"

HEIC, AVIF = "image/heic", "image/avif"
_BRANDS = {b"heic": HEIC, b"heix": HEIC, b"heim": HEIC, b"heis": HEIC, b"mif1": HEIC, b"avif": AVIF}
"""Still pictures in the container of ISO/IEC 14496-12, by their major brand (23008-12, annex B)."""
ENCRYPTED = frozenset(
    {
        OLE_ENCRYPTED,
        "application/x-openssl-encrypted",
        "application/x-pgp-encrypted",
        "application/x-parquet-encrypted",
        "application/x-ansible-vault",
        "application/x-sqlite-encrypted",
        "application/x-spss-encrypted",
    }
)
"""Types that say by themselves that nothing can be read without a key."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", PARQUET),
    (b"PARE", "application/x-parquet-encrypted"),
    (b"Obj\x01", AVRO),
    (b"%PDF-", PDF),
    (b"\x1f\x8b\x08", GZIP),
    (b"BZh", BZIP2),
    (b"\xfd7zXZ\x00", XZ),
    (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"SQLite format 3\x00", SQLITE),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08PK\x03\x04", ZIP),
    (b"Salted__", "application/x-openssl-encrypted"),
    (b"-----BEGIN PGP MESSAGE-----", "application/x-pgp-encrypted"),
    (b"$ANSIBLE_VAULT;", "application/x-ansible-vault"),
    (b"{\\rtf", RTF),
    (b"ORC", ORC),
    (b"ARROW1\x00\x00", ARROW),
    (b"!BDN", PST),
    (b"\x00\x01\x00\x00Standard Jet DB", ACCESS),
    (b"\x00\x01\x00\x00Standard ACE DB", ACCESS),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"$FL2", SPSS),
    (b"$FL3", SPSS),
    (b"PGDMP", PG_DUMP),
    (b"HEADER RECORD*******LIB", SAS_TRANSPORT),
    (b"<stata_dta>", STATA),
    (b"\x00\x00\x27\x0a", SHAPES),
    (b"FEA1", "application/vnd.apache.feather-v1"),
    (b"\x1f\x9d", "application/x-compress"),
)
# Two letters are too few to tell them from a text; asked only of what is not text.
_BINARY_MAGIC: tuple[tuple[bytes, str], ...] = ((b"MZ", "application/x-dosexec"), (b"BM", BMP))

_TEXT_NAMES = {
    ".csv": CSV, ".tsv": TSV, ".tab": TSV, ".psv": CSV, ".jsonl": JSON_LINES, ".ndjson": JSON_LINES,
    ".eml": MAIL, ".mbox": MBOX, ".html": HTML, ".htm": HTML, ".xml": XML, ".json": JSON,
    ".log": TEXT, ".md": MARKDOWN, ".markdown": MARKDOWN, ".sql": SQL, ".py": TEXT, ".js": TEXT, ".css": TEXT, ".yaml": YAML,
    ".yml": YAML, ".ini": TEXT, ".toml": TEXT, ".tf": TEXT, ".sh": TEXT,
}  # fmt: skip
_NEVER_TABLES = frozenset(n for n, kind in _TEXT_NAMES.items() if kind in (TEXT, MARKDOWN, SQL, YAML))
_STATEMENT = re.compile(
    r"^(?:INSERT\s+INTO\s|CREATE\s+TABLE\s|COPY\s+\S+\s.*FROM\s+stdin;|INSERT\s+\[|DROP\s+TABLE\s)",
    re.IGNORECASE | re.MULTILINE,
)
_SQL_START = re.compile(
    r"(--|/\*|INSERT\s|CREATE\s|DROP\s|USE\s|SET\s|BEGIN|PRAGMA\s|\\restrict)", re.IGNORECASE
)
_NOTEBOOK = re.compile(r'"(cell_type|nbformat)"\s*:')

_HTML = re.compile(r"<(!doctype\s+html|html|head|body|table|div|p|title|meta)\b", re.IGNORECASE)
_PROLOGUE = re.compile(
    r"(\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?!\s+html\b)[^>\[]*>)+", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"<(\?xml\b|!DOCTYPE\b|!--|[A-Za-z_][\w:.-]*(\s+[\w:.-]+\s*=|\s*/?>))")
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(\s|$)")
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
_JSON_START = re.compile(r'[\[{]\s*([\[{"\]}]|-?\d|true|false|null)')
_MAIL_HEADERS = frozenset(
    "from to cc subject date message-id received mime-version return-path reply-to content-type "
    "delivered-to dkim-signature sender".split()
)


def extension(name: str) -> str:
    """Lower-case, with its dot; "" if there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def media_type(head: bytes, name: str) -> str:
    """The media type of a file that begins with `head` (64 KiB, or all of it)."""
    if not head:
        return EMPTY
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            if kind == ZIP:
                return _zip_kind(containers.members_in_head(head))
            if kind == OLE:
                return _ole_kind(containers.streams_in(head, _OLE_NAMES))
            return kind
    if containers.is_tar(head):
        return TAR
    kind_of_data = datafile.media_type(head, extension(name))
    if kind_of_data:
        return kind_of_data
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": "audio/wav"}.get(head[8:12], "video/x-msvideo")
    encoding = detect(head)
    if encoding is not None:
        cut = len(head) - len(head) % encoding.unit
        return _text_kind(encoding.decode(head[encoding.bom : cut]), name, len(head) < HEAD)
    # A PDF may have up to 1,024 bytes of anything before its header.
    if b"%PDF-" in head[:1024]:
        return PDF
    return next((kind for magic, kind in _BINARY_MAGIC if head.startswith(magic)), BINARY)


def refine(kind: str, file: BinaryIO) -> str:
    """A second look where the head was not enough: a ZIP's or OLE file's directory may be elsewhere.

    Reads a few kilobytes; leaves the file at 0. Raises what `file.read` raises.
    """
    if kind == ZIP:
        # what is damaged is the archive extractor's to tell
        with contextlib.suppress(
            zipdir.BadZip, ValueError, EOFError, OSError, struct.error, OverflowError, zlib.error
        ):
            kind = _zip_kind(containers.members_in_directory(file))
    elif kind == OLE:
        kind = _ole_kind(containers.streams_in_directory(file, _OLE_NAMES))
    file.seek(0)
    return kind


# --- containers -------------------------------------------------------------------


def _zip_kind(members: dict[str, bytes]) -> str:
    mimetype = members.get("mimetype", b"").decode("ascii", "ignore").strip()
    if mimetype.startswith(_ODF):
        for kind in (ODS, ODT, ODP):
            if mimetype.startswith(kind):
                return kind
        return mimetype
    if "xl/workbook.bin" in members:
        return XLSB
    if "xl/workbook.xml" in members:
        return XLSX
    if "word/document.xml" in members:
        return DOCX
    if "ppt/presentation.xml" in members:
        return PPTX
    # Some writers put the workbook part late; sheets and styles are as telling.
    if "[Content_Types].xml" in members:
        for prefix, kind in (("xl/", XLSX), ("word/", DOCX), ("ppt/", PPTX)):
            if any(name.startswith(prefix) for name in members):
                return kind
    return ZIP


_OLE_KINDS = (
    ("EncryptedPackage", OLE_ENCRYPTED),
    ("Workbook", XLS),
    ("Book", XLS),
    ("WordDocument", DOC),
    ("PowerPoint Document", PPT),
    ("__properties_version1.0", MSG),
)
_OLE_NAMES = tuple(name for name, _ in _OLE_KINDS)


def _ole_kind(names: set[str]) -> str:
    return next((kind for name, kind in _OLE_KINDS if name in names), OLE)


# --- kinds of text ----------------------------------------------------------------


def _text_kind(text: str, name: str, complete: bool) -> str:
    suffix = extension(name)
    start = text.lstrip("\ufeff \t\r\n\0\f")
    if start[:1] in "{[" and start:
        kind = _json_kind(start, suffix)
        if kind == JSON and start.startswith("{") and _NOTEBOOK.search(start) and '"cells"' in start:
            return NOTEBOOK
        if kind:
            return kind
    if start[:5].upper() == "BEGIN":
        block = start[:40].upper().split(maxsplit=1)[0]
        if block in ("BEGIN:VCARD", "BEGIN:VCALENDAR"):
            return VCARD if block == "BEGIN:VCARD" else CALENDAR
    if start.startswith("<"):
        kind = _markup_kind(start, suffix)
        if kind:
            return kind
    if start.startswith("From ") and _is_mail(start.partition("\n")[2], suffix):
        return MBOX
    if _is_mail(start, suffix):
        return MAIL
    return _table_kind(text, suffix, complete)


def _markup_kind(text: str, suffix: str) -> str | None:
    """The root element decides: `<p>` inside a document of another kind makes no web page."""
    prologue = _PROLOGUE.match(text[:8192])
    root = text[prologue.end() if prologue else 0 :][:100]
    if re.match(r"<(!doctype\s+html|html)\b", root, re.IGNORECASE):
        return HTML
    if _HTML.match(root) and suffix != ".xml" and not text.startswith("<?xml"):
        return HTML
    if _XML.match(text):
        return HTML if suffix in (".html", ".htm", ".xhtml") else XML
    return HTML if suffix in (".html", ".htm") else None


def _json_kind(text: str, suffix: str) -> str | None:
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        unfinished = error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()) - 16
        named = suffix in (".json", ".jsonl", ".ndjson", ".geojson")
        if (named or unfinished or error.pos > 200) and _JSON_START.match(text):
            return JSON_LINES if suffix in (".jsonl", ".ndjson") else JSON
        return None
    except RecursionError:
        return JSON
    rest = text[end:]
    if not rest.strip("\0 \t\r\n"):
        return JSON_LINES if suffix in (".jsonl", ".ndjson") and isinstance(value, dict) else JSON
    if rest.lstrip(" \t")[:1] in "\r\n" and rest.lstrip()[:1] in ("{", "["):
        # One value a line, or values pretty-printed one after the other?
        return JSON_LINES if "\n" not in text[:end] else JSON
    if suffix == ".json" and isinstance(value, dict):
        return JSON
    return None


def _is_mail(text: str, suffix: str) -> bool:
    known, lines = set[str](), 0
    for line in text.splitlines()[:200]:
        if not line.strip():
            break
        if line[0] in " \t":
            if not lines:
                return False
            continue
        match = _HEADER_LINE.match(line)
        if not match:
            return suffix == ".eml" and len(known) >= 2
        lines += 1
        if match[1].lower() in _MAIL_HEADERS:
            known.add(match[1].lower())
    if suffix == ".eml":
        return len(known) >= 1
    return len(known) >= 3 and bool(known & {"from", "received", "sender"})


def _table_kind(text: str, suffix: str, complete: bool) -> str:
    if suffix in _NEVER_TABLES:
        return _TEXT_NAMES[suffix]
    if text.startswith("%YAML"):
        return YAML
    if _SQL_START.match(text.lstrip("\ufeff \t\r\n")) and _STATEMENT.search(text):
        return SQL
    sample = whole_lines(text, complete)
    dialect = sniff_dialect(sample)
    named = _TEXT_NAMES.get(suffix)
    if is_table(sample, dialect):
        assert dialect is not None
        return TSV if dialect.delimiter == "\t" else CSV
    if named in (CSV, TSV):
        lines = [line for line in sample.splitlines() if line.strip()]
        # A list of single values is a table of one column; long lines of words are prose.
        if dialect is None and sum(map(len, lines)) > 120 * max(len(lines), 1):
            return TEXT
        return named
    return FIXED if suffix != ".log" and fixed_columns(sample) else TEXT
