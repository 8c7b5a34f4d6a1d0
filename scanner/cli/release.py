"""`dpscan release`: may this file be published or sent?"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.options import consoles, set_up_logging

if TYPE_CHECKING:
    from scanner.release.desk import Request


@click.command()
@click.argument("files", metavar="FILE|FOLDER…", nargs=-1)
@click.option(
    "--audience",
    type=click.Choice(["public", "named", "internal"]),
    default="public",
    show_default=True,
    help="Who will get it: anybody; named people outside who may see what the file shows; colleagues.",
)
@click.option("--allow", "allows", multiple=True, metavar="TYPE:REASON",
              help="Let one kind of data pass, with a reason that the verdict records. Repeatable.")  # fmt: skip
@click.option("--fix", "fix_to", metavar="OUT", type=click.Path(path_type=Path),
              help="Write a clean copy to OUT (a file, or a folder for several) and check that one.")  # fmt: skip
@click.option("--html", "html_file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the verdict as one page too.")  # fmt: skip
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="The verdict for people, or for programs.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(min=1), default=300.0, show_default=True, metavar="SECONDS",
              help="Most time for one file; past it, it counts as not checked.")  # fmt: skip
@click.option("--no-names", is_flag=True, help="Do not look for people's names (quicker, sees less).")
@click.option("--watch", "outbox", metavar="OUTBOX", type=click.Path(path_type=Path, file_okay=False),
              help="Watch a folder: check every file put into it until stopped with Ctrl-C.")  # fmt: skip
@click.option("--verdicts", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
              help="With --watch: where verdicts go. [default: OUTBOX-verdicts beside OUTBOX]")  # fmt: skip
@click.option("--once", is_flag=True, help="With --watch: check what is there now, then stop.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of files that may go.")
def release(
    files: tuple[str, ...],
    audience: str,
    allows: tuple[str, ...],
    fix_to: Path | None,
    html_file: Path | None,
    style: str,
    timeout: float,
    no_names: bool,
    outbox: Path | None,
    verdicts: Path | None,
    once: bool,
    quiet: bool,
) -> None:
    """May these files be published or sent? Finds what hides in them, and whether people are in it.

    Looks at hidden sheets, rows and columns, pivot caches, comments, tracked changes, speaker notes,
    text under black boxes, earlier versions, picture positions and more; says where, and what to do.
    No value is ever printed, and the original is never changed.

    \b
    Examples:
      dpscan release response.xlsx                     before it answers a request
      dpscan release pack/ --html verdict.html         a folder, and a page to keep
      dpscan release response.xlsx --fix clean.xlsx    a clean copy, checked again
      dpscan release letter.pdf --audience named       to people who may see what it shows
      dpscan release invoice.pdf --allow "UK_BANK_ACCOUNT:our own account"
      dpscan release --watch outbox/                   every file put into a folder

    Exit codes: 0 nothing stands against it (warnings are printed); 1 do not release; 2 usage;
    3 something could not be checked, which is never "clean".
    """
    from scanner import plugins
    from scanner.release.allowing import parse_allows
    from scanner.release.desk import Desk, Request

    set_up_logging(0)
    plugins.require_all()
    for stream in (sys.stdout, sys.stderr):
        # A sheet may be named in letters that a console's code page does not have.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    out, err = consoles()
    allowed = parse_allows(allows)
    request = Request(audience, allowed, timeout, names=not no_names)
    if outbox is not None:
        if files or fix_to or html_file:
            raise click.UsageError("--watch takes a folder only: no FILE, --fix or --html")
        sys.exit(_watch(request, outbox, verdicts, once, err))
    if verdicts is not None or once:
        raise click.UsageError("--verdicts and --once go with --watch OUTBOX")
    if not files:
        raise click.UsageError("nothing to check: give a file or a folder (see dpscan release --help)")
    with Desk(request) as desk:
        report = desk.run(files, fix_to, _progress(err))
    if html_file is not None:
        from scanner.release.page import write_page

        write_page(html_file, report)
    if style == "json":
        from scanner.release.record import as_json

        # UTF-8 whatever the console's code page is.
        sys.stdout.buffer.write(f"{as_json(report)}\n".encode())
    else:
        from scanner.release.terminal import print_report

        print_report(out, report, quiet)
        if html_file is not None:
            err.print(f"The same as a page: {html_file}", style="dim")
    sys.exit(report.exit_code)


def _watch(request: Request, outbox: Path, verdicts: Path | None, once: bool, err: Any) -> int:
    from scanner.release.watch import watch

    return watch(request, outbox, verdicts, once=once, say=lambda text: err.print(text))


def _progress(err: Any) -> Any:
    """A line that moves, on a terminal only."""
    if not err.is_terminal:
        return None
    from rich.control import Control
    from rich.segment import ControlType

    def show(done: int, total: int, name: str) -> None:
        short = name if len(name) <= 60 else "…" + name[-59:]
        text = f"checking {done + 1:,} of {total:,}: {short}" if name else ""
        err.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 0)))
        err.print(text, end="", style="dim", soft_wrap=True)

    return show
