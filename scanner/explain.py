"""What a verdict says to people: short, plain, and judging nobody."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.model import Basis, Evidence, Subject, Verdict
from scanner.ruleset.rule import Rule
from scanner.ruleset.variables import VARIABLES
from scanner.safeguards import SAFEGUARDS

LONGEST = 300
"""Characters of an explanation (a cell of the data protection officer's file)."""

_WHY = {
    Basis.DENIED: "access was refused",
    Basis.FAILED: "the question failed",
    Basis.COMPUTED: "known only once it is built",
    Basis.NOT_OBSERVABLE: "it cannot be seen from here",
}


def explanation(
    rule: Rule, verdict: Verdict, missing: Sequence[str], evidence: Sequence[Evidence], subject: Subject
) -> str:
    if verdict is Verdict.FAIL:
        return rule.explain
    if verdict is Verdict.PASS:
        return _short(f"Checked, and not the case: {rule.title}.")
    stated = {item.safeguard: item for item in evidence}
    parts = [_unknown(name, stated, subject) for name in missing]
    return _short(f"Cannot be told. {'; '.join(parts)}.")


def remedy(
    rule: Rule, verdict: Verdict, missing: Sequence[str], evidence: Sequence[Evidence], provider: str
) -> str:
    """What to do. For UNKNOWN: what would make it known."""
    if verdict is Verdict.PASS:
        return ""
    if verdict is Verdict.FAIL:
        return rule.remedies.get(provider, rule.remedy)
    steps = []
    if any(item.basis is Basis.DENIED for item in evidence):
        steps.append("Grant the permission named under what could not be seen")
    if any(item.basis is Basis.FAILED for item in evidence):
        steps.append("Scan again when the store answers")
    if "holdings" in missing:
        steps.append("Read the store to the end, or a larger sample of it")
    if settings := [name.partition(".")[2] for name in missing if name.startswith("context.")]:
        steps.append(f"Set {', '.join(settings)} in the configuration")
    if fields := [n for n in missing if n.startswith(("register.", "store."))]:
        steps.append(f"Record it in the register ({', '.join(n.partition('.')[2] for n in fields)})")
    if not steps:
        steps.append("Ask whoever runs the store, and record the answer")
    return ". ".join(steps) + "."


def _unknown(name: str, stated: dict[str, Evidence], subject: Subject) -> str:
    if name == "holdings":
        note = subject.summary.note.rstrip(".") if subject.summary is not None else ""
        return f"Not enough of the content was read{f' ({note})' if note else ''}"
    if name.startswith("context."):
        return f"The configuration does not set {name.partition('.')[2]}"
    if name in SAFEGUARDS:
        item = stated.get(name)
        why = (item.reason or _WHY.get(item.basis, "")) if item is not None else "nothing was stated of it"
        return f"{SAFEGUARDS[name].title}: {why or 'unknown'}"
    variable = VARIABLES[name]
    for safeguard in variable.safeguards:
        if safeguard in stated:
            return _unknown(safeguard, stated, subject)
    what = variable.about.partition(":")[0]
    return f"{what[:1].upper()}{what[1:]}: {variable.unknown}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
