"""Tables of evidence towards published frameworks, for `dpscan maturity --caf` and `--dma`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scanner.cli.options import consoles

if TYPE_CHECKING:
    from rich.console import Console

    from scanner.maturity import CafEvidence, DmaEvidence


def show(rows: Sequence[CafEvidence] | Sequence[DmaEvidence], form: str) -> None:
    """Print a table as `table`, `csv` or `json`."""
    from scanner.maturity import CafEvidence, DmaEvidence
    from scanner.model.codec import to_plain

    caf = tuple(row for row in rows if isinstance(row, CafEvidence))
    dma = tuple(row for row in rows if isinstance(row, DmaEvidence))
    if form == "json":
        click.echo(json.dumps([to_plain(row) for row in rows], indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(_caf_csv(caf) if caf else _dma_csv(dma), nl=False)
    elif caf:
        _print_caf(consoles()[0], caf)
    else:
        _print_dma(consoles()[0], dma)


def _print_caf(console: Console, rows: tuple[CafEvidence, ...]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from scanner.maturity import OUTSIDE

    version = rows[0].caf_version if rows else ""
    console.print(Text(f"Evidence towards CAF {version} outcomes", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("Outcome", "P · F · U", "What the evidence is about", "What it does not show"):
        table.add_column(name, justify="right" if "·" in name else "left", no_wrap="·" in name)
    for row in rows:
        counts = f"{row.passed} · {row.failed} · {row.unknown}" if row.rules else "–"
        shows = row.shows if row.rules else row.evidence
        table.add_row(Text(f"{row.outcome} {row.title}"), counts, Text(shows), Text(row.not_shown))
    console.print(table)
    outside = ", ".join(f"{id} {title}" for id, title in OUTSIDE.items())
    console.print(f"Outside the scanner: {outside}, and every outcome not listed.", style="dim")
    console.print(
        "P, F, U: pairs of a store and a rule that pass, fail, are unknown. Whether an outcome is achieved is for an assessor.",
        style="dim",
    )


def _print_dma(console: Console, rows: tuple[DmaEvidence, ...]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console.print(Text("Evidence towards topics of the Data Maturity Assessment", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("Topic", "What was observed", "What it does not show"):
        table.add_column(name)
    for row in rows:
        table.add_row(Text(row.topic), Text("\n".join(row.figures) or row.evidence), Text(row.not_shown))
    console.print(table)
    console.print("Which level an area is at is for the people who answer the assessment.", style="dim")


def _caf_csv(rows: tuple[CafEvidence, ...]) -> str:
    head = ["caf_version", "outcome", "title", "evidence", "pass", "fail", "unknown", "stores", "rules", "domains",
            "what_it_is_about", "what_it_does_not_show"]  # fmt: skip
    from scanner.cli.maturity import as_csv

    return as_csv(head, [
        [row.caf_version, row.outcome, row.title, row.evidence, row.passed, row.failed, row.unknown, row.stores,
         " ".join(row.rules), " ".join(row.domains), row.shows, row.not_shown]
        for row in rows
    ])  # fmt: skip


def _dma_csv(rows: tuple[DmaEvidence, ...]) -> str:
    from scanner.cli.maturity import as_csv

    head = ["topic", "evidence", "domains", "what_it_is_about", "what_it_does_not_show"]
    return as_csv(head, [
        [row.topic, row.evidence, " ".join(row.domains), row.shows, row.not_shown] for row in rows
    ])  # fmt: skip
