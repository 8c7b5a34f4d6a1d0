"""Evidence towards outcomes of the NCSC's Cyber Assessment Framework, and what it does not show.

Whether an outcome is achieved is for an assessor. Each row says what was observed, over which
stores, and which questions of the outcome no scan of stores can answer. Every row carries the
version of the framework that its id and title belong to.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from scanner.maturity import scoring
from scanner.maturity.domains import DOMAINS, Control, Reference
from scanner.maturity.picture import Picture
from scanner.maturity.profile import in_order
from scanner.model import FindingHistory, Report, Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome that dpscan has something to say about."""

    id: str
    title: str
    earlier_title: str
    """In version 3.2; empty where it is new in 4.0."""
    shows: str
    not_shown: str


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("A1.b", "Roles and Responsibilities", "Roles and Responsibilities",
            "which stores have an information asset owner named",
            "whether the owner knows, has authority and time, or acts"),
    Outcome("A2.a", "Risk Management Process", "Risk Management Process",
            "which high-risk stores refer to an impact assessment",
            "whether the assessment is sound, current, or acted on"),
    Outcome("A3.a", "Asset Management", "Asset Management",
            "which stores of the scopes reached exist, and who owns them",
            "scopes nobody declared, devices, people, suppliers' systems, dependencies between systems"),
    Outcome("A4.a", "Supply Chain", "Supply Chain",
            "outside accounts with access, stores of suppliers without a contract reference, locations",
            "suppliers' own security, contract terms, subcontractors"),
    Outcome("A4.b", "Secure Software Development and Support", "",
            "findings in infrastructure code, where it is scanned",
            "how software is developed, reviewed, tested and supported"),
    Outcome("B1.b", "Policy, Process and Procedure Implementation",
            "Policy, Process and Procedure Implementation",
            "whether findings are closed in time and come back",
            "whether policies exist, are known and are followed otherwise"),
    Outcome("B2.a", "Identity Verification, Authentication and Authorisation",
            "Identity Verification, Authentication and Authorisation",
            "login demanded by databases and storage accounts, shared keys and passwords in use",
            "who was verified, multi-factor login of people, devices"),
    Outcome("B2.c", "Privileged User Management", "Privileged User Management",
            "administrator grants on stores, where rules about them are asked",
            "how privileged work is done, separated, approved and reviewed"),
    Outcome("B2.d", "Identity and Access Management (IdAM)", "Identity and Access Management (IdAM)",
            "public, outside and blanket access to stores",
            "whether each person's access is needed; joiners, movers, leavers; attempts that were made"),
    Outcome("B3.a", "Understanding Data", "Understanding Data",
            "which stores hold which kinds of personal data, how much, how old, where, and whether a record of "
            "processing refers to them",
            "data in stores that were not connected, on paper, on devices or in transit; importance to the "
            "essential function"),
    Outcome("B3.b", "Data in Transit", "Data in Transit",
            "whether stores refuse unencrypted connections",
            "links between systems, e-mail, removable media, alternative paths"),
    Outcome("B3.c", "Stored Data", "Stored Data",
            "encryption at rest, exposure, copies and minimisation of the stores seen",
            "physical protection, key management practice, data outside the scopes reached"),
    Outcome("B4.b", "Secure Configuration", "Secure Configuration",
            "settings of accounts, storage and databases against the rules asked",
            "baselines of servers, networks and devices; change control"),
    Outcome("B4.d", "Vulnerability Management", "Vulnerability Management",
            "database servers that no longer get security fixes",
            "known vulnerabilities of anything else, patch times, testing"),
    Outcome("B5.c", "Backups", "Backups",
            "automatic backup, versioning, locks and protection from deletion as configured",
            "whether a restore works, and how long it takes"),
    Outcome("C1.a", "Sources and Tools for Logging and Monitoring", "Monitoring Coverage",
            "whether access and audit logging of stores is on",
            "whether anybody reads the logs, and whether they hold what is needed"),
    Outcome("C1.b", "Securing Logs", "Securing Logs",
            "protection of log stores, where rules about them are asked",
            "who can read or change logs elsewhere, and time sources"),
    Outcome("C1.c", "Generating Alerts", "Generating Alerts",
            "alerts on changes of access, where rules about them are asked",
            "whether alerts are right, timely and acted on"),
)  # fmt: skip

TITLES: Mapping[str, Mapping[str, str]] = {
    "4.0": {outcome.id: outcome.title for outcome in OUTCOMES},
    "3.2": {outcome.id: outcome.earlier_title for outcome in OUTCOMES if outcome.earlier_title},
}

OUTSIDE: Mapping[str, str] = {
    "B3.d": "Mobile Data",
    "B3.e": "Media/Equipment Sanitisation",
}
"""Outcomes about data that a scan of stores cannot see at all."""


