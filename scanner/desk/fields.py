"""The columns of findings.csv that people may edit, and what an edit asks for."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from scanner.desk import dates
from scanner.desk.records import Exported
from scanner.desk.texts import is_mangled, plain, same, stored
from scanner.history import DAYS_TO_FIX, london_date
from scanner.history.decided import LONGEST
from scanner.model import FindingHistory, Observed, Registration, Workflow

Cells = Mapping[str, str]

_WORDS = {
    "new": Workflow.NEW,
    "open": Workflow.NEW,
    "reopened": Workflow.NEW,
    "not re-checked": Workflow.NEW,
    "in progress": Workflow.IN_PROGRESS,
    "accepted": Workflow.ACCEPTED,
    "false positive": Workflow.FALSE_POSITIVE,
    "done": Workflow.DONE,
}
STATUSES = "open, in progress, accepted, false positive, done"
_SHOWN = (Workflow.IN_PROGRESS, Workflow.ACCEPTED, Workflow.FALSE_POSITIVE)
"""States that findings.csv shows; the others show what was observed."""
_CLOSED = (Observed.FIXED, Observed.GONE)

_REGISTER: Mapping[str, str] = {
    "business_area": "business_area",
    "information_asset": "information_asset",
    "information_asset_owner": "owner",
    "technical_owner": "technical_owner",
    "ropa_ref": "ropa_ref",
    "dpia_ref": "dpia_ref",
    "contract_ref": "contract_ref",
    "classification_declared": "classification",
    "supplier": "supplier",
    "retention_rule": "retention_rule",
}
"""Columns of the register, and the field of `Registration` behind each."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """A field that the file changes."""

    column: str
    field: str
    value: str
    shown: str
    """The file's side, for people."""
    show: Callable[[FindingHistory], str]
    """How the same field of an entry is shown."""
    by: str | None = None
    """The role named in the row; None: whoever edited the file."""
    reason: str = ""
    expires: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Wrong:
    """An edit that cannot be taken over."""

    column: str
    message: str
    elsewhere: bool = False
    """True where it belongs in the register."""


