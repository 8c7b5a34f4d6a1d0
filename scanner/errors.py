"""The exceptions dpscan raises on purpose.

    DpscanError
    ├── ConfigError      bad usage or configuration: exit 2, says file, line and key
    │   └── RuleError    a rule file is wrong (all its errors are reported together)
    ├── MissingExtra     an optional package is needed: carries its install line
    ├── LockedError      another run holds the same scope
    └── ReadError        something could not be read: becomes a `Gap` at the boundary

Everything else is a bug. The boundary (`examine` and `scan`) turns it into
`Gap(FAULT)` with the exception's type only: a message may quote content.
"""

from __future__ import annotations

import dataclasses

from scanner.model import GapReason


class DpscanError(Exception):
    """Base of the tree."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file the user wrote."""

    message: str
    """What is wrong and what was expected."""
    file: str = ""
    line: int = 0
    """1-based; 0 if unknown."""
    column: int = 0
    key: str = ""
    """Dotted path of the key, e.g. `targets.0.url`."""

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f":{self.line}" + (f":{self.column}" if self.column else "")
        return ": ".join(part for part in (where, self.key, self.message) if part)


class ConfigError(DpscanError):
    """The user's input is wrong; every problem found is listed. Exit 2."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class RuleError(ConfigError):
    """One or more rule files do not load."""


class MissingExtra(DpscanError):
    """A package that something needs is not installed."""

    def __init__(self, what: str, extra: str = "", *, package: str = "dpscan") -> None:
        """`extra` of `package` brings it; without an extra, the package itself ought to have."""
        self.what, self.extra = what, extra
        self.install = f'pip install "{package}[{extra}]"' if extra else f"pip install {package}"
        super().__init__(f"{what} needs a package that is not installed: {self.install}")


class LockedError(DpscanError):
    """Another run is scanning the same scope."""


class ReadError(DpscanError):
    """Something could not be read or seen. `detail` must hold no content and no secret."""

    def __init__(self, reason: GapReason, detail: str, remedy: str = "") -> None:
        self.reason, self.detail, self.remedy = reason, detail, remedy
        super().__init__(detail)
