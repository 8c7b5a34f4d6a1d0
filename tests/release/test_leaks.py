"""The four re-creations in examples/release: each is stopped, and its clean copy passes and opens elsewhere."""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from scanner.release.decision import Level
from scanner.release.fixing import fix

_MAKE = Path(__file__).parents[2] / "examples" / "release" / "make.py"
_PLACES = {
    "police-foi.xlsx": [("hidden sheet", "sheet “SAP download” (hidden), column A, rows 2–9,484", 9_483)],
    "council-caseload.xlsx": [
        ("hidden columns", "sheet “Caseload by service”, columns C–D (hidden), rows 2–7", 6),
        ("pivot cache", "pivot cache 1 (behind the pivot table on sheet “Caseload by service”)", 6_528),
    ],
    "force-crime-figures.xlsx": [
        ("very hidden sheet", "sheet “raw_extract” (very hidden), columns A–E, rows 2–1,231", 1_230),
        ("embedded", "sheet “Figures”, workbook behind a chart › sheet “Extract”", 1_230),
    ],
    "honours-list.xlsx": [
        ("hidden columns", re.compile(r"sheet “Honours”, columns? E(–F)? \(hidden\), rows 2–1,098"), 1_097)
    ],
    "honours-list.csv": [
        ("far cells", re.compile(r"the table, columns? Y(–Z)?, rows 2–1,098 \(far from the table\)"), 1_097)
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("leaks")
    spec = importlib.util.spec_from_file_location("release_examples", _MAKE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    list(module.make_all(folder))
    return folder


@pytest.mark.parametrize("name", _PLACES)
def test_the_leak_is_stopped_with_its_place_and_the_clean_copy_passes(name, made, tmp_path, check, detector):
    verdict = check(made / name)
    stops = {(line.hiding, line.rows): line.where.text for line in verdict.lines if line.level is Level.FAIL}
    for hiding, place, rows in _PLACES[name]:
        # The addresses are what must be named; their postcodes in the next column may be.
        said = stops[hiding, rows]
        assert place.search(said) if isinstance(place, re.Pattern) else place in said
    out = tmp_path / name
    result = fix(made / name, out, detector)
    assert not result.failed
    assert check(out).level in (Level.NOTE, Level.WARN)
    assert _visible(out) == _visible(made / name)


def _visible(path: Path) -> dict[str, list[list[object]]]:
    """What a reader sees: cell values of visible sheets, rows and columns."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {"": [row[:4] for row in csv.reader(file)]}
    book = openpyxl.load_workbook(path, data_only=True)
    seen = {}
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        # Columns alike are one `<col>` entry, which openpyxl files under its first letter.
        hidden = {
            number
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden
            for number in range(dimension.min, dimension.max + 1)
        }
        seen[sheet.title] = [
            [cell.value for cell in row if cell.column not in hidden]
            for row in sheet.iter_rows()
            if not sheet.row_dimensions[row[0].row].hidden
        ]
    return seen


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_clean_copies_open_in_libreoffice_and_show_the_same(made, tmp_path, detector):
    from tests.release import documents, opendocument

    sources = {name: made / name for name in _PLACES if name.endswith(".xlsx")}
    for name, data in {
        "deleted-word.docx": documents.deletion(True), "embedded.docx": documents.embedded(True), "notes-slides.pptx": documents.notes(True),
        "chart.pptx": documents.chart_workbook(True), "hidden.ods": opendocument.ODS["hidden columns"][0](True),
        "deleted.odt": opendocument.odt_deleted(True), "notes.odp": opendocument.odp_notes(True),
    }.items():  # fmt: skip
        sources[name] = tmp_path / f"source-{name}"
        sources[name].write_bytes(data)
    clean, opened = tmp_path / "clean", tmp_path / "opened"
    clean.mkdir()
    for name, source in sources.items():
        assert not fix(source, clean / name, detector).failed
    for kind in ("xlsx", "ods", "docx", "pptx", "odt", "odp"):
        found = [str(p) for p in sorted(clean.glob(f"*.{kind}"))]
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
             "csv" if kind in ("xlsx", "ods") else "pdf", "--outdir", str(opened), *found],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
    assert {p.stem for p in opened.iterdir()} == {Path(n).stem for n in sources}
    with (opened / "honours-list.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1_098
    assert rows[0] == ["Surname", "Forename", "Award", "Citation"]
    assert (
        _pdf_text(opened / "deleted.pdf").split()
        == "The annual report of the council. Approved. Spending rose.".split()
    )
    assert "The annual report" in _pdf_text(opened / "notes.pdf")


def _pdf_text(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text
