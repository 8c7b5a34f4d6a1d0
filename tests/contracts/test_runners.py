"""Every installed runner keeps the contract."""

from __future__ import annotations

import pytest

from scanner import plugins
from scanner.testing.runners import Makes, RunnerContract

IN_PROCESS = {"serial"}


class TestRunners(RunnerContract):
    @pytest.fixture(params=plugins.available("runners"))
    def runner_type(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Makes:
        monkeypatch.setattr(type(self), "own_processes", request.param not in IN_PROCESS)
        return plugins.load("runners", request.param)  # type: ignore[no-any-return]
