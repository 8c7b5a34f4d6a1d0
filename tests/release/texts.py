"""CSV files that each hide one thing."""

from __future__ import annotations

from collections.abc import Callable

from tests.release.people import VISIBLE, says, table


def _rows(rows: object) -> str:
    return "".join(",".join(row) + "\r\n" for row in rows)  # type: ignore[attr-defined]


def far_below(people: bool) -> bytes:
    return (_rows(VISIBLE) + "\r\n" * 200 + _rows(table(people))).encode()


def far_below_empty_cells(people: bool) -> bytes:
    return (_rows(VISIBLE) + ",,\r\n" * 200 + _rows(table(people))).encode()


def far_right(people: bool) -> bytes:
    rows = [
        [*left, *[""] * 30, *right]
        for left, right in zip([*VISIBLE, *[("", "", "")] * 5], table(people), strict=True)
    ]
    return _rows(rows).encode("utf-8-sig")


def comments(people: bool) -> bytes:
    return ("# produced by finance\r\n# " + says(people) + "\r\n" + _rows(VISIBLE)).encode()


def padded(people: bool) -> bytes:
    rows = [list(row) for row in VISIBLE]
    rows[2][0] += " " * 300 + says(people)
    return _rows(rows).encode("cp1252")


def utf16(people: bool) -> bytes:
    return (_rows(VISIBLE) + "\r\n" * 200 + _rows(table(people))).encode("utf-16")


CASES: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    "far below": (far_below, "far cells", "rows 206–213"),
    "far below empty cells": (far_below_empty_cells, "far cells", "rows 206–213"),
    "far right": (far_right, "far cells", "columns A"),
    "comment lines": (comments, "comment lines", "comment lines 1–2"),
    "behind blanks in a cell": (padded, "far cells", "row 3"),
    "UTF-16": (utf16, "far cells", "rows 206–213"),
}
