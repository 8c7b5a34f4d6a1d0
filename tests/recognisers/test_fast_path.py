"""The fast text pass finds what trying everything everywhere finds: on corpora and on invented texts."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import Detector
from scanner.common.mentions import mentions
from scanner.common.nearby import AFTER, BEFORE, Near, context
from scanner.common.reading import read
from scanner.recognisers import names
from scanner.recognisers.name_cues import EVERYTHING
from scanner.recognisers.uk import SPECS
from tests.corpus import values
from tests.recognisers import corpus, slow_path

HERE = Path(__file__).parent
TEXTS = [
    text
    for file in (HERE / "texts.txt", *sorted((HERE.parent / "corpus" / "text").glob("*.txt")))
    for _, text, _ in corpus.read(file)
]
_MAKERS = (
    values.nhs, values.chi, values.hcn, values.utr, values.uln, values.upn, values.nino, values.passport, values.licence,
    values.vrm, values.pnc, values.cro, values.iban, values.card, values.sort_code, values.phone, values.mobile_no_zero,
    values.postcode, values.address, values.guid,
)  # fmt: skip
_VALUES = st.builds(
    lambda make, seed: make(random.Random(seed)), st.sampled_from(_MAKERS), st.integers(0, 10**6)
)
_WORDS = st.sampled_from(
    "NHS number|passport no.|reg|UTR|order|ref|Reading|born|aged 12|weeks|4th of|May 2026|(home)|tel.|+44|(0)|chassis|"
    "IZ 123|AXZ 12|a 4|A|12-14|1.2.3.4|10:30|£45.00|12 A 1234 E|3/4|60%|12 MAY 1980|K 12345|in 2026 and|SF12/123A|"
    "account|sort code|0AB12345|12th|7pm|C1|25mg|1HGCM82633A004352|É 12|x".split("|")
)
_GAPS = st.sampled_from(
    [" ", " ", " ", ", ", ". ", "\n", "-", "/", "", "(", ")", ": ", ' "', "\u00a0", "\u2009", "–", "."]
)
_INVENTED = st.lists(
    st.tuples(st.one_of(_VALUES, _WORDS, st.from_regex("[0-9]{1,13}", fullmatch=True)), _GAPS), max_size=6
)


@pytest.mark.parametrize("i", range(0, len(TEXTS), 7))
def test_corpora(i: int) -> None:
    for text in TEXTS[i : i + 7]:
        assert slow_path.fast(text) == slow_path.formats(text), text


def test_the_slow_path_finds_things() -> None:
    assert sum(len(slow_path.formats(text)) for text in TEXTS[:60]) > 60


@settings(max_examples=120, deadline=None)
@given(_INVENTED.map(lambda parts: "".join(piece + gap for piece, gap in parts)))
def test_invented_texts(text: str) -> None:
    assert slow_path.fast(text) == slow_path.formats(text)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([w for s in SPECS for w in s.identifier.context]), max_size=4), _GAPS)
def test_no_context_word_is_left_out(words: list[str], gap: str) -> None:
    """The last of the words before a value, among few words and among many, as an expression finds it."""
    before = gap.join(words).lower()[1 - BEFORE :]
    for spec in SPECS:
        listed = sorted(spec.identifier.context, key=len, reverse=True)
        if not listed:
            continue
        expression = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, listed))})(?:s|'s)?(?![a-z])")
        last = next(reversed(list(expression.finditer(before))), None)
        for more in ("", " " + " ".join(w for s in SPECS[:20] for w in s.identifier.context)):
            wanted = context(spec.identifier.context)
            near = Near(f"{before} 1234{' ' * AFTER}{more}", len(before) + 1, len(before) + 5)
            support = near.support(wanted)
            assert (support and support[0]) == (last and last[0])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "type 2 diabetes|asthma's|Crohn’s disease|c of e|common assault|the|of|“epilepsy”|HIV|a".split(
                "|"
            )
        ),
        max_size=5,
    ),
    st.sampled_from([" ", ", ", ". ", "\n", "-"]),
)
def test_mentions_do_not_depend_on_what_stands_around(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    alone = list(mentions(text))
    assert alone == [(kind, a - 6, b - 6) for kind, a, b in mentions("Note: " + text)]


def test_together_as_one_by_one() -> None:
    detector = Detector()
    assert detector.text(TEXTS) == [detector.text([text])[0] for text in TEXTS]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_a_text_that_is_read_is_the_text(text: str) -> None:
    reading = read(text)
    assert reading == text
    assert len(reading.lowered) == len(text)
    assert "".join(c for c in reading.lowered if "a" <= c <= "z") == "".join(reading.runs)
    for at in reading.begins(frozenset(reading.runs)):
        assert reading.lowered[at].isalpha()


def _without_a_glance(monkeypatch: pytest.MonkeyPatch) -> names.NamesRecogniser:
    """The names recogniser that tries every pattern in every text."""
    light = names._light

    def every() -> object:
        run = light()
        return lambda pieces: ((chunk, found, EVERYTHING) for chunk, found, _ in run(pieces))

    monkeypatch.setattr(names, "_light", every)
    recogniser = names.NamesRecogniser()
    recogniser.text(["Mr Smith"])
    monkeypatch.undo()
    return recogniser


_NAMED = st.lists(
    st.sampled_from(
        "Mr|Mrs.|&|Dear|Hi|hello|Priya|PATEL|Okonkwo,|V|G.|Knight|Jean-Paul|O'Brien|'s|said|told|from|in|to|the|Crewe|County|"
        'Down|Uncle|Officer|(9)|, 34,|aged|Name:|From:|"|“Taff”|<Tom>|Thanks,\n|regards\n|mrs|appleyard|tell|sanjeev|that|'
        "Cllrs|and|River|Post to:|Dilys|Roper|.|\n|[12:01]|van der|Merwe|Holt|É|scotland|been|c/o|sent to|hi|priya|mr.|"
        "dilys.roper@x.example".split("|")
    ),
    max_size=12,
)


def test_a_glance_leaves_out_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    every, glancing = _without_a_glance(monkeypatch), names.NamesRecogniser()

    def same(texts: list[str]) -> None:
        for text, all_of_them, some in zip(texts, every.text(texts), glancing.text(texts), strict=True):
            assert sorted(map(repr, all_of_them)) == sorted(map(repr, some)), text

    same(TEXTS)

    @settings(max_examples=150, deadline=None)
    @given(st.lists(_NAMED.map(" ".join), min_size=1, max_size=3))
    def invented(texts: list[str]) -> None:
        same(texts)

    invented()
