"""A clean picture: its points and colours, encoded anew; no metadata, no preview, nothing behind its end."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from scanner.common.extracting import read_whole
from scanner.contracts import Content
from scanner.release.fix.clean import CannotFix, Done
from scanner.release.hidden.image import open_image

_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF", ".gif": "GIF"}


def write(content: Content, out: Path, done: Done) -> None:
    out.write_bytes(clean_picture(read_whole(content), _FORMATS.get(out.suffix.lower(), "PNG")))
    done.remove("all metadata, previews and anything behind the end of the picture")


def clean_picture(raw: bytes, kind: str = "") -> bytes:
    """The picture encoded anew, turned as its metadata said. `kind`: Pillow's name, else as it was."""
    from PIL import ImageOps, ImageSequence

    image = open_image(raw)
    kind = kind or (image.format if image.format in ("JPEG", "PNG", "GIF", "TIFF") else "PNG")
    options: dict[str, Any] = {}
    profile = image.info.get("icc_profile")
    if profile:
        options["icc_profile"] = profile
    try:
        frames = [_bare(ImageOps.exif_transpose(frame.copy())) for frame in ImageSequence.Iterator(image)]
    except (OSError, ValueError, SyntaxError) as error:
        raise CannotFix("the picture is damaged") from error
    first, rest = frames[0], frames[1:]
    if kind == "JPEG":
        options.update(quality=95, subsampling=0)
        first = first if first.mode in ("RGB", "L", "CMYK") else first.convert("RGB")
        rest = []
    elif kind == "TIFF":
        options["compression"] = "tiff_lzw" if first.mode != "1" else "group4"
    if rest and kind in ("TIFF", "GIF"):
        options.update(save_all=True, append_images=rest)
        if kind == "GIF":
            options.update(duration=image.info.get("duration", 100), loop=image.info.get("loop", 0))
    out = io.BytesIO()
    first.save(out, kind, **options)
    return out.getvalue()


def _bare(image: Any) -> Any:
    """The same points in a new picture: what is not a point is not copied."""
    from PIL import Image

    copy = Image.new(image.mode, image.size)
    if image.mode == "P":
        copy.putpalette(image.getpalette() or [])
    copy.paste(image)
    if image.mode in ("P", "L", "RGB") and "transparency" in image.info:
        copy.info["transparency"] = image.info["transparency"]
    return copy
