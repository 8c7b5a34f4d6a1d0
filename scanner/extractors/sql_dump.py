"""SQL dumps as plain text: tables recognised as tables, under their own names and columns.

INSERT statements and COPY blocks become rows; column names come from the statement or from
the CREATE TABLE before it. Everything else (comments, settings, procedures) is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from scanner.common import sqltext
from scanner.common.encoding import detect
from scanner.common.extracting import gap, line_blocks
from scanner.common.sniff import SQL
from scanner.common.tablerows import Table, TableRows
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

BLOCK = 1024 * 1024
MAX_STATEMENT = 64 * 1024 * 1024
"""Characters of one statement; a longer one is cut and read as far as it goes."""
MAX_CREATE = 1024 * 1024
_BEGINS = re.compile(r"\s*(?:INSERT|REPLACE|CREATE|COPY)\b", re.IGNORECASE)
_HEADLINE = re.compile(r"-- (PostgreSQL database dump$|MySQL dump|MariaDB dump)")
_LAST_LINE = re.compile(r"-- (PostgreSQL database dump complete|Dump completed)")
_MYSQL = re.compile(r"MySQL dump|MariaDB dump|ENGINE\s*=|`")


class SqlDumpExtractor:
    name: ClassVar[str] = "sql_dump"
    media_types: ClassVar[tuple[str, ...]] = (SQL,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        encoding = detect(content.head)
        if encoding is None:
            raise ReadError(GapReason.CORRUPT, "not text in any encoding known")
        dump = _Dump(content, bool(_MYSQL.search(encoding.decode(content.head[: 65536 // encoding.unit]))))
        for text, _ in line_blocks(content, encoding, BLOCK, max_line=MAX_STATEMENT):
            yield from dump.feed(text.replace("\0", ""))
        yield from dump.finish()
        if dump.cut:
            yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
        if dump.cut_off:
            raise ReadError(GapReason.CORRUPT, "the dump is cut off")


class _Dump:
    def __init__(self, content: Content, mysql: bool) -> None:
        self._content, self._mysql = content, mysql
        self._created: dict[str, list[str]] = {}
        self._tables = TableRows(content)
        self._copying: Table | None = None
        self._begun = self._completed = False
        self._quoted = False
        self._statement: list[str] = []
        self._size = 0
        self._text: list[str] = []
        self._chars = 0

    @property
    def cut(self) -> bool:
        return self._tables.cut

    @property
    def cut_off(self) -> bool:
        """True if a block of rows is open, or the line that ends a dump of this program is missing."""
        return self._copying is not None or (self._begun and not self._completed)

    def feed(self, text: str) -> Iterator[Fragment]:
        for line in text.split("\n"):
            yield from self._line(line.rstrip("\r"))
        yield from self._give(64 * 1024)

    def finish(self) -> Iterator[Fragment]:
        if self._statement:
            yield from self._run("\n".join(self._statement))
        yield from self._tables.flush()
        yield from self._give(0)

    def _line(self, line: str) -> Iterator[Fragment]:
        if self._copying is not None:
            if line == "\\.":
                self._copying = None
            elif line:
                yield from self._tables.add(self._copying, sqltext.copied(line))
            return
        if not self._statement:
            if not _BEGINS.match(line):
                self._begun = self._begun or bool(_HEADLINE.match(line))
                self._completed = self._completed or bool(_LAST_LINE.match(line))
                self._text.append(line)
                self._chars += len(line)
                return
            copy = sqltext.COPY.match(line)
            if copy:
                self._copying = self._named(copy["table"], sqltext.names(copy["columns"]))
                return
            self._quoted = False
        self._statement.append(line)
        self._size += len(line)
        self._quoted = sqltext.open_quote(line, self._quoted, self._mysql)
        if (not self._quoted and self._ends(line.rstrip())) or self._size > MAX_STATEMENT:
            statement, self._statement, self._size = "\n".join(self._statement), [], 0
            yield from self._run(statement)

    def _ends(self, line: str) -> bool:
        """SQL Server's scripts end an INSERT with its line, without a semicolon."""
        alone = len(self._statement) == 1 and line.endswith(")") and line[:6].upper() == "INSERT"
        return alone or line.endswith(";") or line.upper() == "GO"

    def _run(self, statement: str) -> Iterator[Fragment]:
        insert = sqltext.INSERT.match(statement)
        if insert:
            if insert["values"].upper() == "SELECT":
                statement = statement[: insert.end()] + "(" + statement[insert.end() :] + ")"
            table = self._named(insert["table"], sqltext.names(insert["columns"]))
            any_row = False
            for row in sqltext.tuples(statement[insert.end() :], self._mysql):
                any_row = True
                yield from self._tables.add(table, row)
            if any_row:
                return
        created = sqltext.CREATE.match(statement[:MAX_CREATE])
        if created:
            self._created[sqltext.path(created["table"]).lower()] = sqltext.created_columns(
                statement[:MAX_CREATE]
            )
        self._text.append(statement)
        self._chars += len(statement)

    def _named(self, table: str, columns: list[str]) -> Table:
        name = sqltext.path(table)
        known = self._created.get(name.lower()) or self._created.get(name.lower().rpartition(".")[2], [])
        return name, tuple(columns or known)

    def _give(self, at_least: int) -> Iterator[Fragment]:
        if self._chars < at_least:
            return
        text = "\n".join(self._text)
        self._text, self._chars = [], 0
        for start in range(0, len(text), 65536):
            if text[start : start + 65536].strip():
                yield TextFragment(text[start : start + 65536], self._content.place)
