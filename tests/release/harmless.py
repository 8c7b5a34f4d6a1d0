"""Files that may go: each was, or could be, taken for a leak by a tool that looks at presence or shape alone."""

from __future__ import annotations

from collections.abc import Callable

import openpyxl
from openpyxl.styles import Font, PatternFill
from pikepdf import Array, Dictionary, Name, String

from tests.release import documents, pages, pictures, workbooks
from tests.release.people import VISIBLE


def clean_pdf() -> bytes:
    return pages.one()


def references_in_pdf() -> bytes:
    """Long numbers, some of which pass a payment card's check digit by chance."""
    return pages.one(
        pages.line("Invoice reference 4111 1111 1111 1111, order number 5500000000000004", 700),
        pages.line("Contract ref: 4012888888881881. Grant reference 6011111111111117", 680),
        pages.line("ISBN 978 0 10 147232 6, DOI 10.1000/182, company number 01234567", 660),
        pages.line("Case number 1234567890123452 and consignment 1234 5678 9012 3452", 640),
    )


def designed_pdf() -> bytes:
    """White headings on dark bands, tables with shaded rows, a picture behind a title."""
    return pages.one(
        "0 0 0.4 rg 40 560 500 40 re f 1 1 1 rg\n", pages.line("Chapter one: spending", 572, size=18),
        "0.9 0.9 0.9 rg 40 500 500 20 re f 0 0 0 rg\n", pages.line("Total  1,234,567", 505), "0.3 w 40 490 m 540 490 l S\n",
    )  # fmt: skip


def linked_pdf() -> bytes:
    made = pages.document(pages.TITLE + pages.BODY)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 720, 200, 740]), Border=Array([0, 0, 0]),
                      A=Dictionary(S=Name.URI, URI=String("https://www.example.gov.uk/report")))  # fmt: skip
    made.pages[0].obj.Annots = Array([link])
    return pages.saved(made)


def searchable_scan() -> bytes:
    """A scan with its recognised text behind it in invisible mode: the words are seen in the picture."""
    from PIL import Image, ImageDraw, ImageFont

    words = "Minutes of the finance committee meeting"
    image = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(image).text((104, 200), words, 0, ImageFont.load_default(40))
    made = pages.document("q 595 0 0 842 0 0 cm /Im Do Q\n" + pages.line(words, 722, 50, 19, before="3 Tr"))
    picture = made.make_stream(
        image.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=1240,
        Height=1754,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    made.pages[0].obj.Resources.XObject = Dictionary(Im=picture)
    return pages.saved(made)


def author_metadata() -> bytes:
    made = workbooks.book()
    made.properties.creator = "Jane Okonkwo"
    made.properties.lastModifiedBy = "Jane Okonkwo"
    return workbooks.saved(made)


def lookup_sheet() -> bytes:
    """The lists behind drop-down cells, as half of all workbooks have."""
    made = workbooks.book()
    sheet = made.create_sheet("Lists")
    sheet.sheet_state = "hidden"
    for row in (("Ethnicity", "Gender", "Marital status", "Religion", "Offence group", "Ward"),
                ("White British", "Male", "Single", "Christian", "Burglary", "North"),
                ("Black African", "Female", "Married", "Muslim", "Theft", "South"),
                ("Asian British", "Non-binary", "Divorced", "Hindu", "Robbery", "East"),
                ("Mixed", "Prefer not to say", "Widowed", "No religion", "Arson", "West")):  # fmt: skip
        sheet.append(row)
    return workbooks.saved(made)


def statistics() -> bytes:
    """A published table by ethnicity and offence: counts of people, nobody in particular."""
    made = workbooks.book()
    sheet = made.create_sheet("By group")
    sheet.append(("Force", "Ethnicity", "Offence group", "Number of arrests"))
    for force in ("North", "South", "East"):
        for group in ("White", "Black", "Asian", "Mixed"):
            for offence in ("Burglary", "Theft", "Robbery"):
                sheet.append((force, group, offence, (len(force) * 7 + len(group) * 3 + len(offence)) * 11))
    return workbooks.saved(made)


def hidden_workings() -> bytes:
    made = workbooks.book()
    sheet = made.create_sheet("Workings")
    sheet.sheet_state = "veryHidden"
    sheet.append(("Period", "Index", "Weight", "Rate"))
    for number in range(300):
        sheet.append((f"2023-{number % 12 + 1:02}", 100 + number * 0.37, 0.25, number / 300))
    return workbooks.saved(made)


def styled_header() -> bytes:
    made = openpyxl.Workbook()
    made.properties.creator = None
    for row in VISIBLE:
        made.active.append(row)
    for cell in made.active[1]:
        cell.font, cell.fill = Font(color="FFFFFFFF", bold=True), PatternFill("solid", fgColor="FF1F3864")
    return workbooks.saved(made)


def role_mailboxes() -> bytes:
    made = documents.plain()
    made.add_paragraph(
        "Questions: foi@example.gov.uk, press.office@example.gov.uk or 020 7946 0000. Complaints: complaints@example.gov.uk"
    )
    made.add_paragraph("Statistics team: statistics@example.gov.uk; helpdesk 0800 496 0000")
    return documents.saved(made)


def policy() -> bytes:
    """A policy speaks of health, belief and offences and of nobody in particular."""
    made = documents.plain()
    for text in ("Employees with asthma, diabetes or epilepsy may ask for adjustments.",
                 "Muslim, Christian and Hindu festivals are observed. Trade union members may attend meetings.",
                 "Theft and fraud are gross misconduct. Officers convicted of assault are dismissed."):  # fmt: skip
        made.add_paragraph(text)
    return documents.saved(made)


def slides() -> bytes:
    made = documents.deck()
    made.slides[
        0
    ].notes_slide.notes_text_frame.text = "Pause here. Explain why spending rose in the second quarter."
    return documents.saved(made)


def photograph() -> bytes:
    return pictures.gps(False)


def csv() -> bytes:
    rows = ["Date,Supplier,Amount,Transaction number,Purpose"]
    rows += [
        f"2024-01-{n % 28 + 1:02},Example Roads Ltd,{n * 173}.50,{5105000000 + n * 7919},Resurfacing"
        for n in range(1, 400)
    ]
    return ("\n".join(rows) + "\n").encode()


def header_comment() -> bytes:
    return b"# Source: quarterly return, version 2\n# Units: thousands of pounds\nQuarter,Spend\nQ1,120\nQ2,131\nQ3,126\n"


PASSES: dict[str, tuple[Callable[[], bytes], str]] = {
    "clean PDF": (clean_pdf, ".pdf"),
    "long reference numbers in a PDF": (references_in_pdf, ".pdf"),
    "white headings on dark bands": (designed_pdf, ".pdf"),
    "PDF with links": (linked_pdf, ".pdf"),
    "searchable scan": (searchable_scan, ".pdf"),
    "hidden sheet of lookup lists": (lookup_sheet, ".xlsx"),
    "statistics by ethnicity and offence": (statistics, ".xlsx"),
    "very hidden workings": (hidden_workings, ".xlsx"),
    "white header on a dark fill": (styled_header, ".xlsx"),
    "role mailboxes and switchboards": (role_mailboxes, ".docx"),
    "policy on health, belief and offences": (policy, ".docx"),
    "speaker notes about nobody": (slides, ".pptx"),
    "photograph without position": (photograph, ".jpg"),
    "spending over 500 pounds": (csv, ".csv"),
    "CSV with a comment on its source": (header_comment, ".csv"),
}
WARNS: dict[str, tuple[Callable[[], bytes], str]] = {"author metadata": (author_metadata, ".xlsx")}
