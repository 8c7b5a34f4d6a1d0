"""What a column looks like, worked out on Arrow's buffers, is what Python works out cell by cell."""

from __future__ import annotations

import io
import random
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import Detector, detector
from scanner.columns.profile import Profile
from scanner.columns.shapes import LONGEST, by_shape
from scanner.columns.strings import Strings
from scanner.common.cells import Cells
from scanner.common.lexicon import normalise, words
from scanner.contents import open_content, read_content
from scanner.contracts import Limits, TableFragment
from scanner.model import Place
from tests.corpus.tables import tables

_BLANK = " \t\r\n\f\v\u00a0\ufeff'\""
_CELL = st.one_of(
    st.none(),
    st.text(st.sampled_from("aB1é-£ '\"\u00a0\t"), max_size=6),
    st.sampled_from(["unknown", "N/A", " n/a ", "Not  known", "No", "nóne", "x" * 200, "é" * 129]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(_CELL, max_size=40), st.booleans())
def test_counts_and_codes(cells: list[str | None], dictionary: bool) -> None:
    held = Cells.of(cells)
    profile = Profile("x", Cells(held.array.dictionary_encode()) if dictionary else cells)
    stripped = [cell.strip(_BLANK) if cell else "" for cell in cells]
    wanted = Counter(core for core in stripped if core)
    assert dict(profile.counts) == dict(wanted)
    assert profile.total == sum(wanted.values())
    assert [list(profile.values)[code] if code >= 0 else "" for code in profile.codes] == stripped
    silent = words("no_answer")
    answers = [v for v in profile.values if len(v) > 24 or normalise(v) not in silent]
    assert list(profile.answers) == answers
    assert list(profile.cells) == [cell or None for cell in cells]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=40))
def test_shapes(values: list[str]) -> None:
    values = [*dict.fromkeys(v for v in values if not any("\ud800" <= c <= "\udfff" for c in v))]
    held = Strings(pa.array([*values, "9" * (LONGEST + 1)], pa.string()))
    found = {shape: held.at(held.of_shape(code)) for code, shape in enumerate(held.shapes)}
    assert found == by_shape(values)
    assert held.lengths.tolist()[:-1] == [len(v) for v in values]


def _from_csv(columns: dict[str, list[str | None]]) -> TableFragment:
    lines = [
        ",".join(columns),
        *(",".join(c or "" for c in row) for row in zip(*columns.values(), strict=True)),
    ]
    data = ("\n".join(lines) + "\n").encode()
    content = open_content(io.BytesIO(data), "x.csv", Place(()), len(data), Limits())
    [table] = [f for f in read_content(content) if isinstance(f, TableFragment)]
    return table


def test_the_same_from_a_file_as_from_lists() -> None:
    rng = random.Random(2)
    columns: dict[str, list[str | None]] = {
        "record": [str(i) for i in range(3_000)],
        "nhs_number": [rng.choice(["943 476 5919", "9434765919", None]) for _ in range(3_000)],
        "status": [rng.choice(["Open", "Closed"]) for _ in range(3_000)],
        "note": [f"visit {i} agreed" if i % 7 else f"rang 020 7946 0{i % 1000:03}" for i in range(3_000)],
    }
    table = _from_csv(columns)
    assert isinstance(table.columns["status"], Cells)
    found = Detector(names=False)
    assert found.columns(table.columns) == found.columns(columns)


@pytest.mark.parametrize("dressing", ["informative", "cryptic"])
def test_the_same_whether_texts_are_skimmed_or_all_read(
    dressing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Detector(names=False)
    for table in list(tables(dressing, 9))[::5]:
        monkeypatch.setattr(detector, "_MANY", 1)
        skimmed = found.columns(table.columns)
        monkeypatch.setattr(detector, "_MANY", 10**9)
        assert skimmed == found.columns(table.columns)
