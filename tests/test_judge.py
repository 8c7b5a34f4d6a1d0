"""Judging: applicability, evidence for places, what is missing, strength, law, fingerprints."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import Problem, RuleError
from scanner.inputs import inputs_for
from scanner.judge import fingerprint, judge, judge_all, yielding
from scanner.model import (
    Basis,
    Context,
    Evidence,
    Finding,
    Holding,
    Inspected,
    Origin,
    Place,
    Registration,
    Scope,
    Severity,
    State,
    Store,
    StoreSummary,
    Subject,
    Verdict,
)
from scanner.resolve import resolve
from scanner.ruleset import Rule, load_rules
from scanner.ruleset.cel import compile_condition
from scanner.safeguards import SAFEGUARDS

RULES = load_rules()
TODAY = dt.date(2026, 1, 1)
BARE = Context(today=TODAY)
BUCKET = Store("aws:s3:::example", "aws:1", "bucket", "aws", "example", region="eu-west-2", tags={})
TABLE = Place((("schema", "public"), ("table", "cases")))


def rule(rule_id: str) -> Rule:
    found = RULES.get(rule_id)
    assert found is not None
    return found


def ev(name: str, state: State, basis: Basis = Basis.EXPLICIT, **more: object) -> Evidence:
    return Evidence(BUCKET.id, name, state, basis, "test", **more)  # type: ignore[arg-type]


def asked(rule_id: str, *evidence: Evidence, context: Context = BARE, **more: object) -> Finding | None:
    return judge(Subject(None, BUCKET, evidence=evidence, **more), context, rule(rule_id))  # type: ignore[arg-type]


def case(rule_id: str, name: str) -> tuple[Subject, Context]:
    example = next(e for e in rule(rule_id).examples if e.name == name)
    return example.subject, example.context


# --- applicability --------------------------------------------------------------------


def test_a_rule_is_asked_only_of_what_it_is_meant_for() -> None:
    share = dataclasses.replace(BUCKET, kind="share")
    assert judge(Subject(None, share), BARE, rule("OBJ-01")) is None
    assert asked("OBJ-13") is None, "other provider"
    assert asked("OBJ-03") is None, "a store is no account"
    scope = Scope("aws:1", "account", "aws", "1")
    finding = judge(Subject(scope, None), BARE, rule("OBJ-03"))
    assert finding is not None
    assert finding.subject_kind == "scope"
    assert (finding.verdict, finding.would_be) == (Verdict.UNKNOWN, Severity.HIGH)


def test_not_applicable_goes_before_all_logic() -> None:
    assert asked("DB-02") is None
    finding = asked("OBJ-06", ev("tls_enforced", State.NOT_APPLICABLE), ev("min_tls_version", State.ABSENT))
    assert finding is None


def test_alternatives_that_do_not_apply_count_as_not_there_unless_none_applies() -> None:
    record = Context(TODAY, registrations={BUCKET.id: Registration(system_of_record=True)})
    na, names = State.NOT_APPLICABLE, ("versioning", "soft_delete", "object_lock")
    some = asked("OBJ-10", ev(names[0], State.ABSENT), ev(names[1], na), ev(names[2], na), context=record)
    assert some is not None
    assert some.verdict is Verdict.FAIL
    assert asked("OBJ-10", *(ev(name, na) for name in names), context=record) is None


def test_a_graver_finding_of_the_same_store_leaves_no_room_for_the_lesser() -> None:
    rules = [rule("OBJ-01"), rule("OBJ-15")]
    open_, blocked = ev("anonymous_read_blocked", State.ABSENT), ev("public_access_blocked", State.ABSENT)
    doubtful = ev("anonymous_read_blocked", State.UNKNOWN, Basis.DENIED)

    def left(*evidence: Evidence) -> list[tuple[str, Verdict]]:
        found = list(judge_all([Subject(None, BUCKET, evidence=evidence)], BARE, rules))
        less = yielding(found, rules)
        return [(one.rule_id, one.verdict) for one in found if one.fingerprint not in less]

    assert left(open_, blocked) == [("OBJ-01", Verdict.FAIL)]
    assert left(open_) == [("OBJ-01", Verdict.FAIL)], "what cannot be told is not told either"
    assert left(doubtful, blocked) == [("OBJ-01", Verdict.UNKNOWN), ("OBJ-15", Verdict.FAIL)]
    on = ev("public_access_blocked", State.PRESENT)
    assert left(open_, on) == [("OBJ-01", Verdict.FAIL), ("OBJ-15", Verdict.PASS)]
    elsewhere = dataclasses.replace(BUCKET, id="aws:s3:::other")
    both = [Subject(None, BUCKET, evidence=(open_,)), Subject(None, elsewhere, evidence=(blocked,))]
    found = list(judge_all(both, BARE, rules))
    assert ("OBJ-15", elsewhere.id) in {
        (one.rule_id, one.subject_id) for one in found if one.fingerprint not in yielding(found, rules)
    }


# --- evidence -------------------------------------------------------------------------


def test_evidence_for_a_place_overrides_the_stores() -> None:
    column = TABLE.child("column", "nino")
    store, table = (
        ev("masking_configured", State.ABSENT),
        ev("masking_configured", State.PRESENT, place=TABLE),
    )
    assert resolve([store, table])["masking_configured"] is store
    assert resolve([store, table], TABLE)["masking_configured"] is table
    assert resolve([table, store], column)["masking_configured"] is table


def test_the_longer_prefix_and_then_the_object_are_nearer() -> None:
    wide, narrow = Place((("prefix", "a/"),)), Place((("prefix", "a/b/"),))
    exact = Place((("object", "a/b/c"),))
    seen = [ev("versioning", State.ABSENT, place=p) for p in (exact, narrow, wide)]
    assert resolve(seen, exact)["versioning"].place == exact
    assert resolve(seen[1:], exact)["versioning"].place == narrow
    assert resolve(seen, Place((("object", "a/x"),)))["versioning"].place == wide


def test_two_connectors_on_one_store() -> None:
    denied = ev("tls_enforced", State.UNKNOWN, Basis.DENIED)
    default = ev("tls_enforced", State.PRESENT, Basis.PROVIDER_DEFAULT)
    explicit = ev("tls_enforced", State.ABSENT)
    assert resolve([denied, default])["tls_enforced"] is default
    assert resolve([default, explicit, denied])["tls_enforced"] is explicit
    agreed = [ev("tls_enforced", State.PRESENT), explicit]
    assert resolve(agreed)["tls_enforced"].state is State.ABSENT
    assert resolve(agreed[::-1])["tls_enforced"].state is State.ABSENT
    values = [ev("min_tls_version", State.PRESENT, value=v) for v in ("1.0", "1.2")]
    assert resolve(values)["min_tls_version"].state is State.UNKNOWN


def test_absent_without_a_value_is_nothing_kept_but_never_a_short_expiry() -> None:
    bound = inputs_for(
        Subject(None, BUCKET, evidence=(
            ev("backup_retention_days", State.ABSENT), ev("lifecycle_expiry_days", State.ABSENT),
            ev("engine_version", State.PRESENT, value=("wrong type",)),
        )),
        BARE,
    ).bound  # fmt: skip
    assert bound["safeguards.backup_retention_days"] == 0
    assert "safeguards.lifecycle_expiry_days" not in bound
    assert "safeguards.engine_version" not in bound


def test_a_place_of_a_rule_on_stores_and_places_needs_evidence_of_its_own() -> None:
    prefix = Place((("prefix", "downloads/"),))
    shut = ev("anonymous_read_blocked", State.PRESENT)
    assert asked("OBJ-01", shut, place=prefix) is None
    finding = asked("OBJ-01", shut, ev("anonymous_read_blocked", State.ABSENT, place=prefix), place=prefix)
    assert finding is not None
    assert finding.verdict is Verdict.FAIL
    assert finding.subject_kind == "place"


# --- holdings -------------------------------------------------------------------------


def test_test_data_is_not_personal_unless_it_is_to_be_treated_as_real() -> None:
    subject, context = case("DB-12", "a test database with test data")
    real = dataclasses.replace(context, treat_test_data_as_real=True)
    assert judge(subject, context, rule("DB-12")).verdict is Verdict.PASS  # type: ignore[union-attr]
    assert judge(subject, real, rule("DB-12")).verdict is Verdict.FAIL  # type: ignore[union-attr]


def test_a_file_read_whole_is_closed_however_little_was_read_of_its_store() -> None:
    subject, context = case("OBJ-12", "only part of the file was read")
    assert judge(subject, context, rule("OBJ-12")).verdict is Verdict.UNKNOWN  # type: ignore[union-attr]
    whole = tuple(
        dataclasses.replace(h, records=dataclasses.replace(h.records, method="counted"))
        for h in subject.holdings
    )
    finding = judge(dataclasses.replace(subject, holdings=whole), context, rule("OBJ-12"))
    assert finding is not None
    assert finding.verdict is Verdict.PASS


def test_a_finding_names_the_places_it_turned_on_most_sensitive_first() -> None:
    subject, context = case("RET-02", "one file is older")
    finding = judge(subject, context, rule("RET-02"))
    assert finding is not None
    assert [p.text for p in finding.holdings] == ["hr/leavers.xlsx"]
    health, context = case("OBJ-07", "health data under the provider's key")
    names, _ = case("OBJ-12", "all is in plain sight")
    both = dataclasses.replace(health, holdings=names.holdings + health.holdings)
    finding = judge(both, context, rule("OBJ-07"))
    assert finding is not None
    assert finding.holdings == (health.holdings[0].place,)


def test_severity_drops_to_low_where_all_was_read_and_nothing_found() -> None:
    def summary(inspected: Inspected, reached: bool) -> StoreSummary:
        base, _ = case("OBJ-11", "a website without personal data")
        assert base.summary is not None
        return dataclasses.replace(base.summary, inspected=inspected, bound_reached=reached)

    absent = ev("access_logging", State.ABSENT)
    finding = asked("OBJ-08", absent, summary=summary(Inspected.ALL, True))
    assert finding is not None
    assert finding.severity is Severity.LOW
    finding = asked("OBJ-08", absent, summary=summary(Inspected.SAMPLED, False))
    assert finding is not None
    assert finding.severity is Severity.MEDIUM
    assert "not assessed" in finding.severity_reason


# --- findings -------------------------------------------------------------------------


def test_unknown_says_what_is_missing_and_what_it_would_be() -> None:
    denied = ev(
        "anonymous_read_blocked", State.UNKNOWN, Basis.DENIED, reason="s3:GetBucketPolicy was refused"
    )
    finding = asked("OBJ-01", denied)
    assert finding is not None
    assert finding.severity is None
    assert finding.would_be is Severity.HIGH
    assert finding.severity_reason.startswith("would be High")
    assert finding.missing == ("anonymous_read_blocked",)
    assert finding.evidence == (denied,)
    assert "s3:GetBucketPolicy was refused" in finding.explanation
    assert "Grant the permission" in finding.remedy


def test_missing_inputs_come_from_the_rule_and_only_from_the_part_that_gave_no_answer() -> None:
    finding = asked("OBJ-07", ev("customer_managed_key", State.ABSENT))
    assert finding is not None
    assert finding.missing == ("context.require_customer_managed_key", "holdings")
    assert finding.evidence == ()
    finding = asked("OBJ-06")
    assert finding is not None
    assert finding.missing == ("min_tls_version", "tls_enforced")
    finding = asked("OBJ-04", ev("external_accounts", State.PRESENT, value=("1",)))
    assert finding is not None
    assert finding.missing == ("context.trusted_accounts",)
    assert "trusted_accounts" in finding.remedy


def test_the_register_is_the_departments_own_so_silence_is_known_but_unread_tags_are_not() -> None:
    def owner(*evidence: Evidence, **fields: object) -> object:
        context = Context(TODAY, registrations={BUCKET.id: Registration(**fields)})  # type: ignore[arg-type]
        return inputs_for(Subject(None, BUCKET, evidence=evidence), context).bound.get("register.has_owner")

    assert owner() is False
    assert owner(ev("owner_tag", State.ABSENT)) is False
    assert owner(ev("owner_tag", State.NOT_APPLICABLE)) is False
    assert owner(ev("owner_tag", State.UNKNOWN, Basis.DENIED)) is None
    assert owner(ev("owner_tag", State.PRESENT, value="Head of Housing")) is True
    assert owner(ev("owner_tag", State.UNKNOWN, Basis.DENIED), owner="Head of Housing") is True


@pytest.mark.parametrize(
    ("regime", "expected"),
    [
        ("uk_gdpr", {"uk_gdpr"}),
        ("dpa2018_part3", {"dpa2018_part3"}),
        ("both", {"uk_gdpr", "dpa2018_part3"}),
    ],
)
def test_only_law_that_applies_is_cited(regime: str, expected: set[str]) -> None:
    context = Context(TODAY, registrations={BUCKET.id: Registration(legal_regime=regime)})
    for each in RULES.rules:
        finding = asked(each.id, *(ev(s, State.ABSENT) for s in each.safeguards), context=context)
        if finding is not None:
            assert {"uk_gdpr", "dpa2018_part3"} & set(finding.references) <= expected
    finding = asked("OBJ-01", ev("anonymous_read_blocked", State.ABSENT), context=context)
    assert finding is not None
    assert {"uk_gdpr", "dpa2018_part3"} & set(finding.references) == expected


def test_a_remedy_in_the_providers_own_words() -> None:
    absent = ev("anonymous_read_blocked", State.ABSENT)
    assert "Block Public Access" in asked("OBJ-01", absent).remedy  # type: ignore[union-attr]
    elsewhere = Subject(None, dataclasses.replace(BUCKET, provider="s3"), evidence=(absent,))
    assert judge(elsewhere, BARE, rule("OBJ-01")).remedy == rule("OBJ-01").remedy  # type: ignore[union-attr]


def test_fingerprints_are_stable_and_tell_subjects_rules_and_places_apart() -> None:
    base = fingerprint("aws:s3:::example", "OBJ-01", Place())
    assert base == "d45671946b140d009fc4", "a change here reopens every finding of every department"
    others = {
        fingerprint("aws:s3:::other", "OBJ-01", Place()),
        fingerprint("aws:s3:::example", "OBJ-02", Place()),
        fingerprint("aws:s3:::example", "OBJ-01", Place((("prefix", "a"),))),
        fingerprint("aws:s3:::example", "OBJ-01", Place((("object", "a"),))),
    }
    assert len(others | {base}) == 5


# --- strength -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "strength"), [(Basis.EXPLICIT, 3), (Basis.PROVIDER_DEFAULT, 2), (Basis.COMPUTED, 1)]
)
@pytest.mark.parametrize("state", [State.PRESENT, State.ABSENT])
def test_strength_is_that_of_the_deciding_evidence(basis: Basis, strength: int, state: State) -> None:
    finding = asked("OBJ-08", ev("access_logging", state, basis))
    assert finding is not None
    assert finding.strength == strength


def test_strength_looks_only_at_what_decides() -> None:
    record = Context(TODAY, registrations={BUCKET.id: Registration(system_of_record=True)})
    weak, strong = Basis.PROVIDER_DEFAULT, Basis.EXPLICIT
    either = (ev("versioning", State.PRESENT, strong), ev("soft_delete", State.PRESENT, weak),
              ev("object_lock", State.ABSENT, weak))  # fmt: skip
    assert asked("OBJ-10", *either, context=record).strength == 3  # type: ignore[union-attr]
    none = tuple(dataclasses.replace(e, state=State.ABSENT) for e in either)
    assert asked("OBJ-10", *none, context=record).strength == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("inspected", "reached", "strength"),
    [(Inspected.ALL, True, 3), (Inspected.SAMPLED, True, 2), (Inspected.SAMPLED, False, 1)],
)
def test_strength_of_what_was_read(inspected: Inspected, reached: bool, strength: int) -> None:
    subject, context = case("OWN-01", "nobody is named")
    assert subject.summary is not None
    summary = dataclasses.replace(subject.summary, inspected=inspected, bound_reached=reached)
    finding = judge(dataclasses.replace(subject, summary=summary), context, rule("OWN-01"))
    assert finding is not None
    assert finding.strength == strength


# --- faults of rules ------------------------------------------------------------------


def test_a_faulty_rule_is_a_problem_once_and_never_a_finding() -> None:
    bad = dataclasses.replace(
        rule("OBJ-08"),
        id="BAD-01",
        require=compile_condition("int(store.name) > 3", ("store",)),
        file=Path("bad.yaml"),
    )
    subjects = [Subject(None, dataclasses.replace(BUCKET, id=f"aws:s3:::b{i}")) for i in range(3)]
    with pytest.raises(RuleError, match="gave no answer although all its inputs were known"):
        judge(subjects[0], BARE, bad)
    problems: list[Problem] = []
    findings = list(judge_all(subjects, BARE, [bad, rule("OBJ-08")], problems.append))
    assert [f.rule_id for f in findings] == ["OBJ-08"] * 3
    assert [p.file for p in problems] == ["bad.yaml"]


# --- properties -----------------------------------------------------------------------

CASES = [(r, e) for r in RULES.rules for e in r.examples if e.verdict in (Verdict.PASS, Verdict.FAIL)]
DOUBT = st.sampled_from([Basis.DENIED, Basis.FAILED, Basis.NOT_OBSERVABLE, Basis.COMPUTED])


def verdict_of(subject: Subject, context: Context, each: Rule) -> Verdict:
    finding = judge(subject, context, each)
    return Verdict.NOT_APPLICABLE if finding is None else finding.verdict


def unseen(subject: Subject) -> Subject:
    """As if nothing further could be read: holdings seen stay, the store is no longer bounded."""
    if subject.summary is None:
        return subject
    none = dataclasses.replace(subject.summary, inspected=Inspected.SAMPLED, bound_reached=False, bound=None)
    held = tuple(
        dataclasses.replace(h, records=dataclasses.replace(h.records, method="scaled"))
        for h in subject.holdings
    )
    return dataclasses.replace(subject, summary=none, holdings=held)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(CASES), st.data())
def test_knowing_less_never_turns_a_verdict_round(pair: tuple[Rule, object], data: st.DataObject) -> None:
    each, example = pair
    subject: Subject = example.subject  # type: ignore[attr-defined]
    context: Context = example.context  # type: ignore[attr-defined]
    # Any states for the safeguards it names, not only those of the example.
    states = st.sampled_from([State.PRESENT, State.ABSENT])
    evidence = list(subject.evidence)
    for name in each.safeguards:
        if SAFEGUARDS[name].type == "bool":
            evidence = [e for e in evidence if e.safeguard != name]
            evidence.append(ev(name, data.draw(states), place=subject.place))
    subject = dataclasses.replace(subject, evidence=tuple(evidence))
    before = verdict_of(subject, context, each)
    lost = data.draw(st.integers(-3, len(evidence) - 1))
    if lost == -1:
        subject = unseen(subject)
    elif lost == -2:
        context = dataclasses.replace(
            context, approved_regions=None, trusted_accounts=None, require_masking=None,
            require_customer_managed_key=None,
        )  # fmt: skip
    elif lost == -3 and subject.store is not None:
        store = dataclasses.replace(subject.store, environment=None, tags=None)
        subject = dataclasses.replace(subject, store=store)
    elif lost >= 0:
        unknown = dataclasses.replace(evidence[lost], state=State.UNKNOWN, value=None, basis=data.draw(DOUBT))
        changed = tuple(unknown if i == lost else e for i, e in enumerate(evidence))
        subject = dataclasses.replace(subject, evidence=changed)
    after = verdict_of(subject, context, each)
    assert {before, after} != {Verdict.PASS, Verdict.FAIL}


def subjects_of(each: Rule) -> list[Subject]:
    if "scope" in each.applies_to.subjects:
        kind, provider = (
            (each.applies_to.kinds or ("account",))[0],
            (each.applies_to.providers or ("aws",))[0],
        )
        return [Subject(Scope("s", kind, provider, "s"), None)]
    out = []
    for kind in each.applies_to.kinds or ("bucket", "database", "share"):
        for provider in each.applies_to.providers or ("aws", "azure", "gcp", "sql", "files"):
            store = Store("x", "s", kind, provider, "example")
            out.append(Subject(None, store))
            for place in each.applies_to.places or ("object", "table"):
                out.append(Subject(None, store, Place(((place, "backup/app.log"),))))
    return out


@pytest.mark.parametrize("each", RULES.rules, ids=lambda r: r.id)
def test_without_evidence_no_rule_passes(each: Rule) -> None:
    seen = set()
    for subject in subjects_of(each):
        seen.add(verdict_of(subject, BARE, each))
        denied = tuple(ev(s, State.UNKNOWN, Basis.DENIED, place=subject.place) for s in SAFEGUARDS)
        seen.add(verdict_of(dataclasses.replace(subject, evidence=denied), BARE, each))
    assert seen <= {Verdict.UNKNOWN, Verdict.NOT_APPLICABLE}


def test_judging_is_quick() -> None:
    import time

    place = Place((("object", "a/b.csv"),))
    subject, _ = case("RET-02", "one file is older")
    one: Holding = subject.holdings[0]
    holdings = tuple(dataclasses.replace(one, place=place.child("page", str(i))) for i in range(20_000))
    big = Subject(None, BUCKET, holdings=holdings, summary=subject.summary)
    start = time.process_time()
    findings = list(judge_all([big], BARE, RULES.rules))
    assert findings
    assert time.process_time() - start < 5


def test_what_could_not_change_the_answer_is_not_said_to_be_missing() -> None:
    """DB-10 asks one thing of live stores and another of declared ones."""
    rule = load_rules().get("DB-10")
    assert rule is not None
    for origin, wanted in ((Origin.LIVE, "engine_supported"), (Origin.DECLARED, "auto_minor_upgrade")):
        store = Store("x", "s", "database", "sql", "x", origin=origin)
        found = judge(Subject(None, store), Context(TODAY), rule)
        assert found is not None and found.verdict is Verdict.UNKNOWN
        assert found.missing == (wanted,)
