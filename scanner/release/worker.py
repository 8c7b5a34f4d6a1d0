"""A child process that looks through files (and writes clean copies), and the parent's end of it.

Files from outside are hostile until shown otherwise: a library that hangs or takes the process
down costs one file, which is then "not checked", never the run. Spawned, not forked: the same on
Windows, and no signal or POSIX call is needed to stop it.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import signal
import sys
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from scanner.model import GapReason
from scanner.release.pieces import Where, gap_at
from scanner.release.results import FileResult

DEFAULT_TIMEOUT = 300.0
"""Seconds that one file may take."""
_MEMORY = 4 * 1024 * 1024 * 1024
"""Bytes of address space a worker may have, where the system can bound it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    path: str
    shown: str
    fix_to: str = ""
    """Where to write a clean copy; "" only looks."""


@dataclasses.dataclass(frozen=True, slots=True)
class FixResult:
    """What became of a clean copy."""

    path: str = ""
    """The file written; "" where none could be."""
    done: tuple[str, ...] = ()
    """What was removed or changed, in words."""
    left: tuple[str, ...] = ()
    """What a reader sees and the copy does not have, or what could not be cleaned."""
    failed: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class WorkerOptions:
    names: bool = True
    ocr: bool = True


class Worker:
    """Looks at one file after another; is started at the first, and again after a loss."""

    def __init__(self, options: WorkerOptions, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._options, self._timeout = options, timeout
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> None:
        """Begin to load what is needed; the first file then waits less."""
        if self._process is not None and self._process.is_alive():
            return
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, self._options), name="dpscan-release", daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours

    def inspect(self, path: str, shown: str) -> FileResult:
        answer = self._ask(Task(path, shown))
        if isinstance(answer, FileResult):
            return answer
        return FileResult(shown, gaps=(gap_at(Where(), *answer),), where=Where.of("{}", Path(path).name))

    def fix(self, path: str, shown: str, to: str) -> FixResult:
        answer = self._ask(Task(path, shown, to))
        return answer if isinstance(answer, FixResult) else FixResult(failed=answer[1])

    def close(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join(5)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _ask(self, task: Task) -> Any:
        """The answer, or (reason, detail) of a loss."""
        self.start()
        assert self._pipe is not None
        try:
            self._pipe.send(task)
            until = time.monotonic() + self._timeout
            while not self._pipe.poll(max(0.0, min(0.5, until - time.monotonic()))):
                if time.monotonic() >= until:
                    self.close()
                    return GapReason.TIMEOUT, f"looking through it took more than {self._timeout:.0f} s"
                if self._process is None or not self._process.is_alive():
                    raise EOFError
            return self._pipe.recv()
        except (EOFError, OSError):
            self.close()
            return GapReason.FAULT, "the process looking through it died (damaged file, or too little memory)"


def serve(pipe: Connection, options: WorkerOptions) -> None:
    """The worker's loop: a task in, a result out, until the parent is gone."""
    # Ctrl-C reaches every process of a terminal; the parent stops its worker itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bound_memory()
    from scanner.detector import Detector
    from scanner.release.inspecting import inspect

    _quiet()
    detector = Detector(names=options.names)
    while True:
        try:
            task: Task = pipe.recv()
        except (EOFError, OSError):
            return
        if task.fix_to:
            from scanner.release.fixing import fix

            pipe.send(fix(Path(task.path), Path(task.fix_to), detector))
        else:
            pipe.send(inspect(Path(task.path), task.shown, detector))


def _quiet() -> None:
    """Libraries that complain of damaged files do so to nobody: a message may quote the file."""
    import logging
    import warnings

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def _bound_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or most > _MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, most))
