"""People and places by a names model, tidied by word lists.

The model is dpscan's own light one (`scanner.recognisers.light`), used only if its weights
match the committed hash, or what the user names (`name_models`). Without a model the
written patterns of `name_patterns` still work, and `model` says why there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scanner.common.lexicon import normalise
from scanner.common.spans import Spans
from scanner.model import Detection
from scanner.recognisers.name_cues import EVERYTHING
from scanner.recognisers.name_models import Choice, choose
from scanner.recognisers.name_patterns import (
    MAKES,
    RANKS,
    THINGS,
    everyday,
    is_forename,
    is_initial,
    is_surname,
    is_thing,
    names_in,
    peoples,
    places,
    regions,
    trim,
)
from scanner.recognisers.name_usage import again, usage
from scanner.recognisers.place_usage import place_usage

_CAPITAL = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’]")
_LETTER = re.compile(r"[^\W\d_]{3}")
_CHUNK = 2_000
"""Characters given to spaCy at once; its memory grows with the longest."""
_LIGHT_CHUNK = 40_000
_BY_LIGHT = ("model light",)
_LIGHT = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANISATION"}
_KINDS = {"PERSON": "PERSON", "PER": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION"}
_TITLE = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Revd|Cllr|Councillor|Sgt|PC|DC|DS|DI|Nurse|"
    r"Dear|Hi|Hello|Judge|Captain|Inspector|the|The)\.?(?:\s+|\Z)(?:(?:&|and)\s+)?)+"
)
_RANKED = re.compile("(?:(?:" + "|".join(sorted(w.title() for w in RANKS)) + r")\.?\s+)+(?=[A-ZÀ-Þ])")
_PARTICLES = "(?:van|von|de|der|den|da|di|du|del|della|la|le|bin|bint|ibn|ap|ab|al|el|y)"
_MORE = {
    "PERSON": re.compile(rf"(?:[ ]{_PARTICLES})+[ -][A-ZÀ-Þ][\w’'-]+|-[A-ZÀ-Þ][a-zà-ÿ]+"),
    "LOCATION": re.compile(
        r"(?:-(?:in|on|upon|le|under|by|the|next|sea|super|y|cum|of))+-[A-Z][a-z]+|-[A-Z][a-z]+"
    ),
}
"""What a model leaves off: `Piet` (van der Merwe), `Widecombe` (-in-the-Moor)."""
_PARTICLE = re.compile(rf"[ ]{_PARTICLES}\Z")
_SURNAME = re.compile(r"[ ][A-ZÀ-Þ][\w’'-]+")
_CODE = re.compile(r"[0-9@/\\_{}<>=#|]|::|\(\)|https?")
_CUT = re.compile(r"\n|[ ]https?:|[ ]#")
_UNLISTED = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]{4,}(?:[-'’][A-ZÀ-Þ]?[a-zà-ÿ]{2,})?")
"""A single word that no list has may still be a name, if it is long enough and no code."""
_INFLECTED = re.compile(r"(?:[^su]s|ing|ed|ly|tion|ment|ity|able|ness|osen|aken|iven|itten|oken|ought)\Z")
_COUNTRIES = frozenset("UK US USA UAE EU NYC LA USSR GDR DRC PRC DPRK NSW QLD GB".split())
_SURE = 0.88
"""The light model alone is enough."""
# Words of forms and files that models take for people or places.
_NOT_NAMES = frozenset(
    "nhs gp dob nino ni utr pnc cro hmp hmrc dwp dvla iban vat ref tel mob email address postcode sort code visa "
    "mastercard json xml csv sql http https api id uuid null none true false todo yes no n/a tbc am pm iban: account "
    "monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday "
    "sundays keeper padre passport driving licence phone mobile dear regards sincerely faithfully crn chi hcn upn uln asn brp username "
    "password login".split()
)


class NamesRecogniser:
    """PERSON and LOCATION. Organisations are not reported: they are not people."""

    name = "names"
    entity_types: tuple[str, ...] = ("PERSON", "LOCATION")

    def __init__(self, spacy_model: str | None = None) -> None:
        """`spacy_model`: an installed spaCy pipeline's package name, or a folder with a spaCy pipeline, a
        transformers model for token classification or a GLiNER model; None: the light model.

        Raises ConfigError if what was named is not there or finds no names, MissingExtra if the package
        that loads it is not installed.
        """
        self._choice = choose(spacy_model)
        self.model = self._choice.sentence
        self._loaded: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """Picklable: a worker loads the model again."""
        return {**self.__dict__, "_loaded": None}

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        out: list[list[Detection]] = [[] for _ in texts]
        cues = [EVERYTHING] * len(texts)
        others: list[list[_Entity]] = [[] for _ in texts]
        if self._choice.kind != "none":
            self._add_models(texts, out, cues, others)
        for text, found, which, other in zip(texts, out, cues, others, strict=True):
            written = [*usage(text, which), *place_usage(text, which)]
            if _CAPITAL.search(text):
                written.extend(names_in(text, which))
            found.extend(_uncontradicted(written, other) if other else written)
            if found:
                found.extend(again(str(text), found))
        return out

    def _add_models(
        self,
        texts: Sequence[str],
        out: list[list[Detection]],
        cues: list[int],
        others: list[list[_Entity]],
    ) -> None:
        """Adds what the model finds to `out`; the light one leaves in `cues` what patterns are worth trying,
        and in `others` what it takes for a place or an organisation."""
        light = self._choice.kind == "light"
        where: dict[str, list[tuple[int, int]]] = {}
        for i, text in enumerate(texts):
            if not light:
                pieces: Iterable[tuple[int, str]] = chunks(text)
            elif len(text) > _LIGHT_CHUNK:
                pieces = chunks(text, _LIGHT_CHUNK, _LETTER)
            else:
                pieces = ((0, text),) if _LETTER.search(text) else ()
            for offset, chunk in pieces:
                where.setdefault(chunk, []).append((i, offset))
        if not where:
            return
        if self._loaded is None:
            self._loaded = _load(self._choice)
        reason = _BY_LIGHT if light else (f"model {self._choice.kind}",)
        for chunk, entities, which in self._loaded(where):
            for i, offset in where[chunk]:
                out[i].extend(_tidy(chunk, offset, entities, reason))
                if light:
                    others[i].extend(
                        (start + offset, end + offset, kind, sure)
                        for start, end, kind, sure in entities
                        if kind != "PERSON"
                    )
                if len(chunk) == len(texts[i]):
                    cues[i] = which


_Entity = tuple[int, int, str, float]
"""Start, end, PERSON, LOCATION or ORGANISATION, and how sure the model is (1: it does not say)."""
_Found = Iterator[tuple[str, list[_Entity], int]]


def _load(choice: Choice) -> Callable[[Iterable[str]], _Found]:
    """What gives the entities of each distinct piece of text, and the families of patterns that could match in it."""
    if choice.kind == "light":
        return _light()
    if choice.kind == "spaCy":
        return _spacy(choice)
    from scanner.recognisers.name_folders import entities

    model = entities(choice.kind, Path(choice.folder))
    return lambda distinct: (
        (chunk, [(*entity, 1.0) for entity in found], EVERYTHING) for chunk, found in model(distinct)
    )


def _light() -> Callable[[Iterable[str]], _Found]:
    from scanner.recognisers.light.model import LightModel, packaged
    from scanner.recognisers.name_glance import glance, look

    model = LightModel(packaged(), watch=(look, glance))

    def run(distinct: Iterable[str]) -> _Found:
        pieces = list(distinct)
        found = model.spans(pieces)
        for chunk, spans, which in zip(pieces, found, model.watched, strict=True):
            yield (
                chunk,
                [(start, end, _LIGHT[kind], sure) for start, end, kind, sure in spans],
                which,
            )

    return run


def _spacy(choice: Choice) -> Callable[[Iterable[str]], _Found]:
    import spacy

    nlp = spacy.load(choice.folder, exclude=list(choice.exclude))

    def run(distinct: Iterable[str]) -> _Found:
        for doc, chunk in nlp.pipe(((chunk, chunk) for chunk in distinct), as_tuples=True, batch_size=64):
            entities = [
                (ent.start_char, ent.end_char, _KINDS[ent.label_], 1.0)
                for ent in doc.ents
                if ent.label_ in _KINDS
            ]
            yield chunk, entities, EVERYTHING

    return run


def chunks(text: str, size: int = _CHUNK, wanted: re.Pattern[str] = _CAPITAL) -> Iterator[tuple[int, str]]:
    """Pieces of at most `size` characters in which `wanted` is found, cut at line ends or spaces."""
    at = 0
    while at < len(text):
        end = at + size
        if end < len(text):
            cut = max(text.rfind("\n", at, end), text.rfind(". ", at, end) + 1)
            if cut <= at:
                cut = text.rfind(" ", at, end)
            end = cut + 1 if cut > at else end
        piece = text[at:end]
        if wanted.search(piece):
            yield at, piece
        at = end


_WEAK = {"pattern forename in its place": 0.0, "pattern forename and surname": 0.6}
"""Patterns that the light model overrules where it is surer than this of a place or an organisation."""


def _uncontradicted(written: Iterable[Detection], others: list[_Entity]) -> Iterator[Detection]:
    """What the patterns found, without the weak where the model is sure of something else."""
    against = {
        why: Spans((start, end) for start, end, _, sure in others if sure > limit)
        for why, limit in _WEAK.items()
    }
    for d in written:
        other = against.get(d.reasons[0]) if d.score < 0.8 else None
        if other is None or not other.touch(d.start, d.end):
            yield d


_BEFORE_PLACES = (
    "County ", "Cape ", "Mount ", "Lake ", "River ", "Loch ", "Lough ", "Fort ", "Isle of ", "RAF ", "RNAS ", "HMP ",
)  # fmt: skip
"""A word after these is a place, though it be a surname: `County Kerry`, `RAF Waddington`."""
_SHIP = re.compile(r"(?:HMS|HMNZS|HMAS|USS|RFA|MV|RRS)[ ]")
"""What begins the name of a ship, which is no person's though a person had it first."""
_NEXT = re.compile(r"[ ]([A-ZÀ-Þ][a-zà-ÿ]+(?:[-'’][A-ZÀ-Þ]?[a-zà-ÿ]+)*)(?![\w@-])")


