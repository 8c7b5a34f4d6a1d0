"""PDF files that each hide one thing, written as content streams."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.release.people import HEADER, PEOPLE, says, table


def line(text: str, y: float = 650, x: float = 50, size: float = 11, before: str = "") -> str:
    safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({safe}) Tj ET\n"


TITLE = line("Annual report of the council", 760, size=16)
BODY = line("Spending rose by three per cent in the second quarter.", 730)


def document(*contents: str) -> pikepdf.Pdf:
    made = pikepdf.new()
    font = made.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for content in contents:
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = made.make_stream(content.encode("latin-1"))
    return made


def saved(made: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def one(*parts: str) -> bytes:
    return saved(document(TITLE + BODY + "".join(parts)))


def black_box(people: bool) -> bytes:
    return one(line(says(people)), "0 0 0 rg 45 640 500 25 re f\n")


def second_page(people: bool) -> bytes:
    return saved(
        document(TITLE + BODY, TITLE + BODY, TITLE + line(says(people)) + "0 0 0 rg 45 640 500 25 re f\n")
    )


def white_box(people: bool) -> bytes:
    return one(line(says(people)), "1 1 1 rg 45 640 500 25 re f\n")


def picture_above(people: bool) -> bytes:
    made = document(TITLE + BODY + line(says(people)) + "q 500 0 0 40 45 635 cm /Im Do Q\n")
    image = made.make_stream(bytes(range(256)) * 4, Type=Name.XObject, Subtype=Name.Image, Width=32, Height=32,
                             ColorSpace=Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
    made.pages[0].obj.Resources.XObject = Dictionary(Im=image)
    return saved(made)


def annotation_above(people: bool) -> bytes:
    made = document(TITLE + BODY + line(says(people)))
    shape = made.make_stream(
        b"0 0 0 rg 0 0 500 25 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 500, 25])
    )
    made.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([45, 640, 545, 665]), F=4,
                                                 AP=Dictionary(N=shape))])  # fmt: skip
    return saved(made)


def invisible_mode(people: bool) -> bytes:
    return one(line(says(people), before="3 Tr"))


def white_text(people: bool) -> bytes:
    return one("1 1 1 rg\n", line(says(people)))


def tiny(people: bool) -> bytes:
    return one(line(says(people), size=0.4))


def off_page(people: bool) -> bytes:
    return one(line(says(people), y=-80))


def cropped(people: bool) -> bytes:
    made = document(TITLE + BODY + line(says(people), y=100))
    made.pages[0].obj.CropBox = Array([0, 400, 595, 842])
    return saved(made)


def layer_off(people: bool) -> bytes:
    made = document(TITLE + BODY + "/OC /L BDC\n" + line(says(people)) + "EMC\n")
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft")))
    made.pages[0].obj.Resources.Properties = Dictionary(L=layer)
    made.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
    )
    return saved(made)


def attachment(people: bool) -> bytes:
    made = document(TITLE + BODY)
    made.attachments["source.csv"] = "\n".join(",".join(row) for row in table(people)).encode()
    return saved(made)


def annotation(people: bool) -> bytes:
    made = document(TITLE + BODY)
    made.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Text,
                Rect=Array([50, 600, 70, 620]),
                Contents=String(says(people)),
            )
        ]
    )
    return saved(made)


def hidden_field(people: bool) -> bytes:
    made = document(TITLE + BODY)
    field = made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("remark"), V=String(says(people)),
                                          F=2, Rect=Array([50, 500, 300, 520])))  # fmt: skip
    made.pages[0].obj.Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]))
    return saved(made)


def properties(people: bool) -> bytes:
    made = document(TITLE + BODY)
    made.docinfo["/Subject"] = says(people)
    return saved(made)


def xmp(people: bool) -> bytes:
    made = document(TITLE + BODY)
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li>' + says(people) +
        "</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    )  # fmt: skip
    made.Root.Metadata = made.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)
    return saved(made)


def earlier_save(people: bool) -> bytes:
    """The page's content replaced by an incremental update (PDF 32000-1, 7.5.6)."""
    first = saved(
        document(TITLE + BODY + line(says(people))),
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=False,
    )
    match = re.search(rb"(\d+) 0 obj\n<<[^>]*/Length \d+[^>]*>>\nstream\nBT", first)
    assert match is not None
    number, content = int(match[1]), (TITLE + BODY).encode()
    previous = int(first[first.rfind(b"startxref") + 9 :].split()[0])
    size = re.search(rb"/Size (\d+)", first)
    root = re.search(rb"/Root (\d+ 0 R)", first)
    assert size is not None and root is not None
    update = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(content), content)
    table_at = len(first) + len(update)
    update += b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %s /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        number, len(first), size[1], root[1], previous, table_at,
    )  # fmt: skip
    return first + update


