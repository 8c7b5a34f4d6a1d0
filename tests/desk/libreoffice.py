"""LibreOffice, opening and saving files as the data protection officer's own does: real, headless, British."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
MISSING = "LibreOffice is not installed (Debian: apt-get install libreoffice-calc)"

_BRITISH = 2057
"""English (United Kingdom), as the CSV filter numbers languages."""
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


class LibreOffice:
    """One profile; every call starts the program and waits for its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls = 0

    def opened_csv(self, file: Path, *, special_numbers: bool = True) -> Sheet:
        """The CSV file as opened with a comma, UTF-8, British settings and everything evaluated that the
        import dialogue offers to evaluate."""
        special = str(special_numbers).lower()
        options = f"44,34,76,1,,{_BRITISH},false,{special},false,false,false,0,true"
        return Sheet(self._convert(file, "fods", f"Text - txt - csv (StarCalc):{options}"))

    def opened(self, file: Path) -> Sheet:
        return Sheet(self._convert(file, "fods"))

    def saved_as_csv(self, sheet: Sheet, *, delimiter: str = ",", charset: int = 76) -> Path:
        """As "Text CSV" with cells as shown. `charset`: 76 UTF-8, 1 Western Europe (Windows)."""
        options = f"{ord(delimiter)},34,{charset},1,,{_BRITISH},false,true"
        return self._convert(sheet.file, f"csv:Text - txt - csv (StarCalc):{options}")

    def saved_as_xlsx(self, sheet: Sheet) -> Path:
        return self._convert(sheet.file, "xlsx")

    def _convert(self, file: Path, to: str, opening: str = "") -> Path:
        assert SOFFICE is not None
        self._calls += 1
        out = self._folder / f"call-{self._calls}"
        command = [SOFFICE, f"-env:UserInstallation=file://{self._folder / 'profile'}", "--headless",
                   "--norestore", "--convert-to", to, "--outdir", str(out)]  # fmt: skip
        if opening:
            command.append(f"--infilter={opening}")
        done = subprocess.run(
            [*command, str(file)],
            env={**os.environ, "HOME": str(self._folder)},
            capture_output=True,
            timeout=120,
            check=False,
        )
        (made,) = out.iterdir()
        assert done.returncode == 0 and made.stat().st_size, done.stderr
        return made


class Sheet:
    """What LibreOffice has open, as its flat XML file says."""

    def __init__(self, file: Path) -> None:
        self.file = file
        for _, (prefix, address) in Xml.iterparse(file, events=("start-ns",)):
            # LibreOffice knows its own files by their prefixes.
            Xml.register_namespace(prefix, address)
        self._tree = Xml.parse(file)
        self._expand()

    def formulas(self) -> list[str]:
        """Formulas of all cells of all sheets."""
        return [
            cell.attrib[f"{_TABLE}formula"] for cell in self._cells() if f"{_TABLE}formula" in cell.attrib
        ]

    def links(self) -> int:
        return sum(1 for _ in self._tree.iter(f"{_TEXT}a"))

    def kinds(self) -> set[str]:
        """Types of values: string, date, float."""
        found = {cell.attrib.get(f"{_OFFICE}value-type", "") for cell in self._cells()}
        return found - {""}

    def rows(self, sheet: str | None = None) -> list[dict[str, str]]:
        """Cells as they are shown, by the header of the first row."""
        table = self._table(sheet)
        lines = [[_shown(cell) for cell in self._row(row)] for row in table.iter(f"{_TABLE}table-row")]
        head = lines[0]
        return [dict(zip(head, line, strict=False)) for line in lines[1:] if any(line)]

    def type_into(self, number: int, column: str, text: str, sheet: str | None = None) -> None:
        """Replace a cell's content by a text, as somebody does who types it with a leading apostrophe."""
        table = self._table(sheet)
        rows = list(table.iter(f"{_TABLE}table-row"))
        head = [_shown(cell) for cell in self._row(rows[0])]
        cell = self._row(rows[number + 1])[head.index(column)]
        style = cell.attrib.get(f"{_TABLE}style-name")
        cell.clear()
        if style:
            cell.attrib[f"{_TABLE}style-name"] = style
        cell.attrib |= {f"{_OFFICE}value-type": "string", f"{_CALC}value-type": "string"}
        Xml.SubElement(cell, f"{_TEXT}p").text = text
        self._tree.write(self.file, encoding="utf-8", xml_declaration=True)

    def _cells(self) -> Iterator[Xml.Element]:
        return self._tree.iter(f"{_TABLE}table-cell")

    def _table(self, sheet: str | None) -> Xml.Element:
        found = list(self._tree.iter(f"{_TABLE}table"))
        return next(t for t in found if sheet is None or t.attrib[f"{_TABLE}name"] == sheet)

    def _row(self, row: Xml.Element) -> list[Xml.Element]:
        return [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]

    def _expand(self) -> None:
        """One element a cell: repeated ones are written out (not the thousands after the last column)."""
        for row in self._tree.iter(f"{_TABLE}table-row"):
            cells = []
            for cell in list(row):
                times = int(cell.attrib.pop(f"{_TABLE}number-columns-repeated", "1"))
                cells += [Xml.fromstring(Xml.tostring(cell)) for _ in range(min(times, 200))]
                row.remove(cell)
            row.extend(cells)


def _shown(cell: Xml.Element) -> str:
    return "\n".join(_text(part) for part in cell.findall(f"{_TEXT}p"))


def _text(part: Xml.Element) -> str:
    """Its text; several spaces are an element of their own."""
    out = part.text or ""
    for child in part:
        out += " " * int(child.attrib.get(f"{_TEXT}c", "1")) if child.tag == f"{_TEXT}s" else _text(child)
        out += child.tail or ""
    return out
