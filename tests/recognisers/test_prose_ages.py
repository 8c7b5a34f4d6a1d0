"""Ages as notes of cases write them."""

from __future__ import annotations

import pytest

from scanner.recognisers.prose import ProseRecogniser


def found(text: str) -> list[str]:
    return [text[d.start : d.end] for d in ProseRecogniser().text([text])[0] if d.entity_type == "AGE"]


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("71F. BIBA after fall", ["71F"]),
        ("states wife 34 yrs, 39/40", ["34 yrs"]),
        ("F / 01.01.69 / 56y. Locn", ["56y"]),
        ("He's 16 next month", ["16"]),
        ("shes only 18 months. can you ring", ["18 months"]),
        ("Mum + 3 kids (9, 6, 11 months). UC", ["9", "6", "11 months"]),
        ("2 kids under 5. Rang off", ["5"]),
        ("We are both over 75 and cannot climb", ["75"]),
        ("white male, about 30, skinny", ["30"]),
        ("a man in his seventies, a woman in her mid 30s.", ["his seventies", "her mid 30s"]),
        ("8 wks old baby", ["8 wks old"]),
        ("she's ninety-one, she's at home", ["ninety-one"]),
    ],
)
def test_ages(text: str, ages: list[str]) -> None:
    assert found(text) == ages


@pytest.mark.parametrize(
    "text",
    [
        "Pt moved to bed 36F",
        "size 36F, two of",
        "a male, 5 weeks later",
        "the patient waited 18 months. Then",
        "lit by 25M of cable, £25M in all",
        "she waited under 5 minutes",
        "about 30, maybe more",
        "he served 12 years in custody",
        "it's 16 next on the list",
        "ninety-one boxes",
    ],
)
def test_other_numbers(text: str) -> None:
    assert found(text) == []
