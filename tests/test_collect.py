"""What a text's detections come to: sure where they are somebody's, possible where they may be anybody's."""

from __future__ import annotations

import pytest

from scanner import Detector
from scanner.collect import Collector
from scanner.contracts import TextFragment
from scanner.model import Place


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("Nationality: Romanian", False),
        ("The French actor met two Romanian sailors.", True),
        ("A Polish singer and an Irish poet read in May 2019.", True),
    ],
)
def test_a_nationality_in_prose_may_be_anybodys(text: str, possible: bool) -> None:
    collector = Collector(Detector(names=False), b"k" * 32)
    collector.add(TextFragment(text, Place().child("object", "news.txt")))
    (place,) = collector.tallies()
    (tally,) = place.columns.values()
    assert (tally.entity_type, tally.possible) == ("NATIONALITY", possible)
