"""DOCX and PPTX files that each hide one thing."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from tests.release.people import says, table
from tests.release.zipping import patched

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word() -> docx.document.Document:
    made = docx.Document()
    made.core_properties.author = ""
    made.core_properties.comments = ""
    made.add_paragraph("The annual report of the council.")
    made.add_paragraph("MARK")
    made.add_paragraph("Spending rose in the second quarter.")
    return made


def plain() -> docx.document.Document:
    made = word()
    made.paragraphs[1].runs[0].text = "Approved."
    return made


def saved(made: object) -> bytes:
    out = io.BytesIO()
    made.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def with_mark(xml: str, **more: object) -> bytes:
    """The document with WordprocessingML in place of its second paragraph's run."""
    return patched(
        saved(word()),
        change={"word/document.xml": lambda t: t.replace("<w:r><w:t>MARK</w:t></w:r>", xml)},
        **more,
    )  # type: ignore[arg-type]


def deletion(people: bool) -> bytes:
    return with_mark(
        f'<w:del w:id="1" w:author="admin"><w:r><w:delText>{says(people)}</w:delText></w:r></w:del><w:r><w:t>Kept.</w:t></w:r>'
    )


def moved(people: bool) -> bytes:
    return with_mark(
        f'<w:moveFrom w:id="1" w:author="admin"><w:r><w:t>{says(people)}</w:t></w:r></w:moveFrom><w:r><w:t>Kept.</w:t></w:r>'
    )


def vanish(people: bool) -> bytes:
    return with_mark(
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{says(people)}</w:t></w:r><w:r><w:t>Kept.</w:t></w:r>"
    )


def white(people: bool) -> bytes:
    return with_mark(
        f'<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{says(people)}</w:t></w:r><w:r><w:t>Kept.</w:t></w:r>'
    )


def tiny(people: bool) -> bytes:
    return with_mark(
        f'<w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>{says(people)}</w:t></w:r><w:r><w:t>Kept.</w:t></w:r>'
    )


def field(people: bool) -> bytes:
    return with_mark(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText> IF 1 = 1 "{says(people)}" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>Shown.</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def hidden_row(people: bool) -> bytes:
    row = f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>{says(people)}</w:t></w:r></w:p></w:tc></w:tr>"
    shown = "<w:tr><w:tc><w:p><w:r><w:t>Shown</w:t></w:r></w:p></w:tc></w:tr>"
    made = saved(plain())
    return patched(
        made,
        change={
            "word/document.xml": lambda t: t.replace(
                "<w:sectPr",
                f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{shown}{row}</w:tbl><w:p/><w:sectPr",
                1,
            )
        },
    )


def comment(people: bool) -> bytes:
    part = f'<w:comments xmlns:w="{_W}"><w:comment w:id="0" w:author="admin"><w:p><w:r><w:t>{says(people)}</w:t></w:r></w:p></w:comment></w:comments>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    return with_mark('<w:r><w:t>Kept.</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r>', add={"word/comments.xml": part},
                     relate={"word/document.xml": [("comments", "comments.xml")]}, types={"word/comments.xml": kind})  # fmt: skip


def properties(people: bool) -> bytes:
    made = plain()
    made.core_properties.comments = says(people)
    return saved(made)


def custom_xml(people: bool) -> bytes:
    return with_mark("<w:r><w:t>Kept.</w:t></w:r>", add={"customXml/item7.xml": f"<case><remark>{says(people)}</remark></case>"},
                     relate={"word/document.xml": [("customXml", "../customXml/item7.xml")]})  # fmt: skip


def variable(people: bool) -> bytes:
    entry = f'<w:docVars><w:docVar w:name="x" w:val="{says(people)}"/></w:docVars>'
    return patched(
        saved(plain()),
        change={"word/settings.xml": lambda t: t.replace("</w:settings>", entry + "</w:settings>")},
    )


def inner_book(people: bool) -> bytes:
    inner = openpyxl.Workbook()
    inner.properties.creator = None
    for row in table(people):
        inner.active.append(row)
    inner.active.title = "Data"
    return saved(inner)


