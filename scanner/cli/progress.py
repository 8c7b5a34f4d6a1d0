"""Progress on the terminal: rate and time left; plain lines where there is no terminal."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from scanner.cli.terminal import printable
from scanner.contracts import Outcome
from scanner.model import Store

_PLAIN_EVERY = 10.0  # seconds


class TerminalProgress:
    """An `Observer`. Use as a context manager."""

    def __init__(self, console: Console, quiet: bool) -> None:
        self._console, self._quiet = console, quiet
        self._units = self._done = self._bytes = 0
        self._started = self._said = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}", style="dim", markup=False),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f} units"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=0, rate="")

    def __enter__(self) -> TerminalProgress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def tell(self, text: str) -> None:
        self._bar.update(self._task, description=printable(text))

    def resumed(self, run_id: str, units: int) -> None:
        if not self._quiet:
            self._console.print(
                f"Going on with the interrupted run {run_id}: {units:,} units are done already.",
            )

    def planned(self, store: Store, units: int, size: int) -> None:  # noqa: ARG002 - the bar counts units
        self._units += units
        self._bar.update(self._task, total=self._units, description=printable(f"reading {store.name}"))

    def examined(self, outcome: Outcome) -> None:
        self._done += 1
        self._bytes += outcome.result.bytes_read
        seconds = max(0.001, time.monotonic() - self._started)
        rate = f"{self._bytes / seconds / 1e6:.1f} MB/s"
        self._bar.update(self._task, completed=self._done, rate=rate)
        now = time.monotonic()
        if not self._console.is_terminal and not self._quiet and now - self._said > _PLAIN_EVERY:
            self._said = now
            self._console.print(f"{self._done:,} of {self._units:,} units read, {rate}")
