"""PDF, page by page: text, filled form fields, annotations, properties and attachments."""

from __future__ import annotations

import ctypes
import dataclasses
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common import ocr
from scanner.common.extracting import Watched, gap
from scanner.common.sniff import PDF
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason

PAGE_CHARS = 2_000_000
"""Characters of one page that are read."""
STAMP = 200
"""Characters under which a page with a large picture is taken for a scan with a stamp on it."""
_PASSWORD = 4  # FPDF_ERR_PASSWORD, fpdfview.h
_SECURITY = 5  # FPDF_ERR_SECURITY


class PdfExtractor:
    name: ClassVar[str] = "pdf"
    media_types: ClassVar[tuple[str, ...]] = (PDF,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        import pypdfium2 as pdfium

        watched = Watched(content.file, quiet=True)  # an exception cannot pass through C
        watched.seek(0)
        try:
            document = pdfium.PdfDocument(cast(BinaryIO, watched))
        except pdfium.PdfiumError as error:
            watched.check()
            if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY):
                raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off PDF") from error
        try:
            yield from _document(content, document)
        finally:
            document.close()
        watched.check()


def _document(content: Content, document: Any) -> Iterator[Fragment | Gap]:
    import pypdfium2 as pdfium

    damaged = 0
    scans = _Scans(content)
    for number in range(len(document)):
        place = content.place.child("page", str(number + 1))
        try:
            page = document[number]
        except pdfium.PdfiumError:
            damaged += 1
            continue
        try:
            text = _page_text(page)
            fields, notes = _annotations(page)
            drawn = scans.read(page, text)
        except pdfium.PdfiumError:
            damaged += 1
            continue
        finally:
            page.close()
        if text.strip():
            yield TextFragment(text, place)
        if drawn:
            yield TextFragment(drawn, place)
        if fields:
            yield TextFragment("\n".join(fields), place)
        if notes:
            yield TextFragment("\n".join(notes), place, hidden=True)
    properties = [
        f"{k}: {v}"
        for k, v in _properties(document).items()
        if v and k in ("Title", "Author", "Subject", "Keywords")
    ]
    if properties:
        yield TextFragment("\n".join(properties), content.place.child("part", "properties"), hidden=True)
    yield from _attachments(content, document)
    yield from scans.gaps()
    if damaged:
        yield gap(content, GapReason.CORRUPT, "some pages are damaged")


class _Scans:
    """Pages that are pictures: read within the budget, counted beyond it."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._beyond = 0
        self._failed: dict[tuple[GapReason, str, str], int] = {}

    def read(self, page: Any, text: str) -> str:
        """The text of a page that is a picture; "" for others, and where it cannot be read."""
        if not _is_scan(page, text):
            return ""
        if not self._content.budget.take():
            self._beyond += 1
            return ""
        try:
            return ocr.text_of(_drawn(page, self._content.limits.ocr_dpi), self._content.limits)
        except MissingExtra as error:
            key = (GapReason.MISSING_EXTRA, str(error), error.install)
        except ReadError as error:
            key = (error.reason, error.detail, error.remedy)
        self._failed[key] = self._failed.get(key, 0) + 1
        return ""

    def gaps(self) -> Iterator[Gap]:
        for (reason, detail, remedy), count in self._failed.items():
            yield dataclasses.replace(gap(self._content, reason, detail, remedy), count=count)
        if self._beyond:
            beyond = gap(self._content, GapReason.COSTLY, ocr.BEYOND, ocr.RAISE)
            yield dataclasses.replace(beyond, count=self._beyond)


def _is_scan(page: Any, text: str) -> bool:
    """True for a page without text that shows something, or with little text on a large picture."""
    import pypdfium2.raw as raw

    count = min(raw.FPDFPage_CountObjects(page), 2_000)
    if len(text.strip()) >= STAMP:
        return False
    if not text.strip():
        return bool(count)
    area = page.get_width() * page.get_height()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for i in range(count):
        shape = raw.FPDFPage_GetObject(page, i)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        if raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            covered = (right.value - left.value) * (top.value - bottom.value)
            if covered > 0.5 * area:
                return True
    return False


def _drawn(page: Any, dpi: int) -> bytes:
    """The page as a grey picture. Raises ReadError(LIMIT) for a page of absurd size."""
    scale = dpi / 72
    if page.get_width() * page.get_height() * scale * scale > ocr.MAX_PIXELS:
        raise ReadError(GapReason.LIMIT, f"a page of more than {ocr.MAX_PIXELS:,} pixels", "lower ocr.dpi")
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return ocr.pgm(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()


def _page_text(page: Any) -> str:
    textpage = page.get_textpage()
    try:
        count = min(textpage.count_chars(), PAGE_CHARS)
        text: str = textpage.get_text_range(0, count, errors="replace") if count > 0 else ""
    finally:
        textpage.close()
    return text.replace("\r\n", "\n").replace("\0", "").replace("\ufffe", "-")


def _annotations(page: Any) -> tuple[list[str], list[str]]:
    """Values of form fields, and texts of notes and comments with their authors."""
    import pypdfium2.raw as raw

    fields: list[str] = []
    notes: list[str] = []
    for i in range(min(raw.FPDFPage_GetAnnotCount(page), 5000)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                name, value = _string(annotation, b"T"), _string(annotation, b"V")
                if value:
                    fields.append(f"{name}: {value}" if name else value)
            else:
                notes.extend(filter(None, (_string(annotation, b"T"), _string(annotation, b"Contents"))))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return fields, notes


def _string(annotation: Any, key: bytes) -> str:
    import pypdfium2.raw as raw

    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2 or size > PAGE_CHARS:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace").strip()


def _properties(document: Any) -> dict[str, str]:
    import pypdfium2 as pdfium

    try:
        return dict(document.get_metadata_dict())
    except (pdfium.PdfiumError, UnicodeError):
        return {}


def _attachments(content: Content, document: Any) -> Iterator[Fragment | Gap]:
    import pypdfium2 as pdfium

    allowance = Allowance.of(content.limits)
    for i in range(min(document.count_attachments(), content.limits.archive_members)):
        try:
            attachment = document.get_attachment(i)
            name, data = attachment.get_name(), bytes(attachment.get_data())
        except (pdfium.PdfiumError, UnicodeError):
            yield gap(content, GapReason.CORRUPT, "an attachment is damaged")
            continue
        yield from read_member(
            content, Member(name or "attachment", io.BytesIO(data).read, len(data)), allowance
        )
