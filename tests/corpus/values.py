"""Makers of synthetic cell values. No value belongs to anybody; identifiers are drawn at random
until their check passes, because real ranges are what columns must be judged on."""

from __future__ import annotations

import datetime as dt
import functools
import random
import string
import uuid
from collections.abc import Callable

from scanner.columns.evidence import Format, formats
from scanner.recognisers.uk import UkRecogniser

Rng = random.Random
D = string.digits
L = string.ascii_uppercase

FORE = """Oliver Amelia George Isla Muhammad Ava Noah Chidinma Priya Rhys Siobhan Agnieszka Tomasz Mei Li Aisha Yusuf Kwame Ngozi
Harpreet Gurpreet Olumide Zainab Fatima Hamish Catriona Aoife Declan Bronwen Gethin Dilys Sanjay Anjali Rukhsana Imran Nadia
Svetlana Andrei Ioana Beatriz Joao Mohamed Hodan Abdi Tariq Lakshmi Arun Wei Xin Thuy Minh Keisha Delroy Winston Marcia Jean-Paul
Peter Susan Margaret Brian Kenneth Doreen Maureen Derek Sheila Trevor Gillian Barry Joyce Leslie Tracey Darren Kayleigh Jordan
Callum Ellie Poppy Alfie Freya Archie Maisie Logan Ruby Ethan Phoebe Jacob Daisy Lewis Zara Theodore Saoirse Ffion Iestyn Aneurin
Temitope Chukwuemeka Folasade Adwoa Kofi Ebele Oluwaseun Shanelle Tyrell Parminder Manjit Balvinder Nasreen Shabnam Waleed""".split()
SUR = """Smith Jones Patel Khan Okonkwo Williams Brown Taylor Nguyen Singh Kaur Begum Ahmed Davies Evans Thomas Johnson Roberts
Walker Wright Robinson Thompson White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Scott
Cooper Morris Ward Moore King Watson Baker Harrison Morgan Young Allen Mitchell James Anderson Phillips Lee Bell Parker Davis
Adeyemi Mensah Boateng Nowak Kowalska Popescu O'Brien O'Connor MacDonald McAllister Llewellyn Gwynne Ap-Rhys Featherstonehaugh
Cholmondeley Postlethwaite Ramsbottom Entwistle Chowdhury Hussain Malik Rahman Chaudhry Sharma Gupta Iyer Nair Banerjee Zhang Wong
Chan Cheung Tran Pham Osei Asante Eze Nwachukwu Balogun Abiodun Diallo Ibrahim Warsame Yilmaz Georgiou Papadopoulos Rossi Ferreira
Kaczmarek Wojciechowska Szczepanski Ionescu Kovalenko Petrov Haddad Al-Sayed Bin-Laith Fitzgerald Fitzpatrick Gallagher Smyth-Jones
Quayle Corlett Kermode Trevithick Penhallow Tregear Carrow Blythe-Hughes Thwaite Oldcastle Wexcombe Garsdale Hepplethwaite Brackenrig""".split()
TOWNS = """Leeds Bradford Wakefield Huddersfield Reading Bath York Lincoln Preston Cardiff Swansea Newport Glasgow Dundee Perth Belfast
Derry Lisburn Norwich Ipswich Colchester Plymouth Exeter Truro Taunton Gloucester Cheltenham Worcester Hereford Shrewsbury Stafford
Derby Nottingham Leicester Northampton Luton Watford Slough Guildford Crawley Hove Brighton Hastings Dover Maidstone Sunderland
Gateshead Durham Darlington Middlesbrough Carlisle Kendal Lancaster Burnley Bolton Wigan Oldham Rochdale Stockport Chester""".split()
STREETS = """High Street;Station Road;Church Lane;Mill Lane;Victoria Road;Green Lane;Park Avenue;Queensway;The Crescent;Windsor Drive;
Albert Terrace;Manor Close;Kings Road;School Lane;Grange Road;Elm Grove;Beech Court;Chapel Hill;North Parade;Meadow View;Oakfield Gardens;
Springfield Way;Bridge Street;Market Place;Holly Mews;Castle Rise;Priory Walk;St John's Road;Hawthorn Avenue;Orchard Close""".replace("\n", "").split(";")  # fmt: skip
AREAS = "LS BD HX WF HD YO HU DN S NG DE LE NN CV B WS WV ST CW CH L WA M OL BL SK PR FY LA CA NE SR DH TS CF SA LL G EH AB DD BT EX PL TR BS BA SN OX RG SL GU".split()


@functools.cache
def _formats() -> dict[str, Format]:
    return formats(UkRecogniser().identifiers())


