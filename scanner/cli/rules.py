"""`dpscan rules`: list, show, lint, test and document rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scanner.ruleset import Rule, RuleSet

_FILES = click.Path(exists=True, path_type=Path)
_path = click.option(
    "--path", "paths", multiple=True, type=_FILES, help="Also read rules from this file or folder."
)


@click.group()
def rules() -> None:
    """List, show, check and test rules.

    \b
    Examples:
      dpscan rules list                    every rule that comes with dpscan
      dpscan rules show OBJ-01             one rule in full
      dpscan rules lint our-rules/         check rules you wrote
      dpscan rules test our-rules/         run the examples beside them
    """


@rules.command("list")
@_path
@click.option("--pack", "packs", multiple=True, help="Only this pack (may be given again).")
@click.option(
    "--unobservable", is_flag=True, help="Rules that are not shipped, because nothing read can answer them."
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def list_(paths: tuple[Path, ...], packs: tuple[str, ...], unobservable: bool, as_json: bool) -> None:
    """List rules by pack.

    \b
    Examples:
      dpscan rules list --pack databases
      dpscan rules list --unobservable
    """
    if unobservable:
        _list_unobservable(as_json)
        return
    found = _load(paths, packs)
    if as_json:
        from scanner.ruleset.docs import as_json as plain

        document = {"digest": found.digest, "rules": [plain(rule) for rule in found.rules]}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    from rich.table import Table
    from rich.text import Text

    from scanner.cli.terminal import Terminal

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Rule", "Base", "Asked of", "What it finds"):
        table.add_column(column, no_wrap=column != "What it finds")
    pack = None
    for rule in sorted(found.rules, key=lambda rule: (rule.pack, rule.id)):
        if rule.pack != pack:
            pack = rule.pack
            table.add_row(Text(pack, style="bold"))
        title = rule.title + (" (policy, not law)" if rule.policy else "")
        asked = ", ".join(rule.applies_to.subjects)
        table.add_row(Text(f"  {rule.id}"), rule.severity_label, asked, Text(title))
    console = Terminal()
    console.print(table)
    console.print(
        f"\n{len(found.rules)} rules, digest {found.digest[:12]}. X: from the matrix of sensitivity and exposure; +S: one band up for "
        "special category or offence data.",
        highlight=False,
    )


def _list_unobservable(as_json: bool) -> None:
    import dataclasses

    from scanner.ruleset.catalogue import UNOBSERVABLE

    if as_json:
        rows = [dataclasses.asdict(item) for item in UNOBSERVABLE.values()]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    from rich.table import Table
    from rich.text import Text

    from scanner.cli.terminal import Terminal

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Rule", "What it would find", "Why it is not asked", "What it would take"):
        table.add_column(column, no_wrap=column == "Rule")
    for item in UNOBSERVABLE.values():
        table.add_row(*(Text(text) for text in (item.id, item.title, item.why, item.needs)))
    console = Terminal()
    console.print(table)
    console.print(
        f"\n{len(UNOBSERVABLE)} rules that nothing read can answer. Their absence from a report says nothing.",
        highlight=False,
    )


@rules.command()
@click.argument("rule_id", metavar="ID")
@_path
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def show(rule_id: str, paths: tuple[Path, ...], as_json: bool) -> None:
    """Show one rule in full: why, what to do, how it is decided, examples.

    \b
    Example:
      dpscan rules show OBJ-01
    """
    found = _load(paths)
    rule = found.get(rule_id)
    if rule is None:
        import difflib

        close = difflib.get_close_matches(rule_id.upper(), [r.id for r in found.rules], 3)
        hint = f" Did you mean {' or '.join(close)}?" if close else " See `dpscan rules list`."
        raise click.UsageError(f"No rule is called {rule_id}.{hint}")
    from scanner.cli.rule_code import terraform
    from scanner.ruleset import docs

    if as_json:
        click.echo(json.dumps(docs.as_json(rule, terraform), indent=2, ensure_ascii=False))
        return
    from rich.markdown import Markdown

    from scanner.cli.terminal import Terminal

    Terminal().print(Markdown(docs.page(rule, terraform).replace(docs.NOTE + "\n", "")))


@rules.command()
@click.argument("paths", nargs=-1, type=_FILES)
def lint(paths: tuple[Path, ...]) -> None:
    """Check rule files: YAML, keys, names, types, and what turns doubt into an answer.

    Without PATHS the rules that come with dpscan are checked. Every mistake of every file is
    printed with its file, line and column; exit code 2 if there is one.

    \b
    Example:
      dpscan rules lint our-rules/
    """
    found = _load(paths, shipped=not paths)
    click.echo(f"{len(found.rules)} rules, no mistakes.")


@rules.command()
@click.argument("paths", nargs=-1, type=_FILES)
@click.option(
    "--rule", "only", multiple=True, metavar="ID", help="Only this rule (a glob, may be given again)."
)
@click.pass_context
def test(ctx: click.Context, paths: tuple[Path, ...], only: tuple[str, ...]) -> None:
    """Run the examples beside the rules.

    Exit code 1 if an example does not come out as it says.

    \b
    Example:
      dpscan rules test our-rules/ --rule 'HR-*'
    """
    found = _load(paths, shipped=not paths)
    chosen = found.matching(tuple(only)) if only else found.rules
    if not chosen:
        raise click.UsageError("No rule fits.")
    wrong = [line for rule in chosen for line in failures(rule)]
    for line in wrong:
        click.echo(line, err=True)
    examples = sum(len(rule.examples) for rule in chosen)
    click.echo(f"{examples} examples of {len(chosen)} rules, {len(wrong) or 'none'} not as they say.")
    if wrong:
        ctx.exit(1)


def failures(rule: Rule) -> list[str]:
    """One line for each example of the rule that does not come out as it says."""
    from scanner.errors import RuleError
    from scanner.judge import judge
    from scanner.model import Verdict

    out = []
    for example in rule.examples:
        where = f"{rule.file}:{example.line}: {rule.id}: {example.name!r}"
        try:
            finding = judge(example.subject, example.context, rule)
        except RuleError as error:
            out.append(f"{where}: {error}")
            continue
        verdict = Verdict.NOT_APPLICABLE if finding is None else finding.verdict
        if verdict is not example.verdict:
            missing = f" (missing: {', '.join(finding.missing)})" if finding and finding.missing else ""
            out.append(f"{where}: expected {example.verdict.value}, got {verdict.value}{missing}")
    return out


@rules.command("docs")
@click.argument("folder", default="docs/rules", type=click.Path(file_okay=False, path_type=Path))
@_path
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is out of date.")
@click.pass_context
def docs_(ctx: click.Context, folder: Path, paths: tuple[Path, ...], check: bool) -> None:
    """Write one page a rule, an index, and the list of what expressions may name.

    \b
    Example:
      dpscan rules docs docs/rules --check
    """
    from scanner.cli.rule_code import terraform
    from scanner.ruleset import docs

    found = _load(paths)
    changed = docs.outdated(folder, found, terraform) if check else docs.write(folder, found, terraform)
    for name in changed:
        click.echo(f"{folder / name}: {'out of date' if check else 'written'}")
    if check and changed:
        ctx.exit(1)
    if not changed:
        click.echo(f"{folder}: up to date.")


def _load(paths: Sequence[Path], packs: Sequence[str] = (), shipped: bool = True) -> RuleSet:
    from scanner.ruleset import load_rules

    return load_rules(paths, packs or None, shipped=shipped)
