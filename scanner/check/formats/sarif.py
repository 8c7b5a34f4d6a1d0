"""SARIF 2.1.0 (OASIS), for code scanning. Paths count from the top of the repository.

What somebody accepted is there with a suppression, so that it is listed and counts for nothing.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import scanner
from scanner.check.formats.common import LEVELS, NOTE, WARNING, gap_place, rule_of, sentences
from scanner.check.outcome import Outcome, Reported
from scanner.declared.fixes import Fix
from scanner.model import Gap, Severity

# GitHub's bands: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}


def render(outcome: Outcome) -> str:
    shown = [*outcome.failing, *(one for one in outcome.waved if one.failed)]
    rules = _rules(outcome, shown)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "dpscan",
                "version": scanner.__version__,
                "semanticVersion": scanner.__version__,
                "rules": rules,
            }
        },
        "automationDetails": {"id": "dpscan-check/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(outcome, one, index) for one in shown],
        "invocations": [
            {
                "executionSuccessful": outcome.code in (0, 1),
                "exitCode": outcome.code,
                "exitCodeDescription": outcome.why,
                "toolExecutionNotifications": [_notification(outcome, gap) for gap in outcome.gaps],
            }
        ],
        "properties": {
            "files": len(outcome.checked.files),
            "stores": len(outcome.checked.stores),
            "questions_without_an_answer": sum(1 for _ in outcome.untold),
            "compared_with": outcome.diff,
        },
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _rules(outcome: Outcome, shown: list[Reported]) -> list[dict[str, Any]]:
    """Each rule once, under the worst severity it has here."""
    worst: dict[str, Reported] = {}
    for one in shown:
        known = worst.get(one.finding.rule_id)
        if known is None or one.band > known.band:
            worst[one.finding.rule_id] = one
    return [_rule(outcome, worst[rule_id]) for rule_id in sorted(worst)]


def _rule(outcome: Outcome, one: Reported) -> dict[str, Any]:
    rule, finding = rule_of(outcome, one), one.finding
    why = rule.why if rule is not None else finding.title
    return {
        "id": finding.rule_id,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": why},
        "help": {"text": finding.remedy or finding.title},
        "defaultConfiguration": {"level": LEVELS[one.band]},
        "properties": {"security-severity": _SCORES[one.band], "tags": ["data-protection", "security"]},
    }


def _result(outcome: Outcome, one: Reported, index: dict[str, int]) -> dict[str, Any]:
    finding = one.finding
    text = f"{one.resource}: {finding.title}. {sentences(one)} {finding.remedy}".strip()
    result: dict[str, Any] = {
        "ruleId": finding.rule_id,
        "ruleIndex": index[finding.rule_id],
        "kind": "fail",
        "level": LEVELS[one.band],
        "message": {"text": _escaped(text)},
        "locations": [
            {
                "physicalLocation": _physical(outcome.path(one), one.at.line),
                "logicalLocations": [{"fullyQualifiedName": one.resource, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"dpscanFinding/v1": finding.fingerprint},
        "properties": {"severity": one.band.label, "security-severity": _SCORES[one.band]},
    }
    if one.fix is not None:
        lines = "\n".join(one.fix.lines)
        result["message"]["text"] += _escaped(f"\n\nAdd {one.fix.where}:\n{lines}")
        if one.fix.edits:
            result["fixes"] = [_fix(outcome, one.fix)]
    if one.accepted is not None:
        kind = "external" if one.accepted.where == "the configuration" else "inSource"
        result["suppressions"] = [
            {"kind": kind, "status": "accepted", "justification": _escaped(one.accepted.text)}
        ]
    return result


def _fix(outcome: Outcome, fix: Fix) -> dict[str, Any]:
    """The lines as a change that an editor can make (section 3.55); whole lines only."""
    replacements = []
    for edit in fix.edits:
        region = {"startLine": edit.after + 1, "startColumn": 1}
        region |= {"endLine": edit.until + 1, "endColumn": 1}
        text = "".join(f"{line}\n" for line in edit.lines)
        replacements.append({"deletedRegion": region, "insertedContent": {"text": text}})
    return {
        "description": {"text": _escaped(f"Add the lines {fix.where}.")},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(outcome.prefix + fix.file), "uriBaseId": "%SRCROOT%"},
                "replacements": replacements,
            }
        ],
    }


def _physical(path: str, line: int) -> dict[str, Any]:
    out: dict[str, Any] = {"artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"}}
    return out | ({"region": {"startLine": line}} if line else {})


def _notification(outcome: Outcome, gap: Gap) -> dict[str, Any]:
    path, line = gap_place(outcome, gap)
    return {
        "descriptor": {"id": f"{gap.stage.value}/{gap.reason.value}".replace(" ", "-")},
        "level": NOTE if gap.reason.chosen else WARNING,
        "message": {"text": _escaped(f"{gap.reason.value}: {gap.detail}")},
        "locations": [{"physicalLocation": _physical(path, line)}],
    }


def _escaped(text: str) -> str:
    """A message without embedded links (section 3.11.6)."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
