"""Markdown for a pull request's comment and for a job summary.

The first line is a mark that is not shown: whoever posts the comment finds the one to replace by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.check.formats.common import gap_place, sentences, summary
from scanner.check.gate import counted
from scanner.check.outcome import Outcome, Reported

MARK = "<!-- dpscan-check -->"
LONGEST = 60_000
"""Characters; GitHub takes 65,536 in a comment."""


def render(outcome: Outcome) -> str:
    head = [MARK, "### Data protection check", "", f"**{outcome.why}** {_cell(summary(outcome))}", ""]
    parts = [*_table(outcome), *_details(outcome), *_waved(outcome), *_untold(outcome), *_not_read(outcome)]
    text = "\n".join(head)
    for number, part in enumerate(parts):
        if len(text) + len(part) > LONGEST:
            text += f"\n\n…and {len(parts) - number} more parts, which the job's log shows."
            break
        text += f"\n{part}"
    return text.rstrip("\n") + "\n"


def _table(outcome: Outcome) -> Iterator[str]:
    rows = [
        f"| {one.band.label} | {_code(one.resource)} | {one.finding.rule_id} {_cell(one.finding.title)} "
        f"| {_code(f'{outcome.path(one)}:{one.at.line}')} |"
        for one in outcome.failing
    ]
    if rows:
        yield "\n".join(["| severity | resource | finding | where |", "|---|---|---|---|"])
        yield from rows


def _details(outcome: Outcome) -> Iterator[str]:
    for one in outcome.failing:
        yield _detail(one)


def _detail(one: Reported) -> str:
    title = f"{one.finding.rule_id} {_cell(one.finding.title)}: <code>{_plain(one.resource)}</code>"
    out = [f"\n<details><summary>{title}</summary>", "", _cell(sentences(one)), "", _cell(one.finding.remedy)]
    if one.fix is not None:
        out += [
            "",
            f"Add {_cell(one.fix.where)}:",
            "",
            "```diff",
            *(f"+ {line}" for line in one.fix.lines),
            "```",
        ]
    return "\n".join([*out, "", "</details>"])


def _waved(outcome: Outcome) -> Iterator[str]:
    rows = [
        f"- {one.finding.rule_id} {_code(one.resource)}: {_cell(one.accepted.text if one.accepted else '')}"
        for one in outcome.waved
    ]
    if rows:
        yield "\n**Accepted**\n\n" + "\n".join(rows)


def _untold(outcome: Outcome) -> Iterator[str]:
    number = sum(1 for _ in outcome.untold)
    if number:
        yield f"\n{counted(number, 'question')} could not be answered from the code; unknown is not fine."


def _not_read(outcome: Outcome) -> Iterator[str]:
    rows = []
    for gap in outcome.gaps:
        file, line = gap_place(outcome, gap)
        rows.append(f"- {_code(f'{file}:{line}' if line else file)}: {_cell(gap.detail)}")
    if rows:
        yield "\n**Not read**\n\n" + "\n".join(rows)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")


def _cell(text: str) -> str:
    """Text that stays in its cell and makes no markup, mention or link of its own."""
    plain = _plain(text)
    for sign in "|[]`*_@":
        plain = plain.replace(sign, f"\\{sign}" if sign != "@" else "@\u200b")
    return plain


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "\\|").replace("\n", " ") + "`"
