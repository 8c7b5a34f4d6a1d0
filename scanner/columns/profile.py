"""What a column looks like before anything is decided: distinct values, shapes, words."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scanner.columns.shapes import shape_of
from scanner.columns.strings import Places, Strings, Truth
from scanner.common.buffers import truths
from scanner.common.cells import Cells, Codes
from scanner.common.lexicon import normalise, words

DECIDE_ON = 500
"""Distinct values on which a column's kind is decided; counting is done over all. A share among
500 is known to four points either way, which is finer than any threshold here."""


@functools.lru_cache(maxsize=64)
def sample_places(count: int, size: int) -> Places:
    """At most `size` places below `count`, drawn from a fixed seed: repeatable, and without the
    pitfalls of taking the first ones or every tenth. Rising; not to be written to."""
    places = np.arange(count)
    if count > size:
        places = np.array(sorted(random.Random(size).sample(range(count), size)))  # noqa: S311 - no secrecy
    places.flags.writeable = False
    return places


def sample(values: Sequence[str], size: int) -> list[str]:
    """At most `size` of the values, at `sample_places`."""
    if len(values) <= size:
        return list(values)
    places = sample_places(len(values), size)
    return values.at(places) if isinstance(values, Strings) else [values[place] for place in places]


_BRIEF = 24
"""Characters of the longest answer that says nothing."""
_FOLDED = re.compile(r"[\t\n\r\f\v\x1c-\x1f`]|  ")
"""What `normalise` changes besides letters, among ASCII."""
_JOINED = re.compile(r"[A-Za-z][/_=:][0-9A-Za-z]|[0-9][_/;=][0-9A-Za-z]|[0-9];")


@functools.cache
def _silent_shapes() -> frozenset[str]:
    return frozenset(map(shape_of, words("no_answer")))


_BLANK = " \t\r\n\f\v\u00a0\ufeff'\""
_EDGES = np.zeros(256, dtype=np.bool_)
_EDGES[[*b" \t\r\n\f\v'\""]] = True
_FIRST, _LAST = _EDGES.copy(), _EDGES.copy()
_FIRST[[0xC2, 0xEF]] = True
_LAST[[0xA0, 0xBF]] = True
"""Bytes that blanks begin and end with (a no-break space is C2 A0, a byte-order mark EF BB BF)."""


def _renumbered(codes: Codes, numbers: npt.NDArray[Any]) -> Codes:
    """Codes in new numbers; -1 stays what it is."""
    return np.append(numbers, -1).astype(np.int32)[codes]


class Counts(Mapping[str, int]):
    """Each distinct value with how many cells have it; made into a dictionary only when asked about many."""

    def __init__(self, values: Strings, numbers: npt.NDArray[np.int64]) -> None:
        self._values, self._numbers = values, numbers
        self._known: dict[str, int] = {}

    def know(self, places: Places) -> None:
        """Have the counts of some values at hand."""
        self._known.update(zip(self._values.at(places), self._numbers[places].tolist(), strict=True))

    def __getitem__(self, value: str) -> int:
        if value not in self._known and len(self._known) < len(self._values):
            self.know(np.arange(len(self._values)))
        return self._known[value]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<counts of {len(self)} values>"


class Profile:
    """One column. Holds values, so it lives only as long as the judgement."""

    def __init__(self, name: str, cells: Sequence[str | None]) -> None:
        self.name = name
        self.cells = Cells.of(cells)
        self._count(self.cells.values, self.cells.codes)
        self.counts = Counts(self.values, self.numbers)
        self.total = int(self.numbers.sum())
        self.fitting: dict[int, dict[str, list[str]]] = {}
        """By family of formats: entity type to those shapes of the sample that may be of it."""

    def _count(self, array: pa.Array, codes: Codes) -> None:
        """`values`: distinct values, blanks around them removed. `codes`: which of them stands in
        each row (-1: none). `numbers`: how many rows each stands in."""
        numbers = np.bincount(
            codes[codes >= 0] if len(codes) and codes.min() < 0 else codes, minlength=len(array)
        )
        self.all_plain = True
        """True if no cell has blanks around its value."""
        present = numbers > 0
        if not present.all():  # the empty string, or entries of a dictionary that no row uses
            array = array.filter(truths(present))
            codes = _renumbered(codes, np.where(present, np.cumsum(present) - 1, -1))
            numbers = numbers[present]
        values = Strings(array)
        if len(values):
            first, last = values.ends
            if (_FIRST[first] | _LAST[last]).any():
                values, codes, numbers = self._strip(values, codes, numbers)
        self.values, self.codes, self.numbers = values, codes, numbers

    def _strip(
        self, values: Strings, codes: Codes, numbers: npt.NDArray[np.int64]
    ) -> tuple[Strings, Codes, npt.NDArray[np.int64]]:
        cores = pc.utf8_trim(values.array, characters=_BLANK)
        if pc.all(pc.equal(cores, values.array)).as_py():
            return values, codes, numbers
        self.all_plain = False
        encoded = cores.dictionary_encode()
        core = np.asarray(encoded.indices).astype(np.int32)
        kept = np.asarray(pc.not_equal(encoded.dictionary, ""))
        core = np.where(kept[core], (np.cumsum(kept) - 1)[core], -1).astype(np.int32)
        codes = _renumbered(codes, core)
        array = encoded.dictionary.filter(truths(kept))
        used = core >= 0
        summed = np.bincount(core[used], weights=numbers[used], minlength=len(array)).astype(np.int64)
        return Strings(array), codes, summed

    def __repr__(self) -> str:
        return f"<column, {len(self.counts)} distinct of {self.total} values>"

    def __len__(self) -> int:
        """Distinct values."""
        return len(self.values)

    @cached_property
    def telling(self) -> Truth:
        """Which distinct values say something (`unknown`, `n/a` and the like do not)."""
        silent, values = words("no_answer"), self.values
        telling = np.ones(len(values), dtype=np.bool_)
        forms = _silent_shapes()
        # Only values built like such an answer, or that `normalise` may turn into one, are looked at.
        built = np.array([len(s) <= _BRIEF and s in forms for s in values.shapes] + [False])
        folded = np.array(
            [len(s) <= _BRIEF and _FOLDED.search(s) is not None for s in values.shapes] + [False]
        )
        odd = folded[values.shape_codes] if values.all_ascii else folded[values.shape_codes] | ~values.ascii
        plain = np.flatnonzero(built[values.shape_codes] & ~odd)
        if len(plain):
            lowered = pc.utf8_lower(values.take(plain).array)
            telling[plain] = ~np.asarray(pc.is_in(lowered, pa.array(sorted(silent)).cast(lowered.type)))
        places = np.flatnonzero(odd)
        telling[places] = [len(v) > _BRIEF or normalise(v) not in silent for v in values.at(places)]
        return telling

    @cached_property
    def answers(self) -> Strings:
        """Distinct values that say something."""
        return self.values if self.telling.all() else self.values.take(self._answers)

    @cached_property
    def _answers(self) -> Places:
        return np.flatnonzero(self.telling)

    @cached_property
    def _common(self) -> Places:
        answers = self._answers
        if not len(answers) or self.total < 5 * len(answers):
            floor = 0 if not len(answers) or self.total < 3 * len(answers) else 1
        else:
            floor = max(1, int(0.01 * self.total)) if self.total >= 10 * len(answers) else 1
        if not floor:
            return answers
        numbers = self.numbers[answers]
        kept = answers[numbers > floor]
        return kept if self.numbers[kept].sum() >= 0.6 * numbers.sum() else answers

    @cached_property
    def common(self) -> Strings:
        """Answers without the slips: in a column of repeated codes, values seen once or twice are typing errors."""
        return self.values if len(self._common) == len(self.values) else self.values.take(self._common)

    @cached_property
    def decide(self) -> list[str]:
        """The distinct values to decide on."""
        places = self._common[sample_places(len(self._common), DECIDE_ON)]
        self.counts.know(places)
        return self.values.at(places)

    @cached_property
    def normal(self) -> list[str]:
        """`decide`, normalised."""
        return [normalise(v) for v in self.decide]

    @cached_property
    def distinctness(self) -> float:
        """Distinct ÷ all values: near 1 for identifiers."""
        return len(self.counts) / self.total if self.total else 0.0

    @cached_property
    def mean_words(self) -> float:
        values = self.decide[:500]
        return sum(v.count(" ") + 1 for v in values) / len(values) if values else 0.0

    @cached_property
    def mean_length(self) -> float:
        values = self.decide[:500]
        return sum(map(len, values)) / len(values) if values else 0.0

    @cached_property
    def numeric_share(self) -> float:
        values = self.decide[:1000]
        return (
            sum(v.replace(".", "", 1).lstrip("-£").replace(",", "").isdigit() for v in values) / len(values)
            if values
            else 0.0
        )

    @cached_property
    def wordy(self) -> bool:
        """Running text: long cells of many words."""
        return self.mean_words >= 5.5 or (self.mean_words >= 4 and self.mean_length >= 35)

    @cached_property
    def by_machine(self) -> bool:
        """Words, but as machines write them (`Mozilla/5.0 (iPod; U; CPU iPhone OS 3_1)`): nearly every cell
        joins letters, digits and marks without a space between."""
        values = self.decide[:200]
        return sum(len(_JOINED.findall(v)) >= 2 for v in values) >= 0.8 * len(values) if values else False

    @cached_property
    def sequential(self) -> bool:
        """Whole numbers that follow one another, as row ids do."""
        numbers = sorted({int(v) for v in self.decide if v.isdecimal() and len(v) <= 15})
        if len(numbers) < 5 or len(numbers) < 0.8 * len(self.decide):
            return False
        span = numbers[-1] - numbers[0]
        return (
            span <= 3 * len(self.counts)
            if len(self.counts) <= DECIDE_ON
            else span <= 3 * len(self.counts) + 1
        )

    def share(self, hits: Truth) -> float:
        """Share of non-empty cells whose value is one of these."""
        return float(self.numbers[hits].sum() / self.total) if self.total else 0.0
