"""The light names model beside a plain one: every token by itself, one text at a time, nothing remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.recognisers.light.features import active, dull, rows
from scanner.recognisers.light.memory import Words
from scanner.recognisers.light.model import LightModel, packaged
from scanner.recognisers.light.network import LABELS, REACH, TABLES, unpack
from scanner.recognisers.light.tokens import GAP, tokens

CORPORA = sorted((Path(__file__).parents[1] / "corpus" / "text").glob("*.txt"))
PIECES = ("Anna ", "Smith", "J. ", "St. ", " Leeds", "   ", "  ", "U.S. ", "siobhan ", "The ", "www.J. ", "x@y.z", "\n\n",
          "\t", "-", "'s", "é", "中", "\0", "\u00a0", ",", "12.5 ", "Housing ", "B.", "and ")  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def cut(text: str) -> Iterator[tuple[str, int, int]]:
    """Tokens as they stand, with start and end, gaps included."""
    at = -len(GAP)
    for match in tokens(GAP + text.replace("\0", " ") + GAP):
        token = match[:-1] if match[-1] == " " and len(match) > 1 else match
        yield token, at, at + len(match) - (match[-1] == " ")
        at += len(match)


class Plain:
    """The network as its description has it, with loops."""

    def __init__(self) -> None:
        self.weights, self.frequency = unpack(packaged())

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        found = list(cut(text))
        live = self.computed([token for token, _, _ in found])
        if not live:
            return []
        labels = {i: LABELS[s.argmax()] for i, s in self.scores([t for t, _, _ in found], live).items()}
        spans: list[tuple[int, int, str]] = []
        before = -2
        for i in live:
            kind = labels[i][2:]
            if labels[i] == "O":
                continue
            if labels[i][0] == "I" and before == i - 1 and spans[-1][2] == kind:
                spans[-1] = (spans[-1][0], found[i][2], kind)
            else:
                spans.append((found[i][1], found[i][2], kind))
            before = i
        return spans

    def computed(self, written: list[str]) -> list[int]:
        """Tokens that could be part of a name, unless alone and dull; then what lies between two of them."""
        candidates = [i for i, token in enumerate(written) if active(token, self.frequency)]
        kept = [
            i
            for i in candidates
            if not dull(written[i], self.frequency) or any(0 < abs(i - j) <= 3 for j in candidates)
        ]
        between = {k for i in kept for j in kept if 0 < j - i <= 3 for k in range(i, j)}
        return sorted(between.union(kept))

    def scores(self, written: list[str], live: list[int]) -> dict[int, np.ndarray]:
        w = self.weights
        hashes, dense = rows(written, self.frequency)
        joined = np.hstack([*(w[name][hashes[:, i]] for i, name in enumerate(TABLES)), dense])
        vectors = np.maximum(joined @ w["token"] + w["token_b"], 0)
        hidden = np.zeros((len(written), len(w["one_b"])), np.float32)
        for i in live:
            beside = vectors[i - REACH : i + REACH + 1].ravel()
            hidden[i] = np.maximum(beside @ w["one"] + w["one_b"], 0)
        for name, distance in (("two", 1), ("three", 2)):
            deeper = hidden.copy()
            for i in live:
                beside = np.concatenate([hidden[i - distance], hidden[i], hidden[i + distance]])
                deeper[i] += np.maximum(beside @ w[name] + w[name + "_b"], 0)
            hidden = deeper
        return {i: hidden[i] @ w["out"] + w["out_b"] for i in live}


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain()


@pytest.fixture(scope="module")
def model() -> LightModel:
    return LightModel(packaged())


@pytest.mark.parametrize("file", CORPORA, ids=lambda file: file.stem)
def test_a_corpus_has_the_same_spans(file: Path, plain: Plain, model: LightModel) -> None:
    texts = file.read_text("utf-8").split("\n\n")
    found = model.spans(texts)
    assert sum(map(len, found)) > 50
    for text, spans in zip(texts, found, strict=True):
        assert [span[:3] for span in spans] == plain.spans(text)


@given(st.lists(TEXTS, max_size=5))
@settings(max_examples=80, deadline=None)
def test_any_texts_have_the_same_spans(plain: Plain, model: LightModel, texts: list[str]) -> None:
    assert [[s[:3] for s in spans] for spans in model.spans(texts)] == [plain.spans(t) for t in texts]


@given(
    st.lists(
        st.text(st.sampled_from("aBÉJ0 .,'’-@#/:\n\t_=*é中\u00a0"), max_size=40) | TEXTS,
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=300, deadline=None)
def test_words_give_the_tokens_of_texts(texts: list[str]) -> None:
    words = Words()
    for _ in range(2):  # what is known is cut as what is new
        row = words.read([text.replace("\0", " ") for text in texts])
        every = np.arange(len(row.tokens))
        which, starts, ends = (a.tolist() for a in words.extents(row, every, every))
        for number, text in enumerate(texts):
            head = row.heads[number]
            expected = list(cut(text))[len(GAP) : -len(GAP)]
            shift = text[:1] in (" ", "\0")
            for i, (token, start, end) in enumerate(expected, start=head):
                assert words.written[row.tokens[i]] == token
                assert (which[i], starts[i] + shift, ends[i] + shift) == (number, start, end)
            assert row.tokens[head + len(expected)] == 0
