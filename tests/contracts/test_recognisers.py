"""Every installed recogniser keeps the contract."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pytest

from scanner import plugins
from scanner.contracts import Recogniser
from scanner.testing.recognisers import RecogniserContract

# Synthetic: reserved numbers, invented people. A new recogniser needs a line here.
HITS = {
    "uk": (
        "NHS number: 999 000 0018\nNational Insurance number QQ 12 34 56 A",
        "Please ring 01632 960001; she lives at 12 High Street, ZZ99 3VZ.",
        "aged 43, date of birth 3 February 1980",
    ),
    "presidio": ("schreib an jörg@exämple.com", "see https://www.example.gov.uk/apply?id=1"),
    "names": ("Dear Mrs Ada Synthetic,\nyour appointment is with Dr Farid Fictional.",),
    "categories": ("She has been diagnosed with epilepsy and is a member of a trade union.",),
    "prose": ("In March 2019 the two Romanian nationals moved to the flat; the older is 71 next week.",),
}


@functools.cache
def made(name: str) -> Recogniser:
    return plugins.load("recognisers", name)()  # type: ignore[no-any-return]


class TestRecognisers(RecogniserContract):
    @pytest.fixture(params=plugins.available("recognisers"))
    def recogniser(self, request: pytest.FixtureRequest) -> Recogniser:
        return made(request.param)

    @pytest.fixture
    def texts(self, request: pytest.FixtureRequest, recogniser: Recogniser) -> Sequence[str]:
        return HITS.get(recogniser.name, ())
