"""Synthetic people and texts: reserved telephone numbers, example domains, invented names."""

from __future__ import annotations

HEADER = ("Forename", "Surname", "E-mail", "Telephone")
PEOPLE = tuple(
    (forename, surname, f"{forename}.{surname}@example.org".lower(), f"07700 9001{number:02}")
    for number, (forename, surname) in enumerate(
        [("Jane", "Okonkwo"), ("Jordan", "Mellor"), ("Priya", "Sharma"), ("Thomas", "Whitfield"),
         ("Aisha", "Rahman"), ("Callum", "Fraser"), ("Megan", "Griffiths"), ("Oliver", "Pemberton")]
    )
)  # fmt: skip
CODES_HEADER = ("Code", "Service", "Budget", "Ward")
CODES = tuple(
    (f"H{number:02}", service, str(1000 + 137 * number), ward)
    for number, (service, ward) in enumerate(
        [("Highways", "North"), ("Libraries", "South"), ("Waste", "East"), ("Parks", "West"),
         ("Street lighting", "North"), ("Planning", "South"), ("Leisure", "East"), ("Transport", "West")]
    )
)  # fmt: skip
SAYS = "Please ring Jane Okonkwo on 07700 900123 about her complaint before this goes out."
SAYS_NOTHING = "Totals checked against the ledger of the second quarter."


def table(people: bool) -> tuple[tuple[str, ...], ...]:
    return (HEADER, *PEOPLE) if people else (CODES_HEADER, *CODES)


def says(people: bool) -> str:
    return SAYS if people else SAYS_NOTHING


VISIBLE = (("Quarter", "Spend", "Change"), ("Q1", "120", "3"), ("Q2", "131", "11"), ("Q3", "126", "-5"))
