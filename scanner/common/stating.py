"""State evidence without blurring known, default and not seen.

A posture call ends in an answer or in an `Unseen` that says why there is none; a `Speaker`
turns either into `Evidence` about one subject.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from scanner.errors import ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Stage, State, Value

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Unseen:
    """Why an answer is not there: DENIED, FAILED or NOT_OBSERVABLE, and one sentence."""

    basis: Basis
    reason: str


def unseen(error: ReadError) -> Unseen:
    """What a failed call means for the evidence it would have given."""
    return Unseen(Basis.DENIED if error.reason is GapReason.DENIED else Basis.FAILED, error.detail)


def ask(subject_id: str, what: str, gaps: list[Gap], call: Callable[[], T]) -> T | Unseen:
    """`call()`, or an `Unseen` with the one gap of the failed call added to `gaps`.

    `what` names what the call would have shown, for people.
    """
    try:
        return call()
    except ReadError as error:
        gaps.append(
            Gap(
                subject_id,
                Stage.EVIDENCE,
                error.reason,
                f"{what} not seen: {error.detail}",
                remedy=error.remedy,
            )
        )
        return unseen(error)


def dig(answer: Mapping[str, Any], *path: str) -> Any:
    """The value under a path of keys of a JSON object; None where any step is missing."""
    at: Any = answer
    for key in path:
        if not isinstance(at, Mapping):
            return None
        at = at.get(key)
    return at


@dataclasses.dataclass(frozen=True, slots=True)
class Speaker:
    """States evidence about one scope or store."""

    subject_id: str

    def flag(
        self, safeguard: str, present: bool, source: str, reason: str = "", *, default: bool = False
    ) -> Evidence:
        """A safeguard that is on or off; `default`: not set, the provider documents what holds."""
        return Evidence(
            self.subject_id,
            safeguard,
            State.PRESENT if present else State.ABSENT,
            Basis.PROVIDER_DEFAULT if default else Basis.EXPLICIT,
            source,
            reason=reason,
        )

    def value(
        self,
        safeguard: str,
        value: Value,
        source: str,
        reason: str = "",
        *,
        present: bool = True,
        default: bool = False,
    ) -> Evidence:
        """A safeguard that has a value."""
        return dataclasses.replace(
            self.flag(safeguard, present, source, reason, default=default), value=value
        )

    def unknown(self, safeguard: str, why: Unseen, source: str) -> Evidence:
        return Evidence(self.subject_id, safeguard, State.UNKNOWN, why.basis, source, reason=why.reason)

    def inapplicable(self, safeguard: str, source: str, reason: str) -> Evidence:
        return Evidence(
            self.subject_id, safeguard, State.NOT_APPLICABLE, Basis.EXPLICIT, source, reason=reason
        )
