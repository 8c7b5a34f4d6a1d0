"""`--watch OUTBOX`: every file that is put into a folder is checked, and its verdict laid into another.

Polls: change notices differ between systems and are lost on network drives. A file is taken
when its size and time stood still between two looks, so one still being copied is left alone.
"""

from __future__ import annotations

import dataclasses
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from scanner.common.private import make_folder, write_atomically
from scanner.errors import ConfigError
from scanner.release.decision import FileVerdict, Level, Verdict
from scanner.release.desk import Desk, Report, Request
from scanner.release.gathering import LOCKS, gather
from scanner.release.page import render
from scanner.release.pieces import safe_name
from scanner.release.words import HEADLINES

EVERY = 2.0
"""Seconds between two looks."""
_MARKS = ("STOP", "UNCHECKED", "LOOK", "OK")
_MARK = {Level.FAIL: "STOP", Level.UNCHECKED: "UNCHECKED", Level.WARN: "LOOK", Level.NOTE: "OK"}
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')

_State = tuple[int, int]
"""(size, time of last change in nanoseconds)."""


@dataclasses.dataclass(slots=True)
class _Seen:
    state: _State
    done: bool = False


def watch(
    request: Request,
    outbox: Path,
    verdicts: Path | None,
    *,
    once: bool = False,
    every: float = EVERY,
    say: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Until Ctrl-C (which ends it with 0), or once over what is there. Gives the worst exit code met.

    Raises ConfigError where a folder is missing or verdicts would land in the outbox.
    """
    folder = _folders(outbox, verdicts)
    say(f"Watching {outbox} for {request.audience}; verdicts go to {folder}. Stop with Ctrl-C.")
    known: dict[Path, _Seen] = {}
    worst = 0
    try:
        with Desk(request) as desk:
            while True:
                ready = _ready(outbox, known, once)
                for path in ready:
                    verdict = desk.check(path, str(path))
                    worst = _worse(worst, _lay(folder, outbox, path, verdict, request, say))
                if once:
                    return worst
                sleep(every)
    except KeyboardInterrupt:
        say("Stopped.")
        return 0


def _folders(outbox: Path, verdicts: Path | None) -> Path:
    if not outbox.is_dir():
        raise ConfigError(f"--watch {outbox}: no such folder")
    folder = verdicts or outbox.resolve().with_name(f"{outbox.resolve().name}-verdicts")
    if folder.resolve().is_relative_to(outbox.resolve()):
        raise ConfigError(f"--verdicts {folder}: lies in the outbox; verdicts would be sent with the files")
    try:
        return make_folder(folder, ())
    except OSError as error:
        raise ConfigError(
            f"--verdicts {folder}: cannot be made ({(error.strerror or '').lower()})"
        ) from error


def _ready(outbox: Path, known: dict[Path, _Seen], once: bool) -> list[Path]:
    """Files that stood still since the last look and were not checked in this state."""
    ready = []
    present: set[Path] = set()
    for path, _ in gather([str(outbox)]).files:
        if path.name.startswith(LOCKS):
            continue
        try:
            found = path.stat()
        except OSError:
            continue  # taken away between listing and looking
        present.add(path)
        state = (found.st_size, found.st_mtime_ns)
        before = known.get(path)
        if before is None or before.state != state:
            known[path] = before = _Seen(state, False)
            if not once:
                continue
        if not before.done:
            before.done = True
            ready.append(path)
    for path in set(known) - present:
        del known[path]
    return ready


def _lay(
    folder: Path, outbox: Path, path: Path, verdict: FileVerdict, request: Request, say: Callable[[str], None]
) -> int:
    """Write the verdict's page; an older one of the same file goes."""
    whole = Verdict(request.audience, request.allowed, (verdict,))
    label = _UNFIT.sub("_", safe_name(str(path.relative_to(outbox)).replace(os.sep, "__")))[:120]
    target = folder / f"{_MARK[verdict.level]} {label}.html"
    try:
        write_atomically(target, render(Report(whole)).encode())
        for mark in _MARKS:
            older = folder / f"{mark} {label}.html"
            if older != target:
                older.unlink(missing_ok=True)
    except OSError as error:
        say(f"{target}: the verdict cannot be written ({(error.strerror or '').lower()})")
        return 3
    say(f"{_MARK[verdict.level]:>9}  {path.name}: {HEADLINES[verdict.level].lower()}")
    return whole.exit_code


def _worse(one: int, other: int) -> int:
    order = (0, 3, 1)
    return max(one, other, key=order.index)
