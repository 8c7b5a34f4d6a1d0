"""GitLab's Code Quality report: a subset of the Code Climate format, one JSON array.

Fields as in docs.gitlab.com, "Code Quality", "Code Quality report format".
"""

from __future__ import annotations

import json
from typing import Any

from scanner.check.formats.common import gap_place, sentences
from scanner.check.outcome import Outcome
from scanner.judge import fingerprint
from scanner.model import Severity

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(outcome: Outcome) -> str:
    rows = [
        _row(
            f"{one.resource}: {one.finding.title}. {sentences(one)}",
            one.finding.rule_id,
            one.finding.fingerprint,
            _SEVERITIES[one.band],
            (outcome.path(one), one.at.line),
        )
        for one in outcome.failing
    ]
    for gap in outcome.gaps:
        if not gap.reason.chosen:
            place = gap_place(outcome, gap)
            mark = fingerprint(place[0], "not-read", gap.place)
            rows.append(_row(f"Not read: {gap.detail}", "not-read", mark, "major", place))
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _row(text: str, rule: str, mark: str, severity: str, place: tuple[str, int]) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": rule,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": place[0], "lines": {"begin": max(1, place[1])}},
    }
