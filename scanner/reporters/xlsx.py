"""The workbook: report.xlsx, one sheet for each reader (`docs/reports.md`).

Findings for the data protection officer, holdings for the records of processing, gaps for those
who run the stores, a summary and what the columns mean. Columns are those of the CSV files. Every
text is written as a text: no cell of this workbook is a formula, a link or a guessed number.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scanner.common.private import write_atomically
from scanner.model import Report
from scanner.reporters import edited, workbook_notes, workbook_period
from scanner.reporters.cells import Cell, clean, guarded
from scanner.reporters.columns import FINDINGS, GAPS, HOLDINGS, Columns
from scanner.reporters.folder import report_folder
from scanner.reporters.page import headline
from scanner.reporters.page.digest import Digest
from scanner.reporters.rows import Row, finding_rows, gap_rows, holding_rows
from scanner.reporters.workbook_rows import LONGEST, Rows

STATUSES = (
    "open", "in progress", "accepted", "false positive", "done", "reopened", "not re-checked", "fixed", "gone",
)  # fmt: skip
"""What `status` may say: what people decide, then what only a scan writes."""

MOST_ROWS = 1_048_575
"""Rows of a sheet without its header (Excel's limit)."""
_DATES = frozenset({"due_date", "acceptance_expires", "first_seen", "last_seen", "oldest_record_date"})
_EDITED = frozenset({"status", "due_date", "action_owner", "accepted_by", "acceptance_expires", "breach_triage",
                     "dpo_notes", "purpose", "lawful_basis", "recipients"})  # fmt: skip
_WIDE = frozenset({"plain_explanation", "recommended_action", "evidence_masked", "dpo_notes", "rule_title", "detail",
                   "remedy", "categories_of_personal_data", "store_locator", "place", "sample_note"})  # fmt: skip
_NARROW = frozenset({"schema_version", "scan_id", "rulepack_version", "finding_id", "holding_id"})


class XlsxReporter:
    """Entry point `xlsx`."""

    name = "xlsx"

    def __init__(self) -> None:
        self.period: Any = None

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `report.xlsx`; notes in the workbook that was there are carried over, and if somebody
        has edited it since, it is put beside first."""
        target = report_folder(folder)
        path = target / "report.xlsx"
        notes = workbook_notes.read(path)
        beside = edited.put_beside(target, [path.name])
        write_atomically(path, _Book(Digest(report), notes, self.period).content())
        return [str(path), edited.note(target, [path]), *beside]


class _Book:
    def __init__(self, digest: Digest, notes: workbook_notes.Notes, period: Any = None) -> None:
        import xlsxwriter

        self._digest, self._period = digest, period
        self._notes = notes
        self._buffer = io.BytesIO()
        # Rows go to disk (files of mode 0600 that are removed) as they are written.
        self._book: Any = xlsxwriter.Workbook(
            self._buffer,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        finished = digest.report.run.finished.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        self._book.set_properties({"title": "Personal data and its safeguards", "created": finished})
        add = self._book.add_format
        top = {"valign": "top"}
        self._head = add(
            {"bold": True, "bg_color": "#24405E", "font_color": "#FFFFFF", "text_wrap": True} | top
        )
        self._edit = add({"bold": True, "bg_color": "#DFE6EE", "text_wrap": True, "border": 1} | top)
        self._text = add({"num_format": "@"} | top)
        # What Excel itself keeps for a text that begins like a formula: edited, it stays a text.
        self._quoted = add({"num_format": "@", "quote_prefix": True} | top)
        self._wrapped = add({"num_format": "@", "text_wrap": True} | top)
        self._date = add({"num_format": "yyyy-mm-dd", "align": "left"} | top)
        self._bold = add({"bold": True} | top)
        self._dark = add({"bold": True, "bg_color": "#1B1F24", "font_color": "#FFFFFF"})
        self._grey = add({"bold": True, "bg_color": "#D0D5DA"})

    def content(self) -> bytes:
        """The file."""
        view = self._digest.view
        summary = self._book.add_worksheet("Summary")
        cut = [
            self._sheet("Findings", FINDINGS, self._noted(finding_rows(view), "finding_id")),
            self._sheet("Holdings", HOLDINGS, self._noted(holding_rows(view), "holding_id")),
            self._sheet("Gaps", GAPS, gap_rows(view)),
        ]  # fmt: skip
        for table in workbook_period.tables(self._period):
            self._table(table)
        self._meanings()
        self._left_over()
        self._summary(summary, [line for line in cut if line])
        self._book.close()
        return self._buffer.getvalue()

    def _noted(self, rows: Iterable[Row], key: str) -> Iterator[Row]:
        for row in rows:
            entry = self._digest.report.history.get(str(row.get(key)))
            yield self._notes.into(row, key, entry)

    # --- a sheet of rows ------------------------------------------------------

    def _sheet(self, name: str, columns: Columns, rows: Iterable[Row]) -> str:
        """Write a sheet; a sentence if it could not take all rows."""
        sheet = self._book.add_worksheet(name)
        names = [column for column, _ in columns]
        for number, column in enumerate(names):
            sheet.set_column(number, number, _width(column), self._date if column in _DATES else self._text)
        for number, column in enumerate(names):
            sheet.write_string(0, number, column, self._edit if column in _EDITED else self._head)
        remaining = iter(rows)
        written = Rows(sheet, names, self._text, self._quoted, self._date)
        last = 0
        for last, row in enumerate(itertools.islice(remaining, MOST_ROWS), start=1):
            written.add(last, row)
        more = sum(1 for _ in remaining)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(names) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.repeat_rows(0)
        if "status" in names:
            self._validate(sheet, names, max(last, 1))
        if "severity" in names and last:
            self._mark(sheet, names.index("severity"), last)
        return f"{name}: {more:,} more rows than a sheet can hold are in the CSV file." if more else ""

    def _cell(self, sheet: Any, row: int, column: int, value: Cell, wrapped: bool = False) -> None:
        """A date as a date, a number as a number, everything else as a text; nothing for nothing."""
        if value is None or value == "":
            return
        if isinstance(value, dt.date):
            sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), self._date)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value)
        else:
            self._write(sheet, row, column, value, wrapped)

    def _write(self, sheet: Any, row: int, column: int, value: Cell, wrapped: bool = False) -> None:
        text = ("yes" if value else "no") if isinstance(value, bool) else clean(str(value))
        if len(text) > LONGEST:
            text = text[: LONGEST - 1] + "…"
        plain = self._wrapped if wrapped else self._text
        sheet.write_string(row, column, text, plain if guarded(text) == text else self._quoted)

    def _validate(self, sheet: Any, names: Sequence[str], last: int) -> None:
        status = names.index("status")
        sheet.data_validation(
            1, status, last, status,
            {
                "validate": "list", "source": list(STATUSES), "input_title": "Status",
                "input_message": "open, in progress, accepted, false positive or done. "
                "Only a scan finds it fixed or gone.",
                "error_title": "Not a status", "error_message": "Choose one of the list.",
            },
        )  # fmt: skip
        for name in ("due_date", "acceptance_expires"):
            column = names.index(name)
            sheet.data_validation(
                1, column, last, column,
                {
                    "validate": "date", "criteria": ">=", "value": dt.date(2000, 1, 1),
                    "error_title": "Not a date", "error_message": "Write a date, such as 2027-03-31.",
                },
            )  # fmt: skip

    def _mark(self, sheet: Any, column: int, last: int) -> None:
        for severity, form in (("Critical", self._dark), ("High", self._grey)):
            sheet.conditional_format(
                1, column, last, column,
                {"type": "cell", "criteria": "==", "value": f'"{severity}"', "format": form},
            )  # fmt: skip

    # --- the other sheets -----------------------------------------------------

    def _summary(self, sheet: Any, cut: Sequence[str]) -> None:
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for number, (name, value) in enumerate(_facts(self._digest, cut)):
            sheet.write_string(number, 0, name, self._bold)
            if isinstance(value, int | float):
                sheet.write_number(number, 1, value)
            elif value:
                self._write(sheet, number, 1, value, wrapped=True)

    def _meanings(self) -> None:
        sheet = self._book.add_worksheet("Columns")
        for column, width in enumerate((12, 30, 110)):
            sheet.set_column(column, column, width, self._wrapped)
        for column, title in enumerate(("sheet", "column", "meaning")):
            sheet.write_string(0, column, title, self._head)
        all_columns = (("Findings", FINDINGS), ("Holdings", HOLDINGS), ("Gaps", GAPS))
        rows = [(name, *column) for name, columns in all_columns for column in columns]
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                self._write(sheet, number, column, text.replace("`", ""), wrapped=True)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), 2)

    def _table(self, table: workbook_period.Table) -> None:
        sheet = self._book.add_worksheet(table.name)
        for number, (name, width) in enumerate(zip(table.head, table.widths, strict=True)):
            sheet.set_column(number, number, width, self._wrapped if width > 30 else self._text)
            sheet.write_string(0, number, name, self._head)
        for number, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                self._cell(sheet, number, column, value, wrapped=table.widths[column] > 30)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.head) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.repeat_rows(0)

    def _left_over(self) -> None:
        left = self._notes.leftover()
        if not left:
            return
        sheet = self._book.add_worksheet(workbook_notes.SHEET)
        for column, title in enumerate(workbook_notes.HEADER):
            sheet.set_column(column, column, 40, self._text)
            sheet.write_string(0, column, title, self._head)
        for number, row in enumerate(left, start=1):
            for column, text in enumerate(row):
                self._write(sheet, number, column, text)


def _width(column: str) -> int:
    return 50 if column in _WIDE else 12 if column in _NARROW else max(14, min(len(column) + 3, 24))


def _facts(digest: Digest, cut: Sequence[str]) -> Iterator[tuple[str, Cell]]:
    report, seen = digest.report, digest.report.coverage
    if digest.department:
        yield "Department", digest.department
    yield "Scan", report.run.id
    yield "Finished", f"{report.run.finished.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    if digest.to_assess:
        yield "Open to anybody", f"{headline.counted(len(digest.to_assess), 'finding')} to be assessed today"
    for title, sentences in (
        ("What was found", headline.found(digest)),
        ("What is unsafeguarded", headline.unsafeguarded(digest)),
        ("What could not be seen", headline.unseen(digest)),
    ):
        for number, sentence in enumerate(sentences):
            yield "" if number else title, sentence
    yield "Since the scan before", headline.changes(digest)
    for severity, count in digest.by_severity.items():
        yield f"{severity.label} to act on", count
    yield "Stores covered", f"{seen.stores_covered:,} of {seen.stores_enumerated:,}"
    yield "Exit code", f"{report.exit_code}: {' '.join(report.exit_reasons)}"
    yield "Rules", report.run.rulepack_digest
    yield "Seed of the samples", report.run.seed
    yield "Names model", report.run.names_model
    yield "dpscan", report.run.tool_version
    yield "", None
    yield (
        "Sheets",
        "Findings: for the data protection officer. Columns with a light heading are yours to edit.",
    )
    yield "", "Holdings: what each store holds, for the record of processing activities."
    yield "", "Gaps: what is not known, by cause, for those who run the stores."
    yield "", "Maturity, Key figures, Over time: how protection stands, for the board and for following it."
    yield "", "CAF evidence, DMA evidence: to attach to assessments; evidence, never a verdict."
    yield "", "Columns: what each column means."
    yield (
        "Taking edits back",
        "dpscan import report.xlsx, before the next report is written to the same folder.",
    )
    yield "Law", "It is named where it is relevant. This judges settings, not lawfulness."
    for sentence in cut:
        yield "Not all is here", sentence
