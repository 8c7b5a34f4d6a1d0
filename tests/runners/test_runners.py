"""Both runners give the same results; a worker that dies or hangs costs one unit."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from scanner.model import GapReason, Place, Unit, UnitResult
from scanner.runners import processes
from scanner.runners.processes import ProcessRunner
from scanner.runners.serial import SerialRunner


def unit(name: str) -> Unit:
    return Unit(name, "store", "t", Place((("object", name),)), size=1)


class Echo:
    """An examiner that answers with the unit's name, and misbehaves where the name says so."""

    def __init__(self, job: SimpleNamespace) -> None:
        self.job = job

    def fetch(self, unit: Unit) -> None:
        return None

    def examine(self, unit: Unit, fetched: object = None) -> UnitResult:
        marker = Path(self.job.folder) / unit.id
        if unit.id.startswith("die") and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if unit.id.startswith("hang"):
            time.sleep(60)
        return UnitResult(unit.id, unit.store_id, bytes_read=len(unit.id))

    def close(self) -> None: ...


@pytest.fixture
def job(tmp_path: Path) -> SimpleNamespace:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    access = SimpleNamespace(limits=SimpleNamespace(unit_timeout=0.5))
    return SimpleNamespace(
        folder=str(tmp_path),
        key_files={"store": str(key)},
        ask=SimpleNamespace(full=False),
        targets={"t": SimpleNamespace(access=access)},
    )


def names(runner: SerialRunner | ProcessRunner, job: SimpleNamespace, *units: str) -> dict[str, UnitResult]:
    found = {o.unit.id: o.result for o in runner.map(job, [unit(name) for name in units])}
    runner.close()
    return found


def test_equal(job: SimpleNamespace) -> None:
    wanted = [f"u{n}" for n in range(40)]
    assert names(SerialRunner(Echo), job, *wanted) == names(ProcessRunner(Echo, 2), job, *wanted)


def test_no_units(job: SimpleNamespace) -> None:
    assert names(SerialRunner(Echo), job) == names(ProcessRunner(Echo, 2), job) == {}


def test_a_dead_worker_costs_its_unit_only(job: SimpleNamespace) -> None:
    found = names(ProcessRunner(Echo, 2), job, "a", "b", "die", "c", "d", "e")
    assert set(found) == {"a", "b", "die", "c", "d", "e"}
    assert not found["die"].read
    assert [gap.reason for gap in found["die"].gaps] == [GapReason.FAULT]
    assert all(found[name].read for name in "abcde")


def test_a_hung_worker_is_killed(job: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_patience", lambda job, unit: 3.0)
    found = names(ProcessRunner(Echo, 2), job, "a", "hang", "b")
    assert [gap.reason for gap in found["hang"].gaps] == [GapReason.TIMEOUT]
    assert found["a"].read
    assert found["b"].read


def test_stopping_early_leaves_no_worker(job: SimpleNamespace) -> None:
    runner = ProcessRunner(Echo, 2)
    outcomes = runner.map(job, [unit(f"u{n}") for n in range(100)])
    next(outcomes)
    workers = [worker.process for worker in runner._workers]
    outcomes.close()  # type: ignore[attr-defined]
    assert workers
    assert not any(process.is_alive() for process in workers)
