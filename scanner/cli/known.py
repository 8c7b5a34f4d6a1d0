"""`dpscan history index` and `index-key`: what CI may know of the live stores."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from scanner.cli.desk import DaysType, desk, history_options


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="File to write (mode 0600).")  # fmt: skip
@click.option("--valid", type=DaysType(), default="30d", show_default=True, metavar="TIME",
              help="How long the index is believed.")  # fmt: skip
@click.option("--stores-valid", type=DaysType(), default="180d", show_default=True, metavar="TIME",
              help="How long after a store was last scanned what was found counts.")  # fmt: skip
@click.option("--with-holdings", is_flag=True,
              help="Put in kinds of data and bands of people (100+, 10,000+), for --show-holdings.")  # fmt: skip
@history_options
def index(
    output: Path, valid: int, stores_valid: int, with_holdings: bool, config_file: Path | None,
    history: str | None,
) -> None:  # fmt: skip
    """Write what `dpscan check --known` needs: live stores without their names, signed.

    Names are digests under a key that lies beside the history; `dpscan history index-key` prints it,
    once, for the CI's secret store. The index itself may lie in the repository or be an artefact: without
    the key nobody can tell which stores it speaks of.

    \b
    Examples:
      dpscan history index -o index.json
      dpscan history index -o index.json --valid 7d --with-holdings
    """
    from scanner.common.private import write_atomically
    from scanner.known import making
    from scanner.known.index import Keys, write

    with desk(history, config_file) as open_desk:
        keys = Keys(open_desk.history.key(making.KEY_SCOPE))
        made = making.make(
            open_desk.history, keys, valid=dt.timedelta(days=valid),
            store_valid=dt.timedelta(days=stores_valid), with_holdings=with_holdings,
        )  # fmt: skip
        where = open_desk.history.key_file(making.KEY_SCOPE)
    write_atomically(output.absolute(), write(made, keys).encode())
    count = len(made.entries)
    click.echo(
        f"{count} store{'' if count == 1 else 's'} in {output}, believed until {made.expires.isoformat()}"
    )
    click.echo(f"its key is {where}; for CI: dpscan history index-key")


@click.command("index-key")
@history_options
def index_key(config_file: Path | None, history: str | None) -> None:
    """Print the key of the index, for the CI's secret store. Whoever has it can look names up.

    \b
    Example:
      dpscan history index-key | gh secret set DPSCAN_INDEX_KEY
    """
    from scanner.known import making
    from scanner.known.index import key_text

    with desk(history, config_file) as open_desk:
        click.echo(key_text(open_desk.history.key(making.KEY_SCOPE)))
