"""What "not found" is worth: the rule of three, over whatever was drawn at random."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.model import Sampled, Stratum


def not_found(read: int, population: int | None, random: bool, recall: float) -> float | None:
    """Largest share of units that may hold something undetected, at 95 % confidence.

    0.0 where everything was read; None where the sample was not drawn at random, so that
    nothing can be said. Otherwise 3 / (n * recall): the rule of three (Hanley and
    Lippman-Hand, JAMA 1983) for n units read without a hit by a detector that recognises
    `recall` of what is there.
    """
    if population is not None and read >= population:
        return 0.0
    if not random or read == 0:
        return None
    return min(1.0, 3 / (read * recall))


def worst(strata: Iterable[Stratum], samples: Iterable[Sampled], recall: float) -> float | None:
    """The bound of a store: that of its least well read part. None if any part has none."""
    bounds = [not_found(s.read, s.population, s.random, recall) for s in strata]
    bounds += [not_found(s.read, s.population, s.random, recall) for s in samples]
    if any(bound is None for bound in bounds):
        return None
    return max((bound for bound in bounds if bound is not None), default=0.0)
