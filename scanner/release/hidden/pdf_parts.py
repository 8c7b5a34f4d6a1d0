"""What a PDF carries beside its pages: metadata, attachments, notes, forms, and earlier saves of itself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import parts
from scanner.release.hidden.pdf_strings import strings
from scanner.release.pieces import Found, Looking, Presence, TextPiece, Where, gap_at

MAX_REVISIONS = 5
"""Earlier saves that are read, the latest first."""
_REVISION_PAGES = 300
_HIDDEN_FLAGS = 2 | 32  # Hidden, NoView: PDF 32000-1, 12.5.3
_END = re.compile(rb"%%EOF\r?\n?")
_INFO = {"/Author": "the author"}
_DRAWN = frozenset(
    {"/FreeText", "/Stamp", "/Square", "/Circle", "/Line", "/Highlight", "/Underline", "/StrikeOut", "/Ink"}
)


def layers_off(raw: bytes) -> bool:
    """True if the document has layers that are switched off."""
    if b"/OCProperties" not in raw and b"/ObjStm" not in raw:
        return False
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(raw)) as document:
            layers = document.Root.get("/OCProperties")
            default = layers.get("/D") if layers is not None else None
            return default is not None and bool(len(default.get("/OFF", [])))
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError):
        return False


def beside_the_pages(looking: Looking, raw: bytes, text: str) -> Iterator[Found]:
    """`text`: all text of the pages as they are now, to see what earlier saves had besides."""
    import pikepdf

    try:
        document = pikepdf.open(io.BytesIO(raw))
    except pikepdf.PasswordError as error:
        raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise ReadError(GapReason.CORRUPT, "damaged or cut-off PDF") from error
    with document:
        steps = (_metadata(document), _annotations(document), _forms(document), _attachments(looking, document),
                 _private(document), _orphans(document, text), strings(document))  # fmt: skip
        for step in steps:
            try:
                yield from step
            except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError, KeyError):
                yield gap_at(Where(), GapReason.CORRUPT, "a part beside the pages is damaged")
    yield from _revisions(raw, text)


def _metadata(document: Any) -> Iterator[Found]:
    where = Where.of("document properties")
    lines = []
    info = document.trailer.get("/Info")
    for key, value in dict(info or {}).items():
        said = str(value)
        if key in _INFO:
            yield from parts.author(where, said, _INFO[key])
        elif key not in ("/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped"):
            lines.append(said)
    stream = document.Root.get("/Metadata")
    if stream is not None:
        yield from xmp(bytes(stream.read_bytes()))
    if any(lines):
        yield TextPiece(where, "\n".join(lines), "properties")


def xmp(raw: bytes, where: Where | None = None) -> Iterator[Found]:
    """An XMP packet: creators are authors, the rest is read (ISO 16684-1)."""
    from lxml import etree

    where = where or Where.of("XMP metadata")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(raw.strip(b"\0 \r\n\t"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return
    lines = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        values = [(name, element.text or "")] + [
            (k.rpartition("}")[2], str(v)) for k, v in element.attrib.items()
        ]
        inside = {a.tag.rpartition("}")[2] for a in element.iterancestors() if isinstance(a.tag, str)}
        for key, value in values:
            if not value.strip():
                continue
            if key in ("creator", "Author", "LastModifiedBy", "OwnerName") or inside & {
                "creator",
                "Author",
                "contributor",
            }:
                yield from parts.author(where, value, "the creator")
            elif key in (
                "title",
                "description",
                "subject",
                "Keywords",
                "li",
                "Company",
                "Manager",
                "Headline",
                "Caption",
            ):
                lines.append(value.strip())
            yield from parts.user_path(where, value)
    if lines:
        yield TextPiece(where, "\n".join(lines), "properties")


def _annotations(document: Any) -> Iterator[Found]:
    for number, page in enumerate(document.pages, 1):
        for note in page.obj.get("/Annots", []) or []:
            kind = str(note.get("/Subtype", ""))
            where = Where.of("page {}", number)
            contents = str(note.get("/Contents", ""))
            flags = int(note.get("/F", 0))
            if kind == "/FreeText" and not flags & _HIDDEN_FLAGS:
                yield TextPiece(where, contents)
            elif kind not in ("/Link", "/Widget") and contents.strip():
                yield TextPiece(where.plus(", annotation"), contents, "annotation")
            if kind == "/Redact":
                yield Presence(where, "covered text", "warn", "a redaction was marked but never applied")
            if kind not in ("/Link", "/Widget", "/Popup"):
                yield from parts.author(
                    Where.of("annotations"), str(note.get("/T", "")), "the author of an annotation"
                )


def _forms(document: Any) -> Iterator[Found]:
    form = document.Root.get("/AcroForm")
    if form is None:
        return
    visible: list[str] = []
    hidden: list[str] = []
    todo = [(field, "") for field in form.get("/Fields", [])]
    seen = 0
    while todo and seen < 50_000:
        field, value = todo.pop()
        seen += 1
        own = field.get("/V")
        said = str(own) if own is not None and not isinstance(own, dict) else value
        kids = list(field.get("/Kids", []))
        todo += [(kid, said) for kid in kids]
        if not kids and said.strip("/ "):
            label = str(field.get("/T", ""))
            unseen = int(field.get("/F", 0)) & _HIDDEN_FLAGS or field.get("/Rect") is None or _no_area(field)
            (hidden if unseen else visible).append(f"{label}: {said}" if label else said)
    if visible:
        yield TextPiece(Where.of("form fields"), "\n".join(visible))
    if hidden:
        yield TextPiece(Where.of("form fields that are not shown"), "\n".join(hidden), "form data")
    packet = form.get("/XFA")
    if packet is not None:
        streams = [packet] if not isinstance(packet, list) and hasattr(packet, "read_bytes") else list(packet)
        text = b"\n".join(bytes(s.read_bytes()) for s in streams if hasattr(s, "read_bytes"))
        bare = re.sub(r"<[^>]*>", "\n", text.decode("utf-8", "replace"))
        yield TextPiece(Where.of("XFA form data"), bare, "form data")


def _no_area(field: Any) -> bool:
    box = [float(v) for v in field.get("/Rect", [0, 0, 0, 0])]
    return len(box) == 4 and (abs(box[2] - box[0]) < 1 or abs(box[3] - box[1]) < 1)


def _attachments(looking: Looking, document: Any) -> Iterator[Found]:
    for name, spec in list(document.attachments.items())[:1000]:
        looking.count("attachments")
        where = Where.of("attachment “{}”", name)
        yield Presence(where, "attachment", "note", "the whole file is inside")
        yield from looking.deeper(name, bytes(spec.get_file().read_bytes()), where, "attachment")
    for number, page in enumerate(document.pages, 1):
        for note in page.obj.get("/Annots", []) or []:
            if str(note.get("/Subtype", "")) == "/FileAttachment":
                spec = note.get("/FS")
                stream = spec.get("/EF", {}).get("/F") if spec is not None else None
                if stream is not None:
                    name = str(spec.get("/UF", spec.get("/F", "file")))
                    where = Where.of("attachment “{}” on page {}", name, number)
                    looking.count("attachments")
                    yield Presence(where, "attachment", "note", "the whole file is inside")
                    yield from looking.deeper(name, bytes(stream.read_bytes()), where, "attachment")


def _private(document: Any) -> Iterator[Found]:
    """Copies in a program's own format, which can hold what the page no longer shows."""
    for number, page in enumerate(document.pages, 1):
        where = Where.of("page {}", number)
        if page.obj.get("/PieceInfo") is not None:
            yield Presence(where, "hidden part", "note", "private data of the program that made it")
        if page.obj.get("/Thumb") is not None:
            yield Presence(
                where, "preview", "note", "a small preview of the page, which may be older than the page"
            )
        for picture in photographs(page):
            yield from _photograph(where, picture)


