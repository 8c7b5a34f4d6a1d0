"""What stands inside cells that are not one value: notes, mixed cells, rare hits of other kinds."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence

from scanner.columns.evidence import Format, Formats, tail
from scanner.columns.identify import VARIED_START, one_series
from scanner.columns.profile import Profile, sample
from scanner.columns.shapes import LONGEST
from scanner.common.mentions import LEXICONS, mentions
from scanner.model import Detection

Ask = Callable[[Sequence[str]], list[list[Detection]]]

NAMES_ON = 1_500
"""Distinct texts of one batch that a names model reads; patterns read all of them."""
_LEVEL = 0.04
"""Probability below which hits of another kind are more than chance."""
_NOT_PERSONAL = frozenset({"DATE_TIME", "URL", "LOCATION"})
_RARE_SCORE = 0.6
_LOOK_AT = 1_000


@dataclasses.dataclass
class Found:
    """Entity type to value to spans (None: the whole cell), with how sure."""

    spans: dict[str, dict[str, list[tuple[int, int]] | None]]
    validated: dict[str, set[str]]
    tests: dict[str, set[str]]
    possible: set[str]
    reasons: list[str]

    @classmethod
    def empty(cls) -> Found:
        return cls(defaultdict(dict), defaultdict(set), defaultdict(set), set(), [])

    def add(self, entity_type: str, value: str, span: tuple[int, int] | None) -> None:
        held = self.spans[entity_type]
        if span is None:
            held[value] = None
        elif held.get(value, []) is not None:
            spans = held.setdefault(value, [])
            assert spans is not None
            spans.append(span)


def rare(profile: Profile, formats: Formats, skip: set[str], without: Container[str], found: Found) -> None:
    """Whole cells of other kinds than the column's: more of them than chance gives."""
    shapes = profile.shapes
    if len(skip) == len(profile.counts):
        return
    if skip:
        shapes = {s: left for s, members in shapes.items() if (left := [v for v in members if v not in skip])}
    fitting = formats.of(shapes)
    for fmt in formats.telling:
        entity_type = fmt.entity_type
        if entity_type not in fitting or entity_type in without:
            continue
        trials = 0
        expected = 0.0
        hits: list[str] = []
        if entity_type in VARIED_START and one_series(profile):
            continue
        if entity_type == "IP_ADDRESS" and profile.mean_length < 9:
            continue  # four numbers with stops: releases of software
        for shape in fitting[entity_type]:
            members = shapes[shape]
            if len(members) > 2 * _LOOK_AT and fmt.chance >= 0.01:
                # So many of one build drown what chance gives anyway: a sample would show more.
                some = sample(members, _LOOK_AT)
                if (
                    len(fmt.passing(some))
                    <= 1.5 * max(fmt.chance, _by_chance(fmt, shape, some)) * _LOOK_AT + 3
                ):
                    continue
            good = fmt.passing(members)
            if not good:
                trials += len(members)
                continue
            # What random codes of this build would pass, not of any build.
            chance = (
                1e-3 if entity_type == "EMAIL_ADDRESS" else max(fmt.chance, _by_chance(fmt, shape, members))
            )
            trials += len(members)
            expected += chance * len(members)
            hits += good
        if (
            hits
            and tail(
                max(trials, len(hits)),
                len(hits),
                min(1.0, _doubt(len(hits)) * expected / max(trials, len(hits))),
            )
            <= _LEVEL
        ):
            for value in hits:
                found.add(entity_type, value, None)
                if fmt.checked:
                    found.validated[entity_type].add(value)
                if fmt.is_test(value):
                    found.tests[entity_type].add(value)
            found.reasons.append(f"{len(hits)} other cells of type {entity_type}, {expected:.2g} by chance")


def _by_chance(fmt: Format, shape: str, members: list[str]) -> float:
    return fmt.by_chance(shape, sample(members, 100), 120) if len(members) >= 20 else 0.0


def _doubt(hits: int) -> float:
    """The rate by chance is itself an estimate: many hits must exceed it by half."""
    return 1.0 if hits <= 2 else 1.5


_INSIDE = frozenset(" @:=;,|\t\n")


def texts(profile: Profile, skip: set[str]) -> list[str]:
    """Distinct values that can hold something else inside: three words, or twenty characters in parts."""
    if len(skip) >= len(profile.counts):
        return []
    shapes = profile.shapes
    if 4 * len(shapes) > len(profile.counts):
        return [v for v in profile.counts if _roomy(v) and v not in skip]
    # A shape keeps blanks and punctuation, so it tells as much as each of its values.
    found = [v for shape, members in shapes.items() if _roomy(shape) for v in members if v not in skip]
    if max(map(len, profile.counts)) > LONGEST:
        found += [v for v in profile.counts if len(v) > LONGEST and _roomy(v) and v not in skip]
    return found


def _roomy(value: str) -> bool:
    return (len(value) >= 20 or value.count(" ") >= 2) and not _INSIDE.isdisjoint(value)


def read(values: Iterable[str], patterns: Ask, names: Ask | None, found: Found, *, prose: bool) -> None:
    """Patterns over all texts; names over a sample of prose; Article 9/10 words as possible."""
    listed = list(values)
    if not listed:
        return
    for value, detections in zip(listed, patterns(listed), strict=True):
        for d in detections:
            if d.entity_type in LEXICONS or d.entity_type in _NOT_PERSONAL or d.entity_type == "PERSON":
                continue
            if not prose and not (d.validated or d.score >= _RARE_SCORE):
                continue
            found.add(d.entity_type, value, (d.start, d.end))
            if d.validated:
                found.validated[d.entity_type].add(value)
            if d.test_range:
                found.tests[d.entity_type].add(value)
    if not prose:
        return
    for value in listed:
        for entity_type, start, end in mentions(value):
            found.add(entity_type, value, (start, end))
            found.possible.add(entity_type)
    if names is not None:
        some = sample(listed, NAMES_ON)
        hits = 0
        people: list[tuple[str, Detection]] = []
        for value, detections in zip(some, names(some), strict=True):
            named = [d for d in detections if d.entity_type == "PERSON"]
            hits += bool(named)
            people += [(value, d) for d in named]
        # A model errs at a steady small rate: a name in one text of fifty is not yet one.
        if hits >= max(1, 0.02 * len(some)):
            for value, d in people:
                found.add("PERSON", value, (d.start, d.end))
            found.reasons.append(f"model names in {hits} of {len(some)} texts")
