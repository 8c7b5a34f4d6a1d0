"""The key figures of the runs up to a moment. Pure: no clock, nothing read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from scanner.maturity import episodes as over_time
from scanner.maturity import scoring
from scanner.maturity.ci import stopped
from scanner.maturity.domains import Reference
from scanner.maturity.episodes import Episodes, decided
from scanner.maturity.kpi_table import BY_ID, DEFINITIONS, Definition, Kpi
from scanner.maturity.picture import Picture, SubjectState
from scanner.maturity.profile import RECURRENCE_PERIOD, SLA_PERIOD, in_order
from scanner.maturity.targets import aimed
from scanner.model import CiRun, FindingHistory, Presence, Report, Sensitivity, State, Verdict, Workflow

PUBLIC = ("OBJ-01", "OBJ-11", "DB-05", "WH-01", "WH-06")
PROTECTION = ("D4", "D5", "D6", "D8")
BACKUP = ("OBJ-10", "BAK-01", "BAK-02")
LOCATION = ("LOC-01", "LOC-02")


def kpis(
    reports: Iterable[Report],
    reference: Reference,
    *,
    as_of: dt.datetime | None = None,
    standings: Mapping[str, FindingHistory] | None = None,
    ci: Sequence[CiRun] = (),
) -> tuple[Kpi, ...]:
    """K1 to K25, in order. Arguments as `profile`; `ci`: what CI reported back, for K21."""
    picture, episodes = Picture(standings), Episodes()
    last: Report | None = None
    for report in in_order(reports, as_of):
        picture.add(report)
        episodes.add(report)
        last = report
    if last is None:
        return tuple(aimed(_none(d, "no run is stored"), reference.targets) for d in DEFINITIONS)
    known = decided(episodes.standings, standings)
    at = as_of or last.run.finished
    made = Made(picture, episodes, reference, at, known, picture.pack or "", ci)
    return tuple(made.all())


def _none(definition: Definition, why: str) -> Kpi:
    d = definition
    return Kpi(
        d.id, d.title, d.formula, d.kind, None, direction=d.direction, target=d.target,
        target_text=d.target_text, why=why, survey=d.survey,
    )  # fmt: skip


class Made:
    def __init__(
        self,
        picture: Picture,
        episodes: Episodes,
        reference: Reference,
        at: dt.datetime,
        standings: Mapping[str, FindingHistory],
        pack: str,
        ci: Sequence[CiRun] = (),
    ) -> None:
        self.ci = ci
        self.picture, self.episodes, self.reference, self.at = picture, episodes, reference, at
        self.standings, self.pack = standings, pack
        self.stores = picture.stores_at(at)
        self.personal = [s for s in self.stores if s.personal is Presence.YES]
        self.unread = [s for s in self.stores if s.personal in (Presence.POSSIBLE, Presence.NOT_ASSESSED)]
        self.excused = over_time.accepted(standings, at.date())
        self.controls = {c.rule_id: c for c in reference.controls}

    def all(self) -> Iterable[Kpi]:
        for definition in DEFINITIONS:
            method: Callable[[], Kpi] = getattr(self, f"_k{definition.id[1:]}")
            yield dataclasses.replace(aimed(method(), self.reference.targets), rulepack_digest=self.pack)

    # --- kinds of figures ----------------------------------------------------------------

    def _share(
        self, id: str, good: int, total: int, unknown: int = 0, why: str = "nothing to count", note: str = ""
    ) -> Kpi:
        """`good` of `total`; `unknown` of the rest may be good as well."""
        d = BY_ID[id]
        if not total:
            return _none(d, why)
        value, other = good / total, (good + unknown) / total
        low, high = (value, other)
        numerator = good
        if d.direction == "down":
            # Counted the other way: what does not pass is what the figure is about.
            value, low, high = 1 - value, 1 - other, 1 - value
            numerator = total - good
        met = None if d.target is None else (value >= d.target if d.direction == "up" else value <= d.target)
        return Kpi(
            d.id, d.title, d.formula, d.kind, value, numerator, total, low, high, d.direction, d.target,
            d.target_text, met, total < scoring.SMALL, note=note, survey=d.survey,
        )  # fmt: skip

    def _count(
        self, id: str, known: float, unknown: float, of: int, note: str = "", detail: tuple[str, ...] = ()
    ) -> Kpi:
        """`known` for certain, up to `unknown` more."""
        d = BY_ID[id]
        high = known + unknown
        met = None if d.target is None else high <= d.target
        return Kpi(
            d.id, d.title, d.formula, d.kind, known, known, of, known, high, d.direction, d.target,
            d.target_text, met, of < scoring.SMALL, note=note, detail=detail, survey=d.survey,
        )  # fmt: skip

    def _failing(self, id: str, rules: tuple[str, ...], note: str = "") -> Kpi:
        """Stores with personal data where one of the rules fails."""
        known = sum(self._worst(s, rules) is Verdict.FAIL for s in self.personal)
        unknown = sum(self._worst(s, rules) is Verdict.UNKNOWN for s in self.personal)
        unknown += sum(self._worst(s, rules) in (Verdict.FAIL, Verdict.UNKNOWN) for s in self.unread)
        return self._with_unread(self._count(id, known, unknown, len(self.personal), note))

    def _with_unread(self, kpi: Kpi) -> Kpi:
        if not self.unread:
            return kpi
        said = f"{len(self.unread)} stores may hold personal data and could not be told"
        return dataclasses.replace(kpi, note="; ".join(part for part in (kpi.note, said) if part))

    def _worst(self, state: SubjectState, rules: Iterable[str]) -> Verdict:
        """The worst answer of rules that fit the store; NOT_APPLICABLE if none applies."""
        found = []
        for rule in rules:
            control = self.controls.get(rule)
            if control is None or not control.of_stores:
                continue
            if state.kind is not None and not control.fits(state.kind, state.provider):
                continue
            found.append(scoring.verdict_on(state, control))
        for verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS):
            if verdict in found:
                return verdict
        return Verdict.NOT_APPLICABLE

    def _personal_share(self, id: str, rules: tuple[str, ...], states: list[SubjectState], why: str) -> Kpi:
        answers = [self._worst(s, rules) for s in states]
        unknown = sum(a in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE) for a in answers)
        return self._with_unread(self._share(id, answers.count(Verdict.PASS), len(states), unknown, why))

    _NO_PERSONAL = "no store is known to hold personal data"

    # --- the estate ------------------------------------------------------------------------

    def _k1(self) -> Kpi:
        reached, declared = self.picture.scope_reach(self.at)
        return self._share("K1", reached, declared, why="no scope is declared")

    def _k2(self) -> Kpi:
        described = sum(s.known and s.described for s in self.stores)
        return self._share("K2", described, len(self.stores), why="no store is known")

    def _k3(self) -> Kpi:
        looked = sum(s.inspected for s in self.stores)
        summaries = [s.summary for s in self.stores if s.summary is not None]
        total, read = sum(s.bytes_total for s in summaries), sum(s.bytes_read for s in summaries)
        note = f"{min(read, total) / total:.0%} of the bytes of these stores were read" if total else ""
        return self._share("K3", looked, len(self.stores), why="no store is known", note=note)

    def _k4(self) -> Kpi:
        kpi = self._personal_share("K4", ("OWN-03",), self.personal, self._NO_PERSONAL)
        return dataclasses.replace(
            kpi, note="; ".join(p for p in (kpi.note, "that the reference is right is not checked") if p)
        )

    def _k5(self) -> Kpi:
        return self._failing("K5", ("OWN-01",))

    def _k6(self) -> Kpi:
        rules = tuple(c.rule_id for d in PROTECTION for c in self.reference.scored_in(d))
        answers = [self._worst(s, rules) for s in self.personal]
        unknown = sum(a in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE) for a in answers)
        kpi = self._share("K6", answers.count(Verdict.PASS), len(answers), unknown, self._NO_PERSONAL)
        return self._with_unread(kpi)

    def _k7(self) -> Kpi:
        return self._failing("K7", PUBLIC)

    def _k8(self) -> Kpi:
        d = BY_ID["K8"]
        public = [s for s in self.personal if self._worst(s, PUBLIC) is Verdict.FAIL]
        estimates = [s.summary.records for s in public if s.summary is not None]
        low, high = sum(e.low for e in estimates), sum(e.high for e in estimates)
        unsure = sum(
            self._worst(s, PUBLIC) is Verdict.UNKNOWN or (s in self.unread)
            for s in self.stores
            if s.personal is not Presence.NOT_FOUND
        )
        note = f"{unsure} stores that may be public or hold personal data are not in it" if unsure else ""
        if not public and unsure:
            return dataclasses.replace(_none(d, "no public store is known, and it cannot be told for all"), note=note)  # fmt: skip
        return Kpi(
            d.id, d.title, d.formula, d.kind, low, low, len(public), low, high, d.direction, d.target,
            d.target_text, high <= 0 and not unsure, len(public) < scoring.SMALL, note=note,
        )  # fmt: skip

    def _k9(self) -> Kpi:
        special = [s for s in self.stores if s.sensitivity is Sensitivity.S3]
        states = [_safeguard(s, "customer_managed_key") for s in special]
        kpi = self._count("K9", states.count(State.ABSENT), states.count(State.UNKNOWN), len(special))
        return self._with_unread(dataclasses.replace(kpi, note="policy, not law"))

    def _k10(self) -> Kpi:
        answers = []
        for store in self.personal:
            pair = {_safeguard(store, "encryption_at_rest"), _safeguard(store, "tls_enforced")}
            answers.append(
                State.ABSENT
                if State.ABSENT in pair
                else State.UNKNOWN
                if State.UNKNOWN in pair
                else State.PRESENT
            )
        return self._with_unread(
            self._count("K10", answers.count(State.ABSENT), answers.count(State.UNKNOWN), len(answers))
        )

    def _k11(self) -> Kpi:
        scheduled = [s for s in self.personal if s.registration.retention_days is not None]
        why = "no store with personal data has a retention schedule in days"
        return self._personal_share("K11", ("RET-02",), scheduled, why)

    def _k12(self) -> Kpi:
        return self._personal_share("K12", ("RET-01",), self.personal, self._NO_PERSONAL)

    def _k13(self) -> Kpi:
        return self._failing("K13", ("DB-12",))

    def _k14(self) -> Kpi:
        kpi = self._failing("K14", ("RET-04",))
        places = sum(s.fails_at.get("RET-04", 0) for s in self.personal)
        note = "; ".join(p for p in (f"{places} places" if places else "", kpi.note) if p)
        return dataclasses.replace(kpi, note=note)

    def _k15(self) -> Kpi:
        logs = [_logged(store) for store in self.personal]
        present, unknown = logs.count(State.PRESENT), logs.count(State.UNKNOWN)
        return self._with_unread(self._share("K15", present, len(logs), unknown, why=self._NO_PERSONAL))

    def _k16(self) -> Kpi:
        asked = [s for s in self.personal if self._worst(s, BACKUP) is not Verdict.NOT_APPLICABLE]
        return self._personal_share(
            "K16", BACKUP, asked, "no store with personal data was asked about backups"
        )

    def _k17(self) -> Kpi:
        return self._failing("K17", LOCATION)

    # --- over time --------------------------------------------------------------------------

    def _k18(self) -> Kpi:
        d = BY_ID["K18"]
        since = self.at - SLA_PERIOD
        speeds = over_time.remediation(self.episodes.all, self.at, since, self.excused)
        detail = []
        for speed in speeds:
            if not speed.closed and not speed.still_open:
                continue
            text = (
                f"mean {speed.mean:.1f}, median {speed.median:.1f}, 90th percentile {speed.p90:.1f} (n {speed.closed})"
                if speed.closed
                else "none closed"
            )
            waits = (
                f"; {speed.still_open} open, the oldest {speed.oldest_open:.0f} days"
                if speed.still_open
                else ""
            )
            detail.append(f"{speed.severity.label}: {text}{waits}")
        closed = sum(speed.closed for speed in speeds)
        took = [
            e.days(self.at) for e in self.episodes.all if e.closed is not None and since < e.closed <= self.at
        ]
        if not took:
            return dataclasses.replace(
                _none(d, "nothing was closed in the last 90 days"), detail=tuple(detail)
            )
        return Kpi(
            d.id, d.title, d.formula, d.kind, over_time.median(took), None, closed, None, None, d.direction,
            d.target, d.target_text, None, closed < scoring.SMALL, detail=tuple(detail),
        )  # fmt: skip

    def _k19(self) -> Kpi:
        met, due = over_time.within_sla(self.episodes.all, self.at, self.at - SLA_PERIOD, self.excused)
        return self._share("K19", met, due, why="nothing fell due in the last 90 days")

    def _k20(self) -> Kpi:
        back, closed = over_time.recurrence(self.episodes.all, self.at, self.at - RECURRENCE_PERIOD)
        return self._share("K20", closed - back, closed, why="nothing was closed in the last 180 days")

    def _k21(self) -> Kpi:
        seen = stopped(self.ci, self.standings, self.reference, self.at)
        if seen is None:
            return _none(BY_ID["K21"], "no CI run has reported back to this history in the last 90 days")
        kpi = self._share(
            "K21", seen.blocked, seen.blocked + seen.live, why="nothing was blocked and nothing new seen live"
        )
        return dataclasses.replace(kpi, note=f"reported by {seen.repositories} repositories")

    def _k22(self) -> Kpi:
        d = BY_ID["K22"]
        scopes = self.picture.scopes_at(self.at)
        if not scopes:
            return _none(d, "no scope has been reached")
        ages = {
            s.id: (self.at - self.picture.last_complete[s.id]).total_seconds() / 86_400
            for s in scopes
            if s.id in self.picture.last_complete
        }
        never = len(scopes) - len(ages)
        if not ages:
            return _none(d, "no scan has been completed")
        value = max(ages.values())
        note = f"{never} scopes have never been scanned completely" if never else ""
        return Kpi(
            d.id, d.title, d.formula, d.kind, value, value, len(scopes), None, None, d.direction, d.target,
            d.target_text, not never and d.target is not None and value <= d.target,
            len(scopes) < scoring.SMALL, note=note,
        )  # fmt: skip

    # --- decisions ----------------------------------------------------------------------------

    def _k23(self) -> Kpi:
        today = self.at.date()
        ever = [
            e
            for e in self.standings.values()
            if e.acceptance_expires is not None and e.observed in over_time.OPEN
        ]
        open_now = sum(e.fingerprint in self.excused for e in ever)
        expired = sum(
            e.acceptance_expires is not None
            and e.acceptance_expires < today
            and e.fingerprint not in self.excused
            for e in ever
        )
        kpi = self._count("K23", open_now, 0, len(self.standings), detail=(f"expired: {expired}",))
        return dataclasses.replace(kpi, met=not expired, high=None, low=None)

    def _k24(self) -> Kpi:
        reviewed = {Workflow.IN_PROGRESS, Workflow.ACCEPTED, Workflow.DONE}
        confirmed = sum(e.workflow in reviewed for e in self.standings.values())
        false = sum(e.workflow is Workflow.FALSE_POSITIVE for e in self.standings.values())
        kpi = self._share("K24", confirmed, confirmed + false, why="nobody has reviewed a finding yet")
        return dataclasses.replace(kpi, detail=tuple(self._by_reviewer(reviewed)))

    def _by_reviewer(self, confirming: Container[Workflow]) -> Iterable[str]:
        """Who reviewed how many: one person's judgement is not the same as three's."""
        said: dict[str, list[bool]] = {}
        for entry in self.standings.values():
            if entry.workflow in confirming or entry.workflow is Workflow.FALSE_POSITIVE:
                who = entry.decided_by or "not recorded"
                said.setdefault(who, []).append(entry.workflow in confirming)
        for who, answers in sorted(said.items()):
            yield f"{who}: {sum(answers)} of {len(answers)} confirmed"

    def _k25(self) -> Kpi:
        return self._failing("K25", ("OWN-05",))


def _safeguard(state: SubjectState, name: str) -> State:
    """UNKNOWN where nothing was stated, or the store is not known any more."""
    return state.safeguards.get(name, State.UNKNOWN) if state.known else State.UNKNOWN


def _logged(state: SubjectState) -> State:
    """Reads are logged by the one or the other; a kind of store has only one of them."""
    both = {_safeguard(state, "access_logging"), _safeguard(state, "audit_logging")}
    return next((s for s in (State.PRESENT, State.ABSENT) if s in both), State.UNKNOWN)
