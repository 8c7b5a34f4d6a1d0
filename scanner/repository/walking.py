"""Which files of a repository are read, and what was left out."""

from __future__ import annotations

import dataclasses
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from scanner.common import encoding
from scanner.model import Gap, GapReason, Place, Stage
from scanner.repository.ignoring import NAMES, Ignored
from scanner.repository.kinds import opens

LARGEST = 8_000_000
"""Bytes of a file that are read; of a longer one, the first so many, and a gap says so."""
_HEAD = 65_536
_NEVER = frozenset((
    ".git", ".hg", ".svn", "node_modules", "bower_components", ".venv", "venv", ".tox", ".nox", "__pycache__",
    ".terraform", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea", ".gradle", "site-packages",
))  # fmt: skip
_LOCKS = frozenset((
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "poetry.lock",
    "pipfile.lock", "uv.lock", "pdm.lock", "cargo.lock", "go.sum", "composer.lock", "gemfile.lock", "packages.lock.json",
    "podfile.lock", "mix.lock", "flake.lock", ".terraform.lock.hcl", "gradle.lockfile", "conda-lock.yml",
))  # fmt: skip
_MADE = re.compile(r"\.(?:min\.(?:js|css)|(?:js|css|mjs)\.map|pyc|svg|lock)\Z", re.I)
"""Made by machines from other files, or drawings: long rows of figures that say nothing of people."""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """One file to read. Holds its true name, as the repository's own readers see it."""

    path: str
    """Relative to the folder checked, forward slashes."""
    data: bytes = dataclasses.field(repr=False)
    whole: bool = True


class Walk:
    """The files under one folder, ignore files respected; what is left out is kept in `gaps`."""

    def __init__(self, root: Path, wanted: Callable[[str], bool] | None = None) -> None:
        """`wanted`: asked of every path, where only some files are to be read (`--diff`)."""
        self._root = root
        self._wanted = wanted or (lambda _: True)
        self._left: Counter[str] = Counter()
        self._gaps: list[Gap] = []
        self.seen = 0

    def files(self) -> Iterator[Found]:
        if self._root.is_file():
            yield from self._read(self._root, self._root.name)
            return
        yield from self._folder(self._root, "", _outside(self._root))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What was not read: suffered ones by file, chosen ones folded by kind."""
        chosen = [
            Gap("repository", Stage.READ, GapReason.EXCLUDED, f"{what}, not searched for personal data",
                count=number)
            for what, number in sorted(self._left.items())
        ]  # fmt: skip
        return (*self._gaps, *chosen)

    def _folder(self, folder: Path, path: str, outer: Ignored) -> Iterator[Found]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            self._suffered(path, GapReason.DENIED, "the folder cannot be read")
            return
        present = {entry.name: entry for entry in entries}
        texts = [
            text for name in NAMES if name in present and (text := _text(present[name].path)) is not None
        ]
        ignored = outer.inside(path, texts)
        for entry in entries:
            inner = f"{path}/{entry.name}" if path else entry.name
            if entry.is_symlink():
                continue  # what it points to stands in its own place, or outside
            if entry.is_dir():
                if entry.name not in _NEVER and not ignored.covers(inner, folder=True):
                    yield from self._folder(Path(entry.path), inner, ignored)
            elif entry.is_file() and self._wanted(inner) and not ignored.covers(inner, folder=False):
                yield from self._read(Path(entry.path), inner)

    def _read(self, file: Path, path: str) -> Iterator[Found]:
        name = file.name.lower()
        if name in _LOCKS or _MADE.search(name):
            self._left["lock files and files made by machines"] += 1
            return
        try:
            with file.open("rb") as stream:
                data = stream.read(_HEAD)
                # Of pictures and programs nothing more is read.
                if encoding.detect(data) is not None or opens(path):
                    data += stream.read(max(0, LARGEST + 1 - len(data)))
        except OSError:
            self._suffered(path, GapReason.DENIED, "the file cannot be read")
            return
        self.seen += 1
        if len(data) > LARGEST:
            yield Found(path, data[: data.rfind(b"\n", 0, LARGEST) + 1] or data[:LARGEST], whole=False)
        else:
            yield Found(path, data)

    def cut(self, path: str) -> None:
        """Note that only the beginning of a text was looked at."""
        detail = f"only its first {LARGEST // 1_000_000} MB were searched for personal data"
        remedy = "scan it with `dpscan scan`, or name it in .dpscanignore if it holds none"
        place = Place((("object", path),))
        self._gaps.append(Gap("repository", Stage.READ, GapReason.SAMPLED_OUT, detail, place, remedy))

    def failed(self, path: str, kind: str) -> None:
        """Note that dpscan itself failed on a file; `kind` is the exception's type."""
        self._suffered(path, GapReason.FAULT, f"dpscan failed on it ({kind})")

    def leave(self, what: str) -> None:
        """Count a file that was opened and is of a kind that is not searched."""
        self._left[what] += 1

    def _suffered(self, path: str, reason: GapReason, detail: str) -> None:
        self._gaps.append(Gap("repository", Stage.READ, reason, detail, Place((("object", path),))))


def _outside(root: Path) -> Ignored:
    """The ignore files of the folders around the one checked, up to the repository's own root.

    Their patterns are asked with paths relative to `root`, so only unanchored ones can be used.
    """
    texts: list[str] = []
    here = root.resolve()
    while not (here / ".git").exists() and here != here.parent:
        here = here.parent
        if not (here / ".git").exists() and here == here.parent:
            return Ignored()
        texts = [text for name in NAMES if (text := _text(str(here / name))) is not None] + texts
    loose = [
        "\n".join(line for line in text.splitlines() if "/" not in line.strip().rstrip("/"))
        for text in texts
    ]  # fmt: skip
    return Ignored().inside("", loose)


def _text(path: str) -> str | None:
    try:
        return Path(path).read_bytes()[:1_000_000].decode("utf-8", "replace")
    except OSError:
        return None
