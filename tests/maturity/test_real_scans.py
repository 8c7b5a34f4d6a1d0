"""The promises over real scans: a share and a database, rules switched off, stores excluded, access lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.reckoning import reference
from scanner.maturity import Profile, kpis, profile
from scanner.model import Report
from tests.pipeline import scan, share

# Invented; the numbers are of the series that is never issued.
PEOPLE = [("Anna Example", "QQ123456C"), ("Ben Example", "QQ223457A"), ("Cara Example", "QQ323458B")] * 20


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setenv("DPSCAN_HOME", str(tmp_path / "home"))
    folder = tmp_path / "share"
    folder.mkdir()
    rows = "\n".join(f"{name},{nino}" for name, nino in PEOPLE)
    (folder / "staff_export.csv").write_text(f"name,nino\n{rows}\n")
    with sqlite3.connect(tmp_path / "cases.db") as db:
        db.execute("CREATE TABLE cases (name TEXT, nino TEXT)")
        db.executemany("INSERT INTO cases VALUES (?, ?)", PEOPLE)
    db.close()
    return [share(folder), {"name": "cases", "connector": "sql", "url": f"sqlite:///{tmp_path / 'cases.db'}"}]


def lows(*reports: Report) -> dict[str, float]:
    found: Profile = profile(reports, reference())
    return {d.id: d.low for d in found.domains if d.low is not None}


def never_higher(before: dict[str, float], after: dict[str, float]) -> None:
    assert {id for id, low in after.items() if low > before[id] + 1e-9} == set()


def test_looking_less_never_helps(targets: list[dict[str, Any]]) -> None:
    first = scan(targets)
    assert first.run.rules
    assert len(first.stores) == 2
    whole = lows(first)
    again = scan(targets)
    assert lows(first, again) == whole, "the same again is the same"

    failing = sorted({f.rule_id for f in first.findings if f.verdict.value == "fail"})
    off = scan(targets, rules={"switch_off": failing})
    assert not {f.rule_id for f in off.findings} & set(failing)
    assert set(off.run.rules).isdisjoint(failing)
    never_higher(whole, lows(off))
    never_higher(whole, lows(first, off))

    for store in first.stores:
        without = scan(targets, exclude=[{"store": store.id, "by": "a test", "reason": "to see"}])
        assert [s.id for s in without.stores] == [s.id for s in first.stores if s.id != store.id]
        never_higher(whole, lows(without))
        never_higher(whole, lows(first, without))

    one = scan(targets[:1])
    never_higher(whole, lows(first, one))


def test_getting_better_helps(targets: list[dict[str, Any]]) -> None:
    before = scan(targets)
    after = scan(targets, register=[{"store": "*", "owner": "Head of Casework", "ropa_ref": "ROPA-1"}])
    old, new = lows(before), lows(before, after)
    assert {id for id, low in new.items() if low < old.get(id, 0.0) - 1e-9} == set()
    assert (old["D3"], new["D3"]) == (0.0, 1.0)
    assert new["D2"] > old["D2"]
    figures = {kpi.id: kpi for kpi in kpis([before, after], reference())}
    assert figures["K5"].value == 0
    assert figures["K4"].value == 1.0
    assert figures["K14"].value == 1, "staff_export.csv is a copy"
    assert figures["K18"].value is not None, "what the register settled was closed"
