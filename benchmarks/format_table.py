"""The table of formats in docs/formats.md, measured: `python benchmarks/format_table.py [--megabytes 10]`.

For each format: is the text of its samples found; are the things found that `dpscan release` should find hidden in it; is a
protected variant told as such; is a file cut off at a third, two thirds and just before its end told as such (or, where half a
file is a whole file, read as far as it goes); and do mutated files of one megabyte crash, hang or fill the memory.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import pathlib
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import fuzz_formats  # noqa: E402

PAGE = ROOT / "docs" / "formats.md"
START, END = "<!-- table:start -->", "<!-- table:end -->"


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table: samples by name, and the ending under which `release` keeps its own."""

    format: str
    good: Sequence[str]
    protected: Sequence[str] = ()
    hiding: str = ""


ROWS = (
    Row("CSV and TSV, in UTF-8, UTF-16 and Windows-1252", ("staff.csv", "staff.tsv", "staff-utf16.csv", "staff-1252.csv"), (), ".csv"),
    Row("Fixed-width text", ("staff-fixed.txt",)),
    Row("Plain text, logs", ("letter.txt", "web.log")),
    Row("Markdown", ("staff.md",)),
    Row("JSON, JSON lines", ("staff.json", "staff.jsonl")),
    Row("YAML", ("staff.yaml",)),
    Row("XML", ("staff.xml",)),
    Row("HTML", ("staff.html",)),
    Row("Jupyter notebook, with its outputs", ("staff.ipynb",)),
    Row("Excel XLSX, XLSM", ("staff.xlsx",), ("closed.xlsx",), ".xlsx"),
    Row("Excel XLSB", ("staff.xlsb",), ("closed.xlsb",)),
    Row("Excel XLS", ("staff.xls",), ("closed.xls",), ".xls"),
    Row("OpenDocument spreadsheet", ("staff.ods",), ("closed.ods",), ".ods"),
    Row("Word DOCX", ("letter.docx",), ("closed.docx",), ".docx"),
    Row("Word DOC", ("letter.doc",), ("closed.doc",)),
    Row("OpenDocument text", ("letter.odt",), ("closed.odt",), ".odt"),
    Row("RTF", ("letter.rtf",)),
    Row("PowerPoint PPTX", ("slides.pptx",), ("closed.pptx",), ".pptx"),
    Row("PowerPoint PPT", ("slides.ppt",), ("closed.ppt",)),
    Row("OpenDocument presentation", ("slides.odp",), ("closed.odp",), ".odp"),
    Row("PDF with text", ("letter.pdf",), ("closed.pdf",), ".pdf"),
    Row("PDF of scanned pages, by OCR", ("scan.pdf",)),
    Row("Pictures (PNG, JPEG, TIFF, …), by OCR", ("line.png", "letter.png", "scan.jpg", "scan.tif"), (), ".jpg"),
    Row("E-mail EML", ("mail.eml",), ("closed.eml",)),
    Row("Mailbox MBOX", ("mail.mbox",)),
    Row("Outlook MSG", ("mail.msg",), ("closed.msg",)),
    Row("Outlook PST", ("mail.pst",)),
    Row("Calendar ICS, contacts VCF", ("review.ics", "staff.vcf")),
    Row("Parquet", ("staff.parquet",), ("closed.parquet",)),
    Row("Avro", ("staff.avro",)),
    Row("ORC", ("staff.orc",)),
    Row("Feather, Arrow files and streams", ("staff.feather", "staff.arrow", "staff.arrows")),
    Row("SQLite", ("staff.sqlite",), ("closed.sqlite",)),
    Row("GeoPackage", ("staff.gpkg",)),
    Row("KML, KMZ", ("staff.kml", "places.kmz")),
    Row("DBF, shapefile attributes", ("staff.dbf",), ("closed.dbf",)),
    Row("Access MDB, ACCDB", ("staff.mdb",), ("closed.mdb",)),
    Row("SPSS SAV", ("staff.sav",), ("closed.sav",)),
    Row("Stata DTA", ("staff.dta",)),
    Row("SAS SAS7BDAT, XPT", ("staff.sas7bdat", "staff.xpt")),
    Row("SQL dump: PostgreSQL, plain", ("postgres.sql", "postgres-inserts.sql")),
    Row("SQL dump: PostgreSQL, custom", ("staff.dump",)),
    Row("SQL dump: MySQL, MariaDB", ("mysql.sql",)),
    Row("SQL script: SQL Server", ("mssql.sql",)),
    Row("ZIP", ("staff.zip",), ("closed.zip",)),
    Row("7-Zip", ("staff.7z",), ("closed.7z", "closed-names.7z")),
    Row("RAR 4 and 5", ("staff-old.rar", "staff.rar"), ("closed.rar",)),
    Row("TAR, plain and packed", ("staff.tar", "staff.tar.gz", "staff.tar.bz2", "staff.tar.xz")),
    Row("GZ, BZ2, XZ, ZSTD", ("staff.csv.gz", "staff.csv.bz2", "staff.csv.xz", "staff.csv.zst")),
    Row("OpenSSL, PGP and the like", (), ("closed.bin",)),
)  # fmt: skip


