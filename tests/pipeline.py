"""Run the pipeline inside the test: no process start, no names model unless asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scanner import scan as pipeline
from scanner.config import Config
from scanner.history import History
from scanner.model import Report
from scanner.ruleset import load_rules
from scanner.targets import build_targets


def scan(targets: list[dict[str, Any]], observer: Any = None, **settings: Any) -> Report:
    """One run over the history in DPSCAN_HOME."""
    resume = settings.pop("resume", True)
    settings.setdefault("detection", {"names": False, "test_data": "treat_as_real"})
    settings.setdefault("runner", "serial")
    config = Config.model_validate({"targets": targets, **settings})
    rules = load_rules(None, config.rules.packs, config.rules.switch_off)
    with History.open(config.history) as history:
        return pipeline.scan(
            config, build_targets(config, "test"), rules, history, observer or pipeline.Quiet(), resume
        )


def share(path: Path, **options: Any) -> dict[str, Any]:
    return {"name": "share", "connector": "files", "path": str(path), "share": "srv/share", **options}
