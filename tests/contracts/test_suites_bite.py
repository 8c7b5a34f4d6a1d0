"""The suites catch what they are there for: each of these plugins breaks one promise."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from scanner.contracts import Content, Fragment, TableFragment, TextFragment
from scanner.model import Detection, Gap, Place, Report
from scanner.testing.extractors import ExtractorContract
from scanner.testing.recognisers import RecogniserContract
from scanner.testing.reporters import ReporterContract


class Text:
    name = "sloppy"
    media_types = ("text/plain",)
    splittable = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        yield TextFragment(content.file.read().decode("utf-8", "replace"), content.place)


class RaisesItsOwn(Text):
    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        yield TextFragment(content.file.read().decode("utf-8"), content.place)  # UnicodeDecodeError


class LosesItsPlace(Text):
    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        yield TextFragment(content.file.read().decode("utf-8", "replace"), Place())


class Uneven(Text):
    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        content.file.read()
        yield TableFragment({"a": ["1"], "b": ["1", "2"]}, content.place)


class SplitsInWords(Text):
    splittable = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        data = content.file.read()
        part = data[content.span.start : content.span.end] if content.span else data
        yield TextFragment(part.decode("utf-8", "replace"), content.place)


class Finds:
    name = "sloppy"
    entity_types = ("STAFF_NUMBER",)

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        return [self.hits(text) for text in texts]

    def hits(self, text: str) -> list[Detection]:
        at = text.find("SN-0001")
        return [Detection("STAFF_NUMBER", at, at + 7, 0.9, False, ("pattern",), self.name)] if at >= 0 else []


class OffByALot(Finds):
    def hits(self, text: str) -> list[Detection]:
        return (
            [Detection("STAFF_NUMBER", 3, 10**6, 0.9, False, ("pattern",), self.name)] if "SN" in text else []
        )


class Blurts(Finds):
    def hits(self, text: str) -> list[Detection]:
        return [
            Detection(
                d.entity_type, d.start, d.end, d.score, False, (f"saw {text[d.start : d.end]}",), self.name
            )
            for d in super().hits(text)
        ]


class Skips(Finds):
    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        return [self.hits(text) for text in texts if text]


class Plain:
    name = "sloppy"

    def write(self, report: Report, folder: str) -> Sequence[str]:
        path = Path(folder) / "stores.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{store.name}\n" for store in report.stores), encoding="utf-8")
        return [str(path)]


def breaks(suite: Any, **fixtures: Any) -> set[str]:
    """Names of the suite's tests that fail (those without parameters of their own)."""
    failed = set()
    for name, test in inspect.getmembers(suite, inspect.ismethod):
        wanted = set(inspect.signature(test).parameters)
        if name.startswith("test_") and wanted <= set(fixtures):
            try:
                test(**{key: fixtures[key] for key in wanted})
            except (AssertionError, ValueError):
                failed.add(name)
    return failed


@pytest.mark.parametrize(
    ("extractor", "caught"),
    [
        (Text, set()),
        (RaisesItsOwn, {"test_a_garbled_file_raises_nothing_else"}),
        (LosesItsPlace, {"test_reads_its_samples"}),
        (Uneven, {"test_batches_are_bounded_and_even"}),
        (SplitsInWords, {"test_spans_add_up_to_the_whole"}),
    ],
)
def test_extractors(extractor: type[Text], caught: set[str]) -> None:
    samples = {"letter.txt": "Sehr geehrte Frau Künstlich,\nzwei Zeilen und noch eine.\nEnde\n".encode() * 9}
    found = breaks(ExtractorContract(), extractor=extractor(), samples=samples)
    assert found >= caught
    assert bool(found) == bool(caught)


@pytest.mark.parametrize(
    ("recogniser", "caught"),
    [
        (Finds, set()),
        (OffByALot, {"test_detections_are_whole"}),
        (Blurts, {"test_no_value_in_what_it_says"}),
        (Skips, {"test_one_list_for_each_text"}),
    ],
)
def test_recognisers(recogniser: type[Finds], caught: set[str]) -> None:
    found = breaks(RecogniserContract(), recogniser=recogniser(), texts=["staff number SN-0001"])
    assert found >= caught
    assert bool(found) == bool(caught)


def test_reporters(tmp_path: Path) -> None:
    suite = ReporterContract()
    with pytest.raises(AssertionError):
        suite.test_only_the_owner_may_read(Plain(), tmp_path / "modes", 0)
    with pytest.raises(AssertionError, match="spreadsheet"):
        suite.test_whatever_it_is_called_stays_a_name(Plain(), tmp_path / "names", 0)
    with pytest.raises(AssertionError, match="nothing in it"):
        suite.test_an_empty_report_is_a_report(Plain(), tmp_path / "empty")
