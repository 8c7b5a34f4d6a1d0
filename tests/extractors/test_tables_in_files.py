"""Formats that hold tables: under their own names, with their own columns, in every encoding."""

from __future__ import annotations

import io

import pytest

from scanner.contracts import FormatCap, Limits
from scanner.model import GapReason
from tests.extractors import samples, samples_binary, samples_more
from tests.extractors.reading import read

NAMED = {
    "mysql.sql": ("mysql.sql › staff", ["id", "forename", "surname", "email", "nino", "born", "note"]),
    "mssql.sql": ("mssql.sql › dbo.Staff", ["Id", "Forename", "Surname", "Email", "NINO", "Date of birth"]),
    "postgres.sql": ("postgres.sql › public.staff", ["forename", "surname", "email", "nino", "born"]),
    "postgres-inserts.sql": (
        "postgres-inserts.sql › public.staff",
        ["forename", "surname", "email", "nino", "born"],
    ),
    "staff.dump": ("staff.dump › public.staff", ["forename", "surname", "email", "nino", "born"]),
    "staff.sqlite": ("staff.sqlite › staff", ["forename", "surname", "email", "nino", "born", "file"]),
    "staff.gpkg": ("staff.gpkg › staff", ["forename", "surname", "email", "nino", "born", "file"]),
    "staff.mdb": ("staff.mdb › Staff", samples.HEADER),
    "staff.xlsb": ("staff.xlsb › Staff", samples.HEADER),
}
UNNAMED = ["staff-fixed.txt", "staff.md", "staff-utf16.csv", "staff-1252.csv", "staff.orc", "staff.arrow", "staff.arrows",
           "staff.feather", "letter.doc", "letter.rtf"]  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_tables_keep_their_names_and_columns(name: str) -> None:
    place, columns = NAMED[name]
    table = next(t for t in read(samples.good(name), name).tables if t.place.text == place)
    assert list(table.columns) == columns
    assert list(table.columns[columns[0]])[:1] in (["Ada"], ["0"])
    assert "Béla" in [cell for cells in table.columns.values() for cell in cells]


@pytest.mark.parametrize("name", UNNAMED)
def test_headers_are_found(name: str) -> None:
    out = read(samples.good(name), name)
    (table,) = [t for t in out.tables if "Email" in t.columns]
    assert list(table.columns) == samples.HEADER
    assert list(table.columns["Forename"]) == [row[0] for row in samples.PEOPLE]


@pytest.mark.parametrize("name", ["staff.sav", "staff.dta", "staff.xpt", "staff.sas7bdat"])
def test_statistics_files(name: str) -> None:
    out = read(samples.good(name), name)
    assert out.columns == ["Forename", "Surname", "Email", "NINO", "born"]
    assert out.column("NINO") == [row[3] for row in samples.PEOPLE]


def test_dbf_code_pages() -> None:
    out = read(samples_binary.dbf(["Name"], [["Béla"], ["Chi"]], code_page=0x03), "x.dbf")
    assert out.column("NAME") == ["Béla", "Chi"]


def test_a_dump_that_ends_early_is_told() -> None:
    whole = samples.good("mysql.sql")
    out = read(whole[: whole.rindex(b"UNLOCK")], "mysql.sql")
    assert out.reasons == [GapReason.CORRUPT]
    assert samples.MARK in out.everything


def _repacked(dump: bytes, algorithm: int, codec: str) -> bytes:
    """An unpacked custom dump as pg_dump 16 and later pack it: each table's data one LZ4 or Zstandard stream."""
    import pyarrow as pa

    from scanner.extractors.postgres_dump import _Archive

    file = io.BytesIO(dump)
    _Archive(file).entries()
    start = file.tell()
    out, at = dump[:11] + bytes([algorithm]) + dump[12:start], start
    while at < len(dump):
        out += dump[at : at + 6]  # kind of block, and the number of its entry
        at += 6
        data = b""
        while size := int.from_bytes(dump[at + 1 : at + 5], "little"):
            data += dump[at + 5 : at + 5 + size]
            at += 5 + size
        at += 5
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, codec) as stream:
            stream.write(data)
        packed = sink.getvalue().to_pybytes()
        out += b"\0" + len(packed).to_bytes(4, "little") + packed + bytes(5)
    return out


