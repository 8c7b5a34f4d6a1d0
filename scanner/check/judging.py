"""Declared stores asked by the same rules as live ones."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Protocol

from scanner.check.outcome import Reported
from scanner.declared.model import DeclaredStore
from scanner.declared.pipeline import Checked
from scanner.model import Context, Evidence, Holding, Scope, StoreSummary, Subject
from scanner.ruleset import RuleSet

SCOPE = Scope("repository", "repository", "files", "repository", exhaustive=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Twin:
    """What is known of the live store that a declared one stands for."""

    holdings: tuple[Holding, ...] = ()
    summary: StoreSummary | None = None
    evidence: tuple[Evidence, ...] = ()
    """Counts where the code itself says nothing of the safeguard."""
    note: str = ""
    """A sentence for people that may stand in a pull request (it says that, never what)."""


class Known(Protocol):
    """What is known of live stores: an index, or a history."""

    def twin(self, store: DeclaredStore) -> Twin | None:
        """The live twin of a declared store; None where nothing is known."""


def judged(
    checked: Checked, rules: RuleSet, context: Context, known: Known | None = None
) -> tuple[Reported, ...]:
    """Every verdict on the declared stores, most severe first."""
    from scanner.judge import judge_all

    found: list[Reported] = []
    for store in checked.stores:
        twin = known.twin(store) if known is not None else None
        note = twin.note if twin is not None else ""
        for finding in judge_all([_subject(store, twin)], context, rules.rules):
            at = checked.where(finding) or store.location
            found.append(Reported(finding, at, store.address, note))
    return tuple(sorted(found, key=_order))


def _subject(store: DeclaredStore, twin: Twin | None) -> Subject:
    if twin is None:
        return Subject(scope=SCOPE, store=store.store, evidence=store.evidence)
    stated = {item.safeguard for item in store.evidence}
    more = (item for item in twin.evidence if item.safeguard not in stated)
    return Subject(
        scope=SCOPE,
        store=store.store,
        evidence=(*store.evidence, *more),
        holdings=twin.holdings,
        summary=twin.summary,
    )


def _order(one: Reported) -> tuple[int, str, str]:
    return (-one.band, one.finding.rule_id, one.finding.subject_id)


def today() -> Context:
    """A context without register or policy, for code that is checked by itself."""
    return Context(today=dt.datetime.now(dt.UTC).date())