def _joined(chunk: str, entities: list[_Entity]) -> list[_Entity]:
    """A person and a place side by side are one of the two where the less sure is a word that no list has as
    what it was taken for: `Banja` (place) `Luka` (person)."""
    out: list[_Entity] = []
    for entity in entities:
        start, end, kind, sure = entity
        if (
            out
            and out[-1][1] + 1 == start
            and chunk[start - 1] == " "
            and out[-1][2] != kind != "ORGANISATION"
        ):
            first, last, before, surer = out[-1]
            weak = chunk[start:end] if sure < surer else chunk[first:last]
            doubted = kind if sure < surer else before
            plain = normalise(weak)
            if (
                before != "ORGANISATION"
                and weak.isalpha()
                and (plain not in places() if doubted == "LOCATION" else not is_forename(weak))
            ):
                out[-1] = (first, end, before if surer > sure else kind, max(sure, surer))
                continue
        out.append(entity)
    return out


def _surname_after(chunk: str, start: int, end: int) -> int:
    """Where a forename ends with the surname that the model left off."""
    if not is_forename(chunk[start:end]):
        return end
    match = _NEXT.match(chunk, end)
    if match is None:
        return end
    word = normalise(match[1])
    if word in everyday() or word in RANKS or word in peoples() or word in places() or word in _NOT_NAMES:
        return end
    return match.end()


