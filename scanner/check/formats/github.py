"""Workflow commands of GitHub Actions, shown beside the lines of a change."""

from __future__ import annotations

from scanner.check.outcome import Outcome
from scanner.model import Severity

_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning"}


def render(outcome: Outcome) -> str:
    out = []
    for one in outcome.failing:
        finding, at = one.finding, one.at
        level = _LEVELS.get(one.band, "notice")
        message = f"{one.resource}: {finding.explanation} {one.note}".strip()
        out.append(
            f"::{level} file={_property(at.file)},line={at.line},"
            f"title={_property(f'{finding.rule_id} {finding.title}')}::{_escaped(message)}\n"
        )
    for gap in outcome.gaps:
        out.append(f"::warning file={_property(gap.place.text)}::{_escaped(gap.detail)}\n")
    return "".join(out)


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")
