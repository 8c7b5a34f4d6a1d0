"""Samples of data files, text formats and pictures. Good, protected and broken ones; people as in `samples.py`."""

from __future__ import annotations

import base64
import functools
import io
import json
import pathlib
import random
import sqlite3
from collections.abc import Callable

from tests.extractors import samples_binary as binary
from tests.extractors import samples_pst

FILES = pathlib.Path(__file__).parent / "files"
HEADER = ["Forename", "Surname", "Email", "NINO", "Date of birth"]


def people() -> list[list[str]]:
    from tests.extractors.samples import PEOPLE

    return PEOPLE


def csv_bytes() -> bytes:
    from tests.extractors.samples import csv

    return csv()


def file(name: str) -> bytes:
    """A committed sample (made by `make_files.py`)."""
    return (FILES / name).read_bytes()


def fixed_width() -> bytes:
    return "".join(
        "".join(cell.ljust(20) for cell in row).rstrip() + "\r\n" for row in [HEADER, *people()]
    ).encode("cp1252")


def yaml() -> bytes:
    rows = "".join(
        f"  - forename: {r[0]}\n    email: {r[2]}\n    nino: {r[3]}\n    born: {r[4]}\n" for r in people()
    )
    return f"# who works here\nstaff:\n{rows}".encode()


def markdown() -> bytes:
    lines = [
        "# Staff list",
        "",
        "Ask the office.",
        "",
        "| " + " | ".join(HEADER) + " |",
        "|" + " --- |" * len(HEADER),
    ]
    lines += ["| " + " | ".join(row) + " |" for row in people()]
    return ("\n".join([*lines, "", "The end."]) + "\n").encode()


def log() -> bytes:
    return "".join(
        f"2024-03-0{i} 10:00:0{i},123 INFO [web-{i}] mail={r[2]} ip=203.0.113.{i} action=login nino={r[3]}\n"
        for i, r in enumerate(people(), 1)
    ).encode()


def vcard() -> bytes:
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{r[1]};{r[0]};;;\r\nFN:{r[0]} {r[1]}\r\nEMAIL;TYPE=work:{r[2]}\r\nBDAY:{r[4]}\r\n"
        f"NOTE:National insurance\\, as told: {r[3]}\r\nADR;TYPE=home:;;1 High Street;Anytown;;ZZ1 1ZZ;UK\r\nEND:VCARD\r\n"
        for r in people()
    )
    return cards.encode()


def calendar() -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//synthetic//EN\r\nBEGIN:VEVENT\r\nUID:1@example.com\r\n"
        "DTSTART:20240301T100000Z\r\nSUMMARY:Case review: Béla Fictional\r\n"
        'ORGANIZER;CN="Ada Synthetic":mailto:ada@example.com\r\nATTENDEE;CN=Chi:mailto:chi@example.com\r\n'
        "DESCRIPTION:Bring the file of QQ223456B\\, and the\r\n  letter.\r\n"
        f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{base64.b64encode(csv_bytes()).decode()}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def notebook() -> bytes:
    cells = "".join(f"<td>{cell}</td>" for cell in people()[1])
    head = "".join(f"<th>{cell}</th>" for cell in HEADER)
    first = "".join(f"<td>{cell}</td>" for cell in people()[0])
    html = f"<table><tr>{head}</tr><tr>{first}</tr><tr>{cells}</tr></table>"
    book = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Leavers\n", "Ask Chi."]},
            {
                "cell_type": "code",
                "execution_count": 1,
                "metadata": {},
                "source": ["staff.head()"],
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": ["found dia@example.com\n"]},
                    {
                        "output_type": "execute_result",
                        "execution_count": 1,
                        "metadata": {},
                        "data": {"text/html": [html], "text/plain": ["  Forename ..."]},
                    },
                ],
            },
        ],
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1).encode()


def kml() -> bytes:
    places = "".join(
        f"<Placemark><name>{r[0]}</name><ExtendedData><Data name='email'><value>{r[2]}</value></Data>"
        f"<Data name='nino'><value>{r[3]}</value></Data></ExtendedData><Point><coordinates>-0.1,51.5</coordinates></Point>"
        "</Placemark>"
        for r in people()
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document>{places}</Document></kml>"
    ).encode()


