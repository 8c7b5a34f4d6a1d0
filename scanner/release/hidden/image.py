"""Pictures: where they were taken, by whom, previews unlike the picture, leftovers behind its end, and its text."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Generator, Iterator
from typing import Any

from scanner.common import sniff
from scanner.common.extracting import read_whole
from scanner.contents import extractor_for, media_type
from scanner.contracts import TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason
from scanner.release.hidden import parts
from scanner.release.hidden.heif import exif_and_xmp
from scanner.release.pieces import Found, Looking, Presence, TextPiece, Where, gap_at

MAX_PIXELS = 120_000_000
_GPS, _EXIF = 0x8825, 0x8769
_THUMB_OFFSET, _THUMB_SIZE = 0x0201, 0x0202
_PEOPLE = {
    0x013B: "the artist",
    0x8298: "the copyright note",
    0xA430: "the camera's owner",
    0x9C9D: "the author",
}
_WORDS = (0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F)
"""ImageDescription, UserComment, XPTitle, XPComment, XPKeywords, XPSubject (Exif 2.32, 4.6)."""
_UNLIKE = 28.0
"""Mean difference of brightness (of 255) from which a preview shows another picture."""
_DAMAGED = (OSError, ValueError, KeyError, SyntaxError, TypeError, AttributeError, struct.error)
_PNG_END = b"IEND\xaeB`\x82"


def look(looking: Looking) -> Iterator[Found]:
    raw = read_whole(looking.content)
    if media_type(looking.content) == sniff.HEIC:
        yield from _undrawn(raw)
        return
    yield from metadata_of(raw, Where())
    yield from _after_the_end(raw, looking)
    if looking.content.depth == 0 or _may_hold_words(raw):
        yield from _text(looking)


def _may_hold_words(raw: bytes) -> bool:
    """False for the icons and rules that documents are full of."""
    image = open_image(raw)
    return bool(min(image.width, image.height) >= 60 and image.width * image.height >= 40_000)


def _text(looking: Looking) -> Iterator[Found]:
    """Words in the picture, by the extractor that recognises them (and says so where it cannot)."""
    kind = media_type(looking.content)
    extractor = extractor_for(kind)
    if extractor is None:
        raise ReadError(
            GapReason.UNSUPPORTED,
            f"words in pictures of this kind ({kind}) are not read",
            "look at it by eye",
        )
    for item in extractor().extract(looking.content):
        if isinstance(item, TextFragment) and not item.hidden:
            yield TextPiece(Where.of("words in the picture"), item.text)
        elif isinstance(item, Gap):
            yield item


def open_image(raw: bytes) -> Any:
    """A Pillow image, not yet decoded. Raises ReadError(CORRUPT, LIMIT)."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(io.BytesIO(raw))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise ReadError(
            GapReason.CORRUPT, "a damaged picture, or of a kind that cannot be opened here"
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise ReadError(GapReason.LIMIT, f"a picture of more than {MAX_PIXELS:,} points")
    return image


def metadata_of(raw: bytes, where: Where) -> Iterator[Found]:
    image = open_image(raw)
    # XMP, comments and PNG text are found without decoding the picture.
    at = where.then(Where.of("picture metadata"))
    exif: Any = None
    try:
        exif = image.getexif()
        lines = yield from _exif(exif, at)
    except _DAMAGED:
        yield Presence(at, "picture metadata", "warn", "it is damaged and could not be read")
        exif, lines = None, []
    lines += [
        str(v) for k, v in image.info.items() if isinstance(v, str) and k not in ("XML:com.adobe.xmp", "dpi")
    ]
    comment = image.info.get("comment")
    lines.append(_string(comment))
    if any(line.strip() for line in lines):
        yield TextPiece(at, "\n".join(filter(None, lines)), "picture metadata")
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if packet:
        yield from _xmp(packet.encode() if isinstance(packet, str) else bytes(packet), at)
    if exif is not None:
        yield from _thumbnail(image, where)


def _exif(exif: Any, at: Where) -> Generator[Found, None, list[str]]:
    """Where and by whom; gives back the lines of text in it. Raises one of `_DAMAGED`."""
    gps = exif.get_ifd(_GPS)
    details = {**dict(exif), **exif.get_ifd(_EXIF)}
    if any(tag in gps for tag in (2, 4)):
        yield Presence(at, "gps", "fail", "it tells where the picture was taken", "personal")
    for tag, what in _PEOPLE.items():
        yield from parts.author(at, _string(details.get(tag)), what)
    return [_string(details.get(tag)) for tag in _WORDS]


def _xmp(packet: bytes, at: Where) -> Iterator[Found]:
    from scanner.release.hidden.pdf_parts import xmp

    yield from xmp(packet, at)
    if b"exif:GPSLatitude" in packet:
        yield Presence(at, "gps", "fail", "it tells where the picture was taken", "personal")


