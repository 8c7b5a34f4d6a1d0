"""A rule as loaded: prose, logic and examples, frozen."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.model import Context, Severity, Subject, Verdict

if TYPE_CHECKING:
    from scanner.ruleset.cel import Condition

REFERENCE_KEYS = ("uk_gdpr", "dpa2018_part3", "ncsc_caf", "cis", "security_hub", "other")
SUBJECT_KINDS = ("scope", "store", "place")


@dataclasses.dataclass(frozen=True, slots=True)
class AppliesTo:
    """Which subjects a rule is asked about. Empty tuples mean any."""

    subjects: tuple[str, ...]
    """Of `scope`, `store`, `place`. A rule on stores *and* places is asked of a place only
    where a safeguard it names was stated for that very place."""
    kinds: tuple[str, ...] = ()
    """Store kinds (or scope kinds, for a rule on scopes)."""
    providers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Place kinds: `table`, `object`, `member`, `sheet`, `prefix`, …"""


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A case written beside the rule; it is the rule's test."""

    name: str
    verdict: Verdict
    subject: Subject
    context: Context
    line: int


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One YAML file."""

    id: str
    title: str
    pack: str
    base: Severity | None
    """None is `X`: read from the matrix of sensitivity and exposure."""
    sensitivity_raises: bool
    """`+S`: one band up where special-category or offence data was found (S3)."""
    policy: bool
    """True where no law asks for it, only good practice that the department may adopt."""
    applies_to: AppliesTo
    when: Condition | None
    require: Condition
    alternatives: tuple[str, ...]
    """Safeguards of which one is enough: NOT_APPLICABLE of some reads as "not there", and
    only NOT_APPLICABLE of all takes the rule away."""
    yields_to: tuple[str, ...]
    """Ids of graver rules: where one of them fails on the same subject, this one's finding would say less
    of the same and is left out."""
    why: str
    explain: str
    """One or two sentences for the data protection officer, 300 characters at most."""
    remedy: str
    remedies: Mapping[str, str]
    """Provider to a remedy that says it in that provider's words."""
    terraform: Mapping[str, str]
    """Provider to resources as they should be; empty where no setting does it."""
    references: Mapping[str, tuple[str, ...]]
    caf_version: str
    examples: tuple[Example, ...]
    file: Path
    digest: str
    """SHA-256 of the file."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every variable the rule names, sorted; derived from its expressions."""
        named = set(self.require.inputs) | set(self.when.inputs if self.when else ())
        return tuple(sorted(named))

    @property
    def safeguards(self) -> tuple[str, ...]:
        """Ids of the safeguards it names, sorted."""
        prefix = "safeguards."
        return tuple(name[len(prefix) :] for name in self.inputs if name.startswith(prefix))

    @property
    def severity_label(self) -> str:
        """`X`, `High`, `Medium+S`: as in the tables of the documentation."""
        return (self.base.label if self.base is not None else "X") + ("+S" if self.sensitivity_raises else "")


@dataclasses.dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force for a run."""

    rules: tuple[Rule, ...]
    """Sorted by id."""
    digest: str
    """Changes when any rule in force, or the list of those switched off, changes."""
    off: tuple[str, ...] = ()
    """Ids switched off by the configuration."""

    def get(self, rule_id: str) -> Rule | None:
        wanted = rule_id.upper()
        return next((rule for rule in self.rules if rule.id.upper() == wanted), None)

    def matching(self, patterns: tuple[str, ...]) -> tuple[Rule, ...]:
        """Rules whose id or pack fits one of the globs."""
        return tuple(
            rule
            for rule in self.rules
            if any(fnmatch.fnmatch(rule.id, p) or fnmatch.fnmatch(rule.pack, p) for p in patterns)
        )
