"""What stands inside cells that are not one value: notes, mixed cells, rare hits of other kinds."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Container, Sequence

import numpy as np
import pyarrow as pa

from scanner.columns.evidence import Format, Formats, tail
from scanner.columns.identify import VARIED_START, one_series
from scanner.columns.profile import Profile, sample, sample_places
from scanner.columns.strings import Places, Strings, Truth
from scanner.common.buffers import table
from scanner.common.manytexts import ManyTexts
from scanner.common.mentions import LEXICONS, mentions, skim
from scanner.model import Detection

Ask = Callable[[Sequence[str]], list[list[Detection]]]

NAMES_ON = 1_500
"""Distinct texts of one batch that a names model reads; patterns read all of them."""
_LEVEL = 0.04
"""Probability below which hits of another kind are more than chance."""
_NOT_PERSONAL = frozenset({"DATE_TIME", "URL", "LOCATION"})
_RARE_SCORE = 0.6
_LOOK_AT = 1_000


Span = tuple[int, int]


@dataclasses.dataclass
class Found:
    """What else is in a column, by the places of its distinct values."""

    whole: dict[str, Places]
    """Entity type to the values that are it as a whole cell."""
    spans: dict[str, dict[int, list[Span]]]
    """Entity type to value to where it stands inside."""
    validated: dict[str, set[int]]
    tests: dict[str, set[int]]
    possible: set[str]
    reasons: list[str]

    @classmethod
    def empty(cls) -> Found:
        return cls({}, defaultdict(lambda: defaultdict(list)), defaultdict(set), defaultdict(set), set(), [])

    @property
    def types(self) -> set[str]:
        return self.whole.keys() | {entity_type for entity_type, values in self.spans.items() if values}

    def drop(self, entity_type: str) -> None:
        """Forget a type that is the column's own."""
        self.whole.pop(entity_type, None)
        self.spans.pop(entity_type, None)


def rare(profile: Profile, formats: Formats, skip: Truth, without: Container[str], found: Found) -> None:
    """Whole cells of other kinds than the column's: more of them than chance gives."""
    if skip.all():
        return
    values, left = profile.values, ~skip
    fitting = formats.of(values.shapes)
    for fmt in formats.telling:
        entity_type = fmt.entity_type
        if entity_type not in fitting or entity_type in without:
            continue
        trials = 0
        expected = 0.0
        hits: list[Places] = []
        if entity_type in VARIED_START and one_series(profile):
            continue
        if entity_type == "IP_ADDRESS" and profile.mean_length < 9:
            continue  # four numbers with stops: releases of software
        few: list[tuple[str, Places]] = []
        for code in fitting[entity_type]:
            members = values.of_shape(code)
            members = members[left[members]]
            if len(members) <= _LOOK_AT:
                few.append((values.shapes[code], members))
                continue
            shape, held = values.shapes[code], values.take(members)
            if len(members) > 2 * _LOOK_AT and fmt.chance >= 0.01:
                # So many of one build drown what chance gives anyway: a sample would show more.
                some = sample(held, _LOOK_AT)
                if (
                    len(fmt.passing(some))
                    <= 1.5 * max(fmt.chance_of(shape), _by_chance(fmt, shape, some)) * _LOOK_AT + 3
                ):
                    continue
            good = fmt.passing_of(held)
            trials += len(members)
            if good.any():
                expected += _expected(fmt, shape, held)
                hits.append(members[good])
        if few:
            # Shapes of few values each are asked about all at once.
            together = np.concatenate([members for _, members in few])
            passing = fmt.passing_of(values.take(together))
            trials += len(together)
            start = 0
            for shape, members in few if passing.any() else ():
                good = passing[start : start + len(members)]
                start += len(members)
                if good.any():
                    expected += _expected(fmt, shape, values.take(members))
                    hits.append(members[good])
        if not hits:
            continue
        places = np.concatenate(hits)
        count = len(places)
        trials = max(trials, count)
        if tail(trials, count, min(1.0, _doubt(count) * expected / trials)) <= _LEVEL:
            found.whole[entity_type] = places
            if fmt.checked:
                found.validated[entity_type].update(places.tolist())
            if fmt.test_range is not None:
                found.tests[entity_type].update(places[fmt.tests_of(values.take(places))].tolist())
            found.reasons.append(f"{count} other cells of type {entity_type}, {expected:.2g} by chance")


