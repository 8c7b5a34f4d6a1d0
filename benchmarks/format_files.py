"""Large synthetic files of many formats, to measure reading on."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import data


@dataclasses.dataclass(frozen=True)
class Maker:
    suffix: str
    reader: str
    """What reads it bare; "" if there is none to compare with."""
    make: Callable[[float], bytes]
    """Megabytes of contents (as CSV or text) to the file's bytes."""
    pages: bool = False


_ROW = 270
"""Bytes of one row as CSV, about."""
_NOTE = 330


@functools.lru_cache(maxsize=2)
def _columns(rows: int) -> dict[str, list[str | None]]:
    return data.table(rows, distinct=False)


def _table(megabytes: float) -> dict[str, list[str | None]]:
    return _columns(max(100, int(megabytes * 1e6 / _ROW)))


def _rows(megabytes: float) -> tuple[list[str], list[tuple[str | None, ...]]]:
    columns = _table(megabytes)
    return list(columns), list(zip(*columns.values(), strict=True))


def _records(megabytes: float) -> list[dict[str, str | None]]:
    names, rows = _rows(megabytes)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _notes(megabytes: float) -> list[str]:
    return data.notes(max(20, int(megabytes * 1e6 / _NOTE)))


def csv(megabytes: float) -> bytes:
    return data.csv(_table(megabytes)).encode()


def fixed_width(megabytes: float) -> bytes:
    names, rows = _rows(megabytes)
    widths = [max(len(n), *(len(r[i] or "") for r in rows)) + 2 for i, n in enumerate(names)]
    return "".join(
        "".join((cell or "").ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in [names, *rows]
    ).encode()


def text(megabytes: float) -> bytes:
    return "\n\n".join(_notes(megabytes)).encode()


def json_(megabytes: float) -> bytes:
    return json.dumps(_records(megabytes)).encode()


def yaml(megabytes: float) -> bytes:
    return "".join(
        "- " + "\n  ".join(f"{k}: {json.dumps(v)}" for k, v in r.items()) + "\n" for r in _records(megabytes)
    ).encode()


def xml(megabytes: float) -> bytes:
    people = "".join(
        "<p>" + "".join(f"<{k}>{v or ''}</{k}>" for k, v in r.items()) + "</p>" for r in _records(megabytes)
    )
    return f"<?xml version='1.0'?><people>{people}</people>".encode()


def html(megabytes: float) -> bytes:
    names, rows = _rows(megabytes)
    body = "".join("<tr>" + "".join(f"<td>{c or ''}</td>" for c in row) + "</tr>" for row in rows)
    head = "".join(f"<th>{n}</th>" for n in names)
    return f"<!DOCTYPE html><html><body><table><tr>{head}</tr>{body}</table></body></html>".encode()


def xlsx(megabytes: float) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    names, rows = _rows(megabytes)
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate([tuple(names), *rows]):
            sheet.write_row(y, 0, [cell or "" for cell in row])
    return out.getvalue()


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


_ODF = " ".join(
    f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text", "table")
)


def ods(megabytes: float) -> bytes:
    names, rows = _rows(megabytes)
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        "<table:table-row>" + "".join(cell.format(c or "") for c in row) + "</table:table-row>"
        for row in [tuple(names), *rows]
    )
    content = (
        f'<office:document-content {_ODF}><office:body><office:spreadsheet><table:table table:name="S">{body}'
    )
    content += "</table:table></office:spreadsheet></office:body></office:document-content>"
    return _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
                 "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'})  # fmt: skip


