"""The public way in: find personal data in texts and in columns.

    >>> from scanner import Detector
    >>> [hits] = Detector(names=False).text(["NHS number: 943 476 5919"])
    >>> hits[0].entity_type, hits[0].validated, hits[0].test_range
    ('UK_NHS', True, True)

Recognisers propose; `overlaps.resolve` decides between proposals for the same characters by
evidence: a check that passed beats a word nearby, which beats a model's guess.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner import plugins
from scanner.common.reading import read
from scanner.contracts import Identifier, OffersIdentifiers, Recogniser, Skims
from scanner.model import ColumnResult, Detection
from scanner.overlaps import resolve

if TYPE_CHECKING:
    from scanner.own.values import ValueLists


_MANY = 200
"""Texts from which a look at all of them, for which to read, is cheaper than reading them."""
_TOGETHER = 250_000
"""Characters that all recognisers read before the next texts are begun."""


class Detector:
    """Finds entities in texts and columns. Makes no network call, keeps no text.

    Models load at first use, so an instance is cheap to make and can be pickled; a worker
    that unpickles it loads its own. The same input always gives the same output.
    """

    def __init__(
        self,
        *,
        names: bool = True,
        spacy_model: str | None = None,
        us: bool = False,
        recognisers: Sequence[Recogniser] = (),
        own: Sequence[str | Path] = (),
        values: str | Path | None = None,
    ) -> None:
        """`names`: find people and places (slow without need for them). `spacy_model`: an installed
        spaCy pipeline by name or folder instead of the packaged one. `us`: also identifiers of the
        United States. `recognisers`: your own, beside the installed ones. `own`: YAML files with
        recognisers of your own. `values`: a list of decided values, as `dpscan values` keeps it.

        Raises ConfigError if `spacy_model` is not there or finds no names, or a file cannot be used.
        """
        self._options = {
            "names": names,
            "spacy_model": spacy_model,
            "us": us,
            "recognisers": tuple(recognisers),
            "own": tuple(map(str, own)),
            "values": None if values is None else str(values),
        }
        self._lists = None if values is None else _value_lists(Path(values))
        self._patterns: list[Recogniser] = []
        self._names: Any = None
        self.names_model = "none: switched off"
        """Which names model is used, for reports; begins with `none:` where there is none."""
        for name in plugins.available("recognisers"):
            if name == "names" and not names:
                continue
            make = plugins.load("recognisers", name)
            if name == "names":
                self._names = make(spacy_model)
                self.names_model = self._names.model
            else:
                self._patterns.append(make(us=us) if name == "presidio" else make())
        self._patterns.extend(recognisers)
        if own:
            self._patterns.append(_own_recogniser(own))

    def __reduce__(self) -> tuple[Callable[..., Detector], tuple[dict[str, Any]]]:
        """Made anew from its options wherever it is unpickled."""
        return _remake, (self._options,)

    @property
    def entity_types(self) -> tuple[str, ...]:
        """Every type that this detector can report in texts, sorted."""
        own = {t for r in self._patterns for t in r.entity_types}
        return tuple(sorted(own.union(self._names.entity_types if self._names else ())))

    def identifiers(self) -> tuple[Identifier, ...]:
        """The formats of all recognisers that offer any, for judging columns."""
        return tuple(i for r in self._patterns if isinstance(r, OffersIdentifiers) for i in r.identifiers())

    def text(self, texts: Sequence[str]) -> list[list[Detection]]:
        """Detections of each text, sorted by start, without overlaps."""
        every = self._patterns if self._names is None else [*self._patterns, self._names]
        return self._run(every, texts)

    def columns(self, columns: Mapping[str, Sequence[str | None]]) -> dict[str, ColumnResult]:
        """What each column holds, judged on its values, its name and its neighbours."""
        from scanner.columns import judge_columns

        lists = self._lists
        if lists is not None:
            from scanner.own.in_columns import with_denied, without_allowed

            columns = {name: without_allowed(column, lists) for name, column in columns.items()}
        detect_names: Callable[[Sequence[str]], list[list[Detection]]] | None = None
        if self._names is not None:
            detect_names = self._people_and_places
        results: dict[str, ColumnResult] = judge_columns(
            columns, identifiers=self._formats, detect_text=self._inside_cells, detect_names=detect_names
        )
        if lists is not None:
            return {name: with_denied(result, columns[name], lists) for name, result in results.items()}
        return results

    @functools.cached_property
    def _formats(self) -> tuple[Identifier, ...]:
        return self.identifiers()

    def _inside_cells(self, texts: Sequence[str]) -> list[list[Detection]]:
        """Patterns only: `judge_columns` asks for names apart, on a sample, and reads categories itself;
        prose is no column's."""
        recognisers = [r for r in self._patterns if r.name not in ("categories", "prose")]
        skims = [r for r in recognisers if isinstance(r, Skims)]
        if len(texts) < _MANY or len(skims) < len(recognisers) or self._lists is not None:
            return self._run(recognisers, texts)
        from scanner.common.manytexts import ManyTexts

        many = texts if isinstance(texts, ManyTexts) else ManyTexts(texts)
        places = functools.reduce(operator.or_, (r.skim(many) for r in skims)).nonzero()[0]
        nothing: list[Detection] = []
        out = [nothing] * len(many)  # one list for all: a column has tens of thousands
        for place, found in zip(places.tolist(), self._run(recognisers, many.at(places)), strict=True):
            out[place] = found
        return out

    def _people_and_places(self, texts: Sequence[str]) -> list[list[Detection]]:
        return self._run([self._names], texts)

    def _run(self, recognisers: Sequence[Recogniser], texts: Sequence[str]) -> list[list[Detection]]:
        out: list[list[Detection]] = []
        for some in _slices(texts):
            proposals: list[list[Detection]] = [[] for _ in some]
            for recogniser in recognisers:
                for mine, found in zip(proposals, recogniser.text(some), strict=True):
                    if found:
                        mine.extend(found)
            lists = self._lists
            out.extend(
                _decided(text, mine, lists) if lists is not None else resolve(text, mine) if mine else []
                for text, mine in zip(some, proposals, strict=True)
            )
        return out


def _slices(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many texts at a time as keep what is remembered of them small."""
    some: list[str] = []
    size = 0
    for text in texts:
        some.append(read(text))
        size += len(text)
        if size > _TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


def _own_recogniser(files: Sequence[str | Path]) -> Recogniser:
    from scanner.own.reading import read_files
    from scanner.own.recogniser import OwnRecogniser

    return OwnRecogniser(read_files([Path(file) for file in files]))


def _value_lists(file: Path) -> ValueLists:
    from scanner.own.values import load

    return load(file)


def _decided(text: str, proposals: list[Detection], lists: ValueLists) -> list[Detection]:
    """Resolved as ever, but for the values that the department has decided on."""
    denied = [
        Detection(entity_type, start, end, 1.0, False, ("deny list",), "values")
        for start, end, entity_type in lists.denies(text)
    ]
    rest = [
        d
        for d in (resolve(text, proposals) if proposals else [])
        if not lists.allows(text[d.start : d.end])
        and not any(d.start < other.end and other.start < d.end for other in denied)
    ]
    return sorted([*rest, *denied], key=lambda d: d.start)


def _remake(options: dict[str, Any]) -> Detector:
    return Detector(**options)
