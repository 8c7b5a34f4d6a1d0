"""Make re-creations of four well-known leaks, with invented people, to try `dpscan release` on.

    python examples/release/make.py FOLDER

Names are drawn from word lists; telephone numbers, e-mail domains and addresses are reserved
or invented. The same files come out every time.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import xlsxwriter

from scanner.common.lexicon import words

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
STAFF, RESIDENTS, CRIMES, HONOURS = 9_483, 6_528, 1_230, 1_097
_RANKS = (
    "Constable",
    "Constable",
    "Constable",
    "Sergeant",
    "Inspector",
    "Chief Inspector",
    "Support officer",
)
_PLACES = ("Northtown", "Eastbridge", "Westhaven", "Southfield", "Midvale", "Harbour Road", "Castle Street")
_UNITS = (
    "Response",
    "Neighbourhood",
    "Roads Policing",
    "Intelligence",
    "Surveillance Unit",
    "Dog Section",
    "Training",
)
_STREETS = (
    "High Street",
    "Station Road",
    "Church Lane",
    "Mill Road",
    "Victoria Avenue",
    "Park Crescent",
    "The Green",
)
_OFFENCES = (
    "Burglary",
    "Robbery",
    "Assault occasioning actual bodily harm",
    "Criminal damage",
    "Theft from the person",
    "Harassment",
)
_SERVICES = ("Housing", "Social care", "Revenues", "Planning", "Libraries", "Highways")
_AWARDS = (
    "Member of the Order of the British Empire",
    "Officer of the Order of the British Empire",
    "Medallist of the Order of the British Empire",
)


class People:
    """Invented people, the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        common = words("everyday") | words("name_words")
        self._forenames = sorted(
            w for w in words("forenames") - common if w.isascii() and w.isalpha() and 4 <= len(w) <= 8
        )[::7]
        self._surnames = sorted(
            w for w in words("surnames") - common if w.isascii() and w.isalpha() and 5 <= len(w) <= 9
        )[::11]

    def name(self) -> tuple[str, str]:
        return self.chance.choice(self._forenames).title(), self.chance.choice(self._surnames).title()

    def address(self) -> str:
        return f"{self.chance.randint(1, 180)} {self.chance.choice(_STREETS)}, {self.chance.choice(_PLACES)}"

    def mobile(self) -> str:
        # 07700 900000 to 900999 are reserved for drama (Ofcom).
        return f"07700 900{self.chance.randint(0, 999):03}"


def police_foi(out: Path) -> None:
    """A freedom-of-information answer on headcount; a hidden sheet holds everybody who was counted."""
    people = People("police")
    counts: dict[str, int] = {}
    staff = []
    for _ in range(STAFF):
        forename, surname = people.name()
        rank = people.chance.choice(_RANKS)
        counts[rank] = counts.get(rank, 0) + 1
        staff.append(
            (surname, forename[0], rank, people.chance.choice(_PLACES), people.chance.choice(_UNITS))
        )
    book, sheet = _book(out, "Request 24-0817")
    _rows(sheet, [("Rank", "Headcount"), *sorted(counts.items()), ("Total", STAFF)])
    hidden = book.add_worksheet("SAP download")
    _rows(hidden, [("Surname", "Initial", "Rank", "Location", "Unit"), *staff])
    hidden.hide()
    book.close()


def council_workforce(out: Path) -> None:
    """A table by service; the columns behind it are hidden, and a pivot table keeps every case."""
    people = People("council")
    cases = []
    for number in range(RESIDENTS):
        forename, surname = people.name()
        cases.append((f"{100000 + number}", people.chance.choice(_SERVICES), f"{forename} {surname}", people.address(),
                      people.chance.choice(("Under assessment", "Open", "Closed"))))  # fmt: skip
    book, sheet = _book(out, "Caseload by service")
    _rows(sheet, [("Service", "Cases", "Case officer", "E-mail")])
    for row, service in enumerate(_SERVICES, 1):
        forename, surname = people.name()
        mail = f"{forename}.{surname}@example.gov.uk".lower()
        _rows(sheet, [(service, sum(c[1] == service for c in cases), f"{forename} {surname}", mail)], row)
    sheet.set_column(2, 3, None, None, {"hidden": True})
    book.close()
    header = ("Case", "Service", "Name", "Address", "Status")
    _add_pivot_cache(out, header, cases)


