"""Workbooks (XLSX) that each hide one thing, with people in it or without."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tests.release.people import CODES, CODES_HEADER, PEOPLE, VISIBLE, says, table
from tests.release.zipping import patched

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.properties.creator = None
    sheet = made.active
    sheet.title = "Spend"
    for row in VISIBLE:
        sheet.append([int(c) if c.lstrip("-").isdigit() else c for c in row])
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def fill(sheet: object, rows: Iterable[Iterable[str]]) -> None:
    for row in rows:
        sheet.append(list(row))  # type: ignore[attr-defined]


def hidden_sheet(people: bool, state: str = "hidden") -> bytes:
    made = book()
    sheet = made.create_sheet("Notes")
    sheet.sheet_state = state
    fill(sheet, table(people))
    return saved(made)


def very_hidden_sheet(people: bool) -> bytes:
    return hidden_sheet(people, "veryHidden")


def names_only() -> bytes:
    """A very hidden sheet of names without numbers or addresses: quick to judge."""
    made = book()
    sheet = made.create_sheet("Notes")
    sheet.sheet_state = "veryHidden"
    fill(
        sheet,
        [
            ("Forename", "Surname", "Rank"),
            *((forename, surname, "Constable") for forename, surname, *_ in PEOPLE),
        ],
    )
    return saved(made)


def hidden_rows(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, (CODES_HEADER, *CODES) if not people else table(True))
    for number in range(4, 8):
        sheet.row_dimensions[number].hidden = True
    return saved(made)


def zero_height_rows(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    flat = {f'<row r="{n}"': f'<row r="{n}" ht="0" customHeight="1"' for n in range(4, 8)}

    def change(text: str) -> str:
        for old, new in flat.items():
            text = text.replace(old, new)
        return text

    return patched(saved(made), change={"xl/worksheets/sheet2.xml": change})


def filtered_rows(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    sheet.auto_filter.ref = "A1:D9"
    sheet.auto_filter.add_filter_column(0, ["Jane", "H00"])
    for number in range(3, 10):
        sheet.row_dimensions[number].hidden = True
    return saved(made)


def hidden_columns(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    for letter in "CD":
        sheet.column_dimensions[letter].hidden = True
    return saved(made)


def zero_width_columns(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    sheet.column_dimensions["C"].width = 0
    return patched(saved(made), change={"xl/worksheets/sheet2.xml": lambda t: _cols(t)})


def _cols(text: str) -> str:
    start, end = text.find("<cols>"), text.find("</cols>")
    cols = '<cols><col min="3" max="4" width="0" customWidth="1"/></cols>'
    if start < 0:
        return text.replace("<sheetData>", cols + "<sheetData>")
    return text[:start] + cols + text[end + 7 :]


def white_cells(people: bool) -> bytes:
    made = book()
    sheet = made.active
    for row, cells in enumerate(table(people), 10):
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value).font = Font(color="FFFFFFFF")
    return saved(made)


def same_colour_cells(people: bool) -> bytes:
    made = book()
    sheet = made.active
    for row, cells in enumerate(table(people), 10):
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(row, column, value)
            cell.font, cell.fill = Font(color="FF203040"), PatternFill("solid", fgColor="FF203040")
    return saved(made)


def semicolon_cells(people: bool) -> bytes:
    made = book()
    sheet = made.active
    for row, cells in enumerate(table(people), 10):
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value).number_format = ";;;"
    return saved(made)


def far_cells(people: bool) -> bytes:
    made = book()
    sheet = made.active
    for row, cells in enumerate(table(people), 60_000):
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)
    return saved(made)


def comment(people: bool) -> bytes:
    made = book()
    made.active["B2"].comment = Comment(says(people), "admin")
    return saved(made)


def threaded_comment(people: bool) -> bytes:
    part = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        f'<threadedComment ref="C3" dT="2024-01-01T00:00:00" personId="{{A}}" id="{{B}}"><text>{says(people)}</text>'
        "</threadedComment></ThreadedComments>"
    )
    return patched(
        saved(book()),
        {"xl/threadedComments/threadedComment1.xml": part},
        relate={
            "xl/worksheets/sheet1.xml": [
                ("http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                 "/xl/threadedComments/threadedComment1.xml")
            ]
        },
    )  # fmt: skip


def pivot_cache(people: bool) -> bytes:
    header, *rows = table(people)
    columns = list(zip(*rows, strict=True))
    fields = "".join(
        f'<cacheField name="{name}"><sharedItems>'
        + "".join(f'<s v="{v}"/>' for v in values)
        + "</sharedItems></cacheField>"
        for name, values in zip(header, columns, strict=True)
    )
    definition = (
        f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_R}" r:id="rId900" refreshedBy="x" recordCount="{len(rows)}">'
        f'<cacheSource type="worksheet"/><cacheFields count="{len(header)}">{fields}</cacheFields></pivotCacheDefinition>'
    )
    records = f'<pivotCacheRecords xmlns="{_MAIN}" count="{len(rows)}">' + "".join(
        "<r>" + "".join(f'<x v="{i}"/>' for _ in header) + "</r>" for i in range(len(rows))
    ) + "</pivotCacheRecords>"  # fmt: skip
    pivot = f'<pivotTableDefinition xmlns="{_MAIN}" name="P" cacheId="1" dataCaption="Values"><location ref="A10:B12" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/></pivotTableDefinition>'
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return patched(
        saved(book()),
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition,
            "xl/pivotCache/pivotCacheRecords1.xml": records,
            "xl/pivotTables/pivotTable1.xml": pivot,
        },
        relate={
            "xl/pivotCache/pivotCacheDefinition1.xml": [("pivotCacheRecords", "pivotCacheRecords1.xml")],
            "xl/pivotTables/pivotTable1.xml": [
                ("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
            ],
            "xl/worksheets/sheet1.xml": [("pivotTable", "../pivotTables/pivotTable1.xml")],
            "xl/workbook.xml": [("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")],
        },
        types={
            "xl/pivotCache/pivotCacheDefinition1.xml": base + "pivotCacheDefinition+xml",
            "xl/pivotCache/pivotCacheRecords1.xml": base + "pivotCacheRecords+xml",
            "xl/pivotTables/pivotTable1.xml": base + "pivotTable+xml",
        },
        change={
            "xl/workbook.xml": lambda t: t.replace(
                "</workbook>",
                f'<pivotCaches><pivotCache cacheId="1" xmlns:r="{_R}" r:id="rId900"/></pivotCaches></workbook>',
            )
        },
    )


def external_cache(people: bool) -> bytes:
    rows = "".join(
        f'<row r="{n}">'
        + "".join(f'<cell r="{"ABCD"[c]}{n}" t="str"><v>{v}</v></cell>' for c, v in enumerate(row))
        + "</row>"
        for n, row in enumerate(table(people), 1)
    )
    part = (
        f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_R}" r:id="rId900"><sheetNames><sheetName val="Source"/></sheetNames>'
        f'<sheetDataSet><sheetData sheetId="0">{rows}</sheetData></sheetDataSet></externalBook></externalLink>'
    )
    return patched(saved(book()), {"xl/externalLinks/externalLink1.xml": part},
                   relate={"xl/workbook.xml": [("externalLink", "externalLinks/externalLink1.xml")]})  # fmt: skip


def defined_name(people: bool) -> bytes:
    entry = (
        f'<definedNames><definedName name="Remark" hidden="1">"{says(people)}"</definedName></definedNames>'
    )
    return patched(saved(book()), change={"xl/workbook.xml": lambda t: t.replace("<definedNames/>", entry).replace("<definedNames />", entry) if "<definedNames" in t else t.replace("<calcPr", entry + "<calcPr")})  # fmt: skip


def custom_xml(people: bool) -> bytes:
    return patched(saved(book()), {"customXml/item1.xml": f"<case><remark>{says(people)}</remark></case>"},
                   relate={"xl/workbook.xml": [("customXml", "../customXml/item1.xml")]})  # fmt: skip


def properties(people: bool) -> bytes:
    made = book()
    made.properties.description = says(people)
    return saved(made)


def previous_version(people: bool) -> bytes:
    part = (
        f'<revisions xmlns="{_MAIN}"><rcc rId="1" sId="1"><oc r="A1" t="inlineStr"><is><t>{says(people)}</t></is></oc>'
        '<nc r="A1"><v>1</v></nc></rcc></revisions>'
    )
    return patched(saved(book()), {"xl/revisions/revisionLog1.xml": part})


def embedded_workbook(people: bool) -> bytes:
    inner = openpyxl.Workbook()
    inner.properties.creator = None
    fill(inner.active, table(people))
    inner.active.title = "Data"
    drawing = '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"></xdr:wsDr>'
    chart = '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"></c:chartSpace>'
    return patched(
        saved(book()),
        {
            "xl/embeddings/book1.xlsx": saved(inner),
            "xl/drawings/drawing1.xml": drawing,
            "xl/charts/chart1.xml": chart,
        },
        relate={
            "xl/worksheets/sheet1.xml": [("drawing", "../drawings/drawing1.xml")],
            "xl/drawings/drawing1.xml": [("chart", "../charts/chart1.xml")],
            "xl/charts/chart1.xml": [("package", "../embeddings/book1.xlsx")],
        },
    )


def connection(people: bool) -> bytes:
    secret = "User ID=jokonkwo;Password=not-a-real-one;" if people else "Integrated Security=SSPI;"
    part = (
        f'<connections xmlns="{_MAIN}"><connection id="1" name="Spend" type="1"><dbPr connection="Provider=X;Data Source=db;'
        f'{secret}" command="select 1"/></connection></connections>'
    )
    return patched(saved(book()), {"xl/connections.xml": part},
                   relate={"xl/workbook.xml": [("connections", "connections.xml")]})  # fmt: skip


def text_box_hidden(people: bool) -> bytes:
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr>'
        f'<xdr:cNvPr id="2" name="Box" hidden="1"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>{says(people)}</a:t></a:r></a:p>'
        "</xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
    )
    return patched(saved(book()), {"xl/drawings/drawing1.xml": drawing},
                   relate={"xl/worksheets/sheet1.xml": [("drawing", "../drawings/drawing1.xml")]})  # fmt: skip


def stray_file(people: bool) -> bytes:
    """A file put into the package by hand: no part of the workbook names it."""
    return patched(saved(book()), {"notes.txt": says(people)})


def macro(people: bool) -> bytes:
    """A module's source, packed without copying: groups of eight bytes after a flag byte of 0 ([MS-OVBA] 2.4.1)."""
    from tests.release.documents import compound

    source = f'Attribute VB_Name = "Module1"\r\n\' {says(people)}\r\n'.encode()
    groups = b"".join(b"\0" + source[i : i + 8] for i in range(0, len(source), 8))
    packed = b"\x01" + (0xB000 | (len(groups) - 1)).to_bytes(2, "little") + groups
    return patched(saved(book()), {"xl/vbaProject.bin": compound("Module1", b"head" * 8 + packed)},
                   relate={"xl/workbook.xml": [("vbaProject", "vbaProject.bin")]})  # fmt: skip


