"""The slots of `world.py`, filled from the pools."""

from __future__ import annotations

from benchmarks.names import world_things as things
from benchmarks.names.pools import Pools
from scanner.common.lexicon import words

KIN = tuple(sorted(n.title() for n in words("nationalities") if n.isalpha()))
_UNNAMED = {
    "work": things.WORKS,
    "arm": things.ARMS,
    "event": things.EVENTS,
    "rank": things.RANKS,
    "Trade": things.TRADES,
    "people": (*KIN, *things.PEOPLES, *things.PEOPLES),
    "software": things.SOFTWARE,
}
_FOREIGN = (
    (things.ARABIC, things.ARABIC_FAMILIES),
    (things.SLAVIC, things.SLAVIC_FAMILIES),
    (things.ARABIC, things.ARABIC),
)


def filled(slot: str, pools: Pools, people: list[str]) -> list[tuple[str, str]]:
    """The pieces that take the place of a slot, each with its label. `people`: those named so far."""
    r = pools.random.random()
    if slot in _UNNAMED:
        return [(pools.pick(_UNNAMED[slot]), "")]
    if slot in ("first", "name"):
        return [(pools.forename() if slot == "first" else pools.family(), "")]
    if slot in ("ship", "house", "handle"):
        return [({"ship": _ship, "house": _house, "handle": _handle}[slot](pools, r), "")]
    if slot == "team":
        return [
            (pools.pick(things.TEAMS) if r < 0.5 else f"{pools.place()} {pools.pick(things.CLUBS)}", "ORG")
        ]
    if slot in ("unit", "school"):
        name = pools.pick(things.UNITS if slot == "unit" else things.SCHOOLS)
        return [(name.replace("*", pools.place() if r < 0.7 else pools.family()), "ORG")]
    if slot == "force":
        name = pools.pick(things.FORCES)
        return [("the ", ""), (name[4:], "ORG")] if name.startswith("the ") else [(name, "ORG")]
    if slot in ("town", "Where"):
        place = pools.abroad()
        return [(place.upper() if slot == "Where" else place, "LOC")]
    if slot == "place":
        return [(pools.place().lower(), "LOC")]
    if slot == "ltag":
        return [(pools.place().replace(" ", "").replace("-", ""), "LOC")]
    if slot == "noble":
        return [(f"{pools.forename()} of {pools.abroad()}", "PER")]
    if slot == "foreign":
        first, last = pools.pick(_FOREIGN)
        middle = "" if r < 0.85 else f" {pools.pick(first)}"
        name = f"{pools.pick(first)}{middle} {pools.pick(last)}"
        people.append(name)
        return [(name, "PER")]
    name = pools.person() if slot != "who" or r < 0.7 else pools.forename()
    if slot == "ptag":
        return [(name.replace(" ", "").replace(".", "").replace(",", ""), "PER")]
    return [(name.upper() if slot == "SHOUT" else name.lower(), "PER")]


def _ship(pools: Pools, r: float) -> str:
    return (
        f"{pools.pick(things.PREFIXES)} {pools.pick(things.SHIPS)}" if r < 0.8 else pools.pick(things.SHIPS)
    )


def _house(pools: Pools, r: float) -> str:
    if r < 0.8:
        return pools.pick(things.HOUSES)
    return f"The {pools.family()} Arms" if r < 0.9 else f"{pools.family()} House"


def _handle(pools: Pools, r: float) -> str:
    first, joint = pools.pick(pools.both()[0]), pools.pick(("", "_", "x"))
    second = pools.family() if r < 0.5 else ""
    number = str(pools.random.randint(1, 99)) if r > 0.6 else ""
    return f"{first}{joint}{second}{number}".replace(" ", "")
