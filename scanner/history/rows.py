"""Records to table rows and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import lzma
from typing import Any

from scanner.model import FindingHistory, Observed, Report, Workflow
from scanner.model.codec import CodecError, from_plain, pack, to_plain, unpack
from scanner.model.verdicts import Finding

_XZ = b"\xfd7zXZ\0"


@dataclasses.dataclass(frozen=True, slots=True)
class RunRecord:
    """One line of the list of runs."""

    id: str
    state: str
    """`running`, `stopped` (by a limit or a signal; can be resumed), `finished`, `abandoned`."""
    started: dt.datetime
    finished: dt.datetime | None
    exit_code: int | None
    targets: tuple[str, ...]
    tool_version: str
    config_digest: str
    rulepack_digest: str


def moment_text(moment: dt.datetime) -> str:
    """UTC with microseconds, so that text order is time order."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC).isoformat(timespec="microseconds")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def storable(text: str) -> str:
    """Names may hold bytes that are no text, or NUL; databases refuse both."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def finding_row(entry: FindingHistory) -> dict[str, Any]:
    """Everything but the workflow, which belongs to people."""
    finding = entry.finding
    assert finding is not None
    due = entry.due_by_rule if entry.due_set else entry.due
    return {
        "fingerprint": entry.fingerprint,
        "rule_id": storable(finding.rule_id),
        "subject_id": storable(finding.subject_id),
        "severity": finding.severity.name if finding.severity is not None else None,
        "observed": entry.observed.value,
        "first_seen": moment_text(entry.first_seen),
        "last_seen": moment_text(entry.last_seen),
        "last_checked": moment_text(entry.last_checked),
        "times_reopened": entry.times_reopened,
        "note": storable(entry.note),
        # A date that a person set is kept as a decision; here is what severity gives.
        "due": due.isoformat() if due else None,
        "finding": pack(finding),
    }


def finding_history(row: Any) -> FindingHistory:
    expires = row.acceptance_expires
    return FindingHistory(
        fingerprint=row.fingerprint,
        observed=Observed(row.observed),
        workflow=Workflow(row.workflow),
        is_new=False,
        first_seen=moment(row.first_seen),
        last_seen=moment(row.last_seen),
        last_checked=moment(row.last_checked),
        times_reopened=row.times_reopened,
        note=row.note,
        accepted_by=row.workflow_by if row.workflow == Workflow.ACCEPTED.value else None,
        acceptance_expires=dt.date.fromisoformat(expires) if expires else None,
        due=dt.date.fromisoformat(row.due) if row.due else None,
        finding=unpack(Finding, row.finding),
    )


def pack_report(report: Report) -> bytes:
    """A report, small: xz finds what repeats over megabytes, and a finding of this run is not
    stored once more with where it stands. (A third of what `codec.pack` makes of it.)"""
    current = {finding.fingerprint: finding for finding in report.findings}
    history = {
        key: dataclasses.replace(entry, finding=None) if entry.finding == current.get(key) else entry
        for key, entry in report.history.items()
    }
    plain = to_plain(dataclasses.replace(report, history=history))
    text = json.dumps(plain, separators=(",", ":"), allow_nan=False)
    return lzma.compress(text.encode("ascii"), preset=2)


def unpack_report(data: bytes, outline: bool = False) -> Report:
    """What `pack_report` stored, or version 1 of the history. Raises CodecError.

    `outline`: without what lies at each place and without the prose and evidence of findings, in a
    third of the time: what figures over many runs are reckoned from.
    """
    if not data.startswith(_XZ):
        return unpack(Report, data)
    try:
        plain = json.loads(lzma.decompress(data))
    except (lzma.LZMAError, ValueError):
        raise CodecError("stored Report is damaged") from None
    if outline:
        _outline(plain)
    report = from_plain(Report, plain)
    current = {finding.fingerprint: finding for finding in report.findings}
    history = {
        key: dataclasses.replace(entry, finding=current.get(key)) if entry.finding is None else entry
        for key, entry in report.history.items()
    }
    return dataclasses.replace(report, history=history)


_PROSE = ("explanation", "remedy", "references", "holdings", "missing")


def _outline(plain: Any) -> None:
    """Take out of a report's plain data what its outline does not have."""
    if not isinstance(plain, dict):
        return
    plain["holdings"] = []
    plain["evidence"] = [item for item in plain.get("evidence", ()) if not item.get("place")]
    older = [entry.get("finding") for entry in plain.get("history", {}).values()]
    for finding in (*plain.get("findings", ()), *older):
        if finding:
            finding["evidence"] = []
            for name in _PROSE:
                finding.pop(name, None)


def run_record(row: Any) -> RunRecord:
    return RunRecord(
        id=row.id,
        state=row.state,
        started=moment(row.started),
        finished=moment(row.finished) if row.finished else None,
        exit_code=row.exit_code,
        targets=tuple(json.loads(row.targets)),
        tool_version=row.tool_version,
        config_digest=row.config_digest,
        rulepack_digest=row.rulepack_digest,
    )
