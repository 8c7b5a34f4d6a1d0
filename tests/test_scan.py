"""The pipeline on a folder: equal runs and runners, resuming, limits, fixing, going away."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from scanner.contracts import Outcome
from scanner.errors import LockedError
from scanner.history import History
from scanner.model import GapReason, Inspected, Observed, Presence, Report, Store, Verdict
from tests.end_to_end.data import PEOPLE
from tests.pipeline import scan, share

NHS, OTHER = PEOPLE[0].nhs, PEOPLE[1].nhs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "srv"
    root.mkdir()
    for n in range(20):
        name = "abcdefghijklmnopqrst"[n]
        (root / f"note-{name}.txt").write_text(
            f"Reference {name}. NHS number {NHS}, call 07700 9001{n:02d}.\n"
        )
    (root / "people.csv").write_text("name,nhs number\n" + f"x,{NHS}\ny,{OTHER}\n" * 30)
    return root


def facts(report: Report) -> Any:
    """Everything of a report but times and run ids."""
    return dataclasses.replace(
        report,
        run=dataclasses.replace(report.run, id="", started=dt.datetime.min, finished=dt.datetime.min),
        history={},
    )


def observed(report: Report) -> dict[tuple[str, str], Observed]:
    return {
        (e.finding.rule_id, e.finding.place.text): e.observed
        for e in report.history.values()
        if e.finding is not None
    }


def test_the_same_run_twice_is_identical(folder: Path) -> None:
    first = scan([share(folder)], sampling={"seed": "s"})
    second = scan([share(folder)], sampling={"seed": "s"})
    assert facts(first) == facts(second)
    assert first.run.id != second.run.id


def test_both_runners_give_the_same_report(folder: Path) -> None:
    settings: dict[str, Any] = {"sampling": {"seed": "s"}}
    one = scan([share(folder)], runner="serial", **settings)
    two = scan([share(folder)], runner="processes", limits={"workers": 2}, **settings)
    assert facts(one) == facts(two)
    assert one.summaries[0].personal is Presence.YES


def test_a_sample_of_many_files(folder: Path) -> None:
    report = scan([share(folder)], sampling={"seed": "s", "objects": 5})
    (summary,) = report.summaries
    assert summary.inspected is Inspected.SAMPLED
    assert not summary.bound_reached
    assert [(s.population, s.read) for s in summary.strata] == [(21, 5)]
    assert [g.count for g in report.gaps if g.reason is GapReason.SAMPLED_OUT] == [16]


class KilledAfter:
    """An observer that stops the run as Ctrl-C would."""

    def __init__(self, units: int) -> None:
        self.left, self.seen, self.resumed_with = units, 0, 0

    def tell(self, text: str) -> None: ...

    def resumed(self, run_id: str, units: int) -> None:
        self.resumed_with = units

    def planned(self, store: Store, units: int, size: int) -> None: ...

    def examined(self, outcome: Outcome) -> None:
        self.seen += 1
        if self.seen == self.left:
            raise KeyboardInterrupt


def test_an_interrupted_run_goes_on_where_it_stopped(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        scan([share(folder)], KilledAfter(8))
    rest = KilledAfter(0)
    resumed = scan([share(folder)], rest)
    assert rest.resumed_with == 8
    assert rest.seen == 13, "only what was not done is read"
    whole = scan([share(folder)], resume=False, sampling={"seed": resumed.run.seed})
    assert [s.records for s in resumed.summaries] == [s.records for s in whole.summaries]
    assert resumed.holdings == whole.holdings


def test_a_resumed_run_is_another_matter_for_another_configuration(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        scan([share(folder)], KilledAfter(8))
    other = KilledAfter(0)
    scan([share(folder)], other, sampling={"objects": 10})
    assert other.resumed_with == 0


def test_max_bytes_stops_and_says_so(folder: Path) -> None:
    report = scan([share(folder)], limits={"max_bytes": 200})
    assert not report.run.complete
    assert [g.detail for g in report.gaps if g.reason is GapReason.LIMIT] == ["stopped by max_bytes"]
    assert report.exit_code == 3
    rest = KilledAfter(0)
    finished = scan([share(folder)], rest)
    assert rest.resumed_with > 0
    assert finished.run.complete


def test_exclusions_are_shown(folder: Path) -> None:
    exclude = [{"type": "*.txt", "by": "DPO", "reason": "letters are out of scope"}]
    report = scan([share(folder)], exclude=exclude)
    (gap,) = [g for g in report.gaps if g.reason is GapReason.EXCLUDED]
    assert (gap.count, gap.detail) == (20, "excluded by DPO: letters are out of scope")
    gone = scan([share(folder)], exclude=[{"store": "srv*", "by": "DPO", "reason": "legal hold"}])
    assert not gone.stores
    assert gone.exit_code == 3, "nothing was read"
    assert not [e for e in gone.history.values() if e.observed is not Observed.NOT_RECHECKED]


def test_what_was_removed_is_fixed_or_gone(folder: Path) -> None:
    (folder / "app.log").write_text(f"user {NHS} nhs number {NHS}\n" * 20)
    first = scan([share(folder)])
    failing = {f.place.text for f in first.findings if f.rule_id == "LOG-03" and f.verdict is Verdict.FAIL}
    assert failing == {"app.log"}
    (folder / "app.log").write_text("ok\n" * 20)
    assert observed(scan([share(folder)]))[("LOG-03", "app.log")] is Observed.FIXED
    (folder / "app.log").write_text(f"user {NHS} nhs number {NHS}\n" * 20)
    assert observed(scan([share(folder)]))[("LOG-03", "app.log")] is Observed.REOPENED
    (folder / "app.log").unlink()
    assert observed(scan([share(folder)]))[("LOG-03", "app.log")] is Observed.GONE


def test_a_file_that_becomes_unreadable_resolves_nothing(folder: Path) -> None:
    (folder / "app.log").write_text(f"user {NHS} nhs number {NHS}\n" * 20)
    scan([share(folder)])
    (folder / "app.log").write_bytes(b"PK\x03\x04 damaged")
    entry = observed(scan([share(folder)]))[("LOG-03", "app.log")]
    assert entry in (Observed.NOT_RECHECKED, Observed.OPEN)


def test_a_waiver_lasts_until_it_expires(folder: Path) -> None:
    waiver = {"rule": "FS-01", "store": "*", "owner": "IT", "reason": "kiosk", "expires": "2999-01-01"}
    report = scan([share(folder)], waivers=[waiver], fail_on="high", min_coverage=0)
    accepted = [e.accepted_by for e in report.history.values() if e.finding and e.finding.rule_id == "FS-01"]
    assert accepted == ["IT: kiosk"]
    expired = scan([share(folder)], waivers=[{**waiver, "expires": "2020-01-01"}], min_coverage=0)
    assert [
        e.accepted_by for e in expired.history.values() if e.finding and e.finding.rule_id == "FS-01"
    ] == [None]


def test_one_scan_of_a_scope_at_a_time(folder: Path) -> None:
    with (
        History.open(None) as history,
        history.lock(["file:srv/share"]),
        pytest.raises(LockedError, match="srv/share"),
    ):
        scan([share(folder)])


def test_a_missing_share_is_a_gap_not_an_end(folder: Path, tmp_path: Path) -> None:
    lost = {"name": "lost", "connector": "files", "path": str(tmp_path / "unmounted")}
    report = scan([share(folder), lost])
    assert report.exit_code == 3
    assert len(report.stores) == 1
    assert report.coverage.scopes_declared == 2
    assert report.coverage.scopes_reached == 1


def test_the_size_of_a_file_that_nothing_reads_is_not_what_stands_in_the_way(folder: Path) -> None:
    """5 GB of nothing: raising a limit would not have helped, and reading it all would take minutes."""
    with (folder / "disk.bin").open("wb") as file:
        file.truncate(5 * 1024**3)
    report = scan([share(folder)])
    (gap,) = [gap for gap in report.gaps if not gap.reason.chosen]
    assert gap.reason is GapReason.UNSUPPORTED
    assert "object_bytes" not in gap.remedy
