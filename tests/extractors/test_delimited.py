"""Delimited text: dialects, headers, encodings, raggedness, spans."""

from __future__ import annotations

import io
import itertools
import random
import resource

import pytest

from scanner.contents import media_type, open_content, read_content
from scanner.contracts import Limits, TableFragment
from scanner.model import GapReason, Place, Span
from tests.extractors.reading import read

NONE = "none"
HEADERS = {
    # name: (text, columns expected; NONE = column_0, …)
    "words": ("Name,Age\nAnn,30\nBob,41\n", ["Name", "Age"]),
    "names of people": ("John,Smith,Leeds\nMary,Jones,York\nAnn,Brown,Hull\n", NONE),
    "e-mails": ("ann@example.com,Ann\nbob@example.com,Bob\n", NONE),
    "digits": ("1,Ann,1980-01-02\n2,Bob,1981-02-03\n", NONE),
    "snake case": ("first_name,last_name,dob\nAnn,Lee,1980-01-02\n", ["first_name", "last_name", "dob"]),
    "camel case": ("firstName,emailAddress\nann,a@example.com\n", ["firstName", "emailAddress"]),
    "capitals": ("NAME,TOWN\nANN LEE,LEEDS\nBOB RAY,YORK\n", ["NAME", "TOWN"]),
    "capital data": ("ANN LEE,LEEDS\nBOB RAY,YORK\nCID FOX,HULL\n", NONE),
    "identifiers": ("QQ123456A,Ann\nQQ223456B,Bob\n", NONE),
    "addresses": ("Ann Lee,12 High Street,ZZ1 1ZZ\nBob Ray,14 High Street,ZZ1 1ZZ\n", NONE),
    "years": ("Region,2019,2020,2021\nNorth,1,2,3\nSouth,4,5,6\n", ["Region", "2019", "2020", "2021"]),
    "unknown words over numbers": ("Blorp,Zing\nAnn,12\nBob,13\n", ["Blorp", "Zing"]),
    "unknown words over the like": ("Blorp,Zing\nAnn,Leeds\nBob,York\n", NONE),
    "a dirty first row": ("John,Smith,unknown\nMary,Jones,45\nAnn,Brown,51\n", NONE),
    "codes": ("Sex,Code\nM,A\nF,B\nM,A\n", ["Sex", "Code"]),
    "one column": ("Email\na@example.com\nb@example.com\n", ["Email"]),
    "one column, none": ("Ann Lee\nBob Ray\nCid Fox\n", NONE),
    "header only": ("Name,Email,Date of birth\n", ["Name", "Email", "Date of birth"]),
    "one data row": ("Ann Lee,a@example.com,1980-01-02\n", NONE),
    "numbered": (
        "Address line 1,Address line 2,Phone 1\n1 High St,Anytown,01632 960001\n",
        ["Address line 1", "Address line 2", "Phone 1"],
    ),
    "questions": (
        "Respondent ID,How satisfied are you with the service?\n1,4\n2,5\n",
        ["Respondent ID", "How satisfied are you with the service?"],
    ),
    "twice the same": ("Name,Name,Email\nAnn,Lee,a@example.com\n", ["Name", "Name_2", "Email"]),
    "unnamed first": (",Name,Age\n0,Ann,30\n1,Bob,31\n", ["column_0", "Name", "Age"]),
    "title lines": (
        "Staff list 2024\nPrepared by Ann Lee\n\nName,Email\nAnn,ann@example.com\nBob,bob@example.com\n",
        ["Name", "Email"],
    ),
    "padded titles": (
        "Staff list,,\n,,\nName,Email,Dept\nAnn,a@example.com,HR\nBob,b@example.com,IT\n",
        ["Name", "Email", "Dept"],
    ),
    "report parameters": (
        "Report,Staff,,\nDate,01/02/2024,,\n,,,\nName,DOB,NINO,Post\nAnn Lee,01/02/1980,QQ123456A,Clerk\n",
        ["Name", "DOB", "NINO", "Post"],
    ),
    "title, no header": ("Staff export\nAnn,a@example.com,30\nBob,b@example.com,31\n", NONE),
    "Excel's sep line": ("sep=;\nName;Email\nAnn;a@example.com\n", ["Name", "Email"]),
}


@pytest.mark.parametrize("case", HEADERS)
def test_header(case: str) -> None:
    text, expected = HEADERS[case]
    out = read(text.encode(), "file.csv")
    if expected == NONE:
        assert out.columns == [f"column_{i}" for i in range(len(out.columns))]
    else:
        assert out.columns == expected
    assert not out.gaps


def test_titles_are_text_and_data_is_complete() -> None:
    out = read(HEADERS["title lines"][0].encode(), "file.csv")
    assert out.visible == "Staff list 2024\nPrepared by Ann Lee"
    assert out.rows == [("Ann", "ann@example.com"), ("Bob", "bob@example.com")]
    headless = read(HEADERS["names of people"][0].encode(), "file.csv")
    assert headless.rows[0] == ("John", "Smith", "Leeds")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["x.csv", "x.dat", "x"])
def test_delimiters(delimiter: str, name: str) -> None:
    rows = [["Name", "Email", "Town"], ["Ann", "a@example.com", "York"], ["Bob", "b@example.com", "Hull"]]
    out = read("".join(delimiter.join(row) + "\r\n" for row in rows).encode(), name)
    assert out.columns == rows[0]
    assert out.column("Email") == ["a@example.com", "b@example.com"]


