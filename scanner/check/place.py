"""Where a folder lies in its Git repository, without asking Git: a check without a comparison starts no process."""

from __future__ import annotations

from pathlib import Path


def top(path: Path) -> Path | None:
    """The top of the work tree that holds `path`; None outside of any. Starts no process."""
    here = path.resolve()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    return None


def is_bare(path: Path) -> bool:
    """Whether the folder is a repository without a work tree, as servers keep them."""
    parts = (path / "HEAD").is_file(), (path / "objects").is_dir(), (path / "refs").is_dir()
    return all(parts) and not (path / ".git").exists()


def repository_prefix(folder: Path) -> str:
    """`infra/prod/` where that is how far the folder lies below the top of its repository; else empty."""
    root = top(folder)
    if root is None:
        return ""
    inside = folder.resolve().relative_to(root).as_posix()
    return "" if inside == "." else f"{inside}/"
