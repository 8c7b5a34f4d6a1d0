"""What a check found, as text, JSON lines, SARIF, annotations, JUnit and Markdown."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import scanner
from scanner.declared.model import Location
from scanner.declared.pipeline import Checked, rules_by_safeguard
from scanner.model import Finding, Severity, Verdict
from scanner.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What a printer shows."""

    checked: Checked
    found: Sequence[Finding]
    rules: RuleSet
    why: str
    """Why the exit code is what it is."""


_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning"}


def verdict_lines(checked: Checked, rules: RuleSet) -> str:
    """One line per store and safeguard."""
    out = []
    for line in checked.lines(rules_by_safeguard(rules)):
        row = {
            "file": line.file, "line": line.line, "resource": line.resource, "safeguard": line.safeguard,
            "verdict": line.verdict, "basis": line.basis, "rules": list(line.rules),
        }  # fmt: skip
        if line.reason:
            row["reason"] = line.reason
        out.append(json.dumps(row, ensure_ascii=False))
    return "".join(f"{line}\n" for line in out)


def _located(result: Result) -> Iterator[tuple[Finding, Location, str]]:
    """Failed findings with their line and the resource's address."""
    for finding in result.found:
        store = result.checked.store_of(finding)
        if finding.verdict is Verdict.FAIL and store is not None:
            yield finding, result.checked.where(finding) or store.location, store.address


def _label(finding: Finding) -> str:
    return finding.severity.label if finding.severity is not None else "Unknown"


def text(result: Result) -> str:
    """For a terminal: findings by line, what is unknown by cause, what was not read."""
    out = []
    for finding, at, address in _located(result):
        out.append(f"{at.file}:{at.line}: {_label(finding)} {finding.rule_id} {finding.title}: {address}")
    causes: Counter[str] = Counter()
    for finding in result.found:
        if finding.verdict is Verdict.UNKNOWN:
            causes.update(
                {item.reason for item in finding.evidence if item.reason} or {", ".join(finding.missing)}
            )
    if causes:
        out += ["", "Could not be told from the code:"]
        out += [f"  {number} × {cause}" for cause, number in causes.most_common(10)]
    if result.checked.gaps:
        out += ["", "Not read:"]
        out += [f"  {gap.place.text}: {gap.reason.value}: {gap.detail}" for gap in result.checked.gaps]
    tally = Counter(_label(f) for f in result.found if f.verdict is Verdict.FAIL)
    counts = ", ".join(
        f"{tally[s.label]} {s.label.lower()}" for s in sorted(Severity, reverse=True) if tally[s.label]
    )
    out += [
        "",
        f"{len(result.checked.files)} files, {len(result.checked.stores)} stores; findings: {counts or 'none'}. {result.why}",
    ]
    return "\n".join(out).lstrip("\n") + "\n"


def jsonl(result: Result) -> str:
    """One finding a line, unknown ones too."""
    out = []
    for finding in result.found:
        store = result.checked.store_of(finding)
        if store is None or finding.verdict is Verdict.PASS:
            continue
        at = result.checked.where(finding) or store.location
        out.append(json.dumps({
            "file": at.file, "line": at.line, "resource": store.address, "rule": finding.rule_id,
            "title": finding.title, "verdict": finding.verdict.value, "severity": _label(finding),
            "explanation": finding.explanation, "remedy": finding.remedy, "missing": list(finding.missing),
            "fingerprint": finding.fingerprint,
        }, ensure_ascii=False))  # fmt: skip
    return "".join(f"{line}\n" for line in out)


