"""The rules that a configuration asks for: shipped ones, own ones from folders and packages, pinned."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from scanner.errors import Problem, RuleError
from scanner.ruleset.load import load_rules
from scanner.ruleset.rule import RuleSet

SHORTEST_PIN = 12


class Wanted(Protocol):
    """The section `rules:` of a configuration."""

    @property
    def packs(self) -> Sequence[str] | None: ...
    @property
    def switch_off(self) -> Sequence[str]: ...
    @property
    def paths(self) -> Sequence[Path]: ...
    @property
    def packages(self) -> Sequence[str]: ...
    @property
    def pin(self) -> str | None: ...


def chosen(wanted: Wanted, *, examples: bool = True) -> RuleSet:
    """The rules in force. Raises RuleError, also where they are not the pinned ones."""
    folders = [*wanted.paths, *(package_folder(name) for name in wanted.packages)]
    rules = load_rules(folders or None, wanted.packs, tuple(wanted.switch_off), examples=examples)
    if wanted.pin is not None and not rules.digest.startswith(wanted.pin.lower()):
        raise RuleError(
            Problem(
                f"the rules in force are {rules.digest[:SHORTEST_PIN]}, and not those pinned "
                f"({wanted.pin[:SHORTEST_PIN]}): look at what changed, then pin the new ones or take the pin out",
                key="rules.pin",
            )
        )
    return rules


def package_folder(name: str) -> Path:
    """The folder `rules` of an installed package, or its own folder. The package is not run."""
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        found = None
    places = list(found.submodule_search_locations or ()) if found is not None else []
    for place in map(Path, places):
        if (place / "rules").is_dir():
            return place / "rules"
    for place in map(Path, places):
        if any(place.glob("*.yaml")) or any(place.glob("*/*.yaml")):
            return place
    what = "holds no rules" if places else "is not installed"
    raise RuleError(Problem(f"the package {name!r} {what}", key="rules.packages"))
