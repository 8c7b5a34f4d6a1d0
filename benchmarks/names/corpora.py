"""Marked texts for training and for scoring: read, cleaned, varied.

A document is (source, text, [(start, end, PER | LOC | ORG | IGN)]). IGN: not learned from and not
scored. The data folder holds `gold.jsonl.gz` and `silver.jsonl.gz`; see the model card for what
they are made of.
"""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.names.pools import Pools
from scanner.common.lexicon import normalise, words

Document = tuple[str, str, list[tuple[int, int, str]]]
_PAIR = re.compile(r"\b([A-Z][a-z]+) ([A-Z][a-z]+)\b")


def read(path: Path) -> Iterator[Document]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            d = json.loads(line)
            yield d["src"], d["text"], [(a, b, kind) for a, b, kind in d["ents"]]


@functools.cache
def _names() -> frozenset[str]:
    return words("forenames") | words("surnames")


def cleaned(document: Document) -> Document:
    """A silver document with doubtful labels set aside: a lone `person` that no list of names has,
    and a forename with a surname that was not labelled at all."""
    source, text, ents = document
    names, everyday = _names(), words("everyday")
    out = []
    for a, b, kind in ents:
        parts = [normalise(p) for p in text[a:b].split()]
        if kind == "PER" and not any(p in names and p not in everyday for p in parts):
            kind = "IGN"
        out.append((a, b, kind))
    for match in _PAIR.finditer(text):
        first, last = match[1].lower(), match[2].lower()
        if (
            first in words("forenames")
            and last in words("surnames")
            and first not in everyday
            and last not in everyday
            and not any(a < match.end() and match.start() < b for a, b, _ in out)
        ):
            out.append((match.start(), match.end(), "IGN"))
    return source, text, sorted(out)


def varied(document: Document, pools: Pools) -> Document:
    """The document with other people and places in it, now and then in one case throughout."""
    source, text, ents = document
    chance = pools.random
    if ents and chance.random() < 0.45:
        out, new, at = "", [], 0
        for a, b, kind in sorted(ents):
            if a < at:
                continue
            piece = text[a:b]
            words_in = len(piece.split())
            if kind == "PER" and chance.random() < 0.7 and piece[:1].isupper():
                first, last = pools.both()
                full = f"{pools.pick(first)} {pools.surname(last)}"
                piece = (
                    full
                    if words_in > 1
                    else pools.pick(first)
                    if chance.random() < 0.5
                    else pools.surname(last)
                )
                piece = piece.upper() if text[a:b].isupper() and b - a > 3 else piece
            elif kind == "LOC" and chance.random() < 0.6 and words_in < 3 and piece[:1].isupper():
                piece = pools.place()
            out += text[at:a]
            new.append((len(out), len(out) + len(piece), kind))
            out += piece
            at = b
        text, ents = out + text[at:], new
    r = chance.random()
    if r < 0.04 and len(text.upper()) == len(text):
        text = text.upper()
    elif r < 0.14 and len(text.lower()) == len(text):
        text = text.lower()
    return source, text, ents
