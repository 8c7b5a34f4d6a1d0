"""Rules of the check itself: about the repository, not about a store, so that no YAML rule can ask them."""

from __future__ import annotations

import dataclasses

from scanner.judge import fingerprint
from scanner.model import Finding, Place, Severity, Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class OwnRule:
    """What a rule's YAML file would say."""

    id: str
    title: str
    severity: Severity
    why: str
    remedy: str

    def finding(self, file: str, what: str, explanation: str) -> Finding:
        """A finding on one thing in a file. `what` tells it from others there, without a line number."""
        place = Place((("object", file), ("part", what)))
        return Finding(
            fingerprint=fingerprint("repository", self.id, place),
            rule_id=self.id,
            title=self.title,
            subject_id="repository",
            subject_kind="scope",
            place=place,
            verdict=Verdict.FAIL,
            severity=self.severity,
            would_be=None,
            severity_reason=f"base {self.severity.label}",
            exposure=None,
            evidence=(),
            explanation=explanation,
            remedy=self.remedy,
        )


SUPPRESSION = OwnRule(
    "IAC-09",
    "A finding is waved through without owner, reason or valid expiry",
    Severity.LOW,
    "An exception that nobody owns and that never ends is how a safeguard is lost for good. With a name, "
    "a reason and a date it is a decision that somebody can be asked about.",
    "Give owner, reason and until (a date), or take the comment out.",
)

OWN_RULES = {rule.id: rule for rule in (SUPPRESSION,)}
