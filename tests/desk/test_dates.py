"""Dates as a British Excel writes them, and how an American file is told from it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.desk import dates

FEB3 = dt.date(2026, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-03", "2026-2-3", "2026-02-03 00:00:00", "2026-02-03T00:00:00", "03/02/2026", "3/2/2026", "3/2/26",
        "03-02-2026", "3.2.2026", "03 02 2026", "3 Feb 2026", "03-Feb-26", "3rd February 2026", "'2026-02-03",
        " 03/02/2026 ", "03/02/2026 00:00", "03/02/2026 0:00:00", "46056", "46056.0", "3 feb. 2026",
    ],
)  # fmt: skip
def test_the_third_of_february(text: str) -> None:
    assert dates.read(text) == FEB3


@pytest.mark.parametrize(
    "text",
    ["", "soon", "02/30/2026", "31/02/2026", "2026", "1.23E+15", "99999", "03/02", "3 Fob 2026", "٣/٢/2026x",
     "=TODAY()", "03/02/2026 14:30", "2026-02-03T14:00:00", "0/0/0000", "12345"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert dates.read(text) is None


WRITTEN = {
    False: ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%b-%y", "%d %B %Y", "%d.%m.%Y"),
    True: ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"),
}


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2068, 12, 31)), st.booleans(), st.integers(min_value=0, max_value=5)
)
def test_read_back(date: dt.date, month_first: bool, way: int) -> None:
    ways = WRITTEN[month_first]
    assert dates.read(date.strftime(ways[way % len(ways)]), month_first) == date


@given(st.text(max_size=30))
def test_never_raises(text: str) -> None:
    dates.read(text)
    dates.read(text, month_first=True)


def test_which_comes_first() -> None:
    assert dates.month_first([], []) is False
    assert dates.month_first([("03/02/2026", FEB3)], []) is False
    assert dates.month_first([("02/03/2026", FEB3)], []) is True
    assert dates.month_first([("05/05/2026", dt.date(2026, 5, 5))], ["04/04/2026"]) is False
    assert dates.month_first([], ["02/13/2026"]) is True
    assert dates.month_first([], ["13/02/2026", "02/13/2026"]) is None
    # Edited by somebody: neither way is the known date, so it tells nothing.
    assert dates.month_first([("09/10/2025", FEB3)], []) is False
