"""What a rule may see of one subject: variables that are known, and holdings with known fields.

An input that is not known is left out of `Inputs.bound`; it never becomes null or a default.
A field of the department's register is different: the register is the department's own, so
what it does not say is known to be missing (`register.has_owner` is then false). Where a tag
could have said it and tags could not be read, it is left out after all.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from scanner.model import (
    Basis,
    Context,
    Evidence,
    Exposure,
    Holding,
    Inspected,
    Presence,
    Registration,
    State,
    StoreSummary,
    Subject,
    entity,
)
from scanner.resolve import resolve
from scanner.safeguards import SAFEGUARDS
from scanner.severity import NOT_INSPECTED, Found, found_in, intended, reached

FULL_STRENGTH = Basis.EXPLICIT.strength
CONTENT = frozenset({"holdings", "personal_data", "sensitivity"})
"""Inputs that come from what was read."""


@dataclasses.dataclass(frozen=True, slots=True)
class Inputs:
    """Everything about one subject, ready for every rule."""

    bound: Mapping[str, Any]
    holdings: tuple[Mapping[str, Any], ...]
    """One mapping of known fields for each of `counted`."""
    counted: tuple[Holding, ...]
    """Holdings of the subject that count as personal data."""
    more: bool
    """There may be holdings that were not seen."""
    evidence: Mapping[str, Evidence]
    """The one that holds here, by safeguard."""
    found: Found
    depth: int
    """How far the content was read: 3 all, 2 a sample to the bound, 1 part, 0 nothing."""
    registration: Registration
    reach: Exposure | None = None
    """Who can reach the store, by its settings; None where that cannot be told."""

    def strength(self, name: str) -> int:
        """How firmly a bound input is known: 3 explicit, 2 provider default, 1 computed, 0 not."""
        if name in CONTENT:
            return self.depth
        if name.startswith("safeguards."):
            item = self.evidence.get(name.partition(".")[2])
            return item.basis.strength if item else 0
        if name == "engine_supported":
            stated = (self.evidence.get(n) for n in ("engine_version_supported", "engine_version"))
            known = (e for e in stated if e is not None and e.state in (State.PRESENT, State.ABSENT))
            return min((e.basis.strength for e in known), default=0)
        return FULL_STRENGTH


def inputs_for(subject: Subject, context: Context) -> Inputs:
    evidence = resolve(subject.evidence, subject.place)
    registration = context.registration(subject.id)
    bound: dict[str, Any] = _safeguards(evidence) | _context(context)
    if subject.store is None:
        return Inputs(bound | _scope(subject), (), (), True, evidence, NOT_INSPECTED, 0, registration)
    own = [h for h in subject.holdings if subject.place.covers(h.place)]
    more = _open(subject, own)
    counted = tuple(h for h in own if context.treat_test_data_as_real or not h.mostly_test_data)
    summary = None if subject.place.steps else subject.summary
    found = found_in(own, summary, not more, context.treat_test_data_as_real)
    bound |= _store(subject, registration, evidence) | _register(registration, evidence)
    bound |= _dated("access_review", registration.access_reviewed, context)
    bound |= _dated("restore_test", registration.restore_tested, context)
    bound |= _engine(evidence, context)
    if found.personal is not None:
        bound["personal_data"] = found.personal
    if found.sensitivity is not None:
        bound["sensitivity"] = int(found.sensitivity)
    return Inputs(
        bound=bound,
        holdings=tuple(_fields(h, context) for h in counted),
        counted=counted,
        more=more,
        evidence=evidence,
        found=found,
        depth=_depth(subject.summary, own, more),
        registration=registration,
        reach=reached(evidence, subject.store.kind)[0],
    )


def _open(subject: Subject, own: list[Holding]) -> bool:
    """True if there may be holdings that were not seen.

    A single place is closed once it was read whole, however little was read of its store.
    """
    if subject.summary is not None and subject.summary.bound_reached:
        return False
    here = [h for h in own if h.place == subject.place]
    return not (subject.place.steps and here and all(h.records.method == "counted" for h in here))


def _depth(summary: StoreSummary | None, own: list[Holding], more: bool) -> int:
    if summary is not None and summary.inspected is Inspected.ALL and not more:
        return 3
    if not more:
        return 2
    return 1 if own or (summary is not None and summary.inspected is not Inspected.NONE) else 0


def _safeguards(evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    for name, item in evidence.items():
        safeguard = SAFEGUARDS.get(name)
        if safeguard is None or item.state in (State.UNKNOWN, State.NOT_APPLICABLE):
            continue
        if safeguard.type == "bool":
            bound[f"safeguards.{name}"] = item.state is State.PRESENT
            continue
        value = item.value
        if value is None and item.state is State.ABSENT:
            value = safeguard.absent
        if _fits(value, safeguard.type):
            bound[f"safeguards.{name}"] = list(value) if isinstance(value, tuple) else value
    return bound


def _fits(value: Any, kind: str) -> bool:
    """A value of another type than declared is as good as none: a connector's slip is no verdict."""
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


def _context(context: Context) -> dict[str, Any]:
    given = {
        "context.approved_regions": _listed(context.approved_regions),
        "context.trusted_accounts": _listed(context.trusted_accounts),
        "context.mandatory_tags": _listed(context.mandatory_tags),
        "context.minimum_tls": context.minimum_tls,
        "context.require_customer_managed_key": context.require_customer_managed_key,
        "context.require_masking": context.require_masking,
    }
    return {name: value for name, value in given.items() if value is not None}


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _scope(subject: Subject) -> dict[str, Any]:
    scope = subject.scope
    assert scope is not None
    return {
        "scope.kind": scope.kind,
        "scope.provider": scope.provider,
        "scope.name": scope.name,
        "scope.tags": dict(scope.tags),
    }