def docx(megabytes: float) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{note}</w:t></w:r></w:p>" for note in _notes(megabytes))
    document = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    return _zip({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def rtf(megabytes: float) -> bytes:
    return ("{\\rtf1\\ansi " + "\\par\n".join(_notes(megabytes)) + "}").encode("ascii", "replace")


def pdf(megabytes: float) -> bytes:
    """Pages of forty lines."""
    lines = [note[i : i + 90] for note in _notes(megabytes) for i in range(0, len(note), 90)]
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for start in range(0, len(lines), 40):
        shown = " ".join(f"({line.translate(_SAFE)}) Tj T*" for line in lines[start : start + 40])
        stream = f"BT /F1 10 Tf 12 TL 40 800 Td {shown} ET"
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
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
    return (out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").encode(
        "latin-1", "replace"
    )


_SAFE = str.maketrans({"(": "[", ")": "]", "\\": "/"})


def scans(megabytes: float) -> bytes:
    """A4 pages at 150 dots per inch, as a scanner makes them: few, for each costs seconds."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(size=24)
    pages = []
    for number in range(4 if megabytes > 1 else 1):
        page = Image.new("L", (1240, 1754), 255)
        draw = ImageDraw.Draw(page)
        lines = [note[i : i + 80] for note in data.notes(20, seed=number) for i in range(0, len(note), 80)][
            :40
        ]
        for y, line in enumerate(lines):
            draw.text((100, 100 + 38 * y), line, fill=0, font=font)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def mbox(megabytes: float) -> bytes:
    parts = []
    for number, note in enumerate(_notes(megabytes)):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = (
            "a@example.com",
            "b@example.com",
            f"Case {number}",
        )
        message["Date"] = "Mon, 01 Jan 2024 10:00:00 +0000"
        message["Message-ID"] = f"<{number}@example.com>"
        message.set_content(note)
        parts.append(b"From a@example.com Mon Jan  1 10:00:00 2024\n" + message.as_bytes() + b"\n")
    return b"".join(parts)


def _arrow(megabytes: float) -> Any:
    import pyarrow as pa

    return pa.table(_table(megabytes))


def parquet(megabytes: float) -> bytes:
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(_arrow(megabytes), out)
    return out.getvalue()


def orc(megabytes: float) -> bytes:
    from pyarrow import orc as format_

    out = io.BytesIO()
    format_.write_table(_arrow(megabytes), out, compression="zlib")
    return out.getvalue()


def feather(megabytes: float) -> bytes:
    from pyarrow import feather as format_

    out = io.BytesIO()
    format_.write_feather(_arrow(megabytes), out, compression="zstd")
    return out.getvalue()


def avro(megabytes: float) -> bytes:
    import fastavro

    records = _records(megabytes)
    fields = [{"name": name, "type": ["null", "string"]} for name in records[0]]
    out = io.BytesIO()
    fastavro.writer(out, {"type": "record", "name": "P", "fields": fields}, records, codec="deflate")
    return out.getvalue()


def sqlite(megabytes: float) -> bytes:
    names, rows = _rows(megabytes)
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE people ({', '.join(f'{n} TEXT' for n in names)})")
    base.executemany(f"INSERT INTO people VALUES ({', '.join('?' * len(names))})", rows)
    base.commit()
    return bytes(base.serialize())


def dbf(megabytes: float) -> bytes:
    from tests.extractors.samples_binary import dbf as made

    names, rows = _rows(megabytes)
    return made(names, [[(cell or "")[:250] for cell in row] for row in rows])


def copy(megabytes: float) -> bytes:
    names, rows = _rows(megabytes)
    lines = "".join("\t".join(cell or "\\N" for cell in row) + "\n" for row in rows)
    return f"-- PostgreSQL database dump\n\nCOPY public.people ({', '.join(names)}) FROM stdin;\n{lines}\\.\n\n-- PostgreSQL database dump complete\n".encode()


def inserts(megabytes: float) -> bytes:
    names, rows = _rows(megabytes)
    out = [
        "-- MySQL dump 10.13\n",
        f"CREATE TABLE `people` ({', '.join(f'`{n}` text' for n in names)}) ENGINE=InnoDB;\n",
    ]
    for start in range(0, len(rows), 200):
        values = ",".join(
            "(" + ",".join("NULL" if c is None else "'" + c.replace("'", "\\'") + "'" for c in row) + ")"
            for row in rows[start : start + 200]
        )
        out.append(f"INSERT INTO `people` VALUES {values};\n")
    return "".join([*out, "-- Dump completed\n"]).encode()


def notebook(megabytes: float) -> bytes:
    cell = {"cell_type": "markdown", "metadata": {}}
    return json.dumps(
        {"cells": [{**cell, "source": [note]} for note in _notes(megabytes)], "metadata": {}, "nbformat": 4}
    ).encode()


def vcards(megabytes: float) -> bytes:
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{r['full_name']}\r\nEMAIL:{r['email']}\r\nTEL:{r['mobile']}\r\nBDAY:{r['date_of_birth']}\r\n"
        f"ADR:;;{r['address']};{r['town']};;{r['postcode']};\r\nNOTE:{r['notes']}\r\nEND:VCARD\r\n" for r in _records(megabytes)
    ).encode()  # fmt: skip


def zipped(megabytes: float) -> bytes:
    return _zip({f"{i}.csv": csv(megabytes / 8) for i in range(8)})


def tar_gz(megabytes: float) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for i in range(8):
            raw = csv(megabytes / 8)
            info = tarfile.TarInfo(f"{i}.csv")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return out.getvalue()


MAKERS: dict[str, Maker] = {
    "CSV": Maker(".csv", "csv", csv),
    "CSV, gzip": Maker(".csv.gz", "gzip, csv", lambda n: gzip.compress(csv(n))),
    "Fixed width": Maker(".txt", "slices of lines", fixed_width),
    "Text": Maker(".txt", "open", text),
    "JSON": Maker(".json", "json", json_),
    "YAML": Maker(".yaml", "PyYAML (C)", lambda n: yaml(n / 8)),
    "XML": Maker(".xml", "lxml", xml),
    "HTML": Maker(".html", "lxml", html),
    "Notebook": Maker(".ipynb", "json", notebook),
    "XLSX": Maker(".xlsx", "python-calamine", xlsx),
    "ODS": Maker(".ods", "python-calamine", lambda n: ods(n / 2)),
    "DOCX": Maker(".docx", "zipfile, lxml", docx),
    "RTF": Maker(".rtf", "", rtf),
    "PDF": Maker(".pdf", "pypdfium2", pdf, pages=True),
    "PDF, scanned": Maker(".pdf", "pypdfium2, Tesseract", scans, pages=True),
    "MBOX": Maker(".mbox", "email", mbox),
    "VCF": Maker(".vcf", "open", vcards),
    "Parquet": Maker(".parquet", "pyarrow", parquet),
    "ORC": Maker(".orc", "pyarrow", orc),
    "Feather": Maker(".feather", "pyarrow", feather),
    "Avro": Maker(".avro", "fastavro", avro),
    "SQLite": Maker(".sqlite", "sqlite3", sqlite),
    "DBF": Maker(".dbf", "slices of records", dbf),
    "SQL dump, COPY": Maker(".sql", "csv", copy),
    "SQL dump, INSERT": Maker(".sql", "", inserts),
    "ZIP of CSV": Maker(".zip", "zipfile, csv", zipped),
    "TAR.GZ of CSV": Maker(".tar.gz", "tarfile, csv", tar_gz),
}