def force_crime(out: Path) -> None:
    """Monthly figures; the records they were counted from are a very hidden sheet and an embedded workbook."""
    people = People("force")
    records = []
    for number in range(CRIMES):
        forename, surname = people.name()
        records.append(
            (
                f"36/{4000 + number}/24",
                people.chance.choice(_OFFENCES),
                f"{forename} {surname}",
                people.address(),
                people.mobile(),
            )
        )
    header = ("Crime reference", "Offence", "Victim", "Address", "Telephone")
    book, sheet = _book(out, "Figures")
    totals = {offence: sum(r[1] == offence for r in records) for offence in sorted(set(_OFFENCES))}
    _rows(sheet, [("Recorded crime", "Number"), *totals.items()])
    raw = book.add_worksheet("raw_extract")
    _rows(raw, [header, *records])
    raw.very_hidden()
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {"categories": ["Figures", 1, 0, len(totals), 0], "values": ["Figures", 1, 1, len(totals), 1]}
    )
    sheet.insert_chart("D2", chart)
    book.close()
    inner = io.BytesIO()
    behind = xlsxwriter.Workbook(inner)
    _rows(behind.add_worksheet("Extract"), [header, *records])
    behind.close()
    _add(out, {"xl/embeddings/Microsoft_Excel_Sheet1.xlsx": inner.getvalue()},
         {"xl/charts/chart1.xml": [("package", "../embeddings/Microsoft_Excel_Sheet1.xlsx")]}, {},
         defaults={"xlsx": _KIND + "sheet"})  # fmt: skip


def honours_xlsx(out: Path) -> None:
    """A list of recipients; the column of home addresses is hidden."""
    book, sheet = _book(out, "Honours")
    _rows(sheet, _honours())
    sheet.set_column(4, 5, None, None, {"hidden": True})
    book.close()


def honours_csv(out: Path) -> None:
    """The same as text: the addresses stand far to the right of the table."""
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in _honours():
            writer.writerow([*row[:4], *[""] * 20, *row[4:]])


def _honours() -> list[tuple[str, ...]]:
    people = People("honours")
    rows: list[tuple[str, ...]] = [("Surname", "Forename", "Award", "Citation", "Home address", "Postcode")]
    for _ in range(HONOURS):
        forename, surname = people.name()
        place = people.chance.choice(_PLACES)
        # No post town has ever begun with XX or ZZ.
        postcode = f"ZZ{people.chance.randint(1, 9)} {people.chance.randint(1, 9)}ZZ"
        rows.append(
            (
                surname,
                forename,
                people.chance.choice(_AWARDS),
                f"For services to the community in {place}",
                people.address(),
                postcode,
            )
        )
    return rows


def _book(out: Path, name: str) -> tuple[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet]:
    book = xlsxwriter.Workbook(str(out))
    return book, book.add_worksheet(name)


def _rows(sheet: xlsxwriter.worksheet.Worksheet, rows: Sequence[Sequence[object]], first: int = 0) -> None:
    for number, row in enumerate(rows, first):
        for column, value in enumerate(row):
            sheet.write(number, column, value)


