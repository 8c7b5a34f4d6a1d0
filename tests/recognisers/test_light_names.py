"""The light names model: tokens, sparse computation, spans, the released weights."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.recognisers import names
from scanner.recognisers.light import model as light
from scanner.recognisers.light.features import DENSE, active, dull, frequencies, listed, rows
from scanner.recognisers.light.model import LightModel, WeightsError, packaged
from scanner.recognisers.light.network import pack, positions, unpack
from scanner.recognisers.light.tokens import tokens
from scanner.recognisers.names import NamesRecogniser


@pytest.fixture(scope="module")
def model() -> LightModel:
    return LightModel(packaged())


def found(model: LightModel, text: str) -> set[tuple[str, str]]:
    return {(kind, text[a:b]) for a, b, kind, _ in model.spans([text])[0]}


@given(st.text(st.sampled_from("aBÉ0 .,'’-@#/:\n\t_=*é中\u00a0"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_tokens_cover_every_character(text: str) -> None:
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. J. Smith's", ["Mr. ", "J. ", "Smith", "'s"]),
        ("O'Brien-Okafor", ["O'Brien", "-", "Okafor"]),
        ("a.b@c.example, x", ["a.b@c.example", ", ", "x"]),
        ("see https://a.example/B?c D", ["see ", "https://a.example/B?c ", "D"]),
        ("14/03/2026\n\nDear", ["14/03/2026", "\n\n", "Dear"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_only_what_could_be_a_name_is_computed() -> None:
    common = frequencies({"mark": 900, "siobhan": 1}, ["siobhan"])
    candidates = ("Anna", "siobhan", "mark", "O'Neill", "12", "@Anna", "http://A", "McX", "\n", "table")
    assert [t for t in candidates if active(t, common)] == ["Anna", "siobhan", "O'Neill", "McX"]
    live = np.array([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1], bool)
    assert positions(live).tolist() == [1, 2, 3, 4, 8, 9, 10]


def test_a_plain_word_alone_is_not_computed() -> None:
    common = frequencies({"then": 900, "mine": 900, "zorb": 1, "mark": 900}, [])
    candidates = ("Then", "Housing", "Mark", "Zorb", "THEN", "Leeds", "then", "Okafor")
    assert [t for t in candidates if dull(t, common)] == ["Then", "Housing"]
    live = np.array([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1], bool)
    assert positions(live, live).tolist() == [0, 1, 2, 3]
    assert positions(live, np.zeros(13, bool)).tolist() == [0, 1, 2, 3, 7, 12]
    assert positions(~live & live, live).tolist() == []


def test_leaving_plain_words_out_changes_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    corpora = Path(__file__).parents[1] / "corpus" / "text"
    texts = [text for file in sorted(corpora.glob("*.txt")) for text in file.read_text("utf-8").split("\n")]
    quick = NamesRecogniser().text(texts)
    monkeypatch.setattr(light, "positions", lambda live, dull: positions(live))
    for spared, every in zip(quick, NamesRecogniser().text(texts), strict=True):
        assert sorted(spared, key=repr) == sorted(every, key=repr)
    assert sum(map(len, quick)) > 500


def test_features_know_lists_and_shapes() -> None:
    frequency = frequencies({}, ["leeds"])
    hashes, dense = rows(["Leeds", "LEEDS", "leeds", "Merthyr"], frequency)
    assert dense.shape == (4, DENSE)
    assert len(set(hashes[:3, 0])) == 1
    assert hashes[3, 0] == 0  # a word never met has no row of its own
    assert len(set(hashes[:3, 3])) == 3
    assert listed("Leeds") & 4
    assert listed("Merthyr") & 128  # the first word of a longer place


def test_people_and_places(model: LightModel) -> None:
    text = "Rebecca Thornton moved from Sheffield to London with her brother Kwame."
    assert found(model, text) == {
        ("PER", "Rebecca Thornton"),
        ("LOC", "Sheffield"),
        ("LOC", "London"),
        ("PER", "Kwame"),
    }


@given(st.lists(st.text(st.sampled_from("Anna Smith\n.,'-0É中\0é "), max_size=40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_spans_lie_inside_and_do_not_depend_on_company(model: LightModel, texts: list[str]) -> None:
    together = model.spans(texts)
    for text, spans in zip(texts, together, strict=True):
        at = 0
        for start, end, kind, sure in spans:
            assert at <= start < end <= len(text)
            assert kind in ("PER", "LOC", "ORG")
            assert 0 < sure <= 1
            at = end
        alone = model.spans([text])[0]
        assert [s[:3] for s in alone] == [s[:3] for s in spans]


def test_forgetting_changes_nothing(model: LightModel, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Siobhan Gallagher met Imran Patel in Leeds on day {i}." for i in range(50)]
    before = model.spans(texts)
    monkeypatch.setattr(light, "_KNOWN", 5)
    monkeypatch.setattr(light, "_TOGETHER", 200)
    assert [[s[:3] for s in spans] for spans in model.spans(texts)] == [
        [s[:3] for s in spans] for spans in before
    ]
    assert len(model._words) < 60


def test_packing_keeps_values_within_a_step() -> None:
    source = np.random.default_rng(1)
    weights = {
        "word": source.normal(size=(8, 4)).astype(np.float32),
        "one": source.normal(size=(6, 5)).astype(np.float32),
    }
    back, frequency = unpack(pack(weights, {"frequency": np.arange(4, dtype=np.uint8)}))
    assert frequency.tolist() == [0, 1, 2, 3]
    for name, w in weights.items():
        assert np.abs(back[name] - w).max() <= np.abs(w).max() / 127


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04 not an archive", b"\x93NUMPY"])
def test_broken_weights_are_an_error(broken: bytes) -> None:
    with pytest.raises(WeightsError):
        LightModel(broken)


def test_changed_or_missing_weights_leave_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Dear Mrs Patel, we met Wei Zhang in Swindon."
    for attribute, value, why in (
        ("SHA256", "0" * 64, "does not match"),
        ("WEIGHTS", "gone.npz", "is missing"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(light, attribute, value)
            without = NamesRecogniser()
            assert without.model.startswith("none: ")
            assert why in without.model
            assert {text[d.start : d.end] for d in without.text([text])[0]} == {
                "Patel",
                "Wei Zhang",
                "Swindon",
            }


def test_released_model_is_named_and_pickled() -> None:
    recogniser = NamesRecogniser()
    assert recogniser.model == f"dpscan light names model {light.VERSION} (sha256 {light.SHA256[:12]})"
    texts = ["We met Siobhan Gallagher in Leeds.", ""]
    before = recogniser.text(texts)
    assert pickle.loads(pickle.dumps(recogniser)).text(texts) == before
    assert len(pickle.dumps(recogniser)) < 2000


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from scanner.recognisers.names import NamesRecogniser;"
        "assert NamesRecogniser().text(['Anna Smith lives in Leeds.'])[0];"
        "print(sorted({'spacy', 'presidio_analyzer', 'torch', 'faker', 'numpy.ma'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_long_text_in_pieces(model: LightModel) -> None:
    filler = "The committee met to consider the report and agreed it. " * 9000
    text = filler + "Then Siobhan Gallagher spoke.\n" + filler
    assert sum(len(piece) for _, piece in names.chunks(text, 40_000)) <= len(text)
    recogniser = NamesRecogniser()
    assert "Siobhan Gallagher" in {text[d.start : d.end] for d in recogniser.text([text])[0]}
