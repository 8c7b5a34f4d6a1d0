"""Reports over time to a profile of ten domains. Pure: no clock, nothing read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scanner.maturity import levels, scoring
from scanner.maturity.attestations import Answer, Attestations, Attested, panel
from scanner.maturity.ci import gated, stopped
from scanner.maturity.domains import DOMAIN_OF, DOMAINS, Domain, Reference
from scanner.maturity.episodes import Episodes, accepted, decided, recurrence, within_sla
from scanner.maturity.picture import Picture
from scanner.model import CiRun, FindingHistory, Presence, Report, Severity, Verdict

SLA_PERIOD = dt.timedelta(days=90)
RECURRENCE_PERIOD = dt.timedelta(days=180)
_TOP = 4


@dataclasses.dataclass(frozen=True, slots=True)
class DomainScore:
    """Where one domain stands."""

    id: str
    title: str
    core: bool
    low: float | None
    """0 to 1, everything unknown counted against; None where it does not apply (nothing fell due)."""
    high: float | None
    """The same if every unknown turned out well."""
    level: int | None
    could_be: int | None
    """The level if every unknown turned out well."""
    coverage: float
    passed: int
    failed: int
    unknown: int
    """Pairs of a store and a control."""
    stores: int
    """Stores (and scopes) the pairs are of."""
    raises: tuple[str, ...]
    """What would raise it to the next level, for people."""
    note: str = ""

    @property
    def unknown_share(self) -> float:
        pairs = self.passed + self.failed + self.unknown
        return self.unknown / pairs if pairs else 0.0

    @property
    def small(self) -> bool:
        return self.stores < scoring.SMALL


@dataclasses.dataclass(frozen=True, slots=True)
class TrendPoint:
    """The scores after one run, all over the same reference pack."""

    run_id: str
    at: dt.datetime
    index: float
    lows: Mapping[str, float]
    coverage: float
    rulepack_digest: str
    breaks: bool
    """The run asked other rules than the one before: the two are not to be compared."""


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """Observed maturity: never a statement that any law is kept."""

    as_of: dt.date
    headline: int
    """The level of the lowest core domain."""
    lowest: tuple[str, ...]
    """The core domains at that level."""
    index: float | None
    """100 times the mean of the domains' `low`, all weighing the same."""
    domains: tuple[DomainScore, ...]
    coverage: float
    unknown_share: float
    stores: int
    stores_unknown: int
    """Stores known of but not seen any more, or never."""
    small_n: bool
    trend: tuple[TrendPoint, ...]
    attested: tuple[Attested, ...]
    reference_digest: str
    rulepack_digest: str | None
    """Of the last run."""
    last_run: str | None
    notes: tuple[str, ...] = ()


