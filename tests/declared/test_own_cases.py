"""Every case that we wrote from the providers' documentation gets the verdicts that it should."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.declared.own_cases import FOLDER, Case, cases, verdicts


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.file}: {case.about}")
def test_verdicts(case: Case, tmp_path: Path) -> None:
    found = verdicts(case, tmp_path)
    wrong = [
        f"{address} {safeguard}: {found.get((address, safeguard), 'nothing said')}, expected {verdict}"
        for address, safeguard, verdict in case.expected
        if found.get((address, safeguard)) != verdict
    ]
    assert not wrong, "\n".join(wrong)


def test_the_first_run_is_on_record() -> None:
    """The figures of the run before any map was changed for these cases."""
    first = json.loads((FOLDER / "first-contact.json").read_text("utf-8"))
    sizes = Counter(case.file for case in cases())
    assert set(first) <= set(sizes)
    for figures in first.values():
        assert 0 < figures["caught"] <= figures["expected_fail"]
    assert sum(f["caught"] for f in first.values()) < sum(f["expected_fail"] for f in first.values())
