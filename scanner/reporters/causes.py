"""What could not be told, by cause: one row per missing permission, unreadable store or
unresolved value, with the rules it blocks, not one row per rule (DESIGN, promise 6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from scanner.model import (
    WHOLE_STORE,
    Basis,
    Evidence,
    Finding,
    Gap,
    Place,
    Report,
    Severity,
    Stage,
    State,
    Verdict,
)
from scanner.reporters.view import View
from scanner.safeguards import SAFEGUARDS

_CONTENT = (Stage.LIST, Stage.READ, Stage.EXTRACT, Stage.DETECT)
CONFIGURATION = "configuration"


@dataclasses.dataclass(frozen=True, slots=True)
class Cause:
    """One reason why something is not known."""

    subject_id: str
    """Scope, store or target; `configuration` where the department has not said."""
    subject: str
    """Its name for people."""
    place: str
    """Where in the store; empty for the whole of it, or if there are several."""
    stage: str
    reason: str
    """A gap's reason, a basis of evidence, `not stated`, `not configured` or `not recorded`."""
    chosen: bool
    """True where it was decided not to look."""
    detail: str
    remedy: str
    count: int
    bytes: int
    safeguards: tuple[str, ...]
    """Titles of the safeguards that are unknown because of it."""
    rules: tuple[str, ...]
    """Rules that could not give an answer because of it."""
    findings: int
    """How many answers are missing because of it."""
    would_be: Severity | None
    """The worst severity that any of these could have."""


@dataclasses.dataclass
class _Growing:
    subject_id: str
    stage: str
    reason: str
    chosen: bool = False
    detail: str = ""
    remedy: str = ""
    count: int = 0
    bytes: int = 0
    places: set[Place] = dataclasses.field(default_factory=set)
    safeguards: set[str] = dataclasses.field(default_factory=set)
    rules: set[str] = dataclasses.field(default_factory=set)
    blocked: set[str] = dataclasses.field(default_factory=set)
    would_be: Severity | None = None


def unknowns_by_cause(report: Report) -> list[Cause]:
    """Everything not known in this run: what was suffered first, the most harmful first."""
    return _Gathering(report).causes()


