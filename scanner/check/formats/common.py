"""What several formats share: levels, sentences, and where a gap lies."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scanner.check.outcome import Outcome, Reported
from scanner.check.own_rules import OWN_RULES
from scanner.known.disclosing import WITHHELD
from scanner.model import Gap, Severity
from scanner.safeguards import SAFEGUARDS

if TYPE_CHECKING:
    from scanner.check.own_rules import OwnRule
    from scanner.ruleset import Rule

ERROR, WARNING, NOTE = "error", "warning", "note"
LEVELS = {
    Severity.CRITICAL: ERROR,
    Severity.HIGH: ERROR,
    Severity.MEDIUM: WARNING,
    Severity.LOW: NOTE,
    Severity.INFO: NOTE,
}
_LINE = re.compile(r"\bline (\d+)")


def sentences(one: Reported) -> str:
    """What is so, and further notes."""
    return " ".join(part for part in (one.finding.explanation, one.note) if part)


def rule_of(outcome: Outcome, one: Reported) -> Rule | OwnRule | None:
    """The rule behind a finding, for its prose."""
    return outcome.rules.get(one.finding.rule_id) or OWN_RULES.get(one.finding.rule_id)


def gap_place(outcome: Outcome, gap: Gap) -> tuple[str, int]:
    """(file from the top of the repository, line or 0) of something not read."""
    match = _LINE.search(gap.detail)
    return outcome.prefix + gap.place.text, int(match[1]) if match else 0


def summary(outcome: Outcome) -> str:
    """How much was read, and what of it was found."""
    from scanner.check.gate import counted, tally

    checked = outcome.checked
    found = tally(outcome.failing)
    text = f"{counted(len(checked.files), 'file')} of code, {counted(len(checked.stores), 'store')}; "
    if outcome.searched:
        text += f"{counted(outcome.searched, 'file')} searched for personal data; "
    text += f"findings that the change since {outcome.diff} introduces" if outcome.diff else "findings"
    text += f": {found}"
    waved = sum(1 for _ in outcome.waved)
    return text + (f"; accepted: {waved}" if waved else "") + "."


def causes(outcome: Outcome) -> Counter[str]:
    """Why questions have no answer, in words, with how many each leaves open."""
    found: Counter[str] = Counter()
    for one in outcome.untold:
        if WITHHELD in one.note:
            found["the department's register decides it, which is not told here"] += 1
            continue
        reasons = {item.reason for item in one.finding.evidence if item.reason}
        found.update(reasons or {_missing(name) for name in one.finding.missing})
    return found


def _missing(name: str) -> str:
    group, dot, field = name.partition(".")
    if name == "holdings":
        return "what the store holds is not known"
    if group == "context":
        return f"the configuration does not set {field}"
    if dot:
        return f"the register does not say {field.replace('_', ' ')}"
    title = SAFEGUARDS[name].title if name in SAFEGUARDS else name
    return f"the code says nothing of: {title}"
