"""JUnit: one test case per rule and store; what cannot be told, or was accepted, is skipped."""

from __future__ import annotations

import html
import re

from scanner.check.formats.common import gap_place, sentences
from scanner.check.outcome import Outcome, Reported

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(outcome: Outcome) -> str:
    asked = outcome.reported
    failed = sum(1 for _ in outcome.failing)
    skipped = sum(1 for _ in outcome.untold) + sum(1 for _ in outcome.waved)
    suffered = [gap for gap in outcome.gaps if not gap.reason.chosen]
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    out.append(
        f'<testsuite name="dpscan check" tests="{len(asked) + len(suffered)}" failures="{failed}" '
        f'errors="{len(suffered)}" skipped="{skipped}">\n'
    )
    out += [_case(outcome, one) for one in asked]
    for gap in suffered:
        file, line = gap_place(outcome, gap)
        message = quoteattr(f"{file}{f':{line}' if line else ''}: {gap.detail}")
        out.append(
            f'<testcase classname={quoteattr(file)} name="read"><error message={message}/></testcase>\n'
        )
    return "".join([*out, "</testsuite>\n"])


def _case(outcome: Outcome, one: Reported) -> str:
    finding, path = one.finding, outcome.path(one)
    name = quoteattr(f"{finding.rule_id} {finding.title}")
    inner = ""
    if one.accepted is not None and (one.failed or one.untold):
        inner = f"<skipped message={quoteattr(one.accepted.text)}/>"
    elif one.failed:
        message = quoteattr(f"{one.band.label}: {path}:{one.at.line}: {sentences(one)}")
        inner = f'<failure type="{one.band.label}" message={message}>{_text(_advice(one))}</failure>'
    elif one.untold:
        inner = f"<skipped message={quoteattr('cannot be told: ' + ', '.join(finding.missing))}/>"
    head = f"<testcase classname={quoteattr(one.resource)} name={name} file={quoteattr(path)}>"
    return f"{head}{inner}</testcase>\n"


def _advice(one: Reported) -> str:
    lines = [one.finding.remedy]
    if one.fix is not None:
        lines += [f"Add {one.fix.where}:", *(f"+ {line}" for line in one.fix.lines)]
    return "\n".join(lines)


def _text(text: str) -> str:
    return html.escape(_NOT_XML.sub("\ufffd", text), quote=False)


def quoteattr(text: str) -> str:
    """An attribute's value in quotes, without characters that XML 1.0 has not."""
    plain = html.escape(_NOT_XML.sub("\ufffd", text), quote=True)
    return '"' + plain.replace("\n", "&#10;").replace("\t", "&#9;") + '"'
