"""Ignore patterns, against Git itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.repository.ignoring import Ignored

_PATTERNS = """
# a comment
*.log
!keep.log
/root-only.txt
build/
docs/*.html
**/generated/*.py
a/**/z
deep/**
file[0-9].txt
no[!a]t.txt
quest?on
trailing\\
\\#hash
\\!bang
with space
"""
_PATHS = (
    "x.log", "sub/x.log", "keep.log", "sub/keep.log", "root-only.txt", "sub/root-only.txt", "build/x", "sub/build/x",
    "docs/a.html", "docs/sub/a.html", "generated/a.py", "sub/generated/a.py", "a/z", "a/b/z", "a/b/c/z", "deep/x",
    "deep/a/b", "file1.txt", "filex.txt", "nobt.txt", "noat.txt", "question", "questioon", "#hash", "!bang", "with space",
    "plain.txt", "sub/plain.txt", "builder",
)  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_same_as_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(_PATTERNS)
    done = subprocess.run(
        ["git", "-C", str(tmp_path), "check-ignore", "--no-index", "--stdin"],
        input="\n".join(_PATHS), capture_output=True, text=True, check=False,
    )  # fmt: skip
    by_git = {line.strip('"') for line in done.stdout.splitlines()}
    ignored = Ignored().inside("", [_PATTERNS])

    def ours(path: str) -> bool:
        parts = path.split("/")
        folders = ["/".join(parts[:n]) for n in range(1, len(parts))]
        return any(ignored.covers(f, folder=True) for f in folders) or ignored.covers(path, folder=False)

    assert {path for path in _PATHS if ours(path)} == by_git


def test_inner_files_come_after_outer_ones() -> None:
    outer = Ignored().inside("", ["*.csv\n"])
    inner = outer.inside("data", ["!public.csv\n"])
    assert outer.covers("data/public.csv", folder=False)
    assert not inner.covers("data/public.csv", folder=False)
    assert inner.covers("data/other.csv", folder=False)
