"""Invented people whose numbers pass their checks: made here, so that none stands in the repository.

Ranges kept for tests would not do: finding nothing in them is what is promised. Nobody is meant; the
names are put together at random.
"""

from __future__ import annotations

import dataclasses
import random

_GIVEN = (
    "Aurelija",
    "Chidinma",
    "Tomasz",
    "Priya",
    "Owen",
    "Bronwen",
    "Callum",
    "Siobhan",
    "Mehmet",
    "Yasmin",
)
_FAMILY = ("Kowalczyk", "Okonkwo", "Pritchard", "Featherstone", "Adeyemi", "Mellor", "Gallagher", "Siddiqui")


@dataclasses.dataclass(frozen=True)
class Person:
    given: str
    family: str
    nhs: str
    nino: str
    born: str
    email: str
    phone: str

    @property
    def values(self) -> tuple[str, ...]:
        """What must not be found in anything written."""
        return (self.given, self.family, self.nhs, self.nino, self.born, self.email, self.phone)


def people(count: int, seed: int = 7) -> list[Person]:
    choice = random.Random(seed)
    return [_person(choice) for _ in range(count)]


def _person(choice: random.Random) -> Person:
    given, family = choice.choice(_GIVEN), choice.choice(_FAMILY)
    return Person(
        given,
        family,
        _nhs(choice),
        choice.choice(("JR", "KL", "PN", "SX"))
        + "".join(choice.choices("2345678", k=6))
        + choice.choice("ABCD"),
        f"{choice.randint(1940, 2004)}-{choice.randint(1, 12):02d}-{choice.randint(1, 28):02d}",
        f"{given}.{family}{choice.randint(10, 99)}@gmail.com".lower(),
        f"07911 {choice.randint(120_000, 987_000)}",
    )


def _nhs(choice: random.Random) -> str:
    """Ten digits with a check digit (modulus 11), in the range that is issued in England."""
    while True:
        first = [4, *(choice.randint(0, 9) for _ in range(8))]
        check = 11 - sum((10 - i) * digit for i, digit in enumerate(first)) % 11
        if check != 10:
            return "".join(map(str, first)) + str(check % 11)