def _expected(fmt: Format, shape: str, members: Strings) -> float:
    """Passes by chance among these: of what random codes of this build would pass, not of any build."""
    if fmt.entity_type == "EMAIL_ADDRESS":
        return 1e-3 * len(members)
    return max(fmt.chance_of(shape), _by_chance(fmt, shape, members)) * len(members)


def _by_chance(fmt: Format, shape: str, members: Sequence[str]) -> float:
    return fmt.by_chance(shape, sample(members, 100), 120) if len(members) >= 20 else 0.0


def _doubt(hits: int) -> float:
    """The rate by chance is itself an estimate: many hits must exceed it by half."""
    return 1.0 if hits <= 2 else 1.5


_INSIDE = table(" @:=;,|\t\n")


def roomy(values: Strings) -> Truth:
    """Which values can hold something else inside: three words, or twenty characters in parts."""
    if 4 * len(values.shapes) > len(values) or values.shape_codes.min() < 0:
        return _roomy(values)
    # A shape keeps blanks and punctuation, so it tells as much as each of its values.
    shapes = values.shapes
    whole = np.array([_MOMENT.fullmatch(shape) is not None for shape in shapes])
    found: Truth = (_roomy(Strings(pa.array(shapes, pa.string()))) & ~whole)[values.shape_codes]
    return found


_MOMENT = re.compile(r"9999-99-99[ A]99:99(?::99(?:[.,]9{1,9})?)?(?: ?(?:A|[+-]99:?(?:99)?))?")
"""Shapes of cells that are a date and a time of day and nothing else."""


def _roomy(values: Strings) -> Truth:
    parts = values.counted(_INSIDE)
    return (parts > 0) & ((values.lengths >= 20) | (values.counted(_SPACE) >= 2))


_SPACE = table(" ")


def read(
    profile: Profile,
    places: Places,
    patterns: Ask,
    names: Ask | None,
    found: Found,
    *,
    prose: bool,
    without: frozenset[str],
) -> None:
    """Patterns over all texts; names over a sample of prose; Article 9/10 words as possible.
    `without`: types that are the column's own."""
    if not len(places):
        return
    values = profile.values if len(places) == len(profile.values) else profile.values.take(places)
    without |= _NOT_PERSONAL
    listed = ManyTexts(values.array, without)
    numbers = places.tolist()
    for place, detections in zip(numbers, patterns(listed), strict=True):
        for d in detections:
            if d.entity_type in LEXICONS or d.entity_type in without or d.entity_type == "PERSON":
                continue
            if not prose and not (d.validated or d.score >= _RARE_SCORE):
                continue
            found.spans[d.entity_type][place].append((d.start, d.end))
            if d.validated:
                found.validated[d.entity_type].add(place)
            if d.test_range:
                found.tests[d.entity_type].add(place)
    if not prose:
        return
    spoken = skim(listed).nonzero()[0]
    for place, value in zip(places[spoken].tolist(), listed.at(spoken), strict=True):
        for entity_type, start, end in mentions(value):
            found.spans[entity_type][place].append((start, end))
            found.possible.add(entity_type)
    if names is not None:
        _names(listed, numbers, names, found)


def _names(listed: ManyTexts, numbers: Sequence[int], names: Ask, found: Found) -> None:
    some = sample_places(len(listed), NAMES_ON).tolist()
    hits = 0
    people: list[tuple[int, Detection]] = []
    for at, detections in zip(some, names(listed.at(some)), strict=True):
        named = [d for d in detections if d.entity_type == "PERSON"]
        hits += bool(named)
        people += [(numbers[at], d) for d in named]
    # A model errs at a steady small rate: a name in one text of fifty is not yet one.
    if hits >= max(1, 0.02 * len(some)):
        for place, d in people:
            found.spans["PERSON"][place].append((d.start, d.end))
        found.reasons.append(f"model names in {hits} of {len(some)} texts")
