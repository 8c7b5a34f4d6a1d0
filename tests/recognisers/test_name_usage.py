"""Names that only the words around them give away."""

from __future__ import annotations

import pytest

from scanner import Detector
from scanner.recognisers.name_patterns import person
from scanner.recognisers.name_usage import again, usage
from scanner.recognisers.place_usage import place_usage


def names(text: str) -> set[str]:
    return {text[d.start : d.end] for d in usage(text)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("See you Monday.\nTa,\nRimi", "Rimi"),
        ("Kind regards\n\nF. M. Abernethy\nHead of Service", "F. M. Abernethy"),
        ('Ex-serviceman Ronald "Taff" Prosser attended', 'Ronald "Taff" Prosser'),
        ("Love to Uncle Desmond and all", "Desmond"),
        ("Interviewed by Officer Penry about it", "Penry"),
        ("mrs appleyard rang again", "appleyard"),
        ("Ann Tolliver, née Bright, kept bees", "Bright"),
        ("the late Brigadier General Peter Holt", "Peter Holt"),
        ("hi debs, can you ring back", "debs"),
        ("Post to: Dilys Roper, at the farm", "Dilys Roper"),
        ("Children: Aisha (9) and", "Aisha"),
        ('From: "Bhattacharya, Rimi" <r@example.org>\nTo: all', "Bhattacharya, Rimi"),
    ],
)
def test_found(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "hi all, the minutes are attached",
        "hello team, see below",
        "the mr cleaner product",
        "ring the office, please",
        "Thanks,\nDemocratic Services",
        "Officer Training Day is in May",
        "Major Works Board",
        "General Election on Thursday",
        "Model (9) and Section (4)",
        "I miss the bus",
        "Lieutenant General of the army",
    ],
)
def test_not_found(text: str) -> None:
    assert names(text) == set()


def test_somebody_named_in_full_before() -> None:
    text = "Miriam Holt spoke in Leeds. Later Holt said that Holt Road in Holt was closed."
    found = [text[d.start : d.end] for d in again(text, [person(0, 11, 0.8, "test")])]
    assert found == ["Holt"]
    assert [d.start for d in again(text, [person(0, 11, 0.8, "test")])] == [text.index("Holt said")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a plumber in Crewe please", "Crewe"),
        ("4,000 homes in County Down lost power", "County Down"),
        ("would close the Strait of Hormuz today", "Strait of Hormuz"),
        ("even here in scotland it rains", "scotland"),
        ("one goal, against Slovakia, in 1994", "Slovakia"),
        ("Brazil vs Croatia", "Croatia"),
        ("on another UK tour", "UK"),
    ],
)
def test_places(text: str, place: str) -> None:
    assert place in {text[d.start : d.end] for d in place_usage(text)}


@pytest.mark.parametrize(
    "text",
    [
        "went to Manchester United",
        "England beat Wales 3-1",
        "the Crewe Arms",
        "in March we will read",
        "near Battle of Hastings",
    ],
)
def test_no_places(text: str) -> None:
    assert list(place_usage(text)) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Callum Reddish, 22, outside the pub", "AGE", "22"),
        ("user Marguerite Ogden (mogden) is locked out", "USERNAME", "mogden"),
        ("records show user putton3 connected", "USERNAME", "putton3"),
        ("messages from @coreyb_91 on Instagram", "USERNAME", "@coreyb_91"),
        ("Temporary password Winter!Fox88 given", "PASSWORD", "Winter!Fox88"),
        ("Salary £31,250 per annum", "SALARY", "£31,250 per annum"),
        ("BACS to 40-11-62 / 21904438 today", "UK_BANK_ACCOUNT", "21904438"),
        ("Mr Corey Blight (b 1991-08-15)", "DATE_OF_BIRTH", "1991-08-15"),
    ],
)
def test_what_names_and_labels_bring(text: str, kind: str, value: str) -> None:
    assert (kind, value) in {(d.entity_type, text[d.start : d.end]) for d in Detector().text([text])[0]}


@pytest.mark.parametrize(
    "text", ["password reset emails", "the user guide page", "thanks @council for the bins"]
)
def test_labels_without_a_value(text: str) -> None:
    assert not {d.entity_type for d in Detector(names=False).text([text])[0]} & {"PASSWORD", "USERNAME"}


def test_stations_are_places_and_ships_are_nobody() -> None:
    texts = [
        "Two Tornado GR4s from RAF Akrotiri struck Daesh near Sinjar.",
        "He served at RAF Lossiemouth and RAF Waddington.",
        "HMS Duncan sailed for Gibraltar.",
        "We met in Reading on Monday.",
    ]
    found = [
        {(d.entity_type, t[d.start : d.end]) for d in hits if d.entity_type in ("PERSON", "LOCATION")}
        for t, hits in zip(texts, Detector().text(texts), strict=True)
    ]
    assert not any(kind == "PERSON" for hits in found for kind, _ in hits)
    assert ("LOCATION", "Akrotiri") in found[0]
    assert ("LOCATION", "Reading") in found[3]
