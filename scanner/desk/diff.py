"""Two stored runs compared: what is new, fixed, back, and what was seen more or less of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scanner.model import (
    Coverage,
    Finding,
    FindingHistory,
    Inspected,
    Observed,
    Place,
    Report,
    Severity,
    StoreSummary,
    Verdict,
)

_CLOSED = (Observed.FIXED, Observed.GONE)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One finding that stands differently in the two runs."""

    fingerprint: str
    rule_id: str
    title: str
    subject_id: str
    place: Place
    severity: Severity | None
    """In the later run where it fails there, else in the earlier."""
    before: str
    """How it stood: an observed state, or `not there`."""
    after: str
    note: str = ""
    severity_before: Severity | None = None
    """Where the severity is another one than before."""


@dataclasses.dataclass(frozen=True, slots=True)
class Inspection:
    """A store of which more or less was inspected, or that is in one run only."""

    store_id: str
    before: str
    """`all`, `sampled`, `none`, or `not there`."""
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What changed from `before` to `after`."""

    before: str
    """Run ids."""
    after: str
    new: tuple[Line, ...]
    """Open now, and not known in the earlier run."""
    reopened: tuple[Line, ...]
    """Open now, closed in between or in the earlier run."""
    fixed: tuple[Line, ...]
    gone: tuple[Line, ...]
    not_rechecked: tuple[Line, ...]
    """Open before, and not looked at (well enough) now: not to be taken for fixed."""
    severity: tuple[Line, ...]
    """Open in both, with another severity."""
    unchanged: int
    stores: tuple[Inspection, ...]
    coverage_before: Coverage
    coverage_after: Coverage
    same_rules: bool
    """False: the rule packs differ, so a difference may come from the rules."""


def diff(before: Report, after: Report) -> Difference:
    """Compare two runs, the earlier first. Runs of different targets can be compared too: what is
    in the earlier run only is then *not re-checked*, never fixed."""
    old, new = _standing(before), _standing(after)
    groups: dict[str, list[Line]] = {
        name: [] for name in ("new", "reopened", "fixed", "gone", "not_rechecked", "severity")
    }
    unchanged = 0
    for fingerprint in sorted({*old, *new}):
        group, line = _compare(fingerprint, old, new)
        if group == "unchanged":
            unchanged += 1
        elif group:
            groups[group].append(line)
    return Difference(
        before=before.run.id,
        after=after.run.id,
        **{name: tuple(sorted(lines, key=_worst_first)) for name, lines in groups.items()},
        unchanged=unchanged,
        stores=_inspections(before, after),
        coverage_before=before.coverage,
        coverage_after=after.coverage,
        same_rules=before.run.rulepack_digest == after.run.rulepack_digest,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Standing:
    finding: Finding
    entry: FindingHistory | None
    fails: bool

    @property
    def state(self) -> str:
        return self.entry.observed.value if self.entry is not None else Observed.OPEN.value

    @property
    def open(self) -> bool:
        return self.entry is None or self.entry.observed not in _CLOSED

    @property
    def reopened(self) -> int:
        return self.entry.times_reopened if self.entry is not None else 0


def _standing(report: Report) -> Mapping[str, _Standing]:
    failing = {f.fingerprint: f for f in report.findings if f.verdict is Verdict.FAIL}
    out = {key: _Standing(finding, report.history.get(key), True) for key, finding in failing.items()}
    for key, entry in report.history.items():
        if key not in out and entry.finding is not None:
            out[key] = _Standing(entry.finding, entry, False)
    return out


def _compare(key: str, old: Mapping[str, _Standing], new: Mapping[str, _Standing]) -> tuple[str, Line]:
    was, now = old.get(key), new.get(key)
    one = now or was
    assert one is not None
    finding = one.finding
    line = Line(
        fingerprint=key,
        rule_id=finding.rule_id,
        title=finding.title,
        subject_id=finding.subject_id,
        place=finding.place,
        severity=finding.severity,
        before=was.state if was is not None else "not there",
        after=now.state if now is not None else "not there",
        note=now.entry.note if now is not None and now.entry is not None else "",
    )
    return _group(was, now, line)


def _group(was: _Standing | None, now: _Standing | None, line: Line) -> tuple[str, Line]:
    was_open = was is not None and was.open
    if now is None:
        # Closed entries are left out of later reports; one that was open is not closed by silence.
        return ("not_rechecked", line) if was_open else ("", line)
    if not now.open:
        closed = "gone" if now.state == Observed.GONE.value else "fixed"
        return (closed, line) if was_open or was is None else ("", line)
    if was is None:
        return ("reopened" if now.reopened else "new", line)
    if not was_open or now.reopened > was.reopened:
        return "reopened", line
    if now.state == Observed.NOT_RECHECKED.value != was.state:
        return "not_rechecked", line
    if now.finding.severity != was.finding.severity:
        return "severity", dataclasses.replace(line, severity_before=was.finding.severity)
    return "unchanged", line


def _worst_first(line: Line) -> tuple[object, ...]:
    return (-int(line.severity or 0), line.rule_id, line.subject_id, line.place)


def _inspections(before: Report, after: Report) -> tuple[Inspection, ...]:
    old = {summary.store_id: summary for summary in before.summaries}
    new = {summary.store_id: summary for summary in after.summaries}
    return tuple(
        Inspection(store, _inspected(old.get(store)), _inspected(new.get(store)))
        for store in sorted({*old, *new})
        if _inspected(old.get(store)) != _inspected(new.get(store))
    )


def _inspected(summary: StoreSummary | None) -> str:
    if summary is None:
        return "not there"
    if summary.inspected is Inspected.SAMPLED and not summary.bound_reached:
        return "sampled, short of the bound"
    return summary.inspected.value