def valid(entity_type: str) -> Callable[[str], bool]:
    """The product's own check of one type: what is drawn must be what it claims to be."""
    return _formats()[entity_type].passes


def pick(rng: Rng, text: str) -> str:
    return rng.choice([p.strip() for p in text.split("|")])


def digits(rng: Rng, n: int) -> str:
    return "".join(rng.choice(D) for _ in range(n))


def until(make: Callable[[], str], ok: Callable[[str], bool]) -> str:
    for _ in range(10_000):
        value = make()
        if ok(value):
            return value
    raise AssertionError("the maker never satisfies its check")


def sur(rng: Rng) -> str:
    if rng.random() < 0.05:
        return f"{rng.choice(SUR)}-{rng.choice(SUR)}"
    return rng.choice(SUR)


def nhs(rng: Rng) -> str:
    v = until(lambda: rng.choice("4446679") + digits(rng, 9), valid("UK_NHS"))
    return f"{v[:3]} {v[3:6]} {v[6:]}" if rng.random() < 0.4 else v


def chi(rng: Rng) -> str:
    return until(lambda: birthday(rng).strftime("%d%m%y") + digits(rng, 4), valid("UK_CHI"))


def hcn(rng: Rng) -> str:
    return until(lambda: "3" + digits(rng, 9), valid("UK_HCN"))


def utr(rng: Rng) -> str:
    return until(lambda: digits(rng, 10), valid("UK_UTR"))


def uln(rng: Rng) -> str:
    return until(lambda: rng.choice("123456789") + digits(rng, 9), valid("UK_ULN"))


def upn(rng: Rng) -> str:
    return until(
        lambda: (
            rng.choice("ABCDEFGHJKLMNPQRTUVWXYZ")
            + rng.choice(("801", "202", "330", "352", "925"))
            + digits(rng, 9)
        ),
        valid("UK_UPN"),
    )


def nino(rng: Rng) -> str:
    v = until(
        lambda: (
            rng.choice("ABCEGHJKLMNPRSTWXYZ")
            + rng.choice("ABCEGHJKLMNPRSTWXYZ")
            + digits(rng, 6)
            + rng.choice("ABCD")
        ),
        valid("UK_NINO"),
    )
    style = rng.random()
    return (
        f"{v[:2]} {v[2:4]} {v[4:6]} {v[6:8]} {v[8]}"
        if style < 0.3
        else v.lower()
        if style < 0.35
        else v[:8]
        if style < 0.4
        else v
    )


def passport(rng: Rng) -> str:
    return rng.choice("123456789") + digits(rng, 8)


def licence(rng: Rng) -> str:
    def make() -> str:
        b, female = birthday(rng), rng.random() < 0.5
        y = b.strftime("%y")
        return ((sur(rng).upper().replace("-", "").replace("'", "") + "99999")[:5] + y[0] + f"{b.month + 50 * female:02d}" + b.strftime("%d") + y[1]
                + rng.choice(L) + rng.choice(L + "9") + "9" + rng.choice(L) + rng.choice(L))  # fmt: skip

    return until(make, valid("UK_DRIVING_LICENCE"))


