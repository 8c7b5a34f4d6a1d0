"""What a configuration says of formats and of pictures reaches the readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.config import load
from scanner.contracts import FormatCap, Limits
from scanner.errors import ConfigError
from scanner.targets import build_targets


def _limits(tmp_path: Path, text: str, target: str = "") -> Limits:
    file = tmp_path / "dpscan.yaml"
    file.write_text(
        f"version: 1\ntargets:\n  - {{connector: files, name: a, path: .{target}}}\n{text}", "utf-8"
    )
    return build_targets(load(file), "1")["a"].access.limits


def test_caps_and_pictures(tmp_path: Path) -> None:
    limits = _limits(
        tmp_path,
        "limits: {formats: {pdf: {pages: 5, bytes: 1MB}}}\nocr: {pages: 20, dpi: 400, language: eng+deu}\n",
    )
    assert limits.formats == {"pdf": FormatCap(bytes=1_000_000, pages=5)}
    assert (limits.ocr_pages, limits.ocr_dpi, limits.ocr_language) == (20, 400, "eng+deu")


def test_a_targets_own_caps_replace_the_common_ones(tmp_path: Path) -> None:
    limits = _limits(
        tmp_path,
        "limits: {formats: {pdf: {pages: 5}}}\n",
        ", limits: {formats: {rtf: {chars: 9}}, archive_depth: 2}",
    )
    assert limits.formats == {"rtf": FormatCap(chars=9)}
    assert limits.archive_depth == 2


def test_defaults_are_one_and_the_same(tmp_path: Path) -> None:
    assert _limits(tmp_path, "") == Limits()
    assert (Limits().archive_depth, Limits().archive_members) == (10, 1_000_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limits: {formats: {pfd: {pages: 5}}}", "no format named 'pfd'; there are access, archive"),
        ("limits: {formats: {pdf: {pages: 0}}}", "limits.formats.pdf.pages"),
        ("limits: {formats: {pdf: {lines: 5}}}", "limits.formats.pdf.lines: is not a key"),
        ("ocr: {pages: -1}", "ocr.pages"),
        ("ocr: {dpi: 20}", "ocr.dpi"),
        ("ocr: {language: '../eng'}", "ocr.language"),
    ],
)
def test_mistakes_are_told_with_their_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"dpscan\.yaml:") as error:
        _limits(tmp_path, text)
    assert said in str(error.value)