def photograph(people: bool) -> bytes:
    from openpyxl.drawing.image import Image

    from tests.release import pictures

    made = book()
    made.active.add_image(Image(io.BytesIO(pictures.gps(False))), "E2")
    whole = saved(made)
    return patched(whole, {"xl/media/image1.jpeg": pictures.gps(people)})


def _placed(sheet: object, rows: Iterable[Iterable[str]], first: int = 10) -> None:
    for row, cells in enumerate(rows, first):
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)  # type: ignore[attr-defined]


def nearly_white_cells(people: bool) -> bytes:
    made = book()
    _placed(made.active, table(people))
    for row in made.active.iter_rows(min_row=10):
        for cell in row:
            cell.font = Font(color="FFF8F8F8")
    return saved(made)


def masked_cells(people: bool) -> bytes:
    made = book()
    _placed(made.active, table(people))
    for row in made.active.iter_rows(min_row=10):
        for cell in row:
            cell.number_format = '0;-0;0;"***"'
    return saved(made)


def flat_rows(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    for number in range(4, 8):
        sheet.row_dimensions[number].height = 0.75
    return saved(made)


def narrow_columns(people: bool) -> bytes:
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    for letter in "CD":
        sheet.column_dimensions[letter].width = 0.2
    return saved(made)


def under_a_merged_cell(people: bool) -> bytes:
    from openpyxl.worksheet.cell_range import CellRange

    made = book()
    _placed(made.active, table(people))
    made.active["A9"] = "Withheld"
    made.active.merged_cells.ranges.add(CellRange("A9:D30"))
    return saved(made)


def under_a_picture(people: bool) -> bytes:
    from openpyxl.drawing.image import Image
    from PIL import Image as Picture

    made = book()
    _placed(made.active, table(people))
    square = io.BytesIO()
    Picture.new("RGB", (640, 480)).save(square, "PNG")
    made.active.add_image(Image(square), "A9")
    return saved(made)


def under_a_box(people: bool) -> bytes:
    corner = "<xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor>'
        f"<xdr:from>{corner.format(0, 8)}</xdr:from><xdr:to>{corner.format(9, 40)}</xdr:to><xdr:sp><xdr:nvSpPr>"
        '<xdr:cNvPr id="2" name="Box"/></xdr:nvSpPr><xdr:spPr><a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
        "</xdr:spPr></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
    )
    made = book()
    _placed(made.active, table(people))
    return patched(saved(made), {"xl/drawings/drawing1.xml": drawing},
                   relate={"xl/worksheets/sheet1.xml": [("drawing", "../drawings/drawing1.xml")]})  # fmt: skip


