"""Binary workbooks (XLSB) that each hide one thing, written by SheetJS (see samples/README.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

_SAMPLES = Path(__file__).parent / "samples"


def sample(people: bool, name: str) -> bytes:
    return (_SAMPLES / f"{name if people else 'clean'}.xlsb").read_bytes()


CASES: dict[str, tuple[Callable[[bool], bytes], str, str]] = {
    key: (partial(sample, name=name), hiding, words)
    for key, name, hiding, words in (
        ("hidden sheet", "hidden-sheet", "hidden sheet", "sheet “Notes” (hidden), columns A–D"),
        ("very hidden sheet", "very-hidden", "very hidden sheet", "sheet “Notes” (very hidden)"),
        ("hidden rows", "hidden-rows", "hidden rows", "columns A–D, rows 4–7 (hidden)"),
        ("hidden columns", "hidden-cols", "hidden columns", "columns C–D (hidden), rows 2–9"),
        ("format ;;;", "semicolons", "invisible cells", "columns A–D, rows 2–9 (text cannot be seen)"),
        ("under a merged cell", "merged", "covered cells", "sheet “List”, columns A–D, rows 2–9"),
        ("comment", "comment", "comments", "sheet “Spend”, comment"),
    )
}
