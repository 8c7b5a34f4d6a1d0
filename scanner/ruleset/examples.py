"""The examples beside a rule: a few words to a whole `Subject` and `Context`.

All names, places and counts in examples are invented.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from scanner.model import (
    WHOLE_STORE,
    Basis,
    Context,
    Estimate,
    Evidence,
    Holding,
    HoldingType,
    Inspected,
    Origin,
    Place,
    Presence,
    Registration,
    Scope,
    Sensitivity,
    State,
    Store,
    StoreSummary,
    Subject,
    Verdict,
    entity,
)
from scanner.ruleset.rule import AppliesTo, Example
from scanner.safeguards import SAFEGUARDS
from scanner.yamlfile import Document, Path

TODAY = dt.date(2026, 1, 1)
"""Examples read no clock either."""

VERDICTS = {
    "pass": Verdict.PASS,
    "fail": Verdict.FAIL,
    "cannot-tell": Verdict.UNKNOWN,
    "not-applicable": Verdict.NOT_APPLICABLE,
}
_STATES = {
    "present": (State.PRESENT, Basis.EXPLICIT),
    "absent": (State.ABSENT, Basis.EXPLICIT),
    "default": (State.PRESENT, Basis.PROVIDER_DEFAULT),
    "denied": (State.UNKNOWN, Basis.DENIED),
    "unknown": (State.UNKNOWN, Basis.NOT_OBSERVABLE),
    "computed": (State.UNKNOWN, Basis.COMPUTED),
    "not applicable": (State.NOT_APPLICABLE, Basis.EXPLICIT),
}
_READ = {
    "all": (Inspected.ALL, True, 0.0),
    "sample": (Inspected.SAMPLED, True, 0.0009),
    "part": (Inspected.SAMPLED, False, None),
    "none": (Inspected.NONE, False, None),
}
_GIVEN = (
    "scope", "store", "place", "safeguards", "safeguards_here", "holdings", "read", "context", "register",
)  # fmt: skip
_HOLDING = (
    "place", "types", "possible", "columns", "sensitivity", "records", "individuals", "free_text", "hidden",
    "test_data", "oldest_days", "partly_read",
)  # fmt: skip
_CONTEXT = tuple(f.name for f in dataclasses.fields(Context) if f.name not in ("today", "registrations"))
_REGISTER = tuple(f.name for f in dataclasses.fields(Registration))
_STORE_ID = "example:store"
_SCOPE_ID = "example:scope"


def read_example(doc: Document, at: Path, applies_to: AppliesTo) -> Example | None:
    """One entry of `examples:`; None where it is too wrong to go on (what is wrong was noted)."""
    before = len(doc.problems)
    doc.keys(at, ("name", "verdict", "given"))
    name = doc.string((*at, "name"), required=True)
    verdict = doc.choice((*at, "verdict"), VERDICTS, required=True)
    given: Path = (*at, "given")
    doc.keys(given, _GIVEN)
    registration = _registration(doc, (*given, "register"))
    context = _context(doc, (*given, "context"), registration)
    subject = _subject(doc, given, applies_to)
    if len(doc.problems) > before or subject is None:
        return None
    return Example(name, VERDICTS[verdict], subject, context, doc.position(at)[0])


def _subject(doc: Document, given: Path, applies_to: AppliesTo) -> Subject | None:
    place = Place(
        tuple((kind, str(doc.get((*given, "place", kind)))) for kind in doc.get((*given, "place")) or {})
    )
    if "scope" in applies_to.subjects:
        scope = _scope(doc, (*given, "scope"), applies_to)
        return Subject(scope, None, evidence=_evidence(doc, (*given, "safeguards"), scope.id, WHOLE_STORE))
    store = _store(doc, (*given, "store"), applies_to)
    if applies_to.subjects == ("place",) and not place.steps:
        doc.note(given, "needs a place, such as {table: cases}")
        return None
    here = _evidence(doc, (*given, "safeguards_here"), store.id, place)
    evidence = (*_evidence(doc, (*given, "safeguards"), store.id, WHOLE_STORE), *here)
    entries = doc.get((*given, "holdings")) or []
    holdings = tuple(_holding(doc, (*given, "holdings", i), place) for i in range(len(entries)))
    read = doc.choice((*given, "read"), _READ) or ("all" if holdings else "none")
    return Subject(None, store, place, evidence, holdings, _summary(store.id, read, holdings))


def _scope(doc: Document, at: Path, applies_to: AppliesTo) -> Scope:
    doc.keys(at, ("kind", "provider", "name", "tags"))
    return Scope(
        _SCOPE_ID,
        doc.string((*at, "kind")) or (applies_to.kinds or ("account",))[0],
        doc.string((*at, "provider")) or (applies_to.providers or ("aws",))[0],
        doc.string((*at, "name")) or "example",
        doc.get((*at, "tags")) or {},
    )


def _store(doc: Document, at: Path, applies_to: AppliesTo) -> Store:
    doc.keys(at, ("kind", "provider", "name", "region", "environment", "tags", "origin"))
    return Store(
        id=_STORE_ID,
        scope_id=_SCOPE_ID,
        kind=doc.string((*at, "kind")) or (applies_to.kinds or ("bucket",))[0],
        provider=doc.string((*at, "provider")) or (applies_to.providers or ("aws",))[0],
        name=doc.string((*at, "name")) or "example",
        region=doc.string((*at, "region")) or None,
        environment=doc.string((*at, "environment")) or None,
        tags=doc.get((*at, "tags")),
        origin=Origin(doc.choice((*at, "origin"), [o.value for o in Origin]) or "live"),
    )


def _evidence(doc: Document, at: Path, subject_id: str, place: Place) -> tuple[Evidence, ...]:
    given = doc.get(at) or {}
    if not isinstance(given, dict):
        doc.note(at, "needs safeguards and what is known of them")
        return ()
    out = []
    for name, word in given.items():
        safeguard = SAFEGUARDS.get(name)
        if safeguard is None:
            doc.note((*at, name), f"no safeguard is called {name}")
            continue
        value: Any = None
        if isinstance(word, str) and word in _STATES:
            state, basis = _STATES[word]
        elif safeguard.type == "bool":
            doc.note((*at, name), f"needs one of {', '.join(_STATES)}")
            continue
        else:
            state, basis = State.PRESENT, Basis.EXPLICIT
            value = tuple(word) if isinstance(word, list) else word
        out.append(Evidence(subject_id, name, state, basis, "example", value, place=place))
    return tuple(out)


def _holding(doc: Document, at: Path, inside: Place) -> Holding:
    """`types` are seen for certain, `possible` are mentions; both are entity types."""
    doc.keys(at, _HOLDING)
    column = (*doc.strings((*at, "columns")), "")[0]
    test = doc.flag((*at, "test_data"))
    hidden = doc.flag((*at, "hidden"))

    def one(name: str, presence: Presence) -> HoldingType:
        return HoldingType(name, column, 10, 10, Estimate(10, 10), "", presence, float(test), 10 * hidden)

    types = tuple(one(name, Presence.YES) for name in doc.strings((*at, "types")))
    types += tuple(one(name, Presence.POSSIBLE) for name in doc.strings((*at, "possible")))
    sure = [entity(t.entity_type) for t in types if t.presence is Presence.YES]
    special: dict[str, Presence] = {}
    for item in types:
        category = entity(item.entity_type).special
        if category and special.get(category) is not Presence.YES:
            special[category] = item.presence
    offence = Presence.YES if any(e.offence for e in sure) else Presence.NOT_FOUND
    if offence is Presence.NOT_FOUND and any(entity(t.entity_type).offence for t in types):
        offence = Presence.POSSIBLE
    records = doc.number((*at, "records"), 10)
    people = doc.number((*at, "individuals"), records)
    days = doc.number((*at, "oldest_days"), -1)
    oldest = None
    if days >= 0:
        oldest = dt.datetime.combine(TODAY, dt.time(), dt.UTC) - dt.timedelta(days=days)
    place = doc.string((*at, "place"))
    found = max((e.sensitivity for e in sure), default=Sensitivity.S1)
    return Holding(
        store_id=_STORE_ID,
        place=Place((("object", place),)) if place else inside,
        types=types,
        sensitivity=Sensitivity(min(doc.number((*at, "sensitivity"), found), 3)),
        records_examined=records,
        records=Estimate(records, records, "scaled" if doc.flag((*at, "partly_read")) else "counted"),
        individuals=Estimate(people, people),
        special_categories=special,
        criminal_offence=offence,
        test_range_share=float(test),
        mostly_test_data=test,
        oldest=oldest,
        newest=oldest,
        free_text=doc.flag((*at, "free_text")),
        hidden=hidden,
    )


def _summary(store_id: str, read: str, holdings: tuple[Holding, ...]) -> StoreSummary:
    inspected, reached, bound = _READ[read]
    real = [h for h in holdings if not h.mostly_test_data]
    people = max((h.individuals.low for h in real), default=0)
    nothing = Presence.NOT_ASSESSED if inspected is Inspected.NONE else Presence.NOT_FOUND
    assessed = None if inspected is Inspected.NONE else Sensitivity.S0
    return StoreSummary(
        store_id=store_id,
        inspected=inspected,
        bound_reached=reached,
        bound=bound,
        strata=(),
        sensitivity=max((h.sensitivity for h in real), default=assessed),
        personal=_strongest(real) if real else nothing,
        records=Estimate(0, 0),
        individuals=Estimate(people, people),
        test_range_share=0.0,
        mostly_test_data=bool(holdings) and all(h.mostly_test_data for h in holdings),
    )


def _strongest(holdings: list[Holding]) -> Presence:
    sure = any(t.presence is Presence.YES for h in holdings for t in h.types)
    return Presence.YES if sure else Presence.POSSIBLE


def _context(doc: Document, at: Path, registration: Registration) -> Context:
    values = _values(doc, at, _CONTEXT)
    base = Context(today=TODAY, registrations={_STORE_ID: registration, _SCOPE_ID: registration})
    return dataclasses.replace(base, **values)


def _registration(doc: Document, at: Path) -> Registration:
    values = _values(doc, at, _REGISTER)
    for key in ("intended_public_date", "access_reviewed", "restore_tested"):
        if isinstance(day := values.get(key), str):
            try:
                values[key] = dt.date.fromisoformat(day)
            except ValueError:
                doc.note((*at, key), "needs a date such as 2025-04-01")
    return dataclasses.replace(Registration(), **values)


def _values(doc: Document, at: Path, allowed: tuple[str, ...]) -> dict[str, Any]:
    """Fields by name, lists as tuples; YAML's reading of 1.2 as a number is noted."""
    out: dict[str, Any] = {}
    for key, value in doc.keys(at, allowed).items():
        if isinstance(value, float):
            doc.note((*at, key), "needs a text (put it in quotes)")
        elif key in allowed:
            out[key] = tuple(value) if isinstance(value, list) else value
    return out
