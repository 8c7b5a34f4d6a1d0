"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import scanner
from scanner.check.outcome import Outcome
from scanner.model import Severity

_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning"}


def render(outcome: Outcome) -> str:
    results: list[Mapping[str, Any]] = []
    used = set()
    for one in outcome.failing:
        finding, at = one.finding, one.at
        used.add(finding.rule_id)
        text = f"{one.resource}: {finding.title}. {finding.explanation} {finding.remedy} {one.note}"
        results.append({
            "ruleId": finding.rule_id,
            "level": _LEVELS.get(one.band, "note"),
            "message": {"text": text.strip()},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": at.file, "uriBaseId": "%SRCROOT%"}, "region": {"startLine": at.line}}}],
            "partialFingerprints": {"dpscan/v1": finding.fingerprint},
        })  # fmt: skip
    described = [
        {"id": rule.id, "shortDescription": {"text": rule.title}, "fullDescription": {"text": rule.why}}
        for rule in outcome.rules.rules if rule.id in used
    ]  # fmt: skip
    notes = [
        {"level": "warning", "message": {"text": f"{gap.reason.value}: {gap.detail}"}, "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": gap.place.text}}}]} for gap in outcome.gaps
    ]  # fmt: skip
    run = {
        "tool": {"driver": {"name": "dpscan", "version": scanner.__version__, "rules": described}},
        "results": results,
        "invocations": [{"executionSuccessful": not outcome.gaps, "toolExecutionNotifications": notes}],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
