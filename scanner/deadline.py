"""Stop work that takes too long, also inside a library that never comes back to us."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class UnitTimeout(BaseException):
    """Raised inside the work when its time is up.

    A BaseException, so that a library's own `except Exception` cannot swallow it.
    """


class Deadline:
    """Context manager: raises UnitTimeout in this thread after `seconds` (None: never).

    Uses the interval timer, which only the main thread of a process has; elsewhere the
    caller's own checks between fragments are the only guard.
    """

    def __init__(self, seconds: float | None) -> None:
        main = threading.current_thread() is threading.main_thread()
        self._seconds = seconds if main and hasattr(signal, "setitimer") else None

    def __enter__(self) -> None:
        if self._seconds is not None:
            self._before = signal.signal(signal.SIGALRM, _time_is_up)
            # A margin: between fragments the caller stops by itself, which is the gentler way.
            signal.setitimer(signal.ITIMER_REAL, self._seconds * 1.1 + 1)

    def __exit__(self, *exc: object) -> None:
        if self._seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)


def _time_is_up(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the handler's signature
    raise UnitTimeout