def profile(
    reports: Iterable[Report],
    reference: Reference,
    attestations: Attestations | None = None,
    *,
    as_of: dt.datetime | None = None,
    standings: Mapping[str, FindingHistory] | None = None,
    ci: Sequence[CiRun] = (),
) -> Profile:
    """Where the estate of these runs stands.

    `reports`: in any order; those after `as_of` are left out. `as_of`: UTC; without it, the end of
    the last run. `standings`: findings with what people decided since, by fingerprint. `ci`: what CI
    reported back.
    """
    given = attestations or Attestations()
    picture, episodes = Picture(standings), Episodes()
    trend: list[TrendPoint] = []
    coverages: list[tuple[dt.datetime, dict[str, tuple[float, float]]]] = []
    last: Report | None = None
    for report in in_order(reports, as_of):
        picture.add(report)
        episodes.add(report)
        at = report.run.finished
        scores = _scores(picture, episodes, reference, at, standings, ci)
        coverages.append((at, {k: (s.low, s.coverage) for k, s in scores.items() if s.low is not None}))
        trend.append(
            TrendPoint(
                report.run.id,
                at,
                _index(scores.values()) or 0.0,
                {key: score.low for key, score in scores.items() if score.low is not None},
                _overall(scores.values(), picture, at),
                report.run.rulepack_digest,
                last is not None and last.run.rulepack_digest != report.run.rulepack_digest,
            )
        )
        last = report
    moment = as_of or (last.run.finished if last is not None else dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    scores = _scores(picture, episodes, reference, moment, standings, ci)
    if coverages:
        coverages.append((moment, {k: (s.low, s.coverage) for k, s in scores.items() if s.low is not None}))
    checked = gated(ci, given.repositories, moment)
    facts = _Facts(picture, episodes, given, moment, standings, checked, trend, coverages)
    domains = tuple(_with_level(scores[d.id], facts, picture, reference, moment) for d in DOMAINS)
    core = [d for d in domains if d.core and d.level is not None]
    headline = min((d.level for d in core if d.level is not None), default=0)
    stores = picture.stores_at(moment)
    return Profile(
        as_of=moment.date(),
        headline=headline,
        lowest=tuple(d.id for d in core if d.level == headline),
        index=_index(scores.values()) if last is not None else None,
        domains=domains,
        coverage=_overall(scores.values(), picture, moment),
        unknown_share=_unknown(scores.values()),
        stores=len(stores),
        stores_unknown=sum(not state.known for state in stores),
        small_n=len(stores) < scoring.SMALL,
        trend=tuple(trend),
        attested=panel(given, moment.date()),
        reference_digest=reference.digest,
        rulepack_digest=last.run.rulepack_digest if last is not None else None,
        last_run=last.run.id if last is not None else None,
        notes=_notes(last, trend, stores, reference),
    )


def in_order(reports: Iterable[Report], as_of: dt.datetime | None) -> list[Report]:
    kept = [r for r in reports if as_of is None or r.run.finished <= as_of]
    return sorted(kept, key=lambda r: (r.run.finished, r.run.id))


def _scores(
    picture: Picture,
    episodes: Episodes,
    reference: Reference,
    at: dt.datetime,
    standings: Mapping[str, FindingHistory] | None,
    ci: Sequence[CiRun] = (),
) -> dict[str, DomainScore]:
    """Every domain without its level."""
    reached, declared = picture.scope_reach(at)
    reach = reached / declared if declared else 0.0
    out = {}
    for domain in DOMAINS:
        if domain.id == "D1":
            out[domain.id] = _inventory(domain, picture, reach, at)
        elif domain.id == "D10":
            out[domain.id] = _improvement(
                domain, episodes, at, decided(episodes.standings, standings), reference, ci
            )
        else:
            total = scoring.add_up(scoring.pairs(picture, reference, domain.id, at))
            note = "" if total.pairs else "nothing seen that a control of this domain could be asked of"
            out[domain.id] = _score(
                domain, total.low, total.high, total.evaluated * reach, total.passed, total.failed,
                total.unknown, total.subjects, note,
            )  # fmt: skip
    return out


def _score(
    domain: Domain, low: float | None, high: float | None, coverage: float, passed: int = 0, failed: int = 0,
    unknown: int = 0, stores: int = 0, note: str = "",
) -> DomainScore:  # fmt: skip
    return DomainScore(
        domain.id, domain.title, domain.core, low, high, None, None, coverage, passed, failed, unknown,
        stores, (), note,
    )  # fmt: skip


def _inventory(domain: Domain, picture: Picture, reach: float, at: dt.datetime) -> DomainScore:
    """Scopes reached ÷ declared, times stores described ÷ known of."""
    stores = picture.stores_at(at)
    described = sum(state.known and state.described for state in stores)
    low = reach * described / len(stores) if stores else 0.0
    return _score(
        domain, low, 1.0 if low < 1.0 else low, reach, described, 0, len(stores) - described, len(stores),
        "" if stores else "no store is known",
    )  # fmt: skip


def _improvement(
    domain: Domain,
    episodes: Episodes,
    at: dt.datetime,
    standings: Mapping[str, FindingHistory],
    reference: Reference,
    ci: Sequence[CiRun],
) -> DomainScore:
    """Mean of: closed in time; stopped in CI (0 to 1 where nothing reported); 1 minus recurrence."""
    met, due = within_sla(episodes.all, at, at - SLA_PERIOD, accepted(standings, at.date()))
    if not due:
        return _score(domain, None, None, 0.0, note="nothing fell due yet")
    back, closed = recurrence(episodes.all, at, at - RECURRENCE_PERIOD)
    lasting = 1 - back / closed if closed else None
    seen = stopped(ci, standings, reference, at)
    parts = (met / due, seen.share if seen is not None else None, lasting)
    low = sum(part or 0.0 for part in parts) / 3
    high = sum(1.0 if part is None else part for part in parts) / 3
    note = "counts findings, not stores"
    if parts[1] is None:
        note += "; no CI run has reported back, which counts against it"
    known = sum(part is not None for part in parts) / 3
    return _score(domain, low, high, known, met, due - met, 0, due, note)


class _Facts:
    """The gates beside the score, reckoned once."""

    def __init__(
        self,
        picture: Picture,
        episodes: Episodes,
        given: Attestations,
        at: dt.datetime,
        standings: Mapping[str, FindingHistory] | None,
        gated: float | None,
        trend: Sequence[TrendPoint],
        held: Sequence[tuple[dt.datetime, Mapping[str, tuple[float, float]]]],
    ) -> None:
        self._episodes, self._at, self._trend, self._held = episodes, at, trend, held
        self._excused = accepted(decided(episodes.standings, standings), at.date())
        met, due = within_sla(episodes.all, at, at - SLA_PERIOD, self._excused)
        back, closed = recurrence(episodes.all, at, at - RECURRENCE_PERIOD)
        since = at - dt.timedelta(days=levels.SCANS_DAYS)
        review = given.answer("independent-review", at.date())
        self.common = levels.Facts(
            runs=len(picture.complete_runs),
            scan_days=len({run.date() for run in picture.complete_runs if since < run <= at}),
            pack_approved=given.approval is not None and given.approval.covers(picture.pack),
            owned=_owned(picture, at),
            oldest_critical=None,
            in_sla=met / due if due else None,
            gated=gated,
            held=False,
            recurrence=back / closed if closed else None,
            reviewed=review is not None and review.answer is Answer.DONE,
        )

    def of(self, domain: str) -> levels.Facts:
        ages = [
            episode.days(self._at)
            for episode in self._episodes.all
            if episode.closed is None
            and episode.severity is Severity.CRITICAL
            and DOMAIN_OF.get(episode.rule_id) == domain
        ]
        return dataclasses.replace(
            self.common, oldest_critical=max(ages, default=None), held=self._has_held(domain)
        )

    def _has_held(self, domain: str) -> bool:
        """At level 5's score and coverage in every run of the last 180 days, under one rule pack."""
        start = self._at - dt.timedelta(days=levels.HELD_DAYS)
        if not any(at <= start for at, _ in self._held):
            return False
        before = [item for item in self._held if item[0] <= start][-1:]
        window = before + [item for item in self._held if item[0] > start]
        if any(point.breaks for point in self._trend if point.at > start):
            return False
        return all(
            domain in seen and seen[domain][0] >= levels.LOW[5] and seen[domain][1] >= levels.COVERAGE[5]
            for _, seen in window
        )


def _owned(picture: Picture, at: dt.datetime) -> float | None:
    """Share of stores with personal data that have an owner. Stores that may hold some and have no
    owner count against it; those that have one count only once it is known what they hold."""
    named = unnamed = unread = 0
    for state in picture.stores_at(at):
        has_owner = state.verdicts.get("OWN-01") is Verdict.PASS
        if state.personal is Presence.YES:
            named += has_owner
            unnamed += not has_owner
        elif state.personal is not Presence.NOT_FOUND:
            unread += 1
            unnamed += not has_owner
    if named + unnamed:
        return named / (named + unnamed)
    return None if unread or not picture.stores else 1.0


def _with_level(
    score: DomainScore, facts: _Facts, picture: Picture, reference: Reference, at: dt.datetime
) -> DomainScore:
    if score.low is None or score.high is None:
        return score
    mine = facts.of(score.id)
    level = levels.level(score.low, score.coverage, mine)
    could_be = levels.level(score.high, 1.0, mine)
    raises = list(levels.unmet(level + 1, score.low, score.coverage, mine)) if level < levels.HIGHEST else []
    raises += _worst(score, picture, reference, at)
    return dataclasses.replace(score, level=level, could_be=max(level, could_be), raises=tuple(raises))


def _worst(score: DomainScore, picture: Picture, reference: Reference, at: dt.datetime) -> list[str]:
    """The controls that cost the domain most, weighed as they count."""
    if score.id in ("D1", "D10"):
        return []
    titles = {c.rule_id: c.title for c in reference.controls} | {scoring.CONTENT: "Content not looked at"}
    cost: Counter[str] = Counter()
    fails: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for pair in scoring.pairs(picture, reference, score.id, at):
        if pair.verdict is Verdict.PASS:
            continue
        cost[pair.control] += pair.heaviest
        (fails if pair.verdict is Verdict.FAIL else unknown)[pair.control] += 1
    out = []
    for control, _ in sorted(cost.items(), key=lambda item: (-item[1], item[0]))[:_TOP]:
        parts = [f"fails on {fails[control]}"] if fails[control] else []
        parts += [f"unknown on {unknown[control]}"] if unknown[control] else []
        name = titles[control] if control == scoring.CONTENT else f"{control} {titles.get(control, '')}"
        out.append(f"{name}: {', '.join(parts)}")
    return out


def _index(scores: Iterable[DomainScore]) -> float | None:
    lows = [score.low for score in scores if score.low is not None]
    return 100 * sum(lows) / len(lows) if lows else None


def _overall(scores: Iterable[DomainScore], picture: Picture, at: dt.datetime) -> float:
    reached, declared = picture.scope_reach(at)
    judged = [s for s in scores if s.id not in ("D1", "D10")]
    pairs = sum(s.passed + s.failed + s.unknown for s in judged)
    evaluated = sum(s.passed + s.failed for s in judged)
    return (evaluated / pairs if pairs else 0.0) * (reached / declared if declared else 0.0)


def _unknown(scores: Iterable[DomainScore]) -> float:
    judged = [s for s in scores if s.id not in ("D1", "D10")]
    pairs = sum(s.passed + s.failed + s.unknown for s in judged)
    return sum(s.unknown for s in judged) / pairs if pairs else 0.0


def _notes(
    last: Report | None, trend: Sequence[TrendPoint], stores: Sequence[object], reference: Reference
) -> tuple[str, ...]:
    notes = []
    if last is None:
        return ("no run is stored",)
    if len(stores) < scoring.SMALL:
        notes.append(f"small n: {len(stores)} stores; one store moves these figures a lot")
    breaks = [point.at.date().isoformat() for point in trend if point.breaks]
    if breaks:
        notes.append(f"the rule pack changed on {', '.join(breaks)}: scores before and after do not compare")
    asked = frozenset(last.run.rules)
    off = (
        sorted(c.rule_id for c in reference.controls if c.scored and c.rule_id not in asked) if asked else []
    )
    if off:
        notes.append(f"not asked in the last run, so unknown for every store: {', '.join(off)}")
    return tuple(notes)
