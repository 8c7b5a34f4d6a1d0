"""One small file of each format, made here by code. All people and numbers are invented.

National Insurance numbers start with QQ (never issued), telephone numbers are of Ofcom's
drama ranges, e-mail addresses end in example.com, postcodes in ZZ areas.
"""

from __future__ import annotations

import bz2
import datetime as dt
import functools
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.extractors import samples_binary, samples_more

HEADER = ["Forename", "Surname", "Email", "NINO", "Date of birth"]
PEOPLE = [
    ["Ada", "Synthetic", "ada@example.com", "QQ123456A", "1980-02-03"],
    ["Béla", "Fictional", "bela@example.com", "QQ223456B", "1975-11-30"],
    ["Chi", "Invented", "chi@example.com", "QQ323456C", "1991-06-15"],
    ["Dia", "Made-Up", "dia@example.com", "QQ423456D", "1968-01-09"],
]
MARK = "ada@example.com"
"""A value every good sample holds."""
RECORDS = [dict(zip(HEADER, row, strict=True)) for row in PEOPLE]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


def csv_text(delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in [HEADER, *PEOPLE])


def csv() -> bytes:
    return csv_text().encode()


def text() -> bytes:
    return (
        "Dear colleague,\n\nplease call Ada on 01632 960001 or write to ada@example.com today.\n" * 3
    ).encode()


def json_array() -> bytes:
    return json.dumps(RECORDS, indent=1).encode()


def json_lines() -> bytes:
    return "".join(json.dumps(r) + "\n" for r in RECORDS).encode()


def xml() -> bytes:
    people = "".join(
        f'<person nino="{r[3]}"><name>{r[0]}</name><email>{r[2]}</email></person>' for r in PEOPLE
    )
    return f"<?xml version='1.0' encoding='utf-8'?><register><people>{people}</people></register>".encode()


def html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in PEOPLE)
    head = "<tr>" + "".join(f"<th>{c}</th>" for c in HEADER) + "</tr>"
    return (
        "<!DOCTYPE html><html><head><title>Staff</title></head><body><p>Our staff list</p>"
        f"<!-- ask hidden@example.com --><p style='display: none'>secret line</p><table>{head}{rows}</table>"
        "<input type=hidden value='token-77'></body></html>"
    ).encode()


def parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "email": [r[2] for r in PEOPLE],
            "born": pa.array([dt.date.fromisoformat(r[4]) for r in PEOPLE]),
            "pay": pa.array([20000, 30000, None, 41000]),
            "address": pa.array([{"postcode": "ZZ1 1ZZ", "uprn": i} for i in range(4)]),
            "phones": pa.array([["01632 960001", "01632 960002"], [], None, ["01632 960003"]]),
            "family": pa.array([[{"name": "Eve"}, {"name": "Flo"}], [], None, [{"name": "Gus"}]]),
            "active": pa.array([True, False, True, None]),
            "raw": pa.array([b"plain", b"\xff\xfe\x00", None, b""]),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=2)
    return out.getvalue()


def avro(codec: str = "deflate") -> bytes:
    import fastavro

    schema = {
        "type": "record",
        "name": "Person",
        "fields": [
            {"name": "email", "type": "string"},
            {"name": "nino", "type": ["null", "string"]},
            {"name": "address", "type": {"type": "map", "values": "string"}},
        ],
    }
    rows = [{"email": r[2], "nino": r[3], "address": {"town": "Anytown"}} for r in PEOPLE]
    out = io.BytesIO()
    fastavro.writer(out, schema, rows, codec=codec)
    return out.getvalue()


def xlsx() -> bytes:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Staff"
    sheet.append(["Staff list, synthetic"])
    sheet.append([])
    sheet.append(HEADER)
    for row in PEOPLE:
        sheet.append([*row[:4], dt.date.fromisoformat(row[4])])
    sheet["A4"].comment = Comment("on long leave", "Zoe Author")
    leavers = book.create_sheet("Leavers")
    leavers.sheet_state = "veryHidden"
    for row in [HEADER, *PEOPLE]:
        leavers.append(row)
    book.properties.creator = "Zoe Author"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, part)
    return out.getvalue()


def zipped(parts: dict[str, str | bytes] | None = None) -> bytes:
    return _zip(parts or {"hr/staff.csv": csv(), "hr/letter.txt": text()})