def mysql() -> bytes:
    rows = ",".join(
        "(" + ",".join([str(i), *("'" + c.replace("'", "\\'") + "'" for c in r), "NULL"]) + ")"
        for i, r in enumerate(people())
    )
    return (
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: localhost    Database: hr\n\n"
        "DROP TABLE IF EXISTS `staff`;\nCREATE TABLE `staff` (\n  `id` int NOT NULL,\n  `forename` varchar(40) DEFAULT NULL,\n"
        "  `surname` varchar(40) DEFAULT NULL COMMENT 'family; name',\n  `email` varchar(80),\n  `nino` char(9),\n"
        "  `born` date,\n  `note` text,\n  PRIMARY KEY (`id`),\n  KEY `k` (`email`)\n) ENGINE=InnoDB;\n\n"
        f"LOCK TABLES `staff` WRITE;\nINSERT INTO `staff` VALUES {rows};\nUNLOCK TABLES;\n-- Dump completed\n"
    ).encode()


def sql_server() -> bytes:
    rows = "".join(
        "INSERT [dbo].[Staff] ([Id], [Forename], [Surname], [Email], [NINO], [Date of birth]) VALUES "
        f"({i}, N'{r[0]}', N'{r[1]}', N'{r[2]}', N'{r[3]}', CAST(N'{r[4]}' AS Date))\r\n"
        for i, r in enumerate(people())
    )
    script = (
        "USE [HR]\r\nGO\r\nSET ANSI_NULLS ON\r\nGO\r\nCREATE TABLE [dbo].[Staff](\r\n\t[Id] [int] NOT NULL,\r\n"
        f"\t[Forename] [nvarchar](40) NULL\r\n) ON [PRIMARY]\r\nGO\r\n{rows}GO\r\n"
    )
    return b"\xff\xfe" + script.encode("utf-16-le")  # as Management Studio saves it


def sqlite(application: int = 0, wal: bool = False) -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute(f"PRAGMA application_id={application}")
    base.execute(
        "CREATE TABLE staff (forename TEXT, surname TEXT, email TEXT, nino TEXT, born DATE, file BLOB)"
    )
    base.executemany(
        "INSERT INTO staff VALUES (?,?,?,?,?,?)",
        [[*row, b"\x00\x01geometry" if application else None] for row in people()],
    )
    base.commit()
    raw = bytes(base.serialize())
    base.close()
    return raw[:18] + b"\x02\x02" + raw[20:] if wal else raw


def sqlite_with_file() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE papers (name TEXT, file BLOB)")
    from tests.extractors.samples import docx

    base.execute("INSERT INTO papers VALUES ('letter', ?)", [docx()])
    base.commit()
    return bytes(base.serialize())


def _table() -> object:
    import pyarrow as pa

    return pa.table({name: [row[i] for row in people()] for i, name in enumerate(HEADER)})


def orc() -> bytes:
    from pyarrow import orc as format_

    out = io.BytesIO()
    format_.write_table(_table(), out)
    return out.getvalue()


def arrow(stream: bool = False) -> bytes:
    import pyarrow as pa

    out = io.BytesIO()
    table = _table()
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(out, table.schema) as writer:  # type: ignore[attr-defined]
        writer.write_table(table)
    return out.getvalue()


def feather() -> bytes:
    from pyarrow import feather as format_

    out = io.BytesIO()
    format_.write_feather(_table(), out, compression="zstd")
    return out.getvalue()


def picture(form: str = "PNG", pages: int = 1) -> bytes:
    """Black letters on white, as a scanner would see them."""
    images = [_page(i) for i in range(pages)]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if pages > 1 else {}
    images[0].save(out, form, **more, **({"resolution": 150} if form == "PDF" else {}))
    return out.getvalue()