def deleted_page(people: bool) -> bytes:
    made = document(TITLE + BODY, TITLE + line(says(people)))
    lost = made.pages[1].obj
    del made.pages[1]
    made.Root.Lost = made.make_indirect(lost)
    return saved(made)


def scan_with_box(people: bool) -> bytes:
    """A scanned page: words in a picture, and a box drawn over them."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(34)
    pen.text((100, 120), "Annual report of the council", 0, font)
    pen.text((100, 300), says(people), 0, ImageFont.load_default(28))
    made = document("q 595 0 0 842 0 0 cm /Im Do Q 0 0 0 rg 40 675 540 30 re f\n")
    made.pages[0].obj.Resources.XObject = Dictionary(
        Im=made.make_stream(
            image.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=1240,
            Height=1754,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
    )
    return saved(made)


def described(people: bool) -> bytes:
    made = document(line("The annual report of the council."))
    figure = pikepdf.Dictionary(S=pikepdf.Name.Figure, Alt=pikepdf.String(says(people)))
    made.Root.StructTreeRoot = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=figure)
    )
    return saved(made)


def script(people: bool) -> bytes:
    made = document(line("The annual report of the council."))
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{says(people)}')"))
    made.Root.OpenAction = made.make_indirect(action)
    return saved(made)


def private_data(people: bool) -> bytes:
    made = document(line("The annual report of the council."))
    note = pikepdf.Dictionary(Private=pikepdf.Dictionary(Note=pikepdf.String(says(people))))
    made.pages[0].obj.PieceInfo = pikepdf.Dictionary(Draw=note)
    return saved(made)


def bookmark_and_link(people: bool) -> bytes:
    made = document(line("The annual report of the council."))
    root = made.Root.Outlines = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Outlines))
    page = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])
    item = made.make_indirect(pikepdf.Dictionary(Title=pikepdf.String(says(people)), Parent=root, Dest=page))
    root.First = root.Last = item
    target = "mailto:jane.okonkwo%40example.org" if people else "https://example.org/"
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(target))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[10, 10, 90, 30], A=action
    )
    made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(link)])
    return saved(made)


CASES: dict[str, tuple[Callable[[bool], bytes], str, str, str]] = {
    # name: (maker, hiding, words of the place, decision without people)
    "black box": (black_box, "covered text", "page 1, under a drawn box", "WARN"),
    "black box on page 3": (second_page, "covered text", "page 3, under a drawn box", "WARN"),
    "white box": (white_box, "covered text", "page 1, under a drawn box", "WARN"),
    "picture above": (picture_above, "covered text", "page 1", "WARN"),
    "annotation above": (annotation_above, "covered text", "page 1", "WARN"),
    "invisible mode": (invisible_mode, "invisible text", "page 1", "NOTE"),
    "white text": (white_text, "invisible text", "page 1", "NOTE"),
    "tiny text": (tiny, "invisible text", "page 1", "NOTE"),
    "off the page": (off_page, "invisible text", "page 1", "NOTE"),
    "cropped away": (cropped, "invisible text", "page 1", "NOTE"),
    "layer switched off": (layer_off, "hidden layer", "page 1, on a layer", "NOTE"),
    "attachment": (attachment, "attachment", "attachment “source.csv”", "NOTE"),
    "annotation": (annotation, "annotation", "page 1, annotation", "NOTE"),
    "hidden form field": (hidden_field, "form data", "form fields that are not shown", "NOTE"),
    "description of a picture": (described, "alternative text", "descriptions of pictures", "NOTE"),
    "script": (script, "macro", "scripts", "NOTE"),
    "private data": (private_data, "hidden part", "private data of the program", "NOTE"),
    "properties": (properties, "properties", "document properties", "NOTE"),
    "XMP": (xmp, "properties", "XMP metadata", "NOTE"),
    "earlier save": (earlier_save, "previous version", "an earlier save of this file", "NOTE"),
    "deleted page": (deleted_page, "previous version", "pages that were deleted", "NOTE"),
}
__all__ = ["CASES", "HEADER", "PEOPLE"]
