"""Promise 5 as a table: what each kind of second run says of a finding of the first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from scanner.history import KnownStore, Observation, advance, due_date
from scanner.model import (
    Basis,
    Evidence,
    Finding,
    FindingHistory,
    Gap,
    GapReason,
    Inspected,
    Observed,
    Place,
    Severity,
    Stage,
    State,
    Verdict,
    Workflow,
)
from tests.history.sample import ACCOUNT, BUCKET, DAY, FOLDER, NOON, SHARE, TABLE, finding, report, summary

KNOWN = tuple(KnownStore(store.id, store.scope_id, store.aliases) for store in (BUCKET, FOLDER))
RULES = frozenset({"OBJ-01", "DB-07"})
AT_TABLE = finding("DB-07", place=TABLE)


def observe(
    *findings: Finding,
    at: dt.datetime = NOON,
    rules: frozenset[str] = RULES,
    not_applicable: dict[str, int] | None = None,
    **more: Any,
) -> Observation:
    run = report(*findings, at=at, **more)
    return Observation.of(run, rules, not_applicable or {}, KNOWN)


FAILS = finding()


def after_first(first: Finding = FAILS) -> dict[str, FindingHistory]:
    return advance({}, observe(first))


def gap(subject: str, stage: Stage, reason: GapReason) -> dict[str, Any]:
    return {"gaps": (Gap(subject, stage, reason, "one sentence"),)}


DENIED_EVIDENCE = (Evidence(BUCKET.id, "acl_not_public", State.UNKNOWN, Basis.DENIED, "s3:GetBucketAcl"),)
UNKNOWN = finding(verdict=Verdict.UNKNOWN, strength=0, missing=("acl_not_public",), evidence=DENIED_EVIDENCE)
PASSES = finding(verdict=Verdict.PASS)
NO_BUCKET: dict[str, Any] = {"stores": (FOLDER,), "summaries": (summary(FOLDER),)}
RENAMED = dataclasses.replace(BUCKET, id="other:id", aliases=(BUCKET.id,))
NAMED_ONLY = dataclasses.replace(ACCOUNT, exhaustive=False)
STOPPED = dataclasses.replace(report(at=NOON + DAY).run, complete=False)

# name: (finding of the first run, second observation, expected state, words of the note)
SECOND_RUNS: dict[str, tuple[Finding, dict[str, Any], tuple[Finding, ...], Observed, str]] = {
    "fails again": (finding(), {}, (finding(),), Observed.OPEN, ""),
    "passes": (finding(), {}, (PASSES,), Observed.FIXED, ""),
    "passes on stronger evidence": (
        finding(strength=1), {}, (PASSES,), Observed.FIXED, "",
    ),
    "passes on weaker evidence": (
        finding(), {}, (dataclasses.replace(PASSES, strength=1),), Observed.NOT_RECHECKED, "weaker evidence",
    ),
    "permission revoked": (finding(), {}, (UNKNOWN,), Observed.NOT_RECHECKED, "acl_not_public denied"),
    "rule no longer applies": (
        finding(), {"not_applicable": {finding().fingerprint: 3}}, (), Observed.FIXED, "",
    ),
    "rule no longer applies, on weaker evidence": (
        finding(), {"not_applicable": {finding().fingerprint: 2}}, (), Observed.NOT_RECHECKED, "weaker",
    ),
    "rule switched off": (
        finding(), {"rules": frozenset({"DB-07"})}, (), Observed.NOT_RECHECKED, "OBJ-01 was not evaluated",
    ),
    "rule switched off and store missing": (
        finding(), {"rules": frozenset({"DB-07"}), **NO_BUCKET}, (), Observed.NOT_RECHECKED, "OBJ-01",
    ),
    "store deleted": (finding(), NO_BUCKET, (), Observed.GONE, "listed in full"),
    "store excluded": (
        finding(), NO_BUCKET | gap(BUCKET.id, Stage.ENUMERATE, GapReason.EXCLUDED), (),
        Observed.NOT_RECHECKED, "excluded",
    ),
    "store unreachable": (
        finding(), NO_BUCKET | gap(BUCKET.id, Stage.ENUMERATE, GapReason.UNREACHABLE), (),
        Observed.NOT_RECHECKED, "unreachable",
    ),
    "scope listed in part": (
        finding(), NO_BUCKET | gap(ACCOUNT.id, Stage.ENUMERATE, GapReason.DENIED), (),
        Observed.NOT_RECHECKED, "could not be listed in full (denied)",
    ),
    "another scope listed in part": (
        finding(), NO_BUCKET | gap(SHARE.id, Stage.ENUMERATE, GapReason.DENIED), (), Observed.GONE, "",
    ),
    "a whole target failed": (
        finding(), NO_BUCKET | gap("target-2", Stage.ENUMERATE, GapReason.UNREACHABLE), (),
        Observed.NOT_RECHECKED, "unreachable",
    ),
    "another store excluded from the first": (
        finding(), NO_BUCKET | gap("aws:s3:::never-read", Stage.ENUMERATE, GapReason.EXCLUDED), (),
        Observed.GONE, "",
    ),
    "the whole scope excluded": (
        finding(), NO_BUCKET | gap(ACCOUNT.id, Stage.ENUMERATE, GapReason.EXCLUDED), (),
        Observed.NOT_RECHECKED, "excluded",
    ),
    "scope not asked": (
        finding(), NO_BUCKET | {"scopes": (SHARE,)}, (), Observed.NOT_RECHECKED, "scope was not part",
    ),
    "narrower target: named stores only": (
        finding(), NO_BUCKET | {"scopes": (NAMED_ONLY, SHARE)}, (), Observed.NOT_RECHECKED, "named stores",
    ),
    "run stopped early": (finding(), NO_BUCKET | {"run": STOPPED}, (), Observed.NOT_RECHECKED, "stopped early"),
    "store seen under another name": (
        finding(), {"stores": (RENAMED, FOLDER)}, (), Observed.NOT_RECHECKED, "another name (other:id)",
    ),
    "no verdict though all is there": (finding(), {}, (), Observed.NOT_RECHECKED, "no answer"),
    "place fails again": (AT_TABLE, {}, (AT_TABLE,), Observed.OPEN, ""),
    "place gone, store read whole": (AT_TABLE, {}, (), Observed.GONE, "read whole"),
    "place not in another seed's sample": (
        AT_TABLE, {"summaries": (summary(BUCKET, Inspected.SAMPLED),)}, (),
        Observed.NOT_RECHECKED, "not read this time",
    ),
    "store not inspected": (
        AT_TABLE, {"summaries": (summary(BUCKET, Inspected.NONE),)}, (),
        Observed.NOT_RECHECKED, "not read this time",
    ),
    "place absent but listing was denied": (
        AT_TABLE, gap(BUCKET.id, Stage.LIST, GapReason.DENIED), (), Observed.NOT_RECHECKED, "denied",
    ),
    "place absent but something was excluded": (
        AT_TABLE, gap(BUCKET.id, Stage.LIST, GapReason.EXCLUDED), (), Observed.NOT_RECHECKED, "excluded",
    ),
    "place absent and the run stopped": (
        AT_TABLE, {"run": STOPPED}, (), Observed.NOT_RECHECKED, "not read this time",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SECOND_RUNS)
def test_second_run(name: str) -> None:
    first, more, findings, expected, words = SECOND_RUNS[name]
    before = after_first(first)
    now = advance(before, observe(*findings, at=NOON + DAY, **more))
    entry = now[first.fingerprint]
    assert entry.observed is expected
    assert not entry.is_new
    assert entry.times_reopened == 0
    assert entry.first_seen == NOON
    assert entry.last_seen == (NOON + DAY if expected is Observed.OPEN else NOON)
    assert words in entry.note
    if expected is Observed.NOT_RECHECKED:
        assert entry.last_checked == NOON
        assert entry.note.startswith("not re-checked since 2026-03-02: ")
    else:
        assert entry.last_checked == NOON + DAY
    assert entry.finding is not None and entry.finding.rule_id == first.rule_id


def test_scope_findings_are_never_gone() -> None:
    on_scope = dataclasses.replace(finding(), subject_id=ACCOUNT.id, subject_kind="scope")
    before = after_first(on_scope)
    for scopes, words in (((SHARE,), "not part of this run"), ((ACCOUNT, SHARE), "no answer")):
        entry = advance(before, observe(at=NOON + DAY, scopes=scopes))[on_scope.fingerprint]
        assert entry.observed is Observed.NOT_RECHECKED and words in entry.note


def test_first_run() -> None:
    entry = after_first()[finding().fingerprint]
    assert (entry.observed, entry.workflow, entry.is_new) == (Observed.OPEN, Workflow.NEW, True)
    assert entry.due == dt.date(2026, 3, 16)


def test_unknown_and_pass_alone_open_nothing() -> None:
    assert advance({}, observe(UNKNOWN)) == {}
    assert advance({}, observe(PASSES)) == {}


@pytest.mark.parametrize("how", ["fixed", "gone"])
def test_failing_after_closed_is_reopened(how: str) -> None:
    first = after_first()
    closed = advance(
        first, observe(PASSES, at=NOON + DAY) if how == "fixed" else observe(at=NOON + DAY, **NO_BUCKET)
    )
    assert closed[finding().fingerprint].observed in (Observed.FIXED, Observed.GONE)
    again = advance(closed, observe(finding(), at=NOON + 30 * DAY))[finding().fingerprint]
    assert (again.observed, again.times_reopened, again.is_new) == (Observed.REOPENED, 1, False)
    assert again.first_seen == NOON
    assert again.due == dt.date(2026, 4, 15)  # 14 days (clock change between) from the reopening
    still = advance({again.fingerprint: again}, observe(finding(), at=NOON + 31 * DAY))
    entry = still[finding().fingerprint]
    assert (entry.observed, entry.times_reopened, entry.due) == (Observed.OPEN, 1, again.due)


def test_failing_after_not_rechecked_is_open_and_not_reopened() -> None:
    doubt = advance(after_first(), observe(UNKNOWN, at=NOON + DAY))
    entry = advance(doubt, observe(finding(), at=NOON + 2 * DAY))[finding().fingerprint]
    assert (entry.observed, entry.times_reopened, entry.is_new, entry.note) == (Observed.OPEN, 0, False, "")


def test_the_issue_s_five_runs() -> None:
    """Permission revoked, narrower target, another seed, rule off: nothing resolved, nothing reopened."""
    fingerprints = {finding().fingerprint, AT_TABLE.fingerprint}
    known = advance({}, observe(finding(), AT_TABLE))
    runs = (
        observe(UNKNOWN, AT_TABLE, at=NOON + DAY),
        observe(at=NOON + 2 * DAY, scopes=(SHARE,), **NO_BUCKET),
        observe(finding(), at=NOON + 3 * DAY, summaries=(summary(BUCKET, Inspected.SAMPLED),)),
        observe(AT_TABLE, at=NOON + 4 * DAY, rules=frozenset({"DB-07"})),
        observe(finding(), AT_TABLE, at=NOON + 5 * DAY),
    )
    for run in runs:
        known = advance(known, run)
        assert set(known) == fingerprints
        assert all(entry.observed in (Observed.OPEN, Observed.NOT_RECHECKED) for entry in known.values())
        assert all(entry.times_reopened == 0 and not entry.is_new for entry in known.values())
    assert all(entry.observed is Observed.OPEN for entry in known.values())


def test_since_stays_the_last_date_checked() -> None:
    known = after_first()
    for day in (1, 2, 3):
        known = advance(known, observe(UNKNOWN, at=NOON + day * DAY))
        assert known[finding().fingerprint].note.startswith("not re-checked since 2026-03-02")


def test_closed_findings_stay_closed_whatever_is_not_seen() -> None:
    fixed = advance(after_first(), observe(PASSES, at=NOON + DAY))
    for run in (observe(UNKNOWN, at=NOON + 2 * DAY), observe(at=NOON + 2 * DAY, **NO_BUCKET)):
        now = advance(fixed, run)
        assert now.get(finding().fingerprint, fixed[finding().fingerprint]).observed is Observed.FIXED


def test_gone_and_back_passing_is_fixed() -> None:
    gone = advance(after_first(), observe(at=NOON + DAY, **NO_BUCKET))
    back = advance(gone, observe(PASSES, at=NOON + 2 * DAY))[finding().fingerprint]
    assert (back.observed, back.times_reopened) == (Observed.FIXED, 0)


def test_a_weak_failure_in_between_does_not_lower_the_bar() -> None:
    weak = finding(strength=1)
    known = advance(after_first(), observe(weak, at=NOON + DAY))
    known = advance(known, observe(dataclasses.replace(PASSES, strength=1), at=NOON + 2 * DAY))
    assert known[finding().fingerprint].observed is Observed.NOT_RECHECKED


def test_people_s_decisions_pass_through_every_run() -> None:
    known = after_first()
    entry = dataclasses.replace(
        known[finding().fingerprint],
        workflow=Workflow.ACCEPTED,
        accepted_by="Head of Licensing",
        acceptance_expires=dt.date(2026, 9, 1),
    )
    known = {entry.fingerprint: entry}
    runs = (
        observe(finding(), at=NOON + DAY),
        observe(UNKNOWN, at=NOON + 2 * DAY),
        observe(PASSES, at=NOON + 3 * DAY),
        observe(finding(), at=NOON + 4 * DAY),
    )
    for run in runs:
        known = advance(known, run)
        now = known[finding().fingerprint]
        assert (now.workflow, now.accepted_by, now.acceptance_expires) == (
            Workflow.ACCEPTED,
            "Head of Licensing",
            dt.date(2026, 9, 1),
        )


def test_due_dates_by_severity_in_london() -> None:
    # 30 March 2026, 23:30 UTC, is already 31 March in London (summer time).
    late = dt.datetime(2026, 3, 30, 23, 30, tzinfo=dt.UTC)
    days = {
        Severity.CRITICAL: dt.date(2026, 4, 2),
        Severity.HIGH: dt.date(2026, 4, 14),
        Severity.MEDIUM: dt.date(2026, 5, 30),
        Severity.LOW: dt.date(2026, 9, 27),
        Severity.INFO: None,
    }
    assert {severity: due_date(late, severity) for severity in Severity} == days
    assert due_date(late, None) is None


def test_due_follows_a_change_of_severity_from_the_same_start() -> None:
    worse = finding(severity=Severity.CRITICAL)
    entry = advance(after_first(), observe(worse, at=NOON + 5 * DAY))[worse.fingerprint]
    assert entry.due == dt.date(2026, 3, 4)
    quiet = finding(severity=Severity.INFO)
    entry = advance({entry.fingerprint: entry}, observe(quiet, at=NOON + 6 * DAY))[worse.fingerprint]
    assert entry.due is None
    entry = advance({entry.fingerprint: entry}, observe(worse, at=NOON + 7 * DAY))[worse.fingerprint]
    assert entry.due == dt.date(2026, 3, 4)


def test_pure() -> None:
    before = after_first()
    copy = dict(before)
    first = advance(before, observe(PASSES, at=NOON + DAY))
    assert first == advance(before, observe(PASSES, at=NOON + DAY))
    assert before == copy


def test_place_inside_a_missing_store_is_gone_with_it() -> None:
    entry = advance(after_first(AT_TABLE), observe(at=NOON + DAY, **NO_BUCKET))[AT_TABLE.fingerprint]
    assert entry.observed is Observed.GONE


def test_unknown_store_is_not_gone() -> None:
    stranger = dataclasses.replace(finding(), subject_id="aws:s3:::never-recorded")
    entry = advance(after_first(stranger), observe(at=NOON + DAY))[stranger.fingerprint]
    assert entry.observed is Observed.NOT_RECHECKED
    assert Place() == stranger.place
