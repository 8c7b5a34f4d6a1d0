"""Make the example department: a share of mixed files and a SQLite case system.

Everything here is invented. Identifiers lie in ranges reserved for tests and examples
(NHS numbers from 999, HMRC's example prefix QQ, Ofcom's drama telephone numbers,
example.org addresses); names are drawn at random from short lists. The same seed gives
the same files, byte for byte.

    python examples/department/generate.py [--seed 7] [--into FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import gzip
import io
import json
import random
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
SEED = 7
ZIP_DATE = (2025, 11, 3, 9, 0, 0)
MADE = datetime(2025, 11, 3, 9, 0, 0)

FORENAMES = """Chidinma Oluwaseun Priyanka Gwendoline Siobhan Aurelija Tadhg Zbigniew Rhiannon Mohsin Ifeoma
Katarzyna Dafydd Shanelle Bartholomew Nasreen Euphemia Jaspreet Lakshmi Wilhelmina""".split()
SURNAMES = """Okonkwo Brathwaite Featherstonehaugh Kowalczyk Ramachandran Llewellyn Oyelaran Quattlebaum
Szczepanski Abernethy Chowdhury Macgillivray Ferreira-Lima Thistlethwaite Adebayo-Smythe Vaitkunas Dhaliwal
Nwachukwu Pemberton-Rhys Trevelyan""".split()
STREETS = "Larkspur Avenue|Old Tannery Road|Quarrymans Close|Bramblewick Lane|Saltmarsh Street|Priory Terrace"
TOWNS = (("Wakefield", "WF1 4"), ("Lincoln", "LN2 7"), ("Swansea", "SA3 5"), ("Norwich", "NR5 8"))
CONDITIONS = (
    "type 2 diabetes|asthma|multiple sclerosis|epilepsy|clinical depression|rheumatoid arthritis|COPD"
)
RELIGIONS = "Muslim|Church of England|Hindu|Sikh|No religion|Roman Catholic|Jewish"
ETHNICITIES = (
    "White British|Black African|Indian|Bangladeshi|Mixed White and Black Caribbean|Pakistani|White Irish"
)
OFFENCES = (
    "theft from a shop|driving while disqualified|common assault|possession of a class B drug|criminal damage"
)
ORGANISATIONS = "Fenland Paper Ltd|Acorn Roofing LLP|Harbour Print Co|Northgate Catering|Tallow Software plc"


@dataclasses.dataclass(frozen=True)
class Person:
    """One invented person."""

    forename: str
    surname: str
    born: date
    nino: str
    nhs: str
    email: str
    phone: str
    street: str
    town: str
    postcode: str
    sort_code: str
    account: str
    salary: int

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value, and every recognisable piece of one, that must leave no trace in reports."""
        return (
            self.forename, self.surname, self.nino, self.nhs, self.nhs.replace(" ", ""), self.email,
            self.email.partition("@")[0], self.phone, self.phone.replace(" ", ""), self.street, self.postcode,
            self.account, self.born.isoformat(), f"{self.born:%d/%m/%Y}",
        )  # fmt: skip


def people(seed: int = SEED, count: int = 240) -> list[Person]:
    """The invented population; the same for the same seed."""
    rng = random.Random(seed)
    return [_person(rng) for _ in range(count)]


def _person(rng: random.Random) -> Person:
    forename, surname = rng.choice(FORENAMES), rng.choice(SURNAMES)
    town, outward = rng.choice(TOWNS)
    return Person(
        forename=forename,
        surname=surname,
        born=date(1938, 1, 1) + timedelta(days=rng.randrange(25_000)),
        nino=f"QQ{rng.randrange(10**6):06d}{rng.choice('ABCD')}",
        nhs=_nhs(rng),
        email=f"{forename}.{surname}{rng.randrange(100)}@example.org".lower(),
        phone=f"07700 900{rng.randrange(1000):03d}",
        street=f"{rng.randrange(2, 180)} {rng.choice(STREETS.split('|'))}",
        town=town,
        postcode=f"{outward}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUWXYZ')}",
        sort_code="20-00-00",
        account=f"{rng.randrange(10**7, 10**8)}",
        salary=rng.randrange(24_000, 71_000),
    )


def _nhs(rng: random.Random) -> str:
    """A number from the range that the NHS sets aside for tests (999 …), with its check digit."""
    while True:
        digits = "999" + f"{rng.randrange(10**6):06d}"
        check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            number = digits + str(check % 11)
            return f"{number[:3]} {number[3:6]} {number[6:]}"


