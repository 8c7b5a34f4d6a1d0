"""Pictures of telephones: HEIC by its metadata, AVIF as any picture. One container, two codecs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, features

from scanner.common import sniff
from scanner.release.decision import Level
from scanner.release.hidden.heif import exif_and_xmp

pytestmark = pytest.mark.skipif(not features.check("avif"), reason="this Pillow writes no AVIF")
_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'


def _picture(people: bool) -> bytes:
    image = Image.new("RGB", (64, 64), (90, 120, 150))
    exif = image.getexif()
    if people:
        exif[0x013B] = "Jane Okonkwo"
        exif[0x010E] = "Jane Okonkwo, 07700 900123"
        place = exif.get_ifd(0x8825)
        place.update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    out = io.BytesIO()
    image.save(out, "AVIF", exif=exif, xmp=_XMP)
    return out.getvalue()


def _heic(data: bytes) -> bytes:
    """The same container under the other name: nothing here decodes the picture."""
    return data.replace(b"ftypavif", b"ftypheic", 1)


def test_they_are_pictures_and_no_videos():
    assert sniff.media_type(_heic(_picture(False)), "a.heic") == sniff.HEIC
    assert sniff.media_type(_picture(False), "a.avif") == sniff.AVIF
    assert sniff.media_type(b"\0\0\0 ftypisom\0\0\2\0isomiso2avc1mp41", "a.mp4") == "video/mp4"


def test_where_a_heic_was_taken_stops_it_and_the_rest_is_not_checked(tmp_path, check):
    path = tmp_path / "site-visit.heic"
    path.write_bytes(_heic(_picture(True)))
    verdict = check(path)
    assert verdict.level is Level.FAIL
    said = {(line.level, line.hiding) for line in verdict.lines}
    assert {(Level.FAIL, "gps"), (Level.FAIL, "picture metadata"), (Level.WARN, "authors")} <= said
    assert [line for line in verdict.lines if line.level is Level.UNCHECKED]
    assert "Okonkwo" not in repr(verdict)


def test_a_heic_without_metadata_is_not_clean(tmp_path, check):
    path = tmp_path / "site-visit.heic"
    path.write_bytes(_heic(_picture(False)))
    assert check(path).level is Level.UNCHECKED


def test_an_avif_is_read_like_any_picture(tmp_path, check):
    path = tmp_path / "site-visit.avif"
    path.write_bytes(_picture(True))
    assert {line.hiding for line in check(path).lines if line.level is Level.FAIL} == {
        "gps",
        "picture metadata",
    }


def test_items_of_the_container():
    exif, xmp = exif_and_xmp(_picture(True))
    assert exif[:2] in (b"II", b"MM")
    assert xmp == _XMP
    for cut in (30, 60, 200):
        with pytest.raises(ValueError, match=r"cut off|no directory"):
            exif_and_xmp(_picture(True)[:cut])


def test_damage_is_told(tmp_path: Path, check):
    path = tmp_path / "cut.heic"
    path.write_bytes(_heic(_picture(True))[:120])
    assert check(path).level is Level.UNCHECKED
