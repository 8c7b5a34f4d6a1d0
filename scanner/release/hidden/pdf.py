"""PDF: pages as seen, text that is not, and what the file carries beside its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from scanner.common.extracting import read_whole
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import pdf_parts
from scanner.release.hidden.pdf_page import PageText, read_page
from scanner.release.pieces import Found, Looking, Presence, TextPiece, Where, gap_at

_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY in fpdfview.h
MAX_PAGES = 5_000
OCR_DPI = 300
_STAMP = 200
"""Characters of visible text under which a page with a large picture is taken for a scan with a stamp on it."""
_WORDS = {
    "covered text": "under a drawn box or picture",
    "invisible text": "text that cannot be seen",
    "hidden layer": "on a layer that is switched off",
}


def look(looking: Looking) -> Iterator[Found]:
    raw = read_whole(looking.content)
    document = open_document(raw)
    try:
        texts: list[str] = []
        layers = pdf_parts.layers_off(raw)
        looking.count("pages", len(document))
        for number in range(min(len(document), MAX_PAGES)):
            yield from _page(looking, document, number, layers, texts)
        if len(document) > MAX_PAGES:
            yield gap_at(Where(), GapReason.LIMIT, f"more than {MAX_PAGES:,} pages", "split the file")
    finally:
        document.close()
    yield from pdf_parts.beside_the_pages(looking, raw, "\n".join(texts))


def open_document(raw: bytes) -> Any:
    """Raises ReadError(ENCRYPTED, CORRUPT)."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(raw)
        document.init_forms()
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY):
            raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
        raise ReadError(GapReason.CORRUPT, "damaged or cut-off PDF") from error
    return document


def _page(looking: Looking, document: Any, number: int, layers: bool, texts: list[str]) -> Iterator[Found]:
    import pypdfium2 as pdfium

    where = Where.of("page {}", number + 1)
    try:
        page = document[number]
    except pdfium.PdfiumError:
        yield gap_at(where, GapReason.CORRUPT, "the page is damaged")
        return
    try:
        found = read_page(page, layers)
    except pdfium.PdfiumError:
        yield gap_at(where, GapReason.CORRUPT, "the page is damaged")
        return
    finally:
        page.close()
    texts += [found.visible, *found.hidden.values()]
    if found.visible.strip():
        yield TextPiece(where, found.visible)
    for hiding, text in found.hidden.items():
        yield TextPiece(where.plus(f", {_WORDS[hiding]}"), text, hiding)
    yield from _pictures(looking, document, number, where, found)


def _pictures(looking: Looking, document: Any, number: int, where: Where, found: PageText) -> Iterator[Found]:
    if found.covered_picture:
        at = where.plus(", under a box drawn over a picture")
        yield Presence(at, "covered text", "warn", "the picture under the box is still in the file")
        for area in found.covered_picture[:50]:
            margin = 6
            crop = found.uncovered.crop(
                (area[0] - margin, area[1] - margin, area[2] + margin, area[3] + margin)
            )
            yield from looking.deeper("box.png", png(crop), at, "covered text")
    if is_scan(found):
        looking.count("scanned pages")
        page = document[number]
        try:
            bitmap = page.render(scale=_ocr_scale(page), grayscale=True)
            image = png(bitmap.to_pil())
            bitmap.close()
        finally:
            page.close()
        yield from looking.deeper("page.png", image, where.plus(" (scanned)"), "")


def is_scan(found: PageText) -> bool:
    """True for a page whose words are (also) in a picture."""
    size = len(found.visible.strip())
    return found.picture_share > 0 and (size < 16 or (size < _STAMP and found.picture_share > 0.5))


def _ocr_scale(page: Any) -> float:
    width, height = page.get_size()
    return float(min(OCR_DPI / 72, (40_000_000 / max(width * height, 1.0)) ** 0.5))


def png(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(OCR_DPI, OCR_DPI))
    return out.getvalue()
