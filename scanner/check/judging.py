"""Declared stores asked by the same rules as live ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Protocol

from scanner.check.outcome import Reported
from scanner.declared.model import DeclaredStore
from scanner.declared.pipeline import Checked
from scanner.model import Context, Evidence, Exposure, Finding, Holding, Scope, StoreSummary, Subject
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
    """Sentences for people about what is known of it, where they may be told."""
    exposure: Exposure | None = None
    """Who could reach it when it was last scanned; counts where the code cannot tell."""
    note_on_change: bool = False
    """True where the note is said only of findings that are other than by the code alone."""
    discreet: bool = False
    """True where findings may say that the register counts, and never what it knows."""


class Known(Protocol):
    """What is known of live stores: an index, or a history."""

    def twin(self, store: DeclaredStore) -> Twin | None:
        """The live twin of a declared store; None where nothing is known."""


def judged(
    checked: Checked, rules: RuleSet, context: Context, known: Known | None = None, prefix: str = ""
) -> tuple[Reported, ...]:
    """Every verdict on the declared stores, most severe first.

    `prefix`: from the top of the repository to the folder checked. Fingerprints count from the top, so
    that they are the same whichever folder is checked.
    """
    from scanner.judge import fingerprint

    found: list[Reported] = []
    for store in checked.stores:
        twin = known.twin(store) if known is not None else None
        for finding, note in _verdicts(store, twin, rules, context):
            at = checked.where(finding) or store.location
            name = f"declared:{prefix}{store.location.file}#{store.type}:{store.address}"
            mark = fingerprint(name, finding.rule_id, finding.place)
            found.append(
                Reported(dataclasses.replace(finding, fingerprint=mark), at, store.address, note=note)
            )
    return tuple(sorted(found, key=_order))


def _verdicts(
    store: DeclaredStore, twin: Twin | None, rules: RuleSet, context: Context
) -> Iterator[tuple[Finding, str]]:
    """Every verdict on a store, with what is to be said of its live twin."""
    from scanner.judge import judge_all

    if store.store.kind == "account" or store.partial:
        subject = _account(store) if store.store.kind == "account" else _subject(store, None)
        stated = {item.safeguard for item in store.evidence}
        asked = [rule for rule in rules.rules if rule.safeguards and stated.issuperset(rule.safeguards)]
        yield from ((finding, "") for finding in judge_all([subject], context, asked))
        return
    plain = judge_all([_subject(store, None)], context, rules.rules)
    if twin is None:
        yield from ((finding, "") for finding in plain)
        return
    informed = judge_all([_subject(store, twin)], context, rules.rules)
    if twin.discreet:
        from scanner.known.disclosing import discreet

        for finding, said in discreet(plain, informed):
            yield finding, f"{said} {twin.note}".strip()
        return
    before = {one.fingerprint: one for one in plain}
    for finding in informed:
        old = before.get(finding.fingerprint)
        same = old is not None and (old.verdict, old.severity) == (finding.verdict, finding.severity)
        yield finding, "" if same and twin.note_on_change else twin.note


def _account(store: DeclaredStore) -> Subject:
    """An account's own settings, as the scope that it is live."""
    one = store.store
    scope = Scope(one.id, "account", one.provider, one.name, one.tags or {}, exhaustive=False)
    return Subject(scope, None, evidence=store.evidence)


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
        seen_exposure=twin.exposure,
    )


def _order(one: Reported) -> tuple[int, str, str]:
    return (-one.band, one.finding.rule_id, one.finding.subject_id)
