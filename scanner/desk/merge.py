"""An edited findings file taken back: three-way, by finding and field.

For each field, what the file says is compared with what was exported (the *base*: the stored
run named in the row, with the decisions in force at the row's revision). Where they differ,
somebody edited the file. If the history has since had another decision on the same field,
it is a conflict, and neither side is lost: it is named, and applied only if asked.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from scanner.desk import dates
from scanner.desk.fields import Wish, Wrong, wishes
from scanner.desk.records import Exported, Records
from scanner.desk.sheet import Sheet, SheetRow
from scanner.desk.texts import is_mangled, plain
from scanner.errors import Problem
from scanner.history import Decision
from scanner.model import FindingHistory

KEY = "finding_id"
Side = Literal["theirs", "ours"] | None
_DATES = ("due_date", "acceptance_expires")
_MOST = 1_000_000
"""Decisions of one finding; a larger revision is a number gone wrong."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One field that the file changes."""

    row: int
    column: str
    before: str
    """What is in force, for people."""
    after: str
    decision: Decision


@dataclasses.dataclass(frozen=True, slots=True)
class Conflict:
    """A field changed in the file and, since it was exported, in the history."""

    change: Change
    exported: str
    by: str
    """Who changed it in the history."""
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Merge:
    """What an import would do."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    """Rows and columns that could not be taken over, and why."""
    elsewhere: tuple[Problem, ...]
    """Edits of columns that belong to the register, not to a finding."""
    rows: int
    unchanged: int
    """Rows without any edit."""

    def decisions(self, side: Side = None) -> list[Decision]:
        """What to record. `theirs`: the file wins conflicts too; else the history keeps them."""
        made = [change.decision for change in self.changes]
        if side == "theirs":
            made += [conflict.change.decision for conflict in self.conflicts]
        return made


def merge(sheet: Sheet, records: Records, by: str, at: dt.datetime, file: str = "") -> Merge:
    """Compare an edited file with the history. Changes nothing.

    `by`: role of who edited the file. `at`: now, UTC.
    """
    merger = _Merger(sheet, records, by, at, file)
    merger.run()
    return Merge(
        tuple(merger.changes),
        tuple(merger.conflicts),
        tuple(merger.problems),
        tuple(merger.elsewhere),
        len(sheet.rows),
        merger.unchanged,
    )


class _Merger:
    def __init__(self, sheet: Sheet, records: Records, by: str, at: dt.datetime, file: str) -> None:
        self.sheet, self.records, self.by, self.at, self.file = sheet, records, by, at, file
        self.changes: list[Change] = []
        self.conflicts: list[Conflict] = []
        self.problems: list[Problem] = []
        self.elsewhere: list[Problem] = []
        self.unchanged = 0
        self.places: Mapping[tuple[str, ...], str] | None = None

    def run(self) -> None:
        rows = list(self._known(self.sheet.rows))
        order = self._order(rows)
        if order is None:
            self._problem(
                rows[0][0], _DATES[0], "the file mixes dates with the day first and with the month first; "
                "write dates as 2026-02-03"
            )  # fmt: skip
            order = False
            rows = [(SheetRow(r.number, _without(r.cells, _DATES)), i) for r, i in rows]
        for row, fingerprint in self._once(rows):
            self._row(row, fingerprint, order)

    # --- which finding a row is of ------------------------------------------------

    def _known(self, rows: Iterable[SheetRow]) -> Iterable[tuple[SheetRow, str]]:
        for row in rows:
            text = plain(row.cells.get(KEY, ""))
            fingerprint = text if text in self.records.findings else self._by_place(row, text)
            if not text:
                self._problem(row, KEY, "is empty: the row belongs to no finding")
            elif fingerprint is None and is_mangled(text):
                self._problem(row, KEY, "was turned into a number by a spreadsheet; export the file again")
            elif fingerprint is None:
                self._problem(row, KEY, f"the history holds no finding {_short(text)}")
            elif self._belongs(row, fingerprint):
                yield row, fingerprint

    def _by_place(self, row: SheetRow, text: str) -> str | None:
        """The finding by rule, store and place, where its id was turned into a number."""
        if not is_mangled(text) and not text.isdigit():
            return None
        if self.places is None:
            self.places = {_where(entry): f for f, entry in self.records.findings.items()}
        wanted = tuple(plain(row.cells.get(c, "")) for c in ("rule_id", "store_locator", "place"))
        return self.places.get(wanted)

    def _belongs(self, row: SheetRow, fingerprint: str) -> bool:
        """Whether the row is still one: sorting some columns only mixes rows up."""
        finding = self.records.findings[fingerprint].finding
        if finding is None:
            return True
        rule = row.cells.get("rule_id")
        if rule is not None and plain(rule) != plain(finding.rule_id):
            self._problem(
                row, "rule_id", "is not the rule of this finding: were only some columns sorted? "
                "Nothing of the row was taken over"
            )  # fmt: skip
            return False
        return True

    def _once(self, rows: Sequence[tuple[SheetRow, str]]) -> Iterable[tuple[SheetRow, str]]:
        seen: dict[str, SheetRow] = {}
        for row, fingerprint in rows:
            first = seen.setdefault(fingerprint, row)
            if first is row:
                yield row, fingerprint
            elif first.cells != row.cells:
                self._problem(row, KEY, f"is the same finding as row {first.number}, which was taken")

    # --- how dates are written ----------------------------------------------------

    def _order(self, rows: Sequence[tuple[SheetRow, str]]) -> bool | None:
        """True: month first. Columns that only scans write tell, where people left them alone."""
        known = []
        for row, fingerprint in rows:
            entry = self._exported(row, fingerprint).entry
            for column, moment in (("first_seen", entry.first_seen), ("last_seen", entry.last_seen)):
                if row.cells.get(column):
                    from scanner.history import london_date

                    known.append((row.cells[column], london_date(moment)))
        others = [row.cells[c] for row, _ in rows for c in _DATES if row.cells.get(c)]
        return dates.month_first(known, others)

    def _exported(self, row: SheetRow, fingerprint: str) -> Exported:
        revision = plain(row.cells.get("revision", ""))
        number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 7 else None
        return self.records.exported(
            fingerprint,
            plain(row.cells.get("scan_id", "")),
            number if number is None or number < _MOST else None,
        )

    # --- what it changes ----------------------------------------------------------

    def _row(self, row: SheetRow, fingerprint: str, month_first: bool) -> None:
        exported = self._exported(row, fingerprint)
        edits = 0
        for wish in wishes(row.cells, exported, self.sheet.encoding, self.at, month_first):
            edits += 1
            if isinstance(wish, Wrong):
                (self.elsewhere if wish.elsewhere else self.problems).append(
                    Problem(wish.message, self.file, row.number, key=wish.column)
                )
            else:
                self._wish(row, fingerprint, exported, wish)
        self.unchanged += not edits

    def _wish(self, row: SheetRow, fingerprint: str, exported: Exported, wish: Wish) -> None:
        now = self.records.findings[fingerprint]
        last = self.records.last(fingerprint, wish.field)
        if _in_force(wish, last):
            return
        decision = Decision(
            fingerprint, 0, self.at, wish.by or self.by, wish.field, wish.value, wish.reason, wish.expires
        )
        change = Change(row.number, wish.column, wish.show(now), wish.shown, decision)
        then = None
        if exported.revision is not None:
            then = self.records.last(fingerprint, wish.field, exported.revision)
        if last is None or (then is not None and then.number == last.number):
            self.changes.append(change)
        else:
            self.conflicts.append(Conflict(change, wish.show(exported.entry), last.by, last.at))

    def _problem(self, row: SheetRow, column: str, message: str) -> None:
        self.problems.append(Problem(message, self.file, row.number, key=column))


def _in_force(wish: Wish, last: Decision | None) -> bool:
    """Whether the history says so already (the file was imported before, say)."""
    if last is None:
        return not wish.value
    if (last.value, last.expires) != (wish.value, wish.expires):
        return False
    return wish.by is None or (last.by, last.reason) == (wish.by, wish.reason)


def _where(entry: FindingHistory) -> tuple[str, ...]:
    finding = entry.finding
    if finding is None:
        return ()
    place = "" if finding.place.is_store else finding.place.text
    return plain(finding.rule_id), plain(finding.subject_id), plain(place)


def _without(cells: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if name not in columns}


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
