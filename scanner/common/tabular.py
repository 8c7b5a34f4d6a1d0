"""Tables as people make them: where the header is, and whether there is one.

A data row taken for a header would put personal values into column names, which reports
show. So a row counts as header only if nothing in it looks like a value *and* something
speaks for it: words that headers use, or cells below that are of another kind.
Used for delimited text, spreadsheets, and tables in documents and web pages.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

SAMPLE_ROWS = 120
"""Rows looked at to find the header."""
MAX_NAME = 120
"""Characters of a column name that are kept."""

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("email", r"\S+@\S+\.\w+$"),
        ("date", r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ,].*)?$"),
        ("date", r"(\w{3,9},? )?\d{1,2}(st|nd|rd|th)?[ -/][a-z]{3,9}[ ,-/]+\d{2,4}\b.{0,20}$"),
        ("date", r"[a-z]{3,9} \d{1,2},? \d{4}\b"),
        ("time", r"\d{1,2}:\d{2}(:\d{2})?(\.\d+)?( ?[ap]m)?$"),
        ("ip", r"\d{1,3}(\.\d{1,3}){3}$"),
        ("phone", r"(\+|\(?0)[\d ()-]{8,}$"),
        ("number", r"[£$€]? ?[-+(]*\d[\d,. ]*\)?%?$"),
        ("postcode", r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$"),
        ("uuid", r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$"),
        ("url", r"(https?|ftp|s3|mailto)://?\S+$"),
        ("bool", r"(true|false|yes|no|y|n)$"),
        ("address", r"(flat \d+|\d+[a-z]?)[, ]+(?!st\b|nd\b|rd\b|th\b)[a-z' ]{3,}"),
    )
)
_CODE = re.compile(r"(?=(?:\D*\d){2})[A-Za-z0-9][A-Za-z0-9/\-. ]{3,30}$")
_YEAR = re.compile(r"(19|20)\d\d$")
_YEAR_IN_WORDS = re.compile(r"\b(19|20)\d\d([-/]\d{2,4})?\b")
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "nan", "null", "none", "nil", "unknown", "tbc", "?", "."})
_TOKEN = re.compile(r"[A-Za-z][a-z]+|[A-Z]+(?![a-z])|[a-z]+")
_HARD = frozenset(
    {"email", "date", "time", "ip", "phone", "number", "postcode", "uuid", "url", "code", "address"}
)

HEADER_WORDS = frozenset(
    """
    absence account active addr address addresses age agency allergies allergy amount applicant application
    area arrest balance bank batch belief benefit birth body borough branch building caller card carer case
    category caution cell channel charge child city claim claimant class client code col collected column
    comment comments company condition conditions constituency consultant contact conviction cost council
    count country county course court created crime crn currency custody customer data date dates day dd
    debit deceased defendant department dept description desc destination details device diagnosis directorate
    disability district dob doctor document driving due duration easting ed email emails emergency employee
    employer end ended entered entry ethnic ethnicity event expires expiry family father fax fee field file
    filename final first fk flag forename forenames free from fte full gender given gp grade grant gross group
    guardian guid health home hospital hours house household id identifier identity ids image income index
    initial initials insurance interview invoice ip issue item job joined key kin label landline language last
    lat latitude leave left length level licence license line lineid list lng local location login lon
    longitude lookup mail main manager marital member message method middle mobile modified month mother name
    names national nationality net next nhs ni nino no northing note notes notice num number numbers occupation
    offence offences offender officer on opened option order organisation organization orientation origin other
    outcome owner paid parent party passport password patient pay payee payment payroll pct pension per percent
    percentage period person personal phone phones pk place plan plate pnc policy position post postal postcode
    practice previous price prisoner priority probation procedure product prof profession profile pupil
    purpose qty quantity question race rank rate reason received recipient record records ref reference
    region registered registration reg relation relationship religion remarks reported response result
    review role room row salary sample school score section sender sent sentence service session
    severity sex sexual shift sic site size snapshot sort source specialty staff start started state status
    stage street subject sum supplier surname suspect system table tag target task tax teacher team tel
    telephone temp tenancy tenant text ticket time timestamp title total town trade training transaction
    treatment type uci uid uln union unit units until updated upn uprn uri url user username users usr utr uuid
    value values van vat vehicle vendor venue version victim view village visit vrm vrn wage ward website week
    weight when witness word work worker year years yr zip zone forname firstname lastname fullname
    middlename phonenumber emailaddress sortcode accountno dateofbirth nationalinsurance nhsnumber ninumber
    telno mobileno postalcode addressline displayname uniqueid recordid customerid userid
    """.split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """Where a table's parts are."""

    titles: int
    """Rows above the table (title, report date, blank rows)."""
    header: bool
    """True if the first row after the titles names the columns."""
    names: tuple[str, ...]
    """Column names, unique, `column_0`, … where there is no header."""

    @property
    def first_data(self) -> int:
        return self.titles + self.header


