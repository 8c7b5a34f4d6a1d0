"""What leaves the worker: counts, types and places of one file. No value can be in here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scanner.model import Gap
from scanner.release.pieces import NOWHERE, Where


@dataclasses.dataclass(frozen=True, slots=True)
class TypeCount:
    entity_type: str
    values: int
    """Cells or mentions."""
    distinct: int


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What stands at one place."""

    where: Where
    hiding: str
    """Key of `HIDINGS`; "" for what a reader sees."""
    types: tuple[TypeCount, ...] = ()
    """What is about people."""
    weak: tuple[TypeCount, ...] = ()
    """What resembles personal data but tells of nobody here: role mailboxes, switchboards,
    a list of offences, a condition that no person is named with."""
    rows: int = 0
    """Rows with something about people; 0 for running text."""
    size: int = 0
    """Rows (or characters of text) at this place."""
    people: int = 0
    """At least so many different people, by the names or identifiers seen."""
    detail: str = ""
    level: str = ""
    """`fail`, `warn` or `note` for a `Presence`; "" where the types decide."""
    kind: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class FileResult:
    """One file, looked through."""

    path: str
    """As the operator gave it."""
    media_type: str = ""
    inventory: Mapping[str, int] = dataclasses.field(default_factory=dict)
    seen: tuple[Seen, ...] = ()
    gaps: tuple[Gap, ...] = ()
    contacts: int = 0
    """Different people whose contact details a reader sees, at least."""
    names: int = 0
    """Different names of people that a reader sees."""
    size: int = 0
    where: Where = NOWHERE
    """The file's name, in full and reduced."""