def _add_pivot_cache(out: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A pivot table over a source that is gone: its cache keeps every record (ECMA-376 part 1, 18.10)."""
    shared: list[list[str]] = [sorted(set(values)) for values in zip(*rows, strict=True)]
    place = [{value: index for index, value in enumerate(values)} for values in shared]
    fields = "".join(
        f'<cacheField name="{name}" numFmtId="0"><sharedItems count="{len(values)}">'
        + "".join(f'<s v="{value}"/>' for value in values)
        + "</sharedItems></cacheField>"
        for name, values in zip(header, shared, strict=True)
    )
    definition = (
        f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_R}" r:id="rId900" refreshedVersion="6" createdVersion="6" '
        f'recordCount="{len(rows)}"><cacheSource type="worksheet"><worksheetSource ref="A1:E{len(rows) + 1}" sheet="Extract"/>'
        f'</cacheSource><cacheFields count="{len(header)}">{fields}</cacheFields></pivotCacheDefinition>'
    )
    records = "".join(
        "<r>" + "".join(f'<x v="{place[i][value]}"/>' for i, value in enumerate(row)) + "</r>" for row in rows
    )
    table = (
        f'<pivotTableDefinition xmlns="{_MAIN}" name="Caseload" cacheId="1" dataCaption="Values" createdVersion="6" updatedVersion="6">'
        '<location ref="G2:H9" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        f'<pivotFields count="{len(header)}">'
        + "<pivotField/>" * len(header)
        + "</pivotFields></pivotTableDefinition>"
    )
    _add(
        out,
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition.encode(),
            "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{_MAIN}" count="{len(rows)}">{records}</pivotCacheRecords>'.encode(),
            "xl/pivotTables/pivotTable1.xml": table.encode(),
        },
        {
            "xl/workbook.xml": [("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")],
            "xl/pivotCache/pivotCacheDefinition1.xml": [("pivotCacheRecords", "pivotCacheRecords1.xml")],
            "xl/pivotTables/pivotTable1.xml": [("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")],
            "xl/worksheets/sheet1.xml": [("pivotTable", "../pivotTables/pivotTable1.xml")],
        },
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": _KIND + "pivotCacheDefinition+xml",
            "xl/pivotCache/pivotCacheRecords1.xml": _KIND + "pivotCacheRecords+xml",
            "xl/pivotTables/pivotTable1.xml": _KIND + "pivotTable+xml",
        },
        change=lambda name, text: text.replace(
            "</workbook>", f'<pivotCaches><pivotCache cacheId="1" xmlns:r="{_R}" r:id="rId900"/></pivotCaches></workbook>'
        ) if name == "xl/workbook.xml" else text,
    )  # fmt: skip


def _add(
    path: Path,
    parts: dict[str, bytes],
    relations: dict[str, list[tuple[str, str]]],
    types: dict[str, str],
    defaults: dict[str, str] | None = None,
    change: Callable[[str, str], str] | None = None,
) -> None:
    """Put parts and relationships into a package."""
    with zipfile.ZipFile(path) as source:
        every = {name: source.read(name) for name in source.namelist()}
    every.update(parts)
    for part, listed in relations.items():
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        entries = "".join(
            f'<Relationship Id="rId{900 + i}" Type="{_R}/{kind}" Target="{target}"/>'
            for i, (kind, target) in enumerate(listed)
        )
        every[rels] = every.get(rels, empty).replace(
            b"</Relationships>", entries.encode() + b"</Relationships>"
        )
    said = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    said = (
        "".join(f'<Default Extension="{e}" ContentType="{k}"/>' for e, k in (defaults or {}).items()) + said
    )
    every["[Content_Types].xml"] = every["[Content_Types].xml"].replace(
        b"</Types>", said.encode() + b"</Types>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in every.items():
            if change is not None and name.endswith(".xml"):
                data = change(name, data.decode()).encode()
            target.writestr(name, data)


LEAKS: dict[str, Callable[[Path], None]] = {
    "police-foi.xlsx": police_foi,
    "council-caseload.xlsx": council_workforce,
    "force-crime-figures.xlsx": force_crime,
    "honours-list.xlsx": honours_xlsx,
    "honours-list.csv": honours_csv,
}


def make_all(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in LEAKS.items():
        make(folder / name)
        yield folder / name


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python examples/release/make.py FOLDER")
    for made in make_all(Path(sys.argv[1])):
        print(made)
