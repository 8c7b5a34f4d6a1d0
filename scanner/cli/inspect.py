"""`dpscan inspect`: what detection sees in one file, without showing it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from scanner.cli.options import consoles, set_up_logging

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "jsonl"]),
    default="table",
    show_default=True,
    help="A table for people, or one JSON object a line.",
)
@click.option("--no-names", is_flag=True, help="Patterns and lexicons only.")
@click.option("--spacy-model", help="An installed spaCy pipeline to find names with.")
@click.option("--us", is_flag=True, help="Recognise US identifiers too.")
@click.option("--recognisers", "own", type=_FILE, multiple=True, help="YAML with recognisers of your own.")
@click.option("--values", type=_FILE, help="A list of decided values (`dpscan values`).")
def inspect(
    file: str,
    style: str,
    no_names: bool,
    spacy_model: str | None,
    us: bool,
    own: tuple[Path, ...],
    values: Path | None,
) -> None:
    """Show what is detected in FILE (- reads standard input): type, position, score, reasons.

    Values are never printed: a position says where to look in your own copy.

    \b
    Examples:
      dpscan inspect letter.docx
      cat notes.txt | dpscan inspect - --format jsonl
      dpscan inspect tenants.csv --recognisers our-recognisers.yaml
    """
    from scanner.contents import open_content, read_content
    from scanner.contracts import Limits
    from scanner.detector import Detector
    from scanner.errors import ConfigError
    from scanner.model import Place

    out, err = consoles()
    set_up_logging(0)
    if file == "-":
        stream: BinaryIO = io.BytesIO(sys.stdin.buffer.read())
    else:
        try:
            stream = Path(file).open("rb")  # noqa: SIM115 - closed below
            if not stream.seekable():  # a pipe, such as the shell's <(…)
                with stream as piped:
                    stream = io.BytesIO(piped.read())
        except OSError as error:
            raise ConfigError(f"{file} cannot be read ({(error.strerror or '').lower()})") from None
    detector = Detector(names=not no_names, spacy_model=spacy_model, us=us, own=own, values=values)
    with stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        name = "standard input" if file == "-" else Path(file).name
        content = open_content(stream, name, Place((("object", name),)), size, Limits())
        rows, gaps = [], 0
        for row in _rows(read_content(content), detector):
            gaps += "gap" in row
            if style == "jsonl":
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                rows.append(row)
    if style == "table":
        _print(out, rows)
        err.print(f"names: {detector.names_model}", style="dim")
    sys.exit(3 if gaps else 0)


def _rows(fragments: Iterator[Any], detector: Any) -> Iterator[dict[str, Any]]:
    """One row per detection (text), per column with something in it (tables), or per gap."""
    from scanner.contracts import TableFragment
    from scanner.model import Gap

    offset: dict[str, int] = {}
    for fragment in fragments:
        place = fragment.place.text
        if isinstance(fragment, Gap):
            yield {"place": place, "gap": fragment.reason.value, "detail": fragment.detail}
        elif isinstance(fragment, TableFragment):
            for column, found in detector.columns(fragment.columns).items():
                if found.entity_type or found.types or found.special_categories or found.criminal_offence:
                    yield {
                        "place": place, "column": column, "first_row": fragment.first_row,
                        "rows": fragment.rows, "type": found.entity_type, "share": round(found.share, 4),
                        "score": round(found.score, 3), "types": sorted(found.types),
                        "special_categories": sorted(found.special_categories),
                        "criminal_offence": found.criminal_offence, "reasons": list(found.reasons),
                        "test_range_share": round(found.test_range_share, 4),
                    }  # fmt: skip
        else:
            # Offsets count from the start of the place: a text comes in several fragments.
            start = offset.get(place, 0)
            offset[place] = start + len(fragment.text)
            for item in detector.text([fragment.text])[0]:
                yield {
                    "place": place, "type": item.entity_type, "start": start + item.start,
                    "end": start + item.end, "score": round(item.score, 3), "validated": item.validated,
                    "test_range": item.test_range, "hidden": fragment.hidden, "reasons": list(item.reasons),
                }  # fmt: skip


def _print(out: Any, rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    from scanner.cli.terminal import styled

    if not rows:
        out.print("Nothing recognised.", style="dim")
        return
    table = Table("Where", "Position", "Type", "Score", "Why", box=box.SIMPLE_HEAD, show_edge=False)
    for row in rows:
        if "gap" in row:
            table.add_row(row["place"], "", styled((row["gap"], "yellow")), "", row["detail"])
        elif "column" in row:
            types = [row["type"]] if row["type"] else []
            types += [t for t in (*row["special_categories"], *row["types"]) if t not in types]
            where = f"column {row['column']}, {row['share']:.0%} of {row['rows']:,} rows"
            table.add_row(
                row["place"], where, ", ".join(types), f"{row['score']:.2f}", "; ".join(row["reasons"])
            )
        else:
            position = f"{row['start']:,}–{row['end']:,}"
            table.add_row(
                row["place"], position, row["type"], f"{row['score']:.2f}", "; ".join(row["reasons"])
            )
    out.print(table)
