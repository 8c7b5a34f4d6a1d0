"""Every installed reporter keeps the contract."""

from __future__ import annotations

import pytest

from scanner import plugins
from scanner.contracts import Reporter
from scanner.testing.reporters import ReporterContract


class TestReporters(ReporterContract):
    @pytest.fixture(params=plugins.available("reporters"))
    def reporter(self, request: pytest.FixtureRequest) -> Reporter:
        made: Reporter = plugins.load("reporters", request.param)()
        assert made.name == request.param
        return made