def sarif(result: Result) -> str:
    """SARIF 2.1.0, for code scanning."""
    results: list[Mapping[str, Any]] = []
    used = set()
    for finding, at, address in _located(result):
        used.add(finding.rule_id)
        results.append({
            "ruleId": finding.rule_id,
            "level": _LEVELS.get(finding.severity or Severity.INFO, "note"),
            "message": {"text": f"{address}: {finding.title}. {finding.explanation} {finding.remedy}".strip()},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": at.file, "uriBaseId": "%SRCROOT%"}, "region": {"startLine": at.line}}}],
            "partialFingerprints": {"dpscan/v1": finding.fingerprint},
        })  # fmt: skip
    described = [
        {"id": rule.id, "shortDescription": {"text": rule.title}, "fullDescription": {"text": rule.why}}
        for rule in result.rules.rules if rule.id in used
    ]  # fmt: skip
    notes = [
        {"level": "warning", "message": {"text": f"{gap.reason.value}: {gap.detail}"}, "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": gap.place.text}}}]} for gap in result.checked.gaps
    ]  # fmt: skip
    run = {
        "tool": {"driver": {"name": "dpscan", "version": scanner.__version__, "rules": described}},
        "results": results,
        "invocations": [
            {"executionSuccessful": not result.checked.gaps, "toolExecutionNotifications": notes}
        ],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def github(result: Result) -> str:
    """Workflow commands of GitHub Actions, shown beside the lines."""
    out = []
    for finding, at, address in _located(result):
        level = _LEVELS.get(finding.severity or Severity.INFO, "notice")
        message = f"{address}: {finding.explanation}"
        out.append(
            f"::{level} file={_property(at.file)},line={at.line},"
            f"title={_property(f'{finding.rule_id} {finding.title}')}::{_escaped(message)}\n"
        )
    for gap in result.checked.gaps:
        out.append(f"::warning file={_property(gap.place.text)}::{_escaped(gap.detail)}\n")
    return "".join(out)


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def quoteattr(text: str) -> str:
    """An attribute's value in quotes, without characters that XML 1.0 has not."""
    plain = html.escape(_NOT_XML.sub("\ufffd", text), quote=True)
    return '"' + plain.replace("\n", "&#10;").replace("\t", "&#9;") + '"'


def junit(result: Result) -> str:
    """One test case per rule and store; what cannot be told is skipped."""
    asked = [(f, s) for f in result.found if (s := result.checked.store_of(f)) is not None]
    failed = sum(f.verdict is Verdict.FAIL for f, _ in asked)
    skipped = sum(f.verdict is Verdict.UNKNOWN for f, _ in asked)
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    out.append(
        f'<testsuite name="dpscan check" tests="{len(asked)}" failures="{failed}" errors="{len(result.checked.gaps)}" '
        f'skipped="{skipped}">\n'
    )
    for finding, store in asked:
        at = result.checked.where(finding) or store.location
        name = quoteattr(f"{finding.rule_id} {finding.title}")
        out.append(f"<testcase classname={quoteattr(store.address)} name={name} file={quoteattr(at.file)}>")
        if finding.verdict is Verdict.FAIL:
            message = quoteattr(f"{_label(finding)}: {at.file}:{at.line}: {finding.explanation}")
            out.append(f"<failure message={message}/>")
        elif finding.verdict is Verdict.UNKNOWN:
            out.append(f"<skipped message={quoteattr('cannot be told: ' + ', '.join(finding.missing))}/>")
        out.append("</testcase>\n")
    for gap in result.checked.gaps:
        out.append(
            f'<testcase classname={quoteattr(gap.place.text)} name="read"><error message={quoteattr(gap.detail)}/>'
            "</testcase>\n"
        )
    return "".join([*out, "</testsuite>\n"])


def markdown(result: Result) -> str:
    """For a pull request's comment or a job summary."""
    rows = [
        f"| {_label(f)} | `{address}` | {f.rule_id} {f.title} | {at.file}:{at.line} |"
        for f, at, address in _located(result)
    ]
    out = ["### dpscan check", "", result.why, ""]
    if rows:
        out += ["| severity | resource | finding | where |", "|---|---|---|---|", *rows, ""]
    out += [f"- not read: `{gap.place.text}`: {gap.detail}" for gap in result.checked.gaps]
    return "\n".join(out).rstrip("\n") + "\n"


Printer = Callable[[Result], str]
PRINTERS: dict[str, Printer] = {
    "text": text, "jsonl": jsonl, "sarif": sarif, "github": github, "junit": junit, "markdown": markdown,
}  # fmt: skip
