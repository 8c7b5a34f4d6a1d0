"""ODS, ODT and ODP files that each hide one thing, written as XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from xml.sax.saxutils import escape

from tests.release.people import VISIBLE, says, table

_NS = " ".join(
    f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
    for p, n in {"office": "office", "table": "table", "text": "text", "style": "style", "draw": "drawing",
                 "presentation": "presentation", "fo": "xsl-fo-compatible", "svg": "svg-compatible", "meta": "meta"}.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
_KINDS = {"spreadsheet": "application/vnd.oasis.opendocument.spreadsheet", "text": "application/vnd.oasis.opendocument.text",
          "presentation": "application/vnd.oasis.opendocument.presentation"}  # fmt: skip
_STYLES = (
    '<style:style style:name="ta0" style:family="table"><style:table-properties table:display="true"/></style:style>'
    '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="co0" style:family="table-column"><style:table-column-properties style:column-width="0cm"/></style:style>'
    '<style:style style:name="ro0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'
    '<style:style style:name="ce1" style:family="table-cell"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
)  # fmt: skip


def packed(kind: str, body: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NS} office:version="1.3"><office:automatic-styles>'
        f"{_STYLES}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    styles = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_NS} office:version="1.3"><office:automatic-styles>'
        '<style:page-layout style:name="PM1"><style:page-layout-properties fo:page-width="28cm" fo:page-height="15.75cm"/></style:page-layout>'
        '</office:automatic-styles><office:master-styles><style:master-page style:name="M" style:page-layout-name="PM1"/></office:master-styles>'
        "</office:document-styles>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="{t}"/>'
        for n, t in (("/", _KINDS[kind]), ("content.xml", "text/xml"), ("styles.xml", "text/xml"))
    )
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</manifest:manifest>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("mimetype", _KINDS[kind], zipfile.ZIP_STORED)
        for name, data in {
            "content.xml": content,
            "styles.xml": styles,
            "META-INF/manifest.xml": manifest,
            **(more or {}),
        }.items():
            target.writestr(name, data)
    return out.getvalue()


def meta(text: str) -> str:
    return f"<office:document-meta {_NS}><office:meta><dc:description>{text}</dc:description></office:meta></office:document-meta>"


def sheet(
    name: str,
    rows: object,
    style: str = "ta0",
    columns: str = "",
    row: object = None,
    cell: str = "",
    inside: str = "",
) -> str:
    out = [
        f'<table:table table:name="{name}" table:style-name="{style}">{inside}{columns or "<table:table-column/>"}'
    ]
    for number, cells in enumerate(rows, 1):  # type: ignore[arg-type, var-annotated]
        attributes = row(number) if callable(row) else ""
        out.append(f"<table:table-row {attributes}>")
        for value in cells:
            named = f'table:style-name="{cell}" ' if cell else ""
            out.append(
                f'<table:table-cell {named}office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
            )
        out.append("</table:table-row>")
    return "".join(out) + "</table:table>"


def _spread(*sheets: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    return packed("spreadsheet", sheet("Spend", VISIBLE) + "".join(sheets), more)


def ods_hidden_sheet(people: bool) -> bytes:
    return _spread(sheet("Notes", table(people), "ta1"))


def ods_rows(people: bool, attribute: str) -> bytes:
    return _spread(sheet("List", table(people), row=lambda n: attribute if 4 <= n <= 7 else ""))


def ods_columns(people: bool, attribute: str) -> bytes:
    columns = f'<table:table-column table:number-columns-repeated="2"/><table:table-column {attribute} table:number-columns-repeated="2"/>'
    return _spread(sheet("List", table(people), columns=columns))


def ods_white(people: bool) -> bytes:
    return _spread(sheet("List", table(people), cell="ce1"))


def ods_comment(people: bool) -> bytes:
    note = f"<office:annotation><dc:creator>admin</dc:creator><text:p>{says(people)}</text:p></office:annotation>"
    body = sheet("Spend", VISIBLE).replace("<text:p>Q1</text:p>", f"{note}<text:p>Q1</text:p>")
    return packed("spreadsheet", body)


def ods_external(people: bool) -> bytes:
    source = '<table:table-source xlink:href="file:///srv/source.ods" table:table-name="S"/>'
    return _spread(sheet("'file:///srv/source.ods'#S", table(people), "ta1", inside=source))


def ods_properties(people: bool) -> bytes:
    return _spread(more={"meta.xml": meta(says(people))})


def ods_object(people: bool) -> bytes:
    inner = f"<office:document-content {_NS}><office:body><office:chart>{sheet('local-table', table(people))}</office:chart></office:body></office:document-content>"
    return _spread(more={"Object 1/content.xml": inner})


def ods_version(people: bool) -> bytes:
    return _spread(more={"Versions/Version1": packed("spreadsheet", sheet("Spend", table(people)))})


def ods_far(people: bool) -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        + "</table:table-row>"
        for row in table(people)
    )
    gap = '<table:table-row table:number-rows-repeated="6000"><table:table-cell/></table:table-row>'
    return packed(
        "spreadsheet", sheet("Spend", VISIBLE).replace("</table:table>", gap + rows + "</table:table>")
    )


def ods_deleted(people: bool) -> bytes:
    changes = (
        '<table:tracked-changes><table:cell-content-change table:id="ct1"><office:change-info><dc:creator>admin</dc:creator></office:change-info>'
        f"<table:previous><table:change-track-table-cell><text:p>{says(people)}</text:p></table:change-track-table-cell></table:previous>"
        "</table:cell-content-change></table:tracked-changes>"
    )
    return packed("spreadsheet", changes + sheet("Spend", VISIBLE))


def _writer(body: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    return packed(
        "text",
        f"<text:p>The annual report of the council.</text:p>{body}<text:p>Spending rose.</text:p>",
        more,
    )


def odt_deleted(people: bool) -> bytes:
    return _writer(
        '<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion><office:change-info><dc:creator>admin</dc:creator>'
        f"</office:change-info><text:p>{says(people)}</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>Approved.<text:change text:change-id="ct1"/></text:p>'
    )


def odt_hidden_run(people: bool) -> bytes:
    return _writer(f'<text:p>Approved. <text:span text:style-name="T1">{says(people)}</text:span></text:p>')


def odt_white_run(people: bool) -> bytes:
    return _writer(f'<text:p>Approved. <text:span text:style-name="T2">{says(people)}</text:span></text:p>')


def odt_section(people: bool) -> bytes:
    return _writer(
        f'<text:section text:name="S" text:display="none"><text:p>{says(people)}</text:p></text:section>'
    )


def odt_comment(people: bool) -> bytes:
    return _writer(
        f"<text:p>Approved.<office:annotation><dc:creator>admin</dc:creator><text:p>{says(people)}</text:p></office:annotation></text:p>"
    )


def odt_properties(people: bool) -> bytes:
    return _writer("", {"meta.xml": meta(says(people))})


def _shape(text: str, x: str = "2cm") -> str:
    return f'<draw:frame svg:x="{x}" svg:y="2cm" svg:width="10cm" svg:height="2cm"><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>'


def _impress(inside: str = "", pages: str = "") -> bytes:
    first = f'<draw:page draw:name="1" draw:master-page-name="M">{_shape("The annual report")}{inside}</draw:page>'
    return packed("presentation", first + pages)


def odp_notes(people: bool) -> bytes:
    return _impress(f"<presentation:notes>{_shape(says(people))}</presentation:notes>")


def odp_hidden_slide(people: bool) -> bytes:
    return _impress(
        pages=f'<draw:page draw:name="2" draw:master-page-name="M" draw:style-name="dp1">{_shape(says(people))}</draw:page>'
    )


def odp_off_slide(people: bool) -> bytes:
    return _impress(_shape(says(people), "40cm"))


Case = tuple[Callable[[bool], bytes], str, str]


def ods_masked(people: bool) -> bytes:
    """A format that shows asterisks: the value stands in an attribute."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string" office:string-value="{escape(v)}"><text:p>***</text:p>'
            "</table:table-cell>"
            for v in row
        )
        + "</table:table-row>"
        for row in table(people)
    )
    body = f'<table:table table:name="List" table:style-name="ta0"><table:table-column/>{rows}</table:table>'
    return packed("spreadsheet", sheet("Spend", VISIBLE) + body)