def _tidy(chunk: str, offset: int, entities: list[_Entity], reason: tuple[str, ...]) -> Iterator[Detection]:
    for start, end, kind, sure in _joined(chunk, entities) if reason == _BY_LIGHT else entities:
        if kind == "ORGANISATION":
            continue
        piece = chunk[start:end]
        start += len(piece) - len(piece.lstrip("#'\"( "))
        end = start + len(_CUT.split(chunk[start:end])[0].rstrip())
        if title := _TITLE.match(chunk, start, end):
            start = title.end()
        if kind == "PERSON" and (rank := _RANKED.match(chunk, start, end)):
            start = rank.end()
        if (more := _MORE[kind].match(chunk, end)) or (
            kind == "PERSON" and _PARTICLE.search(chunk, start, end) and (more := _SURNAME.match(chunk, end))
        ):
            end = more.end()
        elif kind == "PERSON" and reason == _BY_LIGHT:
            end = _surname_after(chunk, start, end)
        if end - start < 2:
            continue
        start, end = trim(chunk, start, end, roles=kind == "PERSON")
        piece = chunk[start:end]
        tokens = piece.split()
        if not tokens or _CODE.search(piece) or (reason != _BY_LIGHT and not any(c.isupper() for c in piece)):
            continue
        plain = [normalise(t).strip(".,'\"()") for t in tokens]
        if any(p in _NOT_NAMES for p in plain) or _only_ranks(plain, sure):
            continue
        if reason == _BY_LIGHT and _of_a_people(kind, plain, sure):
            continue
        if kind == "PERSON" and (plain[-1] in THINGS or plain[0] in MAKES):
            continue
        if (
            kind == "PERSON"
            and reason == _BY_LIGHT
            and (is_thing(chunk, end) or chunk.endswith("-> ", 0, start))
        ):
            continue
        if kind == "PERSON" and (_SHIP.match(piece) or _SHIP.search(chunk, max(0, start - 6), start)):
            continue
        if kind == "PERSON" and (
            (len(tokens) == 1 and chunk.endswith(_BEFORE_PLACES, 0, start))
            or (len(tokens) == 2 and piece.startswith(_BEFORE_PLACES))
        ):
            kind = "LOCATION"
        if kind == "LOCATION" and len(tokens) > 1 and is_initial(tokens[0]) and tokens[0].endswith("."):
            kind = kind if len(tokens[-1].strip(".")) == 1 else "PERSON"  # `U. S.` and `V. Knight`
        guess = kind
        kind, score = _kind(kind, tokens, plain, normalise(piece))
        if reason == _BY_LIGHT:  # it has seen the lists itself: they may refuse, not overrule
            kind, score = guess, score if kind == guess else min(score, 0.5)
            if score == 0 and piece.islower() and plain[0] not in everyday():
                score = 0.5 if sure > _SURE or is_forename(plain[0]) else 0.0
        if (
            score < 0.5
            and _INFLECTED.search(plain[0])
            and chunk[max(0, start - 2) : start].strip(" \n.") == ""
        ):
            continue  # an ordinary word with a capital because it begins a sentence
        if score:
            yield Detection(kind, offset + start, offset + end, score, False, reason, "names")


