"""The verdict on a terminal."""

from __future__ import annotations

from typing import Any

from scanner.common.shown import clean
from scanner.release.decision import FileVerdict, Level
from scanner.release.desk import Fixed, Report
from scanner.release.fixing import can_clean
from scanner.release.words import AUDIENCES, HEADLINES, Item, answer, inside, items

_STYLE = {Level.FAIL: "bold red", Level.UNCHECKED: "bold yellow", Level.WARN: "yellow", Level.NOTE: "green"}
_MARK = {Level.FAIL: "STOP", Level.UNCHECKED: "?", Level.WARN: "look", Level.NOTE: "note"}


def print_report(out: Any, report: Report, quiet: bool = False) -> None:
    verdict = report.verdict
    out.print(HEADLINES[verdict.level], style=_STYLE[verdict.level])
    out.print(answer(verdict))
    for name, reason in verdict.allowed.items():
        out.print(f"Allowed by the operator: {name}, because: {reason}")
    for file in verdict.files:
        if quiet and file.level in (Level.NOTE, Level.WARN):
            continue
        _file(out, file)
    for skipped in verdict.skipped:
        out.print(f"left out  {clean(skipped)}", style="dim")
    for fixed in report.fixed:
        _fixed(out, fixed)
    if not report.fixed and any(
        line.hiding and line.level is Level.FAIL
        for f in verdict.files
        if can_clean(f.file.media_type)
        for line in f.lines
    ):
        out.print("\nA clean copy without what is hidden: run it again with --fix OUT.")
    out.print(
        f"\nFor {AUDIENCES[verdict.audience]}. No value is shown; a person should look before anything goes.",
        style="dim",
        markup=False,
    )


def _file(out: Any, file: FileVerdict) -> None:
    out.print()
    out.print(clean(file.file.path), style=_STYLE[file.level], end="", soft_wrap=True)
    out.print(f"  ({inside(file)})", style="dim", soft_wrap=True)
    shown = items(file)
    if not shown:
        out.print("  nothing hidden, nobody recognised", style="dim")
    for item in shown:
        _item(out, item)


def _item(out: Any, item: Item) -> None:
    out.print(f"  {_MARK[item.level]:>4}  ", style=_STYLE[item.level], end="")
    out.print(item.headline + (f": {item.what}" if item.what else ""), soft_wrap=True)
    for place in item.places:
        out.print(f"        where: {place.text}", soft_wrap=True)
    if item.more:
        out.print(f"        and {item.more:,} more places")
    if item.allowed:
        out.print(f"        allowed: {item.allowed}", style="dim")
    elif item.remedy and item.level is not Level.NOTE:
        out.print(f"        do:    {item.remedy}", style="dim", soft_wrap=True)


def _fixed(out: Any, fixed: Fixed) -> None:
    out.print()
    result = fixed.result
    if not result.path:
        out.print(
            f"No clean copy of {clean(fixed.original)}: {result.failed}",
            style="bold yellow",
            markup=False,
            soft_wrap=True,
        )
        return
    level = fixed.verdict.level if fixed.verdict else Level.UNCHECKED
    out.print(f"Clean copy: {clean(result.path)}", style=_STYLE[level], soft_wrap=True)
    for text in result.done:
        out.print(f"   removed: {text}", soft_wrap=True)
    for text in result.left:
        out.print(f"      note: {text}", soft_wrap=True)
    if fixed.verdict:
        out.print(f"   checked again: {HEADLINES[level].lower()}", style=_STYLE[level])
        for item in items(fixed.verdict):
            if item.level is not Level.NOTE:
                _item(out, item)