def ods_merged(people: bool) -> bytes:
    data = packed("spreadsheet", sheet("Spend", VISIBLE) + sheet("List", table(people)))
    return _changed(data, lambda text: _covered(text))


def _covered(text: str) -> str:
    start = text.index('table:name="List"')
    return text[:start] + text[start:].replace("table:table-cell", "table:covered-table-cell")


def _changed(data: bytes, change: Callable[[str], str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        files = {n: source.read(n) for n in source.namelist()}
    files["content.xml"] = change(files["content.xml"].decode()).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, raw in files.items():
            target.writestr(name, raw, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def ods_formula(people: bool) -> bytes:
    formula = escape(f'of:=[.A1]&"{says(people)}"', {'"': "&quot;"})
    cell = f'<table:table-cell table:formula="{formula}" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    extra = f'<table:table table:name="Sums" table:style-name="ta0"><table:table-column/><table:table-row>{cell}</table:table-row></table:table>'
    return packed("spreadsheet", sheet("Spend", VISIBLE) + extra)


def ods_validation(people: bool) -> bytes:
    rule = (
        '<table:content-validations><table:content-validation table:name="v"><table:help-message table:display="true">'
        f"<text:p>{says(people)}</text:p></table:help-message></table:content-validation></table:content-validations>"
    )
    return packed("spreadsheet", rule + sheet("Spend", VISIBLE))


ODS: dict[str, Case] = {
    "hidden sheet": (ods_hidden_sheet, "hidden sheet", "sheet “Notes” (hidden)"),
    "hidden rows": (partial(ods_rows, attribute='table:visibility="collapse"'), "hidden rows", "rows 4–7"),
    "filtered rows": (partial(ods_rows, attribute='table:visibility="filter"'), "filtered rows", "rows 4–7"),
    "zero-height rows": (partial(ods_rows, attribute='table:style-name="ro0"'), "zero-height rows", "rows 4–7"),
    "hidden columns": (partial(ods_columns, attribute='table:visibility="collapse"'), "hidden columns", "columns C–D"),
    "zero-width columns": (partial(ods_columns, attribute='table:style-name="co0"'), "zero-width columns", "columns C–D"),
    "white on white": (ods_white, "invisible cells", "sheet “List”"),
    "comment": (ods_comment, "comments", "sheet “Spend”, comment"),
    "external cache": (ods_external, "external cache", "cached values of a linked workbook"),
    "properties": (ods_properties, "properties", "document properties"),
    "object behind a chart": (ods_object, "embedded", "embedded object Object 1"),
    "earlier version": (ods_version, "previous version", "an earlier version kept inside"),
    "masked format": (ods_masked, "invisible cells", "sheet “List”"),
    "under a merged cell": (ods_merged, "covered cells", "sheet “List”"),
    "text in a formula": (ods_formula, "formula", "texts inside formulas"),
    "prompt": (ods_validation, "validation", "drop-down lists and prompts of cells"),
    "far below": (ods_far, "far cells", "6,00"),
    "tracked change": (ods_deleted, "tracked changes", "tracked deletion 1"),
}  # fmt: skip
ODT: dict[str, Case] = {
    "tracked deletion": (odt_deleted, "tracked changes", "tracked deletion 1"),
    "hidden run": (odt_hidden_run, "hidden text", "paragraph 2"),
    "white run": (odt_white_run, "invisible text", "paragraph 2"),
    "hidden section": (odt_section, "hidden text", "paragraph 2"),
    "comment": (odt_comment, "comments", "comment 1"),
    "properties": (odt_properties, "properties", "document properties"),
}
ODP: dict[str, Case] = {
    "speaker notes": (odp_notes, "notes", "slide 1, speaker notes"),
    "hidden slide": (odp_hidden_slide, "hidden slide", "slide 2 (hidden)"),
    "off-slide object": (odp_off_slide, "hidden object", "slide 1, off-slide object"),
}
