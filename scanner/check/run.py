"""The pipeline of `dpscan check`: read, join with what is known, judge, accept, compare, tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from scanner.check import baseline, git
from scanner.check.diff import State, introduced
from scanner.check.gate import Thresholds, counted, exit_code
from scanner.check.judging import Known, judged
from scanner.check.outcome import Outcome, Reported
from scanner.check.own_rules import OWN_RULES
from scanner.check.settings import Settings
from scanner.check.showing import with_lines
from scanner.check.waivers import accept, centrally
from scanner.declared import pipeline
from scanner.declared.pipeline import Checked
from scanner.model import Gap
from scanner.ruleset import RuleSet


class PersonalData(Protocol):
    """Looks for personal data that is committed to the repository."""

    def look(
        self, folder: Path, prefix: str, files: frozenset[str] | None, added: Mapping[str, Collection[int]]
    ) -> tuple[tuple[Reported, ...], tuple[Gap, ...], int]:
        """Findings, gaps and the number of files looked at under `folder`; only in `files` (relative to
        it) unless that is None, and of a file in `added` only on these lines.

        `prefix`: from the top of the repository to the folder, for fingerprints.
        """


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What a check is asked."""

    path: Path
    settings: Settings = dataclasses.field(default_factory=Settings)
    thresholds: Thresholds = dataclasses.field(default_factory=Thresholds)
    known: Known | None = None
    """What is known of the live stores."""
    personal: PersonalData | None = None
    diff: str | None = None
    """A revision: only what changed since the work left it is told."""
    baseline: Path | None = None
    """A file of known findings, which are not told again."""
    write_baseline: bool = False
    """Write that file with all that is open now."""


def run(options: Options) -> Outcome:
    """Check a folder, one file, or the HEAD of a bare repository. Raises ConfigError."""
    if git.is_bare(options.path):
        with git.head_of(options.path) as tree:
            return _run(dataclasses.replace(options, path=tree), options.path)
    return _run(options, None)


def _run(options: Options, bare: Path | None) -> Outcome:
    rules = options.settings.rules()
    path = options.path
    folder = path if path.is_dir() else path.parent
    prefix = repository_prefix(folder)
    after = _look(options, rules, path, prefix)
    earlier: tuple[Gap, ...] = ()
    files: frozenset[str] | None = None
    added: Mapping[str, Collection[int]] = {}
    if options.diff is not None:
        with git.before(path, options.diff, bare) as base:
            prior = _before(options, rules, base, prefix)
            files = base.changed
            if options.personal is not None:
                added = git.added_lines(folder, base)
            own = _own(after, base)
            fresh, gaps, earlier = introduced(own, prior, base.renamed, base.changed)
        after = State(after.checked, fresh, gaps)
    reported, gaps = tuple(after.reported), tuple(after.gaps)
    searched = 0
    if options.personal is not None:
        only = files
        if not path.is_dir():
            only = frozenset((path.name,)) if files is None else files & {path.name}
        more, missed, searched = options.personal.look(folder, prefix, only, added)
        config = options.settings.config
        more = centrally(more, after.checked, options.settings.today, config.waivers if config else ())
        # Stable: what is equally severe stays in the order of the stores.
        reported = tuple(sorted((*reported, *more), key=lambda one: -one.band))
        gaps = (*gaps, *missed)
    outlived = 0
    if options.baseline is not None and not options.write_baseline:
        entries = baseline.load(options.baseline)
        # Of a change alone it cannot be told which entries still stand for something.
        outlived = 0 if options.diff else baseline.outlived(entries, reported)
        reported = baseline.unknown_to(entries, reported)
    outcome = Outcome(
        after.checked, reported, gaps, rules, prefix=prefix, diff=options.diff or "", earlier=earlier,
        outlived=outlived, folder=folder, searched=searched,
    )  # fmt: skip
    code, why = exit_code(outcome, options.thresholds)
    if options.baseline is not None and options.write_baseline:
        number = baseline.write(options.baseline, reported, prefix)
        code, why = (
            (code, why) if code == 3 else (0, f"{counted(number, 'finding')} written to {options.baseline}.")
        )
    shown = with_lines(outcome.reported, outcome.checked, rules, folder, options.settings.mandatory_tags)
    return dataclasses.replace(outcome, reported=shown, code=code, why=why)


def _look(options: Options, rules: RuleSet, path: Path, prefix: str) -> State:
    settings = options.settings
    checked = pipeline.check(path, lambda name: settings.skipped(prefix + name))
    reported = judged(checked, rules, settings.context(checked), options.known, prefix)
    config = settings.config
    accepted = accept(
        checked, reported, path if path.is_dir() else path.parent, settings.today,
        [*(rule.id for rule in rules.rules), *rules.off, *OWN_RULES],
        config.check.inline_waivers if config else None, config.waivers if config else (), prefix,
    )  # fmt: skip
    return State(checked, accepted, checked.gaps)


def _own(after: State, base: git.Base) -> State:
    """What lies in this repository, not in a submodule."""
    reported = [one for one in after.reported if not base.foreign(one.at.file)]
    return State(after.checked, reported, [gap for gap in after.gaps if not base.foreign(gap.place.text)])


def _before(options: Options, rules: RuleSet, base: git.Base, prefix: str) -> State:
    """The state before the change; nothing where a single file is new."""
    path = base.folder
    if not options.path.is_dir():
        name = options.path.name
        path /= next((old for old, new in base.renamed.items() if new == name), name)
        if not path.exists():
            return State(Checked((), (), ()), (), ())
    return _look(options, rules, path, prefix)


def repository_prefix(folder: Path) -> str:
    """`infra/prod/` where that is how far the folder lies below the top of its repository; else empty."""
    root = git.top(folder)
    if root is None:
        return ""
    inside = folder.resolve().relative_to(root).as_posix()
    return "" if inside == "." else f"{inside}/"
