"""Where dpscan keeps its own data."""

from __future__ import annotations

import os
from pathlib import Path

from scanner.common.private import make_folder
from scanner.errors import ConfigError

_MARKS = ("history.sqlite", "history.keys", "locks")


def data_home() -> Path:
    """The data folder, created with mode 0700: `DPSCAN_HOME`, else the platform's own place.

    An existing folder is closed to others only if it is plainly ours (empty, or made by an
    earlier run): `DPSCAN_HOME=$HOME` must not change the mode of somebody's home.
    Raises ConfigError if it cannot be created or looked into.
    """
    named = os.environ.get("DPSCAN_HOME")
    if named:
        home = Path(named).expanduser().absolute()
    else:
        import platformdirs

        home = Path(platformdirs.user_data_dir("dpscan"))
    try:
        return make_folder(home, _MARKS)
    except OSError as error:
        why = (error.strerror or "").lower()
        raise ConfigError(
            f"DPSCAN_HOME: {home} cannot be used ({why}); name a folder you may write to"
        ) from None


def default_url() -> str:
    """SQLAlchemy URL of the default history."""
    return f"sqlite:///{data_home() / 'history.sqlite'}"