def conditional_white(people: bool) -> bytes:
    from openpyxl.formatting.rule import FormulaRule

    made = book()
    _placed(made.active, table(people))
    made.active.conditional_formatting.add(
        "A10:D30", FormulaRule(formula=["$A10<>9"], font=Font(color="FFFFFFFF"))
    )
    return saved(made)


def above_frozen_panes(people: bool) -> bytes:
    """Frozen while scrolled down: what is above can be reached by no scroll bar."""
    made = book()
    sheet = made.create_sheet("List")
    fill(sheet, table(people))
    _placed(sheet, VISIBLE, 12)
    sheet.freeze_panes = "A13"
    sheet.sheet_view.topLeftCell = "A12"
    return saved(made)


def hidden_window(people: bool) -> bytes:
    made = book()
    made.create_sheet("Front")
    fill(made.active, table(people))
    made.views[0].visibility = "hidden"
    return saved(made)


def validation_list(people: bool) -> bytes:
    from openpyxl.worksheet.datavalidation import DataValidation

    made = book()
    names = [f"{forename} {surname}" for forename, surname, *_ in PEOPLE] if people else ["North", "South"]
    rule = DataValidation(type="list", formula1='"' + ",".join(names) + '"', allow_blank=True)
    rule.add("F2:F9")
    made.active.add_data_validation(rule)
    return saved(made)