def generate(into: Path, seed: int = SEED) -> None:
    """Write the share and the case system below `into`."""
    rng = random.Random(seed + 1)
    everyone = people(seed)
    share = into / "share"
    _staff(share / "hr" / "staff.csv", everyone[:80])
    _sickness(share / "hr" / "absence-2025.xlsx", everyone[:60], rng)
    _letter(
        share / "hr" / f"{everyone[3].surname}, {everyone[3].forename} - return to work.docx", everyone[3]
    )
    _notes(share / "casework" / "notes", everyone[80:104], rng)
    _referrals(share / "casework" / "referrals.jsonl", everyone[100:180], rng)
    _housing(share / "casework" / "housing.parquet", everyone[60:200])
    _payments(share / "finance" / "payments.avro", everyone[40:140], rng)
    _invoices(share / "finance" / "invoices.csv", rng)
    _spending(share / "published" / "spend-over-25k.csv", rng)
    _complaint(share / "post" / "complaint.eml", everyone[120], everyone[121])
    _decision(share / "post" / "decision-letter.pdf", everyone[122])
    _export(share / "exports" / "cases_backup_20240131.csv.gz", everyone[:200])
    _locked(share / "exports" / "for-partner.zip", everyone[:20])
    _log(share / "logs" / "portal.log", everyone[:30], rng)
    _truncated(share / "exports" / "old-housing.parquet", share / "casework" / "housing.parquet")
    _case_system(into / "cases.db", everyone, rng)


def _staff(path: Path, staff: Sequence[Person]) -> None:
    header = ("Surname", "Forename", "Date of birth", "NI number", "Annual salary", "Sort code", "Account no",
              "Work e-mail")  # fmt: skip
    rows = [
        (
            p.surname.upper(),
            p.forename,
            f"{p.born:%d/%m/%Y}",
            p.nino,
            p.salary,
            p.sort_code,
            p.account,
            p.email,
        )
        for p in staff
    ]
    # What a payroll system writes for Excel: title lines, semicolons, Windows-1252.
    text = "Payroll extract;;;;;;;\r\nOFFICIAL-SENSITIVE;;;;;;;\r\n" + _csv(header, rows, ";")
    _write(path, text.encode("cp1252"))


