"""Pictures that each hide one thing."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw, PngImagePlugin, TiffImagePlugin

from tests.release.people import says

_GPS, _DESCRIPTION = 0x8825, 0x010E


def scene(size: tuple[int, int] = (640, 480), covered: bool = False) -> Image.Image:
    """Hills and a house; `covered`: with the left half blacked out."""
    made = Image.new("RGB", size, (180, 205, 230))
    pen = ImageDraw.Draw(made)
    w, h = size
    pen.ellipse((w * 0.1, h * 0.5, w * 0.9, h * 1.4), fill=(60, 120, 60))
    pen.rectangle((w * 0.15, h * 0.3, w * 0.4, h * 0.75), fill=(150, 60, 50))
    pen.rectangle((w * 0.6, h * 0.4, w * 0.8, h * 0.8), fill=(230, 220, 120))
    if covered:
        pen.rectangle((0, 0, w // 2, h), fill=(0, 0, 0))
    return made


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def gps(people: bool, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    if people:
        exif.get_ifd(_GPS).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    return _saved(scene(), kind, exif=exif)


def tiff_gps(people: bool) -> bytes:
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    if people:
        directory[_GPS] = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}
    return _saved(scene(), "TIFF", tiffinfo=directory)


def description(people: bool, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[_DESCRIPTION] = says(people)
    return _saved(scene(), kind, exif=exif)


def png_text(people: bool) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", says(people))
    return _saved(scene(), "PNG", pnginfo=info)


def comment(people: bool) -> bytes:
    return _saved(scene(), "JPEG", comment=says(people).encode())


def thumbnail(people: bool) -> bytes:
    """An Exif block with a preview in its second directory (Exif 2.32, 4.5.5)."""
    preview = _saved(scene((160, 120)), "JPEG", quality=80)
    ifd0 = b"\x01\x00" + b"\x12\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00" + (26).to_bytes(4, "little")
    start = 26 + 2 + 24 + 4
    ifd1 = (
        b"\x02\x00"
        + b"\x01\x02\x04\x00\x01\x00\x00\x00" + start.to_bytes(4, "little")
        + b"\x02\x02\x04\x00\x01\x00\x00\x00" + len(preview).to_bytes(4, "little")
        + b"\x00\x00\x00\x00"
    )  # fmt: skip
    block = b"Exif\0\0" + b"II*\x00" + (8).to_bytes(4, "little") + ifd0 + ifd1 + preview
    return _saved(scene(covered=people), "JPEG", exif=block)


def leftover(people: bool) -> bytes:
    """A PNG shortened by an editor that left the old one's rest behind."""
    whole = _saved(scene(), "PNG")
    return _saved(scene((200, 150)), "PNG") + (whole[len(whole) // 2 :] if people else b"")


JPEG: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    "position": (gps, "gps", "picture metadata"),
    "description": (description, "picture metadata", "picture metadata"),
    "comment": (comment, "picture metadata", "picture metadata"),
    "preview unlike the picture": (thumbnail, "thumbnail", "preview picture"),
}
PNG: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    "position": (partial(gps, kind="PNG"), "gps", "picture metadata"),
    "text": (png_text, "picture metadata", "picture metadata"),
    "rest of an earlier picture": (leftover, "previous version", "after the end of the picture"),
}
TIFF: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    "position": (tiff_gps, "gps", "picture metadata"),
    "description": (partial(description, kind="TIFF"), "picture metadata", "picture metadata"),
}
