"""What scores promise, over invented estates: looking less never helps, getting better never hurts."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.maturity import Attestations, Control, Profile, Reference, profile
from scanner.maturity.attestations import Approval
from scanner.model import Gap, GapReason, Inspected, Report, Sensitivity, Stage, Verdict
from tests.maturity.made import DAY, FAIL, PASS, REFERENCE, RULES, START, STORE_RULES, UNKNOWN, Bucket, report

TINY = 1e-9
settings.register_profile("scores", max_examples=60, deadline=None)
settings.load_profile("scores")
_answers = st.sampled_from([PASS, FAIL, UNKNOWN, None])


@st.composite
def buckets(draw: st.DrawFn, name: str) -> Bucket:
    answers = {rule: draw(_answers) for rule in STORE_RULES}
    verdicts = {rule: answer for rule, answer in answers.items() if answer is not None}
    inspected = draw(st.sampled_from(list(Inspected)))
    band = st.sampled_from(list(Sensitivity))
    found = None if inspected is Inspected.NONE else draw(band)
    if inspected is Inspected.ALL and draw(st.booleans()):
        verdicts["RET-04"] = draw(st.sampled_from([PASS, FAIL, UNKNOWN]))
    return Bucket(name, verdicts, found, inspected)


@st.composite
def estates(draw: st.DrawFn) -> list[Bucket]:
    return [draw(buckets(f"bucket-{n}")) for n in range(draw(st.integers(1, 4)))]


APPROVED = Attestations((), Approval("pack-of-the-runs", "Head of Information Governance", START.date()))


def scored(*reports: Report, reference: Reference = REFERENCE) -> Profile:
    """Over three days at least, with the pack approved: levels up to 3 can be reached."""
    made = list(reports)
    first = min(reports, key=lambda r: r.run.finished)
    for days in (1, 2):
        at = first.run.finished - days * DAY
        made.append(
            dataclasses.replace(first, run=dataclasses.replace(first.run, id=f"e{days}", finished=at))
        )
    return profile(made, reference, APPROVED)


def lows(found: Profile) -> dict[str, float]:
    return {d.id: d.low for d in found.domains if d.low is not None}


def never_higher(before: Profile, after: Profile) -> None:
    old = lows(before)
    for domain, low in lows(after).items():
        assert low <= old.get(domain, 1.0) + TINY, domain
    levels = {d.id: d.level for d in before.domains}
    for d in after.domains:
        if d.level is not None and levels[d.id] is not None and d.low is not None:
            assert d.level <= (levels[d.id] or 0), d.id


def never_lower(before: Profile, after: Profile) -> None:
    new = lows(after)
    for domain, low in lows(before).items():
        assert new[domain] >= low - TINY, domain
    levels = {d.id: d.level for d in after.domains}
    for d in before.domains:
        assert (levels[d.id] or 0) >= (d.level or 0), d.id


@given(estates(), st.sampled_from(RULES))
def test_switching_a_rule_off_never_raises_a_score(estate: list[Bucket], rule: str) -> None:
    left = tuple(r for r in RULES if r != rule)
    never_higher(scored(report(estate)), scored(report(estate, rules=left)))


@given(estates(), st.sampled_from(RULES))
def test_nor_does_it_from_one_run_to_the_next(estate: list[Bucket], rule: str) -> None:
    left = tuple(r for r in RULES if r != rule)
    first = report(estate)
    later = START + DAY
    never_higher(
        scored(first, report(estate, later)), scored(first, report(estate, later, rules=left, pack="another"))
    )


@given(estates(), st.data())
def test_losing_a_permission_never_raises_a_score(estate: list[Bucket], data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, len(estate) - 1))
    poorer = [b.unreadable() if n == lost else b for n, b in enumerate(estate)]
    never_higher(scored(report(estate)), scored(report(poorer)))
    first, later = report(estate), START + DAY
    never_higher(scored(first, report(estate, later)), scored(first, report(poorer, later)))


@given(estates(), st.data())
def test_one_answer_lost_never_raises_a_score(estate: list[Bucket], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(estate) - 1))
    rule = data.draw(st.sampled_from(STORE_RULES))
    poorer = [b.with_verdict(rule, UNKNOWN) if n == at else b for n, b in enumerate(estate)]
    never_higher(scored(report(estate)), scored(report(poorer)))


@given(estates(), st.data())
def test_excluding_a_store_never_raises_a_score(estate: list[Bucket], data: st.DataObject) -> None:
    """Neither from the start, when nothing is known of it but its name, nor later."""
    out = data.draw(st.integers(0, len(estate) - 1))
    left = [b for n, b in enumerate(estate) if n != out]
    name = estate[out].id
    never_higher(scored(report(estate)), scored(report(left, excluded=[name])))
    first, later = report(estate), START + DAY
    never_higher(scored(first, report(estate, later)), scored(first, report(left, later, excluded=[name])))


@given(estates(), st.data(), st.sampled_from(list(Sensitivity)))
def test_leaving_out_a_folder_never_raises_a_score(
    estate: list[Bucket], data: st.DataObject, left: Sensitivity
) -> None:
    """What was in it (the most sensitive of the store, a place that fails) is seen no more."""
    at = data.draw(st.integers(0, len(estate) - 1))
    whole = estate[at]
    if whole.sensitivity is None:
        return
    rest = dataclasses.replace(whole, sensitivity=min(left, whole.sensitivity)).with_verdict("RET-04", None)
    poorer = report([rest if n == at else b for n, b in enumerate(estate)])
    gap = Gap(rest.id, Stage.LIST, GapReason.EXCLUDED, "excluded by a test", count=3)
    never_higher(scored(report(estate)), scored(dataclasses.replace(poorer, gaps=(gap,))))


@given(estates(), st.data())
def test_a_fail_turned_pass_never_lowers_a_score(estate: list[Bucket], data: st.DataObject) -> None:
    failing = [(n, rule) for n, b in enumerate(estate) for rule, v in b.verdicts.items() if v is FAIL]
    if not failing:
        return
    at, rule = data.draw(st.sampled_from(failing))
    better = [b.with_verdict(rule, PASS) if n == at else b for n, b in enumerate(estate)]
    never_lower(scored(report(estate)), scored(report(better)))


@given(estates(), st.data())
def test_an_answer_learnt_never_lowers_a_score_and_narrows_it(
    estate: list[Bucket], data: st.DataObject
) -> None:
    open_ = [(n, rule) for n, b in enumerate(estate) for rule, v in b.verdicts.items() if v is UNKNOWN]
    if not open_:
        return
    at, rule = data.draw(st.sampled_from(open_))
    answer = data.draw(st.sampled_from([PASS, FAIL]))
    better = [b.with_verdict(rule, answer) if n == at else b for n, b in enumerate(estate)]
    before, after = scored(report(estate)), scored(report(better))
    never_lower(before, after)
    for old, new in zip(before.domains, after.domains, strict=True):
        if old.high is not None and new.high is not None:
            assert new.high <= old.high + TINY
            assert new.coverage >= old.coverage - TINY


@given(estates(), st.data(), st.sampled_from(list(Sensitivity)))
def test_reading_what_was_not_read_never_lowers_a_score(
    estate: list[Bucket], data: st.DataObject, found: Sensitivity
) -> None:
    at = data.draw(st.integers(0, len(estate) - 1))
    # Places that were not read had no answer; what was found only rises by reading more.
    poorer = dataclasses.replace(estate[at], sensitivity=None, inspected=Inspected.NONE).with_verdict(
        "RET-04", None
    )
    richer = dataclasses.replace(poorer, sensitivity=found, inspected=Inspected.ALL)
    before = [poorer if n == at else b for n, b in enumerate(estate)]
    after = [richer if n == at else b for n, b in enumerate(estate)]
    never_lower(scored(report(before)), scored(report(after)))


@given(estates(), st.sampled_from(["D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9"]))
def test_a_rule_added_moves_a_score_the_way_it_answers(estate: list[Bucket], domain: str) -> None:
    added = Control("NEW-01", "new", domain, ("store",))
    more = Reference((*REFERENCE.controls, added), "more")

    def with_answer(verdict: Verdict) -> Profile:
        answered = [b.with_verdict("NEW-01", verdict) for b in estate]
        return scored(report(answered, rules=(*RULES, "NEW-01")), reference=more)

    before = scored(report(estate))
    never_lower(before, with_answer(PASS))
    never_higher(before, with_answer(FAIL))
    never_higher(before, with_answer(UNKNOWN))
    # A run that did not ask it yet: as unknown everywhere.
    assert lows(scored(report(estate), reference=more)) == lows(with_answer(UNKNOWN))


@given(estates())
def test_unknown_never_counts_as_pass(estate: list[Bucket]) -> None:
    blind = [b.unreadable() for b in estate]
    found = scored(report(blind))
    for d in found.domains:
        if d.id not in ("D1", "D10"):
            assert d.low == 0.0
            assert d.passed == 0
            assert d.level == 1
            assert d.coverage == 0.0


@given(estates())
def test_bounds_hold_and_the_order_of_runs_does_not_matter(estate: list[Bucket]) -> None:
    first, second = report(estate), report([b.unreadable() for b in estate], START + DAY)
    one, other = scored(first, second), scored(second, first)
    assert one == other
    for d in one.domains:
        if d.low is not None and d.high is not None:
            assert 0.0 <= d.low <= d.high <= 1.0
            assert d.level is not None
            assert d.could_be is not None
            assert d.level <= d.could_be


def test_leaving_out_where_the_personal_data_lay_does_not_do_away_with_its_missing_owner() -> None:
    """A case that was found at random: all that was left of the store held nothing personal."""
    answers = dict.fromkeys(STORE_RULES, PASS) | {"OWN-01": FAIL}
    whole = Bucket("bucket-0", answers, Sensitivity.S1, Inspected.ALL)
    rest = dataclasses.replace(whole, sensitivity=Sensitivity.S0)
    gap = Gap(rest.id, Stage.LIST, GapReason.EXCLUDED, "excluded by a test", count=3)
    never_higher(scored(report([whole])), scored(dataclasses.replace(report([rest]), gaps=(gap,))))
