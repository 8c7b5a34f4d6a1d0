"""How well a column's values fit each format, against what chance gives.

For every format the share of values that match it and pass its check is compared with the
share of random codes of the same build (`shapes.draw`) that would. The evidence is the
log-likelihood ratio of the two (binomial, in nats): a check that one random number in eleven
passes says much if 98 % of 200 values pass it, and nothing if 10 % do.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from scanner.columns.bulk import MANY, compiled, matching, some
from scanner.columns.profile import Profile, sample
from scanner.columns.shapes import by_shape, draw, lengths, pools, relaxed
from scanner.columns.strings import Strings, Truth
from scanner.contracts import Identifier

JUDGED_ELSEWHERE = frozenset(
    {"DATE_OF_BIRTH", "SALARY", "USERNAME", "PASSWORD", "DEVICE_ID", "AGE", "ADDRESS", "PERSON"}
)
"""Types whose form alone says next to nothing; `attributes` and `people` judge them."""
_DRAWS = 240
_LOOK_AT = 400
"""Distinct values that suffice to measure a format."""
_SHAPES_KNOWN = 20_000
"""Shapes of which is remembered what they fit; then it begins anew."""
_ENOUGH = 30.0
"""Nats beyond which more evidence changes nothing."""


@functools.lru_cache(maxsize=8192)
def _fits(pattern: str, shape: str) -> bool:
    """True if some string of this shape may match the pattern."""
    loose = relaxed(pattern)
    return loose is None or loose.fullmatch(shape) is not None


def _ask(values: Strings, one: Callable[[str], bool], many: Callable[[Any], Any] | None) -> Truth:
    """A check or a test range over values of the right form."""
    if many is None or len(values) < MANY:
        return np.array([one(v) for v in values], dtype=np.bool_)
    if values.all_ascii:
        return np.asarray(many(values.array), dtype=np.bool_)
    found = np.zeros(len(values), dtype=np.bool_)
    plain, strange = np.flatnonzero(values.ascii), np.flatnonzero(~values.ascii)
    if len(plain):
        found[plain] = many(values.take(plain).array)
    found[strange] = [one(v) for v in values.at(strange)]
    return found


class Format:
    """All identifiers of one entity type, as one format."""

    def __init__(self, entity_type: str, identifiers: Sequence[Identifier]) -> None:
        self.entity_type = entity_type
        self.identifiers = tuple(identifiers)
        self.checked = any(i.check is not None and i.chance < 0.5 for i in identifiers)
        self.chance = min((i.chance for i in identifiers if i.check), default=1.0)
        self._chances: dict[int, float] = {}
        bounds = [lengths(i.pattern) for i in identifiers]
        relaxed_ones = [relaxed(i.pattern) for i in identifiers]
        self.family: Formats | None = None
        """The formats it is one of."""
        self.loose: str | None = None
        """Expression over shapes that some value of the format may have; None: any may."""
        if None not in relaxed_ones:
            self.loose = "|".join(f"(?:{p.pattern})" for p in relaxed_ones if p)
        self._low, self._high = min(b[0] for b in bounds), max(b[1] for b in bounds)
        self.test_range: Callable[[str], bool] | None = next(
            (i.test_range for i in identifiers if i.test_range), None
        )

    def fits(self, shape: str) -> bool:
        """True if some string of this shape may be of the format."""
        if not self._low <= len(shape) <= self._high:
            return False
        return any(_fits(i.pattern, shape) for i in self.identifiers)

    def fitting(self, shapes: Sequence[str]) -> Truth:
        """Which of the shapes fit."""
        if self.loose is None or len(shapes) < MANY:
            return np.array([self.fits(shape) for shape in shapes], dtype=np.bool_)
        return np.array(some(shapes, self.loose), dtype=np.bool_)

    def matches(self, value: str) -> bool:
        """The whole value has the form, whatever its check says."""
        return any(compiled(i.pattern, i.ignore_case).fullmatch(value) for i in self.identifiers)

    def formed(self, values: Sequence[str]) -> int:
        """How many of the values have the form."""
        if len(values) < MANY:
            return sum(map(self.matches, values))
        held = Strings(pa.array(values, pa.string()))
        found = np.zeros(len(values), dtype=np.bool_)
        for i in self.identifiers:
            found |= matching(held, i.pattern, i.ignore_case)
        return int(found.sum())

    def passes(self, value: str) -> bool:
        """The whole value has the form and passes the check that goes with it."""
        for identifier in self.identifiers:
            if compiled(identifier.pattern, identifier.ignore_case).fullmatch(value) and (
                identifier.check is None or identifier.check(value)
            ):
                return True
        return False

    def chance_of(self, shape: str) -> float:
        """Share of random codes of this shape that pass: one type may have a form with a check and one without."""
        if not self.checked:
            return self.chance
        return max((i.chance for i in self.identifiers if _fits(i.pattern, shape)), default=self.chance)

    def by_chance(self, shape: str, members: Sequence[str], draws: int) -> float:
        """Share of random codes built like these (all of one shape) that pass: by simulation, kept
        for every build met (as a hash of it, so that no value stays behind)."""
        build = pools(members)
        key = hash((shape, draws, build))
        known = self._chances.get(key)
        if known is None:
            if len(self._chances) > 4_096:
                self._chances.clear()
            drawn = draw(build, draws, self.entity_type + shape)
            known = self._chances[key] = (len(self.passing(drawn)) + 0.5) / (draws + 1)
        return known

    def passing(self, values: Sequence[str]) -> list[str]:
        """Those of the values that pass, in order: one by one, or many at a stroke."""
        if len(values) < MANY:
            return [v for v in values if self.passes(v)]
        good = self.passing_of(Strings(pa.array(values, pa.string())))
        return [v for v, yes in zip(values, good.tolist(), strict=True) if yes]

    def passing_of(self, values: Strings) -> Truth:
        """Which of the values pass."""
        if len(values) < MANY:
            return np.array([self.passes(v) for v in values], dtype=np.bool_)
        found = np.zeros(len(values), dtype=np.bool_)
        for identifier in self.identifiers:
            rest = np.flatnonzero(~found)
            if not len(rest):
                break
            left = values if len(rest) == len(values) else values.take(rest)
            formed = matching(left, identifier.pattern, identifier.ignore_case)
            if identifier.check is None:
                found[rest[formed]] = True
            elif formed.all():
                found[rest] = _ask(left, identifier.check, identifier.check_many)
            elif formed.any():
                places = np.flatnonzero(formed)
                found[rest[places]] = _ask(left.take(places), identifier.check, identifier.check_many)
        return found

    def tests_of(self, values: Strings) -> Truth:
        """Which are in a range kept for tests, of values that pass."""
        found = np.zeros(len(values), dtype=np.bool_)
        for identifier in self.identifiers:
            if identifier.test_range is None:
                continue
            likely, places = values, np.arange(len(values))
            if identifier.test_many is not None:  # few are: so this is asked first
                places = np.flatnonzero(_ask(values, identifier.test_range, identifier.test_many))
                likely = values.take(places)
            formed = matching(likely, identifier.pattern, identifier.ignore_case)
            if identifier.test_many is None and formed.any():
                formed[formed] = _ask(likely.take(np.flatnonzero(formed)), identifier.test_range, None)
            found[places[formed]] = True
        return found

    def is_test(self, value: str) -> bool:
        return any(
            i.test_range is not None
            and compiled(i.pattern, i.ignore_case).fullmatch(value)
            and i.test_range(value)
            for i in self.identifiers
        )


def _either(formats: Iterable[Format]) -> str | None:
    """An expression over shapes that some value of one of the formats may have; None: any may."""
    loose = [f.loose for f in formats]
    return None if None in loose else "|".join(f"(?:{p})" for p in loose)


_TELLING_FORM = frozenset(("EMAIL_ADDRESS", "IP_ADDRESS", "UK_POSTCODE"))


class Formats(dict[str, Format]):
    """Entity type to its format."""

    def __init__(self, formats: Mapping[str, Format]) -> None:
        super().__init__(formats)
        self.telling = tuple(f for t, f in formats.items() if f.checked or t in _TELLING_FORM)
        """Formats of which a few cells in a column of something else mean something."""
        self._of: dict[str, tuple[str, ...]] = {}
        self._any = _either(self.telling)
        self._forms = tuple(f for t, f in formats.items() if t not in JUDGED_ELSEWHERE)
        either = _either(self._forms)
        self._some = re.compile(either) if either is not None else None
        self._fitting: dict[str, tuple[str, ...]] = {}
        for fmt in formats.values():
            fmt.family = self

    def fitting(self, shape: str) -> tuple[str, ...]:
        """Entity types whose form alone says something and that a string of this shape may be."""
        types = self._fitting.get(shape)
        if types is None:
            if len(self._fitting) > _SHAPES_KNOWN:
                self._fitting.clear()
            none = self._some is not None and self._some.fullmatch(shape) is None
            types = self._fitting[shape] = (
                () if none else tuple(f.entity_type for f in self._forms if f.fits(shape))
            )
        return types

    def of(self, shapes: Sequence[str]) -> dict[str, list[int]]:
        """Entity type, among the telling formats, to the places of those of the shapes that may be of it."""
        if len(self._of) > _SHAPES_KNOWN:
            self._of.clear()
        known = self._of
        places: Iterable[int] = range(len(shapes))
        if len(shapes) >= MANY and self._any is not None:
            # Cells of running text have a shape each: one pass sorts out nearly all of them.
            places = np.flatnonzero(some(shapes, self._any)).tolist()
        found: dict[str, list[int]] = {}
        for place in places:
            shape = shapes[place]
            types = known.get(shape)
            if types is None:
                types = known[shape] = tuple(f.entity_type for f in self.telling if f.fits(shape))
            for entity_type in types:
                found.setdefault(entity_type, []).append(place)
        return found


def formats(identifiers: Iterable[Identifier]) -> Formats:
    """Entity type to its format, in the order given."""
    grouped: dict[str, list[Identifier]] = {}
    for identifier in identifiers:
        grouped.setdefault(identifier.entity_type, []).append(identifier)
    return Formats({entity_type: Format(entity_type, listed) for entity_type, listed in grouped.items()})


@dataclasses.dataclass(frozen=True, slots=True)
class Fit:
    """One format on one column's distinct values."""

    values: int
    """Distinct values looked at."""
    matched: int
    """Those of the form."""
    passed: int
    """Those of the form that also pass the check."""
    chance: float
    """Share of random codes of the same build that would pass, given they have the shape."""
    evidence: float
    """Log-likelihood ratio in nats, 0 and up."""

    @property
    def coverage(self) -> float:
        return self.matched / self.values if self.values else 0.0

    @property
    def pass_rate(self) -> float:
        return self.passed / self.matched if self.matched else 0.0

    @property
    def share(self) -> float:
        return self.passed / self.values if self.values else 0.0


