"""Unknowns by cause: one row per reason, with everything it blocks."""

from __future__ import annotations

import dataclasses

from scanner.model import (
    Basis,
    Evidence,
    Finding,
    Gap,
    GapReason,
    Inspected,
    Severity,
    Stage,
    State,
    Store,
    Verdict,
)
from scanner.reporters.words import CONFIGURATION, unknowns_by_cause
from tests.history.sample import ACCOUNT, BUCKET, FOLDER, finding, report, summary


def unknown(rule: str, store: Store = BUCKET, *missing: str, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return finding(rule, store, Verdict.UNKNOWN, missing=missing, evidence=evidence, strength=0)


def denied(store: Store, safeguard: str, source: str, reason: str = "access was refused") -> Evidence:
    return Evidence(store.id, safeguard, State.UNKNOWN, Basis.DENIED, source, None, reason)


def gap(
    store: Store, remedy: str, stage: Stage = Stage.EVIDENCE, reason: GapReason = GapReason.DENIED
) -> Gap:
    return Gap(store.id, stage, reason, f"settings not seen: access was refused ({remedy})", remedy=remedy)


def test_one_permission_that_blocks_three_rules_is_one_row() -> None:
    acl, enc = "s3:GetBucketAcl", "s3:GetEncryptionConfiguration"
    run = report(
        unknown("OBJ-01", BUCKET, "acl_not_public", evidence=(denied(BUCKET, "acl_not_public", acl),)),
        unknown(
            "OBJ-05",
            BUCKET,
            "uniform_access_control",
            evidence=(denied(BUCKET, "uniform_access_control", acl),),
        ),
        unknown("DB-03", BUCKET, "encryption_at_rest", evidence=(denied(BUCKET, "encryption_at_rest", enc),)),
        gaps=(gap(BUCKET, enc), gap(BUCKET, acl)),
    )
    first, second = unknowns_by_cause(run)
    assert (first.remedy, first.rules, first.findings) == (acl, ("OBJ-01", "OBJ-05"), 2)
    assert first.safeguards == ("Access by policy only", "No public access by ACL")
    assert (second.remedy, second.rules, second.would_be) == (enc, ("DB-03",), Severity.HIGH)


def test_a_denied_setting_of_the_account_is_one_row_for_all_stores() -> None:
    blocked = Evidence(
        ACCOUNT.id, "public_access_blocked", State.UNKNOWN, Basis.DENIED, "s3:GetAccountPublicAccessBlock"
    )
    other = dataclasses.replace(BUCKET, id="aws:s3:::other")
    run = report(
        unknown("OBJ-01", BUCKET, "public_access_blocked", evidence=(blocked,)),
        unknown("OBJ-01", other, "public_access_blocked", evidence=(blocked,)),
    )
    (cause,) = unknowns_by_cause(run)
    assert (cause.subject, cause.reason, cause.findings) == ("licensing-prod", "denied", 2)


def test_what_a_connector_cannot_see_is_one_row_a_store() -> None:
    unseen = [
        Evidence(
            FOLDER.id,
            name,
            State.UNKNOWN,
            Basis.NOT_OBSERVABLE,
            "mount",
            None,
            "a mounted share does not tell",
        )
        for name in ("encryption_at_rest", "backup_enabled")
    ]
    run = report(
        unknown("DB-03", FOLDER, "encryption_at_rest", evidence=(unseen[0],)),
        unknown("BAK-01", FOLDER, "backup_enabled", evidence=(unseen[1],)),
    )
    (cause,) = unknowns_by_cause(run)
    assert cause.rules == ("BAK-01", "DB-03") and cause.reason == "not observable"


def test_unread_content_is_put_down_to_what_was_not_read() -> None:
    encrypted = Gap(FOLDER.id, Stage.READ, GapReason.ENCRYPTED, "a password is needed", count=2, bytes=10)
    excluded = Gap(FOLDER.id, Stage.LIST, GapReason.EXCLUDED, "excluded by the config")
    run = report(unknown("RET-01", FOLDER, "holdings"), gaps=(encrypted, excluded))
    suffered, chosen = unknowns_by_cause(run)
    assert (suffered.reason, suffered.rules, suffered.count, suffered.bytes) == (
        "encrypted",
        ("RET-01",),
        2,
        10,
    )
    assert (chosen.reason, chosen.rules, chosen.chosen) == ("excluded", (), True)


def test_a_sample_too_small_says_how_to_read_more() -> None:
    part = dataclasses.replace(summary(FOLDER, Inspected.SAMPLED), note="Part was read.")
    (cause,) = unknowns_by_cause(report(unknown("RET-01", FOLDER, "holdings"), summaries=(part,)))
    assert (cause.reason, cause.detail, cause.chosen) == ("sampled", "Part was read.", True)
    assert "--full" in cause.remedy


def test_what_the_department_has_not_said_is_one_row_for_everything() -> None:
    run = report(
        unknown("LOC-01", BUCKET, "context.approved_regions"),
        unknown("LOC-01", FOLDER, "context.approved_regions"),
        unknown("LOC-02", BUCKET, "context.approved_regions"),
        unknown("X-1", FOLDER, "store.environment"),
    )
    said, recorded = unknowns_by_cause(run)
    assert (said.subject, said.findings, said.rules) == (CONFIGURATION, 3, ("LOC-01", "LOC-02"))
    assert "approved_regions" in said.remedy
    assert (recorded.subject_id, recorded.reason) == (FOLDER.id, "not recorded")


def test_nothing_stated_and_nothing_named() -> None:
    run = report(unknown("DB-03", BUCKET, "encryption_at_rest"), unknown("X-1", FOLDER))
    assert [(c.subject_id, c.reason, c.safeguards) for c in unknowns_by_cause(run)] == [
        (BUCKET.id, "not stated", ("Encrypted at rest",)),
        (FOLDER.id, "not stated", ()),
    ]


def test_every_unknown_answer_is_in_some_row_and_every_gap_too() -> None:
    gaps = (gap(BUCKET, "p"), gap(FOLDER, "", Stage.ENUMERATE, GapReason.UNREACHABLE))
    run = report(unknown("A-1"), unknown("A-2", FOLDER, "holdings", "region"), finding("B-1"), gaps=gaps)
    causes = unknowns_by_cause(run)
    assert {rule for cause in causes for rule in cause.rules} == {"A-1", "A-2"}
    assert sum(cause.reason in ("denied", "unreachable") for cause in causes) == 2
    assert unknowns_by_cause(dataclasses.replace(run, gaps=gaps[::-1], findings=run.findings[::-1])) == causes
