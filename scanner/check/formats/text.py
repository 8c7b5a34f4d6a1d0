"""For a terminal: findings by line, what is unknown by cause, what was not read."""

from __future__ import annotations

from collections import Counter

from scanner.check.gate import counted
from scanner.check.outcome import Outcome


def render(outcome: Outcome) -> str:
    out = []
    for one in outcome.failing:
        finding, at = one.finding, one.at
        out.append(f"{at.file}:{at.line}: {one.band.label} {finding.rule_id} {finding.title}: {one.resource}")
    causes: Counter[str] = Counter()
    for one in outcome.untold:
        evidence = one.finding.evidence
        causes.update({item.reason for item in evidence if item.reason} or {", ".join(one.finding.missing)})
    if causes:
        out += ["", "Could not be told from the code:"]
        out += [f"  {number} × {cause}" for cause, number in causes.most_common(10)]
    if outcome.gaps:
        out += ["", "Not read:"]
        out += [f"  {gap.place.text}: {gap.reason.value}: {gap.detail}" for gap in outcome.gaps]
    checked = outcome.checked
    out += [
        "",
        f"{len(checked.files)} files, {len(checked.stores)} stores; "
        f"findings: {counted(list(outcome.failing))}. {outcome.why}",
    ]
    return "\n".join(out).lstrip("\n") + "\n"
