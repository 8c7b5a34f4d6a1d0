"""What a number format lets a reader see."""

from __future__ import annotations

import pytest

from scanner.release.hidden.colours import alike
from scanner.release.hidden.numberformat import hides_number, hides_text, is_date


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("General", False, False),
        ("@", False, False),
        ("0.00", False, False),
        ("dd/mm/yyyy", False, False),
        (";;;", True, True),
        (";;;@", False, True),
        ('"***"', False, True),
        ('"***";"***";"***";"***"', True, True),
        ('0;-0;0;"withheld"', True, False),
        ("0;;", False, False),
        ('[=1]"Yes";[=0]"No";0', False, False),
        ('"Ref "0', False, False),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', False, False),
        ('0;0;0;"x";', True, False),
    ],
)
def test_what_a_format_hides(code, text, number):
    assert hides_text(code) is text
    assert hides_number(code, 4857773456.0) is number


def test_a_label_in_place_of_a_short_number_hides_nobody():
    assert not hides_number('"Yes";"Yes";"No"', 1.0)
    assert not hides_number(";;;", 0.0)


@pytest.mark.parametrize(
    ("code", "date"), [("d mmm yyyy", True), ('"day" 0', False), ("[h]:mm", True), ("0", False)]
)
def test_dates(code, date):
    assert is_date(code) is date


@pytest.mark.parametrize(
    ("front", "back", "same"),
    [("FFFFFF", "FFFFFF", True), ("FEFEFE", "FFFFFF", True), ("D9D9D9", "FFFFFF", False), ("FF0000", "00FF00", False),
     (None, "FFFFFF", False), ("theme:4:", "theme:4:", True), ("theme:4:", "FFFFFF", False)],
)  # fmt: skip
def test_colours_nobody_can_tell_apart(front, back, same):
    assert alike(front, back) is same
