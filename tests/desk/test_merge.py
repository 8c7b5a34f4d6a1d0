"""The three-way rule itself: whoever changed something alone is heard, and both are never overwritten."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.desk.fields import shown_status
from scanner.desk.merge import Merge, merge
from scanner.desk.records import Records
from scanner.desk.sheet import Sheet, SheetRow
from scanner.desk.texts import same
from scanner.history import Decision, by_subject, overlay
from scanner.model import FindingHistory, Observed, Report, Workflow
from tests.desk.office import DPO, NOW, ONE, department

ID = ONE.fingerprint
ENTRY = FindingHistory(
    ID,
    Observed.OPEN,
    Workflow.NEW,
    False,
    NOW,
    NOW,
    NOW,
    due=(NOW + dt.timedelta(days=14)).date(),
    finding=ONE,
)
VALUES = {
    "workflow": ["new", "in progress", "false positive"],
    "due": ["", "2027-01-01", "2027-02-02"],
    "assigned": ["", "Cloud team", "Records"],
    "notes": ["", "one", "=two"],
}
COLUMN = {"workflow": "status", "due": "due_date", "assigned": "action_owner", "notes": "dpo_notes"}
choice = st.fixed_dictionaries({field: st.sampled_from(values) for field, values in VALUES.items()})
partial = st.fixed_dictionaries({}, optional={f: st.sampled_from(v) for f, v in VALUES.items()})


def decisions(values: dict[str, str], first: int) -> list[Decision]:
    return [
        Decision(ID, number, NOW, "somebody", field, value)
        for number, (field, value) in enumerate(values.items(), start=first)
    ]


def cells(entry: FindingHistory) -> dict[str, str]:
    """A row as the reporters write it."""
    owner = department().context.registration(ONE.subject_id).owner or ""
    return {
        "finding_id": ID,
        "scan_id": "run-1",
        "revision": str(entry.revision),
        "status": shown_status(entry),
        "due_date": entry.due.isoformat() if entry.due else "",
        "action_owner": entry.assigned_to or owner,
        "dpo_notes": entry.dpo_notes,
    }


def taken(made: list[Decision], row: dict[str, str]) -> tuple[Merge, Records]:
    report: Report = dataclasses.replace(department(), history={ID: ENTRY})
    records = Records(
        {ID: overlay(ENTRY, made)},
        by_subject(made),
        lambda run: report if run in ("run-1", "latest") else None,
    )
    return merge(Sheet(tuple(row), (SheetRow(2, row),), "utf-8"), records, DPO, NOW), records


@settings(max_examples=100, deadline=None)
@given(before=partial, after=partial, wish=partial)
def test_three_ways(before: dict[str, str], after: dict[str, str], wish: dict[str, str]) -> None:
    exported = decisions(before, 1)
    base = overlay(ENTRY, exported)
    made = exported + decisions(after, len(exported) + 1)
    asked = overlay(base, decisions(wish, 1000))
    row = cells(base) | {COLUMN[f]: cells(asked)[COLUMN[f]] for f in wish}
    found, _ = taken(made, row)
    assert not found.problems
    now = overlay(ENTRY, made)
    merged = overlay(now, [dataclasses.replace(d, number=2000 + n) for n, d in enumerate(found.decisions())])
    named = {conflict.change.column for conflict in found.conflicts}
    for field, column in COLUMN.items():
        theirs, ours, was = (cells(e)[column] for e in (asked, now, base))
        final = cells(merged)[column]
        if theirs == was:
            assert final == ours, "the file did not change it: the history stands"
        elif field not in after:
            assert final == theirs, "only the file changed it"
        elif column in named:
            assert final == ours, "a conflict waits"
        else:
            assert final == theirs == ours or final == ours == theirs, "both said the same"
    forced = overlay(
        now, [dataclasses.replace(d, number=2000 + n) for n, d in enumerate(found.decisions("theirs"))]
    )
    for column in named:
        assert cells(forced)[column] == cells(asked)[column]


@settings(max_examples=100, deadline=None)
@given(before=partial, after=partial)
def test_a_file_nobody_edited_changes_nothing(before: dict[str, str], after: dict[str, str]) -> None:
    exported = decisions(before, 1)
    found, _ = taken(exported + decisions(after, len(exported) + 1), cells(overlay(ENTRY, exported)))
    assert (found.changes, found.conflicts, found.problems, found.unchanged) == ((), (), (), 1)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["finding_id", "status", "due_date", "revision", "scan_id", "dpo_notes", "accepted_by",
                         "acceptance_expires", "action_owner", "breach_triage", "first_seen", "rule_id"]),
        st.one_of(st.text(max_size=20), st.sampled_from([ID, "accepted", "99999", "-1", "1e5", "run-1", "²", "12"])),
    )
)  # fmt: skip
def test_any_row_is_taken_or_named(row: dict[str, str]) -> None:
    found, _ = taken([], row)
    known = row.get("finding_id") == ID
    assert known or found.problems
    for change in found.changes:
        assert change.decision.subject == ID


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("Za?ólc", "Zażółć"),
        ("Za?ó??", "Zażółć"),
        ("Zazólc", "Zażółć"),
        ("=1+1", "＝1+1"),
        ("????", "مالك"),
        ("-5", "−5"),
    ],
)
def test_what_a_western_european_file_makes_of_a_text_is_no_edit(cell: str, known: str) -> None:
    assert same(cell, known, "cp1252")
    assert not same(cell, known, "utf-8")
    assert not same(cell + "x", known, "cp1252")
