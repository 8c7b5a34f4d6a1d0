"""`dpscan init`."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.cli.template import TEMPLATE


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
              help="Write to a file (never overwrites) instead of standard output.")  # fmt: skip
def init(output: Path | None) -> None:
    """Write a commented configuration to start from.

    \b
    Examples:
      dpscan init > dpscan.yaml
      dpscan init -o dpscan.yaml
    """
    from scanner.errors import ConfigError

    if output is None:
        click.echo(TEMPLATE, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise ConfigError(f"{output} exists already; nothing was changed") from None
    except OSError as error:
        raise ConfigError(f"{output} cannot be written ({(error.strerror or '').lower()})") from None
    click.echo(f"Wrote {output}. Edit the targets, then: dpscan doctor -c {output}", err=True)
