"""Notes of offices and addresses of public places, as the marked texts of the corpus have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import Detector
from tests.recognisers import corpus

TEXTS = Path(__file__).parent.parent / "corpus" / "text"
_NAMED = {"PERSON", "LOCATION", "DATE_TIME", "URL"}
"""Judged elsewhere: by the tests of the names model and of dates in prose."""


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def scored(detector: Detector, name: str, kinds: set[str] | None = None) -> tuple[float, float, str]:
    documents = corpus.read(TEXTS / name)
    gold = [marks for _, _, marks in documents]
    wanted = kinds or {kind for marks in gold for kind, _, _ in marks} - _NAMED
    found = detector.text([text for _, text, _ in documents])
    precision, recall, errors = corpus.score(gold, found, wanted)
    lines = (f"{what} {kind}: {documents[i][1][start:end]!r}" for i, what, kind, start, end in errors)
    return precision, recall, "\n".join(lines)


def test_identifiers_in_notes(detector: Detector) -> None:
    from scanner.model import entity

    documents = corpus.read(TEXTS / "further.txt")
    kinds = {kind for _, _, marks in documents for kind, _, _ in marks} - _NAMED
    kinds = {kind for kind in kinds if entity(kind).group not in ("special", "offence", "attribute")}
    assert len(kinds) > 30
    precision, recall, errors = scored(detector, "further.txt", kinds)
    assert precision >= 0.97, errors
    assert recall >= 0.9, errors


def test_addresses_of_public_places(detector: Detector) -> None:
    precision, recall, errors = scored(detector, "places.txt", {"ADDRESS"})
    assert precision >= 0.97, errors
    assert recall >= 0.94, errors
