"""Helpers for fixtures that start real servers on loopback."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from typing import NoReturn

import pytest


def unavailable(what: str, reason: str) -> NoReturn:
    """A server that cannot start fails the run in CI and skips with its reason elsewhere."""
    message = f"{what} cannot start: {reason}"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(ready: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Poll until `ready()`; after `seconds` the server counts as unavailable."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.1)
    unavailable(what, f"not ready after {seconds:.0f} s")


def port_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
