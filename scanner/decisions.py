"""Waivers of the configuration, applied to findings until they expire."""

from __future__ import annotations

import dataclasses
import datetime as dt
import fnmatch
from collections.abc import Mapping, Sequence

from scanner.config import WaiverConfig
from scanner.model import FindingHistory, Workflow


def apply_waivers(
    history: Mapping[str, FindingHistory], waivers: Sequence[WaiverConfig], today: dt.date
) -> dict[str, FindingHistory]:
    """Accepted findings marked as such; an acceptance that has expired counts no longer."""
    out = {}
    for fingerprint, entry in history.items():
        waiver = next((w for w in waivers if w.expires >= today and _fits(w, entry)), None)
        if waiver is not None and entry.workflow is not Workflow.FALSE_POSITIVE:
            entry = dataclasses.replace(
                entry,
                workflow=Workflow.ACCEPTED,
                accepted_by=f"{waiver.owner}: {waiver.reason}",
                acceptance_expires=waiver.expires,
            )
        elif (
            entry.workflow is Workflow.ACCEPTED
            and entry.acceptance_expires is not None
            and entry.acceptance_expires < today
        ):
            note = f"the acceptance by {entry.accepted_by} expired on {entry.acceptance_expires.isoformat()}"
            entry = dataclasses.replace(entry, workflow=Workflow.NEW, note=note)
        out[fingerprint] = entry
    return out


def _fits(waiver: WaiverConfig, entry: FindingHistory) -> bool:
    finding = entry.finding
    return (
        finding is not None
        and finding.rule_id == waiver.rule
        and fnmatch.fnmatchcase(finding.subject_id, waiver.store)
        and fnmatch.fnmatchcase(finding.place.text, waiver.place)
    )
