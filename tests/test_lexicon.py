"""The word lists load, are normalised, and hold what people would look for first."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.common import lexicon


@pytest.mark.parametrize("name", lexicon.names())
def test_every_entry_is_normalised(name: str) -> None:
    entries = lexicon.words(name)
    assert entries
    assert [e for e in entries if lexicon.normalise(e) != e] == []


@pytest.mark.parametrize("name", lexicon.names())
def test_every_list_is_named_with_its_source(name: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "lexicons.md").read_text("utf-8")
    assert f"`{name}`" in page


def test_names_common_in_britain() -> None:
    assert {
        "chidinma",
        "muhammad",
        "siobhan",
        "agnieszka",
        "rhys",
        "priya",
        "mei",
        "oliver",
    } <= lexicon.words("forenames")
    assert {
        "okonkwo",
        "begum",
        "o'brien",
        "nowak",
        "llewellyn",
        "nguyen",
        "mckenzie",
        "smith",
    } <= lexicon.words("surnames")


def test_towns_that_are_words_are_places() -> None:
    assert {"reading", "bath", "merthyr tydfil", "wolverhampton", "kent"} <= lexicon.words("places")


def test_folding() -> None:
    assert lexicon.normalise("  Zoë\u00a0 O’Neill—ŁUKASZ ") == "zoe o'neill-lukasz"


def test_unknown_list() -> None:
    with pytest.raises(KeyError):
        lexicon.words("no such list")
