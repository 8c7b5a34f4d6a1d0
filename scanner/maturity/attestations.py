"""What people state and no scan can see: shown apart, never raising an observed level.

The four answers are those of the Information Commissioner's self-assessment checklists. An answer
holds for twelve months at most; after that it is unknown again. The one thing that answers do: an
independent review, attested, is among what the highest level asks for. `rule_pack` names the pack
that a role has approved; it counts only if its digest is that of the runs.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any

from scanner.errors import ConfigError, Problem

LONGEST = dt.timedelta(days=366)
"""An answer holds no longer than this from its date."""

TOPICS: Mapping[str, str] = {
    "leadership": "Leadership and strategy for data protection",
    "training": "Training and awareness",
    "complaints": "Feedback and complaints of the public",
    "lawful-basis": "Lawful basis and privacy notices",
    "rights-requests": "Requests of people about their data",
    "contracts": "Contracts with processors",
    "incident-plan": "Plan for personal data breaches",
    "independent-review": "Independent review in the last twelve months",
}


class Answer(enum.Enum):
    NOT_YET = "not yet implemented or planned"
    PARTLY = "partially implemented or planned"
    DONE = "successfully implemented"
    NOT_APPLICABLE = "not applicable"


@dataclasses.dataclass(frozen=True, slots=True)
class Attestation:
    """One answer."""

    id: str
    answer: Answer
    answered_by: str
    """A role, not a person's name."""
    date: dt.date
    evidence_ref: str
    expires: dt.date

    def current(self, as_of: dt.date) -> bool:
        return self.date <= as_of <= min(self.expires, self.date + LONGEST)


@dataclasses.dataclass(frozen=True, slots=True)
class Approval:
    """A rule pack that a named role has approved."""

    digest: str
    """At least twelve characters of it."""
    approved_by: str
    date: dt.date

    def covers(self, digest: str | None) -> bool:
        return digest is not None and len(self.digest) >= 12 and digest.startswith(self.digest)


@dataclasses.dataclass(frozen=True, slots=True)
class Attestations:
    answers: tuple[Attestation, ...] = ()
    approval: Approval | None = None
    repositories: tuple[str, ...] = ()
    """Repositories of infrastructure code whose changes are to be checked in CI."""

    def answer(self, id: str, as_of: dt.date) -> Attestation | None:
        """The latest answer that is still current; None is unknown."""
        mine = [a for a in self.answers if a.id == id and a.current(as_of)]
        return max(mine, key=lambda a: a.date, default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class Attested:
    """One row of the panel "Attested, not verified"."""

    id: str
    title: str
    answer: str
    """`unknown` where nobody answered or the answer has expired."""
    answered_by: str = ""
    date: dt.date | None = None
    expires: dt.date | None = None
    evidence_ref: str = ""
    note: str = ""


def panel(given: Attestations, as_of: dt.date) -> tuple[Attested, ...]:
    """Every topic, answered or not."""
    rows = []
    for id, title in TOPICS.items():
        found = given.answer(id, as_of)
        if found is not None:
            rows.append(
                Attested(
                    id,
                    title,
                    found.answer.value,
                    found.answered_by,
                    found.date,
                    min(found.expires, found.date + LONGEST),
                    found.evidence_ref,
                )
            )
            continue
        old = max((a for a in given.answers if a.id == id), key=lambda a: a.date, default=None)
        note = "nobody has answered"
        if old is not None:
            ends = min(old.expires, old.date + LONGEST)
            note = (
                f"the answer expired on {ends.isoformat()}"
                if ends < as_of
                else "the answer is not in force yet"
            )
        rows.append(Attested(id, title, "unknown", note=note))
    return tuple(rows)


def parse(data: Any, file: str = "attestations.yaml") -> Attestations:
    """Plain data of the file, checked. Raises ConfigError with every problem."""
    problems: list[Problem] = []
    if not isinstance(data, dict):
        raise ConfigError(Problem("expected the keys `answers`, `rule_pack` and `repositories`", file))
    for key in sorted(set(data) - {"answers", "rule_pack", "repositories"}):
        expected = "is not a key that is known here; expected answers, rule_pack or repositories"
        problems.append(Problem(expected, file, key=str(key)))
    answers = []
    listed = data.get("answers") or []
    if not isinstance(listed, list):
        problems.append(Problem("expected a list", file, key="answers"))
        listed = []
    for number, row in enumerate(listed):
        made = _answer(row, f"answers.{number}", file, problems)
        if made is not None:
            answers.append(made)
    approval = None
    if data.get("rule_pack") is not None:
        approval = _approval(data["rule_pack"], file, problems)
    names = data.get("repositories") or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        problems.append(Problem("expected a list of names", file, key="repositories"))
    if problems:
        raise ConfigError(*problems)
    return Attestations(tuple(answers), approval, tuple(names))


def _answer(row: Any, key: str, file: str, problems: list[Problem]) -> Attestation | None:
    fields = ("id", "answer", "answered_by", "date", "evidence_ref", "expires")
    if not _keys(row, fields, key, file, problems, optional=("evidence_ref",)):
        return None
    before = len(problems)
    if row["id"] not in TOPICS:
        problems.append(Problem(f"expected one of {', '.join(TOPICS)}", file, key=f"{key}.id"))
    answers = {answer.value: answer for answer in Answer}
    answer = answers.get(str(row["answer"]).strip().lower())
    if answer is None:
        problems.append(Problem(f"expected one of: {'; '.join(answers)}", file, key=f"{key}.answer"))
    date = _date(row["date"], f"{key}.date", file, problems)
    expires = _date(row["expires"], f"{key}.expires", file, problems)
    if len(problems) > before or answer is None or date is None or expires is None:
        return None
    return Attestation(
        row["id"], answer, str(row["answered_by"]), date, str(row.get("evidence_ref") or ""), expires
    )


def _approval(row: Any, file: str, problems: list[Problem]) -> Approval | None:
    if not _keys(row, ("digest", "approved_by", "date"), "rule_pack", file, problems):
        return None
    date = _date(row["date"], "rule_pack.date", file, problems)
    digest = str(row["digest"])
    if len(digest) < 12:
        problems.append(
            Problem("expected at least twelve characters of the digest", file, key="rule_pack.digest")
        )
        return None
    return Approval(digest, str(row["approved_by"]), date) if date is not None else None


def _keys(
    row: Any,
    fields: tuple[str, ...],
    key: str,
    file: str,
    problems: list[Problem],
    optional: tuple[str, ...] = (),
) -> bool:
    if not isinstance(row, dict):
        problems.append(Problem(f"expected the keys {', '.join(fields)}", file, key=key))
        return False
    missing = [name for name in fields if name not in optional and row.get(name) in (None, "")]
    unknown = sorted(str(name) for name in set(row) - set(fields))
    problems += [Problem("is required", file, key=f"{key}.{name}") for name in missing]
    expected = f"is not a key that is known here; expected {', '.join(fields)}"
    problems += [Problem(expected, file, key=f"{key}.{name}") for name in unknown]
    return not missing and not unknown


def _date(value: Any, key: str, file: str, problems: list[Problem]) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        problems.append(Problem("expected a date such as 2026-04-01", file, key=key))
        return None