def vrm(rng: Rng) -> str:
    v = until(lambda: rng.choice("ABCDEFGHKLMNPRSVWY") + rng.choice("ABCDEFGHJKLMNPRSTUVWXY") + f"{rng.choice((1, 51)) + rng.randint(2, 22):02d}"
              + "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3)), valid("UK_VEHICLE_REGISTRATION"))  # fmt: skip
    return f"{v[:4]} {v[4:]}" if rng.random() < 0.6 else v


def pnc(rng: Rng) -> str:
    return until(
        lambda: (
            f"{rng.choice(('19', '20', ''))}{digits(rng, 2)}/{rng.randint(1, 9999999)}{rng.choice('ZABCDEFGHJKLMNPQRTUVWXY')}"
        ),
        valid("UK_PNC_ID"),
    )


def cro(rng: Rng) -> str:
    return until(
        lambda: f"{rng.randint(1, 999999)}/{digits(rng, 2)}{rng.choice('ZABCDEFGHJKLMNPQRTUVWXY')}",
        valid("UK_CRO_NUMBER"),
    )


def iban(rng: Rng) -> str:
    bank = rng.choice(("NWBK", "LOYD", "BARC", "MIDL", "HBUK"))
    return until(lambda: f"GB{digits(rng, 2)}{bank}{digits(rng, 14)}", valid("IBAN_CODE"))


def card(rng: Rng) -> str:
    v = until(
        lambda: rng.choice(("4", "51", "55")) + digits(rng, 14 + rng.choice((0, 1))),
        lambda x: len(x) == 16 and valid("CREDIT_CARD")(x),
    )
    return " ".join(v[i : i + 4] for i in range(0, 16, 4)) if rng.random() < 0.3 else v


def sort_code(rng: Rng) -> str:
    v = f"{rng.choice((20, 30, 40, 60, 77, 9)):02d}{digits(rng, 4)}"
    return f"{v[:2]}-{v[2:4]}-{v[4:]}"


def phone(rng: Rng) -> str:
    mobile = rng.random() < 0.6
    v = (
        f"07700 900{digits(rng, 3)}"
        if rng.random() < 0.1
        else until(
            lambda: (
                f"07{rng.choice('3456789')}{digits(rng, 2)} {digits(rng, 6)}"
                if mobile
                else rng.choice(("0113 ", "0161 ", "0121 ", "020 7")) + digits(rng, 7)
            ),
            valid("PHONE_NUMBER"),
        )
    )
    return "+44" + v[1:] if rng.random() < 0.15 else v.replace(" ", "") if rng.random() < 0.5 else v


def mobile_no_zero(rng: Rng) -> str:
    return until(lambda: f"7{rng.choice('3456789')}{digits(rng, 8)}", valid("PHONE_NUMBER"))


def email(rng: Rng) -> str:
    f, s = rng.choice(FORE).lower(), sur(rng).lower().replace("'", "")
    host = rng.choice(
        ("example.org", "example.com", "mail.example.net", "gmail.com", "btinternet.com", "leeds.gov.uk")
    )
    return rng.choice((f"{f}.{s}@{host}", f"{f[0]}{s}{rng.randint(1, 99)}@{host}", f"{s}_{f}@{host}"))


def postcode(rng: Rng) -> str:
    inward = rng.choice(D) + "".join(rng.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
    sep = " " if rng.random() < 0.9 else ""
    return f"{rng.choice(AREAS)}{rng.randint(1, 29)}{sep}{inward}"


def street(rng: Rng) -> str:
    flat = f"Flat {rng.randint(1, 40)}, " if rng.random() < 0.15 else ""
    return f"{flat}{rng.randint(1, 220)}{rng.choice(('', '', '', 'A'))} {rng.choice(STREETS)}"


def address(rng: Rng) -> str:
    return f"{street(rng)}, {rng.choice(TOWNS)}, {postcode(rng)}"


def birthday(rng: Rng, oldest: int = 1932, newest: int = 2006) -> dt.date:
    return dt.date(oldest, 1, 1) + dt.timedelta(days=rng.randint(0, (newest - oldest) * 365))


def recent(rng: Rng, years: int = 4) -> dt.date:
    day = dt.date(2025, 12, 31) - dt.timedelta(days=rng.randint(0, years * 365))
    return day - dt.timedelta(days=max(0, day.weekday() - 4)) if rng.random() < 0.8 else day


def username(rng: Rng) -> str:
    f, s = rng.choice(FORE).lower(), sur(rng).lower().replace("'", "").replace("-", "")
    return rng.choice(
        (f"{f[0]}{s}", f"{s}{f[0]}{rng.randint(1, 9)}", f"{f[0]}.{s}", f"{f[0]}{s}{rng.randint(1, 99)}")
    )


def password(rng: Rng) -> str:
    return "".join(rng.choice(string.ascii_letters + D + "!$%&*?") for _ in range(rng.randint(8, 14)))


def guid(rng: Rng) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128)))


def note(rng: Rng) -> str:
    return rng.choice((
        "Rang the office about the repair, no answer, will try again next week.",
        "Site visit completed; the drainage works are due to finish on time and within budget.",
        "Application received and passed to the team for validation. Awaiting payment.",
        "Contractor asked for an extension of two weeks because of the weather.",
        "Bins not collected from the whole street, crew reported blocked access.",
        "Meeting held to discuss the budget, actions agreed and circulated.",
    ))  # fmt: skip


def case_note(rng: Rng) -> str:
    f, s = rng.choice(FORE), sur(rng)
    return rng.choice((
        f"Home visit to {f} {s}, who is struggling with {pick(rng, 'asthma|depression|type 2 diabetes|COPD|epilepsy')}. NI {nino(rng).upper()}.",
        f"Spoke to {f} {s} on {phone(rng)}; mum says he was arrested for common assault last month.",
        f"{f} {s} attends the mosque and asked for a Muslim carer. Email {email(rng)}.",
        f"Call from {s}, {f}. NHS number {nhs(rng)}. Lives at {address(rng)}.",
        "No contact this week, left voicemail.",
    ))  # fmt: skip
