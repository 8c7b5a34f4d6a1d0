"""How well whole texts are read: the marked texts, with and without a names model."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import Detector
from tests.recognisers import corpus

TEXTS = corpus.read(Path(__file__).with_name("texts.txt"))
GOLD = [marks for _, _, marks in TEXTS]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def explain(errors: list[tuple[int, str, str, int, int]]) -> str:
    return "\n".join(f"{what} {kind}: {TEXTS[i][1][start:end]!r}" for i, what, kind, start, end in errors)


def test_marked_texts(detector: Detector) -> None:
    precision, recall, errors = corpus.score(GOLD, detector.text([text for _, text, _ in TEXTS]))
    assert precision >= 0.95, explain(errors)
    assert recall >= 0.97, explain(errors)


def test_identifiers_need_no_model() -> None:
    kinds = {kind for marks in GOLD for kind, _, _ in marks} - {"PERSON"}
    plain = Detector(names=False)
    precision, recall, errors = corpus.score(GOLD, plain.text([text for _, text, _ in TEXTS]), kinds)
    assert precision >= 0.98, explain(errors)
    assert recall >= 0.98, explain(errors)


@pytest.mark.parametrize("kind", ["source code", "product list", "report"])
def test_texts_about_things_hold_no_identifier(detector: Detector, kind: str) -> None:
    for text in (text for found, text, _ in TEXTS if found == kind):
        state = [d for d in detector.text([text])[0] if d.entity_type.startswith("UK_") or d.validated]
        assert [d for d in state if d.entity_type not in ("DATE_TIME", "UK_VEHICLE_REGISTRATION")] == []


def test_spans_do_not_overlap_and_are_in_order(detector: Detector) -> None:
    for (_, text, _), found in zip(TEXTS, detector.text([text for _, text, _ in TEXTS]), strict=True):
        at = 0
        for d in found:
            assert at <= d.start < d.end <= len(text)
            assert 0 < d.score < 1
            assert d.reasons
            assert d.recogniser
            at = d.end


def test_same_texts_same_answer(detector: Detector) -> None:
    texts = [text for _, text, _ in TEXTS]
    assert detector.text(texts) == detector.text(texts)
    assert detector.text(texts[3:5]) == detector.text(texts)[3:5]
