"""JSON lines for other programs: a finding a line, or a verdict on a safeguard a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scanner.check.outcome import Outcome, Reported
from scanner.declared.pipeline import rules_by_safeguard


def render(outcome: Outcome) -> str:
    """One finding a line: failed, accepted and unknown ones; then what was not read."""
    rows = [_row(one) for one in outcome.reported if one.failed or one.untold]
    rows += [
        {"file": gap.place.text, "verdict": "not read", "reason": gap.reason.value, "detail": gap.detail}
        for gap in outcome.gaps
    ]
    return _lines(rows)


def _row(one: Reported) -> dict[str, Any]:
    finding = one.finding
    row: dict[str, Any] = {
        "file": one.at.file,
        "line": one.at.line,
        "resource": one.resource,
        "rule": finding.rule_id,
        "title": finding.title,
        "verdict": finding.verdict.value,
        "severity": finding.severity.label if finding.severity is not None else "Unknown",
        "explanation": finding.explanation,
        "remedy": finding.remedy,
        "missing": list(finding.missing),
        "fingerprint": finding.fingerprint,
    }
    if one.note:
        row["note"] = one.note
    if one.fix is not None:
        row["add"] = {"where": one.fix.where, "lines": list(one.fix.lines)}
    if one.accepted is not None:
        accepted = one.accepted
        row["accepted"] = {
            "owner": accepted.owner,
            "reason": accepted.reason,
            "until": accepted.until.isoformat(),
            "where": accepted.where,
        }
    return row


def verdicts(outcome: Outcome) -> str:
    """One line per store and safeguard; one that cannot be told says why."""
    rows = []
    for line in outcome.checked.lines(rules_by_safeguard(outcome.rules)):
        row: dict[str, Any] = {
            "file": line.file, "line": line.line, "resource": line.resource, "safeguard": line.safeguard,
            "verdict": line.verdict, "basis": line.basis, "rules": list(line.rules),
        }  # fmt: skip
        if line.verdict == "unknown":
            row["reason"] = line.reason
        rows.append(row)
    return _lines(rows)


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
