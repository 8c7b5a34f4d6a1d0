"""Spreadsheets, documents, PDF and mail."""

from __future__ import annotations

import io

import openpyxl
import pytest

from scanner.common import sniff
from scanner.contracts import FormatCap, Limits
from scanner.extractors import spreadsheet
from scanner.model import GapReason
from tests.extractors import samples
from tests.extractors.reading import read


def test_sheets_headers_and_hidden_sheets() -> None:
    out = read(samples.xlsx(), "staff.xlsx")
    by_place = {t.place.text: t for t in out.tables}
    staff, leavers = by_place["staff.xlsx › Staff"], by_place["staff.xlsx › Leavers"]
    assert list(staff.columns) == samples.HEADER
    assert staff.columns["Date of birth"][0] == "1980-02-03"
    assert not staff.hidden
    assert leavers.hidden
    assert "Staff list, synthetic" in out.visible
    assert "on long leave" in out.hidden
    assert "Zoe Author" in out.hidden
    assert ("part", "comments") in {t.place.steps[-1] for t in out.texts}


def test_numbers_are_as_people_wrote_them() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Account", "Rate"])
    book.active.append([12345678, 1.5])
    book.active.append([23456789, 2])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "x.xlsx").rows == [("12345678", "1.5"), ("23456789", "2")]


def _big(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Big")
    sheet.append(["id", "Email"])
    for i in range(rows):
        sheet.append([i, f"a{i}@example.com"])
    hidden = book.create_sheet("Old")
    hidden.sheet_state = "hidden"
    hidden.append(["Name", "Age"])
    hidden.append(["Ann", 30])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_large_sheets_are_streamed_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _big(3000)
    whole = read(data, "x.xlsx")
    monkeypatch.setattr(spreadsheet, "WHOLE_BYTES", 10_000)
    monkeypatch.setattr(spreadsheet, "WHOLE_CELLS", 5)
    streamed = read(data, "x.xlsx")
    assert streamed.column("Email") == whole.column("Email") == [f"a{i}@example.com" for i in range(3000)]
    assert streamed.column("id") == whole.column("id")
    assert [t.hidden for t in streamed.tables] == [t.hidden for t in whole.tables]
    assert not streamed.gaps


def test_a_sparse_sheet_costs_no_memory() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.active["XFD1048576"] = "ann@example.com"
    out = io.BytesIO()
    book.save(out)
    got = read(out.getvalue(), "x.xlsx")
    assert "ann@example.com" in got.everything


def test_workbook_bomb() -> None:
    import zipfile

    data = io.BytesIO(samples.xlsx())
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(100 * 1024 * 1024))
    out = read(data.getvalue(), "x.xlsx")
    assert out.reasons == [GapReason.LIMIT]


def test_document_parts() -> None:
    out = read(samples.docx(), "letter.docx")
    table = next(t for t in out.tables if len(t.place.steps) == 1)
    assert table.columns["NINO"] == tuple(r[3] for r in samples.PEOPLE)
    assert "Letter to Ada at ada@example.com" in out.visible
    assert "shown again" in out.visible
    assert "OFFICIAL header" in out.visible
    for words in ("hidden words", "deleted words", "check this", "Zoe Author"):
        assert words in out.hidden
        assert words not in out.visible
    assert any("Leavers" in place for place in out.places), "the embedded workbook is read"
    assert ("part", "comments") in {t.place.steps[-1] for t in out.texts}


def test_opendocument_and_slides() -> None:
    out = read(samples.odt(), "letter.odt")
    assert "Write to ada@example.com soon" in out.visible
    assert "margin note" in out.hidden
    assert out.columns == samples.HEADER
    slides = read(samples.pptx(), "slides.pptx")
    assert {t.place.steps[-1] for t in slides.texts} == {("page", "1"), ("page", "2"), ("part", "notes")}
    assert "speaker notes" in slides.hidden


