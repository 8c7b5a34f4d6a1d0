"""The pipeline: the one place where the stages meet.

config -> estate -> units -> runner.map(examine) -> tally -> judge -> Report -> history

Everything is one direction; nothing here reads content or renders anything.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import scanner
from scanner import plan as planning
from scanner import plugins, register
from scanner.asking import Asking
from scanner.common import digests
from scanner.config import Config
from scanner.contracts import Connector, Outcome, Runner
from scanner.decisions import apply_waivers
from scanner.errors import Problem
from scanner.estate import Estate, enumerate_estate, guarded
from scanner.examine import Examiner, Job, Target
from scanner.gate import Thresholds, coverage, exit_code
from scanner.history import History, RunStart
from scanner.history.over_time import OPEN_STATES, london_date
from scanner.judge import judge_all, yielding
from scanner.merge import Merged
from scanner.model import (
    Gap,
    GapReason,
    Holding,
    Place,
    Report,
    Run,
    Stage,
    Store,
    StoreSummary,
    Unit,
    UnitResult,
)
from scanner.ruleset import RuleSet
from scanner.subjects import subjects
from scanner.tally import StoreTally

# Below this many units, starting worker processes costs more than they save.
_WORTH_PROCESSES = 200


class Observer(Protocol):
    """Told how a scan goes on; shows it to people, or not."""

    def tell(self, text: str) -> None: ...

    def resumed(self, run_id: str, units: int) -> None: ...

    def planned(self, store: Store, units: int, size: int) -> None: ...

    def examined(self, outcome: Outcome) -> None: ...


class Quiet:
    """An observer that shows nothing."""

    def tell(self, text: str) -> None: ...

    def resumed(self, run_id: str, units: int) -> None: ...

    def planned(self, store: Store, units: int, size: int) -> None: ...

    def examined(self, outcome: Outcome) -> None: ...


def scan(
    config: Config,
    targets: Mapping[str, Target],
    rules: RuleSet,
    history: History,
    observer: Observer,
    resume: bool = True,
) -> Report:
    """One run, from targets to a stored report.

    Raises LockedError if a scope is being scanned already. KeyboardInterrupt passes through
    and leaves a run that the same command takes up again.
    """
    started = history.now()
    known = {store.id: store.names for store in history.known_stores()}
    estate = enumerate_estate(targets, known, lambda store: _excluded(config, store), observer.tell)
    try:
        with history.lock(estate.scopes):
            reading = _Reading(config, targets, rules, history, observer, estate, started, resume)
            reading.read()
            return _conclude(config, targets, rules, history, estate, reading, started)
    finally:
        estate.close()


def _excluded(config: Config, store: Store) -> str | None:
    rule = planning.excluded_by(config.exclude, store)
    return f"excluded by {rule.by}: {rule.reason}" if rule else None


class _Reading:
    """The middle of a run: units out, results in, journal beside."""

    def __init__(
        self,
        config: Config,
        targets: Mapping[str, Target],
        rules: RuleSet,
        history: History,
        observer: Observer,
        estate: Estate,
        started: dt.datetime,
        resume: bool,
    ) -> None:
        self.config, self.history, self.observer, self.estate = config, history, observer, estate
        self.plans: dict[str, planning.Plan] = {}
        self.tallies = {merged.store.id: StoreTally(merged.store.id) for merged in estate.stores}
        # A unit names the store as its own connector does; two targets can share one store.
        self._store_of = {record.id: m.store.id for m in estate.stores for record in m.records}
        self._begin(rules, tuple(targets), started, resume)
        self._job = Job(
            targets=targets,
            detector=config.detector_options(),
            ask=config.ask(self.seed),
            key_files={
                record.id: str(history.key_file(m.store.scope_id))
                for m in estate.stores
                for record in m.records
            },
        )
        self._deadline = time.monotonic() + (config.limits.max_time or float("inf"))
        self._bytes = 0
        self.stopped: str | None = None

    def _begin(self, rules: RuleSet, targets: tuple[str, ...], started: dt.datetime, resume: bool) -> None:
        """Take up an interrupted run of the same configuration, else begin one."""
        digest = self.config.digest()
        self.done: set[str] = set()
        before = self.history.unfinished(digest, targets) if resume else None
        if before is not None:
            self.run_id, self.seed = before.id, before.seed
            self.done = self.history.done_keys(before.id)
            self.observer.resumed(before.id, len(self.done))
            return
        self.seed = self.config.sampling.seed or secrets.token_hex(8)
        if self.config.sampling.full:
            # Everything is read again, so nothing needs to be recognised from before.
            for scope_id in self.estate.scopes:
                self.history.renew_key(scope_id)
        start = RunStart(started, scanner.__version__, digest, rules.digest, self.seed, targets)
        self.run_id = self.history.begin(start)

    def read(self) -> None:
        """Examine every planned unit that the journal does not have yet."""
        earlier = list(self.history.results(self.run_id)) if self.done else []
        with Asking() as asking:
            runner, units = self._runner(self._units(asking))
            try:
                for outcome in runner.map(self._job, units):
                    self.history.record(self.run_id, outcome.result)
                    self._bytes += outcome.result.bytes_read
                    self._count(outcome.result)
                    self.observer.examined(outcome)
            finally:
                runner.close()
        for result in earlier:
            self._count(result)
        self._note_what_was_left()

    def _count(self, result: UnitResult) -> None:
        store_id = self._store_of.get(result.store_id)
        if store_id is not None:
            self.tallies[store_id].add(result)
            self.plans.setdefault(store_id, planning.Plan()).count(result)

    def _runner(self, units: Iterator[Unit]) -> tuple[Runner, Iterator[Unit]]:
        """The runner asked for; with none asked, processes where there is enough to do."""
        workers = self.config.limits.workers or 2
        name = self.config.runner
        first: list[Unit] = []
        if name is None:
            for unit in units:
                first.append(unit)
                if len(first) >= _WORTH_PROCESSES:
                    break
            name = "processes" if len(first) >= _WORTH_PROCESSES and workers > 1 else "serial"
        runner: Runner = plugins.load("runners", name)(Examiner, workers)
        return runner, _chain(first, units)

    def _units(self, asking: Asking) -> Iterator[Unit]:
        listed = [(merged, asking.later(*self._listing(merged))) for merged in self.estate.stores]
        return planning.interleave([self._store_units(merged, answer) for merged, answer in listed])

    def _listing(self, merged: Merged) -> tuple[Connector, Callable[[], planning.Plan]]:
        """Who lists a store, and the listing with the choice of what is to be read."""
        record, store = merged.records[0], merged.store
        connector = self.estate.connectors[record.target]
        always = frozenset(self.history.holding_unit_keys(record.id))
        key = digests.read_key(self.history.key_file(store.scope_id))

        def made() -> planning.Plan:
            unlisted: list[Gap] = []
            plan = planning.plan(
                store,
                guarded(lambda: connector.units(record, self._job.ask), store.id, Stage.LIST, unlisted),
                seed=self.seed,
                objects=None if self.config.sampling.full else self.config.sampling.objects,
                always=always,
                key=key,
                exclusions=self.config.exclude,
            )
            plan.gaps += [dataclasses.replace(gap, subject_id=store.id) for gap in unlisted]
            return plan

        return connector, made

    def _store_units(self, merged: Merged, listing: Callable[[], planning.Plan]) -> Iterator[Unit]:
        """Units of one store that are to be read and are not done yet."""
        self.observer.tell(f"listing {merged.store.name}")
        self.plans[merged.store.id] = plan = listing()
        waiting = [unit for unit in plan.units if digests.unit_key(plan.key, unit) not in self.done]
        self.observer.planned(merged.store, len(waiting), sum(unit.size or 0 for unit in waiting))
        for unit in waiting:
            if self._over():
                return
            yield unit

    def _over(self) -> bool:
        if self.stopped is None:
            if time.monotonic() > self._deadline:
                self.stopped = "max_time"
            elif self._bytes > (self.config.limits.max_bytes or float("inf")):
                self.stopped = "max_bytes"
        return self.stopped is not None

    def _note_what_was_left(self) -> None:
        """A run stopped by a limit says, store by store, how much it did not come to."""
        for merged in self.estate.stores:
            plan = self.plans.setdefault(merged.store.id, planning.Plan())
            left = sum(plan.planned.values()) - sum(plan.came_back.values())
            if self.stopped is not None and (left or not plan.population):
                plan.gaps.append(
                    Gap(merged.store.id, Stage.READ, GapReason.LIMIT, f"stopped by {self.stopped}",
                        remedy=f"raise limits.{self.stopped}, or run again: it goes on from here",
                        count=max(1, left))
                )  # fmt: skip


def _chain(first: Sequence[Unit], rest: Iterator[Unit]) -> Iterator[Unit]:
    yield from first
    yield from rest


def _conclude(
    config: Config,
    targets: Mapping[str, Target],
    rules: RuleSet,
    history: History,
    estate: Estate,
    reading: _Reading,
    started: dt.datetime,
) -> Report:
    """Tally, judge, compare with what was known, and store."""
    stores = tuple(merged.store for merged in estate.stores)
    finished = history.now()
    context = register.context(config, london_today(finished), stores, estate.evidence)
    summaries: list[StoreSummary] = []
    holdings: list[Holding] = []
    gaps = list(estate.gaps)
    for store in stores:
        plan, tally = reading.plans[store.id], reading.tallies[store.id]
        before = [gap for gap in estate.gaps if gap.subject_id in (store.id, store.scope_id)]
        summary, found = tally.summarise(plan.strata(), plan.gaps + before, context)
        summaries.append(summary)
        holdings += found
        gaps += plan.gaps + tally.gaps
    again = _looked_at_again(history, reading.tallies)
    asked = subjects(estate, {s.store_id: s for s in summaries}, holdings, estate.evidence, again)
    not_applicable: dict[str, int] = {}
    faults: list[Gap] = []
    findings = tuple(
        judge_all(
            asked,
            context,
            rules.rules,
            on_problem=lambda problem: faults.append(_rule_fault(problem)),
            on_inapplicable=not_applicable.__setitem__,
        )
    )
    less = yielding(findings, rules.rules)
    findings = tuple(finding for finding in findings if finding.fingerprint not in less)
    gaps = fold(gaps + faults)
    seen = coverage(
        len(estate.scopes) + len(estate.unreached), tuple(estate.scopes.values()), summaries, gaps
    )
    run = Run(
        id=reading.run_id,
        started=started,
        finished=finished,
        tool_version=scanner.__version__,
        config_digest=config.digest(),
        rulepack_digest=rules.digest,
        seed=reading.seed,
        names_model=_names_model(config),
        complete=reading.stopped is None,
        targets=tuple(targets),
        rules=tuple(rule.id for rule in rules.rules),
    )
    report = Report(
        run=run,
        scopes=tuple(sorted(estate.scopes.values(), key=lambda scope: scope.id)),
        stores=tuple(sorted(stores, key=lambda store: store.id)),
        evidence=tuple(estate.evidence),
        holdings=tuple(sorted(holdings, key=lambda h: (h.store_id, h.place))),
        summaries=tuple(sorted(summaries, key=lambda summary: summary.store_id)),
        findings=findings,
        gaps=tuple(gaps),
        coverage=seen,
        history={},
        context=context,
        exit_code=0,
        exit_reasons=(),
    )
    over_time = history.advance(report, [rule.id for rule in rules.rules], not_applicable)
    over_time = apply_waivers(over_time, config.waivers, context.today)
    thresholds = Thresholds(config.fail_on, config.min_coverage, config.fail_on_unknown)
    not_listed = len(estate.unreached) + len(estate.cut_short)
    code, reasons = exit_code(seen, not_listed, summaries, findings, over_time, thresholds)
    report = dataclasses.replace(report, history=over_time, exit_code=code, exit_reasons=reasons)
    history.save(report)
    return report


def _looked_at_again(history: History, tallies: Mapping[str, StoreTally]) -> dict[str, frozenset[Place]]:
    """By store, places with an open finding that this run has looked at."""
    found: dict[str, set[Place]] = {}
    for entry in history.findings().values():
        finding = entry.finding
        if finding is None or entry.observed not in OPEN_STATES or finding.subject_id not in tallies:
            continue
        if finding.place in tallies[finding.subject_id].places:
            found.setdefault(finding.subject_id, set()).add(finding.place)
    return {store_id: frozenset(places) for store_id, places in found.items()}


def _rule_fault(problem: Problem) -> Gap:
    return Gap(problem.key, Stage.JUDGE, GapReason.FAULT, problem.message, remedy=f"mend {problem.file}")


def fold(gaps: Sequence[Gap]) -> list[Gap]:
    """Alike gaps as one with a count, sorted: a report must not depend on the order of work."""
    folded: dict[tuple[object, ...], Gap] = {}
    for gap in gaps:
        key = (gap.subject_id, gap.stage, gap.reason, gap.detail, gap.place, gap.remedy)
        known = folded.get(key)
        folded[key] = (
            dataclasses.replace(known, count=known.count + gap.count, bytes=known.bytes + gap.bytes)
            if known
            else gap
        )
    return sorted(
        folded.values(),
        key=lambda g: (g.subject_id, g.stage.value, g.reason.value, g.place, g.detail, g.remedy),
    )


def london_today(moment: dt.datetime) -> dt.date:
    """Dates for people are reckoned in London, whatever the server's clock says."""
    return london_date(moment)


def _names_model(config: Config) -> str:
    from scanner.detector import Detector

    return str(Detector(**dataclasses.asdict(config.detector_options())).names_model)