def _sickness(path: Path, staff: Sequence[Person], rng: random.Random) -> None:
    """A workbook whose visible sheet is a count by month, and whose hidden one names people."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Summary"
    sheet.append(("Month", "Days lost"))
    for month in range(1, 13):
        sheet.append((date(2025, month, 1).strftime("%B"), rng.randrange(20, 80)))
    hidden = book.create_sheet("Data")
    hidden.sheet_state = "hidden"
    hidden.append(("Employee", "NI number", "Reason for absence", "Days"))
    for person in staff:
        hidden.append((person.name, person.nino, rng.choice(CONDITIONS.split("|")), rng.randrange(1, 40)))
    book.properties.creator = "Payroll system"
    book.properties.created = book.properties.modified = MADE
    buffer = io.BytesIO()
    book.save(buffer)
    _write(path, _rezip(buffer.getvalue()))


def _letter(path: Path, person: Person) -> None:
    paragraphs = (
        f"Dear {person.forename},",
        f"Thank you for meeting us about your return to work after treatment for epilepsy. "
        f"Your date of birth is held as {person.born:%d %B %Y} and your National Insurance number as {person.nino}.",
        f"We have your address as {person.street}, {person.town}, {person.postcode}. "
        f"Please call {person.phone} if this has changed.",
        "Yours sincerely, People Team",
    )
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    ns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<?xml version="1.0"?><w:document xmlns:w="{ns}"><w:body>{body}</w:body></w:document>'
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>'
    )
    _write(path, _zip({"[Content_Types].xml": types, "_rels/.rels": rels, "word/document.xml": document}))


def _notes(folder: Path, clients: Sequence[Person], rng: random.Random) -> None:
    for number, person in enumerate(clients, 1):
        text = (
            f"CASE NOTE {2025_000 + number}\n\n"
            f"Spoke to {person.name} on {person.phone}. DOB {person.born:%d/%m/%Y}, NHS number {person.nhs}.\n"
            f"Lives at {person.street}, {person.town} {person.postcode}.\n"
            f"{person.forename} was diagnosed with {rng.choice(CONDITIONS.split('|'))} and is "
            f"worried about losing the tenancy. Previous conviction for {rng.choice(OFFENCES.split('|'))} disclosed.\n"
            f"Action: write to {person.email}.\n"
        )
        _write(folder / f"note-{number:03d}.txt", text.encode())


def _referrals(path: Path, clients: Sequence[Person], rng: random.Random) -> None:
    lines = []
    for number, person in enumerate(clients, 1):
        record = {
            "referral": f"REF-{number:05d}",
            "client": {"name": person.name, "nhs_number": person.nhs, "dob": person.born.isoformat()},
            "religion": rng.choice(RELIGIONS.split("|")),
            "ethnicity": rng.choice(ETHNICITIES.split("|")),
            "status": rng.choice(("open", "closed", "waiting")),
        }
        lines.append(json.dumps(record))
    _write(path, ("\n".join(lines) + "\n").encode())


def _housing(path: Path, clients: Sequence[Person]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "application_id": [100_000 + i for i in range(len(clients))],
            "applicant": [p.name for p in clients],
            "address_line_1": [p.street for p in clients],
            "town": [p.town for p in clients],
            "postcode": [p.postcode for p in clients],
            "telephone": [p.phone for p in clients],
            "bedrooms": [1 + i % 4 for i in range(len(clients))],
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", row_group_size=50)


def _payments(path: Path, clients: Sequence[Person], rng: random.Random) -> None:
    import fastavro

    fields = [{"name": name, "type": "string"} for name in ("payee", "sort_code", "account_number")]
    schema = {"type": "record", "name": "Payment", "fields": [*fields, {"name": "amount", "type": "double"}]}
    records = [
        {
            "payee": p.name,
            "sort_code": p.sort_code,
            "account_number": p.account,
            "amount": rng.randrange(9999) / 100,
        }
        for p in clients
    ]
    buffer = io.BytesIO()
    fastavro.writer(
        buffer, fastavro.parse_schema(schema), records, codec="deflate", sync_marker=b"dpscan-example-1"
    )
    _write(path, buffer.getvalue())


def _invoices(path: Path, rng: random.Random) -> None:
    """Nothing personal: organisations, amounts, order numbers."""
    rows = [
        (f"INV-{n:06d}", rng.choice(ORGANISATIONS.split("|")), rng.randrange(10**9, 10**10),
         f"{rng.randrange(10**6) / 100:.2f}", f"2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 28):02d}")
        for n in range(300)
    ]  # fmt: skip
    _write(path, _csv(("Invoice", "Supplier", "Purchase order", "Net", "Paid"), rows).encode())


def _spending(path: Path, rng: random.Random) -> None:
    rows = [
        ("Department of Examples", rng.choice(("Estates", "Digital", "Legal")),
         rng.choice(ORGANISATIONS.split("|")), rng.randrange(25_000, 400_000))
        for _ in range(120)
    ]  # fmt: skip
    _write(path, _csv(("Body", "Area", "Supplier", "Amount"), rows).encode("utf-8-sig"))


def _complaint(path: Path, writer: Person, other: Person) -> None:
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message["From"] = f"{writer.name} <{writer.email}>"
    message["To"] = "complaints@example.org"
    message["Subject"] = "Complaint about my assessment"
    message["Date"] = "Mon, 03 Nov 2025 09:00:00 +0000"
    message.set_content(
        f"I am writing about my assessment. My NHS number is {writer.nhs} and I live at {writer.street}, "
        f"{writer.town} {writer.postcode}. My neighbour {other.name} can confirm this on {other.phone}.\n"
    )
    table = _csv(("Witness", "Telephone"), [(other.name, other.phone), (writer.name, writer.phone)])
    message.add_attachment(table.encode(), maintype="text", subtype="csv", filename="witnesses.csv")
    message.set_boundary("=-=dpscan-example=-=")
    _write(path, message.as_bytes())


def _decision(path: Path, person: Person) -> None:
    """A one-page PDF, written by hand so that it needs no library."""
    lines = (
        f"Decision on the claim of {person.name}",
        f"National Insurance number {person.nino}, date of birth {person.born:%d/%m/%Y}",
        f"{person.street}, {person.town}, {person.postcode}",
        "The claim is allowed from 3 November 2025.",
    )
    text = "BT /F1 12 Tf 60 760 Td 18 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    _write(path, out)


def _export(path: Path, clients: Sequence[Person]) -> None:
    """A forgotten copy of the case system, without a header line."""
    rows = [(n, p.name, p.nhs, p.email, p.postcode) for n, p in enumerate(clients, 1)]
    data = _csv(None, rows).encode()
    _write(path, gzip.compress(data, mtime=0))


def _locked(path: Path, clients: Sequence[Person]) -> None:
    """A password-protected ZIP (the old PKWARE cipher, with a fixed header: same bytes every time)."""
    data = _csv(("Name", "NHS number"), [(p.name, p.nhs) for p in clients]).encode()
    _write(path, _encrypted_zip("clients.csv", data, b"correct horse"))


def _encrypted_zip(name: str, data: bytes, password: bytes) -> bytes:
    """One stored member under traditional PKWARE encryption (APPNOTE.TXT 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(crc: int, byte: int) -> int:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
        return crc

    def update(byte: int) -> None:
        keys[0] = step(keys[0], byte)
        keys[1] = (keys[1] + (keys[0] & 0xFF)) & 0xFFFFFFFF
        keys[1] = (keys[1] * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = step(keys[2], keys[1] >> 24)

    def encrypt(plain: bytes) -> bytes:
        out = bytearray()
        for byte in plain:
            temp = (keys[2] | 2) & 0xFFFF
            out.append(byte ^ ((temp * (temp ^ 1) >> 8) & 0xFF))
            update(byte)
        return bytes(out)

    for byte in password:
        update(byte)
    crc = zlib.crc32(data)
    body = encrypt(b"dpscan-ex-1" + bytes([crc >> 24])) + encrypt(data)
    stamp = (9 << 11, (2025 - 1980) << 9 | 11 << 5 | 3)
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, *stamp, crc, len(body), len(data), len(name), 0)
    local = b"PK\x03\x04" + common + name.encode() + body
    central = (
        b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def _log(path: Path, users: Sequence[Person], rng: random.Random) -> None:
    start = datetime(2025, 11, 3, 8, 0, tzinfo=UTC)
    lines = []
    for n in range(400):
        when = start + timedelta(seconds=37 * n)
        person = rng.choice(users)
        detail = rng.choice(
            (f"login ok user={person.email} ip=192.0.2.{rng.randrange(1, 255)}", "GET /health 200",
             f"reset link sent to {person.email}", "cache miss key=menu")
        )  # fmt: skip
        lines.append(f"{when:%Y-%m-%dT%H:%M:%SZ} portal {detail}")
    _write(path, ("\n".join(lines) + "\n").encode())


def _truncated(path: Path, original: Path) -> None:
    _write(path, original.read_bytes()[:-700])


def _case_system(path: Path, clients: Sequence[Person], rng: random.Random) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path)
    database.executescript(
        """
        PRAGMA page_size = 4096;
        CREATE TABLE person (id INTEGER PRIMARY KEY, full_name TEXT, date_of_birth TEXT, nino TEXT, nhs_no TEXT,
                             email TEXT, mobile TEXT, ethnic_group TEXT, disability TEXT);
        CREATE TABLE case_event (id INTEGER PRIMARY KEY, person_id INTEGER, happened TEXT, kind TEXT, notes TEXT);
        CREATE TABLE conviction (id INTEGER PRIMARY KEY, person_id INTEGER, offence TEXT, sentenced TEXT);
        CREATE TABLE office (id INTEGER PRIMARY KEY, office TEXT, opening_hours TEXT);
        CREATE VIEW open_cases AS SELECT full_name, kind FROM person JOIN case_event ON person_id = person.id;
        """
    )
    for n, p in enumerate(clients, 1):
        database.execute(
            "INSERT INTO person VALUES (?,?,?,?,?,?,?,?,?)",
            (n, p.name, p.born.isoformat(), p.nino, p.nhs, p.email, p.phone,
             rng.choice(ETHNICITIES.split("|")), rng.choice([*CONDITIONS.split("|"), "None", "None"])),
        )  # fmt: skip
    for n in range(600):
        p = rng.choice(clients)
        note = rng.choice(
            (f"Rang {p.name} on {p.phone}, no answer.", "Form sent.", "Review due next month.",
             f"{p.forename} reports {rng.choice(CONDITIONS.split('|'))}; GP letter requested.")
        )  # fmt: skip
        kind = rng.choice(("call", "letter", "review"))
        when = f"2025-{rng.randrange(1, 11):02d}-{rng.randrange(1, 28):02d}"
        database.execute(
            "INSERT INTO case_event VALUES (?,?,?,?,?)", (n, rng.randrange(len(clients)), when, kind, note)
        )
    for n in range(60):
        sentenced = f"20{rng.randrange(10, 25):02d}-{rng.randrange(1, 13):02d}-15"
        row = (n, rng.randrange(len(clients)), rng.choice(OFFENCES.split("|")), sentenced)
        database.execute("INSERT INTO conviction VALUES (?,?,?,?)", row)
    for n, (town, _) in enumerate(TOWNS):
        database.execute("INSERT INTO office VALUES (?,?,?)", (n, f"{town} office", "Mon-Fri 9-5"))
    database.commit()
    database.execute("VACUUM")
    database.close()


def _csv(header: Sequence[str] | None, rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _zip(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), text)
    return buffer.getvalue()


def _rezip(data: bytes) -> bytes:
    """The same archive with fixed dates, so that the same seed gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                fixed = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fixed, content)
            new.writestr(zipfile.ZipInfo(info.filename, ZIP_DATE), content)
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--into", type=Path, default=HERE)
    arguments = parser.parse_args()
    generate(arguments.into, arguments.seed)
