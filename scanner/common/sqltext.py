"""SQL dumps: what their statements say of tables and rows.

Understands what pg_dump, mysqldump, SQL Server Management Studio, Oracle's tools and
SQLite's `.dump` write, not SQL as a whole; whatever else stands in a dump is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = r'(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]|[^\W\d][\w$#@]*)'
_PATH = rf"{_NAME}(?:\s*\.\s*{_NAME}){{0,3}}"
INSERT = re.compile(
    rf"\s*(?:INSERT|REPLACE)\s+(?:(?:IGNORE|LOW_PRIORITY|DELAYED|OR\s+\w+)\s+)*(?:INTO\s+)?(?P<table>{_PATH})\s*"
    rf"(?:\((?P<columns>[^()]*)\)\s*)?(?:OVERRIDING\s+\w+\s+VALUE\s*)?(?P<values>VALUES?\b|SELECT\b)\s*",
    re.IGNORECASE,
)
COPY = re.compile(
    rf"\s*COPY\s+(?P<table>{_PATH})\s*(?:\((?P<columns>[^()]*)\)\s*)?FROM\s+stdin\b(?P<options>[^;]*);",
    re.IGNORECASE,
)
CREATE = re.compile(
    rf"\s*CREATE\s+(?:(?:GLOBAL|LOCAL|TEMPORARY|TEMP|UNLOGGED)\s+)*TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>{_PATH})\s*\(",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(_NAME)
_NO_COLUMN = frozenset(
    "primary unique key constraint foreign check index fulltext spatial exclude period like".split()
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "", "Z": ""}
_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<prefix>[NnEeBbXx]|_[A-Za-z0-9]+\s?)?'(?P<text>[^'\\]*(?:(?:''|\\.)[^'\\]*)*)'"
    r"|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<end>;)"
    r"|(?P<word>[^\s,();']+))",
    re.DOTALL,
)
_PLAIN_TOKEN = re.compile(
    _TOKEN.pattern.replace(r"[^'\\]*(?:(?:''|\\.)[^'\\]*)*", r"[^']*(?:''[^']*)*"), re.DOTALL
)
_CALL = re.compile(r"\s*\(")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def identifier(name: str) -> str:
    """The bare name of a quoted or unquoted identifier."""
    name = name.strip()
    if len(name) >= 2 and name[0] in '"`[':
        close = "]" if name[0] == "[" else name[0]
        return name[1:-1].replace(close * 2, close)
    return name


def path(text: str) -> str:
    """`"public"."cases"`, `[dbo].[cases]` and `cases` as they are called: schema and table, without quotes."""
    return ".".join(identifier(part) for part in _IDENTIFIER.findall(text)[-2:])


def names(text: str | None) -> list[str]:
    """The identifiers of a column list."""
    return [identifier(part) for part in _IDENTIFIER.findall(text or "")]


def created_columns(statement: str) -> list[str]:
    """Column names of a CREATE TABLE statement, in order."""
    start = CREATE.match(statement)
    if start is None:
        return []
    found: list[str] = []
    depth, begin = 0, start.end()
    for match in re.finditer(
        r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|[(),]", statement[begin:]
    ):
        sign = match.group()
        if sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif sign in (",", ")") and not depth:
            _column(statement[begin : start.end() + match.start()], found)
            begin = start.end() + match.end()
            if sign == ")":
                return found
    return found


def _column(definition: str, found: list[str]) -> None:
    lines = [line for line in definition.splitlines() if not line.lstrip().startswith("--")]
    match = _IDENTIFIER.match("\n".join(lines).strip())
    if match and match.group().lower() not in _NO_COLUMN:
        found.append(identifier(match.group()))


def tuples(text: str, backslashes: bool) -> Iterator[list[str]]:
    """The rows of a VALUES list. Stops where it ends, or where it is no list of values any more.

    `backslashes`: they escape, as MySQL writes it.
    """
    token = _TOKEN if backslashes else _PLAIN_TOKEN
    depth, at = 0, 0
    row: list[str] = []
    cell: list[str] = []
    while match := token.match(text, at):
        at = match.end()
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            if depth == 1:
                row, cell = [], []
        elif kind == "close":
            depth -= 1
            if depth == 0:
                yield [*row, "".join(cell)]
            elif depth < 0:
                return
        elif kind == "comma":
            if depth == 1:
                row.append("".join(cell))
                cell = []
        elif kind == "end":
            return
        elif depth > 1 and cell:
            continue  # of what a function is given, the first is the value: TO_DATE('…', 'DD/MM/YYYY')
        elif kind == "text":
            prefix = (match["prefix"] or "").lower()
            value = match["text"].replace("''", "'")
            cell.append(_unescaped(value) if backslashes or prefix == "e" else value)
        elif depth and not _CALL.match(text, at):
            word = match["word"]
            if word.upper() not in ("NULL", "DEFAULT", "AS", "N"):
                cell.append(_hex(word))


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda m: _ESCAPES.get(m[1], m[1]), value) if "\\" in value else value


def _hex(word: str) -> str:
    """Bytes written as 0x… are text where they decode to it."""
    if word[:2].lower() != "0x" or len(word) < 6:
        return word
    try:
        text = bytes.fromhex(word[2:]).decode("utf-8")
    except ValueError:
        return word
    return text if text.isprintable() else word


_CLOSED = re.compile(r"''|'|--|\"[^\"]*\"|`[^`]*`")
_OPEN = re.compile(r"''|'")


def open_quote(line: str, is_open: bool, backslashes: bool) -> bool:
    """True if a quoted string is open at the line's end, given whether one was at its start."""
    if backslashes and "\\" in line:
        line = _ESCAPED.sub("", line)
    at = 0
    while match := (_OPEN if is_open else _CLOSED).search(line, at):
        at = match.end()
        sign = match.group()
        if sign == "'":
            is_open = not is_open
        elif sign == "--":
            break
    return is_open


def copied(line: str) -> list[str]:
    """One line of COPY's text format (PostgreSQL manual, COPY): tabs part cells, \\N is null."""
    cells = line.split("\t")
    if "\\" not in line:
        return cells
    return ["" if cell == "\\N" else _unescaped(cell) for cell in cells]
