"""A small invented department's report (synthetic; no value of anybody's data in it)."""

from __future__ import annotations

import dataclasses
import datetime as dt

from scanner.model import (
    WHOLE_STORE,
    Basis,
    Context,
    Coverage,
    Estimate,
    Evidence,
    Exposure,
    Finding,
    Gap,
    GapReason,
    Holding,
    HoldingType,
    Inspected,
    Place,
    Presence,
    Registration,
    Report,
    Run,
    Scope,
    Sensitivity,
    Severity,
    Stage,
    State,
    Store,
    StoreSummary,
    Stratum,
    Verdict,
)

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

ACCOUNT = Scope("aws:111122223333", "account", "aws", "licensing-prod")
SHARE = Scope("file:host", "share", "files", "host")
BUCKET = Store("aws:s3:::applications", ACCOUNT.id, "bucket", "aws", "applications", region="eu-west-2")
FOLDER = Store("file:host/share", SHARE.id, "share", "files", "share", tags={})


def finding(
    rule: str = "OBJ-01",
    store: Store = BUCKET,
    verdict: Verdict = Verdict.FAIL,
    strength: int = 3,
    severity: Severity | None = Severity.HIGH,
    place: Place = WHOLE_STORE,
    **more: object,
) -> Finding:
    fails = verdict is Verdict.FAIL
    values: dict[str, object] = {
        "fingerprint": f"{rule}|{store.id}|{place.text}",
        "rule_id": rule,
        "title": f"Title of {rule}",
        "subject_id": store.id,
        "subject_kind": "place" if place.steps else "store",
        "place": place,
        "verdict": verdict,
        "severity": severity if fails else None,
        "would_be": severity if verdict is Verdict.UNKNOWN else None,
        "severity_reason": "base High",
        "exposure": Exposure.E4,
        "evidence": (),
        "strength": strength,
    }
    return Finding(**(values | more))  # type: ignore[arg-type]


def summary(store: Store = BUCKET, inspected: Inspected = Inspected.ALL) -> StoreSummary:
    return StoreSummary(
        store_id=store.id,
        inspected=inspected,
        bound_reached=inspected is Inspected.ALL,
        bound=0.0 if inspected is Inspected.ALL else None,
        strata=(Stratum("", 10, 10),),
        sensitivity=Sensitivity.S2,
        personal=Presence.YES,
        records=Estimate(212, 240, "scaled"),
        individuals=Estimate(200, 215, "distinct identifiers"),
        test_range_share=0.0,
        mostly_test_data=False,
        bytes_total=1000,
        bytes_read=1000,
    )


def report(
    *findings: Finding,
    at: dt.datetime = NOON,
    run_id: str = "run-1",
    **more: object,
) -> Report:
    values: dict[str, object] = {
        "run": Run(
            run_id, at - dt.timedelta(minutes=5), at, "0.1.0", "c1", "r1", "seed", "none", True, ("t",)
        ),
        "scopes": (ACCOUNT, SHARE),
        "stores": (BUCKET, FOLDER),
        "evidence": (),
        "holdings": (),
        "summaries": (summary(BUCKET), summary(FOLDER)),
        "findings": findings,
        "gaps": (),
        "coverage": Coverage(2, 2, 2, 2, 2000, 2000),
        "history": {},
        "context": Context(today=at.date()),
        "exit_code": 1,
        "exit_reasons": ("1 finding at or above High",),
    }
    return Report(**(values | more))  # type: ignore[arg-type]


TABLE = Place((("schema", "public"), ("table", "cases")))


def holding(store: Store = BUCKET, place: Place = TABLE) -> Holding:
    return Holding(
        store_id=store.id,
        place=place,
        types=(
            HoldingType(
                "UK_NINO", "nino", 212, 212, Estimate(209, 209), "AA######A", Presence.YES, 0.0, 0, 0.99
            ),
            HoldingType("PERSON", "name", 290, 0, Estimate(260, 280), "", Presence.YES, 0.0, 4, 0.8),
            HoldingType("HEALTH", "notes", 12, 0, Estimate(0, 12), "", Presence.POSSIBLE, 0.0),
        ),
        sensitivity=Sensitivity.S3,
        records_examined=300,
        records=Estimate(29_000, 31_000, "scaled from a random sample"),
        individuals=Estimate(20_000, 28_000, "distinct identifiers"),
        special_categories={"health": Presence.POSSIBLE},
        criminal_offence=Presence.NOT_FOUND,
        test_range_share=0.0,
        mostly_test_data=False,
        oldest=NOON - 900 * DAY,
        newest=NOON - DAY,
        hidden=True,
        coverage="300 of about 41,000 rows",
    )


def full_report() -> Report:
    """One of everything: fail, unknown, pass, a gap, holdings, register, history left empty."""
    public = Evidence(
        BUCKET.id,
        "acl_not_public",
        State.ABSENT,
        Basis.EXPLICIT,
        "s3:GetBucketAcl",
        None,
        "everybody may list",
    )
    denied = Evidence(
        BUCKET.id, "encryption_at_rest", State.UNKNOWN, Basis.DENIED, "s3:GetEncryptionConfiguration"
    )
    unobservable = Evidence(
        FOLDER.id,
        "encryption_at_rest",
        State.UNKNOWN,
        Basis.NOT_OBSERVABLE,
        "mount",
        None,
        "not visible here",
    )
    references = {"uk_gdpr": ("Art 5(1)(f)", "Art 32(1)(b)"), "caf": ("B3.c",), "cis_aws": ("3.1.4",)}
    return dataclasses.replace(
        report(
            finding(
                evidence=(public,),
                holdings=(TABLE,),
                explanation="Anybody on the internet can list and read this bucket.",
                remedy="Turn public access off now; check logs for downloads; tell the DPO today.",
                references=references,
                severity=Severity.CRITICAL,
            ),
            finding(
                "DB-03",
                verdict=Verdict.UNKNOWN,
                evidence=(denied,),
                missing=("encryption_at_rest",),
                strength=0,
            ),
            finding(
                "DB-03",
                FOLDER,
                verdict=Verdict.UNKNOWN,
                evidence=(unobservable,),
                missing=("encryption_at_rest",),
                strength=0,
            ),
            finding("RET-01", FOLDER, severity=Severity.MEDIUM, exposure=Exposure.E1),
            finding("OBJ-09", verdict=Verdict.PASS),
        ),
        holdings=(holding(),),
        evidence=(public, denied, unobservable),
        gaps=(
            Gap(
                BUCKET.id,
                Stage.EVIDENCE,
                GapReason.DENIED,
                "reading the encryption settings was refused",
                remedy="s3:GetEncryptionConfiguration",
            ),
            Gap(FOLDER.id, Stage.READ, GapReason.ENCRYPTED, "an archive needs a password", bytes=5000),
            Gap(FOLDER.id, Stage.LIST, GapReason.EXCLUDED, "excluded by j.role: backups", count=12),
        ),
        context=Context(
            today=NOON.date(),
            approved_regions=("eu-west-2",),
            registrations={
                BUCKET.id: Registration(
                    department="Licensing",
                    business_area="Applications",
                    information_asset="Licence applications",
                    owner="Head of Licensing",
                    owner_source="config",
                    ropa_ref="ROPA-0042",
                    retention_rule="7 years",
                    environment="production",
                )
            },
        ),
    )
