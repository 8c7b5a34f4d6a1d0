"""Words that tell of a category, ways of writing names and places, and names of columns taken at their word."""

from __future__ import annotations

import pytest

from scanner.columns.fields import FIELDS
from scanner.columns.wording import cell_words, topic, worded
from scanner.columns.written import FOREIGN_STREET, HASHED, ZIP, as_names, numbered_names, town_like
from scanner.common.lexicon import normalise
from scanner.model import entity
from tests.columns.test_header_names import _READER
from tests.corpus.score import patterns_only

_TOLD = """
ETHNICITY            A White: British
ETHNICITY            1 - White North European
ETHNICITY            Any other Mixed / Multiple ethnic background
ETHNICITY            Black or Black British - African (United Kingdom)
RELIGION             Christian (all denominations)
SEXUAL_ORIENTATION   Same-sex (female)
MARITAL_STATUS       Separated but still legally married
NATIONALITY          UK national
HEALTH               COPD - breathless after 20m
HEALTH               Normal pregnancy
HEALTH               Anemia (disorder)
HEALTH               Deaf - BSL user
CRIMINAL_OFFENCE     CU80 mobile phone
CRIMINAL_OFFENCE     S47 AOABH
CRIMINAL_OFFENCE     Committed for sentence
CRIMINAL_OFFENCE     Common assault 2009
"""
_NOT_TOLD = """
ETHNICITY            White
ETHNICITY            White spirit
ETHNICITY            Black bin bags
RELIGION             Church Lane
HEALTH               Stroke Unit
HEALTH               Mental Health Nurse
HEALTH               Diabetes UK
HEALTH               Oncology
CRIMINAL_OFFENCE     Fraud team
CRIMINAL_OFFENCE     fraud_Kelley-Reilly
CRIMINAL_OFFENCE     Charged
POLITICAL_OPINION    Green Lane
"""


def _cases(text: str) -> list[tuple[str, str]]:
    return [(t, v.strip()) for t, _, v in (line.partition(" ") for line in text.strip().splitlines())]


@pytest.mark.parametrize(("entity_type", "cell"), _cases(_TOLD))
def test_words_that_tell(entity_type: str, cell: str) -> None:
    text = normalise(cell.replace("(United Kingdom)", ""))
    assert worded(entity_type, text, cell_words(text)) == 2


@pytest.mark.parametrize(("entity_type", "cell"), _cases(_NOT_TOLD))
def test_words_of_other_things(entity_type: str, cell: str) -> None:
    text = normalise(cell)
    assert worded(entity_type, text, cell_words(text)) == 0


@pytest.mark.parametrize(
    ("name", "about"),
    [("hypertension", "HEALTH"), ("heart_disease", "HEALTH"), ("avg_glucose_level", "HEALTH"), ("Foetal exposure", "HEALTH"),
     ("Deaths from cancer", None), ("engine stroke", None), ("Stroke unit", None), ("Property stolen", None), ("Burglary count", None)],
)  # fmt: skip
def test_names_that_are_illnesses(name: str, about: str | None) -> None:
    assert topic(_READER.read(name).words) == about


def test_published_field_names_are_of_known_types() -> None:
    assert all(entity(entity_type).name == entity_type for entity_type in FIELDS.values())
    assert _READER.read("KONFE").says("RELIGION") == 1.0
    assert _READER.read("PA0002.GBDAT").says("DATE_OF_BIRTH") == 1.0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["Mr & Mrs Lewis", "Dr and Ms Okafor"], ["Mr Lewis", "Dr Okafor"]),
        (["Amber Parker (100200)", "Yusuf Demir (100201)"], ["Amber Parker", "Yusuf Demir"]),
        (["OKAFOR/NGOZI MRS", "PARKER/AMBER MISS", "LEWIS/JO DR"], ["OKAFOR, NGOZI", "PARKER, AMBER", "LEWIS, JO"]),
        (["Mary716 Patel965", "Ryan622 Yates319"], ["Mary Patel", "Ryan Yates"]),
        (["Gurpreet & Charlotte Sandhu", "Jo and Scott Smith"], ["Charlotte Sandhu", "Scott Smith"]),
        (["acme/george", "acme/web", "acme/api", "acme/ui", "acme/db"], ["acme/george", "acme/web", "acme/api", "acme/ui", "acme/db"]),
        (["Jane Eyre", "Adam Bede"], ["Jane Eyre", "Adam Bede"]),
    ],
)  # fmt: skip
def test_names_as_systems_write_them(written: list[str], read: list[str]) -> None:
    assert as_names(written) == read


def test_numbered_names_are_no_logins() -> None:
    assert numbered_names(["Renee255", "Sylvia331", "Paul842", "Noah12", "Mia7"])
    assert not numbered_names(["rsmith255", "sjones331", "plee842", "nroe12", "mdoe7"])


def test_places_abroad_and_made_up() -> None:
    assert all(
        FOREIGN_STREET.fullmatch(s) for s in ("Beckmanngasse 33-84", "Via Mocenigo, 4", "12 rue de la Paix", "ulica Dojazdowa 65/73")
    )  # fmt: skip
    assert not FOREIGN_STREET.fullmatch("Worn washer")
    assert town_like("north megan") and town_like("hansenhaven") and not town_like("finance")
    assert all(ZIP.fullmatch(z) for z in ("12345", "12-345", "SW1A 1AA", "D02 X285")) and not ZIP.fullmatch(
        "Leeds"
    )


def test_hashes_of_passwords() -> None:
    assert HASHED.fullmatch("$2b$10$" + "a" * 53) and HASHED.fullmatch("{SSHA}" + "b" * 30)
    assert not HASHED.fullmatch("cus_6sS1mrbu2QbjNT")


_JUDGE = patterns_only()
_PEOPLE = ["Amina Okafor", "Jane Hughes", "Peter Lewis", "Sarah Evans", "David Morris", "Mary Clark"] * 5


def test_a_name_is_believed_among_people() -> None:
    answers: list[str | None] = ["Yes", "No", "I do not wish to answer"] * 10
    assert (
        _JUDGE({"Name": _PEOPLE, "Disability Status": answers})["Disability Status"].entity_type == "HEALTH"
    )


def test_a_name_that_other_things_bear_needs_its_kin() -> None:
    plea: list[str | None] = ["Entered", "Not entered", "Deferred"] * 10
    offences: list[str | None] = ["Theft from shop", "Common assault", "Burglary dwelling"] * 10
    assert _JUDGE({"Name": _PEOPLE, "Plea": plea})["Plea"].entity_type is None
    assert (
        _JUDGE({"Name": _PEOPLE, "Charge": offences, "Plea": plea})["Plea"].entity_type == "CRIMINAL_OFFENCE"
    )


def test_animals_are_no_patients() -> None:
    ills: list[str | None] = ["Arthritis", "Obesity", "Vomiting", "Dermatitis"] * 8
    assert _JUDGE({"Owner": _PEOPLE + _PEOPLE[:2], "Diagnosis": ills})["Diagnosis"].entity_type == "HEALTH"
    table: dict[str, list[str | None]] = {
        "Owner": [*_PEOPLE, *_PEOPLE[:2]],
        "Species": ["Dog", "Cat"] * 16,
        "Diagnosis": ills,
    }
    assert _JUDGE(table)["Diagnosis"].entity_type is None
