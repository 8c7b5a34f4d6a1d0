"""The core's way from bytes to fragments."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest

from scanner import contents, plugins
from scanner.contents import open_content, read_content, splittable
from scanner.contracts import Limits, TextFragment
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason, Place, Stage
from tests.extractors import samples
from tests.extractors.reading import read

PLACE = Place((("object", "x"),))


def test_splittable_types() -> None:
    assert splittable("text/csv")
    assert splittable("text/tab-separated-values")
    assert splittable("text/plain")
    assert splittable("application/x-ndjson")
    assert not splittable("application/json")
    assert not splittable("application/pdf")
    assert not splittable("image/png")


def test_open_content_reads_only_the_head() -> None:
    file = io.BytesIO(b"a" * 200_000)
    content = open_content(file, "x", PLACE, 200_000, Limits())
    assert len(content.head) == 65536
    assert file.tell() == 0
    assert "aaa" not in repr(content)


def test_every_declared_extractor_loads_and_claims_types() -> None:
    for name in plugins.available("extractors"):
        extractor = plugins.load("extractors", name)
        assert extractor.media_types
        assert isinstance(extractor.splittable, bool)
        for kind in extractor.media_types:
            assert contents._extractors()[kind] is extractor, "no two extractors for one type"


def test_unsupported_is_one_gap_named_by_type() -> None:
    out = read(b"ID3\x04" + bytes(104), "voice of Ann.mp3")
    (gap,) = out.gaps
    assert (gap.reason, gap.stage, gap.bytes) == (GapReason.UNSUPPORTED, Stage.EXTRACT, 108)
    assert "audio/mpeg" in gap.detail
    assert "Ann" not in gap.detail
    assert gap.place.text == "voice of Ann.mp3"


def test_empty_is_nothing() -> None:
    out = read(b"", "x.csv")
    assert (out.tables, out.texts, out.gaps) == ([], [], [])


class _Vanishing(io.BytesIO):
    """A file whose reading fails after a while, as a connector says it."""

    def __init__(self, data: bytes, after: int) -> None:
        super().__init__(data)
        self.left = after

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.left -= len(data)
        if self.left < 0:
            raise ReadError(GapReason.VANISHED, "the object is gone")
        return data

    def readinto(self, buffer: object, /) -> int:
        raise AssertionError("extractors read by `read`")


@pytest.mark.parametrize("name", samples.GOOD)
def test_what_the_connector_says_is_kept(name: str) -> None:
    """A file that vanishes under any library is VANISHED, not CORRUPT."""
    data = samples.good(name)
    file = _Vanishing(data, len(data))
    content = open_content(file, name, PLACE, len(data), Limits())  # type: ignore[arg-type]
    file.left = 10
    gaps = [item for item in read_content(content) if isinstance(item, Gap)]
    assert GapReason.VANISHED in {g.reason for g in gaps}


def test_a_missing_extra_is_a_gap_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Needs:
        def extract(self, content: object) -> Iterator[TextFragment]:
            raise MissingExtra("pictures", "ocr")

    monkeypatch.setattr(contents, "_extractors", lambda: {"text/plain": Needs})
    (gap,) = read(b"hello there, you\n", "x.txt").gaps
    assert gap.reason is GapReason.MISSING_EXTRA
    assert gap.remedy == 'pip install "dpscan[ocr]"'


def test_importing_is_light() -> None:
    code = (
        "import sys, scanner.contents as c; c.splittable('text/csv');"
        "print([m for m in ('pyarrow', 'lxml', 'pypdfium2', 'python_calamine', 'fastavro', 'libarchive',"
        " 'charset_normalizer') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
