"""Hits and near misses of every format. All values are synthetic or published examples."""

from __future__ import annotations

import random
import re
import string

import pytest

from scanner.contracts import Identifier, OffersIdentifiers, Recogniser
from scanner.model import ENTITY_TYPES
from scanner.recognisers.uk import SPECS, UkRecogniser
from scanner.recognisers.uk.spec import Route

N = "\u00a0"
# title: (a sentence that introduces the value, hits, near misses)
TABLE: dict[str, tuple[str, list[str], list[str]]] = {
    "NHS number": (
        "NHS number: {}",
        ["943 476 5919", "9434765919", "943-476-5919", f"943{N}476{N}5919", "401 023 2137", "9990123454"],
        ["943 476 5918", "485 777 3456", "0000000000", "1111111111", "5434765919", "94347659190", "94 34 76 59 19"],
    ),
    "CHI number": (
        "CHI {}",
        ["0101901003", "010190 1011", "010190-1038"],
        ["0101901004", "3201901003", "0113901003", "0000000000", "010190100"],
    ),
    "Health and Care number": (
        "H&C number {}",
        ["320 123 4508", "3201234516", "320-123-4524"],
        ["3201234517", "3200000000", "4201234508", "32012345"],
    ),
    "GMC number": ("GMC number {}", ["7012345", "6123456"], ["0000000", "9012345", "701234", "70123456"]),
    "NMC PIN": ("NMC PIN {}", ["99I1234E", "12A0042S", "99 I 1234 E"], ["99Z1234E", "99I1234Q", "99I123E", "9I1234E"]),
    "taxpayer reference": (
        "UTR {}",
        ["1955839661", "19558 39661", "2234567890", "1955839661K"],
        ["1955839662", "0000000000", "195583966"],
    ),
    "VAT number": (
        "VAT number {}",
        ["GB 980 7806 84", "980780684", "GB980780684", "980 7806 84 001"],
        ["GB 980 7806 85", "000000000", "GB98078068"],
    ),
    "sort code": ("sort code {}", ["12-34-56", "123456", "40 47 84"], ["00-12-34", "000000", "12-34-5", "1-234-56"]),
    "bank account number": ("account number {}", ["12345678", "1234 5678"], ["00000000", "1234567", "123456789"]),
    "IBAN": (
        "IBAN {}",
        ["GB29 NWBK 6016 1331 9268 19", "GB82WEST12345698765432", "DE89 3704 0044 0532 0130 00", "gb29nwbk60161331926819"],
        ["GB29 NWBK 6016 1331 9268 18", "GB29NWBK601613319268", "ZZ89370400440532013000"],
    ),
    "payment card": (
        "card {}",
        ["4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005", "5555555555554444"],
        ["4111 1111 1111 1112", "0000 0000 0000 0000", "9111111111111111", "4111 1111 1111"],
    ),
    "pay": ("Salary: {}", ["£32,500", "£32,500.00", "28500"], ["none", "£"]),
    "National Insurance number": (
        "NI number {}",
        ["AB123456C", "AB 12 34 56 C", "ab-12-34-56-c", f"AB{N}12{N}34{N}56{N}C", "AB123456", "OO123456A", "FY123456B",
         "QQ 12 34 56 C", "CR654321D"],
        ["BG123456C", "GB123456C", "DA123456C", "AO123456C", "AB123456E", "AB000000C", "AB12345C", "ZZ123456A"],
    ),
    "temporary reference number": ("TRN {}", ["11 A1 11 12", "11A11112"], ["11A1111", "1A111112"]),
    "passport number": (
        "passport no. {}",
        ["533401372", "533 401 372", "A123456", "123456B"],
        ["000000000", "53340137", "5334013721", "AB123456"],
    ),
    "machine-readable zone": (
        "{}",
        [
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        ["L898902C37UTO7408122F1204159ZE184226B<<<<<10", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"],
    ),
    "driving licence number": (
        "driving licence {}",
        ["MORGA753116SM9IJ", "MORGA 753116 SM9IJ", "FOX99753116SM9IJ", "MORGA753116SM9IJ 35", "morga753116sm9ij"],
        ["MORGA713316SM9IJ", "MORGA753996SM9IJ", "99FOX753116SM9IJ", "MORGA753116SM9I"],
    ),
    "Northern Ireland driving licence number": ("driving licence {}", ["12345678"], ["00000000", "1234567"]),
    "electoral number": ("Electoral number: {}", ["AB123", "AB/1234", "CD1-42/1"], ["ABCDE", "none"]),
    "council tax reference": ("Council tax reference: {}", ["810234567", "A12345678", "12345678X"], ["0000000", "none", "12345"]),
    "residence permit number": ("BRP {}", ["ZU1234567", "RZX123456"], ["ZU0000000", "Z1234567", "ZU123456"]),
    "share code": ("Share code: {}", ["W4K 9TD 2RX", "S12ABC34D", "R1A-2B3-C4D"], ["A4K 9TD 2RX", "WWW WWW WWW", "W4K 9TD"]),
    "Home Office reference": ("Home Office reference {}", ["A1234567", "B 7654321"], ["A0000000", "A123456", "AB1234567"]),
    "visa application reference": ("UAN {}", ["GWF012345678", "3434-1234-5678-9012"], ["GWF01234567", "3434-1234-5678"]),
    "service number": ("Service number {}", ["25123456", "D123456K", "C8123456"], ["00000000", "2512345", "ABC12345"]),
    "Blue Badge number": ("Blue Badge number: {}", ["KW12X4", "012345"], ["000000", "ABCDEF", "KW12"]),
    "DBS certificate number": ("DBS certificate number {}", ["001234567891"], ["000000000000", "00123456789"]),
    "vehicle registration": (
        "vehicle {}",
        ["AB12 CDE", "AB12CDE", "ab12 cde", "LB07 SEO"],
        ["AB01 CDE", "IB12 CDE", "AB12 CIE", "AB99 CDE", "AB12 CD"],
    ),
    "vehicle registration, prefix or suffix style": (
        "vehicle {}",
        ["K123 ABC", "A1 BCD", "ABC 123K", "ABC123K"],
        ["I123 ABC", "K1234 ABC", "K123 AB", "k123 abc"],
    ),
    "vehicle registration, Northern Irish or Q": (
        "vehicle {}",
        ["AZZ 1234", "BIG 42", "Q123 ABC", "IL 1234"],
        ["ABC 1234", "AZZ 0123", "Q0 ABC"],
    ),
    "vehicle registration, before 1963": ("Registration: {}", ["ABC 123", "1234 AB"], ["ABCD 12", "12345 AB"]),
    "vehicle identification number": (
        "chassis {}",
        ["WVWZZZ1JZ3W386752", "1M8GDM9AXKP042788"],
        ["WVWZZZ1JZ3W38675", "12345678901234567", "WVWZZZ1JZ3W38675I"],
    ),
    "unique pupil number": (
        "UPN {}",
        ["B801200005001", "T823432150012", "b801200005001"],
        ["A801200005001", "I801200005001", "B80120000500", "B000000000000"],
    ),
    "unique learner number": ("ULN {}", ["9276308686"], ["9276308687", "0276308686", "9434765919", "927630868"]),
    "exam candidate identifier": ("UCI {}", ["123450123456A", "12345B123456C"], ["000000000000A", "123450123456", "123450123456I"]),
    "PNC number": (
        "PNC {}",
        ["99/123456X", "20/9N", "1999/123456X", "99-123456X"],
        ["99/123456Y", "99/0X", "99/12345678X", "199/123456X"],
    ),
    "criminal records number": ("CRO {}", ["123456/99L", "1/11X", "SF88/1234P"], ["123456/99M", "1234567/99L", "SF88/1234Q"]),
    "arrest/summons number": (
        "ASN {}",
        ["1101ZD0100000448754K", "11/01ZD/01/00000448754K", "2601ZD0100000123456J"],
        ["1101ZD0100000448754L", "1101ZD0100000000000K", "1101ZD010000044875K"],
    ),
    "prisoner number": ("prisoner {}", ["A1234BC", "a1234bc"], ["A0000BC", "A123BC", "AB1234C", "A1234B"]),
    "probation case number": ("CRN {}", ["X123456"], ["X000000", "X12345", "XX123456"]),
    "court case reference": ("court case number {}", ["05/9876/123456R", "T20267001", "F12YJ123"], ["T19", "hearing"]),
    "crime reference": ("Crime reference: {}", ["42/12345/26", "CR/001234/26", "CAD 1234"], ["000", "none"]),
    "e-mail address": (
        "{}",
        ["a.patel@example.com", "o'brien+x@sub.example.org", "A_B@example.co.uk"],
        ["icon@2x.png", "@example.com", "a@b", "a..b@example.com"],
    ),
    "telephone number": (
        "{}",
        ["020 7946 0123", "07700 900123", "+44 7700 900 456", "(0161) 496 0042", "+44 (0)161 496 0042", "01632960123",
         "0044 20 7946 0123", "0300 123 1000", "+353 1 234 5678", "07700-900-123"],
        ["01234", "00000 000000", "07000 000000", "020 7946 01", "+44 1", "0161 496 00421"],
    ),
    "mobile number without its zero": ("mobile {}", ["7700900123", "7700 900 123"], ["8700900123", "770090012", "7777777777"]),
    "IPv4 address": ("{}", ["192.0.2.15", "10.1.2.3", "203.0.113.254"], ["127.0.0.1", "0.0.0.0", "256.1.1.1", "255.255.255.0", "1.2.3"]),
    "IPv6 address": ("{}", ["2001:db8::ff00:42:8329", "fe80::1:2"], ["::1", "10:20:30", "::", "12:34"]),
    "network card address": (
        "{}",
        ["00:00:5E:00:53:AF", "3c-22-fb-01-02-03", "3c22.fb01.0203"],
        ["00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "00:00:5E:00:53", "01:00:5E:00:00:01"],
    ),
    "handset number": ("IMEI {}", ["490154203237518", "35-693803-564380-9"], ["490154203237519", "000000000000000", "49015420323751"]),
    "user name": ("Username: {}", ["jsmith4", "p.nair", "DWP\\k.mensah"], ["and", "ab", "password"]),
    "password": ("Password: {}", ["Tr0ub4dor&3", "hunter2!"], ["****", "required", "abc"]),
    "device or session id": ("device id: {}", ["9f86d081884c7d659a2feaa0c55ad015"], ["abc", "wordsonlyhere", "11111111"]),
    "postcode": (
        "{}",
        ["LS1 4AP", "SW1A 1AA", "EC1A 1BB", "GIR 0AA", "B33 8TH", "M1 1AE", f"CR2{N}6XH"],
        ["ZZ1 4AP", "LS1 4CI", "LS1A 4AP", "LS01 4AP", "QQ1 1AA"],
    ),
    "property reference": ("UPRN {}", ["100062410143", "10008765432"], ["00000000", "12345"]),
    "pay with its period": (
        "His job pays {}",
        ["£21,450 p.a.", "£410 pw", "£2,950 a month", "£ 9,881.40 per annum", "£31k", "£12.60 per hour"],
        ["£48.50", "£21,450", "410 pw", "£000 pw"],
    ),
    "user name with a stop, a domain or a number": (
        "username: {}",
        ["k.brannigan3", "mkhan02", "COUNCIL\\tmorrow", "j.smith"],
        ["and", "fields", "Smith"],
    ),
    "share code in three groups": ("right to rent, code {}", ["R4T-9WQ-21X", "SPR 8K2 LMV"], ["R4T9WQ21X", "WAS AND THE", "B4T-9WQ-21X"]),
    "log of a day": ("log no {}", ["0417-18112025", "0212 of 09/11/2025", "331 of 9/11/25"], ["0417", "of 9/11/25"]),
    "code of a key safe or door": ("Key safe code {}", ["4471C", "C1972Y", "4471"], ["0000", "447", "inside"]),
    "Government Gateway user id": ("Gateway user ID {}", ["884271093316", "88 42 71 09 33 16"], ["88427109331", "000000000000"]),
    "session token": (
        "session token {}",
        ["5f3c9a70-18be-4d02-9b77-2c40ee91a6d1", "9f86d081884c7d659a2feaa0c55ad015"],
        ["5f3c9a70-18be-4d02", "expired", "00000000-0000-0000-0000-000000000000"],
    ),
    "asset tag of a device": ("lost laptop {}", ["LAP-7F3K9Q", "WK-00417A"], ["HP-840G5", "LAPTOP-CHARGER", "WK00417A"]),
    "asset name of a device": ("Laptop: {}", ["LAP-7F3K9Q", "WL00417A"], ["LAPTOP", "7F3K9Q", "HP-9"]),
    "passport number of another country": ("passport {}", ["E88120477", "C4KJ20X1L", "AB1234567"], ["E8812", "PASSPORTS", "e88120477"]),
    "Blue Badge serial": ("Blue Badge, {}", ["6PK2QX", "Q7RT4P"], ["447182", "PARKED", "6PK2Q"]),
    "council tax account": ("council tax account {}", ["70022918847", "60128834"], ["00000000", "6012883"]),
    "crime or occurrence number": (
        "reported to police, {}",
        ["22/104417/25", "CR/48811/25", "43250118827"],
        ["22/10/25", "0325011882", "CR/48"],
    ),
    "name line of a machine-readable zone": (
        "passport {}",
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "P<GBRSMITH<JONES<<TEMITOPE<<<<<<<<<<<<<<<<<<"],
        ["P<UTOERIKSSON", "P<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"],
    ),
    "date of birth": ("born {}", ["03/04/1962", "1962-04-03", "3 April 1962", "17th of June 1991"], ["31/02/1962", "1962-13-03", "3 Foo 1962"]),
}  # fmt: skip
BY_TITLE = {spec.title: spec for spec in SPECS}
TEST_RANGE = (
    ("NHS number", "943 476 5919", True),
    ("NHS number", "6061234560", False),
    ("National Insurance number", "QQ123456C", True),
    ("National Insurance number", "CR654321D", False),
    ("telephone number", "07700 900123", True),
    ("telephone number", "020 7946 0999", True),
    ("telephone number", "0300 123 1000", False),
    ("mobile number without its zero", "7700900123", True),
    ("e-mail address", "a@sub.example.com", True),
    ("e-mail address", "a@leeds.gov.uk", False),
    ("payment card", "4111111111111111", True),
    ("IPv4 address", "203.0.113.9", True),
    ("IPv4 address", "10.1.2.3", False),
    ("IPv6 address", "2001:db8::1:2", True),
    ("network card address", "00:00:5E:00:53:01", True),
    ("machine-readable zone", "L898902C36UTO7408122F1204159ZE184226B<<<<<10", True),
    ("driving licence number", "MORGA753116SM9IJ", True),
    ("IBAN", "GB29NWBK60161331926819", True),
)


def whole(ident: Identifier, value: str) -> bool:
    """As a column is judged: the whole cell, then the check."""
    flags = re.IGNORECASE if ident.ignore_case else 0
    return re.fullmatch(ident.pattern, value, flags) is not None and (
        ident.check is None or ident.check(value)
    )


def test_every_format_has_hits_and_near_misses() -> None:
    assert set(TABLE) == set(BY_TITLE)
    assert all(hits and misses for _, hits, misses in TABLE.values())


@pytest.mark.parametrize(("title", "value"), [(t, v) for t, (_, hits, _) in TABLE.items() for v in hits])
def test_hit_as_a_cell(title: str, value: str) -> None:
    assert whole(BY_TITLE[title].identifier, value)


@pytest.mark.parametrize(("title", "value"), [(t, v) for t, (_, _, misses) in TABLE.items() for v in misses])
def test_near_miss_as_a_cell(title: str, value: str) -> None:
    assert not whole(BY_TITLE[title].identifier, value)


@pytest.mark.parametrize(
    ("title", "value"), [(t, v) for t, (_, hits, _) in TABLE.items() for v in hits if t != "date of birth"]
)
def test_hit_in_a_sentence(title: str, value: str) -> None:
    sentence = TABLE[title][0].format(value)
    found = UkRecogniser().text([f"Note. {sentence}, as agreed."])[0]
    start = sentence.index(value) + len("Note. ")
    kind = BY_TITLE[title].identifier.entity_type
    mine = [d for d in found if d.entity_type == kind and d.start == start and d.end == start + len(value)]
    assert mine, [(d.entity_type, d.start, d.end) for d in found]
    assert mine[0].score < 1.0
    assert mine[0].reasons[0].startswith("pattern ")


@pytest.mark.parametrize(
    ("title", "value"),
    [(t, v) for t, (_, _, misses) in TABLE.items() for v in misses if BY_TITLE[t].route is not Route.LABEL],
)
def test_near_miss_in_a_sentence(title: str, value: str) -> None:
    spec = BY_TITLE[title]
    sentence = TABLE[title][0].format(value)
    found = UkRecogniser().text([f"Note. {sentence}, as agreed."])[0]
    start = sentence.index(value) + len("Note. ")
    assert not [
        d
        for d in found
        if f"pattern {spec.title}" in d.reasons and (d.start, d.end) == (start, start + len(value))
    ]


@pytest.mark.parametrize(("title", "value", "expected"), TEST_RANGE)
def test_test_ranges_are_told_apart(title: str, value: str, expected: bool) -> None:
    test_range = BY_TITLE[title].identifier.test_range
    assert test_range is not None
    assert test_range(value) is expected


SHAPES = {
    "NHS number": "9999999999", "CHI number": "9999999999", "Health and Care number": "9999999999",
    "taxpayer reference": "9999999999", "VAT number": "999999999", "unique learner number": "9999999999",
    "National Insurance number": "AA999999A", "unique pupil number": "A999999999999", "PNC number": "99/999999A",
    "criminal records number": "999999/99A", "payment card": "9999999999999999", "handset number": "999999999999999",
    "postcode": "AA9 9AA", "vehicle registration": "AA99 AAA", "NMC PIN": "99A9999A",
    "arrest/summons number": "99999999" + "9" * 11 + "A", "driving licence number": "AAAAA999999AA9AA",
}  # fmt: skip


@pytest.mark.parametrize("title", SHAPES)
def test_chance_is_what_random_strings_do(title: str) -> None:
    rng, n = random.Random(7), 6000
    ident = BY_TITLE[title].identifier
    draw = {"9": string.digits, "A": string.ascii_uppercase}
    passed = sum(whole(ident, "".join(rng.choice(draw.get(c, c)) for c in SHAPES[title])) for _ in range(n))
    assert abs(passed / n - ident.chance) < 4 * (ident.chance / n) ** 0.5 + 0.003


def test_formats_are_well_formed() -> None:
    recogniser = UkRecogniser()
    assert isinstance(recogniser, Recogniser)
    assert isinstance(recogniser, OffersIdentifiers)
    for ident in recogniser.identifiers():
        assert ident.entity_type in ENTITY_TYPES
        assert ident.source
        assert not re.search(r"\(\?[<!=P]|[\^$](?!\])", re.sub(r"\[[^\]]*\]", "", ident.pattern)), (
            ident.pattern
        )
        assert all(h == h.lower().strip() and "_" not in h for h in ident.headers), ident.headers
        assert all(word == word.lower() for word in ident.context)


@pytest.mark.parametrize("filler", ["0000000000", "1111111111", "999999999", "00000000", "000 000 0000"])
def test_fillers_are_never_identifiers(filler: str) -> None:
    for label in ("NHS number", "UTR", "ULN", "passport", "account number", "tel", "VAT", "service number"):
        assert UkRecogniser().text([f"{label}: {filler}"])[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "Order number 4010232137",
        "Part no 943 476 5919",
        "ISBN 0306406152",
        "timestamp 1700000000",
        "value 4010232137 in the table",
        "run 550e8400-e29b-41d4-a716-446655440000",
        "version 10.2.3.4 of the library",
        "12 Angry Men on the Road",
        "meter serial 12345678",
        "pi is 3.1415926535",
        "We met in 2019 and the car was red",
    ],
)
def test_numbers_of_things_are_left_alone(text: str) -> None:
    assert [d for d in UkRecogniser().text([text])[0] if ENTITY_TYPES[d.entity_type].personal] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("UTR: 2234567890, patient of the clinic", "UK_UTR"),
        ("NHS number 4010232137; mobile 7700900123", "UK_NHS"),
        ("his mobile is 7700900123", "PHONE_NUMBER"),
        ("learner 9276308686", "UK_ULN"),
        ("patient CHI 0101901003", "UK_CHI"),
    ],
)
def test_words_decide_between_ten_digit_numbers(text: str, kind: str) -> None:
    found = UkRecogniser().text([text])[0]
    first = min(found, key=lambda d: (d.start, -d.score))
    assert first.entity_type == kind


