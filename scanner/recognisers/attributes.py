"""Nationality and marital status in running text, where the words around say that they are somebody's."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from scanner.common.lexicon import normalise, words
from scanner.common.reading import Cues, read
from scanner.model import Detection

_RUNS = Cues(
    "nationality nationalities national citizen citizenship marital widowed divorced widower widow separated".split()
)
_LABELLED = re.compile(
    r"\bnationality(?:\s?[:=-]\s?| is | was |, )([A-Za-z]+(?:[ -][A-Za-z]+)?)|\bcitizenship\s?[:=-]\s?([A-Za-z]+)",
    re.I,
)
_NATIONAL = re.compile(
    r"\b([A-Z][a-z]+(?:[ ][A-Z][a-z]+)?)[ ](?:nationals?|citizens?|nationality|citizenship)\b"
)
_MARITAL = re.compile(r"\bmarital status(?:\s?[:=-]\s?| is )([A-Za-z]+(?:[ -][A-Za-z]+)?)", re.I)
_WIDOWED = re.compile(r"(?<![A-Za-z-])(?:[Ww]idowed|[Dd]ivorced|[Ww]idower?)(?![A-Za-z'’-])")


@functools.cache
def _answers(name: str) -> frozenset[str]:
    return words(name)


def attributes(text: str) -> Iterator[Detection]:
    """NATIONALITY and MARITAL_STATUS; spans do not overlap within a type."""
    if not read(text).speaks(_RUNS):
        return
    for expression in (_LABELLED, _NATIONAL):
        for match in expression.finditer(text):
            found = _known(match, "nationalities")
            if found:
                yield Detection(
                    "NATIONALITY",
                    *found,
                    0.7,
                    reasons=("context nationality (label)",),
                    recogniser="categories",
                )
    for match in _MARITAL.finditer(text):
        found = _known(match, "marital_status")
        if found:
            yield Detection(
                "MARITAL_STATUS",
                *found,
                0.7,
                reasons=("context marital status (label)",),
                recogniser="categories",
            )
    for match in _WIDOWED.finditer(text):
        yield Detection(
            "MARITAL_STATUS",
            *match.span(),
            0.45,
            reasons=("lexicon marital status",),
            recogniser="categories",
        )


def _known(match: re.Match[str], lexicon: str) -> tuple[int, int] | None:
    """The span of the answer, of one or two words, that the lexicon has."""
    group = 1 if match[1] else 2
    start, answer = match.start(group), match[group]
    for piece in (answer, answer.partition(" ")[0], answer.rpartition(" ")[2]):
        if normalise(piece) in _answers(lexicon):
            at = start + answer.index(piece)
            return at, at + len(piece)
    return None