def kind(cell: str | None) -> str:
    """What sort of thing one cell is: `email`, `date`, `number`, `code`, …, `text`, or "" if empty."""
    text = (cell or "").strip()
    if text.lower() in _NOTHING:
        return ""
    if len(text) > 200:
        return "text"
    for name, pattern in _KINDS:
        if pattern.match(text):
            if name == "address" and _YEAR_IN_WORDS.match(text):
                return "text"  # "2023 salary" names a column, "12 High Street" does not
            return name
    if _CODE.match(text) and _is_code(text):
        return "code"
    return "text"


def _is_code(text: str) -> bool:
    rest = _YEAR_IN_WORDS.sub("", text)
    digits = sum(c.isdigit() for c in rest)
    letters = sum(c.isalpha() for c in rest)
    # "Address line 2", "Q1 spend", "addr_10" name columns; "QQ123456C", "AB12 CDE" are values.
    return digits >= 4 or (digits >= 2 and digits >= 0.4 * (digits + letters))


def looks_like_value(text: str) -> bool:
    """True for a string that is an identifier, number, date or the like rather than a name."""
    return kind(text) in _HARD


def words(name: str) -> list[str]:
    """`dateOfBirth`, `DATE_OF_BIRTH` and `Date of birth` all give date, of, birth."""
    return [token.lower() for token in _TOKEN.findall(name)]


def unique_names(cells: Iterable[object], width: int) -> tuple[str, ...]:
    """Header cells as column names: trimmed, never empty, never twice the same."""
    names: list[str] = []
    seen: set[str] = set()
    given = [" ".join(str(cell).split())[:MAX_NAME] if cell is not None else "" for cell in cells]
    for i in range(max(width, len(given))):
        name = given[i] if i < len(given) and given[i] else f"column_{i}"
        stem, n = name, 1
        while name in seen:
            n += 1
            name = f"{stem}_{n}"
        seen.add(name)
        names.append(name)
    return tuple(names)


def _filled(row: Sequence[str | None]) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _usual_width(rows: Sequence[Sequence[str | None]]) -> int:
    """The number of columns most rows have, one-cell rows (titles, notes) left out if possible."""
    widths = Counter(len(row) for row in rows if len(row) > 1 and _filled(row)) or Counter(
        len(row) for row in rows if row
    )
    return widths.most_common(1)[0][0] if widths else 0


def find_layout(rows: Sequence[Sequence[str | None]]) -> Layout:
    """Where the table begins in the first rows of a file or sheet, and its column names."""
    rows = rows[:SAMPLE_ROWS]
    width = _usual_width(rows)
    titles = _titles(rows, width)
    for start in sorted({titles, *_header_rows(rows, titles, width)}):
        if start < len(rows) and is_header(rows[start], rows[start + 1 :]):
            return Layout(start, True, unique_names(rows[start], width))
    return Layout(titles, False, unique_names((), width))


