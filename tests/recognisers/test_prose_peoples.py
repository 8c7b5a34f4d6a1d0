"""Nationalities in prose: a person's or a people's, never a thing's."""

from __future__ import annotations

import pytest

from scanner import Detector
from scanner.recognisers.prose import ProseRecogniser


def nationalities(text: str) -> list[str]:
    return [
        text[d.start : d.end] for d in ProseRecogniser().text([text])[0] if d.entity_type == "NATIONALITY"
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("was a British Army officer who", ["British"]),
        ("The French actor said", ["French"]),
        ("Two Romanian nationals were held", ["Romanian"]),
        ("a Welsh international rugby union player", ["Welsh"]),
        ("a Nigerian-British novelist", ["Nigerian", "British"]),
        ("a Japanese-born Canadian physicist", ["Japanese", "Canadian"]),
        ("a Polish and naturalised-French physicist", ["Polish", "French"]),
        ("is a South African politician", ["South African"]),
        ("She is Polish and lives here.", ["Polish"]),
        ("I'm Scottish and cold", ["Scottish"]),
        ("He told them he was British.", ["British"]),
        ("her mother is Irish", ["Irish"]),
        ("The Americans have left", ["Americans"]),
        ("a young Spaniard", ["Spaniard"]),
        ("Iraqi forces retook it", ["Iraqi"]),
        ("an Eritrean Christian and left", ["Eritrean"]),
        ("French people are", ["French"]),
        ("Mr Ito is Japanese and came", ["Japanese"]),
        ("a Taiwanese violist", ["Taiwanese"]),
        ("a Peruvian Air Force general who", ["Peruvian"]),
        ("Renata Vilela, Brazilian volleyball player,", ["Brazilian"]),
        ("Sixteen French tourists", ["French"]),
        ("the Iraqi Prime Minister Karim", ["Iraqi"]),
    ],
)
def test_somebodys(text: str, wanted: list[str]) -> None:
    assert nationalities(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "She read English Literature and French",
        "French windows and a Danish pastry",
        "Turkish Airlines, British Airways and Scottish Power",
        "The Welsh Government and the German Embassy",
        "a Polish interpreter for the French teacher",
        "the Syrian government said",
        "the wine is French",
        "her first language is Polish",
        "a Chinese restaurant owner",
        "the Dutch auction",
        "Dawn French actress",
        "Mr English was seen",
        "Polish the floor, worker",
        "British Transport Police officer",
        "of Somali origin",
        "an American football player",
        "the English Channel",
        "the British Museum guide",
        "english actor",
        "the British general election",
        "the Polish national team",
        "the Slovak national identifier",
        "The Austrian postal code consists of four digits",
        "a Korean driver licence",
        "the Soviet communist regime",
        "The Japanese carmaker said",
    ],
)
def test_a_things(text: str) -> None:
    assert nationalities(text) == []


def test_identifiers_win() -> None:
    text = "Passport of the Polish national: 123456789, NHS number 943 476 5919, in May 2019"
    kinds = [d.entity_type for d in Detector(names=False).text([text])[0]]
    assert "UK_NHS" in kinds
    assert "NATIONALITY" in kinds
    assert kinds[-1] == "DATE_TIME"


def test_columns_are_not_asked() -> None:
    columns = {"notes": ["the French actor came in May 2019 and left in 2020"] * 60}
    result = Detector(names=False).columns(columns)["notes"]
    assert "DATE_TIME" not in result.hits
    assert "NATIONALITY" not in result.hits
