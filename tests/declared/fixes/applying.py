"""A fix applied to its file as its edits say, and what is then known of the safeguard."""

from __future__ import annotations

from pathlib import Path

from scanner.declared.fixes import Fix, fix
from scanner.declared.model import DeclaredStore
from scanner.declared.pipeline import check
from scanner.model import State


def applied(made: Fix, text: str) -> str:
    lines = text.split("\n")
    for edit in sorted(made.edits, key=lambda e: e.after, reverse=True):
        lines[edit.after : edit.until] = list(edit.lines)
    return "\n".join(lines)


def stores(folder: Path, file: str, text: str) -> dict[str, DeclaredStore]:
    """By type, in the language's own spelling; the text must parse."""
    (folder / file).write_text(text, "utf-8")
    checked = check(folder / file)
    assert not [gap.detail for gap in checked.gaps], text
    return {store.type: store for store in checked.stores}


def state(store: DeclaredStore, safeguard: str) -> State | None:
    return next((item.state for item in store.evidence if item.safeguard == safeguard), None)


def value(store: DeclaredStore, safeguard: str) -> object:
    return next((item.value for item in store.evidence if item.safeguard == safeguard), None)


def proposed(store: DeclaredStore, safeguard: str, text: str) -> Fix:
    made = fix(store, [safeguard], text.split("\n"), all_of=True)
    assert made is not None, f"nothing is known for {store.type}, {safeguard}"
    return made
