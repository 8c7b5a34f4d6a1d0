from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.detector import Detector
from scanner.release.decision import FileVerdict, judge_file
from scanner.release.inspecting import inspect


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector()


@pytest.fixture
def check(detector: Detector) -> Callable[..., FileVerdict]:
    """Look through a file in this process."""

    def look(path: Path, audience: str = "public", **allowed: str) -> FileVerdict:
        return judge_file(inspect(path, path.name, detector), audience, allowed)

    return look
