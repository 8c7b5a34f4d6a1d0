"""Markdown for a pull request's comment."""

from __future__ import annotations

from scanner.check.outcome import Outcome


def render(outcome: Outcome) -> str:
    rows = [
        f"| {one.band.label} | `{one.resource}` | {one.finding.rule_id} {one.finding.title} "
        f"| {one.at.file}:{one.at.line} |"
        for one in outcome.failing
    ]
    out = ["### dpscan check", "", outcome.why, ""]
    if rows:
        out += ["| severity | resource | finding | where |", "|---|---|---|---|", *rows, ""]
    out += [f"- not read: `{gap.place.text}`: {gap.detail}" for gap in outcome.gaps]
    return "\n".join(out).rstrip("\n") + "\n"
