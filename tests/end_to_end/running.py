"""Run the command on a configuration and read what it wrote."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import yaml

from tests.department import dpscan


@dataclasses.dataclass
class Ran:
    """One finished run."""

    code: int
    report: dict[str, Any]
    terminal: str

    @property
    def failing(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Findings that failed now, by (rule, store, place)."""
        return {key(f): f for f in self.report["findings"] if f["verdict"] == "fail"}

    @property
    def history(self) -> list[dict[str, Any]]:
        """Findings of this run and of earlier ones that have a standing over time."""
        listed = [*self.report["findings"], *self.report["earlier_findings"]]
        return [finding for finding in listed if finding["history"]]

    def standing(self, *states: str) -> list[dict[str, Any]]:
        return [finding for finding in self.history if finding["history"]["observed"] in states]

    @property
    def new(self) -> int:
        return sum(finding["history"]["is_new"] for finding in self.history)

    def gaps(self, *reasons: str) -> list[dict[str, Any]]:
        return [gap for gap in self.report["gaps"] if gap["reason"] in reasons]


def key(finding: dict[str, Any]) -> tuple[str, str, str]:
    return finding["rule_id"], finding["subject_id"], finding["where"]


class Scanner:
    """A private data folder and a configuration that tests change from run to run."""

    def __init__(self, folder: Path, config: dict[str, Any], **env: str) -> None:
        self.folder, self.config, self.env = folder, config, env
        (folder / "home").mkdir(mode=0o700)

    def run(self, *arguments: str, **changed: Any) -> Ran:
        config = {**self.config, **changed}
        file = self.folder / "dpscan.yaml"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        out = self.folder / "out"
        done = dpscan("scan", "-c", file, "-o", out, *arguments, home=self.folder / "home", **self.env)
        assert done.returncode in (0, 1, 3), done.stderr[-3000:]
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        return Ran(done.returncode, report, done.stdout + done.stderr)
