"""Context for judging, what judging yields, and what a run adds up to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from scanner.model.facts import WHOLE_STORE, Evidence, Gap, Place, Scope, Store
from scanner.model.reading import Holding, StoreSummary
from scanner.model.states import Exposure, Observed, Severity, Verdict, Workflow


@dataclasses.dataclass(frozen=True, slots=True)
class Registration:
    """What the department's own register says of a store. None means not recorded."""

    department: str | None = None
    business_area: str | None = None
    information_asset: str | None = None
    owner: str | None = None
    owner_source: str = "none"
    """`config`, `tag`, `register` or `none`."""
    technical_owner: str | None = None
    ropa_ref: str | None = None
    dpia_ref: str | None = None
    contract_ref: str | None = None
    classification: str | None = None
    environment: str | None = None
    supplier: str | None = None
    retention_days: int | None = None
    retention_rule: str | None = None
    intended_public: bool = False
    intended_public_owner: str | None = None
    intended_public_date: dt.date | None = None
    system_of_record: bool | None = None
    declared_categories: tuple[str, ...] | None = None
    legal_regime: str = "uk_gdpr"
    access_reviewed: dt.date | None = None
    """When it was last looked at whether those outside still need access."""
    restore_tested: dt.date | None = None
    """When it was last restored from its backup, to try it."""
    location: str | None = None
    """Where the content is, in the words of `approved_regions`; for what no provider tells."""


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """Policy and register: everything a rule may compare facts with. Reads no clock."""

    today: dt.date
    approved_regions: tuple[str, ...] | None = None
    """None: the department has not said (location rules are then UNKNOWN)."""
    trusted_accounts: tuple[str, ...] | None = None
    minimum_tls: str = "1.2"
    require_customer_managed_key: bool | None = None
    require_masking: bool | None = None
    supported_engines: Mapping[str, str] = dataclasses.field(default_factory=dict)
    mandatory_tags: tuple[str, ...] | None = None
    treat_test_data_as_real: bool = False
    recall: float = 0.9
    """Assumed share of personal units that detection recognises (used in bounds)."""
    bound: float = 0.001
    """Largest share of units that may stay undetected for "not found" to count as no."""
    registrations: Mapping[str, Registration] = dataclasses.field(default_factory=dict)
    """By store id."""

    def registration(self, store_id: str) -> Registration:
        return self.registrations.get(store_id) or Registration()


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """What one rule is asked about: a scope, a store, or one place of a store."""

    scope: Scope | None
    store: Store | None
    place: Place = WHOLE_STORE
    evidence: tuple[Evidence, ...] = ()
    """The subject's own, and for a place also its store's."""
    holdings: tuple[Holding, ...] = ()
    summary: StoreSummary | None = None
    seen_exposure: Exposure | None = None
    """Who could reach the live twin when it was last scanned; counts only where the evidence here
    cannot tell, and only if that is worse than the unknown counts as."""

    @property
    def id(self) -> str:
        if self.store is not None:
            return self.store.id
        assert self.scope is not None
        return self.scope.id

    @property
    def kind(self) -> str:
        return "place" if self.place.steps else "store" if self.store else "scope"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """A rule's verdict on one subject."""

    fingerprint: str
    """Hash of subject id, rule id and reduced place; the same from run to run."""
    rule_id: str
    title: str
    subject_id: str
    subject_kind: str
    place: Place
    verdict: Verdict
    severity: Severity | None
    """None unless FAIL. An UNKNOWN verdict has only `would_be`."""
    would_be: Severity | None
    severity_reason: str
    exposure: Exposure | None
    evidence: tuple[Evidence, ...]
    """What decided it (for UNKNOWN: what was missing)."""
    missing: tuple[str, ...] = ()
    """Inputs that were unknown: safeguard ids, `holdings`, `context.…`."""
    holdings: tuple[Place, ...] = ()
    explanation: str = ""
    remedy: str = ""
    references: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    strength: int = 0
    """Weakest basis it rests on, with inspection depth; compared before calling it fixed."""


