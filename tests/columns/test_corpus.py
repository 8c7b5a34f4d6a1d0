"""Floors on the synthetic development corpus (`python -m tests.corpus.score` shows more)."""

from __future__ import annotations

import pytest

from tests.corpus import apart, products
from tests.corpus.score import patterns_only, score


@pytest.mark.parametrize(
    ("dressing", "f1", "harmless", "special"),
    [("informative", 0.97, 0.02, 0.95), ("cryptic", 0.95, 0.02, 0.88), ("misleading", 0.93, 0.03, 0.85)],
)
@pytest.mark.parametrize("seed", [7, 11])
def test_floors(dressing: str, f1: float, harmless: float, special: float, seed: int) -> None:
    got = score(patterns_only(), dressing, seed)
    assert got.f1 >= f1, got.errors
    assert got.harmless_rate <= harmless, got.errors
    assert got.special_rate >= special, got.errors
    assert got.inside_found == got.inside, got.errors


@pytest.mark.parametrize(
    ("dressing", "f1", "harmless", "special"),
    [("informative", 0.97, 0.02, 0.95), ("cryptic", 0.93, 0.02, 0.9), ("misleading", 0.91, 0.03, 0.9)],
)
def test_floors_on_the_second_corpus(dressing: str, f1: float, harmless: float, special: float) -> None:
    got = score(patterns_only(), dressing, 7, source=apart.tables)
    assert got.f1 >= f1, got.errors
    assert got.harmless_rate <= harmless, got.errors
    assert got.special_rate >= special, got.errors


@pytest.mark.parametrize(
    ("dressing", "f1", "harmless", "special"),
    [("informative", 0.97, 0.02, 0.95), ("cryptic", 0.9, 0.03, 0.9), ("misleading", 0.9, 0.06, 0.8)],
)
def test_floors_on_the_third_corpus(dressing: str, f1: float, harmless: float, special: float) -> None:
    got = score(patterns_only(), dressing, 7, source=products.tables)
    assert got.f1 >= f1, got.errors
    assert got.harmless_rate <= harmless, got.errors
    assert got.special_rate >= special, got.errors
