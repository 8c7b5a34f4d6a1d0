"""The pipeline of `dpscan check`: read, join with what is known, judge, accept, compare, tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scanner.check import baseline
from scanner.check.diff import State, introduced
from scanner.check.gate import Thresholds, counted, exit_code
from scanner.check.judging import Known, judged
from scanner.check.outcome import Outcome, Reported
from scanner.check.own_rules import OWN_RULES
from scanner.check.place import is_bare, repository_prefix
from scanner.check.settings import Settings
from scanner.check.showing import with_lines
from scanner.check.waivers import accept, centrally
from scanner.declared import pipeline
from scanner.declared.pipeline import Checked
from scanner.model import Gap, GapReason
from scanner.ruleset import RuleSet

if TYPE_CHECKING:
    from scanner.check import git


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
    if is_bare(options.path):
        from scanner.check import git

        with git.head_of(options.path) as tree:
            return _run(dataclasses.replace(options, path=tree), options.path)
    return _run(options, None)


def _run(options: Options, bare: Path | None) -> Outcome:
    from scanner.judge import yielding

    rules = options.settings.rules()
    folder = options.path if options.path.is_dir() else options.path.parent
    prefix = repository_prefix(folder)
    state = _look(options, rules, options.path, prefix)
    less = yielding((one.finding for one in state.reported), rules.rules)
    change = Change()
    if options.diff is not None:
        state, change = _since(options, options.diff, rules, state, prefix, bare)
    # Not sooner: that the graver finding was mended is no reason to tell the lesser one as new.
    reported = tuple(one for one in state.reported if one.finding.fingerprint not in less)
    outcome = Outcome(
        state.checked, reported, tuple(state.gaps), rules, prefix=prefix, folder=folder,
        diff=options.diff or "", earlier=change.earlier,
    )  # fmt: skip
    if options.personal is not None:
        outcome = _with_personal_data(outcome, options, options.personal, change)
    outcome = _concluded(outcome, options)
    shown = with_lines(outcome.reported, outcome.checked, rules, folder, options.settings.mandatory_tags)
    return dataclasses.replace(outcome, reported=shown)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What a comparison with the state before told."""

    files: frozenset[str] | None = None
    """Files that differ; None without a comparison."""
    added: Mapping[str, Collection[int]] = dataclasses.field(default_factory=dict)
    """By changed file, the lines that were not in it before."""
    earlier: tuple[Gap, ...] = ()
    """What could not be read before either."""


def _since(
    options: Options, revision: str, rules: RuleSet, after: State, prefix: str, bare: Path | None
) -> tuple[State, Change]:
    """What is new since the work left the revision."""
    from scanner.check import git

    folder = options.path if options.path.is_dir() else options.path.parent
    with git.before(options.path, revision, bare) as base:
        prior = _before(options, rules, base, prefix)
        added = git.added_lines(folder, base) if options.personal is not None else {}
        fresh, gaps, earlier = introduced(_own(after, base), prior, base.renamed, base.changed)
        return State(after.checked, fresh, gaps), Change(base.changed, added, earlier)


def _with_personal_data(
    outcome: Outcome, options: Options, personal: PersonalData, change: Change
) -> Outcome:
    assert outcome.folder is not None
    only = change.files
    if not options.path.is_dir():
        name = options.path.name
        only = frozenset((name,)) if only is None else only & {name}
    more, missed, searched = personal.look(outcome.folder, outcome.prefix, only, change.added)
    config = options.settings.config
    more = centrally(more, outcome.checked, options.settings.today, config.waivers if config else ())
    return dataclasses.replace(
        outcome,
        # Stable: what is equally severe stays in the order of the stores.
        reported=tuple(sorted((*outcome.reported, *more), key=lambda one: -one.band)),
        gaps=(*outcome.gaps, *missed),
        searched=searched,
    )


def _concluded(outcome: Outcome, options: Options) -> Outcome:
    """Without what the baseline knows, and with the exit code; or with the baseline written."""
    file = options.baseline
    if file is not None and not options.write_baseline:
        entries = baseline.load(file)
        outcome = dataclasses.replace(
            outcome,
            # Of a change alone it cannot be told which entries still stand for something.
            outlived=0 if options.diff else baseline.outlived(entries, outcome.reported),
            reported=baseline.unknown_to(entries, outcome.reported),
        )
    code, why = exit_code(outcome, options.thresholds)
    if file is not None and options.write_baseline:
        number = baseline.write(file, outcome.reported, outcome.prefix)
        if code != 3:
            code, why = 0, f"{counted(number, 'finding')} written to {file}."
    return dataclasses.replace(outcome, code=code, why=why)


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
    """What a change of this repository can edit; of folders that Git ignores it is told that they were left out."""
    reported = [one for one in after.reported if not base.foreign(one.at.file)]
    gaps = [gap for gap in after.gaps if not base.foreign(gap.place.text)]
    for folder in base.ignored:
        if number := sum(file.startswith(folder) for file in after.checked.files):
            detail = "Git ignores it, so that there is no state before to compare with; --baseline has one"
            gaps.append(pipeline.gap(folder, GapReason.EXCLUDED, detail, number))
    return State(after.checked, reported, gaps)


def _before(options: Options, rules: RuleSet, base: git.Base, prefix: str) -> State:
    """The state before the change; nothing where a single file is new."""
    path = base.folder
    if not options.path.is_dir():
        name = options.path.name
        path /= next((old for old, new in base.renamed.items() if new == name), name)
        if not path.exists():
            return State(Checked((), (), ()), (), ())
    return _look(options, rules, path, prefix)
