"""Synthetic tables and texts to measure on: seeded, no value belongs to anybody.

Two tables of the same twenty columns: in one, values come back as they do in real tables
(towns, statuses, dates, clients with many visits); in the other no value of any column
comes twice. Identifiers pass their checks, since those that do not are cheaper to judge.
"""

from __future__ import annotations

import datetime as dt
import random

FORENAMES = (
    "Oliver Amelia George Isla Muhammad Ava Noah Chidinma Priya Rhys Siobhan Agnieszka Tomasz Aisha Yusuf Ngozi "
    "Harpreet Olumide Zainab Hamish Catriona Aoife Declan Bronwen Gethin Sanjay Anjali Imran Nadia Peter Susan "
    "Margaret Brian Kenneth Doreen Maureen Derek Sheila Trevor Gillian Barry Joyce Leslie Tracey Darren Kayleigh"
).split()
SURNAMES = (
    "Smith Jones Patel Khan Okonkwo Williams Brown Taylor Nguyen Singh Kaur Begum Ahmed Davies Evans Thomas Johnson "
    "Roberts Walker Wright Robinson Thompson White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke "
    "Turner Hill Scott Cooper Morris Ward Moore King Watson Baker Harrison Morgan Adeyemi Mensah Nowak Popescu Malik"
).split()
STREETS = (
    "High Street,Station Road,Church Lane,Mill Lane,Victoria Road,Green Lane,Park Avenue,Queensway,Windsor Drive,"
    "Albert Terrace,Manor Close,Kings Road,School Lane,Grange Road,Elm Grove,Beech Court,Chapel Hill,North Parade"
).split(",")
TOWNS = "Leeds Bradford Wakefield Reading Bath York Lincoln Cardiff Swansea Glasgow Dundee Belfast Norwich Exeter".split()
AREAS = "LS BD WF RG BA YO LN CF SA G DD BT NR EX M B S NE SE SW".split()
WORDS = (
    "the client was seen at home today and reported that things are better since the last visit but sleep is poor "
    "agreed to call again next week about housing benefit forms school place respite short break review meeting with "
    "key worker family support plan transport arranged letter sent no reply yet will chase by phone on monday morning"
).split()
COLUMNS = (
    "record_id", "full_name", "date_of_birth", "nhs_number", "ni_number", "email", "mobile", "address", "town",
    "postcode", "gender", "ethnicity", "status", "order_ref", "amount", "created_at", "ip_address", "device_guid",
    "case_code", "notes",
)  # fmt: skip
_TOWN, _FIRST_DAY = "abcdefghijklmnoprstuw", dt.date(1935, 1, 1).toordinal()


