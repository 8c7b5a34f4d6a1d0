"""Being told to stop: Ctrl-C, a service manager's SIGTERM, a terminal that is closed. All end alike."""

from __future__ import annotations

import signal
from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP came. Goes the way of Ctrl-C, so that workers are stopped and nothing is lost."""

    def __init__(self, signum: int) -> None:
        super().__init__()
        self.signum = signum


def listen() -> None:
    """Turn SIGTERM and SIGHUP into `Terminated` in the main thread."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def exit_code(error: BaseException | None) -> int:
    """128 and the signal's number, as shells say it."""
    return 128 + (error.signum if isinstance(error, Terminated) else signal.SIGINT)


def _stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the handler's signature
    raise Terminated(signum)