def embedded(people: bool) -> bytes:
    chart = '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:chart/><c:externalData r:id="rId900"/></c:chartSpace>'
    return with_mark(
        "<w:r><w:t>Kept.</w:t></w:r>",
        add={"word/charts/chart1.xml": chart, "word/embeddings/book1.xlsx": inner_book(people)},
        relate={
            "word/document.xml": [("chart", "charts/chart1.xml")],
            "word/charts/chart1.xml": [("package", "../embeddings/book1.xlsx")],
        },
        types={"word/charts/chart1.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"},
    )


def picture(people: bool) -> bytes:
    """A photograph on the page that tells where it was taken."""
    from tests.release import pictures

    made = plain()
    made.add_picture(io.BytesIO(pictures.gps(people)))
    return saved(made)


def alternative_text(people: bool) -> bytes:
    from tests.release import pictures

    made = plain()
    shape = made.add_picture(io.BytesIO(pictures.gps(False)))
    shape._inline.docPr.set("descr", says(people))
    return saved(made)


def deck() -> pptx.presentation.Presentation:
    made = pptx.Presentation()
    made.core_properties.author = ""
    made.core_properties.last_modified_by = ""
    made.core_properties.title = ""
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "The annual report"
    return made


def notes(people: bool) -> bytes:
    made = deck()
    made.slides[0].notes_slide.notes_text_frame.text = says(people)
    return saved(made)


def hidden_slide(people: bool) -> bytes:
    made = deck()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = says(people)
    slide._element.set("show", "0")
    return saved(made)


def off_slide(people: bool) -> bytes:
    made = deck()
    box = made.slides[0].shapes.add_textbox(Cm(-20), Cm(2), Cm(10), Cm(2))
    box.text_frame.text = says(people)
    return saved(made)


def hidden_shape(people: bool) -> bytes:
    made = deck()
    box = made.slides[0].shapes.add_textbox(Cm(2), Cm(8), Cm(10), Cm(2))
    box.text_frame.text = says(people)
    box._element.nvSpPr.cNvPr.set("hidden", "1")
    return saved(made)


def covered_shape(people: bool) -> bytes:
    from pptx.dml.color import RGBColor
    from pptx.enum.shapes import MSO_SHAPE

    made = deck()
    box = made.slides[0].shapes.add_textbox(Cm(2), Cm(8), Cm(10), Cm(2))
    box.text_frame.text = says(people)
    cover = made.slides[0].shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(1), Cm(7), Cm(12), Cm(4))
    cover.fill.solid()
    cover.fill.fore_color.rgb = RGBColor(0, 0, 0)
    return saved(made)


def chart_workbook(people: bool) -> bytes:
    made = deck()
    data = CategoryChartData()
    data.categories = ["Q1", "Q2"]
    data.add_series("Spend", (1, 2))
    made.slides[0].shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(2), Cm(5), Cm(10), Cm(6), data)
    whole = saved(made)
    import zipfile

    name = next(n for n in zipfile.ZipFile(io.BytesIO(whole)).namelist() if n.startswith("ppt/embeddings/"))
    return patched(whole, {name: inner_book(people)})


def packaged_object(people: bool) -> bytes:
    """A text file dropped into a document: an OLE object with the file inside ([MS-OLEDS] 2.3.6)."""
    text = says(people).encode()
    path = b"C:\\note.txt\0"
    native = (
        b"\x02\0note.txt\0"
        + path
        + b"\0\0\x03\0"
        + len(path).to_bytes(4, "little")
        + path
        + len(text).to_bytes(4, "little")
        + text
    )
    native = len(native).to_bytes(4, "little") + native
    return with_mark("<w:r><w:t>Kept.</w:t></w:r>", add={"word/embeddings/oleObject1.bin": compound("\x01Ole10Native", native)},
                     relate={"word/document.xml": [("oleObject", "embeddings/oleObject1.bin")]})  # fmt: skip


