"""The contract suite for extractors: subclass it, give it an extractor and sample files.

    class TestMine(ExtractorContract):
        @pytest.fixture
        def extractor(self):
            return MyExtractor()

        @pytest.fixture
        def samples(self):
            return {"letter.xyz": Path("tests/letter.xyz").read_bytes()}

        secrets = ("Ada Synthetic",)  # something each sample holds

A sample is a good file of a few kilobytes; the suite cuts it off and garbles it by itself.
"""

from __future__ import annotations

import io
import itertools
import random
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, ClassVar, cast

import pytest

from scanner.common import sniff
from scanner.contracts import Content, Extractor, Fragment, Limits, PageBudget, TableFragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place, Span, Stage
from scanner.testing.fakes import FailingFile

GARBLED = 24
"""How many garbled versions of each sample are tried."""
_BATCH = 2


def content_of(
    data: bytes,
    name: str = "file",
    *,
    limits: Limits | None = None,
    span: tuple[int, int] | None = None,
    file: BinaryIO | None = None,
) -> Content:
    """Bytes as the core hands them to an extractor. Members found inside come back as one text each."""

    def nested(inner: Content) -> Iterator[Fragment | Gap]:
        inner.file.seek(0)
        yield TextFragment(inner.file.read().decode("latin-1"), inner.place)

    place = Place((("object", name),))
    limits = limits or Limits()
    return Content(
        file or io.BytesIO(data),
        name,
        place,
        len(data),
        limits,
        data[: sniff.HEAD],
        Span(*span) if span else None,
        nested=nested,
        budget=PageBudget(limits.ocr_pages),
    )


def media_type_of(data: bytes, name: str) -> str:
    """The type the core would give these bytes."""
    return sniff.refine(sniff.media_type(data[: sniff.HEAD], name), io.BytesIO(data))


