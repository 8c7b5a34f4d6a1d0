"""`dpscan connectors`."""

from __future__ import annotations

import click

from scanner.cli.options import consoles


@click.command()
@click.argument("name", required=False)
def connectors(name: str | None) -> None:
    """List what can be scanned; with NAME, the keys of that connector.

    \b
    Examples:
      dpscan connectors
      dpscan connectors s3
    """
    from rich import box
    from rich.table import Table

    from scanner import plugins
    from scanner.cli.terminal import styled
    from scanner.errors import MissingExtra

    out, _ = consoles()
    if name is not None:
        connector = plugins.load("connectors", name)
        table = Table("Key", "Meaning", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for key, field in connector.Options.model_fields.items():
            required = (" (required)", "dim") if field.is_required() else ""
            table.add_row(styled(key, required), field.description or "")
        out.print(table)
        return
    schemes: dict[str, list[str]] = {}
    for scheme, point in plugins.available("schemes").items():
        schemes.setdefault(point.value, []).append(f"{scheme}://")
    table = Table("Connector", "Targets", "From", "", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for kind, point in plugins.available("connectors").items():
        try:
            plugins.load("connectors", kind)
            state = "ready"
        except MissingExtra as error:
            state = error.install
        package = point.dist.name if point.dist is not None else "?"
        table.add_row(kind, ", ".join(schemes.get(point.value, ["a path"])), package, state)
    out.print(table)
