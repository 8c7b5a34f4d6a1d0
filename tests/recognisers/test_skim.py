"""A text that is not read for want of a word or a form holds nothing."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.common.lexicon import words
from scanner.common.manytexts import ManyTexts
from scanner.common.mentions import LEXICONS, mentions
from scanner.common.mentions import skim as skim_mentions
from scanner.recognisers.presidio import PresidioRecogniser
from scanner.recognisers.uk import SPECS, UkRecogniser
from scanner.recognisers.uk.expressions import fewest_digits
from tests.recognisers.corpus import read

UK, PRESIDIO = UkRecogniser(), PresidioRecogniser()
_CONTEXTS = sorted({word for s in SPECS for word in (*s.identifier.context, *s.labels)})
_STREETS = "High Street|Mill Lane|The Green|Heol Fawr|Acacia Ave|Broadway|Rose Court, Dudley Road, Leeds|the way home".split(
    "|"
)
_BIRTHS = "born|dob:|d.o.b.|aged|age is|turned|years old|yrs old|y/o|yo|date of birth|b.".split("|")
_MENTIONS = sorted(entry for lists in LEXICONS.values() for name in lists for entry in words(name))


def lost(texts: list[str]) -> list[str]:
    """Texts that are left alone though they hold something."""
    many = ManyTexts(texts)
    uk, presidio, mentioned = (
        mask.tolist() for mask in (UK.skim(many), PRESIDIO.skim(many), skim_mentions(many))
    )
    found = []
    for place, text in enumerate(texts):
        held = () if uk[place] else UK.text([text])[0]
        held = [*held, *(() if presidio[place] else PRESIDIO.text([text])[0])]
        if any(d.entity_type not in ("DATE_TIME", "URL") for d in held) or (
            not mentioned[place] and list(mentions(text))
        ):
            found.append(text)
    return found


def test_texts_of_the_corpus_in_pieces() -> None:
    pieces = []
    for _, text, _ in read(Path(__file__).with_name("texts.txt")):
        pieces += [text, *re.split(r"\n|(?<=[.;:]) ", text)]
        tokens = text.split()
        for size in (2, 4, 7):
            pieces += [" ".join(tokens[i : i + size]) for i in range(0, len(tokens), 2)]
    pieces += [piece.lower() for piece in pieces]
    assert lost([piece for piece in pieces if piece.strip()]) == []


@pytest.mark.parametrize("seed", range(3))
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_values_among_words(seed: int, data: st.DataObject) -> None:
    """Every format, beside its words, others' words, or none."""
    rng = random.Random(seed + data.draw(st.integers(0, 10**6)))
    plain = st.characters(min_codepoint=32, max_codepoint=126, include_characters="£")
    values = [
        data.draw(st.from_regex(rf"(?:{s.identifier.pattern})", fullmatch=True, alphabet=plain))
        for s in SPECS
    ]
    values += ["14/03/1999", "3 May 1972", "45", "12", "7", "2024", "999999", "03-04-05", "12345678"]
    extra = [
        *_CONTEXTS,
        *_STREETS,
        *_BIRTHS,
        *rng.sample(_MENTIONS, 60),
        *"a the of to x is visit call".split(),
    ]
    texts = []
    for _ in range(400):
        parts = [rng.choice(values if rng.random() < 0.4 else extra) for _ in range(rng.randrange(1, 6))]
        texts.append(rng.choice([" ", ": ", ", ", "  ", "/"]).join(parts))
    assert lost([text for text in texts if text.strip()]) == []


def test_most_dull_texts_are_left_alone() -> None:
    rng = random.Random(1)
    dull = "seen at the office and agreed to come again after lunch with papers for review 12 3 2024".split()
    texts = [" ".join(rng.choices(dull, k=9)) for _ in range(500)]
    assert UK.skim(ManyTexts(texts)).mean() < 0.05


def test_fewest_digits() -> None:
    assert fewest_digits("[0-9]{3}[ -]?[0-9]{4}") == 7
    assert fewest_digits("(?:A[0-9]|[0-9]{2}B)[0-9A-F]") == 1
    assert fewest_digits(r"\d{2,}(?:x\d)?") == 2


def test_words_end_with_their_text() -> None:
    many = ManyTexts(["Call NHS", "Number", "", "nhs number", "é NHS Number"])
    assert many.speaks([("nhs", "number")]).tolist()[2:] == [False, True, True]
    assert many.speaks([("number",)]).tolist() == [False, True, False, True, True]
    assert many.strange.tolist() == [False, False, False, False, True]
