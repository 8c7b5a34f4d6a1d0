"""The fast pass over many values finds what the slow one finds, hit for hit; rare hits included."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.columns import bulk, evidence, freetext, judge
from scanner.columns.evidence import formats
from scanner.columns.profile import _BLANK as BLANK
from scanner.columns.strings import Strings
from scanner.model import ColumnResult
from scanner.recognisers.uk import UkRecogniser
from tests.corpus import values
from tests.corpus.score import patterns_only
from tests.corpus.tables import tables

FORMATS = formats(UkRecogniser().identifiers())
Table = Mapping[str, Sequence[str | None]]


@contextmanager
def one_by_one() -> Iterator[None]:
    """No value goes through RE2 or NumPy, and nothing is remembered from before."""
    judge._known.cache_clear()
    many = evidence.MANY
    evidence.MANY = bulk.MANY = 10**9
    try:
        yield
    finally:
        evidence.MANY = bulk.MANY = many
        judge._known.cache_clear()


def both(table: Table) -> tuple[dict[str, ColumnResult], dict[str, ColumnResult]]:
    judge_table = patterns_only()
    fast = judge_table(table)
    with one_by_one():
        slow = judge_table(table)
    return fast, slow


@pytest.mark.parametrize("dressing", ["informative", "cryptic", "misleading"])
def test_same_results_on_the_corpus(dressing: str) -> None:
    for table in list(tables(dressing, 5))[::3]:
        fast, slow = both(table.columns)
        assert fast == slow


_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2100), max_size=30)


@pytest.mark.parametrize("entity_type", sorted(FORMATS))
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_same_values_pass(entity_type: str, data: st.DataObject) -> None:
    fmt = FORMATS[entity_type]
    plain = st.characters(min_codepoint=32, max_codepoint=126, include_characters="£€")
    formed = [st.from_regex(rf"(?:{i.pattern})", fullmatch=True, alphabet=plain) for i in fmt.identifiers]
    some = data.draw(st.lists(st.one_of(*formed, _TEXT), min_size=1, max_size=40))
    listed = [*some, *(f"{n:010}" for n in range(bulk.MANY))]
    assert fmt.passing(listed) == [v for v in listed if fmt.passes(v)]
    passing = [v for v in listed if fmt.passes(v)] * 2 + ["QQ123456C"] * (bulk.MANY * fmt.passes("QQ123456C"))
    held = Strings(pa.array(passing, pa.string()))
    assert fmt.tests_of(held).tolist() == [fmt.is_test(v) for v in passing]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["UK_NHS", "CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS"]))
def test_one_strange_value_in_thousands(seed: int, entity_type: str) -> None:
    """A rare hit in a column of order references is found, and by both passes in the same rows."""
    rng = random.Random(seed)
    make = {
        "UK_NHS": values.nhs, "CREDIT_CARD": values.card, "IBAN_CODE": values.iban,
        "EMAIL_ADDRESS": lambda r: f"{r.choice('abc')}.{r.choice(values.SUR).lower()}@northmoor.gov.uk",
    }[entity_type]  # fmt: skip
    cells: list[str | None] = [f"ORD-{n:07}" for n in rng.sample(range(10**7), 3_000)]
    row = rng.randrange(len(cells))
    strange = make(rng)
    cells[row] = strange
    fast, slow = both({"order_ref": cells})
    assert fast == slow
    assert fast["order_ref"].entity_type is None
    assert fast["order_ref"].hits[entity_type].rows == (row,)


def test_a_card_in_a_column_of_notes() -> None:
    rng = random.Random(3)
    cells: list[str | None] = [f"{' '.join(rng.choices(['visit', 'agreed', 'call', 'next', 'week', 'then'], k=9))} {n}" for n in range(2_000)]  # fmt: skip
    cells[1_234] = "paid by card 4012 8888 8888 1881 over the phone"
    fast, slow = both({"notes": cells})
    assert fast == slow
    assert set(fast["notes"].hits["CREDIT_CARD"].rows) == {1_234}


def test_moments_hold_nothing_else() -> None:
    """Cells that are a date and a time are not read as text, and hold nothing that is looked for there."""
    rng = random.Random(5)
    forms = ["{}-{:02}-{:02} {:02}:{:02}:{:02}.{:09}", "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", "{}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}+01:00"]  # fmt: skip
    cells: list[str | None] = [
        form.format(rng.randrange(1900, 2030), rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(24),
                    rng.randrange(60), rng.randrange(60), rng.randrange(10 ** (9 if i == 0 else 3 if i == 1 else 6)))
        for i, form in enumerate(forms) for _ in range(400)
    ]  # fmt: skip
    assert not freetext.roomy(Strings(pa.array(cells))).any()
    found = UkRecogniser().text([cell for cell in cells if cell])
    # Seconds and a zone can look like a telephone number: one more reason not to read them as text.
    assert {d.entity_type for hits in found for d in hits} <= {"DATE_TIME", "PHONE_NUMBER"}


@pytest.mark.parametrize("dressing", ["informative", "misleading"])
def test_every_cell_is_accounted_for(dressing: str) -> None:
    """The rows of a decided column are those whose cells pass the format, asked one by one."""
    judged = 0
    for table in list(tables(dressing, 11))[::2]:
        for name, result in patterns_only()(table.columns).items():
            if result.entity_type not in FORMATS or not result.reasons[0].startswith("pattern "):
                continue
            fmt = FORMATS[result.entity_type]
            cells = [cell.strip(BLANK) if cell else "" for cell in table.columns[name]]
            hits = result.hits[result.entity_type]
            assert hits.rows == [row for row, cell in enumerate(cells) if cell and fmt.passes(cell)]
            assert hits.test_range == sum(fmt.is_test(cells[row]) for row in hits.rows)
            judged += 1
    assert judged >= 20
