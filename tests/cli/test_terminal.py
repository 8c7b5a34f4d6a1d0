"""Names out of stores on the terminal: shown as they are, and doing nothing."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table

from scanner.cli.terminal import Terminal, printable, styled
from tests.department import dpscan

NASTY = ("[final]", "[/x]", "a :smile: b", "[red]x[/red]")


def shown(*what: object) -> str:
    out = io.StringIO()
    Terminal(file=out, width=200, force_terminal=True, color_system=None).print(*what)
    return out.getvalue()


@pytest.mark.parametrize("name", NASTY)
def test_names_are_no_markup(name: str) -> None:
    table = Table("Where")
    table.add_row(name)
    assert name in shown(name)
    assert name in shown(table)
    assert name in shown(styled((name, "bold"), " and ", name))


def test_names_do_not_move_the_cursor() -> None:
    name = "a\x1b[2Jb\x07c\u202edcba"
    table = Table("Where")
    table.add_row(name)
    for text in (shown(name), shown(table), shown(styled(name, (name, "red")))):
        assert "a�[2Jb�c�dcba" in text
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
    assert printable("two\nlines") == "two\nlines"


def test_install_lines_keep_their_brackets() -> None:
    """They were taken for markup, and the remedy told was one that changes nothing."""
    table = Table("What would lift it")
    table.add_row('pip install "dpscan[ocr]"')
    assert '"dpscan[ocr]"' in shown(table)


def test_a_scan_of_names_that_look_like_markup(tmp_path: Path) -> None:
    share = tmp_path / "odd[" / "x] :smile: [final]\x1b[2J"
    share.mkdir(parents=True)
    (share / "broken [draft].parquet").write_bytes(b"PAR1 damaged PAR1")
    (share / "letter.txt").write_text("NHS number 943 476 5919\n", encoding="utf-8")
    for words in (["scan", str(share), "--no-names"], ["doctor", str(share)], ["findings", "list"]):
        done = dpscan(*words, home=tmp_path / "home", cwd=tmp_path)
        assert done.returncode in (0, 1, 3), done
        assert "Traceback" not in done.stderr
        assert "\x1b[2J" not in done.stdout + done.stderr
        if words[0] == "scan":
            assert "[final]" in done.stdout
            assert "broken [draft].parquet" in done.stdout


def test_colour_only_on_terminals_and_never_with_no_color(tmp_path: Path) -> None:
    code = "from scanner.cli.terminal import Terminal; Terminal().print('x', style='red')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "x\n"


def test_an_empty_folder_is_not_told_to_have_been_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = dpscan("scan", tmp_path / "empty", "--no-names", home=tmp_path / "home", cwd=tmp_path)
    assert done.returncode == 3
    assert "could be read." not in done.stdout
    assert "there was nothing to read, or all of it was left out" in done.stdout