@dataclasses.dataclass(frozen=True, slots=True)
class FindingHistory:
    """Where a finding stands over time."""

    fingerprint: str
    observed: Observed
    workflow: Workflow
    is_new: bool
    first_seen: dt.datetime
    last_seen: dt.datetime
    """Last run in which the rule failed on it."""
    last_checked: dt.datetime
    """Last run in which the rule was asked and could answer."""
    times_reopened: int = 0
    note: str = ""
    """Why it is not re-checked, for people."""
    accepted_by: str | None = None
    acceptance_expires: dt.date | None = None
    due: dt.date | None = None
    finding: Finding | None = None
    """The finding as last seen; None only when the caller has it."""
    decided_by: str | None = None
    """Role that last set the workflow state (for a false positive: the reviewer)."""
    decided_at: dt.datetime | None = None
    """When; UTC."""
    assigned_to: str | None = None
    """Who is to see to it, where somebody has been named for this finding."""
    dpo_notes: str = ""
    notes_before: tuple[str, ...] = ()
    """Earlier texts of the notes: a file that still holds one of them has not been edited."""
    triage: str = ""
    """What was decided of a possible breach; begins with `decided`."""
    due_by_rule: dt.date | None = None
    """What severity gives, where a person has set another due date."""
    due_set: bool = False
    """True if `due` was set by a person."""
    revision: int = 0
    """How many decisions had been recorded for it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Waiver:
    """A finding accepted by a named role, with reason and expiry."""

    rule_id: str
    store: str
    """Store id or glob."""
    owner: str
    reason: str
    expires: dt.date
    place: str = "*"


@dataclasses.dataclass(frozen=True, slots=True)
class CiRun:
    """One run of `dpscan check` in CI, as it was reported back."""

    repository: str
    at: dt.datetime
    blocked: bool
    """It failed the build (exit code 1)."""
    fail_on: Severity
    """From this severity on."""
    violations: Mapping[str, tuple[str, Severity]]
    """Fingerprint to (rule, severity) of what failed and nobody had accepted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """Stores and bytes seen against those in the scopes asked (DESIGN, promise 7)."""

    scopes_declared: int
    scopes_reached: int
    stores_enumerated: int
    stores_covered: int
    """Read whole, or sampled to the bound."""
    bytes_total: int
    bytes_covered: int
    suffered: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Gap reason to count, gaps we could not help."""
    chosen: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @property
    def stores_share(self) -> float | None:
        return self.stores_covered / self.stores_enumerated if self.stores_enumerated else None

    @property
    def bytes_share(self) -> float | None:
        return self.bytes_covered / self.bytes_total if self.bytes_total else None


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """One execution."""

    id: str
    started: dt.datetime
    finished: dt.datetime
    tool_version: str
    config_digest: str
    rulepack_digest: str
    seed: str
    names_model: str
    """Which names model was used, or why none."""
    complete: bool = True
    """False if stopped by --max-time, --max-bytes or a signal."""
    targets: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """Ids of the rules asked; empty in runs of versions that did not note them."""


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """Everything a reporter renders. Reporters never recompute."""

    run: Run
    scopes: tuple[Scope, ...]
    stores: tuple[Store, ...]
    evidence: tuple[Evidence, ...]
    holdings: tuple[Holding, ...]
    summaries: tuple[StoreSummary, ...]
    findings: tuple[Finding, ...]
    """All verdicts but NOT_APPLICABLE, sorted."""
    gaps: tuple[Gap, ...]
    coverage: Coverage
    history: Mapping[str, FindingHistory]
    """By fingerprint: this run's findings and older ones still open or just closed."""
    context: Context
    exit_code: int
    exit_reasons: tuple[str, ...]
    """Why the exit code is what it is, one sentence each."""
