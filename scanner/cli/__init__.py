"""The command line: parse, call, print. Commands are imported only when they are used."""

from __future__ import annotations

import difflib
import importlib
import sys

import click

import scanner
from scanner.cli import stopping
from scanner.errors import ConfigError, DpscanError, LockedError

# name -> (module:object, one line for the list of commands)
_COMMANDS = {
    "scan": ("scanner.cli.scan:scan", "Scan folders, buckets and databases, and report."),
    "check": ("scanner.cli.check:check", "Judge the stores that infrastructure code declares."),
    "release": ("scanner.cli.release:release", "May this file be published? Find what hides in it."),
    "init": ("scanner.cli.init:init", "Write a commented configuration to start from."),
    "connectors": (
        "scanner.cli.connectors:connectors",
        "List what can be scanned, and each connector's keys.",
    ),
    "rules": ("scanner.cli.rules:rules", "List, show, check and test rules."),
    "doctor": ("scanner.cli.doctor:doctor", "Find missing permissions and drivers before a scan."),
    "inspect": ("scanner.cli.inspect:inspect", "Show what is detected in one file: positions, never values."),
    "values": ("scanner.cli.values:values", "Values never to report, or always to; kept as digests."),
    "report": ("scanner.cli.report:report", "Write the reports of a stored run again."),
    "findings": ("scanner.cli.findings:findings", "List findings over time; assign, accept, comment."),
    "import": ("scanner.cli.import_:import_", "Take an edited findings.csv or XLSX back."),
    "diff": ("scanner.cli.diff:diff", "What changed from one stored run to another."),
    "history": ("scanner.cli.history:history", "How large the history is; delete old runs."),
    "maturity": (
        "scanner.cli.maturity:maturity",
        "Show observed maturity in ten domains over the stored runs.",
    ),
    "kpis": ("scanner.cli.kpis:kpis", "Reckon the key figures K1 to K25 from the stored runs."),
    "locate": ("scanner.cli.locate:locate", "Print the true path behind a finding, on this terminal only."),
}


class _Commands(click.Group):
    """Lists commands without importing them, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            near = difflib.get_close_matches(cmd_name, _COMMANDS, 1)
            if near:
                ctx.fail(f"No such command {cmd_name!r}. Did you mean {near[0]!r}?")
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(scanner.__version__, prog_name="dpscan")
def cli() -> None:
    """Which of our stores hold personal data, and which of those are unprotected?

    \b
    Examples:
      dpscan scan /srv/shares/hr                 a folder
      dpscan scan s3://bucket/prefix             one bucket
      dpscan scan -c dpscan.yaml                 everything a configuration names
      dpscan init > dpscan.yaml                  a configuration to start from

    Exit codes: 0 nothing at or above the threshold; 1 findings; 2 usage or configuration;
    3 something asked for could not be covered.
    """


def main() -> None:
    """Entry point. Turns expected errors into one clear message and an exit code."""
    stopping.listen()
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort as abort:
        sys.exit(stopping.exit_code(abort.__cause__))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except ConfigError as error:
        _complain(str(error))
        sys.exit(2)
    except LockedError as error:
        _complain(str(error))
        sys.exit(3)
    except DpscanError as error:
        _complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt as stopped:
        _complain("stopped")
        sys.exit(stopping.exit_code(stopped))
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        sys.stderr.close()
        sys.exit(0)


def _complain(text: str) -> None:
    for line in text.splitlines():
        click.echo(f"dpscan: {line}", err=True)
