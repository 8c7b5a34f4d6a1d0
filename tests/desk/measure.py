"""How large a history grows: the numbers in docs/history.md. Synthetic; not a test (it takes a minute).

python -m tests.desk.measure 10000 5 --write

`--write` puts the figures into docs/history.md.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import sys
import tempfile
import time
from pathlib import Path

from scanner.history import History
from scanner.model import Basis, Evidence, Exposure, Finding, Place, Report, Severity, State, Store, Verdict
from scanner.ruleset import load_rules
from tests.figures import put
from tests.history.sample import ACCOUNT, NOON, report, summary


def _table(failing: int, runs: int, first: float, each: float) -> str:
    """129: the runs of a year of which one a week is kept after 90 days."""
    rows = [
        (f"{failing:,} findings, once", first - each),
        ("each run, with its report", each),
        ("365 daily runs", first + 364 * each),
        ("365 daily runs, one a week kept after 90 days (129 runs)", first + 128 * each),
    ]
    head = f"Measured on {dt.date.today()} over {runs} runs:\n\n| | |\n|---|--:|"
    return "\n".join([head, *(f"| {what} | {size / 1e6:,.1f} MB |" for what, size in rows)])


def year(failing: int, runs: int, passing_per_failing: int = 2, write: bool = False) -> None:
    """Daily runs over stores with `failing` findings (1 % of them change every day)."""
    rules = load_rules().rules
    with (
        tempfile.TemporaryDirectory() as folder,
        History.open(f"sqlite:///{folder}/history.sqlite") as history,
    ):
        sizes = []
        for day in range(runs):
            run = _report(failing, passing_per_failing, day, rules)
            began = time.monotonic()
            run = dataclasses.replace(run, history=history.advance(run, [rule.id for rule in rules], {}))
            history.save(run)
            took = time.monotonic() - began
            size = history.size()
            sizes.append(size.bytes)
            print(
                f"run {day + 1}: {size.bytes / 1e6:.1f} MB in all, {size.reports / 1e6:.1f} MB reports, "
                f"{took:.1f} s to save"
            )
        history.compact()
        print(f"{history.size().bytes / 1e6:.1f} MB after compacting")
        each = (sizes[-1] - sizes[0]) / max(1, runs - 1)
        if write:
            put("history.md", "size", _table(failing, runs, history.size().bytes - (runs - 1) * each, each))
        print(
            f"{each / 1e6:.2f} MB a run; {each * 365 / 1e6:.0f} MB for 365 daily runs, and {sizes[0] / 1e6:.1f} MB once"
        )
        print(f"file modes: {oct(Path(folder, 'history.sqlite').stat().st_mode)}")


def _report(failing: int, passing: int, day: int, rules: tuple[object, ...]) -> Report:
    count = failing // 10
    stores = tuple(
        Store(
            f"aws:s3:::department-store-{n}",
            ACCOUNT.id,
            "bucket",
            "aws",
            f"department-store-{n}",
            region="eu-west-2",
        )
        for n in range(count)
    )
    findings = []
    for number in range(failing * (1 + passing)):
        store, rule = stores[number % count], rules[number // count % len(rules)]
        table = Place((("schema", "public"), ("table", f"table_{number // count}")))
        fails = number < failing
        if fails and hashlib.sha256(f"{number}{day}".encode()).digest()[0] < 3:
            fails = False
        findings.append(_finding(rule, store, table, fails))
    at = NOON + dt.timedelta(days=day)
    return report(
        *findings, at=at, run_id=f"run-{day:04}", stores=stores, scopes=(ACCOUNT,),
        summaries=tuple(summary(store) for store in stores),
        evidence=tuple(e for store in stores for e in _evidence(store)),
    )  # fmt: skip


def _evidence(store: Store) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(store.id, name, State.PRESENT, Basis.EXPLICIT, "s3:GetBucketPolicy")
        for name in ("encryption_at_rest", "access_logging", "versioning", "anonymous_read_blocked")
    )


def _finding(rule: object, store: Store, place: Place, fails: bool) -> Finding:
    key = hashlib.sha256(f"{store.id}{rule.id}{place.text}".encode()).hexdigest()[:20]  # type: ignore[attr-defined]
    return Finding(
        fingerprint=key,
        rule_id=rule.id,  # type: ignore[attr-defined]
        title=rule.title,  # type: ignore[attr-defined]
        subject_id=store.id,
        subject_kind="place",
        place=place,
        verdict=Verdict.FAIL if fails else Verdict.PASS,
        severity=Severity.HIGH if fails else None,
        would_be=None,
        severity_reason="base X: S2 in E3",
        exposure=Exposure.E3,
        evidence=_evidence(store)[:2],
        explanation=rule.why if fails else "",  # type: ignore[attr-defined]
        remedy=rule.remedy if fails else "",  # type: ignore[attr-defined]
        references=rule.references,  # type: ignore[attr-defined]
        strength=3,
    )


if __name__ == "__main__":
    year(int(sys.argv[1]), int(sys.argv[2]), write="--write" in sys.argv)
