"""What a check yields: findings with their lines, what was not read, and the exit code."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from scanner.declared.model import Location
from scanner.declared.pipeline import Checked
from scanner.model import Finding, Gap, Severity, Verdict
from scanner.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True)
class Reported:
    """A finding, and the line of the repository that it is about."""

    finding: Finding
    at: Location
    """Path as in `Checked`: relative to the folder checked."""
    resource: str
    """As the language addresses it; the file's path for what is about a file."""
    note: str = ""
    """Further sentences for people, such as that the register raised the severity."""

    @property
    def band(self) -> Severity:
        """Its severity; for what cannot be told, what it would be."""
        return self.finding.severity or self.finding.would_be or Severity.INFO

    @property
    def failed(self) -> bool:
        return self.finding.verdict is Verdict.FAIL

    @property
    def untold(self) -> bool:
        return self.finding.verdict is Verdict.UNKNOWN


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a format prints. Formats never judge."""

    checked: Checked
    reported: tuple[Reported, ...]
    """All verdicts, most severe first."""
    gaps: tuple[Gap, ...]
    rules: RuleSet
    code: int = 0
    why: str = ""
    """Why the exit code is what it is."""

    @property
    def failing(self) -> Iterator[Reported]:
        return (one for one in self.reported if one.failed)

    @property
    def untold(self) -> Iterator[Reported]:
        return (one for one in self.reported if one.untold)
