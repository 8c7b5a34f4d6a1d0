"""The command as its user runs it: exit codes, what is printed and written, trouble."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml as encrypting
import pikepdf
import pytest

from scanner.cli import main
from tests.release import documents, pages, workbooks
from tests.release.harmless import author_metadata


def run(*arguments: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scanner", "release", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=folder, env={**os.environ, "COLUMNS": "160", "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A mixed pack: a leak, a warning, a clean page, and what cannot be read."""
    made = tmp_path_factory.mktemp("pack")
    leak = workbooks.names_only()
    (made / "leak.xlsx").write_bytes(leak)
    (made / "author.xlsx").write_bytes(author_metadata())
    (made / "clean.pdf").write_bytes(pages.one())
    (made / "~$leak.xlsx").write_bytes(b"lock")
    odd = made / "odd"
    odd.mkdir()
    out = io.BytesIO()
    encrypting.OOXMLFile(io.BytesIO(leak)).encrypt("secret", out)
    (odd / "locked.xlsx").write_bytes(out.getvalue())
    locked = io.BytesIO()
    pages.document(pages.TITLE).save(locked, encryption=pikepdf.Encryption(user="a", owner="b"))
    (odd / "locked.pdf").write_bytes(locked.getvalue())
    (odd / "cut.xlsx").write_bytes(leak[: len(leak) // 2])
    (odd / "cut.pdf").write_bytes(pages.one()[:300])
    (odd / "noise.docx").write_bytes(bytes(range(256)) * 40)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            target.writestr(name, zipfile.ZipFile(io.BytesIO(leak)).read(name))
        target.writestr("xl/worksheets/sheet1.xml", b"<a>" + b"0" * 80_000_000)
    (odd / "bomb.xlsx").write_bytes(bomb.getvalue())
    return made


def test_a_folder_is_told_on_the_terminal_as_a_page_and_as_json(folder, tmp_path):
    page = tmp_path / "verdict.html"
    done = run(folder, "--html", page, "--format", "json")
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    decisions = {file["name"]: file["decision"] for file in said["files"]}
    assert decisions == {
        "leak.xlsx": "fail", "author.xlsx": "warn", "clean.pdf": "pass", "locked.xlsx": "not checked", "locked.pdf": "not checked",
        "cut.xlsx": "not checked", "cut.pdf": "not checked", "noise.docx": "not checked", "bomb.xlsx": "not checked",
    }  # fmt: skip
    assert said["left_out"] == 1
    assert (said["decision"], said["exit_code"], said["audience"]) == ("fail", 1, "public")
    text = page.read_text("utf-8")
    assert "Do not release" in text
    assert "sheet “Notes” (very hidden), columns A–B, rows 2–9" in text
    assert "http://" not in text and "https://" not in text and "<script" not in text
    for value in ("Okonkwo", "Whitfield"):
        assert value not in text + done.stdout


def test_exit_codes(folder):
    assert run(folder / "clean.pdf").returncode == 0
    assert run(folder / "odd" / "locked.pdf").returncode == 3
    warned = run(folder / "author.xlsx")
    assert (warned.returncode, "LOOK BEFORE YOU RELEASE" in warned.stdout) == (0, True)
    allowed = run(folder / "leak.xlsx", "--allow", "very hidden sheet:agreed with the owner")
    assert (allowed.returncode, "agreed with the owner" in allowed.stdout) == (0, True)


@pytest.mark.parametrize(
    "usage",
    [
        [],
        ["nowhere.xlsx"],
        ["clean.pdf", "--allow", "NOTHING:because"],
        ["clean.pdf", "--allow", "UK_NINO:"],
        ["clean.pdf", "--audience", "all"],
        ["clean.pdf", "--fix", "leak.xlsx"],
        ["clean.pdf", "--fix", "author.xlsx"],
        ["clean.pdf", "--once"],
        ["clean.pdf", "--watch", "odd"],
        ["--watch", "nowhere"],
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(usage, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["dpscan", "release", *usage])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert capsys.readouterr().err.strip()


def test_a_clean_copy_is_written_once_and_checked_again(folder, tmp_path):
    before = (folder / "leak.xlsx").read_bytes()
    out = tmp_path / "clean.xlsx"
    done = run(folder / "leak.xlsx", "--fix", out)
    assert done.returncode == 0, done.stdout
    assert "removed: very hidden sheet" in done.stdout
    assert "checked again: nothing found" in done.stdout
    assert (folder / "leak.xlsx").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clean.xlsx"]
    again = run(folder / "leak.xlsx", "--fix", out)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


def test_what_cannot_be_cleaned_is_said(folder, tmp_path):
    locked = run(folder / "odd" / "locked.xlsx", "--fix", tmp_path / "out.xlsx")
    assert (locked.returncode, "without one first" in locked.stdout) == (3, True)
    visible = documents.plain()
    visible.add_paragraph("National Insurance number: QQ 12 34 56 C")
    (tmp_path / "visible.docx").write_bytes(documents.saved(visible))
    done = run(tmp_path / "visible.docx", "--fix", tmp_path / "copy.docx")
    assert done.returncode == 1, "what a reader sees is not removed by itself"
    (tmp_path / "note.txt").write_text("Minutes of the meeting.")
    assert run(tmp_path / "note.txt", "--fix", tmp_path / "copy.txt").returncode == 3


def test_files_inside_files_are_named_by_their_path(tmp_path):
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as pack:
        pack.writestr("answers/response.xlsx", workbooks.names_only())
    done = run("pack.zip", folder=tmp_path)
    assert done.returncode == 1
    assert "answers/response.xlsx › sheet “Notes” (very hidden)" in done.stdout


def test_a_folder_without_files_is_nothing_checked(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 3
    assert "NOT CHECKED" in done.stdout
    assert "no file to check" in done.stdout
