"""The ten domains, which rule belongs to which, and what a rule of the reference pack asks of whom.

Each domain lists the published models it stands next to: activities of the CNIL's maturity model,
outcomes of the NCSC's Cyber Assessment Framework (always with its version), and categories of the
ICO's Accountability Framework. The assignment of rules and the weights are dpscan's own judgement;
they come from no standard.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scanner.model import Scope, Store

CAF_VERSION = "4.0"
"""Version of the framework that `Domain.caf` names outcomes of."""


@dataclasses.dataclass(frozen=True, slots=True)
class Domain:
    """One observable domain."""

    id: str
    title: str
    core: bool
    """The headline is the lowest of the core domains."""
    evidence: str
    """What it is read from, for people."""
    cnil: tuple[int, ...]
    caf: tuple[str, ...]
    ico: str
    caf_version: str = CAF_VERSION


_RECORDS = "Records of processing and lawful basis"
_SECURITY = "Records management and security"
_BREACH = "Breach response and monitoring"

DOMAINS: tuple[Domain, ...] = (
    Domain("D1", "Inventory", True, "scopes reached, stores described", (3,), ("A3.a", "B3.a"), _RECORDS),
    Domain("D2", "Understanding", True, "content looked at, records of processing linked, sensitivity known",
           (3, 7), ("B3.a",), f"{_RECORDS}; Risks and DPIAs"),
    Domain("D3", "Ownership", True, "owners named", (2,), ("A1.b", "A3.a"), "Leadership and oversight"),
    Domain("D4", "Exposure and access", True, "public access, grants, logins", (7,),
           ("B2.a", "B2.c", "B2.d", "B3.c"), _SECURITY),
    Domain("D5", "Encryption", True, "at rest, in transit, custody of keys", (7,), ("B3.b", "B3.c"), _SECURITY),
    Domain("D6", "Logging", False, "access and audit logs", (7, 8), ("C1.a", "C1.b", "C1.c"), _BREACH),
    Domain("D7", "Retention and minimisation", True, "schedules, oldest records, copies, non-production", (4,),
           ("B3.a", "B3.c"), _SECURITY),
    Domain("D8", "Recovery", False, "backups, immutability, protection from deletion", (7,), ("B5.c",), _SECURITY),
    Domain("D9", "Location and suppliers", False, "regions, replicas, contracts", (4,), ("A4.a", "B3.a"),
           "Contracts and data sharing"),
    Domain("D10", "Improvement", False, "time to fix, recurrence, checks of changes", (1, 7),
           ("A4.b", "B1.b", "B4.b"), _BREACH),
)  # fmt: skip

OF: dict[str, Domain] = {domain.id: domain for domain in DOMAINS}

_RULES = {
    "D2": "OWN-03 OWN-04 OWN-05 OWN-06 DB-13",
    "D3": "OWN-01 OWN-02 IAC-04",
    "D4": (
        "OBJ-01 OBJ-02 OBJ-03 OBJ-04 OBJ-05 OBJ-11 OBJ-12 OBJ-13 OBJ-14 OBJ-15 DB-01 DB-02 DB-05 DB-07 DB-08 DB-10 "
        "FS-01 FS-02 WH-01 WH-03 WH-06 ACC-01 ACC-02 ACC-03 ACC-04 ACC-05 ACC-06 ACC-07 IAC-01 IAC-03 IAC-06"
    ),
    "D5": "OBJ-06 OBJ-07 DB-03 DB-04 DB-06 DB-11 WH-02 IAC-02",
    "D6": "OBJ-08 DB-09 WH-05 LOG-01 LOG-02 LOG-04",
    "D7": "OBJ-09 DB-12 LOG-03 RET-01 RET-02 RET-03 RET-04 RET-05 IAC-07",
    "D8": "OBJ-10 BAK-01 BAK-02 BAK-03 BAK-04 BAK-05 IAC-05",
    "D9": "LOC-01 LOC-02 LOC-03 OWN-07 WH-04 IAC-08",
    "D10": "IAC-09",
}

DOMAIN_OF: dict[str, str] = {rule: domain for domain, rules in _RULES.items() for rule in rules.split()}
"""Rule id to domain id. D1 is reckoned from what was reached, D10 from findings over time; rules
under D10 are listed there and do not enter its score."""


@dataclasses.dataclass(frozen=True, slots=True)
class Control:
    """One rule of the reference pack as scoring sees it: whom it is asked of, and where it counts."""

    rule_id: str
    title: str
    domain: str
    subjects: tuple[str, ...]
    """Of `scope`, `store`, `place`."""
    kinds: tuple[str, ...] = ()
    """Empty: any kind."""
    providers: tuple[str, ...] = ()
    policy: bool = False
    """Rules that no law asks for are shown and never scored: else adopting a policy would lower a score."""
    caf: tuple[str, ...] = ()
    caf_version: str = CAF_VERSION
    declarable: bool = False
    """Asked of settings alone, so that infrastructure code can be asked it before it is applied."""

    @property
    def scored(self) -> bool:
        return not self.policy and self.domain not in ("D1", "D10")

    @property
    def of_stores(self) -> bool:
        return "store" in self.subjects or "place" in self.subjects

    @property
    def of_places_only(self) -> bool:
        return "store" not in self.subjects and "place" in self.subjects

    def fits(self, kind: str, provider: str) -> bool:
        """Whether it is meant for such a store or scope at all, whatever is known of it."""
        return (not self.kinds or kind in self.kinds) and (not self.providers or provider in self.providers)

    def fits_store(self, store: Store) -> bool:
        return self.of_stores and self.fits(store.kind, store.provider)

    def fits_scope(self, scope: Scope) -> bool:
        return "scope" in self.subjects and self.fits(scope.kind, scope.provider)


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """The pack that scores are taken over, pinned: what the scans asked or left out does not change it."""

    controls: tuple[Control, ...]
    digest: str
    targets: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """Key figure to the department's own target."""

    def scored_in(self, domain: str) -> tuple[Control, ...]:
        return tuple(c for c in self.controls if c.scored and c.domain == domain)
