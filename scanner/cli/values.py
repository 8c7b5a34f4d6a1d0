"""`dpscan values`: values never to report, or always to; kept as keyed digests."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import click

if TYPE_CHECKING:
    from scanner.own.values import ValueLists

_FILE = click.option(
    "--list", "file", type=click.Path(dir_okay=False, path_type=Path), default=Path("decided-values.json"),
    show_default=True, help="The list; its key lies beside it, in a file ending in .key.",
)  # fmt: skip
_FROM = click.option(
    "--from", "source", type=click.File("r", encoding="utf-8-sig"), metavar="FILE|-",
    help="Values, one a line (- reads standard input). Without it you are asked, and nothing is echoed.",
)  # fmt: skip
_WHY = click.option("--reason", required=True, help="Why it was decided so; kept in the list.")
_WHO = click.option(
    "--by", required=True, metavar="ROLE", help="Who decided it, as a role; kept in the list."
)


@click.group(context_settings={"max_content_width": 100})
def values() -> None:
    """Values never to report (a false positive, the department's own number), or always to.

    The list holds keyed digests, so it can be kept beside the configuration; its key file cannot:
    give it only to those who scan. Name the list in the configuration as `detection: values:`.

    \b
    Examples:
      dpscan values allow --reason "switchboard, published" --by "Records Manager"
      dpscan values deny --type PERSON --from protected.txt --reason "witnesses" --by "Senior DPO"
      dpscan values show
    """


@values.command()
@_FROM
@_WHY
@_WHO
@_FILE
def allow(source: TextIO | None, reason: str, by: str, file: Path) -> None:
    """Never report these values again, wherever they stand.

    \b
    Examples:
      dpscan values allow --reason "switchboard, published" --by "Records Manager"
      dpscan values allow --from numbers.txt --reason "test system" --by "Head of IT"
    """
    _add("allow", source, None, reason, by, file)


@values.command()
@click.option(
    "--type", "entity_type", required=True, metavar="TYPE", help="What to report them as, e.g. PERSON."
)
@_FROM
@_WHY
@_WHO
@_FILE
def deny(entity_type: str, source: TextIO | None, reason: str, by: str, file: Path) -> None:
    """Always report these values, wherever they stand as whole words (up to eight of them).

    \b
    Example:
      dpscan values deny --type PERSON --from protected.txt --reason "witnesses" --by "Senior DPO"
    """
    from scanner.errors import ConfigError
    from scanner.model import ENTITY_TYPES

    if entity_type not in ENTITY_TYPES:
        raise ConfigError(f"no entity type is called {entity_type!r} (docs/entity-types.md lists them)")
    _add("deny", source, entity_type, reason, by, file)


@values.command()
@click.argument("kind", type=click.Choice(["allow", "deny"]))
@_FROM
@_FILE
def remove(kind: Literal["allow", "deny"], source: TextIO | None, file: Path) -> None:
    """Take values off a list again; you must know them.

    \b
    Example:
      dpscan values remove allow --from numbers.txt
    """
    from scanner.own.values import load, save

    lists = load(file)
    gone = sum(lists.remove(kind, value) for value in _given(source))
    save(lists, file)
    click.echo(f"{gone} removed; {_state(lists)}")


@values.command()
@_FILE
def show(file: Path) -> None:
    """How many values were decided on, by whom and why; never which.

    \b
    Example:
      dpscan values show --list decided-values.json
    """
    from collections import Counter

    from scanner.own.values import load

    lists = load(file)
    groups = Counter(
        (e.kind, e.entity_type or "", e.by, e.reason, e.added.isoformat()) for e in lists.entries.values()
    )
    for (kind, entity_type, by, reason, day), count in sorted(groups.items()):
        click.echo(f"{kind:5} {count:6}  {entity_type or 'any type'}  {day}  {by}: {reason}")
    click.echo(_state(lists))


def _add(
    kind: Literal["allow", "deny"],
    source: TextIO | None,
    entity_type: str | None,
    reason: str,
    by: str,
    file: Path,
) -> None:
    from scanner.own.values import load_or_new, save

    lists = load_or_new(file)
    day = dt.datetime.now(dt.UTC).date()
    added = sum(
        lists.add(kind, value, entity_type=entity_type, reason=reason, by=by, day=day)
        for value in _given(source)
    )
    save(lists, file)
    click.echo(f"{added} added; {_state(lists)}")


def _given(source: TextIO | None) -> list[str]:
    """Values from a file, or asked for without an echo: they are not to stand in a shell's history."""
    if source is not None:
        return [line.strip() for line in source if line.strip()]
    if not sys.stdin.isatty():
        raise click.UsageError(
            "nobody to ask here: give the values with --from FILE, or --from - for standard input"
        )
    return [value] if (value := getpass.getpass("Value (not shown): ").strip()) else []


def _state(lists: ValueLists) -> str:
    return f"{len(lists.allowed)} allowed, {len(lists.denied)} denied"
