"""Find plugins by entry point; ours the same way as a stranger's.

Nothing is imported until asked for by name, so listing connectors costs milliseconds.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scanner.errors import ConfigError, MissingExtra

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUPS = ("connectors", "schemes", "extractors", "recognisers", "runners", "reporters")
"""`schemes` are URL schemes of command-line targets; each points at its connector class."""

# Modules that arrive only with an extra, and which extra brings them.
_EXTRAS: dict[str, str] = {}


@functools.cache
def available(group: str) -> Mapping[str, EntryPoint]:
    """Entry points of `dpscan.<group>` by name; first installed wins, sorted by name."""
    from importlib.metadata import entry_points  # reads mail headers, which costs a start 20 ms

    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=f"dpscan.{group}"):
        found.setdefault(point.name, point)
    return dict(sorted(found.items()))


def load(group: str, name: str) -> Any:
    """Import one plugin.

    Raises ConfigError if there is none of that name, MissingExtra (with the install line)
    if a package it needs is absent.
    """
    point = available(group).get(name)
    if point is None:
        known = ", ".join(available(group)) or "none"
        raise ConfigError(f"no {group[:-1]} named {name!r}; installed: {known}")
    try:
        return point.load()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing == "scanner":
            raise
        raise MissingExtra(f"{group[:-1]} {name}", _EXTRAS.get(missing, name)) from error
