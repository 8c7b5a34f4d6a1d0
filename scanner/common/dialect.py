"""How a delimited text is written: its delimiter, quotes and escapes.

`csv.Sniffer` guesses from letters and is often wrong on real files; here every candidate
is tried and the one that cuts the rows most evenly wins.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import itertools
import re
from collections import Counter

CANDIDATES = ("\t", "|", ";", ",", "\x1f", "^", "~")
"""In order of preference where two cut equally well (a comma is often a decimal point)."""
_SAMPLE = 200
_LOG_TIME = re.compile(r"\d\d:\d\d:\d\d$")
_MILLIS = re.compile(r"\d{3}\b")


@dataclasses.dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str = ","
    quotechar: str = '"'
    escapechar: str | None = None
    width: int = 1
    """Cells in most rows."""
    share: float = 0.0
    """Share of rows that have `width` cells."""
    rows: int = 0
    """Rows judged."""


def whole_lines(sample: str, complete: bool) -> str:
    """The sample without its last, cut line."""
    if complete:
        return sample
    cut = max(sample.rfind("\n"), sample.rfind("\r"))
    return sample[: cut + 1] if cut >= 0 else sample


def parse(sample: str, dialect: Dialect, most: int = _SAMPLE) -> list[list[str]]:
    """The first rows of a sample, blank rows kept as empty lists."""
    reader = csv.reader(
        io.StringIO(sample.replace("\0", ""), newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quotechar,
        escapechar=dialect.escapechar,
    )
    rows: list[list[str]] = []
    # A cell beyond the field limit ends it: what was read before is sample enough.
    with contextlib.suppress(csv.Error):
        rows.extend(itertools.islice(reader, most))
    return rows


def sniff_dialect(sample: str) -> Dialect | None:
    """The best dialect that cuts the sample into two columns or more, or None."""
    best: Dialect | None = None
    for delimiter in CANDIDATES:
        if delimiter not in sample:
            continue
        found = _judge(sample, Dialect(delimiter))
        if found is None:
            continue
        if best is None or _better(found, best):
            best = found
    if best is None:
        return None
    if "\\" + best.quotechar in sample:
        escaped = _judge(sample, dataclasses.replace(best, escapechar="\\"))
        if escaped and escaped.share > best.share:
            best = escaped
    if sample.count("'" + best.delimiter + "'") > sample.count('"') and sample.lstrip().startswith("'"):
        single = _judge(sample, dataclasses.replace(best, quotechar="'"))
        if single and single.share >= best.share:
            best = single
    return best


def _better(new: Dialect, old: Dialect) -> bool:
    if abs(new.share - old.share) < 0.02:
        return False  # the earlier candidate is preferred
    return new.share > old.share


def _judge(sample: str, dialect: Dialect) -> Dialect | None:
    rows = [row for row in parse(sample, dialect) if row]
    # Title lines above the table have one cell; they say nothing against the delimiter.
    body = list(itertools.dropwhile(lambda row: len(row) == 1, rows))
    if not body or len(body) < 0.3 * len(rows):
        return None
    widths = Counter(len(row) for row in body if len(row) > 1)
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    # Ragged rows are near misses: one cell more or less is half an agreement.
    near = sum(n for w, n in widths.items() if abs(w - width) == 1)
    return dataclasses.replace(dialect, width=width, share=(count + 0.5 * near) / len(body), rows=len(body))


def is_table(sample: str, dialect: Dialect | None) -> bool:
    """True if the sample is plainly delimited data and not prose or a log, whatever its name."""
    if dialect is None or dialect.share < 0.85 or dialect.rows < 2:
        return False
    if dialect.delimiter in "\t|":
        return dialect.width >= 2
    rows = [row for row in parse(sample, dialect) if len(row) == dialect.width]
    cells = [cell for row in rows for cell in row]
    spaced = sum(cell.startswith(" ") for row in rows for cell in row[1:])
    after = sum(len(row) - 1 for row in rows)
    mean = sum(map(len, cells)) / max(len(cells), 1)
    words = sum(len(cell.split()) for cell in cells) / max(len(cells), 1)
    if spaced > 0.8 * after and (mean > 25 or words >= 2.5 or dialect.width < 3):
        return False  # prose: a comma and a space
    if all(_LOG_TIME.search(row[0]) and _MILLIS.match(row[1]) for row in rows):
        return False  # a log: 12:00:00,123
    if dialect.width >= 3:
        return mean < 200
    return dialect.share > 0.95 and dialect.rows >= 3 and mean < 60
