"""XLSX sheets as a stream, for those too large to be held whole (ECMA-376 part 1, 18.3).

Slower than calamine and without its dates (a date shows as its serial number), but the
memory it needs does not grow with the sheet.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.common.xmlread import discard, events, local
from scanner.errors import ReadError
from scanner.model import GapReason

MAX_SHARED = 48 * 1024 * 1024
"""Characters of shared strings held; those beyond cannot be filled in."""
_COLUMN = re.compile(r"([A-Z]{1,3})(\d{0,7})")


@functools.cache
def column_index(letters: str) -> int:
    """`A` is 0, `Z` 25, `AA` 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """0 is `A`, 25 `Z`, 26 `AA`."""
    letters = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_parts(package: Package) -> dict[str, str]:
    """Sheet name to its part, by way of the workbook's relationships."""
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in package.names:
        with package.open("xl/_rels/workbook.xml.rels") as part:
            for event, element in events(part, recover=True):
                if event == "end" and local(element.tag) == "Relationship":
                    target = element.get("Target", "").lstrip("/")
                    targets[element.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    found: dict[str, str] = {}
    if "xl/workbook.xml" in package.names:
        with package.open("xl/workbook.xml") as part:
            for event, element in events(part, recover=True):
                if event == "end" and local(element.tag) == "sheet":
                    relation = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
                    target = targets.get(relation, "")
                    if target in package.names:
                        found[element.get("name", "")] = target
    return found


def shared_strings(package: Package) -> tuple[list[str], bool]:
    """The workbook's strings, and whether all of them fitted."""
    strings: list[str] = []
    size = 0
    if "xl/sharedStrings.xml" not in package.names:
        return strings, True
    with package.open("xl/sharedStrings.xml") as part:
        for _, element in events(part, only="si"):
            text = "".join(t.text or "" for t in element.iter("{*}t"))
            strings.append(text)
            size += len(text) + 50
            discard(element)
            if size > MAX_SHARED:
                return strings, False
    return strings, True


def rows(package: Package, part: str, strings: list[str], most_columns: int = 4096) -> Iterator[list[str]]:
    """The rows of one sheet, empty rows left out. Cells right of `most_columns` join the last."""
    with package.open(part) as stream:
        for _, element in events(stream, only="row"):
            row: list[str] = []
            for cell in element:
                text = _text(cell, strings)
                match = _COLUMN.match(cell.get("r", ""))
                index = min(column_index(match[1]) if match else len(row), most_columns - 1)
                if index == len(row):
                    row.append(text)
                elif index < len(row):
                    row[index] = f"{row[index]} {text}".strip()
                else:
                    row.extend([""] * (index - len(row)))
                    row.append(text)
            discard(element)
            if any(row):
                yield row


def _text(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        if len(cell) == 1 and len(cell[0]) == 1:
            return cell[0][0].text or ""
        return "".join(cell.itertext())
    for child in cell:
        if child.tag.endswith("}v"):
            value: str = child.text or ""
            if kind != "s":
                return value
            return (
                strings[int(value)]
                if value.isascii() and value.isdigit() and int(value) < len(strings)
                else ""
            )
    return ""


_COLUMN_OF = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})\d""")
_ROW_OF = re.compile(rb"""\br\s*=\s*["'][A-Z]{1,3}(\d{4,7})["']""")


def measure(package: Package, part: str, most_bytes: int) -> tuple[int, int]:
    """(bytes unpacked, cells of the rectangle the sheet spans); stops past `most_bytes`.

    What the part states of its size is not believed. Raises ReadError(LIMIT) for a bomb.
    """
    size = bottom = 0
    letters: set[bytes] = set()
    tail = b""
    packed = package.zip.getinfo(part).compress_size
    for chunk in package.inflated(part):
        size += len(chunk)
        if size > max(64 * 1024 * 1024, package.content.limits.archive_ratio * packed):
            raise ReadError(
                GapReason.LIMIT,
                "unpacks to far more than its packed size (a decompression bomb?)",
                "raise limits.archive_ratio if this is expected",
            )
        if size > most_bytes:
            break
        raw = tail + chunk
        letters.update(_COLUMN_OF.findall(raw))
        bottom = max(bottom, *map(int, set(_ROW_OF.findall(raw))), 0)
        tail = raw[-32:]
    widest = max((column_index(column.decode()) + 1 for column in letters), default=1)
    return size, widest * max(bottom, 1000)
