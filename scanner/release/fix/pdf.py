"""A clean PDF: pages copied into a new file; pages that hide something become pictures of themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from scanner.common.extracting import read_whole
from scanner.contracts import Content
from scanner.release.fix.clean import CannotFix, Done
from scanner.release.hidden import pdf_parts
from scanner.release.hidden.pdf import open_document
from scanner.release.hidden.pdf_page import read_page

DPI = 200
"""At which a page is drawn when it becomes a picture."""
_MAX_PIXELS = 40_000_000
_KEPT = ("/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Resources", "/Group", "/UserUnit")


def write(content: Content, out: Path, done: Done) -> None:
    import pikepdf

    raw = read_whole(content)
    document = open_document(raw)
    try:
        with pikepdf.open(io.BytesIO(raw)) as source, pikepdf.new() as clean:
            layers = pdf_parts.layers_off(raw)
            pictures: list[int] = []
            for number, page in enumerate(source.pages):
                reason = _reason(document, number, page, layers)
                if reason:
                    done.remove(reason)
                    pictures.append(number + 1)
                    _add_picture(clean, document, number)
                else:
                    _add_page(clean, source, page)
            _say(source, done, pictures)
            clean.remove_unreferenced_resources()
            clean.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise CannotFix("it is protected by a password: save a copy without one first") from error
    except pikepdf.PdfError as error:
        raise CannotFix("it is damaged: print it to a new PDF first") from error
    finally:
        document.close()


def _say(source: Any, done: Done, pictures: list[int]) -> None:
    done.remove("attachments", len(source.attachments))
    done.remove("document properties and XMP metadata")
    if source.Root.get("/AcroForm") is not None:
        done.remove("form data (filled fields stay as drawn)")
    done.remove("earlier saves, bookmarks, scripts and everything else beside the pages")
    if pictures:
        listed = ", ".join(map(str, pictures[:12])) + (" …" if len(pictures) > 12 else "")
        one = len(pictures) == 1
        done.left.append(
            f"page{'' if one else 's'} {listed} {'is' if one else 'are'} now a picture: what was under boxes is gone, "
            "and its text can no longer be selected or read aloud"
        )


def _reason(document: Any, number: int, page: Any, layers: bool) -> str:
    """Why a page becomes a picture; "" where it can be copied."""
    import pypdfium2 as pdfium

    kinds = {str(note.get("/Subtype", "")) for note in page.obj.get("/Annots", []) or []}
    if kinds - {"/Link"}:
        return "annotations and form fields of a page (as drawn, they stay)"
    if layers:
        return "layers of a page that were switched off"
    if any(b"Exif\0\0" in bytes(p[:4096]) for p in pdf_parts.photographs(page)):
        return "metadata of photographs on a page"
    try:
        view = document[number]
        try:
            found = read_page(view, layers)
        finally:
            view.close()
    except pdfium.PdfiumError as error:
        raise CannotFix(f"page {number + 1} is damaged: print it to a new PDF first") from error
    if found.covered_picture:
        return "what a picture showed under drawn boxes"
    return "text of a page that could not be seen" if found.hidden else ""


def _add_page(clean: Any, source: Any, page: Any) -> None:
    import pikepdf

    # Attributes that a page inherits from the tree are made its own before it leaves the tree.
    values = {}
    for key in _KEPT:
        value = page.obj.get(key)
        parent = page.obj.get("/Parent")
        while value is None and parent is not None:
            value = parent.get(key) if key in ("/MediaBox", "/CropBox", "/Rotate", "/Resources") else None
            parent = parent.get("/Parent")
        if value is not None:
            values[key] = value
    bare = source.make_indirect(pikepdf.Dictionary({"/Type": pikepdf.Name.Page, **values}))
    clean.pages.append(pikepdf.Page(bare))


def _add_picture(clean: Any, document: Any, number: int) -> None:
    """The page as drawn, annotations and form fields with it, as one image."""
    import zlib

    import pikepdf

    page = document[number]
    try:
        width, height = page.get_size()
        scale = min(DPI / 72, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        bitmap = page.render(scale=scale, draw_annots=True, may_draw_forms=True)
        image = bitmap.to_pil().convert("RGB")
        bitmap.close()
    finally:
        page.close()
    grey = image.convert("L")
    colour = _is_coloured(image)
    chosen = image if colour else grey
    made = clean.add_blank_page(page_size=(width, height))
    stream = clean.make_stream(
        zlib.compress(chosen.tobytes(), 9),
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=chosen.width, Height=chosen.height,
        ColorSpace=pikepdf.Name.DeviceRGB if colour else pikepdf.Name.DeviceGray, BitsPerComponent=8,
        Filter=pikepdf.Name.FlateDecode,
    )  # fmt: skip
    made.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=stream))
    made.obj.Contents = clean.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Page Do Q".encode())


def _is_coloured(image: Any) -> bool:
    import numpy as np

    small = np.asarray(image.resize((128, 128)), dtype=np.int16)
    return bool((small.max(axis=2) - small.min(axis=2)).max() > 12)
