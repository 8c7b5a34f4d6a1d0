"""Facts and a rule to a finding, in three-valued logic. Reads no clock, does no I/O.

A rule says "when W, then R". Its verdict is NOT_APPLICABLE where W is false, PASS where R is
true, FAIL where W is true and R is false, and UNKNOWN otherwise. A safeguard that the rule
names and that does not apply to the subject takes the rule away before any logic.

**Strength** of a verdict (`Finding.strength`), so that a finding is called fixed only on
evidence no weaker than before: the weakest of the inputs that decide, where one may choose,
by the strongest set that decides alone.

    3  stated explicitly; content read whole
    2  provider default; content sampled to the bound
    1  computed after apply; content read in part
    0  nothing decided (UNKNOWN)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from scanner.errors import Problem, RuleError
from scanner.explain import explanation, remedy
from scanner.inputs import CONTENT, FULL_STRENGTH, Inputs, inputs_for
from scanner.model import (
    Context,
    Evidence,
    Exposure,
    Finding,
    Place,
    Registration,
    Severity,
    State,
    Subject,
    Verdict,
)
from scanner.ruleset.cel import Answer, Quantifier, RuleFault
from scanner.ruleset.rule import Rule
from scanner.ruleset.variables import VARIABLES
from scanner.severity import UNKNOWN_EXPOSURE, severity

MOST_PLACES = 50
"""A finding lists at most this many places, the most sensitive first; its store's holdings are
in the report in full."""

_Answers = tuple[Answer, Answer]


def judge(subject: Subject, context: Context, rule: Rule) -> Finding | None:
    """The rule's verdict on one subject; None where the rule does not apply to it.

    Raises RuleError if the rule itself is at fault (all its inputs were known and it gave no
    answer): a bug in the rule is never a finding.
    """
    return _judge(subject, rule, inputs_for(subject, context))


def judge_all(
    subjects: Iterable[Subject],
    context: Context,
    rules: Sequence[Rule],
    on_problem: Callable[[Problem], None] | None = None,
    on_inapplicable: Callable[[str, int], None] | None = None,
) -> Iterator[Finding]:
    """Every rule's verdict on every subject, but for those that do not apply.

    A rule at fault raises RuleError, or with `on_problem` is reported there once and asked no more.
    `on_inapplicable` is told fingerprint and strength where a rule was asked and the facts took it
    away: an earlier finding of it may then be fixed.
    """
    faulty: set[str] = set()
    for subject in subjects:
        inputs = inputs_for(subject, context)
        for rule in rules:
            if rule.id in faulty:
                continue
            try:
                finding = _judge(subject, rule, inputs)
            except RuleError as error:
                if on_problem is None:
                    raise
                faulty.add(rule.id)
                for problem in error.problems:
                    on_problem(problem)
                continue
            if finding is not None:
                yield finding
            elif on_inapplicable is not None and applies(subject, rule):
                on_inapplicable(fingerprint(subject.id, rule.id, subject.place), _waived(rule, inputs))


def yielding(findings: Iterable[Finding], rules: Iterable[Rule]) -> frozenset[str]:
    """Fingerprints of findings that say less than a failure of the same subject (`Rule.yields_to`)."""
    graver = {rule.id: rule.yields_to for rule in rules if rule.yields_to}
    told = tuple(findings)
    failed = {(f.subject_id, f.place, f.rule_id) for f in told if f.verdict is Verdict.FAIL}
    return frozenset(
        one.fingerprint
        for one in told
        if one.verdict is not Verdict.PASS
        and any((one.subject_id, one.place, other) in failed for other in graver.get(one.rule_id, ()))
    )


def fingerprint(subject_id: str, rule_id: str, place: Place) -> str:
    """The same from run to run: no line, run id or value goes in; `place` is reduced."""
    text = "\0".join((subject_id, rule_id, *(part for step in place.steps for part in step)))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def applies(subject: Subject, rule: Rule) -> bool:
    """Whether the rule is meant for such a subject at all, whatever is known of it."""
    aim = rule.applies_to
    if subject.kind not in aim.subjects:
        return False
    asked = subject.store or subject.scope
    assert asked is not None
    if (aim.kinds and asked.kind not in aim.kinds) or (aim.providers and asked.provider not in aim.providers):
        return False
    if subject.kind == "place":
        if aim.places and subject.place.steps[-1][0] not in aim.places:
            return False
        if "store" in aim.subjects:
            # Else every place would repeat its store's finding.
            return any(e.place == subject.place and e.safeguard in rule.safeguards for e in subject.evidence)
    return True


def _judge(subject: Subject, rule: Rule, inputs: Inputs) -> Finding | None:
    if not applies(subject, rule):
        return None
    bound = _required(rule, inputs)
    if bound is None:
        return None
    answers = _ask(rule, inputs, bound)
    verdict = _verdict(answers)
    if verdict is Verdict.NOT_APPLICABLE:
        return None
    missing = _missing(rule, answers, bound, inputs) if verdict is Verdict.UNKNOWN else ()
    evidence = _behind(rule, inputs, missing)
    band, reason, reach = None, "", None
    if verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        band, reason, reach = _severity(subject, rule, inputs)
    failed = verdict is Verdict.FAIL
    asked = subject.store or subject.scope
    assert asked is not None
    return Finding(
        fingerprint=fingerprint(subject.id, rule.id, subject.place),
        rule_id=rule.id,
        title=rule.title,
        subject_id=subject.id,
        subject_kind=subject.kind,
        place=subject.place,
        verdict=verdict,
        severity=band if failed else None,
        would_be=None if failed else band,
        severity_reason=reason if failed or band is None else f"would be {reason}",
        exposure=reach,
        evidence=evidence,
        missing=missing,
        holdings=_places(rule, inputs, bound, failed),
        explanation=explanation(rule, verdict, missing, evidence, subject),
        remedy=remedy(rule, verdict, missing, evidence, asked.provider),
        references=_references(rule, inputs.registration),
        strength=0 if verdict is Verdict.UNKNOWN else _strength(rule, inputs, bound, verdict),
    )


def _waived(rule: Rule, inputs: Inputs) -> int:
    """How firmly it is known that a rule does not apply."""
    bound = _required(rule, inputs)
    if bound is not None:
        return _strength(rule, inputs, bound, Verdict.NOT_APPLICABLE)
    not_applicable = [
        item.basis.strength
        for name in rule.safeguards
        if (item := inputs.evidence.get(name)) is not None and item.state is State.NOT_APPLICABLE
    ]
    return min(not_applicable)


def _required(rule: Rule, inputs: Inputs) -> Mapping[str, object] | None:
    """The bound inputs; None if a safeguard the rule needs does not apply."""
    not_applicable = [
        name
        for name in rule.safeguards
        if (item := inputs.evidence.get(name)) is not None and item.state is State.NOT_APPLICABLE
    ]
    if not not_applicable:
        return inputs.bound
    if not set(not_applicable) <= set(rule.alternatives) or set(not_applicable) == set(rule.alternatives):
        return None
    return {**inputs.bound, **{f"safeguards.{name}": False for name in not_applicable}}


def _ask(rule: Rule, inputs: Inputs, bound: Mapping[str, object], blind: bool = False) -> _Answers:
    """(when, require). `blind` takes the holdings away."""
    holdings: Sequence[Mapping[str, object]] = () if blind else inputs.holdings
    more = blind or inputs.more
    try:
        when: Answer = True
        if rule.when is not None:
            when = rule.when.ask(bound, holdings, more)
        return when, rule.require.ask(bound, holdings, more)
    except RuleFault as fault:
        message = f"the rule gave no answer although all its inputs were known: {fault}"
        raise RuleError(Problem(message, str(rule.file), key=rule.id)) from fault


def _verdict(answers: _Answers) -> Verdict:
    when, require = answers
    if when is False:
        return Verdict.NOT_APPLICABLE
    if require is True:
        return Verdict.PASS
    if when is True and require is False:
        return Verdict.FAIL
    return Verdict.UNKNOWN


def _missing(rule: Rule, answers: _Answers, bound: Mapping[str, object], inputs: Inputs) -> tuple[str, ...]:
    """Inputs that were not known, of those expressions that gave no answer."""
    when, require = answers
    conditions = [c for c, a in ((rule.when, when), (rule.require, require)) if c is not None and a is None]
    named = sorted({name for condition in conditions for name in condition.inputs})
    out = [name for name in named if name not in bound and name != "holdings"]
    # What the register is known not to hold is no missing input (`has_retention_days` is false).
    out = [name for name in out if bound.get(name.replace("register.", "register.has_", 1)) is not False]
    out = [name for name in out if _matters(name, out, rule, bound, inputs)] or out
    words = ["holdings" if n in CONTENT else n.removeprefix("safeguards.") for n in out]
    if not words or ("holdings" in named and inputs.more):
        words.append("holdings")
    return tuple(dict.fromkeys(words))


def _matters(
    name: str, unknown: Sequence[str], rule: Rule, bound: Mapping[str, object], inputs: Inputs
) -> bool:
    """Whether an answer could hang on it: not where the others alone would decide, either way."""
    others = [n for n in unknown if n != name]
    if not others or any(VARIABLES[n].type != "bool" for n in others):
        return True
    return any(
        _verdict(_ask(rule, inputs, {**bound, **dict.fromkeys(others, said)})) is Verdict.UNKNOWN
        for said in (True, False)
    )


def _behind(rule: Rule, inputs: Inputs, missing: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Evidence of the safeguards the rule looks at; for UNKNOWN, of the missing ones."""
    names = rule.inputs
    if missing:
        names = tuple(n for n in names if n in missing or n.removeprefix("safeguards.") in missing)
    wanted = dict.fromkeys(s for name in names if name in VARIABLES for s in VARIABLES[name].safeguards)
    return tuple(inputs.evidence[s] for s in wanted if s in inputs.evidence)


