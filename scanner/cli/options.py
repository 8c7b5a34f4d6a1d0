"""What several commands share: consoles, logging, configuration from `-c` or targets."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console

    from scanner.config import Config
    from scanner.examine import Target

F = TypeVar("F", bound=Callable[..., Any])

# Their debug output can quote requests, rows and credentials.
_THIRD_PARTIES = (
    "boto3", "botocore", "s3transfer", "urllib3", "azure", "msal", "google", "sqlalchemy", "pymysql",
    "psycopg", "presidio-analyzer", "presidio_analyzer", "spacy", "asyncio", "filelock", "pypdfium2",
)  # fmt: skip

DEFAULT_FILE = "dpscan.yaml"
CONFIG_OPTION = click.option(
    "-c", "--config", "config_file", type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file (see `dpscan init`).",
)  # fmt: skip


def consoles() -> tuple[Console, Console]:
    """(standard output, standard error). Both take texts literally (see `terminal`)."""
    from scanner.cli.terminal import Terminal

    return Terminal(), Terminal(stderr=True)


def set_up_logging(verbosity: int) -> None:
    """-v: what dpscan does; -vv: in detail. Third parties stay at WARNING whatever is asked."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("scanner").setLevel(level)
    for name in _THIRD_PARTIES:
        logging.getLogger(name).setLevel(logging.WARNING)


def gather(config_file: Path | None, targets: tuple[str, ...]) -> Config:
    """The configuration of `-c`, or of targets on the command line (not both)."""
    from scanner import config
    from scanner.targets import from_targets

    if config_file is not None and targets:
        raise click.UsageError("give targets or -c FILE, not both")
    file = _file(config_file, targets)
    if file is not None:
        return config.load(file)
    if not targets:
        raise click.UsageError(
            f"nothing to scan: give a folder, s3://bucket, a database URL …, or -c {DEFAULT_FILE}"
        )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = from_targets(targets)
    for warning in caught:
        if issubclass(warning.category, UserWarning):
            click.echo(f"dpscan: warning: {warning.message}", err=True)
    return made


def _file(config_file: Path | None, targets: tuple[str, ...]) -> Path | None:
    default = Path(DEFAULT_FILE)
    return config_file or (default if not targets and default.exists() else None)


def build(config: Config, config_file: Path | None, targets: tuple[str, ...]) -> Mapping[str, Target]:
    """Targets with checked options, for what `gather` gave for the same words. Raises ConfigError."""
    import scanner
    from scanner.targets import build_targets

    return build_targets(config, scanner.__version__, _file(config_file, targets))
