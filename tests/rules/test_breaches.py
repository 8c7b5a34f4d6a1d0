"""The table of cases claims no rule that is not shipped, and the front page says the same as the documentation."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from scanner.ruleset import load_rules
from scanner.ruleset.catalogue import UNOBSERVABLE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "breaches.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHIPPED = {rule.id for rule in load_rules().rules}
CASES = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "**" in line]


def test_seventeen_cases_and_their_tally() -> None:
    assert len(CASES) == 17
    verdicts = Counter(re.match(r"\*\*(\w+)\*\*", row[-1])[1].lower() for row in CASES)  # type: ignore[index]
    assert (
        f"{verdicts['yes']} yes (2 of them only inside the supplier), {verdicts['partly']} partly, {verdicts['no']} no"
        in PAGE
    )
    table = README.partition("## Would it have been caught?")[2].partition("\n## ")[0]
    shown = Counter(line.split("|")[2].strip() for line in table.splitlines()[5:] if line.startswith("| "))
    assert {word: shown[word] for word in ("yes", "partly", "no")} == dict(verdicts)


def test_rules_named_are_shipped_or_said_not_to_be() -> None:
    for row in CASES:
        linked = set(re.findall(r"\[([A-Z]+-\d+)\]\(rules/\1\.md\)", row[-2]))
        assert linked <= SHIPPED, row[0]
        named = set(re.findall(r"[A-Z]+-\d+", row[-2]))
        for rule in named - linked:
            assert rule in UNOBSERVABLE and "not shipped" in row[-2], (row[0], rule)
        if row[-1].startswith("**Yes**"):
            assert linked, "a yes needs a rule"


def test_nothing_is_claimed_of_the_electoral_commission() -> None:
    (row,) = [row for row in CASES if "Electoral Commission" in row[0]]
    assert row[-1].startswith("**No**") and not re.search(r"[A-Z]+-\d+", row[-2])
