"""Single decisions that must hold, one idea each. All values are synthetic."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence

import pytest

from scanner.columns import judge_columns
from scanner.contracts import Identifier
from scanner.model import ColumnResult, Detection
from scanner.recognisers.uk import UkRecogniser
from tests.corpus import values as v

UK = UkRecogniser()


def judge(columns: Mapping[str, Sequence[str | None]]) -> dict[str, ColumnResult]:
    def text(texts: Sequence[str]) -> list[list[Detection]]:
        return [list(found) for found in UK.text(texts)]

    return judge_columns(columns, identifiers=UK.identifiers(), detect_text=text, detect_names=None)


def one(name: str, cells: Sequence[str | None]) -> ColumnResult:
    return judge({name: cells})[name]


@pytest.fixture
def rng() -> random.Random:
    return random.Random(1)


def test_pass_rate_against_chance(rng: random.Random) -> None:
    """One number in eleven passes by chance: a column of order numbers is no column of NHS numbers."""
    orders = [v.digits(rng, 10) for _ in range(2000)]
    result = one("C1", orders)
    assert result.entity_type is None
    assert result.types == frozenset()
    assert one("C1", [v.nhs(rng) for _ in range(30)]).entity_type == "UK_NHS"


def test_one_rare_hit_among_thousands(rng: random.Random) -> None:
    cells = [f"ORD-{i:05d}" for i in range(10_000)]
    cells[4321] = "943 476 5919"
    result = one("order_ref", cells)
    assert result.entity_type is None
    assert result.types == {"UK_NHS"}
    assert result.hits["UK_NHS"].rows == (4321,)
    assert result.hits["UK_NHS"].test_range == 1


def test_card_number_in_notes(rng: random.Random) -> None:
    cells = ["The customer rang about the bin that was not collected again." for _ in range(300)]
    cells[7] = "Paid over the phone with card 4111 1111 1111 1111, receipt sent."
    result = one("notes", cells)
    assert "CREDIT_CARD" in result.types
    hits = result.hits["CREDIT_CARD"]
    assert hits.rows == (7,)
    assert hits.spans is not None
    start, end = hits.spans[0]
    assert cells[7][start:end] == "4111 1111 1111 1111"


def test_values_win_over_a_misleading_header(rng: random.Random) -> None:
    assert one("nino", [f"PRJ-{rng.randint(100, 999)}" for _ in range(50)]).entity_type is None
    assert one("NI Number", [f"PC{v.digits(rng, 6)}A" for _ in range(50)]).entity_type is None
    assert one("order_ref", [v.nhs(rng) for _ in range(50)]).entity_type == "UK_NHS"
    assert one("Status", [v.email(rng) for _ in range(50)]).entity_type == "EMAIL_ADDRESS"


def test_account_numbers_beside_sort_codes(rng: random.Random) -> None:
    accounts = [v.digits(rng, 8) for _ in range(60)]
    assert one("C2", accounts).entity_type is None
    table = judge({"C1": [v.sort_code(rng) for _ in range(60)], "C2": accounts})
    assert (table["C1"].entity_type, table["C2"].entity_type) == ("UK_SORT_CODE", "UK_BANK_ACCOUNT")


def test_births_against_other_dates(rng: random.Random) -> None:
    births = [v.birthday(rng).isoformat() for _ in range(80)]
    visits = [v.recent(rng).isoformat() for _ in range(80)]
    table = judge({"C1": births, "C2": visits})
    assert (table["C1"].entity_type, table["C2"].entity_type) == ("DATE_OF_BIRTH", None)
    assert one("date_of_birth", ["2031-05-04", "2030-01-02"] * 10).entity_type is None


def test_coded_values_need_the_header(rng: random.Random) -> None:
    codes = [rng.choice("1234569") for _ in range(200)]
    result = one("religion", codes)
    assert result.entity_type == "RELIGION"
    assert result.special_categories == {"RELIGION"}
    assert result.score < 0.75
    assert one("C1", codes).entity_type is None


def test_offences_are_article_10() -> None:
    result = one("C1", ["Common assault", "Theft from shop", "Criminal damage", "Burglary dwelling"] * 20)
    assert result.entity_type == "CRIMINAL_OFFENCE"
    assert result.criminal_offence
    assert result.special_categories == frozenset()


def test_mentions_in_notes_are_only_possible() -> None:
    cells = [f"Visit {i}: the tenant told us about her asthma and her cleaning rota." for i in range(40)]
    result = one("notes", cells)
    assert result.entity_type is None
    assert "HEALTH" in result.types
    assert "HEALTH" in result.possible
    assert result.special_categories == {"HEALTH"}


def test_share_rows_and_test_range(rng: random.Random) -> None:
    cells: list[str | None] = ["07700 900123", None, "", "unknown", " 07700900456 ", "0113 496 0000"]
    result = one("Telephone", cells)
    assert result.entity_type == "PHONE_NUMBER"
    assert result.hits["PHONE_NUMBER"].rows == (0, 4, 5)
    assert result.hits["PHONE_NUMBER"].spans is None
    assert result.share == pytest.approx(0.75)
    assert result.test_range_share == 1.0


def test_empty_and_degenerate_columns() -> None:
    table = judge({"a": [], "b": [None, None], "c": ["", " "], "d": ["x" * 50_000], "e": ["0000000000"] * 20})
    assert all(r.entity_type is None for r in table.values())


def test_only_the_identifiers_given_are_used() -> None:
    badge = Identifier(
        "STAFF_BADGE", r"ZZ[0-9]{4}", check=lambda t: int(t[2:]) % 97 == 0, chance=0.01, headers=("badge",)
    )
    cells = [f"ZZ{97 * i:04d}" for i in range(1, 40)]
    result = judge_columns(
        {"C1": cells}, identifiers=[badge], detect_text=lambda t: [[] for _ in t], detect_names=None
    )
    assert result["C1"].entity_type == "STAFF_BADGE"


def test_no_value_leaves_the_result(rng: random.Random) -> None:
    cells = [v.nhs(rng) for _ in range(30)]
    shown = repr(one("nhs number", cells))
    assert not any(cell in shown for cell in cells)


def test_same_input_same_output(rng: random.Random) -> None:
    cells = [v.case_note(rng) for _ in range(100)]
    assert one("notes", cells) == one("notes", list(cells))


def test_a_series_of_months_is_no_one_born() -> None:
    months = [dt.date(1970 + m // 12, 1 + m % 12, 1).isoformat() for m in range(400)]
    assert one("C1", months).entity_type is None
