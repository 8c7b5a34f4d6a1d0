"""The exit code of a check (3 outranks 1: an incomplete look must not pass for a verdict)."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scanner.check.outcome import Outcome, Reported
from scanner.model import Gap, GapReason, Severity

if TYPE_CHECKING:
    from scanner.config_check import PathThreshold


@dataclasses.dataclass(frozen=True, slots=True)
class Thresholds:
    fail_on: Severity | None = Severity.HIGH
    """None: no finding fails the check."""
    fail_on_unknown: bool = False
    by_path: Sequence[PathThreshold] = ()
    """Another threshold for some files; the last that fits counts."""

    def of(self, path: str) -> Severity | None:
        """The threshold for a file, named from the top of the repository."""
        fits = (entry.fail_on for entry in reversed(self.by_path) if fnmatch.fnmatchcase(path, entry.path))
        return next(fits, self.fail_on)


def exit_code(outcome: Outcome, limits: Thresholds) -> tuple[int, str]:
    """(0, 1 or 3, why)."""
    suffered = [gap for gap in outcome.gaps if suffers(gap)]
    if suffered:
        return 3, f"{counted(len(suffered), 'gap')}: not everything could be read."
    if not outcome.checked.files and not outcome.searched and not outcome.diff:
        return 3, "Nothing was read: no infrastructure code was found."
    bad = [one for one in outcome.failing if _fails(one, outcome.prefix, limits)]
    if bad:
        lowest = min(limits.of(outcome.prefix + one.at.file) or Severity.INFO for one in bad)
        return 1, f"{counted(len(bad), 'finding')} at {lowest.label} or above."
    unknown = sum(1 for _ in outcome.untold)
    if limits.fail_on_unknown and unknown:
        return 1, f"{counted(unknown, 'question')} could not be answered."
    if limits.fail_on is None:
        return 0, "Nothing was asked to fail."
    return 0, f"Nothing at {limits.fail_on.label} or above."


def suffers(gap: Gap) -> bool:
    """A module that was not downloaded is told, but every file asked for was read."""
    return not gap.reason.chosen and gap.reason is not GapReason.UNREACHABLE


def _fails(one: Reported, prefix: str, limits: Thresholds) -> bool:
    threshold = limits.of(prefix + one.at.file)
    return threshold is not None and one.band >= threshold


def counted(number: int, word: str) -> str:
    """`1 gap`, `2 gaps`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def tally(reported: Iterable[Reported]) -> str:
    """`2 critical, 1 high`; `none`."""
    bands = [one.band for one in reported]
    counts = ((bands.count(band), band.label.lower()) for band in sorted(Severity, reverse=True))
    return ", ".join(f"{number} {label}" for number, label in counts if number) or "none"