@functools.cache
def line() -> bytes:
    """One printed line: quick to read."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (1220, 90), 255)
    ImageDraw.Draw(image).text(
        (30, 20), "Ask ada@example.com or QQ123456A", fill=0, font=ImageFont.load_default(size=40)
    )
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@functools.cache
def _page(number: int) -> object:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (1240, 360), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=40)
    draw.text((60, 60), f"Letter {number + 1} to Ada Synthetic", fill=0, font=font)
    draw.text((60, 140), "Please write to ada@example.com today", fill=0, font=font)
    draw.text((60, 220), "National Insurance number QQ 12 34 56 A", fill=0, font=font)
    return image


def scanned_pdf(pages: int = 1) -> bytes:
    """Pages that are pictures, as office machines make them."""
    return picture("PDF", pages)


GOOD: dict[str, Callable[[], bytes]] = {
    "staff-fixed.txt": fixed_width,
    "line.png": line,
    "staff.yaml": yaml,
    "staff.md": markdown,
    "web.log": log,
    "staff-utf16.csv": lambda: csv_bytes().decode().encode("utf-16"),
    "staff-1252.csv": lambda: csv_bytes().decode().encode("cp1252"),
    "staff.tsv": lambda: csv_bytes().replace(b",", b"\t"),
    "staff.vcf": vcard,
    "review.ics": calendar,
    "staff.ipynb": notebook,
    "staff.kml": kml,
    "mysql.sql": mysql,
    "mssql.sql": sql_server,
    "postgres.sql": lambda: file("postgres.sql"),
    "postgres-inserts.sql": lambda: file("postgres-inserts.sql"),
    "staff.dump": lambda: file("staff.dump"),
    "staff.sqlite": sqlite,
    "staff.gpkg": lambda: sqlite(0x47504B47),
    "staff.dbf": lambda: binary.dbf(HEADER, people()),
    "staff.orc": orc,
    "staff.arrow": arrow,
    "staff.arrows": lambda: arrow(stream=True),
    "staff.feather": feather,
    "staff.sav": lambda: file("staff.sav"),
    "staff.dta": lambda: file("staff.dta"),
    "staff.xpt": lambda: file("staff.xpt"),
    "staff.sas7bdat": lambda: file("staff.sas7bdat"),
    "letter.doc": lambda: file("letter.doc"),
    "letter.rtf": lambda: file("letter.rtf"),
    "staff.xls": lambda: file("staff.xls"),
    "slides.odp": lambda: file("slides.odp"),
    "staff.mdb": lambda: binary.access(HEADER, people()),
    "slides.ppt": binary.presentation,
    "mail.msg": lambda: binary.message({"staff.csv": csv_bytes()}),
    "mail.pst": lambda: samples_pst.store("staff.csv", csv_bytes()),
    "staff.rar": lambda: binary.rar5("staff.csv", csv_bytes()),
    "staff-old.rar": lambda: binary.rar4("staff.csv", csv_bytes()),
}
PICTURES: dict[str, Callable[[], bytes]] = {
    "letter.png": picture,
    "scan.jpg": lambda: picture("JPEG"),
    "scan.tif": lambda: picture("TIFF", 2),
    "scan.pdf": scanned_pdf,
}
NAMED: dict[str, Callable[[], bytes]] = {"closed.sqlite": lambda: random.Random(1).randbytes(8192)}
"""Protected files that nothing but their name tells from noise."""
ENCRYPTED: dict[str, Callable[[], bytes]] = {
    "closed.doc": lambda: _flagged(file("letter.doc")),
    "closed.ppt": lambda: binary.presentation(encrypted=True),
    "closed.msg": lambda: binary.message({"smime.p7m": b"\x30\x80" + bytes(200)}, secure=True),
    "closed.7z": lambda: file("closed.7z"),
    "closed-names.7z": lambda: file("closed-names.7z"),
    "closed.rar": lambda: binary.rar5("staff.csv", csv_bytes(), encrypted=True),
    "closed.mdb": lambda: binary.access(HEADER, people(), encrypted=True),
    "closed.dbf": lambda: binary.dbf(HEADER, people(), encrypted=True),
    "closed.sav": lambda: b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV\x15\0\0\0" + bytes(range(256)),
}


def xls_encrypted() -> bytes:
    """A workbook whose stream begins as Excel's protected ones do ([MS-XLS] 2.4.117, FilePass with RC4)."""
    begin = bytes.fromhex("0908100000060500bb0dcc0700000000 06000000".replace(" ", ""))
    locked = bytes.fromhex("2f003600 0100 0100 0100".replace(" ", "")) + bytes(range(48))
    return binary.compound({"Workbook": begin + locked + random.Random(2).randbytes(4500)})


def _flagged(document: bytes) -> bytes:
    """A Word document with the mark of encryption in its header ([MS-DOC] 2.5.2, fEncrypted)."""
    at = document.find(b"\xec\xa5")
    return document[: at + 0x0B] + bytes([document[at + 0x0B] | 1]) + document[at + 0x0C :]
