"""`dpscan maturity`: ten domains over the stored runs, and evidence towards published frameworks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.options import CONFIG_OPTION, consoles
from scanner.cli.reckoning import (
    AS_OF_OPTION,
    ATTESTATIONS_OPTION,
    FORMAT_OPTION,
    HISTORY_OPTION,
    attestations,
    end_of_day,
    stored,
)

if TYPE_CHECKING:
    from rich.console import Console

    from scanner.maturity import Profile

_RUNS_SHOWN = 8
_SHOWN = 3


@click.command()
@CONFIG_OPTION
@HISTORY_OPTION
@AS_OF_OPTION
@ATTESTATIONS_OPTION
@click.option("--domain", "domains", multiple=True, metavar="ID",
              help="Say what would raise this domain (may be repeated).")  # fmt: skip
@click.option(
    "--caf", is_flag=True, help="Evidence towards outcomes of the Cyber Assessment Framework instead."
)
@click.option("--caf-version", type=click.Choice(["4.0", "3.2"]), default="4.0", show_default=True,
              help="Which version's outcomes, with --caf.")  # fmt: skip
@click.option("--dma", is_flag=True, help="Evidence towards topics of the Data Maturity Assessment instead.")
@FORMAT_OPTION
def maturity(
    config_file: Path | None,
    history: str | None,
    as_of: dt.datetime | None,
    file: Path | None,
    domains: tuple[str, ...],
    caf: bool,
    caf_version: str,
    dma: bool,
    form: str,
) -> None:
    """Show observed maturity in ten domains, from the stored runs.

    Levels rest on the low end of each score: what is not known counts against. How it is reckoned
    is in docs/maturity.md.

    \b
    Examples:
      dpscan maturity
      dpscan maturity --domain D4
      dpscan maturity --attestations attestations.yaml --format json
      dpscan maturity --caf --format csv > caf-evidence.csv
      dpscan maturity --dma --format csv > dma-evidence.csv
    """
    from scanner.cli import evidence
    from scanner.maturity import OF, caf_evidence, dma_evidence, kpis, profile
    from scanner.model.codec import to_plain

    unknown = [d for d in domains if d.upper() not in OF]
    if unknown:
        raise click.UsageError(f"No domain is called {unknown[0]}; there are {', '.join(OF)}.")
    if caf and dma:
        raise click.UsageError("Give --caf or --dma, not both.")
    moment = end_of_day(as_of)
    known = stored(config_file, history, moment)
    pack = known.reference
    if caf:
        rows = caf_evidence(
            known.reports, pack, as_of=moment, standings=known.standings, caf_version=caf_version
        )
        evidence.show(rows, form)
        return
    found = profile(
        known.reports, pack, attestations(file), as_of=moment, standings=known.standings, ci=known.ci
    )
    if dma:
        figures = kpis(known.reports, pack, as_of=moment, standings=known.standings, ci=known.ci)
        evidence.show(dma_evidence(found, figures), form)
    elif form == "json":
        click.echo(json.dumps(to_plain(found), indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(_profile_csv(found), nl=False)
    else:
        _print(consoles()[0], found, tuple(d.upper() for d in domains))


# --- the table ------------------------------------------------------------------------------


def _print(console: Console, found: Profile, asked: tuple[str, ...]) -> None:
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from scanner.maturity import TITLES

    held = f", set by {', '.join(found.lowest)}" if found.lowest else ""
    console.print(
        Text(f"Observed maturity: level {found.headline} ({TITLES[found.headline]}){held}", style="bold")
    )
    index = "not reckoned" if found.index is None else f"{found.index:.1f} of 100"
    digest = (found.rulepack_digest or "")[:12]
    console.print(
        f"As of {found.as_of.isoformat()}. Index {index}. Coverage {found.coverage:.0%}, {found.unknown_share:.0%} "
        f"unknown. {found.stores} stores, {found.stores_unknown} of them not seen. Rule pack {digest}."
    )
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("Domain", "Level", "Score", "Covered", "P · F · U"):
        right = name in ("Score", "Covered", "P · F · U")
        table.add_column(name, justify="right" if right else "left", no_wrap=name != "Domain")
    for d in found.domains:
        title = Text(f"{d.id} {d.title}", style="bold" if d.core else "")
        if d.note:
            title.append(f"\n{d.note}", style="dim not bold")
        if d.low is None or d.high is None or d.level is None:
            table.add_row(title, "–", "", "", "")
            continue
        level = f"{d.level} {TITLES[d.level]}" + ("" if d.could_be == d.level else f", up to {d.could_be}")
        score = f"{d.low:.2f}" if f"{d.low:.2f}" == f"{d.high:.2f}" else f"{d.low:.2f}–{d.high:.2f}"
        counts = f"{d.passed} · {d.failed} · {d.unknown}"
        table.add_row(title, level, score, f"{d.coverage:.0%}", counts)
    console.print(table)
    console.print(
        "P, F, U: pairs of a store and a control that pass, fail, are unknown. Bold: core domains; the lowest "
        "is the headline.",
        style="dim",
    )
    shown = [d for d in found.domains if d.id in (asked or found.lowest)]
    if not asked:
        shown = sorted(shown, key=lambda d: d.low or 0.0)[:_SHOWN]
    for d in shown:
        if d.raises and d.level is not None:
            console.print(Text(f"\nWhat would raise {d.id} {d.title} to level {d.level + 1}", style="bold"))
            for line in d.raises:
                console.print(Padding(Text(f"· {line}"), (0, 0, 0, 2)))
    _print_trend(console, found)
    if any(row.answered_by for row in found.attested):
        panel = Table(
            "Topic", "Answer", "By", "Until", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False,
            title="\nAttested, not verified", title_justify="left", title_style="bold",
        )  # fmt: skip
        for row in found.attested:
            until = row.expires.isoformat() if row.expires else ""
            answer = Text(row.answer if not row.note else f"{row.answer} ({row.note})")
            panel.add_row(row.title, answer, Text(row.answered_by), until)
        console.print(panel)
    for note in found.notes:
        console.print(Text(note[:1].upper() + note[1:] + "."), style="yellow")
    console.print("\nThis is what was observed. It is no statement that any law is kept.", style="dim")


def _print_trend(console: Console, found: Profile) -> None:
    from rich.text import Text

    points = found.trend[-_RUNS_SHOWN:]
    if len(points) < 2:
        return
    console.print(Text("\nIndex over the last runs", style="bold"))
    parts = []
    for point in points:
        if point.breaks:
            parts.append("| rule pack changed |")
        parts.append(f"{point.at:%d %b} {point.index:.0f}")
    console.print(Text("  " + "  ".join(parts)))


# --- for other tools ----------------------------------------------------------------------------


def _profile_csv(found: Profile) -> str:
    from scanner.maturity import TITLES

    head = ["as_of", "domain", "title", "core", "level", "level_title", "could_be", "low", "high", "coverage",
            "pass", "fail", "unknown", "stores", "what_would_raise_it", "note", "rulepack_digest"]  # fmt: skip
    rows = []
    for d in found.domains:
        title = "" if d.level is None else TITLES[d.level]
        rows.append([
            found.as_of.isoformat(), d.id, d.title, d.core, d.level, title, d.could_be, d.low, d.high, d.coverage,
            d.passed, d.failed, d.unknown, d.stores, "; ".join(d.raises), d.note, found.rulepack_digest,
        ])  # fmt: skip
    return as_csv(head, rows)


def as_csv(head: list[str], rows: list[list[object]]) -> str:
    """RFC 4180 text; numbers as numbers, nothing for None. Holds no text of others' making."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if cell is None else cell for cell in row])
    return out.getvalue()
