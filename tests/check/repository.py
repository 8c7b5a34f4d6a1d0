"""A real Git repository in a temporary folder, and `dpscan check` run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from scanner.cli.check import check

_ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.org",
    "GIT_COMMITTER_NAME": "A Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.org",
}


class Repository:
    """Files are written by name; `commit` records them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=_ENVIRONMENT,
        )
        return done.stdout

    def write(self, **files: str) -> None:
        """`write(**{"infra/main.tf": "…"})`."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def commit(self, message: str = "a change") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)

    def check(self, *arguments: str, path: str = "") -> Result:
        return run(str(self.folder / path), *arguments)

    def findings(self, *arguments: str, path: str = "") -> set[tuple[str, str]]:
        """(rule, resource) of what failed and is not accepted."""
        rows = self.rows(*arguments, path=path)
        return {(r["rule"], r["resource"]) for r in rows if r["verdict"] == "fail" and "accepted" not in r}

    def rows(self, *arguments: str, path: str = "") -> list[dict[str, Any]]:
        done = self.check("--format", "jsonl", *arguments, path=path)
        return [json.loads(line) for line in done.stdout.splitlines()]


def run(*arguments: str) -> Result:
    """In this process: a start of Python for each question would cost half a second."""
    return CliRunner().invoke(check, list(arguments))


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """As from a shell."""
    return subprocess.run(
        [sys.executable, "-m", "scanner", "check", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
