"""`--allow TYPE:REASON`: one kind of data may pass, and the verdict says who said why."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from scanner.errors import ConfigError
from scanner.model import ENTITY_TYPES
from scanner.release.hidings import HIDINGS


def parse_allows(allows: Iterable[str]) -> dict[str, str]:
    """TYPE is an entity type (`UK_BANK_ACCOUNT`) or a way of hiding (`authors`). Raises ConfigError."""
    allowed: dict[str, str] = {}
    problems = []
    for given in allows:
        name, colon, reason = given.partition(":")
        key = _key(name)
        if key is None:
            problems.append(
                f"--allow {given}: {name.strip()!r} is no kind of data{_guess(name)} (see docs/entity-types.md)"
            )
        elif not colon or len(reason.strip()) < 3:
            problems.append(f'--allow {given}: a reason is needed, such as --allow {key}:"our own account"')
        elif key in allowed:
            problems.append(f"--allow {given}: {key} is given twice")
        else:
            allowed[key] = " ".join(reason.split())
    if problems:
        raise ConfigError(*problems)
    return allowed


def _key(name: str) -> str | None:
    bare = name.strip()
    if bare.upper() in ENTITY_TYPES:
        return bare.upper()
    lowered = bare.lower().replace("_", " ")
    return lowered if lowered in HIDINGS else None


def _guess(name: str) -> str:
    near = difflib.get_close_matches(name.strip().upper(), ENTITY_TYPES, 1) or difflib.get_close_matches(
        name.strip().lower(), HIDINGS, 1
    )
    return f", did you mean {near[0]}?" if near else ""
