"""For a terminal: findings by line with what to add, what is unknown by cause, what was not read."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from scanner.check.formats.common import causes, gap_place, sentences, summary
from scanner.check.gate import counted
from scanner.check.outcome import Outcome, Reported
from scanner.model import Severity

_COLOURS = {Severity.CRITICAL: "bright_red", Severity.HIGH: "red", Severity.MEDIUM: "yellow"}
_CAUSES = 10
_WIDTH = 100


def render(outcome: Outcome) -> str:
    """Text with colours; whoever prints it to no terminal takes them out."""
    parts = [*_findings(outcome), *_waved(outcome), *_untold(outcome), *_not_read(outcome)]
    if outcome.outlived:
        parts.append(
            f"The baseline holds {counted(outcome.outlived, 'finding')} that no longer occur: write it again."
        )
    parts.append(f"{summary(outcome)} {click.style(outcome.why, bold=True)}")
    return "\n\n".join(parts) + "\n"


def _findings(outcome: Outcome) -> Iterator[str]:
    """One paragraph per finding, the most severe first."""
    for one in outcome.failing:
        band = click.style(one.band.label, fg=_COLOURS.get(one.band), bold=one.band >= Severity.HIGH)
        out = [f"{_place(outcome, one)}: {band} {one.finding.rule_id} {one.finding.title}: {one.resource}"]
        if one.shown:
            out.append(click.style(f"    {one.shown}", dim=True))
        out += textwrap.wrap(sentences(one), _WIDTH, initial_indent="  ", subsequent_indent="  ")
        if one.fix is not None:
            out.append(f"  Add {one.fix.where}:")
            out += [click.style(f"    + {line}".rstrip(), fg="green") for line in one.fix.lines]
        yield "\n".join(out)


def _place(outcome: Outcome, one: Reported) -> str:
    return f"{_here(outcome)}{one.at.file}:{one.at.line}"


def _here(outcome: Outcome) -> str:
    """From where the reader stands to the folder checked, if that lies below; else nothing."""
    if outcome.folder is None:
        return ""
    inner = os.path.relpath(outcome.folder.resolve(), Path.cwd())
    return "" if inner == "." or inner.startswith("..") else f"{Path(inner).as_posix()}/"


def _waved(outcome: Outcome) -> Iterator[str]:
    rows = [
        f"  {_place(outcome, one)}: {one.finding.rule_id} {one.finding.title}: {one.resource}: "
        f"{one.accepted.text if one.accepted else ''}"
        for one in outcome.waved
    ]
    if rows:
        yield "\n".join(["Accepted:", *rows])


def _untold(outcome: Outcome) -> Iterator[str]:
    found = causes(outcome)
    if found:
        rows = [f"  {number} × {cause}" for cause, number in found.most_common(_CAUSES)]
        if more := max(0, len(found) - _CAUSES):
            rows.append(f"  and {more} more cause{'' if more == 1 else 's'} (--format jsonl lists all)")
        yield "\n".join(["Could not be told from the code:", *rows])


def _not_read(outcome: Outcome) -> Iterator[str]:
    for title, gaps in (
        ("Not read:", outcome.gaps),
        ("Not read before the change either:", outcome.earlier),
    ):
        rows = []
        for gap in gaps:
            file, line = gap_place(outcome, gap)
            rows.append(f"  {file}{f':{line}' if line else ''}: {gap.reason.value}: {gap.detail}")
        if rows:
            yield "\n".join([title, *rows])
