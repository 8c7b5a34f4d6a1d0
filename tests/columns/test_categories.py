"""Whole columns of special categories and offences as forms, registers and systems write them, and what they are not."""

from __future__ import annotations

import pytest

from scanner import Detector
from scanner.columns.codes import formed

_DETECTOR = Detector()

_BY_VALUES = """
ETHNICITY          Wht Brit; Wht Irish; Blk African; Blk Caribbean; Asn Pakistani; Mixed; Refused
ETHNICITY          W1; W2; W9; M1; M9; A1; A9; B1; B9; O1; NS
SEXUAL_ORIENTATION straight; gay_lesbian; bisexual; other; prefer_not_to_say
SEXUAL_ORIENTATION 1 - Heterosexual; 2 - Gay or lesbian; 3 - Bisexual; 4 - Other; Z - Not stated
RELIGION           Halal; Kosher; No beef - religious; No pork - religious; None
RELIGION           Imam; Rabbi; RC priest; Anglican chaplain; Humanist pastoral carer
POLITICAL_OPINION  Leave; Remain; Did not vote; Prefer not to say
POLITICAL_OPINION  Yes to independence; No to independence; Undecided
TRADE_UNION        UNISON rep; GMB regional officer; Colleague; Unite rep; NASUWT rep
TRADE_UNION        UNISON subs; GMB subs; Unite subs; NEU subs
HEALTH             T1N0M0; T2N1M0; T3N2M1; T1cN0M0; T4N1M1
HEALTH             138/86; 121/79; 145/92; 118/76; 160/101; 133/84
HEALTH             0205051R0AAADAD; 0601022B0AAABAB; 0212000B0AAABAB; 0103050P0AAAAAA
HEALTH             G1P0; G2P1; G3P2; G4P2; G2P0+1
HEALTH             Hb 98 g/L; WCC 11.2; CRP 45; eGFR 38; ALT 67
HEALTH             Informal; Section 2; Section 3; Section 37/41; Section 136
GENETIC            46,XX; 46,XY; 47,XY,+21; 45,X; 47,XXY
GENETIC            Low chance T21; High chance T18; Low chance T13; Test failed
GENETIC            D3S1358 15,16; vWA 17,18; D16S539 11,12; FGA 21,24
BIOMETRIC          Thumb scan; Face capture; Iris capture; Palm scan; Declined
BIOMETRIC          Rk1SACAyMAAAAADwAAAB; Rk1SACAyMAAAAAEOAAAB; Rk1SACAyMAAAAAD2AAAB
CRIMINAL_OFFENCE   008/06; 105/01; 028/03; 092/60; 049/10
CRIMINAL_OFFENCE   SHPO; CBO; Restraining order; DVPO; Football banning order; None
CRIMINAL_OFFENCE   OGRS 34%; OGRS 67%; High RoSH; Medium RoSH
CRIMINAL_OFFENCE   6 wks imp susp 12m; Cond disch 12m; £120 fine; £85 costs; Disq 14 months
"""

_BY_NAME = """
TRADE_UNION        Check-off deduction       14.50; 16.20; 11.40; 9.75; 22.50
TRADE_UNION        On strike 1 Feb           Yes; No
BIOMETRIC          Biometric consent         Y; N; Refused; Withdrawn
BIOMETRIC          facial_recognition_score  0.98; 0.87; 0.93; 0.66; 0.71
HEALTH             Disability Y/N            Y; N; U
HEALTH             disability_code_hesa      00; 08; 51; 53; 54; 55; 96
ETHNICITY          Ethnic background (HESA)  10; 13; 15; 19; 21; 22; 29; 31; 32; 33; 80; 90
"""

_HARMLESS = """
Tyre size           205/55; 195/65; 225/45; 185/60
Room                A1; A2; B1; B2; M1; M2; W1
Grid ref            G1P4; G2P3; G3P1; G5P2
Pack                10 pcs; 5 pcs; 20 pcs; 100 pcs
Font variant        Regular; Bold; Italic; Bold Italic variant
Data breach type    Lost device; Misdirected email; Unauthorised access; Theft of laptop
Tree disease        Ash dieback; Dutch elm disease; Honey fungus; Canker
Point of interest   Methodist Church; St John's Church; Central Mosque; Baptist Chapel; Sikh Temple
Asset type          GPS tracker; Body worn camera; Fingerprint reader; CCTV camera
Recovery stage      Reminder; Final notice; Summons; Liability order; Enforcement agent
"""


def _split(text: str) -> list[list[str]]:
    return [[part for part in line.split("  ") if part.strip()] for line in text.strip().splitlines()]


def _found(name: str, values: str) -> str | None:
    cells = [v.strip() for v in values.split(";")]
    rows = [cells[i % len(cells)] for i in range(4 * len(cells) + 12)]
    people = [("Okafor, Ada", "Priya Patel", "Tom Jones", "Gwen Pugh")[i % 4] for i in range(len(rows))]
    table = {"id": [str(10_001 + i) for i in range(len(rows))], "name": people, name: rows}
    return _DETECTOR.columns(table)[name].entity_type


@pytest.mark.parametrize("line", _BY_VALUES.strip().splitlines())
def test_values_tell_under_a_name_that_says_nothing(line: str) -> None:
    wanted, values = line.split(maxsplit=1)
    assert _found("C7", values) == wanted


@pytest.mark.parametrize("line", _BY_NAME.strip().splitlines())
def test_the_name_tells_what_the_codes_do_not(line: str) -> None:
    wanted, rest = line.split(maxsplit=1)
    name, values = rest.split("  ", maxsplit=1)
    assert _found(name, values) == wanted


@pytest.mark.parametrize(("name", "values"), _split(_HARMLESS))
def test_other_things_are_of_no_category(name: str, values: str) -> None:
    assert _found(name, values) is None


@pytest.mark.parametrize(
    ("entity_type", "cell", "told"),
    [
        ("GENETIC", "47,XY,+21", True),
        ("GENETIC", "46,17", False),
        ("HEALTH", "pT2N0M0", True),
        ("HEALTH", "T2N0", False),
        ("HEALTH", "S117 aftercare", True),
        ("CRIMINAL_OFFENCE", "RSR 1.2", True),
        ("CRIMINAL_OFFENCE", "Category 1", False),
        ("TRADE_UNION", "GMB", False),
    ],
)
def test_forms_of_single_cells(entity_type: str, cell: str, told: bool) -> None:
    assert formed(entity_type, cell) is told