def photographs(page: Any) -> Iterator[bytes]:
    # `images` is the name in pikepdf before 10; `get_images` finds those inside forms too.
    found = page.get_images() if hasattr(page, "get_images") else page.images
    for image in list(found.values())[:200]:
        if str(image.get("/Filter", "")) == "/DCTDecode":
            yield bytes(image.read_raw_bytes())


def _photograph(where: Where, raw: bytes) -> Iterator[Found]:
    from scanner.release.hidden.image import metadata_of

    if b"Exif\0\0" in raw[:4096]:
        yield from metadata_of(raw, where.plus(", a photograph on it"))


def _orphans(document: Any, text: str) -> Iterator[Found]:
    """Pages that are in the file but in no page tree: deleted, not gone."""
    import pikepdf

    listed = {page.obj.objgen for page in document.pages}
    lost = [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") == pikepdf.Name.Page
        and item.objgen not in listed
    ]
    if not lost:
        return
    with pikepdf.new() as rescued:
        for item in lost[:200]:
            rescued.pages.append(pikepdf.Page(item))
        out = io.BytesIO()
        rescued.save(out)
    yield from _difference(
        out.getvalue(), text, Where.of("pages that were deleted but are still in the file")
    )


def _revisions(raw: bytes, text: str) -> Iterator[Found]:
    """Earlier saves: each ends with its own `%%EOF` (PDF 32000-1, 7.5.6)."""
    ends = [m.end() for m in _END.finditer(raw)][:-1]
    if b"/Linearized" in raw[:2048]:
        ends = ends[1:]
    for back, end in enumerate(reversed(ends[-MAX_REVISIONS:]), 1):
        where = Where.of("an earlier save of this file ({} back)", back)
        yield from _difference(raw[:end], text, where)
    if len(ends) > MAX_REVISIONS:
        yield gap_at(
            Where.of("earlier saves"), GapReason.LIMIT, f"more than {MAX_REVISIONS}", "print to a new PDF"
        )


def _difference(raw: bytes, text: str, where: Where) -> Iterator[Found]:
    """Lines that an older state has and the pages as they are now have not."""
    import pypdfium2 as pdfium

    now = {_plain(line) for line in text.splitlines()}
    all_now = "".join(sorted(now))
    lines: list[str] = []
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError:
        return  # not a whole document up to here: the marker stood elsewhere
    try:
        for number in range(min(len(document), _REVISION_PAGES)):
            try:
                page = document[number]
                textpage = page.get_textpage()
                old = textpage.get_text_bounded()
                textpage.close()
                page.close()
            except pdfium.PdfiumError:
                continue
            lines += [
                line for line in old.splitlines() if (p := _plain(line)) and p not in now and p not in all_now
            ]
    finally:
        document.close()
    if lines:
        yield TextPiece(where, "\n".join(lines), "previous version")


def _plain(line: str) -> str:
    return re.sub(r"\W+", "", line).casefold()
