"""What may be said in a pull request of a store that the register knows: that it counts, never why.

Most public code is open, and a comment that says "this bucket holds health records" is a map for
whoever reads it. Each finding is therefore judged twice, with and without what is known. Where only
the severity differs, the higher one stands, and its reason names the register and nothing else. Where
the verdict itself would tell (a rule that only holds for personal data), the answer stays "cannot be
told" in public, and says who can tell it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from scanner.model import Finding, Severity

WITHHELD = (
    "What the department's register knows of this store decides it; that is not told here. Ask the data "
    "protection officer, or check with --show-holdings on your own machine."
)


def discreet(plain: Iterable[Finding], informed: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Findings as they may be shown, each with a sentence about the register where it played a part.

    `plain` and `informed` are the verdicts on one subject without and with what is known of it.
    """
    told = {finding.fingerprint: finding for finding in informed}
    for finding in plain:
        better = told.pop(finding.fingerprint, None)
        if better is None or better.verdict is not finding.verdict:
            # Whichever way it is decided: said only of failures, the sentence would be the answer.
            yield finding, WITHHELD
        else:
            yield _with_severity(finding, better)
    # A rule that applies only because of what is known is left out altogether: its name would tell.


def _with_severity(plain: Finding, informed: Finding) -> tuple[Finding, str]:
    before, after = _band(plain), _band(informed)
    if before is None or after is None or before is after:
        return plain, ""
    word = "raised" if after > before else "lowered"
    reason = (
        f"{after.label}: {word} from {before.label} by what the department's register knows of this store"
    )
    shown = dataclasses.replace(
        plain, severity=informed.severity, would_be=informed.would_be, severity_reason=reason
    )
    return shown, f"The department's register {word} its severity."


def _band(finding: Finding) -> Severity | None:
    return finding.severity if finding.severity is not None else finding.would_be