class _Gathering:
    def __init__(self, report: Report) -> None:
        self._view = View(report)
        self._report = report
        self._causes: dict[tuple[object, ...], _Growing] = {}
        self._of_gap: dict[tuple[str, Stage], list[tuple[Gap, _Growing]]] = {}

    def causes(self) -> list[Cause]:
        for gap in self._report.gaps:
            self._add_gap(gap)
        for finding in self._report.findings:
            if finding.verdict is Verdict.UNKNOWN:
                for growing in self._behind(finding):
                    growing.rules.add(finding.rule_id)
                    growing.blocked.add(finding.fingerprint)
                    if finding.would_be is not None:
                        growing.would_be = max(growing.would_be or finding.would_be, finding.would_be)
        return sorted((self._finished(growing) for growing in self._causes.values()), key=_order)

    def _cause(self, *key: object, **values: object) -> _Growing:
        if key not in self._causes:
            self._causes[key] = _Growing(**values)  # type: ignore[arg-type]
        return self._causes[key]

    def _add_gap(self, gap: Gap) -> None:
        growing = self._cause(
            "gap", gap.subject_id, gap.stage, gap.reason, gap.detail, gap.remedy,
            subject_id=gap.subject_id, stage=gap.stage.value, reason=gap.reason.value,
            chosen=gap.reason.chosen, detail=gap.detail, remedy=gap.remedy,
        )  # fmt: skip
        growing.count += gap.count
        growing.bytes += gap.bytes
        growing.places.add(gap.place)
        known = self._of_gap.setdefault((gap.subject_id, gap.stage), [])
        if all(other is not growing for _, other in known):
            known.append((gap, growing))

    def _behind(self, finding: Finding) -> Iterator[_Growing]:
        """The causes for which one finding has no answer."""
        unknown = [item for item in finding.evidence if item.state is State.UNKNOWN]
        stated = {item.safeguard for item in finding.evidence}
        for item in unknown:
            yield self._unseen(item)
        for name in finding.missing:
            if name == "holdings":
                yield from self._unread(finding.subject_id)
            elif name in SAFEGUARDS and name not in stated:
                yield self._not_stated(finding.subject_id, name)
            elif name.startswith("context."):
                yield self._not_said(name)
            elif "." in name and not unknown:
                yield self._not_recorded(finding.subject_id, name)
        if not unknown and not finding.missing:
            yield self._cause(
                "untold", finding.subject_id,
                subject_id=finding.subject_id, stage=Stage.JUDGE.value, reason="not stated",
                detail="the rule named no input that was missing",
            )  # fmt: skip

    def _unseen(self, item: Evidence) -> _Growing:
        growing = self._gap_of(item)
        if growing is None:
            # What a connector cannot see is one row for a store, however much it is.
            source = item.source if item.basis in (Basis.DENIED, Basis.FAILED) else ""
            growing = self._cause(
                "evidence", item.subject_id, item.basis, source,
                subject_id=item.subject_id, stage=Stage.EVIDENCE.value, reason=item.basis.value,
                detail=item.reason or _BASIS[item.basis], remedy=_BASIS_REMEDY.get(item.basis, ""),
            )  # fmt: skip
        growing.safeguards.add(_title(item.safeguard))
        return growing

    def _gap_of(self, item: Evidence) -> _Growing | None:
        """The gap of the call that would have shown this: by its name, else by its reason."""
        if item.basis not in (Basis.DENIED, Basis.FAILED):
            return None
        best, found = 0, None
        for gap, growing in self._of_gap.get((item.subject_id, Stage.EVIDENCE), []):
            score = 0
            if item.source and (item.source in gap.remedy or item.source in gap.detail):
                score = 2
            elif item.reason and item.reason in gap.detail:
                score = 1
            if score > best:
                best, found = score, growing
        return found

    def _unread(self, store_id: str) -> Iterator[_Growing]:
        found = [growing for stage in _CONTENT for _, growing in self._of_gap.get((store_id, stage), [])]
        suffered = [growing for growing in found if not growing.chosen]
        summary = self._view.summaries.get(store_id)
        if suffered or found:
            yield from suffered or found
            return
        yield self._cause(
            "content", store_id,
            subject_id=store_id, stage=Stage.READ.value, reason="sampled", chosen=True,
            detail=summary.note if summary is not None and summary.note else "not enough of the content was read",
            remedy="read more of it (`sampling: rows:`, or `--full`)",
        )  # fmt: skip

    def _not_stated(self, subject_id: str, safeguard: str) -> _Growing:
        growing = self._cause(
            "not stated", subject_id,
            subject_id=subject_id, stage=Stage.EVIDENCE.value, reason="not stated",
            detail="no connector in this run can see it here",
            remedy="add the account or server that holds this store as a target, or ask whoever runs it",
        )  # fmt: skip
        growing.safeguards.add(_title(safeguard))
        return growing

    def _not_said(self, name: str) -> _Growing:
        key = name.partition(".")[2]
        return self._cause(
            "context", name,
            subject_id=CONFIGURATION, stage=Stage.JUDGE.value, reason="not configured",
            detail=f"the configuration does not say {key.replace('_', ' ')}", remedy=f"set `{key}` under `policy:`",
        )  # fmt: skip

    def _not_recorded(self, subject_id: str, name: str) -> _Growing:
        key = name.partition(".")[2].replace("_", " ")
        return self._cause(
            "recorded", subject_id, name,
            subject_id=subject_id, stage=Stage.JUDGE.value, reason="not recorded",
            detail=f"nobody has recorded its {key}", remedy=f"record its {key} under `register:` or in a tag",
        )  # fmt: skip

    def _finished(self, growing: _Growing) -> Cause:
        place = next(iter(growing.places), WHOLE_STORE) if len(growing.places) == 1 else WHOLE_STORE
        return Cause(
            subject_id=growing.subject_id,
            subject=self._view.name(growing.subject_id),
            place="" if place.is_store else place.text,
            stage=growing.stage,
            reason=growing.reason,
            chosen=growing.chosen,
            detail=growing.detail,
            remedy=growing.remedy,
            count=max(growing.count, 1),
            bytes=growing.bytes,
            safeguards=tuple(sorted(growing.safeguards)),
            rules=tuple(sorted(growing.rules)),
            findings=len(growing.blocked),
            would_be=growing.would_be,
        )


def _title(safeguard: str) -> str:
    known = SAFEGUARDS.get(safeguard)
    return known.title if known is not None else safeguard


def _order(cause: Cause) -> tuple[object, ...]:
    worst = -1 if cause.would_be is None else int(cause.would_be)
    return (
        cause.chosen, -worst, -cause.findings, cause.subject_id, cause.stage, cause.reason,
        cause.detail, cause.remedy,
    )  # fmt: skip


_BASIS = {
    Basis.DENIED: "access was refused",
    Basis.FAILED: "the question failed",
    Basis.COMPUTED: "known only once it is built",
    Basis.NOT_OBSERVABLE: "this connector has no way to see it",
    Basis.EXPLICIT: "the answer was no clear one",
    Basis.PROVIDER_DEFAULT: "the provider does not document it",
}
_BASIS_REMEDY = {
    Basis.DENIED: "grant read access to this setting (`dpscan doctor` names the permission)",
    Basis.FAILED: "scan again when the service answers",
    Basis.COMPUTED: "scan the live store after it is built",
    Basis.NOT_OBSERVABLE: "add the account or server that holds this store as a target, or ask whoever runs it",
}
