"""`dpscan maturity`: ten domains over the stored runs, and evidence towards CAF outcomes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.options import CONFIG_OPTION, consoles

if TYPE_CHECKING:
    from rich.console import Console

    from scanner.maturity import Attestations, CafEvidence, Profile, Reference
    from scanner.model import FindingHistory, Report

_RUNS_SHOWN = 8
_SHOWN = 3
_DEFAULT_FILE = Path("attestations.yaml")

HISTORY_OPTION = click.option("--history", help="History database (default: in DPSCAN_HOME).")
AS_OF_OPTION = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Reckon as of the end of this day (default: now)."
)

FORMAT_OPTION = click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True,
    help="For people, a spreadsheet or another program.",
)  # fmt: skip


@click.command()
@CONFIG_OPTION
@HISTORY_OPTION
@AS_OF_OPTION
@click.option("--attestations", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help=f"What people state (default: {_DEFAULT_FILE}, where there is one).")  # fmt: skip
@click.option("--domain", "domains", multiple=True, metavar="ID",
              help="Say what would raise this domain (may be repeated).")  # fmt: skip
@click.option(
    "--caf", is_flag=True, help="Evidence towards outcomes of the Cyber Assessment Framework instead."
)
@click.option("--caf-version", type=click.Choice(["4.0", "3.2"]), default="4.0", show_default=True,
              help="Which version's outcomes, with --caf.")  # fmt: skip
@FORMAT_OPTION
def maturity(
    config_file: Path | None,
    history: str | None,
    as_of: dt.datetime | None,
    file: Path | None,
    domains: tuple[str, ...],
    caf: bool,
    caf_version: str,
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
    """
    from scanner.maturity import OF, caf_evidence, profile
    from scanner.model.codec import to_plain

    unknown = [d for d in domains if d.upper() not in OF]
    if unknown:
        raise click.UsageError(f"No domain is called {unknown[0]}; there are {', '.join(OF)}.")
    moment = end_of_day(as_of)
    reports, standings = stored(config_file, history, moment)
    pack = reference()
    if caf:
        rows = caf_evidence(reports, pack, as_of=moment, standings=standings, caf_version=caf_version)
        if form == "json":
            click.echo(json.dumps([to_plain(row) for row in rows], indent=2, ensure_ascii=False))
        elif form == "csv":
            click.echo(_caf_csv(rows), nl=False)
        else:
            _print_caf(consoles()[0], rows)
        return
    given = _attestations(file)
    found = profile(reports, pack, given, as_of=moment, standings=standings)
    if form == "json":
        click.echo(json.dumps(to_plain(found), indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(_profile_csv(found), nl=False)
    else:
        _print(consoles()[0], found, tuple(d.upper() for d in domains))


# --- what both commands need --------------------------------------------------------------


def end_of_day(as_of: dt.datetime | None) -> dt.datetime:
    """The moment to reckon as of; the command line reads the clock, `scanner.maturity` never does."""
    now = dt.datetime.now(dt.UTC)
    if as_of is None:
        return now
    return min(now, as_of.replace(hour=23, minute=59, second=59, tzinfo=dt.UTC))


def stored(
    config_file: Path | None, history: str | None, as_of: dt.datetime
) -> tuple[list[Report], Mapping[str, FindingHistory]]:
    """Reports of the last 400 days in the order of time, and findings as they stand today.

    The history is that of the configuration, unless one is named. Raises ConfigError if it is empty.
    """
    import dataclasses

    from scanner import config
    from scanner.errors import ConfigError
    from scanner.history import History

    oldest = as_of - dt.timedelta(days=400)
    reports = []
    password = None
    if config_file is not None:
        settings = config.load(config_file)
        history, password = history or settings.history, settings.history_password
    with History.open(history, password) as store:
        for record in reversed(store.runs()):
            if record.finished is None or not oldest <= record.finished <= as_of:
                continue
            loaded = store.load_report(record.id)
            # Scores count stores: what lies at each place is not needed, and may be large.
            reports.append(dataclasses.replace(loaded, holdings=()))
        standings = store.findings()
    if not reports:
        raise ConfigError("the history holds no finished run of that time; run `dpscan scan` first")
    return reports, standings


def observed(config_file: Path | None, history: str | None, as_of: dt.datetime) -> Profile:
    """The profile that a report of that time shows, without attestations."""
    from scanner.maturity import profile

    reports, standings = stored(config_file, history, as_of)
    return profile(reports, reference(), as_of=as_of, standings=standings)


def reference() -> Reference:
    """The rules that come with dpscan, as scoring sees them: the same whatever a scan left out."""
    from scanner.maturity import DOMAIN_OF, Control, Reference
    from scanner.ruleset import load_rules

    shipped = load_rules()
    controls = tuple(
        Control(
            rule.id,
            rule.title,
            DOMAIN_OF[rule.id],
            rule.applies_to.subjects,
            rule.applies_to.kinds,
            rule.applies_to.providers,
            rule.policy,
            rule.references.get("ncsc_caf", ()),
            rule.caf_version,
        )
        for rule in shipped.rules
        if rule.id in DOMAIN_OF
    )
    return Reference(controls, shipped.digest)


def _attestations(file: Path | None) -> Attestations:
    from scanner.errors import ConfigError, Problem
    from scanner.maturity import Attestations, parse
    from scanner.yamlfile import Document

    if file is None:
        if not _DEFAULT_FILE.exists():
            return Attestations()
        file = _DEFAULT_FILE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(Problem("cannot be read as UTF-8 text", str(file))) from None
    document = Document(text, str(file))
    if document.problems:
        raise ConfigError(*document.problems)
    return parse(document.data, str(file))


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


def _caf_csv(rows: tuple[CafEvidence, ...]) -> str:
    head = ["caf_version", "outcome", "title", "evidence", "pass", "fail", "unknown", "stores", "rules", "domains",
            "what_it_is_about", "what_it_does_not_show"]  # fmt: skip
    return as_csv(head, [
        [row.caf_version, row.outcome, row.title, row.evidence, row.passed, row.failed, row.unknown, row.stores,
         " ".join(row.rules), " ".join(row.domains), row.shows, row.not_shown]
        for row in rows
    ])  # fmt: skip


def as_csv(head: list[str], rows: list[list[object]]) -> str:
    """RFC 4180 text; numbers as numbers, nothing for None. Holds no text of others' making."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if cell is None else cell for cell in row])
    return out.getvalue()
