"""Rows of the CSV files: what a report says, under the names of `columns`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from scanner.model import (
    Estimate,
    Finding,
    FindingHistory,
    Holding,
    Inspected,
    Place,
    StoreSummary,
)
from scanner.reporters import words
from scanner.reporters.cells import Cell, listed, shortened
from scanner.reporters.columns import SCHEMA_VERSION
from scanner.reporters.countries import country, restricted_transfer
from scanner.reporters.view import View, day

Row = dict[str, Cell]


def finding_rows(view: View) -> Iterator[Row]:
    for finding, entry in view.failing():
        yield _finding_row(view, finding, entry)


def holding_rows(view: View) -> Iterator[Row]:
    """One row per holding; a store without any still gets one."""
    for store in sorted(view.report.stores, key=lambda store: store.id):
        holdings = view.holdings.get(store.id, [])
        for holding in holdings:
            yield _holding_row(view, store.id, holding.place, (holding,))
        if not holdings:
            yield _holding_row(view, store.id, Place(), ())


def gap_rows(view: View) -> Iterator[Row]:
    for cause in words.unknowns_by_cause(view.report):
        yield _head(view) | {
            "subject": cause.subject,
            "subject_locator": cause.subject_id,
            "place": cause.place,
            "stage": cause.stage,
            "reason": cause.reason,
            "chosen": cause.chosen,
            "detail": cause.detail,
            "remedy": cause.remedy,
            "count": cause.count,
            "bytes": cause.bytes or None,
            "safeguards_unknown": listed(cause.safeguards),
            "rules_blocked": listed(cause.rules),
            "answers_missing": cause.findings,
            "would_be": cause.would_be.label if cause.would_be is not None else None,
        }


def _head(view: View) -> Row:
    return {
        "schema_version": SCHEMA_VERSION,
        "scan_id": view.report.run.id,
        "rulepack_version": view.report.run.rulepack_digest,
    }


def _subject(view: View, subject_id: str, place: Place) -> Row:
    """Register, store and location."""
    said = view.registration(subject_id)
    store = view.stores.get(subject_id)
    scope = view.scopes.get(subject_id)
    kind = store.kind if store is not None else scope.kind if scope is not None else "unknown"
    region = (store.region if store is not None else None) or said.location
    return {
        "department": said.department,
        "business_area": said.business_area,
        "information_asset": said.information_asset,
        "information_asset_owner": said.owner,
        "technical_owner": said.technical_owner,
        "owner_source": said.owner_source,
        "ropa_ref": said.ropa_ref,
        "dpia_ref": said.dpia_ref,
        "contract_ref": said.contract_ref,
        "store_type": kind,
        "store_name": view.name(subject_id),
        "store_locator": subject_id,
        "place": "" if place.is_store else place.text,
        "environment": said.environment or (store.environment if store is not None else None),
        "supplier": said.supplier,
        "location_region": region or "unknown",
        "location_country": country(region) or "unknown",
        "restricted_transfer_flag": restricted_transfer(region),
        "classification_declared": said.classification,
        "retention_rule": said.retention_rule,
    }


def _content(holdings: Sequence[Holding], summary: StoreSummary | None, whole_store: bool) -> Row:
    """What is held, and what that rests on."""
    inspected = summary is not None and summary.inspected is not Inspected.NONE
    special, special_types = words.art9(holdings, inspected)
    groups = words.individuals(holdings)
    records, people, method = _estimates(holdings, summary, whole_store)
    oldest = min((h.oldest for h in holdings if h.oldest is not None), default=None)
    if whole_store and summary is not None and summary.oldest is not None and holdings:
        oldest = summary.oldest
    return {
        "categories_of_personal_data": listed(words.categories(holdings))
        or ("none found" if inspected else "not inspected"),
        "categories_of_individuals": listed(groups),
        "individuals_basis": "inferred" if groups else "unknown",
        "art9_flag": special,
        "art9_types": listed(special_types),
        "art10_flag": words.art10(holdings, inspected),
        "children_flag": words.children(holdings),
        "records_low": records.low if records else None,
        "records_high": records.high if records else None,
        "individuals_low": people.low if people else None,
        "individuals_high": people.high if people else None,
        "estimate_method": method,
        "oldest_record_date": day(oldest),
        "evidence_masked": words.evidence_masked(holdings),
        "detector_confidence": words.confidence(holdings),
        "scan_coverage": _coverage(holdings, summary, whole_store),
        "sample_note": summary.note if summary is not None else "",
    }


def _estimates(
    holdings: Sequence[Holding], summary: StoreSummary | None, whole_store: bool
) -> tuple[Estimate | None, Estimate | None, str]:
    """The store's own estimates, or those of the one place. Several places of a store are not
    added up: the same people may be in more than one."""
    if summary is None or summary.inspected is Inspected.NONE:
        return None, None, "not inspected"
    if whole_store:
        records, people = summary.records, summary.individuals
    elif len(holdings) == 1:
        records, people = holdings[0].records, holdings[0].individuals
    else:
        return None, None, "see holdings.csv: several places" if holdings else "none found"
    return records, people, listed(dict.fromkeys((records.method, people.method)))


def _coverage(holdings: Sequence[Holding], summary: StoreSummary | None, whole_store: bool) -> str:
    if not whole_store and len(holdings) == 1 and holdings[0].coverage:
        return holdings[0].coverage
    return words.coverage_of(summary)


def _finding_row(view: View, finding: Finding, entry: FindingHistory | None) -> Row:
    holdings = view.behind(finding)
    summary = view.summaries.get(finding.subject_id)
    said = view.registration(finding.subject_id)
    state, reason = words.status(entry)
    sensitivity = max((h.sensitivity for h in holdings), default=None)
    if finding.place.is_store or sensitivity is None:
        sensitivity = summary.sensitivity if summary is not None else None
    content = _content(holdings, summary, finding.place.is_store)
    if finding.subject_kind == "scope":
        content |= {"categories_of_personal_data": "", "estimate_method": "", "scan_coverage": ""}
    return (
        _head(view)
        | {"finding_id": finding.fingerprint}
        | _subject(view, finding.subject_id, finding.place)
        | content
        | {
            "exposure": words.exposure_label(finding.exposure),
            "rule_id": finding.rule_id,
            "rule_title": finding.title,
            "safeguard_missing": listed(words.safeguards_missing(finding)),
            "severity": finding.severity.label if finding.severity is not None else "unknown",
            "impact_to_people": words.IMPACT[sensitivity]
            if sensitivity is not None
            else "unknown: content not inspected",
            "likelihood": words.likelihood(finding.exposure),
            "severity_reason": finding.severity_reason,
            "relevant_law": words.relevant_law(finding),
            "standard_reference": words.standards(finding),
            "plain_explanation": shortened(finding.explanation),
            "recommended_action": finding.remedy,
            "action_owner": (entry.assigned_to if entry is not None else None)
            or said.technical_owner
            or said.owner,
            "due_date": entry.due if entry is not None else None,
            "status": state,
            "status_reason": reason,
            "accepted_by": entry.accepted_by if entry is not None else None,
            "acceptance_expires": entry.acceptance_expires if entry is not None else None,
            "first_seen": day(entry.first_seen) if entry is not None else None,
            "last_seen": day(entry.last_seen) if entry is not None else None,
            "times_reopened": entry.times_reopened if entry is not None else None,
            "breach_triage": (entry.triage if entry is not None else "")
            or words.breach_triage(finding, entry, summary, holdings, said),
            "dpo_notes": entry.dpo_notes if entry is not None else "",
            "revision": entry.revision if entry is not None else 0,
        }
    )


def _holding_row(view: View, store_id: str, place: Place, holdings: Sequence[Holding]) -> Row:
    summary = view.summaries.get(store_id)
    inspected = summary.inspected if summary is not None else Inspected.NONE
    sensitivity = holdings[0].sensitivity if holdings else summary.sensitivity if summary else None
    test_data = any(h.mostly_test_data for h in holdings)
    return (
        _head(view)
        | {"holding_id": holding_id(store_id, place)}
        | _subject(view, store_id, place)
        | _content(holdings, summary, whole_store=place.is_store)
        | {
            "exposure": words.exposure_label(view.exposures.get(store_id)),
            "inspected": inspected.value,
            "sensitivity": sensitivity.name if sensitivity is not None else "not assessed",
            "mostly_test_data": test_data,
            "hidden_content": any(h.hidden for h in holdings),
        }
    )


def holding_id(store_id: str, place: Place) -> str:
    """Stable name of a holding: hash of store and reduced place."""
    steps = "\0".join(f"{kind}\1{name}" for kind, name in place.steps)
    return hashlib.sha256(f"{store_id}\0{steps}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
