"""Fifty-two weekly scans of the invented department through dpscan's own pipeline, ending in reports.

    python -m examples.year.simulate -o year

Every scan is a real one: files are read, rules are judged, the history is kept. Only the department
and the calendar are invented. The reports of the whole year are written to the folder at the end.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from examples.year import plan
from examples.year.department import Invented, id_of, named
from scanner import plugins
from scanner import scan as pipeline
from scanner.cli.reckoning import period_of
from scanner.config import Config
from scanner.history import History
from scanner.model import CiRun, Report, Severity, Workflow
from scanner.ruleset import RuleSet, load_rules
from scanner.targets import build_targets
from scanner.testing.fakes import installed

FORMATS = ("html", "board", "xlsx", "markdown", "csv")


class Calendar(History):
    """A history whose clock stands where the year has come to."""

    today: dt.datetime = plan.START

    def now(self) -> dt.datetime:
        return self.today


def config(week: int) -> Config:
    """The department's configuration in one week: its register grows as people get round to it."""
    register = []
    for store in plan.STORES:
        entry: dict[str, object] = {"store": id_of(store), "system_of_record": True}
        if week >= store.owner_from:
            entry["owner"] = f"Head of {store.name}"
        if week >= store.record_from:
            entry["ropa_ref"] = f"ROPA-{store.name}"
        if week >= store.retention_from:
            entry["retention_days"] = 3650
        if week >= store.assessed_from:
            entry["dpia_ref"] = f"DPIA-{store.name}"
        if store.public_on_purpose:
            entry |= {"intended_public": True, "intended_public_owner": "Head of Statistics",
                      "intended_public_date": "2025-11-01"}  # fmt: skip
        register.append(entry)
    return Config.model_validate({
        "department": "Department for Invented Affairs",
        "targets": [{"connector": "invented", "name": scope, "scope": scope, "week": week} for scope in plan.SCOPES],
        "register": register,
        "policy": {"approved_regions": ["eu-west-2"], "trusted_accounts": [], "require_masking": False,
                   "require_customer_managed_key": False},
        "detection": {"names": False, "test_data": "treat_as_real"},
        "rules": {"switch_off": [plan.OFF] if week < plan.PACK_CHANGES else []},
        "sampling": {"seed": f"week-{week}"},
        "runner": "serial",
    })  # fmt: skip


def year(history: Calendar, weeks: int = plan.WEEKS) -> Iterator[Report]:
    """One report a week, each stored before the next scan begins; people decide in between."""
    packs: dict[tuple[str, ...], RuleSet] = {}
    with installed("connectors", "invented", Invented):
        for week in range(weeks):
            history.today = plan.moment(week)
            made = config(week)
            off = made.rules.switch_off
            rules = packs.setdefault(off, load_rules(None, None, off)) if off not in packs else packs[off]
            yield pipeline.scan(made, build_targets(made, "year"), rules, history, pipeline.Quiet())
            _decide(history, week)


def _decide(history: Calendar, week: int) -> None:
    store, rule, start, until = plan.ACCEPTED
    if week == start:
        by = "Head of Facilities"
        history.decide(
            _finding(history, store, rule), Workflow.ACCEPTED, by, plan.moment(until).date(), "moves out soon"
        )
    store, rule, at = plan.FALSE
    if week == at:
        history.decide(_finding(history, store, rule), Workflow.FALSE_POSITIVE, "Data Protection Officer")
    for store, rule, at in plan.CONFIRMED:
        if week == at:
            history.decide(_finding(history, store, rule), Workflow.IN_PROGRESS, "Operations")
    for repository, at, blocked, count in plan.CI:
        if week == at:
            violations = {f"{repository}-{week}-{n}": ("OBJ-01", Severity.HIGH) for n in range(count)}
            history.record_ci(CiRun(repository, history.now(), blocked, Severity.HIGH, violations))


def _finding(history: History, store: str, rule: str) -> str:
    """The fingerprint of a rule's finding on a store."""
    wanted = id_of(named(store))
    return next(
        key
        for key, entry in history.findings().items()
        if entry.finding is not None and (entry.finding.subject_id, entry.finding.rule_id) == (wanted, rule)
    )


def write(history: History, last: Report, folder: Path) -> list[str]:
    """The reports of the whole year."""
    shown = period_of(history, last.run.finished, plan.START.date())
    written: list[str] = []
    for name in FORMATS:
        reporter = plugins.load("reporters", name)()
        if hasattr(reporter, "period"):
            reporter.period = shown
        written += reporter.write(last, str(folder))
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("year"), help="folder for history and reports"
    )
    parser.add_argument("--weeks", type=int, default=plan.WEEKS, help="stop after so many weeks")
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (asked.output / "history.sqlite").absolute()
    if file.exists():
        sys.exit(f"{file} is there already: name another folder")
    with Calendar.open(f"sqlite:///{file}") as history:
        assert isinstance(history, Calendar)
        reports = []
        for report in year(history, asked.weeks):
            reports.append(report)
            if sys.stderr.isatty():
                print(f"\rweek {len(reports)} of {asked.weeks}", end="", file=sys.stderr)
        for path in write(history, reports[-1], asked.output):
            print(path)


if __name__ == "__main__":
    main()
