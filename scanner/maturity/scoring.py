"""Pairs of (store, control) to a score with its bounds.

    low  = Σ w·PASS           / Σ w·(PASS + FAIL + UNKNOWN)
    high = Σ w·(PASS+UNKNOWN) / the same

`w` is the store's weight by what was found in it. Where its content was not looked at, `w` is not
known either: `low` then counts what passes with the least weight it can have and everything else
with the most, `high` the other way round. So `low` and `high` bound every score that the truth
could give, and learning more only narrows them: switching a rule off, losing a permission or
excluding a store cannot raise `low`, and a FAIL turned PASS cannot lower it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator

from scanner.maturity.domains import Control, Reference
from scanner.maturity.picture import Picture, SubjectState
from scanner.model import Verdict

CONTENT = "content"
"""The control of D2 that is no rule: the store's content was looked at, to the bound."""

SMALL = 10
"""Below this many stores a share says little."""


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """One control asked of one store (or scope)."""

    subject_id: str
    control: str
    verdict: Verdict
    """Never NOT_APPLICABLE."""
    lightest: int
    heaviest: int


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """What pairs add up to."""

    low: float
    high: float
    passed: int
    failed: int
    unknown: int
    subjects: int
    """Distinct stores and scopes."""

    @property
    def pairs(self) -> int:
        return self.passed + self.failed + self.unknown

    @property
    def evaluated(self) -> float:
        """Share of pairs that have an answer."""
        return (self.passed + self.failed) / self.pairs if self.pairs else 0.0


def verdict_on(state: SubjectState, control: Control) -> Verdict:
    """What is known of one control on one store or scope that it fits."""
    if not state.known or state.asked is None or control.rule_id not in state.asked:
        return Verdict.UNKNOWN
    found = state.verdicts.get(control.rule_id, Verdict.NOT_APPLICABLE)
    unread = not state.inspected or state.left_out
    if control.of_places_only and state.store is not None and unread:
        # Places that were not read were not asked: only a failure is certain.
        return Verdict.FAIL if found is Verdict.FAIL else Verdict.UNKNOWN
    return found


def pairs(picture: Picture, reference: Reference, domain: str, as_of: dt.datetime) -> Iterator[Pair]:
    """Every pair of one domain (D2 to D9)."""
    controls = reference.scored_in(domain)
    stores = picture.stores_at(as_of)
    for state in stores:
        lightest, heaviest = state.weights
        for control in controls:
            if not control.of_stores or (
                state.kind is not None and not _fits(control, state.kind, state.provider)
            ):
                continue
            verdict = verdict_on(state, control)
            if verdict is not Verdict.NOT_APPLICABLE:
                yield Pair(state.id, control.rule_id, verdict, lightest, heaviest)
        if domain == "D2":
            looked = Verdict.PASS if state.inspected else Verdict.UNKNOWN
            yield Pair(state.id, CONTENT, looked, lightest, heaviest)
    for state in picture.scopes_at(as_of):
        for control in controls:
            if state.scope is not None and control.fits_scope(state.scope):
                verdict = verdict_on(state, control)
                if verdict is not Verdict.NOT_APPLICABLE:
                    yield Pair(state.id, control.rule_id, verdict, *state.weights)


def _fits(control: Control, kind: str, provider: str) -> bool:
    # A provider that is not known (a store excluded before it was ever seen) may be any.
    return control.fits(kind, provider) if provider else not control.kinds or kind in control.kinds


def add_up(items: Iterable[Pair]) -> Sum:
    """The score of pairs. Without any there is no evidence: low is 0 and high is 1."""
    counts = {Verdict.PASS: 0, Verdict.FAIL: 0, Verdict.UNKNOWN: 0}
    pass_light = pass_heavy = fail_light = fail_heavy = unknown_heavy = 0
    subjects: set[str] = set()
    for pair in items:
        counts[pair.verdict] += 1
        subjects.add(pair.subject_id)
        if pair.verdict is Verdict.PASS:
            pass_light += pair.lightest
            pass_heavy += pair.heaviest
        elif pair.verdict is Verdict.FAIL:
            fail_light += pair.lightest
            fail_heavy += pair.heaviest
        else:
            unknown_heavy += pair.heaviest
    worst = pass_light + fail_heavy + unknown_heavy
    best = pass_heavy + unknown_heavy + fail_light
    return Sum(
        low=pass_light / worst if worst else 0.0,
        high=(pass_heavy + unknown_heavy) / best if best else 1.0,
        passed=counts[Verdict.PASS],
        failed=counts[Verdict.FAIL],
        unknown=counts[Verdict.UNKNOWN],
        subjects=len(subjects),
    )
