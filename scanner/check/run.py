"""The pipeline of `dpscan check`: read, join with what is known, judge, tell."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Protocol

from scanner.check.gate import Thresholds, exit_code
from scanner.check.judging import Known, judged, today
from scanner.check.outcome import Outcome, Reported
from scanner.declared import pipeline
from scanner.model import Gap
from scanner.ruleset import load_rules


class PersonalData(Protocol):
    """Looks for personal data that is committed to the repository."""

    def look(
        self, folder: Path, files: tuple[str, ...] | None
    ) -> tuple[tuple[Reported, ...], tuple[Gap, ...]]:
        """Findings and gaps under `folder`; only in `files` (relative to it) unless that is None."""


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What a check is asked."""

    path: Path
    thresholds: Thresholds = dataclasses.field(default_factory=Thresholds)
    known: Known | None = None
    """What is known of the live stores."""
    personal: PersonalData | None = None


def run(options: Options) -> Outcome:
    """Check a folder or one file. Raises ConfigError."""
    checked = pipeline.check(options.path)
    rules = load_rules()
    reported = judged(checked, rules, today(), options.known)
    gaps = checked.gaps
    if options.personal is not None:
        folder = options.path if options.path.is_dir() else options.path.parent
        more, missed = options.personal.look(folder, None)
        reported, gaps = (*reported, *more), (*gaps, *missed)
    outcome = Outcome(checked, reported, gaps, rules)
    code, why = exit_code(outcome, options.thresholds)
    return dataclasses.replace(outcome, code=code, why=why)
