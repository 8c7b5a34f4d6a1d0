"""No cell can act as a formula, lose digits or hide what it says."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.reporters.cells import cell, clean, guarded, shortened, unguarded


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x",
        "  =1+1", " =1", "\u200b=1", "\ufeff=1", "‮=1", "\x01=1",
        "\tx", "\rx", "\0x", "\n=1+1", "\r\n@x", "\u2028=1",
        "123456789012", "111122223333", "007", "12E5", "1-2", "01/02/2026",
    ],
)  # fmt: skip
def test_guarded(text: str) -> None:
    shown = cell(text)
    assert shown.startswith("'")
    assert not set("\r\n\t\0") & set(shown)


@pytest.mark.parametrize(
    "text", ["", "a=b", "cases", "2026-03-02", "a-b", "12345", "Art 5(1)(f)", "O'Hara", "1.2"]
)
def test_left_alone(text: str) -> None:
    assert cell(text) == text


def test_typed_values() -> None:
    assert [cell(v) for v in (None, True, False, -5, 0.25, dt.date(2026, 3, 2))] == [
        "", "yes", "no", "-5", "0.25", "2026-03-02",
    ]  # fmt: skip


def test_nothing_invisible() -> None:
    assert clean("a\u202eb\u200dc\x85d\r\ne\tf\udc80") == "a�b�c d e f�"


@given(st.text(max_size=30))
def test_first_visible_character_is_never_a_formula(text: str) -> None:
    shown = guarded(text)
    assert not set("\r\n\t\0\x0b\x0c\x1c\x85\u2028") & set(shown)
    visible = shown.replace("�", " ").strip()
    assert visible[:1] not in tuple("=+-@＝＋－＠")
    shown.encode("utf-8")


@given(st.text(alphabet="=+-@ ab1'", max_size=12))
def test_reading_back_and_writing_again_is_stable(text: str) -> None:
    written = guarded(text)
    assert guarded(unguarded(written)) == written


def test_shortened() -> None:
    long = "word " * 100
    assert len(shortened(long)) <= 300 and shortened(long).endswith("word…")
    assert shortened("two\nlines  here") == "two lines here"
    assert shortened("x" * 300) == "x" * 300
