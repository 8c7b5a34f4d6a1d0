"""Which units of a store to read: all of them, or a random sample that a seed names.

Listing is never sampled. Choosing keeps the n units with the smallest keyed digests, so
a bucket of a hundred million objects is listed in bounded memory, the choice does not
depend on the order of listing, and the same seed chooses the same units again.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from scanner.common import digests
from scanner.config import Exclusion
from scanner.model import Gap, GapReason, Stage, Store, Stratum, Unit, UnitResult


@dataclasses.dataclass
class Plan:
    """What listing one store showed, and what of it is to be read."""

    units: list[Unit] = dataclasses.field(default_factory=list)
    """To read, in the random order that the seed stands for."""
    gaps: list[Gap] = dataclasses.field(default_factory=list)
    population: Counter[str] = dataclasses.field(default_factory=Counter)
    """Units by stratum (exclusions and costly objects are not part of it)."""
    sizes: Counter[str] = dataclasses.field(default_factory=Counter)
    key: bytes = b""
    """The key under which its units are recognised again."""
    sampled: dict[str, str] = dataclasses.field(default_factory=dict)
    """Unit key to stratum, for the units of the random sample. (Others are read because they
    held something before, and must not count towards the bound.)"""
    done: Counter[str] = dataclasses.field(default_factory=Counter)
    sizes_done: Counter[str] = dataclasses.field(default_factory=Counter)

    planned: Counter[str] = dataclasses.field(default_factory=Counter)
    came_back: Counter[str] = dataclasses.field(default_factory=Counter)
    """Units handed out and back, by stratum: what differs was never come to."""

    def count(self, result: UnitResult) -> None:
        """Note that a unit came back."""
        self.came_back[self.sampled.get(result.unit_key, "")] += 1
        stratum = self.sampled.get(result.unit_key)
        if stratum is not None:
            self.done[stratum] += result.read
            self.sizes_done[stratum] += result.bytes_read

    def strata(self) -> tuple[Stratum, ...]:
        """Populations beside what was read of each."""
        return tuple(
            Stratum(key, self.population[key], self.done[key], True, self.sizes[key], self.sizes_done[key])
            for key in sorted(self.population)
        )


def plan(
    store: Store,
    listed: Iterable[Unit | Gap],
    *,
    seed: str,
    objects: int | None,
    always: frozenset[str],
    key: bytes,
    exclusions: Sequence[Exclusion],
) -> Plan:
    """Go through a listing once.

    `objects`: how many units of the store's own stratum to draw (None: all). `always`: unit
    keys to read in any case, because they held something before.
    """
    out = Plan(key=key)
    drawn: list[tuple[int, str, Unit]] = []
    kept: list[Unit] = []
    excluded: Counter[tuple[str, str]] = Counter()
    excluded_bytes: Counter[tuple[str, str]] = Counter()
    for item in listed:
        if isinstance(item, Gap):
            out.gaps.append(item)
            continue
        rule = excluded_by(exclusions, store, item)
        if rule is not None:
            excluded[(rule.by, rule.reason)] += 1
            excluded_bytes[(rule.by, rule.reason)] += item.size or 0
            continue
        out.population[item.stratum] += 1
        out.sizes[item.stratum] += item.size or 0
        if item.stratum or objects is None:
            kept.append(item)
            continue
        rank = -int.from_bytes(digests.order(seed, item), "big")
        if len(drawn) < objects:
            heapq.heappush(drawn, (rank, item.id, item))
            continue
        out_of_sample = heapq.heappushpop(drawn, (rank, item.id, item))[2]
        if always and digests.unit_key(key, out_of_sample) in always:
            out.units.append(out_of_sample)
    chosen = kept + [unit for _, _, unit in drawn]
    out.sampled = {digests.unit_key(key, unit): unit.stratum for unit in chosen}
    out.units = sorted(out.units + chosen, key=lambda unit: (digests.order(seed, unit), unit.id))
    out.planned = Counter(unit.stratum for unit in out.units)
    left = sum(out.population.values()) - len(out.units)
    if left:
        size = sum(out.sizes.values()) - sum(unit.size or 0 for unit in out.units)
        detail = f"{left:,} objects were not drawn for the sample"
        out.gaps.append(Gap(store.id, Stage.READ, GapReason.SAMPLED_OUT, detail, bytes=max(0, size), count=left,
                            remedy="sampling.objects, or --full, reads more"))  # fmt: skip
    out.gaps += [
        Gap(store.id, Stage.LIST, GapReason.EXCLUDED, f"excluded by {by}: {reason}",
            bytes=excluded_bytes[(by, reason)], count=count)
        for (by, reason), count in sorted(excluded.items())
    ]  # fmt: skip
    return out


def excluded_by(exclusions: Sequence[Exclusion], store: Store, unit: Unit | None = None) -> Exclusion | None:
    """The first exclusion that fits; with no unit, the first that takes out the whole store."""
    for rule in exclusions:
        of_units = rule.prefix is not None or rule.type is not None or rule.larger_than is not None
        if (unit is None) == of_units:
            continue
        if _fits_store(rule, store) and (unit is None or _fits_unit(rule, unit)):
            return rule
    return None


def _fits_store(rule: Exclusion, store: Store) -> bool:
    if rule.store is not None:
        names = (store.id, store.name, *store.aliases)
        if not any(fnmatch.fnmatchcase(name, rule.store) for name in names):
            return False
    if rule.tag is not None:
        key, equals, value = rule.tag.partition("=")
        tags = store.tags or {}
        return key in tags and (not equals or tags[key] == value)
    return True


def _fits_unit(rule: Exclusion, unit: Unit) -> bool:
    name = unit.place.steps[-1][1] if unit.place.steps else unit.id
    if rule.prefix is not None and not name.startswith(rule.prefix):
        return False
    if rule.type is not None and not fnmatch.fnmatchcase(name.rpartition("/")[2], rule.type):
        return False
    return rule.larger_than is None or (unit.size or 0) > rule.larger_than


def interleave(plans: Sequence[Iterator[Unit]]) -> Iterator[Unit]:
    """Units of several stores in turn, so that no one host is read by every worker at once."""
    waiting = list(plans)
    while waiting:
        for source in list(waiting):
            unit = next(source, None)
            if unit is None:
                waiting.remove(source)
            else:
                yield unit
