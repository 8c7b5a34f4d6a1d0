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
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from scanner.columns.bulk import MANY, matching, some
from scanner.columns.profile import Profile, sample
from scanner.columns.shapes import by_shape, draw, lengths, pools, relaxed
from scanner.contracts import Identifier

_DRAWS = 240
_LOOK_AT = 400
"""Distinct values that suffice to measure a format."""
_ENOUGH = 30.0
"""Nats beyond which more evidence changes nothing."""


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE if ignore_case else 0)


@functools.lru_cache(maxsize=65536)
def _fits(pattern: str, shape: str) -> bool:
    """True if some string of this shape may match the pattern."""
    loose = relaxed(pattern)
    return loose is None or loose.fullmatch(shape) is not None


def _checked(identifier: Identifier, values: list[str]) -> list[str]:
    if identifier.check is None:
        return values
    if identifier.check_many is None or len(values) < MANY or not "".join(values).isascii():
        return [v for v in values if identifier.check(v)]
    return [v for v, yes in zip(values, identifier.check_many(values), strict=True) if yes]


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

    def fitting(self, shapes: Collection[str]) -> list[str]:
        """Those of the shapes that fit."""
        if self.loose is None or len(shapes) < MANY:
            return [shape for shape in shapes if self.fits(shape)]
        listed = list(shapes)
        return [shape for shape, yes in zip(listed, some(listed, self.loose), strict=True) if yes]

    def matches(self, value: str) -> bool:
        """The whole value has the form, whatever its check says."""
        return any(_compiled(i.pattern, i.ignore_case).fullmatch(value) for i in self.identifiers)

    def formed(self, values: Sequence[str]) -> int:
        """How many of the values have the form."""
        if len(values) < MANY:
            return sum(map(self.matches, values))
        found: set[str] = set()
        for i in self.identifiers:
            found.update(matching(values, i.pattern, i.ignore_case))
        return sum(v in found for v in values)

    def passes(self, value: str) -> bool:
        """The whole value has the form and passes the check that goes with it."""
        for identifier in self.identifiers:
            if _compiled(identifier.pattern, identifier.ignore_case).fullmatch(value) and (
                identifier.check is None or identifier.check(value)
            ):
                return True
        return False

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
        rest = list(values)
        good: set[str] = set()
        for identifier in self.identifiers:
            formed = matching(rest, identifier.pattern, identifier.ignore_case)
            good.update(_checked(identifier, formed))
            if len(good) < len(values):
                rest = [v for v in rest if v not in good] if good else rest
            else:
                return list(values)
        return [v for v in values if v in good]

    def tests(self, values: Sequence[str]) -> set[str]:
        """Those in a range kept for tests, of values that pass."""
        ranges = {i.test_range for i in self.identifiers}
        many = next((i.test_many for i in self.identifiers if i.test_many), None)
        if many is None or len(values) < MANY or len(ranges - {None}) > 1 or not "".join(values).isascii():
            return {v for v in values if self.is_test(v)}
        likely = {v for v, yes in zip(values, many(values), strict=True) if yes}
        return likely if None not in ranges else {v for v in likely if self.is_test(v)}

    def is_test(self, value: str) -> bool:
        return any(
            i.test_range is not None
            and _compiled(i.pattern, i.ignore_case).fullmatch(value)
            and i.test_range(value)
            for i in self.identifiers
        )


_TELLING_FORM = frozenset(("EMAIL_ADDRESS", "IP_ADDRESS", "UK_POSTCODE"))


class Formats(dict[str, Format]):
    """Entity type to its format."""

    def __init__(self, formats: Mapping[str, Format]) -> None:
        super().__init__(formats)
        self.telling = tuple(f for t, f in formats.items() if f.checked or t in _TELLING_FORM)
        """Formats of which a few cells in a column of something else mean something."""
        self._of: dict[str, tuple[str, ...]] = {}
        loose = [f.loose for f in self.telling]
        self._any = None if None in loose else "|".join(f"(?:{p})" for p in loose)

    def of(self, shapes: Iterable[str]) -> dict[str, list[str]]:
        """Entity type, among the telling formats, to those of the shapes that may be of it."""
        if len(self._of) > 50_000:
            self._of.clear()
        known = self._of
        new = [shape for shape in shapes if shape not in known]
        if len(new) >= MANY and self._any is not None:
            # Cells of running text have a shape each: one pass sorts out nearly all of them.
            fits_any = some(new, self._any)
            for shape, yes in zip(new, fits_any, strict=True):
                if not yes:
                    known[shape] = ()
        for shape in new:
            if shape not in known:
                known[shape] = tuple(f.entity_type for f in self.telling if f.fits(shape))
        found: dict[str, list[str]] = {}
        for shape in shapes:
            for entity_type in known[shape]:
                found.setdefault(entity_type, []).append(shape)
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
    return fit(fmt, _shapes_of(profile), min(len(profile.decide), _LOOK_AT))


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
