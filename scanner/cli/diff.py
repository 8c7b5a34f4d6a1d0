"""`dpscan diff`: two stored runs compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.desk import desk, history_options

if TYPE_CHECKING:
    from scanner.desk.diff import Difference, Line
    from scanner.model import Coverage

_GROUPS = (
    ("new", "New"),
    ("reopened", "Came back"),
    ("fixed", "Fixed"),
    ("gone", "Gone"),
    ("not_rechecked", "Not re-checked (still open)"),
    ("severity", "Another severity"),
)


@click.command(context_settings={"max_content_width": 100})
@click.argument("before", metavar="RUN")
@click.argument("after", metavar="RUN", default="latest")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@history_options
def diff(before: str, after: str, as_json: bool, config_file: Path | None, history: str | None) -> None:
    """What changed from one stored RUN to another (default: to the latest).

    `dpscan report --list` lists the ids of runs.

    \b
    Examples:
      dpscan diff 20260101T020000Z-1f2e3d4c 20260201T020000Z-5a6b7c8d
      dpscan diff 20260101T020000Z-1f2e3d4c --json
    """
    from scanner.desk.diff import diff as compare

    with desk(history, config_file) as open_desk:
        earlier = open_desk.history.load_report(before)
        later = open_desk.history.load_report(after)
    if earlier.run.finished > later.run.finished:
        earlier, later = later, earlier
    found = compare(earlier, later)
    if as_json:
        import json

        click.echo(json.dumps(_plain(found), indent=2))
    else:
        _print(found)


def _plain(found: Difference) -> dict[str, Any]:
    from scanner.model.codec import to_plain

    out: dict[str, Any] = {"before": found.before, "after": found.after, "same_rules": found.same_rules}
    for name, _ in _GROUPS:
        out[name] = [_as_data(line) for line in getattr(found, name)]
    out["unchanged"] = found.unchanged
    out["stores"] = [
        {"store": store.store_id, "before": store.before, "after": store.after} for store in found.stores
    ]
    out["coverage"] = {
        "before": to_plain(found.coverage_before),
        "after": to_plain(found.coverage_after),
    }
    return out


def _as_data(line: Line) -> dict[str, Any]:
    return {
        "id": line.fingerprint,
        "rule": line.rule_id,
        "title": line.title,
        "store": line.subject_id,
        "place": "" if line.place.is_store else line.place.text,
        "severity": line.severity.label if line.severity is not None else None,
        "severity_before": line.severity_before.label if line.severity_before is not None else None,
        "before": line.before,
        "after": line.after,
        "note": line.note,
    }


def _print(found: Difference) -> None:
    from scanner.reporters.cells import clean

    click.echo(f"From {found.before} to {found.after}")
    if not found.same_rules:
        click.echo("The rules are not the same: a difference may come from them.")
    for name, title in _GROUPS:
        lines = getattr(found, name)
        click.echo(f"\n{title}: {len(lines)}")
        for line in lines:
            severity = line.severity.label if line.severity is not None else "unknown"
            if line.severity_before is not None:
                severity = f"{line.severity_before.label} -> {severity}"
            place = "" if line.place.is_store else f" › {line.place.text}"
            note = f" ({line.note})" if line.note else ""
            shown = f"{line.fingerprint[:12]}  {severity:8}  {line.rule_id}  {line.subject_id}{place}{note}"
            click.echo("  " + clean(shown))
    click.echo(f"\nOpen in both, unchanged: {found.unchanged}")
    click.echo(f"Coverage: {_coverage(found.coverage_before)} -> {_coverage(found.coverage_after)}")
    for store in found.stores:
        click.echo("  " + clean(f"{store.store_id}: inspected {store.before} -> {store.after}"))


def _coverage(seen: Coverage) -> str:
    share = f" ({seen.stores_share:.0%})" if seen.stores_share is not None else ""
    return f"{seen.stores_covered} of {seen.stores_enumerated} stores{share}"
