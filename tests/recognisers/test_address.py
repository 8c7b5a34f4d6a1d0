"""Addresses are one span; postcodes alone stay postcodes."""

from __future__ import annotations

import pytest

from scanner import Detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Mr J Smith\n14 Acacia Avenue\nLeeds\nLS1 4AP\n", "14 Acacia Avenue\nLeeds\nLS1 4AP"),
        ("She lives at 7 Mill Lane, Ambleside, LA22 9DH now.", "7 Mill Lane, Ambleside, LA22 9DH"),
        ("Address: Rose Cottage, Church Hill, Wells, Somerset BA5 2AA", "Rose Cottage, Church Hill, Wells, Somerset BA5 2AA"),
        ("Flat 3, Rose Court, 12 High Street, Norwich, NR2 1AA", "Flat 3, Rose Court, 12 High Street, Norwich, NR2 1AA"),
        ("moved to 12a St John's Road, London N1 2AB", "12a St John's Road, London N1 2AB"),
        ("12 HIGH STREET, LEEDS, LS1 4AP", "12 HIGH STREET, LEEDS, LS1 4AP"),
        ("pt at 12 high street, leeds ls1 4ap", "12 high street, leeds ls1 4ap"),
        ("The visit was to 221 Baker Street, London.", "221 Baker Street, London"),
        ("Unit 4, 10-12 Mill Road was inspected", "Unit 4, 10-12 Mill Road"),
        ("5 Heol Fawr, Cardiff, CF10 1AA", "5 Heol Fawr, Cardiff, CF10 1AA"),
        ("PO Box 123, Swansea, SA1 1AA", "PO Box 123, Swansea, SA1 1AA"),
        ("Registered at Tigh na Mara, Lochboisdale, Isle of South Uist, HS8 5TH since 2011", "Tigh na Mara, Lochboisdale, Isle of South Uist, HS8 5TH"),
        ("Home: Pen-y-Bryn, Cwmbach, Aberystwyth SY23 4LA; work: see HR", "Pen-y-Bryn, Cwmbach, Aberystwyth SY23 4LA"),
        ("lives alone. 22 Fen Causeway, March, PE15 9AB. Two alarms", "22 Fen Causeway, March, PE15 9AB"),
        ("Nationality British, of Plot 3 Cherry Tree Paddock, Gedding, Suffolk IP30 0QD", "Plot 3 Cherry Tree Paddock, Gedding, Suffolk IP30 0QD"),
        ("Police went to Hazel Court, Dudley Road, Wolverhampton at 4am", "Hazel Court, Dudley Road, Wolverhampton"),
        ("A man from Tennyson Avenue, Mablethorpe, was fined", "Tennyson Avenue, Mablethorpe"),
        ("drop it to 18 king edward ave worthing thx", "18 king edward ave worthing"),
        ("the job centre in high street, stourbridge has closed", "high street, stourbridge"),
        ("Tenants of 1-24 Grosvenor House, Agar Grove, NW1 must move", "1-24 Grosvenor House, Agar Grove, NW1"),
        ("he stays at flat 0/1 52 sauchiehall st glasgow.", "flat 0/1 52 sauchiehall st glasgow"),
        ("Send it to PO Box 12896, Belfast, BT1 9PG now", "PO Box 12896, Belfast, BT1 9PG"),
        ("Postal vote to BFPO 61.", "BFPO 61"),
        ("a branch on the corner of Deansgate and Peter Street, Manchester", "corner of Deansgate and Peter Street, Manchester"),
        ("from 1st Floor, Endeavour House, 8 Russell Road, Ipswich, IP1 2BX", "1st Floor, Endeavour House, 8 Russell Road, Ipswich, IP1 2BX"),
        ("44 Stratford-upon-Avon Road, Stoke-on-Trent, ST1 1AA", "44 Stratford-upon-Avon Road, Stoke-on-Trent, ST1 1AA"),
    ],
)  # fmt: skip
def test_one_span(detector: Detector, text: str, address: str) -> None:
    found = [text[d.start : d.end] for d in detector.text([text])[0] if d.entity_type == "ADDRESS"]
    assert found == [address]


@pytest.mark.parametrize(
    "text",
    [
        "The postcode is LS1 4AP.",
        "Deliveries to LS1 4AP are delayed",
        "We met Dr Jones, then drove home. LS1 4AP is the code.",
    ],
)
def test_a_postcode_alone(detector: Detector, text: str) -> None:
    kinds = [d.entity_type for d in detector.text([text])[0]]
    assert "UK_POSTCODE" in kinds
    assert "ADDRESS" not in kinds


@pytest.mark.parametrize(
    "text",
    [
        "12 Angry Men on the Road",
        "Copyright 2021 Iain Lane",
        "two people in the street, reading a book",
        "we walked 2 miles on a quiet lane, bath towels in hand",
        "she is on 3 and the road is long",
        "In 2019 the High Street had 14 shops",
        "There were 3 Close calls and 2 Green flags",
        "Section 12 Road Traffic Act",
        "We ordered 30 Brown Bank boxes and 6 Hill climbs",
        "Jane Smith, who came from Leeds, met 4 Close friends",
    ],
)
def test_no_address(detector: Detector, text: str) -> None:
    assert [d for d in detector.text([text])[0] if d.entity_type == "ADDRESS"] == []
