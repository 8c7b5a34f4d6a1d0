"""Reports for testing reporters: one of everything, with names of your choice. Synthetic."""

from __future__ import annotations

import dataclasses
import datetime as dt

from scanner.model import (
    Basis,
    Context,
    Coverage,
    Estimate,
    Evidence,
    Exposure,
    Finding,
    FindingHistory,
    Gap,
    GapReason,
    Holding,
    HoldingType,
    Inspected,
    Observed,
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
    Workflow,
)

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)

HOSTILE: tuple[str, ...] = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "name,with;commas \"and\" 'quotes'",
    "two\r\nlines\rand\nmore",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "]]> <!-- & &amp; {{ 7*7 }} {% raw %}",
    "| pipe | `tick` [link](javascript:alert(1)) **bold**",
    "\u202egnp.exe\u202c and \u200b nothing",
    "nul\x00 bell\x07 escape\x1b[31m",
    "lone surrogate \udcff of a name that is no text",
    "%s %d %(x)s {0} ${HOME} $(id)",
    "n" * 5_000,
)
"""Names that stores, tables, columns and owners may have, and that output must survive."""


def full_report(name: str = "cases", *, at: dt.datetime = NOON) -> Report:
    """A report with every verdict, a gap, a holding and a history, and `name` wherever names are shown."""
    scope = Scope("memory:", "account", "memory", name)
    store = Store(
        f"memory:{name}",
        scope.id,
        "bucket",
        "memory",
        name,
        region="eu-west-2",
        tags={name: name},
        target=name,
    )
    table = Place((("object", name), ("sheet", name)))
    public = Evidence(
        store.id, "anonymous_read_blocked", State.ABSENT, Basis.EXPLICIT, "memory", reason=f"{name} is open"
    )
    denied = Evidence(
        store.id, "encryption_at_rest", State.UNKNOWN, Basis.DENIED, "memory:GetEncryption", reason="denied"
    )
    failed = _finding("OBJ-01", store, Verdict.FAIL, Place(), at, public)
    findings = (
        dataclasses.replace(failed, title=name, explanation=name, remedy=name, holdings=(table,)),
        _finding("OBJ-12", store, Verdict.FAIL, table, at),
        dataclasses.replace(
            _finding("DB-03", store, Verdict.UNKNOWN, Place(), at, denied), missing=("encryption_at_rest",)
        ),
        _finding("OBJ-09", store, Verdict.PASS, Place(), at),
    )
    return Report(
        run=Run(
            "run-1", at - dt.timedelta(minutes=5), at, "0.1.0", "c1", "r1", "seed", "none", True, (name,)
        ),
        scopes=(scope,),
        stores=(store,),
        evidence=(public, denied),
        holdings=(_holding(store, table, name),),
        summaries=(_summary(store),),
        findings=findings,
        gaps=(
            Gap(
                store.id,
                Stage.EVIDENCE,
                GapReason.DENIED,
                "encryption not seen",
                remedy="memory:GetEncryption",
            ),
            Gap(store.id, Stage.READ, GapReason.ENCRYPTED, "needs a password", table, bytes=5_000, count=3),
            Gap(store.id, Stage.LIST, GapReason.EXCLUDED, f"excluded by {name}: {name}", count=12),
        ),
        coverage=Coverage(1, 1, 1, 1, 2_000, 1_500, {"encrypted": 3}, {"excluded": 12}),
        history={finding.fingerprint: _standing(finding, at) for finding in findings},
        context=Context(
            today=at.date(),
            approved_regions=("eu-west-2",),
            registrations={
                store.id: Registration(
                    department=name, information_asset=name, owner=name, owner_source="config"
                )
            },
        ),
        exit_code=1,
        exit_reasons=("1 finding is open at High or above.",),
    )


def empty_report(*, at: dt.datetime = NOON) -> Report:
    """A run that reached nothing."""
    return Report(
        run=Run("run-0", at, at, "0.1.0", "c1", "r1", "seed", "none", True, ("nowhere",)),
        scopes=(),
        stores=(),
        evidence=(),
        holdings=(),
        summaries=(),
        findings=(),
        gaps=(Gap("nowhere", Stage.ENUMERATE, GapReason.UNREACHABLE, "no connection"),),
        coverage=Coverage(1, 0, 0, 0, 0, 0, {"unreachable": 1}),
        history={},
        context=Context(today=at.date()),
        exit_code=3,
        exit_reasons=("Nothing was read.",),
    )


def _finding(
    rule: str, store: Store, verdict: Verdict, place: Place, at: dt.datetime, *evidence: Evidence
) -> Finding:
    return Finding(
        fingerprint=f"{rule.lower()}{len(place.steps)}".ljust(20, "0"),
        rule_id=rule,
        title=f"Title of {rule}",
        subject_id=store.id,
        subject_kind="place" if place.steps else "store",
        place=place,
        verdict=verdict,
        severity=Severity.HIGH if verdict is Verdict.FAIL else None,
        would_be=Severity.HIGH if verdict is Verdict.UNKNOWN else None,
        severity_reason=f"High: base of the rule, {at.year}",
        exposure=Exposure.E4,
        evidence=evidence,
        references={"uk_gdpr": ("Art 32(1)(b)",), "ncsc_caf": ("B3.c",)},
        strength=3,
    )


def _standing(finding: Finding, at: dt.datetime) -> FindingHistory:
    return FindingHistory(
        finding.fingerprint,
        Observed.OPEN,
        Workflow.NEW,
        is_new=True,
        first_seen=at,
        last_seen=at,
        last_checked=at,
        due=at.date() + dt.timedelta(days=14),
        finding=finding,
    )


def _holding(store: Store, place: Place, name: str) -> Holding:
    nino = HoldingType("UK_NINO", name, 212, 212, Estimate(209, 209), "AA######A", Presence.YES, 0.0, 0, 0.99)
    health = HoldingType("HEALTH", "", 12, 0, Estimate(0, 12), "", Presence.POSSIBLE, 0.0)
    return Holding(
        store_id=store.id,
        place=place,
        types=(nino, health),
        sensitivity=Sensitivity.S3,
        records_examined=300,
        records=Estimate(29_000, 31_000, "scaled"),
        individuals=Estimate(20_000, 28_000, "sketched"),
        special_categories={"health": Presence.POSSIBLE},
        criminal_offence=Presence.NOT_FOUND,
        test_range_share=0.0,
        mostly_test_data=False,
        oldest=NOON - dt.timedelta(days=900),
        newest=NOON - dt.timedelta(days=1),
        coverage="300 of about 41,000 rows",
    )


def _summary(store: Store) -> StoreSummary:
    return StoreSummary(
        store_id=store.id,
        inspected=Inspected.SAMPLED,
        bound_reached=False,
        bound=0.01,
        strata=(Stratum("", 41_000, 300),),
        sensitivity=Sensitivity.S3,
        personal=Presence.YES,
        records=Estimate(29_000, 31_000, "scaled"),
        individuals=Estimate(20_000, 28_000, "sketched"),
        test_range_share=0.0,
        mostly_test_data=False,
        bytes_total=2_000,
        bytes_read=1_500,
    )
