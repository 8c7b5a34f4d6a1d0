"""JSON lines for other programs: a finding a line, or a verdict on a safeguard a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scanner.check.outcome import Outcome
from scanner.declared.pipeline import rules_by_safeguard


def render(outcome: Outcome) -> str:
    """One finding a line, unknown ones too."""
    return _lines(
        {
            "file": one.at.file,
            "line": one.at.line,
            "resource": one.resource,
            "rule": one.finding.rule_id,
            "title": one.finding.title,
            "verdict": one.finding.verdict.value,
            "severity": one.finding.severity.label if one.finding.severity is not None else "Unknown",
            "explanation": one.finding.explanation,
            "remedy": one.finding.remedy,
            "missing": list(one.finding.missing),
            "fingerprint": one.finding.fingerprint,
        }
        for one in outcome.reported
        if one.failed or one.untold
    )


def verdicts(outcome: Outcome) -> str:
    """One line per store and safeguard."""
    rows = []
    for line in outcome.checked.lines(rules_by_safeguard(outcome.rules)):
        row: dict[str, Any] = {
            "file": line.file, "line": line.line, "resource": line.resource, "safeguard": line.safeguard,
            "verdict": line.verdict, "basis": line.basis, "rules": list(line.rules),
        }  # fmt: skip
        if line.reason:
            row["reason"] = line.reason
        rows.append(row)
    return _lines(rows)


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
