"""XLS workbooks that each hide one thing."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import xlwt

from tests.release.people import VISIBLE, says, table


def book() -> tuple[xlwt.Workbook, xlwt.Worksheet]:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Spend")
    for r, row in enumerate(VISIBLE):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    return made, sheet


def saved(made: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _fill(sheet: xlwt.Worksheet, people: bool, top: int = 0, style: object = None) -> None:
    for r, row in enumerate(table(people)):
        for c, value in enumerate(row):
            sheet.write(r + top, c, value, style or xlwt.Style.default_style)


def hidden_sheet(people: bool, state: int = 1) -> bytes:
    made, _ = book()
    sheet = made.add_sheet("Notes")
    _fill(sheet, people)
    sheet.visibility = state
    return saved(made)


def very_hidden_sheet(people: bool) -> bytes:
    return hidden_sheet(people, 2)


def hidden_rows(people: bool) -> bytes:
    made, _ = book()
    sheet = made.add_sheet("List")
    _fill(sheet, people)
    for number in range(3, 7):
        sheet.row(number).hidden = True
    return saved(made)


def hidden_columns(people: bool) -> bytes:
    made, _ = book()
    sheet = made.add_sheet("List")
    _fill(sheet, people)
    for column in (2, 3):
        sheet.col(column).hidden = True
    return saved(made)


def zero_width_columns(people: bool) -> bytes:
    made, _ = book()
    sheet = made.add_sheet("List")
    _fill(sheet, people)
    for column in (2, 3):
        sheet.col(column).width = 0
    return saved(made)


def white_cells(people: bool) -> bytes:
    made, sheet = book()
    _fill(sheet, people, 9, xlwt.easyxf("font: colour white"))
    return saved(made)


def semicolon_cells(people: bool) -> bytes:
    made, sheet = book()
    _fill(sheet, people, 9, xlwt.easyxf(num_format_str=";;;"))
    return saved(made)


def far_cells(people: bool) -> bytes:
    made, sheet = book()
    _fill(sheet, people, 6_000)
    return saved(made)


def flat_rows(people: bool) -> bytes:
    made, _ = book()
    sheet = made.add_sheet("List")
    _fill(sheet, people)
    for number in range(3, 7):
        sheet.row(number).height_mismatch = True
        sheet.row(number).height = 15
    return saved(made)


def formula_text(people: bool) -> bytes:
    made, sheet = book()
    sheet.write(1, 7, xlwt.Formula(f'LEN("{says(people)}")'))
    return saved(made)


def under_a_merged_cell(people: bool) -> bytes:
    made, sheet = book()
    _fill(sheet, people, 9)
    sheet.write(8, 0, "Withheld")
    # The writer's own `merge` blanks what is under it; Excel's format painter does not.
    sheet._Worksheet__merged_ranges.append((8, 30, 0, 4))
    return saved(made)


_SAMPLES = Path(__file__).parent / "samples"


def sample(people: bool, name: str) -> bytes:
    return (_SAMPLES / name).read_bytes() if people else saved(book()[0])


CASES: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    "hidden sheet": (hidden_sheet, "hidden sheet", "sheet “Notes” (hidden)"),
    "very hidden sheet": (very_hidden_sheet, "very hidden sheet", "sheet “Notes” (very hidden)"),
    "hidden rows": (hidden_rows, "hidden rows", "rows 4–7"),
    "hidden columns": (hidden_columns, "hidden columns", "columns C–D"),
    "zero-width columns": (zero_width_columns, "zero-width columns", "columns C–D"),
    "white on white": (white_cells, "invisible cells", "sheet “Spend”"),
    "format ;;;": (semicolon_cells, "invisible cells", "sheet “Spend”"),
    "flat rows": (flat_rows, "zero-height rows", "rows 4–7"),
    "text in a formula": (formula_text, "formula", "texts inside formulas"),
    "under a merged cell": (under_a_merged_cell, "covered cells", "(under a picture, box or merged cell)"),
    "far below": (far_cells, "far cells", "6,00"),
    "comment": (partial(sample, name="comment.xls"), "comments", "sheet “Spend”, comment at B2"),
    "filtered rows": (partial(sample, name="filtered-rows.xls"), "filtered rows", "rows 3–9"),
}
