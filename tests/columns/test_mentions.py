"""Article 9 and 10 words in running text."""

from __future__ import annotations

import pytest

from scanner.recognisers.categories import CategoriesRecogniser

RECOGNISER = CategoriesRecogniser()


def found(text: str) -> list[tuple[str, str]]:
    return [(d.entity_type, text[d.start : d.end]) for d in RECOGNISER.text([text])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He has Type 2 diabetes mellitus.", [("HEALTH", "Type 2 diabetes mellitus")]),
        ("Mrs A is a Roman Catholic, White British.", [("RELIGION", "Roman Catholic"), ("ETHNICITY", "White British")]),
        ("previously convicted of common assault", [("CRIMINAL_OFFENCE", "convicted of"), ("CRIMINAL_OFFENCE", "common assault")]),
        ("a member of the Labour Party and of UNISON", [("POLITICAL_OPINION", "Labour Party"), ("TRADE_UNION", "UNISON")]),
        ("identifies as bisexual", [("SEXUAL_ORIENTATION", "bisexual")]),
        ("Parkinson’s disease", [("HEALTH", "Parkinson’s disease")]),
        ("İstanbul: asthma", [("HEALTH", "asthma")]),
    ],
)  # fmt: skip
def test_mentions(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["the labour market and labour costs", "a union of two sets", "the black car and the white van", "Green Lane", "Reading and Bath",
     "single status", "battery replaced", "condition of the roof: fair", "an independent review", ""],
)  # fmt: skip
def test_everyday_words_are_none(text: str) -> None:
    assert found(text) == []


def test_everything_is_possible_only() -> None:
    assert all(not d.validated and d.score < 0.6 for d in RECOGNISER.text(["asthma, epilepsy"])[0])
