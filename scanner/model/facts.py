"""Facts a connector states: scopes, stores, places, evidence, gaps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from scanner.model.states import Basis, GapReason, Origin, Stage, State

Value = bool | int | float | str | tuple[str, ...] | None


@dataclasses.dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where in a store something is: steps of (kind, name), outermost first.

    Kinds are `schema`, `table`, `column`, `prefix`, `object`, `member`, `sheet`,
    `page`, `part`. No steps means the whole store. A place inside a `Unit` holds
    true names; every other place has been through `common.names.reduce_place`.
    """

    steps: tuple[tuple[str, str], ...] = ()

    def child(self, kind: str, name: str) -> Place:
        return Place((*self.steps, (kind, name)))

    @property
    def is_store(self) -> bool:
        return not self.steps

    @property
    def container(self) -> Place:
        """The table, file, member or sheet that holds this place (columns and pages dropped)."""
        steps = self.steps
        while steps and steps[-1][0] in ("column", "page", "part"):
            steps = steps[:-1]
        return Place(steps)

    @property
    def column(self) -> str | None:
        return self.steps[-1][1] if self.steps and self.steps[-1][0] == "column" else None

    def covers(self, other: Place) -> bool:
        """True if `other` is this place or lies inside it."""
        if self.steps and self.steps[-1][0] == "prefix" and other.steps[len(self.steps) - 1 :]:
            outer, (kind, name) = self.steps[:-1], other.steps[len(self.steps) - 1]
            return (
                other.steps[: len(outer)] == outer
                and kind in ("object", "prefix")
                and name.startswith(self.steps[-1][1])
            )
        return other.steps[: len(self.steps)] == self.steps

    @property
    def text(self) -> str:
        """One line for people: `public.cases.nino`, `hr/staff.xlsx › Leavers › nino`."""
        out = ""
        for kind, name in self.steps:
            if not out:
                out = name
            elif kind in ("table", "column") and self.steps[0][0] in ("schema", "table"):
                out += f".{name}"
            else:
                out += f" › {name}"
        return out or "(whole store)"

    def __str__(self) -> str:
        return self.text


WHOLE_STORE = Place()


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """An account, subscription, project, server or repository: what is enumerated."""

    id: str
    kind: str
    """`account`, `subscription`, `project`, `server`, `share`, `repository`."""
    provider: str
    """`aws`, `azure`, `gcp`, `sql`, `files` or a plugin's own word."""
    name: str
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    exhaustive: bool = True
    """False if the target named particular stores: then absence proves nothing (never "gone")."""


@dataclasses.dataclass(frozen=True, slots=True)
class Store:
    """The smallest thing with access and encryption settings of its own."""

    id: str
    """Canonical and free of credentials and host aliases; see DESIGN's table in the README."""
    scope_id: str
    kind: str
    """`bucket`, `container`, `database`, `share`, `dataset`, `snapshot`, `queue`, …"""
    provider: str
    name: str
    aliases: tuple[str, ...] = ()
    """Every other name it was seen under. Stores that share an alias are one store."""
    region: str | None = None
    """Provider's region code; None where the connector cannot tell."""
    tags: Mapping[str, str] | None = None
    """None means not readable (which is not "no tags")."""
    environment: str | None = None
    created: dt.datetime | None = None
    origin: Origin = Origin.LIVE
    target: str = ""
    """Name of the configured target that saw it; unit reading goes back to it."""
    attributes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Harmless extras a connector needs to find the store again (never secrets)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Safeguard:
    """One named protection of the closed registry (`scanner.safeguards`)."""

    id: str
    type: str
    """CEL type of its value: `bool`, `int`, `string` or `list(string)`."""
    title: str
    present_means: str
    unit: str = ""
    kinds: tuple[str, ...] = ()
    """Store or scope kinds it can be asked of; empty means any."""
    absent: Value = None
    """For safeguards with a value: what ABSENT without a value amounts to (no backup is kept
    for 0 days); None where it amounts to nothing that can be compared."""


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one safeguard at one place of one scope or store."""

    subject_id: str
    """A `Scope.id` or a `Store.id`."""
    safeguard: str
    state: State
    basis: Basis
    source: str
    """API call, system view or attribute: `s3:GetBucketEncryption`, `pg_hba_file_rules`."""
    value: Value = None
    reason: str = ""
    """For people, one sentence, no values read from content."""
    place: Place = WHOLE_STORE


@dataclasses.dataclass(frozen=True, slots=True)
class Gap:
    """Something not read or not seen. Everything a stage cannot yield becomes one of these."""

    subject_id: str
    """Scope, store or target name."""
    stage: Stage
    reason: GapReason
    detail: str
    """One sentence for people; no content, no secret, no true object name."""
    place: Place = WHOLE_STORE
    remedy: str = ""
    """What would lift it: a permission's name, an install line, a configuration key."""
    bytes: int = 0
    """Size of what was not read, where known."""
    count: int = 1
    """How many alike (listing stages fold thousands into one)."""


def value_of(evidence: Evidence) -> Any:
    """The typed value a rule sees: a boolean safeguard's state, else its value."""
    if evidence.value is not None:
        return evidence.value
    return {State.PRESENT: True, State.ABSENT: False}.get(evidence.state)
