"""JUnit: one test case per rule and store; what cannot be told is skipped."""

from __future__ import annotations

import html
import re

from scanner.check.outcome import Outcome

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(outcome: Outcome) -> str:
    asked = outcome.reported
    failed = sum(one.failed for one in asked)
    skipped = sum(one.untold for one in asked)
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    out.append(
        f'<testsuite name="dpscan check" tests="{len(asked)}" failures="{failed}" '
        f'errors="{len(outcome.gaps)}" skipped="{skipped}">\n'
    )
    for one in asked:
        finding, at = one.finding, one.at
        name = quoteattr(f"{finding.rule_id} {finding.title}")
        out.append(f"<testcase classname={quoteattr(one.resource)} name={name} file={quoteattr(at.file)}>")
        if one.failed:
            message = quoteattr(f"{one.band.label}: {at.file}:{at.line}: {finding.explanation}")
            out.append(f"<failure message={message}/>")
        elif one.untold:
            out.append(f"<skipped message={quoteattr('cannot be told: ' + ', '.join(finding.missing))}/>")
        out.append("</testcase>\n")
    for gap in outcome.gaps:
        out.append(
            f'<testcase classname={quoteattr(gap.place.text)} name="read"><error message={quoteattr(gap.detail)}/>'
            "</testcase>\n"
        )
    return "".join([*out, "</testsuite>\n"])


def quoteattr(text: str) -> str:
    """An attribute's value in quotes, without characters that XML 1.0 has not."""
    plain = html.escape(_NOT_XML.sub("\ufffd", text), quote=True)
    return '"' + plain.replace("\n", "&#10;").replace("\t", "&#9;") + '"'
