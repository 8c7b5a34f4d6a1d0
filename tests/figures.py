"""Figures in documentation, written by the command that measured them: between two marks of a page."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def put(page: str, name: str, text: str) -> None:
    """Replace what stands between `<!-- NAME:start -->` and `<!-- NAME:end -->` of a page."""
    path = DOCS / page
    before, start, rest = path.read_text(encoding="utf-8").partition(f"<!-- {name}:start -->\n")
    _, end, after = rest.partition(f"<!-- {name}:end -->")
    if not start or not end:
        raise SystemExit(f"{path} has no place for {name}")
    path.write_text(f"{before}{start}{text.rstrip()}\n{end}{after}", encoding="utf-8")
