"""Replays the pull request in a Git repository made for it, and prints what CI says.

    python examples/pull-request/replay.py              the annotations
    python examples/pull-request/replay.py --write      and the files beside this one, made again

The repository is thrown away afterwards. Exit code: that of `dpscan check`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
_IDENTITY = {
    f"GIT_{who}_{what}": text
    for who in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "An Engineer"), ("EMAIL", "engineer@example.org"))
}


def replay(folder: Path, known: Path = HERE) -> tuple[int, str, str]:
    """(exit code, annotations, comment) of the change, checked in a repository made in `folder`.

    `known`: the folder of `known-index.json` and `index.key`.
    """
    repository = folder / "repository"
    repository.mkdir()
    git = ["git", "-C", str(repository)]
    _run([*git, "init", "--quiet", "--initial-branch=main"])
    _commit(git, repository, "before", "The case files, safeguarded")
    _run([*git, "checkout", "--quiet", "-b", "cheaper-storage"])
    _commit(git, repository, "after", "Cheaper storage: fewer requests to KMS, no log files")
    comment = folder / "comment.md"
    done = subprocess.run(
        [sys.executable, "-m", "scanner", "check", ".", "--diff", "main",
         "--known", str(known / "known-index.json"), "--index-key", str(known / "index.key"),
         "--format", "github", "--output", f"markdown:{comment}"],
        cwd=repository, env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        sys.exit(done.stderr or done.stdout)
    return done.returncode, done.stdout, comment.read_text("utf-8")


def _commit(git: list[str], repository: Path, state: str, message: str) -> None:
    shutil.copytree(HERE / state, repository / "infra", dirs_exist_ok=True)
    _run([*git, "add", "--all"])
    _run([*git, "commit", "--quiet", "-m", message])


def _run(command: list[str]) -> None:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(command, check=True, env={**os.environ, **_IDENTITY, **alone})


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        code, annotations, comment = replay(Path(made))
    print(annotations, end="")
    if sys.argv[1:] == ["--write"]:
        (HERE / "annotations.txt").write_text(annotations, "utf-8")
        (HERE / "comment.md").write_text(comment, "utf-8")
    sys.exit(code)


if __name__ == "__main__":
    main()
