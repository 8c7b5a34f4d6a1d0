"""Coverage and the exit code (DESIGN, promise 7)."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scanner.model import (
    Coverage,
    Finding,
    FindingHistory,
    Gap,
    Inspected,
    Scope,
    Severity,
    StoreSummary,
    Verdict,
    Workflow,
)

_ACCEPTED = (Workflow.ACCEPTED, Workflow.FALSE_POSITIVE)


@dataclasses.dataclass(frozen=True, slots=True)
class Thresholds:
    fail_on: Severity | None
    min_coverage: float
    """Percent of stores."""
    fail_on_unknown: bool


def coverage(
    declared: int, scopes: Sequence[Scope], summaries: Sequence[StoreSummary], gaps: Iterable[Gap]
) -> Coverage:
    """Stores and bytes seen against those in the scopes asked."""
    suffered: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    for gap in gaps:
        (chosen if gap.reason.chosen else suffered)[gap.reason.value] += gap.count
    return Coverage(
        scopes_declared=declared,
        scopes_reached=len(scopes),
        stores_enumerated=len(summaries),
        stores_covered=sum(summary.bound_reached for summary in summaries),
        # Tables have no size beforehand: what was read of them is all that can be counted.
        bytes_total=sum(s.bytes_total or s.bytes_read for s in summaries),
        bytes_covered=sum(min(s.bytes_read, s.bytes_total or s.bytes_read) for s in summaries),
        suffered=dict(sorted(suffered.items())),
        chosen=dict(sorted(chosen.items())),
    )


def exit_code(
    seen: Coverage,
    not_listed: int,
    summaries: Sequence[StoreSummary],
    findings: Sequence[Finding],
    history: Mapping[str, FindingHistory],
    limits: Thresholds,
) -> tuple[int, tuple[str, ...]]:
    """(0, 1 or 3, why). 3 outranks 1: an incomplete look must not pass for a verdict.

    `not_listed`: declared scopes that were not reached, or whose stores could not all be listed.
    """
    missed = _missed(seen, not_listed, summaries, limits)
    if missed:
        return 3, tuple(missed)
    failed = _failed(findings, history, limits)
    if failed:
        return 1, tuple(failed)
    covered = f"{seen.stores_covered} of {seen.stores_enumerated} stores were covered"
    if limits.fail_on is None:
        verdict = "No severity is set to fail this run"
    else:
        verdict = f"Nothing at {limits.fail_on.label} or above is open"
    return 0, (f"{verdict}; {covered} ({limits.min_coverage:g}% is asked).",)


def _missed(
    seen: Coverage, not_listed: int, summaries: Sequence[StoreSummary], limits: Thresholds
) -> list[str]:
    out = []
    if all(summary.inspected is Inspected.NONE for summary in summaries):
        out.append("Nothing was read.")
    if not_listed:
        out.append(f"{not_listed} of {seen.scopes_declared} declared scopes could not be listed in full.")
    share = seen.stores_share
    if share is not None and share * 100 < limits.min_coverage:
        out.append(
            f"{seen.stores_covered} of {seen.stores_enumerated} stores were covered ({share:.0%}); "
            f"{limits.min_coverage:g}% is asked."
        )
    return out


def _failed(
    findings: Sequence[Finding], history: Mapping[str, FindingHistory], limits: Thresholds
) -> list[str]:
    out = []
    if limits.fail_on is not None:
        bad = [
            finding
            for finding in findings
            if finding.verdict is Verdict.FAIL
            and finding.severity is not None
            and finding.severity >= limits.fail_on
            and not _accepted(history.get(finding.fingerprint))
        ]
        if bad:
            count = f"{len(bad)} finding{'s are' if len(bad) > 1 else ' is'}"
            out.append(f"{count} open at {limits.fail_on.label} or above.")
    if limits.fail_on_unknown:
        unknown = sum(finding.verdict is Verdict.UNKNOWN for finding in findings)
        if unknown:
            out.append(f"{unknown} questions could not be answered.")
    return out


def _accepted(entry: FindingHistory | None) -> bool:
    return entry is not None and entry.workflow in _ACCEPTED
