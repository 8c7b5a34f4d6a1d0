"""How often a search of ordinary repositories cries wolf: `python benchmarks/false_alarms.py [--write]`.

Searched are packages as they are installed (their sources, data and documents), none of which is about real
people. `--write` puts the table into docs/check-personal-data.md.
"""

from __future__ import annotations

import importlib.util
import pathlib
import sys
import time

from scanner.repository.search import search

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs" / "check-personal-data.md"
PACKAGES = (
    "click", "rich", "pydantic", "jinja2", "sqlalchemy", "yaml", "numpy", "networkx", "sympy", "pip", "setuptools",
    "pygments", "hypothesis", "openpyxl", "presidio_analyzer", "stdnum", "werkzeug", "flask", "requests", "cryptography",
    "azure", "google", "spacy", "faker", "cfnlint", "check_jsonschema",
)  # fmt: skip
START, END = "<!-- false-alarms:start -->", "<!-- false-alarms:end -->"


def folders() -> dict[str, pathlib.Path]:
    """Name to folder of what is there to search."""
    found = {}
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            found[name] = pathlib.Path(next(iter(spec.submodule_search_locations)))
    modules = ROOT / "tests" / "servers" / "node_modules"
    if modules.exists():
        found["node_modules of a server in the tests"] = modules
    found["dpscan itself, without tests and examples"] = ROOT / "scanner"
    found["dpscan's documentation"] = ROOT / "docs"
    return found


def table() -> str:
    rows, files, alarms, seconds = [], 0, 0, 0.0
    for name, folder in folders().items():
        began = time.process_time()
        searched = search(folder)
        took = time.process_time() - began
        told = [one for one in searched.found if not one.holding.mostly_test_data]
        rows.append(f"| {name} | {searched.files:,} | {len(told)} | {took:.1f} |")
        files, alarms, seconds = files + searched.files, alarms + len(told), seconds + took
    head = "| searched | files | files reported | CPU s |\n|---|--:|--:|--:|"
    last = f"| **together** | {files:,} | {alarms} | {seconds:.1f} |"
    about = (
        "Measured by `python benchmarks/false_alarms.py` over packages as they are installed. None is about real "
        "people, so every file reported is a false alarm.\n\n"
    )
    return about + "\n".join([head, *rows, last])


def main() -> None:
    made = table()
    print(made)
    if "--write" in sys.argv:
        page = PAGE.read_text("utf-8")
        before, rest = page.split(START)
        PAGE.write_text(f"{before}{START}\n{made}\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
