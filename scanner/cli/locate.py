"""`dpscan locate`: the true path behind a finding, on the operator's own terminal only."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.cli.options import CONFIG_OPTION, build, gather, set_up_logging


@click.command()
@click.argument("finding")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@CONFIG_OPTION
@click.option("--history", help="History database (default: the configuration's, else in DPSCAN_HOME).")
def locate(finding: str, targets: tuple[str, ...], config_file: Path | None, history: str | None) -> None:
    """List the store of FINDING again and print the true paths that its reduced place stands for.

    Reports and history hold reduced names only. FINDING is an id as in findings.csv, or
    the beginning of one. The paths go to the terminal; they are refused to a pipe or file,
    because they can name people.

    \b
    Example:
      dpscan locate 3fa9c0d1 -c dpscan.yaml
    """
    import sys

    from scanner.common.names import reduce_place
    from scanner.contracts import Ask
    from scanner.errors import ConfigError
    from scanner.examine import connect
    from scanner.history import History
    from scanner.model import Gap, Scope, Store, Unit

    if not sys.stdout.isatty():
        raise ConfigError("paths can name people: locate prints to a terminal only, not to a pipe or file")
    set_up_logging(0)
    config = gather(config_file, targets)
    with History.open(history or config.history, config.history_password, create=False) as store:
        matching = [e for key, e in store.findings().items() if key.startswith(finding) and e.finding]
    if len(matching) != 1:
        count = f"{len(matching):,} findings begin" if matching else "no finding begins"
        raise ConfigError(f"{count} with {finding!r}; `dpscan findings list` and findings.csv have the ids")
    wanted = matching[0].finding
    assert wanted is not None
    places = set(wanted.holdings) | ({wanted.place} if wanted.place.steps else set())
    found = 0
    for target in build(config, config_file, targets).values():
        connector = connect(target)
        stores = [
            record
            for scope in connector.scopes()
            if isinstance(scope, Scope)
            for record in connector.stores(scope)
            if isinstance(record, Store) and wanted.subject_id in (record.id, *record.aliases)
        ]
        for record in stores:
            click.echo(f"{wanted.rule_id} {wanted.title}: {record.id}")
            for unit in connector.units(record, Ask(seed="locate")):
                if isinstance(unit, Gap) or not isinstance(unit, Unit):
                    continue
                reduced = reduce_place(unit.place)
                if any(reduced.covers(place) or place.covers(reduced) for place in places):
                    click.echo(f"  {unit.place.text}")
                    found += 1
        connector.close()
    if not found:
        click.echo("No unit of the store matches any more; it may have been moved or deleted.", err=True)
