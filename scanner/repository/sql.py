"""The rows that an SQL script or dump inserts: INSERT statements and PostgreSQL's COPY blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_INSERT = re.compile(
    r"\b(?:INSERT|REPLACE)\s+(?:IGNORE\s+|OR\s+\w+\s+)?INTO\s+(?P<table>[\w.$`\"\[\]]{1,200})\s*"
    r"(?:\((?P<columns>[^()]{1,20000})\))?\s*VALUES?\s*(?=\()",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^COPY\s+(?P<table>[\w.$\"]{1,200})\s*(?:\((?P<columns>[^()]{1,20000})\))?\s*FROM\s+stdin\b[^\n]*\n",
    re.IGNORECASE | re.M,
)
_CREATE = re.compile(
    r"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>[\w.$`\"\[\]]{1,200})\s*\(", re.I
)
_COLUMN = re.compile(r"\s*[`\"\[]?(\w+)[`\"\]]?\s+[A-Za-z]")
_NO_COLUMN = frozenset(
    ("primary", "key", "constraint", "unique", "foreign", "index", "check", "fulltext", "period")
)
_VALUE = re.compile(
    r"\s*(?:[NEnebBxX]?'(?P<text>(?:[^'\\]|''|\\.)*)'|(?P<word>[^\s,()']+)(?:\s*\([^()]*\))?)\s*(?P<end>[,)])",
    re.S,
)
_NEXT = re.compile(r"\s*,\s*\(")
_ESCAPED = re.compile(r"''|\\(.)", re.S)
_COPIED = {"\\N": None}

Rows = list[list[str | None]]


def rows(text: str) -> Iterator[tuple[list[str], Rows, int]]:
    """(column names, rows, offset of the first) by table; a table's statements taken together."""
    declared = dict(_declared(text))
    found: dict[tuple[str, tuple[str, ...]], tuple[Rows, int]] = {}
    for start in _INSERT.finditer(text):
        table = _plain(start["table"])
        names = _names(start["columns"]) or declared.get(table.rpartition(".")[2], [])
        into, _ = found.setdefault((table, tuple(names)), ([], start.start()))
        into.extend(_tuples(text, start.end()))
    for start in _COPY.finditer(text):
        end = text.find("\n\\.", start.end())
        block = text[start.end() : end if end >= 0 else len(text)]
        names = _names(start["columns"]) or declared.get(_plain(start["table"]).rpartition(".")[2], [])
        into, _ = found.setdefault((_plain(start["table"]), tuple(names)), ([], start.start()))
        into.extend(
            [_COPIED.get(cell, cell) for cell in line.split("\t")] for line in block.split("\n") if line
        )
    for (_, columns), (listed, at) in found.items():
        yield list(columns), listed, at


def _tuples(text: str, at: int) -> Iterator[list[str | None]]:
    """The parenthesised rows from an offset on."""
    while at < len(text) and text[at] == "(":
        at += 1
        row: list[str | None] = []
        while match := _VALUE.match(text, at):
            at = match.end()
            if match["text"] is not None:
                row.append(_ESCAPED.sub(lambda m: m[1] or "'", match["text"]) or None)
            else:
                row.append(None if match["word"].upper() == "NULL" else match["word"])
            if match["end"] == ")":
                break
        else:
            return  # an expression that is no literal: the text pass sees it
        yield row
        following = _NEXT.match(text, at)
        if following is None:
            return
        at = following.end() - 1


def _declared(text: str) -> Iterator[tuple[str, list[str]]]:
    """Column names by table, for dumps whose INSERTs leave them out."""
    for start in _CREATE.finditer(text):
        end = text.find(";", start.end())
        body = text[start.end() : end if end >= 0 else start.end() + 20_000]
        parts = re.split(r",\s*\n|\n", body)
        names = [m[1] for part in parts if (m := _COLUMN.match(part)) and m[1].lower() not in _NO_COLUMN]
        yield _plain(start["table"]).rpartition(".")[2], names


def _names(columns: str | None) -> list[str]:
    return [_plain(name) for name in columns.split(",")] if columns else []


def _plain(name: str) -> str:
    return re.sub(r"[`\"\[\]\s]", "", name)
