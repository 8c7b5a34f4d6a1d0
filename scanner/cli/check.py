"""`dpscan check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

FORMATS = ("text", "jsonl", "sarif", "github", "junit", "markdown")


@click.command(context_settings={"max_content_width": 100})
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="What to print.")  # fmt: skip
@click.option("--verdicts", type=click.Choice(["findings", "all"]), default="findings", show_default=True,
              help="With jsonl: findings of rules, or one line per store and safeguard.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(["critical", "high", "medium", "low", "info", "never"]),
              default="high", show_default=True, help="Exit 1 from this severity on.")  # fmt: skip
@click.option("--fail-on-unknown", is_flag=True, help="Exit 1 if a question has no answer.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def check(
    path: Path, form: str, verdicts: str, fail_on: str, fail_on_unknown: bool, output: Path | None
) -> None:
    """Judge the stores that infrastructure code under PATH declares.

    Terraform and OpenTofu, CloudFormation and SAM, ARM and Bicep. Nothing is run or downloaded;
    a value that the code does not tell is UNKNOWN, with the reason.

    \b
    Examples:
      dpscan check infra/
      dpscan check plan.json --format sarif -o dpscan.sarif
      dpscan check . --format jsonl --verdicts all

    Exit codes: 0 nothing at or above the threshold; 1 findings; 2 usage; 3 a file could not be read.
    """
    from scanner.check import formats
    from scanner.check.formats import jsonl
    from scanner.check.gate import Thresholds
    from scanner.check.run import Options, run
    from scanner.model import Severity

    threshold = None if fail_on == "never" else Severity[fail_on.upper()]
    outcome = run(Options(path, Thresholds(threshold, fail_on_unknown)))
    render = jsonl.verdicts if form == "jsonl" and verdicts == "all" else formats.printer(form)
    text = render(outcome)
    if output is not None:
        output.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)
    sys.exit(outcome.code)
