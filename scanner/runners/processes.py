"""Worker processes, each with a prefetch thread of its own.

A worker that dies costs its unit a `Gap(FAULT)` and is replaced; what it had been handed
beside that unit is handed out again. A worker that neither finishes nor dies is killed
after `_HUNG` times its unit's time and costs a `Gap(TIMEOUT)`.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ClassVar

from scanner.common import digests
from scanner.common.names import reduce_gap
from scanner.contracts import Outcome
from scanner.model import Gap, GapReason, Stage, Unit, UnitResult
from scanner.runners.loop import Examines, examine_all

_AHEAD = 2  # units a worker holds: one being examined, one being fetched
_HUNG = 3.0
_POLL = 1.0


class _Worker:
    def __init__(self, make: Callable[[Any], Examines], job: Any) -> None:
        # "spawn": a fork would copy the threads' locks of SDKs and of the progress display.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_work, args=(theirs, make, job), name="dpscan-worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.units: deque[Unit] = deque()
        self.since = time.monotonic()

    def hand(self, unit: Unit) -> None:
        if not self.units:
            self.since = time.monotonic()
        self.units.append(unit)
        try:
            self.pipe.send(unit)
        except (BrokenPipeError, OSError):
            return  # it has died; the sentinel tells, and its units are dealt with there

    def stop(self) -> None:
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


class ProcessRunner:
    name: ClassVar[str] = "processes"

    def __init__(self, make: Callable[[Any], Examines], workers: int = 2) -> None:
        self._make, self._count = make, max(1, workers)
        self._workers: list[_Worker] = []

    def map(self, job: Any, units: Iterable[Unit]) -> Iterator[Outcome]:
        source = iter(units)
        again: deque[Unit] = deque()
        exhausted = False
        try:
            while True:
                exhausted = self._hand_out(job, source, again, exhausted)
                if exhausted and not again and not any(w.units for w in self._workers):
                    return
                ready = wait(
                    [w.pipe for w in self._workers] + [w.process.sentinel for w in self._workers], _POLL
                )
                for worker in list(self._workers):
                    yield from self._receive(worker, ready, job, again)
        finally:
            self.close()

    def close(self) -> None:
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _hand_out(self, job: Any, source: Iterator[Unit], again: deque[Unit], exhausted: bool) -> bool:
        """Fill every worker's hands; start a worker only when there is a unit for it."""
        for depth in range(1, _AHEAD + 1):
            for index in range(self._count):
                if index < len(self._workers) and len(self._workers[index].units) >= depth:
                    continue
                unit = again.popleft() if again else next(source, None)
                if unit is None:
                    return True
                if index >= len(self._workers):
                    self._workers.append(_Worker(self._make, job))
                    index = len(self._workers) - 1
                self._workers[index].hand(unit)
        return exhausted

    def _receive(self, worker: _Worker, ready: list[Any], job: Any, again: deque[Unit]) -> Iterator[Outcome]:
        if worker.pipe in ready:
            try:
                result: UnitResult = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._lost(worker, job, again, GapReason.FAULT, "the worker reading it died")
                return
            unit = worker.units.popleft()
            worker.since = time.monotonic()
            yield Outcome(unit, result)
        elif not worker.process.is_alive():
            yield from self._lost(worker, job, again, GapReason.FAULT, "the worker reading it died")
        elif worker.units and time.monotonic() - worker.since > _patience(job, worker.units[0]):
            yield from self._lost(worker, job, again, GapReason.TIMEOUT, "reading it never came to an end")

    def _lost(
        self, worker: _Worker, job: Any, again: deque[Unit], reason: GapReason, detail: str
    ) -> Iterator[Outcome]:
        """The unit in hand is a gap; the one behind it goes to another worker."""
        self._workers.remove(worker)
        worker.stop()
        if not worker.units:
            return
        unit = worker.units.popleft()
        again.extend(worker.units)
        remedy = "run again; if it happens again, `--runner serial` shows why"
        gap = reduce_gap(Gap(unit.store_id, Stage.READ, reason, detail, unit.place, remedy, unit.size or 0))
        key = digests.unit_key(digests.read_key(Path(job.key_files[unit.store_id])), unit)
        yield Outcome(unit, UnitResult(key, unit.store_id, gaps=(gap,), modified=unit.modified, read=False))


def _patience(job: Any, unit: Unit) -> float:
    """Seconds to wait for one unit; the first one of a worker also loads the models."""
    if job.ask.full:
        return float("inf")
    return float(job.targets[unit.target].access.limits.unit_timeout * _HUNG + 60)


def _work(pipe: Connection, make: Callable[[Any], Examines], job: Any) -> None:
    """A worker's life: units in, results out, until the parent closes the pipe."""
    # Ctrl-C goes to the whole process group; the parent decides what becomes of the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    examiner = make(job)

    def units() -> Iterator[Unit | None]:
        holding = False
        while True:
            if holding and not pipe.poll():
                holding = False
                yield None
                continue
            try:
                unit = pipe.recv()
            except (EOFError, OSError):
                return
            holding = True
            yield unit

    try:
        for outcome in examine_all(examiner, units()):
            pipe.send(outcome.result)
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        examiner.close()