def _only_ranks(plain: list[str], sure: float) -> bool:
    """`Lance Corporal`; a rank by itself may be a name (`Major`, `Bishop`) where the model is sure of it."""
    if not all(p in RANKS for p in plain):
        return False
    return len(plain) > 1 or sure < _SURE or not (is_surname(plain[0]) or is_forename(plain[0]))


def _of_a_people(kind: str, plain: list[str], sure: float) -> bool:
    """A nation, people or faith (`Kurdish`, `South Korean`), which are not names; a surname may be the same word."""
    if " ".join(plain) not in peoples():
        return False
    return kind == "LOCATION" or sure < _SURE or not is_surname(plain[-1])


def _kind(kind: str, tokens: list[str], plain: list[str], whole: str) -> tuple[str, float]:
    """What the word lists make of the model's guess: the type, and a score (0 = refuse)."""
    known = whole in places()
    if kind == "LOCATION":
        if known:
            return "LOCATION", 0.75
        if (
            len(tokens) > 1
            and is_forename(tokens[0])
            and is_surname(tokens[-1])
            and plain[-1] not in everyday()
        ):
            return "PERSON", 0.6
        letters = "".join(tokens).replace(".", "")
        if letters.isupper() and len(letters) < 5 and (len(tokens) == 1 or letters in _COUNTRIES):
            return kind, 0.6 if letters in _COUNTRIES else 0.0
        if all(p in everyday() for p in plain):
            return kind, 0.5 if len(tokens) > 1 and whole in regions() else 0.0
        if len(tokens) == 1 and is_surname(tokens[0]):
            return "PERSON", 0.5
        return "LOCATION", 0.5
    if len(tokens) == 1:
        word = plain[0]
        if tokens[0].isupper() and not is_surname(tokens[0]) and not is_forename(tokens[0]):
            return kind, 0.0
        if word in everyday():
            return kind, 0.5 if is_forename(word) else 0.0
        if known and not is_forename(tokens[0]):
            return "LOCATION", 0.6
        if is_forename(tokens[0]) or is_surname(tokens[0]):
            return kind, 0.7 if tokens[0][0].isupper() else 0.0
        return kind, 0.45 if _UNLISTED.fullmatch(tokens[0]) else 0.0
    if known:
        return "LOCATION", 0.6
    listed = any(is_forename(t) or is_surname(t) for t in tokens if not is_initial(t))
    if all(p in everyday() or is_initial(t) for p, t in zip(plain, tokens, strict=True)) and not (
        is_forename(tokens[0]) and is_surname(tokens[-1])
    ):
        return kind, 0.0
    return kind, 0.85 if listed else 0.55
