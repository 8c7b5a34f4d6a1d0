"""Nationality and marital status where the text says that they are somebody's."""

from __future__ import annotations

import pytest

from scanner.recognisers.attributes import attributes
from scanner.recognisers.categories import CategoriesRecogniser


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nationality: Eritrean\nBRP", ("NATIONALITY", "Eritrean")),
        ("She is a Vietnamese national.", ("NATIONALITY", "Vietnamese")),
        ("his nationality is Polish", ("NATIONALITY", "Polish")),
        ("Marital status: Civil partnership", ("MARITAL_STATUS", "Civil partnership")),
        ("Widowed, lives alone", ("MARITAL_STATUS", "Widowed")),
    ],
)
def test_found(text: str, found: tuple[str, str]) -> None:
    assert [(d.entity_type, text[d.start : d.end]) for d in attributes(text)] == [found]
    assert found[0] in {d.entity_type for d in CategoriesRecogniser().text([text])[0]}


@pytest.mark.parametrize(
    "text",
    [
        "a Polish interpreter",
        "the British National Party",
        "nationality not known",
        "married quarters",
        "National Grid",
    ],
)
def test_not_found(text: str) -> None:
    assert list(attributes(text)) == []