def test_pdf_pages_fields_and_notes() -> None:
    out = read(samples.pdf(), "letter.pdf")
    pages = [t for t in out.texts if t.place.steps[-1] == ("page", "1")]
    assert "ada@example.com" in pages[0].text
    assert "surname: Synthetic" in out.visible
    assert "a sticky note" in out.hidden


def test_a_blank_page_of_a_pdf_is_no_gap() -> None:
    out = read(samples.pdf(("", "ada@example.com")), "half.pdf")
    assert not out.gaps
    assert samples.MARK in out.everything


def test_mail() -> None:
    out = read(samples.eml(), "mail.eml")
    headers = out.tables[0]
    assert headers.columns["Subject"] == ["Béla's file"]
    assert headers.columns["To"] == ["bela@example.com, Chi <chi@example.com>"]
    assert headers.place.steps[-1] == ("part", "headers")
    assert "Please see the list attached." in out.visible
    assert "mail.eml › staff.csv" in out.places
    assert "mail.eml › staff.zip › hr/staff.csv" in out.places


def test_mail_in_mail_and_alternatives() -> None:
    from email.message import EmailMessage

    inner = EmailMessage()
    inner["From"] = "chi@example.com"
    inner["To"] = "dia@example.com"
    inner["Subject"] = "inner"
    inner.set_content("inner text, long enough to be read first\n")
    inner.add_alternative(
        "<html><body><p>inner text, long enough to be read first</p></body></html>", subtype="html"
    )
    outer = EmailMessage()
    outer["From"] = "ada@example.com"
    outer["To"] = "bela@example.com"
    outer["Subject"] = "Fwd"
    outer.set_content("see below\n")
    outer.add_attachment(inner)
    out = read(outer.as_bytes(), "x.eml")
    assert [t.columns["From"] for t in out.tables] == [["ada@example.com"], ["chi@example.com"]]
    assert out.everything.count("inner text") == 1


def test_mbox_gives_every_message() -> None:
    (headers,) = [t for t in read(samples.mbox(), "x").tables if "Subject" in t.columns]
    assert headers.rows == 2


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", sniff.EMPTY),
        (b"\x89PNG\r\n\x1a\n1234", "image/png"),
        (b"SQLite format 3\x00" + bytes(80), "application/vnd.sqlite3"),
        (b"ORC" + bytes(20), "application/vnd.apache.orc"),
        (bytes(range(256)) * 4, sniff.BINARY),
        (b"MZ" + bytes(range(256)), "application/x-dosexec"),
        (b"{\\rtf1 hello}", "application/rtf"),
        (b'{"a": 1}', sniff.JSON),
        (b'{"a": 1}\n{"a": 2}\n', sniff.JSON_LINES),
        (b"[section]\nname = Ann\n", sniff.TEXT),
        (b"<34>1 2003-10-11 host app - - ID47 message\n", sniff.TEXT),
        (b"Name: Ann\nTown: York\n", sniff.TEXT),
        (b"<?xml version='1.0'?><html xmlns='x'><body/></html>", sniff.HTML),
        (b"<r><people><p id='1'><title>Ann</title></p></people></r>", sniff.XML),
        (b"<!-- made by x --><!DOCTYPE html>\n<html></html>", sniff.HTML),
        (b"<svg xmlns='x'><text>Ann</text></svg>", sniff.XML),
        (b"2024-01-01 12:00:00,123 INFO a\n2024-01-01 12:00:01,124 WARN b\n" * 3, sniff.TEXT),
        (b"Dear all, this is a letter, and it goes on.\nSecond, with more words, here too.\n", sniff.TEXT),
    ],
)
def test_types_by_content(head: bytes, kind: str) -> None:
    assert sniff.media_type(head, "file") == kind
    assert sniff.media_type(head, "file.dat") == kind


def test_limits_of_size() -> None:
    out = read(samples.xlsx(), "x.xlsx", Limits(object_bytes=1000))
    assert out.reasons == [GapReason.LIMIT]
    out = read(samples.pdf(), "x.pdf", Limits(formats={"pdf": FormatCap(bytes=100)}))
    assert out.reasons == [GapReason.LIMIT]