def wishes(
    cells: Cells, exported: Exported, encoding: str, at: dt.datetime, month_first: bool
) -> Iterator[Wish | Wrong]:
    """Every edit of one row. `at`: now, UTC."""
    row = _Row(cells, exported, encoding, london_date(at), month_first)
    yield from row.status()
    yield from row.due()
    yield from row.owner()
    yield from row.notes()
    yield from row.triage()
    yield from row.register()


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    cells: Cells
    exported: Exported
    encoding: str
    today: dt.date
    month_first: bool

    @property
    def base(self) -> FindingHistory:
        return self.exported.entry

    def _same(self, cell: str, known: str | None) -> bool:
        return same(cell, known or "", self.encoding)

    # --- status -------------------------------------------------------------------

    def status(self) -> Iterator[Wish | Wrong]:
        cell = self.cells.get("status")
        if cell is None:
            return
        word = " ".join(plain(cell).lower().replace("_", " ").split())
        before = shown_status(self.base)
        if word == before and (word != "accepted" or not self._acceptance_edited()):
            return
        if word in ("fixed", "gone"):
            yield Wrong("status", f"only a scan can find it {word}; write `done` and the next scan checks it")
            return
        workflow = _WORDS.get(word)
        if workflow is None:
            yield Wrong(
                "status", f"is none of: {STATUSES}" if word else f"is empty; write one of: {STATUSES}"
            )
        elif workflow is Workflow.ACCEPTED:
            yield from self._acceptance()
        elif workflow is not Workflow.NEW or self._withdraws():
            yield Wish("status", "workflow", workflow.value, word, shown_status)

    def _withdraws(self) -> bool:
        """Whether `open` takes something back (and is not just another word for what was observed)."""
        if self.base.workflow not in _SHOWN or self.base.observed in _CLOSED:
            return False
        until = self.base.acceptance_expires
        # An acceptance that had run out was exported as open.
        return not (self.base.workflow is Workflow.ACCEPTED and until is not None and until < self.today)

    def _acceptance_edited(self) -> bool:
        role, until = self.cells.get("accepted_by"), self.cells.get("acceptance_expires")
        if role is not None and not self._same(role, self.base.accepted_by):
            return True
        return until is not None and self._date(until) != self.base.acceptance_expires

    def _acceptance(self) -> Iterator[Wish | Wrong]:
        wrong: list[Wrong] = []
        role, _, reason = stored(self.cells.get("accepted_by", "")).partition(":")
        role, reason = role.strip(), reason.strip()
        if not role or not reason:
            wrong.append(Wrong("accepted_by", "write who accepts it and why, as `role: reason`"))
        wrong += _text_problems("accepted_by", role + reason)
        until = self._date(self.cells.get("acceptance_expires", ""))
        if until is None:
            wrong.append(Wrong("acceptance_expires", "write until when it is accepted, as 2027-03-31"))
        elif until < self.today:
            wrong.append(Wrong("acceptance_expires", "lies in the past"))
        elif until > self.today + dt.timedelta(days=3 * 366):
            wrong.append(Wrong("acceptance_expires", "is more than three years away"))
        if wrong:
            yield from wrong
            return
        assert until is not None
        yield Wish(
            "status", "workflow", Workflow.ACCEPTED.value, f"accepted by {role}: {reason}, until {until}",
            shown_acceptance, by=role, reason=reason, expires=until,
        )  # fmt: skip

    # --- due date -----------------------------------------------------------------

    def _date(self, cell: str) -> dt.date | None:
        return dates.read(cell, self.month_first)

    def due(self) -> Iterator[Wish | Wrong]:
        cell = self.cells.get("due_date")
        if cell is None:
            return
        if not stored(cell):
            if self.base.due_set:
                yield Wish("due_date", "due", "", "(by severity)", shown_due)
            elif self.base.due is not None:
                yield Wrong("due_date", "the date given by severity cannot be left out; write another")
            return
        date = self._date(cell)
        if date is None:
            yield Wrong("due_date", "is no date; write it as 2026-02-03 or 03/02/2026 (the day first)")
        elif not 2000 <= date.year <= self.today.year + 20:
            yield Wrong("due_date", f"the year {date.year} cannot be meant")
        elif date != self.base.due and not self._by_severity(date):
            yield Wish("due_date", "due", date.isoformat(), date.isoformat(), shown_due)

    def _by_severity(self, date: dt.date) -> bool:
        """Whether a date may be one that a run which is no longer kept had reckoned itself."""
        if self.exported.kept or self.base.due_set:
            return False
        first = london_date(self.base.first_seen)
        return date in {first + dt.timedelta(days=days) for days in DAYS_TO_FIX.values()}

    # --- owner, notes, breach triage ------------------------------------------------

    def owner(self) -> Iterator[Wish | Wrong]:
        cell = self.cells.get("action_owner")
        if cell is None:
            return
        said = self.exported.registration or Registration()
        by_register = said.technical_owner or said.owner
        if self._same(cell, self.base.assigned_to or by_register):
            return
        text = stored(cell)
        if not text and self.base.assigned_to is None:
            yield Wrong("action_owner", "comes from the register; change it there", elsewhere=True)
            return
        if not self.exported.kept and self.base.assigned_to is None:
            # The register may have changed since: whose edit it is cannot be told.
            yield Wrong(
                "action_owner", "cannot be compared: the run that wrote the file is no longer kept; "
                "use `dpscan findings assign`"
            )  # fmt: skip
            return
        wrong = _text_problems("action_owner", cell)
        yield from wrong
        if not wrong:
            yield Wish("action_owner", "assigned", text, text or "(by the register)", shown_owner)

    def notes(self) -> Iterator[Wish | Wrong]:
        cell = self.cells.get("dpo_notes")
        if cell is None or self._same(cell, self.base.dpo_notes):
            return
        wrong = _text_problems("dpo_notes", cell)
        yield from wrong
        if not wrong:
            text = stored(cell)
            yield Wish("dpo_notes", "notes", text, text, lambda entry: entry.dpo_notes)

    def triage(self) -> Iterator[Wish | Wrong]:
        cell = self.cells.get("breach_triage")
        if cell is None or self._same(cell, self.base.triage):
            return
        text = stored(cell)
        decided = text.lower().startswith("decided")
        if not decided and not self.base.triage:
            return  # what scans write there
        wrong = _text_problems("breach_triage", cell)
        yield from wrong
        if not wrong:
            value = text if decided else ""
            yield Wish("breach_triage", "triage", value, value or "(not decided)", lambda entry: entry.triage)

    # --- columns that belong elsewhere ------------------------------------------------

    def register(self) -> Iterator[Wish | Wrong]:
        said = self.exported.registration
        if said is None or not self.exported.kept:
            return
        for column, field in _REGISTER.items():
            cell = self.cells.get(column)
            if cell is not None and not self._same(cell, getattr(said, field)):
                yield Wrong(
                    column, "comes from the register or a tag; change it there, for all its findings",
                    elsewhere=True,
                )  # fmt: skip


def shown_status(entry: FindingHistory) -> str:
    """The word in the status column, as the reporters write it."""
    from scanner.reporters.words import status

    return status(entry)[0]


def shown_acceptance(entry: FindingHistory) -> str:
    if entry.workflow is not Workflow.ACCEPTED:
        return shown_status(entry)
    until = f", until {entry.acceptance_expires}" if entry.acceptance_expires else ""
    return f"accepted by {entry.accepted_by}{until}"


def shown_due(entry: FindingHistory) -> str:
    return entry.due.isoformat() if entry.due is not None else ""


def shown_owner(entry: FindingHistory) -> str:
    return entry.assigned_to or "(by the register)"


def _text_problems(column: str, cell: str) -> list[Wrong]:
    if is_mangled(cell):
        return [Wrong(column, "was turned into a number by a spreadsheet; write it again, as text")]
    if len(cell) > LONGEST:
        return [Wrong(column, f"is longer than {LONGEST:,} characters")]
    return []
