"""What a check yields: findings with their lines, what was not read, and the exit code."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from scanner.declared.fixes import Fix
from scanner.declared.model import Location
from scanner.declared.pipeline import Checked
from scanner.model import Finding, Gap, Severity, Verdict
from scanner.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """Who answers for a finding, why, and until when."""

    owner: str
    reason: str
    until: dt.date
    where: str
    """`main.tf:3`, or the configuration."""

    @property
    def text(self) -> str:
        return f"accepted by {self.owner} until {self.until.isoformat()}: {self.reason} ({self.where})"


@dataclasses.dataclass(frozen=True, slots=True)
class Reported:
    """A finding, and the line of the repository that it is about."""

    finding: Finding
    at: Location
    """Path as in `Checked`: relative to the folder checked."""
    resource: str
    """As the language addresses it; the file's path for what is about a file."""
    shown: str = ""
    """Its line with literals masked."""
    note: str = ""
    """Further sentences for people, such as that the register raised the severity."""
    fix: Fix | None = None
    """Lines to add, where they are known for the language and the resource."""
    accepted: Accepted | None = None

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
    prefix: str = ""
    """From the top of the repository to the folder checked: `infra/`."""
    diff: str = ""
    """The revision that the change is compared with; only what it introduces is then reported."""
    earlier: tuple[Gap, ...] = ()
    """What could not be read before the change either, in files that it does not touch."""
    outlived: int = 0
    """Entries of the baseline that stand for nothing any more."""
    folder: Path | None = None
    """The folder checked."""
    searched: int = 0
    """Files that were looked through for personal data."""
    code: int = 0
    why: str = ""
    """Why the exit code is what it is."""

    def path(self, one: Reported) -> str:
        """The file of a finding, from the top of the repository."""
        return self.prefix + one.at.file

    @property
    def failing(self) -> Iterator[Reported]:
        """What failed and nobody has accepted."""
        return (one for one in self.reported if one.failed and one.accepted is None)

    @property
    def untold(self) -> Iterator[Reported]:
        """Questions without an answer that nobody has accepted."""
        return (one for one in self.reported if one.untold and one.accepted is None)

    @property
    def waved(self) -> Iterator[Reported]:
        """What was accepted: still listed, and counted apart."""
        return (one for one in self.reported if one.accepted is not None and (one.failed or one.untold))
