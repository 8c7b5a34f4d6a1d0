"""The section `check:` of a configuration: what `dpscan check` may be told centrally."""

from __future__ import annotations

from pydantic import Field

from scanner.config_types import FailOn, Part


class PathThreshold(Part):
    """Another `fail_on` for some files; the last entry that fits counts."""

    path: str = Field(description="Glob over paths from the top of the repository; * crosses folders.")
    fail_on: FailOn


class CodeExclusion(Part):
    """Code not to read, with who decided it and why."""

    path: str = Field(description="Glob over paths from the top of the repository; * crosses folders.")
    by: str
    reason: str


class WaiverVeto(Part):
    """Findings that no comment in the code may accept."""

    rule: str = Field(default="*", description="Glob over rule ids.")
    path: str = Field(default="*", description="Glob over paths from the top of the repository.")
    by: str
    reason: str


class InlineWaivers(Part):
    """What comments in the code may accept."""

    allowed: bool = True
    owners: tuple[str, ...] | None = Field(default=None, description="Roles that may accept; None: any.")
    longest_days: int | None = Field(default=None, ge=1, description="Days until the latest expiry.")
    veto: tuple[WaiverVeto, ...] = ()


class CheckConfig(Part):
    """Settings of `dpscan check`."""

    repository_is_private: bool = Field(
        default=False, description="Only then may annotations, SARIF and Markdown say what a store holds."
    )
    exclude: tuple[CodeExclusion, ...] = ()
    fail_on: tuple[PathThreshold, ...] = ()
    inline_waivers: InlineWaivers = InlineWaivers()