def _store(subject: Subject, register: Registration, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    store = subject.store
    assert store is not None
    bound: dict[str, Any] = {
        "store.kind": store.kind,
        "store.provider": store.provider,
        "store.name": store.name,
        "store.origin": store.origin.value,
    }
    seen = evidence.get("region")
    stated = seen.value if seen is not None and isinstance(seen.value, str) else None
    if region := store.region or stated or register.location:
        bound["store.region"] = region
    if environment := register.environment or store.environment:
        bound["store.environment"] = environment
    if store.tags is not None:
        bound["store.tags"] = dict(store.tags)
    if subject.place.steps:
        kind, name = subject.place.steps[-1]
        bound |= {"place.kind": kind, "place.name": name, "place.text": subject.place.text}
    known = bool(region) or _recorded(None, seen)
    return bound if known is None else bound | {"register.has_location": known}


def _register(register: Registration, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    retention = register.retention_rule or (None if register.retention_days is None else "days")
    tag = evidence.get("classification_tag")
    tagged = tag.value if tag is not None and isinstance(tag.value, str) else None
    either = {
        "register.has_owner": _recorded(register.owner, evidence.get("owner_tag")),
        "register.has_ropa_ref": _recorded(register.ropa_ref, evidence.get("asset_register_ref")),
        "register.has_retention": _recorded(retention, evidence.get("retention_tag")),
        "register.has_classification": _recorded(register.classification, tag),
        "register.has_dpia_ref": bool(register.dpia_ref),
        "register.has_contract_ref": bool(register.contract_ref),
        "register.has_supplier": bool(register.supplier),
        "register.has_declared_categories": register.declared_categories is not None,
        "register.has_retention_days": register.retention_days is not None,
        "register.retention_days": register.retention_days,
        "register.declared_categories": _listed(register.declared_categories),
        "register.classification": register.classification or tagged,
        "register.system_of_record": register.system_of_record,
        "register.intended_public": intended(register),
        "register.legal_regime": register.legal_regime,
    }
    return {name: value for name, value in either.items() if value is not None}


def _dated(what: str, day: dt.date | None, context: Context) -> dict[str, Any]:
    """Something done on a day; one that is still to come has not been done."""
    if day is None or day > context.today:
        return {f"register.has_{what}": False}
    return {f"register.has_{what}": True, f"register.{what}_days": (context.today - day).days}


def _recorded(value: str | None, tag: Evidence | None) -> bool | None:
    """Recorded in the register, or by a tag; None if it is not and the tags could not be read."""
    if value:
        return True
    if tag is None or tag.state in (State.ABSENT, State.NOT_APPLICABLE):
        return False
    return True if tag.state is State.PRESENT else None


def _engine(evidence: Mapping[str, Evidence], context: Context) -> dict[str, Any]:
    """The department's own lowest version of an engine goes before the vendor's dates.

    Where the department named any and the version is unknown, it is unknown which of the two
    holds, whatever the vendor's dates say.
    """
    if context.supported_engines:
        version = evidence.get("engine_version")
        if version is None or version.state is not State.PRESENT or not isinstance(version.value, str):
            return {}
        engine, _, number = version.value.strip().partition(" ")
        lowest = {name.lower(): text for name, text in context.supported_engines.items()}.get(engine.lower())
        if lowest is not None:
            have, need = _numbers(number), _numbers(lowest)
            return {"engine_supported": have >= need} if have and need else {}
    stated = evidence.get("engine_version_supported")
    if stated is not None and stated.state in (State.PRESENT, State.ABSENT):
        return {"engine_supported": stated.state is State.PRESENT}
    return {}


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\s*(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _fields(holding: Holding, context: Context) -> dict[str, Any]:
    """The fields of `variables.HOLDING_FIELDS` that are known of one holding."""
    sure = [t for t in holding.types if t.presence is Presence.YES]
    maybe = sorted({t.entity_type for t in holding.types} - {t.entity_type for t in sure})
    special = [c for c, presence in sorted(holding.special_categories.items()) if presence is Presence.YES]
    possible = [c for c, p in sorted(holding.special_categories.items()) if p is Presence.POSSIBLE]
    offence = holding.criminal_offence
    fields: dict[str, Any] = {
        "place": holding.place.text,
        "place_kind": holding.place.steps[-1][0] if holding.place.steps else "",
        "types": sorted({t.entity_type for t in sure}),
        "possible_types": maybe,
        "columns": sorted({t.column for t in holding.types if t.column and entity(t.entity_type).personal}),
        "special_categories": special,
        "possible_categories": possible + (["criminal offence"] if offence is Presence.POSSIBLE else []),
        "possible": bool(possible) or offence is Presence.POSSIBLE,
        "sensitivity": int(holding.sensitivity),
        "records": holding.records.low,
        "individuals": holding.individuals.low,
        "free_text": holding.free_text,
        "hidden": holding.hidden,
        "mostly_test": holding.mostly_test_data,
    }
    if special or not possible:
        fields["special"] = bool(special)
    if offence in (Presence.YES, Presence.NOT_FOUND):
        fields["offence"] = offence is Presence.YES
    if holding.oldest is not None:
        fields["oldest_days"] = (context.today - _day(holding.oldest)).days
    return fields


def _day(moment: dt.datetime) -> dt.date:
    return (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date()
