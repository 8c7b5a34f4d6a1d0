"""How well and how fast free text is read, beside plain Presidio: `python benchmarks/texts.py`.

Reads the marked texts in `tests/corpus/text/` and `tests/recognisers/texts.txt` with dpscan and with
Presidio (en_core_web_md, its UK recognisers on; an environment of its own, see `run.py`), each in a
process of its own, in one run. Writes `benchmarks/TEXTS.md`: partial-match F1 for each file (same group
of types, at least half of the marked span covered), per type for dpscan, speeds as CPU time, and
examples of what is still wrong.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import json
import pathlib
import subprocess
import sys
import time
from typing import Any

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
FILES = {
    "notes": "tests/corpus/text/notes.txt",
    "later notes": "tests/corpus/text/later.txt",
    "further notes": "tests/corpus/text/further.txt",
    "addresses": "tests/corpus/text/addresses.txt",
    "public places": "tests/corpus/text/places.txt",
    "general English": "tests/corpus/text/english.txt",
    "general English, kept back": "tests/corpus/text/english_later.txt",
    "texts": "tests/recognisers/texts.txt",
}
PROSE = "tests/corpus/text/prose.txt"
"""Marked with dates and nationalities only: these are counted apart."""
_OF_PROSE = {
    "dates in prose": frozenset(("DATE_TIME", "DATE_OF_BIRTH")),
    "nationalities in prose": frozenset(("NATIONALITY",)),
}
_EXAMPLES = 20
Given = list[tuple[str, int, int]]


def texts() -> dict[str, list[tuple[str, str, list[tuple[str, int, int]]]]]:
    sys.path.insert(0, str(ROOT))
    from tests.recognisers import corpus

    return {name: corpus.read(ROOT / path) for name, path in (*FILES.items(), ("prose", PROSE))}


# --- in a process of its own ------------------------------------------------------------


def child(tool: str, names: bool, path: str) -> None:
    """Read `path` (JSON: lists of texts), print what was found and the CPU seconds of a second round.

    The first round loads what is loaded lazily; the second reads the same kinds of words in other texts.
    """
    some, other = json.loads(pathlib.Path(path).read_text("utf-8"))
    if tool == "ours":
        from scanner import Detector

        detector = Detector(names=names)

        def run(batch: list[str]) -> list[Given]:
            return [[(d.entity_type, d.start, d.end) for d in found] for found in detector.text(batch)]
    else:
        import measure

        analyzer = measure._presidio()

        def run(batch: list[str]) -> list[Given]:
            return [
                [(r.entity_type, r.start, r.end) for r in analyzer.analyze(text, language="en")]
                for text in batch
            ]

    found = run(some)
    began = time.process_time()
    run(other)
    seconds = time.process_time() - began
    print(
        "RESULT "
        + json.dumps({"found": found, "seconds": seconds, "bytes": sum(len(t.encode()) for t in other)})
    )


def ask(python: str, tool: str, names: bool, path: pathlib.Path) -> dict[str, Any] | None:
    from run import _quiet

    done = subprocess.run(
        [python, __file__, "--child", tool, *(["--no-names"] if not names else []), str(path)],
        capture_output=True, text=True, check=False, env=_quiet(), cwd=HERE,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        print((done.stderr.strip().splitlines() or ["no output"])[-1], file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(lines[-1][7:])
    return result


# --- scores -------------------------------------------------------------------------------


def score(
    gold: list[list[tuple[str, int, int]]], found: list[Given], plain: frozenset[str], special: frozenset[str]
) -> tuple[collections.Counter[str], list[tuple[int, str, str, int, int]]]:
    """Counts (`wanted`, `hit`, `given`, `false`, and each with a type) and the errors.

    Detections of `plain` types (places, dates, links) count where they cover a mark and are not held
    against anybody elsewhere; `special` types (mentions of health, religion and so on) are left out.
    """
    from scanner.model import entity

    counts: collections.Counter[str] = collections.Counter()
    errors = []
    for i, (marks, given) in enumerate(zip(gold, found, strict=True)):
        mine = [g for g in given if g[0] not in special]
        used = set()
        for kind, start, end in marks:
            if kind in special:
                continue
            hit = False
            for j, (other, a, b) in enumerate(mine):
                if (
                    2 * (min(end, b) - max(start, a)) >= end - start
                    and entity(other).group == entity(kind).group
                ):
                    used.add(j)
                    hit = True
            counts.update({"wanted": 1, f"wanted {kind}": 1, "hit": hit, f"hit {kind}": hit})
            if not hit:
                errors.append((i, "missed", kind, start, end))
        for j, (kind, start, end) in enumerate(mine):
            if j not in used and kind in plain:
                continue
            counts.update(
                {"given": 1, f"given {kind}": 1, "false": j not in used, f"false {kind}": j not in used}
            )
            if j not in used:
                errors.append((i, "false", kind, start, end))
    return counts, errors


def prf(counts: collections.Counter[str], kind: str = "") -> tuple[float, float, float]:
    suffix = f" {kind}" if kind else ""
    given, wanted = counts["given" + suffix], counts["wanted" + suffix]
    precision = 1 - counts["false" + suffix] / given if given else 0.0
    recall = counts["hit" + suffix] / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _cell(counts: collections.Counter[str]) -> str:
    precision, recall, f1 = prf(counts)
    return f"{f1:.3f} ({precision:.2f}/{recall:.2f})"


def _in_prose(
    documents: list[Any], found: list[Given], kinds: frozenset[str]
) -> tuple[collections.Counter[str], list[tuple[int, str, str, int, int]]]:
    """Only these types; Presidio's NRP counts as a nationality."""
    named = [[("NATIONALITY" if d[0] == "NRP" else d[0], *d[1:]) for d in given] for given in found]
    given = [[d for d in one if d[0] in kinds] for one in named]
    gold = [[m for m in marks if m[0] in kinds] for _, _, marks in documents]
    return score(gold, given, frozenset(), frozenset())


