"""Plain wording for people, shared by the reporters and the terminal summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scanner.model import (
    Exposure,
    Finding,
    FindingHistory,
    Holding,
    HoldingType,
    Inspected,
    Observed,
    Presence,
    Registration,
    Sensitivity,
    State,
    StoreSummary,
    Workflow,
    entity,
)
from scanner.reporters.causes import CONFIGURATION, Cause, unknowns_by_cause
from scanner.safeguards import SAFEGUARDS

__all__ = [
    "CONFIGURATION",
    "IMPACT",
    "Cause",
    "art9",
    "art10",
    "breach_triage",
    "categories",
    "children",
    "confidence",
    "coverage_of",
    "evidence_line",
    "evidence_masked",
    "exposure_label",
    "individuals",
    "likelihood",
    "relevant_law",
    "safeguards_missing",
    "standards",
    "status",
    "unknowns_by_cause",
]

IMPACT: Mapping[Sensitivity, str] = {
    Sensitivity.S0: "none seen: no personal data was recognised",
    Sensitivity.S1: "limited: ordinary personal data",
    Sensitivity.S2: "serious: data that could be used for fraud or to find somebody",
    Sensitivity.S3: "grave: special category or offence data",
}

_LIKELIHOOD = {
    Exposure.E0: "low: named staff only",
    Exposure.E1: "low to moderate: everybody inside",
    Exposure.E2: "moderate: others outside the department can reach it",
    Exposure.E3: "high: reachable from the internet with a login",
    Exposure.E4: "very high: anybody can reach it",
}

# Groups of people that a kind of number is only given to. Inferred, and shown as such.
_INDIVIDUALS = {
    "UK_UPN": "pupils",
    "UK_ULN": "learners",
    "UK_UCI": "exam candidates",
    "UK_PRISONER_NUMBER": "prisoners",
    "UK_PROBATION_CRN": "people on probation",
    "UK_SERVICE_NUMBER": "armed forces personnel",
    "UK_GMC_NUMBER": "doctors",
    "UK_NMC_PIN": "nurses and midwives",
}

_STANDARDS = {"ncsc_caf": "NCSC CAF", "cis": "CIS", "security_hub": "Security Hub"}
_LAW = {"uk_gdpr": "UK GDPR", "dpa2018_part3": "Data Protection Act 2018, Part 3"}
_MOST_TYPES = 8


def exposure_label(exposure: Exposure | None) -> str:
    return "unknown" if exposure is None else exposure.label


def likelihood(exposure: Exposure | None) -> str:
    return "unknown: who can reach it was not seen" if exposure is None else _LIKELIHOOD[exposure]


# --- what is held -----------------------------------------------------------------


def categories(holdings: Iterable[Holding]) -> list[str]:
    """Plain names of the categories of personal data, those only possible marked so."""
    sure: set[str] = set()
    maybe: set[str] = set()
    for holding in holdings:
        for item in holding.types:
            kind = entity(item.entity_type)
            if kind.personal:
                (maybe if item.presence is Presence.POSSIBLE else sure).add(kind.title)
    return sorted(sure) + [f"{title} (possible)" for title in sorted(maybe - sure)]


def individuals(holdings: Iterable[Holding]) -> list[str]:
    """Groups of people, where a kind of number is given to no others."""
    return sorted(
        {_INDIVIDUALS[t.entity_type] for h in holdings for t in h.types if t.entity_type in _INDIVIDUALS}
    )


def art9(holdings: Sequence[Holding], inspected: bool) -> tuple[str, list[str]]:
    """(yes / possible / not found / not assessed, the categories)."""
    seen: dict[str, Presence] = {}
    for holding in holdings:
        for category, presence in holding.special_categories.items():
            if presence is Presence.YES or (presence is Presence.POSSIBLE and category not in seen):
                seen[category] = presence
    names = [
        category if presence is Presence.YES else f"{category} (possible)"
        for category, presence in sorted(seen.items())
    ]
    return _strongest(seen.values(), inspected), names


def art10(holdings: Sequence[Holding], inspected: bool) -> str:
    return _strongest((holding.criminal_offence for holding in holdings), inspected)


def children(holdings: Sequence[Holding]) -> str:
    """`possible` where pupil numbers were found; the scanner does not look for children otherwise."""
    if any(item.entity_type == "UK_UPN" for holding in holdings for item in holding.types):
        return Presence.POSSIBLE.value
    return Presence.NOT_ASSESSED.value


def _strongest(found: Iterable[Presence], inspected: bool) -> str:
    seen = set(found)
    for presence in (Presence.YES, Presence.POSSIBLE):
        if presence in seen:
            return str(presence.value)
    return str((Presence.NOT_FOUND if inspected else Presence.NOT_ASSESSED).value)


def evidence_line(item: HoldingType, examined: int) -> str:
    """`UK_NINO, shape AA######A, 212 of 300 values, 209 distinct (column nino)`."""
    parts = [item.entity_type]
    if item.shape:
        parts.append(f"shape {item.shape}")
    if item.values <= examined:
        parts.append(f"{item.values:,} of {examined:,} values")
    else:
        parts.append(f"{item.values:,} mentions in {examined:,} records")
    parts.append(f"{item.distinct} distinct")
    if item.hidden:
        parts.append(f"{item.hidden:,} hidden from a reader")
    return ", ".join(parts) + (f" (column {item.column})" if item.column else "")


def evidence_masked(holdings: Iterable[Holding]) -> str:
    """Counts and shapes, the most frequent first; never a character of a value."""
    found = [(item, holding) for holding in holdings for item in holding.types]
    found.sort(key=lambda pair: (-pair[0].values, pair[0].entity_type, pair[0].column, pair[1].place))
    lines = [evidence_line(item, holding.records_examined) for item, holding in found[:_MOST_TYPES]]
    if len(found) > _MOST_TYPES:
        lines.append(f"and {len(found) - _MOST_TYPES} more")
    return "; ".join(lines)


def confidence(holdings: Iterable[Holding]) -> float | None:
    """The highest score of any type found, 0 to 1."""
    scores = [item.score for holding in holdings for item in holding.types if item.score > 0]
    return round(max(scores), 2) if scores else None


def coverage_of(summary: StoreSummary | None) -> str:
    """How much of a store was looked at."""
    if summary is None or summary.inspected is Inspected.NONE:
        return "not inspected"
    population = sum(stratum.population for stratum in summary.strata)
    read = sum(stratum.read for stratum in summary.strata)
    return (
        f"all {population:,} units"
        if summary.inspected is Inspected.ALL
        else f"{read:,} of {population:,} units"
    )


# --- what is wrong ----------------------------------------------------------------


def safeguards_missing(finding: Finding) -> list[str]:
    """Titles of the safeguards that were seen to be absent."""
    absent = {item.safeguard for item in finding.evidence if item.state is State.ABSENT}
    return [SAFEGUARDS[name].title if name in SAFEGUARDS else name for name in sorted(absent)]


def relevant_law(finding: Finding) -> str:
    """Articles and sections relevant to it (never "breach of")."""
    return "; ".join(
        f"{title} {', '.join(_article(reference) for reference in finding.references[key])}"
        for key, title in _LAW.items()
        if finding.references.get(key)
    )


def _article(reference: str) -> str:
    return f"Art {reference}" if reference[:1].isdigit() else reference


def standards(finding: Finding) -> str:
    """References to standards, by name."""
    out = []
    for key in sorted(set(finding.references) - set(_LAW), key=lambda k: (k not in _STANDARDS, k)):
        values = ", ".join(finding.references[key])
        title = _STANDARDS.get(key, "")
        if values:
            out.append(values if not title or values.startswith(title) else f"{title} {values}")
    return "; ".join(out)


def status(entry: FindingHistory | None) -> tuple[str, str]:
    """(status, reason) in one column each, out of what was observed and what people decided."""
    if entry is None:
        return "open", ""
    reasons = [entry.note] if entry.note else []
    if entry.observed is Observed.FIXED:
        return "fixed", "; ".join(reasons)
    if entry.observed is Observed.GONE:
        return "gone", "; ".join(reasons)
    if entry.workflow is Workflow.DONE:
        reasons.insert(0, "marked as done, but still observed")
    if entry.observed is Observed.REOPENED:
        reasons.insert(0, f"came back, {entry.times_reopened} times in all")
    elif entry.is_new:
        reasons.insert(0, "new in this scan")
    decided = {
        Workflow.ACCEPTED: "accepted",
        Workflow.FALSE_POSITIVE: "false positive",
        Workflow.IN_PROGRESS: "in progress",
    }.get(entry.workflow)
    return decided or entry.observed.value, "; ".join(reasons)


def breach_triage(
    finding: Finding,
    entry: FindingHistory | None,
    summary: StoreSummary | None,
    holdings: Sequence[Holding],
    registration: Registration,
) -> str:
    """`none`, or that a public exposure of personal data is to be assessed.

    A finding is not itself awareness of a breach: whether it is one is for the data
    protection officer to decide.
    """
    if finding.exposure is not Exposure.E4 or status(entry)[0] in ("fixed", "gone", "false positive"):
        return "none"
    article = " (Art 33)" if registration.legal_regime != "dpa2018_part3" else ""
    if summary is None or summary.inspected is Inspected.NONE:
        return f"assess now{article}: content not inspected; for the DPO to decide"
    real = any(not holding.mostly_test_data for holding in holdings)
    if not real and summary.personal not in (Presence.YES, Presence.POSSIBLE):
        return "none"
    return f"assess now{article}: for the DPO to decide"