def _read(name: str, data: bytes) -> tuple[bool, list[str]]:
    """(is the planted address in it, reasons of gaps)."""
    from tests.extractors import samples
    from tests.extractors.reading import read

    out = read(data, name)
    return samples.MARK in out.everything, [reason.name for reason in out.reasons]


def found(row: Row) -> str:
    if not row.good:
        return "–"
    good = [_read(name, fuzz_formats.sample(name)) == (True, []) for name in row.good]
    return "yes" if all(good) else f"{sum(good)} of {len(good)}"


def protected(row: Row) -> str:
    if not row.protected:
        return "–"
    told = ["ENCRYPTED" in _read(name, fuzz_formats.sample(name))[1] for name in row.protected]
    return "told" if all(told) else f"told for {sum(told)} of {len(told)}"


def cut_off(row: Row) -> str:
    from tests.extractors.test_formats import LINE_FORMATS, cut

    if not row.good:
        return "–"
    if set(row.good) <= LINE_FORMATS:
        return "read to the cut"
    told = [
        bool(_read(name, cut(name, share))[1])
        for name in row.good
        for share in (0.35, 0.7, 0.97)
        if name not in LINE_FORMATS
    ]
    return "told" if all(told) else f"told in {sum(told)} of {len(told)}"


@functools.cache
def _detector() -> Any:
    from scanner.detector import Detector

    return Detector()


def hidden(row: Row) -> str:
    """Of the things that the tests of `release` hide in this format, how many it finds."""
    from scanner.release.inspecting import inspect
    from tests.release.test_hidden import _FORMATS

    cases = _FORMATS.get(row.hiding)
    if not cases:
        return "–"
    hits = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, f"file{row.hiding}")
        for make, hiding, *_ in cases.values():
            path.write_bytes(make(True))
            hits += any(seen.hiding == hiding for seen in inspect(path, path.name, _detector()).seen)
    return f"{hits} of {len(cases)}"


def fuzzed(row: Row, megabytes: int) -> str:
    names = [*row.good, *row.protected]
    tallies = [fuzz_formats.fuzz(name, -(-megabytes // len(names)), True) for name in names]
    faults = sum(len(tally.faults) for tally in tallies)
    said = f"{faults} faults in" if faults else "sound:"
    files, slowest = sum(tally.files for tally in tallies), max(tally.slowest for tally in tallies)
    return f"{said} {files} files, ≤ {slowest:.1f} s, ≤ {max(tally.peak_mib for tally in tallies):.0f} MiB"


def table(megabytes: int) -> str:
    head = "| Format | Text found | Hidden things found | Protected | Cut off | 1 MB fuzzed: CPU time, peak memory |\n|---|---|---|---|---|---|\n"
    lines = []
    for row in ROWS:
        cells = (row.format, found(row), hidden(row), protected(row), cut_off(row), fuzzed(row, megabytes))
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return head + "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--megabytes", type=int, default=10, help="mutated files of one megabyte for each format"
    )
    made = table(parser.parse_args().megabytes)
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    PAGE.write_text(f"{before}{START}\n{made}{END}{rest.partition(END)[2]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
