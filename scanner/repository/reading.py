"""Rows and columns out of the files in which repositories keep records, by the extractors of a scan."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

from scanner.contracts import Fragment, Limits, TableFragment
from scanner.model import Gap, Place
from scanner.repository.kinds import Kind

FEWEST = 3
"""Rows from which a list of records is judged as a table."""
_LIMITS = Limits(archive_depth=3, archive_members=2_000, archive_bytes=64 * 1024 * 1024, ocr_pages=0)
"""A check has to be quick, and a repository is no archive."""
_TABLES = (Kind.DELIMITED, Kind.JSON, Kind.JSON_LINES, Kind.YAML, Kind.SQL, Kind.NOTEBOOK)
_OF_SETTINGS = (Kind.JSON, Kind.JSON_LINES, Kind.YAML)
"""Kinds of file that hold settings far more often than people."""
_HEADER = (
    r"(?:first|last|full|given|family|middle|maiden|customer|patient|employee|staff|person)[ _-]?names?|"
    r"surname|forename|birth|(?<![a-z])dob(?![a-z])|e-?mail|phone|mobile|post_?-?code|(?:home|postal|street)_?address|"
    r"(?<![a-z])nino(?![a-z])|national_?insurance|nhs|patient|passport|(?<![a-z])gender|ethnic|religio|diagnos|medical|"
    r"sort_?code|account_?n(?:o|um)|(?<![a-z])iban|salary|prison|pupil|student|claimant"
)
_VALUE = (
    r"(?:\d[ -]?){9,11}|[^\s@\"']{1,64}@[^\s@\"']{1,200}\.\w{2,24}|[A-Z]{2}(?: ?\d\d){3} ?[A-D]|"
    r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|(?!2008-10-17)(?:19\d\d|200\d)-\d\d-\d\d"
)
"""A number of ten digits or so, an address, a date before 2010 (later ones are versions)."""
_IN_HEADER = re.compile(_HEADER, re.IGNORECASE)
_WHOLE_CELL = re.compile(_VALUE)
_STEMS = (
    "name", "birth", "dob", "mail", "phone", "mobile", "post", "address", "nino", "insurance", "nhs", "patient",
    "passport", "gender", "ethnic", "religio", "diagnos", "medical", "sort", "account", "iban", "salary", "prison", "pupil",
    "student", "claimant",
)  # fmt: skip
"""What every header of `_HEADER` holds: looking for fixed texts is a hundred times faster."""
_KEY = re.compile(r"[\w .-]{0,40}[\"']?\s?:")
_FIGURES = re.compile(
    r"(?<![\w.:/-])(?:\d(?:[ -]?\d){8,10}|[A-Z]{2}(?: ?\d\d){3} ?[A-D]|\d\d?[-/. ]\d\d?[-/. ]\d{4}|"
    r"(?:19\d\d|200\d)-\d\d-\d\d)(?![\w:/-])"
)
_LOOKED_AT = 50


def tables(path: str, data: bytes, kind: Kind, text: str) -> Iterator[TableFragment]:
    """The tables of a text file that may be about people."""
    if kind not in _TABLES or (kind in _OF_SETTINGS and not _worth_parsing(text)):
        return
    for fragment in _fragments(path, data):
        # Code is full of lists of settings, and judging columns takes its time.
        if isinstance(fragment, TableFragment) and (kind not in _OF_SETTINGS or _about_people(fragment)):
            yield fragment


def _worth_parsing(text: str) -> bool:
    """Whether a file of settings has a key or value as records of people do."""
    if "@" in text or _FIGURES.search(text) is not None:
        return True
    lowered = text.lower()
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            if _KEY.match(lowered, at + len(stem)) and _IN_HEADER.search(lowered, max(0, at - 20), at + 20):
                return True
            at = lowered.find(stem, at + len(stem))
    return False


def opened(path: str, data: bytes) -> Iterator[Fragment | Gap]:
    """What stands in a workbook, document, database or archive."""
    yield from _fragments(path, data)


def _fragments(path: str, data: bytes) -> Iterator[Fragment | Gap]:
    # Here, so that a repository of plain code never asks which extractors there are.
    from scanner.contents import open_content, read_content

    place = Place((("object", path),))
    name = path.rpartition("/")[2]
    yield from read_content(open_content(io.BytesIO(data), name, place, len(data), _LIMITS))


def _about_people(table: TableFragment) -> bool:
    if any(name.endswith("apiVersion") for name in table.columns):
        return False  # resources of a template
    if any(_IN_HEADER.search(name) for name in table.columns):
        return True
    return any(
        _WHOLE_CELL.fullmatch(cell) for cells in table.columns.values() for cell in _first(cells) if cell
    )


def _first(cells: Sequence[str | None]) -> Iterator[str | None]:
    return (cells[row] for row in range(min(_LOOKED_AT, len(cells))))
