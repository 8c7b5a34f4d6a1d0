"""The shape filter may let too much through, never too little."""

from __future__ import annotations

import random

import pytest

from scanner.columns.evidence import formats, tail
from scanner.columns.shapes import draw, pools, relaxed, shape_of
from scanner.recognisers.uk import UkRecogniser
from tests.corpus import values as v

MAKERS = [
    v.nhs,
    v.nino,
    v.utr,
    v.upn,
    v.licence,
    v.vrm,
    v.pnc,
    v.cro,
    v.iban,
    v.card,
    v.phone,
    v.email,
    v.postcode,
    v.sort_code,
]


@pytest.mark.parametrize("make", MAKERS, ids=lambda m: m.__name__)
def test_every_match_survives_its_shape(make: v.Callable[[random.Random], str]) -> None:
    rng = random.Random(2)
    for fmt in formats(UkRecogniser().identifiers()).values():
        for _ in range(25):
            value = make(rng)
            if fmt.matches(value):
                assert fmt.fits(shape_of(value)), (fmt.entity_type, shape_of(value))


def test_shape() -> None:
    assert shape_of("AB 12-é") == "AA 99-A"


def test_relaxed_keeps_punctuation() -> None:
    loose = relaxed(r"[A-D][0-9]{2}/(?:X|Y9)?")
    assert loose is not None
    assert loose.fullmatch("A99/A9")
    assert not loose.fullmatch("A99-A")


def test_random_codes_keep_what_codes_have_in_common() -> None:
    drawn = draw(pools([f"PC{n}" for n in (1234, 5678, 9012, 3456, 7890)]), 20, "seed")
    assert all(code.startswith("PC") and code[2:].isdigit() for code in drawn)
    assert len(set(drawn)) > 10


def test_tail() -> None:
    assert tail(10_000, 1, 1e-6) == pytest.approx(0.00995, rel=0.01)
    assert tail(1000, 30, 0.036) > 0.5
    assert tail(1000, 90, 0.036) < 1e-6