def _severity(subject: Subject, rule: Rule, inputs: Inputs) -> tuple[Severity, str, Exposure | None]:
    store = subject.store
    reach = None
    if store is not None:
        reach = inputs.reach
        if reach is None and subject.seen_exposure is not None and subject.seen_exposure > UNKNOWN_EXPOSURE:
            reach = subject.seen_exposure
    band, reason = severity(
        rule.base,
        rule.sensitivity_raises,
        inputs.found,
        reach,
        inputs.registration,
        about_content=store is not None,
    )
    return band, reason, reach


def _places(rule: Rule, inputs: Inputs, bound: Mapping[str, object], failed: bool) -> tuple[Place, ...]:
    """Places of the holdings behind the verdict: those that a question to holdings turned on."""
    if not CONTENT & set(rule.inputs):
        return ()
    questions: tuple[Quantifier, ...] = ()
    if failed:
        asked = rule.when.quantifiers if rule.when else ()
        questions = (*rule.require.quantifiers, *(q for q in asked if q.kind == "exists"))
    pairs = list(zip(inputs.counted, inputs.holdings, strict=True))
    chosen = [h for h, fields in pairs if any(_turned_on(q, fields, bound) for q in questions)]
    if not chosen:
        chosen = list(inputs.counted)
    chosen.sort(key=lambda h: (-h.sensitivity, h.place))
    return tuple(h.place for h in chosen[:MOST_PLACES])


