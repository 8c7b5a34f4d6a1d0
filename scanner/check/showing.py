"""What a reader sees beside a finding: its line with literals masked, and the lines to add."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from scanner.check import excerpt
from scanner.check.outcome import Reported
from scanner.declared.fixes import Fix, fix
from scanner.declared.fixes.tags import tag_fix
from scanner.declared.pipeline import Checked
from scanner.model import State
from scanner.ruleset import RuleSet


def with_lines(
    reported: Iterable[Reported], checked: Checked, rules: RuleSet, folder: Path,
    mandatory_tags: Sequence[str] = (),
) -> tuple[Reported, ...]:  # fmt: skip
    """The findings that failed, with the line each is about and what to add."""
    texts = _Texts(folder)
    out = []
    for one in reported:
        if one.failed:
            lines = texts.of(one.at.file)
            shown = one.shown
            if not shown and 0 < one.at.line <= len(lines):
                shown = excerpt.shown(lines[one.at.line - 1], one.at.file)
            one = dataclasses.replace(one, shown=shown, fix=_fix(one, checked, rules, texts, mandatory_tags))
        out.append(one)
    return tuple(out)


class _Texts:
    """Lines of files, read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, list[str]] = {}

    def of(self, file: str) -> list[str]:
        if file not in self._known:
            try:
                text = (self._folder / file).read_text("utf-8-sig", errors="replace")
            except OSError:
                text = ""
            self._known[file] = text.split("\n")
        return self._known[file]


def _fix(
    one: Reported, checked: Checked, rules: RuleSet, texts: _Texts, mandatory_tags: Sequence[str]
) -> Fix | None:
    store, rule = checked.store_of(one.finding), rules.get(one.finding.rule_id)
    if store is None or rule is None:
        return None
    if "context.mandatory_tags" in rule.inputs:
        missing = [name for name in mandatory_tags if name not in (store.store.tags or {})]
        return tag_fix(store, missing, texts.of(store.location.file))
    asked = [item for item in one.finding.evidence if item.safeguard in rule.safeguards]
    lacking = [item.safeguard for item in asked if item.state is State.ABSENT]
    if not lacking:  # there, with a value that is not enough
        lacking = [item.safeguard for item in asked if item.value is not None]
    return fix(store, lacking, texts.of(store.location.file), all_of=not rule.alternatives)