def compound(name: str, data: bytes) -> bytes:
    """An OLE file of one stream ([MS-CFB] version 3): a sector of FAT, one of directory, then the stream."""
    size = max(len(data), 4096)
    sectors = -(-size // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<I", 0)
        + b"\xff" * 432
    )

    def entry(label: str, kind: int, child: int, start: int, length: int) -> bytes:
        words = label.encode("utf-16-le") + b"\0\0"
        return (words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words) if label else 0, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
                + bytes(36) + struct.pack("<IQ", start, length))  # fmt: skip

    free = entry("", 0, 0xFFFFFFFF, 0, 0)
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, size) + free + free
    return header + struct.pack("<128I", *fat) + directory + data.ljust(sectors * 512, b"\0")


def slide_comment(people: bool) -> bytes:
    namespace = "http://schemas.openxmlformats.org/presentationml/2006/main"
    part = f'<p:cmLst xmlns:p="{namespace}"><p:cm authorId="0" idx="1"><p:pos x="0" y="0"/><p:text>{says(people)}</p:text></p:cm></p:cmLst>'
    kind = "application/vnd.openxmlformats-officedocument.presentationml.comments+xml"
    return patched(saved(deck()), {"ppt/comments/comment1.xml": part}, types={"ppt/comments/comment1.xml": kind},
                   relate={"ppt/slides/slide1.xml": [("comments", "../comments/comment1.xml")]})  # fmt: skip


def _styled(properties: str, people: bool) -> bytes:
    style = f'<w:style w:type="paragraph" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr>{properties}</w:rPr></w:style>'
    run = f"<w:r><w:t>{says(people)}</w:t></w:r>"
    made = patched(
        saved(word()), change={"word/styles.xml": lambda t: t.replace("</w:styles>", f"{style}</w:styles>")}
    )
    paragraph = f'<w:pPr><w:pStyle w:val="Ghost"/></w:pPr>{run}'
    return patched(
        made, change={"word/document.xml": lambda t: t.replace("<w:r><w:t>MARK</w:t></w:r>", paragraph)}
    )


def white_style(people: bool) -> bytes:
    return _styled('<w:color w:val="FDFDFD"/>', people)


def tiny_style(people: bool) -> bytes:
    return _styled('<w:sz w:val="2"/>', people)


def _run(properties: str, people: bool) -> bytes:
    return with_mark(
        f"<w:r><w:rPr>{properties}</w:rPr><w:t>{says(people)}</w:t></w:r><w:r><w:t>Kept.</w:t></w:r>"
    )


def black_highlighter(people: bool) -> bytes:
    return _run('<w:highlight w:val="black"/>', people)


def black_on_black(people: bool) -> bytes:
    return _run('<w:color w:val="000000"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/>', people)


def flat_table_row(people: bool) -> bytes:
    made = plain()
    grid = made.add_table(3, 1)
    for row, text in zip(grid.rows, ("Remarks", says(people), "None."), strict=True):
        row.cells[0].text = text
    flat = '<w:tr><w:trPr><w:trHeight w:val="1" w:hRule="exact"/></w:trPr>'

    def change(text: str) -> str:
        first, second, rest = text.split("<w:tr>", 2)
        return f"{first}<w:tr>{second}{flat}{rest}"

    return patched(saved(made), change={"word/document.xml": change})


def drop_down(people: bool) -> bytes:
    return with_mark(
        f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{says(people)}" w:value="1"/></w:dropDownList>'
        "</w:sdtPr><w:sdtContent><w:r><w:t>Chosen</w:t></w:r></w:sdtContent></w:sdt>"
    )


def bookmark(people: bool) -> bytes:
    name = says(people).replace(" ", "_")
    return with_mark(
        f'<w:bookmarkStart w:id="7" w:name="{name}"/><w:r><w:t>Kept.</w:t></w:r><w:bookmarkEnd w:id="7"/>'
    )


def black_box(people: bool) -> bytes:
    """A rectangle drawn in front of a paragraph."""
    return with_mark(
        '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:rect style="position:absolute;width:400pt;height:30pt" '
        f'fillcolor="black"/></w:pict></w:r><w:r><w:t>{says(people)}</w:t></w:r>'
    )


