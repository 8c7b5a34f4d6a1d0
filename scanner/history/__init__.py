"""Runs, findings over time, and the journal that lets a killed scan resume (`docs/history.md`)."""

from scanner.history.decided import Decision, by_subject, overlay
from scanner.history.home import data_home, default_url
from scanner.history.over_time import (
    DAYS_TO_FIX,
    OPEN_STATES,
    KnownStore,
    Observation,
    advance,
    due_date,
    london_date,
)
from scanner.history.rows import RunRecord
from scanner.history.store import History, RunStart, Unfinished

__all__ = [
    "DAYS_TO_FIX",
    "OPEN_STATES",
    "Decision",
    "History",
    "KnownStore",
    "Observation",
    "RunRecord",
    "RunStart",
    "Unfinished",
    "advance",
    "by_subject",
    "data_home",
    "default_url",
    "due_date",
    "london_date",
    "overlay",
]