def docx() -> bytes:
    def p(inner: str) -> str:
        return f"<w:p>{inner}</w:p>"

    def r(t: str, props: str = "") -> str:
        return f"<w:r>{props}<w:t>{t}</w:t></w:r>"

    table = "".join(
        "<w:tr>" + "".join(f"<w:tc>{p(r(cell))}</w:tc>" for cell in row) + "</w:tr>"
        for row in [HEADER, *PEOPLE]
    )
    body = (
        p(r("Letter to Ada ") + r("at ada@example.com"))
        + p(r("hidden words", "<w:rPr><w:vanish/></w:rPr>") + r("shown again"))
        + p("<w:del><w:r><w:delText>deleted words</w:delText></w:r></w:del>")
        + f"<w:tbl>{table}</w:tbl>"
    )
    return _zip(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "word/document.xml": f"<?xml version='1.0'?><w:document {_W}><w:body>{body}</w:body></w:document>",
            "word/header1.xml": f"<w:hdr {_W}>{p(r('OFFICIAL header'))}</w:hdr>",
            "word/comments.xml": f"<w:comments {_W}><w:comment w:author='Zoe Author'>{p(r('check this'))}</w:comment></w:comments>",
            "word/embeddings/list.xlsx": xlsx(),
            "docProps/core.xml": "<c xmlns:d='http://purl.org/dc/elements/1.1/'><d:creator>Zoe Author</d:creator></c>",
        }
    )


def pptx() -> bytes:
    def slide(t: str) -> str:
        return f"<p:sld {_A}><a:p><a:r><a:t>{t}</a:t></a:r></a:p></p:sld>"

    return _zip(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": f"<p:presentation {_A}/>",
            "ppt/slides/slide1.xml": slide("Ask ada@example.com"),
            "ppt/slides/slide2.xml": slide("The end"),
            "ppt/notesSlides/notesSlide1.xml": slide("speaker notes"),
        }
    )


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def _odf_table() -> str:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in [HEADER, *PEOPLE]
    )
    return f'<table:table table:name="Staff">{rows}</table:table>'


def odt() -> bytes:
    text = (
        "<text:p>Write to <text:span>ada@example.com</text:span> soon"
        "<office:annotation><text:p>margin note</text:p></office:annotation></text:p>"
    )
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {_ODF}><office:body><office:text>{text}{_odf_table()}"
            "</office:text></office:body></office:document-content>",
            "META-INF/manifest.xml": "<m/>",
        }
    )


def ods() -> bytes:
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<?xml version='1.0'?><office:document-content {_ODF}><office:body><office:spreadsheet>"
            f"{_odf_table()}</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )


def pdf(pages: tuple[str, ...] = ("Ada Synthetic, ada@example.com", "Second page")) -> bytes:
    """A minimal PDF 1.4 written by hand."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET" if text else ""
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
            "/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(surname)/V(Synthetic)/Rect[0 0 9 9]>>"
            "<</Type/Annot/Subtype/Text/Contents(a sticky note)/Rect[0 0 9 9]>>]>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    out, places = "%PDF-1.4\n", []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{p:010d} 00000 n \n" for p in places
    )
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    return out.encode()


def eml() -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = "Ada Synthetic <ada@example.com>"
    message["To"] = "bela@example.com, Chi <chi@example.com>"
    message["Subject"] = "Béla's file"
    message["Date"] = "Mon, 01 Jan 2024 10:00:00 +0000"
    message["Message-ID"] = "<1@example.com>"
    message.set_content("Please see the list attached.\nAda\n")
    message.add_attachment(csv(), maintype="text", subtype="csv", filename="staff.csv")
    message.add_attachment(zipped(), maintype="application", subtype="zip", filename="staff.zip")
    return message.as_bytes()


def mbox() -> bytes:
    one = b"From ada@example.com Mon Jan  1 10:00:00 2024\n" + eml().replace(b"\r\n", b"\n") + b"\n"
    return one * 2


def tar(mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in (("a/staff.csv", csv()), ("../../etc/letter.txt", text())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def seven_zip() -> bytes:
    return _by_libarchive("7zip")


def _by_libarchive(form: str) -> bytes:
    import libarchive

    chunks: list[bytes] = []
    with libarchive.custom_writer(lambda data: chunks.append(bytes(data)) or len(data), form) as archive:
        archive.add_file_from_memory("staff.csv", len(csv()), csv())
    return b"".join(chunks)


def zst() -> bytes:
    import pyarrow as pa

    return bytes(pa.compress(csv(), codec="zstd", asbytes=True))


# --- protected ---------------------------------------------------------------------


def zip_encrypted(aes: bool = True) -> bytes:
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w") as archive:
        archive.writestr("open.csv", csv())
        archive.setpassword(b"synthetic")
        archive.setencryption(pyzipper.WZ_AES)
        archive.writestr("closed.csv", csv())
    return out.getvalue()


def office_encrypted(document: bytes) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(document)).encrypt("synthetic", out)
    return out.getvalue()


def xlsx_encrypted() -> bytes:
    return office_encrypted(xlsx())


def odt_encrypted(kind: str = "text") -> bytes:
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="m"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
        "content.xml": b"\x93\x11\x84 not xml",
    }
    return _zip(parts)


def pdf_encrypted() -> bytes:
    """The standard security handler's revision 2 (ISO 32000-1, 7.6.3) with an unknown password:
    the hashes are of no password at all, so none fits."""
    plain = pdf()
    return plain.replace(
        b"/Root 1 0 R>>",
        b"/Root 1 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>>>",
    )


def mail_encrypted() -> bytes:
    return (
        b"From: ada@example.com\nTo: bela@example.com\nSubject: closed\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\n\n'
        b"--b\nContent-Type: application/octet-stream\n\nxxxx\n--b--\n"
    )


GOOD: dict[str, Callable[[], bytes]] = {
    "staff.csv": csv,
    "letter.txt": text,
    "staff.json": json_array,
    "staff.jsonl": json_lines,
    "staff.xml": xml,
    "staff.html": html,
    "staff.parquet": parquet,
    "staff.avro": avro,
    "staff.xlsx": xlsx,
    "staff.ods": ods,
    "letter.docx": docx,
    "letter.odt": odt,
    "slides.pptx": pptx,
    "letter.pdf": pdf,
    "mail.eml": eml,
    "mail.mbox": mbox,
    "staff.zip": zipped,
    "staff.tar": tar,
    "staff.tar.gz": functools.partial(tar, "w:gz"),
    "staff.tar.bz2": functools.partial(tar, "w:bz2"),
    "staff.tar.xz": functools.partial(tar, "w:xz"),
    "staff.csv.gz": lambda: gzip.compress(csv()),
    "staff.csv.bz2": lambda: bz2.compress(csv()),
    "staff.csv.xz": lambda: lzma.compress(csv()),
    "staff.csv.zst": zst,
    "staff.7z": seven_zip,
}
ENCRYPTED: dict[str, Callable[[], bytes]] = {
    "closed.zip": zip_encrypted,
    "closed.xlsx": xlsx_encrypted,
    "closed.odt": odt_encrypted,
    "closed.pdf": pdf_encrypted,
    "closed.eml": mail_encrypted,
    "closed.parquet": lambda: b"PARE" + b"\x00" * 64 + b"PARE",
    "closed.bin": lambda: b"Salted__" + bytes(range(200)),
}
GOOD |= samples_more.GOOD | {
    "staff.xlsb": lambda: _zip(dict(samples_binary.xlsb(HEADER, PEOPLE))),
    "places.kmz": lambda: _zip({"doc.kml": samples_more.kml()}),
}
ENCRYPTED |= samples_more.ENCRYPTED | {
    "closed.docx": lambda: office_encrypted(docx()),
    "closed.pptx": xlsx_encrypted,  # from outside it cannot be told what kind of document it is
    "closed.xlsb": xlsx_encrypted,
    "closed.ods": lambda: odt_encrypted("spreadsheet"),
    "closed.odp": lambda: odt_encrypted("presentation"),
    "closed.xls": lambda: samples_more.xls_encrypted(),
}


@functools.cache
def good(name: str) -> bytes:
    return GOOD[name]()


def write_all(folder: Path) -> Iterator[Path]:
    """Every good sample as a file."""
    for name in GOOD:
        path = folder / name
        path.write_bytes(good(name))
        yield path
