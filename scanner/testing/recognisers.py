"""The contract suite for recognisers: subclass it and give it a recogniser and texts it hits.

class TestMine(RecogniserContract):
    @pytest.fixture
    def recogniser(self):
        return MyRecogniser()

    hits = ("Staff number: SN-0001 (synthetic)",)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import pytest

from scanner.contracts import Identifier, OffersIdentifiers, Recogniser
from scanner.model import ENTITY_TYPES, Detection

ODD: tuple[str, ...] = (
    "",
    " \t\r\n\u00a0\u200b",
    "\x00\x01\x02\x7f",
    "\ud800 half of a surrogate pair \udfff",
    "İstanbul ﬁ ß ŉ: letters whose length changes with their case",
    "\u202eevil\u202c right to left, e\u0301 combining, 👩🏽‍⚕️ joined",
    "0" * 20_000,
    "a@" * 5_000,
    "A1 " * 5_000,
    ("Mr " * 50 + "\n") * 60,
    "(" * 2_000 + ")" * 2_000,
)
"""Texts that no recogniser may fail on, raise on or take long over."""

_CUSTOM = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_LOOSE = (
    *("A" * a + "0" * n + "A" * b for a in range(6) for n in range(17) for b in range(4)),
    *("QQ 12 34 56 A", "99/99/9999", "00-00-00", "0000 0000 0000 0000", "٠" * 10, "９" * 10, "AA00 0AA"),
)
"""Strings of which each format takes some, and of which few pass its check."""


class RecogniserContract:
    """Promises every recogniser keeps, whatever it finds."""

    hits: ClassVar[tuple[str, ...]] = ()
    """Texts in each of which it finds at least one thing. Synthetic values only."""

    @pytest.fixture
    def recogniser(self) -> Recogniser:
        raise AssertionError("give the suite a `recogniser` fixture")

    @pytest.fixture
    def texts(self) -> Sequence[str]:
        """Texts with something to find; `hits` unless told otherwise."""
        return self.hits

    def test_is_a_recogniser(self, recogniser: Recogniser) -> None:
        assert isinstance(recogniser, Recogniser)
        assert recogniser.name
        assert recogniser.entity_types
        assert len(set(recogniser.entity_types)) == len(recogniser.entity_types)

    def test_types_are_known_or_well_named(self, recogniser: Recogniser) -> None:
        """Types of your own are welcome; they count as ordinary personal data."""
        for kind in recogniser.entity_types:
            assert kind in ENTITY_TYPES or _CUSTOM.fullmatch(kind), f"{kind}: WRITE_IT_LIKE_THIS"

    def test_finds_what_it_is_for(self, recogniser: Recogniser, texts: Sequence[str]) -> None:
        assert texts, "the suite needs texts with something to find"
        for text, found in zip(texts, recogniser.text(texts), strict=True):
            assert found, f"nothing found in a text of {len(text)} characters"

    def test_one_list_for_each_text(self, recogniser: Recogniser, texts: Sequence[str]) -> None:
        assert list(recogniser.text([])) == []
        mixed = ["", *texts, " "]
        found = recogniser.text(mixed)
        assert len(found) == len(mixed)
        assert list(found[0]) == list(found[-1]) == []

    def test_detections_are_whole(self, recogniser: Recogniser, texts: Sequence[str]) -> None:
        for text, found in zip(texts, recogniser.text(texts), strict=True):
            for hit in found:
                assert isinstance(hit, Detection)
                assert 0 <= hit.start < hit.end <= len(text), "offsets lie in the text"
                assert text[hit.start : hit.end].strip(), "a detection is not blank"
                assert 0 < hit.score <= 1
                assert hit.entity_type in recogniser.entity_types
                assert hit.recogniser == recogniser.name
                assert hit.reasons, "a detection says why"

    def test_no_value_in_what_it_says(self, recogniser: Recogniser, texts: Sequence[str]) -> None:
        for text, found in zip(texts, recogniser.text(texts), strict=True):
            for hit in found:
                value = text[hit.start : hit.end]
                if any(c.isdigit() for c in value) and len(value) > 3:
                    assert value not in repr(hit)

    def test_the_same_texts_give_the_same(self, recogniser: Recogniser, texts: Sequence[str]) -> None:
        assert _lists(recogniser.text(texts)) == _lists(recogniser.text(texts))

    def test_texts_do_not_touch_each_other(self, recogniser: Recogniser, texts: Sequence[str]) -> None:
        together = _lists(recogniser.text(texts))
        alone = [_lists(recogniser.text([text]))[0] for text in texts]
        assert together == alone

    @pytest.mark.timeout(60)
    def test_odd_texts_do_no_harm(self, recogniser: Recogniser) -> None:
        for text, found in zip(ODD, recogniser.text(ODD), strict=True):
            assert all(0 <= hit.start < hit.end <= len(text) for hit in found)

    def test_identifiers_are_usable_on_columns(self, recogniser: Recogniser) -> None:
        if not isinstance(recogniser, OffersIdentifiers):
            return
        for identifier in recogniser.identifiers():
            _check_identifier(identifier)
            assert identifier.entity_type in recogniser.entity_types


def _check_identifier(identifier: Identifier) -> None:
    what = identifier.entity_type
    pattern = re.compile(identifier.pattern, re.IGNORECASE if identifier.ignore_case else 0)
    assert not pattern.groupindex, f"{what}: no named groups"
    assert not pattern.fullmatch(""), f"{what}: nothing is no value"
    assert 0 <= identifier.chance <= 1
    assert identifier.chance == 1 or identifier.check is not None, f"{what}: only a check lowers chance"
    assert all(word == word.lower() for word in identifier.context)
    assert all(name == " ".join(name.lower().split()) for name in identifier.headers)
    assert identifier.source, f"{what}: where is the format published?"
    for value in filter(pattern.fullmatch, _LOOSE):
        for answer in (identifier.check, identifier.test_range):
            if answer is not None:
                assert answer(value) in (True, False), "a check answers for whatever has the shape"


def _lists(found: Sequence[Sequence[Detection]]) -> list[list[Detection]]:
    return [list(hits) for hits in found]
