"""People and places by a names model, tidied by word lists.

The model is dpscan's own light one (`scanner.recognisers.light`), used only if its weights
match the committed hash, or any installed spaCy pipeline the user names. Without a model the
written patterns of `name_patterns` still work, and `model` says why there is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.common.lexicon import normalise
from scanner.errors import ConfigError
from scanner.model import Detection
from scanner.recognisers.name_models import KNOWN_MODELS, KnownModel
from scanner.recognisers.name_patterns import (
    MAKES,
    THINGS,
    everyday,
    is_forename,
    is_initial,
    is_surname,
    names_in,
    places,
    trim,
)
from scanner.recognisers.name_usage import again, usage
from scanner.recognisers.place_usage import place_usage

if TYPE_CHECKING:
    from scanner.recognisers.light.model import LightModel

_CAPITAL = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’]")
_LETTER = re.compile(r"[^\W\d_]{3}")
_CHUNK = 2_000
"""Characters given to spaCy at once; its memory grows with the longest."""
_LIGHT_CHUNK = 40_000
_BY_LIGHT = ("model light",)
_LIGHT = {"PER": "PERSON", "LOC": "LOCATION"}
_KINDS = {"PERSON": "PERSON", "PER": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION"}
_TITLE = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Revd|Cllr|Councillor|Sgt|PC|DC|DS|DI|Nurse|"
    r"Dear|Hi|Hello|Judge|Captain|Inspector|the|The)\.?(?:\s+|\Z)(?:(?:&|and)\s+)?)+"
)
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
_INFLECTED = re.compile(r"(?:[^su]s|ing|ed|ly|tion|ment|ity|able|ness)\Z")
_COUNTRIES = frozenset(("UK", "US", "USA", "UAE", "EU", "NYC", "LA"))
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
        """`spacy_model`: an installed pipeline's package name or folder; None: the light model.

        Raises ConfigError if a pipeline was named and is not there or finds no names.
        """
        self._nlp: Any = None
        self._light: LightModel | None = None
        self._folder: str | None = None
        self._exclude: tuple[str, ...] = ()
        self._use_light = False
        if spacy_model is not None:
            self._folder, self._exclude, self.model = _users(spacy_model)
        else:
            self.model, self._use_light = released()

    def __getstate__(self) -> dict[str, Any]:
        """Picklable: a worker loads the model again."""
        return {**self.__dict__, "_nlp": None, "_light": None}

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        out = [[*usage(t), *place_usage(t), *(names_in(t) if _CAPITAL.search(t) else ())] for t in texts]
        if self._folder is not None or self._use_light:
            self._add_models(texts, out)
        for text, found in zip(texts, out, strict=True):
            if found:
                found.extend(again(str(text), found))
        return out

    def _add_models(self, texts: Sequence[str], out: list[list[Detection]]) -> None:
        where: dict[str, list[tuple[int, int]]] = {}
        for i, text in enumerate(texts):
            if self._folder:
                pieces: Iterable[tuple[int, str]] = chunks(text)
            elif len(text) > _LIGHT_CHUNK:
                pieces = chunks(text, _LIGHT_CHUNK, _LETTER)
            else:
                pieces = ((0, text),) if _LETTER.search(text) else ()
            for offset, chunk in pieces:
                where.setdefault(chunk, []).append((i, offset))
        if where:
            reason = _BY_LIGHT if self._folder is None else ("model spaCy",)
            for chunk, entities in self._run(where) if self._folder else self._run_light(where):
                for i, offset in where[chunk]:
                    out[i].extend(_tidy(chunk, offset, entities, reason))

    def _run_light(self, distinct: Iterable[str]) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
        if self._light is None:
            from scanner.recognisers.light.model import LightModel, packaged

            self._light = LightModel(packaged())
        pieces = list(distinct)
        for chunk, spans in zip(pieces, self._light.spans(pieces), strict=True):
            yield chunk, [(start, end, _LIGHT[kind]) for start, end, kind, _ in spans if kind in _LIGHT]

    def _run(self, distinct: Iterable[str]) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
        if self._nlp is None:
            import spacy

            assert self._folder is not None

            self._nlp = spacy.load(self._folder, exclude=list(self._exclude))
        for doc, chunk in self._nlp.pipe(
            ((chunk, chunk) for chunk in distinct), as_tuples=True, batch_size=64
        ):
            yield (
                chunk,
                [
                    (ent.start_char, ent.end_char, _KINDS[ent.label_])
                    for ent in doc.ents
                    if ent.label_ in _KINDS
                ],
            )


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


def _tidy(
    chunk: str, offset: int, entities: list[tuple[int, int, str]], reason: tuple[str, ...]
) -> Iterator[Detection]:
    for start, end, kind in entities:
        piece = chunk[start:end]
        start += len(piece) - len(piece.lstrip("#'\"( "))
        end = start + len(_CUT.split(chunk[start:end])[0].rstrip())
        if title := _TITLE.match(chunk, start, end):
            start = title.end()
        if (more := _MORE[kind].match(chunk, end)) or (
            kind == "PERSON" and _PARTICLE.search(chunk, start, end) and (more := _SURNAME.match(chunk, end))
        ):
            end = more.end()
        if end - start < 2:
            continue
        start, end = trim(chunk, start, end, roles=kind == "PERSON")
        piece = chunk[start:end]
        tokens = piece.split()
        if not tokens or _CODE.search(piece) or (reason != _BY_LIGHT and not any(c.isupper() for c in piece)):
            continue
        plain = [normalise(t).strip(".,'\"()") for t in tokens]
        if any(p in _NOT_NAMES for p in plain):
            continue
        if kind == "PERSON" and (plain[-1] in THINGS or plain[0] in MAKES):
            continue
        if kind == "LOCATION" and len(tokens) > 1 and is_initial(tokens[0]) and tokens[0].endswith("."):
            kind = "PERSON"
        guess = kind
        kind, score = _kind(kind, tokens, plain, normalise(piece))
        if reason == _BY_LIGHT:  # it has seen the lists itself: they may refuse, not overrule
            kind, score = guess, score if kind == guess else min(score, 0.5)
            if score == 0 and piece.islower() and is_forename(plain[0]) and plain[0] not in everyday():
                score = 0.5
        if (
            score < 0.5
            and _INFLECTED.search(plain[0])
            and chunk[max(0, start - 2) : start].strip(" \n.") == ""
        ):
            continue  # an ordinary word with a capital because it begins a sentence
        if score:
            yield Detection(kind, offset + start, offset + end, score, False, reason, "names")


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
        if len(tokens) == 1 and tokens[0].isupper() and len(tokens[0]) < 5:
            return kind, 0.6 if tokens[0] in _COUNTRIES else 0.0
        if all(p in everyday() for p in plain):
            return kind, 0.0
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


# --- which model --------------------------------------------------------------------


def released() -> tuple[str, bool]:
    """The sentence for reports, and whether the light model may be used."""
    from scanner.recognisers.light.model import SHA256, VERSION, WeightsError, packaged

    try:
        packaged()
    except WeightsError as error:
        return f"none: {error}; names are found by patterns and word lists only", False
    return f"dpscan light names model {VERSION} (sha256 {SHA256[:12]})", True


def _folder(model: KnownModel) -> Path | None:
    found = importlib.util.find_spec(model.module)
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / model.folder
    return folder if folder.is_dir() else None


def verify(model: KnownModel, folder: Path) -> str | None:
    """None if every listed file is there unchanged; otherwise what is wrong, for people."""
    for name, expected in model.files.items():
        path = folder / name
        if not path.is_file():
            return f"its file {name} is missing"
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                return f"its file {name} does not match the SHA-256 known for version {model.version}"
    return None


def _meta(folder: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
    return meta


def _users(name: str) -> tuple[str, tuple[str, ...], str]:
    for model in KNOWN_MODELS:
        folder = _folder(model)
        if name in (model.module, model.package) and folder is not None and verify(model, folder) is None:
            rest = tuple(c for c in _meta(folder).get("components", ()) if c != "ner")
            return str(folder), rest, f"spaCy {model.package} {model.version} (verified)"
    folder = Path(name)
    if not (folder / "meta.json").is_file():
        module = name.replace("-", "_")
        found = importlib.util.find_spec(module) if module.isidentifier() else None
        if found is None or not found.submodule_search_locations:
            raise ConfigError(
                f"spacy_model: no installed spaCy pipeline and no folder named {name!r}; "
                "install it with pip, or give the folder that holds its meta.json"
            )
        roots = sorted(Path(found.submodule_search_locations[0]).glob("*/meta.json"))
        if not roots:
            raise ConfigError(f"spacy_model: the package {name!r} holds no spaCy pipeline")
        folder = roots[-1].parent
    meta = _meta(folder)
    components = tuple(meta.get("components", meta.get("pipeline", ())))
    if not {"ner", "entity_ruler", "transformer", "span_ruler"} & set(components):
        raise ConfigError(
            f"spacy_model: {name!r} has no component that finds names (it has: {', '.join(components)})"
        )
    # A stranger's `ner` may listen to a shared tok2vec or transformer: leave those in.
    rest = tuple(
        c
        for c in components
        if c in ("tagger", "parser", "senter", "lemmatizer", "attribute_ruler", "morphologizer")
    )
    version = meta.get("version", "of unknown version")
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        version = importlib.metadata.version(name)
    return str(folder), rest, f"spaCy {Path(name).name} {version} (unverified: chosen by the user)"
