"""What a check is told beside the code: known stores, and personal data in the files themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.check.settings import Settings
from scanner.errors import ConfigError, Problem

if TYPE_CHECKING:
    from scanner.check.committed import CommittedData
    from scanner.known.joining import KnownStores

_FOR_ONE_READER = frozenset(("text", "jsonl"))
"""Formats that go to whoever ran the check; the others are made to be shown beside the code."""


def known_stores(
    path: Path, settings: Settings, index: Path | None, key: Path | None, show_holdings: bool
) -> KnownStores:
    """What is known of live stores: an index, and where it knows nothing the tags. Raises ConfigError."""
    from scanner.known.joining import KnownStores

    folder = path if path.is_dir() else path.parent
    if index is None:
        if key is not None or show_holdings:
            option = "--index-key" if key is not None else "--show-holdings"
            raise ConfigError(Problem(f"{option} needs --known INDEX"))
        return KnownStores(today=settings.today)
    from scanner.known.index import Keys, read, read_key

    keys = Keys(read_key(key, os.environ))
    found = read(index, keys, settings.today)
    return KnownStores(found, keys, today=settings.today, folder=folder, show_holdings=show_holdings)


def committed_data(settings: Settings, names: bool) -> CommittedData:
    """The search for personal data in the files of the repository."""
    from scanner.check.committed import CommittedData
    from scanner.model import Context

    return CommittedData(
        names=names,
        rules=settings.rules(),
        context=Context(today=settings.today),
        skipped=settings.skipped,
    )


def refuse_to_show(formats: Iterable[str], *, private: bool) -> None:
    """Raise ConfigError where what stores hold would be shown beside code that anybody may read."""
    public = sorted(set(formats) - _FOR_ONE_READER)
    if public and not private:
        raise ConfigError(
            Problem(
                f"--show-holdings is refused with {', '.join(public)}: these are shown beside the code, and most "
                "code is open. Use text or jsonl, or say `check: {repository_is_private: true}` in the configuration"
            )
        )