NO_FIT = Fit(0, 0, 0, 1.0, 0.0)


def measure(fmt: Format, profile: Profile) -> Fit:
    """How well the column's sample of distinct values fits one format."""
    shapes = _shapes_of(profile)
    total = min(len(profile.decide), _LOOK_AT)
    if fmt.family is None or fmt.entity_type in JUDGED_ELSEWHERE:
        return fit(fmt, shapes, total)
    own = profile.fitting.get(id(fmt.family))
    if own is None:
        own = profile.fitting[id(fmt.family)] = {}
        for shape in shapes:
            for entity_type in fmt.family.fitting(shape):
                own.setdefault(entity_type, []).append(shape)
    return fit(fmt, {shape: shapes[shape] for shape in own.get(fmt.entity_type, ())}, total)


def _shapes_of(profile: Profile) -> Mapping[str, list[str]]:
    cached: Mapping[str, list[str]] | None = profile.__dict__.get("_decide_shapes")
    if cached is None:
        cached = profile.__dict__["_decide_shapes"] = by_shape(sample(profile.decide, _LOOK_AT))
    return cached


def fit(fmt: Format, shapes: Mapping[str, list[str]], total: int) -> Fit:
    matched = passed = shaped = 0
    expected = weight = 0.0
    for shape, members in shapes.items():
        if not fmt.fits(shape):
            continue
        good = fmt.passing(members)
        # For a check that is no proof (varied digits), form and check are told apart too.
        formed = len(good) if len(good) == len(members) else fmt.formed(members)
        if not formed:
            continue
        matched += formed
        shaped += len(members)
        passed += len(good)
        if weight < 200 or len(members) > 0.2 * total:
            chance = _chance(fmt, shape, members)
            expected += chance * len(members)
            weight += len(members)
    if not matched:
        return Fit(total, 0, 0, 1.0, 0.0)
    chance = min(1.0, max(expected / weight if weight else 1.0, 1e-4))
    return Fit(total, matched, passed, chance, _ratio(total, passed, chance * shaped / max(1, total)))


