"""What Git knows: the top of a repository, and the tree that a change set out from.

Nothing is written to the repository, and no hook, filter or attribute of it is run: blobs are read with
`git cat-file` as they are stored.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scanner.check.place import top
from scanner.errors import ConfigError, Problem

_LARGEST = 1_000_000
"""Bytes of a file that code could read in (a policy, a template of user data)."""
_LARGEST_CODE = 20_000_000
_CODE = (
    ".tf",
    ".tofu",
    ".tfvars",
    ".tfstate",
    ".json",
    ".yaml",
    ".yml",
    ".template",
    ".bicep",
    ".bicepparam",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Base:
    """The state before a change."""

    commit: str
    """Where the change set out: the merge base."""
    folder: Path
    """A temporary copy of the folder checked, as it was."""
    renamed: Mapping[str, str]
    """Old to new path, relative to the folder checked."""
    changed: frozenset[str]
    """Files that differ from it or are new, untracked ones too; relative to the folder checked."""
    submodules: tuple[str, ...] = ()
    """Folders that are repositories of their own, which no change of this one edits."""
    ignored: tuple[str, ...] = ()
    """Folders that Git ignores as a whole: of them no state before is known."""

    def foreign(self, file: str) -> bool:
        """Whether a file lies where no change of this repository edits it."""
        return file.startswith((*self.submodules, *self.ignored))


@contextlib.contextmanager
def head_of(repository: Path) -> Iterator[Path]:
    """The tree of a bare repository's HEAD, in a folder that is taken away again. Raises ConfigError."""
    git = _Git(repository)
    commit = _commit(git, "HEAD")
    if commit is None:
        raise ConfigError(Problem("HEAD names no commit of this repository", str(repository)))
    with tempfile.TemporaryDirectory(prefix="dpscan-head-") as made:
        copy = Path(made).resolve() / "tree"
        copy.mkdir()
        _extract(git, commit, "", copy, whole=True)
        yield copy


@contextlib.contextmanager
def before(path: Path, base: str, bare: Path | None = None) -> Iterator[Base]:
    """The state of `path` (a folder, or a file) where the change set out from `base`.

    `bare`: the repository whose HEAD `path` is a copy of. Raises ConfigError where there is no
    repository, no such revision, or too little history.
    """
    folder = path if path.is_dir() else path.parent
    root = bare or top(folder)
    if root is None:
        raise ConfigError(Problem(f"--diff needs a Git work tree; {path} is in none"))
    git = _Git(root)
    commit = _merge_base(git, base)
    inside = "." if bare else folder.resolve().relative_to(root).as_posix()
    within = "" if inside == "." else f"{inside}/"
    changed, renamed = _changes(git, commit, within, bare=bare is not None)
    with tempfile.TemporaryDirectory(prefix="dpscan-base-") as made:
        copy = Path(made).resolve() / "tree"
        copy.mkdir()
        _extract(git, commit, within, copy)
        ignored = () if bare is not None else _share_ignored(git, within, folder.resolve(), copy)
        yield Base(commit, copy, renamed, changed, _submodules(git, within), ignored)


_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def added_lines(folder: Path, base: Base) -> dict[str, frozenset[int]]:
    """By changed file, the lines (1-based) that were nowhere in it before; files without a state
    before are left out, for they are new as a whole. A line that only moved is no new one."""
    was = {new: old for old, new in base.renamed.items()}
    out: dict[str, frozenset[int]] = {}
    for name in base.changed:
        before, after = base.folder / was.get(name, name), folder / name
        if before.is_file() and after.is_file():
            with contextlib.suppress(OSError):  # told where the file itself is read
                out[name] = _added(before.read_bytes(), after.read_bytes())
    return out


def _added(before: bytes, after: bytes) -> frozenset[int]:
    known = Counter(line.rstrip(b"\r") for line in before.split(b"\n"))
    added = set()
    for number, line in enumerate(after.split(b"\n"), start=1):
        plain = line.rstrip(b"\r")
        if known[plain] > 0:
            known[plain] -= 1
        else:
            added.add(number)
    return frozenset(added)


