"""The verdict in words that need no engineer: used by the terminal, the page and JSON alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from scanner.common import sniff
from scanner.model import entity
from scanner.release.decision import FileVerdict, Level, Line, Verdict
from scanner.release.pieces import Where
from scanner.release.results import TypeCount

_KINDS = {
    sniff.XLSX: "Excel workbook", sniff.XLSB: "Excel binary workbook", sniff.XLS: "Excel 97–2003 workbook",
    sniff.ODS: "OpenDocument spreadsheet", sniff.ODT: "OpenDocument text", sniff.ODP: "OpenDocument presentation",
    sniff.DOCX: "Word document", sniff.PPTX: "PowerPoint presentation", sniff.PDF: "PDF",
    sniff.DOC: "Word 97–2003 document", sniff.PPT: "PowerPoint 97–2003 presentation", sniff.RTF: "rich text (RTF)",
    sniff.CSV: "table in a text file", sniff.TSV: "table in a text file", sniff.ZIP: "ZIP archive",
    sniff.OLE_ENCRYPTED: "Office file with a password", sniff.MAIL: "e-mail", sniff.TEXT: "text", sniff.HTML: "web page", sniff.EMPTY: "empty file",
    "image/jpeg": "photograph (JPEG)", "image/png": "picture (PNG)", "image/tiff": "picture (TIFF)",
}  # fmt: skip
HEADLINES = {
    Level.FAIL: "DO NOT RELEASE",
    Level.UNCHECKED: "NOT CHECKED",
    Level.WARN: "LOOK BEFORE YOU RELEASE",
    Level.NOTE: "NOTHING FOUND THAT STANDS AGAINST RELEASE",
}
AUDIENCES = {
    "public": "the public",
    "named": "named people outside, who may see what the file shows",
    "internal": "colleagues inside the organisation",
}
_SHOWN = 4
"""Places of one kind that are told one by one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """Lines of one file that say the same of several places, as one."""

    level: Level
    headline: str
    places: tuple[Where, ...]
    more: int
    what: str
    remedy: str
    allowed: str


def kind_of(media_type: str) -> str:
    return _KINDS.get(media_type, media_type or "file")


def inside(verdict: FileVerdict) -> str:
    """`Excel workbook, 3 sheets`."""
    counts = [f"{n:,} {_one(what) if n == 1 else what}" for what, n in verdict.file.inventory.items() if n]
    return ", ".join([kind_of(verdict.file.media_type), *counts])


def _one(what: str) -> str:
    """`sheets` becomes `sheet`, `files inside` becomes `file inside`."""
    first, space, rest = what.partition(" ")
    return f"{first.removesuffix('s')}{space}{rest}" if rest in ("inside",) else what.removesuffix("s")


def described(counts: Sequence[TypeCount], rows: int = 0) -> str:
    """`name (9,483), date of birth (12) in 9,483 rows`: types and numbers, never a value."""
    words = [f"{entity(c.entity_type).title} ({c.values:,})" for c in counts[:6]]
    if len(counts) > 6:
        words.append(f"{len(counts) - 6} more kinds")
    return ", ".join(words) + (f" in {rows:,} row{'s' * (rows != 1)}" if rows and words else "")


def items(verdict: FileVerdict) -> list[Item]:
    """The lines of a file, those that say the same put together, heaviest first."""
    groups: dict[tuple[Level, str, str, str], list[Line]] = {}
    for line in verdict.lines:
        groups.setdefault((line.level, line.headline, line.remedy, line.allowed), []).append(line)
    out = []
    for (level, headline, remedy, allowed), lines in groups.items():
        lines.sort(key=lambda line: -(line.rows or line.people or sum(c.values for c in line.what)))
        places = list(dict.fromkeys(line.where for line in lines if line.where.text))
        out.append(
            Item(
                level,
                headline,
                tuple(places[:_SHOWN]),
                max(0, len(places) - _SHOWN),
                _sum(lines),
                remedy,
                allowed,
            )
        )
    return out


def _sum(lines: Sequence[Line]) -> str:
    values: dict[str, int] = {}
    for line in lines:
        for count in line.what:
            values[count.entity_type] = values.get(count.entity_type, 0) + count.values
    counts = [TypeCount(name, number, number) for name, number in values.items()]
    text = described(counts, sum(line.rows for line in lines))
    return f"resembles: {text}" if text and lines[0].level is Level.NOTE and lines[0].hiding else text


def answer(verdict: Verdict) -> str:
    """One sentence under the headline."""
    names = {level: sum(f.level is level for f in verdict.files) for level in Level}
    total = len(verdict.files)
    files = f"{total:,} file{'s' * (total != 1)}"
    who = AUDIENCES[verdict.audience]
    if not total:
        return "There was no file to check. Not checked is not clean."
    if verdict.level is Level.FAIL:
        return f"{names[Level.FAIL]:,} of {files} must not go to {who} as {'it is' if names[Level.FAIL] == 1 else 'they are'}."
    if verdict.level is Level.UNCHECKED:
        return (
            f"{names[Level.UNCHECKED]:,} of {files} could not be checked in full. Not checked is not clean."
        )
    if verdict.level is Level.WARN:
        return f"Nothing hidden about people in {files}; look at the points below before it goes to {who}."
    return f"No hidden and no sensitive personal data was recognised in {files}. A person should still look."
