"""Personal data in the files themselves, judged like any other holding."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from scanner.check.judging import SCOPE
from scanner.check.outcome import Reported
from scanner.declared.model import Location
from scanner.model import Context, Gap, Origin, Place, Store, Subject, Verdict
from scanner.repository.search import STORE, Committed, search
from scanner.ruleset import RuleSet, load_rules

KIND = "repository"
_MOST_LINES = 5


class CommittedData:
    """What `run` asks for findings about files."""

    def __init__(
        self,
        *,
        names: bool = False,
        rules: RuleSet | None = None,
        context: Context | None = None,
        skipped: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`skipped`: truthy for paths (from the top of the repository) that the configuration leaves out.
        `names`: find names by the names model too."""
        self._names, self._skipped = names, skipped
        self._rules = rules or load_rules(examples=False)
        self._context = context or Context(today=dt.datetime.now(dt.UTC).date())

    def look(
        self, folder: Path, prefix: str, files: frozenset[str] | None, added: Mapping[str, Collection[int]]
    ) -> tuple[tuple[Reported, ...], tuple[Gap, ...], int]:
        """See `run.PersonalData`."""
        from scanner.judge import judge_all

        about = [rule for rule in self._rules.rules if KIND in rule.applies_to.kinds]
        if not about:
            return (), (), 0
        searched = search(
            folder, names=self._names, added=added,
            wanted=lambda path: (files is None or path in files) and not self._skipped(prefix + path),
        )  # fmt: skip
        reported: list[Reported] = []
        for one in searched.found:
            for finding in judge_all([_subject(one)], self._context, about):
                if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                    mark = _fingerprint(prefix + one.path, finding.rule_id)
                    at = Location(one.path, one.lines[0])
                    note = " ".join(_note(one))
                    reported.append(
                        Reported(
                            dataclasses.replace(finding, fingerprint=mark), at, one.path, one.shown, note
                        )
                    )
        return tuple(sorted(reported, key=lambda r: (-r.band, r.at.file))), searched.gaps, searched.files


def _fingerprint(path: str, rule_id: str) -> str:
    """Of the true path, which stands beside the finding anyway: reduced, `note-001` and `note-002`
    would be one."""
    from scanner.judge import fingerprint

    return fingerprint(STORE, rule_id, Place((("object", path),)))


def _subject(one: Committed) -> Subject:
    store = Store(STORE, SCOPE.id, KIND, "files", "repository", tags={}, origin=Origin.DECLARED)
    return Subject(SCOPE, store, one.holding.place, (), (one.holding,), None)


def _note(one: Committed) -> Iterator[str]:
    """What was seen, in counts: types, never values."""
    from scanner.model import Presence, entity

    by_type: dict[str, int] = {}
    for found in one.holding.types:
        if found.presence is Presence.YES or not any(t.presence is Presence.YES for t in one.holding.types):
            title = entity(found.entity_type).title
            by_type[title] = max(by_type.get(title, 0), found.values)
    yield f"Seen: {', '.join(f'{title} ({number})' for title, number in sorted(by_type.items()))}."
    more = len(one.lines) - _MOST_LINES
    lines = ", ".join(map(str, one.lines[:_MOST_LINES]))
    yield f"Line{'s' if len(one.lines) > 1 else ''} {lines}{f' and {more} more' if more > 0 else ''}."
