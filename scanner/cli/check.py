"""`dpscan check`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.check.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scanner.check.outcome import Outcome

_BANDS = ("critical", "high", "medium", "low", "info", "never")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(context_settings={"max_content_width": 100})
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("-c", "--config", "config_file", type=_FILE,
              help="Policy, register, exclusions, thresholds and vetoes (see docs/check.md).")  # fmt: skip
@click.option("--diff", metavar="BASE", help="Tell only what changed since the work left this revision.")
@click.option("--baseline", type=_FILE, help="Leave out the findings that this file knows.")
@click.option("--write-baseline", is_flag=True, help="Write all that is open now to the baseline.")
@click.option("--fail-on", type=click.Choice(_BANDS), default=None,
              help="Exit 1 from this severity on.  [default: high]")  # fmt: skip
@click.option("--fail-on-unknown", is_flag=True, help="Exit 1 if a question has no answer.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="What to print.")  # fmt: skip
@click.option("-o", "--output", "outputs", multiple=True, metavar="[FORMAT:]FILE",
              help="Write to a file instead; FORMAT:FILE as often as wanted, beside what is printed.")  # fmt: skip
@click.option("--verdicts", type=click.Choice(["findings", "all"]), default="findings", show_default=True,
              help="With jsonl: findings of rules, or one line per store and safeguard.")  # fmt: skip
@click.option("--known", "known_file", type=_FILE, metavar="INDEX",
              help="What is known of the live stores: `dpscan history index` writes it.")  # fmt: skip
@click.option("--index-key", type=_FILE, help="File with the index's key.  [default: DPSCAN_INDEX_KEY]")
@click.option("--show-holdings", is_flag=True,
              help="Say what the live stores hold, not only that it counts (text and jsonl only).")  # fmt: skip
@click.option("--personal-data/--no-personal-data", default=True, show_default=True,
              help="Look for personal data in the files themselves.")  # fmt: skip
@click.option("--names", is_flag=True, help="There, find names by the names model too (slower).")
def check(
    path: Path, config_file: Path | None, diff: str | None, baseline: Path | None, write_baseline: bool,
    fail_on: str | None, fail_on_unknown: bool, form: str, outputs: tuple[str, ...], verdicts: str,
    known_file: Path | None, index_key: Path | None, show_holdings: bool, personal_data: bool, names: bool,
) -> None:  # fmt: skip
    """Judge the stores that infrastructure code under PATH declares.

    Terraform and OpenTofu, CloudFormation and SAM, ARM and Bicep, Kubernetes and Compose; and the
    personal data that is committed beside them. Nothing is run or downloaded; a value that the code
    does not tell is UNKNOWN, with the reason.

    \b
    Examples:
      dpscan check infra/                                 findings by line
      dpscan check . --diff origin/main                   what this branch introduces
      dpscan check . -o sarif:dpscan.sarif -o junit:dpscan.xml
      dpscan check . --baseline dpscan-baseline.json      what is new since a baseline
      dpscan check . --known index.json                   severity by what the live stores hold
      dpscan check . --format jsonl --verdicts all        every safeguard of every store

    Accept a finding in the code, in or directly above its resource:

    \b
      # dpscan:accept OBJ-08 owner=head-of-casework reason="synthetic data" until=2027-01-31

    Exit codes: 0 nothing at or above the threshold; 1 findings; 2 usage; 3 a file could not be read.
    """
    # A short run that makes few cycles: looking for them seldom saves a tenth of it.
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    click.get_current_context().call_on_close(lambda: gc.set_threshold(*before))
    from scanner import plugins
    from scanner.check.gate import Thresholds
    from scanner.check.run import Options, run
    from scanner.check.settings import load
    from scanner.check.sources import committed_data, known_stores, refuse_to_show
    from scanner.model import Severity

    if write_baseline and baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE, the file to write")
    if verdicts == "all" and form != "jsonl":
        raise click.UsageError("--verdicts all needs --format jsonl")
    if write_baseline and diff is not None:
        raise click.UsageError(
            "--write-baseline takes all that is open now; with --diff it would keep a part only"
        )
    wanted = _outputs(outputs, form)
    if personal_data:
        plugins.require_all()
    settings = load(config_file)
    private = settings.config is not None and settings.config.check.repository_is_private
    if show_holdings:
        refuse_to_show({form, *(name for name, _, _ in wanted)}, private=private)
    threshold = Severity.HIGH if settings.config is None else settings.config.fail_on
    if fail_on is not None:
        threshold = None if fail_on == "never" else Severity[fail_on.upper()]
    by_path = settings.config.check.fail_on if settings.config is not None else ()
    unknown = fail_on_unknown or (settings.config is not None and settings.config.fail_on_unknown)
    outcome = run(
        Options(
            path,
            settings,
            Thresholds(threshold, unknown, by_path),
            known=known_stores(path, settings, known_file, index_key, show_holdings),
            personal=committed_data(settings, names) if personal_data and verdicts != "all" else None,
            diff=diff,
            baseline=baseline,
            write_baseline=write_baseline,
        )
    )
    _tell(outcome, form, wanted, verdicts == "all")
    sys.exit(outcome.code)


def _outputs(texts: Sequence[str], form: str) -> list[tuple[str, Path, bool]]:
    """Files to write, in the order given. Raises UsageError before anything is read, for a check takes time."""
    found = [_output(text, form) for text in texts]
    for number, (_, file, _) in enumerate(found):
        if file in (earlier for _, earlier, _ in found[:number]):
            raise click.UsageError(f"{file} is named twice; the second would replace the first")
        if not file.parent.is_dir():
            raise click.UsageError(f"{file} cannot be written (no such file or directory)")
    return found


def _output(text: str, form: str) -> tuple[str, Path, bool]:
    """(format, file, whether the format was named) of `sarif:report.sarif` or `report.sarif`."""
    name, colon, file = text.partition(":")
    if name in FORMATS and not file:
        raise click.UsageError(f"-o {text}: which file? Say {name}:FILE, or --format {name} to print it")
    if (file or text) == "-":
        raise click.UsageError(f"-o {text}: what is printed is chosen by --format")
    if colon and name in FORMATS:
        return name, Path(file), True
    if colon and name.isalpha() and len(name) > 1:  # one letter is a drive of Windows
        raise click.UsageError(f"-o {text}: {name} is no format; there are {', '.join(FORMATS)}")
    return form, Path(text), False


def _tell(outcome: Outcome, form: str, outputs: list[tuple[str, Path, bool]], verdicts: bool) -> None:
    from scanner.check import formats
    from scanner.check.formats import jsonl

    texts: dict[str, str] = {}

    def rendered(name: str) -> str:
        if name not in texts:
            render = jsonl.verdicts if verdicts and name == "jsonl" else formats.printer(name)
            texts[name] = render(outcome)
        return texts[name]

    for name, file, _ in outputs:
        try:
            file.write_text(click.unstyle(rendered(name)), "utf-8")
        except OSError as error:
            why = (error.strerror or "").lower()
            raise click.UsageError(f"{file} cannot be written ({why})") from None
    if all(named for _, _, named in outputs):
        colour = False if "NO_COLOR" in os.environ else None
        click.echo(rendered(form), nl=False, color=colour)
