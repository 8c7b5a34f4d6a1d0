"""Damaged code of every language: never a crash, never a hang, every gap says where."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from scanner.declared import pipeline
from scanner.model import GapReason
from tests.declared.own_cases import FILES, Case, cases

_INSERTED = (b"{", b"}", b"[", b"]", b'"', b"'", b"\n", b"${", b"%{", b"!Sub ", b"\t", b"\x00", b"\xff", b"<<EOF\n", b"/*",
             b": ", b"null", b"-1", b"[]", b"\xf0\x9f")  # fmt: skip


def _damaged(code: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(code))
    how = chance.randrange(4)
    if how == 0:
        return code[:at]
    if how == 1:
        return code[:at] + code[at + chance.randrange(1, 60) :]
    if how == 2:
        return code[:at] + chance.choice(_INSERTED) + code[at:]
    spoilt = bytearray(code)
    for _ in range(3):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.file}: {case.about}")
def test_damaged_code_is_told_and_nothing_else_happens(case: Case, tmp_path: Path) -> None:
    chance = random.Random(case.about)
    file = tmp_path / FILES[case.language]
    for _ in range(6):
        file.write_bytes(_damaged(case.code.encode(), chance))
        checked = pipeline.check(tmp_path)
        for gap in checked.gaps:
            assert gap.reason is not GapReason.FAULT
            if gap.reason is GapReason.CORRUPT:
                assert re.search(r"line \d|:\d+", gap.detail), gap.detail
        assert all(line.line >= 1 for line in checked.lines({}))
