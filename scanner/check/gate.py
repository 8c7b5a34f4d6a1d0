"""The exit code of a check (3 outranks 1: an incomplete look must not pass for a verdict)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from scanner.check.outcome import Outcome, Reported
from scanner.model import Gap, GapReason, Severity


@dataclasses.dataclass(frozen=True, slots=True)
class Thresholds:
    fail_on: Severity | None = Severity.HIGH
    """None: no finding fails the check."""
    fail_on_unknown: bool = False


def exit_code(outcome: Outcome, limits: Thresholds) -> tuple[int, str]:
    """(0, 1 or 3, why)."""
    suffered = [gap for gap in outcome.gaps if suffers(gap)]
    if suffered:
        return 3, f"{_count(len(suffered), 'gap')}: not everything could be read."
    if not outcome.checked.files:
        return 3, "Nothing was read: no infrastructure code was found."
    bad = [one for one in outcome.failing if _fails(one, limits)]
    if bad:
        assert limits.fail_on is not None
        return 1, f"{_count(len(bad), 'finding')} at {limits.fail_on.label} or above."
    unknown = sum(1 for _ in outcome.untold)
    if limits.fail_on_unknown and unknown:
        return 1, f"{_count(unknown, 'question')} could not be answered."
    if limits.fail_on is None:
        return 0, "Nothing was asked to fail."
    return 0, f"Nothing at {limits.fail_on.label} or above."


def suffers(gap: Gap) -> bool:
    """A module that was not downloaded is told, but every file asked for was read."""
    return not gap.reason.chosen and gap.reason is not GapReason.UNREACHABLE


def _fails(one: Reported, limits: Thresholds) -> bool:
    return limits.fail_on is not None and one.band >= limits.fail_on


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def counted(reported: Sequence[Reported]) -> str:
    """`2 critical, 1 high`; `none`."""
    tally = {band: sum(one.band is band for one in reported) for band in sorted(Severity, reverse=True)}
    return ", ".join(f"{n} {band.label.lower()}" for band, n in tally.items() if n) or "none"