def prompt(people: bool) -> bytes:
    from openpyxl.worksheet.datavalidation import DataValidation

    made = book()
    rule = DataValidation(type="whole", operator="between", formula1="1", formula2="9", prompt=says(people))
    rule.add("F2")
    made.active.add_data_validation(rule)
    return saved(made)


def formula_text(people: bool) -> bytes:
    made = book()
    made.active["F2"] = f'=B2+N("{says(people)}")'
    return saved(made)


def scenario(people: bool) -> bytes:
    from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList

    made = book()
    cells = [InputCells(r="A1", val=says(people))]
    made.active.scenarios = ScenarioList(scenario=[Scenario(name="Base", inputCells=cells)])
    return saved(made)


def unread_part(people: bool) -> bytes:
    """What add-ins leave: a part that this program has no reader for."""
    return patched(saved(book()), {"xl/richData/rdrichvalue.xml": f"<rvData><v>{says(people)}</v></rvData>"})


def deleted_string(people: bool) -> bytes:
    """A text that no cell shows, kept in the workbook's table of texts."""
    part = f'<sst xmlns="{_MAIN}"><si><t>{says(people)}</t></si></sst>'
    return patched(saved(book()), {"xl/sharedStrings.xml": part},
                   relate={"xl/workbook.xml": [("sharedStrings", "sharedStrings.xml")]})  # fmt: skip


