"""`.gitignore` and `.dpscanignore`: which files of a repository are not looked at.

Patterns mean what they mean to Git ("gitignore", Git's own documentation): the last one that matches
decides, `!` takes back, a slash anchors, `**` spans folders, and nothing inside an ignored folder can
be taken back.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

NAMES = (".gitignore", ".dpscanignore")


@dataclasses.dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file."""

    expression: re.Pattern[str]
    """Matches a whole path relative to the folder of the ignore file."""
    keep: bool
    """True for a line with `!`."""
    folders_only: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Ignored:
    """The patterns in force in one folder: its own and those of the folders around it."""

    listed: tuple[tuple[str, tuple[Pattern, ...]], ...] = ()
    """(folder with a slash at its end or "", its patterns), outermost first."""

    def inside(self, folder: str, texts: Sequence[str]) -> Ignored:
        """As it is inside `folder` (relative, "" for the root), whose ignore files say `texts`."""
        own = tuple(pattern for text in texts for pattern in read(text))
        base = f"{folder}/" if folder else ""
        return Ignored((*self.listed, (base, own))) if own else self

    def covers(self, path: str, *, folder: bool) -> bool:
        """Whether the path (relative to the root, forward slashes) is ignored."""
        for base, patterns in reversed(self.listed):
            relative = path[len(base) :]
            for pattern in reversed(patterns):
                if pattern.folders_only and not folder:
                    continue
                if pattern.expression.fullmatch(relative):
                    return not pattern.keep
        return False


def read(text: str) -> Iterator[Pattern]:
    """The patterns of an ignore file, in their order. A line that is no pattern is passed over."""
    for raw in text.lstrip("\ufeff").splitlines():
        line = re.sub(r"(?<!\\)\s+\Z", "", raw)
        if not line or line.startswith("#"):
            continue
        keep = line.startswith("!")
        line = line[1:] if keep else line
        folders_only = line.endswith("/")
        line = line.rstrip("/")
        if not line:
            continue
        anchored = "/" in line
        try:
            expression = re.compile(("" if anchored else "(?:.*/)?") + _expression(line.lstrip("/")))
        except re.error:
            continue  # Git passes over such lines too
        yield Pattern(expression, keep, folders_only)


def _expression(glob: str) -> str:
    out, at = "", 0
    while at < len(glob):
        char = glob[at]
        if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
            out, at = out + "(?:.*/)?", at + 3
        elif glob.startswith("/**", at) and at + 3 == len(glob):
            out, at = out + "/.+", at + 3
        elif char == "*":
            out, at = out + "[^/]*", at + 1
        elif char == "?":
            out, at = out + "[^/]", at + 1
        elif char == "[" and (end := glob.find("]", at + 2)) > 0:
            body = glob[at + 1 : end].replace("\\", "\\\\")
            body = "^" + body[1:] if body[0] == "!" else body
            out, at = f"{out}(?!/)[{body}]", end + 1
        elif char == "\\" and at + 1 < len(glob):
            out, at = out + re.escape(glob[at + 1]), at + 2
        else:
            out, at = out + re.escape(char), at + 1
    return out
