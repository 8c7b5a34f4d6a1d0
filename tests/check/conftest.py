"""Rules are read once for all tests of this folder: they are the same, and a hundred checks are run."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from scanner.check import settings
from scanner.ruleset import RuleSet, load_rules


@functools.cache
def _shipped() -> RuleSet:
    return load_rules(examples=False)


@pytest.fixture(autouse=True)
def rules_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(paths: Any = None, packs: Any = None, off: Any = (), **options: Any) -> RuleSet:
        if paths or packs or off:
            return load_rules(paths, packs, off, **options)
        return _shipped()

    monkeypatch.setattr(settings, "load_rules", load)
