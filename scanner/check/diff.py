"""What a change introduces: findings of the state after it that the state before did not have.

Compared are findings, not lines: a change of one file can bring a finding in another. A finding is the
same if rule and resource are, where the resource may have moved: in a renamed file, between the files of
a folder, to another address under the same name.
"""

from __future__ import annotations

import dataclasses
import posixpath
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from scanner.check.outcome import Reported
from scanner.declared.pipeline import Checked
from scanner.model import Gap

Key = Callable[[Reported, Checked, Mapping[str, str]], Iterable[Hashable]]
"""What a finding is recognised by; of the state before with the files that were renamed since."""


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """One side of the comparison."""

    checked: Checked
    reported: Sequence[Reported]
    gaps: Sequence[Gap]


def introduced(
    after: State, prior: State, renamed: Mapping[str, str], changed: frozenset[str]
) -> tuple[tuple[Reported, ...], tuple[Gap, ...], tuple[Gap, ...]]:
    """(findings of the change, gaps of the change, gaps that were there before)."""
    left = [one for one in prior.reported if one.failed or one.untold]
    known: set[int] = set()
    for key in (_place, _folder, _names):
        left = _matched(left, prior.checked, renamed, after, known, key)
    fresh = tuple(
        one for number, one in enumerate(after.reported) if number not in known and (one.failed or one.untold)
    )
    gaps, earlier = _gaps(after, prior, renamed, changed)
    return fresh, gaps, earlier


def _matched(
    left: Sequence[Reported],
    prior: Checked,
    renamed: Mapping[str, str],
    after: State,
    known: set[int],
    key: Key,
) -> list[Reported]:
    """What of `left` still matches nothing; `known` gains the numbers of findings that were there before."""
    waiting: dict[Hashable, list[Reported]] = {}
    for one in left:
        for name in key(one, prior, renamed):
            waiting.setdefault(name, []).append(one)
    used: set[int] = set()
    for number, one in enumerate(after.reported):
        if number in known:
            continue
        candidates = (old for name in key(one, after.checked, {}) for old in waiting.get(name, ()))
        match = next((old for old in candidates if id(old) not in used and not _worse(one, old)), None)
        if match is not None:
            used.add(id(match))
            known.add(number)
    return [one for one in left if id(one) not in used]


def _worse(new: Reported, old: Reported) -> bool:
    """Whether the change made more of it: a question became a failure, or the severity rose."""
    if old.accepted is not None and new.accepted is None:
        return True
    return (new.failed and not old.failed) or new.band > old.band


def _place(one: Reported, checked: Checked, renamed: Mapping[str, str]) -> Iterable[Hashable]:
    file = _file(one, checked)
    # A finding about a file names it once more in its place.
    steps = tuple(step for step in one.finding.place.steps if step[0] != "object")
    yield (one.finding.rule_id, renamed.get(file, file), one.resource, steps)


def _folder(one: Reported, checked: Checked, renamed: Mapping[str, str]) -> Iterable[Hashable]:
    file = _file(one, checked)
    folder = posixpath.dirname(renamed.get(file, file))
    if checked.store_of(one.finding) is not None:
        yield (one.finding.rule_id, folder, one.resource, one.finding.place.steps)


def _names(one: Reported, checked: Checked, renamed: Mapping[str, str]) -> Iterable[Hashable]:  # noqa: ARG001 - as the others
    store = checked.store_of(one.finding)
    for alias in store.store.aliases if store is not None else ():
        if store is not None and alias not in (store.address, f"terraform:{store.address}"):
            yield (one.finding.rule_id, store.type, alias)


def _file(one: Reported, checked: Checked) -> str:
    """Where the resource is declared, whichever line decides the finding."""
    store = checked.store_of(one.finding)
    return store.location.file if store is not None else one.at.file


def _gaps(
    after: State, prior: State, renamed: Mapping[str, str], changed: frozenset[str]
) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """(of the change, of before): what could not be read before either, in files that nobody touched."""
    before = Counter((renamed.get(g.place.text, g.place.text), g.reason) for g in prior.gaps)
    fresh: list[Gap] = []
    earlier: list[Gap] = []
    for gap in after.gaps:
        key = (gap.place.text, gap.reason)
        if before[key] > 0 and gap.place.text not in changed:
            before[key] -= 1
            earlier.append(gap)
        else:
            fresh.append(gap)
    return tuple(fresh), tuple(earlier)