def report(peers: pathlib.Path) -> str:
    import data
    from run import Bench, machine

    from scanner.common.mentions import LEXICONS

    bench, where, corpora = Bench(peers.resolve()), machine(), texts()
    special = frozenset((*LEXICONS, "NATIONALITY", "MARITAL_STATUS", "GENDER", "NRP"))
    scratch = HERE / ".texts.json"
    every = [text for documents in corpora.values() for _, text, _ in documents]
    tools = {
        "dpscan": (sys.executable, "ours", True, data.notes(4000, seed=7)),
        "dpscan, patterns only": (sys.executable, "ours", False, data.notes(8000, seed=7)),
        "presidio-analyzer, md": (bench.python("presidio"), "presidio", True, data.notes(150, seed=7)),
    }
    lines = [
        "| tool | " + " | ".join((*FILES, *_OF_PROSE)) + " | MB/s of CPU, case notes |",
        "|---|" + "--:|" * (len(FILES) + len(_OF_PROSE) + 1),
    ]
    details: list[str] = []
    for name, (python, tool, names, other) in tools.items():
        scratch.write_text(json.dumps([every, other]), "utf-8")
        got = ask(python, tool, names, scratch) if python else None
        scratch.unlink()
        if got is None:
            lines.append(f"| {name} |" + " |" * (len(FILES) + len(_OF_PROSE) + 1))
            continue
        cells, at, per_type, wrong = [], 0, collections.Counter[str](), []
        for kind, documents in corpora.items():
            found = [[tuple(d) for d in g] for g in got["found"][at : at + len(documents)]]
            at += len(documents)
            if kind == "prose":
                for column, kinds in _OF_PROSE.items():
                    counts, errors = _in_prose(documents, found, kinds)
                    cells.append(_cell(counts))
                    per_type.update(counts)
                    wrong += [(column, documents[i][1], *rest) for i, *rest in errors]
                continue
            plain = {"DATE_TIME", "URL", "ORGANIZATION"} | (
                set() if kind.startswith("general English") else {"LOCATION"}
            )
            if kind.startswith("general English"):
                found = [[d for d in g if d[0] in ("PERSON", "LOCATION", "ADDRESS")] for g in found]
            counts, errors = score([m for _, _, m in documents], found, frozenset(plain), special)
            cells.append(_cell(counts))
            per_type.update(counts)
            wrong += [(kind, documents[i][1], *rest) for i, *rest in errors]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {got['bytes'] / 1e6 / got['seconds']:.3g} |")
        if name == "dpscan":
            details = _details(per_type, wrong)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return "\n".join(
        [
            "# Free text",
            "",
            f"Measured by `python benchmarks/texts.py` on {today}: {where}. F1 (precision/recall) of partial matches on",
            "texts written for this project: development figures, for the recognisers were mended by their errors.",
            "Speed: generated case notes that no tool had read before (`benchmarks/data.py`), after a warm-up.",
            "",
            *lines,
            "",
            *details,
        ]
    )


def _details(counts: collections.Counter[str], wrong: list[Any]) -> list[str]:
    out = ["## dpscan by type", "", "| type | marked | precision | recall |", "|---|--:|--:|--:|"]
    kinds = sorted({key.split(" ", 1)[1] for key in counts if " " in key})
    for kind in kinds:
        precision, recall, _ = prf(counts, kind)
        shown = f"{precision:.2f}" if counts[f"given {kind}"] else ""
        out.append(f"| {kind} | {counts[f'wanted {kind}']} | {shown} | {recall:.2f} |" if counts[f"wanted {kind}"]
                   else f"| {kind} | 0 | {shown} | |")  # fmt: skip
    out += ["", "## What is still wrong", "", "Examples from the texts, all invented:", ""]
    step = max(1, len(wrong) // _EXAMPLES)
    for kind, text, what, entity_type, start, end in wrong[::step][:_EXAMPLES]:
        around = text[max(0, start - 30) : end + 20].replace("\n", " ").replace("|", "\\|")
        out.append(f"- {kind}: {what} {entity_type}: …{around}…")
    return [*out, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--peers", type=pathlib.Path, default=HERE / ".venv-peers", help="where peers are installed"
    )
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--no-names", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child, not args.no_names, args.path)
        return
    said = report(args.peers)
    (HERE / "TEXTS.md").write_text(said, "utf-8")
    print(said)


if __name__ == "__main__":
    main()
