"""A format whose library is not installed is a gap with the line that installs it."""

from __future__ import annotations

import builtins
import sys

import pytest

from scanner.model import GapReason
from tests.extractors import samples
from tests.extractors.reading import read


@pytest.mark.parametrize(
    ("name", "module", "extra"), [("staff.sav", "pyreadstat", "statistics"), ("mail.pst", "pypff", "outlook")]
)
def test_told_with_its_install_line(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = samples.good(name)
    real = builtins.__import__

    def without(wanted: str, *more: object) -> object:
        if wanted == module:
            raise ImportError(wanted)
        return real(wanted, *more)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    (gap,) = read(data, name).gaps
    assert gap.reason is GapReason.MISSING_EXTRA
    assert gap.remedy == f'pip install "dpscan[{extra}]"'
    assert gap.remedy in gap.detail