@pytest.mark.parametrize(("algorithm", "codec"), [(0, ""), (2, "lz4"), (3, "zstd")])
def test_custom_dumps_however_packed(algorithm: int, codec: str) -> None:
    dump = samples_more.file("staff-plain.dump")
    out = read(_repacked(dump, algorithm, codec) if codec else dump, "x.dump")
    assert not out.gaps
    (staff,) = [t for t in out.tables if t.place.text == "x.dump › public.staff"]
    assert list(staff.columns["nino"]) == [row[3] for row in samples.PEOPLE]


def test_strings_in_dumps_are_values_not_syntax() -> None:
    script = (
        "INSERT INTO t (a, b) VALUES ('one; two', 'it''s'), ('(3, 4)', NULL);\n"
        "INSERT INTO t (b, a) VALUES ('line\nINSERT INTO u VALUES (1);', 0x416461);\n"
    )
    out = read(script.encode(), "x.sql")
    rows = [{k: v for k, v in zip(t.columns, row, strict=True) if v} for t in out.tables
            for row in zip(*t.columns.values(), strict=True)]  # fmt: skip
    assert rows == [
        {"a": "one; two", "b": "it's"},
        {"a": "(3, 4)"},
        {"b": "line\nINSERT INTO u VALUES (1);", "a": "Ada"},  # bytes that are text
    ]


def test_of_a_functions_arguments_the_first_is_the_value() -> None:
    script = (
        "INSERT INTO t (a, b, c) VALUES (TO_DATE('03/02/1980', 'DD/MM/YYYY'), CAST(N'Ada' AS nvarchar(40)), 5);\n"
        "Insert into T (a, b, c) values (to_timestamp('1', 'x'), CONVERT(int, 7), (8));\n"
    )
    out = read(script.encode(), "x.sql")
    assert [row for row in out.rows if row[2]] == [("03/02/1980", "Ada", "5"), ("1", "int", "8")]


def test_documents_stored_in_a_database_are_descended_into() -> None:
    out = read(samples_more.sqlite_with_file(), "papers.sqlite")
    assert samples.MARK in out.everything
    assert any("papers › file" in place for place in out.places)


def test_a_database_in_write_ahead_mode() -> None:
    assert samples.MARK in read(samples_more.sqlite(wal=True), "x.db").everything


def test_encrypted_databases_are_told_by_their_name() -> None:
    noise = samples_more.NAMED["closed.sqlite"]()
    assert read(noise, "staff.sqlite").reasons == [GapReason.ENCRYPTED]
    assert read(noise, "noise.bin").reasons == [GapReason.UNSUPPORTED]


def test_shapefile_geometry_is_nothing_and_no_gap() -> None:
    out = read(b"\x00\x00\x27\x0a" + bytes(96), "places.shp")
    assert (out.tables, out.texts, out.gaps) == ([], [], [])


def test_places_on_maps_have_their_attributes_as_columns() -> None:
    out = read(samples.good("staff.kml"), "staff.kml")
    assert out.column("Document.Placemark.ExtendedData.nino") == [row[3] for row in samples.PEOPLE]


def test_a_cap_by_format_reads_a_part_and_says_so() -> None:
    rows = "id,Email\n" + "".join(f"{i},a{i}@example.com\n" for i in range(5_000))
    limits = Limits(formats={"delimited": FormatCap(rows=1_200)}, batch_rows=500)
    out = read(rows.encode(), "x.csv", limits)
    assert len(out.rows) == 1_200
    (gap,) = out.gaps
    assert (gap.reason, gap.remedy) == (GapReason.LIMIT, "raise limits.formats.delimited.rows")
    few = read(rows.encode(), "x.csv", Limits(formats={"delimited": FormatCap(bytes=2_000)}))
    assert 0 < len(few.rows) < 200
    assert few.reasons == [GapReason.LIMIT]
    pages = samples.pdf(("one ada@example.com", "two", "three"))
    out = read(pages, "x.pdf", Limits(formats={"pdf": FormatCap(pages=2)}))
    assert "two" in out.everything
    assert "three" not in out.everything
    assert out.reasons == [GapReason.LIMIT]
    # the cap of one format says nothing of another
    assert not read(pages, "x.pdf", limits).gaps
