"""What a configuration file says to a check, in the types that the check works with."""

from __future__ import annotations

import datetime as dt
import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.declared.pipeline import Checked
from scanner.model import Context
from scanner.ruleset import RuleSet, load_rules
from scanner.ruleset.choosing import chosen

if TYPE_CHECKING:
    from scanner.config import Config


class Settings:
    """A configuration, or what holds without one. Loading one costs pydantic; a check without does not."""

    def __init__(self, config: Config | None = None, today: dt.date | None = None) -> None:
        self.config = config
        self.today = today or dt.datetime.now(dt.UTC).date()
        self._rules: RuleSet | None = None

    def rules(self) -> RuleSet:
        """The rules in force, read once. Raises RuleError."""
        if self._rules is None and self.config is None:
            self._rules = load_rules(examples=False)
        elif self._rules is None and self.config is not None:
            self._rules = chosen(self.config.rules, examples=False)
        assert self._rules is not None
        return self._rules

    def context(self, checked: Checked) -> Context:
        """Policy and register for the declared stores."""
        if self.config is None:
            return Context(today=self.today)
        from scanner.register import context

        stores = [one.store for one in checked.stores]
        return context(self.config, self.today, stores, [e for s in checked.stores for e in s.evidence])

    @property
    def mandatory_tags(self) -> tuple[str, ...]:
        """Tags that every store must carry; none without a configuration."""
        return (self.config.policy.mandatory_tags if self.config is not None else None) or ()

    def skipped(self, path: str) -> str:
        """Why a file (from the top of the repository) is not read; empty if it is."""
        for entry in self.config.check.exclude if self.config is not None else ():
            if fnmatch.fnmatchcase(path, entry.path):
                return f"excluded by {entry.by}: {entry.reason}"
        return ""


def load(file: Path | None, today: dt.date | None = None) -> Settings:
    """Settings of a configuration file, or those that hold without one. Raises ConfigError."""
    if file is None:
        return Settings(None, today)
    from scanner import config

    return Settings(config.load(file, targets=False), today)