def _turned_on(question: Quantifier, fields: Mapping[str, object], bound: Mapping[str, object]) -> bool:
    return question.decides(question.about(fields, bound))


def _strength(rule: Rule, inputs: Inputs, bound: Mapping[str, object], verdict: Verdict) -> int:
    """Take inputs away, weakest first, as long as the verdict stands; the weakest left counts."""
    named = [n for n in rule.inputs if n in bound or n == "holdings"]
    taken: set[str] = set()
    for name in sorted(named, key=lambda n: (inputs.strength(n), n)):
        attempt = taken | {name}
        left = {key: value for key, value in bound.items() if key not in attempt}
        if _verdict(_ask(rule, inputs, left, blind="holdings" in attempt)) is verdict:
            taken = attempt
    return min((inputs.strength(n) for n in named if n not in taken), default=FULL_STRENGTH)


def _references(rule: Rule, registration: Registration) -> dict[str, tuple[str, ...]]:
    """Only law that applies to the store: Part 3 processing is not under the UK GDPR."""
    law = {"uk_gdpr": ("uk_gdpr",), "dpa2018_part3": ("dpa2018_part3",)}.get(
        registration.legal_regime, ("uk_gdpr", "dpa2018_part3")
    )
    return {
        key: values
        for key, values in rule.references.items()
        if key in law or key not in ("uk_gdpr", "dpa2018_part3")
    }
