"""The contract suite for runners: subclass it and give it the runner's class.

class TestMine(RunnerContract):
    @pytest.fixture
    def runner_type(self):
        return MyRunner

    own_processes = True  # if units are examined outside this process
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import pytest

from scanner.contracts import Ask, Outcome, Runner
from scanner.errors import ReadError
from scanner.examine import DetectorOptions, Job, Target
from scanner.model import Gap, GapReason, Place, Stage, Unit, UnitResult
from scanner.testing.connectors import access

STORE = "memory:runner"
IN_FLIGHT = 64
"""Most units that a runner with two workers may have taken before one has come back."""

Makes = Callable[[Callable[[Job], Any], int], Runner]
"""A runner's class: called with what makes an examiner from a job, and the number of workers."""


def unit(name: str) -> Unit:
    return Unit(name, STORE, "test", Place((("object", name),)), size=1)


class EchoExaminer:
    """Answers with the unit's name. Units called `die…` kill their process once, `unreadable…` cannot
    be fetched. Importable by name, so workers can make their own."""

    def __init__(self, job: Job) -> None:
        self._folder = Path(job.key_files[STORE]).parent

    def fetch(self, unit: Unit) -> BinaryIO | Gap | None:
        if unit.id.startswith("unreadable"):
            return Gap(unit.store_id, Stage.READ, GapReason.DENIED, "told to be unreadable")
        if unit.id.startswith("broken"):
            raise ReadError(GapReason.UNREACHABLE, "a fetch that broke")
        return None

    def examine(self, unit: Unit, fetched: BinaryIO | Gap | None = None) -> UnitResult:
        if unit.id.startswith("die"):
            marker = self._folder / unit.id
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        gaps = (fetched,) if isinstance(fetched, Gap) else ()
        return UnitResult(unit.id, unit.store_id, gaps=gaps, bytes_read=len(unit.id), read=not gaps)

    def close(self) -> None:
        (self._folder / f"closed-{os.getpid()}").touch()


class RunnerContract:
    """Promises every runner keeps, however it spreads the work."""

    own_processes: ClassVar[bool] = False

    @pytest.fixture
    def runner_type(self) -> Makes:
        raise AssertionError("give the suite a `runner_type` fixture")

    @pytest.fixture
    def runner(self, runner_type: Makes) -> Iterator[Runner]:
        made = runner_type(EchoExaminer, 2)
        yield made
        made.close()

    @pytest.fixture
    def job(self, tmp_path: Path) -> Job:
        """A job as the core makes one; nothing of it is a secret or a client."""
        key = tmp_path / "key"
        key.write_bytes(b"synthetic key of thirty-two byte")
        key.chmod(0o600)
        return Job(
            targets={"test": Target("test", "memory", {}, access())},
            detector=DetectorOptions(names=False),
            ask=Ask(seed="s"),
            key_files={STORE: str(key)},
        )

    def _results(self, runner: Runner, job: Job, *names: str) -> dict[str, UnitResult]:
        found: dict[str, UnitResult] = {}
        for outcome in runner.map(job, map(unit, names)):
            assert isinstance(outcome, Outcome)
            assert outcome.unit.id not in found, "a unit comes back once"
            found[outcome.unit.id] = outcome.result
        return found

    def test_has_a_name(self, runner: Runner) -> None:
        assert runner.name

    def test_every_unit_comes_back_once_with_its_own_result(self, runner: Runner, job: Job) -> None:
        names = [f"u{number}" for number in range(100)]
        alone = EchoExaminer(job)
        assert self._results(runner, job, *names) == {name: alone.examine(unit(name)) for name in names}

    def test_no_units(self, runner: Runner, job: Job) -> None:
        assert self._results(runner, job) == {}

    def test_what_could_not_be_fetched_is_examined_all_the_same(self, runner: Runner, job: Job) -> None:
        """The gap goes to `examine`; a fetch that raised is left to `examine` to try again."""
        found = self._results(runner, job, "a", "unreadable", "broken", "b")
        assert set(found) == {"a", "unreadable", "broken", "b"}
        assert [gap.reason for gap in found["unreadable"].gaps] == [GapReason.DENIED]
        assert found["broken"].read

    def test_units_are_taken_as_they_are_needed(self, runner: Runner, job: Job) -> None:
        """Listings are longer than memory: only a bounded number of units is in flight."""
        taken = itertools.count()
        last = 0

        def listing() -> Iterator[Unit]:
            nonlocal last
            while True:  # never ends
                last = next(taken)
                yield unit(f"u{last}")

        outcomes = runner.map(job, listing())
        for _, _ in zip(range(20), outcomes, strict=False):
            pass
        assert last < 20 + IN_FLIGHT
        _stop(outcomes)

    def test_stopping_early_closes_what_examines(self, runner: Runner, job: Job, tmp_path: Path) -> None:
        outcomes = runner.map(job, (unit(f"u{number}") for number in range(1000)))
        next(outcomes)
        _stop(outcomes)
        runner.close()
        if not self.own_processes:
            assert list(tmp_path.glob("closed-*")), "connectors are closed"
        runner.close()  # may be called twice

    def test_a_listing_that_fails_is_heard_of(self, runner: Runner, job: Job) -> None:
        def listing() -> Iterator[Unit]:
            yield unit("a")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self._results_until_raised(runner, job, listing())

    def test_a_worker_that_dies_costs_its_unit_only(self, runner: Runner, job: Job) -> None:
        if not self.own_processes:
            return  # it would be the test's own process
        found = self._results(runner, job, "a", "b", "die", "c", "d", "e", "f")
        assert set(found) == {"a", "b", "die", "c", "d", "e", "f"}
        assert not found["die"].read
        assert [gap.reason for gap in found["die"].gaps] == [GapReason.FAULT]
        assert all(found[name].read for name in "abcdef")

    def _results_until_raised(self, runner: Runner, job: Job, units: Iterator[Unit]) -> None:
        for _ in runner.map(job, units):
            pass


def _stop(outcomes: Iterator[Outcome]) -> None:
    close = getattr(outcomes, "close", None)
    if close is not None:
        close()