@dataclasses.dataclass(frozen=True, slots=True)
class CafEvidence:
    """One row of the table."""

    outcome: str
    title: str
    caf_version: str
    rules: tuple[str, ...]
    passed: int
    failed: int
    unknown: int
    """Pairs of a store (or scope) and a rule."""
    stores: int
    shows: str
    not_shown: str
    domains: tuple[str, ...]
    """Domains of the maturity profile that bear on it."""

    @property
    def evidence(self) -> str:
        """In words, never a verdict on the outcome."""
        if not self.rules:
            return "no rule asked bears on it"
        if not self.passed + self.failed:
            return "asked, but nothing could be told"
        return "some evidence" if self.unknown else "evidence for every store asked"


def caf_evidence(
    reports: Iterable[Report],
    reference: Reference,
    *,
    as_of: dt.datetime | None = None,
    standings: Mapping[str, FindingHistory] | None = None,
    caf_version: str = "4.0",
) -> tuple[CafEvidence, ...]:
    """The table over the runs up to a moment. Rules count that are mapped to that version, or to another
    that has the same outcome.

    Raises KeyError for a version that there are no titles for.
    """
    titles = TITLES[caf_version]
    picture = Picture(standings)
    last: Report | None = None
    for report in in_order(reports, as_of):
        picture.add(report)
        last = report
    at = as_of or (last.run.finished if last is not None else dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    rows = []
    for outcome in OUTCOMES:
        if outcome.id not in titles:
            continue
        mine = tuple(
            c
            for c in reference.controls
            if outcome.id in c.caf and _counts_for(c, outcome, caf_version) and not c.policy
        )
        counts, stores = _counts(picture, mine, at)
        rows.append(
            CafEvidence(
                outcome.id,
                titles[outcome.id],
                caf_version,
                tuple(control.rule_id for control in mine),
                counts[Verdict.PASS],
                counts[Verdict.FAIL],
                counts[Verdict.UNKNOWN],
                stores,
                outcome.shows,
                outcome.not_shown,
                tuple(d.id for d in DOMAINS if outcome.id in d.caf),
            )
        )
    return tuple(rows)


def _counts_for(control: Control, outcome: Outcome, caf_version: str) -> bool:
    """A mapping to one version counts for another where the outcome is in both, under one id."""
    return control.caf_version == caf_version or bool(outcome.earlier_title)


def _counts(
    picture: Picture, controls: tuple[Control, ...], at: dt.datetime
) -> tuple[dict[Verdict, int], int]:
    counts = {Verdict.PASS: 0, Verdict.FAIL: 0, Verdict.UNKNOWN: 0}
    asked: set[str] = set()
    for control in controls:
        fitting = [
            s
            for s in picture.stores_at(at)
            if control.of_stores and (s.kind is None or control.fits(s.kind, s.provider))
        ]
        fitting += [s for s in picture.scopes_at(at) if s.scope is not None and control.fits_scope(s.scope)]
        for state in fitting:
            verdict = scoring.verdict_on(state, control)
            if verdict is not Verdict.NOT_APPLICABLE:
                counts[verdict] += 1
                asked.add(state.id)
    return counts, len(asked)


def page() -> str:
    """`docs/caf.md`."""
    lines = [
        "<!-- Generated from scanner/maturity/caf.py (`page()`); edit that instead. -->",
        "",
        "# Evidence towards the Cyber Assessment Framework",
        "",
        "`dpscan maturity --caf` prints a table to attach to GovAssure papers; `--format csv` and `--format json`",
        "for other tools, `--caf-version 3.2` with the earlier titles. For each outcome it counts the pairs of a",
        "store and a rule that pass, fail and are unknown, and says what that does not show.",
        "",
        "- It is **evidence towards** an outcome, never a verdict. Achieved, partially achieved or not achieved is",
        "  for an assessor to say, against all indicators of good practice and over the whole essential function.",
        "- It speaks of the stores that were scanned, of the settings that could be seen, on the day of the scan.",
        "- Rules that are policy and not law are left out. Which rule bears on which outcome is dpscan's own",
        "  judgement; the NCSC has not reviewed it.",
        "- Each row carries the version of the framework it belongs to. Rules are mapped to 4.0; a table for 3.2 has",
        "  the outcomes and titles of 3.2 and counts the rules of the outcome of the same id. Outcomes that are new in",
        "  4.0 are not in it, and indicators of good practice differ: read it against the version you assess.",
        "",
        "| outcome (4.0) | in 3.2 | what the evidence is about | what it does not show | domains |",
        "|---|---|---|---|---|",
    ]
    for o in OUTCOMES:
        earlier = (
            "(new)" if not o.earlier_title else "same" if o.earlier_title == o.title else o.earlier_title
        )
        domains = ", ".join(d.id for d in DOMAINS if o.id in d.caf)
        lines.append(f"| {o.id} {o.title} | {earlier} | {o.shows} | {o.not_shown} | {domains} |")
    outside = "; ".join(f"{id} {title}" for id, title in OUTSIDE.items())
    lines += [
        "",
        f"Outside the scanner altogether: {outside}, and every outcome that is not in the table. The domains are",
        "those of [observed maturity](maturity.md).",
        "",
    ]
    return "\n".join(lines)