def _titles(rows: Sequence[Sequence[str | None]], width: int) -> int:
    """Rows at the top that are surely not of the table: blank, or far narrower than the rest."""
    filled = [_filled(row) for row in rows]
    full = sorted(n for n in filled if n > 1)
    usual = full[len(full) // 2] if full else 1
    if usual < 2:
        return next((i for i, n in enumerate(filled) if n), 0)
    start = 0
    for i, n in enumerate(filled[:20]):
        ragged = len(rows[i]) < width
        if n == 0 or (n == 1 and (ragged or usual >= 3)):
            # A blank or one-cell row: the table cannot have begun before it if all above
            # it was narrow too (a data row with one filled cell comes after full rows).
            if all(m < max(2, 0.8 * usual) for m in filled[:i]):
                start = i + 1
        elif n >= 0.8 * usual:
            break
    return start if start < len(rows) else 0


def _header_rows(rows: Sequence[Sequence[str | None]], titles: int, width: int) -> list[int]:
    """The first nearly full row after narrower ones: report parameters often stand in pairs above."""
    if width < 3:
        return []
    need = 0.8 * width
    for i in range(titles, min(len(rows), titles + 15)):
        if _filled(rows[i]) >= need:
            return [i] if all(_filled(row) <= 0.5 * width for row in rows[titles:i]) else []
    return []


def is_header(row: Sequence[str | None], below: Sequence[Sequence[str | None]]) -> bool:
    """True if `row` names the columns of the rows below it."""
    cells = [(cell or "").strip() for cell in row]
    named = [cell for cell in cells if cell]
    if not named or len(named) < 0.5 * len(cells) or _years(named) is False:
        return False
    if any(len(cell) > 200 for cell in named):
        return False
    score, known = 0.0, 0
    for i, cell in enumerate(cells):
        column = [r[i].strip() for r in below if i < len(r) and r[i] and r[i].strip()]  # type: ignore[union-attr]
        vote, word = _vote(cell, column)
        score += vote
        known += word
    if not below:
        return known >= 0.5 * len(named)
    return score > 0 if known else score > 0.1 * len(named)


def _years(named: Sequence[str]) -> bool | None:
    """False if a cell looks like a value; True if the only numbers are years counting up."""
    hard = [cell for cell in named if kind(cell) in _HARD]
    if not hard:
        return None
    if len(hard) >= 3 and len(hard) < len(named) and all(_YEAR.match(cell) for cell in hard):
        steps = {int(b) - int(a) for a, b in itertools.pairwise(hard)}
        if len(steps) == 1 and steps <= {1, -1, 5, 10}:
            return True
    return False


def _vote(cell: str, column: Sequence[str]) -> tuple[float, int]:
    """How much one column speaks for (positive) or against its first cell being a name."""
    if not kind(cell):  # empty, or a word for "nothing", which a header does not use
        return (-0.2, 0) if column else (0.0, 0)
    if kind(cell) == "bool":
        return -2.0, 0
    if column and cell in column:
        return -2.0, 0
    tokens = words(cell)
    hits = sum(token in HEADER_WORDS for token in tokens)
    known = int(bool(tokens) and hits >= 0.5 * len(tokens))
    if not column:
        return (1.0 if known else 0.0), known
    kinds = Counter(k for k in map(kind, column) if k)
    usual, count = kinds.most_common(1)[0] if kinds else ("", 0)
    if usual not in ("", "text") and count >= 0.8 * sum(kinds.values()):
        return 1.0, known
    if known:
        return 1.0, 1
    if "_" in cell or (len(tokens) == 1 and cell.islower()):
        return (0.5 if not any("_" in value or value.islower() for value in column) else -0.3), 0
    shapes = Counter(map(_shape, column))
    if shapes[_shape(cell)] < 0.1 * len(column):
        return 0.5, 0
    if len(column) >= 10 and len(set(column)) <= 0.3 * len(column):
        return 0.7, 0  # few values, often repeated, and this is none of them
    return -0.3, 0


def _shape(text: str) -> tuple[str, int]:
    style = (
        "upper" if text.isupper() else "lower" if text.islower() else "title" if text.istitle() else "mixed"
    )
    return style, min(len(text.split()), 4)
