"""A gate that cries wolf is walked around: what may go, goes."""

from __future__ import annotations

import pytest

from scanner.release.decision import Level
from tests.release.harmless import PASSES, WARNS


@pytest.mark.parametrize("name", PASSES)
def test_passes(name, tmp_path, check):
    make, suffix = PASSES[name]
    path = tmp_path / f"report{suffix}"
    path.write_bytes(make())
    verdict = check(path)
    assert verdict.level is Level.NOTE, [(line.headline, line.where.text) for line in verdict.lines]


@pytest.mark.parametrize("name", WARNS)
def test_warns(name, tmp_path, check):
    make, suffix = WARNS[name]
    path = tmp_path / f"report{suffix}"
    path.write_bytes(make())
    assert check(path).level is Level.WARN