def _undrawn(raw: bytes) -> Iterator[Found]:
    """A HEIC picture: what its metadata says, and that what it shows was not looked at."""
    from PIL import Image

    at = Where.of("picture metadata")
    try:
        block, packet = exif_and_xmp(raw)
        exif = Image.Exif()
        if block:
            exif.load(block)
        lines = yield from _exif(exif, at)
        if any(lines):
            yield TextPiece(at, "\n".join(filter(None, lines)), "picture metadata")
        if packet:
            yield from _xmp(packet, at)
    except _DAMAGED:
        yield Presence(at, "picture metadata", "warn", "it is damaged and could not be read")
    yield gap_at(Where(), GapReason.UNSUPPORTED, "what a HEIC picture shows cannot be seen here, only its metadata",
                 "save it as JPEG and check that")  # fmt: skip


def _string(value: Any) -> str:
    if isinstance(value, bytes):
        for mark, encoding in ((b"ASCII\0\0\0", "ascii"), (b"UNICODE\0", "utf-16")):
            if value.startswith(mark):
                return value[8:].decode(encoding, "replace").strip("\0 ")
        if len(value) > 3 and value[1::2].count(0) > len(value) // 4:
            return value.decode("utf-16-le", "replace").strip("\0 ")
        return value.decode("utf-8", "replace").strip("\0 ")
    return value.strip("\0 ") if isinstance(value, str) else ""


def thumbnail_bytes(image: Any) -> bytes:
    """The JPEG preview in the second directory of the Exif block (Exif 2.32, 4.5.5); b"" where there is none."""
    block = image.info.get("exif", b"")
    body = block.removeprefix(b"Exif\0\0")
    try:
        order = {b"II": "<", b"MM": ">"}[body[:2]]
        first = struct.unpack_from(f"{order}I", body, 4)[0]
        count = struct.unpack_from(f"{order}H", body, first)[0]
        second = struct.unpack_from(f"{order}I", body, first + 2 + 12 * count)[0]
        if not second:
            return b""
        entries = struct.unpack_from(f"{order}H", body, second)[0]
        tags = [
            struct.unpack_from(f"{order}HHII", body, second + 2 + 12 * i) for i in range(min(entries, 64))
        ]
    except (KeyError, struct.error):
        return b""
    values = {tag: value for tag, _, _, value in tags}
    start, size = values.get(_THUMB_OFFSET), values.get(_THUMB_SIZE)
    return bytes(body[start : start + size]) if start and size else b""


def _thumbnail(image: Any, where: Where) -> Iterator[Found]:
    raw = thumbnail_bytes(image)
    if not raw:
        return
    at = where.then(Where.of("preview picture (Exif thumbnail)"))
    try:
        preview = open_image(raw)
        difference = unlikeness(image, preview)
    except (ReadError, OSError, ValueError, SyntaxError):
        return
    if difference > _UNLIKE:
        yield Presence(
            at,
            "thumbnail",
            "fail",
            "it shows what was cut off or blacked out in the picture itself",
            "personal",
        )


def unlikeness(image: Any, preview: Any) -> float:
    """Largest mean difference of brightness over a grid of sixteen fields, shapes compared first."""
    import numpy as np

    # Cameras letterbox a preview of another shape; a picture that was cropped since has a shape of its own.
    size = (64, 64)
    inner = _without_bars(preview.convert("L"))
    ratio = (image.width / image.height) / max(inner.width / max(inner.height, 1), 0.01)
    if (
        not 0.9 < ratio < 1.11
        and not 0.9 < (image.height / image.width) / max(inner.width / max(inner.height, 1), 0.01) < 1.11
    ):
        return 255.0
    if not 0.9 < ratio < 1.11:
        image = image.rotate(90, expand=True)
    image.draft("L", (256, 256))
    one = np.asarray(image.convert("L").resize(size), dtype=np.float32)
    two = np.asarray(inner.resize(size), dtype=np.float32)
    fields = np.abs(one - two).reshape(4, 16, 4, 16).mean(axis=(1, 3))
    return float(fields.max())


def _without_bars(preview: Any) -> Any:
    """Without black bars that a camera put around it."""
    box = preview.point(lambda v: 255 if v > 16 else 0).getbbox()
    if box and (box[2] - box[0]) >= 0.6 * preview.width and (box[3] - box[1]) >= 0.6 * preview.height:
        return preview.crop(box)
    return preview


def _after_the_end(raw: bytes, looking: Looking) -> Iterator[Found]:
    """Bytes behind the picture's end: some editors shorten a picture and leave the old one's rest."""
    where = Where.of("after the end of the picture")
    if raw.startswith(b"\x89PNG"):
        end = raw.find(_PNG_END)
        rest = raw[end + len(_PNG_END) :] if end >= 0 else b""
        if len(rest) > 64:
            older = _PNG_END in rest
            yield Presence(
                where, "previous version" if older else "undeclared bytes", "fail" if older else "warn",
                "the rest of an earlier picture is still in the file" if older else f"{len(rest):,} bytes that no viewer shows",
                "personal" if older else "",
            )  # fmt: skip
    elif raw.startswith(b"\xff\xd8"):
        end = raw.rfind(b"\xff\xd9")
        rest = raw[end + 2 :] if end >= 0 else b""
        at = re.search(rb"PK\x03\x04|%PDF-|Rar!|7z\xbc\xaf", rest)
        if at:
            yield from looking.deeper("rest", rest[at.start() :], where, "undeclared bytes")
        elif len(rest) > 4096:
            yield Presence(where, "undeclared bytes", "warn", f"{len(rest):,} bytes that no viewer shows")
