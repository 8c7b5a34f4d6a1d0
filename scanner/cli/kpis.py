"""`dpscan kpis`: the key figures K1 to K25 over the stored runs."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.maturity import as_csv
from scanner.cli.options import CONFIG_OPTION, consoles
from scanner.cli.reckoning import (
    AS_OF_OPTION,
    FORMAT_OPTION,
    HISTORY_OPTION,
    end_of_day,
    stored,
)

if TYPE_CHECKING:
    from rich.console import Console

    from scanner.maturity import Kpi

_STYLES = {True: "green", False: "yellow", None: ""}
_MET = {True: "\nmet", False: "\nnot met", None: ""}


@click.command()
@CONFIG_OPTION
@HISTORY_OPTION
@AS_OF_OPTION
@FORMAT_OPTION
def kpis(config_file: Path | None, history: str | None, as_of: dt.datetime | None, form: str) -> None:
    """Reckon the key figures K1 to K25 from the stored runs.

    A figure that the runs cannot give is shown as not available, with the reason. Formulas and
    targets are in docs/kpis.md; a configuration (-c) may set its own under `kpi_targets`.

    \b
    Examples:
      dpscan kpis
      dpscan kpis --as-of 2026-03-31 --format csv > march.csv
    """
    from scanner.maturity import kpis as reckon
    from scanner.maturity import series
    from scanner.model.codec import to_plain

    moment = end_of_day(as_of)
    known = stored(config_file, history, moment)
    pack = known.reference
    reports, standings = known.reports, known.standings
    figures = reckon(reports, pack, as_of=moment, standings=standings, ci=known.ci)
    if form == "json":
        trend = series(reports, pack, standings, known.ci)
        document = {
            "as_of": moment.date().isoformat(),
            "kpis": [to_plain(kpi) | {"trend": list(trend[kpi.id])} for kpi in figures],
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(_csv(figures, moment.date()), nl=False)
    else:
        earlier = series(reports[:-1], pack, standings, known.ci, at_most=2)
        before = [earlier[kpi.id][-1] if earlier[kpi.id] else None for kpi in figures]
        _print(consoles()[0], figures, before, moment.date())


def _csv(figures: tuple[Kpi, ...], as_of: dt.date) -> str:
    head = ["as_of", "kpi", "title", "kind", "value", "numerator", "denominator", "low", "high", "better",
            "target", "target_text", "target_met", "small_n", "not_available_because", "note", "detail", "formula",
            "survey", "rulepack_digest"]  # fmt: skip
    return as_csv(head, [
        [as_of.isoformat(), k.id, k.title, k.kind, k.value, k.numerator, k.denominator, k.low, k.high, k.direction,
         k.target, k.target_text, k.met, k.small_n, k.why, k.note, "; ".join(k.detail), k.formula, k.survey,
         k.rulepack_digest]
        for k in figures
    ])  # fmt: skip


def _print(console: Console, figures: tuple[Kpi, ...], before: list[float | None], as_of: dt.date) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("Figure")
    for name in ("Value", "Before"):
        table.add_column(name, justify="right")
    table.add_column("Target")
    for kpi, earlier in zip(figures, before, strict=True):
        figure = Text(kpi.title)
        said = [
            f"not available: {kpi.why}" if kpi.value is None else "",
            "small n" if kpi.small_n else "",
            kpi.note,
        ]
        for line in ("; ".join(part for part in said if part), *kpi.detail):
            if line:
                figure.append(f"\n{line}", style="dim")
        value = Text("–") if kpi.value is None else Text(_value(kpi), style=_STYLES[kpi.met])
        table.add_row(
            kpi.id,
            figure,
            value,
            "–" if earlier is None else _number(kpi.kind, earlier),
            kpi.target_text + _MET[kpi.met],
        )
    console.print(Text(f"Key figures as of {as_of.isoformat()}", style="bold"))
    console.print(table)
    console.print(
        "What is not known counts against a share, and is added to a count as its upper end.", style="dim"
    )


def _value(kpi: Kpi) -> str:
    assert kpi.value is not None
    text = _number(kpi.kind, kpi.value)
    if kpi.kind == "share" and kpi.numerator is not None and kpi.denominator is not None:
        text += f"\n{kpi.numerator:,.0f} of {kpi.denominator:,.0f}"
    if kpi.low is None or kpi.high is None or kpi.low == kpi.high:
        return text
    if kpi.kind != "share":
        return f"{_number(kpi.kind, kpi.low)} to {_number(kpi.kind, kpi.high)}"
    best = kpi.high if kpi.direction == "up" else kpi.low
    return f"{text}\nat best {_number('share', best)}"


def _number(kind: str, value: float) -> str:
    return f"{value:.0%}" if kind == "share" else f"{value:.1f}" if kind == "days" else f"{value:,.0f}"
