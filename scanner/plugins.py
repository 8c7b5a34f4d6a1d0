"""Find plugins by entry point; ours the same way as a stranger's.

Nothing is imported until asked for by name, so listing connectors costs milliseconds.
"""

from __future__ import annotations

import difflib
import functools
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.errors import ConfigError, MissingExtra

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUPS = ("connectors", "schemes", "extractors", "recognisers", "runners", "reporters")
"""`schemes` are URL schemes of command-line targets; each points at its connector class."""

_NEVER_ABSENT = {
    "connectors": ("files",),
    "extractors": ("text", "delimited"),
    "recognisers": ("categories", "names", "presidio", "prose", "uk"),
    "runners": ("processes", "serial"),
    "reporters": ("csv", "json"),
}
"""What every installation has. Where one is missing, dpscan is not installed or half updated, and
would find nothing where there is something. (A type that no extractor reads is told as a gap.)"""


@functools.cache
def _installed() -> Any:
    """The entry points of all packages, read once: that is hundreds of files, whichever group is asked for."""
    from importlib.metadata import entry_points  # reads mail headers, which costs a start 20 ms

    return entry_points()


@functools.cache
def available(group: str) -> Mapping[str, EntryPoint]:
    """Entry points of `dpscan.<group>` by name; first installed wins, sorted by name.

    Raises ConfigError if those that come with dpscan are not among them: its source is on the path
    without being installed, or what is installed is an older version.
    """
    found: dict[str, EntryPoint] = {}
    for point in _installed().select(group=f"dpscan.{group}"):
        found.setdefault(point.name, point)
    missing = [name for name in _NEVER_ABSENT.get(group, ()) if name not in found]
    if missing:
        raise ConfigError(
            f"dpscan is not installed in this Python, or only in part: its {group} {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not registered ({sys.executable}). Install it: {_install()}"
        )
    return dict(sorted(found.items()))


def require_all() -> None:
    """For commands whose workers find plugins later, where one that is missing costs every file.

    Raises ConfigError as `available` does.
    """
    for group in _NEVER_ABSENT:
        available(group)


def _install() -> str:
    """The line that installs dpscan from where this code lies, or from the index."""
    source = Path(__file__).parents[1]
    what = f"'{source}'" if (source / "pyproject.toml").is_file() else "--force-reinstall dpscan"
    return f"{sys.executable} -m pip install {what}"


def load(group: str, name: str) -> Any:
    """Import one plugin.

    Raises ConfigError if there is none of that name or it cannot be imported, MissingExtra (with
    the install line) if a package it needs is absent.
    """
    points = available(group)
    point = points.get(name)
    if point is None:
        near = difflib.get_close_matches(name, points, 1, cutoff=0.5)
        hint = f" (is {near[0]!r} meant?)" if near else ""
        raise ConfigError(f"no {group[:-1]} named {name!r}{hint}; installed: {', '.join(points) or 'none'}")
    package = point.dist.name if point.dist is not None else "dpscan"
    try:
        return point.load()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing == point.module.partition(".")[0]:
            raise ConfigError(f"{_stale(group, name, package)}: {point.module} is not there") from error
        raise MissingExtra(f"{group[:-1]} {name}", package=package) from error
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"{_stale(group, name, package)} ({type(error).__name__}: {error})") from error


def _stale(group: str, name: str, package: str) -> str:
    return f"the {group[:-1]} {name!r} of the package {package} cannot be loaded; install {package} again"
