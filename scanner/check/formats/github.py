"""Workflow commands of GitHub Actions, shown beside the lines of a change.

GitHub shows ten errors and ten warnings of a step (docs.github.com, "Workflow commands"): the most severe
come first, and the last line says how many there are.
"""

from __future__ import annotations

from scanner.check.formats.common import LEVELS, gap_place, sentences, summary
from scanner.check.outcome import Outcome

_WORDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(outcome: Outcome) -> str:
    out = []
    for one in outcome.failing:
        message = f"{one.resource}: {sentences(one)} {one.finding.remedy}".strip()
        if one.fix is not None:
            message += "\n".join([f"\nAdd {one.fix.where}:", *one.fix.lines])
        out.append(
            f"::{_WORDS[LEVELS[one.band]]} file={_property(outcome.path(one))},line={one.at.line},"
            f"title={_property(f'{one.finding.rule_id} {one.finding.title}')}::{_escaped(message)}\n"
        )
    for gap in outcome.gaps:
        file, line = gap_place(outcome, gap)
        at = f",line={line}" if line else ""
        level = "notice" if gap.reason.chosen else "warning"
        out.append(f"::{level} file={_property(file)}{at},title=Not read::{_escaped(gap.detail)}\n")
    out.append(f"{_plain(summary(outcome))} {_plain(outcome.why)}\n")
    return "".join(out)


def _plain(text: str) -> str:
    """A line of the log that can be no command."""
    return text.replace("::", ": :").replace("\n", " ")


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")