def _chance(fmt: Format, shape: str, members: list[str]) -> float:
    return fmt.by_chance(shape, sample(members, 200), _DRAWS)


def _ratio(total: int, passed: int, chance: float) -> float:
    """Binomial log-likelihood ratio of the rate seen against the rate by chance, one-sided."""
    if not total or not passed:
        return 0.0
    rate = min(0.985, passed / total)
    chance = min(max(chance, 1e-4), 0.999)
    if rate <= chance:
        return 0.0
    # Many equal draws of one rule are not independent: the count is damped beyond 60 values.
    n = total if total <= 60 else 60 + (total - 60) ** 0.5
    return min(
        _ENOUGH, n * (rate * math.log(rate / chance) + (1 - rate) * math.log((1 - rate) / (1 - chance)))
    )


def tail(trials: int, hits: int, chance: float) -> float:
    """P(at least `hits` of `trials` by chance): Poisson, or exact where hits is 1."""
    if hits <= 0:
        return 1.0
    if hits == 1:
        return float(1 - (1 - chance) ** trials)
    mean = trials * chance
    if mean > 50 and hits <= mean:
        return 1.0
    term = math.exp(-mean)
    below = 0.0
    for k in range(hits):
        below += term
        term *= mean / (k + 1)
    return max(0.0, 1.0 - below)