class _Git:
    """Runs Git in one work tree, without its configuration of pagers, prompts and hooks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        executable = shutil.which("git")
        if executable is None:
            raise ConfigError(Problem("--diff needs git on the PATH"))
        self._command = [
            executable,
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
            "-C",
            str(root),
        ]
        # A hook's own variables would point elsewhere.
        inherited = {name: text for name, text in os.environ.items() if name not in _OF_HOOKS}
        self._environment = {
            **inherited,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }

    def run(self, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*self._command, *arguments], capture_output=True, check=False, input=given, env=self._environment
        )

    def words(self, *arguments: str) -> list[str]:
        """Output that is separated by NUL. Raises ConfigError."""
        done = self.run(*arguments)
        if done.returncode:
            raise ConfigError(Problem(f"git {arguments[0]} failed: {_first_line(done.stderr)}"))
        return [word.decode("utf-8", "surrogateescape") for word in done.stdout.split(b"\0") if word]


def _first_line(text: bytes) -> str:
    return text.decode("utf-8", "replace").strip().partition("\n")[0]


def _merge_base(git: _Git, base: str) -> str:
    if base == "HEAD" and _commit(git, base) is None:
        # Before the first commit everything is new: Git knows the tree without files by itself.
        return git.run("hash-object", "-t", "tree", "--stdin", given=b"").stdout.decode().strip()
    resolved = _commit(git, base) or _commit(git, f"origin/{base}")
    shallow = git.run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    if resolved is None:
        if shallow:
            raise ConfigError(Problem(f"{base} is not in this shallow clone. {_DEEPER}"))
        raise ConfigError(Problem(f"--diff: no revision is called {base} here; try: git fetch origin {base}"))
    if _commit(git, "HEAD") is None:
        raise ConfigError(Problem("--diff: this repository has no commit yet"))
    done = git.run("merge-base", resolved, "HEAD")
    if done.returncode == 0:
        return done.stdout.decode().split()[0]
    if shallow:
        raise ConfigError(
            Problem(f"this shallow clone does not reach back to where the change left {base}. {_DEEPER}")
        )
    raise ConfigError(Problem(f"--diff: HEAD and {base} have no commit in common"))


_DEEPER = (
    "Fetch the history: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 for GitLab, "
    "or git fetch --unshallow. For GitHub's merge commit of a pull request, fetch-depth: 2 and --diff HEAD^ is enough"
)


def _commit(git: _Git, name: str) -> str | None:
    if name.startswith("-"):
        return None
    done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if b"dubious ownership" in done.stderr:
        cure = f"git config --global --add safe.directory {git.root}"
        raise ConfigError(
            Problem(f"Git refuses the repository, for another user owns it; if it is to be trusted: {cure}")
        )
    return done.stdout.decode().strip() or None if done.returncode == 0 else None


def _changes(git: _Git, commit: str, within: str, *, bare: bool) -> tuple[frozenset[str], dict[str, str]]:
    """(changed or new files, old to new path) below `within`, the work tree (or HEAD) against the commit."""
    sides = [commit, "HEAD"] if bare else [commit]
    words = iter(git.words("diff", "--no-ext-diff", "--name-status", "-M", "-z", *sides, "--"))
    changed: set[str] = set()
    renamed: dict[str, str] = {}
    for status in words:
        old = next(words)
        new = next(words) if status[0] in "RC" else old
        changed.add(new)
        if status[0] == "R":
            renamed[old] = new
    if not bare:
        changed |= set(git.words("ls-files", "-z", "--others", "--exclude-standard"))
    return (
        frozenset(name.removeprefix(within) for name in changed if name.startswith(within)),
        {
            old.removeprefix(within): new.removeprefix(within)
            for old, new in renamed.items()
            if old.startswith(within) and new.startswith(within)
        },
    )


def _submodules(git: _Git, within: str) -> tuple[str, ...]:
    entries = (entry.partition("\t") for entry in git.words("ls-files", "-z", "--stage"))
    names = (name for about, _, name in entries if about.startswith("160000 "))
    return tuple(f"{name.removeprefix(within)}/" for name in names if name.startswith(within))


def _extract(git: _Git, commit: str, within: str, copy: Path, *, whole: bool = False) -> None:
    """Copies of the files that a check could read, as they were; with `whole`, of all."""
    arguments = ["ls-tree", "-r", "-l", "-z", "--full-tree", commit, *([within] if within else [])]
    wanted: list[tuple[str, int, str, bool]] = []
    for entry in git.words(*arguments):
        about, _, name = entry.partition("\t")
        mode, kind, blob, size = about.split()
        if kind != "blob" or ".." in name.split("/"):  # no Git writes such a name, but a tree can hold one
            continue
        if whole or int(size) <= (_LARGEST_CODE if name.endswith(_CODE) else _LARGEST):
            wanted.append((blob, int(size), name.removeprefix(within), mode == _LINK))
    blobs = _blobs(git, [(blob, size) for blob, size, _, _ in wanted])
    for (_, _, name, link), content in zip(wanted, blobs, strict=True):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if link:
            _link(target, os.fsdecode(content), copy)
        else:
            target.write_bytes(content)


_LINK = "120000"


def _link(target: Path, to: str, copy: Path) -> None:
    """A symbolic link, if it stays within the copy."""
    inner = os.path.normpath(target.parent / to)
    if not os.path.isabs(to) and Path(inner).is_relative_to(copy):  # noqa: PTH117 - a name, no file yet
        # What is no name (empty, with a NUL, too long) leads nowhere in the work tree either.
        with contextlib.suppress(OSError, ValueError):
            target.symlink_to(to)


_AT_ONCE = 500
_BYTES_AT_ONCE = 64_000_000
"""Blobs asked for in one go, and what they may come to, which bounds memory."""


def _batches(blobs: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    batch: list[str] = []
    total = 0
    for name, size in blobs:
        if batch and (len(batch) == _AT_ONCE or total + size > _BYTES_AT_ONCE):
            yield batch
            batch, total = [], 0
        batch.append(name)
        total += size
    if batch:
        yield batch


def _blobs(git: _Git, blobs: Iterable[tuple[str, int]]) -> Iterator[bytes]:
    for part in _batches(blobs):
        done = git.run("cat-file", "--batch", given="".join(f"{name}\n" for name in part).encode())
        at = 0
        for name in part:
            end = done.stdout.find(b"\n", at)
            head = done.stdout[at:end].split()
            if end < 0 or len(head) != 3:
                raise ConfigError(Problem(f"--diff: object {name[:12]} is missing here. {_DEEPER}"))
            size = int(head[2])
            yield done.stdout[end + 1 : end + 1 + size]
            at = end + 1 + size + 1


def _share_ignored(git: _Git, within: str, folder: Path, copy: Path) -> tuple[str, ...]:
    """Ignored files (variables, downloaded modules) are part of no change: both states see the same.

    Of folders that are ignored as a whole only `.terraform` is shared; the others are given back.
    """
    others: list[str] = []
    names = git.words("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    for name in names:
        inner = name.removeprefix(within)
        if not name.startswith(within) or not inner:
            if name.endswith("/") and within.startswith(name):
                raise ConfigError(
                    Problem(f"--diff: Git ignores {name}, so that there is no state before to compare with; "
                            "use --baseline")
                )  # fmt: skip
            continue
        target = copy / inner.rstrip("/")
        with contextlib.suppress(
            OSError
        ):  # a link that leads nowhere, or what may not be read: told elsewhere
            if inner.endswith("/.terraform/") or inner == ".terraform/":
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(folder / inner, target_is_directory=True)
            elif inner.endswith("/"):
                others.append(inner)
            elif inner.endswith(_CODE) and (folder / inner).stat().st_size <= _LARGEST_CODE:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / inner, target)
    return tuple(others)
