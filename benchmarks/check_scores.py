"""How right `dpscan check` is: writes docs/check-scores.md.

    python benchmarks/check_scores.py                    # our own cases
    python benchmarks/check_scores.py --cases FOLDER     # and labelled cases in a folder of their own

`FOLDER/cases.jsonl` holds one case a line: id, source, framework, dir, file, resource (or null), safeguard,
expected (fail or pass), contested (a list, where one may differ). A case is caught where a failing verdict has
its safeguard and its resource (file first, else its directory). The cases are read, never copied.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from scanner.declared import pipeline  # noqa: E402
from tests.declared import own_cases  # noqa: E402

PAGE = HERE.parent / "docs" / "check-scores.md"
WHY = HERE / "check_misses.yaml"
_PREFIXED = re.compile(r"(?:aws|azurerm|google)_")


@dataclasses.dataclass(frozen=True)
class Judged:
    """One case with what was said of it."""

    case: Mapping[str, Any]
    got: str
    """fail, unknown, pass or none."""
    reason: str

    @property
    def wrong(self) -> bool:
        return (self.case["expected"] == "fail") is not (self.got == "fail")


def _last(resource: str | None) -> str | None:
    if not resource:
        return None
    parts = re.sub(r"\[[^\]]*\]", "", resource).lower().split(".")
    typed = len(parts) > 1 and _PREFIXED.match(parts[-2])
    return ".".join(parts[-2:]) if typed else parts[-1]


def judged(folder: pathlib.Path) -> Iterator[Judged]:
    """Every case of the folder, with the verdict on it."""
    said: dict[tuple[str, str], list[tuple[str, str | None, str, str]]] = defaultdict(list)
    for line in pipeline.check(folder).lines({}):
        key = (line.file.rpartition("/")[0], line.safeguard)
        said[key].append((line.file, _last(line.resource), line.verdict, line.reason))
    for text in (folder / "cases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(text)
        places = {case["dir"], case["file"].rpartition("/")[0]}
        wanted = _last(case.get("resource"))
        hits = [one for place in places for one in said.get((place, case["safeguard"]), ())
                if wanted is None or one[1] in (None, wanted)]  # fmt: skip
        hits = [one for one in hits if one[0] == case["file"]] or hits
        verdicts = [one[2] for one in hits]
        got = next((word for word in ("fail", "unknown", "pass") if word in verdicts), "none")
        yield Judged(case, got, next((one[3] for one in hits if one[2] == got and one[3]), ""))


@dataclasses.dataclass
class Score:
    caught: int = 0
    missed: int = 0
    alarms: int = 0
    quiet: int = 0
    unknown: int = 0

    def add(self, expected: str, got: str) -> None:
        if expected == "fail":
            self.caught, self.missed = self.caught + (got == "fail"), self.missed + (got != "fail")
        else:
            self.alarms, self.quiet = self.alarms + (got == "fail"), self.quiet + (got != "fail")
        self.unknown += got == "unknown"

    @property
    def cells(self) -> str:
        fails, passes = self.caught + self.missed, self.alarms + self.quiet
        return (
            f"{_share(self.caught, fails, 3)} ({self.caught}/{fails}) | {_percent(self.alarms, passes)} "
            f"({self.alarms}/{passes}) | {_percent(self.unknown, fails + passes)}"
        )


def _share(part: int, whole: int, places: int) -> str:
    return f"{part / whole:.{places}f}" if whole else "–"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _scores(found: Iterable[Judged], key: Any) -> dict[Any, Score]:
    out: dict[Any, Score] = defaultdict(Score)
    for one in found:
        out[key(one)].add(one.case["expected"], one.got)
    return dict(sorted(out.items()))


_HEAD = "| {} | failures caught | false alarms | unknown |\n|---|--:|--:|--:|"


def _given(folder: pathlib.Path) -> Iterator[str]:
    found = list(judged(folder))
    sure = [one for one in found if not one.case.get("contested")]
    sources = Counter(one.case["source"] for one in found)
    yield "## Cases that other tools' authors labelled\n"
    named = " and ".join(f"{n} of {name}" for name, n in sorted(sources.items()))
    yield f"{len(found)} cases ({named}), each judged in its own directory; {len(found) - len(sure)} are contested.\n"
    yield "### By language\n"
    yield _HEAD.format("language, without contested cases")
    for name, score in _scores(sure, lambda one: one.case["framework"]).items():
        yield f"| {name} | {score.cells} |"
    total = _scores(sure, lambda _: "all")["all"]
    yield f"| **all** | {total.cells} |"
    yield f"| all, contested too | {_scores(found, lambda _: 'all')['all'].cells} |\n"
    yield "### By safeguard\n"
    languages = sorted({one.case["framework"] for one in found})
    yield "Failures caught / expected, and false alarms where there are any (as `+n`); contested cases included.\n"
    yield "| safeguard | " + " | ".join(languages) + " |\n|---|" + "--:|" * len(languages)
    table = _scores(found, lambda one: (one.case["safeguard"], one.case["framework"]))
    for safeguard in sorted({name for name, _ in table}):
        cells = []
        for language in languages:
            score = table.get((safeguard, language))
            alarms = f" +{score.alarms}" if score is not None and score.alarms else ""
            cells.append("" if score is None else f"{score.caught}/{score.caught + score.missed}{alarms}")
        yield f"| {safeguard} | " + " | ".join(cells) + " |"
    yield ""
    yield from _misses([one for one in found if one.wrong])


def _misses(wrong: list[Judged]) -> Iterator[str]:
    why: Mapping[str, str] = yaml.safe_load(WHY.read_text("utf-8"))
    yield "### Every difference, explained\n"
    yield "| language | safeguard | resource | expected | said | why |\n|---|---|---|---|---|---|"
    untold = 0
    for one in sorted(wrong, key=lambda w: (w.case["framework"], w.case["safeguard"], w.case["id"])):
        case = one.case
        keys = (
            case["id"],
            f"{case['source_check']} {case['expected']}",
            case["source_check"],
            case["framework"],
        )
        sentence = next((why[key] for key in keys if key in why), "")
        untold += not sentence
        sentence = sentence or (f"dpscan says: {one.reason}." if one.reason else "not looked into yet.")
        resource = str(case.get("resource") or "(the file)").replace("|", "\\|")
        contested = " (contested)" if case.get("contested") else ""
        yield (
            f"| {case['framework']} | {case['safeguard']} | `{resource}` | {case['expected']}{contested} | "
            f"{'nothing' if one.got == 'none' else one.got} | {sentence} |"
        )
    yield f"\n{len(wrong)} differences, {untold} without a sentence of their own.\n"


def _own() -> Iterator[str]:
    first: Mapping[str, Mapping[str, int]] = json.loads(
        (own_cases.FOLDER / "first-contact.json").read_text("utf-8")
    )
    now: dict[str, Score] = defaultdict(Score)
    for case in own_cases.cases():
        with tempfile.TemporaryDirectory() as place:
            found = own_cases.verdicts(case, pathlib.Path(place))
        for address, safeguard, verdict in case.expected:
            if verdict != "unknown":
                now[case.file].add(verdict, found.get((address, safeguard), "none"))
    yield "## Our own cases\n"
    yield (
        "Written from the providers' and the languages' documentation, family by family, before anything was changed for\n"
        "them. *First run* is what was measured then: the honest figure for code that nobody has tuned for. The holes it\n"
        "showed have been filled since, so that *now* says only that they stay filled. An expectation that two readers\n"
        "could judge differently was corrected or left out afterwards.\n"
    )
    yield "| file | failures caught, first run | false alarms, first run | failures caught, now | false alarms, now |"
    yield "|---|--:|--:|--:|--:|"
    for name, score in sorted(now.items()):
        old = first.get(name, {})
        before = (
            f"{_share(old['caught'], old['expected_fail'], 3)} ({old['caught']}/{old['expected_fail']}) | "
            f"{_percent(old['false_alarms'], old['expected_pass'])}"
            if old
            else "– | –"
        )
        fails, passes = score.caught + score.missed, score.alarms + score.quiet
        yield (
            f"| {name} | {before} | {_share(score.caught, fails, 3)} ({score.caught}/{fails}) | "
            f"{_percent(score.alarms, passes)} |"
        )
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=pathlib.Path, help="folder with cases.jsonl and the code it names")
    given = parser.parse_args()
    lines = [
        "# How right `dpscan check` is\n",
        "Written by `python benchmarks/check_scores.py --cases FOLDER`; the command says what a case is and when it counts as\n"
        "caught. *Unknown* is the share of cases answered with `unknown` (a variable without default, a module that is not\n"
        "here, a reference to nothing): an honest answer, counted as not caught where a failure was expected.\n",
        *(_given(given.cases) if given.cases else ()),
        *_own(),
    ]
    PAGE.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
