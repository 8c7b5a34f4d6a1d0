"""SARIF 2.1.0 (OASIS), for code scanning and ticket systems.

Live stores have no file, so results carry logical locations only; `kind` is `fail` for what
failed and `open` ("insufficient information to decide") for what could not be told. A finding
that was not re-checked is still there, so that a consumer does not take it for resolved.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from scanner.common.private import write_atomically
from scanner.model import Finding, FindingHistory, Gap, Place, Report, Severity, Verdict, Workflow
from scanner.reporters import words
from scanner.reporters.cells import clean
from scanner.reporters.folder import report_folder
from scanner.reporters.view import CLOSED, View, locator

_LEVEL = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
# GitHub's bands: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
_SCORE = {
    Severity.INFO: "0.0",
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


class SarifReporter:
    """Entry point `sarif`."""

    name = "sarif"

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `report.sarif`."""
        path = report_folder(folder) / "report.sarif"
        text = json.dumps(document(report), indent=2, ensure_ascii=False, allow_nan=False)
        write_atomically(path, text.encode("utf-8", "backslashreplace") + b"\n")
        return [str(path)]


def document(report: Report) -> dict[str, Any]:
    """The SARIF log."""
    view = View(report)
    shown = _shown(view)
    rules = _rules(finding for finding, _ in shown)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = report.run
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "dpscan",
                        "version": run.tool_version,
                        "semanticVersion": run.tool_version,
                        "rules": rules,
                    }
                },
                "automationDetails": {"id": clean(f"dpscan/{','.join(run.targets)}/")},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(view)],
                "results": [_result(view, finding, entry, index) for finding, entry in shown],
                "properties": {
                    "run_id": run.id,
                    "config_digest": run.config_digest,
                    "rulepack_digest": run.rulepack_digest,
                    "seed": run.seed,
                    "coverage_stores": report.coverage.stores_share,
                    "coverage_bytes": report.coverage.bytes_share,
                },
            }
        ],
    }


