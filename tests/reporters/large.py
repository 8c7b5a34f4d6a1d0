"""A report of many findings, for measuring reporters. Synthetic throughout.

python -m tests.reporters.large 100000 csv html xlsx board triage markdown --write

`--write` puts the figures into docs/reports.md.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from scanner import plugins
from scanner.history import Observation, advance
from scanner.model import (
    Basis,
    Coverage,
    Evidence,
    Exposure,
    Finding,
    Place,
    Registration,
    Report,
    Severity,
    State,
    Store,
    Verdict,
)
from tests.figures import put
from tests.history.sample import ACCOUNT, BUCKET, FOLDER, finding, holding, report, summary

PER_STORE = 20
"""Findings of one store: half of the whole store, half of its tables."""


def large_report(findings: int) -> Report:
    """Nine in ten fail, the others pass or have no answer; 20 to a store."""
    stores = [
        dataclasses.replace(BUCKET, id=f"aws:s3:::store-{n:06}", name=f"store-{n:06}")
        for n in range(max(1, findings // PER_STORE))
    ]
    places = [Place((("schema", "public"), ("table", f"t{n:02}"))) for n in range(PER_STORE // 2)]
    found = tuple(_finding(n, stores[n // PER_STORE % len(stores)], places) for n in range(findings))
    made = report(
        *found,
        scopes=(ACCOUNT,),
        stores=(*stores, FOLDER),
        summaries=tuple(summary(store) for store in (*stores, FOLDER)),
        holdings=tuple(holding(store, place) for store in stores for place in places),
        coverage=Coverage(1, 1, len(stores) + 1, len(stores) + 1, 10**12, 10**12),
    )
    said = Registration(department="Synthetic", owner="Head of Synthetic Data", owner_source="config")
    context = dataclasses.replace(made.context, registrations={store.id: said for store in stores[::2]})
    made = dataclasses.replace(made, context=context)
    rules = {f.rule_id for f in found}
    return dataclasses.replace(made, history=advance({}, Observation.of(made, rules, {})))


def _finding(number: int, store: Store, places: list[Place]) -> Finding:
    at = number % PER_STORE
    verdict = {3: Verdict.PASS, 13: Verdict.UNKNOWN}.get(at, Verdict.FAIL)
    seen = {Verdict.FAIL: State.ABSENT, Verdict.PASS: State.PRESENT}.get(verdict, State.UNKNOWN)
    basis = Basis.NOT_OBSERVABLE if verdict is Verdict.UNKNOWN else Basis.EXPLICIT
    return finding(
        f"SYN-{at:02}",
        store,
        verdict,
        severity=Severity(number % 5),
        place=places[at // 2] if at % 2 else Place(),
        fingerprint=f"{number:020x}",
        exposure=Exposure(number % 5),
        evidence=(Evidence(store.id, "encryption_at_rest", seen, basis, "synthetic:Get", None, "synthetic"),),
        missing=("encryption_at_rest",) if verdict is Verdict.UNKNOWN else (),
        explanation="What is wrong with this synthetic store, in a sentence of a usual length for findings.",
        remedy="What somebody is to do about it, in a sentence of a usual length for remedies.",
        references={"uk_gdpr": ("Art 32(1)(b)",), "ncsc_caf": ("B3.c",)},
    )


def main(findings: int, formats: list[str], write: bool) -> None:
    made = large_report(findings)
    print(f"{findings:,} findings; the report itself: {_peak()} MB at most")
    lines = ["| format | CPU s | MB written | peak memory of the process so far, MB |", "|---|--:|--:|--:|"]
    with tempfile.TemporaryDirectory() as folder:
        for name in formats:
            used = time.process_time()
            paths = plugins.load("reporters", name)().write(made, folder)
            used, size = time.process_time() - used, sum(Path(path).stat().st_size for path in paths) / 1e6
            lines.append(f"| `{name}` | {used:.0f} | {size:.1f} | {_peak()} |")
            print(lines[-1])
    if write:
        head = f"Measured on {dt.date.today()} by one process, {findings:,} findings (9 in 10 failing), {os.cpu_count()} cores:\n"
        put("reports.md", "large", "\n".join([head, *lines]))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    asked = [word for word in sys.argv[2:] if word != "--write"]
    main(int(sys.argv[1]), asked or ["csv", "html"], "--write" in sys.argv)