def white_on_dark_table(people: bool) -> bytes:
    """White letters in a dark cell: a heading that anybody can read."""
    made = plain()
    grid = made.add_table(1, 1)
    grid.rows[0].cells[0].text = says(people)
    dark = '<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'

    def change(text: str) -> str:
        text = text.replace("<w:tcPr>", dark, 1)
        start = text.index("<w:tbl>")
        return text[:start] + text[start:].replace(
            "<w:r>", '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr>', 1
        )

    return patched(saved(made), change={"word/document.xml": change})


def _text_box(people: bool, colour: tuple[int, int, int], points: float = 18) -> bytes:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    made = pptx.Presentation()
    made.core_properties.author = made.core_properties.last_modified_by = ""
    slide = made.slides.add_slide(made.slide_layouts[6])
    for index, words in enumerate(("Spending in the second quarter", says(people))):
        frame = slide.shapes.add_textbox(Cm(1), Cm(1 + 4 * index), Cm(20), Cm(2)).text_frame
        run = frame.paragraphs[0].add_run()
        run.text = words
        if index:
            run.font.color.rgb = RGBColor(*colour)
            run.font.size = Pt(points)
    return saved(made)


def white_on_slide(people: bool) -> bytes:
    return _text_box(people, (255, 255, 255))


def tiny_on_slide(people: bool) -> bytes:
    return _text_box(people, (0, 0, 0), 1)


DOCX: dict[str, tuple[Any, ...]] = {
    "tracked deletion": (deletion, "tracked changes", "tracked deletion, paragraph 2"),
    "tracked move": (moved, "tracked changes", "paragraph 2"),
    "hidden text": (vanish, "hidden text", "hidden text, paragraph 2"),
    "white text": (white, "invisible text", "paragraph 2"),
    "tiny text": (tiny, "invisible text", "paragraph 2"),
    "field code": (field, "field code", "paragraph 2"),
    "hidden table row": (hidden_row, "hidden rows", "table 1, column 1, row 2 (hidden)"),
    "comment": (comment, "comments", "comment 1"),
    "properties": (properties, "properties", "document properties"),
    "custom XML": (custom_xml, "custom xml", "custom XML part item7.xml"),
    "document variable": (variable, "properties", "document variables"),
    "position of a picture": (picture, "gps", "picture image1.jpg › picture metadata"),
    "file in an OLE object": (packaged_object, "embedded", "embedded file oleObject1.bin"),
    "alternative text": (alternative_text, "alternative text", "alternative text of a picture"),
    "workbook behind a chart": (embedded, "embedded", "workbook behind chart 1 › sheet “Data”"),
    "white style": (white_style, "invisible text", "paragraph 2"),
    "tiny style": (tiny_style, "invisible text", "paragraph 2"),
    "black highlighter": (black_highlighter, "covered text", "blacked-out text, paragraph 2", "WARN"),
    "black on black": (black_on_black, "covered text", "blacked-out text, paragraph 2", "WARN"),
    "flat table row": (flat_table_row, "hidden rows", "table 1, column 1, row 2 (hidden)"),
    "drop-down list": (drop_down, "validation", "drop-down lists and prompts"),
    "bookmark": (bookmark, "defined names", "names of bookmarks"),
}
PPTX: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    "comment": (slide_comment, "comments", "comments 1"),
    "white text": (white_on_slide, "invisible text", "slide 1, text that cannot be seen"),
    "tiny text": (tiny_on_slide, "invisible text", "slide 1, text that cannot be seen"),
    "speaker notes": (notes, "notes", "slide 1, speaker notes"),
    "hidden slide": (hidden_slide, "hidden slide", "slide 2 (hidden)"),
    "off-slide object": (off_slide, "hidden object", "slide 1, off-slide"),
    "hidden object": (hidden_shape, "hidden object", "slide 1"),
    "covered object": (covered_shape, "covered text", "slide 1, covered object"),
    "workbook behind a chart": (
        chart_workbook,
        "embedded",
        "slide 1, workbook behind a chart › sheet “Data”",
    ),
}