def _shown(view: View) -> list[tuple[Finding, FindingHistory | None]]:
    """One result per fingerprint: open findings first, then what could not be told."""
    failing = [row for row in view.failing() if row[1] is None or row[1].observed not in CLOSED]
    known = {finding.fingerprint for finding, _ in failing}
    untold = [
        (finding, view.report.history.get(finding.fingerprint))
        for finding in view.report.findings
        if finding.verdict is Verdict.UNKNOWN and finding.fingerprint not in known
    ]
    untold.sort(key=lambda row: (row[0].rule_id, row[0].subject_id, row[0].place))
    return failing + untold


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Each rule once, under the worst severity it has here."""
    chosen: dict[str, Finding] = {}
    for finding in findings:
        known = chosen.get(finding.rule_id)
        if known is None or _band(finding) > _band(known):
            chosen[finding.rule_id] = finding
    return [_rule(chosen[rule_id]) for rule_id in sorted(chosen)]


def _band(finding: Finding) -> Severity:
    return finding.severity or finding.would_be or Severity.INFO


def _rule(finding: Finding) -> dict[str, Any]:
    parts = [finding.remedy, words.relevant_law(finding), words.standards(finding)]
    text = "\n\n".join(clean(part) for part in parts if part) or clean(finding.title)
    return {
        "id": finding.rule_id,
        "shortDescription": {"text": clean(finding.title)},
        "fullDescription": {"text": clean(finding.title)},
        "help": {"text": text},
        "defaultConfiguration": {"level": _LEVEL[_band(finding)]},
        "properties": {"security-severity": _SCORE[_band(finding)], "tags": ["data-protection", "security"]},
    }


def _result(
    view: View, finding: Finding, entry: FindingHistory | None, index: dict[str, int]
) -> dict[str, Any]:
    failed = finding.verdict is Verdict.FAIL
    band = _band(finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule_id,
        "ruleIndex": index[finding.rule_id],
        "kind": "fail" if failed else "open",
        # A result that is no failure must have level none (section 3.27.10).
        "level": _LEVEL[band] if failed else "none",
        "message": {"text": _message(view, finding, entry)},
        "locations": [{"logicalLocations": [_location(view, finding.subject_id, finding.place)]}],
        "partialFingerprints": {"dpscanFinding/v1": finding.fingerprint},
        "properties": _properties(finding, entry) | {"security-severity": _SCORE[band]},
    }
    suppression = _suppression(entry)
    if suppression is not None:
        result["suppressions"] = [suppression]
    return result


def _message(view: View, finding: Finding, entry: FindingHistory | None) -> str:
    where = view.name(finding.subject_id)
    if not finding.place.is_store:
        where += f" › {finding.place.text}"
    note = f"({entry.note})" if entry is not None and entry.note else ""
    sentences = [f"{finding.title}: {where}.", finding.explanation, note]
    return _escaped(" ".join(sentence for sentence in sentences if sentence))


def _escaped(text: str) -> str:
    """A message without embedded links (section 3.11.6): a store's name must not become one."""
    return clean(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _location(view: View, subject_id: str, place: Place) -> dict[str, Any]:
    return {
        "name": clean(view.name(subject_id) if place.is_store else place.steps[-1][1]),
        "fullyQualifiedName": clean(locator(subject_id, place)),
        "kind": place.steps[-1][0] if place.steps else _kind(view, subject_id),
    }


def _kind(view: View, subject_id: str) -> str:
    if subject_id in view.stores:
        return view.stores[subject_id].kind
    return view.scopes[subject_id].kind if subject_id in view.scopes else "store"


def _properties(finding: Finding, entry: FindingHistory | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "verdict": finding.verdict.value,
        "severity": finding.severity.label if finding.severity is not None else None,
        "would_be": finding.would_be.label if finding.would_be is not None else None,
        "severity_reason": finding.severity_reason,
        "exposure": words.exposure_label(finding.exposure),
        "unknown_inputs": list(finding.missing),
    }
    if entry is not None:
        found |= {
            "observed": entry.observed.value,
            "workflow": entry.workflow.value,
            "is_new": entry.is_new,
            "first_seen": _utc(entry.first_seen),
            "last_seen": _utc(entry.last_seen),
            "due": entry.due.isoformat() if entry.due is not None else None,
        }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _suppression(entry: FindingHistory | None) -> dict[str, Any] | None:
    if entry is None or entry.workflow not in (Workflow.ACCEPTED, Workflow.FALSE_POSITIVE):
        return None
    reason = entry.workflow.value
    if entry.accepted_by:
        reason += f" by {entry.accepted_by}"
    if entry.acceptance_expires is not None:
        reason += f", until {entry.acceptance_expires.isoformat()}"
    return {"kind": "external", "status": "accepted", "justification": clean(reason)}


def _invocation(view: View) -> dict[str, Any]:
    report = view.report
    return {
        # 0 and 1 are answers; 3 is a look that was incomplete.
        "executionSuccessful": report.exit_code in (0, 1),
        "exitCode": report.exit_code,
        "exitCodeDescription": clean(" ".join(report.exit_reasons)),
        "startTimeUtc": _utc(report.run.started),
        "endTimeUtc": _utc(report.run.finished),
        "toolExecutionNotifications": [_notification(view, gap) for gap in report.gaps],
    }


def _notification(view: View, gap: Gap) -> dict[str, Any]:
    text = gap.detail + (f" ({gap.count:,} times)" if gap.count > 1 else "")
    text += f". Remedy: {gap.remedy}" if gap.remedy else ""
    return {
        "descriptor": {"id": f"{gap.stage.value}/{gap.reason.value}".replace(" ", "-")},
        "level": "note" if gap.reason.chosen else "warning",
        "message": {"text": _escaped(text) or gap.reason.value},
        "locations": [{"logicalLocations": [_location(view, gap.subject_id, gap.place)]}],
    }


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
