"""`dpscan doctor`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scanner.cli.options import CONFIG_OPTION, build, consoles, gather, set_up_logging

_MARKS = {True: ("held", "green"), False: ("missing", "red"), None: ("not tried", "yellow")}


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@CONFIG_OPTION
@click.option("--policy", is_flag=True, help="Print only the least-privilege policies to grant.")
def doctor(targets: tuple[str, ...], config_file: Path | None, policy: bool) -> None:
    """Try what a scan needs, without reading content: permissions, drivers, reachability.

    Exits 3 if something is missing, and prints the policy that would grant it.

    \b
    Examples:
      dpscan doctor -c dpscan.yaml
      dpscan doctor s3://case-files --policy > policy.json
    """
    from rich import box
    from rich.table import Table

    from scanner.cli.terminal import styled
    from scanner.contracts import ExplainsAccess
    from scanner.errors import MissingExtra, ReadError
    from scanner.examine import connect

    out, err = consoles()
    set_up_logging(0)
    config = gather(config_file, targets)
    trouble = False
    for target in build(config, config_file, targets).values():
        try:
            connector = connect(target)
        except (MissingExtra, ReadError) as error:
            err.print(f"{target.name}: {error}", style="red")
            trouble = True
            continue
        if not isinstance(connector, ExplainsAccess):
            err.print(f"{target.name}: this connector cannot tell what it needs")
            continue
        if policy:
            click.echo(connector.policy())
            connector.close()
            continue
        out.print(styled((target.name, "bold"), " ", (f"({target.kind})", "dim")))
        table = Table(
            "", "Permission", "On", "Needed for", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
        )
        missing = False
        try:
            for permission in connector.permissions():
                missing = missing or permission.held is not True
                table.add_row(
                    styled(_MARKS[permission.held]),
                    permission.name,
                    permission.subject,
                    permission.needed_for,
                )
            out.print(table)
        except ReadError as error:
            missing = True
            err.print(f"{target.name}: {error.detail}; {error.remedy}", style="red")
        if missing:
            trouble = True
            out.print("  To grant what is missing:", style="dim")
            click.echo(connector.policy())
        connector.close()
    sys.exit(3 if trouble else 0)