def _nhs(r: random.Random) -> str:
    while True:
        number = str(r.choice((r.randrange(400_000_000, 500_000_000), r.randrange(600_000_000, 800_000_000))))
        check = 11 - sum(int(d) * w for d, w in zip(number, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return number + str(check % 11)


def _person(r: random.Random, i: int, distinct: bool) -> tuple[str, ...]:
    fore, sur, n = r.choice(FORENAMES), r.choice(SURNAMES), f"{i}" if distinct else f"{r.randrange(90)}"
    full = f"{fore} {r.choice('ABCDEFGHJKLMNPRSTW')}{r.choice('aeiou')}{r.choice('lmnrst')}{r.choice(_TOWN)}{r.choice(_TOWN)} {sur}" if distinct else f"{fore} {sur}"  # fmt: skip
    born = dt.date.fromordinal(
        _FIRST_DAY + (i * 17) % 27_000 if distinct else _FIRST_DAY + r.randrange(27_000)
    )
    area, street = r.choice(AREAS), r.choice(STREETS)
    return (
        full,
        f"{born:%d/%m/%Y}",
        _nhs(r),
        f"{r.choice('ABCEHJKLMPRSTWX')}{r.choice('ABCEHJKLMPRSTWX')}{r.randrange(10**6):06}{r.choice('ABCD')}",
        f"{fore}.{sur}{n}@{r.choice(('northmoor.gov.uk', 'westby.nhs.uk', 'mailbox.co.uk'))}".lower(),
        f"07{r.choice('4579')}{r.randrange(10**8):08}",
        f"{n} {street}",
        r.choice(TOWNS) if not distinct else f"{r.choice(TOWNS)} {r.choice(_TOWN)}{r.choice(_TOWN)}{i}",
        f"{area}{r.randrange(1, 28)} {r.randrange(1, 10)}{r.choice('ABDEFGHJLN')}{r.choice('PQRSTUWXYZ')}",
    )


def _guid(r: random.Random) -> str:
    h = f"{r.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def table(rows: int, *, distinct: bool, seed: int = 1) -> dict[str, list[str | None]]:
    """Column name to cells. `distinct`: (nearly) no value comes twice in a column."""
    r = random.Random(seed)
    people = [] if distinct else [_person(r, i, False) for i in range(max(50, rows // 20))]
    start = dt.datetime(2019, 1, 1)
    out: list[tuple[str, ...]] = []
    for i in range(rows):
        person = _person(r, i, True) if distinct else people[r.randrange(len(people))]
        if distinct:
            rest = (
                f"{r.choice('MF')}{i}", f"{r.choice('ABCDEFGHJ')}{i}", f"ST{i:07}", f"ORD-{r.randrange(10**9):09}",
                f"{r.randrange(10**8) / 100:.2f}", f"{start + dt.timedelta(seconds=i * 37):%Y-%m-%d %H:%M:%S}",
                f"{r.randrange(11, 220)}.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}", _guid(r),
                f"{r.choice('KXW')}{r.randrange(10**7):07}/{i % 97}",
                f"{' '.join(r.choices(WORDS, k=8))} {i}",
            )  # fmt: skip
        else:
            rest = (
                r.choice("MF"), r.choice("ABCDEFGHJ"), r.choice(("Open", "Closed", "On hold", "Referred")),
                f"ORD-{r.randrange(rows // 3 + 1):06}", f"{r.randrange(4_000) / 4:.2f}",
                f"{start + dt.timedelta(days=r.randrange(2_000)):%Y-%m-%d}",
                f"10.{r.randrange(4)}.{r.randrange(16)}.{r.randrange(1, 255)}", person[2][::-1] + "-0",
                f"{r.choice('KXW')}{r.randrange(300):05}", " ".join(r.choices(WORDS, k=5)) if r.random() < 0.3 else "",
            )  # fmt: skip
        out.append((str(i + 1), *person, *rest))
    return {
        name: [cell or None for cell in cells]
        for name, cells in zip(COLUMNS, zip(*out, strict=True), strict=True)
    }


def size(columns: dict[str, list[str | None]]) -> int:
    """Bytes of the table as CSV: cells, commas and line ends."""
    return sum(sum(len(c) if c else 0 for c in cells) + len(cells) for cells in columns.values())


def csv(columns: dict[str, list[str | None]]) -> str:
    """The table as CSV; no cell of it needs quotes."""
    lines = [",".join(columns)]
    lines += [",".join(cell or "" for cell in row) for row in zip(*columns.values(), strict=True)]
    return "\n".join(lines) + "\n"


def notes(count: int, seed: int = 1) -> list[str]:
    """Case notes of a few hundred characters, some with names and identifiers in them."""
    r = random.Random(seed)
    out = []
    for i in range(count):
        said = [
            " ".join(r.choices(WORDS, k=r.randrange(9, 16))).capitalize() + "."
            for _ in range(r.randrange(3, 7))
        ]
        person = _person(r, i, False)
        if i % 3 == 0:
            said.insert(
                1, f"Spoke to {r.choice(('Mr', 'Mrs', 'Ms'))} {person[0]} (NHS number {person[2]}) about it."
            )
        if i % 5 == 0:
            said.append(f"Call {person[5]} or write to {person[6]}, {r.choice(TOWNS)} {person[8]}.")
        out.append(" ".join(said))
    return out
