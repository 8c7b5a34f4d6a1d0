"""Dates of birth against other dates, and ages."""

from __future__ import annotations

import pytest

from scanner.recognisers.uk import UkRecogniser


def kinds(text: str) -> list[tuple[str, str]]:
    found = sorted(UkRecogniser().text([text])[0], key=lambda d: d.start)
    return [(d.entity_type, text[d.start : d.end]) for d in found]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("DOB: 03/04/1962", "03/04/1962"),
        ("d.o.b. 3.4.62", "3.4.62"),
        ("Date of birth (dd/mm/yyyy): 03/04/1962", "03/04/1962"),
        ("born on 17 June 1991", "17 June 1991"),
        ("born 17th of June 1991", "17th of June 1991"),
        ("He was born on June 17, 1991", "June 17, 1991"),
        ("date_of_birth=1962-04-03", "1962-04-03"),
        ("J Bloggs, 03/04/1962 (DOB)", "03/04/1962"),
        ("her birthday is 03-Apr-1962", "03-Apr-1962"),
    ],
)
def test_birth(text: str, date: str) -> None:
    assert ("DATE_OF_BIRTH", date) in kinds(text)


def test_only_the_date_that_is_meant() -> None:
    found = kinds("DOB 03/04/1962, admitted 14/05/2024, discharged 20/05/2024")
    assert [k for k, _ in found] == ["DATE_OF_BIRTH", "DATE_TIME", "DATE_TIME"]


@pytest.mark.parametrize(
    "text",
    [
        "Reviewed 14/05/2024",
        "from 1 April 2024 to 31 March 2025",
        "2024-05-14",
        "born 12/03/1896",
        "born 3 May 2041",
    ],
)
def test_other_dates(text: str) -> None:
    assert {k for k, _ in kinds(text)} == {"DATE_TIME"}


@pytest.mark.parametrize(
    "text",
    [
        "31/02/1962",
        "12/13/14/15",
        "ratio 3/4",
        "version 1.2.3",
        "version 2016.3.1",
        "31/02/1862",
        "99/99/9999",
    ],
)
def test_no_date(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "age"),
    [("aged 47 and", "aged 47"), ("his mother, 87 yrs. She", "87 yrs"), ("She is 29 and works", "29"), ("a 23-year-old man", "23-year-old"), ("Age: 81", "81"), ("she is 9 years old", "9 years old"), ("a 34yo", "34yo")],
)  # fmt: skip
def test_age(text: str, age: str) -> None:
    assert ("AGE", age) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "page 47",
        "aged 470",
        "aged 5% more",
        "in 23 years",
        "message 12",
        "for 87 years.",
        "she is 29 weeks pregnant",
        "it is 40, I think",
    ],
)
def test_no_age(text: str) -> None:
    assert "AGE" not in {k for k, _ in kinds(text)}