def test_decimal_commas_do_not_delimit() -> None:
    assert read(b"Name;Pay\nAnn;1200,50\nBob;1300,10\n").columns == ["Name", "Pay"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    text = "Name,Email\n" + "Béla O’Neil,b@example.com\nAnn,a@example.com\n" * 3
    for name in ("x.csv", "x.dat"):
        out = read(text.encode(encoding), name)
        assert out.columns == ["Name", "Email"], name
        assert out.column("Name")[0] == "Béla O’Neil", name


def test_a_late_change_of_encoding_keeps_its_letters() -> None:
    data = b"Name,Email\n" + b"Ann,a@example.com\n" * 5000 + "René,r@example.com\n".encode("cp1252")
    assert read(data, "x.csv").column("Name")[-1] == "René"


def test_line_ends_quotes_and_nul() -> None:
    out = read(b'Name,Note\nAnn,"line one\nline two, more"\nBob,"x ""y"" z"\n', "x.csv")
    assert out.rows == [("Ann", "line one\nline two, more"), ("Bob", 'x "y" z')]
    assert read(b"Name,Email\rAnn,a@example.com\rBob,b@example.com\r", "x.csv").column("Name") == [
        "Ann",
        "Bob",
    ]
    assert read(b"Name,Email\nA\0nn,a@example.com\nBob,b@example.com\n", "x.csv").column("Name") == [
        "Ann",
        "Bob",
    ]


def test_ragged_rows_lose_nothing() -> None:
    text = "Name,Email,Town\nAnn,a@example.com\nBob,b@example.com,York,extra\n" + "C,c@example.com,Hull\n" * 3
    out = read(text.encode(), "x.csv")
    assert out.columns == ["Name", "Email", "Town", "column_3"]
    assert out.rows[0] == ("Ann", "a@example.com", None, None)
    assert out.rows[1] == ("Bob", "b@example.com", "York", "extra")
    wide = read(text.encode() + b",".join(b"%d" % i for i in range(5000)) + b"\n", "x.csv")
    assert len(wide.tables[-1].columns) <= 30
    assert "4999" in wide.everything


def test_a_stray_quote_swallows_nothing() -> None:
    text = "Name,Note,Town\n" + 'Ann,"unclosed,York\n' + "Bob,fine,Hull\n" * 30_000
    out = read(text.encode(), "x.csv")
    assert len(out.rows) == 30_001
    assert out.column("Town").count("Hull") == 30_000


def test_batches_and_long_cells() -> None:
    limits = Limits(batch_rows=100, cell_chars=50)
    text = "Name,Note\n" + "Ann,short\n" * 250 + f"Bob,{'x' * 80}\n"
    out = read(text.encode(), "x.csv", limits)
    assert [t.rows for t in out.tables] == [100, 100, 51]
    assert [t.first_row for t in out.tables] == [0, 100, 200]
    assert out.column("Note")[-1] == "x" * 50
    assert out.reasons == [GapReason.LIMIT]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("seed", range(6))
def test_spans_share_no_row_and_lose_none(seed: int, encoding: str) -> None:
    random_ = random.Random(seed)
    rows = [f"{i},Ann{i},a{i}@example.com,{'é' * random_.randrange(30)}" for i in range(4000)]
    data = ("id,Name,Email,Note\n" + "\n".join(rows) + "\n").encode(encoding)
    cuts = sorted({0, len(data), *(random_.randrange(len(data)) for _ in range(7))})
    found: list[str | None] = []
    for start, end in itertools.pairwise(cuts):
        out = read(data, "x.csv", span=(start, end))
        if out.tables:
            assert out.columns == ["id", "Name", "Email", "Note"]
        found += out.column("id")
    assert found == [str(i) for i in range(4000)]


def test_spans_with_quoted_newlines() -> None:
    rows = [f'{i},"note {i}\nsecond line, more\nthird",a{i}@example.com' for i in range(3000)]
    data = ("id,Note,Email\n" + "\n".join(rows) + "\n").encode()
    cuts = [0, 20_011, 55_555, 90_002, len(data)]
    found: list[str | None] = []
    for start, end in itertools.pairwise(cuts):
        found += read(data, "x.csv", span=(start, end)).column("id")
    assert found == [str(i) for i in range(3000)]


class _Endless(io.RawIOBase):
    """A CSV of any size, made as it is read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._row = b"12345,Ann,Synthetic,ann@example.com,ZZ1 1ZZ,QQ123456C\n"
        self._block = b"id,Forename,Surname,Email,Postcode,NINO\n" + self._row
        self._size, self._at = size, 0
        self._rows = self._row * 20_000

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset
        return offset

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        head = self._block[: -len(self._row)]
        if self._at < len(head):
            out = head[self._at :]
        else:
            start = (self._at - len(head)) % len(self._row)
            out = self._rows[start:]
        out = out[: min(size or 0, self._size - self._at)]
        self._at += len(out)
        return out


def test_memory_does_not_grow_with_the_file() -> None:
    file = _Endless(48 * 1024 * 1024)
    content = open_content(file, "big.csv", Place((("object", "big.csv"),)), 48 * 1024 * 1024, Limits())  # type: ignore[arg-type]
    assert media_type(content) == "text/csv"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = sum(item.rows for item in read_content(content) if isinstance(item, TableFragment))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert rows > 900_000
    assert after - before < 120 * 1024, "kilobytes"


def test_a_span_of_a_huge_file_reads_little() -> None:
    file = _Endless(3 * 1024**3)
    place = Place((("object", "big.csv"),))
    content = open_content(
        file, "big.csv", place, 3 * 1024**3, Limits(), Span(2 * 1024**3, 2 * 1024**3 + 1024 * 1024)
    )  # type: ignore[arg-type]
    rows = sum(item.rows for item in read_content(content) if isinstance(item, TableFragment))
    assert 19_000 < rows < 20_000