def test_a_label_for_another_format_overrules_a_passing_check() -> None:
    # 4010232137 passes the NHS check but not the UTR check; the label says UTR.
    found = UkRecogniser().text(["patient: UTR 4010232137"])[0]
    assert [d.entity_type for d in found] == []


def test_checks_agree_with_python_stdnum() -> None:
    import stdnum.gb.nhs
    import stdnum.gb.upn
    import stdnum.gb.utr
    import stdnum.gb.vat
    import stdnum.iban
    import stdnum.luhn

    from scanner.recognisers.uk import checks

    rng = random.Random(11)
    for _ in range(3000):
        ten = str(rng.randint(10**9, 10**10 - 1))
        assert checks.mod11_health(ten) == stdnum.gb.nhs.is_valid(ten)
        assert checks.utr(ten) == stdnum.gb.utr.is_valid(ten)
        assert checks.luhn(ten) == stdnum.luhn.is_valid(ten)
        nine = ten[:9]
        assert checks.vat(nine) == stdnum.gb.vat.is_valid(nine)
        pupil = rng.choice("ABCDEFGHJKLMNPQRTUVWXYZ") + "801" + ten[:8] + ten[9]
        assert checks.upn(pupil) == stdnum.gb.upn.is_valid(pupil)
        account = f"GB{rng.randint(2, 98):02d}NWBK{ten}{ten[:4]}"
        assert checks.iban(account) == stdnum.iban.is_valid(account, check_country=False)