CASES: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    # name: (maker, hiding key, words that the place must have)
    "hidden sheet": (hidden_sheet, "hidden sheet", "sheet “Notes” (hidden)"),
    "very hidden sheet": (very_hidden_sheet, "very hidden sheet", "sheet “Notes” (very hidden)"),
    "hidden rows": (hidden_rows, "hidden rows", "sheet “List”, columns A–D, rows 4–7 (hidden)"),
    "zero-height rows": (zero_height_rows, "zero-height rows", "rows 4–7 (zero height)"),
    "filtered rows": (filtered_rows, "filtered rows", "rows 3–9 (filtered out)"),
    "hidden columns": (hidden_columns, "hidden columns", "columns C–D (hidden), rows 2–9"),
    "zero-width columns": (zero_width_columns, "zero-width columns", "columns C–D (zero width), rows 2–9"),
    "white on white": (white_cells, "invisible cells", "rows 11–18 (text cannot be seen)"),
    "same colour": (same_colour_cells, "invisible cells", "rows 1"),
    "format ;;;": (semicolon_cells, "invisible cells", "sheet “Spend”"),
    "far below": (far_cells, "far cells", "60,00"),
    "comment": (comment, "comments", "comment at B2"),
    "threaded comment": (threaded_comment, "comments", "threaded comment at C3"),
    "pivot cache": (pivot_cache, "pivot cache", "pivot cache 1 (behind the pivot table on sheet “Spend”)"),
    "external cache": (
        external_cache,
        "external cache",
        "linked workbook 1, cached values of its sheet “Source”",
    ),
    "defined name": (defined_name, "defined names", "defined name Remark (hidden)"),
    "custom XML": (custom_xml, "custom xml", "custom XML part item1.xml"),
    "properties": (properties, "properties", "document properties"),
    "change history": (previous_version, "previous version", "change history"),
    "embedded workbook": (embedded_workbook, "embedded", "workbook behind a chart"),
    "macro": (macro, "macro", "macro code"),
    "photograph": (photograph, "gps", "picture image1.jpeg › picture metadata"),
    "stray file": (stray_file, "embedded", "unlisted file notes.txt"),
    "connection": (connection, "connection", "data connection Spend"),
    "hidden text box": (text_box_hidden, "hidden object", "hidden shape"),
    "nearly white": (nearly_white_cells, "invisible cells", "rows 11–18 (text cannot be seen)"),
    "masked format": (masked_cells, "invisible cells", "rows 11–18 (text cannot be seen)"),
    "flat rows": (flat_rows, "zero-height rows", "rows 4–7 (zero height)"),
    "narrow columns": (narrow_columns, "zero-width columns", "columns C–D (zero width), rows 2–9"),
    "under a merged cell": (
        under_a_merged_cell,
        "covered cells",
        "rows 11–18 (under a picture, box or merged cell)",
    ),
    "under a picture": (under_a_picture, "covered cells", "rows 11–18 (under a picture, box or merged cell)"),
    "under a box": (under_a_box, "covered cells", "rows 11–18 (under a picture, box or merged cell)"),
    "conditional format": (conditional_white, "invisible cells", "rows 11–18 (text cannot be seen)"),
    "above frozen panes": (above_frozen_panes, "hidden rows", "rows 2–9 (hidden)"),
    "drop-down list": (
        validation_list,
        "validation",
        "sheet “Spend”, drop-down lists and prompts of cells (F2:F9)",
    ),
    "prompt": (prompt, "validation", "drop-down lists and prompts of cells (F2)"),
    "text in a formula": (formula_text, "formula", "texts inside formulas (F2)"),
    "scenario": (scenario, "hidden part", "scenarios"),
    "unread part": (unread_part, "other part", "part of the file rdrichvalue.xml"),
    "deleted string": (deleted_string, "other part", "texts kept in the file that no cell shows"),
}