class ExtractorContract:
    """Promises every extractor keeps, whatever it reads."""

    secrets: ClassVar[tuple[str, ...]] = ()
    """Strings in the samples that may appear in no gap, error or repr."""

    @pytest.fixture
    def extractor(self) -> Extractor:
        raise AssertionError("give the suite an `extractor` fixture")

    @pytest.fixture
    def samples(self) -> Mapping[str, bytes]:
        raise AssertionError("give the suite a `samples` fixture: file name to bytes")

    def _read(self, extractor: Extractor, content: Content) -> tuple[list[Fragment], list[Gap]]:
        """Everything up to the end or the first ReadError; anything else that is raised is a failure."""
        fragments: list[Fragment] = []
        gaps: list[Gap] = []
        try:
            for item in extractor.extract(content):
                if isinstance(item, Gap):
                    gaps.append(item)
                else:
                    assert isinstance(item, (TextFragment, TableFragment))
                    fragments.append(item)
        except ReadError as error:
            gaps.append(Gap("", Stage.EXTRACT, error.reason, error.detail, remedy=error.remedy))
        for gap in gaps:
            assert gap.detail, "a gap says what happened"
            for secret in (*self.secrets, content.name):
                assert secret not in gap.detail + gap.remedy
        return fragments, gaps

    def test_says_what_it_reads(self, extractor: Extractor) -> None:
        assert extractor.name
        assert extractor.media_types
        assert all(re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", kind) for kind in extractor.media_types)
        assert isinstance(extractor.splittable, bool)

    def test_samples_are_of_its_types(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        assert samples, "the suite needs at least one good file"
        for name, data in samples.items():
            assert media_type_of(data, name) in extractor.media_types, name

    def test_reads_its_samples(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        for name, data in samples.items():
            fragments, gaps = self._read(extractor, content_of(data, name))
            assert fragments, f"nothing came out of {name}"
            assert not gaps, f"{name} is a good file"
            for fragment in fragments:
                assert fragment.place.steps[:1] == (("object", name),), "places begin with the content's own"

    def test_batches_are_bounded_and_even(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        for name, data in samples.items():
            whole, _ = self._read(extractor, content_of(data, name))
            fragments, _ = self._read(extractor, content_of(data, name, limits=Limits(batch_rows=_BATCH)))
            for table in (f for f in fragments if isinstance(f, TableFragment)):
                assert len({len(cells) for cells in table.columns.values()}) <= 1, "columns of equal length"
                assert table.rows <= _BATCH, "limits.batch_rows bounds a batch"
                assert all(isinstance(header, str) for header in table.columns)
                for cells in table.columns.values():
                    assert all(cell is None or isinstance(cell, str) for cell in cells)
            assert _cells(fragments) == _cells(whole), "the size of a batch changes nothing else"

    def test_cells_are_bounded(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        for name, data in samples.items():
            fragments, _ = self._read(extractor, content_of(data, name, limits=Limits(cell_chars=5)))
            for _, row in _rows(fragments):
                assert all(cell is None or len(cell) <= 5 for cell in row), "limits.cell_chars bounds a cell"

    def test_reads_the_same_twice(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        for name, data in samples.items():
            first, second = (self._read(extractor, content_of(data, name)) for _ in range(2))
            assert first == second

    def test_repr_shows_no_content(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        for name, data in samples.items():
            content = content_of(data, name)
            fragments, _ = self._read(extractor, content)
            for shown in (repr(content), *map(repr, fragments)):
                assert name not in shown
                for secret in self.secrets:
                    assert secret not in shown

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
    def test_a_file_cut_off_raises_nothing_else(
        self, extractor: Extractor, samples: Mapping[str, bytes], share: float
    ) -> None:
        for name, data in samples.items():
            self._read(extractor, content_of(data[: max(1, int(len(data) * share))], name))

    def test_a_garbled_file_raises_nothing_else(
        self, extractor: Extractor, samples: Mapping[str, bytes]
    ) -> None:
        for name, data in samples.items():
            for number in range(GARBLED):
                self._read(extractor, content_of(_garbled(data, number), name))

    @pytest.mark.parametrize("after", [0, 100, 1000])
    def test_what_the_store_says_is_passed_on(
        self, extractor: Extractor, samples: Mapping[str, bytes], after: int
    ) -> None:
        """A file that vanishes while it is read has vanished; it is not a damaged file."""
        for name, data in samples.items():
            if after >= len(data):
                continue
            lost = FailingFile(
                io.BytesIO(data), after, lambda: ReadError(GapReason.VANISHED, "the object is gone")
            )
            _, gaps = self._read(extractor, content_of(data, name, file=cast(BinaryIO, lost)))
            if gaps:
                assert GapReason.VANISHED in {gap.reason for gap in gaps}, name
            else:
                # A reader that never came to the end of the bytes had no need of the rest.
                assert after, f"{name} was read without reading it"

    def test_spans_add_up_to_the_whole(self, extractor: Extractor, samples: Mapping[str, bytes]) -> None:
        """Every line (or row) belongs to exactly one span, wherever the cuts fall."""
        only = getattr(extractor, "splittable_types", extractor.media_types if extractor.splittable else ())
        for name, data in samples.items():
            if media_type_of(data, name) not in only:
                continue
            whole, _ = self._read(extractor, content_of(data, name))
            for seed in range(8):
                cuts = sorted(random.Random(seed).sample(range(1, len(data)), min(3, len(data) - 1)))  # noqa: S311
                edges = [0, *cuts, len(data)]
                parts: list[Fragment] = []
                for span in itertools.pairwise(edges):
                    parts += self._read(extractor, content_of(data, name, span=span))[0]
                assert _lines(parts) == _lines(whole), name
                assert [row for _, row in _rows(parts)] == [row for _, row in _rows(whole)], name


def _rows(fragments: list[Fragment]) -> list[tuple[Place, tuple[str | None, ...]]]:
    return [
        (table.place, row)
        for table in fragments
        if isinstance(table, TableFragment)
        for row in zip(*table.columns.values(), strict=True)
    ]


def _cells(fragments: list[Fragment]) -> list[tuple[Place, list[str]]]:
    """Rows without their empty cells, sorted: batches may differ in columns that are empty in them,
    and tables inside one another may take turns."""
    return sorted((place, [cell for cell in row if cell]) for place, row in _rows(fragments))


def _lines(fragments: list[Fragment]) -> list[str]:
    text = "\n".join(f.text for f in fragments if isinstance(f, TextFragment))
    return [line.strip() for line in text.splitlines() if line.strip()]


def _garbled(data: bytes, seed: int) -> bytes:
    """A copy with some bytes changed, moved, doubled or missing; the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    out = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        at = chance.randrange(max(1, len(out)))
        match chance.randrange(4):
            case 0 if out:
                out[at] = chance.randrange(256)
            case 1:
                del out[at : at + chance.randrange(1, 40)]
            case 2:
                out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 40)))
            case _:
                out[at:at] = out[at : at + chance.randrange(1, 200)]
    return bytes(out)
